"""An edition that nobody has decided stops a release until its worklist comes back; a provisional one only warns."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.integration.observatory import COMMAND, Observatory
from tests.unit.edition import write_edition

FINAL = "sample_list/2020/entry/"
PROVISIONAL = "draft_list/2021/entry/"
BY = ("--by", "registry editor")


@dataclass(frozen=True)
class Office:
    """An office with its own register in the inbox, a worklist it sent, and what its builds said."""

    observatory: Observatory
    registry: Path
    worklist: Path
    blocked: subprocess.CompletedProcess[str]
    published: subprocess.CompletedProcess[str]

    def review(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**self.observatory.environment, "OBSERVATORY_REGISTRY": str(self.registry)}
        return subprocess.run([COMMAND, "review", *arguments], env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def office(bundled: Observatory, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A build that stops, a worklist that goes out and comes back, a build that publishes."""
    folder = tmp_path_factory.mktemp("office")
    observatory = replace(bundled, home=folder / "home", inbox=folder / "inbox")
    shutil.copytree(bundled.home, observatory.home, symlinks=True)
    write_edition(observatory.inbox / "final")
    draft = {"id": "draft_list-2021", "family": "draft_list", "edition": "2021", "status": "provisional"}
    write_edition(observatory.inbox / "draft", "No,Name,Prefecture\n1,Mihon Draft,Hyogo\n", **draft)
    nothing = subprocess.CompletedProcess([], 0, "", "")
    office = Office(observatory, observatory.inbox / "registry", folder / "list.csv", nothing, nothing)
    blocked = observatory.run("build")
    assert office.review("--export", str(office.worklist)).returncode == 0
    return replace(office, blocked=blocked, published=_decided_and_built(office))


def _decided_and_built(office: Office) -> subprocess.CompletedProcess[str]:
    """Fill the worklist for the final edition, read it back, build again."""
    with office.worklist.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    # One row of each mention: the others are its further candidates.
    first = {row["mention_key"]: row for row in reversed(rows)}
    for key, row in first.items():
        if key.startswith(FINAL):
            row.update(verdict="new", reason="first listed in 2020", new_unit_kind="cluster_organisation")
    with office.worklist.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    done = office.review("--import", str(office.worklist), *BY)
    assert done.returncode == 0, done.stderr
    return office.observatory.run("build")


def test_an_undecided_final_edition_stops_the_release_and_names_the_command(office: Office) -> None:
    assert office.blocked.returncode == 1
    assert f"{FINAL}Mihon Cluster" in office.blocked.stderr
    assert "observatory review" in office.blocked.stderr


def test_after_the_worklist_came_back_the_release_is_published_with_a_warning(office: Office) -> None:
    assert office.published.returncode == 0, office.published.stderr
    assert f"{PROVISIONAL}Mihon Draft" in office.published.stderr
    assert FINAL not in office.published.stderr
    placed = office.observatory.query(
        "select mention_key, cluster_id, verdict, decided_by, is_synthetic from marts.fct_mention "
        "where family = 'sample_list' order by mention_key"
    )
    assert [row[0] for row in placed] == [f"{FINAL}Mihon Cluster", f"{FINAL}見本クラスター"]
    assert {row[2:] for row in placed} == {("same", "registry editor", True)}


def test_ids_were_minted_after_the_highest_of_the_project(office: Office, bundled: Observatory) -> None:
    [(highest,)] = bundled.query("select max(cluster_id) from marts.dim_cluster where cluster_id like 'JPC-%'")
    with (office.registry / "clusters.csv").open(encoding="utf-8", newline="") as stream:
        minted = {row["cluster_id"]: row for row in csv.DictReader(stream)}
    first = int(highest[4:]) + 1
    assert sorted(minted) == [f"JPC-{first:04d}", f"JPC-{first + 1:04d}"]
    assert {(row["country_code"], row["is_synthetic"]) for row in minted.values()} == {("JP", "true")}


def test_what_is_left_is_listed_and_an_undo_brings_a_mention_back(office: Office) -> None:
    def waiting() -> list[str]:
        return [each["mention_key"] for each in json.loads(office.review("--json").stdout)]

    assert waiting() == [f"{PROVISIONAL}Mihon Draft"]
    table = office.review("--list")
    assert "1 mention to decide in release" in table.stdout
    done = office.review("--undo", f"{FINAL}見本クラスター", "--reason", "two bodies", *BY)
    assert done.returncode == 0, done.stderr
    assert waiting() == [f"{FINAL}見本クラスター", f"{PROVISIONAL}Mihon Draft"]


def test_without_a_terminal_a_sentence_says_what_to_use(office: Office) -> None:
    done = office.review(*BY)
    assert done.returncode == 1
    assert "the screen needs a terminal" in done.stderr
    assert "--export FILE.xlsx" in done.stderr


def test_before_the_first_build_a_sentence_says_so(tmp_path: Path) -> None:
    environment = {**os.environ, "OBSERVATORY_HOME": str(tmp_path), "OBSERVATORY_INBOX": str(tmp_path / "inbox")}
    done = subprocess.run([COMMAND, "review", "--list"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "run observatory build first" in done.stderr
    assert "Traceback" not in done.stderr
