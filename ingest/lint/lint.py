"""All rules over one file.

Belongs here: opening the file through the readers of tables, and running each rule. Does not belong here: the rules,
and the process in which foreign files are opened (``ingest.tables.child``).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from ingest.lint import cell_rules, table_rules
from ingest.lint.breach import RANGES_SHOWN, Breach, Cell, block_address, ranges_of
from ingest.lint.sheet import LintSheet, lint_sheet
from ingest.problem import SourceError
from ingest.tables.grid import Grid, Span
from ingest.tables.limits import LIMITS, Limits
from ingest.tables.printed import Hints

# A table that nobody looks through cell by cell is judged by its first rows.
ROWS_LOOKED_AT = 100_000
CELL_RULES: tuple[Callable[[LintSheet], Iterator[Cell]], ...] = (
    cell_rules.one_datum, cell_rules.plain_numbers, cell_rules.no_layout_blanks, cell_rules.no_omissions,
    cell_rules.values_stand, table_rules.units_stated, cell_rules.plain_characters, cell_rules.western_years,
    cell_rules.areas_named, cell_rules.format_is_no_data,
)  # fmt: skip
BLOCK_RULES: tuple[tuple[str, Callable[[LintSheet], list[Span]]], ...] = (
    ("no_merges", table_rules.merged_blocks),
    ("not_divided", table_rules.not_divided),
    ("header_first", table_rules.header_not_first),
)
# Parts of a workbook that are drawings, charts, pictures or embedded files; comments have drawings of their own kind.
_OBJECT = re.compile(r"(?:xl/(?:charts/chart|media/|embeddings/|ctrlProps/)|Pictures/|Object [0-9]+/content\.xml)")


def lint_file(path: Path, limits: Limits = LIMITS) -> list[Breach]:
    """Every breach of every sheet, in the order of ``rule.csv``.

    Raises:
        SourceError: the file is refused or cannot be read.
    """
    from ingest.lint.breach import rules
    from ingest.tables.file_kind import TEXT_KINDS, file_kind

    kind = file_kind(path, limits)
    if kind == "pdf":
        from ingest.message import problem
        from ingest.problem import Place

        raise SourceError([problem("pdf_is_no_table", Place(path.name))])
    grids = [_text_grid(path, kind, limits)] if kind in TEXT_KINDS else _workbook_grids(path, kind, limits)
    found = [breach for grid in grids for breach in lint_grid(grid)]
    found += _of_the_file(path, kind)
    order = list(rules())
    return sorted(found, key=lambda breach: order.index(breach.rule))


def lint_grid(grid: Grid) -> list[Breach]:
    """The breaches of one sheet."""
    sheet = lint_sheet(grid)
    found = []
    for rule in CELL_RULES:
        if cells := list(dict.fromkeys(rule(sheet))):
            shown = (sheet.text(*cell).strip() or sheet.mark_text(*cell) for cell in cells)
            example = next((text for text in shown if text), "")
            found.append(_breach(rule.__name__, grid.sheet, len(cells), ranges_of(cells), example))
    for name, block_rule in BLOCK_RULES:
        if spans := block_rule(sheet):
            places = [block_address(*_ends(span)) for span in spans]
            found.append(_breach(name, grid.sheet, len(spans), places, places[0]))
    if places := table_rules.hidden(sheet):
        n_hidden = len(grid.hidden_rows) + len(grid.hidden_columns)
        found.append(_breach("nothing_hidden", grid.sheet, n_hidden, places, places[0]))
    if table_rules.has_several_tables(sheet):
        found.append(Breach("one_table", grid.sheet, 2))
    return found


def _ends(span: Span) -> tuple[int, int, int, int]:
    return span.first_row, span.first_column, span.last_row, span.last_column


def _breach(rule: str, sheet: str, count: int, places: Iterable[str], example: str) -> Breach:
    ranges = list(places)
    return Breach(rule, sheet, count, tuple(ranges[:RANGES_SHOWN]), len(ranges), example)


def _of_the_file(path: Path, kind: str) -> list[Breach]:
    found = [Breach("file_format", "", 1, example=kind)] if kind == "xlsm" else []
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            objects = [name for name in package.namelist() if _OBJECT.match(name)]
        if objects:
            found.append(Breach("no_objects", "", len(objects), example=objects[0]))
    return found


def _workbook_grids(path: Path, kind: str, limits: Limits) -> list[Grid]:
    from ingest.tables.container import check_container
    from ingest.tables.workbook import read_grids

    check_container(path, kind, limits)
    return read_grids(path, kind, Hints())


def _text_grid(path: Path, kind: str, limits: Limits) -> Grid:
    """The records of a text table as rows, up to ``ROWS_LOOKED_AT``."""
    from ingest.tables.csv_dialect import decide_delimiter
    from ingest.tables.csv_records import lines_of, records_of
    from ingest.tables.encoding import judge_encoding

    encoding = judge_encoding(path, Hints())
    with path.open(encoding=encoding.name, errors="strict", newline="") as stream:
        if encoding.has_mark:
            stream.read(1)
        begin = stream.tell()
        delimiter = decide_delimiter(path, list(islice(lines_of(stream, limits, path.name), 200)), Hints())
        stream.seek(begin)
        records = records_of(lines_of(stream, limits, path.name), delimiter, limits, path.name)
        rows = [record.cells for record in islice(records, ROWS_LOOKED_AT)]
    return Grid(kind, "", rows)
