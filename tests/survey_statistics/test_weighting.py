"""Weights themselves: sums of R, margins met, worked examples, and what standard errors owe to the weighting."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from analytics.survey_statistics.sample.design import Design, Stage
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey
from tests.survey_statistics import golden

WEIGHTS = {
    row["design"]: row
    for row in csv.DictReader((golden.FOLDER / "weights.csv").read_text(encoding="utf-8").splitlines())
}
FIELDS = {"lowest": "lowest_weight", "highest": "highest_weight", "weight_sum": "weight_sum",
          "weight_squares": "weight_squares"}  # fmt: skip


def town() -> Survey:
    """Eight people of Deming and Stephan's kind: two margins, weights of 10."""
    table = pa.table(
        {
            "person": list(range(8)),
            "sex": ["f", "f", "f", "m", "m", "m", "m", "m"],
            "age": ["old", "young", "young", "old", "old", "old", "young", "young"],
            "answered": [1, 1, 0, 1, 0, 1, 1, 0],
            "value": [3.0, 5.0, 4.0, 1.0, 2.0, 2.5, 6.0, 7.0],
            "weight": [10.0] * 8,
        }
    )
    return Survey(open_table(table, "town"), Design(weights="weight", stages=(Stage(),)))


def weights(survey: Survey) -> list[float]:
    query = f"select {survey.weight} from {survey.responses.relation} order by person"
    return [row[0] for row in survey.responses.connection.execute(query).fetchall()]


@pytest.mark.parametrize("design", WEIGHTS)
def test_weights_are_those_of_r(design: str) -> None:
    report = golden.survey(design).weighting
    assert report is not None
    assert report.n == int(WEIGHTS[design]["n"])
    ours = [getattr(report, field) for field in FIELDS.values()]
    assert ours == pytest.approx([float(WEIGHTS[design][name]) for name in FIELDS], rel=1e-10)


def test_post_stratified_by_hand() -> None:
    found = town().post_stratify("sex", {"f": 60, "m": 40})
    assert weights(found) == pytest.approx([20.0] * 3 + [8.0] * 5, rel=1e-15)
    # Weighted mean by hand: (20 * 12 + 8 * 18.5) / 100.
    assert found.mean("value")[0].value == pytest.approx(3.88, rel=1e-14)


def test_kish_by_hand() -> None:
    report = town().post_stratify("sex", {"f": 60, "m": 40}).weighting
    assert report is not None
    # 100^2 / (3 * 400 + 5 * 64) and 8 times its inverse.
    assert report.effective_n == pytest.approx(10000 / 1520, rel=1e-14)
    assert report.design_effect == pytest.approx(8 * 1520 / 10000, rel=1e-14)
    assert (report.lowest_factor, report.highest_factor) == pytest.approx((0.8, 2.0), rel=1e-14)


def test_a_calibrated_total_has_no_sampling_error() -> None:
    found = town().calibrate({"(Intercept)": 90, "value": 350.0})
    total = found.total("value")[0]
    assert total.value == pytest.approx(350.0, rel=1e-12)
    assert (total.standard_error or 0.0) < 1e-6


def test_calibration_to_a_constant_is_post_stratification_to_one_class() -> None:
    one, other = town().calibrate({"(Intercept)": 100}), town().rake({"sex": {"f": 30, "m": 70}})
    assert weights(one) == pytest.approx([12.5] * 8, rel=1e-14)
    plain = town().post_stratify("sex", {"f": 30, "m": 70})
    assert weights(other) == pytest.approx(weights(plain), rel=1e-14)
    assert other.mean("value")[0].standard_error == pytest.approx(plain.mean("value")[0].standard_error, rel=1e-12)


@pytest.mark.parametrize(
    "totals",
    [
        {"(Intercept)": 100, "sexm": 55, "ageyoung": 45},
        {"sex": {"f": 45, "m": 55}, "age": {"old": 55, "young": 45}},
        {"1": 100, "sex = m": 55, "age = old": 55},
    ],
)
def test_totals_named_in_any_way_are_the_same(totals: dict[str, Any]) -> None:
    expected = town().rake({"sex": {"f": 45, "m": 55}, "age": {"old": 55, "young": 45}})
    # Raking by calibration and by fitting are one estimator (Deville, Särndal and Sautory 1993, section 2).
    assert weights(town().calibrate(totals, method="raking")) == pytest.approx(weights(expected), rel=1e-9)


def test_post_strata_of_two_variables_as_tuples_and_inside_each_other() -> None:
    nested = {"f": {"old": 5, "young": 25}, "m": {"old": 40, "young": 30}}
    flat = {(sex, age): n for sex, ages in nested.items() for age, n in ages.items()}
    one, other = town().post_stratify(["sex", "age"], nested), town().post_stratify(["sex", "age"], flat)
    assert weights(one) == weights(other) == pytest.approx([5, 12.5, 12.5, *[40 / 3] * 3, 15, 15], rel=1e-14)
    joint = town().rake({("sex", "age"): flat})
    assert weights(joint) == pytest.approx(weights(one), rel=1e-14)


def test_bounds_are_kept_and_margins_met() -> None:
    totals = {"(Intercept)": 100, "value": 400.0}
    for method in ("linear", "raking", "logit"):
        found = town().calibrate(totals, method=method, bounds=(0.8, 1.9), tolerance=1e-12)
        report = found.weighting
        assert report is not None
        assert report.largest_gap <= 1e-12
        assert 0.8 - 1e-12 <= report.lowest_factor <= report.highest_factor <= 1.9 + 1e-12


