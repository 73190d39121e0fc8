"""Replicate weights: scales as R takes them, balance, what they are equal to, and how far chance may go."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.survey_statistics.sample.design import Design, Replicates, Stage, SurveyError
from analytics.survey_statistics.sample.frame import IntArray, SampleFrame, UnitStage
from analytics.survey_statistics.variance import degrees
from analytics.survey_statistics.variance.hadamard import hadamard
from analytics.survey_statistics.variance.jackknife import jackknife_1, jackknife_n
from analytics.survey_statistics.variance.linear import UnitSpread
from analytics.survey_statistics.variance.make_replicates import replicated
from analytics.survey_statistics.variance.replicates import ReplicateSpread, scales
from analytics.survey_statistics.variance.stages import Level, levels
from analytics.survey_statistics.variance.unit_weights import bootstrap, half_samples, subbootstrap
from tests.survey_statistics import golden
from tests.survey_statistics.counted import count


def frame(stratum: IntArray, population: float = np.inf) -> SampleFrame:
    sampled = np.bincount(stratum).astype(float)
    there = np.full(len(sampled), population)
    return SampleFrame((UnitStage(np.zeros(len(stratum), dtype=np.int64), stratum, sampled, there),), None)


def level(stratum: IntArray, population: float = np.inf) -> Level:
    return levels(frame(stratum, population))[0]


def spread_of(made: Any, totals: np.ndarray) -> np.ndarray:
    found = ReplicateSpread(made.applied(totals), totals.sum(axis=0), made.scale, made.rscales, False, 1.0)
    return found.covariance(np.eye(totals.shape[1]))


def linear(stratum: IntArray, totals: np.ndarray, population: float = np.inf) -> np.ndarray:
    return UnitSpread(frame(stratum, population), totals, "remove").covariance(np.eye(totals.shape[1]))


@pytest.mark.parametrize("order", [*range(1, 70), 100, 128, 150, 257])
def test_rows_of_a_hadamard_matrix_are_orthogonal(order: int) -> None:
    found = hadamard(order)
    n = len(found)
    assert order <= n <= max(order * 1.2, order + 7)
    np.testing.assert_array_equal(found @ found.T, n * np.eye(n, dtype=np.int64))
    np.testing.assert_array_equal(found[0], np.ones(n))


# Scale and first rscale that R survey 4.1-1 puts into svrepdesign(..., combined.weights = TRUE) for 24 columns.
R_SCALES = [
    (Replicates((), "JK1"), 23 / 24, 1.0),
    (Replicates((), "JK1", scale=0.5), 0.5, 1.0),
    (Replicates((), "JKn", rscales=(0.5,)), 1.0, 0.5),
    (Replicates((), "BRR", scale=9.0), 1 / 24, 1.0),
    (Replicates((), "Fay", rho=0.3), 1 / (24 * 0.7**2), 1.0),
    (Replicates((), "bootstrap"), 1 / 23, 1.0),
    (Replicates((), "bootstrap", scale=0.1, rscales=(2.0,)), 0.1, 2.0),
    (Replicates((), "SDR", scale=1.0, rscales=(3.0,)), 4 / 24, 1.0),
    (Replicates((), "JK2", scale=2.0), 1.0, 1.0),
    (Replicates((), "other"), 1.0, 1.0),
]


@pytest.mark.parametrize(("design", "scale", "rscale"), R_SCALES)
def test_scales_are_those_of_r(design: Replicates, scale: float, rscale: float) -> None:
    found, each = scales(design, 24)
    assert math.isclose(found, scale, rel_tol=1e-15)
    np.testing.assert_array_equal(each, np.full(24, rscale))


def test_scales_of_a_jackknife_follow_from_its_largest_factors() -> None:
    # A stratum of n units gives the units that stay n / (n - 1).
    largest = np.array([3 / 2, 3 / 2, 3 / 2, 2.0, 2.0])
    np.testing.assert_allclose(scales(Replicates((), "JKn", combined=False), 5, largest)[1], [2 / 3] * 3 + [0.5] * 2)
    assert math.isclose(scales(Replicates((), "JK1", combined=False), 5, np.full(5, 5 / 4))[0], 4 / 5)


@pytest.mark.parametrize(
    ("design", "message"),
    [
        (Replicates((), "JKn"), "give rscales"),
        (Replicates((), "Fay"), "needs rho"),
        (Replicates((), "other", rscales=(1.0, 2.0)), "24 replicate weights but 2 rscales"),
        (Replicates((), "other", rscales=(-1.0,)), "0 or more"),
    ],
)
def test_scales_that_cannot_be_known_are_asked_for(design: Replicates, message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        scales(design, 24)


units = st.lists(st.integers(2, 5), min_size=1, max_size=5).map(lambda n: np.repeat(np.arange(len(n)), n))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(units, st.integers(0, 2**32 - 1), st.sampled_from([np.inf, 40.0]))
def test_jackknives_of_totals_are_their_linearised_variance(stratum: IntArray, seed: int, population: float) -> None:
    totals = np.random.default_rng(seed).normal(size=(len(stratum), 3))
    found = spread_of(jackknife_n(stratum, level(stratum, population), "fail"), totals)
    np.testing.assert_allclose(found, linear(stratum, totals, population), rtol=1e-9, atol=1e-12)
    one = np.zeros_like(stratum)
    found = spread_of(jackknife_1(one, level(one, population)), totals)
    np.testing.assert_allclose(found, linear(one, totals, population), rtol=1e-9, atol=1e-12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(units, st.data())
def test_degrees_of_freedom_of_a_jackknife_are_the_rank_of_its_weights(stratum: IntArray, data: st.DataObject) -> None:
    n = len(stratum)
    weighted = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    whole = data.draw(st.sets(st.integers(0, int(stratum.max()))))
    sampled = np.bincount(stratum).astype(float)
    population = np.array([size if s in whole else np.inf for s, size in enumerate(sampled)])
    stages = SampleFrame((UnitStage(np.zeros(n, dtype=np.int64), stratum, sampled, population),), None)
    made = jackknife_n(stratum, levels(stages)[0], "fail")
    factors = made.applied(np.eye(n)).T * weighted[:, None]
    if made.left_out.size and weighted.any():
        assert made.degrees_of_freedom(weighted) == np.linalg.matrix_rank(factors) - 1


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([2, 4]), min_size=1, max_size=20), st.integers(0, 2**32 - 1), st.sampled_from([0, 0.5]))
def test_half_samples_of_totals_are_their_linearised_variance(pairs: list[int], seed: int, rho: float) -> None:
    stratum = np.repeat(np.arange(len(pairs)), pairs)
    totals = np.random.default_rng(seed).normal(size=(len(stratum), 2))
    made = half_samples(stratum, level(stratum), rho)
    # Strata of 4 units are split into pairs, so the variance is that of strata of 2.
    split = np.arange(len(stratum)) // 2
    np.testing.assert_allclose(spread_of(made, totals), linear(split, totals), rtol=1e-9, atol=1e-12)
    assert set(np.round(np.unique(made.factors), 12)) == {rho, 2 - rho}
    np.testing.assert_allclose(made.factors.mean(axis=0), 1, rtol=1e-12)


def test_half_samples_take_the_matrix_of_r() -> None:
    # R: brrweights(c(1,1,2,2,3,3), 1:6, hadamard.matrix = H, fay.rho = 0.3, only.weights = TRUE, compress = FALSE) with
    # the rows 1111, 1010, 1100, 1001 as H, of which R takes the first number for 0. One row for each unit.
    rows = 1 - 2 * np.array([[1, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 0], [1, 0, 0, 1]])
    stratum = np.repeat(np.arange(3), 2)
    expected = np.array([
        [0.3, 1.7, 0.3, 1.7], [1.7, 0.3, 1.7, 0.3], [0.3, 0.3, 1.7, 1.7],
        [1.7, 1.7, 0.3, 0.3], [0.3, 1.7, 1.7, 0.3], [1.7, 0.3, 0.3, 1.7],
    ])  # fmt: skip
    found = half_samples(stratum, level(stratum), 0.3, rows)
    np.testing.assert_allclose(found.factors.T, expected, rtol=1e-14)
    assert math.isclose(found.scale, 1 / (4 * 0.49), rel_tol=1e-15)


STRATA = np.repeat(np.arange(6), 5)


@pytest.mark.parametrize("population", [np.inf, 15.0])
@pytest.mark.parametrize("method", ["bootstrap", "subbootstrap"])
def test_bootstraps_of_totals_vary_like_the_sample(method: str, population: float) -> None:
    totals = np.random.default_rng(1).gamma(2.0, size=(30, 1))
    stratum_level = level(STRATA, population)
    if method == "bootstrap":
        made = bootstrap(STRATA, stratum_level, np.full(6, population), 4000, 20)
        # Three copies of each of 5 units, 5 drawn without replacement: the variance of a hypergeometric draw has
        # (15 - 5) / (15 - 1) where the formula has 1 - 5 / 15.
        correction = 1.0 if np.isinf(population) else (10 / 14) / (10 / 15)
    else:
        made = subbootstrap(STRATA, stratum_level, 4000, 20)
        correction = 1.0
        population = np.inf
    expected = linear(STRATA, totals, population)[0, 0] * correction
    # The relative standard error of a variance from 4,000 replicates is sqrt(2 / 4000) = 2.2 %.
    assert abs(spread_of(made, totals)[0, 0] / expected - 1) < 4 * math.sqrt(2 / 4000)
    np.testing.assert_allclose(made.factors.reshape(4000, 6, 5).sum(axis=2), 5, rtol=1e-12)
    assert made.degrees_of_freedom(np.ones(30, dtype=bool)) == 30 - 6


def test_a_bootstrap_of_a_stratum_taken_whole_repeats_it() -> None:
    made = bootstrap(STRATA, level(STRATA, 5.0), np.full(6, 5.0), 10, 3)
    np.testing.assert_array_equal(made.factors, 1)


def test_a_seed_repeats_a_bootstrap_and_another_does_not() -> None:
    one, again, other = (bootstrap(STRATA, level(STRATA), np.full(6, np.inf), 20, seed) for seed in (7, 7, 8))
    assert one.factors.tobytes() == again.factors.tobytes()
    assert (one.factors != other.factors).any()


def test_replicates_without_a_value_are_left_out_as_in_r() -> None:
    # Replicates of two means; the second is undefined in one. R: svrVar(c(2, 4, NA, 9), 0.5, rep(1, 4)) = 13.
    spread = ReplicateSpread(np.zeros((4, 1)), np.zeros(1), 0.5, np.ones(4), False, 3.0)
    values = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, np.nan], [6.0, 9.0]])
    found = spread.of_values(values, np.array([3.0, 5.0]))
    np.testing.assert_allclose(np.diag(found), [0.5 * 14, 13.0], rtol=1e-14)
    nothing = spread.of_values(np.full((4, 1), np.nan), np.array([np.nan]))
    assert np.isnan(nothing).all()


def test_replicates_that_count_nothing_do_not_move_the_centre() -> None:
    # R: svrVar(c(1, 3, 100), 1, c(1, 0.5, 0)) = 1 * 1 + 0.5 * 1 around the mean 2 of the first two.
    spread = ReplicateSpread(np.zeros((3, 1)), np.zeros(1), 1.0, np.array([1, 0.5, 0]), False, 2.0)
    np.testing.assert_allclose(spread.of_values(np.array([[1.0], [3.0], [100.0]]), np.array([2.5])), [[1.5]])


def test_rank_of_replicate_weights_from_rows_and_from_products() -> None:
    rng = np.random.default_rng(2)
    weights = rng.gamma(3.0, size=(40, 7)) @ rng.normal(size=(7, 20)) * 1000
    assert degrees.of_replicates(weights) == degrees.of_products(weights.T @ weights) == 6


NEAR_CENSUS = {"c": list(range(6)), "there": [6] * 6, "y": [1.0, 4, 2, 8, 5, 7]}


@pytest.mark.parametrize("method", ["JK1", "bootstrap"])
def test_replicates_of_a_sample_taken_whole_do_not_vary(method: str) -> None:
    design = Design(stages=(Stage("c", None, "there"),), replicates=Replicates((), method, count=10, seed=1))
    totals = count(design, NEAR_CENSUS, np.zeros(6, dtype=np.int64), np.array(NEAR_CENSUS["y"])[:, None])
    made = replicated(totals, design)
    np.testing.assert_array_equal(made.spread.covariance(np.eye(2)), 0)


@pytest.mark.parametrize(
    ("sample", "arguments", "message"),
    [
        ("school_stratified", {"method": "JK1"}, "use JKn"),
        ("firm_srs", {"method": "JKn"}, "use JK1"),
        ("household_clusters", {"method": "bootstrap"}, "needs a seed"),
        ("household_clusters", {"method": "half"}, "JK1, JKn, BRR"),
        ("household_clusters", {"method": "JKn", "replicates": 30}, "only bootstraps"),
        ("household_brr", {"method": "JKn"}, "has replicate weights already"),
        ("household_lonely_remove", {"method": "subbootstrap", "seed": 1}, "single unit"),
        ("household_lonely_remove", {"method": "BRR"}, "odd number"),
        ("household_clusters", {"method": "Fay", "rho": 1.0}, "rho is 1"),
    ],
)
def test_what_a_design_does_not_allow_is_said(sample: str, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        golden.survey(sample).replicate(**arguments).mean("income")


def test_rows_say_whether_replicates_keep_the_finite_population_correction() -> None:
    sample = golden.survey("school_stratified")
    used = {
        method: sample.replicate(method, seed=seed).context.is_fpc_used
        for method, seed in (("JKn", None), ("bootstrap", 1), ("subbootstrap", 1), ("BRR", None))
    }
    assert used == {"JKn": True, "bootstrap": True, "subbootstrap": False, "BRR": False}
    assert not golden.survey("household_brr").context.is_fpc_used
