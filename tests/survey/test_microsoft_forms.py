"""What the reader of Microsoft Forms makes of its columns, titles and times."""

from __future__ import annotations

import pytest

from ingest.survey.export import PERSONAL_ROLES
from tests.faults.test_survey_microsoft_faults import FIXTURES, export_of
from tests.survey.answers import answers_of


def test_points_and_feedback_of_a_quiz_are_no_answers() -> None:
    columns = {each.header: each.role for each in export_of("quiz.xlsx").columns}
    assert columns["Total points"] == "score"
    assert columns["Quiz feedback"] == columns["Points - Capital?"] == columns["Feedback - Capital?"] == "other_meta"
    assert columns["Capital?"] == columns["Pointless?"] == "answer"


def test_a_number_behind_a_title_is_the_tools_only_where_the_title_stood_before() -> None:
    columns = {each.header: each.text for each in export_of("nasty.xlsx").columns if each.role == "answer"}
    assert columns["Phase2"] == "Phase"
    assert columns["Phase 3"] == "Phase 3"
    assert columns["Top10"] == "Top10"
    # The tool's own column Name counts too.
    assert [each.text for each in export_of("minimal.xlsx").columns[-2:]] == ["Name", "Name"]


def test_titles_are_on_one_line_without_fixed_blanks() -> None:
    assert export_of("nasty.xlsx").columns[7].header == '分野は "すべて" お選びください'


def test_names_and_addresses_are_personal() -> None:
    columns = export_of("nasty.xlsx").columns
    assert {each.header for each in columns if each.role in PERSONAL_ROLES} == {"メール", "名前"}


@pytest.mark.parametrize(
    ("name", "started"), [("minimal.xlsx", "2020-03-02 10:00:05"), ("minimal.csv", "2020-03-14 10:00:05")]
)
def test_times_are_those_of_the_file(name: str, started: str) -> None:
    first = answers_of(FIXTURES / name).responses[0]
    assert str(first["started_at"]) == started
    assert first["duration_seconds"] == 275
