"""The other editions of a family, seen from one of them.

Belongs here: which edition is the one before and whether there is a newer one. Does not belong here: comparing them.
"""

from __future__ import annotations

from collections.abc import Iterable

from ingest.intake.claims import edition_claim_of
from ingest.source_card import SourceCard


def edition_before(card: SourceCard, cards: Iterable[SourceCard]) -> SourceCard | None:
    """The family's edition with the newest reference date before this one's."""
    earlier = [each for each in _others(card, cards) if _day(each) < _day(card)]
    return max(earlier, key=_day, default=None)


def newest_after(card: SourceCard, cards: Iterable[SourceCard]) -> SourceCard | None:
    """The family's newest edition if this one is not; None if this one is."""
    later = [each for each in _others(card, cards) if _day(each) > _day(card)]
    return max(later, key=_day, default=None)


def _others(card: SourceCard, cards: Iterable[SourceCard]) -> list[SourceCard]:
    """Cards of the family's other editions, without synthetic ones whose place was taken."""
    family = [each for each in cards if each.family == card.family and edition_claim_of(each) != edition_claim_of(card)]
    real = {edition_claim_of(each) for each in family if not each.is_synthetic}
    return [each for each in family if not (each.is_synthetic and edition_claim_of(each) in real)]


def _day(card: SourceCard) -> str:
    return str(card.content["reference_date"])
