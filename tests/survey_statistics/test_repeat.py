"""Entries of a repeated group: shares of entries with the response as their unit, counted by hand.

Four counted responses of eight east and west; partners: three of response 1, one of 2, one of 3, none of 4.
"""

from __future__ import annotations

import math
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from analytics.survey_statistics.opening import survey
from analytics.survey_statistics.sample.design import SurveyError
from orchestration.commands import app

EDITION, RELEASE = "mihon/2020", "r0123456789ab"
TABLES = """
    create schema marts; create schema survey;
    create table marts.dim_survey_wave as select 'mihon/2020' as edition_id, 'survey.mihon_2020' as wide_table,
        4 as n_counted, true as is_synthetic;
    create table marts.dim_survey_question as select 'mihon/2020' as edition_id, * from (values
        (1, 'side', 'select_one', 'Which side?', null, null),
        (2, 'abroad', 'select_one', 'Is the partner abroad?', null, 'partners'),
        (3, 'years', 'integer', 'Years together?', null, 'partners'),
        (4, 'fields', 'select_multiple', 'Fields?', null, 'partners')
    ) t(question_no, question_code, question_kind, question_en, question_ja, repeat_code);
    create table marts.dim_survey_option as select 'mihon/2020' as edition_id, * from (values
        ('side', 1, 'e', 'East', null, 'selected'), ('side', 2, 'w', 'West', null, 'selected'),
        ('abroad', 1, 'y', 'Yes', null, 'selected'), ('abroad', 2, 'n', 'No', null, 'selected'),
        ('fields', 1, 'l', 'Life', null, 'selected'), ('fields', 2, 'i', 'ICT', null, 'selected')
    ) t(question_code, option_no, option_code, option_en, option_ja, chosen_state);
    create table marts.dim_survey_column as select 'mihon/2020' as edition_id, * from (values
        ('survey.mihon_2020', 1, 'side', 'side', null, null),
        ('survey.mihon_2020_partners', 1, 'abroad', 'abroad', null, null),
        ('survey.mihon_2020_partners', 2, 'years', 'years', null, 'years__state'),
        ('survey.mihon_2020_partners', 3, 'fields__l', 'fields', 'l', null),
        ('survey.mihon_2020_partners', 4, 'fields__i', 'fields', 'i', null)
    ) t(wide_table, column_no, wide_column, question_code, option_code, state_column);
    create table marts.fct_survey_design as select 'mihon/2020' as edition_id, * from (values
        ('estimates_speak_of', 'process', true, true, null)
    ) t(aspect, statement, is_documented, is_usable, reason);
    create table survey.mihon_2020 as select * from (values
        (1, true, 1), (2, true, 1), (3, true, 2), (4, true, 2), (5, false, 2)) t(response_no, is_counted, side);
    create table survey.mihon_2020_partners as select * from (values
        (1, true, 1, 1, 2.0, 0, 1, 0), (1, true, 2, 1, 4.0, 0, 1, 1), (1, true, 3, 2, 6.0, 0, -2, -2),
        (2, true, 1, 2, 8.0, 0, 0, 1), (3, true, 1, -1, null, -1, 1, 0), (5, false, 1, 1, 99.0, 0, 1, 1)
    ) t(response_no, is_counted, repeat_no, abroad, years, years__state, fields__l, fields__i);
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "releases" / RELEASE
    folder.mkdir(parents=True)
    (tmp_path / "latest").symlink_to(folder)
    with duckdb.connect(str(folder / "observatory.duckdb")) as connection:
        connection.execute(TABLES)
    return tmp_path


def test_shares_are_of_entries_and_the_error_knows_that_a_response_names_several(home: Path) -> None:
    yes, no = survey(EDITION, home=home, repeat="partners").proportion("abroad")
    assert (yes.value, no.value, yes.n) == (0.5, 0.5, 4)
    # Scores of the responses: (1 - 1/2) + (1 - 1/2) - 1/2, -1/2, 0, 0, over 4; units 4 of which two have none.
    scores = [0.5 / 4, -0.5 / 4, 0.0, 0.0]
    assert yes.standard_error == pytest.approx(math.sqrt(4 / 3 * sum(z * z for z in scores)))
    assert yes.degrees_of_freedom == 1
    assert yes.base == "5 entries of partners by 3 of 4 counted responses; entries that answered abroad"
    # Response 4 named nobody, the partner of response 3 has no answer.
    assert yes.missing == {"not_answered": 1, "not_shown": 1}


def test_numbers_ticks_and_domains_of_the_response(home: Path) -> None:
    opened = survey(EDITION, home=home, repeat="partners")
    assert [row.value for row in opened.mean("years", by="side")] == [5.0, None]
    assert opened.mean("years")[0].value == 5.0
    ticked = {row.category: (row.value, row.n) for row in opened.multiple("fields")}
    assert (ticked["Life"], ticked["ICT"]) == ((0.75, 4), (0.5, 4))
    by_side = opened.proportion("abroad", by="side")
    assert [(row.domain, row.category, row.value) for row in by_side][:2] == [
        ("side = East", "Yes", 0.5), ("side = East", "No", 0.5),
    ]  # fmt: skip


def test_the_wave_itself_has_no_questions_of_its_groups(home: Path) -> None:
    opened = survey(EDITION, home=home)
    assert list(opened.responses.questions) == ["side"]
    with pytest.raises(SurveyError, match="no question 'abroad'"):
        opened.proportion("abroad")


@pytest.mark.fault
def test_r01_a_group_that_is_not_there_is_told(home: Path) -> None:
    with pytest.raises(SurveyError, match="no repeated group 'projects'; its repeated groups are: partners"):
        survey(EDITION, home=home, repeat="projects")


def test_the_command_prints_the_groups_after_the_wave(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_HOME", str(home))
    found = CliRunner().invoke(app, ["survey", EDITION])
    assert found.exit_code == 0, found.output
    assert "side  Which side?" in found.output
    assert "abroad  Is the partner abroad?" in found.output
    assert "Base: 5 entries of partners by 3 of 4 counted responses; " in found.output
    alone = CliRunner().invoke(app, ["survey", EDITION, "years", "--repeat", "partners"])
    assert "Which side?" not in alone.output
    assert "Years together?" in alone.output
