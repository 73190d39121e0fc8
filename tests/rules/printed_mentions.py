"""Every mention of the bundled sources, computed from cards and files alone.

Belongs here: a second implementation of row key and mention key, on purpose not the code that lands the rows, so that
the register is tested against the contract and not against the loader. Does not belong here: the register.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SOURCES = Path(__file__).parents[2] / "ingest" / "sources"

# The columns that make the key of a row when the card does not say otherwise.
DEFAULT_KEY = {
    "organisation": ["name"],
    "participant": ["name"],
    "partnership": ["entry_no"],
    "member": ["partnership", "name"],
    "target": ["partnership", "country", "claim"],
    "case": ["entry_no"],
    "case_metric": ["case_no", "metric"],
    "figure": ["entry_no"],
    "aggregate": ["subject_edition", "dimension", "category"],
    "programme_total": ["programme", "metric", "period", "cited_source"],
    "indicator": ["entry_no"],
    "check": ["entry_no"],
    "contradiction": ["entry_no"],
    "survey": ["entry_no"],
    "result": ["survey", "question", "answer"],
    "prefecture": ["iso_code"],
    "prefecture_indicator": ["iso_code"],
    "nuts_region": ["code"],
    "sector": ["scheme", "code"],
    "sector_crosswalk": ["from_scheme", "from_code", "to_scheme", "to_code"],
    "name_variant": ["entity_kind", "name", "variant"],
    "programme": ["programme", "cited_source"],
    "document": ["document"],
}
LEAD_COLUMNS = ("lead_name", "promoting_body", "core_organisation", "lead_name_ja")


@dataclass(frozen=True)
class PrintedRow:
    """One bundled row: its card, its key within the edition, and its text under our column names."""

    card: dict[str, Any]
    key: str
    text: dict[str, str]

    @property
    def place(self) -> tuple[str, str, str]:
        """Family, edition and row key."""
        return self.card["family"], self.card["edition"], self.key


@cache
def printed_rows() -> tuple[PrintedRow, ...]:
    """All rows of all bundled sources, in the order of the cards."""
    return tuple(row for path in sorted(SOURCES.glob("**/source.yml")) for row in _rows_of_card(path))


@cache
def mentions() -> dict[str, bool]:
    """Every mention by its key, and whether its source is synthetic."""
    return {
        "/".join((row.card["family"], row.card["edition"], role, row.key)): row.card["synthetic"] == "true"
        for row in printed_rows()
        for role in _roles(row)
    }


def _rows_of_card(path: Path) -> Iterator[PrintedRow]:
    card = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - makes nothing but text
    if (card["kind"], card["table"]) == ("survey", "response"):
        return
    names = {printed: ours for printed, ours in card["columns"].items() if ours not in ("~", "null", "")}
    key_columns = card.get("key") or DEFAULT_KEY[card["table"]]
    seen: Counter[str] = Counter()
    with (path.parent / card["file"]).open(encoding="utf-8-sig", newline="") as stream:
        for printed in csv.DictReader(stream):
            text = {ours: printed[name].strip() for name, ours in names.items()} | card.get("constants", {})
            key = " | ".join(re.sub(r"\s+", " ", text.get(name, "")).strip() for name in key_columns).strip()
            seen[key] += 1
            yield PrintedRow(card, key if seen[key] == 1 else f"{key}#{seen[key]}", text)


def _roles(row: PrintedRow) -> Iterator[str]:
    """The roles in which a row names somebody; a listed row is an entry even if no name is printed."""
    table, text = row.card["table"], row.text
    if table in ("organisation", "participant"):
        yield "entry"
    if table == "participant" and any(text.get(name) for name in LEAD_COLUMNS):
        yield "lead"
    if table == "participant" and text.get("partner_name"):
        yield "partner"
    if table == "partnership":
        yield from ("party_jp", "party_eu")
    if table == "member" and text.get("name"):
        yield "member"
