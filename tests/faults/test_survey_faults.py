"""Exports of survey tools: each recognised by its signature, none guessed."""

from __future__ import annotations

import csv
import io

import pytest

from ingest.problem import Outcome, SourceError
from ingest.survey.signature import recognise, signatures
from tests.faults.told import told

pytestmark = pytest.mark.fault

# First rows of each tool's export as its documentation or source has them; all contents made up.
EXPORTS = {
    "EUSurvey": "Alias,mihon\nExport Date,15/06/2020 09:30\n\nOrganisation,Fields?,Contribution ID,Creation date\n",
    "Qualtrics": 'StartDate,ResponseId,Q1\nStart Date,Response ID,Fields?\n"{""ImportId"":""startDate""}",x,y\n',
    "Qualtrics with two header rows": "StartDate,EndDate,ResponseId,Q1\nStart Date,End Date,Response ID,Fields?\n",
    "Qualtrics in the legacy format": "V1,V2,Q1\nResponseID,ResponseSet,Fields?\nR_mihon,Default Response Set,1\n",
    "SurveyMonkey": "Respondent ID,Collector ID,Start Date,Fields?,\n,,,Life sciences,Other (please specify)\n",
    "LimeSurvey": "id,submitdate,lastpage,startlanguage,seed,Q1,Q2[SQ001]\n7,2020-03-02 10:11:12,4,ja,1822,A2,Y\n",
    "LimeSurvey with full-text headings": "Response ID,Date submitted,Last page,Start language,Fields? [ICT]\n",
    "LimeSurvey with codes and texts": "id. Response ID,submitdate. Date submitted,startlanguage. Start language\n",
    "KoboToolbox": "start,end,g1/org,g1/fields/ict,_id,_uuid,_submission_time,_validation_status,_index\n",
    "ODK or SurveyCTO": "SubmissionDate,org,formdef_version,KEY\n",
    "REDCap": "record_id,redcap_event_name,fields___1,form_complete\n1,wave1_arm_1,1,2\n",
    "REDCap with labels": 'Record ID,Event Name,"Fields? (choice=ICT)",Complete?\n',
    "Google Forms": "タイムスタンプ,分野,県\n2020/03/02 10:00:00,ICT,兵庫県\n",
    "Microsoft Forms": "ID,開始時刻,完了時刻,メール,名前,分野\n1,3/2/20 10:00:05,3/2/20 10:04:40,anonymous,,ICT;\n",
}
MAGIC = {"SPSS": b"$FL2@(#) Mihon", "Stata": b"<stata_dta><header>", "EUSurvey XML": b'<?xml?><Results create="2020">'}


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("tool", EXPORTS)
def test_i22_each_tool_is_recognised(tool: str) -> None:
    assert recognise(rows(EXPORTS[tool]), "export.csv") == tool


@pytest.mark.parametrize("tool", MAGIC)
def test_i22_files_that_are_no_tables_are_recognised_by_their_first_bytes(tool: str) -> None:
    assert recognise([], "export", MAGIC[tool]) == tool


def test_i22_every_tool_of_the_table_is_tried() -> None:
    assert set(signatures()) == {*EXPORTS, *MAGIC}


def test_i22_unknown_tool_names_three_guesses_and_the_missing_mark() -> None:
    with pytest.raises(SourceError) as caught:
        recognise(rows("id,lastpage,startlanguage,Q1\n1,4,ja,x\n"), "export.csv")
    problem = told(
        caught.value.problems, "survey_tool_unknown", Outcome.QUAR,
        ["no known survey tool", "LimeSurvey without 'submitdate' (header)"],
        ["既知のアンケートツール", "LimeSurvey('submitdate' (header)なし)"],
    )  # fmt: skip
    assert problem.expected.count(" without ") == 3
    assert problem.expected.partition(": ")[2].startswith("LimeSurvey without")


def test_i22_two_exports_in_one_file_are_refused() -> None:
    marks = {tool: [mark for mark in signatures()[tool] if mark.is_needed] for tool in ("SurveyMonkey", "KoboToolbox")}
    header = [mark.texts[0] for each in marks.values() for mark in each]
    with pytest.raises(SourceError) as caught:
        recognise([header], "export.csv")
    told(
        caught.value.problems, "survey_tool_unsure", Outcome.QUAR,
        ["SurveyMonkey", "KoboToolbox"], ["二つのアンケートツール"],
    )  # fmt: skip
