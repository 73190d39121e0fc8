"""The list of parts of a workbook's archive, looked at before anything is unpacked.

Belongs here: whether the archive is complete, how many parts it lists, their names, places and packing, and which
format the list tells. Does not belong here: the content of the parts (``container``).
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.limits import Limits

# Records of the zip format (APPNOTE 4.3): end of the list, its 64-bit form and the pointer to that, one entry.
END, END_64, POINTER_64, ENTRY = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02"
END_BYTES, END_64_BYTES, POINTER_BYTES, ENTRY_BYTES, LOCAL_BYTES = 22, 56, 20, 46, 30
LONGEST_COMMENT = 65_535
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
IS_ENCRYPTED = 0x1
LONGEST_LIST = 1_000_000
SYMLINK_SYSTEM = 3
# Names that are devices on Windows, with any ending.
DEVICE = re.compile(r"(?i)(?:^|/)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.[^/]*)?(?:/|$)")
ODD_NAMES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile("\0"), "a zero byte in the name", "名前にNULバイトがある"),
    (re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)"), "it leads out of the folder", "フォルダーの外を指している"),
    (re.compile(r"^[A-Za-z]:"), "it names a drive", "ドライブ名で始まっている"),
    (re.compile(r"^[/\\]"), "an absolute path", "絶対パスになっている"),
    (re.compile(r"\\"), "a backslash in the name", "名前にバックスラッシュがある"),
    (DEVICE, "the name of a device", "デバイスの名前になっている"),
    (re.compile(r"[\x01-\x1f\x7f]"), "a control sign in the name", "名前に制御文字がある"),
    (re.compile(r"^$"), "an empty name", "名前が空である"),
)
# What the list of content types says of the main part, the most telling first.
CONTENT_TYPES = (
    (b"sheet.binary.macroEnabled.main", "xlsb"), (b"spreadsheetml.sheet.main+xml", "xlsx"),
    (b"spreadsheetml.template.main+xml", "xlsx"), (b"ms-excel.sheet.macroEnabled.main+xml", "xlsm"),
    (b"ms-excel.template.macroEnabled.main+xml", "xlsm"), (b"ms-word.", "docx"), (b"wordprocessingml.", "docx"),
    (b"presentationml.", "pptx"), (b"ms-powerpoint.", "pptx"),
)  # fmt: skip
ODS_TYPE = b"application/vnd.oasis.opendocument."


def archive_format(path: Path, limits: Limits) -> str:
    """xlsx, xlsm or ods; or the name of another format of ``other_formats.csv``, at last zip.

    Raises:
        SourceError: the archive is not complete, or lists too many parts.
    """
    with open_archive(path, limits) as archive:
        names = set(archive.namelist())
        if "mimetype" in names:
            mime = _beginning(archive, "mimetype")
            if mime.startswith(ODS_TYPE):
                kind = mime.removeprefix(ODS_TYPE).split(b"-template")[0]
                is_encrypted = b"encryption-data" in _beginning(archive, "META-INF/manifest.xml")
                return "encrypted" if is_encrypted else "ods" if kind.strip() == b"spreadsheet" else "odt"
        types = _beginning(archive, "[Content_Types].xml")
        if types[:2] in (b"\xff\xfe", b"\xfe\xff"):
            types = types.replace(b"\0", b"")
        told = next((kind for mark, kind in CONTENT_TYPES if mark in types), "")
    # Some programs leave the type of the main part out.
    return told or ("xlsx" if "xl/workbook.xml" in names else "docx" if "word/document.xml" in names else "zip")


def open_archive(path: Path, limits: Limits) -> zipfile.ZipFile:
    """The archive with its list read; the list was counted first, so a million entries cost nothing.

    Raises:
        SourceError: not complete, or more parts than the limits allow.
    """
    with path.open("rb") as stream:
        listed = _list_of_parts(path, stream, limits)
    found = _count(listed, limits.entries)
    if found > limits.entries:
        raise _too_many(path, found, limits)
    try:
        return zipfile.ZipFile(path)
    # A version of the format that zipfile does not know is a NotImplementedError to it.
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as error:
        raise incomplete(path, str(error)) from error


def name_problems(path: Path, archive: zipfile.ZipFile) -> Iterator[Problem]:
    """What is unsafe about the names, places and packing of the parts."""
    where, seen = Place(path.name), set()
    for info in archive.infolist():
        reasons = [(en, ja) for pattern, en, ja in ODD_NAMES if pattern.search(info.orig_filename)]
        if info.create_system == SYMLINK_SYSTEM and stat.S_ISLNK(info.external_attr >> 16):
            reasons.append(("a link to another place", "別の場所へのリンクになっている"))
        if info.filename.casefold() in seen:
            reasons.append(("the name stands twice", "同じ名前が二つある"))
        seen.add(info.filename.casefold())
        for en, ja in reasons[:1]:
            yield problem("archive_odd_name", where, part=info.orig_filename, reason=en, reason_ja=ja)
        if info.flag_bits & IS_ENCRYPTED:
            yield problem("kind_encrypted", where)
        elif info.compress_type not in METHODS:
            yield problem("archive_method", where, part=info.filename, method=info.compress_type)
    yield from _overlap_problems(where, archive)


def incomplete(path: Path, reason: str, part: str = "") -> SourceError:
    """The archive lacks its end or does not hold what its list says, of ``part`` if it is known."""
    reason_ja = f"ファイル内の「{part}」を展開できません" if part else "末尾が欠けています"
    return SourceError([problem("workbook_incomplete", Place(path.name), reason=reason, reason_ja=reason_ja)])


def _overlap_problems(where: Place, archive: zipfile.ZipFile) -> Iterator[Problem]:
    """Parts that share bytes multiply what is unpacked: D. Fifield, A better zip bomb, 2019."""
    end = 0
    for info in sorted(archive.infolist(), key=lambda each: each.header_offset):
        if info.header_offset < end:
            yield problem("archive_overlap", where, part=info.filename)
            return
        end = info.header_offset + LOCAL_BYTES + len(info.orig_filename) + info.compress_size


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    """The first bytes of a part; none if it is missing or cannot be read, which the container check tells."""
    try:
        with archive.open(name) as part:
            return part.read(LONGEST_LIST)
    # A password is a RuntimeError to zipfile; a packing method that it does not know, a NotImplementedError.
    except (KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError, EOFError, zlib.error):
        return b""


def _list_of_parts(path: Path, stream: BinaryIO, limits: Limits) -> bytes:
    """The bytes of the list of parts, which must end where the record of its end begins."""
    size = stream.seek(0, 2)
    tail_from = max(0, size - END_BYTES - LONGEST_COMMENT - POINTER_BYTES - END_64_BYTES)
    stream.seek(tail_from)
    tail = stream.read()
    place = tail.rfind(END)
    if place < 0 or len(tail) - place < END_BYTES:
        raise incomplete(path, "no list of parts at its end")
    entries, length, start, comment = struct.unpack("<10xHLLH", tail[place : place + END_BYTES])
    if place + END_BYTES + comment != len(tail):
        raise incomplete(path, "bytes after its end")
    pointer = tail[max(0, place - POINTER_BYTES) : place]
    if pointer.startswith(POINTER_64) and len(pointer) == POINTER_BYTES:
        place = struct.unpack("<8xQ4x", pointer)[0] - tail_from
        record = tail[place : place + END_64_BYTES] if place >= 0 else b""
        if not record.startswith(END_64) or len(record) < END_64_BYTES:
            raise incomplete(path, "its end points to nothing")
        entries, length, start = struct.unpack("<32xQQQ", record)
    if length > limits.directory_bytes:
        raise _too_many(path, max(entries, limits.entries + 1), limits)
    if start + length != tail_from + place:
        raise incomplete(path, "its list of parts is not where its end says")
    stream.seek(start)
    return stream.read(length)


def _count(listed: bytes, most: int) -> int:
    """The entries of a list of parts, whatever number its end states; counting stops above ``most``."""
    place = found = 0
    while found <= most and listed.startswith(ENTRY, place) and place + ENTRY_BYTES <= len(listed):
        place += ENTRY_BYTES + sum(struct.unpack_from("<HHH", listed, place + 28))
        found += 1
    return found


def _too_many(path: Path, found: int, limits: Limits) -> SourceError:
    return SourceError([problem("archive_too_many_parts", Place(path.name), found=found, limit=limits.entries)])
