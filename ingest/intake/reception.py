"""One round through the drop folder: what is new is decided, what is good is taken in, the rest is set aside.

Belongs here: the order of a round and what stays untouched when it cannot go on. Does not belong here: each of its
steps. Nothing is changed before it is known that no edition was silently taken away.
"""

from __future__ import annotations

import errno
import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.intake import accepted as store_of
from ingest.intake.acceptance import Acceptance, as_revision, is_taken_in
from ingest.intake.accepted import Revision
from ingest.intake.claims import conflicts, edition_claim, edition_claim_of, in_the_way
from ingest.intake.comparison import drift_between
from ingest.intake.decision import COMPARED, LOOKED_AT, Border, Changed, Decision, decide, reading_code
from ingest.intake.derived_card import family_patterns
from ingest.intake.drift import Drift
from ingest.intake.drift_page import drift_page
from ingest.intake.drop_folder import Dropped, check_folder, look
from ingest.intake.neighbours import edition_before, newest_after
from ingest.intake.offers import Hashes, Offer, Offers, gather
from ingest.intake.presence import check_presence, check_withdrawals, edition_at, editions_there, in_quarantine
from ingest.intake.quarantine import quarantined, set_aside, write_report
from ingest.intake.why_report import Told, why_report
from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.source_card import SourceCard, read_card

SEEN = "seen.json"
SAMPLE_SECONDS = 0.5
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
EMPTY = Dropped((), (), {}, {}, frozenset())


@dataclass(frozen=True)
class Folders:
    """Where a round works: the drop folder, the accepted store and a folder for landed rows that are thrown away."""

    inbox: Path
    store: Path
    scratch: Path
    is_inbox_named: bool = False


@dataclass(frozen=True)
class World:
    """What a round asks about the rest: cards that may hold patterns, all other cards, and what is plausible."""

    card_paths: Callable[[], Sequence[Path]]
    cards: Callable[[], Sequence[SourceCard]]
    border: Border


@dataclass
class Round:
    """What came of a round: revisions taken in, reports written with their problems, what waits, what is not read."""

    accepted: list[Revision] = field(default_factory=list)
    set_aside: list[tuple[Path, tuple[Problem, ...]]] = field(default_factory=list)
    waiting: list[Problem] = field(default_factory=list)
    unspoken: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    n_quarantined: int = 0
    n_editions: int = 0


def receive(folders: Folders, world: World, *, withdraw: Sequence[str] = (), by: str = "") -> Round:
    """Go through the drop folder once; the caller holds the lock of the store.

    Raises:
        SourceError: with problems of outcome STOP: the folder cannot be used, an edition was taken away without a
            word, there is no room. What was accepted before stays as it was.
    """
    with _sentences(folders):
        return _Reception(folders, world).round(withdraw, by)


