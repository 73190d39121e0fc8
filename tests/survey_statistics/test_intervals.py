"""Intervals of shares: published numbers, the choice of the default, and what no interval may do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import comb

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.statistics.proportions import hypergeometric
from analytics.survey_statistics.estimators.interval_near_census import two_sided_mid_p_counts
from analytics.survey_statistics.estimators.interval_proportion import METHODS, Sampled, proportion_interval
from analytics.survey_statistics.sample.design import Design, Stage
from analytics.survey_statistics.survey import Survey
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
    assert row.interval_method == "hypergeometric, two-sided mid-p, 45 of a population of 50"
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


def test_two_sided_mid_p_is_the_sum_over_samples_that_are_rarer() -> None:
    for population in range(2, 13):
        for n, yes in [(size, count) for size in range(1, population) for count in range(size + 1)]:
            kept = [total for total in range(yes, yes + population - n + 1)
                    if _two_sided_mid_p(yes, n, population, total) >= Fraction(1, 20)]  # fmt: skip
            low, high = two_sided_mid_p_counts(yes, n, population, 0.95)
            assert low <= min(kept) <= max(kept) <= high
            # Beyond those it reaches only to the share observed, and to a second count where there is but one.
            around = [yes * population // n, -(-yes * population // n)]
            wanted = (min(kept + around), max(kept + around))
            assert (low, high) == wanted or (wanted[0] == wanted[1] and high - low == 1)


def _two_sided_mid_p(yes: int, n: int, population: int, total: int) -> Fraction:
    chance = [Fraction(comb(total, x) * comb(population - total, n - x), comb(population, n)) for x in range(n + 1)]
    rarer = sum(p for p in chance if p < chance[yes])
    return rarer + Fraction(sum(p for p in chance if p == chance[yes]), 2)


def test_every_small_population_is_held_in_nine_of_ten_samples_near_a_census() -> None:
    for population in range(2, 31):
        for n in range(population // 2 + 1, population):
            limits = [two_sided_mid_p_counts(yes, n, population, 0.95) for yes in range(n + 1)]
            assert all(a <= c and b <= d for (a, b), (c, d) in pairwise(limits))
            assert _least_held(limits, n, population) >= 0.9


def test_exact_interval_holds_every_population_at_the_level() -> None:
    # All sizes up to 60 were enumerated once (lowest 95.0 %); these take a second.
    for population in (2, 3, 7, 20, 50, 60):
        for n in range(1, population, 1 + population // 20):
            low, high = hypergeometric(np.arange(n + 1), n, population)
            assert _least_held(list(zip(low, high, strict=True)), n, population) >= 0.95 - 1e-9


def _least_held(limits: Sequence[tuple[float, float]], n: int, population: int) -> float:
    ends = np.array(limits)
    return min(
        float(coverage.hypergeometric(n, population, total)[(ends[:, 0] <= total) & (total <= ends[:, 1])].sum())
        for total in range(population + 1)
    )


@pytest.mark.parametrize("fraction", coverage.FRACTIONS)
def test_default_covers_the_share_of_a_simple_random_sample(fraction: float) -> None:
    for n in (20, 45, 100):
        for share in coverage.SHARES:
            found = coverage.simple(n, share, fraction)
            assert found.is_met or found.is_out_of_reach, found.line
            assert found.lowest >= 0.885


def test_bound_of_theory_of_eighteen_of_twenty() -> None:
    # 2 of 20 have it and 18 are seen: both are with 153 of 190, one with 36, none with 1. Only all or 189 reach 93 %.
    assert coverage.least_cover(coverage.hypergeometric(18, 20, 2)) == pytest.approx(189 / 190)


@pytest.mark.parametrize("fraction", [0.0, 0.5, 0.9])
def test_default_covers_the_share_of_strata(fraction: float) -> None:
    for share in coverage.SHARES:
        found = coverage.stratified(20, share, fraction)
        assert 0.93 <= found.mean <= 0.982 or found.is_out_of_reach, found.line
        assert found.lowest >= 0.92


def test_default_covers_the_share_of_clusters() -> None:
    cells = [coverage.stratified(100, 0.2, 0.5, 700), coverage.clustered(100, 0.2, 0.0, 300),
             coverage.clustered(100, 0.2, 0.5, 300)]  # fmt: skip
    assert all(0.92 <= cell.mean <= 0.99 for cell in cells)


def _of_strata(counts: Sequence[int]) -> Survey:
    """A survey of ``coverage.Strata.of(20, 0.5)`` with so many who say yes in each stratum."""
    strata = coverage.Strata.of(20, 0.5)
    columns: dict[str, list[object]] = {"q": [], "s": [], "size": [], "w": []}
    for h, yes in enumerate(counts):
        size = int(strata.size[h])
        columns["q"] += ["yes"] * yes + ["no"] * (5 - yes)
        for name, value in (("s", h), ("size", size), ("w", size / 5)):
            columns[name] += [value] * 5
    return opened(columns, Design(weights="w", stages=(Stage(strata="s", population="size"),)))


@pytest.mark.parametrize("counts", [(0, 0, 1, 1), (0, 2, 0, 0), (0, 0, 0, 3), (1, 3, 4, 5), (5, 5, 5, 4), (4, 5, 2, 3)])
def test_table_of_coverage_asks_for_the_intervals_that_a_survey_gives(counts: tuple[int, ...]) -> None:
    row = next(row for row in _of_strata(counts).proportion("q") if row.category == "yes")
    table = proportion_interval(coverage.Strata.of(20, 0.5).sampled(np.array(counts)), "auto", 0.95)
    assert (row.lower, row.upper) == (pytest.approx(table.lower, rel=1e-12), pytest.approx(table.upper, rel=1e-12))
    assert row.interval_method == table.method


def test_effective_n_of_few_cases_knows_what_was_observed_of_the_strata() -> None:
    # 5 of 10, 15, 20 and 35: weights squared times (N - n) / (N - 1) / n is 39.78 / 800 with N for the weights.
    alike = sum(size**2 / 5 * (size - 5) / (size - 1) for size in (10, 15, 20, 35)) / 80**2
    row = next(row for row in _of_strata((0, 0, 3, 0)).proportion("q") if row.category == "yes")
    assert f"effective n {1 / alike:.1f} of the weights" in row.interval_method
    clusters = {"unit": [0, 0, 1, 1, 2, 2, 3, 3], "q": [*"ab"] * 3 + [*"bb"], "all": [16] * 8}
    few = next(row for row in opened(clusters, Design(stages=(Stage("unit", population="all"),))).proportion("q"))
    # 4 of 16 clusters: 8 over 1 - 1 / 4.
    assert "effective n 10.7 of the weights" in few.interval_method
    none = opened({**clusters, "q": ["b"] * 8}, Design(stages=(Stage("unit", population="all"),))).proportion("q")[0]
    # All others may sit in a cluster that was not drawn: 8, with t of 7 over t of 3 degrees of freedom squared.
    assert none.interval_method == "Wilson score, effective n 4.4"


def test_none_of_a_known_population_reaches_to_a_count_that_it_can_have() -> None:
    no = next(row for row in counted(20, 20, 100).proportion("q") if row.category == "yes")
    # 20 of 100 tell as much as 20 x 99 / 80 of an endless population: 1 - 3.8415 / (24.75 + 3.8415) is 86.6 %.
    assert (no.lower, no.upper, no.interval_method) == (0.86, 1.0, "Wilson score, effective n 24.8")


def test_one_or_two_cases_of_unequal_weight_reach_nearer_to_nothing() -> None:
    one = next(row for row in _of_strata((0, 0, 0, 1)).proportion("q") if row.category == "yes")
    # A Poisson count of which one or more are seen in 5 % of the samples: 1 - exp(-x) = 0.05.
    assert one.lower == pytest.approx(one.value * -math.log(0.95), rel=1e-12)
    assert one.interval_method.endswith("; the limit beside 0 is Poisson's")
    lacking = next(row for row in _of_strata((5, 5, 5, 4)).proportion("q") if row.category == "yes")
    assert lacking.upper == pytest.approx(1 - one.lower, rel=1e-12)
    three = next(row for row in _of_strata((1, 1, 1, 0)).proportion("q") if row.category == "yes")
    assert "Poisson" not in three.interval_method


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
        assert (row.null_reason or "").startswith(
            "no spread in the sample: its units agree inside each stratum, or the design"
        )
    assert [row.standard_error for row in survey.total("part")] == [0.0] * 3
    assert {(row.null_reason or "")[:19] for row in survey.total("s")} == {"fixed by the design"}


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
    methods = {row.interval_method for row in (share, scale, first)}
    assert methods == {"hypergeometric, two-sided mid-p, 45 of a population of 50"}
    assert all("finite population" in (row.note or "") for row in (share, scale, first))


@pytest.mark.fault
def test_r01_a_question_that_nobody_answered_has_a_row_with_the_reason() -> None:
    survey = opened({"q": pa.array([None, None], pa.string()), "x": pa.array([None, None], pa.float64())})
    for row in (*survey.proportion("q"), *survey.total("q"), *survey.mean("x")):
        assert (row.category, row.value, row.standard_error, row.null_reason) == (None, None, None, "no cases")
        assert "see the bounds" not in (row.note or "")
    assert len(survey.proportion("q")) == len(survey.total("q")) == 1


def test_a_blank_standard_error_beside_an_interval_has_its_reason() -> None:
    (row,) = opened({"q": ["yes"]}).with_design(lonely_psu="remove").proportion("q")
    assert (row.standard_error, row.null_reason) == (None, "one response: no spread can be estimated")
    assert row.lower == pytest.approx(0.2065, abs=1e-4)
