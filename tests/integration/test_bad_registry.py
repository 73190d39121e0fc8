"""A wrong row of the register: a sentence with file, line and remedy, a stop before the marts, the last release kept."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from ingest.register import COLUMNS, FILE_NAMES
from tests.integration.observatory import Observatory

MENTION = "cluster_mapping/2013/entry/Kakuugawa Information Technology Cluster (sample)"
OTHER = "cluster_mapping/2013/entry/Kakuuhama Water Technology Network (sample)"
THIRD = "cluster_mapping/2013/entry/Kakuuhara Medical Device Project (sample)"
CLUSTER = {"unit_kind": "initiative", "label": "made up", "country_code": "JP", "is_synthetic": "true"} | {
    "minted_on": "2026-11-20"
}
DECISION = {"verdict": "different", "reason": "made up", "decided_by": "editor", "decided_on": "2026-11-20"}
EVENT = {"event_type": "rename", "date_earliest": "2015-04-01", "date_latest": "2015-04-01"} | {
    **{"evidence_kind": "roster", "evidence_address": "https://made-up.example.org", "strength": "strong"},
    **{"is_synthetic": "true", "recorded_by": "editor", "recorded_on": "2026-11-20"},
}
CORRECTION = {"family": "cluster_mapping", "edition": "2013", "column_name": "name", "corrected_value": "x"} | {
    **{"entry_key": MENTION.split("/")[3], "expected_value": MENTION.split("/")[3]},
    **{"reason": "made up", "decided_by": "editor", "decided_on": "2026-11-20"},
}

# For each row: what is written into it, and what the build must say of its line; the rows without a sentence are right.
Faults = list[tuple[dict[str, str], str]]
CLUSTERS: Faults = [
    (CLUSTER | {"cluster_id": "TST-0001"}, ""),
    (CLUSTER | {"cluster_id": "TST-0002"}, ""),
    (CLUSTER | {"cluster_id": "TST-0003", "is_synthetic": "false"}, ""),
    (CLUSTER | {"cluster_id": "tst-4"}, "the id has not the form of an id. Found: tst-4."),
    (CLUSTER | {"cluster_id": "JPC-0001"}, "the id is given twice. Found: the same id in dbt_project/seeds/registry/"),
    (CLUSTER | {"cluster_id": "TST-0004", "minted_on": "20 November"}, "minted_on is not a day. Found: 20 November."),
    (CLUSTER | {"cluster_id": "TST-0005", "is_synthetic": "perhaps"}, "is_synthetic is not a yes or no."),
    (CLUSTER | {"cluster_id": "TST-0006", "unit_kind": "club"}, "the kind of unit is not known. Found: club."),
    (CLUSTER | {"cluster_id": "SMW-0001"}, "the id was given to something else. Found: made up, initiative, JP."),
]
DECISIONS: Faults = [
    (
        DECISION | {"mention_key": MENTION, "cluster_id": "TST-0001", "withdrawn_on": "2026-11-21"},
        "it is withdrawn without a reason.",
    ),
    (
        DECISION
        | {
            "mention_key": MENTION,
            "cluster_id": "TST-0002",
            "withdrawn_on": "2026-11-01",
            "withdrawn_reason": "made up",
        },
        "it was withdrawn before it was decided. Found: withdrawn 2026-11-01, decided 2026-11-20.",
    ),
    (DECISION | {"mention_key": MENTION, "cluster_id": "JPC-9999"}, "the cluster is not in the register."),
    (
        DECISION | {"mention_key": f"{MENTION} of old", "cluster_id": "TST-0001"},
        f"the mention does not exist. Found: the edition cluster_mapping/2013 has no such row in this role "
        f"(did you mean {MENTION}?)",
    ),
    (
        DECISION | {"mention_key": MENTION.replace("entry", "partner"), "cluster_id": "TST-0001"},
        "no such row in this role",
    ),
    (DECISION | {"mention_key": "somewhere", "cluster_id": "TST-0001"}, "the mention key is not complete."),
    (DECISION | {"mention_key": THIRD, "cluster_id": "TST-0001", "verdict": "perhaps"}, "the verdict is not known."),
    (DECISION | {"mention_key": OTHER, "cluster_id": "TST-0003", "verdict": "same"}, "synthetic and real are mixed."),
    (
        DECISION | {"mention_key": THIRD, "cluster_id": "TST-0002", "decided_on": "2026-02-30"},
        "decided_on is not a day.",
    ),
]
EVENTS: Faults = [
    (EVENT | {"event_id": "EVT-9501", "event_type": "wedding"}, "the type is not known. Found: wedding."),
    (
        EVENT | {"event_id": "EVT-9502", "clusters_before": "TST-0001;TST-0002", "clusters_after": "TST-0001"},
        "the clusters do not fit the type rename. Found: 2 before and 1 after. Expected: 1 before and 1 after.",
    ),
    (
        EVENT
        | {"event_id": "EVT-9503", "date_earliest": "2015-05-01"}
        | dict.fromkeys(("clusters_before", "clusters_after"), "TST-0001"),
        "the dates are in the wrong order.",
    ),
    (
        EVENT
        | {"event_id": "EVT-9504", "evidence_kind": "rumour", "strength": "firm"}
        | dict.fromkeys(("clusters_before", "clusters_after"), "TST-0001"),
        "the kind of evidence is not known. Found: rumour.",
    ),
    (
        EVENT | {"event_id": "EVT-0001", "clusters_before": "TST-0001", "clusters_after": "TST-0001"},
        "the id is given twice.",
    ),
    (
        EVENT
        | {
            "event_id": "EVT-9505",
            "event_type": "take_over_by_new_body",
            "clusters_before": "TST-0001",
            "clusters_after": "TST-0002",
        },
        "a cluster is its own successor. Found: TST-0001 becomes TST-0002",
    ),
    (
        EVENT
        | {
            "event_id": "EVT-9506",
            "event_type": "take_over_by_new_body",
            "clusters_before": "TST-0002",
            "clusters_after": "TST-0001",
        },
        "a cluster is its own successor. Found: TST-0002 becomes TST-0001",
    ),
    (EVENT | {"event_id": "EVT-9507", "event_type": "death", "clusters_before": "TST-0004"}, ""),
    (
        EVENT
        | {
            "event_id": "EVT-9508",
            "clusters_before": "TST-0004",
            "clusters_after": "TST-0004",
            "date_earliest": "2016-01-01",
            "date_latest": "2016-01-01",
        },
        "it happens to TST-0004 after EVT-9507 (death, ",
    ),
    (
        EVENT | {"event_id": "EVT-9509", "clusters_before": "XYZ-0001", "clusters_after": "XYZ-0001"},
        "a cluster before it is not in the register. Found: XYZ-0001.",
    ),
]
CORRECTIONS: Faults = [
    (
        CORRECTION | {"correction_id": "COR-9001", "expected_value": "something else"},
        "its guard no longer holds for row Kakuugawa Information Technology Cluster (sample) of cluster_mapping/2013, "
        "column name. Found: Kakuugawa Information Technology Cluster (sample). Expected: something else.",
    ),
    (CORRECTION | {"correction_id": "COR-9002"}, "another live correction is about the same cell. Found: COR-9001 in"),
]
FILES = {"cluster": CLUSTERS, "decision": DECISIONS, "event": EVENTS, "correction": CORRECTIONS}


def write_register(folder: Path) -> None:
    folder.mkdir(parents=True)
    for thing, rows in FILES.items():
        with (folder / FILE_NAMES[thing]).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS[thing], restval="")
            writer.writeheader()
            writer.writerows(cells for cells, _ in rows)


@pytest.fixture(scope="module")
def stopped(
    extended: Observatory, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Observatory, bytes, subprocess.CompletedProcess[str]]:
    """A build that finds the register of the small world gone and a register full of faults in the inbox."""
    folder = tmp_path_factory.mktemp("bad_registry")
    shutil.copytree(extended.home, folder / "home", symlinks=True)
    observatory = Observatory(folder / "home", folder / "inbox")
    sums = (observatory.latest / "SHA256SUMS").read_bytes()
    write_register(observatory.inbox / "office" / "registry")
    return observatory, sums, observatory.run("build")


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


def test_an_id_that_vanished_is_named_where_it_stood(
    stopped: tuple[Observatory, bytes, subprocess.CompletedProcess[str]],
) -> None:
    _, _, done = stopped
    [told] = said_of(done, "registry/clusters.csv, line 3")
    assert told.startswith(
        "registry/clusters.csv, line 3: cluster SMW-0002 (Smallworld New Name Forum): the id has vanished."
    )
    assert "put the row back" in told


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
    notice = (observatory.home / "last-failure.md").read_text(encoding="utf-8")
    assert "office/registry/decisions.csv, line 2: " in notice
