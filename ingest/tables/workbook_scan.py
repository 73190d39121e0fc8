"""What the XML of one sheet says beside its values, found without building three million objects.

Belongs here: merged blocks, hidden rows and columns, links, and the few cells worth a closer look (errors, formulas,
styles that mean something), each with its raw content. Does not belong here: what a style or a value means.

A sheet is read once, a piece at a time. Pieces in which no byte sequence of interest occurs are only searched, which
costs a hundredth of parsing them; what stands around the rows is parsed as XML. The search needs cells written
``<c r="..."``; XML that is written otherwise is first rewritten (``workbook_rewriting``).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ingest.tables.byte_search import holds
from ingest.tables.grid import Span

ROWS_BEGIN = re.compile(rb"<sheetData\s*(/?)>")
ROWS_END = b"</sheetData>"
ROW_END = b"</row>"
CELL = b'<c r="'
ROW_NUMBER = re.compile(rb'<row [^>]*?\br="([0-9]{1,7})"')
# A sheet's address: letters, then a number.
ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


class NotPlainError(ValueError):
    """The XML is right but not written in the form that can be searched."""


@dataclass(frozen=True)
class RawCell:
    """A cell as the XML has it: ``value`` is None without ``<v>``, ``formula`` None without ``<f>``."""

    row: int
    column: int
    style: int
    kind: str
    value: str | None
    formula: str | None
    inline: str


@dataclass(frozen=True)
class Link:
    """A hyperlink over a block of cells: a relation's id, or a place in the workbook itself."""

    span: Span
    relation: str
    location: str


@dataclass
class Scan:
    """What was found. ``width`` and ``last_row`` cover the cells with content, ``n_cells`` all that are listed."""

    merges: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    cells: list[RawCell] = field(default_factory=list)
    n_cells: int = 0
    last_row: int = 0
    width: int = 0
    listed_rows: int = 0
    first_rows: bytes = b""


@dataclass(frozen=True)
class Wanted:
    """Which cells are worth a closer look: these styles, these shared strings, formulas and errors always."""

    styles: frozenset[int] = frozenset()
    strings: frozenset[int] = frozenset()
    with_extent: bool = True

    def pattern(self) -> tuple[tuple[bytes, ...], re.Pattern[bytes]]:
        """Byte sequences without which a piece holds no such cell, and the expression that finds the cells."""
        signs = [b't="e"', b't="d"', b"<f", b"<strike", *(b' s="%d"' % style for style in self.styles)]
        ahead = [rb'[^>/]* t="[ed]"', rb"[^>/]*><f", rb"[^>/]*><is><r>"]
        if self.styles:
            ahead.append(rb'[^>/]* s="(?:%s)"' % b"|".join(b"%d" % style for style in sorted(self.styles)))
        if self.strings:
            numbers = b"|".join(b"%d" % string for string in sorted(self.strings))
            ahead.append(rb'[^>/]* t="s"[^>/]*><v>(?:%s)</v>' % numbers)
            signs += [b"<v>%d</v>" % string for string in self.strings]
        return tuple(signs), re.compile(
            rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?=' + b"|".join(ahead) + rb")([^>/]*)>"
            rb"(?:<f([^>/]*)(?:/>|>([^<]*)</f>))?(?:<v[^>/]*>([^<]*)</v>|<is>(.*?)</is>)?",
            re.DOTALL,
        )


def scan_sheet(pieces: Iterable[bytes], wanted: Wanted) -> Scan:
    """Read one sheet's XML.

    Raises:
        NotPlainError: not written in the form that can be searched. ValueError: a document type, or no sheet.
    """
    scan = Scan()
    around = _Around(scan)
    signs, pattern = wanted.pattern()
    stream = iter(pieces)
    head, rows = _head(stream)
    around.feed(head)
    for block, tail in _blocks(rows, stream):
        if not scan.first_rows:
            scan.first_rows = head + block
        _scan_rows(block, signs, pattern, scan, wanted.with_extent)
        if tail:
            around.feed(tail)
    for rest in stream:
        around.feed(rest)
    around.close()
    return scan


def _head(stream: Iterator[bytes]) -> tuple[bytes, bytes]:
    """The part up to and with ``<sheetData>``, and what of the rows came with it."""
    held = b""
    for piece in stream:
        held += piece
        if found := ROWS_BEGIN.search(held):
            if b"<!" in held[: found.start()]:
                raise NotPlainError("a comment or a document type before the rows")
            return held[: found.end()], held[found.end() :]
        if len(held) > 64 * len(piece):
            break
    raise NotPlainError("no <sheetData> in the sheet")


