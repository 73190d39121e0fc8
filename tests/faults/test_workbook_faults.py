"""Faults of workbooks: what is hidden, struck, wrong, never computed, or read differently by two programs."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ingest.problem import Outcome, SourceError
from ingest.tables.grid import Grid, Span
from ingest.tables.printed import Hints, Mark
from ingest.tables.reader import read_table
from ingest.tables.workbook import read_grids
from tests.faults.told import told
from tests.fixtures.workbooks.ooxml import DAY, JAPANESE_DAY, sheet_xml, write_workbook

pytestmark = pytest.mark.fault
FIXTURES = Path(__file__).parents[1] / "fixtures" / "workbooks"


def read_one(path: Path, kind: str = "xlsx", sheet: str = "") -> Grid:
    (grid,) = read_grids(path, kind, Hints(sheet=sheet))
    return grid


def refused(path: Path, sheet: str = "") -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_grids(path, "xlsx", Hints(sheet=sheet))
    return caught.value


def saved(book: openpyxl.Workbook, folder: Path) -> Path:
    path = folder / "made.xlsx"
    book.save(path)
    return path


def marks(grid: Grid, kind: str) -> list[tuple[int, int, str]]:
    return [(mark.row, mark.column, mark.text) for mark in grid.marks if mark.kind == kind]


def test_x03_a_merged_block_is_kept_with_its_ends_and_not_filled(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Prefecture", "Name"], ["兵庫県", "a"], *([None, name] for name in "bcdef")):
        book.active.append(row)
    book.active.merge_cells("A2:A6")
    grid = read_one(saved(book, tmp_path))
    assert grid.merges == (Span(2, 1, 6, 1),)
    assert [row[0] for row in grid.rows] == ["Prefecture", "兵庫県", "", "", "", "", ""]


def test_x03_text_under_a_merged_block_is_not_read(tmp_path: Path) -> None:
    """A program may leave a value in a cell that nobody sees; openpyxl drops it, python-calamine gives it."""
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>'
    merged = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    grid = read_one(write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(rows, after=merged)}))
    assert [list(row) for row in grid.rows] == [["1"], ["3"]]
    told(grid.problems, "text_under_merged_cells", Outcome.WARN, ["B1"], ["結合セル", "B1"])


def test_x04_hidden_rows_and_columns_are_left_out_and_counted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Name", "No", "Sector", "Note"])
    for number in range(2, 7):
        book.active.append([f"Mihon {number}", number, "x", "y"])
    book.active.row_dimensions[3].hidden = True
    book.active.row_dimensions[99].hidden = True
    book.active.column_dimensions.group("B", "C", hidden=True)
    path = saved(book, tmp_path)
    grid = read_one(path)
    assert (grid.hidden_rows, grid.hidden_columns) == ({3}, {2, 3})
    printed = read_table(path, Hints(headers=("Name", "Note")), tmp_path / "printed")
    assert printed.facts.header == ("Name", "Note")
    rows = [row for batch in printed.batches() for row in batch.to_pylist()]
    assert [(row["row_number"], row["left_out"]) for row in rows][:3] == [(2, None), (3, "hidden row"), (4, None)]
    told(printed.facts.problems, "rows_hidden", Outcome.WARN, ["hidden rows: 1 (row 3)"], ["非表示1行（3行）"])
    told(printed.facts.problems, "columns_hidden", Outcome.WARN, ["hidden columns: 2 (B, C)"], ["非表示2列（B, C）"])


def test_x04_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Open"
    book.active["A1"] = "seen"
    for name, state in (("Old", "hidden"), ("Secret", "veryHidden")):
        book.create_sheet(name)["A1"] = "unseen"
        book[name].sheet_state = state
    path = saved(book, tmp_path)
    grid = read_one(path)
    assert (grid.sheet, grid.rows) == ("Open", [("seen",)])
    told(grid.problems, "sheets_hidden", Outcome.WARN, ["2 hidden: Old, Secret"], ["非表示のシート", "Old, Secret"])
    for name in ("Old", "Secret"):
        problems = refused(path, sheet=name).problems
        told(problems, "sheet_asked_for_is_hidden", Outcome.QUAR, [f"'{name}' is hidden", "Open"], ["非表示", "Open"])


def test_x05_struck_names_are_marked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("Name", "Mihon", "Sample"):
        book.active.append([name, 1])
    book.active["A3"].font = Font(strike=True)
    book.active["C2"].font = Font(strike=True)  # an empty cell has nothing to strike through
    grid = read_one(saved(book, tmp_path))
    assert marks(grid, "struck") == [(3, 1, "")]
    told(grid.problems, "cells_struck", Outcome.WARN, ["A3", "review"], ["取り消し線", "A3"])


def test_x05_a_struck_run_of_rich_text(tmp_path: Path) -> None:
    strings = [
        "<r><rPr><strike/></rPr><t>whole</t></r>",
        '<r><rPr><strike/></rPr><t xml:space="preserve">old </t></r><r><t>new</t></r>',
        '<r><rPr><strike val="0"/></rPr><t>not struck</t></r>',
    ]
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in (1, 2, 3))
    inline = '<row r="4"><c r="A4" t="inlineStr"><is><r><rPr><strike/></rPr><t>inline</t></r></is></c></row>'
    grid = read_one(write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(rows + inline)}, strings))
    assert [row[0] for row in grid.rows] == ["whole", "old new", "not struck", "inline"]
    assert marks(grid, "struck") == [(1, 1, ""), (4, 1, "")]
    told(grid.problems, "cells_partly_struck", Outcome.WARN, ["A2"], ["一部に取り消し線", "A2"])


@pytest.mark.parametrize("sign", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
def test_x08_error_cells_keep_their_sign_and_address(tmp_path: Path, sign: str) -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Members</t></is></c></row>'
        f'<row r="2"><c r="A2" t="e"><f>B9</f><v>{sign}</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>'
    )
    grid = read_one(write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(rows)}))
    assert [row[0] for row in grid.rows] == ["Members", sign, "1"]
    assert marks(grid, "error") == [(2, 1, sign)]
    told(grid.problems, "cell_errors", Outcome.WARN, ["sheet S", "A2"], ["エラー", "A2"])


def test_x08_an_error_in_the_last_row_and_an_odd_sign(tmp_path: Path) -> None:
    """python-calamine gives no text for an error and knows no sign newer than 2010; that one is refused, not lost."""
    last = '<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="B3" t="e"><v>#N/A</v></c></row>'
    grid = read_one(write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(last)}))
    assert [list(row) for row in grid.rows] == [["1", ""], ["", ""], ["", "#N/A"]]
    odd = sheet_xml('<row r="1"><c r="A1" t="e"><v>#SPILL!</v></c></row>')
    problems = refused(write_workbook(tmp_path / "odd.xlsx", {"S": odd})).problems
    told(problems, "workbook_unreadable", Outcome.QUAR, ["#SPILL!"], ["読み取れません", "#SPILL!"])


def test_x09_a_formula_that_was_never_computed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Name", "n"], ["Mihon", 2], ["Total", "=SUM(B2:B2)"]):
        book.active.append(row)
    grid = read_one(saved(book, tmp_path))
    assert grid.rows[2] == ("Total", "")
    assert marks(grid, "no_value") == [(3, 2, "=SUM(B2:B2)")]
    told(grid.problems, "formula_without_value", Outcome.WARN, ["B3", "Excel or LibreOffice"], ["計算結果", "B3"])


def test_x09_an_empty_text_is_a_computed_value(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><f>1+1</f><v>2</v></c></row>'
    grid = read_one(write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(rows)}))
    assert grid.rows == [("", "2")]
    assert marks(grid, "no_value") == []


def test_x10_the_1904_date_system_gives_the_days_of_its_twin(tmp_path: Path) -> None:
    days = [datetime.date(2013, 4, 1), datetime.date(1999, 12, 31), datetime.datetime(2024, 2, 29, 23, 59, 59)]
    grids = []
    for is_1904 in (False, True):
        book = openpyxl.Workbook()
        book.epoch = CALENDAR_MAC_1904 if is_1904 else book.epoch
        for day in days:
            book.active.append([day])
        grids.append(read_one(saved(book, tmp_path)))
    twin, grid = grids
    assert [row[0] for row in grid.rows] == ["2013-04-01", "1999-12-31", "2024-02-29T23:59:59"]
    assert (grid.rows, grid.marks) == (twin.rows, twin.marks)
    told(grid.problems, "days_from_1904", Outcome.FIX, ["1904"], ["1904年"])


@pytest.mark.parametrize("serial", ["60", "59", "1", "0", "0.5", "-1", "2958466"])
def test_x11_a_number_that_is_no_certain_day_stays_a_number(tmp_path: Path, serial: str) -> None:
    """29 February 1900 never was; before it programs are a day apart; negative days and year 10000 are none."""
    rows = f'<row r="1"><c r="A1" s="{DAY}"><v>{serial}</v></c><c r="B1" s="{DAY}"><v>61</v></c></row>'
    grid = read_one(write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(rows)}))
    assert grid.rows == [(serial, "1900-03-01")]
    assert marks(grid, "error") == [(1, 1, serial)]
    told(grid.problems, "day_not_in_calendar", Outcome.WARN, ["A1", "1 March 1900"], ["1900年3月1日", "A1"])


def test_x11_only_a_date_format_makes_a_day_of_a_number(tmp_path: Path) -> None:
    """Format 31 is a day to every Japanese Excel, and to neither python-calamine nor openpyxl."""
    rows = (
        f'<row r="1"><c r="A1"><v>41365</v></c><c r="B1" s="{JAPANESE_DAY}"><v>41365</v></c>'
        '<c r="C1" t="inlineStr"><is><t>31/4/25</t></is></c></row>'
    )
    grid = read_one(write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(rows)}))
    assert grid.rows == [("41365", "2013-04-01", "31/4/25")]
    assert marks(grid, "date") == [(1, 2, "2013-04-01")]


def test_x18_a_sheet_formatted_to_its_last_row_ends_with_its_last_text(tmp_path: Path) -> None:
    filled = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    empty = "".join(f'<row r="{n}" spans="1:9" s="1" customFormat="1"/>' for n in range(3, 1_048_576, 3))
    last = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    grid = read_one(write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(filled + empty + last)}))
    assert grid.rows == [("1",), ("2",)]
    told(grid.problems, "rows_formatted_beyond", Outcome.FIX, ["row 2", "row 1048576"], ["2行", "1048576行"])


def test_x18_a_stray_cell_in_the_last_corner_is_refused_before_memory_is_asked_for(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    problems = refused(write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(rows)})).problems
    told(problems, "sheet_too_spread", Outcome.QUAR, ["row 1048576 and column XFD"], ["極端に離れたセル", "XFD"])


DISAGREEMENTS = {
    "two values in one cell": '<c r="A1"><v>1</v><v>2</v></c>',
    "a comment inside a number": '<c r="A1"><v>1<!-- --></v></c><c r="B1"><v>1<!-- -->2</v></c>',
    "text and value in one cell": '<c r="A1" t="inlineStr"><is><t>x</t></is><v>y</v></c>',
    "text in a cell that says number": '<c r="A1"><is><t>x</t></is></c>',
    "a string before the first": '<c r="A1" t="s"><v>-1</v></c>',
    "a marked section": '<c r="A1" t="str"><v><![CDATA[a<b]]></v></c>',
    "markup inside a text": '<c r="A1" t="str"><v>a<b>c</b></v></c>',
}


@pytest.mark.parametrize("case", DISAGREEMENTS)
def test_x21_two_readings_that_differ(tmp_path: Path, case: str) -> None:
    """What the two libraries really read differently, found by trying."""
    rows = f'<row r="1">{DISAGREEMENTS[case]}</row><row r="2"><c r="A2"><v>7</v></c></row>'
    path = write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(rows)}, ["first", "last"])
    problems = refused(path).problems
    cell = "B1" if case == "a comment inside a number" else "A1"
    told(problems, "readers_disagree", Outcome.QUAR, ["sheet S", f"{cell}: '"], ["一致しません", f"{cell}: '"])


def test_x21_two_lists_of_rows_in_one_sheet(tmp_path: Path) -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        "</worksheet>", '<sheetData><row r="1"><c r="A1"><v>2</v></c></row></sheetData></worksheet>'
    )
    problems = refused(write_workbook(tmp_path / "made.xlsx", {"S": xml})).problems
    told(problems, "readers_disagree", Outcome.QUAR, ["A1: '1' / '2'"], ["A1: '1' / '2'"])


def test_x21_a_string_that_is_not_there(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>7</v></c></row>'
    problems = refused(write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(rows)}, ["only"])).problems
    told(problems, "workbook_unreadable", Outcome.QUAR, ["string"], ["読み取れません"])


def test_x23_an_ods_twin_gives_the_same_sheet() -> None:
    """Both were saved by LibreOffice from one sheet; only the name and the kind of the file differ."""
    grid = read_one(FIXTURES / "saved_by_libreoffice.xlsx")
    twin = read_one(FIXTURES / "saved_by_libreoffice.ods", "ods")
    for part in ("sheet", "rows", "merges", "hidden_rows", "hidden_columns", "marks"):
        assert getattr(twin, part) == getattr(grid, part)
    assert [each.code for each in twin.problems] == [each.code for each in grid.problems]
    assert [list(row[:6]) for row in twin.rows[3:5]] == [
        ["Mihon Ⅰ", "兵庫県", "12", "0.5", "2013-04-01", "0007"],
        ["Sample\nsecond line", "", "0012", "0.125", "2013-04-01T12:00:00", "0012"],
    ]
    assert Mark(4, 1, "note", "copied from page 3") in twin.marks
    assert Mark(4, 11, "link", "https://example.org/site") in twin.marks
    assert Mark(7, 1, "struck") in twin.marks
    told(twin.problems, "numbers_shown_with_zeros", Outcome.FIX, ["F4, F5"], ["F4, F5"])


def test_x24_a_number_kept_as_text_has_the_same_text_and_a_mark(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for value in ("Members", 1234, "1234", "１２", "0012", "12 firms", "▲3"):
        book.active.append([value])
    grid = read_one(saved(book, tmp_path))
    assert [row[0] for row in grid.rows[:3]] == ["Members", "1234", "1234"]
    assert marks(grid, "text_number") == [(3, 1, ""), (4, 1, ""), (5, 1, "")]
    told(grid.problems, "numbers_kept_as_text", Outcome.FIX, ["cells (3): A3, A4, A5"], ["文字列として", "A3, A4, A5"])


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "@SUM(1)", "+1", "\t=1+1", "＝1", "-2+3"])
def test_q02_a_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Name"
    book.active["A2"] = text
    book.active["A2"].data_type = "s"
    assert [row[0] for row in read_one(saved(book, tmp_path)).rows] == ["Name", text]


def test_q02_a_formula_is_never_computed(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><f>cmd|\' /C calc\'!A0</f></c><c r="B1"><v>1</v></c></row>'
    grid = read_one(write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(rows)}))
    assert grid.rows == [("", "1")]
    assert marks(grid, "no_value") == [(1, 1, "=cmd|' /C calc'!A0")]
    told(grid.problems, "formula_without_value", Outcome.WARN, ["A1"], ["A1"])
