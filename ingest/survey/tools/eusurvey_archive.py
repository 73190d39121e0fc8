"""The zip that EUSurvey makes of a large export, or of one with uploaded files.

Belongs here: which members are the export, and unpacking them within the limits. Does not belong here: reading them.
Every 20,000 rows a further workbook begins (``ODS``: 65,000); uploads lie in folders named by contribution or question
(EUSURVEY ``CommonExcelExportCreator``, ``XmlExportCreator``). Uploads are never unpacked.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.archive import incomplete, name_problems, open_archive
from ingest.tables.limits import LIMITS, Limits

BOOKS = (".xlsx", ".xlsm", ".ods", ".xls")
PIECE_BYTES = 1 << 20


@contextmanager
def unpacked(
    path: Path, endings: tuple[str, ...], limits: Limits = LIMITS
) -> Iterator[tuple[list[Path], list[Problem]]]:
    """The members at the top of the archive with one of these endings, in its order; gone when the block ends.

    With them what is to be said of the members that are left in the archive.

    Raises:
        SourceError: no such member, unsafe names, too large, or not complete.
    """
    with open_archive(path, limits) as archive:
        if refused := list(name_problems(path, archive)):
            raise SourceError(refused)
        files = [each for each in archive.infolist() if not each.is_dir()]
        wanted = [each for each in files if _is_export(each.filename, endings)]
        if not wanted:
            raise SourceError([problem("eusurvey_archive_empty", Place(path.name), endings=list(endings))])
        size = sum(each.file_size for each in wanted)
        packed = sum(each.compress_size for each in wanted)
        if size > limits.unpacked_bytes or size > max(limits.ratio_free_bytes, limits.unpacked_ratio * packed):
            sizes = {"found": size, "packed": packed, "limit": limits.unpacked_bytes, "ratio": limits.unpacked_ratio}
            raise SourceError([problem("unpacked_too_large", Place(path.name), **sizes)])
        left = len(files) - len(wanted)
        told = [problem("eusurvey_uploads_left", Place(path.name), count=left)] if left else []
        with TemporaryDirectory(prefix="eusurvey-") as folder:
            yield [_unpack(path, archive, each, Path(folder)) for each in wanted], told


def _is_export(name: str, endings: tuple[str, ...]) -> bool:
    return "/" not in name and PurePosixPath(name).suffix.lower() in endings


def _unpack(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path) -> Path:
    """One member; the archive's list says its size, and reading stops there."""
    target = folder / info.filename
    try:
        with archive.open(info) as packed, target.open("wb") as plain:
            while piece := packed.read(PIECE_BYTES):
                plain.write(piece)
    # A password is a RuntimeError to zipfile; a packing method that it does not know, a NotImplementedError.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise incomplete(path, f"the part '{info.filename}' cannot be unpacked", info.filename) from error
    return target
