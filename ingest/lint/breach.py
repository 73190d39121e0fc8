"""A rule that a sheet breaks, with the cells.

Belongs here: the shape of a breach, its addresses as ranges, and its sentence. Does not belong here: finding breaches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.tables.grid import address
from ingest.values.tables import read_table_beside

Cell = tuple[int, int]
RANGES_SHOWN = 12


@dataclass(frozen=True)
class Breach:
    """One rule on one sheet: how many cells break it, the first ranges of them, and one as an example."""

    rule: str
    sheet: str
    count: int
    ranges: tuple[str, ...] = ()
    n_ranges: int = 0
    example: str = ""

    def problem(self, file: str) -> Problem:
        """The breach in English and Japanese."""
        return problem(
            f"lint_{self.rule}", Place(file, sheet=self.sheet, cell=self.cells), count=self.count, example=self.example
        )

    @property
    def cells(self) -> str:
        """The ranges for a person: the first of them, and how many more there are."""
        more = self.n_ranges - len(self.ranges)
        return ", ".join(self.ranges) + (f" (+{more})" if more > 0 else "")

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Breach:
        """A breach that another process found."""
        return cls(**{**plain, "ranges": tuple(plain["ranges"])})


@dataclass(frozen=True)
class Rule:
    """A rule of ``rule.csv``: its id, the item of the ministry's list (empty for our own) and its title."""

    rule: str
    item: str
    en: str
    ja: str
    source: str


@cache
def rules() -> Mapping[str, Rule]:
    """The rules by their id, in their order."""
    return {row["rule"]: Rule(**row) for row in read_table_beside(__file__, "rule")}


def ranges_of(cells: Iterable[Cell]) -> list[str]:
    """Cells (row, column) as spreadsheet ranges: runs down a column, and equal runs side by side as one block."""
    rows_by_column: dict[int, list[int]] = defaultdict(list)
    for row, column in sorted(set(cells)):
        rows_by_column[column].append(row)
    columns_by_run: dict[tuple[int, int], list[int]] = defaultdict(list)
    for column, rows in rows_by_column.items():
        for run in runs(rows):
            columns_by_run[run].append(column)
    blocks = [
        (first, left, last, right)
        for (first, last), columns in columns_by_run.items()
        for left, right in runs(sorted(columns))
    ]
    return [block_address(*block) for block in sorted(blocks)]


def runs(numbers: list[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive numbers; ``numbers`` are in order."""
    found = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        found.append((members[0], members[-1]))
    return found


def block_address(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """A block as a spreadsheet names it: B4:B9, or B4 for one cell."""
    first, last = address(first_row, first_column), address(last_row, last_column)
    return first if first == last else f"{first}:{last}"
