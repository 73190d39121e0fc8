"""Belongs here: one spelling for the same letters: width, case, diacritics, old kanji, any script in Latin letters.

Does not belong here: meaning (`vocabulary`), how Japanese is read (`romanisation`), the parts of a name (`names`).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

HERE = Path(__file__).parent


def read_column(file_name: str, *columns: str) -> list[tuple[str, ...]]:
    """Columns of a small CSV beside this module."""
    with (HERE / file_name).open(encoding="utf-8", newline="") as file:
        return [tuple(row[column] for column in columns) for row in csv.DictReader(file)]


# Old and variant forms beside today's form. Compatibility forms (full width, one sign in two codes) are NFKC's work.
VARIANT_KANJI = {ord(old): today for old, today in read_column("variant_kanji.csv", "variant", "today")}

CJK = "぀-ヿ㐀-䶿一-鿿豈-﫿ｦ-ﾟ々〆〇𠀀-𯿿"
JAPANESE_OR_CHINESE = re.compile(f"[{CJK}]")
KANA = re.compile("[぀-ヿｦ-ﾟ]")
HANGUL = re.compile("[가-힯ᄀ-ᇿ]")
RUN = re.compile(f"(?P<cjk>[{CJK}]+)|(?P<hangul>[가-힯ᄀ-ᇿ]+)|(?P<word>[^\\W_]+)")
_JOINING = re.compile("['’`´ʼʹ″ʺ·•.](?=\\w)")  # l'eau -> l eau is the word splitter's work; S.p.A. -> SpA
# Letters that anyascii writes in a way no roster does.
_LETTER = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "å": "a", "ø": "o", "æ": "ae", "ß": "ss", "щ": "shch"})
# Arabic and Hebrew write the consonants; within a word waw and vav mostly stand for o and u. Marks of vowels are rare.
_ABJAD = re.compile("[\u05d0-\u05ea\u0620-\u064a\u067e-\u06d3]")
_POINTS = re.compile("[\u0591-\u05c7\u0640\u064b-\u065f\u0670\u200c]")
_VAV = re.compile("(?<=\\w)[\u05d5\u0648](?!$)")
_ARTICLE = re.compile(
    "^(?:[\u0648\u0641]?(?:\u0628\u0627\u0644|\u0627\u0644|\u0644\u0644)|\u0648\u0627\u0644)(?=\\w{3})"
)
_TSADI = str.maketrans({"\u05e6": "z", "\u05e5": "z"})
_LONG_VOWEL = (("ue", "u"), ("oe", "o"), ("ae", "a"), ("ou", "o"), ("oo", "o"), ("uu", "u"), ("aa", "a"))
_KEPT = {"ouest"}  # would become ost, the east
_DOUBLE = re.compile(r"([a-z])\1+")
_SYLLABLES = re.compile(r"(?:(?:[kgsztdnhbpmrfj]|[kgnhbpmr]y|sh|ch|ts|sy|ty|zy|jy|cch|[wy])?[aiueo]|n(?![aiueoy]))+")
_KUNREI = (
    ("sy", "sh"),
    ("ty", "ch"),
    ("zy", "j"),
    ("jy", "j"),
    ("si", "shi"),
    ("ti", "chi"),
    ("zi", "ji"),
    ("hu", "fu"),
)


def fold(text: str) -> str:
    """Width, case and old kanji folded, white space collapsed; letters keep their script. Folding twice is once."""
    before = ""
    while before != text:  # a folded letter may decompose into one that folds again
        before = text
        # The Turkish capital I with a dot falls into i and a dot of its own.
        text = unicodedata.normalize("NFKC", text).casefold().replace("i\u0307", "i").translate(VARIANT_KANJI)
    return " ".join(text.split())


@lru_cache(maxsize=500_000)
def to_latin(word: str) -> str:
    """A word of any script in the letters a to z and digits, lower case."""
    if word.isascii() and word.isalnum():
        return word.lower()
    from anyascii import anyascii

    folded = fold(word).translate(_LETTER)
    if _ABJAD.search(folded):
        folded = _VAV.sub("o", _ARTICLE.sub("", _POINTS.sub("", folded))).translate(_TSADI)
    return "".join(sign for sign in anyascii(folded).lower() if sign.isalnum() and sign.isascii())


@lru_cache(maxsize=500_000)
def spelling_key(word: str) -> str:
    """The Latin word with what spellings differ in taken out: umlaut as two letters, long vowels, doubled letters."""
    latin = to_latin(word)
    if latin.isdigit() or len(latin) <= 3 or latin in _KEPT:
        return latin
    before = ""
    while before != latin:
        before = latin
        for two, one in _LONG_VOWEL:
            latin = latin.replace(two, one)
        latin = _DOUBLE.sub(r"\1", latin)
    return latin


def hepburn(key: str) -> str:
    """A key that may be Japanese in Kunrei letters in those of Hepburn (huzi -> fuji); any other key as it is."""
    if not _SYLLABLES.fullmatch(key):
        return key
    for kunrei, usual in _KUNREI:
        key = key.replace(kunrei, usual)
    return re.sub("(?<!s)tu", "tsu", key).replace("mb", "nb").replace("mp", "np")


@cache
def _endings_by_last() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for (ending,) in sorted(read_column("ending.csv", "ending"), key=lambda row: (-len(row[0]), row[0])):
        found.setdefault(ending[-1], []).append(ending)
    return {last: tuple(endings) for last, endings in found.items()}


@lru_cache(maxsize=500_000)
def stem(key: str) -> str:
    """A key without its ending of case, gender or origin (warszawski -> warszaw). Light, and often wrong alone."""
    if len(key) < 5 or key.isdigit():
        return key
    for ending in _endings_by_last().get(key[-1], ()):
        if len(key) - len(ending) >= 4 and key.endswith(ending):
            return key[: -len(ending)]
    return key


_SOUND = (
    ("tch", "c"), ("tsch", "c"), ("sch", "s"), ("cz", "c"), ("ch", "c"), ("sh", "s"), ("sz", "s"), ("zh", "z"),
    ("ph", "f"),
    ("th", "t"), ("kh", "h"), ("gh", "g"), ("qu", "k"), ("ck", "k"), ("x", "ks"), ("q", "k"), ("w", "v"), ("z", "s"),
    ("y", "i"), ("j", "i"), ("c", "k"), ("h", ""), ("b", "v"), ("p", "v"), ("f", "v"), ("g", "k"), ("d", "t"),
)  # fmt: skip


@lru_cache(maxsize=500_000)
def sound_key(key: str) -> str:
    """How the key sounds, roughly, whatever language wrote it: consonants in classes, the first vowel kept."""
    sound = stem(key)
    for written, heard in _SOUND:
        sound = sound.replace(written, heard)
    head, tail = sound[:1], sound[1:]
    return head + _DOUBLE.sub(r"\1", re.sub("[aeiou]", "", tail))
