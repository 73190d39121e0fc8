"""Patterns searched in every cell of a printed table, fast enough for millions of rows.

Belongs here: one pass over the batches and where the hits are. Does not belong here: which patterns, and what a hit
means (``personal``, ``addresses``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_SHOWN = 3


@dataclass
class Hits:
    """Cells of one column in which one pattern was found: how many, and the first rows."""

    count: int = 0
    rows: list[int] = field(default_factory=list)
    first: str = ""


@dataclass
class Search:
    """What one pass found: hits by place of the column (from 0) and name of the pattern, and filled cells by column."""

    hits: dict[tuple[int, str], Hits] = field(default_factory=dict)
    filled: dict[int, int] = field(default_factory=dict)


def search_cells(batches: Iterable[pa.RecordBatch], patterns: Mapping[str, str]) -> Search:
    """Search patterns (RE2, ``^`` and ``$`` at the ends of a cell) in the entries of a table.

    Rows that are left out are no entries and are not searched. A pattern must not match a line break: the cells of a
    column are joined by it, so that a whole batch without any hit is one search.
    """
    import pyarrow.compute as pc

    search = Search()
    for batch in batches:
        entries = batch.filter(pc.is_null(batch["left_out"]))
        numbers = entries["row_number"]
        for place, column in enumerate(entries.columns[2:]):
            found = pc.sum(pc.not_equal(column, "")).as_py() or 0
            search.filled[place] = search.filled.get(place, 0) + found
            for name in _present(column, patterns):
                _count(search, place, name, column, numbers, patterns[name])
    return search


def _present(column: pa.StringArray, patterns: Mapping[str, str]) -> list[str]:
    """The patterns that are somewhere in this column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(column):
        return []
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(column)], pa.int32()), column), "\n")
    return [name for name, pattern in patterns.items() if pc.match_substring_regex(joined, f"(?m){pattern}")[0].as_py()]


def _count(search: Search, place: int, name: str, column: pa.StringArray, numbers: pa.Int32Array, pattern: str) -> None:
    import pyarrow.compute as pc

    matches = pc.match_substring_regex(column, f"(?m){pattern}")
    count = pc.sum(matches).as_py() or 0
    if not count:
        return
    hits = search.hits.setdefault((place, name), Hits())
    hits.count += count
    if len(hits.rows) < ROWS_SHOWN:
        hits.rows += numbers.filter(matches)[: ROWS_SHOWN - len(hits.rows)].to_pylist()
        hits.first = hits.first or column.filter(matches)[0].as_py()
