"""`observatory build`: receive the inbox, build, publish, and say on the terminal what came of it.

Belongs here: the order of these things for a person at a terminal, and how it ends when it is interrupted. Does not
belong here: each of them (``intake``, ``build``, ``release.publish``).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import typer

from orchestration.build_lock import build_lock
from orchestration.failure_notice import remove_failure_notice
from orchestration.intake import account, run_intake, sentences, wait_for_rest
from orchestration.interruption import interruptible, was_interrupted
from orchestration.progress import SECONDS, show_progress
from orchestration.published_clusters import refuse_vanished_clusters
from orchestration.release.identity import identify
from orchestration.release.publish import check_latest, latest_release, release_facts, remove_staging, switch_latest
from orchestration.retention import build_warnings
from orchestration.settings import Settings
from orchestration.summary import summary


def build_and_tell(settings: Settings, *, force: bool, withdraw: Sequence[str] = ()) -> int:
    """Build and publish if anything changed, or if forced to; the exit code.

    Raises:
        SourceError, ReleaseDamaged, NotRepeatable: nothing was published.
    """
    show_progress()
    _keep_quiet_about_semaphores()
    with interruptible(), build_lock(settings.home):
        remove_staging(settings)
        check_latest(settings, set_aside=force)
        last = latest_release(settings)
        try:
            wait_for_rest(settings)
            intake = run_intake(settings, withdraw)
            for line in (*sentences(intake), *build_warnings(settings)):
                typer.echo(line, err=True)
            inbox = account(intake)
            release_id = identify(settings).release_id
            if (settings.releases / release_id).exists() and not force:
                _return_to(settings, release_id, inbox)
                return 0
            from orchestration.build import run_build

            outcome = run_build(settings)
        except BaseException:
            if was_interrupted():
                _end_interrupted(settings, last)
            raise
    for warning in outcome.warnings:
        typer.echo(f"Warning. {warning}", err=True)
    if outcome.folder is None:
        _tell_stopped(settings, outcome.reasons)
        return 1
    typer.echo(summary(release_facts(outcome.folder), outcome.folder, SECONDS, inbox))
    return 0


def _return_to(settings: Settings, release_id: str, inbox: str) -> None:
    """Let `latest` be the release that was built from exactly what is there now."""
    folder = settings.releases / release_id
    remove_failure_notice(settings)
    if latest_release(settings) != folder:
        refuse_vanished_clusters(settings, folder)
        switch_latest(settings, release_id)
        typer.echo(f"Release {release_id} was built from exactly these inputs before; latest points to it again.\n")
    else:
        typer.echo(f"Nothing changed since release {release_id}; nothing was built.\n")
    typer.echo(summary(release_facts(folder), folder, {}, inbox))


def _tell_stopped(settings: Settings, reasons: Sequence[str]) -> None:
    typer.echo("\nThe build stopped; nothing was published.\n", err=True)
    for reason in reasons:
        typer.echo(reason, err=True)
    last = latest_release(settings)
    typer.echo(f"\nThe last release is unchanged: {last.name if last else 'there is none yet'}.", err=True)


def _end_interrupted(settings: Settings, last: Path | None) -> NoReturn:
    remove_staging(settings)
    typer.echo(f"\n{interrupted_sentence(last, latest_release(settings))}", err=True)
    sys.stderr.flush()
    # At once: the engine's threads may still be at work, and ending them in order can take a minute.
    os._exit(130)


def _keep_quiet_about_semaphores() -> None:
    """Python cleans up dbt's semaphores after a process that ends at once, and would warn of it as of a leak."""
    told = "ignore:resource_tracker:UserWarning"
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, (os.environ.get("PYTHONWARNINGS"), told)))


def interrupted_sentence(last: Path | None, latest: Path | None) -> str:
    """What an interruption left behind: ``last`` was the newest release before the build, ``latest`` is it now."""
    if latest is None or latest == last:
        return "Interrupted. Nothing was published; the last release is unchanged."
    return f"Interrupted after release {latest.name} was published; it is whole, and latest points to it."
