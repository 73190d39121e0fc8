"""A file's table as printed: header and rows of text, nothing interpreted.

Belongs here: opening CSV and XLSX files and telling what is wrong with them. Does not belong here: our column names
(``landing``) and any meaning of a value.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.problem import Problem, SourceError

Row = tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class PrintedTable:
    """Header and rows of one table. A row carries its number as a spreadsheet shows it and one text per column."""

    sheet: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def file_sha256(path: Path) -> str:
    """SHA-256 of the file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_printed_table(path: Path, sheet: str | None = None) -> PrintedTable:
    """Read a CSV (UTF-8) or XLSX file as printed.

    Raises:
        SourceError: empty, truncated or undecodable file, missing sheet, blank or repeated header, ragged row.
    """
    if path.stat().st_size == 0:
        raise _error(path, "the file is empty", "0 bytes", "a header and rows", "put the complete file back")
    if path.suffix == ".xlsx":
        name, lines = _xlsx_lines(path, sheet)
    else:
        name, lines = "", list(_csv_lines(path))
    if not lines:
        raise _error(
            path, "the file holds no table", "no filled cell", "a header and rows", "put the complete file back"
        )
    (header_number, header), body = lines[0], lines[1:]
    header = tuple(text.strip() for text in header)
    _check_header(path, header_number, header)
    _check_rows(path, header, lines)
    return PrintedTable(name, header, tuple(body))


def _csv_lines(path: Path) -> Iterator[Row]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _error(
            f"{path}, line {line}",
            "the file is not UTF-8 text",
            f"byte {error.start + 1} of the file cannot be read",
            "UTF-8",
            "save the file as CSV UTF-8",
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            # A line of blanks is as empty as one without.
            if any(cell.strip() for cell in cells) or len(cells) > 1:
                yield number, tuple(cells)
    except csv.Error as error:
        if "field limit" in str(error):
            raise _error(
                f"{path}, line {reader.line_num}",
                "a cell is too long",
                f"more than {csv.field_size_limit()} characters",
                "a cell that a person could read",
                "look for a quotation mark that is never closed",
            ) from error
        raise _error(
            f"{path}, line {reader.line_num}",
            "the file is not a complete CSV table",
            str(error),
            "closed quotation marks",
            "look for a quotation mark that is never closed, or put the complete file back",
        ) from error


def _xlsx_lines(path: Path, sheet: str | None) -> tuple[str, list[Row]]:
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    except (python_calamine.CalamineError, OSError) as error:
        raise _error(
            path,
            "the workbook cannot be opened",
            str(error),
            "an XLSX workbook",
            "open and save it in a spreadsheet program",
        ) from error
    if sheet is not None and sheet not in workbook.sheet_names:
        raise _error(
            path,
            f"the sheet '{sheet}' is not in the workbook",
            ", ".join(workbook.sheet_names),
            f"'{sheet}'",
            "correct 'sheet' in the card",
        )
    name = sheet or workbook.sheet_names[0]
    try:
        cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except python_calamine.CalamineError as error:
        raise _error(
            f"{path}, sheet {name}",
            "the sheet cannot be read",
            str(error),
            "a sheet",
            "open and save the workbook again",
        ) from error
    lines = [(number, tuple(_as_printed(cell) for cell in row)) for number, row in enumerate(cells, start=1)]
    first = next((index for index, (_, row) in enumerate(lines) if any(row)), len(lines))
    return name, lines[first:]


def _as_printed(cell: object) -> str:
    """A workbook cell as text; whole numbers without the decimal point that the file format adds."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def _check_rows(path: Path, header: tuple[str, ...], lines: list[Row]) -> None:
    """Every row below the header has one cell for each column; all that have not are told together."""
    problems = []
    # A cell of several lines makes the editor's line run ahead of the row; a workbook has no lines.
    ahead = 0
    for number, cells in lines:
        if len(cells) != len(header):
            problems.append(
                Problem(
                    "the row does not fit the header",
                    f"{path}, row {number}{f' (line {number + ahead})' if ahead else ''}",
                    f"{len(cells)} cells",
                    f"{len(header)} cells, one for each column of the header",
                    "compare the row with its source; a value with a comma needs quotation marks, an empty one a comma",
                )
            )
        if path.suffix != ".xlsx":
            ahead += sum(cell.count("\n") for cell in cells)
    if problems:
        raise SourceError(problems)


def _check_header(path: Path, number: int, header: tuple[str, ...]) -> None:
    for position, text in enumerate(header, start=1):
        if not text:
            raise _error(
                f"{path}, row {number}, column {position}",
                "a column has no name",
                "an empty header cell",
                "a name in every column of the header",
                "name the column as the publisher does, or remove it if it is empty",
            )
        if text in header[: position - 1]:
            raise _error(
                f"{path}, row {number}, column {position}",
                "two columns have the same name",
                f"'{text}' in columns {header.index(text) + 1} and {position}",
                "each name once",
                "give the second column its full name",
            )


def _error(where: Path | str, what: str, found: str, expected: str, remedy: str) -> SourceError:
    return SourceError([Problem(what, str(where), found, expected, remedy)])
