"""Printed places as keys: the folding by which two spellings are one, and cells that name a place twice or several.

Belongs here: what is the same for prefectures, countries and regions. Does not belong here: their tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from ingest.problem import nearest_word
from ingest.values.tables import read_values_table
from ingest.values.text import variant_kanji
from ingest.values.unread import UnreadError

# The levels of a place as Japanese sentences name them.
LEVELS_JA = {
    "prefecture": "都道府県", "region": "地方・広域", "municipality": "市区町村", "country": "国",
    "group of countries": "国のグループ",
}  # fmt: skip
# No place is printed at such length; a paragraph is not searched for one.
LONGEST_PLACE = 200
MACRONS_AND_ACCENTS = re.compile("[\u0300-\u036f]")
TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
# Punctuation that doubts a place, or marks it; signs of mathematics do so too.
SAYING = frozenset("?!#%*@¿¡‼※†‡")
BRACKETS = re.compile(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]")
BETWEEN_PLACES = re.compile(r"\s*[,、;/|&+・]\s*|\s+(?:and|und|et)\s+|\s*及び\s*|\s*と\s*")


@dataclass(frozen=True)
class PlaceReading:
    """A place as coded: ``code`` (JP-28, DE, FRF1), its ``level`` (prefecture, country, nuts1 to nuts3), the source of
    the spelling, and what was done to read it. ``versions``: those of NUTS in which the code exists, where known.
    """

    code: str
    level: str
    alias_source: str
    steps: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spelling:
    """One known spelling: the code it stands for, where it is from, and the step that says so."""

    code: str
    source: str
    step: str


def place_key(text: str) -> str:
    """The key by which two spellings are one: width, case, macrons, accents, kana, old kanji, punctuation folded.

    A sign that may say something of the place stays, so that 東京? and >Kyoto are no known spelling.
    """
    wide = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
    plain = (
        unicodedata.normalize("NFC", MACRONS_AND_ACCENTS.sub("", wide.replace("&", "and")))
        .casefold()
        .translate(TO_HIRAGANA)
        .translate(variant_kanji())
    )
    return "".join(sign for sign in plain if sign.isalnum() or _says_something(sign))


def _says_something(sign: str) -> bool:
    return sign in SAYING or unicodedata.category(sign) in {"Sm", "Sc", "So"}


def found_place(text: str, level: str, lookup: Callable[[str], Spelling | None]) -> PlaceReading:
    """The one place of a cell: printed alone, or twice in two scripts or spellings that agree.

    Raises:
        UnreadError: the cell names several places, or none that the lookup knows.
    """
    if len(text) > LONGEST_PLACE:
        raise UnreadError("place_unknown", level=level, level_ja=LEVELS_JA[level])
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if hit := lookup(plain):
        return PlaceReading(hit.code, level, hit.source, (hit.step,) if hit.step else ())
    bracket = BRACKETS.fullmatch(plain)
    parts = bracket.groups() if bracket else [part for part in BETWEEN_PLACES.split(plain) if part]
    hits = [lookup(part) for part in parts]
    known = [hit for hit in hits if hit]
    if len(parts) < 2 or len(known) < len(parts):
        raise UnreadError("place_unknown", level=level, level_ja=LEVELS_JA[level])
    codes = sorted({hit.code for hit in known})
    if len(codes) > 1:
        raise UnreadError("place_several", codes=", ".join(codes))
    return PlaceReading(codes[0], level, known[0].source, ("place_twice",))


def other_level(text: str, wanted: str) -> UnreadError | None:
    """The refusal of a text that is another kind of place by its wording: a region, a municipality, a country."""
    level = _level_by_wording(text)
    if not level or level == wanted:
        return None
    return UnreadError(
        "place_other_level", level=level, level_ja=LEVELS_JA[level], wanted=wanted, wanted_ja=LEVELS_JA[wanted]
    )


def _level_by_wording(text: str) -> str:
    key, plain = place_key(text), unicodedata.normalize("NFKC", text).strip().casefold()
    whole, ends = _levels()
    if level := whole.get(key):
        return level
    return next((level for word, level in ends.items() if plain.endswith(word) and plain != word), "")


@cache
def _levels() -> tuple[Mapping[str, str], Mapping[str, str]]:
    rows = read_values_table("place_level")
    whole = {place_key(row["word"]): row["level"] for row in rows if row["match"] == "whole"}
    return whole, {row["word"]: row["level"] for row in rows if row["match"] == "end"}


def with_proposal(unread: UnreadError, text: str, known: Mapping[str, str]) -> UnreadError:
    """The same refusal with the known spelling that is most like the text, for the person who reviews it.

    ``known``: a printed spelling for each key.
    """
    if unread.code != "place_unknown":
        return unread
    key = nearest_word(place_key(text), known)
    return UnreadError("place_near", **unread.values, nearest=known[key]) if key else unread
