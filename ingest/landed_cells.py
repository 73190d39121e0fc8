"""What there is to say of single cells: how a text was read, and what the file keeps beside it.

Belongs here: reading each distinct text of a column once, and the sparse column ``cells``. Does not belong here: how a
text is read (``values``), and which column is read as what (``layout`` and the card).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.landed_schema import cells_type
from ingest.values.reading import Options, read_value
from ingest.values.text import name_key

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

# Distinct texts of a column that are remembered from batch to batch.
TEXTS_KEPT = 100_000
SHOWN = 8
UNREADABLE = "unreadable"
LABELLED = "label_of_the_card"


@dataclass(frozen=True)
class CellReading:
    """One text as read: its state and value, the key of a name, the steps taken and the marks taken off."""

    state: str
    value: str | None
    key: str | None = None
    steps: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether there is more to say than that the text is its own value."""
        return bool(self.state != "given" or self.steps or self.marks)

    @property
    def is_normalised(self) -> bool:
        """Whether the value, or that there is none, was found by more than taking the text or the card's label."""
        is_other = self.state not in {"given", "blank", UNREADABLE}
        return is_other or (self.state == "given" and bool(self.steps) and self.steps != (LABELLED,))

    def entry(self, marks: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
        """As an entry of ``cells``, but for its column number."""
        footnotes = [{"kind": "footnote", "text": mark} for mark in self.marks]
        return {"state": self.state, "value_read": self.value, "steps": list(self.steps), "marks": [*marks, *footnotes]}


@dataclass
class ColumnReader:
    """Reads the texts of one of our columns as one ``kind``; the card's ``labels`` say more than any reading."""

    kind: str
    options: Options
    labels: Mapping[str, str]
    n_unread: int = 0
    unread: list[tuple[int, str]] = field(default_factory=list)
    n_normalised: int = 0
    normalised: tuple[int, str] | None = None
    _known: dict[str, CellReading] = field(default_factory=dict)

    def of(self, text: str) -> CellReading:
        """The reading of a text, remembered."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= TEXTS_KEPT:
                self._known.clear()
            known = self._known[text] = self._read(text)
        return known

    def _read(self, text: str) -> CellReading:
        if text in self.labels:
            return CellReading("given", self.labels[text], steps=(LABELLED,))
        reading = read_value(self.kind, text, self.options)
        is_name = self.kind == "name" and reading.value
        key = name_key(reading.value or "", keeps_marks=self.options.footnotes == "kept") if is_name else None
        return CellReading(reading.state, reading.value, key, tuple(reading.steps), tuple(reading.marks))

    def note_unread(self, rows: Sequence[int], texts: Sequence[str]) -> None:
        """Keep the first rows whose text could not be read, and count them all."""
        self.n_unread += len(rows)
        self.unread += list(zip(rows, texts, strict=True))[: SHOWN - len(self.unread)]

    def note_normalised(self, row: int, text: str, n: int) -> None:
        """Count ``n`` cells that were read in a normal form, and keep the first of all."""
        self.n_normalised += n
        self.normalised = self.normalised or (row, text)


class CellPool:
    """The entries of ``cells`` of one batch: each distinct one once, and the places at which it stands."""

    def __init__(self, n_rows: int) -> None:
        """An empty pool for a batch of ``n_rows``."""
        self._n_rows = n_rows
        self._entries: list[dict[str, Any]] = []
        self._places: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def add(self, column_number: int, rows: np.ndarray, entries: Sequence[dict[str, Any]], which: np.ndarray) -> None:
        """At each of ``rows`` (places in the batch) of a column stands ``entries[which]``."""
        import numpy as np

        self._places.append((rows, np.full(len(rows), column_number), which + len(self._entries)))
        self._entries += entries

    def column(self) -> pa.Array:
        """The list of each row, its cells in the order of the columns."""
        import numpy as np
        import pyarrow as pa

        if not self._places:
            return pa.array([[]] * self._n_rows, cells_type())
        rows, columns, which = (np.concatenate(parts) for parts in zip(*self._places, strict=True))
        order = np.lexsort((columns, rows))
        kind = cells_type().value_type
        pool = pa.array(self._entries, pa.struct([kind.field(place) for place in range(1, kind.num_fields)]))
        taken = pool.take(pa.array(which[order]))
        cells = pa.StructArray.from_arrays([pa.array(columns[order], pa.int32()), *taken.flatten()], fields=list(kind))
        offsets = np.searchsorted(rows[order], np.arange(self._n_rows + 1))
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), cells, type=cells_type())
