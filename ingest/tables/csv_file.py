"""A CSV or TSV file as a printed table.

Belongs here: the way from the file to ``Printed``: encoding, separator, header, rows. Does not belong here: the steps
themselves (``encoding``, ``csv_dialect``, ``header``, ``csv_records``, ``csv_blocks``), any meaning of a value.

A file of people's hands is read record by record and judged as a whole, like a sheet. A large one is read in blocks, so
that memory stays flat: its header is sought in the first records, notes and totals in the last ones. Those between are
entries, since only a whole table shows what they are. A note of fewer cells than the header is told as a ragged row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.csv_blocks import CsvBody, ragged
from ingest.tables.csv_dialect import decide_delimiter
from ingest.tables.csv_records import Record, lines_of, records_of
from ingest.tables.csv_tail import CsvTail
from ingest.tables.encoding import Encoding, check_to_the_end, judge_encoding
from ingest.tables.limits import LIMITS, Limits
from ingest.tables.printed import FACTS_FILE, Facts, Hints, Note, Printed, write_printed

if TYPE_CHECKING:
    import pyarrow as pa

    from ingest.tables.header import Header

CAREFUL_BYTES = 8_000_000
OPENING_RECORDS = 60
LINES_TRIED = 200


def read_csv(
    path: Path, hints: Hints, folder: Path, limits: Limits = LIMITS, careful_bytes: int = CAREFUL_BYTES
) -> Printed:
    """Read a text table into ``folder``; files above ``careful_bytes`` in blocks.

    Raises:
        SourceError: empty, in no sure encoding, broken, ragged or without header, every fault with row and line.
    """
    if path.stat().st_size == 0:
        raise SourceError([problem("file_empty", Place(path.name))])
    encoding = judge_encoding(path, hints)
    if path.stat().st_size <= careful_bytes:
        return _whole(path, encoding, hints, folder, limits)
    try:
        return _in_blocks(path, encoding, hints, folder, limits)
    except UnicodeDecodeError:
        # The first lines were decoded before the file was: its end is looked for to say where the byte stands.
        check_to_the_end(path, encoding)
        raise


def _whole(path: Path, encoding: Encoding, hints: Hints, folder: Path, limits: Limits) -> Printed:
    from ingest.tables.grid import Grid
    from ingest.tables.structure import table_of

    check_to_the_end(path, encoding)
    delimiter = decide_delimiter(path, _opening(path, encoding, limits), hints)
    records = list(_records(path, encoding, delimiter, limits))
    while records and not any(cell.strip() for cell in records[-1].cells):
        records.pop()
    if not records:
        raise SourceError([problem("csv_empty", Place(path.name))])
    kind = _kind(delimiter)
    _, width = _header(path, records[:OPENING_RECORDS], hints)
    rows = [record.cells[:width] for record in records]
    facts, tables = table_of([Grid(kind, "", rows)], hints, path.name)
    tables_read = list(tables)
    problems = _ragged_rows(path, records, facts, tables_read, width)
    if problems:
        raise SourceError(problems)
    return write_printed(folder, _facts(path, facts, encoding, delimiter, records), tables_read)


def _header(path: Path, opening: list[Record], hints: Hints) -> tuple[Header, int]:
    """The header, and how many cells its widest row has: what a row has beyond them belongs to no column."""
    from ingest.tables.header import find_header

    rows, where = [record.cells for record in opening], Place(path.name)
    header = find_header(rows, hints, where=where)
    width = max(len(rows[number - 1]) for number in header.rows if number <= len(rows))
    return find_header([row[:width] for row in rows], hints, where=where), width


def _ragged_rows(
    path: Path, records: list[Record], facts: Facts, tables: list[pa.Table], n_cells: int
) -> list[Problem]:
    """Entries with fewer cells than the header, or with texts beyond it."""
    left_out = {
        number: reason
        for table in tables
        for number, reason in zip(table["row_number"].to_pylist(), table["left_out"].to_pylist(), strict=True)
        if reason is not None
    }
    last_header, fewest = facts.header_rows[-1], max(facts.columns)
    return [
        ragged(path.name, record, len(facts.header))
        for record in records[last_header:]
        if record.number not in left_out
        and record.cells
        and (len(record.cells) < fewest or any(cell.strip() for cell in record.cells[n_cells:]))
    ]


def _in_blocks(path: Path, encoding: Encoding, hints: Hints, folder: Path, limits: Limits) -> Printed:
    delimiter = decide_delimiter(path, _opening(path, encoding, limits), hints)
    opening = list(islice(_records(path, encoding, delimiter, limits), OPENING_RECORDS))
    if not any(cell.strip() for record in opening for cell in record.cells):
        raise SourceError([problem("csv_empty", Place(path.name))])
    if hints.region:
        raise SourceError([problem("csv_region", Place(path.name), region=hints.region, limit=CAREFUL_BYTES)])
    header, width = _header(path, opening, hints)
    below = [len(record.cells) for record in opening[header.last_row :] if record.cells]
    usual = max(set(below), key=below.count) if below else width
    width = usual if usual >= max(header.columns) else width
    n_above = header.last_row + len(header.lines)
    last = opening[n_above - 1]
    n_lines = last.line + last.n_lines - 1
    body = CsvBody(path, encoding, delimiter, width, header.columns, n_lines, n_above, limits)
    facts = Facts(
        _kind(delimiter), header.names, header.columns, header.rows,
        notes=_titles([record.cells for record in opening[: header.first_row - 1]]), problems=header.problems,
    )  # fmt: skip
    above = [record.cells[:width] + [""] * (width - len(record.cells)) for record in opening[header.last_row : n_above]]
    tail = CsvTail(path.name, header, above)
    printed = write_printed(folder, _facts(path, facts, encoding, delimiter, opening), tail.sorted(body.tables()))
    if not tail.notes and not tail.problems:
        return printed
    said = replace(
        printed.facts, notes=(*printed.facts.notes, *tail.notes), problems=(*printed.facts.problems, *tail.problems)
    )
    (folder / FACTS_FILE).write_text(json.dumps(said.to_plain(), ensure_ascii=False), encoding="utf-8")
    return Printed(folder, said)


def _titles(rows: list[list[str]]) -> tuple[Note, ...]:
    """The lines above the header."""
    texts = (" ".join(" ".join(row).split()) for row in rows)
    return tuple(Note(number, text, "title") for number, text in enumerate(texts, start=1) if text)


def _facts(path: Path, facts: Facts, encoding: Encoding, delimiter: str, records: list[Record]) -> Facts:
    """The facts with what the bytes said: encoding, separator, signs that nobody sees."""
    from ingest.tables.text_faults import TextFaults

    faults = TextFaults(path.name)
    faults.look_at((record.number, record.cells) for record in records)
    said = (*encoding.problems, *facts.problems, *faults.problems())
    return replace(facts, encoding=encoding.name, delimiter=delimiter, problems=said)


def _kind(delimiter: str) -> str:
    return "tsv" if delimiter == "\t" else "csv"


def _opening(path: Path, encoding: Encoding, limits: Limits) -> list[str]:
    with _text(path, encoding) as stream:
        return list(islice(lines_of(stream, limits, path.name), LINES_TRIED))


def _records(path: Path, encoding: Encoding, delimiter: str, limits: Limits) -> Iterator[Record]:
    with _text(path, encoding) as stream:
        yield from records_of(lines_of(stream, limits, path.name), delimiter, limits, path.name)


def _text(path: Path, encoding: Encoding) -> TextIO:
    """The file as text, without its mark: these codecs of Python take it off."""
    family = encoding.name.rpartition("-")[0]
    codec = {"utf": "utf-8-sig"}.get(family, family) if encoding.has_mark else encoding.name
    return path.open(encoding=codec, errors="strict", newline="")
