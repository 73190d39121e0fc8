"""The table of a workbook: which sheet, which block of cells, its header, its entries and what stands beside them.

Belongs here: the way from grids to one printed table. Does not belong here: opening a workbook (``workbook``), the
steps themselves (``table_choice``, ``header``, ``merged_cells``, ``body``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.body import sort_columns
from ingest.tables.cell_text import fold, one_line
from ingest.tables.grid import Grid, Span, column_letters
from ingest.tables.header import Header
from ingest.tables.merged_cells import blanks_beside_merges, fill_merges
from ingest.tables.printed import BATCH_ROWS, Facts, Hints, Note, rows_schema
from ingest.tables.row_words import note_kind
from ingest.tables.table_choice import Choice, choose_table, matches
from ingest.tables.text_columns import TextColumns, filled_places, width_of

if TYPE_CHECKING:
    import pyarrow as pa

Found = tuple[Grid, Sequence[Sequence[str]], Choice]
_REGION = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7}):\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def table_of(grids: Sequence[Grid], hints: Hints, file: str = "") -> tuple[Facts, Iterator[pa.Table]]:
    """The one table that is meant, as facts and pieces for ``write_printed``; ``file`` is named in the problems.

    Raises:
        SourceError: no header, several sheets or tables that could be meant, a sheet or region that is not there.
    """
    grid, rows, choice = _choose_sheet(grids, hints, file)
    header, where = choice.header, Place(file, grid.sheet)
    filled = fill_merges(rows, grid.merges, header, choice.last_row, where)
    first_row = header.last_row + 1
    columns = _columns(filled.rows[header.last_row : choice.last_row], header.columns)
    numbers = range(first_row, choice.last_row + 1)
    body = sort_columns(columns, numbers, header, hidden_rows=grid.hidden_rows, lines=filled.lines, where=where)
    entries = (
        [number for number, reason in zip(numbers, body.left_out, strict=True) if reason is None]
        if filled.columns
        else []
    )
    beside = blanks_beside_merges(filled.rows, entries, filled.columns, header, where)
    kept, shown = set(header.columns), range(header.first_row, choice.last_row + 1)
    marks = sorted(
        (mark for mark in (*grid.marks, *filled.marks) if mark.column in kept and mark.row in shown),
        key=lambda mark: (mark.row, mark.column, mark.kind),
    )
    problems = (*grid.problems, *choice.problems, *header.problems, *_hidden_columns(grid, where))
    facts = Facts(
        file_kind=grid.file_kind,
        header=header.names,
        columns=header.columns,
        header_rows=header.rows,
        sheet=grid.sheet,
        n_rows=len(numbers),
        marks=tuple(marks),
        notes=(*_titles(rows, header), *body.notes),
        problems=(*problems, *filled.problems, *body.problems, *beside),
    )
    return facts, _batches(numbers, body.left_out, columns)


def _choose_sheet(grids: Sequence[Grid], hints: Hints, file: str) -> tuple[Grid, Sequence[Sequence[str]], Choice]:
    """The sheet that is declared, else the only one with a header, else the one that has the card's headers best."""
    named = [grid for grid in grids if not hints.sheet or grid.sheet == hints.sheet]
    sheets = ", ".join(f"'{grid.sheet}'" for grid in grids)
    if not named:
        raise SourceError([problem("sheet_missing", Place(file), sheet=hints.sheet, sheets=sheets)])
    found: list[Found] = []
    problems: list[Problem] = []
    for grid in named:
        rows, visible = _region(grid, hints, file)
        if not any(text.strip() for row in rows for text in row):
            continue
        try:
            found.append((grid, rows, choose_table(rows, hints, grid.merges, visible, Place(file, grid.sheet))))
        except SourceError as error:
            problems += error.problems
    if not found:
        raise SourceError(problems or [problem("no_table", Place(file), sheets=sheets)])
    best = max(matches(choice.header, hints) for _, _, choice in found)
    fitting = [each for each in found if matches(each[2].header, hints) == best]
    return fitting[0] if len(fitting) == 1 else _fullest(fitting, hints, file)


def _fullest(found: Sequence[Found], hints: Hints, file: str) -> Found:
    """Of sheets that are equally good: for a card none, for a file that has none yet the one with most known words and
    then most rows, said so.
    """
    names = [f"'{grid.sheet}'" for grid, _, _ in found]
    if hints.headers or not hints.words:
        raise SourceError([problem("sheets_alike", Place(file), sheets=", ".join(names))])
    words = {fold(word) for word in hints.words}
    sizes = [(sum(fold(name) in words for name in choice.header.names), len(rows)) for _, rows, choice in found]
    place = sizes.index(max(sizes))
    grid, rows, choice = found[place]
    others = ", ".join(names[:place] + names[place + 1 :])
    told = problem("sheet_chosen", Place(file, grid.sheet), sheet=grid.sheet, others=others)
    return grid, rows, replace(choice, problems=(*choice.problems, told))


def _region(grid: Grid, hints: Hints, file: str) -> tuple[Sequence[Sequence[str]], Sequence[int]]:
    """The rows with all outside of the declared region empty, and the columns that are shown."""
    width = width_of(grid.rows)
    columns = range(1, width + 1)
    rows = grid.rows
    if hints.region:
        match = _REGION.fullmatch(hints.region.strip())
        ends = match and Span(int(match[2]), _number(match[1]), int(match[4]), _number(match[3]))
        if not ends or ends.first_row > ends.last_row or ends.first_column > ends.last_column:
            raise SourceError([problem("region_wrong", Place(file, grid.sheet), region=hints.region)])
        columns = range(ends.first_column, min(width, ends.last_column) + 1)
        rows = [()] * (ends.first_row - 1) + list(rows[ends.first_row - 1 : ends.last_row])
    return rows, [column for column in columns if column not in grid.hidden_columns]


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _columns(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> list[pa.Array]:
    """The columns of a header as arrays of text; cells beyond a row's end are empty."""
    import pyarrow as pa

    if isinstance(rows, TextColumns):
        return [rows.columns[column - 1] for column in columns]
    width = max(columns)
    if any(length < width for length in set(map(len, rows))):
        rows = [row if len(row) >= width else [*row, *[""] * (width - len(row))] for row in rows]
    turned = list(zip(*rows, strict=False)) if rows else [()] * width
    return [pa.array(turned[column - 1], pa.string()) for column in columns]


def _hidden_columns(grid: Grid, where: Place) -> list[Problem]:
    hidden = [
        column for column in sorted(grid.hidden_columns) if next(filled_places(grid.rows, column), None) is not None
    ]
    shown = ", ".join(map(column_letters, hidden))
    return [problem("columns_hidden", where, n=len(hidden), columns=shown)] if hidden else []


def _titles(rows: Sequence[Sequence[str]], header: Header) -> list[Note]:
    """The lines above the header."""
    above = (
        (number, " ".join(map(one_line, row)).strip()) for number, row in enumerate(rows[: header.first_row - 1], 1)
    )
    return [Note(number, one_line(text), note_kind(text) or "title") for number, text in above if text]


def _batches(numbers: Sequence[int], left_out: Sequence[str | None], columns: Sequence[pa.Array]) -> Iterator[pa.Table]:
    import pyarrow as pa

    schema = rows_schema(len(columns))
    arrays = [pa.array(numbers, pa.int32()), pa.array(left_out, pa.string()), *columns]
    table = pa.table(arrays, schema=schema)
    for start in range(0, len(table), BATCH_ROWS):
        yield table.slice(start, BATCH_ROWS)
