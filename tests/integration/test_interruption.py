"""Readers are never locked out by a build, and a build killed at any moment leaves the last release whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.observatory import Observatory
from tests.unit.edition import write_edition

READER = """
import sys, time
from pathlib import Path
import duckdb
latest, stop = Path(sys.argv[1]), Path(sys.argv[2])
reads, releases = 0, set()
while not stop.exists():
    with duckdb.connect(str(latest.resolve() / "observatory.duckdb"), read_only=True) as connection:
        releases.add(connection.execute("select release_id from meta.build").fetchone()[0])
    reads += 1
    time.sleep(0.05)
print(reads, len(releases))
"""


def another_list(inbox: Path) -> None:
    """One more provisional edition, so that there is something to build."""
    write_edition(inbox / "list", status="provisional")


def test_while_a_build_runs_others_read_and_a_second_build_is_told(
    copy_of_bundled: Observatory, tmp_path: Path
) -> None:
    stop = tmp_path / "stop"
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(copy_of_bundled.home / "latest"), str(stop)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    another_list(copy_of_bundled.inbox)
    first = copy_of_bundled.start("build")
    time.sleep(2)
    second = copy_of_bundled.run("build")
    assert second.returncode == 1
    assert f"a build is running already (process {first.pid})" in second.stderr
    assert first.wait(timeout=180) == 0
    time.sleep(0.3)
    stop.touch()
    told, errors = reader.communicate(timeout=30)
    assert reader.returncode == 0, errors
    reads, releases = map(int, told.split())
    assert reads > 20
    assert releases == 2


def start_until(observatory: Observatory, stage: str) -> subprocess.Popen[str]:
    """Start a build and come back when it says that it begins the stage."""
    child = observatory.start("build", watched=True)
    assert child.stderr is not None
    for line in child.stderr:
        if line.split()[:1] == [stage]:
            return child
    raise AssertionError(f"the build ended before the stage {stage}")


@pytest.mark.parametrize("stage", ["ingest", "dbt", "release"])
def test_killed_in_any_stage(copy_of_bundled: Observatory, stage: str) -> None:
    """The last release stays whole; after a kill at the worst moment the next build goes through."""
    before = copy_of_bundled.latest.name
    another_list(copy_of_bundled.inbox)
    child = start_until(copy_of_bundled, stage)
    time.sleep(0.2)
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
    assert copy_of_bundled.run("verify").returncode == 0
    assert copy_of_bundled.run("verify", before).returncode == 0
    assert copy_of_bundled.query("select count(*) > 0 from marts.dim_cluster") == [(True,)]
    if stage == "release":
        done = copy_of_bundled.run("build")
        assert done.returncode == 0, done.stderr
        names = {path.name for path in (copy_of_bundled.home / "releases").iterdir()}
        assert not any(name.startswith(".") for name in names)
        assert copy_of_bundled.latest.name in names - {before}


@pytest.mark.parametrize(("number", "stage"), [(signal.SIGINT, "checks"), (signal.SIGTERM, "dbt")])
def test_interrupted_says_so_and_leaves_nothing(
    copy_of_bundled: Observatory, number: signal.Signals, stage: str
) -> None:
    before = copy_of_bundled.latest.name
    another_list(copy_of_bundled.inbox)
    child = start_until(copy_of_bundled, stage)
    time.sleep(1)
    os.kill(child.pid, number)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 130, errors
    assert "Interrupted. Nothing was published; the last release is unchanged." in errors
    assert "Traceback" not in errors
    assert copy_of_bundled.latest.name == before
    assert not list((copy_of_bundled.home / "releases").glob(".staging*"))
