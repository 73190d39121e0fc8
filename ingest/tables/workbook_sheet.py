"""One sheet between the container and the ``Grid``: its texts by column, and what is said of its cells.

Belongs here: putting texts and marks together, the same way for every kind of workbook. Does not belong here: where
they are read from (``workbook_xlsx``, ``workbook_ods``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.tables.grid import Grid, Span, address
from ingest.tables.printed import Mark
from ingest.tables.text_columns import TextColumns, width_of

# Marks of these kinds may stand in every cell of a long sheet; so many are kept, and the rest is counted.
MOST_MARKS = {"colour": 10_000, "text_number": 10_000, "link": 100_000, "date": 200_000}
# Addresses that a sentence names before it says how many more there are.
NAMED = 8
# Rows that may be listed below the last text before it is worth a word.
ROWS_BEYOND = 1000


@dataclass
class Sheet:
    """A sheet being read. ``rows`` may differ in length; ``found`` are cells by what is to be told of them.

    Texts put into rows that are kept by column wait in ``changed`` until ``settle``.
    """

    file_kind: str
    name: str
    rows: list[Sequence[str]] | TextColumns
    merges: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    marks: list[Mark] = field(default_factory=list)
    is_1904: bool = False
    listed_rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    found: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Columns of the longest row."""
        return width_of(self.rows)

    def text(self, row: int, column: int) -> str:
        """The text of a cell, rows and columns from 1; empty beyond the sheet."""
        if (row, column) in self.changed:
            return self.changed[row, column]
        if row > len(self.rows) or column > len(self.rows[row - 1]):
            return ""
        return self.rows[row - 1][column - 1]

    def put(self, row: int, column: int, text: str) -> None:
        """Set the text of a cell; the sheet grows where text stands beyond what was read."""
        if text == self.text(row, column):
            return
        if isinstance(self.rows, TextColumns):
            self.changed[row, column] = text
            return
        self.rows += [()] * (row - len(self.rows))
        cells = self.rows[row - 1]
        if not isinstance(cells, list):
            cells = self.rows[row - 1] = list(cells)
        cells += [""] * (column - len(cells))
        cells[column - 1] = text

    def settle(self) -> None:
        """Let ``rows`` have every text that was put."""
        if self.changed and isinstance(self.rows, TextColumns):
            self.rows = self.rows.with_texts(self.changed)
        self.changed = {}

    def mark(self, row: int, column: int, kind: str, text: str = "") -> None:
        """Say something of a cell."""
        self.marks.append(Mark(row, column, kind, text))


def grid_of(sheet: Sheet, file: str) -> Grid:
    """The finished sheet: rows up to the last with text, marks in order, and what is to be told of them."""
    _cut(sheet)
    sheet.marks = [each for each in sheet.marks if each.kind not in {"struck", "colour"} or _is_filled(sheet, each)]
    _drop_header_colours(sheet)
    rows = sheet.rows
    if len(rows) + ROWS_BEYOND < sheet.listed_rows:
        place = Place(file, sheet=sheet.name)
        sheet.problems.append(problem("rows_formatted_beyond", place, last=len(rows), listed=sheet.listed_rows))
    problems = (*sheet.problems, *_problems(sheet, file))
    return Grid(
        sheet.file_kind,
        sheet.name,
        rows,
        tuple(sorted(sheet.merges, key=lambda span: (span.first_row, span.first_column))),
        frozenset(sheet.hidden_rows),
        frozenset(sheet.hidden_columns),
        tuple(_kept(sheet.marks)),
        problems,
    )


def _cut(sheet: Sheet) -> None:
    """Only rows and columns up to the last with text are kept, all of one length, and hidden ones among them."""
    sheet.settle()
    sheet.rows = sheet.rows.without_blank_ends() if isinstance(sheet.rows, TextColumns) else _cut_rows(sheet.rows)
    width = sheet.width
    sheet.hidden_rows = {row for row in sheet.hidden_rows if row <= len(sheet.rows)}
    sheet.hidden_columns = {column for column in sheet.hidden_columns if column <= width}


