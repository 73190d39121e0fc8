"""Files that wish a reader ill, made in the test: workbooks written part by part, and formats by their first bytes.

Belongs here: bytes. Does not belong here: what a reader must say of them.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from ingest.problem import Problem, SourceError
from ingest.tables.printed import Hints, Printed
from ingest.tables.reader import read_table

HEADER = ("Cluster", "Prefecture", "Members")
ROWS = (("Mihon Cluster", "Hyogo", "12"), ("Sample Network", "Nagano", "7"), ("Example Forum", "Fukuoka", "30"))
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org"
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def sheet_xml(rows: Iterable[Sequence[str]] = (HEADER, *ROWS), more: str = "") -> str:
    """A worksheet with texts and numbers in its cells."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = (_cell(f"{chr(64 + place)}{number}", text) for place, text in enumerate(row, start=1))
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return (
        f'{XML}<worksheet xmlns="{OFFICE}/spreadsheetml/2006/main" '
        f'xmlns:r="{OFFICE}/officeDocument/2006/relationships"><sheetData>{"".join(lines)}</sheetData>{more}</worksheet>'
    )


def _cell(reference: str, text: str) -> str:
    if text.isdecimal():
        return f'<c r="{reference}"><v>{text}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def relations(*targets: tuple[str, str, str]) -> str:
    """A list of relationships: kind, target, and External or nothing."""
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/officeDocument/2006/relationships/{kind}" Target="{target}"'
        + (f' TargetMode="{mode}"/>' if mode else "/>")
        for number, (kind, target, mode) in enumerate(targets, start=1)
    )
    return f'{XML}<Relationships xmlns="{OFFICE}/package/2006/relationships">{inner}</Relationships>'


def workbook_parts(sheet: str | bytes = "", main: str = MAIN) -> dict[str, str | bytes]:
    """The parts of a plain workbook with one sheet."""
    types = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="bin" ContentType="application/x"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/><Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    )
    return {
        "[Content_Types].xml": f'{XML}<Types xmlns="{OFFICE}/package/2006/content-types">{types}</Types>',
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml", "")),
        "xl/workbook.xml": f'{XML}<workbook xmlns="{OFFICE}/spreadsheetml/2006/main" xmlns:r="{OFFICE}/officeDocument/'
        '2006/relationships"><sheets><sheet name="List" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(("worksheet", "worksheets/sheet1.xml", "")),
        "xl/worksheets/sheet1.xml": sheet or sheet_xml(),
    }


def write_zip(path: Path, parts: Mapping[str, str | bytes], odd: Iterable[zipfile.ZipInfo] = ()) -> Path:
    """An archive with these parts, then the odd entries with one byte each."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        for info in odd:
            archive.writestr(info, b"x")
    return path


def odd_entry(name: str, mode: int = 0) -> zipfile.ZipInfo:
    """An entry with a name as it stands, whatever Python would make of it; ``mode`` as Unix keeps it."""
    info = zipfile.ZipInfo("x" * len(name))
    info.filename = info.orig_filename = name
    info.create_system, info.external_attr = 3, mode << 16
    return info


def bomb(path: Path) -> Path:
    """64 KB that unpack to 60 MB."""
    with zipfile.ZipFile(write_zip(path, workbook_parts()), "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(60_000_000))
    return path


def long_cell(path: Path, characters: int) -> Path:
    """A workbook with one very long text."""
    start, end = sheet_xml().split("Sample Network")
    return write_zip(path, workbook_parts(f"{start}{'a' * characters}{end}"))


def ole_file(path: Path, *streams: str) -> Path:
    """A compound file whose directory names these streams ([MS-CFB] 2.6: entries of 128 bytes)."""
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) + bytes(62)
        for name in ("Root Entry", *streams)
    )
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries.ljust(512, b"\0"))
    return path


def endless_list(path: Path, entries: int) -> Path:
    """An archive that lists so many parts, all of them the same one."""
    plain = write_zip(path, {"a": b"x"}).read_bytes()
    start = plain.index(b"PK\x01\x02")
    end = plain.index(b"PK\x05\x06")
    listed = plain[start:end] * entries
    tail = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 0xFFFF, 0xFFFF, len(listed), start, 0)
    path.write_bytes(plain[:start] + listed + tail)
    return path


def refused(path: Path, folder: Path, **hints: str) -> tuple[Problem, ...]:
    """The problems for which the file is not read."""
    try:
        printed = read_table(path, Hints(**hints), folder)
    except SourceError as error:
        return error.problems
    raise AssertionError(f"read: {printed.facts}")


def rows_of(printed: Printed) -> list[tuple[str, ...]]:
    """The entries as texts."""
    return [
        tuple(row[f"c{place}"] for place in range(1, len(printed.facts.header) + 1))
        for batch in printed.batches()
        for row in batch.to_pylist()
        if row["left_out"] is None
    ]