def _blocks(held: bytes, stream: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Whole rows, a piece at a time; with the last of them what follows the rows."""
    while True:
        end = held.find(ROWS_END)
        if end >= 0:
            yield held[:end], held[end:]
            return
        # What stands before the last row that begins is whole, also where rows are empty and close themselves.
        whole = held.rfind(b"<row")
        if whole > 0:
            yield held[:whole], b""
            held = held[whole:]
        piece = next(stream, b"")
        if not piece:
            # An empty <sheetData/>: everything left stands after it.
            yield b"", held
            return
        held += piece


def _scan_rows(
    block: bytes, signs: tuple[bytes, ...], pattern: re.Pattern[bytes], scan: Scan, with_extent: bool
) -> None:
    n_cells = block.count(CELL)
    # Inside rows nothing but a cell begins with <c; single quotes and comments would hide attributes from the search.
    if block.count(b"<c") != n_cells or holds(block, b"<!") or holds(block, b"='"):
        raise NotPlainError("cells written in another form")
    scan.n_cells += n_cells
    if holds(block, b"hidden="):
        _hidden_rows(block, scan)
    if with_extent:
        _extent(block, scan)
    if (start := block.rfind(b"<row ")) >= 0 and (number := ROW_NUMBER.match(block, start)):
        scan.listed_rows = max(scan.listed_rows, int(number[1]))
    if any(holds(block, sign) for sign in signs):
        scan.cells += [_raw(found) for found in pattern.finditer(block)]


def _hidden_rows(block: bytes, scan: Scan) -> None:
    for row in re.finditer(rb"<row([^>]*)>", block):
        if re.search(rb'\shidden="(?:1|true)"', row[1]):
            number = re.search(rb'\sr="([0-9]{1,7})"', row[1])
            if not number:
                raise NotPlainError("a hidden row without its number")
            scan.hidden_rows.add(int(number[1]))


def _extent(block: bytes, scan: Scan) -> None:
    """Rows and columns up to the last cell with content: empty cells with a style count for nothing."""
    last = -1
    for row in block.split(ROW_END):
        end = row.rfind(b"</c>")
        if end >= 0:
            start = row.rfind(CELL, 0, end) + len(CELL)
            last, name = start, row[start : row.find(b'"', start)]
            scan.width = max(scan.width, column_number(name.rstrip(b"0123456789").decode()))
    if last >= 0:
        scan.last_row = max(scan.last_row, int(name.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")))


def _raw(found: re.Match[bytes]) -> RawCell:
    letters, row, attributes, formula_attributes, formula, value, inline = found.groups()
    style, kind = re.search(rb' s="([0-9]+)"', attributes), re.search(rb' t="(\w+)"', attributes)
    return RawCell(
        int(row), column_number(letters.decode()),
        int(style[1]) if style else 0, kind[1].decode() if kind else "n",
        None if value is None else _text(value),
        None if formula_attributes is None else _text(formula or b""),
        (inline or b"").decode(),
    )  # fmt: skip


def _text(content: bytes) -> str:
    return html.unescape(content.decode("utf-8", errors="replace"))


def column_number(letters: str) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def span_of(reference: str) -> Span | None:
    """The block that ``B2:C7`` or ``B2`` names; None for what is no reference."""
    corners = [ADDRESS.fullmatch(corner) for corner in reference.split(":")]
    if len(corners) not in {1, 2} or None in corners:
        return None
    places = [(int(each[2]), column_number(each[1])) for each in corners if each]
    (top, left), (bottom, right) = places[0], places[-1]
    return Span(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


class _Around:
    """The sheet's XML without its rows: columns before them, merged blocks and links after."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)

    def close(self) -> None:
        self._parser.Parse(b"", True)

    def _refuse(self, *_: object) -> None:
        raise ValueError("a document type in a sheet")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "col" and attributes.get("hidden") in {"1", "true"}:
            self._scan.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))
        elif name == "mergeCell" and (span := span_of(attributes.get("ref", ""))):
            self._scan.merges.append(span)
        elif name == "hyperlink" and (span := span_of(attributes.get("ref", ""))):
            named = {key.rpartition(":")[2]: value for key, value in attributes.items()}
            self._scan.links.append(Link(span, named.get("id", ""), named.get("location", "")))
