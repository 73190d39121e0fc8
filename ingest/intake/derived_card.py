"""The card of a file that came without one, taken from the newest card of the family whose pattern its name matches.

Belongs here: patterns, and what may be taken over and what is not known of the new edition. Does not belong here:
drafting a card of a family that nobody has seen (``draft``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.problem import SourceError
from ingest.source_card import NOT_REVIEWED, SourceCard, read_card

NOT_STATED = "not stated"
EDITION = re.compile(r"[a-z0-9][a-z0-9_.-]*")
YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d{2}(?!\d)")
# A repetition inside a repetition can take for ever on a name made for it.
ENDLESS = re.compile(r"[+*}]\)[+*{]")
# Not its encoding nor where its header stands: the next file may be saved otherwise and have another note on top.
TAKEN_OVER = (
    *("kind", "table", "family", "page_address", "language", "key", "columns", "constants", "labels", "sheet"),
    *("reading", "nothing", "reads", "personal", "optional", "blanks_accepted", "file_pattern"),
)
# Of a survey wave how its export is read and reported; who was invited, how long data is kept and whether the answers
# may be published is said of each wave anew, and its codebook is a file that does not come with the export.
SURVEY_TAKEN_OVER = (
    *("tool", "title", "timezone", "columns", "aliases", "partial_from", "duplicates", "fast_seconds", "link"),
    *("domains", "scales", "disclosure"),
)
# Bounds for an edition that nobody has looked at: half and double of what the family had.
FEWEST_SHARE, MOST_SHARE = 0.5, 2.0


@dataclass(frozen=True)
class Pattern:
    """The newest reviewed card of a family and the pattern by which names of further editions are known."""

    card: SourceCard
    expression: re.Pattern[str]

    def edition_of(self, name: str) -> str:
        """The edition that a file name speaks of; empty if it is none of this family."""
        found = self.expression.fullmatch(unicodedata.normalize("NFC", name))
        edition = (found["edition"] or "").lower() if found else ""
        return edition if EDITION.fullmatch(edition) else ""


def family_patterns(cards: Iterable[Path]) -> list[Pattern]:
    """The pattern of each family that has one, by family; only cards that speak of a pattern are read.

    A derived card is no pattern for others, so that the order in which files come makes no difference.
    """
    newest: dict[str, SourceCard] = {}
    for path in cards:
        if b"file_pattern" not in path.read_bytes():
            continue
        try:
            card = read_card(path)
        except SourceError:
            # Told by the catalogue of cards, which reads them all.
            continue
        before = newest.get(card.family)
        if card.is_reviewed and "file_pattern" in card.content and (before is None or _age(before) < _age(card)):
            newest[card.family] = card
    return [pattern for family in sorted(newest) if (pattern := _pattern(newest[family]))]


def _age(card: SourceCard) -> tuple[str, bool, str]:
    return str(card.content["reference_date"]), not card.is_synthetic, card.source_id


def _pattern(card: SourceCard) -> Pattern | None:
    text = str(card.content["file_pattern"])
    try:
        expression = re.compile(text)
    except re.error:
        return None
    return Pattern(card, expression) if "edition" in expression.groupindex and not ENDLESS.search(text) else None


def derived_content(pattern: Pattern, name: str, sha256: str) -> dict[str, Any]:
    """The card of the file ``name``; it depends on the name, the bytes and the parent card alone, never on a clock.

    What describes the layout is taken over. Who published the new edition under which licence is not known; that of a
    synthetic parent would be wrong. The dates that a card must have hold the reference date, which is said in a note.
    """
    parent = pattern.card.content
    edition = pattern.edition_of(name)
    day = _reference_date(str(parent["reference_date"]), edition)
    is_synthetic = bool(parent["synthetic"])
    unknown = {"name": NOT_STATED, "country": parent["publisher"]["country"], "official": False}
    fewest, most = (int(parent["expected_rows"][end]) for end in ("min", "max"))
    return {
        **{field: parent[field] for field in TAKEN_OVER if field in parent},
        **_survey(parent),
        "id": f"{parent['family'].lower()}-{edition}",
        "edition": edition,
        "title": f"{str(parent['family']).replace('_', ' ').capitalize()} {edition} (dropped without a card)",
        "publisher": unknown if is_synthetic else parent["publisher"],
        "file": name,
        "sha256": sha256,
        "published": "unknown",
        "accessed": day,
        "reference_date": day,
        "licence": {"name": NOT_STATED},
        "obtained": "sent",
        "obtained_note": f"Dropped without a card; this card was derived from {parent['id']}.",
        "reviewed_by": NOT_REVIEWED,
        "reviewed_on": day,
        "scope_rule": NOT_STATED,
        "status": "provisional",
        "synthetic": False,
        "expected_rows": {"min": str(int(fewest * FEWEST_SHARE)), "max": str(int(most * MOST_SHARE))},
        "known_gaps": [
            f"Nobody has reviewed this edition: its card was derived from {parent['id']} by the name of the file",
            "Publisher, licence and scope are not stated; the dates accessed and reviewed hold the reference date",
        ],
    }


def _survey(parent: Mapping[str, Any]) -> dict[str, Any]:
    if "survey" not in parent:
        return {}
    return {"survey": {field: parent["survey"][field] for field in SURVEY_TAKEN_OVER if field in parent["survey"]}}


def _reference_date(parent: str, edition: str) -> str:
    """The parent's day in the year of the edition; the parent's own day where the edition names no year."""
    year = YEAR.search(edition)
    day = f"{year.group()}{parent[4:]}" if year else parent
    return day.replace("-02-29", "-02-28")
