"""A question as the engine sees it: an expression for the answer and one for why there is none.

Belongs here: SQL expressions over the columns of one relation. Does not belong here: reading a codebook
(``responses``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = ("choice", "number", "multiple", "ranking", "text", "date")


@dataclass(frozen=True)
class Question:
    """``value``: SQL of the answer (a category or a number), null where there is none. ``state``: SQL of the state
    (``answered`` where there is a value, else ``not_answered``, ``not_shown``, ...). ``categories``: label of each
    value of the answer in the order of the questionnaire; empty for numbers and for tables without a codebook, whose
    categories are the values that occur.

    Of a multiple choice or a ranking each option is a part: ``parts`` maps the option's code to its own question, whose
    value is 1 or 0 for ticks, and the rank or null for ranks.
    """

    code: str
    kind: str
    value: str
    state: str
    text: str = ""
    categories: Mapping[object, str] = field(default_factory=dict)
    parts: Mapping[str, Question] = field(default_factory=dict)
