"""An edition that nobody has decided stops a release until its worklist comes back; a provisional one only warns."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from pathlib import Path

from tests.integration.observatory import COMMAND, Observatory
from tests.integration.office import BY, FINAL, PROVISIONAL, Office


def test_an_undecided_final_edition_stops_the_release_and_names_the_command(office: Office) -> None:
    code, _, error = office.noted["blocked"]
    assert code == 1
    assert f"{FINAL}Mihon Cluster" in error
    assert "observatory review" in error


def test_the_worklist_goes_out_and_comes_back(office: Office) -> None:
    for step in ("export", "import"):
        code, _, error = office.noted[step]
        assert code == 0, error


def test_after_the_worklist_came_back_the_release_is_published_with_a_warning(office: Office) -> None:
    code, _, error = office.noted["forgotten"]
    assert code == 0, error
    assert f"{PROVISIONAL}Mihon Draft" in error
    assert FINAL not in error
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
