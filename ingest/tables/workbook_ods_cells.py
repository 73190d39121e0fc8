"""The cells of an OpenDocument spreadsheet as they pass by, one sheet after the other.

Belongs here: rows and cells with their repetitions, texts, comments and links. Does not belong here: what is told of
them (``workbook_sheet``), opening the file (``workbook_ods``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ingest.tables.grid import Span
from ingest.tables.workbook_ods_styles import Attributes, OdsStyles

# Rows and filled cells beyond which a file is not what a person made: a repetition can ask for billions.
MOST_ROWS = 1_048_576
MOST_CELLS = 20_000_000
# Usual prefixes that are not the last word of their namespace.
PREFIXES = {"datastyle": "number", "drawing": "draw", "xsl-fo-compatible": "fo"}


class TooSpreadError(Exception):
    """A sheet larger than a spreadsheet program shows; carries rows and columns."""


@dataclass
class OdsCell:
    """A filled cell: its attributes, its printed text, and what hangs on it."""

    column: int
    repeated: int
    style: str
    attributes: Attributes
    lines: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    runs: list[bool] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Neither value nor text nor formula nor comment."""
        kinds = ("office:value-type", "table:formula")
        return not (self.lines or self.notes or any(kind in self.attributes for kind in kinds))


@dataclass
class OdsSheet:
    """A sheet: its rows with anything in them, by number."""

    name: str
    is_shown: bool
    rows: dict[int, list[OdsCell]] = field(default_factory=dict)
    merges: list[Span] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    @property
    def state(self) -> str:
        """visible or hidden."""
        return "visible" if self.is_shown else "hidden"


