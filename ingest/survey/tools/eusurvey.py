"""EUSurvey's workbooks (xlsx, ods, a zip of several): one contribution in each row, technical columns last.

Belongs here: bringing workbooks together into one export. Does not belong here: sheets (``eusurvey_sheets``), the
header (``eusurvey_header``), what rows are (``eusurvey_contributions``), the XML export (``eusurvey_xml``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey.cells import CELL_BATCH, Cells, tables_of
from ingest.survey.csv_rows import cell_names
from ingest.survey.export import Convention, Export
from ingest.survey.tools import eusurvey_header as header
from ingest.survey.tools.eusurvey_archive import BOOKS, unpacked
from ingest.survey.tools.eusurvey_contributions import (
    Row,
    has_marks,
    left_out,
    none_ticked,
    plain_answers,
    without_false_ids,
)
from ingest.survey.tools.eusurvey_meta import TOOL, is_contribution, looks_technical, meta_columns
from ingest.survey.tools.eusurvey_print import bold_headers
from ingest.survey.tools.eusurvey_sheets import Workbook, workbook_of

if TYPE_CHECKING:
    import pyarrow as pa

CLOCK = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%Y-%m-%d", "%d/%m/%Y")
DAYS = ("%Y-%m-%d", "%d/%m/%Y")
MILLISECONDS = r"\.\d+$"
LIMITS = ("empty_is_unanswered", "none_ticked")
# CommonExcelExportCreator.java searches the joined answers for a label, which may be the end of another label.
OF_SPLIT = "label_in_another_label"


@dataclass(frozen=True)
class _Opened:
    """The workbooks of one export, and whether the header of each column is bold."""

    books: tuple[Workbook, ...]
    is_bold: tuple[bool, ...]
    problems: tuple[Problem, ...] = ()


def read(path: Path, tables: tuple[Cells, ...]) -> Export:
    """The export in a workbook; without ``tables`` the file is a zip of workbooks.

    Raises:
        SourceError: no EUSurvey export, sheets or workbooks that do not belong together, technical columns unknown.
    """
    opened = _opened(path, tables) if tables else _opened_archive(path)
    first = opened.books[0]
    rows = [row for book in opened.books for row in book.rows]
    beyond = {(book.file, number) for book in opened.books for number in book.beyond}
    is_beyond = [(book.file, number) in beyond for book in opened.books for number, _ in book.rows]
    meta = meta_columns(first.headings)
    n_questions = min(meta, default=len(first.headings))
    if odd := looks_technical(first.headings, [cells for _, cells in rows], n_questions):
        places = [each.letters for each in odd]
        raise SourceError([problem("eusurvey_meta_unknown", Place(first.file), places=places)])
    is_whole = [not is_out and is_contribution(cells, meta) for (_, cells), is_out in zip(rows, is_beyond, strict=True)]
    kept = [row for row, is_good in zip(rows, is_whole, strict=True) if is_good]
    options, is_printed = header.option_columns([cells for _, cells in kept], n_questions, opened.is_bold)
    kept = [row for row in kept if has_marks(row[1], options)]
    with_names = header.has_short_names(first.headings, n_questions)
    columns = list(header.source_columns(first.headings, meta, options, with_names))
    told = [*opened.problems, *_put_together(opened.books), *left_out(first, rows, kept)]
    told += none_ticked(first, kept, options)
    if options and not is_printed:
        told.append(problem("eusurvey_options_by_content", Place(first.file), count=len(options)))
    columns, more = without_false_ids(first.file, columns, [cells for _, cells in kept])
    if with_names:
        kept, places = plain_answers(kept, columns)
        told += [problem("eusurvey_short_names", Place(first.file), places=places)] if places else []
    form = ("split" if options else "joined") + (" with short names" if with_names else "")
    said = {"alias": first.alias, "workbooks": str(len(opened.books)), "sheets": str(len(first.sheets))}
    return Export(
        TOOL, form, tuple(columns), _batches(kept, len(columns)), _convention(bool(options)),
        (*LIMITS, OF_SPLIT) if options else LIMITS, said,
        first.exported_at, first.sheets[0], problems=(*told, *more),
    )  # fmt: skip


def _convention(is_split: bool) -> Convention:
    """How the exporter writes: ``No`` also stands for a question that was left out or not shown."""
    ticked, unticked = ((header.TICKED,), (header.UNTICKED,)) if is_split else ((), ())
    return Convention(ticked, unticked, separators=("; ", ";"), clock=CLOCK, days=DAYS, clock_noise=MILLISECONDS)


def _opened(path: Path, tables: Sequence[Cells]) -> _Opened:
    book = workbook_of(tables)
    return _Opened((book,), bold_headers(path, book, tables[0].kind))


def _opened_archive(path: Path) -> _Opened:
    """Every workbook of a zip: they must be of one survey and have one header."""
    with unpacked(path, BOOKS) as (files, told):
        opened = []
        for file in files:
            tables = tables_of(file)
            opened.append(_opened(file, tables))
    books = tuple(book for each in opened for book in each.books)
    headers = [(book.alias, [heading.text for heading in book.headings]) for book in books]
    if any(each != headers[0] for each in headers):
        differing = [book.file for book, each in zip(books, headers, strict=True) if each != headers[0]]
        raise SourceError(
            [problem("eusurvey_workbooks_differ", Place(path.name), first=books[0].file, files=differing)]
        )
    return _Opened(books, opened[0].is_bold, (*told, *(each for book in books for each in book.problems)))


def _put_together(books: Sequence[Workbook]) -> Iterator[Problem]:
    """What was joined: workbooks, sheets, texts."""
    first = books[0]
    if len(books) > 1:
        n_rows = sum(len(book.rows) for book in books)
        yield problem("eusurvey_workbooks_joined", Place(first.file), rows=n_rows, count=len(books))
    if len(first.sheets) > 1:
        yield problem("eusurvey_sheets_joined", Place(first.file), columns=len(first.headings), sheets=first.sheets)
    for book in books:
        if book.n_spilled:
            yield problem("eusurvey_text_joined", Place(book.file), count=book.n_spilled)


def _batches(rows: Sequence[Row], width: int) -> Callable[[frozenset[int]], Iterator[pa.RecordBatch]]:
    def batches(_encoded: frozenset[int]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for start in range(0, len(rows), CELL_BATCH):
            some = rows[start : start + CELL_BATCH]
            columns = zip(*(cells for _, cells in some), strict=True)
            arrays = [pa.array([number for number, _ in some], pa.int32())]
            arrays += [pa.array(column, pa.string()) for column in columns]
            yield pa.RecordBatch.from_arrays(arrays, names=cell_names(width))

    return batches
