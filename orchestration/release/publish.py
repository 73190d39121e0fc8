"""Publish: compose in a staging folder, then rename it and switch `latest`, both in one step each.

Belongs here: the order of things that makes a release whole or absent. Does not belong here: whether it may be
published; the blocking checks decided that before.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.disk import flush
from ingest.printed_table import file_sha256
from orchestration.failure_notice import remove_failure_notice
from orchestration.interruption import end_if_interrupted
from orchestration.release.changes import changes_page, compare_releases
from orchestration.release.checksums import SUMS_FILE, verify_release, write_checksums
from orchestration.release.compose import compose_database, connect, export_parquet
from orchestration.release.datapackage import write_data_package
from orchestration.release.microdata import differing_files, microdata_folder, remove_orphans, write_microdata
from orchestration.release.relations import TableText
from orchestration.settings import Settings

STAGING_PREFIX = ".staging-"
DATABASE_FILE = "observatory.duckdb"
FACTS_FILE = "release.json"


class ReleaseDamaged(Exception):
    """A published release is not as its SHA256SUMS says."""


class NotRepeatable(Exception):
    """The same inputs, code and lock file gave other bytes than the release that is already published."""


@dataclass(frozen=True)
class Contents:
    """What goes into a release: the warehouse, folders of Parquet files by schema, texts and facts about the build.

    ``shown``: ``schema.table`` of the warehouse to the file with what of it may be shown.
    """

    release_id: str
    warehouse: Path
    parquet_folders: Mapping[str, Path]
    texts: Mapping[str, TableText]
    facts: Mapping[str, Any]
    write_pages: Callable[[Path, Path], None]
    shown: Mapping[str, Path] = field(default_factory=dict)


def release_folders(settings: Settings) -> list[Path]:
    """Every release that is there, also those set aside as damaged."""
    found = settings.releases.glob(f"*/{DATABASE_FILE}")
    return sorted(path.parent for path in found if not path.parent.name.startswith(STAGING_PREFIX))


def latest_release(settings: Settings) -> Path | None:
    """The folder that `latest` points to, or None before the first release."""
    return settings.latest.resolve() if settings.latest.exists() else None


def check_latest(settings: Settings, *, set_aside: bool) -> None:
    """See that the latest release is whole before anything is compared with it.

    A damaged one is kept as evidence: renamed when ``set_aside``, otherwise left where it is.

    Raises:
        ReleaseDamaged: the latest release is not whole and was not to be set aside.
    """
    folder = latest_release(settings)
    if folder is None or ((folder / SUMS_FILE).is_file() and verify_release(folder).is_whole):
        return
    if not set_aside:
        raise ReleaseDamaged(
            f"{folder}: this release is not as it was published; 'observatory verify' names the files. Do not use it. "
            "'observatory build --force' sets it aside and builds it again from the sources."
        )
    settings.latest.unlink()
    os.replace(folder, folder.with_name(f"damaged-{folder.name}-{time.time_ns()}"))


def release_facts(folder: Path) -> dict[str, Any]:
    """The facts kept with a release when it was made."""
    facts: dict[str, Any] = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
    return facts


def remove_staging(settings: Settings) -> None:
    """Remove what a killed build left behind; call it only while holding the build lock."""
    for folder in (settings.releases, microdata_folder(settings.releases / "any").parent):
        for leftover in folder.glob(f"{STAGING_PREFIX}*"):
            shutil.rmtree(leftover, ignore_errors=True)


def publish(settings: Settings, contents: Contents) -> Path:
    """Write the release folder, then switch `latest` to it; the last release is untouched until that moment.

    Building a release that exists already proves that it is repeatable: its Parquet files are compared byte by byte
    and the existing folder stays. Answers that it may not hold are in their place before it is.

    Raises:
        NotRepeatable: the existing release with the same id holds other Parquet bytes.
        KeyboardInterrupt: somebody ended the build, and what it was doing then took it for something else.
    """
    target = settings.releases / contents.release_id
    staging = settings.releases / f"{STAGING_PREFIX}{contents.release_id}"
    withheld = microdata_folder(staging)
    remove_staging(settings)
    staging.mkdir(parents=True)
    try:
        with connect(contents.warehouse, read_only=True) as connection:
            has_withheld = write_microdata(connection, withheld)
        _fill(staging, contents, latest_release(settings))
        if target.exists():
            _compare(target, staging)
        end_if_interrupted()
        if has_withheld:
            _keep_withheld(microdata_folder(target), withheld, is_published=target.exists())
        if not target.exists():
            os.replace(staging, target)
            flush(settings.releases)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        shutil.rmtree(withheld, ignore_errors=True)
    switch_latest(settings, contents.release_id)
    remove_orphans(settings.releases)
    return target


def _keep_withheld(kept: Path, built: Path, *, is_published: bool) -> None:
    """Put the withheld answers of a release into their place, or compare them with those that are there."""
    if is_published and kept.is_dir():
        if differing := differing_files(kept, built):
            raise _not_repeatable(kept.name, differing)
        return
    shutil.rmtree(kept, ignore_errors=True)
    os.replace(built, kept)
    flush(kept.parent)


def switch_latest(settings: Settings, release_id: str) -> None:
    """Point `latest` to a whole release in one atomic step.

    Raises:
        RuntimeError: the release is not whole.
    """
    folder = settings.releases / release_id
    if not verify_release(folder).is_whole:
        raise RuntimeError(f"{folder} is not whole; 'observatory verify' tells which files differ")
    link = settings.home / ".latest-new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / release_id, target_is_directory=True)
    os.replace(link, settings.latest)
    flush(settings.home)
    remove_failure_notice(settings)


def _fill(staging: Path, contents: Contents, previous: Path | None) -> None:
    database = staging / DATABASE_FILE
    names = compose_database(database, contents.warehouse, contents.parquet_folders, contents.texts, contents.shown)
    export_parquet(database, staging / "parquet", names)
    contents.write_pages(database, staging)
    write_data_package(staging, database, contents.release_id)
    changes = compare_releases(previous / DATABASE_FILE, database, contents.texts) if previous else []
    page = changes_page(contents.release_id, previous.name if previous else None, changes)
    (staging / "CHANGES.md").write_text(page, encoding="utf-8")
    facts = json.dumps(dict(contents.facts), ensure_ascii=False, indent=2)
    (staging / FACTS_FILE).write_text(facts + "\n", encoding="utf-8")
    write_checksums(staging)


def _compare(target: Path, staging: Path) -> None:
    """The Parquet files of the new build against those of the published one."""
    files = {path.relative_to(folder) for folder in (target, staging) for path in folder.glob("parquet/*/*.parquet")}
    differing = [
        name.as_posix()
        for name in sorted(files)
        if not ((target / name).exists() and (staging / name).exists())
        or file_sha256(target / name) != file_sha256(staging / name)
    ]
    if differing:
        raise _not_repeatable(target.name, differing)


def _not_repeatable(release_id: str, differing: Sequence[str]) -> NotRepeatable:
    return NotRepeatable(
        f"Release {release_id} was built again from the same inputs, but {len(differing)} files differ: "
        f"{', '.join(differing[:5])}. The published release stays as it is. Please report this as a fault."
    )
