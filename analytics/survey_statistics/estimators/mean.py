"""Means of numbers.

Belongs here: the mean of a question whose answers are numbers. Does not belong here: means of codes, which are refused
(``row.number``), and of scales (``likert``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import DegreesRule, bases
from analytics.survey_statistics.estimators.design_effect import WEIGHT, moments, relative_to_simple, simple_variance
from analytics.survey_statistics.estimators.domain import domain_keys
from analytics.survey_statistics.estimators.ratio import ratio_of_totals
from analytics.survey_statistics.estimators.row import Asked, is_complete_listing, number, rows_of_means
from analytics.survey_statistics.estimators.statistic import Statistic, estimate
from analytics.survey_statistics.result import Rows
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.engine import around
from analytics.survey_statistics.sample.totals import CellTotals

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey


def mean(
    survey: Survey,
    question: str,
    by: By = None,
    *,
    where: str | None = None,
    level: float = 0.95,
    df: DegreesRule = "domain",
    design_effect: str = "without",
) -> Rows:
    """The mean of a number among responses that gave one (R ``svymean``), with its t interval.

    ``bounds`` of a row with missing answers: the mean if all missing were the lowest, or the highest, number given.
    """
    asked_number = number(survey, question, "mean")
    keys = domain_keys(survey, by)
    cells = cell_totals(survey, keys, (asked_number.value,), where)
    found = bases(survey, (asked_number,), by, where, cells, df)
    estimated = estimate(cells.totals, means(cells))
    weighted_n = cells.totals.value[0::2]
    centre = float(cells.totals.value[1::2].sum() / weighted_n.sum()) if weighted_n.sum() else 0.0
    y = f"({asked_number.value})::double"
    apart = around(asked_number.value, centre)
    aggregates = [f"sum({WEIGHT} * {apart} * {apart})", f"min({y})", f"max({y})"]
    sums = moments(survey, aggregates, keys, where, (asked_number.value,), cells)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = sums[:, 0] / weighted_n - (estimated.value - centre) ** 2
    simple = simple_variance(spread, cells.totals.n.astype(np.float64), weighted_n, design_effect)
    effects = relative_to_simple(np.diag(estimated.covariance), simple)
    bounds: list[tuple[float, float] | None] = [None] * len(cells.cells)
    for base in found:
        if len(base.cells) and base.missing_share:
            i = int(base.cells[0])
            whole, total = base.weighted_n + base.weighted_missing, base.weighted_n * float(estimated.value[i])
            low, high = (total + base.weighted_missing * float(end) for end in sums[i, 1:])
            bounds[i] = (low / whole, high / whole)
    asked = Asked(survey, "mean", question, (question,), by, where, level)
    complete = is_complete_listing(survey, cells.totals.spread)
    return rows_of_means(asked, found, estimated, effects, is_complete=complete, bounds=bounds)


def means(cells: CellTotals) -> Statistic:
    """The mean of the first value in each cell: totals of measure 1 over those of measure 0."""
    places = np.arange(len(cells.cells))
    shape = (len(cells.cells) * cells.n_measures, len(cells.cells))
    top, bottom = np.zeros(shape), np.zeros(shape)
    top[places * cells.n_measures + 1, places] = 1.0
    bottom[places * cells.n_measures, places] = 1.0
    return ratio_of_totals(top, bottom)
