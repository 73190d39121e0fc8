"""The accepted store: a copy of every edition that the drop folder brought, one folder for each revision.

Belongs here: the folders ``<family>/<edition>/<number>/`` with card, file and record, which of them count, withdrawals.
Does not belong here: whether a file is fit to be accepted (``decision``).

A record is written last and the folder is renamed into place, so a revision is there with all its bytes or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.disk import flush
from ingest.message import problem
from ingest.printed_table import file_sha256
from ingest.problem import Outcome, Problem, SourceError

RECORD = "intake.json"
WITHDRAWAL = "withdrawn.json"
REPORT = "report.md"
MARK = "store.json"
INCOMING = ".incoming"
CARD_PATTERNS = ("source.yml", "*.source.yml")
NOT_DATA = {RECORD, REPORT, "source.yml"}
# No file of a drop folder has a name that begins so.
STORE_NAME = "/accepted/"
RECORD_KEYS = (
    *("family", "edition", "number", "rows", "key", "file_sha256", "file", "card", "derived_from", "problems", "code"),
)


@dataclass(frozen=True)
class Revision:
    """One accepted revision of an edition: its folder and its record.

    Keys of the record: ``family``, ``edition``, ``number`` (from 1), ``rows``, ``key`` (content of file and card),
    ``file_sha256``, ``file`` and ``card`` (paths below the drop folder; no card: null), ``derived_from`` (a source id
    or null), ``replaces`` (a number or null), ``card_sha256`` (of the kept card), ``outcome``, ``problems``, ``code``
    (of the program that decided) and ``refused`` (a later program could not read it).
    """

    folder: Path
    record: Mapping[str, Any]

    @property
    def edition_id(self) -> str:
        """``family/edition``."""
        return f"{self.record['family']}/{self.record['edition']}"

    @property
    def number(self) -> int:
        """The number of the revision, from 1."""
        return int(self.record["number"])

    @property
    def rows(self) -> int:
        """Rows that are entries."""
        return int(self.record["rows"])

    @property
    def card_path(self) -> Path:
        """Its card."""
        return next(path for pattern in CARD_PATTERNS for path in sorted(self.folder.glob(pattern)))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was said when it was accepted."""
        return tuple(Problem.from_plain(each) for each in self.record["problems"])


def is_store(root: Path) -> bool:
    """Whether a source root is an accepted store, of which only the active revisions count."""
    return (root / MARK).is_file()


def prepare_store(store: Path) -> Path:
    """Make the store if it is not there and clear what a killed run left; returns the folder for what comes in."""
    incoming = store / INCOMING
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(parents=True)
    # Exports of surveys lie there as they came, with whoever answered.
    store.chmod(0o700)
    if not is_store(store):
        write_whole(store / MARK, {"format": 1})
    return incoming


def revisions(store: Path, edition: str = "*/*") -> list[Revision]:
    """Every revision (of an ``edition`` or of all), also withdrawn ones, by edition and number.

    Raises:
        SourceError: a record that cannot be read.
    """
    found = []
    for path in store.glob(f"{edition}/*/{RECORD}"):
        record = _record(path)
        if gone := [name for name in RECORD_KEYS if name not in record]:
            raise SourceError([problem("store_damaged", str(path), found=gone)])
        found.append(Revision(path.parent, record))
    return sorted(found, key=lambda each: (each.edition_id, each.number))


def _record(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise SourceError([problem("store_damaged", str(path), found=error)]) from error


def check_copies(those: Iterable[Revision], sha256_of: Callable[[Path, str], str]) -> None:
    """The kept files and cards must be what was accepted. ``sha256_of``: the hash of a file, remembered under a name.

    Raises:
        SourceError: STOP for each copy that was altered or is gone.
    """
    problems = []
    for each in those:
        kept = [path for path in _data_files(each.folder) if path.name not in each.record.get("beside", {})]
        name = f"{STORE_NAME}{each.edition_id}/{each.number}"
        card = each.folder / CARD_PATTERNS[0]
        # Records of an earlier program do not have it.
        promised = each.record.get("card_sha256")
        is_whole = len(kept) == 1 and card.is_file() and promised in {None, file_sha256(card)}
        is_whole = is_whole and all(
            (each.folder / beside).is_file() and sha256_of(each.folder / beside, f"{name}/{beside}") == sha256
            for beside, sha256 in each.record.get("beside", {}).items()
        )
        if not is_whole or sha256_of(kept[0], name) != each.record["file_sha256"]:
            problems.append(problem("store_altered", str(each.folder), expected=each.record["file_sha256"]))
    if problems:
        raise SourceError(problems)


def _data_files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name not in NOT_DATA and path.is_file()]


