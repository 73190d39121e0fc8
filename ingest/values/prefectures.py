"""A printed prefecture of Japan to its code.

Belongs here: the 47 prefectures (``prefecture.csv``, JIS X 0401 and ISO 3166-2:JP) in their spellings. Does not belong
here: spellings that follow no rule (``prefecture_alias.csv``), cities and regions (``place_level.csv``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from ingest.values.place_words import (
    PlaceReading,
    Spelling,
    found_place,
    other_level,
    place_key,
    with_proposal,
)
from ingest.values.tables import read_values_table
from ingest.values.unread import UnreadError

CODE = re.compile(r"(?:JP-?)?(\d{1,2})", re.IGNORECASE)
# The code of local governments: the prefecture, three zeros, and in its longer form a check digit.
LOCAL_CODE = re.compile(r"(\d\d)000(\d?)")
CODE_AND_NAME = re.compile(r"(\d\d000\d?|\d{1,2})[\s_.:\-]*(\D.+)")
JIS, ISO = "JIS X 0401", "ISO 3166-2:JP"
NAME_ONLY = "place_level_of_column"


def prefecture_of(text: str) -> PlaceReading:
    """The prefecture that a cell names.

    Raises:
        UnreadError: a city, a region, several prefectures or an unknown spelling; the nearest known one is proposed.
    """
    try:
        return found_place(text, "prefecture", _lookup)
    except UnreadError as unread:
        if unread.code == "place_unknown" and (refused := other_level(text, "prefecture")):
            raise refused from unread
        raise with_proposal(unread, text, _shown()) from unread


def _lookup(text: str) -> Spelling | None:
    if code := CODE.fullmatch(text):
        return _by_number(int(code[1]), text)
    if local := LOCAL_CODE.fullmatch(text):
        return _by_local_code(local)
    if hit := _spellings().get(place_key(text)):
        return hit
    if both := CODE_AND_NAME.fullmatch(text):
        number, name = _lookup(both[1]), _spellings().get(place_key(both[2]))
        if number and name and number.code == name.code:
            return Spelling(number.code, JIS, "place_code_and_name")
    return None


def _by_local_code(code: re.Match[str]) -> Spelling | None:
    """The prefecture of 13000 or 130001, if its check digit is right.

    The digits times 6 to 2 are summed; the check digit is the last of 11 less the rest of that sum by 11 (Ministry of
    Internal Affairs, notes to the codes of local governments).
    """
    total = int(code[1][0]) * 6 + int(code[1][1]) * 5
    is_right = not code[2] or int(code[2]) == (11 - total % 11) % 10
    return _by_number(int(code[1]), code[0]) if is_right else None


def _by_number(number: int, printed: str) -> Spelling | None:
    if not 1 <= number <= 47:
        return None
    code = f"JP-{number:02}"
    return Spelling(code, JIS, "" if printed == code else "place_code")


@cache
def _spellings() -> Mapping[str, Spelling]:
    """Every spelling by its key. A bare name is shared with a city or an island: the column says what it is."""
    found: dict[str, Spelling] = {}
    for row in read_values_table("prefecture"):
        code = row["iso_3166_2"]
        for name, source in (
            (row["name_ja"], JIS),
            (row["kana"], JIS),
            (row["name_en"], ISO),
            (row["name_macron"], ISO),
        ):
            found[place_key(name)] = Spelling(code, source, NAME_ONLY if row["suffix_ja"] else "place_name")
        for name in (row["name_ja"] + row["suffix_ja"], row["kana"] + row["suffix_kana"]):
            found[place_key(name)] = Spelling(code, JIS, "place_name")
        for name in _latin_forms(row["name_en"], row["suffix_en"]):
            found[place_key(name)] = Spelling(code, ISO, "place_name")
    endings = {row["iso_3166_2"]: row["suffix_en"] for row in read_values_table("prefecture")}
    for row in read_values_table("prefecture_alias"):
        code = row["iso_3166_2"]
        for name in (row["alias"], *_latin_forms(row["alias"], endings[code])):
            found[place_key(name)] = Spelling(code, row["source"], f"place_alias:{row['alias']}")
    return found


def _latin_forms(name: str, ending: str) -> Iterator[str]:
    """The name with the words for prefecture that are used of it: no other prefecture is a ``to`` or a ``fu``."""
    yield from (f"{name} prefecture", f"{name} pref.", f"prefecture of {name}")
    if ending:
        yield f"{name}-{ending}"
    if ending == "to":
        yield from (f"{name} metropolis", f"{name} metropolitan", f"metropolis of {name}")


@cache
def _shown() -> Mapping[str, str]:
    """A spelling to propose for each name."""
    return {
        place_key(name): f"{row['name_en']} ({row['name_ja']}{row['suffix_ja']}, {row['iso_3166_2']})"
        for row in read_values_table("prefecture")
        for name in (row["name_en"], row["name_ja"] + row["suffix_ja"], row["kana"])
    }
