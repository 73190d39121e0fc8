"""Workbooks (xlsx, xlsm, ods) to sheets of text: what is shown, and what only a workbook knows of its cells.

Belongs here: choosing the sheets to read and telling what is left out. Does not belong here: the formats themselves
(``workbook_xlsx``, ``workbook_ods``), which row is the header (``structure``), any meaning of a value.

Values come from python-calamine, structure from the file's own XML, at every size in the same way; a second reading of
the values is compared with the first (``workbook_comparison``). Nothing is computed, no macro runs, no other file and
no address is opened.
"""

from __future__ import annotations

import gc
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError, nearest_word
from ingest.tables.grid import Grid
from ingest.tables.printed import Hints
from ingest.tables.workbook_sheet import Sheet, grid_of

# What the archive, its XML and python-calamine raise for a file that is not what it should be.
UNREADABLE = (
    *(BadZipFile, zlib.error, EOFError, OSError, RuntimeError),
    *(ExpatError, SyntaxError, LookupError, ValueError, ArithmeticError),
)


class Listed(Protocol):
    """A sheet in a workbook's own list."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def state(self) -> str:
        """visible, hidden or veryHidden."""
        ...


MANIFEST = "META-INF/manifest.xml"
Chosen = TypeVar("Chosen", bound=Listed)


def read_grids(path: Path, kind: str, hints: Hints) -> list[Grid]:
    """Every visible sheet with any text in the workbook's order, or only ``hints.sheet``.

    ``kind`` is what the bytes are: xlsx, xlsm or ods.

    Raises:
        SourceError: not readable, the sheet asked for is missing or hidden, or two readings disagree.
    """
    try:
        with _no_collector():
            grids, told = _ods_grids(path, hints) if kind == "ods" else _xlsx_grids(path, kind, hints)
    except UNREADABLE as error:
        detail = f"{type(error).__name__}: {error}"
        raise SourceError([problem("workbook_unreadable", Place(path.name), detail=detail)]) from error
    if not grids:
        raise SourceError([*told, _no_text(path, hints)])
    first = grids[0]
    return [Grid(**{**vars(first), "problems": (*told, *first.problems)}), *grids[1:]]


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of texts are made and none refers to another: looking for circles among them costs a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _xlsx_grids(path: Path, kind: str, hints: Hints) -> tuple[list[Grid], list[Problem]]:
    from ingest.tables.workbook_package import Package, book_of
    from ingest.tables.workbook_xlsx import XlsxReader

    with Package(path) as package:
        book = book_of(package)
        told = _check_sheets(path, book.sheets, hints)
        reader = XlsxReader(path, kind, package, book)
        sheets = [reader.sheet(each) for each in _chosen(book.sheets, hints) if each.part]
    return _grids(path, sheets), told


def _ods_grids(path: Path, hints: Hints) -> tuple[list[Grid], list[Problem]]:
    from ingest.tables.workbook_ods import OdsReader
    from ingest.tables.workbook_package import Package

    with Package(path) as package:
        if package.has(MANIFEST) and b"encryption-data" in package.read(MANIFEST):
            raise SourceError([problem("workbook_locked", Place(path.name))])
        reader = OdsReader(path, package)
    told = _check_sheets(path, reader.sheets, hints)
    return _grids(path, [reader.sheet(each) for each in _chosen(reader.sheets, hints)]), told


def _grids(path: Path, sheets: Iterable[Sheet]) -> list[Grid]:
    return [grid for grid in (grid_of(sheet, path.name) for sheet in sheets) if grid.rows]


def _chosen(sheets: Sequence[Chosen], hints: Hints) -> list[Chosen]:
    return [each for each in sheets if each.state == "visible" and hints.sheet in {"", each.name}]


def _check_sheets(path: Path, sheets: Sequence[Listed], hints: Hints) -> list[Problem]:
    """What to tell of sheets that are not read; a sheet that was asked for must be there to be seen."""
    place = Place(path.name)
    names = [each.name for each in sheets]
    visible = [each.name for each in sheets if each.state == "visible"]
    if hints.sheet and hints.sheet not in visible:
        code = "sheet_asked_for_is_hidden" if hints.sheet in names else "sheet_not_there"
        listed = ", ".join(visible)
        raise SourceError(
            [problem(code, place, sheet=hints.sheet, sheets=listed, near=nearest_word(hints.sheet, visible) or None)]
        )
    hidden = [each.name for each in sheets if each.state != "visible"]
    return [problem("sheets_hidden", place, count=len(hidden), sheets=", ".join(hidden))] if hidden else []


def _no_text(path: Path, hints: Hints) -> Problem:
    if hints.sheet:
        return problem("sheet_without_text", Place(path.name, sheet=hints.sheet), sheet=hints.sheet)
    return problem("workbook_without_text", Place(path.name))
