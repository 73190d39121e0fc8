"""A wrong row of the register: a sentence with file, line and remedy, a stop before the marts, the release kept."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from ingest.registry.landing import COLUMNS, FILE_NAMES
from tests.conftest import once
from tests.integration.observatory import Observatory

FIRM = "Kakuugawa Information Technology Cluster (sample)"
ONE = f"cluster_mapping/2013/entry/{FIRM}"
TWO = "cluster_mapping/2013/entry/Kakuuhama Water Technology Network (sample)"
THREE = "cluster_mapping/2013/entry/Kakuuhara Medical Device Project (sample)"
FOUR = "cluster_mapping/2013/entry/Kakuuiwa Healthcare Valley (sample)"
EVIDENCE = "https://made-up.example.org"

# Each row of a file, and what the build must say of its line; the rows without a sentence are right.
Rows = list[tuple[str, str]]
CLUSTERS: Rows = [
    ("TST-0001,initiative,made up,JP,true,2026-11-20,", ""),
    ("TST-0002,initiative,made up,JP,true,2026-11-20,", ""),
    ("TST-0003,initiative,made up,JP,false,2026-11-20,", ""),
    ("tst-4,initiative,made up,JP,true,2026-11-20,", "the id has not the form of an id. Found: tst-4."),
    ("JPC-0501,initiative,made up,JP,true,2026-11-20,", "the id is given twice. Found: the same id in dbt_project/"),
    ("TST-0004,initiative,made up,JP,true,20 November,", "minted_on is not a day. Found: 20 November."),
    ("TST-0005,initiative,made up,JP,perhaps,2026-11-20,", "is_synthetic is not a yes or no. Found: perhaps."),
    ("TST-0006,club,made up,JP,true,2026-11-20,", "the kind of unit is not known. Found: club."),
    ("SMW-0001,initiative,made up,JP,true,2026-11-20,", "the id was given to something else. Found: made up, init"),
]
DECISIONS: Rows = [
    (f"{ONE},TST-0001,different,made up,,editor,2026-11-20,2026-11-21,", "it is withdrawn without a reason."),
    (
        f"{ONE},TST-0002,different,made up,,editor,2026-11-20,2026-11-01,made up",
        "it was withdrawn before it was decided. Found: withdrawn 2026-11-01, decided 2026-11-20.",
    ),
    (f"{ONE},JPC-9999,different,made up,,editor,2026-11-20,,", "the cluster is not in the register. Found: JPC-9999."),
    (
        f"{ONE} of old,TST-0001,different,made up,,editor,2026-11-20,,",
        f"the mention does not exist. Found: the edition cluster_mapping/2013 has no such row in this role "
        f"(did you mean {ONE}?)",
    ),
    (
        f"{ONE},TST-0001,different,made up,,editor,2026-11-21,,",
        "several live verdicts speak of TST-0001. Found: differ",
    ),
    (f"{ONE},TST-0001,unsure,made up,,editor,2026-11-21,,", ""),
    ("somewhere,TST-0001,different,made up,,editor,2026-11-20,,", "the mention key is not complete. Found: somewhere."),
    (f"{THREE},TST-0001,perhaps,made up,,editor,2026-11-20,,", "the verdict is not known. Found: perhaps."),
    (f"{TWO},TST-0003,same,made up,,editor,2026-11-20,,", "synthetic and real are mixed. Found: a synthetic mention"),
    (f"{THREE},TST-0002,different,made up,,editor,2026-02-30,,", "decided_on is not a day. Found: 2026-02-30."),
    (f"{THREE},,same,made up,,editor,2026-11-20,,", "the verdict same names no cluster."),
    (",TST-0001,same,made up,,editor,2026-11-20,,", "the mention key is not complete. Found: an empty cell."),
    (",TST-0001,same,made up,,editor,2026-11-21,,", "the mention key is not complete. Found: an empty cell."),
    (f"{FOUR},TST-0001,same,made up,,editor,2026-11-20,,", ""),
    (f"{FOUR},TST-0002,same,made up,,editor,2026-11-20,,", ""),
]
PROOF = f"roster,{EVIDENCE},strong,true,editor,2026-11-20,"
EVENTS: Rows = [
    (f"EVT-9501,wedding,TST-0001,TST-0001,2015-04-01,2015-04-01,{PROOF}", "the type is not known. Found: wedding."),
    (
        f"EVT-9502,rename,TST-0001;TST-0002,TST-0001,2015-04-01,2015-04-01,{PROOF}",
        "the clusters do not fit the type rename. Found: 2 before and 1 after. Expected: 1 before and 1 after.",
    ),
    (
        f"EVT-9503,rename,TST-0002,TST-0002,2015-05-01,2015-04-01,{PROOF}",
        "the dates are in the wrong order. Found: 2015-05-01 to 2015-04-01.",
    ),
    (
        f"EVT-9504,rename,TST-0002,TST-0002,2015-04-01,2015-04-01,rumour,{EVIDENCE},strong,true,editor,2026-11-20,",
        "the kind of evidence is not known. Found: rumour.",
    ),
    (f"EVT-0001,rename,TST-0002,TST-0002,2015-04-01,2015-04-01,{PROOF}", "the id is given twice."),
    (
        f"EVT-9505,take_over_by_new_body,TST-0001,TST-0002,2015-04-01,2015-04-01,{PROOF}",
        "a cluster is its own successor. Found: TST-0001 becomes TST-0002",
    ),
    (
        f"EVT-9506,take_over_by_new_body,TST-0002,TST-0001,2015-04-01,2015-04-01,{PROOF}",
        "a cluster is its own successor. Found: TST-0002 becomes TST-0001",
    ),
    (f"EVT-9507,death,TST-0004,,2015-04-01,2015-04-01,{PROOF}", ""),
    (
        f"EVT-9508,rename,TST-0004,TST-0004,2016-01-01,2016-01-01,{PROOF}",
        "it happens to TST-0004 after EVT-9507 (death, office/registry/events.csv, line 9) ended it.",
    ),
    (
        f"EVT-9509,rename,XYZ-0001,XYZ-0001,2015-04-01,2015-04-01,{PROOF}",
        "a cluster before it is not in the register. Found: XYZ-0001.",
    ),
    (
        f"EVT-9510,merger,TST-0001;TST-0002,TST-0006,2015-04-01,,{PROOF}",
        "date_latest is not a day. Found: an empty cell",
    ),
    (f",merger,TST-0001;TST-0002,TST-0006,2015-04-01,2015-04-01,{PROOF}", "the id has not the form of an id."),
]
CORRECTIONS: Rows = [
    (
        f"COR-9001,cluster_mapping,2013,{FIRM},name,something else,x,made up,,editor,2026-11-20,,",
        f"its guard no longer holds for row {FIRM} of cluster_mapping/2013, column name. Found: {FIRM}. "
        "Expected: something else.",
    ),
    (
        f"COR-9002,cluster_mapping,2013,{FIRM},name,{FIRM},x,made up,,editor,2026-11-20,,",
        "another live correction is about the same cell. Found: COR-9001 in office/registry/corrections.csv, line 2.",
    ),
    ("COR-9003,cluster_mapping,2013,,name,x,y,made up,,editor,2026-11-20,,", "entry_key is empty."),
    (
        f",cluster_mapping,2013,{FIRM},name_ja,x,y,made up,,editor,2026-11-20,,",
        "correction without id: its guard no longer holds",
    ),
]
FILES = {"cluster": CLUSTERS, "decision": DECISIONS, "event": EVENTS, "correction": CORRECTIONS}


def write_register(folder: Path) -> None:
    """Write the faulty register of an office."""
    folder.mkdir(parents=True)
    for thing, rows in FILES.items():
        lines = [",".join(COLUMNS[thing]), *(row for row, _ in rows)]
        (folder / FILE_NAMES[thing]).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def stopped(extended: Observatory, shared: Path) -> tuple[Observatory, bytes, subprocess.CompletedProcess[str]]:
    """A build that finds the register of the small world gone and a register full of faults in the inbox."""
    folder = shared / "bad_registry"
    observatory = Observatory(folder / "home", folder / "inbox")

    def build() -> tuple[int, str, str]:
        shutil.copytree(extended.home, observatory.home, symlinks=True)
        shutil.copytree(extended.inbox, observatory.inbox)
        write_register(observatory.inbox / "office" / "registry")
        done = observatory.run("build")
        return done.returncode, done.stdout, done.stderr

    sums = (extended.latest / "SHA256SUMS").read_bytes()
    return observatory, sums, subprocess.CompletedProcess([], *once(shared / "bad_registry.json", build))


def said_of(done: subprocess.CompletedProcess[str], place: str) -> list[str]:
    """The sentences about one line of a file."""
    return [line.strip() for line in done.stderr.splitlines() if line.strip().startswith(f"{place}: ")]


@pytest.mark.parametrize("thing", FILES)
def test_every_fault_is_told_with_its_line_and_a_remedy(
    stopped: tuple[Observatory, bytes, subprocess.CompletedProcess[str]], thing: str
) -> None:
    _, _, done = stopped
    for number, (_, expected) in enumerate(FILES[thing], start=2):
        place = f"office/registry/{FILE_NAMES[thing]}, line {number}"
        told = said_of(done, place)
        assert any(expected in sentence for sentence in told) or not expected, f"{place}: {expected}\n{told}"
        assert all(" Expected: " in sentence and " What to do: " in sentence for sentence in told)


def test_both_rows_of_a_conflict_are_named(
    stopped: tuple[Observatory, bytes, subprocess.CompletedProcess[str]],
) -> None:
    _, _, done = stopped
    conflict = f"decision on {TWO}: several live verdicts place the mention. Found: "
    [told] = [line for line in done.stderr.splitlines() if conflict in line]
    assert "same JPC-0503 (dbt_project/seeds/registry/decisions.csv, line " in told
    assert "and same TST-0003 (office/registry/decisions.csv, line 10)" in told
    assert "What to do: withdraw all but one" in told


def test_two_decisions_of_one_file_on_a_mention_are_named(
    stopped: tuple[Observatory, bytes, subprocess.CompletedProcess[str]],
) -> None:
    _, _, done = stopped
    [told] = [line for line in done.stderr.splitlines() if f"decision on {FOUR}: several live verdicts" in line]
    number = len(DECISIONS)
    assert f"same TST-0001 (office/registry/decisions.csv, line {number})" in told
    assert f"and same TST-0002 (office/registry/decisions.csv, line {number + 1})" in told


def test_an_id_that_vanished_is_named_where_it_stood(
    stopped: tuple[Observatory, bytes, subprocess.CompletedProcess[str]],
) -> None:
    _, _, done = stopped
    vanished = (
        "registry/clusters.csv, line 3: cluster SMW-0002 (Smallworld New Name Forum): the id has vanished. Found: "
    )
    [told] = [line.strip() for line in done.stderr.splitlines() if line.strip().startswith(vanished)]
    assert "lists, decisions and events may go, an id may not." in told


def test_going_back_to_an_earlier_release_takes_no_id_away(extended: Observatory, tmp_path: Path) -> None:
    """Without the small world and the inbox the inputs are those of the release before, which lacks its clusters."""
    shutil.copytree(extended.home, tmp_path / "home", symlinks=True)
    observatory = Observatory(tmp_path / "home", tmp_path / "inbox")
    before = observatory.latest.name
    leaving = ("cluster_mapping/2016", "wild_list/2021", "mihon_panel/2021")
    done = observatory.run("build", *(part for edition in leaving for part in ("--withdraw", edition)))
    assert done.returncode == 1
    vanished = "registry/clusters.csv, line 3: the id SMW-0002 (Smallworld New Name Forum) has vanished. Found: "
    [told] = [line for line in done.stderr.splitlines() if line.startswith(vanished)]
    assert " Expected: " in told
    assert "What to do: put the row back, here or in another clusters.csv;" in told
    assert observatory.latest.name == before


def test_the_build_stops_before_the_marts_and_keeps_the_release(
    stopped: tuple[Observatory, bytes, subprocess.CompletedProcess[str]], extended: Observatory
) -> None:
    observatory, sums, done = stopped
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr
    with duckdb.connect(str(observatory.home / "work" / "warehouse.duckdb"), read_only=True) as connection:
        schemas = {row[0] for row in connection.execute("select distinct schema_name from duckdb_tables()").fetchall()}
    assert {"staging", "intermediate"} <= schemas
    assert not schemas & {"marts", "reports"}
    assert observatory.latest.name == extended.latest.name
    assert (observatory.latest / "SHA256SUMS").read_bytes() == sums
    assert observatory.run("verify").returncode == 0
    assert observatory.query("select count(*) > 0 from marts.dim_cluster") == [(True,)]
    notice = (observatory.home / "last-failure.md").read_text(encoding="utf-8")
    assert "office/registry/decisions.csv, line 2: " in notice
