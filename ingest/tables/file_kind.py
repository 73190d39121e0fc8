"""What a foreign file really is, told by its bytes.

Belongs here: whether a file may be opened at all, the marks by which formats are known, and what to do with one that
is not accepted (``other_formats.csv``). Does not belong here: what is inside an archive (``archive``, ``container``),
and how text is encoded or divided into cells.
"""

from __future__ import annotations

import codecs
import csv
import os
import re
import stat
from collections.abc import Mapping
from functools import cache
from io import BufferedReader
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.archive import archive_format
from ingest.tables.limits import LIMITS, Limits

HEAD_BYTES = 65_536
TEXT_KINDS = {"csv", "tsv"}
# The ending that a name must have for a format; a name without any known ending is left alone.
ENDINGS = {
    "csv": ("csv", "tsv", "txt"), "tsv": ("tsv", "csv", "txt"), "xlsx": ("xlsx", "xlsm"), "xlsm": ("xlsm", "xlsx"),
    "ods": ("ods",), "pdf": ("pdf",),
}  # fmt: skip
KNOWN_ENDINGS = frozenset(ending for endings in ENDINGS.values() for ending in endings)
DATABASE_ENDINGS = {"duckdb": "duckdb", "db": "duckdb", "ddb": "duckdb", "parquet": "parquet", "sqlite": "sqlite"}
DATABASE_ENDINGS |= {"arrow": "arrow", "feather": "arrow"}
# Marks at a place of the file, from the pages that define the formats.
MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (8, b"DUCK", "duckdb"), (0, b"PAR1", "parquet"), (0, b"PARE", "parquet"), (0, b"SQLite format 3\0", "sqlite"),
    (0, b"ARROW1", "arrow"), (0, b"\x1f\x8b", "gzip"), (0, b"7z\xbc\xaf\x27\x1c", "packed"), (0, b"Rar!", "packed"),
    (0, b"BZh", "packed"), (0, b"\xfd7zXZ\0", "packed"), (0, b"\x28\xb5\x2f\xfd", "packed"),
    (0, b"\x89PNG", "image"), (0, b"\xff\xd8\xff", "image"), (0, b"GIF8", "image"), (0, b"BM", "image"),
    (0, b"II*\0", "image"), (0, b"MM\0*", "image"), (8, b"WEBP", "image"), (4, b"ftyp", "image"),
    (0, b"MZ", "program"), (0, b"\x7fELF", "program"), (0, b"\xcf\xfa\xed\xfe", "program"),
    (0, b"\xca\xfe\xba\xbe", "program"),
)  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_ENTRY_BYTES = 128
OLE_STREAMS = {
    "EncryptedPackage": "encrypted", "EncryptionInfo": "encrypted", "Workbook": "xls", "Book": "xls",
}  # fmt: skip
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# Control signs that no table holds; a few are left to the reader of text, which tells where they are.
CONTROLS = bytes({*range(9), *range(14, 32), 127} - {0x1A, 0x1B})
MOST_CONTROLS = 0.02
MARKUP: tuple[tuple[str, str], ...] = (
    (r"<(?:!doctype\s+html|html|head|body|table|meta|style|script|div)\b", "html"),
    (r"<\?xml[^>]*>\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", "html"),
    (r"<\?xml.*?(?:excel\.sheet|office:spreadsheet)", "xml_workbook"),
    (r"<\?xml\b|<!doctype\b", "xml"),
    (r"mime-version:|.{0,200}content-type:\s*multipart/related", "mht"),
    (r"\{\\rtf", "rtf"), (r"%!ps", "image"), (r"#!\s*/", "program"),
    (r"\{\s*\"[^\"]*\"\s*:|\[\s*\{\s*\"", "json"),
)  # fmt: skip


