"""Weights and margins that nothing can be made of: every one a sentence that says what, where and what to do."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from analytics.survey_statistics.sample.design import Design, Replicates, Stage, SurveyError
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey

pytestmark = pytest.mark.fault

SEX = {"f": 60.0, "m": 40.0}


def town(**changes: list[Any]) -> Survey:
    columns: dict[str, list[Any]] = {
        "sex": ["f", "f", "f", "m", "m", "m"],
        "age": ["old", "young", "young", "old", "old", "young"],
        "answered": [1, 0, 1, 1, 1, 0],
        "value": [3.0, 5.0, 4.0, 1.0, 2.0, 6.0],
        "weight": [10.0] * 6,
    }
    return Survey(open_table(pa.table(columns | changes), "town"), Design(weights="weight", stages=(Stage(),)))


def refused(ask: Callable[[], Any], *words: str) -> None:
    with pytest.raises(SurveyError) as caught:
        ask()
    said = str(caught.value)
    assert [word for word in words if word not in said] == [], said


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([10.0, None, 10.0, 10.0, 10.0, 10.0], ["1 responses", "no finite weight", "0 for those"]),
        ([10.0, -1.0, 10.0, 10.0, 10.0, 10.0], ["negative", "-1"]),
        ([10.0, math.inf, 10.0, 10.0, 10.0, 10.0], ["no finite weight"]),
        ([10.0, math.nan, 10.0, 10.0, 10.0, 10.0], ["no finite weight"]),
        ([0.0] * 6, ["No response", "positive weight"]),
    ],
)
def test_s26_unusable_weights_are_not_adjusted(weights: list[float | None], words: list[str]) -> None:
    survey = town(weight=weights)
    refused(lambda: survey.post_stratify("sex", SEX), *words)
    refused(lambda: survey.rake({"sex": SEX}), *words)
    refused(lambda: survey.calibrate({"(Intercept)": 100}), *words)
    refused(lambda: survey.trim(upper=20), *words)


def test_s26_a_huge_weight_is_reported_and_can_be_trimmed() -> None:
    survey = town(weight=[1e9, 10.0, 10.0, 10.0, 10.0, 10.0]).post_stratify("age", {"old": 30.0, "young": 30.0})
    report = survey.weighting
    assert report is not None
    # Nearly all of one half hangs on one response: 4 responses' worth of information are left of 6.
    assert report.effective_n == pytest.approx(60**2 / (30**2 + 3 * 10**2), rel=1e-6)
    assert report.lowest_factor < 1e-7


def test_s26_zero_weights_may_lack_a_category_and_stay_zero() -> None:
    survey = town(weight=[10.0] * 5 + [0.0], sex=["f", "f", "f", "m", "m", None])
    found = survey.post_stratify("sex", SEX)
    last = found.responses.connection.execute(f"select {found.weight} from {found.responses.relation}").fetchall()[-1]
    assert last == (0.0,)
    assert found.total("value")[0].value == pytest.approx(20 * 12 + 20 * 3, rel=1e-14)


@pytest.mark.parametrize("bad", [None, math.nan, math.inf, -5.0, "many", True])
def test_populations_that_are_no_counts(bad: Any) -> None:
    for ask in (
        lambda: town().post_stratify("sex", {"f": bad, "m": 40.0}),
        lambda: town().rake({"sex": {"f": bad, "m": 40.0}}),
        lambda: town().calibrate({"sex": {"f": bad, "m": 40.0}}),
    ):
        refused(ask, "population of sex = f", "has to be a number of 0 or more")


def test_a_population_without_respondents() -> None:
    refused(lambda: town().post_stratify("sex", SEX | {"x": 3}), "sex = x", "no response of town", "merge")
    refused(lambda: town().rake({"sex": SEX | {"x": 3}}), "sex = x", "no response of town", "merge")
    refused(lambda: town().calibrate({"(Intercept)": 100, "sexx": 3}), "sex = x", "its categories are f, m")
    empty = town().post_stratify("sex", SEX | {"x": 0}).weighting
    assert empty is not None
    assert [margin.label for margin in empty.margins] == ["sex = f", "sex = m"]


def test_respondents_without_a_population() -> None:
    refused(lambda: town().post_stratify("sex", {"f": 60}), "sex = m", "not given or 0")
    refused(lambda: town().rake({"sex": {"f": 60, "m": 0}}), "sex = m", "not given or 0")


def test_respondents_without_a_category() -> None:
    survey = town(sex=["f", None, "f", "m", "m", "m"])
    refused(lambda: survey.post_stratify("sex", SEX), "1 responses of town", "no value in sex", "category of their own")
    refused(lambda: survey.rake({"sex": SEX}), "no value in sex")
    lacking = town(value=[3.0, None, 4.0, 1.0, 2.0, 6.0])
    refused(lambda: lacking.calibrate({"value": 300.0}), "1 responses of town", "no value in value")


def test_margins_of_different_totals() -> None:
    refused(
        lambda: town().rake({"sex": SEX, "age": {"old": 60, "young": 41}}),
        "sex 100",
        "age 101",
        "scale them to one total",
    )


def test_raking_that_cannot_converge_says_how_far_it_came() -> None:
    # All f are young and all m old, so the two margins say different things of the same people.
    survey = town(age=["young"] * 3 + ["old"] * 3)
    refused(
        lambda: survey.rake({"sex": SEX, "age": {"old": 60, "young": 40}}),
        "did not converge: after 100 iterations", "instead of", "relative gap", "1e-10",
    )  # fmt: skip
    refused(lambda: town().rake({"sex": SEX, "age": {"old": 70, "young": 30}}, most=1), "after 1 iterations")


@pytest.mark.parametrize("method", ["linear", "raking", "logit"])
def test_bounds_that_cannot_be_met(method: str) -> None:
    refused(
        lambda: town().calibrate({"(Intercept)": 60, "value": 320.0}, method=method, bounds=(0.9, 1.1)),
        "did not converge", "the bounds 0.9 and 1.1 cannot be met", "relative gap",
    )  # fmt: skip


def test_totals_that_contradict_each_other() -> None:
    contradiction = {"(Intercept)": 100, "sex": {"f": 60, "m": 50}}
    refused(lambda: town().calibrate(contradiction), "did not converge", "contradict each other")
    refused(lambda: town().calibrate(contradiction, method="raking"), "did not converge", "contradict each other")


def test_negative_weights_of_linear_calibration_are_told_or_refused() -> None:
    totals = {"(Intercept)": 60, "value": 320.0}
    report = town().calibrate(totals).weighting
    assert report is not None
    assert report.lowest_weight < 0
    assert "the lowest weight is negative" in report.notes[0]
    refused(lambda: town().calibrate(totals, negative="fail"), "lowest weight is negative", "method='raking'")
    refused(lambda: town().calibrate(totals).rake({"sex": SEX}), "negative somewhere")


def test_methods_and_bounds_that_do_not_exist() -> None:
    refused(lambda: town().calibrate({"value": 250.0}, method="entropy"), "'entropy'", "linear, raking, logit")
    refused(lambda: town().calibrate({"value": 250.0}, method="logit"), "two finite bounds")
    refused(lambda: town().calibrate({"value": 250.0}, bounds=(1.1, 2)), "1 has to lie between")
    refused(lambda: town().calibrate({"height": 250.0}), "no question 'height'", "sex")
    refused(lambda: town().rake({}), "at least one margin")
    refused(lambda: town().calibrate({}), "needs known totals")


def test_a_class_in_which_no_one_responded() -> None:
    survey = town(answered=[1, 1, 1, 0, 0, 0])
    refused(lambda: survey.adjust_nonresponse("answered", classes="sex"), "No one responded in sex = m", "merge")
    refused(lambda: survey.adjust_nonresponse("answered", predictors=["sex"]), "No one responded where sex = m")
    unknown = town(answered=[1, None, 1, 1, 1, 0])
    refused(lambda: unknown.adjust_nonresponse("answered"), "missing in 1 rows")
    refused(lambda: town().adjust_nonresponse("sex"), "true or false, or 1 or 0")


def test_a_replicate_without_a_category() -> None:
    table = pa.table({"sex": ["f", "m", "m"], "value": [1.0, 2.0, 4.0], "weight": [1.0] * 3, "r1": [0.0, 1.5, 1.5],
                      "r2": [1.5, 0.0, 1.5], "r3": [1.5, 1.5, 0.0]})  # fmt: skip
    survey = Survey(
        open_table(table, "town"), Design(weights="weight", replicates=Replicates(("r1", "r2", "r3"), "JK1"))
    )
    refused(lambda: survey.post_stratify("sex", SEX), "Replicate 1", "no response in a post-stratum")
    refused(lambda: survey.rake({"sex": SEX}), "Replicate 1", "no response in a category")


def test_trimming_that_leaves_nothing() -> None:
    refused(lambda: town().trim(upper=5), "mean weight of town is 10", "Widen the bounds")
    refused(lambda: town().trim(lower=12), "mean weight of town is 10")


def test_replicates_of_adjusted_weights_are_refused() -> None:
    units = Design(weights="weight", stages=(Stage("person"),))
    survey = Survey(
        open_table(pa.table({"person": [1, 2, 3, 4], "sex": list("ffmm"), "weight": [1.0] * 4}), "town"), units
    )
    refused(lambda: survey.post_stratify("sex", SEX).replicate("JK1"), "before the weights are adjusted")


def test_a_table_without_a_row_and_numbers_without_an_end() -> None:
    schema = pa.schema({"sex": pa.string(), "value": pa.float64(), "weight": pa.float64()})
    empty = Survey(open_table(schema.empty_table(), "nobody"), Design(weights="weight", stages=(Stage(),)))
    for ask in (
        lambda: empty.rake({"sex": SEX}),
        lambda: empty.post_stratify("sex", SEX),
        lambda: empty.calibrate({"sex": SEX}),
        lambda: empty.trim(upper=2),
    ):
        refused(ask, "No response of nobody has a positive weight")
    endless = town(value=[3.0, 5.0, math.inf, 1.0, 2.0, 6.0])
    refused(lambda: endless.calibrate({"value": 250.0}), "1 responses of town", "no value in value or an infinite one")
    bound: Any = "a"
    refused(lambda: town().trim(lower=bound), "lower bound", "'a'", "has to be a number")
    refused(lambda: town().trim(upper=math.nan), "upper bound", "nan")
