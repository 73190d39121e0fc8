"""Rules that the shape of a table breaks: each a function from a sheet to the cells or blocks.

Belongs here: header, gaps, merges, units, what is hidden. Does not belong here: what one cell shows (``cell_rules``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ingest.lint.breach import Cell, runs
from ingest.lint.sheet import LintSheet
from ingest.tables.grid import Span, column_letters
from ingest.values.numbers import units

# Words by which a header says what its figures count or name.
_COUNTED = re.compile(
    r"[(（\[［【][^)）\]］】]+[)）\]］】]|数$|数[(（]|率|割合|比$|番号|コード|順位|年度?$|^年|単位"
    r"|\b(?:no|nr|number|n|count|code|id|year|rank|share|rate|ratio|latitude|longitude)\b|_(?:n|id|code|year|share)$|^n_"
    r"|\b(?:generation|phase|stage|edition|level)\b|件|延べ|人員",
    re.IGNORECASE,
)
_UNIT_BESIDE = re.compile(r"単位|\bunits?\b", re.IGNORECASE)
_SEVERAL_TABLES = frozenset({"tables_several", "table_chosen", "header_repeated"})


def merged_blocks(sheet: LintSheet) -> list[Span]:
    """The merged blocks of the sheet."""
    return list(sheet.grid.merges)


def units_stated(sheet: LintSheet) -> Iterator[Cell]:
    """Headers of number columns that name neither a unit nor what is counted, unless something beside the table does:
    a line above or below it, or a column of units.
    """
    if any(_UNIT_BESIDE.search(text) for text in (sheet.beside, *sheet.names.values())):
        return
    for column in sorted(sheet.number_columns & set(sheet.names)):
        name = unicodedata.normalize("NFKC", sheet.names[column]).replace("_", " ").strip()
        words = {word.casefold() for word in re.findall(r"[^\W\d_]+|[%€¥£]", name)}
        known = {unit.printed.casefold() for unit in units()}
        if not _COUNTED.search(name) and not _COUNTED.search(sheet.names[column]) and not words & known:
            yield sheet.header_rows[-1], column


def not_divided(sheet: LintSheet) -> list[Span]:
    """Blank rows between entries and blank columns between columns of the table."""
    if not sheet.names:
        return []
    first, last = min(sheet.names), max(sheet.names)
    rows = [Span(row, first, row, last) for row in sheet.blank_rows]
    bottom = max(sheet.entries, default=sheet.header_rows[-1])
    gaps = [column for column in range(first, last) if column not in sheet.names and not sheet.grid.hidden_columns]
    return [*rows, *(Span(sheet.header_rows[0], column, bottom, column) for column in gaps)]


def has_several_tables(sheet: LintSheet) -> bool:
    """Whether the readers of tables saw more than one header."""
    return bool(_SEVERAL_TABLES & sheet.codes)


def header_not_first(sheet: LintSheet) -> list[Span]:
    """The header, if it is not row 1 alone."""
    if not sheet.names or sheet.header_rows == (1,):
        return []
    return [Span(sheet.header_rows[0], min(sheet.names), sheet.header_rows[-1], max(sheet.names))]


def hidden(sheet: LintSheet) -> list[str]:
    """Hidden rows and columns by their numbers and letters."""
    rows = [f"{first}:{last}" for first, last in runs(sorted(sheet.grid.hidden_rows))]
    columns = runs(sorted(sheet.grid.hidden_columns))
    return [*rows, *(f"{column_letters(first)}:{column_letters(last)}" for first, last in columns)]