class _Reception:
    """The state of one round."""

    def __init__(self, folders: Folders, world: World) -> None:
        self.folders, self.world = folders, world
        self.active = store_of.active_revisions(folders.store)
        self.newest = {each.edition_id: each for each in store_of.revisions(folders.store)}
        self.told = Round()
        self.bad: list[tuple[Offer, Decision, Drift | None]] = []
        self._cards: list[SourceCard] | None = None

    def round(self, withdraw: Sequence[str], by: str) -> Round:
        folders = self.folders
        check_folder(folders.inbox, is_named=folders.is_inbox_named, is_needed=bool(self.active))
        hashes = Hashes(_remembered(folders.store))
        offers, dropped = self._offers(hashes)
        aside = list(quarantined(folders.inbox))
        there = editions_there(self.active, offers, (*dropped.odd, *offers.refused), folders.inbox)
        check_withdrawals(self.active, there, folders.inbox, withdraw)
        check_presence(self.active, {*there, *(each.edition_id for each in aside), *withdraw}, folders.inbox)
        for edition in withdraw:
            store_of.withdraw(folders.store, self.active.pop(edition), by)
        self._decide_all(offers)
        self._set_aside(offers, dropped)
        if hashes.remembered != _remembered(folders.store) and store_of.is_store(folders.store):
            store_of.write_whole(folders.store / SEEN, hashes.remembered)
        aside = list(quarantined(folders.inbox))
        self.told.waiting += offers.waiting.values()
        self.told.unspoken += offers.unspoken.values()
        self.told.notes += in_quarantine(self.active, aside, folders.inbox)
        self.told.n_quarantined = len(aside)
        self.told.n_editions = len(self.active)
        return self.told

    def _offers(self, hashes: Hashes) -> tuple[Offers, Dropped]:
        inbox = self.folders.inbox
        dropped = look(inbox, time.time()) if inbox.is_dir() else EMPTY
        patterns = family_patterns(self.world.card_paths()) if dropped.files else []
        return gather(inbox, dropped, patterns, hashes), dropped

    def _decide_all(self, offers: Offers) -> None:
        conflicting = conflicts(offers.offers, self.active)
        fresh = [each for each in offers.offers if each.place in conflicting or not self._is_known(each)]
        if not fresh:
            return
        incoming = store_of.prepare_store(self.folders.store)
        try:
            for number, offer in enumerate(sorted(fresh, key=_order)):
                self._decide_or_wait(offer, conflicting.get(offer.place), incoming / str(number))
        finally:
            # Copies of what was set aside must not stay.
            shutil.rmtree(incoming, ignore_errors=True)

    def _decide_or_wait(self, offer: Offer, conflict: Problem | None, folder: Path) -> None:
        try:
            self._decide(offer, conflict, folder)
        except Changed:
            self.told.waiting.append(problem("file_changed_while_read", Place(offer.name)))

    def _is_known(self, offer: Offer) -> bool:
        """Whether the newest revision of its edition is what is offered, decided by this very program."""
        newest = self.newest.get(offer.edition_id)
        return newest is not None and newest.record["code"] == reading_code() and is_taken_in(offer, newest)

    def _decide(self, offer: Offer, conflict: Problem | None, folder: Path) -> None:
        if any(each.code == "file_gone" for each in offer.problems):
            self.told.waiting += offer.problems
            return
        if offer.is_ahead and offer.sha256:
            offer = _sampled(offer)
        if conflict is None and offer.card is not None and offer.sha256:
            conflict = in_the_way(offer, [each for each in self.cards if not self._is_own(each, offer)])
        if conflict is not None:
            self.bad.append((offer, Decision((*offer.problems, conflict), (COMPARED,)), None))
            return
        before = edition_before(offer.card, self.cards) if offer.card else None
        decision = decide(offer, folder, self.folders.scratch, self.world.border, before)
        newest = self.newest.get(offer.edition_id)
        same = newest if is_taken_in(offer, newest) else None
        if not decision.is_accepted:
            if same is not None:
                store_of.amend(same, {"refused": True})
                self.active = store_of.active_revisions(self.folders.store)
            self.bad.append((offer, decision, self._drift(offer, decision, before)))
        elif same is not None:
            changes = {"code": reading_code(), "refused": False}
            store_of.amend(same, {**changes, **store_of.plain(decision.problems, decision.outcome)})
        else:
            self._accept(offer, decision, folder, self._drift(offer, decision, before))

    def _drift(self, offer: Offer, decision: Decision, before: SourceCard | None) -> Drift | None:
        """Beside the active revision of the edition, else beside the edition before."""
        is_personal = any(each.code.startswith("personal_") for each in decision.problems)
        revision = self.active.get(offer.edition_id)
        earlier = read_card(revision.card_path) if revision else before
        # What is personal and not declared must not be shown on a page.
        if decision.card is None or earlier is None or (is_personal and not decision.is_accepted):
            return None
        return drift_between(earlier, decision.card, self.folders.scratch / "printed")

    def _accept(self, offer: Offer, decision: Decision, folder: Path, drift: Drift | None) -> None:
        newer = newest_after(offer.the_card, self.cards)
        acceptance = Acceptance(offer, decision, self.active.get(offer.edition_id), newer, drift)
        revision = as_revision(acceptance, self.folders.store, folder)
        self.told.accepted.append(revision)
        self.active = store_of.active_revisions(self.folders.store)
        self.newest[revision.edition_id] = revision
        self._cards = None

    @property
    def cards(self) -> Sequence[SourceCard]:
        if self._cards is None:
            self._cards = list(self.world.cards())
        return self._cards

    def _is_own(self, card: SourceCard, offer: Offer) -> bool:
        return card.path.is_relative_to(self.folders.store) and edition_claim_of(card) == edition_claim(offer)

    def _set_aside(self, offers: Offers, dropped: Dropped) -> None:
        """Move what is not read; a file that a good card names too stays where it is."""
        inbox = self.folders.inbox
        bad_places = {offer.place for offer, *_ in self.bad}
        shared = {each.file for each in offers.offers if each.file and each.place not in bad_places}
        for offer, decision, drift in self.bad:
            edition_id = offer.edition_id or edition_at(self.active, offer.paths, inbox)
            moved = set_aside(inbox, offer.paths, shared)
            revision = self.active.get(edition_id)
            stays = (edition_id, revision.number) if revision else None
            told = Told(
                _names(offer, inbox),
                decision.told,
                decision.tried,
                stays,
                drift_page(drift) if drift else "",
                _origin(offer.place, inbox),
            )
            # A copy of what is there is no newer file that anybody has to be reminded of.
            is_copy = any(each.code == "duplicate_file" for each in decision.problems)
            self._report(moved, "" if is_copy else edition_id, told)
        for path, why in {**dropped.odd, **offers.refused}.items():
            told = Told([Path(why.where).as_posix()], [why], (LOOKED_AT,), origin=_origin(path, inbox))
            self._report(set_aside(inbox, [path]), edition_at(self.active, [path], inbox), told)

    def _report(self, moved: Sequence[Path], edition_id: str, told: Told) -> None:
        if moved:
            self.told.set_aside.append((write_report(moved, edition_id, why_report(told)), tuple(told.problems)))


