"""Which sources are active: duplicates are refused, a real edition takes a synthetic one's place."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.catalog import BUNDLED_SOURCES, fingerprint, read_catalog
from ingest.problem import SourceError
from tests.unit.edition import ROWS, write_edition


def test_a_real_edition_takes_the_synthetic_ones_place(tmp_path: Path) -> None:
    write_edition(tmp_path / "bundled")
    write_edition(tmp_path / "inbox", id="sample_list-2020-real", synthetic=False)
    catalog = read_catalog([tmp_path / "bundled", tmp_path / "inbox"])
    assert [card.source_id for card in catalog.cards] == ["sample_list-2020-real"]
    assert [card.source_id for card in catalog.replaced] == ["sample_list-2020"]


def test_the_same_edition_twice_names_both_cards(tmp_path: Path) -> None:
    one = write_edition(tmp_path / "a")
    two = write_edition(tmp_path / "b", id="sample_list-2020-again")
    with pytest.raises(SourceError, match="is there twice") as caught:
        read_catalog([tmp_path])
    assert str(one) in str(caught.value)
    assert str(two) in str(caught.value)


def test_editions_that_differ_by_a_sign_only_are_the_same(tmp_path: Path) -> None:
    write_edition(tmp_path / "a", edition="2016-1")
    write_edition(tmp_path / "b", id="sample_list-b", edition="2016_1")
    with pytest.raises(SourceError, match="is there twice"):
        read_catalog([tmp_path])


def test_what_is_no_input_is_neither_read_nor_hashed(tmp_path: Path) -> None:
    write_edition(tmp_path / "a")
    before = fingerprint([tmp_path])
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "source.yml").mkdir()
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "nowhere")
    (tmp_path / "~$list.xlsx").write_bytes(b"x")
    assert fingerprint([tmp_path]) == before
    assert len(read_catalog([tmp_path]).cards) == 1


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    write_edition(tmp_path / "a")
    write_edition(tmp_path / "b", edition="2021")
    with pytest.raises(SourceError, match="used by two cards"):
        read_catalog([tmp_path])


def test_problems_of_all_cards_are_told_together(tmp_path: Path) -> None:
    write_edition(tmp_path / "a", title=None)
    write_edition(tmp_path / "b", id="sample_list-2021", edition="2021", kind="list")
    with pytest.raises(SourceError) as caught:
        read_catalog([tmp_path])
    assert len(caught.value.problems) == 2


def test_files_without_a_card_are_named(tmp_path: Path) -> None:
    write_edition(tmp_path / "a")
    stray = tmp_path / "mapping 2022.xlsx"
    stray.write_bytes(b"x")
    assert read_catalog([tmp_path]).without_card == (stray,)


def test_fingerprint_follows_bytes_and_not_places_or_times(tmp_path: Path) -> None:
    write_edition(tmp_path / "one" / "a")
    write_edition(tmp_path / "two" / "a")
    same = fingerprint([tmp_path / "one"])
    assert same == fingerprint([tmp_path / "two"])
    write_edition(tmp_path / "two" / "a", ROWS + "3,C,Nara\n")
    assert same != fingerprint([tmp_path / "two"])


def test_bundled_cards_are_right_and_every_real_one_states_its_licence() -> None:
    catalog = read_catalog([BUNDLED_SOURCES])
    assert len(catalog.cards) >= 43
    assert all(len(card.content["licence"]["name"]) > 5 for card in catalog.cards)
    assert {card.family for card in catalog.cards if card.is_synthetic} == {"cluster_mapping", "eu_japan_cooperation"}
