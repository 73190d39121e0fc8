"""Whether the archive of a workbook may be handed to a parser: looked at as bytes, before any parser sees it.

Belongs here: real sizes, texts too long for a cell, sheets, columns and cells, declarations in the XML, and parts that
would run or fetch something. Does not belong here: the list of parts (``archive``) and reading cells. One piece of a
part is in memory at a time, and only ``find`` and simple patterns run over it: a large workbook is looked at in a
fifth of the time that its fastest parser takes.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.archive import LOCAL_BYTES, incomplete, name_problems, open_archive
from ingest.tables.byte_search import holds
from ingest.tables.grid import column_letters
from ingest.tables.limits import LIMITS, Limits
from ingest.tables.read_ahead import read_ahead

ARCHIVES = {"xlsx", "xlsm", "ods"}
PIECE_BYTES = 1 << 20
PACKED_BYTES = 1 << 16
# Packed parts from here on are worth a thread.
LARGE_BYTES = 1 << 20
# What a pattern may need of the piece before.
OVERLAP_BYTES = 256
# Bytes that one character of a cell may take: four of UTF-8 or a short reference such as &lt;.
CHARACTER_BYTES = 4
NESTED = (b"PK\x03\x04", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
UTF8_NAMES = 0x800
XML = re.compile(r"(?i)\.(?:xml|rels|vml|rdf)$")
# Encoded bytes that no reader of tables opens may be as long as they like.
UNREAD = re.compile(r"(?i)^(?:customXml|docProps)/")
SHEET = re.compile(r"(?i)(?:^|/)worksheets/[^/]+\.xml$")
# Parts by what they would do in a spreadsheet program. Nothing here opens them.
PARTS = {
    "has_macros": re.compile(r"(?i)(?:^|/)(?:vbaProject[^/]*\.bin$|macrosheets/|dialogsheets/|Basic/.|Scripts/.)"),
    "has_external_links": re.compile(r"(?i)(?:^|/)(?:externalLinks/(?!_rels)|connections\.xml$|queryTables/)"),
    "has_embedded_objects": re.compile(
        r"(?i)(?:^|/)(?:embeddings/|activeX/|Object \d+/content\.xml$)|oleObject.*\.bin$"
    ),
}
# A literal beginning makes this ten times as fast; single quotes are turned into double ones where there are any.
WIDE_CELL = re.compile(rb' r="([A-Z]{3,})[0-9]')
DIMENSION = re.compile(rb"""dimension\s[^>]*ref=["'][A-Z]+[0-9]+:([A-Z]{1,7})[0-9]""")
ROW = re.compile(rb"""\sr=["'][A-Z]*([0-9]{1,9})["']""")
MERGE = re.compile(rb"""mergeCell\s[^>]*ref=["']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})""")
RELATIONSHIP = re.compile(rb"""<(?:\w+:)?Relationship\s[^>]*TargetMode=["']External["'][^>]*>""")
SHOWN_PARTS = 5


@dataclass
class _Sheet:
    """How far the cells of a sheet go, as far as its bytes say, and how many its merges cover."""

    column: int = 0
    row: int = 0
    merged: int = 0


@dataclass
class _Found:
    """What the whole archive showed so far."""

    unpacked: int = 0
    sheets: int = 0
    parts: dict[str, list[str]] = field(default_factory=lambda: {code: [] for code in PARTS})


def check_container(path: Path, kind: str, limits: Limits = LIMITS) -> list[Problem]:
    """Look at every part of a workbook; nothing to do for text. Returns what is to be said beside the values (WARN).

    Raises:
        SourceError: unsafe names, sizes beyond the limits, a damaged archive, declarations in the XML.
    """
    if kind not in ARCHIVES:
        return []
    found = _Found()
    with open_archive(path, limits) as archive, path.open("rb") as stream:
        if refused := list(name_problems(path, archive)):
            raise SourceError(refused)
        parts = archive.infolist()
        declared = sum(info.file_size for info in parts)
        if declared > limits.unpacked_bytes:
            raise _too_large(path, limits.unpacked_bytes, path.stat().st_size, limits)
        for info in parts:
            for code, pattern in PARTS.items():
                if pattern.search(info.filename) and not info.is_dir():
                    found.parts[code].append(info.filename)
            _check_part(path, stream, info, found, limits)
    if found.sheets > limits.sheets:
        raise SourceError([problem("too_many_sheets", Place(path.name), found=found.sheets, limit=limits.sheets)])
    return [
        problem(code, Place(path.name), parts=", ".join(sorted(set(names))[:SHOWN_PARTS]))
        for code, names in found.parts.items()
        if names
    ]


