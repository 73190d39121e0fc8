"""`observatory forget ID`: leave a respondent out of everything built from now on, and tell where the person still is.

Belongs here: the order of things, the confirmation, the sentences. Does not belong here: pseudonyms and the list
(``ingest.survey``), who is meant (``person_found``), looking into releases and files (``person_traces``).

What was typed stands in no sentence, log or file; only pseudonyms do.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from ingest.survey.forgotten import read_forgotten, remember_forgotten
from ingest.survey.identity_store import remove_responses
from orchestration.build_command import build_and_tell
from orchestration.build_lock import build_lock
from orchestration.person_found import Ambiguous, Found, find
from orchestration.person_traces import HeldFile, files_with_rows, look_into_releases
from orchestration.release.publish import release_folders
from orchestration.settings import Settings

ASKED = "-"


@dataclass(frozen=True)
class Left:
    """Where somebody still is after the build: responses by release, and files."""

    releases: dict[str, int]
    unreadable: tuple[str, ...]
    files: tuple[HeldFile, ...]
    unsure: tuple[Path, ...]


def run_forget(settings: Settings, given: str, *, wave: str = "", is_confirmed: bool, as_json: bool) -> int:
    """Find, confirm, put on the list, build again, report.

    Returns the exit code: 0 done, 1 nobody found, not confirmed, or the build stopped.

    Raises:
        SourceError: the key or the list of forgotten persons cannot be used.
    """
    if given == ASKED:
        given = typer.prompt("E-mail address, token or id (not shown)", hide_input=True, err=True)
    with build_lock(settings.home):
        try:
            found = find(settings, given.strip(), wave)
        except Ambiguous as error:
            typer.echo(f"{error} Nothing was changed.", err=True)
            return 1
        if not found.rows:
            typer.echo(
                "Nobody is known by this id: not in any release, and not among the identities kept for the waves that "
                "are read. Nothing was changed.",
                err=True,
            )
            return 1
        if not is_confirmed and not _is_confirmed(settings, found):
            typer.echo("Nothing was changed.", err=True)
            return 1
        import pyarrow as pa

        forgotten = remember_forgotten(settings.home, found.rows)
        for path, numbers in found.kept.items():
            remove_responses(path, pa.array(numbers, pa.int64()))
        with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
            is_built = build_and_tell(settings, force=False) == 0
        looked = look_into_releases(release_folders(settings), found.names, found.response_id)
        held = Counter(each.release for each in looked.responses if found.is_theirs(each))
        files, unsure = files_with_rows(settings, found.waves, forgotten)
        left = Left(dict(sorted(held.items())), looked.unreadable, tuple(files), tuple(unsure))
    latest = settings.latest.resolve().name if is_built else ""
    lines = (
        [json.dumps(_plain(found, left, latest), ensure_ascii=False, indent=2)]
        if as_json
        else _lines(found, left, latest)
    )
    for line in lines:
        typer.echo(line)
    return 0 if is_built and latest not in left.releases else 1


def _is_confirmed(settings: Settings, found: Found) -> bool:
    for line in _where(found):
        typer.echo(line, err=True)
    if found.names <= read_forgotten(settings.home).pseudonyms:
        typer.echo("The person is on the list of forgotten persons already; this builds and looks again.", err=True)
    return typer.confirm("Leave this person out of everything built from now on?", err=True)


def _where(found: Found) -> Iterator[str]:
    for wave in found.waves:
        rows = ", ".join(str(row) for row in found.rows_in_file(wave))
        yield f"{wave}: answered" + (f", row {rows} of its file" if rows else "")


def _plain(found: Found, left: Left, latest: str) -> dict[str, Any]:
    """The report as a JSON object."""
    return {
        "waves": [str(wave) for wave in found.waves],
        "pseudonyms": sorted(found.names),
        "removed_from_restricted_store": sum(len(set(numbers)) for numbers in found.kept.values()),
        "latest_release": latest or None,
        "releases_with_the_person": left.releases,
        "releases_not_readable": list(left.unreadable),
        "files_with_the_person": [{"file": str(each.path), "rows": list(each.rows)} for each in left.files],
        "files_not_readable": [str(path) for path in left.unsure],
    }


def _lines(found: Found, left: Left, latest: str) -> Iterator[str]:
    """The report in sentences."""
    yield f"\nForgotten: {', '.join(sorted(found.names))}, in {', '.join(map(str, found.waves))}."
    if not latest:
        yield (
            "The person is on the list, but the build stopped, so the last release is unchanged and may hold the "
            "person. Correct what the build says and run 'observatory build'."
        )
    elif latest in left.releases:
        yield f"Release {latest} still holds the person. Please report this as a fault."
    else:
        yield f"Release {latest} is without the person."
    for release, count in left.releases.items():
        if release != latest:
            yield (
                f"Still in release {release}: responses {count}. Delete its folder if nobody has to keep it, and that "
                "of the same name in restricted/microdata, if there is one."
            )
    for release in left.unreadable:
        yield f"Release {release} cannot be read, so it may hold the person. Delete its folder if nobody needs it."
    for file in left.files:
        yield f"Still in {file.path}, row {', '.join(map(str, file.rows))}. Delete the row at the publisher and here."
    for path in left.unsure:
        yield f"{path} cannot be read as an export. Look into it yourself."
    if not (left.releases or left.unreadable or left.files or left.unsure):
        yield "No release and no file of the sources holds the person any more."
