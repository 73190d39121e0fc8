"""Answers that hardly anybody gave, in a codebook that is guessed from the answers themselves.

Belongs here: the one option that stands for all of them. Does not belong here: guessing the codebook (``inference``),
counts that are too small to be shown (``analytics``).

Labels of options are published, also of a survey whose answers are not. Where nobody wrote the code list, a label is
what somebody typed; one that few typed tells of them. In a codebook that somebody wrote every label is a question.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.survey.codebook import Option
from ingest.tables.cell_text import fold

# As the rule "threshold" of disclosure control, where the card of a wave names no other.
LEAST_GIVEN = 5
CODE = "other_answers"
WORDS = {"en": "other answers, each given by fewer than {n}", "ja": "その他の回答（いずれも{n}件未満）"}


def common_and_rare(counts: Mapping[str, int], least: int) -> tuple[list[str], list[str]]:
    """The texts that were given at least so often, and the others, both in their order; case does not count."""
    given: dict[str, int] = {}
    for text, n in counts.items():
        given[fold(text)] = given.get(fold(text), 0) + n
    rare = [text for text in counts if given[fold(text)] < least]
    return [text for text in counts if given[fold(text)] >= least], rare


def rare_option(texts: list[str], least: int, language: str, taken: frozenset[str]) -> Option:
    """The option that all of these texts are read as. ``taken``: codes of the other options."""
    code = CODE
    while code in taken:
        code += "_"
    label = WORDS.get(language, WORDS["en"]).format(n=least)
    return Option(code, {language: label}, aliases=tuple(texts))
