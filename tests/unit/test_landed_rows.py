"""What lands beside the printed text: values read, what there is to say of single cells, what is kept apart."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.landed_cells import CellPool
from ingest.landed_rows import LandedRows
from ingest.landing import land_source, read_landed
from ingest.problem import Outcome
from ingest.source_card import SourceCard, read_card
from ingest.tables import printed as printed_tables
from ingest.tables.printed import Facts, Mark, batch_of, write_printed
from tests.unit.edition import CARD, write_edition

HEADER = ("No", "Name", "Prefecture")
OURS = ("entry_no", "name", "prefecture")


def rows_of(
    rows: list[tuple[str, ...]], marks: tuple[Mark, ...] = (), columns: tuple[int, ...] = (1, 2, 3), **changes: Any
) -> list[dict[str, Any]]:
    card = SourceCard(Path("source.yml"), {**CARD, "sha256": "0" * 64, **changes})
    facts = Facts("xlsx", HEADER, columns, (1,), "Sheet", marks=marks)
    numbers = list(range(2, len(rows) + 2))
    with TemporaryDirectory() as folder:
        printed = write_printed(Path(folder), facts, [batch_of(numbers, [None] * len(rows), rows)])
        return [row for table in LandedRows(card, printed, OURS).tables() for row in table.to_pylist()]


def test_a_value_stands_beside_its_text_and_the_text_is_untouched() -> None:
    [row] = rows_of([("1", "㈱ﾐﾎﾝ※2", " 兵庫県² ")])
    assert (row["name"], row["name_read"]) == ("㈱ﾐﾎﾝ※2", "㈱ﾐﾎﾝ")
    assert dict(row["printed"])["Prefecture"] == " 兵庫県² "
    assert (row["prefecture"], row["prefecture_read"]) == ("兵庫県²", "JP-28")
    footnotes = {cell["column_number"]: cell["marks"] for cell in row["cells"]}
    assert footnotes == {2: [{"kind": "footnote", "text": "※2"}], 3: [{"kind": "footnote", "text": "²"}]}


def test_two_spellings_of_one_name_have_one_key() -> None:
    rows = rows_of([("1", "ﾐﾎﾝ㈱", ""), ("2", "ミホン(株)", "")])
    assert rows[0]["name_key"] == rows[1]["name_key"]
    assert rows[0]["name_read"] != rows[1]["name_read"]


def test_a_label_of_the_card_says_more_than_any_reading() -> None:
    [row] = rows_of([("1", "A", "Osaka")], labels={"prefecture": {"Osaka": "JP-26"}})
    assert (row["prefecture_code"], row["prefecture_read"]) == ("JP-26", "JP-26")
    assert [cell["steps"] for cell in row["cells"]] == [["label_of_the_card"]]


def test_a_cell_is_known_by_the_column_of_the_sheet() -> None:
    """The table begins in column C: marks and cells count as the sheet does."""
    marks = (Mark(2, 4, "note", "formerly B"), Mark(3, 5, "merged", "E2:E3"), Mark(3, 3, "colour", "FFFF00"))
    first, second = rows_of([("1", "A", "JP-28"), ("2", "B", "JP-28")], marks, columns=(3, 4, 5))
    assert [(cell["column_number"], cell["state"]) for cell in first["cells"]] == [(4, "given")]
    assert first["cells"][0]["marks"] == [{"kind": "note", "text": "formerly B"}]
    assert [(cell["column_number"], cell["state"]) for cell in second["cells"]] == [(3, None), (5, "given")]


def test_a_constant_is_read_too_and_has_no_cell() -> None:
    [row] = rows_of([("1", "A", "")], constants={"country": "日本"})
    assert (row["country"], row["country_read"], row["cells"]) == ("日本", "JP", [])


def test_batches_give_what_one_batch_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(str(number), f"Mihon {number % 7}", ("Hyogo¹", "", "nowhere")[number % 3]) for number in range(50)]
    whole = rows_of(rows)
    monkeypatch.setattr(printed_tables, "BATCH_ROWS", 8)
    assert rows_of(rows) == whole


PLACES = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4), st.sampled_from("abc")), unique_by=lambda e: e[:2])


@settings(deadline=None)
@given(places=PLACES)
def test_the_cells_of_a_row_are_its_own_in_the_order_of_columns(places: list[tuple[int, int, str]]) -> None:
    """Against a plain loop over rows."""
    pool = CellPool(6)
    for column in (3, 1, 4, 2):
        mine = [(row, text) for row, at, text in places if at == column]
        entries = [{"state": text, "value_read": None, "steps": [text], "marks": []} for _, text in mine]
        pool.add(column, np.array([row for row, _ in mine], dtype=np.int64), entries, np.arange(len(mine)))
    found = [[(cell["column_number"], cell["state"]) for cell in cells] for cells in pool.column().to_pylist()]
    assert found == [sorted((at, text) for row, at, text in places if row == number) for number in range(6)]


def test_texts_that_cannot_be_read_are_told_with_their_cells(tmp_path: Path) -> None:
    text = "No,Name,Prefecture\n1,A,Hyogo\n2,B,Atlantis\n3,C,Atlantis\n"
    landed = land_source(read_card(write_edition(tmp_path, text)), tmp_path / "raw")
    [problem] = [each for each in landed.facts.problems if each.code == "prefecture_unknown"]
    assert problem.outcome is Outcome.WARN
    assert problem.found == (
        "C3 'Atlantis'; C4 'Atlantis' (a place is not known: expected a prefecture by its code or a known spelling)"
    )
    assert "都道府県" in problem.japanese


def test_what_was_found_is_still_known_when_nothing_is_read_again(tmp_path: Path) -> None:
    card = read_card(write_edition(tmp_path, "No,Name,Prefecture\n1,A,Atlantis\n"))
    first = land_source(card, tmp_path / "raw")
    again = land_source(card, tmp_path / "raw")
    assert again.is_reused
    assert (again.facts, again.ours, again.rows_read) == (first.facts, OURS, 1)
    assert read_landed(card, first.path).facts.problems == first.facts.problems


def test_personal_columns_are_kept_outside_of_raw(tmp_path: Path) -> None:
    address = "somebody" + "@" + "mihon.example.org"
    path = write_edition(
        tmp_path, f"No,Name,Prefecture,Contact\n1,A,Hyogo,{address}\n",
        columns={**CARD["columns"], "Contact": None}, personal=["Contact"],
    )  # fmt: skip
    landed = land_source(read_card(path), tmp_path / "home" / "raw", is_foreign=True)
    assert dict(pq.read_table(landed.path)["printed"][0].as_py())["Contact"] == "[restricted]"
    assert not any(address.encode() in each.read_bytes() for each in (tmp_path / "home/raw").rglob("*.parquet"))
    [kept] = (tmp_path / "home" / "restricted").rglob("*.parquet")
    assert pq.read_table(kept)["value"].to_pylist() == [address]


def test_every_step_of_a_reading_has_words() -> None:
    from ingest.values.reading import step_text

    assert step_text("label_of_the_card") != "label_of_the_card"
    assert step_text("label_of_the_card", "ja") != "label_of_the_card"


def test_texts_read_in_a_normal_form_are_told_once_for_each_column(tmp_path: Path) -> None:
    text = "No,Name,Prefecture\n1,A,Hyogo\n2,Mihon²,JP-28\n3,C,Osaka-fu\n4,D,-\n"
    landed = land_source(read_card(write_edition(tmp_path, text)), tmp_path / "raw")
    told = {each.where: (each.code, each.outcome, each.found) for each in landed.facts.problems}
    assert told["list.csv, cell B3"] == ("value_read", Outcome.FIX, "cells: 1, the first 'Mihon²'")
    assert told["list.csv, cell C2"][:2] == ("value_read", Outcome.FIX)
    assert "the first 'Hyogo'" in told["list.csv, cell C2"][2]


def test_labels_of_the_card_and_plain_texts_are_told_of_nobody(tmp_path: Path) -> None:
    labels = {"prefecture": {"Hyogo": "JP-28", "Osaka": "JP-27"}}
    landed = land_source(read_card(write_edition(tmp_path, labels=labels)), tmp_path / "raw")
    assert [each.code for each in landed.facts.problems] == []
