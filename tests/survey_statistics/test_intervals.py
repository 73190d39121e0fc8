"""Intervals of shares: published numbers, the choice of the default, and what no interval may do."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.survey_statistics.estimators.interval_proportion import METHODS, Sampled, proportion_interval
from analytics.survey_statistics.sample.design import Design, Stage
from tests.survey_statistics import coverage
from tests.survey_statistics.small_sample import counted, opened


def sampled(yes: int, n: int, population: int | None = None) -> Sampled:
    p = yes / n
    return Sampled(p, math.sqrt(p * (1 - p) / max(n - 1, 1)), yes, n, n - 1.0, population, float(n))


# Wilson 95 %, as printed in the reference numbers of the reporting rules.
@pytest.mark.parametrize(
    ("yes", "n", "lower", "upper"),
    [(28, 52, 40.5, 66.7), (14, 52, 16.8, 40.3), (9, 52, 9.4, 29.7), (45, 50, 78.6, 95.7), (4, 52, 3.0, 18.2),
     (1, 9, 2.0, 43.5)],
)  # fmt: skip
def test_default_is_wilson_without_known_population(yes: int, n: int, lower: float, upper: float) -> None:
    row = next(row for row in counted(yes, n).proportion("q") if row.category == "yes")
    assert (round(100 * row.lower, 1), round(100 * row.upper, 1)) == (lower, upper)
    assert row.interval_method == f"Wilson score, effective n {n}.0"


def test_near_census_takes_the_hypergeometric_interval() -> None:
    row = next(row for row in counted(40, 45, 50).proportion("q") if row.category == "yes")
    # 5 of 50 were not observed: 40 to 45 of 50 are possible.
    assert 0.8 <= row.lower < 40 / 45 < row.upper <= 0.9
    assert row.interval_method == "hypergeometric, mid-p, 45 of a population of 50"
    exact = next(row for row in counted(40, 45, 50).proportion("q", interval="hypergeometric") if row.category == "yes")
    # P(X >= 40) is 51212 / 2118760 = 0.0242 for 42 of 50, too rare, and 0.138 for 43.
    assert (exact.lower, exact.upper) == (0.86, 0.9)


def test_hypergeometric_needs_a_simple_sample_of_a_known_population() -> None:
    row = counted(40, 45).proportion("q", interval="hypergeometric")[0]
    assert (row.lower, row.null_reason) == (None, "needs a simple random sample of a known population, and no domain")


def test_mid_p_lies_inside_the_exact_interval() -> None:
    known = sampled(7, 30, 60)
    exact, mid = (proportion_interval(known, name, 0.95) for name in ("hypergeometric", "hypergeometric_mid_p"))
    assert (exact.lower or 0) <= (mid.lower or 0) < (mid.upper or 1) <= (exact.upper or 1)
    assert exact != mid


def test_korn_graubard_is_capped_at_n() -> None:
    sure = Sampled(0.3, 0.01, 30, 100, 99.0)
    capped = proportion_interval(sure, "korn_graubard", 0.95)
    assert capped.method == "Korn-Graubard, capped at n, effective n 100.0"
    # Clopper-Pearson of 30 of 100, R binom.test(30, 100).
    assert capped.lower == pytest.approx(0.2124064, abs=1e-7)
    assert capped.upper == pytest.approx(0.3998147, abs=1e-7)
    assert "effective n 2100.0" in proportion_interval(sure, "beta", 0.95).method


def test_degrees_of_freedom_widen_the_interval() -> None:
    few, many = (proportion_interval(Sampled(0.3, 0.05, 30, 100, df), "auto", 0.95) for df in (5.0, 99.0))
    assert (few.lower or 0) < (many.lower or 0) < (many.upper or 1) < (few.upper or 1)


@given(
    n=st.integers(2, 300),
    share=st.floats(0, 1),
    relative=st.floats(0.3, 3),
    df=st.integers(1, 300),
    method=st.sampled_from(["auto", *METHODS]),
    level=st.sampled_from([0.8, 0.95, 0.99]),
)
def test_an_interval_holds_its_share_and_never_has_no_width(
    n: int, share: float, relative: float, df: int, method: str, level: float
) -> None:
    yes = round(share * n)
    error = relative * math.sqrt(yes / n * (1 - yes / n) / (n - 1))
    found = proportion_interval(Sampled(yes / n, error, yes, n, float(df)), method, level)
    if found.lower is None or found.upper is None:
        assert found.reason
        return
    assert found.lower < found.upper
    assert found.lower <= yes / n + 1e-12
    assert yes / n <= found.upper + 1e-12
    if method not in ("mean",):
        assert 0 <= found.lower < found.upper <= 1


@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.5])
def test_default_covers_the_share_of_a_simple_random_sample(share: float, fraction: float) -> None:
    found = coverage.simple(100, share, fraction)
    # Of 111 units 100 are seen at a fraction of 0.9: the share moves in steps so coarse that 98 % is often the least.
    assert 0.93 <= found.mean <= (0.98 if fraction < 0.9 else 1.0)
    assert found.lowest >= 0.90


def test_default_covers_the_share_of_strata_and_clusters() -> None:
    cells = [coverage.stratified(100, 0.2, 0.5, 300), coverage.stratified(45, 0.1, 0.5, 300),
             coverage.clustered(100, 0.2, 300)]  # fmt: skip
    assert all(0.92 <= cell.mean <= 0.99 for cell in cells)


@pytest.mark.fault
@pytest.mark.parametrize("yes", [0, 12])
def test_r05_none_or_all_have_an_interval(yes: int) -> None:
    columns = {"q": [True] * yes + [False] * (12 - yes), "g": [1] * 12}
    rows = opened(columns).proportion("q")
    (row,) = rows
    assert (row.value, row.lower, row.upper) == (1.0, pytest.approx(1 - 0.2424940067), 1.0)
    for method in ("logit", "mean"):
        blank = opened(columns).proportion("q", interval=method)[0]
        assert (blank.lower, blank.upper) == (None, None)
        assert "no spread" in (blank.null_reason or "")


@pytest.mark.fault
def test_r06_complete_listing_has_no_interval() -> None:
    for row in counted(28, 52, 52).proportion("q"):
        assert (row.lower, row.upper, row.interval_method) == (None, None, "none (complete listing)")
        assert "complete listing" in (row.null_reason or "")
    unknown = counted(40, 45, 50, missing=5).proportion("q")[0]
    assert unknown.null_reason == "complete listing, but 5 gave no answer: see the bounds"
    assert unknown.bounds == pytest.approx((0.1, 0.2))


@pytest.mark.fault
def test_r07_nearly_all_contacted_says_which_population() -> None:
    row = next(row for row in counted(41, 45, 50).proportion("q") if row.category == "yes")
    assert "45 of a population of 50" in row.interval_method
    assert (row.context.is_fpc_used, row.context.inference) == (True, "population")
    process = counted(41, 45, 50).with_design(inference="process").proportion("q")
    behind = next(row for row in process if row.category == "yes")
    assert (behind.context.is_fpc_used, behind.context.inference) == (False, "process")
    assert behind.upper - behind.lower > row.upper - row.lower


@pytest.mark.fault
def test_r15_forty_percent_missing_is_flagged_with_bounds() -> None:
    (yes,) = (row for row in counted(3, 6, missing=4).proportion("q") if row.category == "yes")
    assert "40% gave no answer" in (yes.note or "")
    assert yes.bounds == pytest.approx((0.3, 0.7))
    fewer = counted(3, 7, missing=4).proportion("q")[0]
    assert (fewer.note, fewer.bounds) == (None, pytest.approx((4 / 11, 8 / 11)))
    numbers = opened({"x": [1.0, 2.0, 6.0, None, None]}).mean("x")[0]
    assert numbers.bounds == pytest.approx((11 / 5, 21 / 5))


def test_share_of_a_stratum_is_fixed_by_the_design_and_says_so() -> None:
    # Sums of squares of 30,000 weights of 0.1, 1/3 ... leave a rounding that is no standard error.
    strata = [*range(5)] * 6000
    weights = [(0.1, 1 / 3, 5.77, 1.9, 0.7)[s] for s in strata]
    columns = {"s": [str(s) for s in strata], "w": weights, "part": [str(s // 2) for s in strata]}
    survey = opened(columns, Design(weights="w", stages=(Stage(None, "s"),)))
    for row in survey.proportion("s"):
        assert (row.standard_error, row.lower, row.interval_method) == (0.0, None, "none")
        assert (row.null_reason or "").startswith("fixed by the design:")
    for row in survey.proportion("part"):
        assert (row.standard_error, row.lower) == (0.0, None)
        assert (row.null_reason or "").startswith("no spread inside the strata")
    assert [row.standard_error for row in survey.total("part")] == [0.0] * 3


def test_few_cases_in_clusters_do_not_depend_on_what_else_is_asked() -> None:
    # Each share stands on few cases; a category without a case in another column must not change its interval.
    columns = {"unit": [i // 2 for i in range(24)], "w": [1.0, 5.0] * 12, "q": [*"ab"] * 2 + ["b"] * 20}
    design = Design(weights="w", stages=(Stage("unit"),))
    alone = next(row for row in opened(columns, design).proportion("q") if row.category == "a")
    assert "of the weights, because fewer than 10 cases decide" in alone.interval_method
    # Kish: 72 squared over 312.
    assert "effective n 16.6" in alone.interval_method


@pytest.mark.fault
def test_r07_shares_of_several_answers_and_scales_know_the_population_too() -> None:
    columns = {"tick": [1] * 40 + [0] * 5, "other": [0, 1] * 22 + [1], "size": [50] * 45}
    survey = opened(columns, Design(stages=(Stage(population="size"),)))
    (share, *_), (*_, scale) = survey.multiple(["tick", "other"]), survey.proportion("tick")
    first = survey.likert("tick", top=1)[1]
    assert (share.lower, share.upper) == (scale.lower, scale.upper) == (first.lower, first.upper)
    assert {row.interval_method for row in (share, scale, first)} == {"hypergeometric, mid-p, 45 of a population of 50"}


@pytest.mark.fault
def test_r01_a_question_that_nobody_answered_has_a_row_with_the_reason() -> None:
    survey = opened({"q": pa.array([None, None], pa.string()), "x": pa.array([None, None], pa.float64())})
    for row in (*survey.proportion("q"), *survey.total("q"), *survey.mean("x")):
        assert (row.category, row.value, row.standard_error, row.null_reason) == (None, None, None, "no cases")
        assert "see the bounds" not in (row.note or "")
    assert len(survey.proportion("q")) == len(survey.total("q")) == 1


@pytest.mark.fault
def test_r14_an_infinite_number_has_no_mean_but_a_reason() -> None:
    survey = opened({"x": [1.0, float("inf"), 2.0, None]})
    for call in (survey.mean, survey.total):
        (row,) = call("x")
        assert (row.value, row.bounds) == (None, None)
        assert "an answer is infinite" in (row.null_reason or "")


def test_a_blank_standard_error_beside_an_interval_has_its_reason() -> None:
    (row,) = opened({"q": ["yes"]}).proportion("q")
    assert (row.standard_error, row.null_reason) == (None, "one response: no spread can be estimated")
    assert row.lower == pytest.approx(0.2065, abs=1e-4)
