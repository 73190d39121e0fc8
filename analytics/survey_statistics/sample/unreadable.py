"""Files that are no table of responses, told by what they are: workbooks, other encodings, folders, empty files.

Belongs here: what is wrong with such a file, and what to do. Does not belong here: reading one (``responses``); exports
of survey tools, which ``observatory add`` takes.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path

from analytics.survey_statistics.sample.design import SurveyError

# The first bytes of workbooks (XLSX and ODS are zip archives; XLS) and of files of SPSS.
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
SPSS = b"$FL2"
MARKS_OF_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Held against the bytes in this order; UTF-8 comes before all of them.
ENCODINGS = {"cp932": "Shift_JIS, as Excel writes CSV in Japan", "euc_jp": "EUC-JP", "cp1252": "Western European"}
FRAME = "give the frame to observatory.survey(...)"
SEPARATORS = ",;\t|"
# An encoding is told by the beginning of a file; whole files may be larger than the memory.
BEGINNING = 1_000_000
# So many blank bytes are an empty file.
FIRST = 4_096


def refuse_folder(place: Path) -> None:
    """Raises ``SurveyError`` for a folder."""
    if place.is_dir():
        raise SurveyError(f"{place} is a folder. Name a Parquet or CSV file in it, with one row for each response.")


def refuse_what_is_no_file(file: Path) -> None:
    """Raises ``SurveyError`` for a folder, an empty file, a workbook, a file of SPSS, and where there is none."""
    refuse_folder(file)
    if not file.is_file():
        raise SurveyError(f"There is no file {file}. Name a Parquet or CSV file with one row for each response.")
    with file.open("rb") as opened:
        start = opened.read(FIRST)
    if not start.strip():
        raise SurveyError(f"{file.name} is empty. A survey has a line of column names and a row for each response.")
    if start.startswith(WORKBOOKS):
        raise SurveyError(
            f"{file.name} is a workbook, or another archive, not a text table. Save the sheet as 'CSV UTF-8', or read "
            f"it with pandas.read_excel(...) and {FRAME}; 'observatory add' takes the export of a survey tool."
        )
    if start.startswith(SPSS):
        raise SurveyError(
            f"{file.name} is a file of SPSS. Read it with pandas.read_spss(...) and {FRAME}, or let 'observatory add' "
            "make a wave of it."
        )


def refuse_one_column_of_many(file: Path, columns: Sequence[str]) -> None:
    """Raises ``SurveyError`` where a text table came out as one column whose name still holds separators."""
    found = [sign for sign in SEPARATORS if len(columns) == 1 and sign in columns[0]]
    if found:
        raise SurveyError(
            f"{file.name} could only be read as one column, {columns[0][:60]!r}: its lines do not all have the same "
            f"number of fields between {found[0]!r}. Give every line as many as the first, with quotes around a text "
            "that holds the separator."
        )


def unreadable(file: Path) -> str | None:
    """In which encoding a text that the engine could not read is, and what to do; None if that cannot be told."""
    with file.open("rb") as opened:
        start = opened.read(BEGINNING)
    if file.suffix.lower() == ".gz" or _is_written_in(start, "utf-8"):
        return None
    if start.startswith(MARKS_OF_UTF16):
        return _in_other_encoding(file, "UTF-16, which Excel calls Unicode text", "utf-16")
    for encoding, words in ENCODINGS.items():
        if b"\0" not in start and _is_written_in(start, encoding):
            return _in_other_encoding(file, f"perhaps {words}", encoding)
    return None


def _in_other_encoding(file: Path, words: str, encoding: str) -> str:
    return (
        f"{file.name} is not in UTF-8 ({words}). Save it as 'CSV UTF-8', or read it with pandas.read_csv(..., "
        f"encoding={encoding!r}, sep=...), look whether its texts are right, and {FRAME}."
    )


def _is_written_in(start: bytes, encoding: str) -> bool:
    """Whether the bytes decode; a sign that the end cuts in two is no mistake."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(start, final=len(start) < BEGINNING)
    except UnicodeDecodeError:
        return False
    return True
