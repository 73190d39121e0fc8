"""One page of a PDF: its text, its tables with merged cells filled, and where each row stands.

Belongs here: what the PDF library says of a page, put into rows. Does not belong here: opening the file, tables that go
on over pages (``pdf_file``).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ingest.problem import Place, SourceError
from ingest.tables.grid import Span
from ingest.tables.header import Header, find_header
from ingest.tables.merged_cells import fill_merges
from ingest.tables.pdf_unruled import unruled_regions
from ingest.tables.printed import Hints

RULED: dict[str, Any] = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}
# A frame around one text is no table.
FEWEST_ROWS, FEWEST_COLUMNS = 2, 2
# No blank is printed between signs of these scripts, so a line that wraps brings none.
UNSPACED = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")

# A glyph may reach over the line beside it by this much, in points; words part at the gap of one point.
OVER_EDGE, WORD_GAP = 1.5, 1.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class TableRow:
    """One row: its texts, its page, and its box in points from the top left corner (left, top, right, bottom)."""

    texts: tuple[str, ...]
    page: int
    position: str


@dataclass(frozen=True)
class PageTable:
    """A table on one page: the names of its columns and its rows; whether its columns were told from words alone.

    ``torn`` are words that a line of the table goes through: a part of them is read in the next cell, or not at all.
    """

    names: tuple[str, ...]
    rows: tuple[TableRow, ...]
    is_guessed: bool = False
    torn: tuple[str, ...] = ()


def text_hash(page: Any) -> str:
    """SHA-256 of the page's signs in their order, without blanks and in one width: the same however it is laid out."""
    signs = "".join(sign["text"] for sign in page.chars)
    plain = "".join(unicodedata.normalize("NFKC", signs).split())
    return hashlib.sha256(plain.encode("utf-8", errors="backslashreplace")).hexdigest()


def tables_of(page: Any, file: str) -> Iterator[PageTable]:
    """Every table of the page from top to bottom."""
    found = page.find_tables(RULED)
    words = page.extract_words(x_tolerance=WORD_GAP) if found else []
    placed = [
        (each.bbox[1], replace(table, torn=tuple(_torn(words, each))))
        for each in found
        if (table := _table(each, page.page_number, file))
    ]
    for region, settings in unruled_regions(page):
        if not any(_overlap(region, each.bbox) for each in found):
            for each in page.crop(region).find_tables(settings):
                if table := _table(each, page.page_number, file):
                    placed.append((region[1], replace(table, is_guessed=True)))
    yield from (table for _, table in sorted(placed, key=lambda each: each[0]))


def _torn(words: list[dict[str, Any]], table: Any) -> Iterator[str]:
    """Words of the table that no cell holds from their first to their last sign."""
    left, top, right, bottom = table.bbox
    for word in words:
        middle = (word["top"] + word["bottom"]) / 2
        if not (top <= middle <= bottom and left < word["x1"] and word["x0"] < right):
            continue
        beside = [box for box in table.cells if box[1] <= middle <= box[3]]
        if not any(box[0] - OVER_EDGE <= word["x0"] and word["x1"] <= box[2] + OVER_EDGE for box in beside):
            yield word["text"]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _table(found: Any, page: int, file: str) -> PageTable | None:
    lefts, tops = sorted({box[0] for box in found.cells}), sorted({box[1] for box in found.cells})
    if len(tops) < FEWEST_ROWS or len(lefts) < FEWEST_COLUMNS:
        return None
    texts = [[one_line(text or "") for text in row] for row in found.extract()]
    spans = list(_spans(found.cells, lefts, tops))
    header = _header(texts, spans, Place(file, page=page))
    if header is None:
        return None
    rows = fill_merges(texts, spans, header, len(texts), Place(file, page=page)).rows
    left, _, right, bottom = found.bbox
    edges = [*tops, bottom]
    return PageTable(
        header.names,
        tuple(
            TableRow(
                tuple(rows[number][column - 1] for column in header.columns), page,
                " ".join(f"{edge:.1f}" for edge in (left, edges[number], right, edges[number + 1])),
            )
            for number in range(header.last_row, len(rows))
        ),
    )  # fmt: skip


def _header(texts: list[list[str]], spans: list[Span], where: Place) -> Header | None:
    """The header by its shape, or else the first row: a report prints no table without one."""
    for hints in (Hints(), Hints(header_row=1)):
        try:
            return find_header(texts, hints, spans, where)
        except SourceError:
            continue
    return None


def _spans(cells: list[Box], lefts: list[float], tops: list[float]) -> Iterator[Span]:
    """The cells that cover more than one place of the grid."""
    for left, top, right, bottom in cells:
        columns = [place for place, edge in enumerate(lefts, start=1) if left <= edge < right]
        rows = [place for place, edge in enumerate(tops, start=1) if top <= edge < bottom]
        if len(columns) > 1 or len(rows) > 1:
            yield Span(rows[0], columns[0], rows[-1], columns[-1])


def one_line(text: str) -> str:
    """The lines of a cell as one: with a blank between them where the script has blanks, without one elsewhere."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    whole = lines[0] if lines else ""
    for line in lines[1:]:
        is_unspaced = UNSPACED.match(whole[-1]) and UNSPACED.match(line[0])
        whole += line if is_unspaced or whole.endswith("-") else f" {line}"
    return whole
