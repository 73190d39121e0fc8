"""Faults that show when rows land: cells without a value, rows that contradict each other, text like code."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from openpyxl.styles import Font

from ingest.landing import Landed, land_source
from ingest.problem import Outcome, Problem, SourceError
from ingest.source_card import read_card
from orchestration.raw_assets import _cell, _preview
from orchestration.review.exchange import _from_cell, _to_cell
from tests.faults.told import told
from tests.unit.edition import write_edition

pytestmark = pytest.mark.fault
HEADER = ("No", "Name", "Prefecture")


def workbook(rows: Sequence[Sequence[Any]], struck: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADER, *rows):
        sheet.append(row)
    for address in struck:
        sheet[address].font = Font(strike=True)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def land(folder: Path, content: bytes | str, **changes: Any) -> tuple[Landed, list[dict[str, Any]]]:
    name = "list.xlsx" if isinstance(content, bytes) else "list.csv"
    landed = land_source(read_card(write_edition(folder, content, file=name, **changes)), folder / "raw")
    return landed, pq.read_table(landed.path).to_pylist()


def refused(folder: Path, content: bytes) -> Sequence[Problem]:
    with pytest.raises(SourceError) as caught:
        land(folder, content)
    assert not list((folder / "raw").rglob("*.parquet"))
    return caught.value.problems


def test_x09_a_formula_never_computed_in_the_name_sets_the_file_aside(tmp_path: Path) -> None:
    problems = refused(tmp_path, workbook([(1, "Mihon A", "Hyogo"), (2, '="Mihon "&"B"', "Osaka")]))
    told(
        problems, "key_cell_never_computed", Outcome.QUAR,
        ["list.xlsx", "cell B3", "formula without a value", "save it"], ["セルB3", "計算結果がありません", "保存し"],
    )  # fmt: skip


def test_x09_a_formula_never_computed_elsewhere_is_unreadable_with_its_address(tmp_path: Path) -> None:
    landed, rows = land(tmp_path, workbook([(1, "Mihon A", '="Hyo"&"go"'), (2, "Mihon B", "Osaka")]))
    assert [(row["name"], row["prefecture"], row["prefecture_read"]) for row in rows] == [
        ("Mihon A", None, None),
        ("Mihon B", "Osaka", "JP-27"),
    ]
    [cell] = rows[0]["cells"]
    assert (cell["column_number"], cell["state"], cell["value_read"]) == (3, "unreadable", None)
    told(landed.facts.problems, "formula_without_value", Outcome.WARN, ["C2"], ["C2"])


def test_x08_an_error_is_no_value_and_in_the_name_it_sets_the_file_aside(tmp_path: Path) -> None:
    landed, rows = land(tmp_path, workbook([(1, "Mihon A", "#N/A")]))
    assert (rows[0]["prefecture"], rows[0]["prefecture_read"]) == (None, None)
    assert dict(rows[0]["printed"])["Prefecture"] == "#N/A"
    assert [(cell["column_number"], cell["state"]) for cell in rows[0]["cells"]] == [(3, "unreadable")]
    told(landed.facts.problems, "cell_errors", Outcome.WARN, ["C2"], ["C2"])
    problems = refused(tmp_path / "key", workbook([(1, "#REF!", "Hyogo")]))
    told(problems, "key_cell_error", Outcome.QUAR, ["#REF! in B2"], ["B2", "#REF!"])


def test_x05_a_row_is_struck_if_what_names_it_is(tmp_path: Path) -> None:
    rows = [(1, "Mihon A", "Hyogo"), (2, "Mihon B", "Osaka"), (3, "Mihon C", "Nara")]
    landed, found = land(tmp_path, workbook(rows, struck=["A3", "B3", "C3", "C4"]))
    assert [row["is_struck"] for row in found] == [False, True, False]
    told(landed.facts.problems, "cells_struck", Outcome.WARN, ["B3", "C4"], ["B3", "C4"])


def test_x17_two_rows_of_one_key_are_both_kept_and_their_difference_is_told(tmp_path: Path) -> None:
    landed, rows = land(tmp_path, "No,Name,Prefecture\n1,Twin,Hyogo\n2,Other,Nara\n1,Twin,Osaka\n")
    assert [(row["entry_key"], row["printed_key"]) for row in rows] == [
        ("Twin", "Twin"),
        ("Other", "Other"),
        ("Twin#2", "Twin"),
    ]
    told(
        landed.facts.problems, "entry_key_repeated", Outcome.WARN,
        ["2, 4 (Twin: Prefecture)", "rows that name tell apart"], ["2, 4 (Twin: Prefecture)", "「key」に列を加え"],
    )  # fmt: skip


def test_x17_a_name_that_twenty_thousand_rows_share_is_counted_on(tmp_path: Path) -> None:
    """Each key is counted; trying one after another would take minutes."""
    text = "No,Name,Prefecture\n" + "".join(f"{number},Twin,Hyogo\n" for number in range(20_000))
    landed, rows = land(tmp_path, text, expected_rows={"min": "1", "max": "30000"})
    assert rows[-1]["entry_key"] == "Twin#20000"
    told(landed.facts.problems, "entry_key_repeated", Outcome.WARN, ["1 keys"], ["1件"])


def test_j14_na_is_a_country(tmp_path: Path) -> None:
    _, rows = land(
        tmp_path, "No,Name,Prefecture\n1,NA,NA\n2,Mihon,n/a\n",
        columns={"No": "entry_no", "Name": "name", "Prefecture": "country"},
    )  # fmt: skip
    assert [(row["name"], row["country"], row["country_read"]) for row in rows] == [
        ("NA", "NA", "NA"),
        ("Mihon", "n/a", None),
    ]


def test_q01_a_header_and_a_label_of_code_are_texts(tmp_path: Path) -> None:
    header, label = '"; DROP TABLE x; --', "{{ 1 / 0 }} {% raw %}"
    landed, rows = land(
        tmp_path, f'No,Name,"{header.replace(chr(34), chr(34) * 2)}"\n1,Mihon,{label}\n',
        columns={"No": "entry_no", "Name": "name", header: "prefecture"}, labels={"prefecture": {label: "JP-28"}},
    )  # fmt: skip
    assert rows[0]["prefecture_code"] == "JP-28"
    assert dict(rows[0]["printed"])[header] == label
    told(landed.facts.problems, "text_like_code", Outcome.FIX, ["DROP TABLE", "C2"], ["実行することはありません"])


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "@SUM(1+1)", "＝1+1", "\t=1+1", "+cmd|x", "-sum(A1)"])
def test_q02_text_like_a_formula_stays_as_it_is(tmp_path: Path, text: str) -> None:
    landed, rows = land(tmp_path, f'No,Name,Prefecture\n1,Mihon,"{text}"\n')
    assert dict(rows[0]["printed"])["Prefecture"] == text
    told(landed.facts.problems, "text_like_formula", Outcome.FIX, ["C2"], ["C2", "保護します"])


@pytest.mark.parametrize("text", ["=cmd|x", "@SUM(1)", "+1", "\t=1", "＝1+1", "－1", "'quoted"])
def test_q02_a_worklist_guards_text_and_gives_it_back(text: str) -> None:
    guarded = _to_cell(text)
    assert guarded == f"'{text}"
    assert _from_cell(guarded) == text


@pytest.mark.parametrize("text", ["-5", "+81", "1+1", "a@example.org.invalid", "=", "(=)"])
def test_q02_numbers_and_words_are_no_formulas(tmp_path: Path, text: str) -> None:
    landed, _ = land(tmp_path, f'No,Name,Prefecture\n1,Mihon,"{text}"\n')
    assert "text_like_formula" not in {problem.code for problem in landed.facts.problems}
    assert Outcome.QUAR not in {problem.outcome for problem in landed.facts.problems}


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<svg/onload=alert(1)>", "[x](javascript:alert(1))", "<img src=x onerror=y>"]
)
def test_q03_markup_in_a_name_is_text_in_the_preview(tmp_path: Path, text: str) -> None:
    landed, rows = land(tmp_path, f"No,Name,Prefecture\n1,Mihon {text},Hyogo\n")
    assert rows[0]["name"] == f"Mihon {text}"
    preview = _preview(landed.path)
    assert not set(_cell(text)) & set("<>[]()|`")
    assert _cell(f"Mihon {text}") in preview
    told(landed.facts.problems, "text_like_markup", Outcome.FIX, ["B2"], ["文字として表示します"])
