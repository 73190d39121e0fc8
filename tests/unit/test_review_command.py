"""Which build is read, which folder is written to, and what the options of `observatory review` do."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.problem import SourceError
from orchestration.review.command import BUNDLED_REGISTER, Options, is_read_by_a_build, register_folder, review
from orchestration.review.evidence import read_evidence
from orchestration.settings import Settings
from tests.unit.review_world import DECISIONS, KEYS, LIST_2019, RIVER, make_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("OBSERVATORY_REVIEWER", raising=False)
    monkeypatch.setenv("OBSERVATORY_REGISTRY", str(tmp_path / "inbox" / "registry"))
    return make_settings(tmp_path)


def told(settings: Settings, options: Options) -> tuple[list[str], list[str]]:
    said: list[str] = []
    warned: list[str] = []
    review(settings, options, said.append, warned.append)
    return said, warned


def publish(settings: Settings, age: float) -> None:
    """A release with what the work file holds, without proposals, ``age`` seconds older than it."""
    release = settings.releases / "r1"
    release.mkdir(parents=True)
    shutil.copy(settings.database, release / "observatory.duckdb")
    settings.latest.symlink_to(release)
    modified = settings.database.stat().st_mtime - age
    os.utime(release / "observatory.duckdb", (modified, modified))


@pytest.mark.parametrize(("age", "origin"), [(60, "the last build (not published)"), (-60, "release r1")])
def test_the_newest_build_is_read(settings: Settings, age: float, origin: str) -> None:
    publish(settings, age)
    evidence = read_evidence(settings)
    assert evidence.origin == origin
    assert set(KEYS) < set(evidence.mentions)


def test_a_build_that_stopped_before_the_mentions_is_passed_over(settings: Settings) -> None:
    publish(settings, 60)
    settings.database.unlink()
    with duckdb.connect(str(settings.database)) as connection:
        connection.execute("create schema marts; create table marts.dim_cluster (cluster_id varchar)")
    assert read_evidence(settings).origin == "release r1"


def test_without_proposals_every_mention_is_still_on_the_worklist(settings: Settings) -> None:
    (settings.estimates / "match_candidate.parquet").unlink()
    [text], _ = told(settings, Options(is_json=True))
    assert [(row["mention_key"], row["candidates"]) for row in json.loads(text)] == [(key, []) for key in KEYS]


def test_json_holds_candidates_with_scores_and_reasons(settings: Settings) -> None:
    [text], _ = told(settings, Options(is_json=True))
    first = json.loads(text)[0]
    assert (first["mention_key"], first["row"], first["is_blocking"]) == (RIVER, 2, True)
    assert first["candidates"][0]["reasons"] == ["romanised name equal", "same prefecture (Hyogo)"]
    assert first["candidates"][0]["score"] == 0.93


def test_an_undo_on_the_command_line_names_the_row_that_stays(settings: Settings) -> None:
    key = f"{LIST_2019}Mihon Valley"
    [said], _ = told(settings, Options(undo=key, reason="two bodies", by="registry editor"))
    assert "decisions.csv, line 3 stays as it is" in said
    assert (settings.inbox / "registry" / "decisions.csv").read_text(encoding="utf-8").startswith(DECISIONS[:200])


def test_a_worklist_read_twice_writes_once(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"mention_key,cluster_id,verdict,reason\n{RIVER},,not_a_cluster,its page\n", encoding="utf-8")
    again = Options(import_=path, by="registry editor")
    said, _ = told(settings, again)
    assert said[0].startswith("1 decision written")
    written = (settings.inbox / "registry" / "decisions.csv").read_bytes()
    said, _ = told(settings, again)
    assert said[0].endswith("1 of 1 verdicts stand in the register already.")
    assert said[1].startswith("Nothing was written. 2 mentions to decide in the last build (not published)")
    assert (settings.inbox / "registry" / "decisions.csv").read_bytes() == written


def test_whoever_decides_is_named_by_role_or_variable(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    undo = Options(undo=f"{LIST_2019}Mihon Valley", reason="two bodies")
    with pytest.raises(SourceError, match="nobody is named who decides"):
        told(settings, undo)
    monkeypatch.setenv("OBSERVATORY_REVIEWER", "second editor")
    told(settings, undo)
    assert "two bodies (second editor)" in (settings.inbox / "registry" / "decisions.csv").read_text(encoding="utf-8")


def test_the_folder_is_the_option_then_the_variable_then_the_projects_own(tmp_path: Path) -> None:
    environment = {"OBSERVATORY_REGISTRY": str(tmp_path / "variable")}
    assert register_folder(tmp_path / "option", environment) == tmp_path / "option"
    assert register_folder(None, environment) == tmp_path / "variable"
    assert register_folder(None, {}) == BUNDLED_REGISTER


def test_a_folder_that_no_build_reads_is_pointed_out(settings: Settings, tmp_path: Path) -> None:
    assert is_read_by_a_build(BUNDLED_REGISTER, settings)
    assert is_read_by_a_build(settings.inbox / "office" / "registry", settings)
    assert not is_read_by_a_build(settings.inbox / "decisions", settings)
    _, [warning] = told(settings, Options(is_json=True, registry=tmp_path / "elsewhere"))
    assert "no build reads this folder" in warning


def test_the_screen_asks_for_a_terminal(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with pytest.raises(SourceError, match=r"the screen needs a terminal.*use --list"):
        told(settings, Options(by="registry editor"))
