"""Sheets of an OOXML workbook (xlsx, xlsm): values from python-calamine, all else from the sheet's own XML.

Belongs here: bringing the two together, cell by cell where a cell is unusual. Does not belong here: searching the XML
(``workbook_scan``), the second reading that is compared (``workbook_comparison``).
"""

from __future__ import annotations

import html
import re
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, SourceError
from ingest.tables.grid import column_letters
from ingest.tables.workbook_comparison import SecondReader
from ingest.tables.workbook_notes import notes_of, struck_strings
from ingest.tables.workbook_package import Book, Package, SheetPart
from ingest.tables.workbook_rewriting import rewritten
from ingest.tables.workbook_scan import NotPlainError, RawCell, Scan, Wanted, scan_sheet
from ingest.tables.workbook_sheet import Sheet, clear_merged
from ingest.tables.workbook_styles import CLOCK, DAY, PADDED, PERCENT, Style, styles_of
from ingest.tables.workbook_values import Values, day_of, moment_text, number_text, percent_text, read_rows

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

# A sheet of this size (about 200,000 cells) is looked at cell by cell; mappings are far smaller.
MAPPING_BYTES = 10_000_000
# Cells that a table of this many rows and columns would need; one stray cell far away asks for billions.
MOST_PLACES = 200_000_000
HYPERLINK = re.compile(r'\s*HYPERLINK\(\s*"((?:[^"]|"")*)"\s*(?:,\s*"((?:[^"]|"")*)"\s*)?\)\s*', re.IGNORECASE)
NO_STYLE = Style()
LOADED_AHEAD = ("openpyxl", "pyarrow.compute", "pyarrow.parquet")


