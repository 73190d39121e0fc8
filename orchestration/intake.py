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
from ingest.intake.accepted import REPORT, Revision
from ingest.intake.drop_folder import REST_SECONDS, look
from ingest.intake.quarantine import REPORT_SUFFIX
from ingest.intake.reception import Folders, Round, World, receive
from ingest.message import LONGEST_PLACE, harmless
from ingest.problem import Outcome, Problem, SourceError
from ingest.source_card import SourceCard
from orchestration.build_lock import build_lock
from orchestration.failure_notice import write_failure_notice
from orchestration.screen import short_lines, stop_sentences
from orchestration.settings import Settings

LOOK_SECONDS = 0.5
MOST_FILES = 10


def run_intake(settings: Settings, withdraw: Sequence[str] = ()) -> Round:
    """One round through the drop folder, under the build lock. Why nothing can be built is also written down.

    Raises:
        SourceError: nothing can be built until somebody has decided something; see ``receive``.
    """
    folders = Folders(settings.inbox, settings.accepted, settings.scratch / "rows", settings.is_inbox_named)
    with build_lock(settings.home):
        # What a killed run was reading.
        shutil.rmtree(settings.scratch, ignore_errors=True)
        try:
            return receive(folders, world(settings), withdraw=withdraw, by=os.environ.get("OBSERVATORY_REVIEWER", ""))
        except SourceError as error:
            write_failure_notice(settings, stop_sentences(error).splitlines())
            raise
        finally:
            shutil.rmtree(settings.scratch, ignore_errors=True)


def receive_or_say_why_not(settings: Settings) -> str:
    """Receive what lies in the inbox; why nothing can be built, or an empty text.

    Raises:
        BuildRunning: to be tried again when that build is done.
    """
    try:
        run_intake(settings)
    except SourceError as error:
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
    """What came of a round: a line for each file and below it what needs somebody; the reports keep everything."""
    lines: list[str] = []
    for revision in told.accepted:
        lines += [_accepted(revision), *short_lines(revision.problems, revision.folder / REPORT)]
    for report, problems in told.set_aside:
        name = report.name.removesuffix(REPORT_SUFFIX)
        lines += [f"In quarantine. {name}; its report in English and Japanese: {report}"]
        lines += short_lines([each for each in problems if each.outcome is not Outcome.FIX], report)
    lines += _few("Waits. {}", told.waiting)
    lines += _few("Not read. {}", told.unspoken)
    return lines + _few("Warning. {}", told.notes)


def _few(form: str, problems: Sequence[Problem]) -> list[str]:
    """The first of many files of the same fate; ``observatory sources`` lists them all."""
    lines = [form.format(each) for each in problems[:MOST_FILES]]
    n_more = len(problems) - len(lines)
    return [*lines, f"{form.format('')}{n_more} more, listed by: observatory sources"] if n_more > 0 else lines


def account(told: Round) -> str:
    """The round in one line for the summary; empty if there is nothing to say."""
    counts = (
        (told.n_editions, "in use"),
        (len(told.accepted), "accepted now"),
        (told.n_quarantined, "in quarantine"),
        (len(told.waiting), "waiting"),
        (len(told.unspoken), "not read"),
    )
    return ", ".join(f"{what} {count}" for count, what in counts if count)


def _accepted(revision: Revision) -> str:
    name = harmless(str(revision.record["file"]), LONGEST_PLACE)
    return f"Accepted. {name}: {revision.edition_id}, revision {revision.number}, rows: {revision.rows}."
