"""Words by which a row that is no entry is known: totals, notes, sources, units.

Belongs here: matching a text against ``row_words.csv``. Does not belong here: the arithmetic of totals (``totals``)
and where in the table such rows stand (``body``).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

from ingest.tables.cell_text import fold

WORDS_FILE = Path(__file__).with_name("row_words.csv")
# A longer text is no label, and a hostile one would be searched for each word.
LONGEST_LABEL = 200
TOTAL_ROLES = ("total", "subtotal", "grand_total")
NOTE_ROLES = ("note", "source", "unit", "as_of")
_AS_OF = re.compile(r"^[(]?.{0,12}\d{1,4}年.{0,12}(現在|時点)[)]?$")
_AROUND = "".join("()[]【】〈〉<>《》:・.-=*_")


@cache
def words(*roles: str) -> dict[str, str]:
    """Folded word to its role, for the roles asked for."""
    with WORDS_FILE.open(encoding="utf-8", newline="") as stream:
        return {fold(row["word"]): row["role"] for row in csv.DictReader(stream) if row["role"] in roles}


def total_role(text: str) -> tuple[str, str] | None:
    """Which kind of total a label speaks of and what is left of it: ``Hyogo total`` is ("total", "hyogo").

    The rest is empty where the label is the word alone. None where no total word begins or ends the label.
    """
    if len(text) > LONGEST_LABEL:
        return None
    label = fold(text).strip(_AROUND)
    known = words(*TOTAL_ROLES)
    for word in words("no_total"):
        label = label.replace(word, "〇")
    if label in known:
        return known[label], ""
    # 合計 2件 says how many rows there are.
    bare = re.sub(r"\W|\d+(?:件|社|名|団体|か所|箇所)?$", "", label)
    if bare in known:
        return known[bare], ""
    for word in sorted(known, key=len, reverse=True):
        if word.isascii() and not _stands_alone(text, word):
            continue
        if label.endswith(word):
            return known[word], label.removesuffix(word).strip(_AROUND)
        if label.startswith(word):
            return known[word], label.removeprefix(word).strip(_AROUND)
    return None


def _stands_alone(text: str, word: str) -> bool:
    """Whether the word is one of the text's own words and no part of a longer one: not in 'Totalsystems'."""
    own_words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", unicodedata.normalize("NFKC", text).casefold())
    return word in {*own_words, *("".join(pair) for pair in pairwise(own_words))}


@cache
def total_pattern() -> str:
    """A pattern (RE2, on lower-case NFKC text) that every label with a total word matches; a first sieve."""
    loose = "|".join(r"\s*".join(map(re.escape, word)) for word in sorted(words(*TOTAL_ROLES), key=len, reverse=True))
    return rf"^\W*(?:{loose})|(?:{loose})\W*$"


def note_kind(text: str) -> str:
    """The kind of line that a text is by its first sign or word: note, source, unit or as_of; empty if none."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if _AS_OF.match(plain):
        return "as_of"
    for pattern, kind in _note_patterns():
        if pattern.match(plain) or pattern.match(text.strip()):
            return kind
    return ""


def is_mark_alone(text: str, *, weak: bool = False) -> bool:
    """Whether a text is the mark of a note and nothing else, its wording being in the next cell.

    Numbers and stars may as well number or flag entries: they count only with ``weak``.
    """
    plain = fold(text)
    if not weak and not any(sign.isalpha() or sign == "※" for sign in plain):
        return False
    return any((found := pattern.match(plain)) and found.end() == len(plain) for pattern, _ in _note_patterns())


@cache
def _note_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    patterns = []
    with WORDS_FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["role"] in NOTE_ROLES:
                literal = re.escape(row["word"].casefold()).replace(r"\#", r"\d{1,2}").replace("#", r"\d{1,2}")
                # 単位互換 and 出所見本 are names; 出典は and 注記 with a blank or a colon are none.
                end = r"(?![^\W\d_])|(?=は)" if row["word"][-1].isalpha() else ""
                patterns.append((re.compile(f"{literal}(?:{end})" if end else literal), row["role"]))
    return tuple(patterns)
