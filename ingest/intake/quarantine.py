"""The quarantine inside the drop folder: what cannot be read, with a report beside it.

Belongs here: moving files so that nothing is ever overwritten, which editions wait here. Does not belong here: the
wording of a report (``why_report``).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.intake.drop_folder import below
from ingest.registry.landing import QUARANTINE

REPORT_SUFFIX = ".why.md"
PARTIAL_REPORT = ".report.partial"
LONGEST_NAME = 255
LONGEST_NOTE = 10_000
NOTE = re.compile(r"<!-- intake (\{.*\}) -->$")


@dataclass(frozen=True)
class Quarantined:
    """One report: where it is, the edition it speaks of (empty if no card said so), and the files beside it."""

    report: Path
    edition_id: str
    files: tuple[str, ...]


def set_aside(
    inbox: Path, paths: Sequence[Path], edition_id: str, text: str, shared: Collection[Path] = ()
) -> Path | None:
    """Move files into the quarantine under their folder below the drop folder; returns the report beside them.

    ``paths``: card, then file, as far as they are there. The report is written first and the file moves before its
    card, so that a killed run leaves no file without a report, nor a file that could be taken for one without a card.

    Names stay, so that a card still names its file; if one is taken, all go into a folder with `` (2)`` and so on. A
    file that is ``shared`` with another card stays where it is. What vanished in between is left out. A link is moved
    itself, never what it points to. None if nothing was there to be moved.
    """
    paths = [each for each in paths if each not in shared and os.path.lexists(each)]
    if not paths:
        return None
    folder = _free_folder(inbox, paths)
    folder.mkdir(parents=True, exist_ok=True)
    report = _write_report([folder / path.name for path in paths], edition_id, text)
    is_moved = [_move(path, folder) for path in reversed(paths)]
    if not any(is_moved):
        report.unlink()
        return None
    return report


def _move(path: Path, folder: Path) -> bool:
    try:
        path.rename(folder / path.name)
    except FileNotFoundError:
        return False
    return True


def _write_report(files: Sequence[Path], edition_id: str, text: str) -> Path:
    """Write the report beside the files, in one step, named after the last of them (the file, not its card)."""
    named = files[-1]
    report = named.with_name(report_name(named.name))
    note = {"edition": edition_id, "files": [below(path, named.parent) for path in files]}
    # "--" would end the comment.
    inert = json.dumps(note, ensure_ascii=True).replace("-", "\\u002d")
    partial = named.with_name(PARTIAL_REPORT)
    partial.write_text(f"<!-- intake {inert} -->\n{text}", encoding="utf-8")
    return partial.replace(report)


def report_name(name: str) -> str:
    """``<name>.why.md``, shortened where a disk would not take the name."""
    plain = name.encode("utf-8", "backslashreplace").decode("utf-8")
    if len(f"{plain}{REPORT_SUFFIX}".encode()) <= LONGEST_NAME:
        return f"{plain}{REPORT_SUFFIX}"
    mark = hashlib.sha256(plain.encode()).hexdigest()[:8]
    room = LONGEST_NAME - len(f"-{mark}{REPORT_SUFFIX}")
    return f"{plain.encode()[:room].decode('utf-8', 'ignore')}-{mark}{REPORT_SUFFIX}"


def quarantined(inbox: Path) -> Iterator[Quarantined]:
    """Every report whose files still lie beside it; one whose files were all taken away has done its work and goes."""
    for report in sorted((inbox / QUARANTINE).rglob(f"*{REPORT_SUFFIX}")):
        if report.is_symlink() or not report.is_file():
            continue
        with report.open(encoding="utf-8", errors="replace") as stream:
            found = NOTE.match(stream.readline(LONGEST_NOTE))
        try:
            note = json.loads(found[1]) if found else {}
            edition_id, files = str(note["edition"]), tuple(map(str, note["files"]))
        except (ValueError, LookupError, TypeError):
            # Somebody else's page: not ours to judge or to remove.
            continue
        if {below(path, report.parent) for path in report.parent.iterdir()}.isdisjoint(files):
            report.unlink()
        else:
            yield Quarantined(report, edition_id, files)


def _free_folder(inbox: Path, paths: Sequence[Path]) -> Path:
    relative = paths[0].parent.relative_to(inbox)
    first = inbox / QUARANTINE / relative
    folder, number = first, 1
    names = [name for path in paths for name in (path.name, report_name(path.name))]
    while any(os.path.lexists(folder / name) for name in names) or (folder.exists() and not folder.is_dir()):
        number += 1
        folder = first.with_name(f"{first.name} ({number})") if relative.parts else first / f"({number})"
    return folder
