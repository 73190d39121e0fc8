"""Readers are never locked out by a build, and a build killed at any moment leaves the last release whole."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.integration.observatory import Observatory
from tests.integration.office import Office
from tests.unit.edition import write_edition


def another_list(inbox: Path) -> None:
    """One more provisional edition, so that there is something to build."""
    write_edition(inbox / "list", status="provisional")


def test_while_a_build_runs_others_read_and_a_second_build_is_told(office: Office) -> None:
    code, _, told = office.noted["second"]
    assert code == 1
    assert f"a build is running already (process {office.noted['pid']})" in told
    assert office.noted["forgotten"][0] == 0
    code, told, errors = office.noted["reader"]
    assert code == 0, errors
    reads, releases = map(int, told.split())
    assert reads > 20
    assert releases == 2


@pytest.mark.parametrize("stage", ["ingest", "dbt"])
def test_killed_in_any_stage(copy_of_bundled: Observatory, stage: str) -> None:
    """The last release stays whole."""
    before = copy_of_bundled.latest.name
    another_list(copy_of_bundled.inbox)
    child = copy_of_bundled.start_until(stage)
    time.sleep(0.2)
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
    assert copy_of_bundled.run("verify").returncode == 0
    assert copy_of_bundled.run("verify", before).returncode == 0
    assert copy_of_bundled.query("select count(*) > 0 from marts.dim_cluster") == [(True,)]


def test_killed_as_it_begins_to_publish(office: Office) -> None:
    """The last release stays whole; after a kill at the worst moment the next build goes through."""
    left = office.noted["after the kill"]
    assert (left["latest"], left["sums"]) == (office.noted["before"], office.noted["sums"])
    assert (left["verify"], left["verify by name"]) == (0, 0)
    assert left["clusters"] > 0
    code, _, error = office.noted["forgotten"]
    assert code == 0, error
    names = set(office.noted["files"])
    assert not any(name.startswith(".") for name in names)
    assert office.observatory.latest.name in names - {office.noted["before"]}


@pytest.mark.parametrize(("number", "stage"), [(signal.SIGINT, "checks"), (signal.SIGTERM, "dbt")])
def test_interrupted_says_so_and_leaves_nothing(
    copy_of_bundled: Observatory, number: signal.Signals, stage: str
) -> None:
    before = copy_of_bundled.latest.name
    another_list(copy_of_bundled.inbox)
    child = copy_of_bundled.start_until(stage)
    time.sleep(1)
    os.kill(child.pid, number)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 130, errors
    assert errors.endswith("Interrupted. Nothing was published; the last release is unchanged.\n")
    assert "Traceback" not in errors
    assert copy_of_bundled.latest.name == before
    assert not list((copy_of_bundled.home / "releases").glob(".staging*"))
