"""Random workbooks, written by openpyxl, are read back exactly; both readers agree on them."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from ingest.tables import workbook_xlsx
from ingest.tables.grid import Span
from ingest.tables.printed import Hints
from ingest.tables.workbook import read_grids

# Texts as people type them: Japanese, signs of Markdown and formulas, blanks, line ends; no lone surrogates, and no
# first sign = (openpyxl would write a formula). Of a text of blanks openpyxl does not say that they are to be kept.
TEXTS = st.text(
    st.one_of(st.sampled_from("ab0１＝=-+#/.,_x\n\t 　ー〜―髙﨑𠮷éō<>&'\"]"), st.characters(codec="utf-8")), max_size=12
).filter(
    lambda text: (
        not ILLEGAL_CHARACTERS_RE.search(text)
        and "\r" not in text
        and not text.startswith(("=", "#"))
        and (not text or text.strip())
    )
)
WHOLE = st.integers(-(10**14), 10**14)
# Few enough digits that a number and its text are one.
DECIMALS = st.decimals(-(10**6), 10**6, places=4, allow_nan=False).map(float)
DAYS = st.dates(datetime.date(1900, 3, 1), datetime.date(9999, 12, 31))
CELLS = st.one_of(st.none(), TEXTS, WHOLE, DECIMALS, st.booleans(), DAYS)
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


def as_text(value: Any) -> str:
    """What a cell of this value shows, written down apart from the reader."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float():
            return f"{value:.4f}".rstrip("0").rstrip(".").replace("-0", "0" if value == 0 else "-0")
        case datetime.date():
            return f"{value.year:04}-{value.month:02}-{value.day:02}"
        case _:
            return str(value)


def trimmed(rows: list[list[str]]) -> list[tuple[str, ...]]:
    while rows and not any(text.strip() for text in rows[-1]):
        rows.pop()
    width = max((place for row in rows for place, text in enumerate(row, start=1) if text.strip()), default=0)
    return [tuple(row[:width]) for row in rows]


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[list[Any]], set[int], set[int], Span | None]:
    """A table, its hidden rows and columns, and at most one merged block."""
    table = draw(TABLES)
    hidden_rows = draw(st.sets(st.integers(1, len(table)), max_size=2))
    hidden_columns = draw(st.sets(st.integers(1, len(table[0])), max_size=2))
    span = None
    if draw(st.booleans()) and len(table) * len(table[0]) > 1:
        top, left = draw(st.integers(1, len(table))), draw(st.integers(1, len(table[0])))
        bottom, right = draw(st.integers(top, len(table))), draw(st.integers(left, len(table[0])))
        if (top, left) != (bottom, right):
            span = Span(top, left, bottom, right)
    return table, hidden_rows, hidden_columns, span


def is_inside(span: Span | None, row: int, column: int) -> bool:
    """Whether a merged block hides this cell."""
    return (
        span is not None
        and span.first_row <= row <= span.last_row
        and span.first_column <= column <= span.last_column
        and (row, column) != (span.first_row, span.first_column)
    )


@settings(max_examples=60, deadline=None)
@given(sheets(), st.sampled_from([0, workbook_xlsx.MAPPING_BYTES]))
def test_what_was_written_is_read(sheet: tuple[list[list[Any]], set[int], set[int], Span | None], size: int) -> None:
    table, hidden_rows, hidden_columns, span = sheet
    book = openpyxl.Workbook()
    book.active["A1"] = "Name"
    for number, row in enumerate(table, start=1):
        for column, value in enumerate(row, start=1):
            book.active.cell(number + 1, column, value)
    for row_number in hidden_rows:
        book.active.row_dimensions[row_number + 1].hidden = True
    for column in hidden_columns:
        book.active.column_dimensions[openpyxl.utils.get_column_letter(column)].hidden = True
    if span:
        book.active.merge_cells(
            start_row=span.first_row + 1, end_row=span.last_row + 1,
            start_column=span.first_column, end_column=span.last_column,
        )  # fmt: skip
    expected = trimmed([
        ["Name", *[""] * (len(table[0]) - 1)],
        *([("" if is_inside(span, number, column) else as_text(value)) for column, value in enumerate(row, start=1)]
          for number, row in enumerate(table, start=1)),
    ])  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        book.save(path := Path(folder) / "made.xlsx")
        original, workbook_xlsx.MAPPING_BYTES = workbook_xlsx.MAPPING_BYTES, size
        try:
            (grid,) = read_grids(path, "xlsx", Hints())
        finally:
            workbook_xlsx.MAPPING_BYTES = original
    assert grid.rows == expected
    assert grid.merges == (
        (Span(span.first_row + 1, span.first_column, span.last_row + 1, span.last_column),) if span else ()
    )
    assert grid.hidden_rows == {row + 1 for row in hidden_rows if row + 1 <= len(expected)}
    assert grid.hidden_columns == {column for column in hidden_columns if column <= len(expected[0])}
    days = {
        (number + 1, column)
        for number, row in enumerate(table, start=1)
        for column, value in enumerate(row, start=1)
        if isinstance(value, datetime.date) and not is_inside(span, number, column)
    }
    if size:
        assert {(mark.row, mark.column) for mark in grid.marks if mark.kind == "date"} == days
