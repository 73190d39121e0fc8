"""Rows kept by column answer as lists of rows do; numbers are written alike one by one and all at once."""

from __future__ import annotations

import datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.tables.printed import Hints
from ingest.tables.structure import table_of
from ingest.tables.text_columns import TURNED, TextColumns, blank_places, filled_places, width_of
from ingest.tables.workbook_sheet import Sheet, grid_of
from ingest.tables.workbook_values import clock_text, moment_text, number_text, read_rows

CELLS = st.sampled_from(["", "", " ", "\u3000\n", "\x1f", "a", "見本"])
TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6))


def by_column(rows: list[list[str]]) -> TextColumns:
    return TextColumns([pa.array(texts, pa.string()) for texts in zip(*rows, strict=True)], len(rows))


@settings(deadline=None)
@given(TABLES, st.integers(0, 6))
def test_questions_to_columns_are_answered_as_by_rows(rows: list[list[str]], start: int) -> None:
    kept = by_column(rows)
    assert list(kept) == list(map(tuple, rows))
    assert list(kept[start:]) == list(map(tuple, rows[start:]))
    assert width_of(kept) == width_of(rows)
    assert blank_places(kept, start) == blank_places(rows, start)
    for column in range(1, width_of(rows) + 2):
        assert list(filled_places(kept, column, start)) == list(filled_places(rows, column, start))


@settings(deadline=None)
@given(TABLES, st.dictionaries(st.tuples(st.integers(1, 7), st.integers(1, 5)), CELLS, max_size=3))
def test_a_sheet_is_the_same_whichever_way_it_is_kept(
    rows: list[list[str]], changed: dict[tuple[int, int], str]
) -> None:
    sheets = [Sheet("xlsx", "S", list(map(list, rows))), Sheet("xlsx", "S", by_column(rows))]
    for sheet in sheets:
        for place, text in changed.items():
            sheet.put(*place, text)
            assert sheet.text(*place) == text
    by_rows, kept = (list(map(tuple, grid_of(sheet, "list.xlsx").rows)) for sheet in sheets)
    assert kept == by_rows


def test_rows_far_apart_are_found() -> None:
    rows = [[str(number), ""] for number in range(2 * TURNED + 3)]
    kept = by_column(rows)
    assert [kept[place] for place in (0, 2 * TURNED, TURNED - 1, -1)] == [
        ("0", ""), (str(2 * TURNED), ""), (str(TURNED - 1), ""), (str(2 * TURNED + 2), ""),
    ]  # fmt: skip
    with pytest.raises(IndexError):
        kept[len(rows)]
    assert kept == rows
    assert kept != rows[1:]
    assert kept != [["x", ""], *rows[1:]]


@settings(deadline=None)
@given(TABLES)
def test_the_table_is_the_same_whichever_way_its_sheet_is_kept(rows: list[list[str]]) -> None:
    width = max(2, width_of(rows))
    header = ["No", "Name", "Place", "Note"][:width]
    rows = [["List of samples", *[""] * (width - 1)], header, *([*row, *[""] * (width - len(row))] for row in rows)]
    found = []
    for kept in (list(map(tuple, rows)), by_column(rows)):
        grid = grid_of(Sheet("xlsx", "S", kept), "list.xlsx")
        facts, pieces = table_of([grid], Hints(headers=tuple(header)), "list.xlsx")
        found.append((facts, [row for piece in pieces for row in piece.to_pylist()]))
    assert found[0] == found[1]


@pytest.mark.parametrize("with_blanks", [False, True])
@settings(deadline=None)
@given(
    numbers=st.lists(st.floats() | st.integers(-(10**17), 10**17).map(float) | st.decimals(-1, 1, places=9).map(float))
)
@example(numbers=[0.1 + 0.2, -0.0, 1e15, 123456789012345.0, 1234567890123456.0, 1e-5, 1e-7, 1e22, float("inf"), -5.25])
def test_numbers_are_written_alike_alone_and_by_column(with_blanks: bool, numbers: list[float]) -> None:
    values = [value for number in numbers for value in ((number, "") if with_blanks else (number,))]
    rows = read_rows([[value] for value in values]).rows
    assert [text for (text,) in rows] == ["" if value == "" else number_text(value) for value in values]


@pytest.mark.parametrize("n_rows", [3, 2000])
def test_a_column_of_all_kinds_keeps_their_order(n_rows: int) -> None:
    day, moment = datetime.date(2013, 4, 1), datetime.datetime(2013, 4, 1, 9, 30)
    kinds: list[tuple[Any, str]] = [
        (1.5, "1.5"), ("a\r\nb\rc", "a\nb\nc"), ("", ""), (day, "2013-04-01"), (True, "TRUE"),
        (moment, moment_text(moment)), (datetime.time(9, 30), clock_text(datetime.time(9, 30))), ("", ""),
    ]  # fmt: skip
    expected = [kinds[number * len(kinds) // n_rows] for number in range(n_rows)]
    read = read_rows([(value, "0012", number + 0.0) for number, (value, _) in enumerate(expected)], first_column=2)
    assert list(read.rows) == [("", text, "0012", str(number)) for number, (_, text) in enumerate(expected)]
    assert read.numbers_as_text == [(row, 3) for row in range(1, n_rows + 1)]
    assert read.has_odd_days
