"""Exports of SurveyMonkey: two header rows, answers expanded to one column for each option or condensed.

Belongs here: which column is which question, row or option. Does not belong here: what a cell means.

The first row has the text of a question over the first of its columns only and nothing over the others; the second has
the option or row, or "Response" and "Open-Ended Response" where there is none. A condensed export leaves it empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.survey.cells import Cells, TableProblems
from ingest.survey.export import Convention, Export, SourceColumn
from ingest.survey.state import State
from ingest.survey.tools.evidence import first_answers, holds_only, is_day_first, is_ranking
from ingest.survey.tools.heading import labels_of_ticks, meta_roles, plain_heading, table_with
from ingest.tables.cell_text import fold
from ingest.tables.grid import column_letters

TOOL = "SurveyMonkey"
NOT_RANKED = "N/A"
TIMES = ("started_at", "submitted_at")
MONTH_FIRST = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M")
DAY_FIRST = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S")
ISO = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
# Fewer labels of a contact block may be the rows of another question.
CONTACT_LABELS = 2
# So many columns of custom data under a name of somebody's own may stand between two technical ones.
LONGEST_GAP = 1


@dataclass
class Asked:
    """One question: its text, and the place and label of each of its columns."""

    text: str
    places: list[int] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


def read(path: Path, tables: tuple[Cells, ...]) -> Export:
    """An export of SurveyMonkey.

    Raises:
        SourceError: no table of the file is one.
    """
    table = table_with(tables, TOOL)
    n_rows = 1 if len(table.head) < 2 or table.head[1][0].strip() else 2
    labels = [plain_heading(cell) for cell in table.head[1]] if n_rows == 2 else [""] * table.width
    meta, asked = _questions(table.head[0], labels)
    seen = first_answers(table.after(n_rows), range(table.width))
    columns = {column.place: column for each in asked for column in _answers(each, seen)}
    columns |= {place: SourceColumn(place, table.head[0][place], role=role) for place, role in meta.items()}
    ordered = [replace(columns[place], letters=column_letters(place + 1)) for place in sorted(columns)]
    widest = max((len(each.places) for each in asked), default=0)
    filled = sum(len(each.places) - 1 for each in asked)
    clock, told = _clock(table, [text for place, role in meta.items() if role in TIMES for text in seen[place]])
    parts = {column.part for column in ordered}
    form = "expanded" if "tick" in parts else "condensed"
    return Export(
        tool=TOOL,
        form=form,
        columns=tuple(ordered),
        batches=table.after(n_rows),
        convention=Convention(
            # An export of numbers writes the place of the option instead of its label.
            ticked=(*map(str, range(1, widest + 1)), *labels_of_ticks(ordered)),
            separators=(", ", ","),
            empty={NOT_RANKED: State.NOT_APPLICABLE} if "rank" in parts else {},
            clock=clock,
            days=("%d/%m/%Y" if clock[0] in DAY_FIRST else "%m/%d/%Y", "%Y-%m-%d"),
            is_other_inline=form == "condensed" and "other" not in parts,
        ),
        limits=("empty_is_unanswered", "none_ticked"),
        options={"columns": form, "header_rows": str(n_rows), **table.options},
        sheet=table.sheet,
        problems=TableProblems((table,), (*told, *(_filled(table, asked, filled) if filled else ()))),
    )


def _questions(texts: Sequence[str], labels: Sequence[str]) -> tuple[dict[int, str], list[Asked]]:
    """The roles of the technical columns in front, and the questions behind them."""
    roles, own = meta_roles(TOOL), {fold(each) for each in ("Response", "Open-Ended Response")}
    known = [roles.get(fold(plain_heading(each)), "") for each in texts]
    meta = _in_front(known, labels)
    asked: list[Asked] = []
    for place, (printed, label) in enumerate(zip(texts, labels, strict=True)):
        text = plain_heading(printed)
        if place in meta:
            continue
        if not text and not label:
            meta[place] = "other_meta"
            continue
        # A workbook may repeat the text over all columns of a question, where the cells are merged.
        if (text and not (asked and text == asked[-1].text and label and fold(label) not in own)) or not asked:
            asked.append(Asked(text))
        asked[-1].places.append(place)
        asked[-1].labels.append(label)
    return meta, asked


def _in_front(known: Sequence[str], labels: Sequence[str]) -> dict[int, str]:
    """Place to role of the technical columns; what stands between two of them under another name is custom data."""
    found: dict[int, str] = {}
    for place, (role, label) in enumerate(zip(known, labels, strict=True)):
        if label or place > len(found) + LONGEST_GAP:
            break
        if role:
            found |= dict.fromkeys(range(len(found), place), "custom") | {place: role}
    return found


def _answers(asked: Asked, seen: Mapping[int, Sequence[str]]) -> list[SourceColumn]:
    """The columns of one question."""
    kinds = [_kind(label) for label in asked.labels]
    contacts = _contact_roles(asked.labels)
    others = [each for each, kind in enumerate(kinds) if kind == "other" and len(kinds) > 1]
    options = [each for each, kind in enumerate(kinds) if kind != "whole" and each not in others]
    answers = [seen[asked.places[each]] for each in options]
    own = [{asked.labels[each], str(number), "1"} for number, each in enumerate(options, start=1)]
    fits = [holds_only(texts, texts_of_one) for texts, texts_of_one in zip(answers, own, strict=True)]
    if len(fits) > 2 and all(fits[:-1]) and not fits[-1] and not others:
        # The words of "other" under a label of somebody's own: the last column, and the only one of free texts.
        others.append(options.pop())
        answers, fits = answers[:-1], fits[:-1]
    # Where nobody answered, nothing tells an option from a row of a matrix.
    is_ticked = all(fits) and any(any(texts) for texts in answers)
    part = "tick" if is_ticked else "rank" if is_ranking(answers, (NOT_RANKED,)) else "value"
    found = []
    for each, (place, label) in enumerate(zip(asked.places, asked.labels, strict=True)):
        # The card names a header of two rows as it does everywhere: its levels joined by a slash.
        header = asked.text if kinds[each] == "whole" else f"{asked.text} / {label}"
        column = SourceColumn(place, header, text=asked.text, role=contacts.get(each, "answer"))
        if each in others:
            column = replace(column, part="other", sub_text=label)
        elif each in options:
            column = replace(column, part=part, sub_text=label)
        found.append(column)
    return found


def _filled(table: Cells, asked: Sequence[Asked], n_filled: int) -> list[Problem]:
    """That the text of a question was carried over its further columns."""
    where = Place(table.file, table.sheet, row=1)
    return [problem("survey_forms_header_filled", where, n_columns=n_filled, n_questions=len(asked))]


def _kind(label: str) -> str:
    """whole where the label names no option or row, other for the words of "other", else part."""
    return meta_roles(f"{TOOL} labels").get(fold(label), "part") if label else "whole"


def _contact_roles(labels: Sequence[str]) -> Mapping[int, str]:
    """The personal columns of a block of contact data."""
    known = meta_roles(f"{TOOL} contact block")
    roles = {
        each: known[fold(label.rstrip(":"))] for each, label in enumerate(labels) if fold(label.rstrip(":")) in known
    }
    return {each: role for each, role in roles.items() if role != "answer"} if len(roles) >= CONTACT_LABELS else {}


def _clock(table: Cells, times: Sequence[str]) -> tuple[tuple[str, ...], list[Problem]]:
    """How times are written, which depends on the account; told where the file leaves it open."""
    day_first = is_day_first(times)
    told = [] if day_first is not None else [problem("survey_forms_day_or_month", Place(table.file, table.sheet))]
    return ((*DAY_FIRST, *ISO) if day_first else (*MONTH_FIRST, *ISO)), told
