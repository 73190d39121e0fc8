"""Printed places to codes: prefectures of Japan, countries, regions of the European Union.

Belongs here: what a reader of values calls, and what is said of a cell. Does not belong here: the tables and the rules
of each kind (``prefectures``, ``countries``, ``nuts``).
"""

from __future__ import annotations

from functools import lru_cache

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.values.countries import country_of
from ingest.values.nuts import nuts_of
from ingest.values.place_words import PlaceReading
from ingest.values.prefectures import prefecture_of
from ingest.values.unread import UnreadError

__all__ = ["PlaceReading", "place_problem", "read_country", "read_nuts", "read_prefecture", "why_no_place"]


def read_prefecture(text: str) -> PlaceReading | None:
    """The prefecture that a cell of a prefecture column names, as ``JP-28``; None for anything else.

    A bare name is the prefecture, not the city, because the column says so (step ``place_level_of_column``); a city
    (大阪市), a region (関西) and several prefectures in one cell give None. ``place_problem`` says why.
    """
    return _read("prefecture", text, "")


def read_country(text: str) -> PlaceReading | None:
    """The country that a cell names, as its ISO 3166-1 code of two letters (``NA`` is Namibia), or None."""
    return _read("country", text, "")


def read_nuts(text: str, version: str = "") -> PlaceReading | None:
    """The region that a cell names by its NUTS code, as ``version`` (2010, 2013, 2016, 2021, 2024) codes it."""
    return _read("nuts", text, version)


def why_no_place(kind: str, text: str, version: str = "") -> str:
    """The step that says why the text is no prefecture, country or nuts, a code of ``steps.csv``; empty for one."""
    try:
        _place(kind, text, version)
    except UnreadError as unread:
        return unread.code
    return ""


def place_problem(kind: str, text: str, where: Place | str, *, version: str = "") -> Problem | None:
    """What is to be said of a cell that should hold a prefecture, country or nuts: FIX how it was read, WARN why not.

    None where the code itself is printed, or the plain name of the place.
    """
    try:
        reading = _place(kind, text, version)
    except UnreadError as unread:
        return problem(unread.code, where, text=text, **unread.values)
    if not set(reading.steps) - {"place_name", "place_level_of_column"}:
        return None
    return problem("place_read", where, text=text, now=reading.code, source=reading.alias_source)


def _read(kind: str, text: str, version: str) -> PlaceReading | None:
    try:
        return _place(kind, text, version)
    except UnreadError:
        return None


@lru_cache(maxsize=65_536)
def _place(kind: str, text: str, version: str) -> PlaceReading:
    if kind == "nuts":
        return nuts_of(text, version)
    return prefecture_of(text) if kind == "prefecture" else country_of(text)
