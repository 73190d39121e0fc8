"""Rows of exports that somebody opened, saved or cut: none is left out without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from tests.faults.told import told
from tests.survey.answers import ReadWave, answers_of

# Header rows and one response of each tool that writes CSV; {n} numbers the responses.
EXPORTS = {
    "SurveyMonkey": (
        "Respondent ID,Collector ID,Start Date,End Date,Fields?,,Town\n,,,,ICT,Life,Open-Ended Response\n",
        "{n},3,03/22/2020 10:00:00 AM,03/22/2020 10:09:41 AM,ICT,Life,Kobe\n",
    ),
    "Qualtrics": (
        "StartDate,EndDate,ResponseId,Q1\nStart Date,End Date,Response ID,Town\n"
        '"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}","{""ImportId"":""_recordId""}",'
        '"{""ImportId"":""QID1""}"\n',
        "2020-03-02 10:00:00,2020-03-02 10:00:00,R_{n},Kobe\n",
    ),
    "Google Forms": ("Timestamp,Town,Field\n", "3/22/2020 10:00:00,Kobe,ICT\n"),
    "Microsoft Forms": (
        "ID,Start time,Completion time,Email,Name,Town\n", "{n},3/22/20 10:00:00,3/22/20 10:04:00,anonymous,,Kobe\n",
    ),
    "KoboToolbox": (
        "start,end,town,_id,_uuid,_submission_time,_index\n",
        "2020-03-02T10:00:00,2020-03-02T10:00:00,Kobe,{n},u{n},2020-03-02T10:00:00,{n}\n",
    ),
    "ODK or SurveyCTO": ("SubmissionDate,town,formdef_version,KEY\n", "2020-03-02T10:00:00,Kobe,1,uuid:{n}\n"),
    "REDCap": ("record_id,redcap_event_name,town,fields___1,form_complete\n", "{n},w1,Kobe,1,2\n"),
    "LimeSurvey": ("id,submitdate,lastpage,startlanguage,Q1\n", "{n},2020-03-02 10:00:00,3,en,Kobe\n"),
}  # fmt: skip


def read(folder: Path, tool: str, rows: list[str]) -> ReadWave:
    path = folder / "export.csv"
    path.write_text(EXPORTS[tool][0] + "".join(rows))
    wave = answers_of(path)
    assert wave.facts.tool == tool
    return wave


def rows_of(tool: str, count: int) -> list[str]:
    return [EXPORTS[tool][1].replace("{n}", str(number)) for number in range(1, count + 1)]


@pytest.mark.parametrize("tool", EXPORTS)
@pytest.mark.parametrize("count", [2, 2_500])
def test_a_row_of_another_length_is_told_however_far_down_it_stands(tool: str, count: int, tmp_path: Path) -> None:
    wave = read(tmp_path, tool, [*rows_of(tool, count), "x\n"])
    assert len(wave.responses) == count
    told(wave.problems, "survey_row_ragged", Outcome.WARN, ["is left out", "1 cells"], ["除外しました"])


@pytest.mark.parametrize("tool", EXPORTS)
def test_a_file_without_responses_is_refused(tool: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, tool, [])
    told(
        caught.value.problems,
        "survey_no_responses",
        Outcome.QUAR,
        ["no response", "a header only"],
        ["回答がありません"],
    )


@pytest.mark.parametrize("tool", EXPORTS)
def test_empty_cells_at_the_end_of_a_row_are_no_difference(tool: str, tmp_path: Path) -> None:
    """Excel leaves empty cells at the end of a row out, or writes more of them than the table has columns."""
    rows = rows_of(tool, 20)
    wave = read(tmp_path, tool, [*rows, rows[0].rstrip("\n") + ",,\n"])
    assert len(wave.responses) == 21
    told(wave.problems, "survey_rows_fitted", Outcome.WARN, ["only empty cells", "1 rows"], ["1行"])


def test_cells_that_excel_left_out_are_empty(tmp_path: Path) -> None:
    rows = [*rows_of("Google Forms", 20), "3/22/2020 11:00:00,Toyama\n"]
    wave = read(tmp_path, "Google Forms", rows)
    assert wave.values("q2")[-1] == "Toyama" or "Toyama" in {each.raw for each in wave.answers}
    assert wave.of(21, "q3") == {None: "not_answered"}


@pytest.mark.parametrize("tool", EXPORTS)
def test_empty_rows_below_the_answers_are_no_responses(tool: str, tmp_path: Path) -> None:
    width = EXPORTS[tool][1].count(",")
    wave = read(tmp_path, tool, [*rows_of(tool, 3), *["," * width + "\n"] * 20, ",\n"])
    assert len(wave.responses) == 3
    assert "survey_row_ragged" not in {each.code for each in wave.problems}
