"""Where the header of a table stands, and what its columns are called.

Belongs here: finding the header row under titles and notes, and its levels. Does not belong here: which column is
which of ours (``ingest.column_match``), and the rows below (``body``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.cell_text import fold, is_value, one_line
from ingest.tables.grid import Span
from ingest.tables.header_lines import level_below, lines_below
from ingest.tables.header_names import LEVELS_JOINED_BY, cell, joined_names, text_within, unique_names
from ingest.tables.printed import Hints

# Titles and notes above a table take a screen at most; below that a header is declared in the card.
ROWS_LOOKED_AT = 60
MOST_LEVELS = 3
LONGEST_NAME = 60
ROWS_BELOW = 20


@dataclass(frozen=True)
class Header:
    """A header: one unique name for each column kept, the columns' numbers in the sheet, its first row and levels.

    Rows and columns count from 1. ``printed`` holds the texts of each of its rows in these columns, merges filled;
    ``problems`` are what was read in another form or needs a look; none stops.
    """

    names: tuple[str, ...]
    columns: tuple[int, ...]
    first_row: int
    n_levels: int = 1
    printed: tuple[tuple[str, ...], ...] = ()
    problems: tuple[Problem, ...] = ()
    # Number and kind of rows right below that describe the columns: units, column numbers, names in another language.
    lines: tuple[tuple[int, str], ...] = ()

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows that the header was read from."""
        return tuple(range(self.first_row, self.first_row + self.n_levels))

    def is_repeated_by(self, texts: Sequence[str]) -> bool:
        """Whether a row, one text for each column, prints a row of the header again; merges may be filled or not."""
        told = [(place, one_line(text)) for place, text in enumerate(texts) if text.strip()]
        return len(told) > 1 and any(all(level[place] == text for place, text in told) for level in self.printed)

    @property
    def last_row(self) -> int:
        """The last of its rows; entries begin below."""
        return self.first_row + self.n_levels - 1


def find_header(
    rows: Sequence[Sequence[str]],
    hints: Hints,
    merges: Iterable[Span] = (),
    where: Place | None = None,
    columns: Sequence[int] | None = None,
) -> Header:
    """The header of the table in ``rows`` (``rows[0]`` is row 1): as declared, else by the card's headers, else by
    known words, else by its shape.

    ``columns`` are the columns to look at, all if left out; a column with neither name nor cells is no part of it.

    Raises:
        SourceError: no row is the header; says which were looked at and which came nearest.
    """
    where = where or Place("")
    lowest = hints.header_row or _first_filled(rows) + ROWS_LOOKED_AT
    spans = tuple(span for span in merges if span.first_row <= lowest + MOST_LEVELS)
    shown = _shown(rows, lowest + MOST_LEVELS + 4 * ROWS_BELOW, columns)
    first_row, n_levels = _declared(shown, hints, spans, where) or _found(shown, hints, spans, where)
    words = frozenset(fold(word) for word in (*hints.words, *hints.headers))
    names = joined_names(shown, first_row, n_levels, spans)
    if (
        not hints.header_levels
        and n_levels < MOST_LEVELS
        and level_below(shown, first_row + n_levels - 1, names, words)
    ):
        n_levels += 1
    header = _named(shown, first_row, n_levels, spans, columns, where)
    return replace(header, lines=lines_below(shown, header.last_row, header.columns, words))


def _shown(rows: Sequence[Sequence[str]], n_rows: int, columns: Sequence[int] | None) -> Sequence[Sequence[str]]:
    """The rows, the first of them with all other columns empty; of the rest the columns are chosen later."""
    width = max(map(len, rows), default=0)
    if columns is None or set(columns) >= set(range(1, width + 1)):
        return rows
    kept = set(columns)
    head = ([text if place in kept else "" for place, text in enumerate(row, start=1)] for row in rows[:n_rows])
    return [*head, *rows[n_rows:]]


