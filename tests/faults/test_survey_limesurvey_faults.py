"""Faults of LimeSurvey's and REDCap's files: forms of the export, broken-off responses, unsafe and foreign files."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from ingest.survey.cells import tables_of
from ingest.survey.codebook_lss import read_lss
from ingest.survey.codebook_redcap import read_dictionary
from ingest.survey.opening import open_export
from ingest.survey.tools import limesurvey, redcap
from ingest.tables import archive
from tests.faults.told import told
from tests.survey.answers import Answer, ReadWave, answers_of

pytestmark = pytest.mark.fault
FIXTURES = Path(__file__).parents[1] / "fixtures" / "survey"
LIME, REDCAP = FIXTURES / "limesurvey", FIXTURES / "redcap"
# Forms of the same export, the way each was written.
FORMS = {
    "minimal_codes.csv": ("codes", "コード", ";"),
    "minimal_codes_comma.csv": ("codes", "コード", ","),
    "minimal_script_codes.csv": ("ExpressionScript codes", "ExpressionScriptのコード", ";"),
    "minimal_no_dates.csv": ("codes", "コード", ";"),
    "nasty_codes_texts.csv": ("codes and texts", "コードと全文", ";"),
    "nasty_codes_full.csv": ("codes", "コード", ";"),
    "nasty_texts_full.csv": ("full texts", "全文", ";"),
    "nasty_texts_full_ja.csv": ("full texts", "全文", ","),
    "nasty_underscores.csv": ("full texts", "全文", ";"),
}


@cache
def wave(name: str) -> ReadWave:
    """A fixture read with the survey's own structure as its codebook."""
    return answers_of(LIME / name, None if name.endswith(".lsa") else LIME / "survey.lss")


def canonical(rows: list[Answer]) -> set[tuple[object, ...]]:
    """Answers without the cells they came from."""
    return {(each.response, each.question, each.option, each.state, each.value) for each in rows}


def refused(read: object, *arguments: object) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(*arguments)
    return caught.value


def test_s09_the_answers_of_one_form_by_hand() -> None:
    first = {(each.question, each.option): (each.state, each.value) for each in wave("minimal_codes.csv").answers[:17]}
    assert first == {
        ("Q1", "A2"): ("selected", None), ("Q1_other", None): ("not_shown", None),
        ("Q2", "SQ001"): ("selected", None), ("Q2", "SQ002"): ("not_selected", None),
        ("Q2", "-oth-"): ("selected", None), ("Q2_other", None): ("answered", "和紙; 織物"),
        ("Q3_R1", "3"): ("selected", None), ("Q3_R2", "1"): ("selected", None), ("Q4", None): ("answered", 12.0),
        ("Q5", "Y"): ("selected", None), ("Q6", "D1"): ("selected", 2), ("Q6", "D2"): ("selected", 1),
        ("Q6", "D3"): ("selected", 3), ("Q7_X1_0", "1"): ("selected", None), ("Q7_X1_1", "b"): ("selected", None),
        ("Q8", None): ("answered", '=SUM(A1), "quoted"\nsecond line'),
        ("Q9", None): ("answered", date(2020, 3, 1)),
    }  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_s09_every_form_of_the_export_gives_the_same_answers(name: str) -> None:
    found, (headings, headings_ja, separator) = wave(name), FORMS[name]
    assert canonical(found.answers) == canonical(wave("minimal_codes.csv").answers)
    told(
        found.problems, "limesurvey_read_as", Outcome.FIX,
        [f"headings as {headings},", f"separated by {separator}", "every form gives the same answers"],
        [f"見出しは{headings_ja}、", f"区切りは{separator}。"],
    )  # fmt: skip


def test_s09_only_the_archive_and_full_answers_tell_what_was_not_shown() -> None:
    # The fourth respondent is no cluster, so the fields were hidden; the third saw them and ticked none.
    hidden = {"SQ001": "not_shown", "SQ002": "not_shown", "-oth-": "not_shown"}
    for name in ("survey.lsa", "nasty_texts_full.csv"):
        assert wave(name).of(4, "Q2") == hidden
        assert set(wave(name).of(3, "Q2").values()) == {"unknown_none_ticked"}
    # The second respondent never came to the last page: NULL in the archive, an empty cell in every CSV.
    assert wave("survey.lsa").of(2, "Q3_R1") == {None: "not_shown"}
    assert wave("minimal_codes.csv").of(2, "Q3_R1") == {None: "not_answered"}
    # A number left empty is NULL as well, because its column holds no empty text.
    assert wave("survey.lsa").of(3, "Q4") == {None: "not_answered"}
    assert wave("survey.lsa").of(3, "Q5") == {None: "not_answered"}


