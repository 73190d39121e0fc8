"""Workbooks to sheets of text: the forms of Excel and LibreOffice, large sheets, XML written in other ways."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ingest.problem import Outcome, SourceError
from ingest.tables import workbook_xlsx
from ingest.tables.grid import Grid, Span
from ingest.tables.printed import Hints, Mark
from ingest.tables.workbook import read_grids
from ingest.tables.workbook_styles import format_of
from ingest.tables.workbook_values import number_text
from tests.faults.told import told
from tests.fixtures.workbooks.make_workbooks import source_sheet
from tests.fixtures.workbooks.ooxml import DAY, MAIN, PERCENT, STRUCK, relations_xml, sheet_xml, write_workbook

FIXTURES = Path(__file__).parents[1] / "fixtures" / "workbooks"


def read_one(path: Path, kind: str = "xlsx") -> Grid:
    (grid,) = read_grids(path, kind, Hints())
    return grid


def made(folder: Path, rows: str, **parts: str) -> Path:
    return write_workbook(folder / "made.xlsx", {"S": sheet_xml(rows, **parts)})


def inline(cell: str, text: str) -> str:
    return f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_a_workbook_in_the_form_of_excel() -> None:
    """Readings of names (rPh) are no part of them; worked by hand from the XML in ``make_workbooks``."""
    grid = read_one(FIXTURES / "excel_shared_strings.xlsx")
    assert grid.rows == [
        ("名称", "都道府県", "会員数", "設立日", "合計", "備考"),
        ("見本集積", "兵庫県", "12", "2013-04-01", "57.3", ""),
        ("二色の名前", "", "45", "2014-04-01", "#N/A", " 前後に空白 "),
        ("消した名前", "", "0.3", "", "", "一行目\n二行目"),
        ("旧名新名", "", "TRUE", "", "", ""),
    ]
    assert grid.merges == (Span(2, 2, 4, 2),)
    assert grid.marks == (
        Mark(2, 3, "note", "is this right?\nyes"),
        Mark(2, 4, "date", "2013-04-01"),
        Mark(3, 3, "note", "counted by hand"),
        Mark(3, 4, "date", "2014-04-01"),
        Mark(3, 5, "error", "#N/A"),
        Mark(4, 1, "struck"),
    )


def test_a_workbook_saved_by_libreoffice_says_what_its_source_says(tmp_path: Path) -> None:
    """The same sheet before LibreOffice saved it; only what LibreOffice computed is new."""
    source = read_one(source_sheet(tmp_path / "source.xlsx"))
    grid = read_one(FIXTURES / "saved_by_libreoffice.xlsx")
    computed = {(4, 10): "#DIV/0!", (5, 10): "12", (6, 10): "Mihon Ⅰ"}
    expected = [
        tuple(computed.get((row, column), text) for column, text in enumerate(texts, start=1))
        for row, texts in enumerate(source.rows, start=1)
    ]
    assert grid.rows == expected
    assert (grid.merges, grid.hidden_rows, grid.hidden_columns) == ((Span(4, 2, 6, 2),), {6}, {7})
    told_by_both = {mark for mark in source.marks if (mark.row, mark.column) not in computed}
    assert {mark for mark in grid.marks if (mark.row, mark.column) not in computed} == told_by_both


def test_a_large_sheet_is_read_like_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fixture the other way; only days are not marked one by one."""
    for path in (FIXTURES / "excel_shared_strings.xlsx", source_sheet(tmp_path / "source.xlsx")):
        small = read_one(path)
        with monkeypatch.context() as patch:
            patch.setattr(workbook_xlsx, "MAPPING_BYTES", 0)
            large = read_one(path)
        assert large.rows == small.rows
        assert [mark for mark in small.marks if mark.kind != "date"] == [
            mark for mark in large.marks if mark.kind != "date"
        ]
        assert (large.merges, large.hidden_rows, large.hidden_columns) == (
            *(small.merges, small.hidden_rows, small.hidden_columns),
        )


def test_a_large_sheet_says_how_far_it_was_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_xlsx, "MAPPING_BYTES", 0)
    book = openpyxl.Workbook()
    for number in range(4000):
        book.active.append([f"name {number}", number])
    book.save(tmp_path / "made.xlsx")
    grid = read_one(tmp_path / "made.xlsx")
    assert (len(grid.rows), grid.rows[3999]) == (4000, ("name 3999", "3999"))
    told(grid.problems, "compared_in_part", Outcome.FIX, ["first 1500 rows"], ["最初の1500行"])