def _check_part(path: Path, stream: BinaryIO, info: zipfile.ZipInfo, found: _Found, limits: Limits) -> None:
    is_xml, may_be_long = bool(XML.search(info.filename)), bool(UNREAD.search(info.filename))
    found.sheets += bool(SHEET.search(info.filename))
    sheet, run, before, size, is_wide, is_begun = _Sheet(), 0, b"", 0, False, False
    pieces = _unpacked(path, stream, info)
    for piece in pieces if info.compress_size < LARGE_BYTES else read_ahead(pieces):
        if not size:
            is_wide = b"\0" in piece[:4]
            if piece.startswith(NESTED) and not PARTS["has_embedded_objects"].search(info.filename):
                raise SourceError([problem("archive_nested", Place(path.name), part=info.filename)])
        # A relationship may call any part a sheet, whatever its name, and blanks may stand before its first sign.
        if not is_begun and (start := piece.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")):
            is_begun, is_xml = True, is_xml or start.startswith(b"<")
        size += len(piece)
        found.unpacked += len(piece)
        if is_xml:
            # XML in two or four bytes a sign is the same text once the zero bytes are gone, as far as this looks.
            text = piece.replace(b"\0", b"") if is_wide else piece
            run = 0 if may_be_long else _check_run(path, text, run, limits)
            window = before + text
            _look_at(path, info.filename, window, sheet, found, limits)
            before = window[-OVERLAP_BYTES:]
        if found.unpacked > limits.unpacked_bytes or size > max(
            limits.ratio_free_bytes, limits.unpacked_ratio * info.compress_size
        ):
            raise _too_large(path, found.unpacked, path.stat().st_size, limits)
    _check_cells(path, sheet, limits)


def _look_at(path: Path, part: str, window: bytes, sheet: _Sheet, found: _Found, limits: Limits) -> None:
    """One piece of XML with the end of the one before."""
    # Entities can be declared inside a document type only.
    if holds(window, b"<!DOCTYPE"):
        declaration = "ENTITY" if b"<!ENTITY" in window else "DOCTYPE"
        raise SourceError([problem("xml_declares_entities", Place(path.name), part=part, declaration=declaration)])
    if part.endswith(".rels"):
        outside = [tag[0] for tag in RELATIONSHIP.finditer(window) if b"hyperlink" not in tag[0]]
        found.parts["has_external_links"] += [part] * bool(outside)
    elif part == "content.xml":
        found.sheets += window.count(b"<table:table ") - window[:OVERLAP_BYTES].count(b"<table:table ")
    else:
        _measure(path, window, sheet, limits)


def _measure(path: Path, window: bytes, sheet: _Sheet, limits: Limits) -> None:
    """How far the cells go in this piece."""
    window = window.replace(b"'", b'"') if holds(window, b" r='") else window
    letters = {each[1] for each in WIDE_CELL.finditer(window)} | {each[1] for each in DIMENSION.finditer(window)}
    sheet.column = max([sheet.column, *map(_column_number, letters)])
    sheet.row = max([sheet.row, *(int(each) for each in ROW.findall(window[-4 * OVERLAP_BYTES :]))])
    if holds(window, b"mergeCell "):
        sheet.merged += sum(_area(*each.groups()) for each in MERGE.finditer(window))
    if sheet.column > limits.columns:
        shown = column_letters(sheet.column)
        raise SourceError([problem("too_many_columns", Place(path.name), found=shown, limit=limits.columns)])


def _check_run(path: Path, text: bytes, run: int, limits: Limits) -> int:
    """The bytes since the last tag, carried from piece to piece; a few leaps over a piece find every longer run."""
    longest = limits.cell_characters * CHARACTER_BYTES
    place = -1 - run
    while place + longest + 1 < len(text):
        place = text.rfind(b"<", max(place + 1, 0), place + longest + 2)
        if place < 0:
            sizes = {"found": longest, "unit": "bytes", "unit_ja": "バイト", "limit": limits.cell_characters}
            raise SourceError([problem("cell_too_long", Place(path.name), **sizes)])
    last = text.rfind(b"<", max(place, 0))
    return len(text) - 1 - (last if last >= 0 else place)


def _check_cells(path: Path, sheet: _Sheet, limits: Limits) -> None:
    if sheet.column * sheet.row > limits.cells:
        place = {"row": sheet.row, "column": column_letters(sheet.column)}
        raise SourceError([problem("too_many_cells", Place(path.name), **place, limit=limits.cells)])
    if sheet.merged > limits.merged_cells:
        sizes = {"found": sheet.merged, "limit": limits.merged_cells}
        raise SourceError([problem("merges_too_large", Place(path.name), **sizes)])


def _area(first_column: bytes, first_row: bytes, last_column: bytes, last_row: bytes) -> int:
    n_columns = abs(_column_number(last_column) - _column_number(first_column)) + 1
    return n_columns * (abs(int(last_row) - int(first_row)) + 1)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _unpacked(path: Path, stream: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces, as long as it really is: a parser need not stop where the list says that it ends."""
    stream.seek(info.header_offset)
    header = stream.read(LOCAL_BYTES)
    if len(header) < LOCAL_BYTES or not header.startswith(b"PK\x03\x04"):
        raise incomplete(path, f"no part '{info.filename}' where the list says", info.filename)
    name_bytes, extra_bytes = struct.unpack_from("<HH", header, 26)
    name = stream.read(name_bytes)
    if name != info.orig_filename.encode("utf-8" if info.flag_bits & UTF8_NAMES else "cp437"):
        raise incomplete(path, f"the part '{info.filename}' has two names", info.filename)
    stream.seek(extra_bytes, 1)
    left, crc, size = info.compress_size, 0, 0
    decoder = zlib.decompressobj(-zlib.MAX_WBITS)
    is_packed = info.compress_type == zipfile.ZIP_DEFLATED
    waiting = b""
    try:
        while left or waiting:
            if not waiting:
                waiting = stream.read(min(PACKED_BYTES, left))
                left -= len(waiting)
                if not waiting:
                    break
            piece, waiting = (
                (decoder.decompress(waiting, PIECE_BYTES), decoder.unconsumed_tail) if is_packed else (waiting, b"")
            )
            crc, size = zlib.crc32(piece, crc), size + len(piece)
            yield piece
    except zlib.error as error:
        raise incomplete(path, f"the part '{info.filename}' cannot be unpacked", info.filename) from error
    if left or (is_packed and not decoder.eof) or size != info.file_size or crc != info.CRC:
        raise incomplete(path, f"the part '{info.filename}' is not what the list says", info.filename)


def _too_large(path: Path, found: int, packed: int, limits: Limits) -> SourceError:
    sizes = {"found": found, "packed": packed, "limit": limits.unpacked_bytes, "ratio": limits.unpacked_ratio}
    return SourceError([problem("unpacked_too_large", Place(path.name), **sizes)])
