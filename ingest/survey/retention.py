"""Until when personal data of a wave may be kept: the card's ``retention_until``.

Belongs here: which waves are past their date. Does not belong here: deleting anything; that is somebody's decision.

A build knows no clock: it compares with the newest day on which a card was reviewed, so that the same inputs say the
same. Commands that build nothing compare with today.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.source_card import SourceCard


def retention_until(card: SourceCard) -> str:
    """The last day of a wave, YYYY-MM-DD; empty where the card says none."""
    return str(card.content["survey"].get("retention_until", "")) if card.is_wave else ""


def newest_review(cards: Sequence[SourceCard]) -> str:
    """The newest day on which one of the cards was reviewed."""
    return max((str(card.content["reviewed_on"]) for card in cards), default="")


def retention_problems(cards: Sequence[SourceCard], day: str) -> list[Problem]:
    """A warning for each wave whose date is before ``day`` (YYYY-MM-DD)."""
    return [
        problem(
            "survey_retention_passed", Place(card.file.name), wave=f"{card.family}/{card.edition}", until=until, day=day
        )
        for card in cards
        if (until := retention_until(card)) and until < day
    ]
