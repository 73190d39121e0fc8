"""The words a reader needs before the numbers, from ``definitions.csv``: the six words, outcomes, presence, marks."""

from __future__ import annotations

import csv
from functools import cache
from itertools import groupby
from pathlib import Path

WORDS = Path(__file__).with_name("definitions.csv")


@cache
def read_definitions() -> dict[str, tuple[tuple[str, str], ...]]:
    """Group -> pairs of term and meaning, in the order of the file."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        group: tuple((row["term"], row["meaning"]) for row in members)
        for group, members in groupby(rows, key=lambda row: row["group"])
    }
