"""What the readers of EUSurvey make of its workbooks and its XML."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.problem import Outcome
from ingest.survey.cells import table_of_rows, tables_of
from ingest.survey.export import PERSONAL_ROLES, Export
from ingest.survey.tools import eusurvey, eusurvey_xml
from tests.faults.test_survey_eusurvey_faults import FIXTURES, codebook, export_of, texts
from tests.faults.told import told
from tests.fixtures.survey.eusurvey.make_eusurvey import ANSWERS, FIELDS, JOINED, book, content, split
from tests.fixtures.survey.generator.container import xlsx
from tests.survey.answers import answers_of


def read(rows: list[list[str]]) -> Export:
    return eusurvey.read(Path("x.xlsx"), (table_of_rows("x.xlsx", "Content", "csv", rows),))


def plain(rows: list[list[object]]) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def test_joined_split_and_ods_give_the_same_answers(tmp_path: Path) -> None:
    form, names = codebook(tmp_path), ("minimal_joined.xlsx", "minimal_split.xlsx", "minimal.ods")
    joined, split, ods = (
        {(each.response, each.question, each.option): (each.state, each.value) for each in wave.answers}
        for wave in (answers_of(FIXTURES / name, form) for name in names)
    )
    assert joined == split == ods
    assert joined[1, "web", None] == ("answered", 4)
    assert joined[2, "founded", None] == ("answered", 2004)
    assert joined[3, "fairs", None] == ("answered", 1)
    assert joined[3, "web", None] == ("not_answered", None)


def test_who_answered_is_personal_and_times_are_read() -> None:
    export = export_of("minimal_joined.xlsx")
    personal = {each.header for each in export.columns if each.role in PERSONAL_ROLES}
    assert personal == {"Invitation number", "User name"}
    assert (export.exported_at, export.options["alias"]) == ("2020-06-20T09:30:00", "MihonSurvey")
    responses = answers_of(FIXTURES / "minimal_joined.xlsx").responses
    assert str(responses[1]["submitted_at"]) == "2020-06-16 10:00:02"
    assert [each["language"] for each in responses] == ["en", "ja", "fr"]


def test_short_names_leave_headers_and_answers_but_not_free_texts() -> None:
    export = export_of("nasty_short_names.xlsx")
    named = {each.name: (each.text, each.sub_text) for each in export.columns if each.role == "answer"}
    assert named["fields"] == ("Fields; all of them?", "")
    assert (named["r1"], named["r2"]) == (("Rate: now", "展示会"), ("Rate: now", "web; site"))
    assert (named["s1"], named["s2"]) == (("Please specify", ""),) * 2
    assert named["org"][0] == 'Name of "your" organisation'
    assert texts(export, "Fields; all of them? (fields)") == ["和紙; 織物; ICT", "ICT"]
    assert texts(export, 'Name of "your" organisation (org)') == ["Mihon (株) ", "=SUM(1) "]
    rows = plain(content(("Remarks (r)",), [("Mihon (A)",), ("Sample (A)",), ("Kuuhaku (C)",)]))
    assert texts(read(rows), "Remarks (r)") == ["Mihon (A)", "Sample (A)", "Kuuhaku (C)"]
    told(export.problems, "eusurvey_short_names", Outcome.FIX, ["columns B, C, D"], ["列B, C, D"])


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["Rate: web", "Rate: fairs"], [("Rate", "web"), ("Rate", "fairs")]),
        (["Note: rate: a", "Note: rate: b"], [("Note: rate", "a"), ("Note: rate", "b")]),
        (["Rate: web", "Which: why?"], [("Rate: web", ""), ("Which: why?", "")]),
        (["Rate: web", "Other", "Rate: fairs"], [("Rate: web", ""), ("Other", ""), ("Rate: fairs", "")]),
        (["Same", "Same"], [("Same", ""), ("Same", "")]),
    ],
)
def test_rows_of_a_matrix_are_those_that_share_a_title(headers: list[str], expected: list[tuple[str, str]]) -> None:
    export = read(plain(content(headers, [["x"] * len(headers)])))
    assert [(each.text, each.sub_text) for each in export.columns if each.role == "answer"] == expected


def test_options_without_bold_headers_are_told_by_their_cells() -> None:
    rows = plain(content(["Fields?", "ICT", "Bio", "Next?"], [["", "Yes", "No", "x"], ["", "No", "No", "y"]]))
    export = read(rows)
    assert [each.part for each in export.columns[:4]] == ["value", "tick", "tick", "value"]
    assert export.columns[0].role == "other_meta"
    assert "eusurvey_options_by_content" in {each.code for each in export.problems}


def test_two_questions_with_options_of_one_name_stay_two() -> None:
    rows = plain(content(["Now?", "ICT", "Later?", "ICT"], [["", "Yes", "", "No"]]))
    ticks = [(each.text, each.sub_text) for each in read(rows).columns if each.part == "tick"]
    assert ticks == [("Now?", "ICT"), ("Later?", "ICT")]


def test_a_header_nobody_knows_between_technical_ones_is_kept_from_everybody() -> None:
    names = ["Invitation number", "Wkład", "Użytkownik", "Creation date", "Last update", "Languages", "Punkty"]
    rows = plain(content(["Q"], [["a"]], names))
    rows[4].append("17")
    roles = [each.role for each in read(rows).columns]
    # Two columns between two known ones are the two that stand there; a number behind the languages is the score.
    assert roles == ["answer", "token", "response_id", "email", "submitted_at", "recorded_at", "language", "score"]
    names = ["Invitation number", "Wkład", "Creation date", "Last update", "Languages"]
    rows = plain(content(["Q"], [["a"]], names))
    rows[4] = [*rows[4][:3], *rows[4][4:]]
    assert [each.role for each in read(rows).columns][:4] == ["answer", "token", "custom", "submitted_at"]


def test_an_export_without_technical_columns_is_read() -> None:
    rows = [row[: len(JOINED)] for row in plain(content(JOINED, ANSWERS))]
    export = read(rows)
    assert {each.role for each in export.columns} == {"answer"}
    assert texts(export, "Organisation") == ["Mihon Cluster", "Sample Valley", "Kuuhaku Net"]


def test_an_export_without_contributions_has_none() -> None:
    export = read(plain(content(JOINED, ())))
    assert list(export.batches(frozenset())) == []
    assert len(export.columns) == 12


def test_xml_tells_what_was_not_shown() -> None:
    wave = answers_of(FIXTURES / "minimal.xml")
    shown = {question: wave.of(1, question) for question in ("q1", "q2", "m1", "m2")}
    assert shown["q1"] == {"q1y": "selected"}
    assert shown["q2"] == {"q2a": "selected", "q2b": "selected"}
    assert (shown["m1"], shown["m2"]) == ({"ma": "selected"}, {"ma": "selected", "mb": "selected"})
    for question in ("q2", "q3", "m1", "m2", "num"):
        assert set(wave.of(2, question).values()) == {"not_shown"}, question
    # The third said yes and left the rest: q3 hangs on an answer that was not given, the others were shown.
    states = {question: set(wave.of(3, question).values()) for question in ("q2", "q3", "m1", "m2", "num", "day")}
    assert states == {
        "q2": {"unknown_none_ticked"}, "q3": {"not_shown"}, "m1": {"not_answered"}, "m2": {"unknown_none_ticked"},
        "num": {"not_shown"}, "day": {"not_answered"},
    }  # fmt: skip


def test_xml_has_numbers_days_ranks_tables_and_texts_as_they_are() -> None:
    wave = answers_of(FIXTURES / "minimal.xml")
    values = {each.question: each.value for each in wave.answers if each.response == 1 and each.option is None}
    assert (values["num"], str(values["day"]), values["r1"], values["t1_tc"]) == (12.5, "2020-03-02", 4, "7")
    assert values["q3"] == 'A\nB; "C" & D'
    ranks = {each.option: each.value for each in wave.answers if (each.response, each.question) == (1, "rank")}
    assert ranks == {"k1": 2, "k2": 1}
    assert wave.of(1, "mail") == {None: "redacted"}


def test_xml_brings_the_questionnaire_in_all_its_languages() -> None:
    own = export_of("minimal.xml").own
    assert own is not None
    assert own.languages == ("en", "ja")
    assert own.by_code["q1"].labels == {"en": "Do you cooperate?", "ja": "協力していますか"}
    assert [each.labels["en"] for each in own.by_code["q2"].options] == ["Universities; schools", "Firms & banks"]
    assert own.by_code["m1"].parent_labels["en"] == "How often?"
    assert (own.by_code["q1"].parent, own.by_code["r1"].labels["en"]) == ("sec", "The web site")
    assert own.by_code["q3"].relevant == "selected(${q2}, 'q2a') or selected(${q2}, 'q2b')"
    assert {code: each.kind for code, each in own.by_code.items()} == {
        "q1": "select_one", "q2": "select_multiple", "q3": "text", "m1": "select_one", "m2": "select_multiple",
        "num": "decimal", "day": "date", "r1": "integer", "rank": "rank", "t1_tc": "text", "mail": "text",
    }  # fmt: skip


def test_xml_with_short_names_has_them_as_codes_and_tells_answers_of_deleted_questions() -> None:
    export = export_of("nasty_anonymous.xml")
    assert export.own is not None
    assert [each.code for each in export.own.by_code["b-q2"].options] == ["b-q2a", "b-q2b"]
    assert texts(export, "b-q2") == ["b-q2a;b-q2b", "?", ""]
    assert texts(export, "gone") == ["", "left over", ""]
    codes = {each.code for each in export.problems}
    assert "eusurvey_answers_without_question" in codes
    # EUSurvey's number of the answer set is all that tells anonymous contributions apart.
    assert {each.header: each.role for each in export.columns}["@list"] == "response_id"


def test_xml_without_short_names_is_read_by_the_codebook_of_the_card(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label::English (en)"], ["select_one yn", "coop", "Do you cooperate?"],
        ["select_multiple w", "whom", "With whom?"], ["begin_group", "often", "How often?"],
        ["select_one o", "post", "By post"], ["end_group", "", ""],
    ]  # fmt: skip
    choices = [
        ["list_name", "name", "label::English (en)"], ["yn", "1", "Yes"], ["yn", "2", "No"],
        ["w", "1", "Firms & banks"], ["w", "2", "Universities; schools"], ["o", "1", "Often"], ["o", "2", "Never"],
    ]  # fmt: skip
    form = tmp_path / "codebook.xlsx"
    form.write_bytes(xlsx({"survey": survey, "choices": choices}))
    wave = answers_of(FIXTURES / "minimal.xml", form)
    assert wave.values("coop") == ["1", "2", "1"]
    assert wave.of(1, "whom") == {"1": "selected", "2": "selected"}
    assert wave.values("post") == ["1", None, None]
    assert not {each.code for each in wave.problems} & {"codebook_label_differs", "survey_answers_unreadable"}


def test_a_zip_of_xml_and_uploads_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(FIXTURES / "minimal.xml", "export.xml")
        archive.writestr("q9/1_letter.xml", "<private/>")
    assert answers_of(path).values("q1") == answers_of(FIXTURES / "minimal.xml").values("q1") == ["q1y", "q1n", "q1y"]
    assert "eusurvey_uploads_left" in {each.code for each in eusurvey_xml.read(path, ()).problems}


def test_a_zip_of_workbooks_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(FIXTURES / "minimal_split.xlsx", "export.xlsx")
    split = answers_of(path, codebook(tmp_path))
    assert split.answers == answers_of(FIXTURES / "minimal_split.xlsx", codebook(tmp_path)).answers
    assert "eusurvey_options_by_content" not in {each.code for each in split.problems}


def test_a_technical_column_that_may_be_empty_makes_no_row_a_stranger() -> None:
    rows = [[*row[:6], *row[8:9]] for row in plain(content(JOINED, ANSWERS))]
    rows[3][6] = "Invitation number"
    for row in rows[4:]:
        row[6] = ""
    export = read(rows)
    assert texts(export, "Organisation") == ["Mihon Cluster", "Sample Valley", "Kuuhaku Net"]
    assert not export.problems


def test_a_shift_without_technical_columns_is_told_by_the_marks(tmp_path: Path) -> None:
    # Without technical columns only the marks of the options can tell.
    rows = [row[:9] for row in split()]
    rows[5] = [*rows[5][:2], *rows[5][5:]]
    book("two.xlsx", {"Content": rows}, FIELDS, tmp_path)
    export = eusurvey.read(tmp_path / "two.xlsx", tables_of(tmp_path / "two.xlsx"))
    assert [each.sub_text for each in export.columns if each.part == "tick"] == list(FIELDS)
    assert texts(export, "Organisation") == ["Mihon Cluster", "Kuuhaku Net"]
    assert "eusurvey_rows_shifted" in {each.code for each in export.problems}
