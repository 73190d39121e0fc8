"""SHA256SUMS of a release: written when it is made, checked when somebody asks.

Belongs here: hashes and permissions of a release's files. Does not belong here: what the files mean.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ingest.printed_table import file_sha256

SUMS_FILE = "SHA256SUMS"


@dataclass(frozen=True)
class Verification:
    """Files of a release that are not what SHA256SUMS says; all three empty when the release is whole."""

    checked: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every file is there, unchanged, and no other file is."""
        return self.checked > 0 and not (self.changed or self.missing or self.extra)


def write_checksums(folder: Path, *, mode: int = 0o444) -> None:
    """Write SHA256SUMS over all files of the folder, in the format of ``sha256sum``, and give all of them this mode."""
    files = _files(folder)
    lines = [f"{file_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / SUMS_FILE).write_text("".join(lines), encoding="utf-8")
    for path in (*files, folder / SUMS_FILE):
        _flush(path)
        path.chmod(mode)


def verify_release(folder: Path) -> Verification:
    """Hash every file again and compare with SHA256SUMS.

    Raises:
        FileNotFoundError: the folder has no SHA256SUMS.
    """
    lines = (folder / SUMS_FILE).read_text(encoding="utf-8").splitlines()
    expected = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    present = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    shared = sorted(expected.keys() & present.keys())
    return Verification(
        checked=len(expected),
        changed=tuple(name for name in shared if file_sha256(present[name]) != expected[name]),
        missing=tuple(sorted(expected.keys() - present.keys())),
        extra=tuple(sorted(present.keys() - expected.keys())),
    )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / SUMS_FILE)


def _flush(path: Path) -> None:
    """Force the file to the disk, so that a power cut after the switch finds it whole."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
