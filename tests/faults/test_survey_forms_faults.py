"""Faults of the exports of Qualtrics, SurveyMonkey, Google Forms, KoboToolbox and ODK."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest

from ingest.problem import Outcome, SourceError
from ingest.survey.cells import tables_of
from ingest.survey.export import Export
from ingest.survey.opening import open_export
from ingest.survey.tools import google_forms, kobo, odk, qualtrics, surveymonkey
from tests.faults.told import told
from tests.survey.answers import ReadWave, answers_of
from tests.survey.small_survey import write_codebook

pytestmark = pytest.mark.fault
FIXTURES = Path(__file__).parents[1] / "fixtures" / "survey"


def export_of(reader: object, name: str) -> Export:
    """What a reader finds in a fixture."""
    path = FIXTURES / name
    return reader.read(path, () if path.suffix == ".zip" else tables_of(path))


ASKED = {
    "qualtrics": {"cluster", "fields", "fields_other", "visible_1", "visible_2", "remark"},
    "surveymonkey": {"fields", "fields_other", "visible_1", "visible_2", "prio", "prefecture"},
    "surveymonkey/minimal_condensed.csv": {"fields", "fields_other", "visible_1", "visible_2", "prefecture"},
    "surveymonkey/nasty.csv": {"fields", "fields_other"},
    "google_forms": {"cluster", "fields", "fields_other"},
    "google_forms/minimal.csv": {"cluster", "fields", "fields_other", "visible_1", "visible_2", "remark"},
    "google_forms/minimal_sheet.csv": {"cluster", "fields", "fields_other", "visible_1", "visible_2", "remark"},
    "kobo/labels_summary.csv": {"org", "fields"},
    "kobo/repeats.xlsx": {"org", "fields", "fields_other", "visible_1", "member", "role"},
    "odk/repeats.zip": {"org", "fields", "visible_1", "member", "role"},
}


def read(name: str, **card: Any) -> ReadWave:
    """A fixture read to its answers, with a codebook of the questions that it holds."""
    asked = ASKED.get(name) or ASKED[name.partition("/")[0]]
    with tempfile.TemporaryDirectory() as folder:
        codebook = write_codebook(Path(folder) / "codebook.xlsx", asked)
        return answers_of(FIXTURES / name, codebook, **card)


def answers(export: Export) -> dict[tuple[str, str, str], list[str]]:
    """The texts of each answer column by its part, question and row or option."""
    batches = list(export.batches(frozenset()))
    return {
        (column.part, column.name, column.sub_name): [
            text for batch in batches for text in batch.column(f"c{column.place + 1}").to_pylist()
        ]
        for column in export.columns
        if column.role == "answer"
    }


@pytest.mark.parametrize("name", ["minimal_two_rows.csv", "minimal_legacy.csv", "minimal.xlsx", "minimal.tsv"])
def test_s11_every_format_of_qualtrics_gives_the_same_answers(name: str) -> None:
    expected = answers(export_of(qualtrics, "qualtrics/minimal.csv"))
    assert expected["tick", "fields", "2"] == ["", "1", "-99", "", ""]
    assert expected["value", "remark", ""][0] == "良い\n二行目"
    assert answers(export_of(qualtrics, f"qualtrics/{name}")) == expected


@pytest.mark.parametrize("name", ["minimal_two_rows.csv", "minimal_legacy.csv", "minimal.xlsx", "minimal.tsv"])
def test_s11_every_format_of_qualtrics_gives_the_same_states_and_responses(name: str) -> None:
    expected, found = read("qualtrics/minimal.csv"), read(f"qualtrics/{name}")
    assert found.answers == expected.answers
    said = ("response_id", "disposition", "not_counted_reason", "started_at", "submitted_at")
    assert [[each[key] for key in said] for each in found.responses] == [
        [each[key] for key in said] for each in expected.responses
    ]
    if name.endswith(".tsv"):
        told(found.problems, "encoding_read", Outcome.FIX, ["UTF-16"], ["UTF-16"])


def test_s12_previews_and_tests_are_no_responses_and_are_counted() -> None:
    wave = read("qualtrics/minimal.csv")
    assert [(each["is_counted"], each["not_counted_reason"]) for each in wave.responses] == [
        (True, None), (True, None), (True, None), (False, "preview"), (False, "test"),
    ]  # fmt: skip
    told(
        wave.problems, "survey_responses_excluded", Outcome.FIX, ["preview 1", "test 1"], ["2行", "preview 1"]
    )  # fmt: skip


def test_s14_a_renamed_option_is_mapped_by_an_alias_of_the_card() -> None:
    aliases = {"cluster": {"Yes, registered": "1"}, "fields": {"Information, software": "ict"}}
    wave = read("google_forms/renamed_option.csv", aliases=aliases)
    assert wave.values("cluster") == ["1", "1", "1"]
    assert wave.of(2, "fields") == {"life": "selected", "ict": "selected", "other": "not_selected"}
    assert "survey_answers_unreadable" not in {each.code for each in wave.problems}


def test_s14_without_an_alias_a_renamed_option_is_unreadable_and_its_label_is_told() -> None:
    wave = read("google_forms/renamed_option.csv")
    assert [wave.of(number, "cluster") for number in (1, 2, 3)] == [
        {"1": "selected"}, {None: "unreadable"}, {None: "unreadable"},
    ]  # fmt: skip
    told(
        wave.problems, "survey_answers_unreadable", Outcome.WARN,
        ["'cluster'", "2 cells", "Yes, registered", "survey > aliases > cluster"], ["「cluster」", "Yes, registered"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("minimal.csv", [("tick", "Life sciences"), ("tick", "ICT, software"), ("other", "Other (please specify)")]),
        ("nasty.csv", [("tick", "和紙; 織物"), ("tick", 'Said "ICT"'), ("other", "これ以外:")]),
    ],
)
def test_s13_the_columns_behind_other_belong_to_the_right_question(name: str, expected: list[tuple[str, str]]) -> None:
    columns = [each for each in export_of(surveymonkey, f"surveymonkey/{name}").columns if each.role == "answer"]
    assert [(each.part, each.sub_text) for each in columns[:3]] == expected
    assert {each.text for each in columns[:3]} == {columns[0].text}
    assert columns[3].text in {"Your prefecture", "Which partners, if any?"}


def test_s13_the_words_of_other_answer_their_own_question() -> None:
    wave = read("surveymonkey/minimal.csv")
    assert wave.of(2, "fields") == {"life": "not_selected", "ict": "selected", "other": "selected"}
    assert wave.values("fields_other") == [None, "手漉き和紙, 織物", None, None]
    assert wave.values("prefecture") == ["兵庫県", None, 'the "old" province', "富山県"]
    told(
        wave.problems, "survey_forms_header_filled", Outcome.FIX,
        ["5 columns without a text", "4 questions"], ["設問文のない列が5列", "4問"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reader", "name", "tool", "mark"),
    [
        (qualtrics, "qualtrics/wrong.csv", "Qualtrics", '"ImportId"'),
        (surveymonkey, "surveymonkey/wrong.csv", "SurveyMonkey", "Respondent ID"),
        (google_forms, "google_forms/wrong.csv", "Google Forms", "Timestamp"),
        (kobo, "kobo/wrong.csv", "KoboToolbox", "_submission_time"),
        (odk, "odk/wrong.csv", "ODK or SurveyCTO", "KEY"),
        (odk, "odk/wrong.zip", "ODK or SurveyCTO", "KEY"),
    ],
)
def test_i22_a_reader_refuses_the_file_of_another_tool(reader: object, name: str, tool: str, mark: str) -> None:
    with pytest.raises(SourceError) as caught:
        export_of(reader, name)
    told(
        caught.value.problems, "survey_forms_not_this_tool", Outcome.QUAR,
        [f"no export of {tool}", mark], [f"{tool}から書き出したファイルではありません", mark],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reader", "name", "parents"),
    [(kobo, "kobo/repeats.xlsx", ["101", "101", "103"]), (odk, "odk/repeats.zip", ["uuid:1", "uuid:1", "uuid:3"])],
)
def test_s17_repeats_are_tables_of_their_own(reader: object, name: str, parents: list[str]) -> None:
    export = export_of(reader, name)
    assert sum(batch.num_rows for batch in export.batches(frozenset())) == 3
    assert [each.code for each in export.repeats] == ["members", "projects"]
    keys = {column.role: column.place for column in export.columns}
    own = [
        text for batch in export.batches(frozenset()) for text in batch.column(f"c{keys['row_key'] + 1}").to_pylist()
    ]
    found = []
    for repeat in export.repeats:
        place = next(column.place for column in repeat.columns if column.role == "parent_key")
        found.append(
            [each for batch in repeat.batches(frozenset()) for each in batch.column(f"c{place + 1}").to_pylist()]
        )
    # A repeat within a repeat belongs to the response as well.
    assert found == [parents, parents[2:]]
    assert {*parents} <= {*own}


@pytest.mark.parametrize("name", ["kobo/repeats.xlsx", "odk/repeats.zip"])
def test_s17_repeats_leave_the_number_of_responses_as_it_is(name: str) -> None:
    wave = read(name)
    assert len(wave.responses) == 3
    assert [(each.response, each.repeat, each.value) for each in wave.answers if each.question == "member"] == [
        (1, 1, "Sample A"), (1, 2, "Sample B"), (3, 1, "Sample C"),
    ]  # fmt: skip
    told(
        wave.problems, "survey_forms_repeats", Outcome.FIX,
        ["members, projects", "the number of responses is unchanged"], ["members, projects", "回答数は変わりません"],
    )  # fmt: skip


def test_s17_a_repeat_within_a_repeat_without_the_id_of_its_response_is_left_out_and_told() -> None:
    export = export_of(kobo, "kobo/repeats_without_ids.xlsx")
    assert [each.code for each in export.repeats] == ["members"]
    told(
        export.problems, "survey_forms_nested_repeat", Outcome.WARN,
        ["'projects'", "_submission__id"], ["「projects」", "どの回答に属するかわかりません"],
    )  # fmt: skip


def test_s16_labels_joined_by_blanks_are_never_split_and_the_way_out_is_told() -> None:
    export = export_of(kobo, "kobo/labels_summary.csv")
    assert export.convention.separators == ()
    told(
        export.problems, "survey_forms_joined_labels", Outcome.WARN,
        ["labels joined by blanks", "XML values and headers"], ["空白でつながれたラベル", "XML値と見出し"],
    )  # fmt: skip
    wave = read("kobo/labels_summary.csv")
    assert set(wave.of(1, "fields").values()) == {"unreadable"}
    # A single option needs no splitting.
    assert wave.of(2, "fields") == {"life": "selected", "ict": "not_selected", "other": "not_selected"}
    # One column for each option settles it, names do as well.
    for name in ("nasty.csv", "minimal_summary.csv"):
        codes = {each.code for each in export_of(kobo, f"kobo/{name}").problems}
        assert "survey_forms_joined_labels" not in codes


def test_an_archive_without_a_table_is_refused() -> None:
    with pytest.raises(SourceError) as caught:
        export_of(odk, "odk/no_table.zip")
    told(
        caught.value.problems, "survey_forms_no_table", Outcome.QUAR, ["holds no CSV table"], ["CSVの表がありません"]
    )  # fmt: skip


READERS = {
    "qualtrics": qualtrics, "surveymonkey": surveymonkey, "google_forms": google_forms, "kobo": kobo, "odk": odk,
}  # fmt: skip
EXPORTS = sorted(
    path
    for folder in READERS
    for path in (FIXTURES / folder).iterdir()
    if path.suffix in {".csv", ".tsv", ".xlsx", ".zip"} and not path.stem.startswith(("wrong", "no_table"))
)


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_i22_an_export_is_recognised_and_every_other_reader_refuses_it(path: Path) -> None:
    assert open_export(path).tool == READERS[path.parent.name].TOOL
    tables = () if path.suffix == ".zip" else tables_of(path)
    for name, reader in READERS.items():
        if name != path.parent.name and (tables or reader is odk):
            with pytest.raises(SourceError) as caught:
                reader.read(path, tables)
            assert [each.outcome for each in caught.value.problems] == [Outcome.QUAR]
