"""Patterns searched in every cell of a printed table, fast enough for millions of rows.

Belongs here: one pass over the batches and where the hits are. Does not belong here: which patterns, and what a hit
means (``personal``, ``addresses``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.problem import Place
from ingest.tables.grid import address
from ingest.tables.printed import Facts

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_SHOWN = 3
SAMPLE_ROWS = 256


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
        is_left_out = batch["left_out"].null_count < len(batch)
        entries = batch.filter(pc.is_null(batch["left_out"])) if is_left_out else batch
        numbers = entries["row_number"]
        for place, column in enumerate(entries.columns[2:]):
            search.filled[place] = search.filled.get(place, 0) + len(column) - _n_empty(column)
            for name in _present(column, patterns):
                _count(search, place, name, column, numbers, patterns[name])
    return search


def _n_empty(column: pa.StringArray) -> int:
    import pyarrow.compute as pc

    return pc.sum(pc.equal(pc.binary_length(column), 0)).as_py() or 0


def _present(column: pa.StringArray, patterns: Mapping[str, str]) -> list[str]:
    """The patterns that are somewhere in this column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(column):
        return []
    # Telling the distinct texts pays where there are few of them.
    is_varied = len(pc.unique(column[:SAMPLE_ROWS])) > min(SAMPLE_ROWS, len(column)) // 2
    texts = column if is_varied else pc.unique(column)
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts), "\n")
    # An anchored search of a long text starts anew at each line; without its anchors it finds no less.
    free = {name: pattern.removeprefix("^").removesuffix("$") for name, pattern in patterns.items()}
    return [name for name, pattern in free.items() if pc.match_substring_regex(joined, f"(?m){pattern}")[0].as_py()]


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


def cell_place(facts: Facts, file: str, column: int, row: int) -> Place:
    """The cell of a table by the place of its column (from 0) and its row, as a message names it."""
    if facts.sheet:
        return Place(file, sheet=facts.sheet, cell=address(row, facts.columns[column]))
    return Place(file, row=row)
