"""Rows of estimates: their bases, what is missing, and the reasons of what is undefined."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.design import Design, Stage, SurveyError
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.survey import Survey
from tests.survey_statistics.small_sample import counted, opened, with_codebook

ASKED = Question(
    "q",
    "choice",
    "case when q > 0 then q end",
    "case when q > 0 then 'answered' when q = -2 then 'not_shown' when q = -6 then 'dont_know' else 'not_answered' end",
    "How often?",
    {1: "often", 2: "never", 3: "once"},
)


def one(rows: Rows, **wanted: object) -> Estimate:
    found: list[Estimate] = [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]
    assert len(found) == 1
    return found[0]


def test_missing_answers_are_counted_by_state_and_bound_the_share() -> None:
    survey = with_codebook(opened({"q": [1, 1, 2, -1, -2, -6, -6]}), ASKED)
    row = one(survey.proportion("q"), category="often")
    assert (row.n, row.n_category, row.value) == (3, 2, 2 / 3)
    assert row.missing == {"not_answered": 1, "not_shown": 1, "dont_know": 2}
    # Those who were not shown the question are not unknown: 3 of 6 could be anything.
    assert row.bounds == (2 / 7, 6 / 7)
    assert one(survey.proportion("q"), category="once").value == 0.0


def test_domain_of_the_codebook_without_anybody_has_a_row() -> None:
    side = Question("side", "choice", "side", "'answered'", "", {"eu": "Europe", "jp": "Japan", "us": "America"})
    survey = with_codebook(opened({"q": [1, 2], "side": ["eu", "jp"]}), ASKED, side)
    rows = survey.proportion("q", by="side")
    assert [row.domain for row in rows][::3] == ["side = Europe", "side = Japan", "side = America"]
    nobody = [row for row in rows if row.domain == "side = America"]
    assert {(row.value, row.lower, row.n, row.null_reason) for row in nobody} == {(None, None, 0, "no cases")}


def test_complete_listing_has_no_interval() -> None:
    rows = counted(28, 52, 52).proportion("q")
    yes = one(rows, category="yes")
    assert (yes.lower, yes.upper, yes.level, yes.interval_method) == (None, None, None, "none (complete listing)")
    process = counted(28, 52, 52).with_design(inference="process").proportion("q")
    assert one(process, category="yes").lower == pytest.approx(0.405, abs=5e-4)
    assert (yes.context.inference, process[0].context.inference) == ("population", "process")


def test_one_response_has_no_standard_error() -> None:
    survey = opened({"x": [1.0, 2.0, 3.0, 9.0], "g": ["a", "a", "a", "b"]})
    row = one(survey.mean("x", by="g"), domain="g = b")
    assert (row.value, row.standard_error, row.lower, row.null_reason) == (
        9.0, None, None, "one response: no spread can be estimated",
    )  # fmt: skip
    difference = survey.difference("mean", "x", "g")[0]
    assert (difference.value, difference.standard_error, difference.p_value) == (-7.0, None, None)


def test_domain_in_one_unit_has_no_standard_error() -> None:
    survey = opened(
        {"x": [1.0, 2.0, 4.0, 8.0, 9.0], "g": ["a", "a", "a", "b", "b"], "u": [1, 1, 2, 3, 3]},
        Design(stages=(Stage("u"),)),
    )
    row = one(survey.mean("x", by="g"), domain="g = b")
    assert row.standard_error is None
    assert "primary sampling unit" in (row.null_reason or "")


def test_all_equal_answers_have_no_interval() -> None:
    row = opened({"x": [3.0, 3.0, 3.0]}).mean("x")[0]
    assert (row.value, row.lower, row.upper) == (3.0, None, None)
    assert "no spread" in (row.null_reason or "")


def test_hand_worked_ratio() -> None:
    row = opened({"a": [1.0, 2.0, 3.0], "b": [2.0, 2.0, 4.0]}).ratio("a", "b")[0]
    # Residuals a - 0.75 b are -0.5, 0.5, 0; their variance 0.25; over n times the squared mean 8/3 below.
    assert row.value == 0.75
    assert row.standard_error == pytest.approx(math.sqrt(0.25 / 3) / (8 / 3), rel=1e-12)


def test_weights_that_do_not_reach_the_sample_give_an_effect_with_replacement() -> None:
    survey = opened({"x": [1.0, 2.0, 4.0, 9.0]})
    assert survey.mean("x")[0].design_effect == pytest.approx(1.0, rel=1e-12)


def test_query_repeats_the_row() -> None:
    survey = opened({"x": [1.0, 2.0, 4.0, 9.0], "g": ["a", "a", "b", "b"]})
    row = survey.mean("x", by="g", where="x < 9", level=0.9)[0]
    assert row.query == 'mean("x", by="g", where="x < 9", level=0.9)'
    assert eval(f"survey.{row.query}")[0] == row  # noqa: S307 - the text is our own row


def test_rows_are_the_same_in_every_run() -> None:
    first, second = (counted(7, 20).proportion("q").to_arrow() for _ in range(2))
    assert first.equals(second)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda survey: survey.mean("g"), "choice question"),
        (lambda survey: survey.proportion("x", interval="guess"), "interval is 'guess'"),
        (lambda survey: survey.mean("x", df="all"), "df is 'all'"),
        (lambda survey: survey.mean("x", level=95), "level is 95"),
        (lambda survey: survey.quantile("x", (50,)), "between 0 and 1"),
        (lambda survey: survey.quantile("x", rule="hf10"), "rule is 'hf10'"),
        (lambda survey: survey.quantile("x", interval="quantile"), "replicate weights"),
        (lambda survey: survey.difference("median", "x", "g"), "statistic is 'median'"),
        (lambda survey: survey.mean("x", design_effect="yes"), "design_effect is 'yes'"),
    ],
)
def test_mistakes_are_told_in_a_sentence(call: Callable[[Survey], object], told: str) -> None:
    survey = opened({"x": [1.0, 2.0, 4.0, 9.0], "g": ["a", "a", "b", "b"]})
    with pytest.raises(SurveyError, match=told):
        call(survey)
