"""The reviewed CSV tables beside this module, by which values are read.

Belongs here: opening one. Does not belong here: what its rows mean (the module that uses them).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def read_values_table(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of ``<name>.csv`` in their order."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))
