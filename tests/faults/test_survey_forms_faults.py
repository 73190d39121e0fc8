"""Faults of the exports of Qualtrics, SurveyMonkey, Google Forms, KoboToolbox and ODK."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from ingest.survey.cells import tables_of
from ingest.survey.export import Export
from ingest.survey.tools import google_forms, kobo, odk, qualtrics, surveymonkey
from tests.faults.told import told

pytestmark = pytest.mark.fault
FIXTURES = Path(__file__).parents[1] / "fixtures" / "survey"


def export_of(reader: object, name: str) -> Export:
    """What a reader finds in a fixture."""
    path = FIXTURES / name
    return reader.read(path, () if path.suffix == ".zip" else tables_of(path))  # type: ignore[attr-defined]


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
