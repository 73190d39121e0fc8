"""The questionnaire of each survey wave as an XLSForm workbook in the release, for whoever runs the survey again.

Belongs here: from the released marts to the intake's shape of a codebook. Does not belong here: the format
(``ingest.survey.xlsform_writing``), the other files of a codebook (``analytics.codebook``).

What only the intake knew, such as further texts in old exports, is not in the marts and so not in this file.
"""

from __future__ import annotations

from pathlib import Path

from analytics.codebook.files import FOLDER, XLSFORM
from analytics.codebook.wave import Question, WaveCodebook, read_waves
from ingest.survey import codebook as intake
from ingest.survey.state import OPTION_STATES
from ingest.survey.xlsform_writing import write_xlsform
from orchestration.release.compose import connect


def write_questionnaires(database: Path, folder: Path) -> None:
    """Write ``codebooks/<wide table>/questionnaire.xlsx`` for every wave of a released file, beside its codebook."""
    with connect(database, read_only=True) as connection:
        waves = read_waves(connection)
    for wave in waves:
        write_xlsform(codebook_of(wave), folder / FOLDER / wave.folder / XLSFORM)


def codebook_of(wave: WaveCodebook) -> intake.Codebook:
    """The codebook of a released wave in the intake's shape."""
    titles = {language: wave.facts[f"title_{language}"] for language in ("en", "ja")}
    return intake.Codebook(
        tuple(_question(question) for question in wave.questions),
        "release",
        wave.languages,
        {language: text for language, text in titles.items() if text},
    )


def _question(question: Question) -> intake.Question:
    return intake.Question(
        code=question.code,
        kind=question.kind,
        labels=question.texts,
        options=tuple(
            intake.Option(
                code=option.code,
                labels=option.texts,
                is_other=option.is_other,
                is_exclusive=option.is_exclusive,
                state=option.state if option.state in OPTION_STATES else "",
            )
            for option in question.options
        ),
        parent=question.parent,
        parent_labels=question.parent_texts,
        repeat=question.repeat,
        relevant=question.routing,
        is_required=question.is_required,
        is_personal=question.is_personal,
        other_of=question.other_of,
    )
