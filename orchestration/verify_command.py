"""`observatory verify`: whether a release, and the answers withheld from it, are as they were written.

Belongs here: the sentences and the exit code. Does not belong here: hashing (``release.checksums``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import typer

from orchestration.release.checksums import SUMS_FILE, Verification, verify_release
from orchestration.release.microdata import microdata_folder, verify_microdata
from orchestration.release.withheld_export import withheld_exports
from orchestration.settings import Settings


def run_verify(settings: Settings, release: str | None) -> int:
    """Hash every file of a release again, the latest if None; 0 if all are as published."""
    folder = settings.releases / release if release else settings.latest
    if not (folder / SUMS_FILE).is_file():
        found = ", ".join(sorted(path.name for path in settings.releases.glob("r*"))) or "none"
        typer.echo(f"{folder}: there is no release with checksums here. Releases found: {found}.", err=True)
        return 1
    name = folder.resolve().name
    result = verify_release(folder)
    withheld = verify_microdata(folder.resolve())
    if withheld is not None and not withheld.is_whole:
        _tell(microdata_folder(folder.resolve()), withheld)
        typer.echo(
            f"The withheld answers of release {name} are not as they were written. Move that folder away; "
            "'observatory build --force' writes it again if the sources are still the same.",
            err=True,
        )
    if not result.is_whole:
        _tell(folder, result)
        typer.echo(
            f"Release {name} is not as published. Do not use it: take an earlier release from {settings.releases}, "
            "move the damaged folder away and run 'observatory build' to make it again.",
            err=True,
        )
        return 1
    typer.echo(f"Release {name} is whole: {result.checked} files are as published.")
    if withheld is not None and withheld.is_whole:
        typer.echo(f"The answers withheld from it are whole: {withheld.checked} files are as written.")
    _tell_exports(name, withheld_exports(folder, settings))
    return 0 if withheld is None or withheld.is_whole else 1


def _tell_exports(name: str, exports: Mapping[str, bool]) -> None:
    """Whether the exports of withheld surveys are those of the release; a later revision is no fault of it."""
    same = [wave for wave, is_same in exports.items() if is_same]
    others = [wave for wave, is_same in exports.items() if not is_same]
    if same:
        typer.echo(f"By the key of this home release {name} was made of the exports that are here: {', '.join(same)}.")
    if others:
        typer.echo(
            f"Not of an export that is here, or not with the key of this home: {', '.join(others)}. That is so after a "
            "revision, and where the release came from elsewhere."
        )


def _tell(folder: Path, result: Verification) -> None:
    for what, files in (("changed", result.changed), ("missing", result.missing), ("not published", result.extra)):
        for file in files:
            typer.echo(f"{folder / file}: {what}.", err=True)
