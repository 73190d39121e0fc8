"""The lines of `observatory sources`, and what `observatory status` says of the inbox.

Belongs here: putting cards, accepted revisions, waiting and quarantined files into lines. Does not belong here: reading
or moving anything.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from ingest.catalog import find_cards, read_catalog
from ingest.intake.acceptance import is_taken_in
from ingest.intake.accepted import Revision, active_revisions, revisions
from ingest.intake.derived_card import family_patterns
from ingest.intake.drop_folder import Dropped, below, look
from ingest.intake.offers import Hashes, Offers, gather
from ingest.intake.quarantine import quarantined
from ingest.source_card import SourceCard
from orchestration.settings import Settings

NOTHING = Offers((), {}, {}, {})


def source_lines(settings: Settings) -> Iterator[str]:
    """One line for each source, then what the drop folder brought and what in it is not read."""
    catalog = read_catalog(settings.source_roots, settings.register_roots)
    width = max((len(card.source_id) for card in catalog.cards), default=0)
    for card in catalog.cards:
        yield _source_line(card, width)
    for card in catalog.replaced:
        yield f"{card.source_id} is not read: a real edition takes the place of this synthetic one."
    for path in catalog.without_card:
        yield f"{path} is not read: no card (source.yml) speaks of it."
    yield from _inbox_lines(settings)
    yield f"\n{len(catalog.cards)} sources."


def _source_line(card: SourceCard, width: int) -> str:
    fewest, most = card.expected_rows
    expected = f"{fewest}" if fewest == most else f"{fewest}-{most}"
    mark = "  synthetic" if card.is_synthetic else ""
    publisher = card.content["publisher"]["name"]
    return f"{card.source_id:<{width}}  {card.kind:<18} {expected:>7} rows  {publisher}{mark}"


def _inbox_lines(settings: Settings) -> Iterator[str]:
    active = active_revisions(settings.accepted)
    for each in revisions(settings.accepted):
        yield f"{each.edition_id}, revision {each.number}: {_state(each, active.get(each.edition_id))}"
    if not settings.inbox.is_dir():
        return
    dropped = look(settings.inbox, time.time())
    offers = _offers(settings, dropped)
    yield from new_lines(settings, offers)
    for path, why in {**offers.waiting, **offers.unspoken, **offers.refused, **dropped.odd}.items():
        yield f"{below(path, settings.inbox)} is not read: {why.what}."
    for report in quarantined(settings.inbox):
        yield f"{', '.join(report.files)} is in quarantine; why: {below(report.report, settings.inbox)}"


def new_lines(settings: Settings, offers: Offers | None = None) -> list[str]:
    """A line for each file at rest in the inbox that the next build would look at."""
    if offers is None:
        offers = _offers(settings, look(settings.inbox, time.time())) if settings.inbox.is_dir() else NOTHING
    newest = {each.edition_id: each for each in revisions(settings.accepted)}
    fresh = [each for each in offers.offers if not (each.card and is_taken_in(each, newest.get(each.edition_id)))]
    return [f"{offer.name} is new: the next build looks at it." for offer in fresh]


def _offers(settings: Settings, dropped: Dropped) -> Offers:
    patterns = family_patterns(find_cards(settings.source_roots)) if dropped.files else []
    return gather(settings.inbox, dropped, patterns, Hashes({}))


def _state(revision: Revision, active: Revision | None) -> str:
    came = f"{revision.record['file']}, rows: {revision.rows}"
    if active is None:
        return f"withdrawn ({came})"
    return f"in use ({came})" if active.number == revision.number else f"kept ({came})"
