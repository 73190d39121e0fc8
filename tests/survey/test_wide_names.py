"""Questions that are called like a column that a wide table has beside their answers."""

from __future__ import annotations

import csv
from pathlib import Path

from ingest.survey.codebook import CHOICE, INTEGER, MULTIPLE, TEXT, Codebook, Option, Question
from ingest.survey.schema import BESIDE_ANSWERS
from ingest.survey.xlsform_writing import write_xlsform
from orchestration.release.survey_tables import BESIDE
from tests.survey.answers import answers_of

YES_NO = (Option("1", {"en": "Yes"}), Option("it's", {"en": "No"}))
QUESTIONS = (
    Question("language", CHOICE, {"en": "Which language?"}, YES_NO),
    Question("response_no", INTEGER, {"en": "Which number?"}),
    Question("is_counted", TEXT, {"en": "Was it counted?"}),
    Question("design__weights", INTEGER, {"en": "How heavy?"}),
    Question("fields", MULTIPLE, {"en": "Which fields?"}, (Option("raw", {"en": "Raw"}), Option("state", {"en": "S"}))),
    Question("fields__raw", INTEGER, {"en": "How many?"}),
    Question("staff", INTEGER, {"en": "How many staff?"}),
    Question("staff__state", TEXT, {"en": "In which state?"}),
)


def test_no_question_takes_the_name_of_a_column_beside_the_answers(tmp_path: Path) -> None:
    """Headers are texts, because a plain table takes ``language`` for what is known of the response."""
    write_xlsform(Codebook(QUESTIONS, "study", ("en",), {}), tmp_path / "codebook.xlsx")
    with (tmp_path / "answers.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["response_id", *(each.labels["en"] for each in QUESTIONS)])
        writer.writerow(["A1", "it's", "7", "no; 'never'", "3", "raw", "2", "12", "solid"])
        writer.writerow(["A2", "1", "8", "", "4", "state", "3", "", "liquid"])
    wave = answers_of(tmp_path / "answers.csv", tmp_path / "codebook.xlsx", tool="plain table")
    assert wave.values("language") == ["it's", "1"]
    assert wave.values("response_no") == [7.0, 8.0]
    assert wave.values("is_counted") == ["no; 'never'", None]
    assert wave.values("design__weights") == [3.0, 4.0]
    assert wave.of(1, "fields") == {"raw": "selected", "state": "not_selected"}
    assert wave.values("fields__raw") == [2.0, 3.0]
    assert (wave.values("staff"), wave.values("staff__state")) == ([12.0, None], ["solid", "liquid"])
    names = [each[name] for each in wave.facts.columns for name in ("wide_column", "state_column") if each[name]]
    names += {each["raw_column"] for each in wave.facts.columns if each["raw_column"]}
    assert len(names) == len(set(names))
    assert not set(names) & set(BESIDE_ANSWERS)


def test_the_columns_beside_the_answers_are_those_that_a_release_describes() -> None:
    assert set(BESIDE_ANSWERS) == set(BESIDE)
