"""A file's table as printed, kept on disk between the process that parses and the one that lands.

Belongs here: what a reader is told (``Hints``), what it gives back (``Printed``) and how that is kept. Does not belong
here: opening foreign files, and any meaning of a value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.problem import Problem

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_FILE = "rows.parquet"
FACTS_FILE = "facts.json"
# Rows handed on at a time: memory stays flat however long the file is.
BATCH_ROWS = 65_536


@dataclass(frozen=True)
class Hints:
    """What is known of a file before it is read; everything may be left open.

    ``headers`` are the printed headers that the card maps; ``words`` are further words that a header may hold (the
    known synonyms), by which an encoding and a header row are recognised. ``header_row`` and ``header_levels`` are
    declared by a card where they cannot be found; ``region`` is a cell range such as ``B4:K60``. ``pages`` (``all``, or
    numbers such as ``3,5-7``) asks for every table of a PDF report, to be reviewed as CSV; without it a PDF is refused.
    """

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    header_levels: int = 0
    region: str = ""
    pages: str = ""
    headers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """What a file says of one cell beside its text: ``row`` and ``column`` from 1, as a spreadsheet counts.

    ``kind``: note (a comment), link (its target), struck, error (the sign), no_value (a formula never computed),
    colour, percent (shown as a percentage), merged (filled from a merged cell; the range), text_number (a number
    kept as text), date (a day that the workbook keeps as a number).
    """

    row: int
    column: int
    kind: str
    text: str = ""


@dataclass(frozen=True)
class Note:
    """A line beside the table: a title above it or a note below."""

    row: int
    text: str
    kind: str = "note"


@dataclass(frozen=True)
class Facts:
    """All of a printed table but its rows.

    ``columns`` holds the number of each column in the sheet (A is 1), ``header_rows`` the rows the header was read
    from; ``file_kind`` is what the bytes are (csv, tsv, xlsx, xlsm, ods, pdf), ``encoding`` how text was decoded.
    """

    file_kind: str
    header: tuple[str, ...]
    columns: tuple[int, ...]
    header_rows: tuple[int, ...]
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    n_rows: int = 0
    marks: tuple[Mark, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    def to_plain(self) -> dict[str, Any]:
        """As a JSON object."""
        return {**asdict(self), "problems": [each.to_plain() for each in self.problems]}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Facts:
        """What another process wrote."""
        return cls(
            **{
                **plain,
                **{name: tuple(plain[name]) for name in ("header", "columns", "header_rows")},
                "marks": tuple(Mark(**each) for each in plain["marks"]),
                "notes": tuple(Note(**each) for each in plain["notes"]),
                "problems": tuple(Problem.from_plain(each) for each in plain["problems"]),
            }
        )


@dataclass(frozen=True)
class Printed:
    """A printed table on disk: ``rows.parquet`` and ``facts.json`` in ``folder``.

    Columns of the rows: ``row_number`` (int32, as a spreadsheet shows it; a CSV's records count from 1), ``left_out``
    (null, or why the row is no entry: blank row, hidden row, total row, note), then one text column for each column
    of the header, named ``c1``, ``c2`` and so on. An empty cell is the empty text.
    """

    folder: Path
    facts: Facts

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows in order, ``BATCH_ROWS`` at a time."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.folder / ROWS_FILE) as file:
            yield from file.iter_batches(batch_size=BATCH_ROWS)


def rows_schema(n_columns: int) -> pa.Schema:
    """Schema of ``rows.parquet``."""
    import pyarrow as pa

    places = [(f"c{place}", pa.string()) for place in range(1, n_columns + 1)]
    return pa.schema([("row_number", pa.int32()), ("left_out", pa.string()), *places])


def write_printed(folder: Path, facts: Facts, batches: Iterable[pa.RecordBatch | pa.Table]) -> Printed:
    """Keep a printed table in ``folder``; ``facts.n_rows`` is counted here."""
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    n_rows = 0
    # Read once and thrown away: dictionaries and statistics cost more here than they save (tests/benchmarks).
    options: dict[str, Any] = {"compression": "zstd", "compression_level": 1, "use_dictionary": False}
    schema = rows_schema(len(facts.header))
    with pq.ParquetWriter(folder / ROWS_FILE, schema, **options, write_statistics=False) as writer:
        for batch in batches:
            n_rows += batch.num_rows
            writer.write(batch)
    counted = Facts(**{**vars(facts), "n_rows": n_rows})
    (folder / FACTS_FILE).write_text(json.dumps(counted.to_plain(), ensure_ascii=False), encoding="utf-8")
    return Printed(folder, counted)


def read_printed(folder: Path) -> Printed:
    """What ``write_printed`` kept."""
    return Printed(folder, Facts.from_plain(json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))))


def batch_of(numbers: Sequence[int], left_out: Sequence[str | None], rows: Sequence[Sequence[str]]) -> pa.Table:
    """Rows of text, each as long as the header, as one piece for ``write_printed``."""
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) if rows else []
    schema = rows_schema(len(rows[0]) if rows else 0)
    return pa.table([pa.array(values, kind) for values, kind in zip(
        (numbers, left_out, *columns), schema.types, strict=True)], schema=schema)  # fmt: skip
