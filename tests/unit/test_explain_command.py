"""What `observatory explain` says when the latest release cannot be explained."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.explain_command import show_explanation
from orchestration.settings import Settings


def test_a_release_of_an_earlier_program_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(home=tmp_path, inbox=tmp_path / "inbox", extra_sources=())
    release = settings.releases / "r0123456789ab"
    release.mkdir(parents=True)
    with duckdb.connect(str(release / "observatory.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.dim_cluster as select 'JPC-9001' as cluster_id, 'Old' as label")
    settings.latest.symlink_to(release)
    assert show_explanation(settings, "JPC-9001", as_json=False, every=False) == 1
    said = capsys.readouterr().err
    assert "r0123456789ab, was made by an earlier version" in said
    assert "'observatory build'" in said


def test_without_a_release_the_command_that_makes_one_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(home=tmp_path, inbox=tmp_path / "inbox", extra_sources=())
    assert show_explanation(settings, "JPC-9001", as_json=True, every=False) == 1
    assert "'observatory build' makes the first" in capsys.readouterr().err
