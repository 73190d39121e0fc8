"""The encodings of texts that are known, by the names that people give them: the reviewed table ``encoding_name.csv``.

Belongs here: names and what may be done with each (found by itself, found by its mark, only when declared). Does not
belong here: deciding which one a file has (``encoding``).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("encoding_name.csv")


@dataclass(frozen=True)
class EncodingName:
    """One encoding: Python's name, its role and its names in English and Japanese.

    ``role``: detected (may be decided from the bytes), marked (by a mark at the start or its zero bytes), doubt (used
    only when the card says so; when its reading is words too, another one is in doubt), declared (only when the card
    says so; it takes nearly any bytes or is too old to be likely).
    """

    name: str
    role: str
    english: str
    japanese: str

    @property
    def family(self) -> str:
        """What it can hold: unicode, japanese or other."""
        if self.name.startswith("utf"):
            return "unicode"
        return "japanese" if self.role == "detected" else "other"


@cache
def known_encodings() -> Mapping[str, EncodingName]:
    """Every encoding by Python's name, in the order of the table."""
    return {name: each for name, each in _by_any_name().items() if name == each.name}


def encoding_called(name: str) -> EncodingName | None:
    """The encoding that somebody calls so; None if it is not known. Shift_JIS is always CP932."""
    return _by_any_name().get(name.strip().lower()) or _by_any_name().get(name.strip().lower().replace("_", "-"))


@cache
def _by_any_name() -> Mapping[str, EncodingName]:
    found: dict[str, EncodingName] = {}
    with TABLE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            each = EncodingName(row["name"], row["role"], row["shown_en"], row["shown_ja"])
            found |= dict.fromkeys((row["name"], *row["also_called"].split()), each)
    return found
