"""Columns of a table that no survey tool wrote, by the codebook and by what stands in them.

Belongs here: headers that are codes or labels of questions, and those that join a question and an option (``q/option``,
``q_option``). Does not belong here: opening a file (``plain``, ``wide_parquet``), matching what is left (``binding``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.survey.binding import plain
from ingest.survey.choices import Choices
from ingest.survey.codebook import MULTIPLE, RANK, WITH_OPTIONS, Codebook, Question
from ingest.survey.export import SourceColumn
from ingest.survey.tools.header_role import role_of
from ingest.tables.cell_text import fold, one_line
from ingest.tables.grid import column_letters

# What may stand between a question and its option, the surest first.
BETWEEN = re.compile(r"/|___|__|\s[-–—|:]\s|:\s|\[|\.|_")
TICKS = {"0", "1", "", "true", "false", "1.0", "0.0"}
TICKED = ("1", "1.0", "true", "yes", "y", "x", "はい", "○", "〇", "✓", "✔", "checked", "selected")
UNTICKED = ("0", "0.0", "false", "no", "n", "いいえ", "unchecked", "not selected")
SEPARATORS = (";", "|", "\n", ",", "、", " ")


@dataclass(frozen=True)
class _Known:
    """The questions of a codebook by code and by label; a label of two questions names neither."""

    codes: Mapping[str, Question]
    labels: Mapping[str, Question]

    @classmethod
    def of(cls, codebook: Codebook | None) -> _Known:
        questions = codebook.questions if codebook else ()
        labels: dict[str, list[Question]] = {}
        for each in questions:
            for text in {plain(label) for label in (*each.labels.values(), *each.aliases)} - {""}:
                labels.setdefault(text, []).append(each)
        only = {text: found[0] for text, found in labels.items() if len(found) == 1}
        return cls({fold(each.code): each for each in reversed(questions)}, only)

    def question(self, text: str) -> Question | None:
        return self.codes.get(fold(text)) or self.labels.get(plain(text))


def plain_columns(
    headers: Sequence[str], codebook: Codebook | None, first: Mapping[int, Sequence[str]]
) -> tuple[SourceColumn, ...]:
    """What each column is. ``first``: the first texts of each, by place.

    A header of the codebook is an answer, whatever it is called; one that joins a question of the codebook and an
    option is a tick, also where the codebook lacks the option, so that it can be told. Without a codebook ``q/a`` and
    ``q/b`` are ticks where nothing else stands in them. The rest is told by name: times, ids, personal data.
    """
    known = _Known.of(codebook)
    columns = []
    for place, header in enumerate(headers):
        column = SourceColumn(place, header, column_letters(place + 1), name=header.strip(), text=one_line(header))
        columns.append(_column(column, known))
    if codebook is None:
        columns = list(_with_ticks(columns, first))
    return tuple(columns)


def _column(column: SourceColumn, known: _Known) -> SourceColumn:
    header = column.header.strip()
    # The header of a form's export may have the groups in front.
    for text in (header, header.rpartition("/")[2]):
        if found := known.codes.get(fold(text)):
            return replace(column, name=found.code)
    if (found := known.labels.get(plain(header))) is not None:
        return replace(column, name=found.code)
    return _of_option(column, known) or replace(column, role=role_of(header))


def _of_option(column: SourceColumn, known: _Known) -> SourceColumn | None:
    """The column as that of an option; first where both halves are known, then where the question alone is."""
    unknown: SourceColumn | None = None
    for left, right in _halves(column.header.strip()):
        question = known.question(left) or known.question(left.rpartition("/")[2])
        if question is None or question.kind not in WITH_OPTIONS or not right:
            continue
        part = "rank" if question.kind == RANK else "tick"
        found = replace(column, part=part, name=question.code, text="", sub_name=right, sub_text=right)
        if number := Choices(question).number(right):
            return replace(found, sub_name=question.options[number - 1].code)
        if question.kind in {MULTIPLE, RANK}:
            unknown = unknown or found
    return unknown


def _halves(header: str) -> Iterator[tuple[str, str]]:
    for cut in BETWEEN.finditer(header):
        right = header[cut.end() :].strip()
        yield header[: cut.start()].strip(), right.removesuffix("]") if cut[0] == "[" else right


def _with_ticks(columns: Sequence[SourceColumn], first: Mapping[int, Sequence[str]]) -> Iterator[SourceColumn]:
    """Without a codebook: columns ``q/a`` and ``q/b``, or ``q__a`` and ``q__b``, with nothing but ticks in them."""
    stems: dict[str, list[int]] = {}
    for column in columns:
        stem, _ = _cut(column.header)
        if stem and {text.strip().casefold() for text in first.get(column.place, ())} <= TICKS:
            stems.setdefault(stem, []).append(column.place)
    for column in columns:
        stem, option = _cut(column.header)
        if column.place in stems.get(stem, ()) and len(stems[stem]) > 1:
            yield replace(column, role="answer", part="tick", name=stem, text=stem, sub_name=option, sub_text=option)
        else:
            yield column


def _cut(header: str) -> tuple[str, str]:
    """The halves of a header at a sign that hardly stands in names for another reason; two empty texts without one."""
    for sign in ("/", "___", "__"):
        stem, found, option = header.rpartition(sign)
        if found and stem and option:
            return stem, option
    return "", ""


def separators_of(
    columns: Sequence[SourceColumn], codebook: Codebook | None, first: Mapping[int, Sequence[str]]
) -> tuple[str, ...]:
    """The signs that join lists in the columns of multiple choices: those by which the most cells are known throughout.

    A semicolon where nothing can tell.
    """
    found: list[str] = []
    for column in columns:
        question = codebook.by_code.get(column.name) if codebook else None
        if question is None or question.kind not in {MULTIPLE, RANK} or column.part != "value":
            continue
        choices = Choices(question)
        texts = {text for text in first.get(column.place, ()) if text.strip() and not choices.number(text)}
        known = {each: sum(not choices.listed(text, (each,)).rest for text in texts) for each in SEPARATORS}
        best = max(known, key=lambda each: known[each])
        found += [best] if known[best] else []
    return tuple(dict.fromkeys(found)) or (";",)


def is_unticked_written(columns: Sequence[SourceColumn], first: Mapping[int, Sequence[str]]) -> bool:
    """Whether the ticks have a mark for what was not ticked too."""
    ticks = [first.get(column.place, ()) for column in columns if column.part == "tick"]
    return any(text.strip().casefold() in UNTICKED for texts in ticks for text in texts)
