"""One CSV file of the register as bytes and rows.

Belongs here: reading with line numbers, putting rows in where the order wants them, writing so that no reader and no
second writer ever meets half a file. Does not belong here: what the rows mean (``register``, ``verdict``).
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
import tempfile
import time
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from ingest.disk import flush
from ingest.problem import Problem, SourceError
from ingest.registry.landing import COLUMNS, FILE_NAMES

# The order in which the rows of each file stand, so that a new decision reads as one added line.
SORT_COLUMNS: dict[str, tuple[str, ...]] = {
    "cluster": ("cluster_id",),
    "decision": ("mention_key", "cluster_id"),
    "event": ("event_id",),
}
LOCK_SECONDS = 10.0
MARK = "\ufeff"


class RegisterChanged(SourceError):
    """A file of the register is not what it was when it was read; nothing was written."""


@dataclass(frozen=True)
class FileRow:
    """One row: the line on which it begins (1 is the header), the lines it takes, and its cells by column name."""

    line: int
    last_line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class RegisterFile:
    """A file of the register as it was read; a file that is not there yet has no content and no rows."""

    thing: str
    path: Path
    content: bytes
    header: tuple[str, ...]
    rows: tuple[FileRow, ...]


def read_register_file(folder: Path, thing: str) -> RegisterFile:
    """Read ``clusters.csv``, ``decisions.csv`` or ``events.csv`` (``thing``: cluster, decision, event) of a folder.

    Raises:
        SourceError: not UTF-8, not a complete table, or another header than the register's.
    """
    path = (folder / FILE_NAMES[thing]).resolve()
    content = path.read_bytes() if path.is_file() else b""
    if not content:
        return RegisterFile(thing, path, content, COLUMNS[thing], ())
    records = _records(path, content)
    header = tuple(name.strip() for name in records[0][2]) if records else ()
    if sorted(header) != sorted(COLUMNS[thing]):
        raise _error(
            f"{path}, line 1",
            "the registry file has another header than the register",
            ", ".join(header),
            ", ".join(COLUMNS[thing]),
            "use the register's header; empty cells are allowed",
        )
    for line, _, cells in records:
        if len(cells) != len(header):
            raise _error(
                f"{path}, line {line}",
                "the row does not fit the header",
                f"{len(cells)} cells",
                f"{len(header)} cells",
                "a cell with a comma needs quotation marks",
            )
    rows = tuple(FileRow(first, last, dict(zip(header, cells, strict=True))) for first, last, cells in records[1:])
    return RegisterFile(thing, path, content, header, rows)


def with_rows(file: RegisterFile, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The content of the file with ``rows`` put in: every line that was there stays as it was, byte for byte.

    A row goes after the last row whose sort columns are not greater than its own, so a sorted file stays sorted.
    """
    names = SORT_COLUMNS[file.thing]
    lines = _lines(file.content.decode("utf-8")) or [_encoded(dict(zip(file.header, file.header, strict=True)), file)]
    end = _line_end(file)
    if not lines[-1].endswith("\n"):
        lines[-1] += end
    header_ends = _records(file.path, file.content)[0][1] if file.content else 1
    added: dict[int, list[str]] = {}
    keys = [[each.cells[name] for name in names] for each in file.rows]
    # The least key from each row on; it rises, also where the file is not sorted.
    least = list(accumulate(reversed(keys), min))[::-1]
    for row in sorted(rows, key=lambda each: [each[name] for name in names]):
        place = bisect_right(least, [row[name] for name in names])
        line = file.rows[place - 1].last_line if place else header_ends
        added.setdefault(line, []).append(_encoded(row, file))
    text = "".join(line + "".join(added.get(number, ())) for number, line in enumerate(lines, start=1))
    return text.encode("utf-8")


def write_register_files(changes: Sequence[tuple[RegisterFile, bytes]]) -> None:
    """Replace files of the register by new contents, in the order given, while nobody else writes.

    Raises:
        RegisterChanged: a file is no longer what was read, or somebody else has held the lock for too long.
    """
    folders = sorted({file.path.parent for file, _ in changes})
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    partial: list[tuple[Path, Path]] = []
    try:
        with _locked(folders):
            for file, content in changes:
                _refuse_if_changed(file)
                partial.append((_written_beside(file.path, content), file.path))
            for written, target in partial:
                os.replace(written, target)
            for folder in folders:
                flush(folder)
    finally:
        for written, _ in partial:
            written.unlink(missing_ok=True)


@contextmanager
def _locked(folders: Sequence[Path]) -> Iterator[None]:
    """Hold the kernel's lock on the folders themselves: no lock file is left over, whatever ends the process."""
    descriptors: list[int] = []
    try:
        for folder in folders:
            descriptors.append(os.open(folder, os.O_RDONLY))
            last = time.monotonic() + LOCK_SECONDS
            while not _try_lock(descriptors[-1]):
                if time.monotonic() > last:
                    raise RegisterChanged(
                        [
                            Problem(
                                "another reviewer is writing to the register",
                                str(folder),
                                f"a lock held for more than {LOCK_SECONDS:.0f} seconds",
                                "a register that nobody is writing to",
                                "wait a moment and decide again; nothing was written",
                            )
                        ]
                    )
                time.sleep(0.05)
        yield
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _refuse_if_changed(file: RegisterFile) -> None:
    now = file.path.read_bytes() if file.path.is_file() else b""
    if now != file.content:
        raise RegisterChanged(
            [
                Problem(
                    "the file changed on disk since it was read",
                    str(file.path),
                    f"{len(now)} bytes that differ from the {len(file.content)} read",
                    "the file as it was read",
                    "read it again and decide again; nothing was written",
                )
            ]
        )


def _written_beside(path: Path, content: bytes) -> Path:
    """The content in a file of its own in the same folder, flushed to the disk."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".partial")
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        # A temporary file is for its owner alone; the register keeps the rights it had.
        written.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
    except OSError:
        written.unlink()
        raise
    return written


def _lines(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one, as for a CSV reader."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _records(path: Path, content: bytes) -> list[tuple[int, int, list[str]]]:
    """First line, last line and cells of every record, the header among them; blank lines hold none."""
    try:
        lines = _lines(content.decode("utf-8").removeprefix(MARK))
    except UnicodeDecodeError as error:
        raise _error(path, "the file is not UTF-8 text", f"byte {error.start}", "UTF-8", "save it as UTF-8") from error
    reader = csv.reader(lines, strict=True)
    records: list[tuple[int, int, list[str]]] = []
    first = 1
    try:
        for cells in reader:
            if cells:
                records.append((first, reader.line_num, cells))
            first = reader.line_num + 1
    except csv.Error as error:
        raise _error(
            f"{path}, line {reader.line_num}",
            "the file is not a complete CSV table",
            str(error),
            "closed quotation marks",
            "correct the line",
        ) from error
    return records


def _line_end(file: RegisterFile) -> str:
    end = file.content.find(b"\n")
    return "\r\n" if end > 0 and file.content[end - 1 : end] == b"\r" else "\n"


def _encoded(row: Mapping[str, str], file: RegisterFile) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator=_line_end(file)).writerow([row[name] for name in file.header])
    return line.getvalue()


def _error(where: Path | str, what: str, found: str, expected: str, remedy: str) -> SourceError:
    return SourceError([Problem(what, str(where), found, expected, remedy)])
