"""Cluster ids are for ever and say nothing: neither a name, nor a position, nor an earlier meaning.

Belongs here: what the ids of ``clusters.csv`` must be across its versions and among themselves. Does not belong here:
the other columns of the register (``test_registry``).
"""

from __future__ import annotations

import csv
import io
import subprocess
from itertools import pairwise

import pytest

from tests.rules.test_registry import ROOT, SEEDS, clusters, decisions, listed


def test_an_id_never_disappears_and_never_becomes_another() -> None:
    """Every version of the register that git knows is the witness; the last release is asked in each build."""
    path = (SEEDS / "registry" / "clusters.csv").relative_to(ROOT).as_posix()
    versions = _git("log", "--format=%H", "--", path).split()
    if not versions:
        pytest.skip("no earlier version of clusters.csv is known: this is no git repository, or git is not installed")
    now = {row["cluster_id"]: row for row in clusters()}
    problems = set()
    for version in versions:
        for row in csv.DictReader(io.StringIO(_git("show", f"{version}:{path}"))):
            kept = now.get(row["cluster_id"])
            where = f"{path}: {row['cluster_id']} ({row['label']}), in commit {version[:10]}"
            if kept is None:
                problems.add(f"{where}, is gone; put the row back")
            elif (row["minted_on"], row["is_synthetic"]) != (kept["minted_on"], kept["is_synthetic"]):
                problems.add(f"{where}, has another minted_on or is_synthetic now; put the old values back")
            elif sum(row[name] != kept[name] for name in ("label", "unit_kind", "country_code")) > 1:
                problems.add(f"{where}, is something else now ({kept['label']}); give that the next free number")
    assert not problems, listed(sorted(problems))


def _git(*arguments: str) -> str:
    """What git says, or nothing where it has nothing to say."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def test_prefix_says_japan_or_not() -> None:
    wrong = [
        row["cluster_id"] for row in clusters() if row["cluster_id"].startswith("JPC") != (row["country_code"] == "JP")
    ]
    assert not wrong, f"JPC is for country_code JP and EUC for all others: {wrong}"


@pytest.mark.parametrize("prefix", ["JPC", "EUC"])
def test_ids_follow_neither_the_names_nor_a_list(prefix: str) -> None:
    """An id in the order of the alphabet or of a list would be read as a rank, and would invite renumbering."""
    ids = [row["cluster_id"] for row in clusters() if row["cluster_id"].startswith(prefix)]
    label = {row["cluster_id"]: row["label"].casefold() for row in clusters()}
    first_mention = {row["cluster_id"]: row["mention_key"] for row in reversed(decisions()) if row["verdict"] == "same"}
    for what, place in (("labels", label), ("mention keys", first_mention)):
        ordered = sorted((each for each in ids if each in place), key=lambda each: place[each])
        rises = sum(left < right for left, right in pairwise(ordered))
        share = rises / (len(ordered) - 1)
        assert 0.3 < share < 0.7, f"{prefix} ids follow the order of the {what}: {share:.0%} of neighbours rise"
