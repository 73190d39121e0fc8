"""A sheet as the rules look at it: its cells, and which of them are header, entries and notes.

Belongs here: sorting a sheet into these, and which columns hold numbers. Does not belong here: any rule.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from ingest.problem import SourceError
from ingest.tables.grid import Grid
from ingest.tables.printed import Facts, Hints
from ingest.values.dates import read_date
from ingest.values.nothing import state_of_nothing
from ingest.values.numbers import read_number
from ingest.values.text import clean, without_footnote_marks

# A column is one of numbers if at least this share of its filled cells read as numbers.
NUMBERS_SHARE = 0.6


@dataclass(frozen=True)
class LintSheet:
    """``header_rows`` and ``entries`` are row numbers; ``columns`` those of the table, with their names.

    Where no header was found all rows are entries and ``codes`` tells why; ``blank_rows`` lie between entries.
    """

    grid: Grid
    header_rows: tuple[int, ...] = ()
    names: dict[int, str] = field(default_factory=dict)
    entries: tuple[int, ...] = ()
    blank_rows: tuple[int, ...] = ()
    beside: str = ""
    codes: frozenset[str] = frozenset()

    def text(self, row: int, column: int) -> str:
        """The text of a cell; rows and columns from 1."""
        cells = self.grid.rows[row - 1] if row <= len(self.grid.rows) else ()
        return cells[column - 1] if column <= len(cells) else ""

    def filled_entries(self) -> Iterator[tuple[int, int, str]]:
        """Row, column and text of each filled cell of the entries."""
        for row in self.entries:
            for column, text in enumerate(self.grid.rows[row - 1], start=1):
                if text.strip():
                    yield row, column, text

    def filled(self) -> Iterator[tuple[int, int, str]]:
        """The same of the header and the entries."""
        for row in self.header_rows:
            for column, text in enumerate(self.grid.rows[row - 1], start=1):
                if text.strip():
                    yield row, column, text
        yield from self.filled_entries()

    def mark_text(self, row: int, column: int) -> str:
        """What the workbook says of a cell that shows nothing, such as its formula."""
        return next((mark.text for mark in self.grid.marks if (mark.row, mark.column) == (row, column)), "")

    @cached_property
    def number_columns(self) -> frozenset[int]:
        """Columns whose filled cells are numbers for the most part, and no years; signs of nothing count as neither."""
        kinds: dict[int, Counter[str]] = defaultdict(Counter)
        for _, column, text in self.filled_entries():
            kinds[column][_kind(text)] += 1
        return frozenset(
            column for column, counted in kinds.items()
            if counted["number"] >= NUMBERS_SHARE * (counted["number"] + counted["date"] + counted["text"]) > 0
        )  # fmt: skip


@lru_cache(maxsize=50_000)
def _kind(text: str) -> str:
    plain = without_footnote_marks(clean(text).text)[0]
    if state_of_nothing(plain, {}, by_table=True):
        return "nothing"
    if read_date(plain) is not None:
        return "date"
    return "text" if read_number(plain).value is None else "number"


def lint_sheet(grid: Grid) -> LintSheet:
    """The sheet sorted by what the readers of tables find; a sheet whose table they refuse is looked at as it is."""
    from ingest.tables.structure import table_of

    try:
        facts, batches = table_of([grid], Hints())
        left_out = {
            number: reason
            for batch in batches
            for number, reason in zip(batch["row_number"].to_pylist(), batch["left_out"].to_pylist(), strict=True)
        }
    except SourceError as error:
        rows = tuple(number for number, cells in enumerate(grid.rows, start=1) if any(cells))
        return LintSheet(grid, entries=rows, codes=frozenset(each.code for each in error.problems))
    return _sorted(grid, facts, left_out)


def _sorted(grid: Grid, facts: Facts, left_out: dict[int, str | None]) -> LintSheet:
    entries = tuple(number for number, reason in left_out.items() if reason is None)
    last = max(entries, default=0)
    return LintSheet(
        grid,
        facts.header_rows,
        dict(zip(facts.columns, facts.header, strict=True)),
        entries,
        tuple(number for number, reason in left_out.items() if reason == "blank row" and number < last),
        " ".join(note.text for note in facts.notes),
        frozenset(each.code for each in facts.problems),
    )
