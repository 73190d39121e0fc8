"""The sensor on the drop folder: what has come to rest is received, and a build is asked for if anything changed.

Belongs here: noticing files. Does not belong here: what becomes of them (``intake``).
"""

from __future__ import annotations

import time
from pathlib import Path

import dagster as dg

from ingest.intake.drop_folder import below, look
from orchestration.build_job import build_job
from orchestration.build_lock import BuildRunning
from orchestration.intake import receive_or_say_why_not
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
            why_not = receive_or_say_why_not(settings)
        except BuildRunning as error:
            return dg.SkipReason(str(error))
        context.update_cursor(inbox_state(settings.inbox)[0])
        if not why_not and is_published(settings):
            why_not = "The release of what lies in the inbox has been published."
        return dg.SkipReason(why_not) if why_not else dg.RunRequest(run_key=None, tags={"asked_by": "inbox"})

    return sense
