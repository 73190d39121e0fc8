"""What a file tells of itself: which table it is, which column is which, its languages, dates, edition and key.

Belongs here: guesses, each to be confirmed by the officer. Does not belong here: writing them down (``draft``), reading
the file (``ingest.tables``).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.layout import CITATION, LAYOUTS, Layout
from ingest.synonyms import columns_for, known_words, languages_of
from ingest.tables.cell_text import fold
from ingest.tables.printed import Note, Printed
from ingest.values.dates import DateReading, read_date
from ingest.values.nothing import tokens

if TYPE_CHECKING:
    from ingest.source_card import SourceCard

# A card whose columns are mostly those of the file is its model.
MODEL_SHARE = 0.6
MOST_LABELS = 60
_DATE = re.compile(
    r"(?:明治|大正|昭和|平成|令和|[㍾㍽㍼㍻㋿])\s*(?:元|\d{1,2})年(?:\s*\d{1,2}月(?:\s*\d{1,2}日)?)?|[MTSHR]\d{1,2}\.\d{1,2}\.\d{1,2}"
    r"|\d{4}年(?:\s*\d{1,2}月(?:\s*\d{1,2}日)?)?|\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?"
    r"|\d{1,2}\s[A-Z][a-z]{2,8}\s\d{4}|[A-Z][a-z]{2,8}\s\d{1,2},\s?\d{4}"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True)
class Seen:
    """A printed table in memory: header, one column of texts for each name, entries only."""

    header: tuple[str, ...]
    columns: Mapping[str, Sequence[str]]
    n_entries: int


def seen_in(printed: Printed) -> Seen:
    """The entries of a printed table."""
    columns: list[list[str]] = [[] for _ in printed.facts.header]
    for batch in printed.batches():
        entries = batch.filter(batch.column("left_out").is_null())
        for texts, column in zip(columns, entries.columns[2:], strict=True):
            texts.extend(column.to_pylist())
    header = printed.facts.header
    return Seen(header, dict(zip(header, columns, strict=True)), len(columns[0]) if columns else 0)


def model_card(header: Sequence[str], cards: Iterable[SourceCard]) -> SourceCard | None:
    """The card whose columns are most like a header, the newest edition of several; None if none is alike."""
    own = {fold(name) for name in header}
    ranked = []
    for card in cards:
        known = {fold(name) for name in card.column_map}
        share = len(own & known) / max(len(own), len(known))
        if share >= MODEL_SHARE:
            ranked.append((share, str(card.content["reference_date"]), card.source_id, card))
    return max(ranked, key=lambda each: each[:3])[3] if ranked else None


def guess_table(header: Sequence[str]) -> tuple[str, str] | None:
    """The kind and table that a header fits best; None if it has fewer than two columns of any.

    What every table has (the citation) does not count; having all required columns counts as two more.
    """
    scores = []
    for place, ((kind, table), layout) in enumerate(LAYOUTS.items()):
        mapped = {ours for ours in assign_columns(header, layout, table, {}).values() if ours}
        own = len(mapped - set(CITATION))
        is_whole = set(layout.required) <= mapped
        if own >= (1 if is_whole else 2):
            scores.append((own + 2 * is_whole, -place, (kind, table)))
    return max(scores)[2] if scores else None


def assign_columns(
    header: Sequence[str], layout: Layout, table: str, model: Mapping[str, str | None], personal: Iterable[str] = ()
) -> dict[str, str | None]:
    """Our column for each header or None, each of ours once: as the model's card has it, else by known synonyms."""
    by_fold = {fold(name): ours for name, ours in model.items()}
    closed = set(personal)
    result: dict[str, str | None] = dict.fromkeys(header)
    taken: set[str] = set()
    for name in header:
        ours = by_fold.get(fold(name))
        if ours and ours not in taken and name not in closed:
            result[name] = ours
            taken.add(ours)
    open_names = [name for name in header if name not in closed and fold(name) not in by_fold]
    for rank in (1, None):
        for name in open_names:
            candidates = [ours for ours in columns_for(name, table)[:rank] if ours in layout.columns]
            free = next((ours for ours in candidates if ours not in taken), None)
            if result[name] is None and free:
                result[name] = free
                taken.add(free)
    # A list in one language has one name: it is the name, whatever language its header speaks of.
    if "name" in layout.required and "name" not in taken:
        only = next((name for ours in ("name_ja", "name_en") for name in header if result[name] == ours), None)
        if only:
            result[only] = "name"
    return result


