"""The names of a header's columns: levels joined, line breaks taken out, each name once.

Belongs here: names from the rows of a header that was found. Does not belong here: finding the rows (``header``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.tables.cell_text import fold, one_line
from ingest.tables.grid import Span, address

LEVELS_JOINED_BY = " / "
NO_HEADER = "(no header)"
_TIMES = re.compile(r" \(\d+\)$")


def cell(rows: Sequence[Sequence[str]], row: int, column: int) -> str:
    """The text of a cell counted from 1, empty beyond the ends."""
    cells = rows[row - 1] if 0 < row <= len(rows) else ()
    return cells[column - 1] if 0 < column <= len(cells) else ""


def joined_names(rows: Sequence[Sequence[str]], first_row: int, n_levels: int, merges: Sequence[Span]) -> list[str]:
    """One name for each column from A on: the texts of all levels, a merged text in each column of its merge."""
    levels = range(first_row, first_row + n_levels)
    spans = [span for span in merges if span.first_row in levels]
    width = max((len(rows[level - 1]) for level in levels if level <= len(rows)), default=0)
    width = max([width, *(span.last_column for span in spans)])
    names = []
    for column in range(1, width + 1):
        parts: list[str] = []
        for level in levels:
            text = one_line(text_within(rows, level, column, spans))
            if text and text not in parts[-1:]:
                parts.append(text)
        names.append(LEVELS_JOINED_BY.join(parts))
    return names


def text_within(rows: Sequence[Sequence[str]], row: int, column: int, spans: Sequence[Span]) -> str:
    """The text of a cell, or of the merge that it is a part of."""
    for span in spans:
        if span.first_row <= row <= span.last_row and span.first_column <= column <= span.last_column:
            return cell(rows, span.first_row, span.first_column)
    return cell(rows, row, column)


def unique_names(
    names: Sequence[str], columns: Sequence[int], row: int, where: Place
) -> tuple[list[str], list[Problem]]:
    """Every name once: what is alike but for case, width or blanks gets `` (2)`` and so on, in order of the columns.

    Returns the names and one warning for each name that is repeated or empty.
    """
    given = [name or NO_HEADER for name in names]
    taken = {fold(name) for name in given}
    times: dict[str, list[int]] = {}
    result = []
    for name, column in zip(given, columns, strict=True):
        places = times.setdefault(fold(name), [])
        places.append(column)
        number, unique = len(places), name
        while number > 1 and (unique := f"{name} ({number})") and fold(unique) in taken:
            number += 1
        taken.add(fold(unique))
        result.append(unique)
    problems = []
    for key, places in times.items():
        shown = ", ".join(address(row, column) for column in places)
        if key == fold(NO_HEADER) and not all(names[columns.index(column)] for column in places):
            problems.append(problem("header_empty", where, cells=shown, name=NO_HEADER))
        elif len(places) > 1:
            first = columns.index(places[0])
            problems.append(
                problem("header_repeated", where, name=given[first], cells=shown, second=f"{given[first]} (2)")
            )
    return result, problems


def is_unnamed(name: str) -> bool:
    """Whether a column of a header has no name of its own."""
    return _TIMES.sub("", name) == NO_HEADER


def repeated_names(header: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Names of a header that stand in it more than once, with all that became of each: ``Name``, ``Name (2)``."""
    alike: dict[str, list[str]] = {}
    known = {fold(name) for name in header}
    for name in header:
        bare = _TIMES.sub("", name)
        key = fold(bare) if fold(bare) in known else fold(name)
        alike.setdefault(key, []).append(name)
    return {names[0]: tuple(names) for names in alike.values() if len(names) > 1}
