"""Which fault case is held by which test: the page that `python -m tests.faults.coverage` makes.

Read from the syntax of the test files, so that the table can be made, and held against the docs, in a moment.
"""

from __future__ import annotations

import ast
import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = Path(__file__).with_name("catalogue.csv")
PAGE = ROOT / "docs" / "fault-coverage.md"
NAME = re.compile(r"test_([a-z][0-9]{2})_\w+")
INTRODUCTION = """# Fault coverage

Every fault that an input can have, what must happen to it, and the tests that make it happen. FIX: read in a normal
form, and said. WARN: read with a flag. QUAR: the file is set aside with a report, the others go on. STOP: nothing is
built. No outcome: a statistic, and how it must be shown. `pytest -m fault` runs them all. This page is made by
`python -m tests.faults.coverage`.

| id | fault | outcome | tests |
|---|---|---|---|
"""


@dataclass(frozen=True)
class FaultTest:
    """One test of a fault: its id, its name with its file, and the outcome classes that it asserts."""

    fault: str
    name: str
    outcomes: frozenset[str]
    is_marked: bool


def fault_tests() -> Iterator[FaultTest]:
    """Every test of the project whose name carries the id of a fault."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        marks_all = any("mark.fault" in ast.unparse(node) for node in tree.body if isinstance(node, ast.Assign))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (match := NAME.fullmatch(node.name)):
                text = ast.unparse(node)
                yield FaultTest(
                    match[1].upper(),
                    f"{path.relative_to(ROOT).as_posix()}::{node.name}",
                    frozenset(re.findall(r"Outcome\.([A-Z]+)", text)),
                    marks_all or "pytest.mark.fault" in text,
                )


def catalogue() -> dict[str, dict[str, str]]:
    """The cases by their id."""
    with CATALOGUE.open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def page() -> str:
    """The page with one row for each case."""
    tests: dict[str, list[str]] = {}
    for each in fault_tests():
        tests.setdefault(each.fault, []).append(each.name)
    lines = []
    for fault, row in catalogue().items():
        cells = (fault, f"{row['case']} → {row['expected']}", row["outcome"].replace(" ", ", "))
        held_by = "<br>".join(f"`{name.removeprefix('tests/')}`" for name in tests.get(fault, ["none"]))
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells))
        lines[-1] += f" | {held_by} |"
    return INTRODUCTION + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
