"""A printed table under our column names: batch by batch, with codes, readings, keys and marks.

Belongs here: from one batch of printed rows to one batch of landed rows, and what there is to say when all are through.
Does not belong here: files and where they lie (``landing``), how a text is read (``values``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ingest.collector import without_collector
from ingest.entry_keys import EntryKeys, key_problems, printed_keys
from ingest.landed_cells import UNREADABLE, CellPool, ColumnReader
from ingest.landed_schema import landed_columns, landed_schema
from ingest.message import problem
from ingest.odd_text import OddText
from ingest.problem import Place, Problem, nearest_word
from ingest.source_card import SourceCard
from ingest.tables.grid import address, column_letters
from ingest.tables.printed import Mark, Printed
from ingest.values.finding import finding, why_unread
from ingest.values.reading import Reading, options_of

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN = 8
# A column of free text in place of labels has as many unknown ones as rows.
MOST_LABELS = 50
# Marks of a cell in which there is no value, whatever text the program shows in its place.
WITHOUT_VALUE = {"error": "key_cell_error", "no_value": "key_cell_never_computed"}
UNREAD_CODES = {
    "prefecture": "prefecture_unknown",
    "country": "country_unknown",
    "nuts": "region_unknown",
    "date": "date_unreadable",
    "count": "number_unreadable",
    "number": "number_unreadable",
    "percent": "number_unreadable",
}


class LandedRows:
    """The rows of one source on their way; ``ours`` is our column for each printed one, None for none."""

    def __init__(self, card: SourceCard, printed: Printed, ours: Sequence[str | None]) -> None:
        """Nothing is read yet."""
        self.card, self.printed, self.ours = card, printed, tuple(ours)
        self.keys = EntryKeys()
        self.letters = [column_letters(number) for number in printed.facts.columns]
        self.odd = OddText(printed.facts.header)
        self.labels: dict[str, dict[str, str]] = card.content.get("labels", {})
        self.labels_seen: dict[str, set[str]] = {column: set() for column in self.labels}
        self.labels_unknown: dict[tuple[str, str], int] = {}
        self.marked: dict[str, list[Mark]] = defaultdict(list)
        self.readers = {column: self._reader(column, kind) for column, kind in card.layout.reads.items()}
        self.marks: dict[int, list[Mark]] = defaultdict(list)
        for mark in printed.facts.marks:
            self.marks[mark.row].append(mark)

    def _reader(self, column: str, kind: str) -> ColumnReader:
        content = self.card.content
        options = options_of(content.get("reading", {}).get(column, {}), content.get("nothing", {}).get(column))
        return ColumnReader(kind, options, self.labels.get(column, {}))

    def tables(self) -> Iterator[pa.Table]:
        """The landed rows, a table for each batch of printed ones."""
        for batch in self.printed.batches():
            with without_collector():
                table = _Batch(self, batch).table()
            yield table

    def problems(self) -> list[Problem]:
        """What there is to say of the rows, once all of them are through."""
        return [
            *self.odd.problems(self.place()),
            *self._value_problems(),
            *self._label_problems(),
            *self._unread_problems(),
            *self._normalised(),
            *key_problems(self.keys.repeated(), self.card.key, self.printed, self.place()),
        ]

    def place(self, row: int = 0, column: str = "") -> Place:
        """A place in the file; ``column`` is one of ours."""
        facts = self.printed.facts
        cell = address(row, facts.columns[self.ours.index(column)]) if row and column in self.ours else ""
        return Place(self.card.file.name, facts.sheet, cell, 0 if cell else row)

    def _value_problems(self) -> Iterator[Problem]:
        """Cells without a value in a column that rows need; in others the reader's own warning is enough."""
        needed = {*self.card.key, *self.card.layout.required}
        at = dict(zip(self.printed.facts.columns, self.ours, strict=True))
        for kind, code in WITHOUT_VALUE.items():
            marks = [mark for mark in self.marked[kind] if at.get(mark.column) in needed]
            if marks:
                cells = [address(mark.row, mark.column) for mark in marks]
                shown = ", ".join(sorted({mark.text for mark in marks if mark.text})) or None
                where = Place(self.card.file.name, self.printed.facts.sheet, cells[0])
                yield problem(code, where, n=len(marks), cells=_listed(cells), shown=shown)

    def _label_problems(self) -> Iterator[Problem]:
        """Both ways strict: a label that the card does not know, and one of the card's that is never printed."""
        for (column, text), row in self.labels_unknown.items():
            labels = self.labels[column]
            near, known = nearest_word(text, labels) or None, ", ".join(labels)
            where = self.place(row, column)
            yield problem("label_unknown", where, label=text, column=column, near=near, known=known)
        # A derived card has the labels of its family; a file without rows prints none.
        if not self.card.is_reviewed or not self.printed.facts.n_rows:
            return
        for column, labels in self.labels.items():
            for label in labels:
                if label not in self.labels_seen[column]:
                    seen = ", ".join(sorted(self.labels_seen[column])) or None
                    yield problem(
                        "label_unused", f"{self.card.path}, labels > {column}", label=label, column=column, seen=seen
                    )

    def _unread_problems(self) -> Iterator[Problem]:
        for column, reader in self.readers.items():
            if reader.n_unread:
                row = reader.unread[0][0]
                texts = "; ".join(f"{self._cell(number, column)} '{text}'" for number, text in reader.unread)
                code = UNREAD_CODES.get(reader.kind, "values_unreadable")
                more = "; …" if reader.n_unread > len(reader.unread) else ""
                # Why, said of the first: the others of a column mostly share it.
                first = reader.unread[0][1]
                reason, reason_ja = why_unread(reader.kind, first, reader.of(first).steps, reader.options)
                yield problem(
                    code, self.place(row, column), column=column, n=reader.n_unread, texts=texts + more,
                    reason=reason, reason_ja=reason_ja,
                )  # fmt: skip

    def _normalised(self) -> Iterator[Problem]:
        """One line for each column whose texts were read in a normal form, with the first of them."""
        for column, reader in self.readers.items():
            if reader.normalised:
                row, text = reader.normalised
                known = reader.of(text)
                reading = Reading(known.state, known.value, known.steps, known.marks)
                told = finding(reader.kind, text, reading, self.place(row, column), reader.n_normalised)
                if told:
                    yield told

    def _cell(self, row: int, column: str) -> str:
        return self.place(row, column).cell or str(row)