class OdsParser:
    """Turns the XML of ``styles.xml`` and ``content.xml`` into sheets."""

    def __init__(self) -> None:
        """Nothing read yet."""
        self.styles = OdsStyles()
        self.sheets: list[OdsSheet] = []
        self._sheet: OdsSheet | None = None
        self._column_styles: list[tuple[int, str]] = []
        self._row = self._row_repeated = self._column = self._n_columns = self._n_cells = 0
        self._row_style = ""
        self._cells: list[OdsCell] = []
        self._cell: OdsCell | None = None
        self._text: list[str] | None = None
        self._struck: list[bool] = []
        # Depth inside what is no text of the cell: drawings, reading aids, the date and author of a comment.
        self._skipped = 0
        self._in_note = False
        self._names: dict[str, str] = {}

    def read(self, pieces: Iterator[bytes]) -> None:
        """Read one part.

        Raises:
            ValueError: a document type. expat.ExpatError: no XML. TooSpreadError: endless repetition.
        """
        parser = expat.ParserCreate(namespace_separator="|")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _refuse
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)

    def _named(self, full: str) -> str:
        """A name with the usual prefix of its namespace, whatever prefix the file uses."""
        if full not in self._names:
            space, _, name = full.rpartition("|")
            parts = re.sub(r":[0-9.]+$", "", space).split(":")
            last = parts[-1].rpartition("/")[2] or parts[-1]
            self._names[full] = f"{PREFIXES.get(last, last)}:{name}"
        return self._names[full]

    def _start(self, tag: str, attributes: Attributes) -> None:
        name = self._named(tag)
        named = {self._named(key): value for key, value in attributes.items()}
        if name in _STARTS:
            _STARTS[name](self, named)
        elif self._sheet is None:
            self.styles.start(name, named)
        elif name in _SKIPPED:
            self._skipped += 1
        elif self._text is not None:
            self._inside_text(name, named)

    def _inside_text(self, name: str, attributes: Attributes) -> None:
        text = self._text if self._text is not None else []
        if name == "text:s":
            text.append(" " * min(int(attributes.get("text:c", 1)), 32_767))
        elif name == "text:tab":
            text.append("\t")
        elif name == "text:line-break":
            text.append("\n")
        elif name == "text:span":
            self._struck.append(self.styles.is_struck("text", attributes.get("text:style-name", "")))
        elif name == "text:a" and self._cell is not None and not self._in_note:
            self._cell.links.append(attributes.get("xlink:href", ""))

    def _end(self, tag: str) -> None:
        name = self._named(tag)
        if name in _ENDS:
            _ENDS[name](self)
        elif self._sheet is None:
            self.styles.end(name)
        elif name in _SKIPPED:
            self._skipped -= 1
        elif name == "text:span" and self._struck:
            self._struck.pop()

    def _characters(self, text: str) -> None:
        if self._text is None or self._skipped:
            return
        self._text.append(text)
        if self._cell is not None and not self._in_note and text.strip():
            self._cell.runs.append(any(self._struck))

    def _start_table(self, attributes: Attributes) -> None:
        shown = self.styles.is_shown(attributes.get("table:style-name", ""))
        self._sheet = OdsSheet(attributes.get("table:name", ""), shown)
        self.sheets.append(self._sheet)
        self._row = self._n_columns = 0
        self._column_styles = []

    def _end_table(self) -> None:
        self._sheet = None

    def _start_column(self, attributes: Attributes) -> None:
        first, self._n_columns = self._n_columns + 1, self._n_columns + _repeats(attributes, "columns")
        self._column_styles.append((self._n_columns, attributes.get("table:default-cell-style-name", "")))
        if self._sheet is not None and attributes.get("table:visibility", "visible") != "visible":
            self._sheet.hidden_columns.append((first, self._n_columns))

    def _start_row(self, attributes: Attributes) -> None:
        self._row_repeated = _repeats(attributes, "rows")
        self._row_style = attributes.get("table:default-cell-style-name", "")
        self._column, self._cells = 0, []
        if self._sheet is not None and attributes.get("table:visibility", "visible") != "visible":
            self._sheet.hidden_rows.append((self._row + 1, self._row + self._row_repeated))

    def _end_row(self) -> None:
        if self._cells and self._sheet is not None:
            last = self._row + self._row_repeated
            self._n_cells += self._row_repeated * sum(cell.repeated for cell in self._cells)
            if last > MOST_ROWS or self._n_cells > MOST_CELLS:
                raise TooSpreadError(last, self._column)
            for row in range(self._row + 1, last + 1):
                self._sheet.rows[row] = self._cells
        self._row += self._row_repeated

    def _start_cell(self, attributes: Attributes) -> None:
        repeated = _repeats(attributes, "columns")
        style = attributes.get("table:style-name") or self._row_style or self._column_style(self._column + 1)
        self._cell = OdsCell(self._column + 1, repeated, style, attributes)
        self._column += repeated

    def _end_cell(self) -> None:
        cell, self._cell = self._cell, None
        if cell is None or self._sheet is None:
            return
        rows, columns = (int(cell.attributes.get(f"table:number-{what}-spanned", 1)) for what in ("rows", "columns"))
        if rows > 1 or columns > 1:
            row, column = self._row + 1, cell.column
            self._sheet.merges.append(Span(row, column, row + rows - 1, column + columns - 1))
        if not cell.is_empty:
            self._cells.append(cell)

    def _column_style(self, column: int) -> str:
        return next((style for last, style in self._column_styles if column <= last), "")

    def _start_paragraph(self, _: Attributes) -> None:
        if self._cell is not None and not self._skipped:
            self._text = []

    def _end_paragraph(self) -> None:
        if self._cell is not None and self._text is not None and not self._skipped:
            (self._cell.notes if self._in_note else self._cell.lines).append("".join(self._text))
        self._text = None if not self._skipped else self._text

    def _start_note(self, _: Attributes) -> None:
        self._in_note = True

    def _end_note(self) -> None:
        self._in_note = False


def _refuse(*_: object) -> None:
    raise ValueError("a document type in the spreadsheet")


def _repeats(attributes: Attributes, what: str) -> int:
    return max(int(attributes.get(f"table:number-{what}-repeated", 1)), 1)


# Drawings hold text of their own; ruby text says how a name is pronounced.
_SKIPPED = {"table:shapes", "text:ruby-text", "draw:frame", "draw:custom-shape", "table:tracked-changes"}
_STARTS = {
    "table:table": OdsParser._start_table,
    "table:table-column": OdsParser._start_column,
    "table:table-row": OdsParser._start_row,
    "table:table-cell": OdsParser._start_cell,
    "table:covered-table-cell": OdsParser._start_cell,
    "text:p": OdsParser._start_paragraph,
    "office:annotation": OdsParser._start_note,
}
_ENDS = {
    "table:table": OdsParser._end_table,
    "table:table-row": OdsParser._end_row,
    "table:table-cell": OdsParser._end_cell,
    "table:covered-table-cell": OdsParser._end_cell,
    "text:p": OdsParser._end_paragraph,
    "office:annotation": OdsParser._end_note,
}
