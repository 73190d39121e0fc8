"""Lists as ministries print them: no entry may be lost, no line beside them be loaded as one, each said."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from ingest.synonyms import known_words
from ingest.tables.csv_file import read_csv
from ingest.tables.grid import Grid, Span
from ingest.tables.printed import Facts, Hints
from ingest.tables.structure import table_of
from tests.faults.told import told

pytestmark = pytest.mark.fault

HEAD = ["番号", "名称", "都道府県", "参加機関数"]
CARD = Hints(headers=tuple(HEAD), words=known_words())
ROWS = [["1", "見本A機構", "兵庫県", "10"], ["2", "見本B機構", "大阪府", "12"], ["3", "見本C機構", "京都府", "14"]]


def read(
    *rows: list[str], hints: Hints = CARD, merges: tuple[Span, ...] = ()
) -> tuple[Facts, list[int], dict[int, str]]:
    """The facts, the numbers of the entries, and why each other row that is not blank is none."""
    facts, pieces = table_of([Grid("xlsx", "List", rows, merges)], hints, "list.xlsx")
    sorted_rows = [(row["row_number"], row["left_out"]) for piece in pieces for row in piece.to_pylist()]
    left_out = {number: reason for number, reason in sorted_rows if reason not in {None, "blank row"}}
    return facts, [number for number, reason in sorted_rows if reason is None], left_out


@pytest.mark.parametrize(
    "line",
    [
        ["", "", "", "（機関）"],
        ["", "", "", "機関"],
        ["(1)", "(2)", "(3)", "(4)"],
        ["No.", "Name", "Prefecture", "Members"],
    ],
)
def test_x01_a_line_under_the_header_that_describes_its_columns(line: list[str]) -> None:
    facts, entries, left_out = read(HEAD, line, *ROWS)
    assert entries == [3, 4, 5]
    assert left_out == {2: "note"}
    assert facts.header == tuple(HEAD)
    if line[3] != "（機関）":  # a unit alone is a marked line wherever it stands
        told(facts.problems, "lines_of_header", Outcome.FIX, ["another language: 1 (row 2)"], ["1行（2行）"])


def test_x01_a_first_entry_is_no_line_of_the_header() -> None:
    _, entries, _ = read(HEAD, ["1", "見本A機構", "", ""], ["2", "見本B機構", "大阪府", "12"])
    assert entries == [2, 3]


def test_x02_a_second_level_without_merges() -> None:
    rows = [["1", "見本A機構", "4", "5", "6"], ["2", "見本B機構", "7", "8", "9"]]
    facts, entries, _ = read(["番号", "名称", "参加機関", "", ""], ["", "", "企業", "大学", "その他"], *rows)
    assert facts.header == ("番号", "名称", "参加機関 / 企業", "大学", "その他")
    assert entries == [3, 4]
    told(facts.problems, "header_levels", Outcome.FIX, ["2 levels in rows 1 to 2"], ["1〜2行の2段"])


def test_x02_a_sparse_first_entry_is_no_second_level() -> None:
    rows = [["", "兵庫県", "神戸市", ""], ["見本A", "兵庫県", "神戸市", "IT"], ["見本B", "大阪府", "堺市", "医療"]]
    facts, entries, _ = read(["名称", "所在地", "", "分野"], *rows, hints=Hints(headers=("名称", "分野")))
    assert entries == [2, 3, 4]
    told(facts.problems, "header_empty", Outcome.WARN, ["no text in C1"], ["C1が空"])


@pytest.mark.parametrize(
    "total",
    [
        ["合　計", "", "", "36"],
        ["", "", "総　数", "36"],
        ["4", "合計", "", "36"],
        ["合計", "－", "－", "36"],
        ["合計 3件", "", "", ""],
        ["Razem", "", "", "36"],
    ],
)
def test_x06_a_total_under_any_column_and_beside_dashes(total: list[str]) -> None:
    facts, entries, left_out = read(HEAD, *ROWS, total)
    assert entries == [2, 3, 4]
    assert left_out == {5: "total row"}
    told(facts.problems, "totals_left_out", Outcome.FIX, ["total rows: 1 (row 5)"], ["1行（5行）"])


def test_x06_a_total_beside_a_percentage() -> None:
    hints = Hints(headers=("名称", "数", "割合"))
    rows = [["見本A", "1", "33.3%"], ["見本B", "2", "66.7%"], ["合計", "3", "100.0%"]]
    facts, entries, _ = read(["名称", "数", "割合"], *rows, hints=hints)
    assert entries == [2, 3]
    told(facts.problems, "totals_left_out", Outcome.FIX, ["row 4"], ["4行"])


def test_x06_subtotals_above_their_rows() -> None:
    hints = Hints(headers=("都道府県", "名称", "参加機関数"))
    facts, entries, _ = read(
        ["都道府県", "名称", "参加機関数"],
        ["総数", "", "12"],
        ["兵庫県", "計", "7"],
        ["", "見本A機構", "3"],
        ["", "見本B機構", "4"],
        ["大阪府", "計", "5"],
        ["", "見本C機構", "5"],
        hints=hints,
    )
    assert entries == [4, 5, 7]
    assert not [each for each in facts.problems if each.code == "total_differs"]
    told(facts.problems, "totals_left_out", Outcome.FIX, ["total rows: 3 (row 2, 3, 6)"], ["3行（2, 3, 6行）"])


def test_x06_names_that_hold_the_sign_of_a_total() -> None:
    rows = [["機械設計", "3"], ["光設計", "3"], ["見本時計", "6"], ["空間設計", "12"], ["見本会計", "24"]]
    facts, entries, left_out = read(["名称", "数"], *rows, hints=Hints(headers=("名称", "数")))
    assert (entries, left_out) == ([2, 3, 4, 5, 6], {})
    assert facts.problems == ()
    # The same place in the same table with a real total.
    facts, entries, _ = read(["名称", "数"], *rows, ["計", "48"], hints=Hints(headers=("名称", "数")))
    assert entries == [2, 3, 4, 5, 6]
    told(facts.problems, "totals_left_out", Outcome.FIX, ["row 7"], ["7行"])


@pytest.mark.parametrize(
    "names",
    [("(1) 見本A", "(2) 見本B", "(3) 見本C"), ("1) 見本A", "2) 見本B", "3) 見本C"), ("※見本A", "※見本B", "見本C")],
)
def test_x07_a_mark_before_names_makes_no_note_of_a_sparse_entry(names: tuple[str, ...]) -> None:
    card = Hints(headers=("名称", "都道府県", "数"))
    rows = [[names[0], "兵庫県", "1"], [names[1], "", ""], [names[2], "大阪府", "3"]]
    facts, entries, _ = read(["名称", "都道府県", "数"], *rows, hints=card)
    assert entries == [2, 3, 4]
    told(facts.problems, "entries_alone", Outcome.WARN, ["rows: 1 (row 3)"], ["1行（3行）"])


def test_x07_a_name_that_begins_with_the_word_of_a_note() -> None:
    rows = [
        ["出所見本", "兵庫県"],
        ["単位互換機構", ""],
        ["注文住宅見本", "大阪府"],
        ["出典：見本省", ""],
        ["以上", ""],
    ]
    facts, entries, left_out = read(["名称", "都道府県"], *rows, hints=Hints(headers=("名称", "都道府県")))
    assert entries == [2, 3, 4]
    assert left_out == {5: "note", 6: "note"}
    told(facts.problems, "notes_kept", Outcome.FIX, ["source: 2 (row 5, 6)"], ["2行（5, 6行）"])


def test_x07_a_list_with_a_blank_row_before_every_entry() -> None:
    rows = [["見本A", "兵庫県", "1"], [], ["見本B", "", ""], [], ["見本C", "奈良県", "3"], [], ["見本D", "奈良県", "4"]]
    facts, entries, left_out = read(
        ["名称", "都道府県", "数"], [], *rows, hints=Hints(headers=("名称", "都道府県", "数"))
    )
    assert (entries, left_out) == ([3, 5, 7, 9], {})
    told(facts.problems, "entries_alone", Outcome.WARN, ["row 5"], ["5行"])


def test_x07_a_heading_in_the_column_of_numbers() -> None:
    facts, entries, left_out = read(HEAD, ["近畿地方"], *ROWS[:2], ["関東地方"], ROWS[2])
    assert entries == [3, 4, 6]
    assert left_out == {2: "note", 5: "note"}
    told(facts.problems, "line_within", Outcome.WARN, ["'近畿地方' in row 2"], ["2行の「近畿地方」"])


def test_x07_a_line_alone_below_the_table_is_told() -> None:
    rows = [["見本A", "兵庫県", "1"], ["見本B", "大阪府", "2"], [], ["見本C機構", "", ""]]
    facts, entries, _ = read(["名称", "都道府県", "数"], *rows, hints=Hints(headers=("名称", "都道府県", "数")))
    assert entries == [2, 3]
    told(facts.problems, "line_below", Outcome.WARN, ["'見本C機構' in row 5"], ["5行の「見本C機構」"])


def test_x07_notes_and_a_total_at_the_end_of_a_large_text_table(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    body = "".join(f"{number},見本{number},兵庫県,1\n" for number in range(1, 1_001))
    end = "合計,,,1000\n,,,\n資料：見本省,,,\n"
    file.write_text(",".join(HEAD) + "\n(1),(2),(3),(4)\n" + body + end, encoding="utf-8")
    printed = read_csv(file, CARD, tmp_path / "large", careful_bytes=10)
    rows = [row for batch in printed.batches() for row in batch.to_pylist()]
    assert [row["row_number"] for row in rows] == list(range(2, 1_006))
    assert {row["row_number"]: row["left_out"] for row in rows if row["left_out"]} == {
        2: "note", 1_003: "total row", 1_004: "blank row", 1_005: "note",
    }  # fmt: skip
    assert [note.text for note in printed.facts.notes] == ["(1) (2) (3) (4)", "資料：見本省"]
    told(printed.facts.problems, "notes_kept", Outcome.FIX, ["row 1005"], ["1005行"])
    told(printed.facts.problems, "totals_left_out", Outcome.FIX, ["row 1003"], ["1003行"])


def test_x22_a_region_in_a_large_text_table(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    file.write_text(",".join(HEAD) + "\n1,見本A,兵庫県,1\n", encoding="utf-8")
    hints = Hints(headers=tuple(HEAD), region="A1:D9")
    with pytest.raises(SourceError) as refused:
        read_csv(file, hints, tmp_path / "large", careful_bytes=10)
    told(refused.value.problems, "csv_region", Outcome.QUAR, ["'A1:D9'"], ["「A1:D9」"])
