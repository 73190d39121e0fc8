"""Faults of a table's structure: titles, levels, merges, totals, notes, several tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingest.problem import Outcome, SourceError
from ingest.synonyms import known_words
from ingest.tables.grid import Grid, Span
from ingest.tables.printed import Facts, Hints, Mark, Note
from ingest.tables.reader import read_table
from ingest.tables.structure import table_of
from tests.faults.told import told

pytestmark = pytest.mark.fault

CARD = Hints(headers=("Name", "Prefecture", "Members"))


def grid(*rows: list[str], merges: tuple[Span, ...] = (), **more: Any) -> Grid:
    return Grid("xlsx", more.pop("sheet", "List"), rows, merges, **more)


def read(*grids: Grid, hints: Hints = CARD) -> tuple[Facts, list[dict[str, Any]]]:
    """The facts and every row of the table, those left out too."""
    facts, pieces = table_of(grids, hints, "list.xlsx")
    return facts, [row for piece in pieces for row in piece.to_pylist()]


def entries(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [
        tuple(text for name, text in row.items() if name.startswith("c")) for row in rows if row["left_out"] is None
    ]


def test_x01_header_on_row_7_under_a_title_and_notes() -> None:
    facts, rows = read(
        grid(
            ["見本クラスター一覧"],
            [],
            ["2013年4月1日現在", "", "単位：社"],
            ["※ made up"],
            ["単位：社"],
            [],
            ["Name", "Prefecture", "Members"],
            ["Mihon", "Hyogo", "12"],
        )
    )
    assert facts.header == ("Name", "Prefecture", "Members")
    assert facts.header_rows == (7,)
    assert [row["row_number"] for row in rows] == [8]
    assert facts.notes == (
        Note(1, "見本クラスター一覧", "title"),
        Note(3, "2013年4月1日現在 単位:社".replace(":", "："), "title"),
        Note(4, "※ made up", "note"),
        Note(5, "単位：社", "unit"),
    )
    told(facts.problems, "header_below", Outcome.FIX, ["in row 7, filled lines above it: 4"], ["見出しは7行", "4行"])


def test_x02_two_level_merged_header() -> None:
    facts, rows = read(
        grid(
            ["Name", "Place", "", "Members", "", "URL"],
            ["", "Pref.", "City", "Firms", "Uni-\nversities", ""],
            ["Mihon", "Hyogo", "Kobe", "10", "2", "https://mihon.example.org"],
            merges=(Span(1, 1, 2, 1), Span(1, 2, 1, 3), Span(1, 4, 1, 5), Span(1, 6, 2, 6)),
        ),
        hints=Hints(),
    )
    assert facts.header == (
        "Name",
        "Place / Pref.",
        "Place / City",
        "Members / Firms",
        "Members / Uni- versities",
        "URL",
    )
    assert facts.header_rows == (1, 2)
    assert entries(rows) == [("Mihon", "Hyogo", "Kobe", "10", "2", "https://mihon.example.org")]
    told(facts.problems, "header_levels", Outcome.FIX, ["2 levels in rows 1 to 2", "Place / Pref."], ["1〜2行の2段"])


def test_x02_a_lower_level_with_more_known_words_is_not_the_header() -> None:
    rows = (["一覧"], ["名称", "参画機関", "", ""], ["", "企業数", "大学数", "会員数"], ["見本", "1", "2", "3"])
    merges = (Span(1, 1, 1, 4), Span(2, 1, 3, 1), Span(2, 2, 2, 4))
    facts, _ = read(grid(*rows, merges=merges), hints=Hints(words=known_words()))
    assert facts.header == ("名称", "参画機関 / 企業数", "参画機関 / 大学数", "参画機関 / 会員数")
    told(facts.problems, "header_levels", Outcome.FIX, ["rows 2 to 3"], ["2〜3行"])


def test_x02_three_levels_of_which_one_is_as_high_as_the_others_together() -> None:
    facts, _ = read(
        grid(
            ["Name", "Members", "", ""],
            ["", "Firms", "", "Universities"],
            ["", "large", "small", ""],
            ["Mihon", "1", "2", "3"],
            merges=(Span(1, 1, 3, 1), Span(1, 2, 1, 4), Span(2, 2, 2, 3), Span(2, 4, 3, 4)),
        ),
        hints=Hints(),
    )
    assert facts.header == (
        "Name",
        "Members / Firms / large",
        "Members / Firms / small",
        "Members / Universities",
    )
    told(facts.problems, "header_levels", Outcome.FIX, ["3 levels"], ["3段"])


def test_x03_merged_prefecture_over_5_rows_then_blank_unmerged() -> None:
    names = [[f"Mihon {number}", "Hyogo" if number == 1 else "", str(number)] for number in range(1, 8)]
    facts, rows = read(grid(["Name", "Prefecture", "Members"], *names, merges=(Span(2, 2, 6, 2),)))
    assert [row[1] for row in entries(rows)] == ["Hyogo"] * 5 + ["", ""]
    assert facts.marks == tuple(Mark(row, 2, "merged", "B2:B6") for row in range(3, 7))
    told(facts.problems, "merged_filled", Outcome.FIX, ["merged blocks: 1 (the first B2:B6)"], ["B2:B6"])
    told(
        facts.problems, "blank_beside_merge", Outcome.WARN, ["'Prefecture': 2 (B7, B8)"], ["列「Prefecture」", "B7, B8"]
    )


def test_x06_subtotals_and_a_grand_total_wrong_by_one() -> None:
    facts, rows = read(
        grid(
            ["Name", "Prefecture", "Members"],
            ["Mihon A", "Hyogo", "1,200"],
            ["Mihon B", "Hyogo", "３０"],
            ["小計", "", "1,230"],
            ["Total Solutions Cluster", "Osaka", "5"],
            ["Mihon D", "Osaka", "7社"],
            ["Osaka total", "", "12"],
            ["総　計", "", "1,243"],
        )
    )
    assert [row[0] for row in entries(rows)] == ["Mihon A", "Mihon B", "Total Solutions Cluster", "Mihon D"]
    assert [row["row_number"] for row in rows if row["left_out"] == "total row"] == [4, 7, 8]
    told(
        facts.problems,
        "total_differs",
        Outcome.WARN,
        ["cell C8", "prints 1,243", "rows 2 to 6 add up to 1242"],
        ["セルC8", "1,243", "2〜6行の和は1242"],
    )
    assert [each.code for each in facts.problems].count("total_differs") == 1
    told(facts.problems, "totals_left_out", Outcome.FIX, ["total rows: 3 (row 4, 7, 8)"], ["合計3行"])


def test_x06_an_entry_whose_name_has_a_total_word_and_no_sum_is_kept_and_said() -> None:
    facts, rows = read(
        grid(
            ["Name", "Prefecture", "Members"],
            ["Mihon A", "Hyogo", "3"],
            ["Total Care Cluster", "", "9"],
            ["Mihon C", "Osaka", "4"],
        )
    )
    assert [row[0] for row in entries(rows)] == ["Mihon A", "Total Care Cluster", "Mihon C"]
    told(
        facts.problems,
        "total_doubtful",
        Outcome.WARN,
        ["'Total Care Cluster' in row 3"],
        ["3行の「Total Care Cluster」"],
    )


def test_x07_footnote_rows_below_the_table() -> None:
    facts, rows = read(
        grid(
            ["Name", "Prefecture", "Members"],
            ["Mihon A", "Hyogo", "3"],
            ["Mihon B", "", ""],
            ["注1", "members as told by the cluster", ""],
            ["", "", ""],
            ["The list is not complete.", "", ""],
            ["出典：見本", "", ""],
        )
    )
    assert [row[0] for row in entries(rows)] == ["Mihon A", "Mihon B"]
    assert [row["left_out"] for row in rows] == [None, None, "note", "blank row", "note", "note"]
    assert facts.notes == (
        Note(4, "注1 members as told by the cluster", "note"),
        Note(6, "The list is not complete.", "note"),
        Note(7, "出典：見本", "source"),
    )
    told(facts.problems, "notes_kept", Outcome.FIX, ["with the source: 3 (row 4, 6, 7)"], ["3行", "4, 6, 7行"])


def test_x16_headers_alike_but_for_case_or_width_and_an_empty_header() -> None:
    facts, rows = read(
        grid(
            ["Name", "Ｍｅｍｂｅｒｓ", "", "members", "Prefecture", ""],
            ["Mihon A", "3", "x", "4", "Hyogo", ""],
        )
    )
    assert facts.header == ("Name", "Ｍｅｍｂｅｒｓ", "(no header)", "members (2)", "Prefecture")
    assert facts.columns == (1, 2, 3, 4, 5)
    assert entries(rows) == [("Mihon A", "3", "x", "4", "Hyogo")]
    told(facts.problems, "header_repeated", Outcome.WARN, ["in B1, D1", "(2)"], ["B1, D1"])
    told(facts.problems, "header_empty", Outcome.WARN, ["no text in C1"], ["C1が空です"])


def test_x22_the_same_header_again_after_a_blank_row() -> None:
    header = ["Name", "Prefecture", "Members"]
    facts, rows = read(grid(header, ["Mihon A", "Hyogo", "3"], [], header, ["Mihon B", "Osaka", "4"]))
    assert [row[0] for row in entries(rows)] == ["Mihon A", "Mihon B"]
    assert [row["left_out"] for row in rows] == [None, "blank row", "repeated header", None]
    told(facts.problems, "header_again", Outcome.FIX, ["repeated rows: 1 (row 4)"], ["繰り返し1行（4行）"])


def test_x22_a_two_level_header_again_after_a_blank_row() -> None:
    top, below = ["Name", "Members", ""], ["", "Firms", "Universities"]
    merges = tuple(Span(row, *place) for row in (1, 5) for place in ((1, row + 1, 1), (2, row, 3)))
    facts, rows = read(
        grid(top, below, ["Mihon A", "3", "1"], [], top, below, ["Mihon B", "4", "1"], merges=merges),
        hints=Hints(words=known_words()),
    )
    assert facts.header == ("Name", "Members / Firms", "Members / Universities")
    assert entries(rows) == [("Mihon A", "3", "1"), ("Mihon B", "4", "1")]
    told(facts.problems, "header_again", Outcome.FIX, ["row 5, 6"], ["5, 6行"])


def test_x22_tables_with_other_headers_are_never_mixed() -> None:
    rows = (
        ["Name", "Prefecture", "Members"],
        ["Mihon A", "Hyogo", "3"],
        [],
        ["Totals by year"],
        ["Year", "Name", "Members"],
        ["2013", "all", "3"],
    )
    words = Hints(words=("Name", "Prefecture", "Members", "Year"))
    with pytest.raises(SourceError) as refused:
        read(grid(*rows), hints=words)
    told(refused.value.problems, "tables_several", Outcome.QUAR, ["headers at A1, A5", "region"], ["A1, A5", "region"])
    facts, kept = read(grid(*rows), hints=Hints(headers=("Prefecture",), words=words.words))
    assert entries(kept) == [("Mihon A", "Hyogo", "3")]
    told(facts.problems, "table_chosen", Outcome.WARN, ["header at A1", "others stand at A5"], ["A1の表", "A5"])
    _, declared = read(grid(*rows), hints=Hints(region="A5:C6"))
    assert entries(declared) == [("2013", "all", "3")]


@pytest.mark.parametrize(
    "second",
    [
        ["Country", "Prefecture", "Members", "Sector"],
        ["Members", "Name", "Prefecture", ""],
    ],
)
def test_x22_another_header_of_words_only_is_seen(second: list[str]) -> None:
    rows = (["Name", "Prefecture", "Members"], ["Mihon A", "Hyogo", "3"], ["Mihon B", "Osaka", "4"], [], second)
    with pytest.raises(SourceError) as refused:
        read(grid(*rows, ["Japan", "12", "5", "7"]), hints=Hints(headers=("Name", "Prefecture", "Members")))
    told(refused.value.problems, "tables_several", Outcome.QUAR, ["A1, A5"], ["A1, A5"])


def test_x22_another_table_without_any_header_of_the_card_is_not_read() -> None:
    rows = (["Name", "Prefecture", "Members"], ["Mihon A", "Hyogo", "3"], ["Mihon B", "Osaka", "4"], [])
    facts, kept = read(grid(*rows, ["Mood", "Number of stars", "Share of rain"], ["fair", "12", "5"]))
    assert [row[0] for row in entries(kept)] == ["Mihon A", "Mihon B"]
    told(facts.problems, "table_chosen", Outcome.WARN, ["header at A1", "others stand at A5"], ["A1の表", "A5"])


def test_x22_tables_side_by_side_are_never_mixed() -> None:
    rows = (
        ["Name", "Members", "", "Name", "Members"],
        ["Mihon A", "3", "", "Mihon C", "5"],
        ["Mihon B", "4", "", "Mihon D", "6"],
    )
    with pytest.raises(SourceError) as refused:
        read(grid(*rows))
    told(refused.value.problems, "tables_several", Outcome.QUAR, ["headers at A1, D1"], ["A1, D1"])
    facts, kept = read(grid(*rows), hints=Hints(region="D1:E3", headers=CARD.headers))
    assert facts.columns == (4, 5)
    assert entries(kept) == [("Mihon C", "5"), ("Mihon D", "6")]


def test_x22_a_spacer_column_parts_no_table() -> None:
    facts, rows = read(grid(["Name", "", "Prefecture", "Members"], ["Mihon A", "", "Hyogo", "3"]))
    assert facts.columns == (1, 3, 4)
    assert entries(rows) == [("Mihon A", "Hyogo", "3")]
    facts, rows = read(grid(["Name", "Prefecture", "", "Mood"], ["Mihon A", "Hyogo", "", "fair"]))
    assert facts.columns == (1, 2, 4)
    assert entries(rows) == [("Mihon A", "Hyogo", "fair")]


def test_x22_of_several_sheets_the_one_with_the_headers_of_the_card() -> None:
    other = grid(["Year", "Total"], ["2013", "4"], sheet="Figures")
    right = grid(["Name", "Members"], ["Mihon", "4"], sheet="Clusters")
    facts, _ = read(other, right)
    assert facts.sheet == "Clusters"
    with pytest.raises(SourceError) as refused:
        read(right, grid(*right.rows, sheet="Copy"))
    told(refused.value.problems, "sheets_alike", Outcome.QUAR, ["'Clusters', 'Copy'", "sheet: NAME"], ["'Copy'"])


def test_x01_x02_x03_x06_x07_in_a_real_workbook(tmp_path: Path) -> None:
    """What openpyxl writes, read from its bytes like any file of a user."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["見本クラスター一覧"],
        [],
        ["クラスター名", "都道府県", "参画機関", None],
        [None, None, "企業数", "大学数"],
        ["見本A", "兵庫県", 10, 2],
        ["見本B", None, 20, 3],
        ["見本C", None, 5, 1],
        ["合計", None, 36, 6],
        [],
        ["※ 見本です"],
    ):
        sheet.append(row)
    for block in ("A1:D1", "A3:A4", "B3:B4", "C3:D3", "B5:B6", "A10:D10"):
        sheet.merge_cells(block)
    book.save(tmp_path / "一覧.xlsx")
    hints = Hints(headers=("クラスター名", "都道府県", "参画機関 / 企業数", "参画機関 / 大学数"))
    printed = read_table(tmp_path / "一覧.xlsx", hints, tmp_path / "printed")
    facts = printed.facts
    rows = [row for batch in printed.batches() for row in batch.to_pylist()]
    assert facts.header == hints.headers
    assert (facts.header_rows, facts.n_rows) == ((3, 4), 6)
    assert entries(rows) == [
        ("見本A", "兵庫県", "10", "2"),
        ("見本B", "兵庫県", "20", "3"),
        ("見本C", "", "5", "1"),
    ]
    assert [row["left_out"] for row in rows[3:]] == ["total row", "blank row", "note"]
    assert [(note.row, note.text, note.kind) for note in facts.notes] == [
        (1, "見本クラスター一覧", "title"),
        (10, "※ 見本です", "note"),
    ]
    assert Mark(6, 2, "merged", "B5:B6") in facts.marks
    told(facts.problems, "header_levels", Outcome.FIX, ["sheet Sheet: ", "rows 3 to 4"], ["3〜4行"])
    told(facts.problems, "total_differs", Outcome.WARN, ["prints 36", "add up to 35"], ["36", "35"])
    told(facts.problems, "blank_beside_merge", Outcome.WARN, ["'都道府県'", "(B7)"], ["B7"])
