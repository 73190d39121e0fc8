"""The tables in the archive of ODK Central, unpacked under the limits that every archive has.

Belongs here: looking at the archive and unpacking its CSV tables. Does not belong here: what stands in them (``odk``).
Photographs and other attachments stay packed.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile, ZipInfo

from ingest.message import problem
from ingest.problem import Place, SourceError
from ingest.survey.cells import Cells, text_table
from ingest.tables.archive import incomplete, name_problems, open_archive
from ingest.tables.limits import LIMITS, Limits
from ingest.tables.printed import Hints

if TYPE_CHECKING:
    import pyarrow as pa

PIECE_BYTES = 1 << 20
MEDIA = "media"


class _Folder:
    """A folder that is removed when nobody holds it any more."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="observatory-odk-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def tables_in(path: Path, limits: Limits = LIMITS) -> tuple[Cells, ...]:
    """Every CSV table of the archive; the unpacked files go when nobody reads the tables any more.

    Raises:
        SourceError: the archive is unsafe, too large unpacked or broken, or a table has no sure encoding.
    """
    with open_archive(path, limits) as archive:
        if problems := list(name_problems(path, archive)):
            raise SourceError(problems)
        parts = [part for part in archive.infolist() if _is_table(part)]
        if not parts:
            raise SourceError([problem("survey_forms_no_table", Place(path.name))])
        folder = _Folder()
        files = list(_unpacked(path, archive, parts, folder.path, limits))
    return tuple(_kept(text_table(file, "csv", Hints(delimiter=",")), folder) for file in files)


def _is_table(part: ZipInfo) -> bool:
    name = PurePosixPath(part.filename)
    # An archive that was packed again on a Mac has a shadow of each file.
    is_shadow = name.name.startswith("._")
    return name.suffix.lower() == ".csv" and MEDIA not in name.parts and not is_shadow and not part.is_dir()


def _unpacked(path: Path, archive: ZipFile, parts: list[ZipInfo], folder: Path, limits: Limits) -> Iterator[Path]:
    """The tables as files, counted while they are unpacked: what the list says of their size may be untrue."""
    total = 0
    packed = max(1, path.stat().st_size)
    for part in parts:
        file = folder / PurePosixPath(part.filename).name
        try:
            with archive.open(part) as stream, file.open("xb") as out:
                while piece := stream.read(PIECE_BYTES):
                    total += len(piece)
                    if refusal := _too_large(path, total, packed, limits):
                        raise refusal
                    out.write(piece)
        except (BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            raise incomplete(path, str(error), part.filename) from error
        if file.stat().st_size:
            yield file


def _too_large(path: Path, total: int, packed: int, limits: Limits) -> SourceError | None:
    is_bomb = total > limits.ratio_free_bytes and total > limits.unpacked_ratio * packed
    if total <= limits.unpacked_bytes and not is_bomb:
        return None
    sizes = {"found": total, "packed": packed, "limit": limits.unpacked_bytes, "ratio": limits.unpacked_ratio}
    return SourceError([problem("unpacked_too_large", Place(path.name), **sizes)])


def _kept(table: Cells, folder: _Folder) -> Cells:
    """The table, whose batches keep the folder with its file."""
    read = table.after

    def after(n: int) -> Callable[[frozenset[int]], Iterator[pa.RecordBatch]]:
        batches = read(n)

        def of_folder(encoded: frozenset[int]) -> Iterator[pa.RecordBatch]:
            # Named here, so that the folder lives as long as somebody reads.
            if folder.path.is_dir():
                yield from batches(encoded)

        return of_folder

    return replace(table, after=after)
