"""Intervals against golden values: R for all three formulas, printed reference numbers and two workings by hand."""

from __future__ import annotations

import csv
from math import comb
from pathlib import Path

import numpy as np
import pytest

from analytics.statistics.proportions import clopper_pearson, hypergeometric, wilson

GOLDEN = Path(__file__).parents[1] / "golden" / "proportions.csv"


def golden(method: str) -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["method"] == method]


@pytest.mark.parametrize(("method", "function"), [("wilson", wilson), ("clopper_pearson", clopper_pearson)])
def test_binomial_intervals_equal_r(method: str, function: object) -> None:
    rows = golden(method)
    k, n = [int(row["numerator"]) for row in rows], [int(row["base"]) for row in rows]
    lower, upper = function(k, n)  # type: ignore[operator]
    assert len(rows) == 18
    np.testing.assert_allclose(lower, [float(row["lower"]) for row in rows], atol=1e-11)
    np.testing.assert_allclose(upper, [float(row["upper"]) for row in rows], atol=1e-11)


def test_hypergeometric_counts_equal_r() -> None:
    rows = golden("hypergeometric")
    counts = ([int(row[name]) for row in rows] for name in ("numerator", "base", "population"))
    lower, upper = hypergeometric(*counts)
    assert lower.tolist() == [float(row["lower"]) for row in rows]
    assert upper.tolist() == [float(row["upper"]) for row in rows]


@pytest.mark.parametrize(
    ("numerator", "base", "percent", "low", "high"),
    [
        (28, 52, 53.8, 40.5, 66.7),
        (14, 52, 26.9, 16.8, 40.3),
        (9, 52, 17.3, 9.4, 29.7),
        (45, 50, 90.0, 78.6, 95.7),
        (4, 52, 7.7, 3.0, 18.2),
        (1, 9, 11.1, 2.0, 43.5),
        (0, 12, 0.0, 0.0, 24.2),
    ],
)
def test_wilson_reference_numbers(numerator: int, base: int, percent: float, low: float, high: float) -> None:
    lower, upper = wilson(numerator, base)
    assert [round(100 * numerator / base, 1), round(100 * float(lower), 1), round(100 * float(upper), 1)] == [
        percent,
        low,
        high,
    ]


def test_seven_of_nineteen_answers_among_twenty_three() -> None:
    """By hand: 12 of the 19 lack it, so at most 23 - 12 = 11 have it, and both ends keep more than 2.5 %."""
    assert comb(16, 12) / comb(23, 19) == pytest.approx(0.2055, abs=1e-4)  # P(X >= 7 | K = 7)
    assert comb(11, 7) * comb(12, 12) / comb(23, 19) == pytest.approx(0.0373, abs=1e-4)  # P(X <= 7 | K = 11)
    assert hypergeometric(7, 19, 23) == (7, 11)


def test_clopper_pearson_at_the_edge_is_the_closed_form() -> None:
    """With no success the upper end is 1 - (alpha/2)^(1/n), with all successes the lower end is (alpha/2)^(1/n)."""
    assert clopper_pearson(0, 12)[1] == pytest.approx(1 - 0.025 ** (1 / 12))
    assert clopper_pearson(12, 12)[0] == pytest.approx(0.025 ** (1 / 12))


def test_hypergeometric_covers_at_least_ninety_five_percent_for_every_count() -> None:
    size, n = 23, 19
    intervals = [hypergeometric(k, n, size) for k in range(n + 1)]
    for total in range(size + 1):
        covered = sum(
            comb(total, k) * comb(size - total, n - k)
            for k in range(n + 1)
            if k <= total and n - k <= size - total and intervals[k][0] <= total <= intervals[k][1]
        )
        assert covered / comb(size, n) >= 0.95


@pytest.mark.parametrize("function", [wilson, clopper_pearson])
@pytest.mark.parametrize(("numerator", "base"), [(0, 0), (3, 2), (-1, 4), (float("nan"), 4)])
def test_undefined_cells_are_nan_never_zero_width(function: object, numerator: float, base: float) -> None:
    lower, upper = function(numerator, base)  # type: ignore[operator]
    assert np.isnan([lower, upper]).all()


def test_more_observed_than_the_population_is_undefined() -> None:
    lower, upper = hypergeometric(3, 30, 20)
    assert np.isnan([lower, upper]).all()