def file_kind(path: Path, limits: Limits = LIMITS) -> str:
    """One of csv, tsv, xlsx, xlsm, ods and pdf, from the bytes; the name must not say another format.

    Raises:
        SourceError: a file that may not be opened, is empty or too large, or is anything else: the real kind is named.
    """
    with open_regular(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size == 0:
            raise SourceError([problem("file_empty", Place(path.name))])
        if size > limits.file_bytes:
            raise SourceError([problem("file_too_large", Place(path.name), size=size, limit=limits.file_bytes)])
        head = stream.read(HEAD_BYTES)
        kind = _kind(path, head, stream, limits)
    ending = path.suffix.lower().lstrip(".")
    if kind not in ENDINGS:
        raise SourceError([_refused(path, kind)])
    if ending in DATABASE_ENDINGS:
        raise SourceError([_refused(path, DATABASE_ENDINGS[ending])])
    if ending in KNOWN_ENDINGS and ending not in ENDINGS[kind]:
        names = {"kind": kind.upper(), "kind_ja": kind.upper(), "name": path.name, "ending": kind}
        if kind in TEXT_KINDS:
            names |= {"kind": "plain text (CSV)", "kind_ja": "テキスト（CSV）"}
        raise SourceError([problem("kind_differs_from_name", Place(path.name), **names)])
    return kind


def open_regular(path: Path) -> BufferedReader:
    """The file's bytes; never through a link, and never waiting for a pipe.

    Raises:
        SourceError: gone, a link, no regular file, or not readable.
    """
    where = Place(path.name)
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise SourceError([problem("file_is_link", where)])
        if not stat.S_ISREG(status.st_mode):
            found = (
                ("a folder", "フォルダー") if stat.S_ISDIR(status.st_mode) else ("a pipe or device", "パイプやデバイス")
            )
            raise SourceError([problem("file_not_regular", where, found=found[0], found_ja=found[1])])
        # The name may have become a link since: the second look is the system's own.
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    except FileNotFoundError as error:
        raise SourceError([problem("file_vanished", where)]) from error
    except OSError as error:
        raise SourceError([problem("file_unreadable", where, reason=error.strerror or error)]) from error


def _kind(path: Path, head: bytes, stream: BufferedReader, limits: Limits) -> str:
    if head.startswith(ZIP_STARTS):
        return archive_format(path, limits)
    if head.startswith(OLE):
        return _ole_kind(stream)
    if head[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    text = _text(head)
    if text is None:
        return next((name for place, mark, name in MAGIC if head[place:].startswith(mark)), "unknown")
    start = text.lstrip("\ufeff \t\r\n\0")[:4000].lower()
    for pattern, name in MARKUP:
        if re.match(pattern, start, re.DOTALL):
            return name
    first = text.partition("\n")[0]
    return "tsv" if "\t" in first and (path.suffix.lower() == ".tsv" or not re.search("[,;]", first)) else "csv"


def _text(head: bytes) -> str | None:
    """The beginning of a text, each byte a sign where no mark says otherwise; None if these bytes are no text."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head.decode(encoding, errors="replace")
    controls = len(head) - len(head.translate(None, CONTROLS))
    if controls <= MOST_CONTROLS * len(head):
        return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(encoding, errors="replace")
        if (
            sum(sign.isprintable() or sign in "\t\r\n" for sign in text) >= 0.99 * len(text)
            and text.count("\ufffd") <= 1
        ):
            return text
    return None


def _ole_kind(stream: BufferedReader) -> str:
    """An OLE file by the names of its streams, which stand in entries of 128 bytes; their order is free."""
    found: set[str] = set()
    stream.seek(0)
    while chunk := stream.read(OLE_ENTRY_BYTES * 8192):
        for name, kind in OLE_STREAMS.items():
            entry = name.encode("utf-16-le").ljust(64, b"\0") + (2 * len(name) + 2).to_bytes(2, "little")
            place = chunk.find(entry)
            if place >= 0 and place % OLE_ENTRY_BYTES == 0:
                found.add(kind)
    return next((kind for kind in ("encrypted", "xls") if kind in found), "doc")


def _refused(path: Path, kind: str) -> Problem:
    row = other_formats()[kind]
    words = {"kind": row["kind_en"], "kind_ja": row["kind_ja"], "remedy": row["remedy_en"]}
    return problem(row["code"], Place(path.name), **words, remedy_ja=row["remedy_ja"], name=path.name)


@cache
def other_formats() -> Mapping[str, Mapping[str, str]]:
    """Formats that are known and not accepted, with the code of their message and its words."""
    with Path(__file__).with_name("other_formats.csv").open(encoding="utf-8", newline="") as stream:
        return {row["format"]: row for row in csv.DictReader(stream)}
