"""Intervals of effect sizes and of agreement: how often they hold a known number, and where they come from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import chndtr

from analytics.survey_statistics.estimators.interval_concordance import concordance_interval
from analytics.survey_statistics.estimators.interval_noncentral import noncentrality
from tests.survey_statistics import coverage_of_effects as effects
from tests.survey_statistics.small_sample import opened


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.3, 0.1), (0.8, 0.4)])
def test_intervals_of_two_shares_hold_the_effect(shares: tuple[float, float]) -> None:
    held = {found.measure: found.covered for found in effects.two_shares(10, *shares)}
    assert 0.93 <= held["risk difference"] <= 0.97
    assert 0.93 <= held["odds ratio, Woolf"] <= 0.99
    # Exact is at least: of the samples that have limits, and all of them together.
    assert held["odds ratio, exact"] >= 0.95


def test_intervals_of_tables_and_ranks_hold_the_effect() -> None:
    found = [*effects.tables(50, 0.5, 150), *effects.ranks(25, 0.3, 150)]
    assert all(0.9 <= held.covered <= 1 for held in found)


@pytest.mark.parametrize(("options", "spread"), [(3, 0.0), (3, 1.0), (5, 2.0), (8, 0.5)])
def test_interval_of_concordance_holds_the_agreement_of_the_population(options: int, spread: float) -> None:
    # A t interval around W holds it in as few as 84 % of such samples.
    assert 0.92 <= effects.concordance(20, options, spread, 400).covered <= 0.995


def test_concordance_knows_what_chance_adds() -> None:
    # Sums of ranks 10, 12 and 14.
    rankings = [(1, 2, 3), (2, 3, 1), (3, 1, 2), (1, 2, 3), (1, 3, 2), (2, 1, 3)]
    columns = {f"r{i}": [row[i] for row in rankings] for i in range(3)}
    row = next(row for row in opened(columns).ranking(["r0", "r1", "r2"]) if row.statistic == "Kendall W")
    ranks = np.array(rankings, dtype=float) - 2
    mean, each = ranks.mean(axis=0), np.cov(ranks.T) / 6
    w, by_chance = float(mean @ mean) / 2, float(np.trace(each)) / 2
    error = 2 * math.sqrt(float(mean @ each @ mean)) / 2
    wanted = concordance_interval(w, error, by_chance, 3, 5.0, 0.95)
    assert (row.value, row.standard_error) == (pytest.approx(w), pytest.approx(error))
    assert (row.lower, row.upper) == (pytest.approx(wanted.lower, abs=1e-12), pytest.approx(wanted.upper))
    assert f"chance alone adds about {by_chance:.3f}" in (row.note or "")


@pytest.mark.parametrize(("w", "error", "by_chance"), [(0.01, 0.02, 0.05), (0.4, 0.1, 0.03), (0.97, 0.02, 0.001)])
def test_limits_of_concordance_lie_around_it_inside_its_range(w: float, error: float, by_chance: float) -> None:
    found = concordance_interval(w, error, by_chance, 4, 19.0, 0.95)
    assert found.lower is not None
    assert found.upper is not None
    assert 0 <= found.lower < found.upper <= 1
    assert found.lower <= w <= found.upper


def test_noncentrality_inverts_the_distribution() -> None:
    assert chndtr(7.5, 3, noncentrality(7.5, 3, 0.025)) == pytest.approx(0.025, abs=1e-12)
    assert noncentrality(0.1, 3, 0.5) == 0.0


def test_alpha_and_mean_of_normal_answers_hold_the_level() -> None:
    assert 0.92 <= effects.alpha(20, 3, 0.5, 400).covered <= 0.98
    assert effects.mean(20, "normal", 4000).covered == pytest.approx(0.95, abs=0.012)
