"""The option "other" and the text beside it, in codebooks that do not say which they are.

Belongs here: telling them by the words of the option and the name of the question. Does not belong here: codebooks
that say it themselves (``codebook_xlsform``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from ingest.survey.codebook import TEXT, Option, Question
from ingest.tables.cell_text import fold
from ingest.values.tables import read_table_beside

SUFFIX = "_other"


def marked(option: Option) -> Option:
    """The option, marked where its code or a label is a word for "other" (``other_word.csv``), brackets aside."""
    texts = {fold(text) for text in (option.code, *option.labels.values())}
    is_other = any(text in _words() or text.partition("(")[0] in _words() for text in texts)
    return replace(option, is_other=True) if is_other else option


@cache
def _words() -> frozenset[str]:
    return frozenset(fold(row["word"]) for row in read_table_beside(__file__, "other_word"))


def with_other_texts(questions: Sequence[Question]) -> list[Question]:
    """Questions named ``<question>_other``, where that question has the option, become the texts of it."""
    has_other = {each.code for each in questions if any(option.is_other for option in each.options)}
    found = []
    for each in questions:
        of = each.code.removesuffix(SUFFIX)
        is_text = of != each.code and of in has_other and not each.other_of
        found.append(replace(each, kind=TEXT, options=(), other_of=of) if is_text else each)
    return found
