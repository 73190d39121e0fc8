"""Rows right under a header that say something of its columns and are no entries.

Belongs here: a second level that no merge speaks for, and lines of units, of column numbers, of the same names in
another language. Does not belong here: finding the header itself (``header``), rows further down (``body``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from ingest.tables.cell_text import fold, is_value, number_of
from ingest.tables.row_words import words

Rows = Sequence[Sequence[str]]
ROWS_COMPARED = 20
MOST_LINES = 3
_IN_BRACKETS = re.compile(r"[(\[【][^()\[\]【】]{1,20}[)\]】]")
_NUMBERED = re.compile(r"[(\[]?([0-9]{1,3}|[a-z])[)\].]?")


def level_below(rows: Rows, row: int, names: Sequence[str], known: frozenset[str]) -> bool:
    """Whether the row under the header names columns that the header leaves without a name, and nothing else.

    ``names`` are the header's, by column from A on; ``row`` is the header's last row. An entry does not look so: its
    texts stand under names, or come again in their columns.
    """
    told = dict(_filled(rows, row + 1))
    if len(told) < 2 or any(map(is_value, told.values())):
        return False
    below = _below(rows, row + 1)
    used = {column for each in below for column in each}
    named = {place for place, name in enumerate(names, start=1) if name}
    if not used - named or not used - named <= set(told) or not named - set(told):
        return False
    # A name over several columns stands left of those without a name.
    if any(column in named and column + 1 not in set(told) - named for column in told):
        return False
    if any(fold(each.get(column, "")) == fold(text) for each in below for column, text in told.items()):
        return False
    of_values = all(_mostly_values(below, column) for column in told)
    return of_values or any(fold(text) in known for text in told.values())


def lines_below(rows: Rows, row: int, columns: Sequence[int], known: frozenset[str]) -> tuple[tuple[int, str], ...]:
    """Number and kind (unit, numbers, header) of the rows under the header's last ``row`` that describe its columns."""
    found: list[tuple[int, str]] = []
    for number in range(row + 1, row + 1 + MOST_LINES):
        kind = _kind_of_line(rows, number, columns, known)
        if not kind:
            break
        found.append((number, kind))
    return tuple(found)


def _kind_of_line(rows: Rows, number: int, columns: Sequence[int], known: frozenset[str]) -> str:
    texts = {column: text for column, text in _filled(rows, number) if column in columns}
    below = _below(rows, number)
    if not texts or not below:
        return ""
    if _are_units(texts, columns, below):
        return "unit"
    if len(texts) > 2 and _count_up(texts, below):
        return "numbers"
    is_known = len(texts) > 1 and all(fold(text) in known for text in texts.values())
    return "header" if is_known and 2 * len(texts) >= len(columns) else ""


def _are_units(texts: Mapping[int, str], columns: Sequence[int], below: Sequence[Mapping[int, str]]) -> bool:
    plain = {column: unicodedata.normalize("NFKC", text).casefold() for column, text in texts.items()}
    if columns[0] in plain or not all(_mostly_values(below, column) for column in plain):
        return False
    return all(fold(text) in words("column_unit") or _IN_BRACKETS.fullmatch(text) for text in plain.values())


def _count_up(texts: Mapping[int, str], below: Sequence[Mapping[int, str]]) -> bool:
    """Whether the texts are (1), (2), (3) over a column of words, or A, B, C over a column of figures."""
    found = [_NUMBERED.fullmatch(unicodedata.normalize("NFKC", text).casefold()) for text in texts.values()]
    signs = [each[1] for each in found if each]
    of_values = [_mostly_values(below, column) for column in texts]
    if signs == [str(n) for n in range(1, len(texts) + 1)]:
        return not all(of_values)
    return any(of_values) and signs == [chr(97 + n) for n in range(len(texts))]


def _filled(rows: Rows, row: int) -> list[tuple[int, str]]:
    cells = rows[row - 1] if row <= len(rows) else ()
    return [(column, text.strip()) for column, text in enumerate(cells, start=1) if text.strip()]


def _below(rows: Rows, row: int) -> list[dict[int, str]]:
    return [told for number in range(row + 1, row + 1 + ROWS_COMPARED) if (told := dict(_filled(rows, number)))]


def _mostly_values(below: Sequence[Mapping[int, str]], column: int) -> bool:
    texts = [each[column] for each in below if column in each]
    return bool(texts) and 2 * sum(is_value(text) or number_of(text) is not None for text in texts) > len(texts)
