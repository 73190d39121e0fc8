"""The items of the CHERRIES checklist that a card may answer: the reviewed table ``cherries.csv``.

Belongs here: reading the table. Does not belong here: the answers (``card_rows``).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("cherries.csv")


@dataclass(frozen=True)
class CherriesItem:
    """One item: its code in a card, and its words."""

    code: str
    en: str
    ja: str


@cache
def cherries_items() -> tuple[CherriesItem, ...]:
    """The items in the order of the checklist."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return tuple(CherriesItem(row["item_code"], row["item_en"], row["item_ja"]) for row in csv.DictReader(stream))
