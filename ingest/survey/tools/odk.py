"""Exports of ODK Central (an archive of CSV tables) and of SurveyCTO (one CSV table).

Belongs here: the tables, their keys, technical columns and places. Does not belong here: opening the archive
(``odk_archive``), and which of the other columns is the tick of an option (``form_columns``).

ODK Central writes the path of a question as ``group-question``, an option of it behind a slash, and one table for each
repeat; a row's KEY is that of the submission with the path of the repeat behind it (getodk/central-backend,
briefcase format). SurveyCTO writes ``question_option``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.problem import Place
from ingest.survey.cells import Cells, TableProblems
from ingest.survey.export import Convention, Export, Repeat, SourceColumn
from ingest.survey.tools.evidence import first_answers, rewritten
from ingest.survey.tools.form_columns import answer_columns
from ingest.survey.tools.form_style import CLOCK, CLOCK_NOISE, OF_NAMES, XML_NAME, is_place
from ingest.survey.tools.heading import meta_roles, repeats_told, table_with
from ingest.survey.tools.odk_archive import tables_in
from ingest.survey.tools.surveycto_ticks import with_underscored
from ingest.tables.cell_text import fold
from ingest.tables.grid import column_letters

if TYPE_CHECKING:
    import pyarrow as pa

TOOL = "ODK or SurveyCTO"
PARENT_KEY = "PARENT_KEY"
GEO = re.compile(r"(?P<question>.+)[-_](?:Latitude|Longitude|Altitude|Accuracy)", re.IGNORECASE)
SET_OF = "SET-OF-"
SURVEYCTO = ("formdef_version",)
# SurveyCTO keeps the time in the style of its server's language.
SURVEYCTO_CLOCK = ("%b %d, %Y %I:%M:%S %p", "%d-%b-%Y %H:%M:%S")


def read(path: Path, tables: tuple[Cells, ...]) -> Export:
    """An export of ODK Central or SurveyCTO; without tables the file is an archive of them.

    Raises:
        SourceError: the archive is unsafe or broken, or no table of it is one.
    """
    tables = tables or tables_in(path)
    main = table_with(tables, TOOL)
    repeats = [each for each in tables if each is not main and PARENT_KEY in each.head[0]]
    columns = _columns(main)
    if not repeats and all(each.role != "response_id" for each in columns):
        columns = tuple(replace(each, role="response_id") if each.role == "row_key" else each for each in columns)
    is_split = any(column.part == "tick" for column in columns)
    is_surveycto = any(each in main.head[0] for each in SURVEYCTO)
    maker = "SurveyCTO" if is_surveycto else "ODK"
    groups = tuple(_repeat(each, main) for each in repeats)
    told = [repeats_told(Place(path.name), [each.code for each in groups])] if groups else []
    return Export(
        tool=TOOL,
        form=f"{maker}, multiple choice {'in columns' if is_split else 'in one cell'}",
        columns=columns,
        batches=main.after(1),
        convention=Convention(
            ticked=("1",),
            unticked=("0",),
            is_unticked_written=True,
            separators=OF_NAMES,
            clock=(*CLOCK, *(SURVEYCTO_CLOCK if is_surveycto else ())),
            clock_noise=CLOCK_NOISE,
        ),
        limits=("empty_is_unanswered", *(() if is_split else ("none_ticked",))),
        options={"maker": maker, "table": main.file, **main.options},
        repeats=groups,
        problems=TableProblems(tables, told),
    )


def _repeat(table: Cells, main: Cells) -> Repeat:
    """A repeat, of whose parent keys only the submission is kept: within another repeat they have a path behind."""
    import pyarrow.compute as pc

    def submission(column: pa.Array) -> pa.Array:
        return pc.replace_substring_regex(column, r"/.*$", "")

    columns = tuple(replace(each, role="other_meta") if each.role == "row_key" else each for each in _columns(table))
    place = table.head[0].index(PARENT_KEY)
    code = Path(table.file).stem.removeprefix(Path(main.file).stem).lstrip("-").rpartition("-")[2]
    return Repeat(code, columns, rewritten(table.after(1), place, submission))


def _columns(table: Cells) -> tuple[SourceColumn, ...]:
    header = table.head[0]
    roles = meta_roles(TOOL)
    seen = first_answers(table.after(1), range(table.width))
    places = {found["question"] for cell in header if (found := GEO.fullmatch(cell))}
    columns = []
    for place, name in enumerate(header):
        role = roles.get(fold(name), "")
        if name.startswith(SET_OF) or not name:
            role = "other_meta"
        if not role and (name in places or GEO.fullmatch(name) or is_place(seen[place])):
            role = "location"
        text = name.replace("-", "/") if XML_NAME.fullmatch(name) else name
        columns.append(SourceColumn(place, name, column_letters(place + 1), role or "answer", text=text))
    return with_underscored(answer_columns(columns, seen, is_named=True, has_summary=True), seen)
