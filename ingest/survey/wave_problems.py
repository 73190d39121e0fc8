"""What there is to say of a wave beside its rows: columns, routing and codes that do not fit, answers not read.

Belongs here: the sentences. Does not belong here: finding answers (``batch``) and disagreements that stop a survey
(``codebook_check``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.survey.binding import Binding
from ingest.survey.codebook import WITH_OPTIONS, Codebook
from ingest.survey.free_text import REDACTED
from ingest.survey.routing import questions_of
from ingest.survey.wide_table import WideTable

TEXTS_SHOWN = 5


def unmatched_columns(binding: Binding, codebook: Codebook, taken: frozenset[int], path: Path) -> Iterator[Problem]:
    """Columns that belong to no question and to no design."""
    known = [question.code for question in codebook.questions]
    for column in binding.unmatched:
        if column.place not in taken and column.part != "other":
            yield problem(
                "survey_column_unmatched", Place(path.name), header=column.header or column.sub_text,
                letters=column.letters or str(column.place + 1), known=known,
            )  # fmt: skip


def unread_routing(codebook: Codebook, path: Path) -> Iterator[Problem]:
    """Conditions that are none of those that are evaluated."""
    for code, part in questions_of(codebook.questions).items():
        rule = codebook.by_code[code].relevant
        yield problem("survey_routing_unread", Place(path.name), question=code, rule=rule, part=part)


def table_problems(table: WideTable, codebook: Codebook, where: Place, *, is_quoting: bool) -> Iterator[Problem]:
    """Answers that cannot be read, or that the routing passes by; ``is_quoting``: with the first texts."""
    by_code = codebook.by_code
    for code, unread in table.tally.unread.items():
        if unread.count:
            kind = by_code[code].kind
            texts = [text if is_quoting else REDACTED for text, _ in unread.texts.most_common(TEXTS_SHOWN)]
            name = "survey_answers_unreadable" if kind in WITH_OPTIONS else "survey_values_unreadable"
            yield problem(name, where, question=code, count=unread.count, texts=texts, kind=kind)
    for code, count in table.tally.against_routing.items():
        yield problem("survey_against_routing", where, question=code, count=count, rule=by_code[code].relevant)
