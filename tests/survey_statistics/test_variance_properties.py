"""What holds for the variance of every sample, tried on samples that nobody thought of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.survey_statistics.estimators.statistic import Estimated, Statistic, estimate
from analytics.survey_statistics.sample.design import Design, Stage
from analytics.survey_statistics.sample.frame import FloatArray
from tests.survey_statistics.counted import count

FEW = settings(max_examples=60, deadline=None, derandomize=True)


def two_means(totals: FloatArray) -> FloatArray:
    """Mean of the value in each of two cells."""
    return np.asarray(totals[..., 1::2] / totals[..., 0::2])


def two_means_gradient(totals: FloatArray) -> FloatArray:
    gradient = np.zeros((4, 2))
    for cell in range(2):
        n, sums = totals[2 * cell], totals[2 * cell + 1]
        gradient[2 * cell : 2 * cell + 2, cell] = (-sums / n**2, 1 / n)
    return gradient


MEANS = Statistic(two_means, two_means_gradient)


@st.composite
def samples(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Rows of a stratified cluster sample: stratum, cluster, weight, cell (0, 1, or -1 for neither), value."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(1, 3),
                st.integers(1, 4),
                st.sampled_from([0.5, 1.0, 2.0, 7.25]),
                st.sampled_from([-1, 0, 1]),
                st.integers(-20, 20),
            ),
            min_size=4,
            max_size=25,
        )
    )
    # Each cell has a response, so that both means are defined.
    rows += [(1, 1, 1.0, 0, 3), (2, 1, 2.0, 1, 5)]
    names = ("h", "c", "w", "cell", "y")
    columns: dict[str, list[Any]] = {
        name: list(part) for name, part in zip(names, zip(*rows, strict=True), strict=True)
    }
    columns["id"] = list(range(len(rows)))
    columns["n_cluster"] = [9.0] * len(rows)
    columns["n_response"] = [30.0] * len(rows)
    return columns


def means(design: Design, columns: dict[str, list[Any]]) -> Estimated:
    y = np.array(columns["y"], dtype=float)[:, None]
    return estimate(count(design, columns, np.array(columns["cell"], dtype=np.int64), y), MEANS)


def assert_same(one: Estimated, other: Estimated) -> None:
    np.testing.assert_allclose(one.value, other.value, rtol=1e-11, atol=1e-12)
    scale = max(float(np.nanmax(np.abs(other.covariance), initial=0.0)), 1.0)
    np.testing.assert_allclose(one.covariance, other.covariance, rtol=1e-9, atol=1e-11 * scale)


rules = st.sampled_from(["remove", "certainty", "adjust", "average"])
CLUSTERS = Design(weights="w", stages=(Stage("c", "h", "n_cluster"),))


@FEW
@given(samples(), rules, st.booleans())
def test_clusters_of_one_response_are_responses(columns: dict[str, list[Any]], rule: str, strict: bool) -> None:
    design = Design("w", (Stage(None, "h", "n_response"),), lonely_psu=rule, adjust_domain_lonely=strict)
    units = replace(design, stages=(Stage("id", "h", "n_response"),))
    assert_same(means(design, columns), means(units, columns))


@FEW
@given(samples(), rules, st.booleans())
def test_responses_inside_clusters_are_units_of_the_second_stage(
    columns: dict[str, list[Any]], rule: str, strict: bool
) -> None:
    first = Stage("c", "h", "n_cluster")
    design = Design("w", (first, Stage(None, None, "n_response")), lonely_psu=rule, adjust_domain_lonely=strict)
    units = replace(design, stages=(first, Stage("id", None, "n_response")))
    assert_same(means(design, columns), means(units, columns))


@FEW
@given(samples(), rules, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(columns: dict[str, list[Any]], rule: str, random: Any) -> None:
    order = list(range(len(columns["y"])))
    random.shuffle(order)
    design = replace(CLUSTERS, lonely_psu=rule)
    assert_same(
        means(design, {name: [part[i] for i in order] for name, part in columns.items()}), means(design, columns)
    )


@FEW
@given(samples(), rules, st.integers(0, 1000))
def test_a_response_split_into_halves_of_its_weight_changes_nothing(
    columns: dict[str, list[Any]], rule: str, which: int
) -> None:
    place = which % len(columns["y"])
    split = {name: [*part, part[place]] for name, part in columns.items()}
    split["w"][place] = split["w"][-1] = columns["w"][place] / 2
    design = replace(CLUSTERS, lonely_psu=rule)
    assert_same(means(design, split), means(design, columns))


@FEW
@given(samples(), rules, st.lists(st.integers(-20, 20), min_size=27, max_size=27))
def test_answers_outside_a_domain_do_not_matter_but_their_units_do(
    columns: dict[str, list[Any]], rule: str, others: list[int]
) -> None:
    changed = [other if cell < 0 else y for cell, y, other in zip(columns["cell"], columns["y"], others, strict=False)]
    for stage in (Stage("c", "h", "n_cluster"), Stage(None, "h")):
        design = Design("w", (stage,), lonely_psu=rule)
        assert_same(means(design, {**columns, "y": changed}), means(design, columns))
        # The domain as an answer: those outside have the value 0 and the number 0 in one cell with everybody.
        total = Statistic(lambda t: t[..., 1:2], lambda t: np.array([[0.0], [1.0]]), np.array([[True], [True]]))
        everyone = np.zeros(len(columns["y"]), dtype=np.int64)
        inside = np.where(np.array(columns["cell"]) == 0, columns["y"], 0).astype(float)[:, None]
        only = np.where(np.array(columns["cell"]) == 0, 0, -1)
        whole = estimate(count(design, columns, everyone, inside), total)
        domain = estimate(count(design, columns, only, inside), total)
        if rule != "average":
            assert_same(domain, whole)


@FEW
@given(samples(), rules, st.sampled_from([-1, 0, 1]), st.integers(-20, 20))
def test_a_row_of_weight_zero_leaks_nowhere(columns: dict[str, list[Any]], rule: str, cell: int, y: int) -> None:
    last = {name: part[-1] for name, part in columns.items()} | {"w": 0.0, "cell": cell, "y": y, "id": -1}
    more = {name: [*part, last[name]] for name, part in columns.items()}
    design = replace(CLUSTERS, lonely_psu=rule)
    assert_same(means(design, more), means(design, columns))
    before = count(design, columns, np.array(columns["cell"]), np.ones((len(columns["y"]), 1)))
    after = count(design, more, np.array(more["cell"]), np.ones((len(more["y"]), 1)))
    np.testing.assert_array_equal(after.n, before.n)
    for domain in (np.array([], dtype=np.int64), np.array([0]), np.array([2])):
        assert after.spread.degrees_of_freedom(domain) == before.spread.degrees_of_freedom(domain)


@FEW
@given(samples(), rules)
def test_covariances_are_those_of_some_sample(columns: dict[str, list[Any]], rule: str) -> None:
    found = means(replace(CLUSTERS, lonely_psu=rule), columns).covariance
    if np.isfinite(found).all():
        np.testing.assert_array_equal(found, found.T)
        assert np.linalg.eigvalsh(found).min() >= -1e-9 * max(found.max(), 1)
