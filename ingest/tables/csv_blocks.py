"""The records of a large text table in blocks: parsed by Arrow where a block is plain, one by one where it is odd.

Belongs here: cutting at the ends of records, handing odd blocks to the careful way (``csv_records``), rows that do not
fit. Does not belong here: which row is the header, what a row is.

Both ways must give the same rows; a property test holds them together.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.csv_records import RECORD_CHARACTERS, Record, records_of
from ingest.tables.encoding import Encoding, broken, check_to_the_end, refuse_zero_bytes
from ingest.tables.limits import Limits
from ingest.tables.printed import batch_of, rows_schema
from ingest.tables.read_ahead import read_ahead

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

BLOCK_BYTES = 1 << 22
PARSED_AT_ONCE = 1 << 20
ROWS_TOLD = 20


@dataclass
class CsvBody:
    """The records below a header, read on demand by ``tables``.

    ``width`` is how many cells a record has, ``columns`` the numbers of those that the header keeps; ``n_lines`` and
    ``n_records`` are the lines and records to skip, the header being the last of them.
    """

    path: Path
    encoding: Encoding
    delimiter: str
    width: int
    columns: tuple[int, ...]
    n_lines: int
    n_records: int
    limits: Limits
    block_bytes: int = BLOCK_BYTES
    problems: list[Problem] = field(default_factory=list)
    n_ragged: int = 0

    def tables(self) -> Iterator[pa.Table]:
        """Rows as ``rows_schema`` has them, with blank rows marked and none at the end.

        Raises:
            SourceError: undecodable, broken or ragged; ragged rows are told together, after the last.
        """
        number, line = self.n_records + 1, self.n_lines + 1
        blank: pa.Table | None = None
        for table in read_ahead(self._parsed(number, line)):
            marked, n_blank_at_end = _with_blanks(table)
            if n_blank_at_end < len(marked):
                if blank is not None:
                    yield blank
                blank = None
                yield marked.slice(0, len(marked) - n_blank_at_end)
            if n_blank_at_end:
                import pyarrow as pa

                rest = marked.slice(len(marked) - n_blank_at_end)
                blank = rest if blank is None else pa.concat_tables([blank, rest])
        if self.n_ragged > ROWS_TOLD:
            n_rows = self.n_ragged - ROWS_TOLD
            where = Place(self.path.name)
            self.problems.append(problem("csv_rows_ragged_more", where, n_rows=n_rows, n_columns=len(self.columns)))
        if self.problems:
            raise SourceError(self.problems)

    def _parsed(self, number: int, line: int) -> Iterator[pa.Table]:
        rest = b""
        texts = read_ahead(self._texts())
        for block in texts:
            data = rest + block
            quotes = _proper_quotes(data, self.delimiter)
            cut = None if quotes is None else _last_end(data, quotes)
            if quotes is None or cut is None or (not cut and len(data) > RECORD_CHARACTERS):
                yield from self._careful(_lines(data, texts), number, line)
                return
            rest = data[cut:]
            if not cut:
                continue
            piece, first = data[:cut], number
            for table in self._block(piece, quotes, number, line):
                yield table
                number += len(table)
            # Without any quotation mark each record is a line, and they are counted already.
            line += _n_line_ends(piece) if len(quotes) else number - first
        if rest:
            quotes = _proper_quotes(rest, self.delimiter)
            if quotes is None or len(quotes) % 2:
                yield from self._careful(_lines(rest, iter(())), number, line)
            else:
                yield from self._block(rest, quotes, number, line)

    def _texts(self) -> Iterator[bytes]:
        """The file below the header as UTF-8, in blocks cut anywhere.

        Raises:
            SourceError: a byte that the encoding does not have.
        """
        to_skip = self.n_lines
        is_plain = self.encoding.name == "utf-8"
        decoder = codecs.getincrementaldecoder(self.encoding.name)("strict")
        done = self.encoding.mark_bytes
        with self.path.open("rb") as stream:
            stream.seek(done)
            while True:
                block = stream.read(self.block_bytes)
                refuse_zero_bytes(self.path, self.encoding, block, done)
                if not is_plain:
                    kept = len(decoder.getstate()[0])
                    try:
                        text = decoder.decode(block, final=not block)
                    except UnicodeDecodeError as error:
                        raise broken(self.path, self.encoding, done - kept + error.start) from error
                done += len(block)
                is_last = not block
                if not is_plain:
                    block = text.encode()
                while to_skip and block:
                    cut = _line_end(block)
                    if cut is None:
                        more = stream.read(self.block_bytes)
                        if not more and not is_last:
                            block, to_skip = b"", 0
                            break
                        block += more if is_plain else decoder.decode(more).encode()
                        is_last = is_last or not more
                        continue
                    block, to_skip = block[cut:], to_skip - 1
                if block:
                    yield block
                if is_last:
                    return

    def _block(self, data: bytes, quotes: np.ndarray[Any, Any], number: int, line: int) -> Iterator[pa.Table]:
        """A block of whole records: at once, or one by one where it does not fit."""
        import pyarrow as pa
        from pyarrow import csv

        names = [f"c{place}" for place in range(1, self.width + 1)]
        try:
            table = csv.read_csv(
                pa.py_buffer(data),
                read_options=csv.ReadOptions(column_names=names, block_size=PARSED_AT_ONCE),
                parse_options=csv.ParseOptions(
                    delimiter=self.delimiter,
                    newlines_in_values=len(quotes) > 0 and _holds_line_ends(data, quotes),
                    ignore_empty_lines=False,
                ),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    strings_can_be_null=False, quoted_strings_can_be_null=False,
                ),
            )  # fmt: skip
        except pa.ArrowInvalid:
            table = None
        if table is None or not self._fits(table):
            yield from self._careful(_lines(data, iter(())), number, line)
            return
        schema = rows_schema(len(self.columns))
        numbers = pa.array(range(number, number + len(table)), pa.int32())
        kept = [table.column(column - 1) for column in self.columns]
        yield pa.table([numbers, pa.nulls(len(table), pa.string()), *kept], schema=schema)

    def _fits(self, table: pa.Table) -> bool:
        """No cell over the limit, none in a column that the header leaves out."""
        import pyarrow.compute as pc

        for column in range(1, self.width + 1):
            longest = pc.max(pc.binary_length(table.column(column - 1))).as_py() or 0
            if longest > (self.limits.cell_characters if column in self.columns else 0):
                return False
        return True

    def _careful(self, lines: Iterator[bytes], number: int, line: int) -> Iterator[pa.Table]:
        texts = self._decoded(lines)
        rows: list[Record] = []
        for record in records_of(texts, self.delimiter, self.limits, self.path.name, number, line):
            rows.append(record)
            if len(rows) == 65_536:
                yield self._table(rows)
                rows = []
        if rows:
            yield self._table(rows)

    def _decoded(self, lines: Iterator[bytes]) -> Iterator[str]:
        for line in lines:
            try:
                yield line.decode()
            except UnicodeDecodeError:
                check_to_the_end(self.path, self.encoding)
                raise

    def _table(self, records: list[Record]) -> pa.Table:
        kept = [self._cells(record) for record in records]
        return batch_of([record.number for record in records], [None] * len(records), kept)

    def _cells(self, record: Record) -> list[str]:
        """The cells that the header keeps; a row with more or fewer is told. Empty cells at the end are no cells."""
        cells = record.cells
        outside = [cell for place, cell in enumerate(cells, start=1) if place not in self.columns]
        if cells and (len(cells) < max(self.columns) or any(outside)):
            self.tell_ragged(record)
        return [cells[column - 1] if column <= len(cells) else "" for column in self.columns]

    def tell_ragged(self, record: Record) -> None:
        """Keep a row that does not fit the header to be told."""
        self.n_ragged += 1
        if self.n_ragged <= ROWS_TOLD:
            self.problems.append(ragged(self.path.name, record, len(self.columns)))


def ragged(file: str, record: Record, n_columns: int) -> Problem:
    """What to tell of a row with another number of cells than the header; its line only where it is another number."""
    line = record.line if record.line != record.number else 0
    place = Place(file, row=record.number, line=line)
    return problem("csv_row_ragged", place, n_cells=len(record.cells), n_columns=n_columns)


def _with_blanks(table: pa.Table) -> tuple[pa.Table, int]:
    """The rows with blank ones marked, and how many of them stand at the end."""
    import pyarrow as pa
    import pyarrow.compute as pc

    blank = None
    for column in table.columns[2:]:
        empty = pc.equal(pc.utf8_trim_whitespace(column), "")
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return table, 0
    if blank is None:
        return table, 0
    marked = pc.if_else(blank, "blank row", pa.scalar(None, pa.string()))
    flags = blank.to_numpy(zero_copy_only=False)
    n_at_end = len(flags) if flags.all() else int((~flags[::-1]).argmax())
    return table.set_column(1, "left_out", marked), n_at_end


def _proper_quotes(data: bytes, delimiter: str) -> np.ndarray[Any, Any] | None:
    """Places of all quotation marks if they stand as RFC 4180 has them, None if one does not.

    Marks count from 0: an even one opens a cell, so it stands behind a separator or a line end, or it is the second
    of two within a cell; an odd one closes it, so a separator or a line end follows, or a second mark.
    """
    import numpy as np

    if b'"' not in data:
        return np.empty(0, dtype=np.int64)
    signs = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(signs == 34)
    ends = np.zeros(256, dtype=bool)
    ends[[10, 13, ord(delimiter)]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    before = signs[np.maximum(opening - 1, 0)]
    opens = ends[before] | (opening == 0) | (before == 34)
    after = signs[np.minimum(closing + 1, len(signs) - 1)]
    closes = ends[after] | (closing == len(signs) - 1) | (after == 34)
    return quotes if bool(opens.all() and closes.all()) else None


def _last_end(data: bytes, quotes: np.ndarray[Any, Any]) -> int:
    """Where the last whole record ends; 0 if none does."""
    import numpy as np

    sign = b"\n" if b"\n" in data else b"\r"
    # A carriage return at the very end may be half of a line end.
    end = len(data) if sign == b"\n" else len(data) - 1
    while (place := data.rfind(sign, 0, end)) >= 0:
        if np.searchsorted(quotes, place) % 2 == 0:
            return place + 1
        # Within a quoted cell: go on before it.
        end = int(quotes[np.searchsorted(quotes, place) - 1])
    return 0


def _holds_line_ends(data: bytes, quotes: np.ndarray[Any, Any]) -> bool:
    """Whether a quoted cell holds a line end."""
    import numpy as np

    signs = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero((signs == 10) | (signs == 13))
    return bool((np.searchsorted(quotes, ends) % 2).any())


def _n_line_ends(data: bytes) -> int:
    """How many lines end in the data. As many returns as feeds are taken for pairs, which saves a search for them."""
    n_feeds, n_returns = data.count(b"\n"), data.count(b"\r")
    if n_returns in {0, n_feeds}:
        return n_feeds
    return n_feeds + n_returns - data.count(b"\r\n")


def _line_end(data: bytes, start: int = 0) -> int | None:
    """Behind the first line end from ``start`` on; None if there is none or it may go on behind the data."""
    feed = data.find(b"\n", start)
    carriage = data.find(b"\r", start, feed if feed >= 0 else len(data))
    if carriage >= 0 and (feed < 0 or carriage < feed):
        if carriage + 1 == len(data):
            return None
        return carriage + 2 if data[carriage + 1] == 10 else carriage + 1
    return feed + 1 if feed >= 0 else None


def _lines(data: bytes, more: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of the data and of what follows, each with its end.

    Raises:
        MemoryError: never; a line without end is handed on in pieces of ``RECORD_CHARACTERS``, which no reader takes.
    """
    while True:
        start = 0
        while (end := _line_end(data, start)) is not None:
            yield data[start:end]
            start = end
        data = data[start:]
        if len(data) > RECORD_CHARACTERS:
            yield data
            data = b""
        block = next(more, b"")
        if not block:
            break
        data += block
    if data:
        yield data
