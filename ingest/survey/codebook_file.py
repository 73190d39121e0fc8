"""The codebook that a card names, whatever it is kept in: XLSForm, LimeSurvey's structure, REDCap's data dictionary.

Belongs here: which reader reads it. Does not belong here: the formats (``codebook_xlsform``, ``codebook_lss``,
``codebook_redcap``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ingest.problem import Problem
from ingest.survey.codebook import Codebook
from ingest.survey.codebook_lss import read_lss
from ingest.survey.codebook_redcap import ORIGIN as DICTIONARY
from ingest.survey.codebook_redcap import names_of_fields, read_dictionary
from ingest.survey.codebook_xlsform import read_xlsform
from ingest.survey.export import Export
from ingest.tables.cell_text import one_line

HEAD_BYTES = 4096
MARKS_OF_DICTIONARY = frozenset({"field_name", "field_type"})
XLSFORM_SHEETS = {"survey": frozenset({"type", "name"}), "choices": frozenset({"list_name", "name"})}


def read_codebook(path: Path) -> tuple[Codebook, list[Problem]]:
    """The codebook in a file, and what of it could not be read.

    Raises:
        SourceError: the file is none of these.
    """
    if path.suffix.lower() not in {".lss", ".csv"}:
        return read_xlsform(path), []
    codebook, problems = (read_lss if path.suffix.lower() == ".lss" else read_dictionary)(path)
    return codebook, list(problems)


def form_of(path: Path, sheet: str = "", header: Iterable[str] = ()) -> str:
    """Which form of codebook a file is by its ending or first line, or by a sheet and its header; empty for none."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES).decode("utf-8-sig", errors="replace")
    if path.suffix.lower() == ".lss":
        return "the structure of a LimeSurvey survey (.lss)"
    first = [one_line(cell.strip('"')) for cell in head.partition("\n")[0].split(",")]
    if {names_of_fields().get(cell, cell) for cell in first} >= MARKS_OF_DICTIONARY:
        return "a data dictionary of REDCap"
    return "an XLSForm workbook" if XLSFORM_SHEETS.get(sheet, frozenset("-")) <= set(header) else ""


def with_repeats(codebook: Codebook, export: Export) -> Codebook:
    """The codebook with the repeats that only the export knows: no data dictionary says which forms repeat."""
    repeated = {
        column.name: repeat.code
        for repeat in export.repeats
        for column in repeat.columns
        if column.role == "answer" and column.name
    }
    if codebook.origin != DICTIONARY or not repeated:
        return codebook
    questions = tuple(replace(each, repeat=repeated.get(each.code, each.repeat)) for each in codebook.questions)
    return replace(codebook, questions=questions)
