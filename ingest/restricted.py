"""The restricted store: personal columns of a file, kept outside of raw and of every release.

Belongs here: writing that store and covering the values in what goes on. Does not belong here: what is personal
(``personal``). Landing uses both, with the headers that the card names under ``personal``::

    problems = content_problems(printed, declared, file.name)  # of ``content``; raise if any is QUAR
    printed = write_restricted(printed, declared, restricted_path(home, source_id, sha256))

The table that comes back has the same header and rows, with ``RESTRICTED`` in every filled cell of those columns.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.personal import RESTRICTED, masked
from ingest.problem import Place, SourceError
from ingest.tables.printed import Mark, Printed

if TYPE_CHECKING:
    import pyarrow as pa

PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,200}")


def restricted_path(home: Path, source_id: str, content_hash: str) -> Path:
    """Where the personal data of one file is kept: outside of raw and of every release.

    Raises:
        SourceError: a name that would lead elsewhere (STOP).
    """
    for name in (source_id, content_hash):
        if not PLAIN_NAME.fullmatch(name):
            raise SourceError([problem("name_leaves_folder", Place("restricted"), name=name)])
    return home / "restricted" / source_id / f"{content_hash}.parquet"


def write_restricted(printed: Printed, declared: Sequence[str], path: Path) -> Printed:
    """Keep the declared columns in ``path`` (folder 0700, file 0600) and give the table back without their values.

    The file has ``row_number`` (int32), ``column`` (printed header) and ``value``, one row for each filled cell.
    Without declared columns no file is written. Raises ``OSError`` if the store cannot be written.
    """
    places = [place for place, name in enumerate(printed.facts.header) if name in declared]
    kept = _write(printed, places, path) if places else {}
    said = [
        problem("personal_kept_apart", Place(path.parent.name), column=printed.facts.header[place], count=kept[place])
        for place in places
    ]
    numbers = {printed.facts.columns[place] for place in places}
    facts = replace(
        printed.facts,
        marks=tuple(_masked_mark(each, numbers) for each in printed.facts.marks),
        notes=tuple(replace(note, text=masked(note.text)) for note in printed.facts.notes),
        problems=(*printed.facts.problems, *said),
    )
    return _Masked(printed.folder, facts, tuple(places))


def remove_other_restricted(home: Path, active: Mapping[str, str]) -> None:
    """Take away what is kept of files that are no longer read. ``active``: source id to the hash of its file."""
    for path in (home / "restricted").glob("*/*"):
        if path.name != f"{active.get(path.parent.name)}.parquet":
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()


def _masked_mark(mark: Mark, columns: set[int]) -> Mark:
    text = RESTRICTED if mark.column in columns and mark.text else masked(mark.text)
    return replace(mark, text=text)


@dataclass(frozen=True)
class _Masked(Printed):
    """A printed table whose personal columns are covered when its rows are read."""

    places: tuple[int, ...] = ()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows in order, with ``RESTRICTED`` for personal cells."""
        import pyarrow as pa
        import pyarrow.compute as pc

        for batch in super().batches():
            columns = list(batch.columns)
            is_note = pc.is_valid(batch["left_out"])
            for place, column in enumerate(columns[2:]):
                if place in self.places:
                    columns[2 + place] = pc.if_else(pc.equal(column, ""), "", RESTRICTED)
                elif pc.any(is_note).as_py():
                    covered = pa.array([masked(text) for text in column.filter(is_note).to_pylist()], pa.string())
                    columns[2 + place] = pc.replace_with_mask(column, is_note, covered)
            yield pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _write(printed: Printed, places: Sequence[int], path: Path) -> Mapping[int, int]:
    """Write the store; returns the filled cells of each column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    schema = pa.schema([("row_number", pa.int32()), ("column", pa.string()), ("value", pa.string())])
    counts = dict.fromkeys(places, 0)
    make_store_folder(path)
    with private_file(path, schema) as write:
        for batch in printed.batches():
            for place in places:
                filled = pc.not_equal(batch[2 + place], "")
                values, rows = batch[2 + place].filter(filled), batch["row_number"].filter(filled)
                names = pa.array([printed.facts.header[place]] * len(values), pa.string())
                write(pa.Table.from_arrays([rows, names, values], schema=schema))
                counts[place] += len(values)
    return counts


@contextmanager
def private_file(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    """A Parquet file for nobody else (0600) that is in its place when the block ends without an error.

    Gives what writes a table of that schema to it. Raises ``OSError`` if it cannot be written.
    """
    import pyarrow.parquet as pq

    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    # The permissions are right before the first byte is there.
    number = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "wb") as stream, pq.ParquetWriter(stream, schema, compression="zstd") as writer:
            yield writer.write_table
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def make_store_folder(path: Path) -> None:
    """The folder of a file of the store and the one above it, for nobody else (0700)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in (path.parent, path.parent.parent):
        folder.chmod(0o700)
