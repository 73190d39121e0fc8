"""Classical tests: published and hand-worked numbers, properties, limits, and what has no answer."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.survey_statistics.exact import effect_size
from analytics.survey_statistics.exact.agreement import kappa
from analytics.survey_statistics.exact.blocks import cochran_q, friedman
from analytics.survey_statistics.exact.chi_square import goodness_of_fit, independence
from analytics.survey_statistics.exact.fisher import conditional_odds_ratio, fisher_exact
from analytics.survey_statistics.exact.kruskal import kruskal_wallis
from analytics.survey_statistics.exact.mcnemar import mcnemar, paired_difference, paired_odds_ratio
from analytics.survey_statistics.exact.trend import cochran_armitage, jonckheere_terpstra, linear_by_linear
from analytics.survey_statistics.exact.wilcoxon import rank_sum, signed_rank
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import SurveyError

TEA = [[3, 1], [1, 3]]
small_tables = st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=3, max_size=4)


def test_fisher_tea_tasting() -> None:
    # Fisher (1935): 17 of 70 ways one-sided, 34 two-sided.
    assert fisher_exact(TEA, alternative="greater").p_value == pytest.approx(17 / 70, rel=1e-12)
    assert fisher_exact(TEA).p_value == pytest.approx(34 / 70, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(small_tables)
def test_fisher_does_not_depend_on_the_order_of_rows_and_columns(table: list[list[int]]) -> None:
    counts = np.array(table)
    p = fisher_exact(counts).p_value
    turned = fisher_exact(counts.T[::-1]).p_value
    assert p == turned if p is None else p == pytest.approx(turned, rel=1e-9)
    assert p is None or 0 < p <= 1


@settings(max_examples=8, deadline=None)
@given(small_tables)
def test_monte_carlo_agrees_with_the_enumeration(table: list[list[int]]) -> None:
    exact = fisher_exact(table)
    drawn = fisher_exact(table, limit=0, samples=4000, seed=5)
    if exact.p_value is None or exact.monte_carlo_error is not None or drawn.monte_carlo_error is None:
        return
    assert abs(drawn.p_value - exact.p_value) <= 5 * max(drawn.monte_carlo_error, 1 / 4000)


def test_monte_carlo_says_so_and_repeats_itself() -> None:
    table = np.full((4, 4), 20) + np.eye(4, dtype=int) * 6
    first, second = (fisher_exact(table, samples=2000, seed=3) for _ in range(2))
    assert first == second
    assert first.method == "Monte Carlo, 2,000 tables, seed 3"
    expected = (first.p_value * (1 - first.p_value) / 2000) ** 0.5
    assert first.monte_carlo_error == pytest.approx(expected, rel=1e-12)


def test_odds_ratio_with_an_empty_cell_has_one_limit() -> None:
    # The lower limit of R fisher.test, which finds it to four digits.
    effect = conditional_odds_ratio([[5, 0], [2, 6]])
    assert (effect.value, effect.upper) == (None, None)
    assert effect.lower == pytest.approx(1.210988, abs=1e-4)
    assert effect.null_reason == "a cell is empty: the odds ratio has no upper limit"


@pytest.mark.fault
def test_r11_small_expected_counts_get_an_exact_test_or_none() -> None:
    found = independence([[3, 1], [1, 7]])
    assert (found.test, found.note) == ("Fisher exact", "3 of 4 expected counts are below 5: exact test instead")
    assert found.p_value == pytest.approx(fisher_exact([[3, 1], [1, 7]]).p_value)
    refused = independence([[3, 1], [1, 7]], method="chi-square")
    assert (refused.p_value, refused.null_reason) == (None, "not tested: 3 of 4 expected counts are below 5")
    assert goodness_of_fit([1, 2, 3]).method == "exact multinomial"
    assert goodness_of_fit([1, 2, 3], method="chi-square").null_reason.startswith("not tested: 3 of 3")
    assert goodness_of_fit([3] * 12, limit=100, samples=500).monte_carlo_error is not None


NOTHING: list[TestResult] = [
    fisher_exact([[0, 0], [0, 0]]),
    independence(np.zeros((3, 3))),
    goodness_of_fit([0, 0]),
    mcnemar([[0, 0], [0, 0]]),
    cochran_q(np.zeros((0, 3))),
    friedman(np.zeros((0, 3))),
    rank_sum([], []),
    signed_rank([], []),
    kruskal_wallis([], []),
    jonckheere_terpstra(np.zeros((2, 2))),
    linear_by_linear(np.zeros((2, 2))),
    cochran_armitage([0, 0], [0, 0]),
]


@pytest.mark.fault
@pytest.mark.parametrize("found", NOTHING, ids=lambda found: found.test)
def test_r01_test_of_nobody_says_no_cases(found: TestResult) -> None:
    assert (found.p_value, found.null_reason, found.n) == (None, "no cases", 0)


DEGENERATE: list[TestResult] = [
    fisher_exact([[5, 7]]),
    mcnemar([[5, 0], [0, 6]]),
    cochran_q([[1, 1, 1], [0, 0, 0]]),
    friedman([[2, 2], [3, 3]]),
    rank_sum([3, 3], [3, 3], method="normal"),
    rank_sum([], [1, 2]),
    signed_rank([1, 2], [1, 2]),
    kruskal_wallis([4, 4, 4], [1, 1, 2]),
    kruskal_wallis([1, 2, 3], [1, 1, 1]),
    jonckheere_terpstra([[5, 5], [0, 0]]),
    linear_by_linear([[5, 5], [0, 0]]),
    cochran_armitage([3, 4], [3, 4]),
    kruskal_wallis([4, 4, 4], [1, 1, 2], method="chi-square"),
]


@pytest.mark.fault
@pytest.mark.parametrize("found", DEGENERATE, ids=lambda found: found.test)
def test_r05_answers_that_all_agree_give_a_reason_and_no_number(found: TestResult) -> None:
    assert found.p_value is None
    assert found.null_reason
    assert found.null_reason != "no cases"


def test_wilcoxon_exact_with_ties_is_the_share_of_all_regroupings() -> None:
    values, seen = np.array([1, 2, 2, 3, 3, 3, 5.0]), 3
    ranks = np.array([1, 2.5, 2.5, 5, 5, 5, 7])
    sums = [ranks[list(order)[:seen]].sum() for order in permutations(range(7))]
    far = abs(ranks[:seen].sum() - 12)
    expected = np.mean(np.abs(np.array(sums) - 12) >= far - 1e-9)
    assert rank_sum(values[:seen], values[seen:]).p_value == pytest.approx(expected, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=9), st.lists(st.integers(1, 5), min_size=2, max_size=9))
def test_two_groups_agree_across_tests(x: list[int], y: list[int]) -> None:
    wilcoxon = rank_sum(x, y)
    kruskal = kruskal_wallis([*x, *y], [1] * len(x) + [2] * len(y))
    table = [[x.count(v), y.count(v)] for v in range(1, 6)]
    jonckheere = jonckheere_terpstra(table)
    if kruskal.p_value is None:
        return
    # All three order the regroupings by the rank sum of a group.
    assert kruskal.p_value == pytest.approx(wilcoxon.p_value, rel=1e-9)
    assert jonckheere.p_value == pytest.approx(wilcoxon.p_value, rel=1e-9)
    assert effect_size.cliffs_delta(x, y).value == pytest.approx(2 * wilcoxon.statistic / (len(x) * len(y)) - 1)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 9), st.integers(0, 9))
def test_cochran_q_of_two_options_is_mcnemar(a: int, b: int, c: int, d: int) -> None:
    ticks = [[1, 1]] * a + [[1, 0]] * b + [[0, 1]] * c + [[0, 0]] * d
    if b + c == 0:
        return
    pair = mcnemar([[a, b], [c, d]], method="chi-square")
    assert cochran_q(ticks, method="chi-square").statistic == pytest.approx(pair.statistic, rel=1e-12)
    assert cochran_q(ticks).p_value == pytest.approx(mcnemar([[a, b], [c, d]]).p_value, rel=1e-9)


def test_newcombe_examples_of_the_papers() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, row (a): 56/70 and 48/80.
    independent = effect_size.risk_difference(56, 70, 48, 80)
    assert (round(independent.lower, 4), round(independent.upper, 4)) == (0.0524, 0.3339)
    # Newcombe (1998), 17, 2635-2650: 36, 12, 2, 0 of 50 pairs.
    paired = paired_difference([[36, 12], [2, 0]])
    assert paired.value == pytest.approx(0.2)
    assert (round(paired.lower, 4), round(paired.upper, 4)) == (0.0569, 0.3404)


def test_effects_without_a_number_have_a_reason() -> None:
    for effect in (
        effect_size.risk_difference(0, 0, 1, 2),
        effect_size.risk_ratio(3, 5, 0, 6),
        effect_size.odds_ratio([[0, 3], [4, 5]]),
        effect_size.cramers_v([[3, 4]]),
        effect_size.cliffs_delta([], [1]),
        paired_odds_ratio([[3, 0], [0, 4]]),
        kappa([[9, 0], [0, 0]]),
    ):
        assert effect.value is None
        assert effect.null_reason
    for effect in (
        effect_size.cliffs_delta([1, 2], [3, 4]),
        kappa([[5, 0], [0, 4]]),
        effect_size.risk_ratio(5, 5, 6, 6),
    ):
        assert (effect.lower, effect.upper) == (None, None)
        assert effect.null_reason


def test_risk_ratio_and_odds_ratio_by_hand() -> None:
    ratio = effect_size.risk_ratio(10, 20, 5, 20)
    error = (1 / 10 - 1 / 20 + 1 / 5 - 1 / 20) ** 0.5
    assert ratio.value == pytest.approx(2.0)
    assert ratio.upper == pytest.approx(2 * np.exp(1.959963984540054 * error), rel=1e-12)
    odds = effect_size.odds_ratio([[10, 10], [5, 15]])
    assert odds.value == pytest.approx(3.0)
    assert odds.standard_error == pytest.approx((1 / 10 + 1 / 10 + 1 / 5 + 1 / 15) ** 0.5, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: fisher_exact([[1.5, 2], [3, 4]]), "whole counts"),
        (lambda: fisher_exact([[-1, 2], [3, 4]]), "whole counts"),
        (lambda: fisher_exact(np.ones((3, 3)), alternative="less"), "no direction"),
        (lambda: rank_sum([1, None], [2]), "1 of 2 values are missing"),
        (lambda: friedman([[1, np.nan], [1, 2]]), "1 of 2 respondents left an item out"),
        (lambda: cochran_q([[1, 2]]), "for ticks, 1 or 0"),
        (lambda: mcnemar([[1, 2, 3], [3, 4, 5]]), "square table"),
        (lambda: goodness_of_fit([3, 4], [0.5, 0.6]), "add to 1"),
        (lambda: cochran_armitage([5], [3]), "no more hits"),
        (lambda: kruskal_wallis(np.arange(60), np.repeat([1, 2, 3], 20), method="exact", limit=99), "too long"),
    ],
)
def test_mistakes_are_told_in_a_sentence(call: object, told: str) -> None:
    assert callable(call)
    with pytest.raises(SurveyError, match=told):
        call()


@pytest.mark.fault
def test_r11_few_changes_between_three_categories_get_the_exact_distribution_of_bowker() -> None:
    table = np.array([[5, 3, 0], [0, 4, 2], [1, 0, 6]])
    # by enumeration: 3, 1 and 2 who changed, each one either way; chi-square is 3 + 1 + 2 seen, its largest value
    assert (found := mcnemar(table)).method == "exact, given how many changed"
    assert found.statistic == pytest.approx(6)
    assert found.p_value == pytest.approx((2 / 2**3) * 1 * (2 / 2**2))
    assert mcnemar(table, method="chi-square").p_value == found.extra["chi_square_p_value"]
    assert "exact" not in mcnemar(table * 10).method