def test_odd_days_are_found_in_a_large_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_xlsx, "MAPPING_BYTES", 0)
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="{DAY}"><v>{v}</v></c></row>' for n, v in enumerate((41365, -1), 1))
    assert [row[0] for row in read_one(made(tmp_path, rows)).rows] == ["2013-04-01", "-1"]


def test_readings_of_a_large_sheet_that_differ_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_xlsx, "MAPPING_BYTES", 0)
    path = made(tmp_path, '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>')
    with pytest.raises(SourceError) as caught:
        read_grids(path, "xlsx", Hints())
    assert "A1: '2' / '1'" in str(caught.value)


PLAIN = (
    f'<row r="1" hidden="1">{inline("A1", "Name")}<c r="B1" s="{STRUCK}"><v>1</v></c></row>'
    f'<row r="3"><c r="B3" s="{PERCENT}"><v>0.25</v></c><c r="C3" t="e"><v>#N/A</v></c></row>'
)
OTHER_FORMS = {
    "attributes in another order": lambda xml: xml.replace('r="B1" s="2"', 's="2" r="B1"'),
    "single quotes": lambda xml: (
        xml.replace('s="3"', "s='3'").replace('t="e"', "t='e'").replace('hidden="1"', "hidden='1'")
    ),
    "a prefix": lambda xml: (
        xml.replace("<", "<x:").replace("<x:/", "</x:").replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    ),
    "no addresses": lambda xml: xml.replace(' r="A1"', "").replace(' r="B1"', "").replace(' r="1"', ""),
    "a comment": lambda xml: xml.replace("<sheetData>", "<!-- x --><sheetData>"),
    "a line break in a tag": lambda xml: xml.replace('<c r="B1"', '<c\n r="B1"'),
    "a wrong dimension": lambda xml: xml.replace("<sheetData>", '<dimension ref="A1"/><sheetData>'),
}


@pytest.mark.parametrize("form", OTHER_FORMS)
def test_xml_written_in_another_form_says_the_same(tmp_path: Path, form: str) -> None:
    plain = read_one(made(tmp_path, PLAIN))
    assert plain.rows == [("Name", "1", ""), ("", "", ""), ("", "0.25", "#N/A")]
    assert plain.hidden_rows == {1}
    assert plain.marks == (Mark(1, 2, "struck"), Mark(3, 2, "percent", "25%"), Mark(3, 3, "error", "#N/A"))
    xml = OTHER_FORMS[form](sheet_xml(PLAIN))
    assert xml != sheet_xml(PLAIN)
    (tmp_path / "other").mkdir()
    assert read_one(write_workbook(tmp_path / "other" / "made.xlsx", {"S": xml})) == plain


def test_the_colour_of_a_header_is_layout(tmp_path: Path) -> None:
    """A coloured header says nothing; a coloured row below it may say something, so its colours are listed."""
    book = openpyxl.Workbook()
    fill = openpyxl.styles.PatternFill("solid", fgColor="FF00B050")
    for row in (["A title"], ["Name", "n"], ["a", 1], ["b", 2]):
        book.active.append(row)
    for cell in ("A2", "B2", "A4"):
        book.active[cell].fill = fill
    book.save(tmp_path / "made.xlsx")
    grid = read_one(tmp_path / "made.xlsx")
    assert [mark for mark in grid.marks if mark.kind == "colour"] == [Mark(4, 1, "colour", "#00B050")]
    told(grid.problems, "colour_in_cells", Outcome.WARN, ["A4", "#00B050"], ["色", "#00B050"])


def test_links_keep_text_and_target(tmp_path: Path) -> None:
    links = '<hyperlinks><hyperlink ref="A1" r:id="rId1"/><hyperlink ref="B1" location="S!C9"/></hyperlinks>'
    rows = f'<row r="1">{inline("A1", "site")}{inline("B1", "below")}</row>'
    parts = {"xl/worksheets/_rels/sheet1.xml.rels": relations_xml([("hyperlink", "https://example.org/a?b=1&amp;c=2")])}
    path = write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(rows, after=links)}, parts=parts)
    grid = read_one(path)
    assert grid.rows == [("site", "below")]
    assert grid.marks == (Mark(1, 1, "link", "https://example.org/a?b=1&c=2"), Mark(1, 2, "link", "#S!C9"))


