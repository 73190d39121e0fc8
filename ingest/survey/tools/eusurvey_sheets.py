"""The rows of one EUSurvey workbook: sheets joined by row position, spilled-over texts put back.

Belongs here: how EUSurvey lays one contribution out over sheets and rows. Does not belong here: what the columns mean
(``eusurvey_header``).

After EUSURVEY's ``CommonExcelExportCreator``: a sheet has 254 columns, the next is Content1, Content2, ...; a text of
more than 32,767 characters goes on in inserted rows of the sheet where it began, at ``columnIndex % 255`` with the
column counted over all sheets, and the sheets behind go on in the last of the rows inserted so far.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey.cells import Cells
from ingest.tables.cell_text import fold
from ingest.tables.grid import column_letters

MARKS = ("Alias", "Export Date")
SHEET_COLUMNS, SPILL_COLUMNS, LONGEST = 254, 255, 32_767
SHEET_NAME = re.compile(r"Content(\d*)")
HEADER_FROM = 2  # rows 1 and 2 are the marks, row 3 is empty


@dataclass(frozen=True)
class Heading:
    """One column over all sheets: its sheet, the letters in it, and the header as printed."""

    sheet: str
    letters: str
    text: str


@dataclass(frozen=True)
class Workbook:
    """One workbook with its sheets side by side: ``rows`` with the number of the row on the first sheet.

    ``beyond`` are numbers of rows that have text behind the last header.
    """

    file: str
    alias: str
    exported_at: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    beyond: frozenset[int]
    n_spilled: int
    header_rows: tuple[int, ...]
    sheets: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


@dataclass
class _Sheet:
    """The contributions of one sheet by row number, and for each inserted row that it is one."""

    cells: Cells
    header_row: int
    header: tuple[str, ...]
    rows: dict[int, list[str]]
    inserted: set[int]


def workbook_of(tables: Sequence[Cells]) -> Workbook:
    """Join the sheets of one workbook.

    Raises:
        SourceError: no sheet is EUSurvey's, one is missing, or the sheets do not hold the same contributions.
    """
    chosen = sorted((each for each in tables if _is_content(each)), key=lambda each: _number(each.sheet))
    _check_names(chosen)
    sheets = [_read(number, each) for number, each in enumerate(chosen)]
    sheets = [each for each in sheets if each.header]
    if not sheets:
        where = Place(tables[0].file, tables[0].sheet) if tables else Place("")
        found = ", ".join(cell for row in tables[0].head[:2] for cell in row[:1]) if tables else ""
        raise SourceError([problem("eusurvey_no_content", where, found=found)])
    rows = tuple(_joined(sheets))
    width = [len(sheet.header) for sheet in sheets]
    beyond = frozenset(number for number, parts in rows if _is_beyond(parts, width))
    first = chosen[0]
    return Workbook(
        first.file, first.head[0][1] if first.width > 1 else "", first.head[1][1] if first.width > 1 else "",
        tuple(heading for sheet in sheets for heading in _headings(sheet, sheet is not sheets[0])),
        tuple((number, _side_by_side(parts, width)) for number, parts in rows), beyond,
        sum(len(sheet.inserted) for sheet in sheets), tuple(sheet.header_row for sheet in sheets),
        tuple(sheet.cells.sheet for sheet in sheets), tuple(told for each in tables for told in each.told),
    )  # fmt: skip


def _is_content(table: Cells) -> bool:
    return len(table.head) > 1 and all(
        fold(row[0] if row else "") == fold(mark) for row, mark in zip(table.head, MARKS, strict=False)
    )


def _number(sheet: str) -> int:
    found = SHEET_NAME.fullmatch(sheet)
    return int(found[1] or 0) if found else 0


def _check_names(sheets: Sequence[Cells]) -> None:
    """Content, Content1, Content2: none may be missing, and all belong to one survey."""
    numbers = [_number(each.sheet) for each in sheets]
    aliases = sorted({each.head[0][1] for each in sheets if each.width > 1})
    names = [each.sheet for each in sheets]
    if len(sheets) > 1 and (numbers != list(range(len(sheets))) or len(aliases) > 1):
        told = problem("eusurvey_sheets_incomplete", Place(sheets[0].file), sheets=names, aliases=aliases)
        raise SourceError([told])


def _read(number: int, table: Cells) -> _Sheet:
    header_row = next(
        (place for place, row in enumerate(table.head) if place >= HEADER_FROM and any(row)), len(table.head)
    )
    header = list(table.head[header_row]) if header_row < len(table.head) else []
    while header and not header[-1].strip():
        header.pop()
    sheet = _Sheet(table, header_row + 1, tuple(header), {}, set())
    going_on: dict[int, int] = {}
    last = main = 0
    for row, cells in _rows(table, header_row + 1):
        filled = [place for place, text in enumerate(cells) if text]
        if going_on and row == last + 1 and going_on.keys() >= set(filled):
            for place in filled:
                sheet.rows[main][going_on[place]] += cells[place]
            going_on = {place: going_on[place] for place in filled if _is_full(cells[place])}
            sheet.inserted.add(row)
        else:
            main, sheet.rows[row] = row, list(cells)
            going_on = {
                (SHEET_COLUMNS * number + place + 1) % SPILL_COLUMNS: place
                for place in filled
                if _is_full(cells[place])
            }
        last = row
    return sheet


def _rows(table: Cells, skipped: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    for batch in table.after(skipped)(frozenset()):
        numbers, *columns = (column.to_pylist() for column in batch.columns)
        yield from zip(numbers, zip(*columns, strict=True), strict=True)


def _is_full(text: str) -> bool:
    """Whether a text was cut: counted as Java does, and a line end may have had two signs in the file."""
    if len(text) * 2 < LONGEST:
        return False
    units = len(text.encode("utf-16-le")) // 2
    return units <= LONGEST <= units + text.count("\n")


def _joined(sheets: Sequence[_Sheet]) -> Iterator[tuple[int, list[list[str]]]]:
    """Each contribution with its cells on every sheet; an inserted row belongs to the contribution before it."""
    starts: list[int] = []
    parts: list[dict[int, list[str]]] = []
    for row in sorted({row for sheet in sheets for row in (*sheet.rows, *sheet.inserted)}):
        if not starts or not any(row in sheet.inserted for sheet in sheets):
            starts.append(row)
            parts.append({})
        for place, sheet in enumerate(sheets):
            if row in sheet.rows:
                if place in parts[-1]:
                    raise SourceError([_different(sheets)])
                parts[-1][place] = sheet.rows[row]
    # A contribution fills the technical columns, which come last; in front of them it may have left all cells empty.
    if len(sheets) > 1 and any(len(sheets) - 1 not in each for each in parts):
        raise SourceError([_different(sheets)])
    for start, each in zip(starts, parts, strict=True):
        yield start, [each.get(place, []) for place in range(len(sheets))]


def _different(sheets: Sequence[_Sheet]) -> Problem:
    counts = [f"{sheet.cells.sheet}: {len(sheet.rows)}" for sheet in sheets]
    return problem("eusurvey_sheets_differ", Place(sheets[0].cells.file), counts=counts)


def _is_beyond(parts: Sequence[Sequence[str]], width: Sequence[int]) -> bool:
    return any(any(cells[end:]) for cells, end in zip(parts, width, strict=True))


def _side_by_side(parts: Sequence[Sequence[str]], width: Sequence[int]) -> tuple[str, ...]:
    return tuple(
        text
        for cells, end in zip(parts, width, strict=True)
        for text in (*cells[:end], *[""] * max(0, end - len(cells)))
    )


def _headings(sheet: _Sheet, with_sheet: bool) -> Iterator[Heading]:
    for place, text in enumerate(sheet.header, start=1):
        letters = column_letters(place)
        yield Heading(sheet.cells.sheet, f"{sheet.cells.sheet}!{letters}" if with_sheet else letters, text)