def active_revisions(store: Path) -> dict[str, Revision]:
    """The revision of each edition that counts: the newest with rows, else the newest; none of a withdrawn edition."""
    counted: dict[str, list[Revision]] = {}
    for each in revisions(store):
        counted.setdefault(each.edition_id, []).append(each)
    found = {edition: _active(those) for edition, those in counted.items()}
    return {edition: each for edition, each in found.items() if each is not None}


def active_revision(store: Path, family: str, edition: str) -> Revision | None:
    """The same of one edition, without reading the others."""
    return _active(revisions(store, f"{family}/{edition}"))


def _active(those: Sequence[Revision]) -> Revision | None:
    left = [
        each for each in those if each.number > withdrawn_up_to(each.folder.parent) and not each.record.get("refused")
    ]
    return max(left, key=lambda each: (each.rows > 0, each.number), default=None)


def active_folders(store: Path) -> list[Path]:
    """Folders of the revisions that count."""
    return [revision.folder for revision in active_revisions(store).values()]


def withdrawn_up_to(edition: Path) -> int:
    """The last withdrawn number of the edition with this folder; 0 if it was never withdrawn."""
    path = edition / WITHDRAWAL
    if not path.is_file():
        return 0
    try:
        return int(_record(path)["up_to"])
    except (LookupError, ValueError, TypeError) as error:
        raise SourceError([problem("store_damaged", str(path), found=error)]) from error


def withdraw(store: Path, revision: Revision, by: str) -> None:
    """Record that the edition is withdrawn, up to its newest revision; a later one brings it back."""
    numbers = [each.number for each in revisions(store) if each.edition_id == revision.edition_id]
    write_whole(revision.folder.parent / WITHDRAWAL, {"up_to": max(numbers), "by": by or "not said"})


def next_number(store: Path, family: str, edition: str) -> int:
    """The number that the next revision of an edition gets."""
    return 1 + max((int(path.name) for path in _numbered(store / family / edition)), default=0)


def accept(store: Path, folder: Path, record: Mapping[str, Any], report: str) -> Revision:
    """Take the card and file in ``folder`` (below the store) in as the revision that the record describes.

    What lies beside them, the codebook of a survey wave, is recorded with its hash.
    """
    hashes = {path.name: file_sha256(path) for path in _data_files(folder)}
    beside = {name: sha256 for name, sha256 in hashes.items() if sha256 != record["file_sha256"]}
    record = {**record, "card_sha256": file_sha256(folder / CARD_PATTERNS[0]), **({"beside": beside} if beside else {})}
    (folder / REPORT).write_text(report, encoding="utf-8")
    (folder / RECORD).write_text(_json(record), encoding="utf-8")
    for path in folder.iterdir():
        flush(path)
    flush(folder)
    target = store / str(record["family"]) / str(record["edition"]) / str(record["number"])
    target.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(target)
    flush(target.parent)
    return Revision(target, record)


def amend(revision: Revision, changes: Mapping[str, Any]) -> Revision:
    """Change what the record says, in one step."""
    record = {**revision.record, **changes}
    write_whole(revision.folder / RECORD, record)
    return Revision(revision.folder, record)


def plain(problems: Sequence[Problem], outcome: Outcome | None) -> dict[str, Any]:
    """The part of a record that says what was found."""
    return {"outcome": outcome.value if outcome else "OK", "problems": [each.to_plain() for each in problems]}


def write_whole(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON beside its place and rename it, flushed to the disk."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(_json(content), encoding="utf-8")
    flush(partial)
    os.replace(partial, path)
    flush(path.parent)


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)


def _numbered(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.glob("*") if path.name.isdecimal())
