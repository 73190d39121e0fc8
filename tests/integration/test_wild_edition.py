"""The workbook that an officer has: from the drop folder to the marts, and back to its cells."""

from __future__ import annotations

import csv
import json

import openpyxl
import pytest

from ingest.problem import Outcome
from tests.integration.observatory import FIXTURES, Observatory

WILD = FIXTURES / "wild_edition"
SOURCE = "wild_list-2021"


def test_the_marts_hold_exactly_the_rows_written_by_hand(extended: Observatory) -> None:
    with (WILD / "expected.csv").open(encoding="utf-8", newline="") as stream:
        header, *expected = [tuple(row) for row in csv.reader(stream)]
    rows = extended.query(
        """
        with cell as (
            select row_id, row_number, our_column, value_read, reading_state from marts.fct_printed_cell
            where source_id = ?
        )
        select cell.row_number, mention.name_printed, mention.name_en_printed, mention.prefecture_code,
               mention.country_code, max(value_read) filter (where our_column = 'founded'),
               max(value_read) filter (where our_column = 'members'),
               max(value_read) filter (where our_column = 'firms'),
               max(reading_state) filter (where our_column = 'firms'), mention.is_struck, mention.is_conflicting
        from marts.fct_mention as mention join cell using (row_id)
        group by all order by 1
        """,
        [SOURCE],
    )
    assert len(header) == len(rows[0])
    shown = [tuple("" if value is None else str(value) for value in row) for row in rows]
    assert [tuple(text.replace("True", "true").replace("False", "false") for text in row) for row in shown] == expected


def test_what_is_no_entry_is_accounted_for(extended: Observatory) -> None:
    account = extended.query(
        "select rows_read, rows_rejected, rejected_reasons, is_balanced from reports.rpt_row_account "
        "where source_id = ?",
        [SOURCE],
    )
    assert account == [(13, 6, "blank row: 1; hidden row: 1; note: 3; total row: 1", True)]
    notes = extended.query(
        "select row_number, note_kind, note_text from marts.fct_source_note where source_id = ? order by 1", [SOURCE]
    )
    assert [(row, text) for row, _, text in notes] == [
        (1, "見本クラスター一覧（試験用の架空データ）"),
        (2, "令和3年4月1日現在 / as of 1 April 2021"),
        (16, "※1 令和2年に名称を変更"),
        (17, "注）企業数は概数を含む"),
        (18, "出典：見本調査室（架空）"),
    ]
    [(kind, rows, sheet)] = extended.query(
        "select file_kind, header_rows, sheet from marts.dim_source where source_id = ?", [SOURCE]
    )
    assert (kind, rows, sheet) == ("xlsx", "4, 5", "一覧")


def test_every_cell_of_the_release_is_that_cell_of_the_workbook(extended: Observatory) -> None:
    cells = extended.query(
        "select cell_address, value_printed, cell_marks from marts.fct_printed_cell where source_id = ?", [SOURCE]
    )
    [path] = WILD.glob("*.xlsx")
    sheet = openpyxl.load_workbook(path)["一覧"]
    for address, printed, marks in cells:
        merged = [each.split()[1].partition(":")[0] for each in (marks or "").split(" | ") if each.startswith("merged")]
        value = sheet[merged[0] if merged else address].value
        assert printed in {str(value), ""}
        assert printed or "no_value" in marks
    assert {"C6", "E8", "I11", "L8"} <= {address for address, *_ in cells}


def test_a_value_is_explained_to_its_cell_and_by_each_step(extended: Observatory) -> None:
    done = extended.run("explain", f"{SOURCE}#6", "--json")
    assert done.returncode == 0, done.stderr
    cells = {each["cell_address"]: each for each in json.loads(done.stdout)["rests_on"]["Printed cells"]}
    founded = cells["G6"]
    assert (founded["file_name"], founded["sheet"]) == ("クラスター一覧 2021.xlsx", "一覧")
    assert (founded["printed"], founded["value_read"]) == ("平成25年4月1日", "2013-04-01")
    assert "the year of the era Heisei was turned into the western year" in founded["how_read"]
    assert "西暦に換算しました" in founded["how_read_ja"]
    assert (cells["C6"]["note"], cells["D6"]["link"]) == ("旧称：見本生物会", "https://mihon.example.org/bio")
    assert "the footnote mark '※1' was taken off" in cells["C6"]["how_read"]
    shown = extended.run("explain", f"{SOURCE}#9").stdout
    assert "Struck through in the file" in shown
    assert "見本終了フォーラム" in shown


