"""The cells of an export before anybody knows what its header is: text tables and sheets, in batches.

Belongs here: one shape for CSV, TSV and sheets of a workbook, row by row as the file has them. Does not belong here:
tools and their headers (``tools``).

A large CSV is read by Arrow in blocks, so that memory stays flat; columns of which few texts are expected can come
dictionary-encoded, which is what makes decoding cost one look for each distinct text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.csv_dialect import decide_delimiter
from ingest.tables.csv_records import lines_of, records_of
from ingest.tables.encoding import Encoding, check_for_zero_bytes, check_to_the_end, judge_encoding
from ingest.tables.file_kind import TEXT_KINDS, file_kind
from ingest.tables.limits import LIMITS
from ingest.tables.printed import Hints

if TYPE_CHECKING:
    import pyarrow as pa

HEAD_ROWS = 40
LINES_TRIED = 200
BLOCK_BYTES = 16 << 20
UTF_8 = "utf-8"
CELL_BATCH = 65_536


@dataclass(frozen=True)
class Cells:
    """One table of a file. ``head`` are its first rows as text; ``width`` the cells of its widest row among them.

    ``after(n)`` gives the rows behind the first ``n`` as batches (see ``export.Export``); ``told`` collects what was
    found on the way and is whole once the batches are through. ``options``: encoding and delimiter of a text file.
    """

    file: str
    sheet: str
    kind: str
    head: tuple[tuple[str, ...], ...]
    width: int
    after: Callable[[int], Callable[[frozenset[int]], Iterator[pa.RecordBatch]]]
    options: Mapping[str, str] = field(default_factory=dict)
    told: list[Problem] = field(default_factory=list)


class TableProblems(Sequence[Problem]):
    """What was found in tables, whole once their batches are through, and what their reader says besides."""

    def __init__(self, tables: Iterable[Cells], besides: Iterable[Problem] = ()) -> None:
        """Keep the tables, which tell more with each batch; one that is read twice tells a thing once."""
        self._tables, self._besides = tuple(tables), tuple(besides)

    def _all(self) -> list[Problem]:
        return [*dict.fromkeys(each for table in self._tables for each in table.told), *self._besides]

    def __len__(self) -> int:
        """How many there are by now."""
        return len(self._all())

    @overload
    def __getitem__(self, place: int) -> Problem: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Problem]: ...
    def __getitem__(self, place: int | slice) -> Problem | Sequence[Problem]:
        """One of them, or several."""
        return self._all()[place]


def tables_of(path: Path, hints: Hints | None = None) -> tuple[Cells, ...]:
    """Every table of a CSV, TSV or workbook: one for a text file, one for each visible sheet with text.

    Raises:
        SourceError: the file may not be opened, is in no sure encoding or holds nothing.
    """
    hints = hints or Hints()
    kind = file_kind(path, LIMITS)
    if kind in TEXT_KINDS:
        return (text_table(path, kind, hints),)
    from ingest.tables.container import check_container
    from ingest.tables.workbook import read_grids

    told = check_container(path, kind, LIMITS)
    found = []
    for grid in read_grids(path, kind, hints):
        table = table_of_rows(path.name, grid.sheet, kind, grid.rows)
        table.told.extend((*told, *grid.problems))
        found.append(table)
    return tuple(found)


def table_of_rows(file: str, sheet: str, kind: str, rows: Sequence[Sequence[str]]) -> Cells:
    """A table from rows that are in memory anyway."""
    width = max((len(row) for row in rows), default=0)

    def after(n: int) -> Callable[[frozenset[int]], Iterator[pa.RecordBatch]]:
        return lambda _encoded: _row_batches(rows, n, width)

    head = tuple(tuple(row) + ("",) * (width - len(row)) for row in rows[:HEAD_ROWS])
    return Cells(file, sheet, kind, head, width, after)


def _row_batches(rows: Sequence[Sequence[str]], skipped: int, width: int) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    for start in range(skipped, len(rows), CELL_BATCH):
        some = rows[start : start + CELL_BATCH]
        kept = [(number, row) for number, row in enumerate(some, start=start + 1) if any(row)]
        columns = [pa.array([number for number, _ in kept], pa.int32())]
        for place in range(width):
            columns.append(pa.array([row[place] if place < len(row) else "" for _, row in kept], pa.string()))
        yield pa.RecordBatch.from_arrays(columns, names=cell_names(width))


def cell_names(width: int) -> list[str]:
    """Names of the columns of a batch."""
    return ["row_number", *(f"c{place}" for place in range(1, width + 1))]


def text_table(path: Path, kind: str, hints: Hints) -> Cells:
    """A CSV or TSV file.

    Raises:
        SourceError: empty, in no sure encoding, or not decodable to its end.
    """
    encoding = judge_encoding(path, hints)
    if encoding.name == UTF_8:
        # Arrow decodes strictly as well, and many times faster.
        check_for_zero_bytes(path, encoding)
    else:
        check_to_the_end(path, encoding)
    delimiter = hints.delimiter or decide_delimiter(path, _opening(path, encoding), hints)
    head = _head(path, encoding, delimiter)
    if not head:
        raise SourceError([problem("csv_empty", Place(path.name))])
    width = max(len(row) for row in head[:4])
    told: list[Problem] = list(encoding.problems)

    def after(n: int) -> Callable[[frozenset[int]], Iterator[pa.RecordBatch]]:
        return lambda encoded: _csv_batches(path, encoding, delimiter, n, width, encoded, told)

    padded = tuple(tuple(row[:width]) + ("",) * (width - len(row)) for row in head)
    shown = {"\t": "tab"}.get(delimiter, delimiter)
    return Cells(path.name, "", kind, padded, width, after, {"encoding": encoding.name, "delimiter": shown}, told)


def _opening(path: Path, encoding: Encoding) -> list[str]:
    with path.open(encoding=encoding.name, newline="") as stream:
        stream.seek(encoding.mark_bytes)
        return list(islice(lines_of(stream, LIMITS, path.name), LINES_TRIED))


def _head(path: Path, encoding: Encoding, delimiter: str) -> list[list[str]]:
    with path.open(encoding=encoding.name, newline="") as stream:
        stream.seek(encoding.mark_bytes)
        lines = lines_of(stream, LIMITS, path.name)
        return [list(record.cells) for record in islice(records_of(lines, delimiter, LIMITS, path.name), HEAD_ROWS)]


def _csv_batches(
    path: Path, encoding: Encoding, delimiter: str, skipped: int, width: int, encoded: frozenset[int],
    told: list[Problem],
) -> Iterator[pa.RecordBatch]:  # fmt: skip
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv as csv

    ragged: list[tuple[int, int]] = []
    fitted: list[tuple[int, list[str]]] = []

    def refuse(row: Any) -> str:
        cells = _fitted(row.text, delimiter, width)
        if not row.text.strip(f'{delimiter} "\r\n'):
            return "skip"
        if cells:
            fitted.append((row.number or 0, cells))
        else:
            ragged.append((row.number or 0, row.actual_columns))
        return "skip"

    names = cell_names(width)[1:]
    types = {
        name: pa.dictionary(pa.int32(), pa.string()) if place in encoded else pa.string()
        for place, name in enumerate(names)
    }
    number = skipped
    try:
        with csv.open_csv(
            path,
            read_options=csv.ReadOptions(
                block_size=BLOCK_BYTES, column_names=names, skip_rows_after_names=skipped, encoding=encoding.name
            ),
            parse_options=csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=refuse, ignore_empty_lines=True
            ),
            convert_options=csv.ConvertOptions(
                column_types=types, strings_can_be_null=False, quoted_strings_can_be_null=False
            ),
        ) as reader:
            for batch in reader:
                # A block may end between rows, and the one behind the last is empty.
                if batch.num_rows:
                    rows = pa.array(np.arange(number + 1, number + 1 + batch.num_rows, dtype=np.int32))
                    number += batch.num_rows
                    yield _without_blank_rows(
                        pa.RecordBatch.from_arrays([rows, *batch.columns], names=["row_number", *names])
                    )
    except pa.ArrowInvalid as error:
        check_to_the_end(path, encoding)
        raise SourceError([problem("survey_rows_unreadable", Place(path.name), detail=str(error))]) from error
    if fitted:
        yield _batch_of_rows(fitted, list(types.values()), names)
        where = Place(path.name, row=fitted[0][0])
        told.append(problem("survey_rows_fitted", where, count=len(fitted), n_columns=width))
    for row, n_cells in ragged:
        told.append(problem("survey_row_ragged", Place(path.name, row=row), n_cells=n_cells, n_columns=width))


def _without_blank_rows(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows with any text; spreadsheet programs save empty rows below a table as rows of separators."""
    import pyarrow.compute as pc

    blank = pc.indices_nonzero(pc.equal(batch.column(1).cast("string"), ""))
    for column in batch.columns[2:]:
        if not len(blank):
            return batch
        blank = blank.filter(pc.equal(column.take(blank).cast("string"), ""))
    return batch.take(_others(batch.num_rows, blank)) if len(blank) else batch


def _others(n_rows: int, places: pa.Array) -> pa.Array:
    """The places up to ``n_rows`` without some of them."""
    import numpy as np
    import pyarrow as pa

    return pa.array(np.delete(np.arange(n_rows), places.to_numpy()))


def _fitted(text: str, delimiter: str, width: int) -> list[str]:
    """The cells of a row without empty ones at its end, or with them where a spreadsheet program left them out.

    Nothing where the row is none of these: it has texts behind the last column, or not even half of the columns.
    """
    import csv

    cells = next(csv.reader([text], delimiter=delimiter), [])
    if any(cells[width:]) or 2 * len(cells) < width:
        return []
    return [*cells[:width], *[""] * (width - len(cells))]


def _batch_of_rows(
    rows: Sequence[tuple[int, Sequence[str]]], types: Sequence[pa.DataType], names: Sequence[str]
) -> pa.RecordBatch:
    import pyarrow as pa

    columns = [
        pa.array([cells[place] for _, cells in rows], pa.string()).cast(kind) for place, kind in enumerate(types)
    ]
    numbers = pa.array([number for number, _ in rows], pa.int32())
    return pa.RecordBatch.from_arrays([numbers, *columns], names=["row_number", *names])
