"""What publishers call our columns: known headers in several languages.

Belongs here: looking a printed header up in ``synonyms.csv``, whose order is the order of preference. Does not belong
here: deciding for one card (``column_match``) or one new file (``intake.draft``).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ingest.layout import LAYOUTS
from ingest.tables.cell_text import fold
from ingest.tables.header_names import LEVELS_JOINED_BY

SYNONYMS_FILE = Path(__file__).with_name("synonyms.csv")


def word_key(header: str) -> str:
    """A header without differences of width, case, blanks and punctuation: ``Web-site:`` is ``website``."""
    return re.sub(r"[\W_]", "", fold(header)) or fold(header)


@cache
def known_words() -> tuple[str, ...]:
    """Every word that a header is known to hold, for finding header rows and telling encodings."""
    ours = {column for layout in LAYOUTS.values() for column in layout.columns}
    return tuple(sorted(ours | {synonym for _, _, synonym, _ in _rows()}))


def columns_for(header: str, table: str = "") -> tuple[str, ...]:
    """Our columns that a printed header may mean, the likeliest first; those of other tables are left out.

    Of a header with several levels (``Members / Firms``) the whole is looked up, then the lowest level.
    """
    for text in (header, header.rsplit(LEVELS_JOINED_BY, 1)[-1]):
        known = _by_word().get(word_key(text), ())
        found = dict.fromkeys(column for column, its_table in known if not table or its_table in {"", table})
        if found:
            return tuple(found)
    return ()


def languages_of(header: Iterable[str]) -> list[str]:
    """Languages of the known words in a header, the one with most of them first."""
    keys = {word_key(name) for name in header}
    counts = Counter(language for _, _, synonym, language in _rows() if word_key(synonym) in keys)
    return [language for language, _ in counts.most_common()]


@cache
def _by_word() -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for (_, table), layout in LAYOUTS.items():
        for column in layout.columns:
            found.setdefault(word_key(column), []).append((column, table))
    for column, table, synonym, _ in _rows():
        found.setdefault(word_key(synonym), []).append((column, table))
    return {word: tuple(columns) for word, columns in found.items()}


@cache
def _rows() -> tuple[tuple[str, str, str, str], ...]:
    with SYNONYMS_FILE.open(encoding="utf-8", newline="") as stream:
        return tuple((row["column"], row["table"], row["synonym"], row["language"]) for row in csv.DictReader(stream))
