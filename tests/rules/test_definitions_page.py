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
