"""One sheet as a workbook keeps it: texts by row and column, and what only a workbook knows of its cells.

Belongs here: the shape that workbook readers fill and the structure finder reads. Does not belong here: opening a file,
deciding which row is the header.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.problem import Problem
from ingest.tables.printed import Mark


@dataclass(frozen=True)
class Span:
    """A block of cells, all four ends included, counted from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Grid:
    """A sheet. ``rows[0]`` is the sheet's row 1 and ``rows[0][0]`` its cell A1; rows may differ in length.

    Rows end at the last one with any text, whatever the sheet's own dimension says. Merged cells stand as the file
    keeps them: the text in the first cell, the others empty, and the block in ``merges``.
    """

    file_kind: str
    sheet: str
    rows: Sequence[Sequence[str]]
    merges: tuple[Span, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    marks: tuple[Mark, ...] = ()
    problems: tuple[Problem, ...] = ()


def column_letters(number: int) -> str:
    """The letters by which a spreadsheet names a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters


def address(row: int, column: int) -> str:
    """A cell as a spreadsheet names it: row 7, column 3 is C7."""
    return f"{column_letters(column)}{row}"
