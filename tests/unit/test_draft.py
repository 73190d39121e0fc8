"""The drafted card of a new file: what is filled in, what is left open, and that a completed draft is a card."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
import yaml

from ingest.catalog import BUNDLED_SOURCES
from ingest.intake.draft import OPEN, Draft, draft_of
from ingest.intake.draft_guesses import assign_columns, guess_table
from ingest.intake.offers import DRAFT_NAME
from ingest.landing import land_source
from ingest.layout import layout_of
from ingest.printed_table import file_sha256
from ingest.problem import SourceError
from ingest.source_card import SourceCard, read_card
from ingest.synonyms import columns_for, known_words
from ingest.tables.grid import Grid
from ingest.tables.printed import Hints, Printed, write_printed
from ingest.tables.reader import read_table
from ingest.tables.structure import table_of

TODAY = "2026-11-22"
ROWS = (
    ["見本クラスター一覧", "", "", "", "", ""],
    ["平成25年4月1日現在", "", "", "", "", ""],
    ["番号", "クラスター名", "Cluster name", "都道府県", "会員数", "E-mail"],
    ["1", "見本バイオ", "Mihon Bio", "兵庫県", "－", ""],
    ["2", "見本バイオ", "Mihon Bio 2", "大阪府", "12", ""],
)


def printed(tmp_path: Path, rows: Sequence[Sequence[str]] = ROWS, sheet: str = "一覧") -> Printed:
    facts, pieces = table_of([Grid("xlsx", sheet, rows)], Hints(words=known_words()), "list.xlsx")
    return write_printed(tmp_path / "printed", facts, pieces)


def filled(draft: Draft) -> str:
    """The draft's text with every open field filled as its comment says."""
    text = draft.text()
    for was, now in (
        (
            'publisher: {name: "?", country: "?", official: "?"}',
            "publisher: {name: Sample, country: JP, official: true}",
        ),
        ('page_address: "?"', "page_address: https://www.example.org/list"),
        ('licence: {name: "?"}', "licence: {name: CC0-1.0}"),
        ('obtained: "?"', "obtained: downloaded"),
        ('reviewed_by: "?"', "reviewed_by: registry editor"),
        ('reviewed_on: "?"', f'reviewed_on: "{TODAY}"'),
        ('scope_rule: "?"', "scope_rule: clusters that were asked"),
        ('reference_date: "?"', 'reference_date: "2013-04-01"'),
        ('title: "?"', "title: Sample list"),
    ):
        text = text.replace(f"\n{was}\n", f"\n{now}\n")
    return text


def test_what_the_file_tells_is_filled_in_and_the_rest_is_left_open(tmp_path: Path) -> None:
    draft = draft_of("見本一覧2014.xlsx", "0" * 64, printed(tmp_path), [], TODAY)
    content = draft.content
    assert (content["kind"], content["table"], content["edition"]) == ("organisation_list", "organisation", "2014")
    assert (content["sheet"], content["title"], content["reference_date"]) == (
        "一覧",
        "見本クラスター一覧",
        "2013-04-01",
    )
    assert content["columns"] == {
        "番号": "entry_no",
        "クラスター名": "name",
        "Cluster name": "name_en",
        "都道府県": "prefecture",
        "会員数": "members",
        "E-mail": None,
    }
    assert content["personal"] == ["E-mail"]
    assert content["key"] == ["name", "prefecture"]
    assert content["language"] == ["ja", "en"]
    assert content["expected_rows"] == {"min": "2", "max": "2"}
    assert draft.folder_name == "organisation_list_2014"
    assert draft.open_fields == [
        *("publisher", "page_address", "licence", "obtained", "reviewed_by", "reviewed_on", "scope_rule"),
    ]


@pytest.mark.parametrize(
    ("in_japanese", "parts"),
    [
        (False, ["rename this file to source.yml", "? who published it", "labels of prefecture", "会員数: － x 1"]),
        (True, ["source.yml に名前を変える", "? 発行者の名称", "prefecture のコードのないラベル", "見出しは3行"]),
    ],
)
def test_comments_say_what_to_write(tmp_path: Path, in_japanese: bool, parts: list[str]) -> None:
    text = draft_of("見本一覧2014.xlsx", "0" * 64, printed(tmp_path), [], TODAY).text(in_japanese=in_japanese)
    for part in ("平成25年4月1日 = 2013-04-01", "見本一覧(?P<edition>\\\\d{4})\\\\.xlsx", *parts):
        assert part in text
    assert yaml.safe_load(text)["sheet"] == "一覧"


