"""The hash of a withheld export: of no use to who guesses answers, of use to who holds the key."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.source_card import read_card
from ingest.survey.export_mark import published_hash
from ingest.survey.landing import land_wave
from orchestration.release.withheld_export import WAVES, withheld_exports
from orchestration.settings import Settings
from tests.unit.edition import write_edition

ANSWERS = "Timestamp,Sector\n2020/03/02 10:00:00 AM GMT+9,ICT\n2020/03/02 10:05:00 AM GMT+9,Food\n"
WAVE = {"file": "export.csv", "kind": "survey", "table": "response", "columns": None}


def guessed(key: bytes, text: str = ANSWERS) -> set[str]:
    """What somebody makes of answers that he guesses and a key."""
    plain = hashlib.sha256(text.encode()).hexdigest()
    return {plain, hashlib.sha256(bytes.fromhex(plain) + key).hexdigest()}


@pytest.mark.fault
def test_r04_guessed_answers_cannot_be_tried_on_the_hash_of_a_withheld_export(tmp_path: Path) -> None:
    path = write_edition(tmp_path / "drop", ANSWERS, **WAVE, survey={"link": "closed"}, synthetic=False)
    card = read_card(path)
    told = published_hash(card, tmp_path / "home")
    assert len(told) == 64
    assert told not in guessed(b"")
    # Another home has another key; the same home tells the same again.
    assert published_hash(card, tmp_path / "other") != told
    assert published_hash(card, tmp_path / "home") == told
    land_wave(card, tmp_path / "home" / "work" / "raw", "named", is_foreign=False)
    landed = pq.read_table(tmp_path / "home" / "work" / "raw" / "survey__file" / card.source_id / "named.parquet")
    assert landed["file_sha256"].to_pylist() == [told]


def test_other_files_have_their_plain_hash(tmp_path: Path) -> None:
    table = read_card(write_edition(tmp_path / "table"))
    assert published_hash(table, tmp_path) == table.content["sha256"]
    shown = {"link": "closed", "microdata": "published", "microdata_reason": "made up by hand"}
    wave = read_card(write_edition(tmp_path / "wave", ANSWERS, **WAVE, survey=shown, synthetic=True))
    assert published_hash(wave, tmp_path) == hashlib.sha256(ANSWERS.encode()).hexdigest()


def test_the_owner_can_tell_which_export_a_release_was_made_of(tmp_path: Path) -> None:
    sources, release = tmp_path / "sources", tmp_path / "release"
    card = read_card(write_edition(sources / "a", ANSWERS, **WAVE, survey={"link": "closed"}, synthetic=False))
    settings = Settings.from_environment({
        "OBSERVATORY_HOME": str(tmp_path / "home"), "OBSERVATORY_INBOX": str(tmp_path / "inbox"),
        "OBSERVATORY_SOURCES": str(sources),
    })  # fmt: skip
    edition = f"{card.family}/{card.edition}"
    rows = {
        "edition_id": [edition, "gone/2019", "open/2020"],
        "microdata": ["withheld", "withheld", "published"],
        "file_sha256": [published_hash(card, settings.home), "0" * 64, "1" * 64],
    }
    (release / WAVES).parent.mkdir(parents=True)
    pq.write_table(pa.table(rows), release / WAVES)
    assert withheld_exports(release, settings) == {edition: True, "gone/2019": False}
    write_edition(sources / "a", ANSWERS.replace("Food", "ICT"), **WAVE, survey={"link": "closed"}, synthetic=False)
    assert withheld_exports(release, settings) == {edition: False, "gone/2019": False}
    assert withheld_exports(tmp_path, settings) == {}
