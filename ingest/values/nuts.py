"""A printed NUTS region to its code, with the versions in which the code exists.

Belongs here: codes of NUTS 2 that a version changed (``nuts_recoding.csv``), the country letters of NUTS. Does not
belong here: the names of regions (reference data among the sources).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ingest.values.place_words import PlaceReading
from ingest.values.tables import read_values_table
from ingest.values.unread import UnreadError

VERSIONS = ("2010", "2013", "2016", "2021", "2024")
CODE = re.compile(r"([A-Z]{2})[ -]?([0-9A-Z]{1,3})", re.IGNORECASE)
# NUTS keeps to the letters of the European Union: EL for Greece, UK for the United Kingdom.
COUNTRY_LETTERS = {"GR": "EL", "GB": "UK"}
# Members, one of them a former one, and partner countries with statistical regions of the same kind.
COUNTRIES = re.compile(
    "AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|UK|CH|IS|LI|NO|AL|ME|MK|RS|TR"
)
LAST_VERSION_OF = {"UK": "2021"}


def nuts_of(text: str, version: str = "") -> PlaceReading:
    """The region that a cell names by its code, as ``version`` codes it; without a version as printed.

    Raises:
        UnreadError: no code of NUTS, no code in that version, or a region that the version split.
    """
    if version and version not in VERSIONS:
        raise UnreadError("nuts_version_unknown", version=version, versions=", ".join(VERSIONS))
    found = CODE.fullmatch(text.strip())
    letters = found[1].upper() if found else ""
    country = COUNTRY_LETTERS.get(letters, letters)
    if found is None or not COUNTRIES.fullmatch(country):
        raise UnreadError("nuts_unknown")
    code = country + found[2].upper()
    steps = () if code == text else (f"nuts_letters:{code}",)
    source, versions = "Eurostat NUTS", _versions(code)
    if not version or version in versions or not versions:
        return PlaceReading(code, f"nuts{len(code) - 2}", source, steps, versions)
    twins = [(other, source) for other, source in _same_region(code) if version in _versions(other)]
    if not twins:
        pairs = [(row["before"], row["after"]) for row in read_values_table("nuts_recoding")]
        others = sorted({each for pair in pairs if code[:4] in pair for each in pair})
        raise UnreadError(
            "nuts_not_in_version", version=version, versions=", ".join(versions), others=", ".join(others) or code
        )
    now, source = twins[0]
    step = f"nuts_recoded:{code} = {now} ({version})"
    return PlaceReading(now, f"nuts{len(now) - 2}", source, (*steps, step), _versions(now))


def _same_region(code: str, *seen: str) -> Iterator[tuple[str, str]]:
    """Every other code of the region with its source; a region that was split is none of its parts."""
    for row in read_values_table("nuts_recoding"):
        if row["change"] == "recoded" and code in (row["before"], row["after"]):
            other = row["after"] if code == row["before"] else row["before"]
            if other not in seen:
                yield other, row["source"]
                yield from _same_region(other, *seen, code)


@cache
def _versions(code: str) -> tuple[str, ...]:
    """The versions that hold the code, as far as the changes tell; empty where nothing is known of it.

    The changes are those of NUTS 2. A larger region is in the versions of its parts, a smaller one in no version
    that the region around it is not in.
    """
    rows = [row for row in read_values_table("nuts_recoding") if code[:4] in row["before"] + " " + row["after"]]
    if len(code) == 3 and rows:
        parts = {row[side] for row in rows for side in ("before", "after") if row[side].startswith(code)}
        held = {version for part in parts for version in _versions(part)}
        return tuple(each for each in VERSIONS if each in held)
    first, last = VERSIONS[0], LAST_VERSION_OF.get(code[:2], VERSIONS[-1])
    before = [row["changed_in"] for row in rows if row["before"] == code[:4]]
    after = [row["changed_in"] for row in rows if row["after"] == code[:4]]
    if before:
        last = VERSIONS[VERSIONS.index(before[0]) - 1]
    if not (before or after or code[:2] in LAST_VERSION_OF):
        return ()
    return tuple(each for each in VERSIONS if max([first, *after]) <= each <= last)
