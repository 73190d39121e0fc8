"""Exports of KoboToolbox: CSV and XLSX, with XML names or with labels, repeats as further sheets.

Belongs here: the tables of an export, their technical columns and places. Does not belong here: which of the other
columns is the tick of an option (``form_columns``).

The format is that of kobotoolbox/formpack. With labels in place of names the options ticked in one cell are joined by
blanks, which labels hold themselves: such a cell is split only where the export has a column for each option as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.survey.cells import Cells, TableProblems
from ingest.survey.export import Batches, Convention, Export, Repeat, SourceColumn
from ingest.survey.tools.evidence import first_answers
from ingest.survey.tools.form_columns import answer_columns
from ingest.survey.tools.form_style import CLOCK, CLOCK_NOISE, OF_NAMES, XML_NAME, is_place
from ingest.survey.tools.heading import meta_roles, plain_heading, repeats_told, table_with
from ingest.tables.cell_text import fold
from ingest.tables.grid import column_letters

TOOL = "KoboToolbox"
GEO = re.compile(r"_(?P<question>.+)_(?:latitude|longitude|altitude|precision)")
ATTACHED = "_URL"
PARENT_INDEX, PARENT_TABLE, PARENT_ID = "_parent_index", "_parent_table_name", "_submission__id"


def read(path: Path, tables: tuple[Cells, ...]) -> Export:
    """An export of KoboToolbox.

    Raises:
        SourceError: no table of the file is one.
    """
    main = table_with(tables, TOOL)
    repeats = [each for each in tables if each is not main and PARENT_INDEX in each.head[0]]
    is_named = all(XML_NAME.fullmatch(cell) for each in (main, *repeats) for cell in each.head[0] if cell)
    # The id of the submission also finds the response of a repeat within a repeat; the index finds only the next one.
    has_ids = "_id" in main.head[0] and all(PARENT_ID in each.head[0] for each in repeats)
    columns = _columns(main, {"_id": "row_key", "_index": "other_meta"} if has_ids else {}, is_named=is_named)
    lost = {} if has_ids else _nested(repeats)
    is_split = any(column.part == "tick" for column in columns)
    told = [*lost.values()]
    if not is_named and not is_split:
        told.append(problem("survey_forms_joined_labels", Place(main.file, main.sheet)))
    kept = [each for each in repeats if each.sheet not in lost]
    told += [repeats_told(Place(main.file), [each.sheet for each in kept])] if kept else []
    style = f"{'XML names' if is_named else 'labels'}, multiple choice {'in columns' if is_split else 'in one cell'}"
    return Export(
        tool=TOOL,
        form=style,
        columns=columns,
        batches=main.after(1),
        convention=Convention(
            ticked=("1", "True"),
            unticked=("0", "False"),
            # A question of XLSForm with nothing ticked is one that was not answered: its cells are empty.
            is_unticked_written=True,
            # With a column for each option only rankings are left to be split, and those are of names.
            separators=OF_NAMES if is_named or is_split else (),
            clock=CLOCK,
            clock_noise=CLOCK_NOISE,
        ),
        limits=("empty_is_unanswered", *(() if is_split else ("none_ticked",))),
        options={
            "values": "names" if is_named else "labels",
            "n_versions": str(_n_versions(main, columns)),
            **main.options,
        },
        sheet=main.sheet,
        repeats=tuple(
            Repeat(each.sheet, _columns(each, _keys(each, has_ids=has_ids), is_named=is_named), each.after(1))
            for each in kept
        ),
        problems=TableProblems(tables, told),
    )


def _keys(table: Cells, *, has_ids: bool) -> Mapping[str, str]:
    if has_ids:
        return {PARENT_ID: "parent_key", PARENT_INDEX: "other_meta", "_index": "other_meta"}
    return {"_index": "other_meta"}


def _columns(table: Cells, keys: Mapping[str, str], *, is_named: bool) -> tuple[SourceColumn, ...]:
    """The columns of one table; ``keys`` are headers with a role of their own."""
    header = table.head[0]
    roles = meta_roles(TOOL)
    batches: Batches = table.after(1)
    seen = first_answers(batches, range(table.width))
    places = {found["question"] for cell in header if (found := GEO.fullmatch(_last(cell)))}
    columns = []
    for place, printed in enumerate(header):
        name = plain_heading(printed)
        role = keys.get(name) or roles.get(fold(name), "")
        if not role and name.endswith(ATTACHED) and name.removesuffix(ATTACHED) in header:
            role = "custom"
        if not role and (GEO.fullmatch(_last(name)) or _last(name) in places or is_place(seen[place])):
            role = "location"
        column = SourceColumn(place, printed, column_letters(place + 1), role or "answer", text=name)
        columns.append(column if name else replace(column, role="other_meta"))
    return answer_columns(columns, seen, is_named=is_named)


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _nested(repeats: Sequence[Cells]) -> Mapping[str, Problem]:
    """Repeats within repeats, of which nothing says to which response they belong, by their sheet."""
    told = {}
    for each in repeats:
        place = each.head[0].index(PARENT_TABLE) if PARENT_TABLE in each.head[0] else -1
        parents = set(first_answers(each.after(1), [place])[place]) if place >= 0 else set()
        if parents & {other.sheet for other in repeats}:
            where = Place(each.file, each.sheet)
            told[each.sheet] = problem("survey_forms_nested_repeat", where, repeat=each.sheet)
    return told


def _n_versions(table: Cells, columns: Sequence[SourceColumn]) -> int:
    places = [column.place for column in columns if column.role == "version"]
    return len({text for texts in first_answers(table.after(1), places).values() for text in texts if text})