@pytest.mark.fault
def test_x05_a_struck_organisation_is_marked_where_it_is_published(extended: Observatory) -> None:
    struck = extended.query("select name_en_printed from marts.fct_mention where is_struck")
    assert struck == [("Mihon Ended Forum",)]
    listed = extended.query("select name_printed from reports.rpt_unresolved_mention where is_struck")
    assert listed == [("見本終了フォーラム",)]
    assert_said(extended, "cells_struck", Outcome.WARN, "C9", "C9")


@pytest.mark.fault
def test_x08_an_error_cell_is_unreadable_with_its_address_and_never_a_number(extended: Observatory) -> None:
    cells = extended.query(
        "select cell_address, value_printed, reading_state, value_read from marts.fct_printed_cell "
        "where source_id = ? and cell_marks like 'error%'",
        [SOURCE],
    )
    assert cells == [("H13", "#N/A", "unreadable", None)]
    assert_said(extended, "cell_errors", Outcome.WARN, "H13", "H13")


@pytest.mark.fault
def test_x17_rows_that_differ_in_one_field_are_both_kept_and_marked(extended: Observatory) -> None:
    marked = extended.query("select entry_key from marts.fct_mention where is_conflicting and family = 'wild_list'")
    assert sorted(marked) == [("見本双子会",), ("見本双子会#2",)]
    listed = extended.query(
        "select count(*) from reports.rpt_unresolved_mention where is_conflicting and family = 'wild_list'"
    )
    assert listed == [(2,)]
    assert_said(extended, "entry_key_repeated", Outcome.WARN, "11, 12 (見本双子会", "複数の行を指しています")


@pytest.mark.fault
def test_j14_na_is_namibia_from_the_file_to_the_marts(extended: Observatory) -> None:
    read = extended.query(
        "select country_printed, country_code from marts.fct_mention where row_id = ?", [f"{SOURCE}#13"]
    )
    assert read == [("NA", "NA")]


@pytest.mark.fault
def test_q01_headers_and_labels_that_look_like_code_are_texts(extended: Observatory) -> None:
    columns = extended.query("select printed_column from marts.dim_source_column where source_id = ?", [SOURCE])
    assert ('"; DROP TABLE x; --',) in columns
    cells = extended.query(
        "select distinct value_printed from marts.fct_printed_cell where source_id = ? and our_column = 'sector'",
        [SOURCE],
    )
    assert sorted(cells) == [("{% set x = 1 %}",), ("{{ 7 * 7 }}",)]
    assert_said(extended, "text_like_code", Outcome.FIX, "DROP TABLE", "実行することはありません")


@pytest.mark.fault
def test_q02_text_like_a_formula_is_published_as_it_stands(extended: Observatory) -> None:
    cells = extended.query(
        "select value_printed from marts.fct_printed_cell where source_id = ? and our_column = 'note' "
        "order by row_number",
        [SOURCE],
    )
    assert cells == [("=cmd|' /C calc'!A0",), ("@SUM(1+1)",), ("＝1+1",)]
    assert_said(extended, "text_like_formula", Outcome.FIX, "L6, L7, L8", "計算されないよう保護します")


@pytest.mark.fault
def test_q03_markup_in_a_name_is_escaped_on_every_page(extended: Observatory) -> None:
    pages = [*sorted((extended.latest / "report").rglob("*.html")), extended.latest / "dictionary.html"]
    assert pages
    assert [page.name for page in pages if "<script>alert(1)" in page.read_text(encoding="utf-8")] == []
    assert_said(extended, "text_like_markup", Outcome.FIX, "D7", "文字として表示します")


def assert_said(observatory: Observatory, code: str, outcome: Outcome, english: str, japanese: str) -> None:
    said = observatory.query(
        "select outcome, sentence_en, sentence_ja from marts.fct_intake_finding where source_id = ? and code = ?",
        [SOURCE, code],
    )
    assert len(said) == 1
    assert said[0][0] == str(outcome)
    assert english in said[0][1]
    assert japanese in said[0][2]
