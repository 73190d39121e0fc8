"""The ends of a large text table: lines under its header, notes and totals below its last entries.

Belongs here: sorting the first and the last rows while the blocks between go by. Does not belong here: what makes a
row a note or a total (``body``), the blocks themselves (``csv_blocks``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.problem import Place, Problem
from ingest.tables.body import BLANK, sort_columns
from ingest.tables.header import Header
from ingest.tables.printed import Note, batch_of

if TYPE_CHECKING:
    import pyarrow as pa

# Notes and totals at the end of a list take a screen at most.
TAIL_ROWS = 200
# A sum over the last rows alone says nothing of a total over all of them.
NEEDS_ALL_ROWS = {"total_differs", "entries_alone"}


@dataclass
class CsvTail:
    """What was found at the ends; filled while ``sorted`` is read. ``above`` are the cells of the header's lines."""

    file: str
    header: Header
    above: Sequence[Sequence[str]] = ()
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def sorted(self, tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
        """The rows as they come, with the lines under the header before them and the last ones sorted."""
        import pyarrow as pa

        if self.above:
            numbers = [number for number, _ in self.header.lines]
            rows = [[row[column - 1] for column in self.header.columns] for row in self.above]
            yield self._sorted(batch_of(numbers, [None] * len(rows), rows))
        held: pa.Table | None = None
        for table in tables:
            if held is not None and len(table) >= TAIL_ROWS:
                yield held
                held = None
            held = table if held is None else pa.concat_tables([held, table])
        if held is not None:
            cut = max(0, len(held) - TAIL_ROWS)
            if cut:
                yield held.slice(0, cut)
            yield self._sorted(held.slice(cut))

    def _sorted(self, rows: pa.Table) -> pa.Table:
        import pyarrow as pa

        numbers = rows["row_number"].to_pylist()
        columns = [column.combine_chunks() for column in rows.columns[2:]]
        found = sort_columns(columns, numbers, self.header, where=Place(self.file))
        self.notes += found.notes
        self.problems += [each for each in found.problems if each.code not in NEEDS_ALL_ROWS]
        if not any(reason and reason != BLANK for reason in found.left_out):
            return rows
        return rows.set_column(1, "left_out", pa.array(found.left_out, pa.string()))
