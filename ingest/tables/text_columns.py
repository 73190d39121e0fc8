"""A long sheet kept by column: what is asked of every row of a column is asked once, not once for each cell.

Belongs here: rows of text that are stored as columns, and the questions that only columns answer fast. Does not belong
here: how a value becomes text (``workbook_values``), what a row means (``body``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    import pyarrow as pa

# Rows turned at a time when rows are asked for: a row and those after it are asked for together.
TURNED = 512


class TextColumns(Sequence[tuple[str, ...]]):
    """Rows of text, all of one length. Rows are made when they are asked for; a slice shares the columns."""

    def __init__(self, columns: Sequence[pa.Array], n_rows: int) -> None:
        """Take columns of text without nulls, each of ``n_rows``."""
        self.columns, self._n_rows = list(columns), n_rows
        self._turned: tuple[int, list[tuple[str, ...]]] = (-1, [])

    @property
    def width(self) -> int:
        """The length of each row."""
        return len(self.columns)

    def __len__(self) -> int:
        """The number of rows."""
        return self._n_rows

    @overload
    def __getitem__(self, place: int) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, place: slice) -> TextColumns: ...
    def __getitem__(self, place: int | slice) -> tuple[str, ...] | TextColumns:
        """A row, or the rows of a slice without steps."""
        if isinstance(place, slice):
            start, stop, _ = place.indices(self._n_rows)
            n_rows = max(0, stop - start)
            return TextColumns([column.slice(start, n_rows) for column in self.columns], n_rows)
        place = place + self._n_rows if place < 0 else place
        if not 0 <= place < self._n_rows:
            raise IndexError(place)
        return self._block(place // TURNED)[place % TURNED]

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        """The rows in order."""
        for number in range(-(-self._n_rows // TURNED)):
            yield from self._block(number)

    def __eq__(self, other: object) -> bool:
        """Whether the other has the same texts, however it keeps them."""
        return (
            isinstance(other, Sequence) and len(self) == len(other) and all(map(tuple.__eq__, self, map(tuple, other)))
        )

    # Equal rows may be kept in two ways, so there is nothing to hash; typeshed knows no class without a hash.
    __hash__ = None  # type: ignore[assignment] # as said above

    def _block(self, number: int) -> list[tuple[str, ...]]:
        if self._turned[0] != number:
            start, n_rows = number * TURNED, min(TURNED, self._n_rows - number * TURNED)
            texts = [column.slice(start, n_rows).to_pylist() for column in self.columns]
            self._turned = number, list(zip(*texts, strict=True)) if texts else [()] * n_rows
        return self._turned[1]

    def with_texts(self, changed: Mapping[tuple[int, int], str]) -> TextColumns:
        """The rows with other texts in some cells, counted from 1; they grow where a cell lies beyond them."""
        import pyarrow as pa

        n_rows = max([self._n_rows, *(row for row, _ in changed)])
        width = max([self.width, *(column for _, column in changed)])
        by_column: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for (row, column), text in changed.items():
            by_column[column - 1].append((row - 1, text))
        columns = []
        for place in range(width):
            texts = self.columns[place] if place < self.width else pa.array([], pa.string())
            if place in by_column or len(texts) < n_rows:
                listed = [*texts.to_pylist(), *[""] * (n_rows - len(texts))]
                for row, text in by_column[place]:
                    listed[row] = text
                texts = pa.array(listed, pa.string())
            columns.append(texts)
        return TextColumns(columns, n_rows)

    def without_blank_ends(self) -> TextColumns:
        """The rows and columns up to the last with more than blanks."""
        import pyarrow.compute as pc

        width = self.width
        while width and not pc.any(filled(self.columns[width - 1])).as_py():
            width -= 1
        n_rows = self._n_rows
        blank = set(self.blank_rows()) if width and self._is_blank(n_rows - 1) else set()
        while n_rows and (n_rows - 1 in blank or not width):
            n_rows -= 1
        return TextColumns([column.slice(0, n_rows) for column in self.columns[:width]], n_rows)

    def _is_blank(self, place: int) -> bool:
        return not any(map(str.strip, self[place]))

    def blank_rows(self) -> list[int]:
        """Places (from 0) of the rows without any text."""
        import pyarrow as pa
        import pyarrow.compute as pc

        places = pa.array(range(self._n_rows), pa.int64())
        for column in self.columns:
            if not len(places):
                break
            # Few rows are blank in the first column already, and only those are looked at in the next.
            places = places.filter(pc.invert(filled(column.take(places))))
        found: list[int] = places.to_pylist()
        return found


def filled(column: pa.Array) -> pa.Array:
    """Which cells of a column hold more than blanks."""
    import pyarrow.compute as pc

    return pc.invert(pc.or_(pc.equal(column, ""), pc.utf8_is_space(column)))


def width_of(rows: Sequence[Sequence[str]]) -> int:
    """The length of the longest row; 0 where there is none."""
    if isinstance(rows, TextColumns):
        return rows.width if len(rows) else 0
    return max(map(len, rows), default=0)


def blank_places(rows: Sequence[Sequence[str]], start: int = 0) -> list[int]:
    """Places (from 0) of the rows from ``start`` on without any text."""
    if isinstance(rows, TextColumns):
        return [start + place for place in rows[start:].blank_rows()]
    return [place for place in range(start, len(rows)) if not any(map(str.strip, rows[place]))]


def filled_places(rows: Sequence[Sequence[str]], column: int, start: int = 0) -> Iterator[int]:
    """Places (from 0) of the rows from ``start`` on with a text in this column (from 1)."""
    if not isinstance(rows, TextColumns):
        yield from (
            place for place in range(start, len(rows)) if len(rows[place]) >= column and rows[place][column - 1].strip()
        )
    elif column <= rows.width:
        import pyarrow.compute as pc

        yield from (start + each.as_py() for each in pc.indices_nonzero(filled(rows.columns[column - 1].slice(start))))
