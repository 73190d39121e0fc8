"""What each response of a batch answered: how many questions, and whether all rows of a matrix alike.

Belongs here: counting over the numbers of a batch. Does not belong here: making them (``batch``), judging responses
(``responses``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ingest.survey.decoding import NOT_SHOWN, UNREADABLE
from ingest.survey.routed import stacked
from ingest.survey.wide_table import WideTable

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]


def counted_answers(table: WideTable, found: Mapping[str, list[Numbers]], n: int) -> tuple[Numbers, Numbers]:
    """How many questions each of ``n`` responses was to answer, and did; ``found``: question to its numbers."""
    import numpy as np

    applicable, answered = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
    for bound in table.bound:
        if bound.question.other_of:
            continue
        states = found[bound.question.code]
        together = states[0] if len(states) == 1 else stacked(states).max(axis=0)
        applicable += together != NOT_SHOWN
        answered += (together >= 0) | (together <= UNREADABLE)
    return applicable, answered


def straight_lined(table: WideTable, found: Mapping[str, list[Numbers]], n: int) -> Numbers:
    """Whether a response has the same answer in every row of a matrix that is long enough."""
    import numpy as np

    flags = np.zeros(n, dtype=bool)
    for rows in table.matrices:
        together = stacked([found[code][0] for code in rows])
        flags |= (together[0] > 0) & (together == together[0]).all(axis=0)
    return flags
