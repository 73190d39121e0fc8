"""The tables of a PDF report that holds its text, joined over pages, with the page and place of each row.

Belongs here: opening the PDF, which pages, tables that go on, what is refused. Does not belong here: one page
(``pdf_page``), the reviewed CSV made from it (``pdf_extraction``).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.pdf_page import PageTable, TableRow, tables_of, text_hash
from ingest.tables.printed import Facts, Hints, Note, Printed, batch_of, write_printed

# Columns of a report's rows before the texts: which table, and where.
LEADING = ("table", "page", "position")
HEADER_ROW = "header row"
PAGE_NOTE = "page"
# What the parser below the library raises for a password.
LOCKED = "PDFPasswordIncorrect"
RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


@dataclass(frozen=True)
class Report:
    """The tables of a report in their order, and the hash of the text of each page that was read."""

    tables: tuple[PageTable, ...]
    page_hashes: dict[int, str]
    problems: tuple[Problem, ...] = ()


def read_pdf_tables(path: Path, pages: str = "all") -> Report:
    """The tables of the pages (``all``, or numbers such as ``3,5-7``).

    A table goes on where the next one that begins a page repeats its header. Columns that no lines divide are told from
    the places of words, with a warning.

    Raises:
        SourceError: a password, no text (a scan), no table, no such page, or a file that breaks the reader.
    """
    report = _read(path, pages)
    if not report.tables:
        raise SourceError([problem("pdf_no_table", Place(path.name), n=len(report.page_hashes))])
    return report


def page_text_hashes(path: Path, pages: str = "all") -> dict[int, str]:
    """The hash of each page's text, the sentinel by which a report is known again; raises as ``read_pdf_tables``."""
    with _opened(path) as pdf:
        return {page.page_number: text_hash(page) for page in _wanted(pdf, pages, path)}


def read_report(path: Path, hints: Hints, folder: Path) -> Printed:
    """``read_pdf_tables`` as one printed table, as it comes back from another process.

    Columns: ``LEADING``, then as many as the widest table has; the names of a table are its first row, left out as
    ``header row``. The hash of each page is a note of kind ``page``.
    """
    report = _read(path, hints.pages)
    width = max((len(table.names) for table in report.tables), default=1)
    rows, left_out = [], []
    for number, table in enumerate(report.tables, start=1):
        first = table.rows[0] if table.rows else TableRow((), 0, "")
        for row in (TableRow(table.names, first.page, "guessed" if table.is_guessed else ""), *table.rows):
            texts = (*row.texts, *[""] * (width - len(row.texts)))
            rows.append((str(number), str(row.page), row.position, *texts))
            left_out.append(HEADER_ROW if row.texts is table.names else None)
    header = (*LEADING, *(f"column {place}" for place in range(1, width + 1)))
    facts = Facts(
        file_kind="pdf", header=header, columns=tuple(range(1, len(header) + 1)), header_rows=(),
        notes=tuple(Note(page, text, PAGE_NOTE) for page, text in report.page_hashes.items()),
        problems=report.problems,
    )  # fmt: skip
    batches = [batch_of(range(1, len(rows) + 1), left_out, rows)] if rows else []
    return write_printed(folder, facts, batches)


def _read(path: Path, pages: str) -> Report:
    hashes: dict[int, str] = {}
    found: list[PageTable] = []
    blank: list[int] = []
    with _opened(path) as pdf:
        for page in _wanted(pdf, pages, path):
            if not page.chars:
                blank.append(page.page_number)
            hashes[page.page_number] = text_hash(page)
            for place, table in enumerate(tables_of(page, path.name)):
                goes_on = not place and found and found[-1].names == table.names and found[-1].rows
                if goes_on and found[-1].rows[-1].page == page.page_number - 1:
                    torn = (*found[-1].torn, *table.torn)
                    found[-1] = replace(found[-1], rows=(*found[-1].rows, *table.rows), torn=torn)
                else:
                    found.append(table)
            # A page keeps all its signs; a long report would keep them all.
            page.close()
    where = Place(path.name)
    if len(blank) == len(hashes):
        raise SourceError([problem("pdf_scanned", where, n=len(blank))])
    problems = [problem("pdf_pages_without_text", where, pages=_listed(blank))] if blank else []
    problems += [
        problem("pdf_columns_guessed", Place(path.name, page=table.rows[0].page))
        for table in found
        if table.is_guessed and table.rows
    ]
    problems += [
        problem("pdf_text_over_edge", Place(path.name, page=table.rows[0].page), n=len(table.torn), text=table.torn[0])
        for table in found
        if table.torn and table.rows
    ]
    return Report(tuple(found), hashes, tuple(problems))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The PDF; whatever its parser raises becomes a problem of the file."""
    import pdfplumber

    where = Place(path.name)
    try:
        with pdfplumber.open(path) as pdf:
            yield pdf
    except (SourceError, OSError, MemoryError, ImportError):
        raise
    except Exception as error:
        # The library wraps what its parser raises; a password is known by the inner error alone.
        inner = (error, *error.args, error.__cause__, error.__context__)
        if any(type(each).__name__ == LOCKED for each in inner):
            raise SourceError([problem("pdf_encrypted", where)]) from error
        raise SourceError([problem("pdf_broken", where, reason=f"{type(error).__name__} {error}".strip())]) from error


def _wanted(pdf: Any, pages: str, path: Path) -> Iterator[Any]:
    last = len(pdf.pages)
    numbers = set(range(1, last + 1)) if pages == "all" else _numbers(pages, last)
    if not numbers:
        raise SourceError([problem("pdf_pages_unknown", Place(path.name), pages=pages, n=last)])
    yield from (page for page in pdf.pages if page.page_number in numbers)


def _numbers(pages: str, last: int) -> set[int]:
    """The page numbers of ``3,5-7``; none if any of them is not there."""
    parts = [RANGE.fullmatch(part.strip()) for part in pages.split(",")]
    ends = [(int(part[1]), int(part[2] or part[1])) for part in parts if part]
    if len(ends) < len(parts) or any(not 1 <= first <= end <= last for first, end in ends):
        return set()
    return {number for first, end in ends for number in range(first, end + 1)}


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