def _cut_rows(rows: list[Sequence[str]]) -> list[Sequence[str]]:
    while rows and not any(map(str.strip, rows[-1])):
        rows.pop()
    width = width_of(rows)
    while width and not any(row[width - 1].strip() for row in rows if len(row) >= width):
        width -= 1
    if any(len(row) != width or isinstance(row, list) for row in rows):
        return [(*row[:width], *[""] * (width - len(row))) for row in rows]
    return rows


def _is_filled(sheet: Sheet, mark: Mark) -> bool:
    return bool(sheet.text(mark.row, mark.column).strip())


def clear_merged(sheet: Sheet) -> None:
    """A merged block shows its first cell only; what a program left in the others nobody has seen."""
    for span in sheet.merges:
        for row in range(span.first_row, min(span.last_row, len(sheet.rows)) + 1):
            for column in range(span.first_column, min(span.last_column, len(sheet.rows[row - 1])) + 1):
                is_first = (row, column) == (span.first_row, span.first_column)
                if not is_first and sheet.text(row, column):
                    sheet.found["under_merge"].append((row, column))
                    sheet.put(row, column, "")


def _drop_header_colours(sheet: Sheet) -> None:
    """The coloured band of a header is layout: full rows of colour above any row of two or more plain cells."""
    coloured = defaultdict(set)
    for each in sheet.marks:
        if each.kind == "colour":
            coloured[each.row].add(each.column)
    band: set[int] = set()
    for row in sorted(coloured):
        cells = enumerate(sheet.rows[row - 1], start=1)
        plain = [column for column, text in cells if text.strip() and column not in coloured[row]]
        if len(band) == 3 or plain or (band and row != max(band) + 1) or not _starts_table(sheet, row, band):
            break
        band.add(row)
    sheet.marks = [each for each in sheet.marks if each.kind != "colour" or each.row not in band]


def _starts_table(sheet: Sheet, row: int, band: set[int]) -> bool:
    """No row above but the band holds more than one text: titles stand there, no header and no entries."""
    above = (number for number in range(1, min(row, 200)) if number not in band)
    return all(sum(bool(text.strip()) for text in sheet.rows[number - 1]) < 2 for number in above)


def _kept(marks: list[Mark]) -> Iterable[Mark]:
    counted: dict[str, int] = defaultdict(int)
    for each in sorted(marks, key=lambda mark: (mark.row, mark.column, mark.kind)):
        counted[each.kind] += 1
        if counted[each.kind] <= MOST_MARKS.get(each.kind, counted[each.kind]):
            yield each


def named(cells: Sequence[tuple[int, int]]) -> str:
    """Addresses for a sentence: the first few, and how many more."""
    return first_of([address(row, column) for row, column in cells[:NAMED]], len(cells))


def _problems(sheet: Sheet, file: str) -> Iterable[Problem]:
    place = Place(file, sheet=sheet.name)
    cells: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for each in sorted(sheet.marks, key=lambda mark: (mark.row, mark.column)):
        cells[each.kind].append((each.row, each.column))
    odd = set(sheet.found["odd_day"])
    cells["error"] = [each for each in cells["error"] if each not in odd]
    for kind, code in TOLD.items():
        if listed := cells[kind] or sheet.found[kind]:
            yield problem(code, place, cells=named(listed), count=len(listed))
    if cells["colour"]:
        colours = sorted({each.text for each in sheet.marks if each.kind == "colour"})
        yield problem(
            "colour_in_cells", place, cells=named(cells["colour"]), count=len(cells["colour"]),
            colours=first_of(colours),
        )  # fmt: skip
    if sheet.is_1904 and cells["date"]:
        yield problem("days_from_1904", place)


# What is told of cells, in the order of the report: kind of mark or finding, and its message.
TOLD = {
    "error": "cell_errors",
    "odd_day": "day_not_in_calendar",
    "no_value": "formula_without_value",
    "struck": "cells_struck",
    "partly_struck": "cells_partly_struck",
    "under_merge": "text_under_merged_cells",
    "text_number": "numbers_kept_as_text",
    "percent": "cells_shown_as_percent",
    "padded": "numbers_shown_with_zeros",
    "note": "comments_kept",
    "link": "links_kept",
}


def first_of(names: Sequence[str], count: int = 0) -> str:
    """Names for a sentence: the first few, and how many more there are of ``count``."""
    more = max(count, len(names)) - NAMED
    return ", ".join(names[:NAMED]) + (f" (+{more})" if more > 0 else "")