def test_s09_a_survey_without_date_stamps_has_submitted_responses_without_a_date() -> None:
    found = wave("minimal_no_dates.csv")
    told(
        found.problems, "limesurvey_no_dates", Outcome.FIX,
        ["date of submission is a stand-in", "1980-01-01"], ["送信日時は仮の値", "1980-01-01"],
    )  # fmt: skip
    assert [each["disposition"] for each in found.responses] == ["complete", "partial", "complete", "complete"]
    assert {each["submitted_at"] for each in found.responses} == {None}


def test_s09_abbreviated_headings_are_said() -> None:
    path = LIME / "nasty_abbreviated.csv"
    export = limesurvey.read(path, tables_of(path))
    told(export.problems, "limesurvey_texts_cut", Outcome.WARN, ["headings are cut texts"], ["途中で切られて"])
    assert [each.role for each in export.columns[:7]] == [
        *("response_id", "submitted_at", "last_page", "language", "other_meta", "started_at", "recorded_at"),
    ]


def test_s10_an_incomplete_response_is_partial() -> None:
    for name in (*FORMS, "survey.lsa"):
        dispositions = [each["disposition"] for each in wave(name).responses]
        assert dispositions == ["complete", "partial", "complete", "complete"], name
        told(
            wave(name).problems, "survey_responses_unfinished", Outcome.FIX, ["1 unfinished: 1 partial"], ["1"],
        )  # fmt: skip
    counts = Counter(each["disposition"] for each in wave("minimal_codes.csv").responses)
    # RR1 counts complete interviews alone, RR2 the partial one too (AAPOR Standard Definitions); all four are eligible.
    assert (counts["complete"] / 4, (counts["complete"] + counts["partial"]) / 4) == (0.75, 1.0)


