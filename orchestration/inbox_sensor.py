"""The sensor on the drop folder: a build is asked for when what lies in it has changed and has come to rest.

Belongs here: noticing files. Does not belong here: reading them.
"""

from __future__ import annotations

import time
from pathlib import Path

import dagster as dg

from orchestration.build_job import build_job
from orchestration.release.identity import is_published
from orchestration.settings import Settings

SECONDS_AT_REST = 10


def inbox_state(inbox: Path) -> tuple[str, float]:
    """Names, sizes and times of the files in the inbox as one text, and the time of the newest change."""
    files = sorted(path for path in inbox.rglob("*") if path.is_file() and not path.name.startswith("."))
    state = "\n".join(f"{path.relative_to(inbox)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)
    return state, max((path.stat().st_mtime for path in files), default=0.0)


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
        state, newest = inbox_state(settings.inbox)
        if state == (context.cursor or ""):
            return dg.SkipReason("The inbox has not changed.")
        if time.time() - newest < SECONDS_AT_REST:
            return dg.SkipReason("A file in the inbox changed a moment ago; waiting until it is complete.")
        context.update_cursor(state)
        if is_published(settings):
            return dg.SkipReason("The release of what lies in the inbox has been published.")
        return dg.RunRequest(run_key=None, tags={"asked_by": "inbox"})

    return sense
