"""Open an export of any survey tool: recognise the tool, hand over to its reader.

Belongs here: which reader reads which tool. Does not belong here: the signatures (``signature``), any
format (``tools``).
"""

from __future__ import annotations

import importlib
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, SourceError, nearest_word
from ingest.survey.cells import HEAD_ROWS, Cells, tables_of
from ingest.survey.codebook import Codebook
from ingest.survey.export import Export
from ingest.survey.signature import recognise, signatures
from ingest.tables.printed import Hints

PLAIN = "plain table"
# Marks of this weight together (``tool_signature.csv``) stand in no table that somebody made by hand.
SURE = 5
# Tool, as ``tool_signature.csv`` names it, to the module of its reader.
READERS = {
    "EUSurvey": "eusurvey",
    "EUSurvey XML": "eusurvey_xml",
    "LimeSurvey": "limesurvey",
    "LimeSurvey with full-text headings": "limesurvey",
    "LimeSurvey with codes and texts": "limesurvey",
    "LimeSurvey archive": "limesurvey_archive",
    "Qualtrics": "qualtrics",
    "Qualtrics with two header rows": "qualtrics",
    "Qualtrics in the legacy format": "qualtrics",
    "SurveyMonkey": "surveymonkey",
    "Google Forms": "google_forms",
    "Microsoft Forms": "microsoft_forms",
    "KoboToolbox": "kobo",
    "ODK or SurveyCTO": "odk",
    "REDCap": "redcap",
    "REDCap with labels": "redcap",
    "SPSS": "spss",
    "Stata": "stata",
    "Parquet": "wide_parquet",
    PLAIN: "plain",
}
# Their headers may join a question and an option, which only a codebook can tell apart.
BY_CODEBOOK = {"Parquet", PLAIN}
HEAD_BYTES = 4096
# Lines that somebody may have put above a header, and the rows in which a tool leaves its marks.
MOST_LINES_ABOVE = 10
ROWS_OF_MARKS = 4
ARCHIVE = b"PK\x03\x04"
# Files that are no tables of text; a spreadsheet is an archive too and is told by its ending.
BOOK_ENDINGS = {".xlsx", ".xlsm", ".ods"}
WITHOUT_TABLES = {
    b"$FL2": "SPSS", b"$FL3": "SPSS", b"PAR1": "Parquet", b"<stata_dta>": "Stata",
}  # fmt: skip
ARCHIVES = {".lsa": "LimeSurvey archive"}


def open_export(
    path: Path, hints: Hints | None = None, tool: str = "", codebook: Codebook | None = None
) -> Export:  # fmt: skip
    """The export in a file; ``tool`` is what the card says where nothing in the file can tell.

    ``codebook`` is that of the card, by which tables are read that no tool wrote.

    Raises:
        SourceError: no known tool made the file, or its reader refuses it.
    """
    if tool and tool not in READERS:
        near = nearest_word(tool, READERS) or ""
        raise SourceError([problem("survey_tool_unread", Place(path.name), tool=tool, near=near, known=list(READERS))])
    head = _head(path)
    found = tool or _by_bytes(path, head)
    tables: tuple[Cells, ...] = ()
    if not found or (tool and _holds_tables(path, head)):
        tables = tables_of(path, hints)
        found = tool or _by_tables(tables, path)
        if tool == PLAIN:
            _check_plain(tables, path)
    reader = importlib.import_module(f"ingest.survey.tools.{READERS[found]}")
    export: Export = reader.read(path, tables, codebook) if found in BY_CODEBOOK else reader.read(path, tables)
    return export


def _check_plain(tables: tuple[Cells, ...], path: Path) -> None:
    """Refuse an export that the card calls a plain table: its reader knows what its further header rows are.

    A first header that says no more than when a row was written (Google Forms) is nobody's mark.
    """
    try:
        found = _by_tables(tables, path)
    except SourceError:
        return
    if sum(mark.weight for mark in signatures()[found] if mark.is_needed) >= SURE:
        raise SourceError([problem("survey_tool_other", Place(path.name), tool=PLAIN, found=found)])


def tool_by_bytes(path: Path) -> str:
    """The tool of an export that is no table of text (an archive, XML, SPSS, Stata, Parquet), or an empty text."""
    try:
        return _by_bytes(path, _head(path))
    except SourceError:
        return ""


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEAD_BYTES)


def _holds_tables(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in BOOK_ENDINGS or not (_by_bytes(path, head) or head.startswith(ARCHIVE))


def _by_bytes(path: Path, head: bytes) -> str:
    """The tool of a file that is no table of text; an empty text for a table."""
    for mark, tool in WITHOUT_TABLES.items():
        if head.startswith(mark):
            return tool
    if head.startswith(ARCHIVE) and path.suffix.lower() not in BOOK_ENDINGS:
        return ARCHIVES.get(path.suffix.lower()) or _by_members(path)
    if b"<Results" in head:
        return recognise([], path.name, head)
    return "Stata" if path.suffix.lower() == ".dta" and head[:1] in {b"\x72", b"\x73"} else ""


def _by_members(path: Path) -> str:
    """The tool that packs its export: EUSurvey several workbooks, ODK Central one CSV for each table."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            endings = {Path(name).suffix.lower() for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        raise SourceError([problem("survey_archive_broken", Place(path.name), detail=str(error))]) from error
    if endings & BOOK_ENDINGS:
        return "EUSurvey"
    # EUSurvey packs its XML with the files that respondents sent; ODK always has its CSV.
    return "EUSurvey XML" if ".xml" in endings and ".csv" not in endings else "ODK or SurveyCTO"


def _by_tables(tables: tuple[Cells, ...], path: Path) -> str:
    """The tool that made the first table that shows one."""
    refusal: SourceError | None = None
    for table in tables:
        try:
            return recognise(table.head[:HEAD_ROWS], path.name)
        except SourceError as error:
            refusal = refusal or error
    for table in tables:
        _refuse_lines_above(table, path)
    raise refusal or SourceError([problem("csv_empty", Place(path.name))])


def _refuse_lines_above(table: Cells, path: Path) -> None:
    """Somebody wrote a title above the header that a tool had printed.

    Raises:
        SourceError: a tool's marks stand further down.
    """
    for row in range(1, min(MOST_LINES_ABOVE, len(table.head) - 1) + 1):
        try:
            tool = recognise(table.head[row : row + ROWS_OF_MARKS], path.name)
        except SourceError:
            continue
        place = Place(path.name, table.sheet)
        raise SourceError([problem("survey_lines_above", place, tool=tool, row=row + 1, n=row)])
