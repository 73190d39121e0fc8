"""Exports of Qualtrics: CSV, XLSX and TSV with two or three header rows.

Belongs here: which column is which question, row or option. Does not belong here: what a cell means, and how the header
of a column is taken apart (``qualtrics_header``).

The third header row holds one JSON object for each column, ``{"ImportId":"QID5","choiceId":"3"}``; it tells questions
apart whatever the team called them in the first row (ropensci/qualtRics, tests/testthat/files). Legacy exports lack it,
and have V1, V2, ... with their names in the second row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.survey.cells import Cells, TableProblems
from ingest.survey.export import Convention, Export, SourceColumn
from ingest.survey.state import State
from ingest.survey.tools.evidence import first_answers, holds_only, is_ranking
from ingest.survey.tools.heading import common_stem, labels_of_ticks, table_with
from ingest.survey.tools.qualtrics_header import CHOICE_ID, SELECTED, Head, heads_of
from ingest.tables.grid import column_letters

TOOL = "Qualtrics"
# What "seen but unanswered" is recoded to unless somebody chose another number.
UNANSWERED = "-99"
# Qualtrics support, "Understanding your data set": response types. 9 and 17 are previews marked as spam or offline.
EXCLUDED = {
    **dict.fromkeys(("1", "9", "17", "Survey Preview", "Survey Preview (Spam)", "Offline Survey Preview"), "preview"),
    **dict.fromkeys(("2", "Survey Test"), "test"),
}
TEXT_MARK = re.compile(r"\s?-\s?Text$")


def read(path: Path, tables: tuple[Cells, ...]) -> Export:
    """An export of Qualtrics.

    Raises:
        SourceError: no table of the file is one.
    """
    table = table_with(tables, TOOL)
    n_rows, heads = heads_of(table.head)
    unsure = _unsure(heads)
    seen = first_answers(table.after(n_rows), [head.place for each in unsure for head in each])
    has_choice_ids = any(CHOICE_ID in cell for cell in table.head[n_rows - 1])
    found = [(each, _part(each, seen, has_choice_ids=has_choice_ids)) for each in unsure]
    parts = {head.place: part for each, part in found for head in each}
    columns = _columns(heads, parts)
    is_split = any(column.part == "tick" for column in columns)
    zone = next((head.zone for head in heads if head.zone), "")
    options = {"header_rows": str(n_rows), "multiple": "split" if is_split else "joined", **table.options}
    return Export(
        tool=TOOL,
        form=f"{n_rows} header rows, multiple choice {'split' if is_split else 'joined'}",
        columns=columns,
        batches=table.after(n_rows),
        convention=_convention(columns),
        limits=("empty_is_unanswered", "none_ticked"),
        options=options | ({"timezone": zone} if zone else {}),
        sheet=table.sheet,
        problems=TableProblems((table,)),
    )  # fmt: skip


def _convention(columns: Sequence[SourceColumn]) -> Convention:
    has_finished = any(column.role == "finished" for column in columns)
    return Convention(
        ticked=("1", *labels_of_ticks(columns)),
        unticked=("0",),
        separators=(",",),
        empty={UNANSWERED: State.NOT_ANSWERED},
        finished_by="finished" if has_finished else "",
        finished_texts=("1", "True"),
        excluded=EXCLUDED,
        clock=("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"),
    )


def _unsure(heads: Sequence[Head]) -> list[list[Head]]:
    """Questions with numbered columns of which the header does not say whether they are options or rows."""
    groups: dict[str, list[Head]] = defaultdict(list)
    for head in heads:
        if head.role == "answer" and len(head.subs) == 1 and not head.is_text:
            groups[head.question].append(head)
    return [each for each in groups.values() if not any(head.is_option for head in each)]


def _part(group: Sequence[Head], seen: Mapping[int, Sequence[str]], *, has_choice_ids: bool) -> str:
    """tick, rank or value, by what stands in the columns of one question.

    The column of an option never holds anything but 1, the option's number or its label. ``has_choice_ids``: the file
    marks its options in the header, so this is none.
    """
    answers = [["" if text in {UNANSWERED, "0"} else text for text in seen[head.place]] for head in group]
    own = [{"1", head.subs[0], head.label} for head in group]
    is_own = all(holds_only(texts, each) for texts, each in zip(answers, own, strict=True))
    if is_own and not has_choice_ids and any(any(texts) for texts in answers):
        return "tick"
    return "rank" if is_ranking(answers) else "value"


def _columns(heads: Sequence[Head], parts: Mapping[int, str]) -> tuple[SourceColumn, ...]:
    groups: dict[str, list[Head]] = defaultdict(list)
    for head in heads:
        if head.role == "answer":
            groups[head.question].append(head)
    names = _names(groups)
    texts = {question: _question_text(group) for question, group in groups.items()}
    found = []
    for head in heads:
        column = SourceColumn(head.place, head.header, column_letters(head.place + 1), head.role, text=head.text)
        if head.role == "answer":
            group = groups[head.question]
            column = _answer(head, group, replace(column, name=names[head.question]), texts[head.question])
            column = replace(column, part=parts.get(head.place, column.part))
        found.append(column)
    return tuple(found)


def _answer(head: Head, group: Sequence[Head], column: SourceColumn, text: str) -> SourceColumn:
    """What one column of a question holds, as far as its header says."""
    label = head.text.removeprefix(text).strip(" -") if head.subs or head.is_text else ""
    label = label.removeprefix(SELECTED).removeprefix(" - ").strip()
    sub = head.subs[0] if head.subs else ""
    if head.is_text and (head.subs or len(group) > 1):
        return replace(column, part="other", text=text, sub_name=sub, sub_text=TEXT_MARK.sub("", label))
    if len(head.subs) == 2:
        # A matrix with several ticks in a row: the row is the question, the scale its options.
        row, _, scale = head.text.rpartition(" - ")
        return replace(
            column, part="tick", name=f"{column.name}_{sub}", text=row, sub_name=head.subs[1], sub_text=scale
        )
    part = "tick" if head.is_option else "value"
    return replace(column, part=part, text=text, sub_name=sub, sub_text=label)


def _names(groups: Mapping[str, Sequence[Head]]) -> Mapping[str, str]:
    """A name for each question: that which its columns carry in the first row, its QID where they do not agree."""
    names = {}
    for question, group in groups.items():
        stems = sorted({head.stem for head in group})
        names[question] = stems[0] if len(stems) == 1 else common_stem(stems, "_") or question
    taken = list(names.values())
    return {question: name if name and taken.count(name) == 1 else question for question, name in names.items()}


def _question_text(group: Sequence[Head]) -> str:
    """The text of a question without the option or row that stands behind it in the header."""
    if len(group) == 1 and not group[0].subs:
        return group[0].text.removesuffix(f" - {SELECTED}")
    if whole := next((head.text for head in group if not head.subs and not head.is_text), ""):
        return whole.removesuffix(f" - {SELECTED}")
    if marked := next((head.text for head in group if f" - {SELECTED}" in head.text), ""):
        return marked.partition(f" - {SELECTED}")[0]
    texts = [head.text for head in group]
    return common_stem(texts, " - ") or common_stem(texts, "-") or texts[0]