def _declared(
    rows: Sequence[Sequence[str]], hints: Hints, spans: Sequence[Span], where: Place
) -> tuple[int, int] | None:
    if not hints.header_row:
        return None
    if not any(text.strip() for row in rows[hints.header_row - 1 : hints.header_row] for text in row):
        raise SourceError([problem("header_row_empty", where, row=hints.header_row, rows=len(rows))])
    return hints.header_row, hints.header_levels or _levels(rows, hints.header_row, spans)


def _found(rows: Sequence[Sequence[str]], hints: Hints, spans: Sequence[Span], where: Place) -> tuple[int, int]:
    """First row and levels of the best header."""
    first = _first_filled(rows)
    looked_at = range(first, min(len(rows), first + ROWS_LOOKED_AT - 1) + 1)
    wanted = frozenset(fold(name) for name in hints.headers)
    words = frozenset(fold(word) for word in hints.words) | wanted
    fewest = min(2, max(1, len(wanted)))
    tried = [
        (len({fold(name) for name in joined_names(rows, row, n_levels, spans)} & wanted), -place, -n_levels, -row)
        for row in (looked_at if wanted else ())
        for place, n_levels in enumerate(_possible_levels(rows, row, spans, hints))
    ]
    hits, _, n_levels, row = max(tried, default=(0, 0, 0, 0))
    if hits >= fewest:
        return -row, -n_levels
    by_words = max(looked_at, key=lambda row: (_known_over_levels(rows, row, spans, words), -row), default=0)
    if by_words and _known_over_levels(rows, by_words, spans, words):
        return by_words, hints.header_levels or _levels(rows, by_words, spans)
    for row in looked_at:
        if is_header_by_shape(rows, row, spans):
            return row, hints.header_levels or _levels(rows, row, spans)
    raise SourceError([_not_found(rows, looked_at, wanted or words, hints, where)])


def _first_filled(rows: Sequence[Sequence[str]]) -> int:
    return next((row for row, cells in enumerate(rows, start=1) if any(text.strip() for text in cells)), 1)


def _possible_levels(rows: Sequence[Sequence[str]], row: int, spans: Sequence[Span], hints: Hints) -> list[int]:
    """Levels to try at a row, the one its merges speak for first."""
    if hints.header_levels:
        return [hints.header_levels]
    if not any(text.strip() for text in rows[row - 1]):
        return []
    likely = _levels(rows, row, spans)
    return [likely, *(n for n in range(1, MOST_LEVELS + 1) if n != likely and row + n - 1 <= len(rows))]


def _levels(rows: Sequence[Sequence[str]], row: int, spans: Sequence[Span]) -> int:
    """How many levels the merges of a header row speak for: as high as its merges, and one below each that is wide."""
    n_levels = 1
    if sum(bool(text.strip()) for text in rows[row - 1]) < 2:
        return n_levels  # one text over everything is a title
    level = row
    while level < row + n_levels and n_levels < MOST_LEVELS:
        for span in spans:
            if span.first_row == level:
                n_levels = max(n_levels, span.last_row - row + 1)
                below = [cell(rows, span.last_row + 1, each) for each in range(span.first_column, span.last_column + 1)]
                named = [text for text in below if text.strip()]
                if span.last_column > span.first_column and named and not any(is_value(text) for text in named):
                    n_levels = max(n_levels, span.last_row - row + 2)
        level += 1
    return min(n_levels, MOST_LEVELS)


def known_share(row: Sequence[str], words: frozenset[str]) -> int:
    """How many cells of a row are known header words; 0 unless there are two and they are half of what is filled."""
    filled = [fold(text) for text in row if text.strip()]
    hits = sum(text in words for text in filled)
    return hits if hits >= 2 and 2 * hits >= len(filled) else 0


def _known_over_levels(rows: Sequence[Sequence[str]], row: int, spans: Sequence[Span], words: frozenset[str]) -> int:
    """As ``known_share`` for all levels that begin at a row: a lower level alone may hold more known words."""
    if not any(text.strip() for text in rows[row - 1]):
        return 0
    names = [name for name in joined_names(rows, row, _levels(rows, row, spans), spans) if name]
    return known_share(
        [next((part for part in name.split(LEVELS_JOINED_BY) if fold(part) in words), name) for name in names], words
    )


