"""Sheets of an OpenDocument spreadsheet (ods): read from its XML, and compared with python-calamine's values.

Belongs here: what a cell's attributes mean, so that an ods file gives the sheet that its xlsx twin gives. Does not
belong here: the XML (``workbook_ods_cells``).
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

from ingest.message import problem
from ingest.problem import Place, SourceError
from ingest.tables.grid import column_letters
from ingest.tables.workbook_comparison import differences, disagreement
from ingest.tables.workbook_ods_cells import OdsCell, OdsParser, OdsSheet, TooSpreadError
from ingest.tables.workbook_ods_styles import OdsStyles
from ingest.tables.workbook_package import Package
from ingest.tables.workbook_sheet import Sheet, clear_merged
from ingest.tables.workbook_values import NUMBER, clock_text, length_text, moment_text, number_text, string_text

DURATION = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d+))?S)?")
HYPERLINK = re.compile(r'[a-z]*:?=HYPERLINK\(\s*"((?:[^"]|"")*)".*', re.IGNORECASE | re.DOTALL)
MOST_COLUMNS = 16_384
ZEROS_FIRST = re.compile("0[0-9]+")


class OdsReader:
    """One spreadsheet, read once; sheets are made of it one after the other."""

    def __init__(self, path: Path, package: Package) -> None:
        """Read styles and sheets.

        Raises:
            ValueError, KeyError, expat.ExpatError: not readable. SourceError: endless repetition.
        """
        self._path = path
        parser = OdsParser()
        try:
            for part in ("styles.xml", "content.xml"):
                if package.has(part) or part == "content.xml":
                    parser.read(package.pieces(part))
        except TooSpreadError as error:
            rows, columns = error.args
            told = problem("sheet_too_spread", Place(path.name), rows=rows, columns=column_letters(columns))
            raise SourceError([told]) from error
        self.sheets, self._styles = parser.sheets, parser.styles

    def sheet(self, listed: OdsSheet) -> Sheet:
        """One sheet.

        Raises:
            SourceError: python-calamine reads other values. ValueError: a value that is none.
        """
        height = max(listed.rows, default=0)
        sheet = Sheet("ods", listed.name, [()] * height)
        sheet.merges = list(listed.merges)
        for first, last in listed.hidden_rows:
            sheet.hidden_rows.update(range(first, min(last, height) + 1))
        for first, last in listed.hidden_columns:
            sheet.hidden_columns.update(range(first, min(last, MOST_COLUMNS) + 1))
        for row, cells in listed.rows.items():
            for cell in cells:
                for column in range(cell.column, cell.column + cell.repeated):
                    self._add(sheet, row, column, cell)
        clear_merged(sheet)
        if found := list(differences(sheet, self._other_values(listed), False)):
            raise disagreement(self._path, sheet.name, found)
        return sheet

    def _add(self, sheet: Sheet, row: int, column: int, cell: OdsCell) -> None:
        text, marks = cell_text(cell, self._styles)
        sheet.put(row, column, text)
        for kind, said in marks:
            if kind in {"padded", "as_printed"}:
                sheet.found[kind].append((row, column))
            else:
                sheet.mark(row, column, kind, said)
        if cell.notes:
            sheet.mark(row, column, "note", "\n".join(cell.notes).strip())
        for target in cell.links[:1]:
            sheet.mark(row, column, "link", target)
        if self._styles.is_struck("table-cell", cell.style) or (cell.runs and all(cell.runs)):
            sheet.mark(row, column, "struck")
        elif any(cell.runs):
            sheet.found["partly_struck"].append((row, column))
        if colour := self._styles.colour(cell.style):
            sheet.mark(row, column, "colour", colour)

    def _other_values(self, listed: OdsSheet) -> list[list[Any]]:
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            with CalamineWorkbook.from_path(self._path) as workbook:
                place = self.sheets.index(listed)
                return workbook.get_sheet_by_index(place).to_python(skip_empty_area=False)
        except CalamineError as error:
            raise ValueError(str(error)) from error


def cell_text(cell: OdsCell, styles: OdsStyles) -> tuple[str, list[tuple[str, str]]]:
    """The text of a cell as its xlsx twin has it, and its marks."""
    attributes, printed = cell.attributes, string_text("\n".join(cell.lines))
    kind, formula = attributes.get("office:value-type", ""), attributes.get("table:formula", "")
    marks: list[tuple[str, str]] = []
    if formula and (link := HYPERLINK.fullmatch(formula)):
        marks.append(("link", link[1].replace('""', '"')))
    if attributes.get("calcext:value-type") == "error":
        return printed, [*marks, ("error", printed), ("as_printed", "")]
    if not kind and formula:
        return "", [*marks, ("no_value", formula.partition(":")[2] or formula)]
    if kind in {"float", "currency", "percentage"}:
        text, told = _number(float(attributes["office:value"]), kind, printed)
        return text, marks + told
    if kind in {"date", "time"}:
        text, told = _moment(attributes, styles.is_elapsed(cell.style))
        return text, marks + told
    if kind == "boolean":
        return ("TRUE" if attributes.get("office:boolean-value") == "true" else "FALSE"), marks
    text = printed or string_text(attributes.get("office:string-value", ""))
    if NUMBER.fullmatch(text):
        marks.append(("text_number", ""))
    return text, marks


def _number(number: float, kind: str, printed: str) -> tuple[str, list[tuple[str, str]]]:
    if kind == "percentage":
        return number_text(number), [("percent", printed)]
    # LibreOffice keeps a truth value that came from another program as a number that is shown as one.
    if printed in {"TRUE", "FALSE"}:
        return printed, [("as_printed", "")]
    if ZEROS_FIRST.fullmatch(printed) and float(printed) == number:
        return printed, [("padded", "")]
    return number_text(number), []


def _moment(attributes: dict[str, str], is_elapsed: bool) -> tuple[str, list[tuple[str, str]]]:
    if attributes["office:value-type"] == "time":
        # python-calamine leaves more than a day written as a duration.
        return _time(attributes["office:time-value"], is_elapsed), [("as_printed", "")]
    text = moment_text(datetime.datetime.fromisoformat(attributes["office:date-value"].removesuffix("Z")))
    return text, [("date", text)]


def _time(text: str, is_elapsed: bool) -> str:
    found = DURATION.fullmatch(text)
    if not found:
        raise ValueError(f"time {text}")
    days, hours, minutes, seconds = (int(found[group] or 0) for group in range(2, 6))
    micro = int((found[6] or "0")[:6].ljust(6, "0"))
    length = datetime.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=micro)
    if is_elapsed or found[1] or length >= datetime.timedelta(days=1):
        return length_text(-length if found[1] else length)
    return clock_text((datetime.datetime.min + length).time())