def test_an_unfilled_draft_is_no_card_and_each_open_field_is_told(tmp_path: Path) -> None:
    draft = draft_of("list.csv", "0" * 64, printed(tmp_path, ROWS[2:]), [], TODAY)
    (tmp_path / "source.yml").write_text(draft.text(), encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        read_card(tmp_path / "source.yml")
    told = " ".join(str(each) for each in refused.value.problems)
    assert [name for name in draft.open_fields if name not in told] == []
    assert OPEN in told


def completed(draft: Draft, folder: Path) -> SourceCard:
    (folder / "source.yml").write_text(filled(draft), encoding="utf-8")
    return read_card(folder / "source.yml")


def test_a_completed_draft_of_a_text_table_lands(tmp_path: Path) -> None:
    rows = (
        ["Cluster name", "都道府県", "会員数", "Mood: today"],
        ["Mihon", "兵庫県", "3", "a"],
        ["見本", "大阪府", "4", "#b"],
    )
    file = tmp_path / "list_2014.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    card = completed(draft_of(file.name, file_sha256(file), printed(tmp_path, rows, ""), [], TODAY), tmp_path)
    assert card.column_map == {
        "Cluster name": "name",
        "都道府県": "prefecture",
        "会員数": "members",
        "Mood: today": None,
    }
    assert land_source(card, tmp_path / "raw").rows_read == 2


def test_a_completed_draft_of_a_workbook_lands_its_entries_and_keeps_the_rest_apart(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["見本クラスター一覧"],
        [],
        ["クラスター名", "都道府県", "参画機関", None],
        [None, None, "企業数", "大学数"],
        ["見本A", "兵庫県", 10, 2],
        ["見本B", None, 20, 3],
        ["合計", None, 30, 5],
        [],
        ["※ 見本です"],
    ):
        book.active.append(row)
    for block in ("A1:D1", "A3:A4", "B3:B4", "C3:D3", "B5:B6"):
        book.active.merge_cells(block)
    file = tmp_path / "list_2014.xlsx"
    book.save(file)
    table = read_table(file, Hints(words=known_words()), tmp_path / "printed")
    card = completed(draft_of(file.name, file_sha256(file), table, [], TODAY), tmp_path)
    landed = land_source(card, tmp_path / "raw")
    rows = pq.read_table(landed.path, columns=["name", "prefecture", "firms", "row_number", "rejected_reason"])
    assert rows.to_pylist()[:2] == [
        {"name": "見本A", "prefecture": "兵庫県", "firms": "10", "row_number": 5, "rejected_reason": None},
        {"name": "見本B", "prefecture": "兵庫県", "firms": "20", "row_number": 6, "rejected_reason": None},
    ]
    assert rows["rejected_reason"].to_pylist()[2:] == ["total row", "blank row", "note"]


def test_a_card_with_the_same_columns_is_the_model(tmp_path: Path) -> None:
    model = read_card(BUNDLED_SOURCES / "cluster_mapping" / "2016" / "source.yml")
    with model.file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    draft = draft_of("mapping_2022.csv", "0" * 64, printed(tmp_path, rows), [model], TODAY)
    assert draft.content["columns"] == model.column_map
    assert draft.content["id"] == "cluster_mapping-2022"
    assert draft.content["labels"] == model.content["labels"]
    assert draft.content["constants"] == {"country": "Japan"}


def test_a_draft_is_not_taken_for_a_card() -> None:
    assert not Path(DRAFT_NAME).match("*.source.yml")
    assert DRAFT_NAME != "source.yml"


TABLES = [path for path in sorted(BUNDLED_SOURCES.glob("*/*/source.yml")) if not read_card(path).is_wave]


@pytest.mark.parametrize("card", TABLES, ids=lambda path: path.parent.name)
def test_a_draft_of_any_bundled_file_reads_back_as_it_was_written(card: Path, tmp_path: Path) -> None:
    known = read_card(card)
    with known.file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    draft = draft_of(known.file.name, "0" * 64, printed(tmp_path, rows), [], TODAY)
    assert yaml.safe_load(draft.text())["columns"].keys() == draft.content["columns"].keys()
    assert set(draft.content["columns"]) >= set(known.column_map)


def test_each_column_that_is_needed_and_not_found_is_left_open(tmp_path: Path) -> None:
    rows = (["日本側", "国", "協定日"], ["見本", "FR", "2013-04-01"])
    draft = draft_of("list_2014.csv", "0" * 64, printed(tmp_path, rows), [], TODAY)
    assert draft.content["columns"]["?"] == "entry_no"
    assert draft.content["columns"]["??"] == "party_eu"
    assert "columns" in draft.open_fields
    assert "  # ? partnership needs a column for party_eu\n" in draft.text()


@pytest.mark.parametrize(
    ("header", "kind", "columns"),
    [
        (["クラスター名（日本語）", "企業数"], "organisation_list", ["name", "firms"]),
        (["日本側", "欧州側", "協定"], "partnership_list", ["party_jp", "party_eu", "agreement"]),
        (["実施主体", "相手国", "相手先"], "programme_roster", ["lead_name", "partner_country", "partner_name"]),
    ],
)
def test_the_table_that_fits_best_is_proposed(header: list[str], kind: str, columns: list[str]) -> None:
    found = guess_table(header)
    assert found is not None
    assert found[0] == kind
    assert list(assign_columns(header, layout_of(*found), found[1], {}).values()) == columns


@pytest.mark.parametrize(
    ("header", "table", "ours"),
    [
        ("Web-site:", "organisation", "website"),
        ("ＵＲＬ", "organisation", "website"),
        ("会 員 数", "organisation", "members"),
        ("Members / Firms", "organisation", "firms"),
        ("Gründungsjahr", "organisation", "founded"),
        ("都道府県", "participant", "prefecture"),
        ("Mood", "organisation", None),
    ],
)
def test_known_headers_are_looked_up(header: str, table: str, ours: str | None) -> None:
    assert next(iter(columns_for(header, table)), None) == ours