def is_header_by_shape(rows: Sequence[Sequence[str]], row: int, spans: Sequence[Span] = ()) -> bool:
    """Short distinct texts over most columns, above rows of another kind: numbers, dates, addresses, longer texts."""
    n_levels = _levels(rows, row, spans)
    names = {place: name for place, name in enumerate(joined_names(rows, row, n_levels, spans)) if name}
    after = rows[row + n_levels - 1 : row + n_levels + 3 * ROWS_BELOW]
    below = [each for each in after if any(text.strip() for text in each)][:ROWS_BELOW]
    if len(names) < 2 or not below or len(set(map(fold, names.values()))) < len(names):
        return False
    if any(is_value(name) or len(name) > LONGEST_NAME for name in names.values()):
        return False
    usual = sorted(sum(bool(text.strip()) for text in each) for each in below)[len(below) // 2]
    if 2 * len(names) < usual or usual < 2:
        return False
    columns = {place: [each[place] for each in below if place < len(each) and each[place].strip()] for place in names}
    of_values = any(cells and 2 * sum(map(is_value, cells)) > len(cells) for cells in columns.values())
    lengths = [len(text) for cells in columns.values() for text in cells]
    own = sum(map(len, names.values())) / len(names)
    return of_values or (bool(lengths) and sum(lengths) / len(lengths) > 1.5 * own)


def _named(
    rows: Sequence[Sequence[str]],
    first_row: int,
    n_levels: int,
    spans: Sequence[Span],
    columns: Sequence[int] | None,
    where: Place,
) -> Header:
    names = joined_names(rows, first_row, n_levels, spans)
    last_row = first_row + n_levels - 1
    names += [""] * (max((len(row) for row in rows[last_row:]), default=0) - len(names))
    looked_at = range(1, len(names) + 1) if columns is None else [place for place in columns if place <= len(names)]
    columns = [place for place in looked_at if names[place - 1] or _has_cells(rows, last_row, place)]
    given = [names[place - 1] for place in columns]
    unique, problems = unique_names(given, columns, last_row, where)
    above = sum(any(text.strip() for text in row) for row in rows[: first_row - 1])
    if above:
        problems.append(problem("header_below", where, row=first_row, above=above))
    if n_levels > 1:
        two = next((name for name in unique if " / " in name), unique[0])
        problems.append(problem("header_levels", where, levels=n_levels, first=first_row, last=last_row, name=two))
    printed = tuple(
        tuple(one_line(text_within(rows, row, column, spans)) for column in columns)
        for row in range(first_row, first_row + n_levels)
    )
    return Header(tuple(unique), tuple(columns), first_row, n_levels, printed, tuple(problems))


def _has_cells(rows: Sequence[Sequence[str]], last_row: int, column: int) -> bool:
    """Whether a row of more than one cell fills the column; a note standing alone does not make one."""
    place = column - 1
    return any(
        len(row) > place and row[place].strip() and sum(bool(text.strip()) for text in row) > 1
        for row in rows[last_row:]
    )


def _not_found(
    rows: Sequence[Sequence[str]], looked_at: range, words: frozenset[str], hints: Hints, where: Place
) -> Problem:
    def nearness(row: int) -> tuple[int, int, int]:
        filled = [text for text in rows[row - 1] if text.strip()]
        return sum(fold(text) in words for text in filled), sum(not is_value(text) for text in filled), -row

    nearest = max(looked_at, key=nearness, default=0)
    shown = ", ".join(one_line(text) for text in rows[nearest - 1] if text.strip()) if nearest else ""
    expected = ", ".join(hints.headers)
    values = {"first": looked_at.start, "rows": looked_at.stop - 1, "row": nearest, "cells": shown, "headers": expected}
    if expected:
        return problem("header_not_found", where, **values)
    return problem("header_not_seen", where, **values)