class XlsxReader:
    """One open workbook; sheets are read one after the other."""

    def __init__(self, path: Path, kind: str, package: Package, book: Book) -> None:
        """Read what all sheets share: styles, and the shared strings that are struck through."""
        self._path, self._kind, self._package, self._book = path, kind, package, book
        self._second = SecondReader(path, package, book)
        self._styles = styles_of(package, book.styles)
        self._struck, self._partly_struck = struck_strings(package, book.strings)

    def sheet(self, listed: SheetPart) -> Sheet:
        """One sheet: its values, and what its XML says of them.

        Raises:
            SourceError: a cell so far away that the sheet cannot be kept. ValueError, ArithmeticError: not readable.
        """
        values, scan = self._values_and_scan(listed)
        # A small sheet may be changed in any cell, a large one is kept by column.
        sheet = Sheet(self._kind, listed.name, list(values.rows) if self.is_small(listed) else values.rows)
        for row, column in values.numbers_as_text:
            sheet.mark(row, column, "text_number")
        if values.has_odd_days and not self.is_small(listed):
            scan = self.scan(listed, every_day=True)
        sheet.is_1904 = self._book.is_1904
        sheet.listed_rows = scan.listed_rows
        sheet.merges = scan.merges
        sheet.hidden_rows = scan.hidden_rows
        width = sheet.width
        for first, last in scan.hidden_columns:
            sheet.hidden_columns.update(range(first, min(last, width) + 1))
        for cell in scan.cells:
            self._add(sheet, cell)
        sheet.settle()
        self._add_links(sheet, listed, scan)
        for (row, column), text in notes_of(self._package, listed.part).items():
            sheet.mark(row, column, "note", text)
        clear_merged(sheet)
        sheet.settle()
        sheet.problems += self._second.check(sheet, listed, scan.first_rows, self.is_small(listed))
        return sheet

    def _values_and_scan(self, listed: SheetPart) -> tuple[Values, Scan]:
        """Calamine parses without Python's lock, so a large sheet is searched at the same time."""
        if self.is_small(listed):
            scan = self.scan(listed)
            if scan.last_row * scan.width > MOST_PLACES:
                where = Place(self._path.name, sheet=listed.name)
                wide = column_letters(scan.width)
                raise SourceError([problem("sheet_too_spread", where, rows=scan.last_row, columns=wide)])
            return values_of(parsed(self._path, self._book, listed)), scan
        with ThreadPoolExecutor(1) as pool:
            later = pool.submit(parsed, self._path, self._book, listed)
            scan = self.scan(listed)
            # The parser is still at work, and what will be needed takes a moment to load.
            for name in LOADED_AHEAD:
                import_module(name)
            return values_of(later.result()), scan

    def is_small(self, listed: SheetPart) -> bool:
        """Whether every cell of the sheet is looked at; openpyxl loads all sheets, so all of them count."""
        return sum(self._package.size(each.part) for each in self._book.sheets if each.part) <= MAPPING_BYTES

    def scan(self, listed: SheetPart, every_day: bool = False) -> Scan:
        """What the sheet's XML says; in a large sheet the cells that are ordinary days are left alone."""
        wanted = Wanted(
            frozenset(
                number
                for number, style in enumerate(self._styles)
                if not style.is_plain and (self._is_unusual(style) or every_day or self.is_small(listed))
            ),
            self._struck | self._partly_struck,
            with_extent=self.is_small(listed),
        )
        try:
            return scan_sheet(self._package.pieces(listed.part), wanted)
        except NotPlainError:
            return scan_sheet(rewritten(self._package.pieces(listed.part)), wanted)

    @staticmethod
    def _is_unusual(style: Style) -> bool:
        return style.is_struck or bool(style.colour) or style.shows in {PERCENT, PADDED} or style.is_east_asian

    def _add(self, sheet: Sheet, cell: RawCell) -> None:
        style = self._styles[cell.style] if cell.style < len(self._styles) else NO_STYLE
        place = cell.row, cell.column
        if cell.kind == "e":
            sheet.put(*place, cell.value or "")
            sheet.mark(*place, "error", cell.value or "")
        elif cell.formula is not None:
            self._add_formula(sheet, cell)
        if cell.kind == "n" and cell.value:
            self._add_number(sheet, cell, style)
        if style.is_struck or self._is_string_struck(cell):
            sheet.mark(*place, "struck")
        elif cell.kind == "s" and cell.value and int(cell.value) in self._partly_struck:
            sheet.found["partly_struck"].append(place)
        if style.colour:
            sheet.mark(*place, "colour", style.colour)

    def _is_string_struck(self, cell: RawCell) -> bool:
        if cell.kind == "s" and cell.value:
            return int(cell.value) in self._struck
        runs = re.findall(r"<r>(.*?)</r>", cell.inline, re.DOTALL)
        return bool(runs) and all(re.search(r'<strike(?:/| val="(?:1|true)")', run) for run in runs)

    def _add_formula(self, sheet: Sheet, cell: RawCell) -> None:
        """A formula is never computed; one that only names an address is that address."""
        formula = cell.formula or ""
        # A text of no signs is a value: Excel keeps ="" so.
        has_value = bool(cell.value) or (cell.kind == "str" and cell.value is not None)
        if link := HYPERLINK.fullmatch(formula.removeprefix("_xlfn.")):
            target, label = (part.replace('""', '"') if part else "" for part in link.groups())
            sheet.mark(cell.row, cell.column, "link", target)
            if not has_value:
                sheet.put(cell.row, cell.column, label or target)
                sheet.found["link_text"].append((cell.row, cell.column))
        elif not has_value:
            sheet.mark(cell.row, cell.column, "no_value", f"={formula}")

    def _add_number(self, sheet: Sheet, cell: RawCell, style: Style) -> None:
        number, place = float(cell.value or 0), (cell.row, cell.column)
        if style.shows == PERCENT:
            sheet.mark(*place, "percent", percent_text(number, style.digits))
        elif style.shows == PADDED and number.is_integer() and number >= 0:
            shown = number_text(number).zfill(style.digits)
            if shown != sheet.text(*place):
                sheet.put(*place, shown)
                sheet.found["padded"].append(place)
        elif style.shows == DAY or (style.shows == CLOCK and not 0 <= number < 1):
            moment = day_of(number, self._book.is_1904)
            if moment:
                sheet.put(*place, moment_text(moment))
                sheet.mark(*place, "date", moment_text(moment))
            else:
                sheet.put(*place, number_text(number))
                sheet.mark(*place, "error", number_text(number))
                sheet.found["odd_day"].append(place)

    def _add_links(self, sheet: Sheet, listed: SheetPart, scan: Scan) -> None:
        if not scan.links:
            return
        width = sheet.width
        relations = self._package.relations(listed.part)
        for link in scan.links:
            relation = relations.get(link.relation)
            target = html.unescape(relation.target if relation and relation.is_external else "")
            target += f"#{link.location}" if link.location else ""
            span = link.span
            for row in range(span.first_row, min(span.last_row, span.first_row + 1000) + 1):
                for column in range(span.first_column, min(span.last_column, width) + 1):
                    if (row, column) == (span.first_row, span.first_column) or sheet.text(row, column):
                        sheet.mark(row, column, "link", target)


def parsed(path: Path, book: Book, listed: SheetPart) -> CalamineSheet:
    """A sheet as python-calamine keeps it.

    Raises:
        ValueError: python-calamine cannot read it, or lists other sheets than the workbook itself.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as workbook:
            if workbook.sheet_names != [each.name for each in book.sheets]:
                raise ValueError(f"sheets {workbook.sheet_names}")
            return workbook.get_sheet_by_index(book.sheets.index(listed))
    except CalamineError as error:
        raise ValueError(str(error)) from error
    except BaseException as error:
        # How a Rust program says that it met what it never expected; no Exception, so nobody else would catch it.
        if type(error).__name__ == "PanicException":
            raise ValueError(f"python-calamine stopped: {error}") from error
        raise


def values_of(sheet: CalamineSheet) -> Values:
    """Its rows from the first of the sheet, as text; python-calamine leaves empty columns on the left out."""
    return read_rows(sheet.iter_rows(), sheet.start[1] + 1) if sheet.start else read_rows([])
