"""A printed country to its code of two letters.

Belongs here: names (``country_name.csv``, made from Unicode CLDR), other spellings with their source
(``country_alias.csv``), countries that are no more (``country_historic.csv``). Does not belong here: which country was
a member of the European Union when; the warehouse keeps that with its days.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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

CLDR, ISO = "Unicode CLDR", "ISO 3166-1"
# Small letters make words of some codes: at, be, in, is, it, no. The same holds for codes of three.
CODE = re.compile(r"[A-Z]{2,3}")
SMALL_CODE = re.compile(r"[a-z]{2}")


def country_of(text: str) -> PlaceReading:
    """The country that a cell names. ``NA`` is Namibia: nothing is no country.

    Raises:
        UnreadError: a country that is no more, a group of countries, several, or an unknown spelling.
    """
    try:
        return found_place(text, "country", _lookup)
    except UnreadError as unread:
        if unread.code == "place_unknown" and (row := _historic().get(place_key(text))):
            raise UnreadError("place_historic", ended=row["ended"], followed_by=row["followed_by"]) from unread
        if unread.code == "place_unknown" and (refused := other_level(text, "country")):
            raise refused from unread
        raise with_proposal(unread, text, _shown()) from unread


def _lookup(text: str) -> Spelling | None:
    if CODE.fullmatch(text) and (code := _codes().get(text)):
        return code
    key = place_key(text)
    return None if SMALL_CODE.fullmatch(text) else _names().get(key)


@cache
def _codes() -> Mapping[str, Spelling]:
    """Codes of two and three letters, and the letters that papers print for a code."""
    found: dict[str, Spelling] = {}
    for row in read_values_table("country_name"):
        found[row["alpha_3"]] = Spelling(row["country_code"], ISO, "place_alpha_3")
        found[row["country_code"]] = Spelling(row["country_code"], ISO, "")
    for row in read_values_table("country_alias"):
        if CODE.fullmatch(row["alias"]):
            found[row["alias"]] = Spelling(row["country_code"], row["source"], f"place_alias:{row['alias']}")
    return found


@cache
def _names() -> Mapping[str, Spelling]:
    found: dict[str, Spelling] = {}
    for row in read_values_table("country_name"):
        for name in (row["name_en"], row["name_ja"]):
            found[place_key(name)] = Spelling(row["country_code"], CLDR, "place_name")
    for row in read_values_table("country_alias"):
        found.setdefault(
            place_key(row["alias"]), Spelling(row["country_code"], row["source"], f"place_alias:{row['alias']}")
        )
    return found


@cache
def _historic() -> Mapping[str, Mapping[str, str]]:
    return {
        place_key(name): row
        for row in read_values_table("country_historic")
        for name in (row["name_en"], row["name_ja"], *row["codes"].split(", "))
        if name
    }


@cache
def _shown() -> Mapping[str, str]:
    return {
        place_key(name): f"{row['name_en']} ({row['country_code']})"
        for row in read_values_table("country_name")
        for name in (row["name_en"], row["name_ja"])
    }