class _Batch:
    """One batch of printed rows while its columns are made."""

    def __init__(self, rows: LandedRows, batch: pa.RecordBatch) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        self.rows, self.batch, self.n = rows, batch, batch.num_rows
        self.numbers: list[int] = batch["row_number"].to_pylist()
        self.is_entry = pc.is_null(batch["left_out"])
        self.entries: list[bool] = self.is_entry.to_pylist()
        self.pool = CellPool(self.n)
        self.nulls = pa.nulls(self.n, pa.string())
        self.marks = self.found_marks()

    def found_marks(self) -> dict[int, dict[int, list[Mark]]]:
        """By column of the sheet and place in the batch, what the file says beside a cell; entries are counted."""
        found: dict[int, dict[int, list[Mark]]] = defaultdict(lambda: defaultdict(list))
        if self.rows.marks:
            for place, number in enumerate(self.numbers):
                for mark in self.rows.marks.get(number, ()):
                    found[mark.column][place].append(mark)
                    if self.entries[place] and mark.kind in WITHOUT_VALUE:
                        self.rows.marked[mark.kind].append(mark)
        return found

    def table(self) -> pa.Table:
        """The landed rows of the batch."""
        import pyarrow as pa
        import pyarrow.compute as pc

        rows, card = self.rows, self.rows.card
        for letters, cells in zip(rows.letters, self.batch.columns[2:], strict=True):
            rows.odd.look(cells, letters, self.numbers)
        columns: dict[str, pa.Array] = {name: self._text(name) for name in card.layout.columns}
        for name in card.layout.coded:
            columns[f"{name}_code"] = self._code(name, columns[name])
        for name in card.layout.reads:
            columns[f"{name}_read"], columns[f"{name}_key"] = self._reading(name, columns[name])
        self._mark_the_rest()
        keys = pc.if_else(self.is_entry, printed_keys([columns[name] for name in card.key]), None)
        number_text = self.batch["row_number"].cast(pa.string())
        columns |= {
            "row_id": pc.binary_join_element_wise(card.source_id, number_text, "#"),
            "row_number": self.batch["row_number"],
            "rejected_reason": self.batch["left_out"],
            "printed_key": keys,
            "entry_key": pa.array(rows.keys.give(keys.to_pylist(), self.numbers), pa.string()),
            "is_struck": self._is_struck(),
            "printed": self._printed_map(),
            "cells": self.pool.column(),
        }
        facts = rows.printed.facts
        same = {
            "source_id": card.source_id,
            "family": card.family,
            "edition": card.edition,
            "sheet": facts.sheet,
            "is_synthetic": card.is_synthetic,
            "file_name": card.file.name,
            "file_sha256": card.content["sha256"],
        }
        columns |= {name: pa.repeat(value, self.n) for name, value in same.items()}
        names = landed_columns(card.kind, card.table)
        return pa.table([columns[name] for name in names], schema=landed_schema(card.kind, card.table))

    def _text(self, name: str) -> pa.Array:
        """Our column as printed, without blanks around it; null where the cell is empty or shows no value."""
        import pyarrow as pa
        import pyarrow.compute as pc

        constant = self.rows.card.content.get("constants", {}).get(name)
        if constant is not None:
            return pc.if_else(self.is_entry, pa.scalar(constant, pa.string()), None)
        if name not in self.rows.ours:
            return self.nulls
        place = self.rows.ours.index(name)
        text = pc.utf8_trim_whitespace(self.batch[f"c{place + 1}"])
        text = pc.if_else(pc.equal(text, ""), None, text)
        marks = self.marks.get(self.rows.printed.facts.columns[place], {})
        empty = [at for at, told in marks.items() if any(mark.kind in WITHOUT_VALUE for mark in told)]
        return pc.if_else(_mask(empty, self.n), None, text) if empty else text

    def _code(self, name: str, texts: pa.Array) -> pa.Array:
        """The card's code for each label."""
        import pyarrow as pa

        labels = self.rows.labels.get(name)
        if labels is None:
            return self.nulls
        encoded = texts.dictionary_encode()
        known = encoded.dictionary.to_pylist()
        seen = self.rows.labels_seen[name]
        for place, label in enumerate(encoded.indices.to_pylist()):
            if label is not None and self.entries[place]:
                if known[label] in labels:
                    seen.add(known[label])
                elif len(self.rows.labels_unknown) < MOST_LABELS:
                    self.rows.labels_unknown.setdefault((name, known[label]), self.numbers[place])
        return pa.array([labels.get(text) for text in known], pa.string()).take(encoded.indices)

    def _reading(self, name: str, texts: pa.Array) -> tuple[pa.Array, pa.Array]:
        """Values and keys read from our column; what there is to say of a cell goes to the pool."""
        import numpy as np
        import pyarrow as pa

        reader = self.rows.readers[name]
        encoded = texts.dictionary_encode()
        readings = [reader.of(text) for text in encoded.dictionary.to_pylist()]
        values = pa.array([each.value for each in readings], pa.string()).take(encoded.indices)
        keys = pa.array([each.key for each in readings], pa.string()).take(encoded.indices)
        if not readings or name not in self.rows.ours:
            return values, keys
        which = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        entries = np.array(self.entries, dtype=bool)
        unread = np.array([each.state == UNREADABLE for each in readings])
        lost = np.flatnonzero((which >= 0) & unread[which] & entries)
        if len(lost):
            first = lost[:SHOWN]
            dictionary = encoded.dictionary.to_pylist()
            reader.note_unread([self.numbers[at] for at in first], [dictionary[which[at]] for at in first])
            reader.n_unread += len(lost) - len(first)
        normalised = np.array([each.is_normalised for each in readings])
        changed = np.flatnonzero((which >= 0) & normalised[which] & entries)
        if len(changed):
            reader.note_normalised(
                self.numbers[changed[0]], encoded.dictionary[int(which[changed[0]])].as_py(), len(changed)
            )
        number = self.rows.printed.facts.columns[self.rows.ours.index(name)]
        marked = self.marks.pop(number, {})
        told = np.array([each.is_told for each in readings])
        rows = np.flatnonzero((which >= 0) & told[which] & ~_mask(marked, self.n).to_numpy(zero_copy_only=False))
        used, places = np.unique(which[rows], return_inverse=True)
        self.pool.add(number, rows, [readings[each].entry() for each in used], places)
        self._add_marked(number, marked, lambda at: readings[which[at]].entry if which[at] >= 0 else None)
        return values, keys

    def _mark_the_rest(self) -> None:
        """Cells of columns that are not read, but of which the file says something."""
        for number, marked in self.marks.items():
            self._add_marked(number, marked, lambda at: None)

    def _add_marked(self, number: int, marked: dict[int, list[Mark]], reading: Any) -> None:
        import numpy as np

        entries = []
        for place, told in marked.items():
            marks = [{"kind": mark.kind, "text": mark.text} for mark in told]
            is_empty = any(mark.kind in WITHOUT_VALUE for mark in told)
            entry = reading(place)
            unread = {"state": UNREADABLE if is_empty else None, "value_read": None, "steps": [], "marks": marks}
            entries.append(entry(marks) if entry and not is_empty else unread)
        self.pool.add(number, np.array(list(marked), dtype=np.int64), entries, np.arange(len(entries)))

    def _is_struck(self) -> pa.Array:
        """Whether a cell that names the entry is struck through."""
        import pyarrow as pa

        needed = {*self.rows.card.key, *self.rows.card.layout.required}
        facts = self.rows.printed.facts
        columns = {number for number, ours in zip(facts.columns, self.rows.ours, strict=True) if ours in needed}
        struck = [False] * self.n
        if self.rows.marks:
            for place, number in enumerate(self.numbers):
                marks = self.rows.marks.get(number, ())
                struck[place] = any(mark.kind == "struck" and mark.column in columns for mark in marks)
        return pa.array(struck, pa.bool_())

    def _printed_map(self) -> pa.Array:
        """Header to text of each row, in the order of the file."""
        import numpy as np
        import pyarrow as pa

        header = self.rows.printed.facts.header
        width = len(header)
        by_column = pa.concat_arrays(self.batch.columns[2:])
        by_row = by_column.take(pa.array(np.arange(self.n * width).reshape(width, self.n).T.ravel()))
        names = pa.array(header, pa.string()).take(pa.array(np.tile(np.arange(width), self.n)))
        offsets = pa.array(np.arange(self.n + 1) * width, pa.int32())
        return pa.MapArray.from_arrays(offsets, names, by_row)


def _mask(places: Any, n: int) -> pa.Array:
    import numpy as np
    import pyarrow as pa

    mask = np.zeros(n, dtype=bool)
    mask[list(places)] = True
    return pa.array(mask)


def _listed(items: Sequence[Any]) -> str:
    return ", ".join(map(str, items[:SHOWN])) + (", …" if len(items) > SHOWN else "")
