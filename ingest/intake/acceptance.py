"""Taking a good offer in: which revision it becomes and what is said of it.

Belongs here: revision numbers, empty and late revisions, the record and the report of a revision. Does not belong here:
whether the offer is good (``decision``) and how a revision is kept (``accepted``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ingest.intake.accepted import Revision, accept, next_number, plain, withdrawn_up_to
from ingest.intake.decision import Decision, reading_code
from ingest.intake.drift import Drift, drift_problems
from ingest.intake.drift_page import drift_page
from ingest.intake.offers import Offer
from ingest.intake.why_report import Told, load_report
from ingest.message import problem
from ingest.problem import Place, Problem, hardest
from ingest.source_card import SourceCard


@dataclass(frozen=True)
class Acceptance:
    """A good offer, the active revision of its edition, the card of a newer edition if any, and what differs.

    ``drift`` is beside that revision, or beside the edition before if there is none.
    """

    offer: Offer
    decision: Decision
    before: Revision | None
    newer: SourceCard | None
    drift: Drift | None


def is_taken_in(offer: Offer, newest: Revision | None) -> bool:
    """Whether the newest revision of the offer's edition is the same file with the same card, and not withdrawn.

    A derived card may have another parent by now: that is no reason to read the same bytes again.
    """
    if newest is None or not offer.sha256 or newest.number <= withdrawn_up_to(newest.folder.parent):
        return False
    if offer.derived_from and newest.record["derived_from"]:
        return bool(newest.record["file_sha256"] == offer.sha256)
    return bool(newest.record["key"] == offer.key)


def as_revision(what: Acceptance, store: Path, folder: Path) -> Revision:
    """Take what lies in ``folder`` in as the next revision of its edition."""
    offer, decision = what.offer, what.decision
    card = decision.card or offer.the_card
    number = next_number(store, card.family, card.edition)
    drift = what.drift if decision.rows else None
    problems = (*decision.problems, *_said(what, number), *(drift_problems(drift, offer.name) if drift else ()))
    inbox_parts = offer.name.split("/")
    card_name = "/".join([*inbox_parts[:-1], offer.card_path.name]) if offer.card_path else None
    record = {
        "family": card.family,
        "edition": card.edition,
        "number": number,
        "rows": decision.rows,
        "key": offer.key,
        "file_sha256": offer.sha256,
        "file": offer.name,
        "card": card_name,
        "derived_from": offer.derived_from,
        "replaces": what.before.number if what.before else None,
        "code": reading_code(),
        "refused": False,
        **plain(problems, hardest(problems)),
    }
    told = Told([offer.name], problems, decision.tried, comparison=drift_page(drift) if drift else "")
    return accept(store, folder, record, load_report(offer.edition_id, number, told))


def _said(what: Acceptance, number: int) -> list[Problem]:
    """What is to be said of this revision beside what was said of the file."""
    offer, before, rows = what.offer, what.before, what.decision.rows
    place = Place(offer.name)
    if rows == 0 and before is not None and before.rows:
        values = {"edition": offer.edition_id, "rows": before.rows, "before": before.number}
        return [problem("empty_not_used", place, **values)]
    said = [problem("edition_empty", place, edition=offer.edition_id)] if rows == 0 else []
    if before is None:
        return said
    code = "late_revision" if what.newer is not None else "new_revision"
    newer = what.newer.edition if what.newer else ""
    values = {"edition": offer.edition_id, "number": number, "before": before.number, "newer": newer}
    english, japanese = _how(what.drift)
    told = problem(code, place, how=english, **values)
    return [*said, replace(told, ja=problem(code, place, how=japanese, **values).ja)]


def _how(drift: Drift | None) -> tuple[str, str]:
    """How a revision differs from the one before, in one line of each language."""
    if drift is None or drift.n_shared < 0:
        return "another card or file", "カードまたはファイルの変更"
    added, gone, changed = drift.n_added, drift.n_gone, drift.n_changed
    return (
        f"{added} entries added, {gone} gone, {changed} changed",
        f"追加{added}件、削除{gone}件、変更{changed}件",
    )