def proposals(name: str, table: str, layout: Layout, taken: Iterable[str]) -> list[str]:
    """Our free columns that a header may mean, by its own words and by the nearest known one."""
    near = difflib.get_close_matches(name.casefold(), [word.casefold() for word in known_words()], n=3, cutoff=0.7)
    candidates = dict.fromkeys(ours for text in (name, *near) for ours in columns_for(text, table))
    return [ours for ours in candidates if ours in layout.columns and ours not in set(taken)][:3]


def languages(seen: Seen) -> list[str]:
    """Languages by script and by the known words of the header; Japanese first if there is any."""
    texts = [text for name, column in seen.columns.items() for text in (name, *column[:200]) if text.strip()]
    in_japanese = sum(bool(_JAPANESE.search(text)) for text in texts)
    in_latin = sum(bool(_LATIN.search(text)) and "://" not in text for text in texts)
    other = [language for language in languages_of(seen.header) if language != "ja"] or ["en"]
    found = ["ja"] if 20 * in_japanese >= len(texts) and in_japanese else []
    return found + (other[:1] if not found or 5 * in_latin >= len(texts) else [])


def dates_in(notes: Sequence[Note]) -> list[tuple[int, DateReading]]:
    """Dates in the lines beside a table with their rows; those said to be "as of" first."""
    found = []
    for note in sorted(notes, key=lambda each: each.kind != "as_of"):
        for text in _DATE.findall(unicodedata.normalize("NFKC", note.text)):
            reading = read_date(text)
            if reading is not None:
                found.append((note.row, reading))
    return found


def guess_edition(stem: str, notes: Sequence[Note], dates: Sequence[tuple[int, DateReading]]) -> str:
    """The year (and month) that the file's name or its titles speak of; empty if none."""
    plain = unicodedata.normalize("NFKC", stem)
    for text in (plain, *(note.text for note in notes if note.kind == "title")):
        if (found := _DATE.search(text)) and (reading := read_date(found.group())):
            return reading.date_from.isoformat()[: 4 if reading.precision != "month" else 7]
        if year := _YEAR.search(text):
            return year.group()
    return str(dates[0][1].date_from.year) if dates else ""


def guess_family(stem: str, table: str) -> str:
    """A label of the series made of the Latin words of a file name; the table's name if there are none."""
    plain = re.sub(r"\d+", " ", unicodedata.normalize("NFKC", stem)).lower()
    words = re.findall(r"[a-z]+", plain) if plain.isascii() else []
    return "_".join(words)[:40].strip("_") or f"{table or 'new'}_list"


def guess_pattern(file_name: str) -> str:
    """An expression for names of further editions: the file's name with any year in place of its own."""
    year = _YEAR.search(file_name)
    if not year:
        return ""
    return rf"{re.escape(file_name[: year.start()])}(?P<edition>\d{{4}}){re.escape(file_name[year.end() :])}"


def guess_key(seen: Seen, places: Mapping[str, str], layout: Layout) -> tuple[list[str], bool]:
    """The fewest of our columns that tell all rows apart, and whether they do; ``places`` is ours to header."""
    first = [ours for ours in layout.key if ours in places]
    others = [ours for ours in ("prefecture", "country", "place", "programme", "entry_no", *places) if ours in places]
    tries = [first, *([*first, ours] for ours in dict.fromkeys(others) if ours not in first)]
    for names in tries:
        rows = list(zip(*([fold(text) for text in seen.columns[places[ours]]] for ours in names), strict=True))
        if names and len(set(rows)) == len(rows) and all(any(row) for row in rows):
            return names, True
    return first, False


def labels_in(seen: Seen, header: str) -> list[str]:
    """The distinct texts of a column, if they are few enough to be labels."""
    found = sorted({text.strip() for text in seen.columns[header] if text.strip()})
    return found if len(found) <= MOST_LABELS else []


def nothing_in(seen: Seen) -> dict[str, dict[str, int]]:
    """How often each sign of "nothing" stands in each column."""
    known = tokens()
    found: dict[str, dict[str, int]] = {}
    for name, texts in seen.columns.items():
        for text in texts:
            sign = text.strip()
            if sign and len(sign) <= 8 and unicodedata.normalize("NFKC", sign).casefold() in known:
                found.setdefault(name, {}).setdefault(sign, 0)
                found[name][sign] += 1
    return found
