"""Columns made by SQL, codes as categories, and what else an R user asks for first."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from analytics.survey_statistics.opening import survey
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.survey import Survey


@pytest.fixture(scope="module")
def schools() -> pd.DataFrame:
    """20 schools in two strata of 40 and 60, drawn without weights; three codes of which 9 means no answer."""
    return pd.DataFrame(
        {
            "stratum": [1] * 8 + [2] * 12,
            "size": [40] * 8 + [60] * 12,
            "code": [10, 20, 20, 9, 10, 30, 20, 10, 30, 30, 20, 20, 10, 20, 9, 30, 20, 10, 30, 20],
            "pupils": [31, 45, 28, 60, 52, 47, 33, 39, 80, 75, 61, 58, 49, 70, 66, 90, 47, 52, 81, 63],
            "teachers": [2, 3, 2, 4, 4, 3, 2, 3, 5, 5, 4, 4, 3, 5, 4, 6, 3, 4, 6, 4],
        }
    )


@pytest.fixture(scope="module")
def opened(schools: pd.DataFrame) -> Survey:
    return survey(schools, strata="stratum", population="size")


def test_totals_of_a_code_are_those_of_its_indicators(opened: Survey) -> None:
    totals = opened.categorical("code").total("code")
    assert [row.category for row in totals] == ["9", "10", "20", "30"]
    for row in totals:
        indicator = opened.with_columns(there=f"(code = {row.category})::int").total("there")[0]
        assert row.value == pytest.approx(indicator.value, rel=1e-12)
        assert row.standard_error == pytest.approx(indicator.standard_error, rel=1e-12)
    # 10 is the code of three of the 8 and of two of the 12: 3 x 40 / 8 + 2 x 60 / 12.
    assert totals[1].value == pytest.approx(25, rel=1e-12)


def test_labels_give_the_order_and_none_is_a_missing_answer(opened: Survey) -> None:
    labelled = opened.categorical({"code": {30: "large", 20: 'it\'s "so" 中', 10: "small", 9: None, 40: "nobody"}})
    rows = labelled.proportion("code")
    assert [row.category for row in rows] == ["large", 'it\'s "so" 中', "small", "nobody"]
    assert (rows[0].n, rows[0].missing, rows[3].value) == (18, {"not_answered": 2}, 0.0)
    assert rows[2].value == pytest.approx(25 / (100 - 2 * 5), rel=1e-12)
    codes = opened.proportion("code", where="code <> 9")
    assert rows[1].standard_error == pytest.approx(codes[1].standard_error, rel=1e-12)


def test_a_ratio_of_derived_columns_is_that_of_the_columns(opened: Survey) -> None:
    derived = opened.with_columns(tens="pupils / 10.0", **{"all staff": "teachers + 0"})
    row, whole = derived.ratio("tens", "all staff")[0], opened.ratio("pupils", "teachers")[0]
    assert row.value == pytest.approx(whole.value / 10, rel=1e-12)
    assert row.standard_error == pytest.approx(whole.standard_error / 10, rel=1e-12)
    # The weights of a design without any follow from its populations, also afterwards.
    assert derived.total("pupils")[0].value == pytest.approx(opened.total("pupils")[0].value, rel=1e-14)


def test_weighting_goes_on_knowing_its_errors_under_new_columns(opened: Survey) -> None:
    weighted = opened.post_stratify("stratum", {1: 44, 2: 56})
    derived = weighted.with_columns(twice="2 * pupils").categorical("code")
    plain, twice = weighted.mean("pupils")[0], derived.mean("twice")[0]
    assert (twice.value, twice.standard_error) == pytest.approx((2 * plain.value, 2 * plain.standard_error), rel=1e-12)


def test_strata_may_have_labels_and_the_sample_stays_as_it_is(opened: Survey) -> None:
    labelled = opened.categorical({"stratum": {1: "north", 2: "south"}})
    assert [row.category for row in labelled.proportion("stratum")] == ["north", "south"]
    row, before = labelled.mean("pupils")[0], opened.mean("pupils")[0]
    assert row.standard_error == pytest.approx(before.standard_error, rel=1e-14)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"stratum": {1: "one", 2: "one"}}, "part of the design"),
        ("size", "part of the design"),
        ({"code": {10: "a", 20: "b"}}, "values without a label: 9, 30"),
        ("nothing", "has no question 'nothing'"),
        (3, "no name of a column"),
    ],
)
def test_categories_that_cannot_be(opened: Survey, columns: Any, message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        opened.categorical(columns)


@pytest.mark.parametrize(
    ("columns", "message"),
    [({"code": "1"}, "has a column 'code' already"), ({"x": "nope + 1"}, "nope"), ({"x": ""}, "must be SQL")],
)
def test_columns_that_cannot_be(opened: Survey, columns: dict[str, str], message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        opened.with_columns(**columns)


def test_a_difference_beside_a_lonely_unit_is_that_of_the_t_test() -> None:
    """With the rule average both stand in all strata of both sides, as in R ``svyglm`` and ``svyby(covmat = TRUE)``."""
    frame = pd.DataFrame(
        {"h": [1, 1, 1, 1, 2, 2, 2, 3], "g": list("aabbabaa"), "y": [3.0, 5.0, 4.0, 8.0, 6.0, 1.0, 9.0, 7.0]}
    )
    sample = survey(frame, strata="h", lonely_psu="average")
    difference, test = sample.difference("mean", "y", "g")[0], sample.t_test("y", "g")[0]
    assert test.effect_size is not None
    assert difference.standard_error == pytest.approx(test.effect_size.standard_error, rel=1e-12)


def test_a_domain_in_one_unit_has_no_error_whatever_degrees_of_freedom_are_asked_for() -> None:
    frame = pd.DataFrame({"u": [1, 1, 2, 2, 3, 3], "g": list("aabbbb"), "y": [1.0, 4.0, 2.0, 2.0, 5.0, 7.0]})
    for df in ("domain", "design", "normal", 7):
        row = survey(frame, units="u").mean("y", by="g", df=df)[0]
        assert (row.value, row.standard_error, row.lower) == (2.5, None, None)
        assert str(row.null_reason).startswith("no degrees of freedom")


def test_log_odds_of_a_replicate_with_none_are_no_interval() -> None:
    frame = pd.DataFrame({"y": ["yes", "yes", "no", "no", "no", "no"], "u": [1, 1, 2, 2, 3, 3]})
    row = survey(frame, units="u").replicate("JK1").proportion("y", interval="logit")[1]
    assert (row.category, row.lower) == ("yes", None)
    assert "log odds are infinite" in str(row.null_reason)
    # Shares 0, 1/2 and 1/2 of the replicates: 2/3 times squares of 1/9 + 1/36 + 1/36.
    assert row.standard_error == pytest.approx(1 / 3, rel=1e-12)


def test_a_profile_likelihood_under_a_large_design_effect_reaches_its_critical_value() -> None:
    """The limits are where the scaled likelihood ratio is the squared critical value, solved here by bisection; the
    tail beyond that value is 1e-22, which 1 less it does not hold.
    """
    from analytics.survey_statistics.estimators.interval_likelihood import likelihood_limits

    p, n, error, t = 0.8, 8000, 0.13, 2.02
    found = likelihood_limits(p, n, error, t)
    assert found is not None
    wanted = (t * error * math.sqrt(n * p * (1 - p))) ** 2

    def ratio(q: float) -> float:
        return 2 * (n - 1) * (p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q)))

    for limit, outer in zip(found, (0.01, 0.99), strict=True):
        inside, outside = p, outer
        for _ in range(60):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if ratio(middle) > wanted else (middle, outside)
        assert limit == pytest.approx(inside, abs=1e-4)  # R reads the limits off a line between points


def test_alpha_of_items_that_cancel_is_undefined() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0, 5.0], "b": [-1.1, -2.1, -3.1, -5.1]})
    rows = {row.statistic: row for row in survey(frame).alpha(["a", "b"]) if row.category is None}
    assert rows["standardised alpha"].value is None


def test_successive_differences_by_their_name_in_r() -> None:
    frame = pd.DataFrame({"y": [1.0, 4.0, 6.0], "w": [1.0] * 3, "r1": [2.0, 1, 0], "r2": [0.0, 1, 2], "r3": [1.0, 2, 0],
                          "r4": [1.0, 0, 2]})  # fmt: skip
    for method in ("successive-difference", "ACS", "SDR"):
        row = survey(frame, weights="w", replicates={"columns": "r?", "method": method}).total("y")[0]
        # Totals of the replicates: 6, 16, 9, 13; their mean 11; 4 / 4 times the sum of squared deviations.
        assert row.standard_error == pytest.approx(math.sqrt(25 + 25 + 4 + 4), rel=1e-12)


@pytest.mark.parametrize(("asked", "message"), [({"by": 3}, "by is 3"), ({"level": "a"}, "level is 'a'")])
def test_what_is_no_name_and_no_level(opened: Survey, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        opened.mean("pupils", **asked)