def _names(offer: Offer, inbox: Path) -> list[str]:
    return list(dict.fromkeys([offer.name, *(path.relative_to(inbox).as_posix() for path in offer.paths[:1])]))


def _origin(path: Path, inbox: Path) -> str:
    folder = path.parent.relative_to(inbox).as_posix()
    return "" if folder == "." else folder


def _order(offer: Offer) -> tuple[bool, str, str]:
    """Cards before derived ones and old editions before new ones, so that a new one finds the edition before it."""
    day = str(offer.card.content["reference_date"]) if offer.card else ""
    return offer.card_path is None, day, offer.name


def _sampled(offer: Offer) -> Offer:
    """An offer whose file has a time in the future is looked at twice, because its time cannot tell if it is at rest.

    Raises:
        Changed: it changed in between.
    """
    try:
        size = offer.the_file.stat().st_size
        time.sleep(SAMPLE_SECONDS)
        has_changed = offer.the_file.stat().st_size != size
    except OSError:
        has_changed = True
    if has_changed:
        raise Changed(offer.name)
    return replace(offer, problems=(*offer.problems, problem("mtime_ahead", Place(offer.name))))


def _remembered(store: Path) -> dict[str, list[str | int]]:
    try:
        known: dict[str, list[str | int]] = json.loads((store / SEEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known


@contextmanager
def _sentences(folders: Folders) -> Iterator[None]:
    """A full disk and a folder that cannot be written are sentences in both languages."""
    try:
        yield
    except OSError as error:
        place = str(error.filename or folders.store)
        if error.errno in FULL:
            raise SourceError([problem("no_space", place, found=error.strerror)]) from error
        if place.startswith(str(folders.inbox)):
            raise SourceError([problem("inbox_not_writable", str(folders.inbox))]) from error
        raise
