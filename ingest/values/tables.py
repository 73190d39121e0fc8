"""The reviewed CSV tables beside a module, by which values are read.

Belongs here: opening one. Does not belong here: what its rows mean (the module that uses them).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


def read_values_table(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of ``<name>.csv`` of this folder in their order."""
    return read_table_beside(__file__, name)


@cache
def read_table_beside(module: str, name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of ``<name>.csv`` beside the module with this ``__file__``."""
    with Path(module).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))