def test_i22_an_export_without_the_technical_columns_is_refused() -> None:
    error = refused(open_export, LIME / "wrong_no_language.csv")
    told(
        error.problems, "survey_tool_unknown", Outcome.QUAR,
        ["without 'startlanguage' (header)"], ["'startlanguage' (header)なし"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reader", "code", "english", "japanese"),
    [
        (limesurvey, "limesurvey_not_found", "technical columns of LimeSurvey", "LimeSurveyの管理用の列"),
        (redcap, "redcap_not_found", "no export of records of REDCap", "REDCapのレコードの書き出しではありません"),
    ],
)
def test_i22_a_reader_refuses_a_foreign_table(reader: object, code: str, english: str, japanese: str) -> None:
    path = FIXTURES / "qualtrics" / "minimal.csv"
    error = refused(reader.read, path, tables_of(path))
    told(error.problems, code, Outcome.QUAR, [english], [japanese])


def test_i22_a_redcap_export_without_the_status_of_its_forms_is_refused() -> None:
    error = refused(open_export, REDCAP / "wrong_no_status.csv")
    told(
        error.problems,
        "survey_tool_unknown",
        Outcome.QUAR,
        ["REDCap without '_complete'"],
        ["'_complete' (header)なし"],
    )


def test_s17_several_events_in_one_redcap_export_are_several_waves() -> None:
    error = refused(open_export, REDCAP / "wrong_events.csv")
    told(
        error.problems, "redcap_events", Outcome.QUAR,
        ["2 events: wave1_arm_1, wave2_arm_1", "export one file for each event"], ["2件のイベント", "イベントごとに"],
    )  # fmt: skip


BOMB = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><document>&b;</document>'


@pytest.mark.parametrize(
    ("text", "code", "parts"),
    [
        (BOMB, "lss_not_xml", ["cannot be read as plain XML"]),
        ("<document><LimeSurveyDocType>Survey", "lss_not_xml", ["ParseError"]),
        ("<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>", "lss_not_survey", ["the kind Group"]),
    ],
)
def test_x20_a_structure_with_declarations_or_of_another_kind_is_refused(
    tmp_path: Path, text: str, code: str, parts: list[str]
) -> None:
    (tmp_path / "survey.lss").write_text(text, encoding="utf-8")
    error = refused(read_lss, tmp_path / "survey.lss")
    told(error.problems, code, Outcome.QUAR, parts, ["アンケート構造"])


def packed(tmp_path: Path, parts: dict[str, str]) -> Path:
    path = tmp_path / "survey.lsa"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return path


STRUCTURE = (LIME / "survey.lss").read_text(encoding="utf-8")
MEMBERS = ("survey_1.lss", "survey_1_responses.lsr")


@pytest.mark.parametrize(
    ("parts", "code", "english", "japanese"),
    [
        ({MEMBERS[0]: STRUCTURE}, "lsa_part_missing", "the parts survey_1.lss", "必要なファイルがありません"),
        ({MEMBERS[0]: STRUCTURE, MEMBERS[1]: BOMB}, "lsa_responses_unread", "table of responses", "回答の表"),
        ({MEMBERS[0]: STRUCTURE, MEMBERS[1]: "<document><rows>"}, "lsa_responses_unread", "ParseError", "回答の表"),
        ({MEMBERS[0]: STRUCTURE, MEMBERS[1]: "<document/>"}, "lsa_responses_unread", "no fieldname", "回答の表"),
        ({"../survey_1.lss": STRUCTURE, MEMBERS[1]: ""}, "archive_odd_name", "leads out of the folder", "外を指して"),
        ({MEMBERS[0]: "0" * 20_000_000, MEMBERS[1]: ""}, "unpacked_too_large", "20000000", "20000000"),
    ],
)
def test_i10_an_unsafe_or_incomplete_archive_is_refused(
    tmp_path: Path, parts: dict[str, str], code: str, english: str, japanese: str
) -> None:
    error = refused(open_export, packed(tmp_path, parts))
    told(error.problems, code, Outcome.QUAR, [english], [japanese])


def test_i10_the_participants_in_an_archive_are_never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    plain = zipfile.ZipFile.open

    def spy(self: zipfile.ZipFile, name: object, *more: object, **other: object) -> object:
        opened.append(str(name))
        return plain(self, name, *more, **other)

    monkeypatch.setattr(archive.zipfile.ZipFile, "open", spy)
    export = open_export(LIME / "survey.lsa")
    assert sum(batch.num_rows for batch in export.batches(frozenset())) == 4
    assert set(opened) == {"survey_123456.lss", "survey_123456_responses.lsr"}


def test_x14_columns_of_deleted_questions_are_left_out_and_said(tmp_path: Path) -> None:
    with zipfile.ZipFile(LIME / "survey.lsa") as made:
        parts = {name: made.read(name).decode() for name in made.namelist()}
    responses = parts["survey_123456_responses.lsr"].replace("123456X2X108", "123456X2X999")
    path = packed(tmp_path, parts | {"survey_123456_responses.lsr": responses})
    export = open_export(path)
    told(export.problems, "lsa_column_unknown", Outcome.WARN, ["123456X2X999"], ["123456X2X999", "除外"])
    assert "123456X2X999" not in {each.header for each in export.columns}


def test_x14_a_file_that_is_no_data_dictionary_is_refused() -> None:
    error = refused(read_dictionary, REDCAP / "minimal_raw.csv")
    told(error.problems, "redcap_no_dictionary", Outcome.QUAR, ["no columns field_label"], ["field_label"])


def test_s17_repeats_without_names_of_forms_are_said(tmp_path: Path) -> None:
    text = (REDCAP / "nasty_repeats.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    heads = {"record_id": "Record ID", "redcap_repeat_instrument": "Repeat Instrument", "visit_complete": "Complete?"}
    heads |= {"member_complete": "Complete?", "redcap_repeat_instance": "Repeat Instance"}
    rows[0] = [heads.get(cell, cell) for cell in rows[0]]
    path = tmp_path / "labels.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    export = redcap.read(path, tables_of(path))
    told(
        export.problems,
        "redcap_repeat_unplaced",
        Outcome.WARN,
        ["the repeated forms visit"],
        ["繰り返しフォーム visit"],
    )
    assert (export.repeats, sum(batch.num_rows for batch in export.batches(frozenset()))) == ((), 4)
