"""The sensor on the drop folder: what has come to rest is received, and a build is asked for if anything changed.

Belongs here: noticing files. Does not belong here: what becomes of them (``intake``).
"""

from __future__ import annotations

import time
from pathlib import Path

import dagster as dg

from ingest.intake.drop_folder import below, look
from ingest.problem import SourceError
from orchestration.build_job import build_job
from orchestration.build_lock import BuildRunning
from orchestration.failure_notice import write_failure_notice
from orchestration.intake import run_intake
from orchestration.release.identity import is_published
from orchestration.settings import Settings


def inbox_state(inbox: Path) -> tuple[str, int]:
    """Names, sizes and times of the files at rest in the inbox as one text, and how many others still arrive."""
    if not inbox.is_dir():
        return "", 0
    dropped = look(inbox, time.time())
    lines = []
    for path in (*dropped.cards, *dropped.files, *dropped.odd):
        try:
            facts = path.lstat()
        except FileNotFoundError:
            continue
        lines.append(f"{below(path, inbox)} {facts.st_size} {facts.st_mtime_ns}")
    return "\n".join(sorted(lines)), len(dropped.waiting)


def receive_or_say_why_not(settings: Settings) -> str:
    """Receive what lies in the inbox; why nothing can be built, or an empty text. The reason is also written down."""
    try:
        run_intake(settings)
    except BuildRunning:
        return "A build is running; the inbox is looked at again when it is done."
    except SourceError as error:
        write_failure_notice(settings, [str(each) for each in error.problems])
        return str(error)
    return ""


def inbox_sensor(settings: Settings) -> dg.SensorDefinition:
    """A sensor whose cursor is the state of the inbox at the last request."""

    @dg.sensor(
        name="inbox_sensor",
        job=build_job,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Asks for a build when a card or a file in the inbox is new, changed or gone.",
    )
    def sense(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        """Compare the inbox with the cursor; a file that changed a moment ago may still be being copied."""
        state, n_waiting = inbox_state(settings.inbox)
        if state == (context.cursor or ""):
            if n_waiting:
                return dg.SkipReason("A file in the inbox changed a moment ago; waiting until it is complete.")
            return dg.SkipReason("The inbox has not changed.")
        try:
            with_reason = receive_or_say_why_not(settings)
        except OSError as error:
            return dg.SkipReason(f"The inbox could not be received: {error}")
        if with_reason.startswith("A build is running"):
            return dg.SkipReason(with_reason)
        context.update_cursor(inbox_state(settings.inbox)[0])
        if with_reason:
            return dg.SkipReason(with_reason)
        if is_published(settings):
            return dg.SkipReason("The release of what lies in the inbox has been published.")
        return dg.RunRequest(run_key=None, tags={"asked_by": "inbox"})

    return sense
