"""Unequal probabilities without replacement: by hand, over all samples that can be drawn, and pair by pair."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import observatory
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.survey_statistics.sample.design import Design, Inclusion, Stage, SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, InclusionProbabilities, IntArray
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey
from analytics.survey_statistics.variance import unequal

SIZES = np.array([1.0, 2.0, 2.5, 4.0, 5.0, 8.0])
VALUES = np.array([[3.0, 1.0], [1.0, 7.0], [5.0, 2.0], [6.0, 6.0], [2.0, 8.0], [9.0, 4.0]])


def conditional_poisson(n: int) -> tuple[list[tuple[int, ...]], FloatArray, FloatArray]:
    """Every sample of ``n`` of the units of ``SIZES``, its chance, and the joint inclusion probabilities."""
    samples = list(itertools.combinations(range(len(SIZES)), n))
    chance = np.array([math.prod(SIZES[list(drawn)]) for drawn in samples])
    chance /= chance.sum()
    joint = np.zeros((len(SIZES),) * 2)
    for drawn, p in zip(samples, chance, strict=True):
        joint[np.ix_(drawn, drawn)] += p
    return samples, chance, joint


def opened(columns: dict[str, Any], *, strata: str | None = None, units: str | None = None, **inclusion: Any) -> Survey:
    stage = Stage(units, strata, inclusion=Inclusion("p", **inclusion))
    return Survey(open_table(pa.table(columns), "sample"), Design(stages=(stage,)))


def test_brewer_by_hand() -> None:
    # Totals y/p of the three units are 8, 12 and 10, their mean 10; 3/2 ((1 - 1/2) 4 + (1 - 1/4) 4 + (1 - 1/5) 0).
    survey = opened({"p": [0.5, 0.25, 0.2], "y": [4.0, 3.0, 2.0]})
    row = survey.total("y")[0]
    assert row.value == pytest.approx(30.0, rel=1e-14)
    assert row.standard_error == pytest.approx(math.sqrt(1.5 * (0.5 * 4 + 0.75 * 4)), rel=1e-13)
    assert row.degrees_of_freedom == 2
    assert (row.method, row.context.weights) == ("linearised, Brewer", "inverse inclusion probabilities")
    assert row.context.is_fpc_used
    # Of the mean: scores (y - 30/11)/(11 p) with the estimated size 2 + 4 + 5 = 11.
    scores = [(y - 30 / 11) / 11 / p for y, p in ((4, 0.5), (3, 0.25), (2, 0.2))]
    expected = 1.5 * sum((1 - p) * z * z for z, p in zip(scores, (0.5, 0.25, 0.2), strict=True))
    assert survey.mean("y")[0].standard_error == pytest.approx(math.sqrt(expected), rel=1e-13)


def test_two_stages_by_hand() -> None:
    # Villages with p 0.5 and 0.2; of 4 and 3 households 2 each. What varies inside a village counts by its p.
    columns = {"v": [1, 1, 2, 2], "p": [0.5, 0.5, 0.2, 0.2], "n": [4, 4, 3, 3], "y": [1.0, 4.0, 2.0, 3.0]}
    stages = (Stage("v", inclusion=Inclusion("p")), Stage(population="n"))
    row = Survey(open_table(pa.table(columns), "t"), Design(stages=stages)).total("y")[0]
    first, second = [2 * 2 * 1.0, 2 * 2 * 4.0], [5 * 1.5 * 2.0, 5 * 1.5 * 3.0]
    mean = (sum(first) + sum(second)) / 2
    between = 2 * (0.5 * (sum(first) - mean) ** 2 + 0.8 * (sum(second) - mean) ** 2)
    inside = 0.5 * (1 - 2 / 4) * (first[0] - first[1]) ** 2 + 0.2 * (1 - 2 / 3) * (second[0] - second[1]) ** 2
    assert row.value == pytest.approx(20 + 37.5, rel=1e-14)
    assert row.standard_error == pytest.approx(math.sqrt(between + inside), rel=1e-13)


@pytest.mark.parametrize("variance", ["HT", "YG"])
def test_known_joint_probabilities_are_right_on_average_over_all_samples(variance: str) -> None:
    # What makes a variance right: over all samples, each with its chance, it averages to the variance of the estimate.
    samples, chance, joint = conditional_poisson(3)
    p = np.diagonal(joint)
    totals, found = [], []
    for drawn in samples:
        here = list(drawn)
        scores = VALUES[here] / p[here, None]
        inclusion = InclusionProbabilities(p[here], "joint", variance, joint=joint[np.ix_(here, here)])
        totals.append(scores.sum(axis=0))
        found.append(unequal.of_pairs(inclusion, scores))
    truth = np.cov(np.array(totals).T, aweights=chance, ddof=0)
    assert np.average(np.array(totals), axis=0, weights=chance) == pytest.approx(VALUES.sum(axis=0), rel=1e-12)
    assert np.average(np.array(found), axis=0, weights=chance) == pytest.approx(truth, rel=1e-11)


def test_poisson_sampling_is_right_on_average_over_all_samples() -> None:
    p = np.array([0.1, 0.3, 0.5, 0.6, 0.9, 1.0])
    totals, found, chance = [], [], []
    for drawn in itertools.product([False, True], repeat=6):
        here = np.array(drawn)
        chance.append(float(np.prod(np.where(here, p, 1 - p))))
        scores = VALUES[here] / p[here, None]
        inclusion = InclusionProbabilities(p[here], "poisson", "HT")
        none, own = unequal.factors(inclusion, np.zeros(here.sum(), dtype=np.int64), np.array([float(here.sum())]))
        assert not none.any()
        totals.append(scores.sum(axis=0))
        found.append(unequal.weighted_product(scores, own))
    truth = np.cov(np.array(totals).T, aweights=chance, ddof=0)
    assert np.average(np.array(found), axis=0, weights=chance) == pytest.approx(truth, rel=1e-12)


def pair_by_pair(inclusion: InclusionProbabilities, stratum: IntArray, scores: FloatArray) -> FloatArray:
    """The double sums of the definitions, with the approximations of R ``overton2Dcheck`` and ``HRDcheck``."""
    p, size = inclusion.probability, len(stratum)
    found = np.zeros((scores.shape[1],) * 2)
    for i, j in itertools.product(range(size), repeat=2):
        if stratum[i] != stratum[j]:
            continue
        n = int((stratum == stratum[i]).sum())
        if i == j:
            d = 1 - p[i]
        elif inclusion.method == "overton":
            d = 1 - (n - (p[i] + p[j]) / 2) / (n - 1)
        else:
            square = p[stratum == stratum[i]].mean() if inclusion.mean_square is None else None
            square = square if inclusion.mean_square is None else inclusion.mean_square[stratum[i]]
            d = 1 - (n - p[i] - p[j] + square) / (n - 1)
        if inclusion.variance == "HT":
            found += d * np.outer(scores[i], scores[j])
        else:
            found -= d * np.outer(scores[i] - scores[j], scores[i] - scores[j]) / 2
    return found


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_sums_over_units_equal_sums_over_pairs(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(2, 6), min_size=1, max_size=3))
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    numbers = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    p, scores = numbers.uniform(0.01, 0.99, len(stratum)), numbers.normal(3, 2, (len(stratum), 2))
    method, variance = data.draw(st.sampled_from(["overton", "hartley_rao"])), data.draw(st.sampled_from(["HT", "YG"]))
    square = numbers.uniform(0.05, 0.5, len(sizes)) if method == "hartley_rao" and data.draw(st.booleans()) else None
    inclusion = InclusionProbabilities(p, method, variance, square)
    sampled = np.array(sizes, dtype=float)
    centred, uncentred = unequal.factors(inclusion, stratum, sampled)
    scaled = scores * np.sqrt(sampled / (sampled - 1))[stratum, None]
    means = np.stack([scaled[stratum == s].mean(axis=0) for s in range(len(sizes))])[stratum]
    found = unequal.weighted_product(scaled - means, centred) + unequal.weighted_product(scaled, uncentred)
    assert found == pytest.approx(pair_by_pair(inclusion, stratum, scores), rel=1e-9, abs=1e-9)


def test_equal_probabilities_are_a_simple_random_sample() -> None:
    y = [3.0, 7.0, 8.0, 12.0]
    simple = Survey(open_table(pa.table({"y": y, "n": [10] * 4}), "t"), Design(stages=(Stage(population="n"),)))
    together = 4 * 3 / (10 * 9)
    joint = {f"j{k}": [0.4 if i == k else together for i in range(4)] for k in range(4)}
    expected = simple.total("y")[0]
    for given_as in (
        {"method": "brewer"},
        {"method": "overton"},
        {"method": "overton", "variance": "YG"},
        {"method": "hartley_rao", "mean_square": 0.4},
        {"method": "hartley_rao", "variance": "YG"},
        {"method": "joint", "joint": tuple(joint)},
        {"method": "joint", "variance": "YG", "joint": tuple(joint)},
    ):
        row = opened({"y": y, "p": [0.4] * 4, **joint}, **given_as).total("y")[0]
        assert (row.value, row.degrees_of_freedom) == (pytest.approx(expected.value, rel=1e-14), 3)
        assert row.standard_error == pytest.approx(expected.standard_error, rel=1e-13), given_as


def test_joint_probabilities_come_as_columns_of_strata_of_the_sample_or_as_a_matrix() -> None:
    _, _, joint = conditional_poisson(3)
    drawn, p = [0, 3, 4], np.diagonal(joint)
    block = joint[np.ix_(drawn, drawn)]
    two = np.kron(np.eye(2), block) + np.kron(1 - np.eye(2), np.outer(p[drawn], p[drawn]))
    columns = {"h": [1] * 3 + [2] * 3, "p": [*p[drawn]] * 2, "y": [3.0, 1.0, 4.0, 1.0, 5.0, 9.0]}
    by_stratum = columns | {f"j_{k}": [*block[:, k]] * 2 for k in range(3)}
    of_sample = columns | {f"j_{k}": two[:, k] for k in range(6)}
    # Rows of the second stratum first: the order of the file is that of the units, whatever their names.
    turned = {name: [*values[3:], *values[:3]] for name, values in by_stratum.items()}
    named = {"probability": "p", "method": "joint", "joint": "j_*"}
    found = [
        observatory.survey(pa.table(by_stratum), strata="h", inclusion=named),
        observatory.survey(pa.table(turned), strata="h", inclusion=named),
        observatory.survey(pa.table(of_sample), strata="h", inclusion=named),
        observatory.survey(pa.table(columns), strata="h", inclusion=named | {"joint": two}),
        opened(by_stratum, strata="h", method="joint", joint=("j_0", "j_1", "j_2")),
    ]
    share = (two - np.outer(np.diagonal(two), np.diagonal(two))) / two
    scores = np.array(columns["y"]) / np.array(columns["p"])
    expected = math.sqrt(scores @ share @ scores)
    for survey in found:
        row = survey.total("y")[0]
        assert (row.standard_error, row.degrees_of_freedom) == (pytest.approx(expected, rel=1e-12), 4)


def test_units_of_several_responses_have_one_row_of_joint_probabilities() -> None:
    _, _, joint = conditional_poisson(3)
    block, rows = joint[np.ix_([5, 1, 2], [5, 1, 2])], [0, 1, 0, 2, 1]
    names = ["z", "b", "z", "a", "b"]
    columns = {"u": names, "p": np.diagonal(block)[rows], "y": [1.0, 2.0, 3.0, 4.0, 5.0]}
    columns |= {f"j{k}": block[rows, k] for k in range(3)}
    row = opened(columns, units="u", method="joint", variance="YG", joint=("j0", "j1", "j2")).total("y")[0]
    scores = np.array([4.0, 7.0, 4.0]) / np.diagonal(block)
    d = 1 - np.outer(np.diagonal(block), np.diagonal(block)) / block
    expected = -sum(d[i, j] * (scores[i] - scores[j]) ** 2 for i, j in itertools.combinations(range(3), 2))
    assert row.standard_error == pytest.approx(math.sqrt(expected), rel=1e-12)


def test_a_sample_of_everything_is_a_complete_listing() -> None:
    row = opened({"p": [1.0, 1.0, 1.0], "y": [1.0, 2.0, 4.0]}).mean("y")[0]
    assert (row.value, row.standard_error, row.lower) == (pytest.approx(7 / 3), 0.0, None)
    assert "complete listing" in row.interval_method


def test_a_stratum_of_certain_units_adds_nothing() -> None:
    columns = {"p": [0.5, 0.25, 0.2, 1.0, 1.0], "h": [1, 1, 1, 2, 2], "y": [4.0, 3.0, 2.0, 50.0, 1.0]}
    for method in ("brewer", "overton", "hartley_rao"):
        both = opened(columns, strata="h", method=method).total("y")[0]
        alone = opened({name: values[:3] for name, values in columns.items()}, method=method).total("y")[0]
        assert both.value == pytest.approx(alone.value + 51, rel=1e-14)
        assert both.standard_error == pytest.approx(alone.standard_error, rel=1e-13)


def test_the_process_behind_the_units_is_as_if_drawn_with_replacement() -> None:
    columns = {"p": [0.5, 0.25, 0.2], "y": [4.0, 3.0, 2.0]}
    stage = Stage(inclusion=Inclusion("p", "overton"))
    process = Survey(open_table(pa.table(columns), "t"), Design(stages=(stage,), inference="process")).total("y")[0]
    replaced = Survey(open_table(pa.table(columns | {"w": [2.0, 4.0, 5.0]}), "t"), Design(weights="w")).total("y")[0]
    assert process.standard_error == pytest.approx(replaced.standard_error, rel=1e-14)
    assert (process.context.is_fpc_used, process.method) == (False, "linearised")


def test_poisson_sampling_has_no_lonely_units_and_the_others_do() -> None:
    columns = {"p": [0.5, 0.25, 0.2], "h": [1, 1, 2], "y": [4.0, 3.0, 2.0]}
    poisson = opened(columns, strata="h", method="poisson").total("y")[0]
    assert poisson.standard_error == pytest.approx(math.sqrt(0.5 * 64 + 0.75 * 144 + 0.8 * 100), rel=1e-13)
    stage = Stage(None, "h", inclusion=Inclusion("p", "overton"))
    adjusted = Survey(open_table(pa.table(columns), "t"), Design(stages=(stage,), lonely_psu="adjust")).total("y")[0]
    first = pair_by_pair(
        InclusionProbabilities(np.array([0.5, 0.25]), "overton", "HT"), np.zeros(2), np.array([[8.0], [12.0]])
    )
    assert adjusted.standard_error == pytest.approx(math.sqrt(first[0, 0] + 0.8 * 100), rel=1e-13)


def test_classical_tests_are_told_that_the_sample_is_not_simple() -> None:
    columns = {"p": [0.5, 0.25, 0.2, 0.4], "a": ["x", "y", "x", "y"], "b": ["u", "u", "v", "v"]}
    with pytest.raises(SurveyError, match=r"has unequal probabilities \(p\)\. Use"):
        opened(columns).exact_test("fisher", "a", "b")


def test_calibrated_totals_do_not_vary() -> None:
    columns = {"p": [0.5, 0.25, 0.2, 0.4], "a": ["x", "y", "x", "y"], "y": [4.0, 3.0, 2.0, 6.0]}
    for method in ("brewer", "overton", "poisson"):
        survey = opened(columns, method=method).post_stratify("a", {"x": 9, "y": 5})
        rows = survey.total("a")
        assert [(row.value, row.standard_error) for row in rows] == [(pytest.approx(9), 0.0), (pytest.approx(5), 0.0)]
        assert survey.total("y")[0].standard_error > 0


def test_two_waves_of_the_same_units_move_together_and_others_do_not() -> None:
    columns = {"who": ["a", "b", "c", "d"], "p": [0.5, 0.25, 0.2, 0.4], "y": [4.0, 3.0, 2.0, 6.0]}
    turned = {name: values[::-1] for name, values in columns.items()}
    same = opened(columns).change(opened(turned), "total", "y", respondent="who")[0]
    assert (same.value, same.standard_error) == (pytest.approx(0, abs=1e-12), pytest.approx(0, abs=1e-6))
    strangers = opened(columns).change(opened(turned | {"who": list("efgh")}), "total", "y", respondent="who")[0]
    alone = opened(columns).total("y")[0]
    assert strangers.standard_error == pytest.approx(math.sqrt(2) * alone.standard_error, rel=1e-12)
    # A wave that answered twice as much: the change has the error of the wave itself.
    twice = opened(columns | {"y": [8.0, 6.0, 4.0, 12.0]})
    grown = opened(columns).change(twice, "total", "y", respondent="who")[0]
    assert grown.standard_error == pytest.approx(alone.standard_error, rel=1e-12)
    by_pairs = {"method": "overton"}
    (alone,) = opened(columns, **by_pairs).total("y")
    twice = opened(columns | {"y": [8.0, 6.0, 4.0, 12.0]}, **by_pairs)
    (grown,) = opened(columns, **by_pairs).change(twice, "total", "y", respondent="who")
    assert grown.standard_error == pytest.approx(alone.standard_error, rel=1e-12)
    (strangers,) = opened(columns | {"who": list("efgh")}, **by_pairs).change(twice, "total", "y", respondent="who")
    assert "as independent waves" in strangers.method
