"""A wave lands whole or not at all, and the same bytes every time.

Belongs here: files of a wave while something goes wrong. Does not belong here: what stands in them.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest.landing import land_source, landed_path
from ingest.survey import landing
from tests.unit.dropped_wave import drop_wave


def files(raw: Path) -> dict[str, bytes]:
    return {str(path.relative_to(raw)): path.read_bytes() for path in sorted(raw.rglob("*.parquet"))}


def test_a_wave_lands_with_the_same_bytes_in_a_process_of_its_own_and_in_this_one(tmp_path: Path) -> None:
    card = drop_wave(tmp_path / "dropped")
    found = []
    for home, is_foreign in (("first", True), ("second", True), ("third", False)):
        raw = tmp_path / home / "work" / "raw"
        land_source(card, raw, is_foreign=is_foreign)
        found.append(files(raw))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 5


def test_what_a_stopped_build_left_of_an_older_landing_goes(tmp_path: Path) -> None:
    """Else the questions of both would be read, and every answer counted twice."""
    card = drop_wave(tmp_path / "dropped")
    raw = tmp_path / "work" / "raw"
    land_source(card, raw)
    whole = files(raw)
    for folder in {path.parent for path in raw.rglob("*.parquet")}:
        for name in ("0" * 32 + ".parquet", "0" * 32 + ".partial"):
            (folder / name).write_bytes(b"old")
    assert land_source(card, raw).is_reused
    assert files(raw) == whole
    assert not list(raw.rglob("*.partial"))


@pytest.mark.parametrize("relation", ["survey__file", "survey__option", "survey__response"])
def test_a_full_disk_leaves_nothing_that_counts_as_landed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, relation: str
) -> None:
    """And the next build lands all of it."""
    card = drop_wave(tmp_path / "dropped")
    raw = tmp_path / "work" / "raw"
    write = landing._Writing._write_table

    def full(self: landing._Writing, name: str, table: object) -> None:
        if name == relation:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, name, table)

    monkeypatch.setattr(landing._Writing, "_write_table", full)
    with pytest.raises(OSError, match="No space"):
        land_source(card, raw)
    assert not landed_path(card, raw).exists()
    assert not list(raw.glob("printed-*"))
    monkeypatch.undo()
    land_source(card, raw)
    assert pq.read_table(landed_path(card, raw)).num_rows == 4
    assert not list(raw.rglob("*.partial"))
