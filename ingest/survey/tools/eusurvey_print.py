"""How the header of an EUSurvey workbook is printed: bold for a question, not bold for an option.

Belongs here: the style of the cells of one row, read without the rest of the sheet. Does not belong here: what follows
from it (``eusurvey_header``).
"""

from __future__ import annotations

import re
from pathlib import Path

from ingest.survey.tools.eusurvey_sheets import Workbook
from ingest.tables.workbook import UNREADABLE
from ingest.tables.workbook_package import Package, book_of, child, children, is_on

STYLED = {"xlsx", "xlsm"}
# Rows of a header may be long; what is not found in so many bytes is taken for not printed in a way that tells.
MOST_BYTES = 4_000_000
CELL = re.compile(rb'<c r="([A-Z]{1,3})[0-9]+"(?: t="\w+")?(?: s="([0-9]{1,6})")?')


def bold_headers(path: Path, book: Workbook, kind: str) -> tuple[bool, ...]:
    """For each column whether its header is bold; all False where nothing tells (ods is never split)."""
    is_bold: dict[str, bool] = {}
    if kind in STYLED:
        try:
            with Package(path) as package:
                is_bold = _printed(package, book)
        except UNREADABLE:
            # The values were read; how they are printed is not needed to read on.
            is_bold = {}
    # Without a cell of its own a header is that of a question without a title.
    found = tuple(is_bold.get(each.letters, True) for each in book.headings)
    return found if any(is_bold.values()) else (False,) * len(found)


def _printed(package: Package, book: Workbook) -> dict[str, bool]:
    """Letters of each column, as the headings have them, to whether its header is bold."""
    listed = book_of(package)
    bold = _bold_styles(package, listed.styles)
    parts = {each.name: each.part for each in listed.sheets}
    found = {}
    for number, (sheet, row) in enumerate(zip(book.sheets, book.header_rows, strict=True)):
        for letters, style in CELL.findall(_row(package, parts[sheet], row)):
            name = letters.decode()
            found[f"{sheet}!{name}" if number else name] = int(style or 0) in bold
    return found


def _bold_styles(package: Package, part: str) -> set[int]:
    """Numbers of the cell styles whose font is bold."""
    root = package.tree(part)
    fonts = [is_on(child(font, "b")) for group in children(root, "fonts") for font in group]
    styles = [int(each.get("fontId", 0)) for group in children(root, "cellXfs") for each in group]
    return {number for number, font in enumerate(styles) if font < len(fonts) and fonts[font]}


def _row(package: Package, part: str, row: int) -> bytes:
    """The XML of one row, as far as it stands near the top; nothing where it is written in another way."""
    text = b""
    for piece in package.pieces(part):
        text += piece
        start = text.find(b'<row r="%d"' % row)
        end = text.find(b"</row>", start) if start >= 0 else -1
        if end >= 0:
            return text[start:end]
        if len(text) > MOST_BYTES:
            break
    return b""
