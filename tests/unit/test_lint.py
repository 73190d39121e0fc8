"""`observatory lint`: each rule on a table that breaks it and on one that does not.

Belongs here: rules on sheets made by hand, and the command on real files. Does not belong here: reading files.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from typer.testing import CliRunner

from ingest.lint.breach import Breach, ranges_of, rules
from ingest.lint.lint import BLOCK_RULES, CELL_RULES, lint_file, lint_grid
from ingest.message import catalogue
from ingest.problem import Outcome
from ingest.tables.child import lint_foreign
from ingest.tables.grid import Grid, Span
from ingest.tables.printed import Mark
from orchestration import lint_command
from orchestration.commands import app

HEADER = ("Prefecture", "Name", "Members (persons)", "Founded")
ROWS = (
    ("大阪府", "Mihon A", "120", "2013"),
    ("兵庫県", "Mihon B", "30", "2014"),
    ("北海道", "Mihon C", "12", "2015"),
    ("東京都", "Mihon D", "7", "2016"),
)


def with_cell(row: int, column: int, text: str) -> Grid:
    """The clean table with one cell changed; rows and columns from 1, row 1 is the header."""
    rows = [list(cells) for cells in (HEADER, *ROWS)]
    rows[row - 1][column - 1] = text
    return Grid("csv", "", rows)


def broken(grid: Grid) -> dict[str, Breach]:
    return {breach.rule: breach for breach in lint_grid(grid)}


def test_a_clean_table_breaks_no_rule() -> None:
    assert broken(Grid("csv", "", (HEADER, *ROWS))) == {}


@pytest.mark.parametrize(
    ("rule", "row", "column", "text"),
    [
        ("one_datum", 3, 2, "Mihon B; Mihon E"),
        ("one_datum", 3, 3, "30 (25%)"),
        ("one_datum", 3, 3, "10～20"),
        ("plain_numbers", 3, 3, "約30"),
        ("plain_numbers", 3, 3, "1,234"),
        ("plain_numbers", 3, 3, "３０"),
        ("plain_numbers", 3, 3, "▲3"),
        ("no_layout_blanks", 3, 2, " Mihon B"),
        ("no_layout_blanks", 3, 2, "見　本"),
        ("no_layout_blanks", 1, 2, "Na\nme"),
        ("no_omissions", 3, 2, "〃"),
        ("no_omissions", 3, 1, ""),
        ("plain_characters", 3, 2, "㈱ミホン"),
        ("plain_characters", 3, 2, "ミホン①"),
        ("plain_characters", 3, 2, "ﾐﾎﾝ"),
        ("plain_characters", 3, 2, "髙ミホン"),
        ("plain_characters", 3, 2, "Mi\u200bhon"),
        ("western_years", 3, 4, "平成26年"),
        ("western_years", 3, 4, "令和元年5月"),
        ("western_years", 3, 4, "H26.4.1"),
        ("areas_named", 3, 1, "見本県"),
        ("units_stated", 1, 3, "Size"),
    ],
)
def test_a_cell_breaks_its_rule_and_no_other(rule: str, row: int, column: int, text: str) -> None:
    found = broken(with_cell(row, column, text))
    assert set(found) == {rule}
    assert found[rule].ranges == (f"{'ABCD'[column - 1]}{row}",)
    assert found[rule].count == 1


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        (3, 3, "-"), (3, 3, "…"), (3, 3, "-5"), (3, 3, "1.5"), (3, 2, "Mihon ～ B"), (3, 2, "Île de Mihon"),
        (3, 2, "ミホン（株）"), (3, 4, "平成26年（2014年）"), (3, 1, "28"), (3, 1, "Hyogo"), (1, 3, "会員数"),
        (3, 2, "The list was closed in the year before; two entries were added later by hand"), (3, 1, "Hyogo²"),
        (1, 3, "Number of members"), (1, 3, "members"), (3, 2, "Mihon 3"), (3, 2, "Rhine.Mihon"), (3, 2, "H2 Mihon"),
    ],
)  # fmt: skip
def test_a_usual_cell_breaks_no_rule(row: int, column: int, text: str) -> None:
    assert broken(with_cell(row, column, text)) == {}


def test_what_only_a_workbook_has() -> None:
    rows = (HEADER, *ROWS)
    marks = (
        Mark(3, 3, "text_number"), Mark(4, 3, "no_value", "=SUM(C2:C3)"), Mark(5, 2, "struck"), Mark(4, 2, "colour"),
    )  # fmt: skip
    found = broken(
        Grid("xlsx", "Mihon", rows, (Span(2, 1, 3, 1),), frozenset({5}), frozenset({4}), marks)
    )  # fmt: skip
    expected = {"plain_numbers", "no_merges", "values_stand", "nothing_hidden", "format_is_no_data"}
    assert expected <= set(found)
    assert found["no_merges"].ranges == ("A2:A3",)
    assert found["nothing_hidden"].ranges == ("5:5", "D:D")
    assert found["format_is_no_data"].ranges == ("B4:B5",)
    assert found["values_stand"].example == "12"
    assert found["no_merges"].sheet == "Mihon"


def test_gaps_and_headers_that_are_not_first() -> None:
    grid = Grid("csv", "", (("Mihon table", "", "", ""), HEADER, ROWS[0], ("", "", "", ""), *ROWS[1:]))
    found = broken(grid)
    assert found["header_first"].ranges == ("A2:D2",)
    assert found["not_divided"].ranges == ("A4:D4",)


def test_every_rule_has_its_words_and_its_function() -> None:
    by_function = {rule.__name__ for rule in CELL_RULES} | {name for name, _ in BLOCK_RULES}
    assert by_function | {"file_format", "no_objects", "nothing_hidden", "one_table"} == set(rules())
    for rule, row in rules().items():
        assert all((row.en, row.ja, row.source))
        problem = Breach(rule, "Mihon", 3, ("B4:B9",), 1, "例").problem("mihon.xlsx")
        assert problem.outcome is Outcome.WARN
        assert "sheet Mihon, cell B4:B9" in str(problem)
        assert "シート「Mihon」、セルB4:B9" in problem.japanese
    assert {code for code in catalogue() if code.startswith("lint_")} == {f"lint_{rule}" for rule in rules()}


def test_addresses_are_given_as_ranges() -> None:
    assert ranges_of([(4, 2), (5, 2), (6, 2), (9, 2)]) == ["B4:B6", "B9"]
    assert ranges_of([(4, 2), (4, 3), (5, 2), (5, 3)]) == ["B4:C5"]
    assert ranges_of([(1, 27), (1, 1)]) == ["A1", "AA1"]
    assert ranges_of([]) == []


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of an office: title, merged cells, a company sign, an era year, a struck line."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "一覧"
    sheet.append(["クラスター一覧（見本）"])
    sheet.append(HEADER)
    for row in (("大阪府", "㈱ミホン", "約50", "平成25年"), *ROWS[1:]):
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    sheet["B5"].font = Font(strike=True)
    sheet["B6"].fill = PatternFill("solid", fgColor="FFFF00")
    path = tmp_path_factory.mktemp("lint") / "mihon.xlsx"
    book.save(path)
    return path


def test_the_command_lists_cells_in_both_languages_and_says_so_by_its_exit_code(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The file is opened in a process of its own once; what it says there is told in three ways.
    monkeypatch.setattr(lint_command, "lint_foreign", cache(lint_foreign))
    said = CliRunner().invoke(app, ["lint", str(workbook)])
    assert said.exit_code == 1
    for part in ("mihon.xlsx: ", "1-4  No merged cells", "一覧 A3:A4", "1-10 ", "B3", "1-11 ", "D3"):
        assert part in said.output
    japanese = CliRunner().invoke(app, ["lint", "--ja", str(workbook)])
    assert japanese.exit_code == 1
    for part in ("項目に違反があります", "1-4  セルの結合をしていないか", "対処: 西暦を併記してください"):
        assert part in japanese.output
    as_json = CliRunner().invoke(app, ["lint", "--json", str(workbook)])
    breaches = {each["rule"]: each for each in json.loads(as_json.output)["breaches"]}
    assert breaches["no_merges"]["ranges"] == ["A3:A4"]
    assert breaches["format_is_no_data"]["ranges"] == ["B5:B6"]
    assert "mihon.xlsx、シート「一覧」" in breaches["no_merges"]["message_ja"]


def test_the_command_is_content_with_a_clean_file_and_refuses_what_is_no_table(tmp_path: Path) -> None:
    clean = tmp_path / "clean.csv"
    clean.write_text("\n".join(",".join(cells) for cells in (HEADER, *ROWS)) + "\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["lint", str(clean)])
    assert (said.exit_code, said.output) == (0, f"clean.csv: every rule is kept ({len(rules())} looked at).\n")
    page = tmp_path / "page.xlsx"
    page.write_text("<html><table></table></html>", encoding="utf-8")
    refused = CliRunner().invoke(app, ["lint", "--json", str(page)])
    assert refused.exit_code == 1
    assert json.loads(refused.output)["refused"][0]["outcome"] == "QUAR"


def test_a_table_in_code_page_932_is_looked_at_like_its_twin(tmp_path: Path) -> None:
    rows = (
        "都道府県,団体名,会員数",
        "大阪府,㈱ミホン,約50",
        "兵庫県,ミホン工業会,30",
        "京都府,ミホン協会,20",
        "滋賀県,ミホン連合,10",
    )
    text = "\r\n".join(rows)
    found = []
    for name, encoding in (("a.csv", "cp932"), ("b.csv", "utf-8-sig")):
        (tmp_path / name).write_bytes(text.encode(encoding))
        found.append(lint_file(tmp_path / name))
    assert found[0] == found[1]
    assert [breach.rule for breach in found[0]] == ["plain_numbers", "plain_characters"]
