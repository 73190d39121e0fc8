"""The records of a text table one by one, each with its number and its line, by the rules of RFC 4180.

Belongs here: the careful way through a file, and saying exactly where it is broken. Does not belong here: the fast way
for large files (``csv_blocks``), decoding (``encoding``).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.limits import Limits

# What the csv module says; its sentences are part of its documented behaviour since 2.3.
_OPEN_AT_END = "unexpected end of data"
_TOO_LONG = "field larger than field limit"
_QUOTE_BEHIND = re.compile(r"expected after '\"'")
# No record of people's hands is as long as this; a quotation mark or a line end is missing.
RECORD_CHARACTERS = 64_000_000
SHOWN = 20


@dataclass(frozen=True)
class Record:
    """One record: its number in the file and the line it starts on, both from 1, its cells as printed, its lines."""

    number: int
    line: int
    cells: list[str]
    n_lines: int


def lines_of(stream: TextIO, limits: Limits, file: str) -> Iterator[str]:
    """The lines of a stream opened with ``newline=""``, each with its end.

    Raises:
        SourceError: a line without end.
    """
    number = 0
    while line := stream.readline(RECORD_CHARACTERS):
        number += 1
        if len(line) == RECORD_CHARACTERS:
            raise SourceError([problem("csv_cell_long", Place(file, line=number), limit=f"{limits.cell_characters:,}")])
        yield line


def records_of(
    lines: Iterable[str], delimiter: str, limits: Limits, file: str, first: int = 1, first_line: int = 1
) -> Iterator[Record]:
    """The records in order; ``first`` and ``first_line`` number the first of them. A blank line is a record of none.

    Raises:
        SourceError: a quotation mark that is never closed or stands where none may, a cell or row over the limits.
    """
    kept = _Kept(lines)
    reader = csv.reader(kept, delimiter=delimiter, strict=True)
    number, line = first, first_line
    while True:
        kept.lines.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SourceError([_fault(str(error), kept.lines, delimiter, limits, file, number, line)]) from error
        if len(cells) > limits.columns:
            place = Place(file, row=number, line=line)
            raise SourceError([problem("csv_columns", place, n_cells=len(cells), limit=limits.columns)])
        for position, cell in enumerate(cells):
            if len(cell) > limits.cell_characters:
                ahead = sum(text.count("\n") for text in cells[:position])
                place = Place(file, row=number, line=line + ahead)
                raise SourceError([problem("csv_cell_long", place, limit=f"{limits.cell_characters:,}")])
        yield Record(number, line, cells, len(kept.lines))
        number, line = number + 1, line + len(kept.lines)


class _Kept:
    """Lines handed on, those of the record that is being read kept to say where it is broken."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.lines: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.lines.append(line)
        return line


def _fault(said: str, lines: list[str], delimiter: str, limits: Limits, file: str, number: int, line: int) -> Problem:
    opens = _last_opening(lines, delimiter)
    place = Place(file, row=number, line=line + opens)
    if said.startswith(_TOO_LONG):
        return problem("csv_cell_long", place, limit=f"{limits.cell_characters:,}")
    if said == _OPEN_AT_END:
        return problem("csv_quote_open", place)
    if _QUOTE_BEHIND.search(said):
        broken = lines[-1] if lines else ""
        match = re.search(f'"[^"{re.escape(delimiter)}\r\n]', broken)
        place_in_line = match.start() if match else 0
        found = broken[max(0, place_in_line - SHOWN) : place_in_line + SHOWN].strip()
        return problem("csv_quote_odd", Place(file, row=number, line=line + len(lines) - 1), found=found)
    return problem("csv_quote_odd", place, found=said)


def _last_opening(lines: list[str], delimiter: str) -> int:
    """On which of a record's lines, from 0, the quoted cell opens that is still open at the end."""
    is_open = was_open = False
    opened, before = 0, delimiter
    for place, line in enumerate(lines):
        for sign in line:
            if sign == '"' and is_open:
                is_open, was_open = False, True
            elif sign == '"' and was_open:
                # The second of two marks within a quoted cell: it is still open.
                is_open, was_open = True, False
            elif sign == '"' and before == delimiter:
                is_open, opened = True, place
            else:
                was_open = False
            before = sign
    return opened
