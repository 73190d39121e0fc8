"""Linearised variances: against formulas worked by hand, against the truth over all samples, and by their rules."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import observatory
import pyarrow as pa
import pytest

from analytics.survey_statistics.estimators.statistic import Statistic, estimate
from analytics.survey_statistics.sample.design import LONELY_RULES, Design, Stage, SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from tests.survey_statistics.counted import count

TOTAL = Statistic(lambda totals: totals[..., 1:2], lambda totals: np.array([[0.0], [1.0]]))
MEAN = Statistic(
    lambda totals: totals[..., 1:2] / totals[..., 0:1],
    lambda totals: np.array([[-totals[1] / totals[0] ** 2], [1 / totals[0]]]),
)


def variance(design: Design, statistic: Statistic = TOTAL, **columns: Any) -> float:
    y = np.array(columns["y"], dtype=float)[:, None]
    totals = count(design, columns, np.zeros(len(y), dtype=np.int64), y)
    return float(estimate(totals, statistic).covariance[0, 0])


def test_simple_random_sample_is_the_formula_of_every_textbook() -> None:
    y = [3.0, 7.0, 8.0, 12.0]
    found = variance(Design(stages=(Stage(population="there"),)), y=y, there=[10] * 4)
    squares = sum((value - 7.5) ** 2 for value in y) / 3
    assert math.isclose(found, 10**2 * (1 - 4 / 10) * squares / 4, rel_tol=1e-14)


def test_ratio_mean_of_a_stratified_sample_by_hand() -> None:
    # Strata of 2 and 3 responses with the weights 5 and 2; the mean is (5 * 6 + 2 * 15) / 16.
    design = Design(weights="w", stages=(Stage(strata="h"),))
    found = variance(design, MEAN, y=[2, 4, 3, 5, 7], h=[1, 1, 2, 2, 2], w=[5, 5, 2, 2, 2])
    centred = [5 * (2 - 3.75), 5 * (4 - 3.75), 2 * (3 - 3.75), 2 * (5 - 3.75), 2 * (7 - 3.75)]
    first = 2 / 1 * sum((z - sum(centred[:2]) / 2) ** 2 for z in centred[:2])
    second = 3 / 2 * sum((z - sum(centred[2:]) / 3) ** 2 for z in centred[2:])
    assert math.isclose(found, (first + second) / 16**2, rel_tol=1e-13)


def two_stage_samples(population: list[list[float]]) -> list[dict[str, list[float]]]:
    """Every sample of 2 of the clusters and of 2 of the elements of each, of a population of clusters."""
    samples = []
    for clusters in itertools.combinations(range(len(population)), 2):
        for drawn in itertools.product(*(itertools.combinations(population[c], 2) for c in clusters)):
            samples.append({
                "y": [y for part in drawn for y in part],
                "cluster": [float(c) for c in clusters for _ in range(2)],
                "n_cluster": [float(len(population))] * 4,
                "n_element": [float(len(population[c])) for c in clusters for _ in range(2)],
            })  # fmt: skip
    return samples


@pytest.mark.parametrize("last", [Stage(population="n_element"), Stage("element", population="n_element")])
def test_variance_of_two_stages_is_right_on_average_over_all_samples(last: Stage) -> None:
    # What makes a variance right: over all samples that could be drawn, each with its chance, it averages to the
    # variance that the estimated total has over the same samples.
    population = [[1.0, 4.0, 6.0], [2.0, 3.0], [10.0, 11.0, 15.0, 18.0], [5.0, 5.5, 9.0]]
    design = Design(stages=(Stage("cluster", population="n_cluster"), last))
    totals, estimated, chance = [], [], []
    for sample in two_stage_samples(population):
        given = {**sample, "element": list(range(4))}
        totals.append(sum(4 / 2 * n / 2 * y for y, n in zip(sample["y"], sample["n_element"], strict=True)))
        estimated.append(variance(design, **given))
        sizes = dict(zip(sample["cluster"], sample["n_element"], strict=True))
        chance.append(1 / 6 / math.prod(math.comb(int(n), 2) for n in sizes.values()))
    assert math.isclose(sum(chance), 1, rel_tol=1e-12)
    expected = np.average(totals, weights=chance)
    assert math.isclose(expected, sum(map(sum, population)), rel_tol=1e-12)
    truth = np.average((np.array(totals) - expected) ** 2, weights=chance)
    assert math.isclose(np.average(estimated, weights=chance), truth, rel_tol=1e-12)


def test_a_population_taken_whole_does_not_vary() -> None:
    whole = Design(stages=(Stage(strata="h", population="there"),))
    assert variance(whole, y=[1, 5, 9, 2], h=[1, 1, 1, 2], there=[3, 3, 3, 1]) == 0
    part = {"y": [1, 5, 9, 2, 4], "h": [1, 1, 1, 2, 2], "there": [3, 3, 3, 6, 6]}
    # Only the second stratum varies: 6^2 (1 - 2/6) 2 / 2.
    assert math.isclose(variance(whole, **part), 36 * (2 / 3) * 2 / 2, rel_tol=1e-14)


LONELY = {"y": [1.0, 4.0, 2.0, 8.0, 5.0], "h": [1, 1, 2, 2, 3]}
# Strata 1 and 2 add 2 * 4.5 = 9 and 2 * 18 = 36; stratum 3 has one response with y = 5.
RULES = {"remove": 45.0, "certainty": 45.0, "average": 45.0 * 3 / 2, "adjust": 45.0 + 25.0}


@pytest.mark.parametrize("units", [None, "id"])
@pytest.mark.parametrize("rule", sorted(RULES))
def test_rules_for_lonely_units_by_hand(rule: str, units: str | None) -> None:
    assert set(RULES) == set(LONELY_RULES) - {"fail"}
    design = Design(stages=(Stage(units, strata="h"),), lonely_psu=rule)
    assert math.isclose(variance(design, **LONELY, id=list(range(5))), RULES[rule], rel_tol=1e-14)


def domain_variance(design: Design, domain: list[int]) -> float:
    cells = np.where(np.isin(np.arange(5), domain), 0, -1)
    totals = count(design, LONELY, cells, np.array(LONELY["y"])[:, None])
    return float(estimate(totals, TOTAL).covariance[0, 0])


def test_a_lonely_stratum_matters_only_where_a_domain_has_it() -> None:
    fails = Design(stages=(Stage(strata="h"),))
    assert math.isclose(domain_variance(fails, [0, 1, 2, 3]), 45.0, rel_tol=1e-14)
    with pytest.raises(SurveyError, match=r"1 of 3 strata has a single sampled unit.*lonely_psu = remove"):
        domain_variance(fails, [0, 1, 4])
    average = Design(stages=(Stage(strata="h"),), lonely_psu="average")
    # Strata 1 and 3 lie in the domain, one of the two counts.
    assert math.isclose(domain_variance(average, [0, 1, 4]), 9.0 * 2 / 1, rel_tol=1e-14)


def test_a_stratum_with_one_unit_left_in_a_domain_is_lonely_where_the_design_says_so() -> None:
    # Stratum 1 has one of its two responses, y = 4, in the domain; stratum 2 has both.
    usual = Design(stages=(Stage(strata="h"),), lonely_psu="adjust")
    strict = Design(stages=(Stage(strata="h"),), lonely_psu="adjust", adjust_domain_lonely=True)
    left_out = Design(stages=(Stage(strata="h"),), lonely_psu="average", adjust_domain_lonely=True)
    assert math.isclose(domain_variance(usual, [1, 2, 3]), 2 * (16 - 16 / 2) + 36, rel_tol=1e-14)
    assert math.isclose(domain_variance(strict, [1, 2, 3]), 2 * 16 + 36, rel_tol=1e-14)
    assert math.isclose(domain_variance(left_out, [1, 2, 3]), 36 * 2, rel_tol=1e-14)


def test_an_average_over_no_stratum_is_undefined_not_zero() -> None:
    average = Design(stages=(Stage(strata="h"),), lonely_psu="average")
    assert math.isnan(domain_variance(average, [4]))


@pytest.mark.parametrize("last", [Stage(population="m"), Stage("id", population="m")])
def test_a_cluster_with_one_of_several_elements_leaves_no_average(last: Stage) -> None:
    # Cluster 2 has a single stratum of elements, and that has one of its three: nothing in it tells its spread.
    columns = {"y": [1.0, 4.0, 2.0], "cluster": [1, 1, 2], "n": [5] * 3, "m": [6, 6, 3], "id": [1, 2, 3]}
    average = Design(stages=(Stage("cluster", population="n"), last), lonely_psu="average")
    assert math.isnan(variance(average, **columns))
    assert variance(average, **columns | {"m": [6, 6, 1]}) > 0
    # A domain without the cluster has what it needs.
    totals = count(average, columns, np.array([0, 0, -1]), np.array(columns["y"])[:, None])
    assert float(estimate(totals, TOTAL).covariance[0, 0]) > 0


def test_a_lonely_unit_of_the_second_stage_counts_only_if_it_was_not_taken_whole() -> None:
    columns = {"y": [1.0, 4.0, 2.0], "cluster": [1, 1, 2], "n": [5] * 3, "m": [6, 6, 1]}
    design = Design(stages=(Stage("cluster", population="n"), Stage(population="m")))
    z = [5 / 2 * 6 / 2 * 5, 5 / 2 * 2]
    between = (1 - 2 / 5) * 2 * sum((part - sum(z) / 2) ** 2 for part in z)
    inside = 2 / 5 * (5 / 2 * 6 / 2) ** 2 * (1 - 2 / 6) * 2 * 4.5
    assert math.isclose(variance(design, **columns), between + inside, rel_tol=1e-13)
    with pytest.raises(SurveyError, match="single sampled unit"):
        variance(design, **{**columns, "m": [6, 6, 2]})


def test_products_around_a_shift_keep_the_digits_of_values_far_from_zero() -> None:
    from dataclasses import replace

    from analytics.survey_statistics.variance.linear import ResponseSpread

    rng = np.random.default_rng(5)
    small = np.round(rng.normal(size=50), 3)
    design = Design()
    near = variance(design, MEAN, y=small)
    far = small + 2.0**30
    totals = count(design, {"y": far}, np.zeros(50, dtype=np.int64), far[:, None])
    spread = totals.spread
    assert isinstance(spread, ResponseSpread)
    shift = np.array([0.0, 2.0**30])
    around = np.column_stack([np.ones(50), far]) - shift
    products = (around[:, :, None] * around[:, None, :]).sum(axis=0)[None, None]
    steady = replace(totals, spread=replace(spread, products=products, shift=shift))
    assert math.isclose(estimate(steady, MEAN).covariance[0, 0], near, rel_tol=1e-6)


def degrees(design: Design, columns: dict[str, Any], domain: list[int] | None = None) -> float:
    n = len(columns["y"])
    cells = np.where(np.isin(np.arange(n), range(n) if domain is None else domain), 0, -1)
    totals = count(design, columns, cells, np.ones((n, 1)))
    return totals.spread.degrees_of_freedom(np.array([] if domain is None else [0], dtype=np.int64))


@pytest.mark.parametrize("last", [(), (Stage(),), (Stage("id"),)])
def test_degrees_of_freedom_count_first_stage_units_with_weight(last: tuple[Stage, ...]) -> None:
    columns = {"y": [1] * 8, "h": [1, 1, 1, 1, 2, 2, 2, 2], "c": [1, 1, 2, 3, 1, 2, 2, 2], "id": list(range(8)),
               "w": [1, 1, 1, 0, 1, 1, 1, 1]}  # fmt: skip
    design = Design(weights="w", stages=(Stage("c", "h"), *last))
    # Clusters 1 and 2 of stratum 1 and both of stratum 2 hold a positive weight; cluster 3 does not.
    assert degrees(design, columns) == 4 - 2
    assert degrees(design, columns, [0, 1, 2, 3, 4]) == 3 - 2
    assert degrees(design, columns, [3]) == 0


def test_covariance_of_domains_that_share_clusters() -> None:
    # Two clusters, each with one response in both domains: totals (a, b) of (1, 2) and (3, 8).
    design = Design(stages=(Stage("c"),))
    totals = count(design, {"c": [1, 1, 2, 2]}, np.array([0, 1, 0, 1]), np.array([[1.0], [2.0], [3.0], [8.0]]))
    gradient: FloatArray = np.zeros((4, 2))
    gradient[1, 0] = gradient[3, 1] = 1
    found = totals.spread.covariance(gradient)
    np.testing.assert_allclose(found, 2 * np.array([[2.0, 6.0], [6.0, 18.0]]), rtol=1e-14)


def test_columns_that_differ_by_case_only_are_two_columns() -> None:
    # The engine takes both for one name; the population would silently be the number of sampled units, and the sample
    # whole. The same table with other names must answer the same.
    import pyarrow as pa

    from analytics.survey_statistics.sample.responses import open_table
    from analytics.survey_statistics.survey import Survey

    def asked(sampled: str, population: str) -> Any:
        table = pa.table({"c": [1, 2, 3], sampled: [3, 3, 3], population: [12, 12, 12], "y": [4.0, 6.0, 11.0]})
        sample = Survey(open_table(table, "a sample"), Design(stages=(Stage("c", None, population),)))
        (total,), (mean,) = sample.total("y"), sample.mean(population)
        return total.value, total.standard_error, mean.value, mean.question

    value, error, mean, question = asked("nh", "Nh")
    assert (value, error) == asked("sampled", "population")[:2]
    assert math.isclose(error, math.sqrt(12**2 * (1 - 3 / 12) * 13 / 3), rel_tol=1e-12)
    assert (mean, question) == (12, "Nh")


@pytest.mark.parametrize("statistic", ["proportion", "mean", "total", "quantile", "ratio"])
def test_a_lonely_unit_stops_every_statistic_also_one_that_does_not_vary(statistic: str) -> None:
    """As R ``svymean(~factor(q))`` and ``svyratio(~x, ~x)`` stop under ``survey.lonely.psu = "fail"``."""
    table = pa.table({"h": [1, 1, 2], "q": ["yes", "yes", "yes"], "x": [5.0, 5.0, 5.0]})
    arguments = {"proportion": ("q",), "ratio": ("x", "x")}.get(statistic, ("x",))
    for columns in (table, table.slice(2)):
        survey = observatory.survey(columns, strata="h")
        with pytest.raises(SurveyError, match="a single sampled unit"):
            getattr(survey, statistic)(*arguments)
        assert getattr(survey.with_design(lonely_psu="remove"), statistic)(*arguments)[0].value is not None
