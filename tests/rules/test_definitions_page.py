"""The small world printed in the definitions page is the one that the tests build."""

from __future__ import annotations

import csv
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_the_page_prints_the_table_that_is_tested() -> None:
    with (PROJECT / "tests/fixtures/small_world/expected_survival.csv").open(encoding="utf-8", newline="") as stream:
        expected = [
            (row["cluster_id"], row["from_edition"], row["to_edition"], row["outcome_code"], row["evidence_code"])
            for row in csv.DictReader(stream)
        ]
    printed = []
    for line in (PROJECT / "docs/definitions.md").read_text(encoding="utf-8").splitlines():
        if "(SMW-" in line:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            printed.append((cells[0].split("(")[1].rstrip(")"), *cells[1:5]))
    assert printed == expected


def test_the_page_prints_the_counts_that_are_tested() -> None:
    left = ("n_at_risk", "n_survived", "n_survived_by_takeover", "n_deaths")
    left_sums = ("n_merged+n_absorbed+n_broken_up", "n_out_of_scope", "n_unknown")
    came = ("n_listed", "n_continued", "n_births", "n_by_merger+n_by_take_over+n_by_break_up+n_by_split_off")
    came_sums = ("n_scope_entries", "n_reactivations+n_relisted", "n_late_discoveries")
    with (PROJECT / "tests/fixtures/small_world/expected_demography.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    expected = [
        (pair, *(sum(int(row[name]) for row in rows if key(row) == pair for name in sums.split("+")) for sums in side))
        for side in ((*left, *left_sums), (*came, *came_sums))
        for pair in dict.fromkeys(key(row) for row in rows)
    ]
    printed = [
        (cells[0], *map(int, cells[1:]))
        for line in (PROJECT / "docs/definitions.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| 20")
        for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
    ]
    assert printed == expected


def key(row: dict[str, str]) -> str:
    return f"{row['from_edition']} to {row['to_edition']}"
