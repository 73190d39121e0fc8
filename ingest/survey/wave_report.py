"""What there is to say of an export that was read: columns and rules that were lost, answers that cannot be read.

Belongs here: the sentences on columns, routing and cells. Does not belong here: those on whole responses
(``response_report``), and finding anything (``binding``, ``routing``, ``decoding``).
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.survey.binding import Binding
from ingest.survey.codebook import WITH_OPTIONS, Codebook
from ingest.survey.codebook_check import labels_that_are_codes
from ingest.survey.free_text import REDACTED
from ingest.survey.routing import questions_of
from ingest.survey.wide_table import WideTable

TEXTS_SHOWN = 5


def binding_problems(binding: Binding, codebook: Codebook, taken: frozenset[int], file: str) -> Iterator[Problem]:
    """Columns without a question (those at the places in ``taken`` are none), rules and codes that cannot be used."""
    yield from _unmatched(binding, codebook, taken, file)
    yield from _unread_routing(codebook, file)
    yield from labels_that_are_codes(binding, file)


def table_problems(table: WideTable, codebook: Codebook, where: Place, *, is_quoting: bool) -> Iterator[Problem]:
    """Answers that cannot be read, whose texts are shown if ``is_quoting``, and those against the routing."""
    by_code = codebook.by_code
    for code, unread in table.tally.unread.items():
        if unread.count:
            kind = by_code[code].kind
            texts = [text if is_quoting else REDACTED for text, _ in unread.texts.most_common(TEXTS_SHOWN)]
            name = "survey_answers_unreadable" if kind in WITH_OPTIONS else "survey_values_unreadable"
            yield problem(name, where, question=code, count=unread.count, texts=texts, kind=kind)
    for code, count in table.tally.against_routing.items():
        yield problem("survey_against_routing", where, question=code, count=count, rule=by_code[code].relevant)


def _unmatched(binding: Binding, codebook: Codebook, taken: frozenset[int], file: str) -> Iterator[Problem]:
    known = [question.code for question in codebook.questions]
    for column in binding.unmatched:
        if column.place not in taken and column.part != "other":
            yield problem(
                "survey_column_unmatched", Place(file), header=column.header or column.sub_text,
                letters=column.letters or str(column.place + 1), known=known,
            )  # fmt: skip


def _unread_routing(codebook: Codebook, file: str) -> Iterator[Problem]:
    for code, part in questions_of(codebook.questions).items():
        rule = codebook.by_code[code].relevant
        yield problem("survey_routing_unread", Place(file), question=code, rule=rule, part=part)
