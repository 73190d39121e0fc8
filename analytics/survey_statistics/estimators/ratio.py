"""Ratios of totals: the form that shares, means and ratios have in common.

Belongs here: the statistic and its rows. Does not belong here: what is divided by what in a share (``proportion``) or a
mean (``mean``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import DegreesRule, bases
from analytics.survey_statistics.estimators.design_effect import WEIGHT, moments, relative_to_simple, simple_variance
from analytics.survey_statistics.estimators.domain import domain_keys
from analytics.survey_statistics.estimators.row import Asked, is_complete_listing, number, rows_of_means
from analytics.survey_statistics.estimators.statistic import Statistic, estimate
from analytics.survey_statistics.result import Rows
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.totals import CellTotals

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey


def ratio_of_totals(numerator: FloatArray, denominator: FloatArray) -> Statistic:
    """Ratios of linear combinations of totals; both (K, M), one column for each ratio. NaN where nothing is below.

    Its domain is all that it is made of, also where it does not vary with it, as a share of 1.

    Derivative: (numerator - ratio x denominator) / total below, Särndal, Swensson and Wretman (1992), section 5.6.
    """

    def function(totals: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((totals @ numerator) / (totals @ denominator))

    def gradient(totals: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore", invalid="ignore"):
            below = totals @ denominator
            return np.asarray((numerator - (totals @ numerator / below) * denominator) / below)

    return Statistic(function, gradient, (numerator != 0) | (denominator != 0))


def ratio(
    survey: Survey,
    numerator: str,
    denominator: str,
    by: By = None,
    *,
    where: str | None = None,
    level: float = 0.95,
    df: DegreesRule = "domain",
    design_effect: str = "without",
) -> Rows:
    """The total of one number over the total of another, among responses that gave both (R ``svyratio``)."""
    above, below = number(survey, numerator, "ratio"), number(survey, denominator, "ratio")
    keys = domain_keys(survey, by)
    cells = cell_totals(survey, keys, (above.value, below.value), where)
    found = bases(survey, (above, below), by, where, cells, df)
    shape = (len(cells.cells) * cells.n_measures, len(cells.cells))
    top, bottom = np.zeros(shape), np.zeros(shape)
    places = np.arange(len(cells.cells))
    top[places * 3 + 1, places] = 1.0
    bottom[places * 3 + 2, places] = 1.0
    estimated = estimate(cells.totals, ratio_of_totals(top, bottom))
    asked = Asked(survey, "ratio", f"{numerator} / {denominator}", (numerator, denominator), by, where, level)
    effects = relative_to_simple(
        np.diag(estimated.covariance),
        _simple(survey, above.value, below.value, keys, where, cells, estimated.value, design_effect),
    )
    complete = is_complete_listing(survey, cells.totals.spread)
    return rows_of_means(asked, found, estimated, effects, is_complete=complete)


def _simple(
    survey: Survey,
    above: str,
    below: str,
    keys: Sequence[str],
    where: str | None,
    cells: CellTotals,
    ratios: FloatArray,
    rule: str,
) -> FloatArray:
    """Variance of each ratio in a simple random sample: that of the mean of (above - ratio x below) over mean below."""
    a, b = f"({above})::double", f"({below})::double"
    squares = [f"sum({WEIGHT} * {a} * {a})", f"sum({WEIGHT} * {a} * {b})", f"sum({WEIGHT} * {b} * {b})"]
    sums = moments(survey, squares, keys, where, (above, below), cells)
    totals = cells.totals.value.reshape(-1, cells.n_measures)
    n, weighted_n = cells.totals.n.astype(np.float64), totals[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (sums[:, 0] - 2 * ratios * sums[:, 1] + ratios**2 * sums[:, 2]) * weighted_n / totals[:, 2] ** 2
    return simple_variance(spread, n, weighted_n, rule)
