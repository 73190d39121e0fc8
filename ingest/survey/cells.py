"""The cells of an export before anybody knows what its header is: text tables and sheets, in batches.

Belongs here: one shape for CSV, TSV and sheets of a workbook, row by row as the file has them. Does not belong here:
tools and their headers (``tools``).

A large CSV is read by Arrow in blocks, so that memory stays flat; columns of which few texts are expected can come
dictionary-encoded, which is what makes decoding cost one look for each distinct text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, overload

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey.csv_rows import CsvRows, cell_names
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
    if not any(cell for row in head for cell in row):
        raise SourceError([problem("csv_empty", Place(path.name))])
    width, unfit = _width(path, head)
    told: list[Problem] = [*encoding.problems, *unfit]

    def after(n: int) -> Callable[[frozenset[int]], Iterator[pa.RecordBatch]]:
        return CsvRows(path, encoding, delimiter, n, width, told).batches

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


def _width(path: Path, head: Sequence[Sequence[str]]) -> tuple[int, list[Problem]]:
    """The cells of a record: as many as the header has, with the separators that some tools write behind each.

    Where most of the first rows have others nobody knows which answer stands below which heading; that is a problem
    (QUAR), told once the tool is known.
    """
    filled = [row for row in head if row]
    header = next(iter(filled), ())
    width = Counter(map(len, filled)).most_common(1)[0][0] if filled else 1
    # A title above the header is for the reader of the tool to judge.
    if len(header) in {1, width}:
        return width, []
    beyond = [row[min(len(header), width) :] for row in filled if len(row) in {len(header), width}]
    if not any(cell.strip() for row in beyond for cell in row):
        return width, []
    told = problem("survey_header_ragged", Place(path.name), n_header=len(header), n_columns=width)
    return len(header), [told]
