"""The codebook that a card names, whatever it is kept in: XLSForm, LimeSurvey's structure, REDCap's data dictionary.

Belongs here: which reader reads it. Does not belong here: the formats (``codebook_xlsform``, ``codebook_lss``,
``codebook_redcap``).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ingest.problem import Problem
from ingest.survey.codebook import Codebook
from ingest.survey.codebook_lss import read_lss
from ingest.survey.codebook_redcap import ORIGIN as DICTIONARY
from ingest.survey.codebook_redcap import read_dictionary
from ingest.survey.codebook_xlsform import read_xlsform
from ingest.survey.export import Export


def read_codebook(path: Path) -> tuple[Codebook, list[Problem]]:
    """The codebook in a file, and what of it could not be read.

    Raises:
        SourceError: the file is none of these.
    """
    if path.suffix.lower() not in {".lss", ".csv"}:
        return read_xlsform(path), []
    codebook, problems = (read_lss if path.suffix.lower() == ".lss" else read_dictionary)(path)
    return codebook, list(problems)


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