def test_surveys_weighted_in_different_ways_live_side_by_side() -> None:
    base = town()
    one, other = base.post_stratify("sex", {"f": 60, "m": 40}), base.post_stratify("sex", {"f": 40, "m": 60})
    assert weights(one)[0] == 20.0
    assert weights(other)[0] == pytest.approx(40 / 3, rel=1e-15)
    assert base.weighting is None
    assert weights(base) == [10.0] * 8


def test_a_chain_keeps_every_step() -> None:
    found = town().post_stratify("sex", {"f": 60, "m": 40}).rake({"age": {"old": 50, "young": 50}}).trim(upper=20)
    methods = [step.report.method for step in found.adjustments]
    assert methods == ["post-stratification", "raking", "trimming"]
    assert len({step.report.weight for step in found.adjustments}) == 3


def test_nonresponse_classes_by_hand() -> None:
    found = town().adjust_nonresponse("answered", classes="sex")
    assert weights(found) == pytest.approx([15, 15, 0, 50 / 3, 0, 50 / 3, 50 / 3, 0], rel=1e-14)
    # Respondents of a class stand for it: the mean of class means with the shares of everybody sampled.
    mean = found.mean("value")[0]
    assert mean.value == pytest.approx((3 * 4.0 + 5 * 9.5 / 3) / 8, rel=1e-14)
    assert mean.n == 5
    # Residuals by hand: z = (y - mean)/80, score = w z - (w - 10) class mean of z; variance n/(n - 1) sum of squares.
    y, w = np.array([3, 5, 0, 1, 0, 2.5, 6, 0]), np.array(weights(found))
    z = np.where(w > 0, (y - float(mean.value or 0)) / 80, 0.0)
    classes = [slice(0, 3), slice(3, 8)]
    means = np.concatenate([[z[c].sum() / (w[c] > 0).sum()] * (c.stop - c.start) for c in classes])
    score = w * z - (w - 10) * means
    assert mean.standard_error == pytest.approx(np.sqrt(8 / 7 * ((score - score.mean()) ** 2).sum()), rel=1e-12)


def test_nonresponse_in_one_class_divides_by_the_response_rate() -> None:
    assert weights(town().adjust_nonresponse("answered"))[0] == pytest.approx(10 / (5 / 8), rel=1e-14)


def test_propensity_with_one_factor_is_its_response_rate() -> None:
    by_class = town().adjust_nonresponse("answered", classes="sex")
    by_propensity = town().adjust_nonresponse("answered", predictors=["sex"], groups=None)
    # The logistic regression of a single factor is saturated, so both weights and both standard errors agree.
    assert weights(by_propensity) == pytest.approx(weights(by_class), rel=1e-8)
    errors = [s.mean("value")[0].standard_error for s in (by_class, by_propensity)]
    assert errors[0] == pytest.approx(errors[1], rel=1e-8)
    in_classes = town().adjust_nonresponse("answered", predictors=["sex"], groups=2)
    assert weights(in_classes) == pytest.approx(weights(by_class), rel=1e-12)


def test_trimming_keeps_the_sum_and_the_bounds() -> None:
    uneven = town().post_stratify(["sex", "age"], {"f": {"old": 40, "young": 10}, "m": {"old": 12, "young": 18}})
    once, strict = uneven.trim(upper=10), uneven.trim(upper=10, strict=True)
    # 40 is cut to 10 and 30 shared among seven: 9 becomes 13.3 by that, which only the strict form cuts again.
    assert weights(once)[0] == 10.0
    assert max(weights(once)) == pytest.approx(9 + 30 / 7, rel=1e-12)
    assert max(weights(strict)) <= 10.0 + 1e-9
    assert [sum(weights(s)) for s in (once, strict)] == pytest.approx([80.0, 80.0], rel=1e-12)


def test_normalised_weights_have_mean_one_and_leave_means_alone() -> None:
    found = town().post_stratify("sex", {"f": 60, "m": 40})
    scaled = found.normalise()
    assert sum(weights(scaled)) == pytest.approx(8, rel=1e-14)
    assert scaled.mean("value")[0].standard_error == pytest.approx(found.mean("value")[0].standard_error, rel=1e-12)


def test_replicates_made_before_raking_are_raked_one_by_one() -> None:
    margins = golden.designs()["household_raked"]["steps"][0][1]
    found = golden.survey("household_clusters").replicate("JKn").rake(**margins)
    mean, total = found.mean("income")[0], found.total("hours")[0]
    # R: rake(as.svrepdesign(design, type = "JKn"), ...), control = list(maxit = 100, epsilon = 1e-13).
    assert mean.value == pytest.approx(1437.09459971774, rel=1e-12)
    assert mean.standard_error == pytest.approx(120.126120285031, rel=1e-10)
    assert total.standard_error == pytest.approx(9633.38199858371, rel=1e-10)
    assert mean.degrees_of_freedom == 23
    single = golden.survey("firm_no_fpc").replicate("JK1").calibrate({"(Intercept)": 500, "visits": 900})
    # R: calibrate(as.svrepdesign(design, type = "JK1"), ~visits, c(500, 900)).
    assert single.mean("income")[0].standard_error == pytest.approx(82.9830584952036, rel=1e-10)
