"""A second reading of a sheet, compared with the first cell by cell: two programs that agree are seldom both wrong.

Belongs here: openpyxl's reading, the differences that are known to mean nothing, and telling the others. Does not
belong here: the first reading. openpyxl keeps a kilobyte for a cell, so of a large sheet only the first rows are
compared, as a small workbook of their own.
"""

from __future__ import annotations

import io
import itertools
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.grid import Span, address
from ingest.tables.workbook_package import Book, Package, SheetPart
from ingest.tables.workbook_sheet import Sheet
from ingest.tables.workbook_values import column_texts, day_of, moment_text, string_text

# Cells of a large sheet that are read a second time: a tenth of a second.
SAMPLE_CELLS = 3_000
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = {"/xl/workbook.xml": "sheet.main", "/xl/s.xml": "worksheet", "/xl/strings.xml": "sharedStrings",
         "/xl/styles.xml": "styles"}  # fmt: skip


class NotComparedError(Exception):
    """openpyxl cannot open the workbook for a reason that says nothing about its values."""


class SecondReader:
    """openpyxl's reading of a workbook: opened once, and not at all where no sheet is small."""

    def __init__(self, path: Path, package: Package, book: Book) -> None:
        """Nothing is read before a sheet is compared."""
        self._path, self._package, self._book = path, package, book
        self._loaded: Any = None

    def check(self, sheet: Sheet, listed: SheetPart, xml: bytes, whole: bool) -> list[Problem]:
        """Compare a sheet: values and structure of a whole one, or the first rows of one whose XML begins so.

        Returns what is to be told of what was not compared.

        Raises:
            SourceError: the readings differ, or openpyxl finds no XML where there should be.
        """
        try:
            if not whole:
                return self._check_first_rows(sheet, xml)
            if self._loaded is None:
                # All sheets are loaded at once, whichever is asked for.
                self._loaded = opened(self._path, self._path.name)
        except NotComparedError as error:
            return [problem("not_compared", Place(self._path.name, sheet=sheet.name), detail=error)]
        self._compare(sheet, self._loaded[listed.name], 0)
        return []

    def _check_first_rows(self, sheet: Sheet, xml: bytes) -> list[Problem]:
        ends = list(itertools.islice(re.finditer(b"</row>", xml), max(SAMPLE_CELLS // (sheet.width or 1), 1)))
        rows = xml[: ends[-1].end()] if ends else xml
        n_rows = max((int(each[1]) for each in re.finditer(rb'<c r="[A-Z]+([0-9]+)"', rows)), default=1)
        small = sample_workbook(self._package, self._book, rows)
        self._compare(sheet, opened(small, self._path.name).worksheets[0], n_rows)
        if n_rows >= len(sheet.rows):
            return []
        return [problem("compared_in_part", Place(self._path.name, sheet=sheet.name), rows=n_rows)]

    def _compare(self, sheet: Sheet, other: Any, n_rows: int) -> None:
        # Asked for rows, openpyxl makes every empty cell up to the last one that has a style: millions of them.
        values = {place: cell.value for place, cell in other._cells.items() if cell.value not in {None, ""}}
        height, width = min(n_rows or len(sheet.rows), len(sheet.rows)), sheet.width
        rows = [[values.get((row, column)) for column in range(1, width + 1)] for row in range(1, height + 1)]
        found = list(differences(sheet, rows, self._book.is_1904))
        found += [
            f"{address(row, column)}: '' / '{_short(str(value))}'"
            for (row, column), value in values.items()
            if str(value).strip() and (column > width or row > height) and row <= (n_rows or row)
        ]
        if not n_rows:
            found += structural(sheet, other)
        if found:
            raise disagreement(self._path, sheet.name, found)


def opened(source: Path | io.BytesIO, name: str) -> Any:
    """openpyxl's workbook with the values that the file keeps.

    Raises:
        NotComparedError: styles that openpyxl does not accept. SourceError: it cannot read the values.
    """
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return openpyxl.load_workbook(source, data_only=True)
        # Its readers raise whatever the odd content led to: TypeError, KeyError, IndexError, ValueError, ...
        except Exception as error:
            # Other programs write styles that spreadsheet programs accept and openpyxl does not; no value is in them.
            if isinstance(error, TypeError) or "stylesheet" in str(error):
                raise NotComparedError(f"openpyxl: {error}") from error
            found = f"openpyxl: {type(error).__name__} {error}"
            raise SourceError([problem("readers_disagree", Place(name), count=1, places=found)]) from error


def disagreement(path: Path, sheet: str, found: Sequence[str]) -> SourceError:
    """The error that names the cells and both readings."""
    shown = "; ".join(found[:3])
    more = f" (+{len(found) - 3})" if len(found) > 3 else ""
    return SourceError(
        [problem("readers_disagree", Place(path.name, sheet=sheet), count=len(found), places=shown + more)]
    )


def differences(sheet: Sheet, other: Sequence[Sequence[Any]], is_1904: bool) -> Iterable[str]:
    """Cells whose texts differ for no known reason, with both readings."""
    known = {
        place for kind in ("odd_day", "padded", "under_merge", "link_text", "as_printed") for place in sheet.found[kind]
    }
    days = {(each.row, each.column) for each in sheet.marks if each.kind == "date"}
    width, height = max(sheet.width, max(map(len, other), default=0)), len(other)
    ours = zip(*(_filled(row, width, "") for row in sheet.rows[:height]), strict=True)
    theirs = zip(*(_filled(row, width, None) for row in other), strict=True)
    for column, (texts, read) in enumerate(zip(ours, theirs, strict=True), start=1):
        values = ["" if value is None else value for value in read]
        for row, (first, second) in enumerate(zip(texts, column_texts(values), strict=True), start=1):
            if first == second or (row, column) in known:
                continue
            value = values[row - 1]
            if isinstance(value, str) and first.strip() == plain(value).strip():
                continue
            if (row, column) in days and _is_day(value, first, is_1904):
                continue
            yield f"{address(row, column)}: '{_short(first)}' / '{_short(second)}'"


def _filled(row: Sequence[Any], width: int, empty: Any) -> Sequence[Any]:
    return row if len(row) == width else (*row, *[empty] * (width - len(row)))


def plain(text: str) -> str:
    """openpyxl leaves signs that XML cannot hold written out: ``_x000D_`` is a carriage return."""
    return string_text(ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))


def _is_day(value: Any, text: str, is_1904: bool) -> bool:
    """A number under a date format that openpyxl does not know as one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    moment = day_of(value, is_1904)
    return moment is not None and moment_text(moment) == text


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"


def structural(sheet: Sheet, other: Any) -> list[str]:
    """Merged blocks, hidden rows and hidden columns on which the readings differ."""
    merges = {Span(r.min_row, r.min_col, r.max_row, r.max_col) for r in other.merged_cells.ranges}
    found = [f"{_block(span)}: merged" for span in sorted(merges ^ set(sheet.merges), key=str)]
    rows = {row for row, dimension in other.row_dimensions.items() if dimension.hidden}
    found += [f"row {row}: hidden" for row in sorted(rows ^ sheet.hidden_rows)]
    columns: set[int] = set()
    for dimension in other.column_dimensions.values():
        if dimension.hidden and dimension.min:
            columns.update(range(dimension.min, min(dimension.max, sheet.width) + 1))
    return found + [f"column {address(1, column)[:-1]}: hidden" for column in sorted(columns ^ sheet.hidden_columns)]


def _block(span: Span) -> str:
    return f"{address(span.first_row, span.first_column)}:{address(span.last_row, span.last_column)}"


def sample_workbook(package: Package, book: Book, rows: bytes) -> io.BytesIO:
    """A workbook of these rows (``<sheetData>`` and what stands before it), with the strings they use."""
    strings: dict[bytes, int] = {}

    def renumbered(found: re.Match[bytes]) -> bytes:
        return b"%s%d</v>" % (found[1], strings.setdefault(found[2], len(strings)))

    rows = re.sub(rb'(<c [^>]*t="s"[^>]*>\s*<v>)([0-9]+)</v>', renumbered, rows)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        kinds = "".join(
            f'<Override PartName="{part}" ContentType="{SHEET_TYPE}.{kind}+xml"/>' for part, kind in TYPES.items()
        )
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
                         'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                         f"{kinds}</Types>")  # fmt: skip
        archive.writestr("_rels/.rels", _relations(("officeDocument", "xl/workbook.xml")))
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(
            ("worksheet", "s.xml"), ("sharedStrings", "strings.xml"), ("styles", "styles.xml")))  # fmt: skip
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="{int(book.is_1904)}"/>'
            '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr("xl/s.xml", rows + b"</sheetData></worksheet>")
        archive.writestr("xl/strings.xml", _strings(package, book.strings, list(strings)))
        if package.has(book.styles):
            archive.writestr("xl/styles.xml", package.read(book.styles))
    made.seek(0)
    return made


def _relations(*parts: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(parts, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def _strings(package: Package, part: str, numbers: list[bytes]) -> bytes:
    if not package.has(part) or not numbers:
        return f'<sst xmlns="{MAIN}"/>'.encode()
    whole = package.read(part).replace(b"<si/>", b"<si></si>")
    start = whole.find(b"<si>")
    items = whole[start:].split(b"</si>")
    # A number beyond the strings stays one: the second reader must fail where the first did.
    kept = [items[int(number)] + b"</si>" for number in numbers if int(number) < len(items) - 1]
    return whole[:start] + b"".join(kept) + b"</sst>"
