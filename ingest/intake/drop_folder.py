"""The drop folder: what lies in it, what is still arriving, and whether it can be used at all.

Belongs here: telling cards, files, links and half-copied files apart by name and time. Does not belong here: what is
in a file (``offers``, ``decision``).
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.registry.landing import QUARANTINE

REGISTER = "registry"
REST_SECONDS = 10
DONE = ".done"
NO_FILE = ("a device, pipe or socket", "デバイス、パイプまたはソケット")
PARTIAL_SUFFIXES = (".part", ".partial", ".tmp", ".crdownload", ".download")
LOCK_PREFIXES = ("~$", ".~lock.")
# What systems and version control leave in folders; nobody means it as input.
SYSTEM_NAMES = {".DS_Store", ".directory", ".gitignore", ".gitkeep", "Thumbs.db", "desktop.ini"}
SYSTEM_PREFIXES = ("._", ".nfs")


@dataclass(frozen=True)
class Dropped:
    """What lies in the drop folder, each in a fixed order.

    ``cards`` and ``files`` are at rest; ``waiting`` are still arriving, with the reason; ``odd`` are links and other
    things that are no files, with the reason; ``ahead`` are files with a time in the future.
    """

    cards: tuple[Path, ...]
    files: tuple[Path, ...]
    waiting: dict[Path, Problem]
    odd: dict[Path, Problem]
    ahead: frozenset[Path]


def check_folder(inbox: Path, *, is_named: bool, is_needed: bool) -> None:
    """The drop folder must be usable; one that nobody named or used need not be there.

    Raises:
        SourceError: missing although named or used before, no folder, or not readable and writable.
    """
    if not inbox.exists() and not inbox.is_symlink():
        if is_named or is_needed:
            raise SourceError([problem("inbox_missing", str(inbox))])
        return
    if not inbox.is_dir() or not os.access(inbox, os.R_OK | os.W_OK | os.X_OK):
        raise SourceError([problem("inbox_not_writable", str(inbox))])


def look(inbox: Path, now: float) -> Dropped:
    """Everything in the drop folder but its register and its quarantine; nothing is opened. ``now`` is a time stamp."""
    cards: list[Path] = []
    files: list[Path] = []
    ahead: set[Path] = set()
    waiting: dict[Path, Problem] = {}
    odd: dict[Path, Problem] = {}
    for entry, beside in sorted(_entries(inbox), key=lambda each: ordered(Path(each[0].path), inbox)):
        path = Path(entry.path)
        where = Place(below(path, inbox))
        if entry.is_symlink():
            odd[path] = problem("file_is_link", where)
            continue
        try:
            facts = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        if stat.S_ISDIR(facts.st_mode):
            waiting[path] = problem("folder_unreadable", where)
        elif not stat.S_ISREG(facts.st_mode):
            odd[path] = problem("file_not_regular", where, found=NO_FILE[0], found_ja=NO_FILE[1])
        elif reason := _arriving(entry.name, beside, where, now - facts.st_mtime):
            waiting[path] = reason
        elif not entry.name.endswith(DONE):
            (cards if is_card(path) else files).append(path)
            if facts.st_mtime > now:
                ahead.add(path)
    return Dropped(tuple(cards), tuple(files), waiting, odd, frozenset(ahead))


def is_card(path: Path) -> bool:
    """Whether a file is a card by its name."""
    return path.name == "source.yml" or path.name.endswith(".source.yml")


def below(path: Path, inbox: Path) -> str:
    """The path as it is told: below the drop folder, with letters that any terminal and file can carry."""
    return path.relative_to(inbox).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")


def ordered(path: Path, inbox: Path) -> str:
    """What paths are ordered by: the same order whichever form of Unicode a disk keeps names in."""
    return unicodedata.normalize("NFC", below(path, inbox))


def _entries(folder: Path, depth: int = 0) -> Iterator[tuple[os.DirEntry[str], set[str]]]:
    """Every entry with the names beside it; no folders but those that cannot be read. Links are never followed."""
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except FileNotFoundError:
        return
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name in SYSTEM_NAMES or entry.name.startswith(SYSTEM_PREFIXES):
            continue
        if not entry.is_dir(follow_symlinks=False):
            yield entry, names
        elif entry.name == REGISTER or entry.name.startswith(".") or (not depth and entry.name == QUARANTINE):
            continue
        elif not os.access(entry.path, os.R_OK | os.X_OK):
            yield entry, names
        else:
            yield from _entries(Path(entry.path), depth + 1)


def _arriving(name: str, beside: set[str], where: Place, age: float) -> Problem | None:
    """Why a file is not looked at yet; None if it is at rest. A time in the future is no reason."""
    if f"{name}{DONE}" in beside:
        return None
    if name.startswith(LOCK_PREFIXES):
        return problem("file_open_elsewhere", where)
    copies = {f"{name}{suffix}" for suffix in PARTIAL_SUFFIXES}
    if name.startswith(".") or name.lower().endswith(PARTIAL_SUFFIXES) or copies & beside:
        return problem("file_being_copied", where)
    if 0 <= age < REST_SECONDS:
        return problem("file_changed_now", where, seconds=f"{age:.0f}", rest=REST_SECONDS)
    return None