def test_sheets_come_in_order_and_one_can_be_asked_for(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "First"
    book.active["A1"] = "1"
    book.create_sheet("Empty")
    book.create_sheet("Last")["B2"] = "2"
    path = tmp_path / "made.xlsx"
    book.save(path)
    assert [grid.sheet for grid in read_grids(path, "xlsm", Hints())] == ["First", "Last"]
    (last,) = read_grids(path, "xlsx", Hints(sheet="Last"))
    assert last.rows == [("", ""), ("", "2")]
    for sheet, code, words in (
        ("Lost", "sheet_not_there", "nearest: Last"),
        ("Empty", "sheet_without_text", ""),
    ):
        with pytest.raises(SourceError) as caught:
            read_grids(path, "xlsx", Hints(sheet=sheet))
        told(caught.value.problems, code, Outcome.QUAR, [sheet, words], [sheet])


@pytest.mark.parametrize(
    ("code", "shows"),
    [
        ("0.00%", "percent"), ("yyyy/m/d", "day"), ('yyyy"年"m"月"d"日"', "day"), ("[$-411]ge.m.d", "day"),
        ('[$-411]ggge"年"', "day"), ("h:mm:ss", "clock"), ("[h]:mm", "length"), ("000", "padded"), ("#,##0", ""),
        ('0"day"', ""), ("[Red]0.0", ""), ("0.00E+00", ""), ("General", ""), ('0"％"', ""), ("mmm-yy", "day"),
        ("[$-F800]dddd, mmmm dd, yyyy", "day"), ("@", ""), ('#,##0_);[Red]\\(#,##0\\)', ""), ("mm:ss.0", "clock"),
    ],
)  # fmt: skip
def test_what_a_number_format_shows(code: str, shows: str) -> None:
    assert format_of(code)[0] == shows


@pytest.mark.parametrize(
    ("number", "text"),
    [(12.0, "12"), (-0.0, "0"), (0.1 + 0.2, "0.3"), (1e15, "1000000000000000"),
     (123456789012345678.0, "123456789012346000"),
     (1e-7, "0.0000001"), (2.5, "2.5"), (1 / 3, "0.333333333333333")],
)  # fmt: skip
def test_numbers_are_written_as_a_spreadsheet_shows_them(number: float, text: str) -> None:
    assert number_text(number) == text


def test_a_file_that_is_no_workbook_is_told() -> None:
    with pytest.raises(SourceError) as caught:
        read_grids(Path(__file__), "xlsx", Hints())
    told(caught.value.problems, "workbook_unreadable", Outcome.QUAR, ["cannot be read"], ["読み取れません"])


def test_styles_that_openpyxl_refuses_are_no_reason_to_refuse_the_file(tmp_path: Path) -> None:
    """Programs other than Excel write such styles; values do not stand in them."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    styles = (
        f'<styleSheet xmlns="{MAIN}"><fills count="1"><fill/></fills><cellXfs count="1"><xf/></cellXfs></styleSheet>'
    )
    grid = read_one(write_workbook(tmp_path / "made.xlsx", {"S": sheet_xml(rows)}, styles=styles))
    assert grid.rows == [("1",)]
    told(grid.problems, "not_compared", Outcome.WARN, ["one program only", "openpyxl"], ["一つのプログラムだけ"])


def test_a_value_that_one_reader_loses_at_the_end_is_missed(tmp_path: Path) -> None:
    """python-calamine drops a cell with text and value, and the row with it; a styled far cell costs nothing."""
    lost = '<c r="A2" t="inlineStr"><is><t>x</t></is><v>y</v></c>'
    rows = f'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="2">{lost}</row>'
    with pytest.raises(SourceError) as caught:
        read_grids(made(tmp_path, rows), "xlsx", Hints())
    assert "A2: '' / 'x'" in str(caught.value)


def test_a_text_or_formula_that_compares_with_a_quoted_word_is_read(tmp_path: Path) -> None:
    """XLSForm conditions look so; in the XML they look like an attribute in single quotes."""
    rows = (
        f"""<row r="1">{inline("A1", "${q1}='yes' and ${q2}='no'")}"""
        """<c r="B1" t="str"><f>A1='S 1'!B9</f><v>it's='x'</v></c></row>"""
    )
    grid = read_one(made(tmp_path, rows))
    assert [list(row) for row in grid.rows] == [["${q1}='yes' and ${q2}='no'", "it's='x'"]]
