"""Offers that are in each other's way, or in the way of another source.

Belongs here: the same content twice, one edition or one id claimed twice. Does not belong here: what is in a file.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from ingest.intake.accepted import Revision
from ingest.intake.offers import Offer
from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.source_card import SourceCard

EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


def conflicts(offers: Sequence[Offer], active: Mapping[str, Revision]) -> dict[Path, Problem]:
    """The problem of each offer, by place, that another offer stands in the way of.

    Of the same content twice the one that was accepted before stays, then one with a card, then the first by name. Of
    different contents for one edition none stays, because nothing here can say which is right. An offer that is not
    what its own card promises claims nothing.
    """
    known = [each for each in offers if each.card is not None and _is_as_promised(each)]
    found: dict[Path, Problem] = {}
    first: dict[tuple[str, ...], Offer] = {}
    for offer in sorted(known, key=lambda each: _rank(each, active)):
        earlier = first.setdefault(_content(offer), offer)
        if earlier is not offer:
            is_same_file = earlier.file == offer.file and earlier.card_path is not None
            first_name = f"{earlier.name} ({earlier.place.name})" if is_same_file else earlier.name
            found[offer.place] = _duplicate(offer, first_name)
    left = [each for each in known if each.place not in found]
    for claim, those in _groups(left, edition_claim).items():
        for offer in those:
            others = ", ".join(sorted(each.name for each in those if each is not offer))
            if others:
                found[offer.place] = problem(
                    "edition_claimed_twice", Place(offer.name), edition="/".join(claim), others=others
                )
    for (source_id,), those in _groups([each for each in left if each.place not in found], _id).items():
        for offer in those if len(those) > 1 else []:
            other = next(each.name for each in those if each is not offer)
            found[offer.place] = problem("id_there", Place(offer.name), id=source_id, other=other)
    return found


def in_the_way(offer: Offer, sources: Iterable[SourceCard]) -> Problem | None:
    """What another source, be it bundled, reviewed or accepted for another edition, has against a new offer."""
    sources = list(sources)
    for card in sources:
        if edition_claim_of(card) == edition_claim(offer) and card.is_synthetic == offer.the_card.is_synthetic:
            return problem(
                "edition_there", Place(offer.name), edition=offer.edition_id, other=f"{card.source_id} ({card.path})"
            )
    for card in sources:
        if card.content["sha256"] == offer.sha256 and _part(card) == _part(offer.the_card):
            return _duplicate(offer, f"{card.source_id} ({card.file.name})")
    for card in sources:
        if card.source_id == offer.the_card.source_id:
            return problem("id_there", Place(offer.name), id=card.source_id, other=str(card.path))
    return None


def edition_claim(offer: Offer) -> tuple[str, ...]:
    """Family and edition of an offer, alike where they differ by a sign only."""
    return edition_claim_of(offer.the_card)


def edition_claim_of(card: SourceCard) -> tuple[str, ...]:
    """Family and edition of a card, alike where they differ by a sign only, as in the run history."""
    return re.sub(r"\W", "_", card.family), re.sub(r"\W", "_", card.edition)


def _is_as_promised(offer: Offer) -> bool:
    return bool(offer.sha256 == offer.the_card.content["sha256"]) and offer.sha256 != EMPTY_SHA256


def _id(offer: Offer) -> tuple[str, ...]:
    return (offer.the_card.source_id,)


def _content(offer: Offer) -> tuple[str, ...]:
    return (offer.sha256, *_part(offer.the_card))


def _part(card: SourceCard) -> tuple[str, ...]:
    """What a card takes of its file: a workbook may hold an edition on each sheet."""
    return card.kind, card.table, str(card.content.get("sheet", "")), str(card.content.get("region", ""))


def _rank(offer: Offer, active: Mapping[str, Revision]) -> tuple[bool, bool, str]:
    revision = active.get(offer.edition_id)
    was_there = revision is not None and revision.record["file"] == offer.name
    return not was_there, offer.card_path is None, offer.name


def _duplicate(offer: Offer, first: str) -> Problem:
    return problem("duplicate_file", Place(offer.name), sha256=offer.sha256, first=first)


def _groups(offers: Iterable[Offer], by: Callable[[Offer], tuple[str, ...]]) -> dict[tuple[str, ...], list[Offer]]:
    groups: dict[tuple[str, ...], list[Offer]] = defaultdict(list)
    for offer in offers:
        groups[by(offer)].append(offer)
    return groups
