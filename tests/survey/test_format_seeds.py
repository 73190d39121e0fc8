"""The smallest export of each tool, as the notes on formats print it: its tool, its answers and their states."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest

from ingest.problem import Outcome
from tests.faults.told import told
from tests.fixtures.survey.generator.container import xlsx
from tests.survey.answers import ReadWave, answers_of

ANSWERED, TICKED, UNTICKED, WITHHELD = "answered", "selected", "not_selected", "redacted"
NOBODY, SKIPPED, HIDDEN = "unknown_none_ticked", "not_answered", "not_shown"
LIME_META = '"id";"submitdate";"lastpage";"startlanguage";"seed";"startdate";"datestamp";'
LIME_CODES = (
    "\ufeff" + LIME_META + '"Q1";"Q2[SQ001]";"Q2[SQ002]";"Q2[other]";"Q3[A1]"\r\n'
    '"7";"2020-03-02 10:11:12";"4";"ja";"1822";"2020-03-02 10:01:00";"2020-03-02 10:11:12";"A2";"Y";"";'
    '"和紙; 織物";"5"\r\n'
    '"8";"";"2";"en";"993";"2020-03-03 09:00:00";"2020-03-03 09:02:00";"-oth-";"";"";"";""\r\n\r\n'
)
LIME_FULL = (
    '\ufeff"Response ID";"Date submitted";"Last page";"Start language";"Seed";"Date started";"Date last action";'
    '"Which fields? [Life sciences]";"Which fields? [ICT]";"Which fields? [Other]"\r\n'
    '"7";"2020-03-02 10:11:12";"4";"ja";"1822";"2020-03-02 10:01:00";"2020-03-02 10:11:12";"Yes";"No";'
    '"和紙; 織物"\r\n'
    '"8";"";"2";"en";"993";"2020-03-03 09:00:00";"2020-03-03 09:02:00";"N/A";"N/A";""\r\n\r\n'
)
QUALTRICS = """StartDate,Status,Finished,ResponseId,UserLanguage,Q1,Q2_1,Q2_2,Q2_2_TEXT
Start Date,Response Type,Finished,Response ID,User Language,"Are you a ""cluster""?
(yes/no)",Fields? - Life sciences,Fields? - Other,Fields? - Other - Text
"{""ImportId"":""startDate""}","{""ImportId"":""status""}","{""ImportId"":""finished""}","{""ImportId"":""_recordId""}",\
"{""ImportId"":""userLanguage""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2_1""}","{""ImportId"":""QID2_2""}",\
"{""ImportId"":""QID2_2_TEXT""}"
2020-03-02 10:00:00,0,1,R_1a,JA,1,1,,
2020-03-02 10:05:00,1,1,R_1b,EN,2,,1,preview row to drop
"""
SURVEYMONKEY = """Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,\
Custom Data 1,Which fields?,,,Your prefecture
,,,,,,,,,Life sciences,"ICT, software",Other (please specify),Open-Ended Response
11400000001,390000001,03/02/2020 10:00:00 AM,03/02/2020 10:09:41 AM,,,,,,Life sciences,"ICT, software",,兵庫県
"""
GOOGLE_FILE = """"Timestamp","Which fields?","Rate [Website]"
"2020/03/02 10:00:00 AM GMT+9","Life sciences;ICT, software;手漉き和紙","4"
"""
GOOGLE_SHEET = """Timestamp,Which fields?,Rate [Website]
3/2/2020 10:00:00,"Life sciences, ICT, software, 手漉き和紙",4
"""
MICROSOFT = """ID,開始時刻,完了時刻,メール,名前,Which fields?,Name,Name2
1,3/2/20 10:00:05,3/2/20 10:04:40,anonymous,,Life sciences;ICT;,Kobe,Hyogo
"""
KOBO = """start;end;g1/org;g1/fields;g1/fields/life;g1/fields/ict;g1/fields_other;_id;_uuid;_submission_time;\
_validation_status;__version__;_index
2020-03-02T10:00:00.000+09:00;2020-03-02T10:09:00.000+09:00;Kobe;life ict;1;1;;101;uuid;2020-03-02T01:10:00;;vA;1
"""
REDCAP_RAW = """record_id,redcap_event_name,fields___1,fields___2,fields___99,form_complete
1,wave1_arm_1,1,0,0,2
"""
REDCAP_LABELS = """Record ID,Event Name,"Which fields? (choice=Life sciences)","Which fields? (choice=ICT, software)",\
"Which fields? (choice=None of these)",Complete?
1,Wave 1,Checked,Unchecked,Unchecked,Complete
"""
EUSURVEY_META = ("Invitation number", "Contribution ID", "User name", "Creation date", "Last update", "Languages")
NO_ID = ("Anonymous", "Anonymous", "Anonymous", "15/06/2020", "15/06/2020", "EN")


def eusurvey(titles: Sequence[str], answers: Sequence[object]) -> bytes:
    """A workbook as EUSurvey writes it."""
    book = openpyxl.Workbook()
    book.active.title = "Content"
    exported = datetime.datetime(2020, 6, 15, 9, 30)
    rows = (("Alias", "mihon"), ("Export Date", exported), (), (*titles, *EUSURVEY_META), (*answers, *NO_ID))
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def fields(name: str, options: Mapping[str, str], title: str = "Which fields?") -> list[list[str]]:
    """The rows of a multiple choice in a codebook, and its options."""
    return [["select_multiple f", name, title], *(["f", code, label] for code, label in options.items())]


COMMA = {"life": "Life sciences", "ict": "ICT, software", "other": "Other"}
PLAIN = {"life": "Life sciences", "ict": "ICT", "other": "Other"}
FIELDS_TEXT = ["text", "fields_other", "Which other fields?"]
RATE = [["select_one scale", "visible", "Rate [Website]"], ["scale", "4", "4"], ["scale", "5", "5"]]


@dataclass(frozen=True)
class Seed:
    """A file, the questions of its codebook, and for each response question or (question, option) to its state."""

    file: str
    content: str | bytes
    tool: str
    codebook: list[list[str]]
    states: Sequence[Mapping[object, str]]
    values: Mapping[str, list[object]] = field(default_factory=dict)
    unguessed: Sequence[Mapping[object, str]] = field(default_factory=list)

    def read(self, folder: Path, *, with_codebook: bool) -> ReadWave:
        content = self.content.encode() if isinstance(self.content, str) else self.content
        path = folder / self.file
        path.write_bytes(content)
        return answers_of(path, self._codebook(folder) if with_codebook else None)

    def _codebook(self, folder: Path) -> Path:
        heads = ["type", "name", "label::English (en)"]
        asked = [row for row in self.codebook if " " in row[0] or row[0] == "text"]
        listed = [row for row in self.codebook if row not in asked]
        marked = [[*row, "yes" if row[2] == "Other" else ""] for row in listed]
        path = folder / "codebook.xlsx"
        path.write_bytes(xlsx({"survey": [heads, *asked], "choices": [["list_name", *heads[1:], "is_other"], *marked]}))
        return path


def of(name: str, states: Mapping[str, str], **plain: str) -> dict[object, str]:
    """States of a multiple choice and of questions with one answer."""
    found: dict[object, str] = {(name, option): state for option, state in states.items()}
    return found | {(code, None): state for code, state in plain.items()}


SEEDS = [
    Seed(
        "codes.csv", LIME_CODES, "LimeSurvey",
        [
            ["select_one one", "Q1", "Your kind"], ["one", "A2", "Network"], ["one", "other", "Other"],
            ["text", "Q1_other", "Your kind in your words"], ["select_multiple f", "Q2", "Which fields?"],
            ["f", "SQ001", "Life sciences"], ["f", "SQ002", "ICT"], ["f", "other", "Other"],
            ["text", "Q2_other", "Which other fields?"],
            ["select_one scale", "Q3_A1", "Website"], ["scale", "5", "Very"],
        ],
        [
            of("Q2", {"SQ001": TICKED, "SQ002": UNTICKED, "other": TICKED}, Q2_other=ANSWERED)
            | {("Q1", "A2"): TICKED, ("Q3_A1", "5"): TICKED},
            of("Q2", dict.fromkeys(("SQ001", "SQ002", "other"), NOBODY)) | {("Q1", "other"): TICKED}
            | {("Q3_A1", None): SKIPPED},
        ],
        {"Q2_other": ["和紙; 織物", None]},
        [of("Q2", {"SQ001": TICKED, "SQ002": UNTICKED}, Q1=ANSWERED, Q2_other=ANSWERED)],
    ),
    Seed(
        "texts.csv", LIME_FULL, "LimeSurvey with full-text headings", [*fields("fields", PLAIN), FIELDS_TEXT],
        [
            of("fields", {"life": TICKED, "ict": UNTICKED, "other": TICKED}, fields_other=ANSWERED),
            of("fields", dict.fromkeys(PLAIN, HIDDEN)),
        ],
        {"fields_other": ["和紙; 織物", None]},
        [of("q8", {"o1": TICKED, "ICT": UNTICKED}), of("q8", {"o1": HIDDEN, "ICT": HIDDEN})],
    ),
    Seed(
        "joined.xlsx",
        eusurvey(("Organisation", "Which fields?", "Visibility: website"),
                 ("Toyama Mihon", "Life sciences; ICT, software", 4)),
        "EUSurvey",
        [["text", "org", "Organisation"], *fields("fields", COMMA), *RATE[1:],
         ["select_one scale", "visible", "Visibility: website"]],
        [of("fields", {"life": TICKED, "ict": TICKED, "other": UNTICKED}, org=ANSWERED) | {("visible", "4"): TICKED}],
    ),
    Seed(
        "split.xlsx",
        eusurvey(("Organisation", "Which fields?", "Life sciences", "ICT, software", "Other"),
                 ("Toyama Mihon", None, "Yes", "Yes", "No")),
        "EUSurvey", [["text", "org", "Organisation"], *fields("fields", COMMA)],
        [of("fields", {"life": TICKED, "ict": TICKED, "other": UNTICKED}, org=ANSWERED)],
        {}, [of("q3", {"o1": TICKED, "o2": TICKED, "Other": UNTICKED})],
    ),
    Seed(
        "qualtrics.csv", QUALTRICS, "Qualtrics",
        [
            ["select_one yn", "Q1", "Are you a cluster?"], ["yn", "1", "Yes"], ["yn", "2", "No"],
            ["select_multiple f", "Q2", "Fields?"], ["f", "1", "Life sciences"], ["f", "2", "Other"],
            ["text", "Q2_other", "Which?"],
        ],
        [
            of("Q2", {"1": TICKED, "2": UNTICKED}) | {("Q1", "1"): TICKED},
            of("Q2", {"1": UNTICKED, "2": TICKED}, Q2_other=ANSWERED) | {("Q1", "2"): TICKED},
        ],
        {}, [of("Q2", {"1": TICKED, "2": UNTICKED})],
    ),
    Seed(
        "monkey.csv", SURVEYMONKEY, "SurveyMonkey",
        [*fields("fields", COMMA), FIELDS_TEXT, ["text", "prefecture", "Your prefecture"]],
        [of("fields", {"life": TICKED, "ict": TICKED, "other": UNTICKED}, prefecture=ANSWERED)],
        {"prefecture": ["兵庫県"]}, [of("q10", {"o1": TICKED, "o2": TICKED, "other": UNTICKED}, q13=ANSWERED)],
    ),
    Seed(
        "file.csv", GOOGLE_FILE, "Google Forms", [*fields("fields", COMMA), FIELDS_TEXT, *RATE],
        [of("fields", {"life": TICKED, "ict": TICKED, "other": TICKED}, fields_other=ANSWERED)
         | {("visible", "4"): TICKED}],
        {"fields_other": ["手漉き和紙"]},
    ),
    Seed(
        "sheet.csv", GOOGLE_SHEET, "Google Forms", [*fields("fields", COMMA), FIELDS_TEXT, *RATE],
        [of("fields", {"life": TICKED, "ict": TICKED, "other": TICKED}, fields_other=ANSWERED)
         | {("visible", "4"): TICKED}],
        {"fields_other": ["手漉き和紙"]},
    ),
    Seed(
        "forms.csv", MICROSOFT, "Microsoft Forms",
        [*fields("fields", PLAIN), ["text", "town", "Name"], ["text", "prefecture", "Name"]],
        [of("fields", {"life": TICKED, "ict": TICKED, "other": UNTICKED}, town=WITHHELD, prefecture=WITHHELD)],
        {"town": [None], "prefecture": [None]}, [of("q6", {"o1": TICKED, "o2": TICKED}, q7=WITHHELD, q8=WITHHELD)],
    ),
    Seed(
        "kobo.csv", KOBO, "KoboToolbox",
        [["text", "org", "Organisation"], *fields("fields", PLAIN), FIELDS_TEXT],
        [of("fields", {"life": TICKED, "ict": TICKED, "other": UNTICKED}, org=ANSWERED)],
        {"org": ["Kobe"]}, [of("fields", {"life": TICKED, "ict": TICKED}, org=ANSWERED)],
    ),
    Seed(
        "raw.csv", REDCAP_RAW, "REDCap", fields("fields", {"1": "Life sciences", "2": "ICT", "99": "None of these"}),
        [of("fields", {"1": TICKED, "2": UNTICKED, "99": UNTICKED})], {},
        [of("fields", {"1": TICKED, "2": UNTICKED, "99": UNTICKED})],
    ),
    Seed(
        "labels.csv", REDCAP_LABELS, "REDCap with labels",
        fields("fields", {"1": "Life sciences", "2": "ICT, software", "99": "None of these"}),
        [of("fields", {"1": TICKED, "2": UNTICKED, "99": UNTICKED})], {},
        [of("q3", {"o1": TICKED, "o2": UNTICKED, "o3": UNTICKED})],
    ),
]  # fmt: skip


def states_of(wave: ReadWave, response: int) -> dict[object, str]:
    return {(each.question, each.option): each.state for each in wave.answers if each.response == response}


@pytest.mark.parametrize("seed", SEEDS, ids=[each.file for each in SEEDS])
def test_each_state_is_read_with_a_codebook(seed: Seed, tmp_path: Path) -> None:
    wave = seed.read(tmp_path, with_codebook=True)
    assert wave.facts.tool == seed.tool
    assert len(wave.responses) == len(seed.states)
    for response, states in enumerate(seed.states, start=1):
        found = states_of(wave, response)
        assert {key: found.get(key) for key in states} == states
    assert {code: wave.values(code) for code in seed.values} == seed.values
    assert not [each for each in wave.problems if each.code.startswith(("survey_answers_", "survey_column_"))]


@pytest.mark.parametrize("seed", SEEDS, ids=[each.file for each in SEEDS])
def test_each_state_is_read_without_a_codebook(seed: Seed, tmp_path: Path) -> None:
    wave = seed.read(tmp_path, with_codebook=False)
    assert wave.facts.tool == seed.tool
    for response, states in enumerate(seed.unguessed, start=1):
        found = states_of(wave, response)
        assert {key: found.get(key) for key in states} == states


@pytest.mark.parametrize(
    "seed", [each for each in SEEDS if each.content != REDCAP_RAW][:-1], ids=lambda each: each.file
)
def test_the_moment_of_each_response_is_read(seed: Seed, tmp_path: Path) -> None:
    first = seed.read(tmp_path, with_codebook=False).responses[0]
    moments = {first["started_at"], first["submitted_at"]} - {None}
    assert moments
    assert {moment.year for moment in moments} == {2020}


def test_a_row_of_a_preview_is_no_response(tmp_path: Path) -> None:
    wave = next(each for each in SEEDS if each.tool == "Qualtrics").read(tmp_path, with_codebook=True)
    assert [each["is_counted"] for each in wave.responses] == [True, False]
    assert wave.responses[1]["not_counted_reason"] == "preview"
    assert {each.outcome for each in wave.problems if each.code == "survey_responses_excluded"} == {Outcome.FIX}


def test_two_questions_of_one_title_stay_two(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("Timestamp,Town,Town\n3/20/2020 10:00:00,Kobe,Hyogo\n3/21/2020 10:00:00,Toyama,\n")
    wave = answers_of(path)
    assert [wave.values("q2"), wave.values("q3")] == [["Kobe", "Toyama"], ["Hyogo", None]]


def test_a_response_in_both_columns_of_one_question_is_said(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("Timestamp,Town,Town\n3/20/2020 10:00:00,Kobe,Hyogo\n3/21/2020 10:00:00,Toyama,\n")
    codebook = tmp_path / "codebook.xlsx"
    survey = [["type", "name", "label::English (en)"], ["text", "town", "Town"]]
    codebook.write_bytes(xlsx({"survey": survey, "choices": [["list_name", "name", "label::English (en)"]]}))
    wave = answers_of(path, codebook)
    assert wave.of(1, "town") == {None: "unreadable"}
    assert wave.values("town")[1] == "Toyama"
    told(
        wave.problems, "survey_asked_twice", Outcome.WARN, ["'town'", "1 responses", "'Town' (B)", "'Town' (C)"],
        ["設問「town」", "回答1件"],
    )  # fmt: skip


def test_words_of_other_are_kept_from_both_columns_of_an_edited_question(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("Timestamp,Which fields?,Which fields?\n3/20/2020 10:00:00,Mihon paper,\n3/21/2020 10:00:00,,ICT\n")
    codebook = tmp_path / "codebook.xlsx"
    asked = [["type", "name", "label::English (en)"], fields("fields", PLAIN)[0], FIELDS_TEXT]
    listed = [["f", code, label, "yes" if code == "other" else ""] for code, label in PLAIN.items()]
    heads = ["list_name", "name", "label::English (en)", "is_other"]
    codebook.write_bytes(xlsx({"survey": asked, "choices": [heads, *listed]}))
    assert answers_of(path, codebook).values("fields_other") == ["Mihon paper", None]


def test_a_day_that_its_month_has_not_is_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("Timestamp,When?\n3/20/2020 10:00:00,2/31/2020\n3/21/2020 10:00:00,2/29/2020\n")
    codebook = tmp_path / "codebook.xlsx"
    survey = [["type", "name", "label::English (en)"], ["date", "day", "When?"]]
    codebook.write_bytes(xlsx({"survey": survey, "choices": [["list_name", "name", "label::English (en)"]]}))
    wave = answers_of(path, codebook)
    assert wave.values("day") == [None, datetime.date(2020, 2, 29)]
    assert wave.of(1, "day") == {None: "unreadable"}
