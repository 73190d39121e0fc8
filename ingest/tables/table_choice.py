"""Which of the tables on a sheet is meant, where there are several.

Belongs here: tables under and beside one another, and the choice between them. Does not belong here: the choice of a
sheet (``structure``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.cell_text import fold, is_value
from ingest.tables.grid import Span, address
from ingest.tables.header import Header, find_header, is_header_by_shape, known_share
from ingest.tables.header_names import cell, is_unnamed
from ingest.tables.printed import Hints
from ingest.tables.text_columns import blank_places, filled_places

Rows = Sequence[Sequence[str]]
ROWS_COMPARED = 50


@dataclass(frozen=True)
class Choice:
    """The table that is meant: its header, the last row that can belong to it, and what has to be said."""

    header: Header
    last_row: int
    problems: tuple[Problem, ...] = ()


def matches(header: Header, hints: Hints) -> int:
    """How many of the card's headers a header has."""
    return len({fold(name) for name in hints.headers} & {fold(name) for name in header.names})


def choose_table(rows: Rows, hints: Hints, merges: Sequence[Span], visible: Sequence[int], where: Place) -> Choice:
    """The table of a sheet.

    Raises:
        SourceError: no header, or several tables of which none or more than one is the card's.
    """
    header = find_header(rows, hints, merges, where, visible)
    if hints.region:
        return Choice(header, len(rows))
    header, beside = _beside(rows, hints, merges, header, where, visible)
    others = _below(rows, hints, merges, header, where)
    if not others:
        return Choice(header, len(rows), tuple(beside))
    tables = [header, *others]
    fitting = [table for table in tables if matches(table, hints)]
    cells = [address(table.first_row, table.columns[0]) for table in tables]
    if len(fitting) != 1:
        raise SourceError([problem("tables_several", where, cells=", ".join(cells))])
    place = tables.index(fitting[0])
    last_row = tables[place + 1].first_row - 1 if place + 1 < len(tables) else len(rows)
    shown = ", ".join(cell for cell in cells if cell != cells[place])
    chosen = problem("table_chosen", where, cell=cells[place], others=shown)
    return Choice(fitting[0], last_row, (*beside, chosen))


def _beside(
    rows: Rows, hints: Hints, merges: Sequence[Span], header: Header, where: Place, visible: Sequence[int]
) -> tuple[Header, list[Problem]]:
    """The header of one table where an empty column parts two."""
    blocks = _blocks(header.columns, visible)
    # A column standing alone is a column with a gap before it, no table.
    if sum(len(block) > 1 for block in blocks) < 2:
        return header, []
    headers = [find_header(rows, _declared(hints, header), merges, where, block) for block in blocks]
    wanted = {fold(name) for name in hints.headers}
    names = [{fold(name) for name in each.names} for each in headers]
    fitting = [each for each, own in zip(headers, names, strict=True) if own & wanted]
    cells = [address(each.first_row, each.columns[0]) for each in headers]
    repeats = len(set().union(*names)) < sum(map(len, names))
    if len(fitting) == 1:
        place = headers.index(fitting[0])
        others = ", ".join(cells[:place] + cells[place + 1 :])
        return fitting[0], [problem("table_chosen", where, cell=cells[place], others=others)]
    if repeats or (not wanted and not _same_rows(rows, header, blocks)):
        raise SourceError([problem("tables_several", where, cells=", ".join(cells))])
    return header, []


def _declared(hints: Hints, header: Header) -> Hints:
    return replace(hints, header_row=header.first_row, header_levels=header.n_levels)


def _blocks(columns: Sequence[int], visible: Sequence[int]) -> list[list[int]]:
    """Runs of columns with no empty one between; a hidden one parts nothing."""
    order = {column: place for place, column in enumerate(visible)}
    blocks: list[list[int]] = []
    for column in columns:
        if blocks and order[column] == order[blocks[-1][-1]] + 1:
            blocks[-1].append(column)
        else:
            blocks.append([column])
    return blocks


def _same_rows(rows: Rows, header: Header, blocks: Sequence[Sequence[int]]) -> bool:
    """Whether all blocks are filled in the same rows, as the halves of one table with a gap are."""
    filled = [set().union(*(filled_places(rows, column, header.last_row) for column in block)) for block in blocks]
    return 10 * len(set.intersection(*filled)) >= 9 * len(set.union(*filled))


def _below(rows: Rows, hints: Hints, merges: Sequence[Span], header: Header, where: Place) -> list[Header]:
    """Headers of other tables below: after a blank row, and not the same header once more."""
    words = frozenset(fold(word) for word in (*hints.words, *hints.headers))
    found: list[Header] = []
    row, n_rows = header.last_row + 1, len(rows)
    for blank in blank_places(rows, row - 1):
        place = blank + 2
        while place <= n_rows and sum(bool(text.strip()) for text in rows[place - 1]) == 1:
            place += 1
        texts = [text for text in rows[place - 1] if text.strip()] if place <= n_rows else []
        if len(texts) < 2 or any(map(is_value, texts)) or (found and place <= found[-1].last_row):
            continue
        if header.is_repeated_by([cell(rows, place, column) for column in header.columns]):
            continue
        if known_share(rows[place - 1], words) or _is_other_header(rows, place, header):
            found.append(find_header(rows, Hints(header_row=place), merges, where))
    return found


def _is_other_header(rows: Rows, place: int, header: Header) -> bool:
    """Whether a row without any value is a header and no entry of the table above: it says names of that table's
    columns again in another way, or has the shape of one, with a name where that has values or nothing.
    """
    named = {column for column, name in zip(header.columns, header.names, strict=True) if not is_unnamed(name)}
    filled = [column for column, text in enumerate(rows[place - 1], start=1) if text.strip()]
    is_wider = not set(filled) <= named
    names = {fold(name) for level in header.printed for name in level if name}
    n_own = sum(fold(cell(rows, place, column)) in names for column in filled)
    if n_own > 1 or (n_own and is_wider):
        return True
    if not is_header_by_shape(rows, place):
        return False
    above = rows[max(header.last_row, place - 1 - ROWS_COMPARED) : place - 1]
    cells = ([row[column - 1] for row in above if column <= len(row) and row[column - 1].strip()] for column in filled)
    return is_wider or any(texts and 2 * sum(map(is_value, texts)) > len(texts) for texts in cells)
