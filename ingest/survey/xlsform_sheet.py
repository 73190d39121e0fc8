"""The sheets of an XLSForm workbook as rows of named cells, and the names of its languages.

Belongs here: finding the sheets and columns of the form by their headers. Does not belong here: what a row means
(``codebook_xlsform``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.problem import Place
from ingest.tables.cell_text import fold, one_line
from ingest.tables.grid import Grid, address
from ingest.values.tables import read_table_beside

# Names that the columns have in older forms, by pyxform's aliases.py.
SAME_COLUMN = {"listname": "list_name", "value": "name", "tag": "name", "command": "type", "relevance": "relevant"}
SAME_COLUMN |= {"caption": "label"}
TRANSLATED = re.compile(r"(?P<column>[^:]+?)\s*::?\s*(?P<language>.+)")
CODE_BEHIND = re.compile(r".*\(\s*(?P<code>[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\s*\)")
CODE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class FormRow:
    """One row of a sheet: its cells by column, and those of translated columns by column and language."""

    file: str
    sheet: str
    number: int
    cells: Mapping[str, str]
    translated: Mapping[str, Mapping[str, str]]
    places: Mapping[str, int]

    def __getitem__(self, column: str) -> str:
        """The text of a cell, empty where the sheet has no such column."""
        return self.cells.get(column, "")

    def place(self, column: str) -> Place:
        """Where its cell stands; column A where the sheet has no such column."""
        return Place(self.file, self.sheet, address(self.number, self.places.get(column, 1)))


@dataclass(frozen=True)
class FormSheet:
    """One sheet: the number of each column by name, the languages in the order of its columns, the rows."""

    file: str
    grid: Grid
    columns: Mapping[str, int]
    translations: Mapping[int, tuple[str, str]]

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of its labels."""
        return tuple(dict.fromkeys(language for column, language in self.translations.values() if column == "label"))

    def rows(self) -> Iterator[FormRow]:
        """The rows with any text below the header."""
        for number, texts in enumerate(self.grid.rows[1:], start=2):
            if not any(text.strip() for text in texts):
                continue
            cells = {name: texts[place - 1].strip() for name, place in self.columns.items() if place <= len(texts)}
            translated: dict[str, dict[str, str]] = {}
            for place, (name, language) in self.translations.items():
                if place <= len(texts) and texts[place - 1].strip():
                    translated.setdefault(name, {})[language] = texts[place - 1].strip()
            yield FormRow(self.file, self.grid.sheet, number, cells, translated, self.columns)


def form_sheet(path: Path, grid: Grid, default_language: str) -> FormSheet:
    """A sheet by its first row. ``label`` without a language is in the default one; the first of two columns counts."""
    columns: dict[str, int] = {}
    translations: dict[int, tuple[str, str]] = {}
    for place, printed in enumerate(grid.rows[0], start=1):
        found = TRANSLATED.fullmatch(one_line(printed))
        name = column_name(found["column"] if found else printed)
        if found:
            translations[place] = (name, language_of(found["language"]))
        elif name in {"label", "form_title"}:
            translations[place] = (name, default_language)
        if name and (not found or name not in columns):
            columns.setdefault(name, place)
    return FormSheet(path.name, grid, columns, translations)


def column_name(printed: str) -> str:
    """The name of a column as XLSForm writes it today."""
    name = "_".join(printed.casefold().split())
    return SAME_COLUMN.get(fold(printed).replace("_", ""), name)


def language_of(printed: str) -> str:
    """``en`` for ``English (en)``, ``English``, ``en`` and so on; an unknown name stays as it is.

    >>> language_of("日本語 (ja)"), language_of("Japanese"), language_of("EN")
    ('ja', 'ja', 'en')
    """
    behind = CODE_BEHIND.fullmatch(printed.strip())
    text = behind["code"] if behind else printed
    known = _language_codes().get(fold(text))
    return known or (one_line(text).casefold().replace("_", "-"))


def language_header(code: str) -> str:
    """``English (en)`` for ``en``: what an XLSForm column says of its language."""
    names = {row["code"]: row["name"] for row in read_table_beside(__file__, "xlsform_language")}
    return f"{names.get(code, code)} ({code})" if CODE.fullmatch(code) else code


@cache
def _language_codes() -> Mapping[str, str]:
    rows = read_table_beside(__file__, "xlsform_language")
    return {fold(row[column]): row["code"] for row in rows for column in ("code", "name", "name_en")}
