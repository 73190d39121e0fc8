"""Differences of domains and changes between waves: covariance, adjustment, overlap, broken trends."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from analytics.survey_statistics.sample.design import Design, Stage, SurveyError
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.survey import Survey
from tests.survey_statistics import golden
from tests.survey_statistics.small_sample import opened, with_codebook

NUMBERS = {"x": [1.0, 2.0, 3.0, 5.0, 7.0, 9.0], "g": ["a", "a", "a", "b", "b", "b"], "id": [1, 2, 3, 4, 5, 6]}


def test_difference_of_a_simple_random_sample_by_hand() -> None:
    row = opened(NUMBERS).difference("mean", "x", "g")[0]
    assert (row.domain, row.value) == ("g = a minus g = b", -5.0)
    # Residual sums of squares 2 and 8 over n squared of the domain, times 6 / 5 of the sample.
    assert row.standard_error == pytest.approx(math.sqrt((2 + 8) / 9 * 6 / 5), rel=1e-12)


def test_p_values_are_adjusted_for_every_pair_and_say_how_many() -> None:
    survey = opened({"x": [1.0, 2.0, 3.0, 2.0, 4.0, 5.0, 9.0, 8.0, 9.5], "g": [*"aaabbbccc"]})
    rows = survey.difference("mean", "x", "g")
    assert {row.n_tests for row in rows} == {3}
    assert {row.adjustment for row in rows} == {"holm"}
    smallest = min(rows, key=lambda row: row.p_value)
    assert smallest.adjusted_p_value == pytest.approx(3 * smallest.p_value)


def test_shares_of_a_complementary_pair_change_by_opposite_amounts() -> None:
    rows = golden.survey("school_stratified").difference("proportion", "member", "sex")
    no, yes = rows
    assert no.value == pytest.approx(-yes.value)
    assert no.standard_error == pytest.approx(yes.standard_error)


@pytest.mark.fault
def test_r01_a_ratio_to_nobody_has_a_reason_and_leaves_the_other_ratios_alone() -> None:
    survey = opened({"q": ["y", "n", "n", "y", "y", "n", "n", "n", "n"], "g": [*"aaabbbccc"]})
    rows = survey.difference("proportion", "q", "g", scale="ratio")
    assert [row.null_reason for row in rows if row.value is None] == 2 * ["undefined: what it would be divided by is 0"]
    alone = survey.difference("proportion", "q", "g", scale="ratio", where="g <> 'c'")
    for row in alone:
        (found,) = [each for each in rows if (each.domain, each.category) == (row.domain, row.category)]
        assert found.standard_error == pytest.approx(row.standard_error, rel=1e-12)


@pytest.mark.fault
def test_r14_percent_of_a_percent_and_mean_of_codes_are_refused() -> None:
    survey = opened(NUMBERS)
    with pytest.raises(SurveyError, match="percentage points"):
        survey.difference("proportion", "g", "g", scale="percent")
    codes = with_codebook(survey, Question("x", "choice", "x", "'answered'", "", {1.0: "yes", 2.0: "no"}))
    for call in (codes.mean, codes.quantile):
        with pytest.raises(SurveyError, match="proportion"):
            call("x")
    with pytest.raises(SurveyError, match="choice question"):
        codes.difference("mean", "x", "g")


# R: rbind of both waves, svydesign(~cluster, strata=~stratum), svycontrast(svyby(~wave, covmat=TRUE), c(-1, 1)).
def test_change_of_waves_with_units_in_common_agrees_with_r() -> None:
    earlier, later = golden.survey("household_clusters"), golden.survey("household_later")
    (hours,) = earlier.change(later, "mean", "hours", respondent="person")
    assert hours.value == pytest.approx(1.7608806595, rel=1e-9)
    assert hours.standard_error == pytest.approx(0.7612217836, rel=1e-9)
    shares = earlier.change(later, "proportion", "member", respondent="person")
    assert [row.standard_error for row in shares] == pytest.approx([0.0662360973793] * 2, rel=1e-10)
    (total,) = earlier.change(later, "total", "income", respondent="person")
    assert total.standard_error == pytest.approx(2058919.97024, rel=1e-11)


def test_independent_waves_add_their_variances() -> None:
    earlier, later = golden.survey("household_clusters"), golden.survey("household_later")
    (row,) = earlier.change(later, "mean", "hours")
    each = [survey.mean("hours")[0] for survey in (earlier, later)]
    assert row.standard_error == pytest.approx(math.hypot(*(one.standard_error for one in each)), rel=1e-12)
    assert row.degrees_of_freedom == sum(one.degrees_of_freedom for one in each)


def test_same_people_with_the_same_answers_change_by_nothing_and_surely_so() -> None:
    survey = opened(NUMBERS)
    moved = opened(NUMBERS | {"x": [2.0, 3.0, 4.0, 6.0, 8.0, 10.0]})
    (row,) = survey.change(moved, "mean", "x", respondent="id")
    assert row.value == pytest.approx(1.0)
    assert row.standard_error == pytest.approx(0.0, abs=1e-12)
    assert row.lower is None


def waves(text: str) -> tuple[Survey, Survey]:
    before = Question("g", "choice", "g", "'answered'", "Which group?", {"a": "A", "b": "B"})
    survey = opened(NUMBERS)
    return with_codebook(survey, before), with_codebook(survey, replace(before, text=text))


@pytest.mark.fault
def test_r12_changed_question_has_no_change_but_a_reason() -> None:
    (row,) = waves("Which group, if any?")[0].change(waves("Which group, if any?")[1], "proportion", "g")
    assert (row.value, row.lower, row.p_value) == (None, None, None)
    assert row.null_reason == "trend broken: text of g changed between the waves"
    same = waves("Which group?")
    assert [row.value for row in same[0].change(same[1], "proportion", "g")] == [0.0, 0.0]


@pytest.mark.fault
def test_r12_reviewed_break_decides() -> None:
    earlier, later = waves("Which group, if any?")
    earlier, later = (
        replace(survey, responses=replace(survey.responses, title=title))
        for survey, title in ((earlier, "s/2018"), (later, "s/2020"))
    )
    connection = later.responses.connection
    connection.execute("create schema marts")
    connection.execute(
        "create table marts.dim_survey_question_version as select 's/2020' as edition_id, 'g' as question_code, "
        "'s/2018' as earlier_edition_id, 'g' as earlier_question_code, false as is_trend_broken, 'same' as why_en"
    )
    assert len(earlier.change(later, "proportion", "g")) == 2
    connection.execute("update marts.dim_survey_question_version set is_trend_broken = true, why_en = 'New options.'")
    (row,) = earlier.change(later, "proportion", "g")
    assert (row.value, row.null_reason) == (None, "trend broken: New options.")


@pytest.mark.parametrize("name", ["wave", "value", "weight", "unit", "stratum", 'we"ird, "name'])
def test_columns_keep_their_names_in_two_waves_and_nothing_is_left_behind(name: str) -> None:
    groups = {name: ["a", "b, c"] * 3}
    earlier, later = opened(NUMBERS | groups), opened(NUMBERS | groups | {"x": [2.0, 2.0, 4.0, 5.0, 8.5, 9.0]})
    alone = [survey.mean("x", name) for survey in (later, earlier)]
    rows = earlier.change(later, "mean", "x", by=name, respondent="id")
    assert [row.domain for row in rows] == [f"{name} = a", f"{name} = b, c"]
    assert [row.value for row in rows] == pytest.approx([a.value - b.value for a, b in zip(*alone, strict=True)])
    assert rows[1].base.endswith(f"answered x; {name} = b, c")
    left = earlier.responses.connection.execute("select 1 from duckdb_tables() where table_name like '%stack%'")
    assert not left.fetchall()


def test_a_complete_listing_in_both_waves_changes_without_error() -> None:
    sizes = opened(NUMBERS | {"size": [6.0] * 6}, Design(stages=(Stage(population="size"),)))
    moved = opened(
        NUMBERS | {"x": [2.0, 3.0, 4.0, 6.0, 9.0, 10.0], "size": [6.0] * 6}, Design(stages=(Stage(population="size"),))
    )
    (row,) = sizes.change(moved, "mean", "x", respondent="id")
    assert (row.value, row.standard_error, row.interval_method) == (
        pytest.approx(7 / 6),
        0.0,
        "none (complete listing)",
    )
    assert row.context.is_fpc_used


@pytest.mark.fault
def test_r12_a_question_of_another_kind_and_an_unknown_respondent_stop_a_change() -> None:
    survey = opened(NUMBERS)
    with pytest.raises(SurveyError, match="a number question in sample and a choice question in other"):
        survey.change(opened(NUMBERS | {"x": [*"abcabc"]}, title="other"), "mean", "x", respondent="id")
    with pytest.raises(SurveyError, match="id is empty in 1 responses of sample"):
        survey.change(opened(NUMBERS | {"id": [1, 2, 3, 4, 5, None]}), "mean", "x", respondent="id")
    with pytest.raises(SurveyError, match="weights in x cannot be used: 1 negative of 6"):
        survey.change(
            opened(NUMBERS | {"x": [1.0, 2.0, 3.0, 4.0, 5.0, -1.0]}, Design(weights="x")), "mean", "x", respondent="id"
        )
