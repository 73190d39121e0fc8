"""Identities of respondents: nowhere but in the restricted store.

Belongs here: what is written when a wave is landed. Does not belong here: the list of forgotten persons and the release
(tests/unit, tests/integration).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest.landing import Landed, land_source
from ingest.problem import Outcome
from ingest.restricted import restricted_path
from ingest.source_card import SourceCard
from ingest.survey import wave
from ingest.survey.free_text import REDACTED
from ingest.survey.wave_facts import WaveJob
from ingest.tables import confinement
from ingest.tables.limits import LIMITS
from ingest.tables.printed import Hints
from tests.faults.told import told
from tests.unit.dropped_wave import MAIL, NAME, NUMBER, SECRETS, drop_wave

pytestmark = pytest.mark.fault


def landed(home: Path, card: SourceCard) -> Landed:
    return land_source(card, home / "work" / "raw", is_foreign=True)


def bytes_in(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file with its bytes; of a Parquet file also its notes and its cells, which are compressed in it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()
            if path.suffix == ".parquet":
                file = pq.ParquetFile(path)
                yield path, str(file.metadata.metadata).encode() + str(file.schema_arrow).encode()
                yield path, str(file.read().to_pylist()).encode()


def holding(folder: Path) -> list[str]:
    found = {
        f"{path.relative_to(folder)}: {secret}"
        for path, content in bytes_in(folder)
        for secret in SECRETS
        if secret.encode() in content
    }
    return sorted(found)


def test_s24_contact_data_inside_a_free_text(tmp_path: Path) -> None:
    card = drop_wave(tmp_path / "dropped")
    found = landed(tmp_path, card)
    problem = told(
        found.facts.problems, "survey_text_redacted", Outcome.WARN,
        ["mihon_2020.csv", "an e-mail address or a telephone number: 2", "the state 'redacted'"],
        ["2件", "自由記述を非公開にしました"],
    )  # fmt: skip
    assert not [secret for secret in SECRETS if secret in str(problem) + problem.japanese]
    wide = next((tmp_path / "work" / "raw" / "survey_wide").glob("*/*.parquet"))
    rows = pq.read_table(wide).to_pylist()
    texts = [[cell for cell in row.values() if isinstance(cell, str)] for row in rows]
    assert [REDACTED in row for row in texts] == [False, True, True, False]
    assert "more training" in texts[0]
    file = pq.read_table(next((tmp_path / "work" / "raw" / "survey__file").glob("mihon*/*.parquet")))
    assert file["n_redacted"].to_pylist() == [3]
    store = pq.read_table(restricted_path(tmp_path / "work", card.source_id, card.content["sha256"])).to_pylist()
    originals = {row["response_no"]: row["value"] for row in store if row["role"] == "free_text"}
    assert [row["response_no"] for row in store if row["role"] == "personal_answer"] == [2]
    told(found.facts.problems, "survey_identity_kept_apart", Outcome.FIX, ["IPAddress"], ["IPAddress"])
    assert "the column 'whom' tells who answered" in "".join(map(str, found.facts.problems))
    assert originals == {2: f"ask Ms {NAME}, {MAIL}", 3: f"電話 {NUMBER}"}


def test_s24_no_identity_stands_in_any_landed_file_or_message(tmp_path: Path) -> None:
    found = landed(tmp_path, drop_wave(tmp_path / "dropped"))
    assert holding(tmp_path / "work" / "restricted"), "else this test would find nothing anywhere"
    assert holding(tmp_path / "work" / "raw") == []
    said = "".join(str(each) + each.japanese for each in found.facts.problems)
    assert [secret for secret in SECRETS if secret in said] == []
    assert [path.name for path in (tmp_path / "work" / "raw").iterdir() if path.name.startswith("printed-")] == []


def test_s24_a_reader_that_breaks_quotes_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries quote the cell that they stumbled over."""

    def broken(*_given: object) -> None:
        float(f"{NAME}, {MAIL}")

    monkeypatch.setattr(wave, "read_wave", broken)
    job = {"task": "survey", "hints": asdict(Hints()), "limits": asdict(LIMITS), "told": asdict(WaveJob())}
    answer = confinement._answer(job, tmp_path / "mihon.csv", tmp_path)
    assert answer["crashed"].startswith("ValueError at confinement.py:")
    assert [secret for secret in SECRETS if secret in answer["crashed"]] == []
