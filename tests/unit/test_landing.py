"""Rows land exactly as printed; anything else is a sentence and nothing lands."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.landed_rows import LandedRows
from ingest.landed_schema import landed_columns, landed_schema
from ingest.landing import land_source, remove_other_sources, write_empty_files
from ingest.layout import LAYOUTS
from ingest.problem import SourceError
from ingest.source_card import SourceCard, read_card
from ingest.survey.schema import RELATIONS
from ingest.tables.printed import Facts, batch_of, write_printed
from tests.unit.edition import CARD, ROWS, write_edition


def land(folder: Path, text: str | bytes = ROWS, **changes: Any) -> list[dict[str, Any]]:
    landed = land_source(read_card(write_edition(folder, text, **changes)), folder / "raw")
    return pq.read_table(landed.path).to_pylist()


def test_rows_as_printed_with_their_place(tmp_path: Path) -> None:
    first, second = land(tmp_path)
    assert first["name"] == "Mihon Cluster"
    assert dict(first["printed"]) == {"No": "1", "Name": "Mihon Cluster", "Prefecture": "Hyogo"}
    assert (first["row_number"], second["row_number"]) == (2, 3)
    assert second["row_id"] == "sample_list-2020#3"
    assert second["name"] == "見本クラスター"
    assert first["is_synthetic"] is True
    assert first["sector"] is None


def test_every_text_of_the_wild_is_kept(tmp_path: Path) -> None:
    """NA is a country and no blank, zeros and full-width signs stay, an empty cell is null."""
    rows = land(tmp_path, 'No,Name,Prefecture\n0012,NA,\n"1,234","a ""b""\nc",１２３\n')
    assert [row["entry_no"] for row in rows] == ["0012", "1,234"]
    assert [row["name"] for row in rows] == ["NA", 'a "b"\nc']
    assert [row["prefecture"] for row in rows] == [None, "１２３"]


def test_same_key_is_told_apart_and_blank_rows_are_rejected_not_lost(tmp_path: Path) -> None:
    rows = land(tmp_path, "No,Name,Prefecture\n1,Twin,Hyogo\n , ,\n2,Twin,Osaka\n")
    assert [row["entry_key"] for row in rows] == ["Twin", None, "Twin#2"]
    assert [row["rejected_reason"] for row in rows] == [None, "blank row", None]


def test_a_blank_part_of_a_key_leaves_no_blank_that_a_register_would_lose(tmp_path: Path) -> None:
    """Cells of the register are read without blanks around them, so a key that ends in one could never be decided."""
    rows = land(tmp_path, "No,Name,Prefecture\n1,Twin,\n2,Twin,Osaka\n", key=["name", "prefecture"])
    assert [row["entry_key"] for row in rows] == ["Twin |", "Twin | Osaka"]


def test_labels_become_codes_beside_the_printed_text(tmp_path: Path) -> None:
    rows = land(tmp_path, labels={"prefecture": {"Hyogo": "JP-28", "Osaka": "JP-27"}})
    assert [(row["prefecture"], row["prefecture_code"]) for row in rows] == [("Hyogo", "JP-28"), ("Osaka", "JP-27")]


def test_constants_fill_what_the_edition_says_once(tmp_path: Path) -> None:
    rows = land(tmp_path, constants={"country": "JP"})
    assert {row["country"] for row in rows} == {"JP"}
    assert "country" not in dict(rows[0]["printed"])


@pytest.mark.parametrize(
    ("text", "changes", "sentences"),
    [
        ("", {}, ["the file is empty", "0 bytes", "put the complete file back"]),
        ("", {"sha256": "0" * 64}, ["the file is empty", "0 bytes", "put the reviewed file back"]),
        (ROWS, {"sha256": "0" * 64}, ["not the one that was reviewed", "0" * 64]),
        ("No,Nme,Prefecture\n1,A,B\n", {}, ["'Nme' is not in the card", "nearest known: Name", "a column 'Name'"]),
        ("No,Name\n1,A\n", {}, ["'Prefecture' that the file does not have"]),
        ("No,Name,Prefecture\n1,A\n", {}, ["row 2"]),
        ("No,Name,Name\n1,A,B\n", {}, ["the column 'Name (2)' is not in the card"]),
        ("No,Name,\n1,A,B\n", {}, ["the column '(no header)' is not in the card"]),
        ('No,Name,Prefecture\n1,"A,B\n', {}, ["the file ends within a quoted cell", "line 2"]),
        ("No,Name,Prefecture\n1,é,B\n".encode("cp1252"), {}, ["byte", "UTF-8"]),
        (ROWS, {"labels": {"prefecture": {"Hyogo": "JP-28"}}}, ["the label 'Osaka'", "cell C3", "not in the card"]),
        (
            ROWS,
            {"labels": {"prefecture": {"Hyogo": "JP-28", "Osaka": "JP-27", "Nara": "JP-29"}}},
            ["a label 'Nara'", "never prints"],
        ),
    ],
)
def test_wrong_files_are_sentences(
    tmp_path: Path, text: str | bytes, changes: dict[str, Any], sentences: list[str]
) -> None:
    with pytest.raises(SourceError) as caught:
        land(tmp_path, text, **changes)
    for sentence in (*sentences, "What to do"):
        assert sentence in str(caught.value)
    assert not list((tmp_path / "raw").rglob("*.parquet"))


def test_missing_file_is_a_sentence(tmp_path: Path) -> None:
    path = write_edition(tmp_path)
    (tmp_path / "list.csv").unlink()
    with pytest.raises(SourceError, match=r"the file of the card is missing.*put the file back"):
        land_source(read_card(path), tmp_path / "raw")


def test_same_content_lands_once_and_a_changed_card_lands_again(tmp_path: Path) -> None:
    card = read_card(write_edition(tmp_path))
    first = land_source(card, tmp_path / "raw")
    again = land_source(card, tmp_path / "raw")
    assert (first.is_reused, again.is_reused, again.path) == (False, True, first.path)
    changed = land_source(read_card(write_edition(tmp_path, edition="2021")), tmp_path / "raw")
    assert changed.path != first.path
    assert not first.path.exists()


def test_landed_bytes_are_the_same_each_time(tmp_path: Path) -> None:
    card = read_card(write_edition(tmp_path))
    one = land_source(card, tmp_path / "one").path
    two = land_source(card, tmp_path / "two").path
    assert (one.name, one.read_bytes()) == (two.name, two.read_bytes())


def test_sources_that_went_away_leave_the_raw_folder(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    write_empty_files(raw)
    card = read_card(write_edition(tmp_path))
    landed = land_source(card, raw)
    assert remove_other_sources(raw, [card]) == []
    assert remove_other_sources(raw, []) == [landed.path]
    assert len(list(raw.rglob("*.parquet"))) == len(LAYOUTS) - 1 + len(RELATIONS)  # a wave has relations


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


@settings(deadline=None, max_examples=50)
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8))
def test_no_row_is_ever_lost(rows: list[tuple[str, str, str]]) -> None:
    """Whatever is printed: one landed row per printed row, keys unique, the printed text untouched."""
    card = SourceCard(Path("source.yml"), {**CARD, "sha256": "0" * 64})
    header = ("No", "Name", "Prefecture")
    numbers = list(range(2, len(rows) + 2))
    left_out = [None if any(text.strip() for text in row) else "blank row" for row in rows]
    batches = [batch_of(numbers, left_out, rows)] if rows else []
    with TemporaryDirectory() as folder:
        printed = write_printed(Path(folder), Facts("csv", header, (1, 2, 3), (1,)), batches)
        landed = LandedRows(card, printed, ("entry_no", "name", "prefecture"))
        table = pa.concat_tables([*landed.tables(), landed_schema(card.kind, card.table).empty_table()])
    assert table.column_names == list(landed_columns("organisation_list", "organisation"))
    assert [tuple(text for _, text in row) for row in table["printed"].to_pylist()] == rows
    assert len(set(table["row_id"].to_pylist())) == len(rows)
    keys = [key for key in table["entry_key"].to_pylist() if key is not None]
    assert len(set(keys)) == len(keys)


def test_a_printed_name_that_looks_like_a_key_of_ours_stays_apart(tmp_path: Path) -> None:
    rows = land(tmp_path, "No,Name,Prefecture\n1,A,x\n2,A,y\n3,A#2,z\n")
    assert [row["entry_key"] for row in rows] == ["A", "A#2", "A#2#2"]
