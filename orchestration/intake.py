"""Run a round through the drop folder before anything is built, and say in sentences what came of it.

Belongs here: joining ingest's round with the border check, and the sentences. Does not belong here: what becomes of a
file (``ingest.intake``), and asking Dagster for a run.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence

from ingest.catalog import find_cards, read_catalog
from ingest.intake.accepted import Revision
from ingest.intake.drop_folder import REST_SECONDS, look
from ingest.intake.reception import Folders, Round, World, receive
from ingest.problem import Outcome, SourceError
from ingest.source_card import SourceCard
from orchestration.build_lock import build_lock
from orchestration.failure_notice import write_failure_notice
from orchestration.settings import Settings

LOOK_SECONDS = 0.5


def run_intake(settings: Settings, withdraw: Sequence[str] = ()) -> Round:
    """One round through the drop folder, under the build lock.

    Raises:
        SourceError: nothing can be built until somebody has decided something; see ``receive``.
    """
    folders = Folders(settings.inbox, settings.accepted, settings.scratch / "rows", settings.is_inbox_named)
    with build_lock(settings.home):
        try:
            return receive(folders, world(settings), withdraw=withdraw, by=os.environ.get("OBSERVATORY_REVIEWER", ""))
        finally:
            shutil.rmtree(settings.scratch, ignore_errors=True)


def receive_or_say_why_not(settings: Settings) -> str:
    """Receive what lies in the inbox; why nothing can be built, or an empty text. The reason is also written down.

    Raises:
        BuildRunning: to be tried again when that build is done.
    """
    try:
        run_intake(settings)
    except SourceError as error:
        write_failure_notice(settings, [str(each) for each in error.problems])
        return str(error)
    return ""


def world(settings: Settings) -> World:
    """What a round asks about everything that is not in the drop folder."""
    from orchestration.edition_validation import edition_problems

    def cards() -> list[SourceCard]:
        catalog = read_catalog(settings.source_roots, settings.register_roots)
        return [*catalog.cards, *catalog.replaced]

    return World(lambda: find_cards(settings.source_roots), cards, edition_problems)


def wait_for_rest(settings: Settings, seconds: float = REST_SECONDS) -> None:
    """Give files that were put into the drop folder a moment ago the time to come to rest, at most ``seconds``.

    So that copying a file and building at once does what is meant. A file with another reason to wait is not waited
    for, and one that goes on changing is left for the next build.
    """
    last = time.monotonic() + seconds
    while settings.inbox.is_dir() and time.monotonic() < last:
        reasons = {why.code for why in look(settings.inbox, time.time()).waiting.values()}
        if "file_changed_now" not in reasons:
            return
        time.sleep(LOOK_SECONDS)


def sentences(told: Round) -> list[str]:
    """What came of a round, one line each."""
    lines = [_accepted(each) for each in told.accepted]
    lines += [f"{each.outcome}. {each}" for revision in told.accepted for each in revision.problems]
    for report, problems in told.set_aside:
        hard = [each for each in problems if each.outcome in {Outcome.QUAR, Outcome.STOP}]
        lines += [f"In quarantine. {each}" for each in hard]
        lines.append(f"Its report in English and Japanese: {report}")
    lines += [f"Waits. {each}" for each in told.waiting]
    lines += [f"Not read. {each}" for each in told.unspoken]
    return lines + [f"Warning. {each}" for each in told.notes]


def account(told: Round) -> str:
    """The round in one line for the summary; empty if there is nothing to say."""
    counts = (
        (told.n_editions, "editions in use"),
        (len(told.accepted), "accepted now"),
        (told.n_quarantined, "in quarantine"),
        (len(told.waiting), "waiting"),
        (len(told.unspoken), "not read"),
    )
    return ", ".join(f"{count} {what}" for count, what in counts if count)


def _accepted(revision: Revision) -> str:
    rows = f"{revision.rows} {'row' if revision.rows == 1 else 'rows'}"
    return f"Accepted. {revision.record['file']}: {revision.edition_id}, revision {revision.number}, {rows}."
