"""Shares of the categories of a question.

Belongs here: the share of each category among those who answered. Does not belong here: its interval
(``interval_proportion``), questions with several answers (``multiple``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.base import Base, DegreesRule, bases
from analytics.survey_statistics.estimators.design_effect import relative_to_simple, simple_variance
from analytics.survey_statistics.estimators.domain import categories, label, names
from analytics.survey_statistics.estimators.interval_proportion import Sampled, proportion_interval
from analytics.survey_statistics.estimators.ratio import ratio_of_totals
from analytics.survey_statistics.estimators.row import Asked, Point, estimate_row, is_complete_listing, standard_error
from analytics.survey_statistics.estimators.statistic import Statistic, estimate
from analytics.survey_statistics.result import Rows
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.totals import CellTotals

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey


def proportion(
    survey: Survey,
    question: str,
    by: By = None,
    *,
    where: str | None = None,
    level: float = 0.95,
    interval: str = "auto",
    df: DegreesRule = "domain",
    design_effect: str = "without",
) -> Rows:
    """The share (0 to 1) of each category among responses that answered (R ``svymean`` of a factor).

    ``interval`` names a method of ``interval_proportion``; the row says which one was used. ``bounds``: the share if
    none, or all, of the missing had chosen the category.
    """
    chosen = survey.responses.question(question)
    if chosen.parts:
        raise SurveyError(
            f"{question} of {survey.responses.title} takes several answers, so it has no shares that exclude each "
            f"other: ask for {'ranking' if chosen.kind == 'ranking' else 'multiple'}({question!r})."
        )
    keys = [survey.responses.question(code).value for code in names(by)]
    cells = cell_totals(survey, [*keys, chosen.value], (), where)
    found = bases(survey, (chosen,), by, where, cells, df)
    estimated = estimate(cells.totals, shares(cells, len(keys)))
    options = {"interval": None if interval == "auto" else interval}
    asked = Asked(survey, "proportion", question, (question,), by, where, level, options=options)
    complete = is_complete_listing(survey, cells.totals.spread)
    variances = np.diag(estimated.covariance)
    values = categories(chosen, (cell[-1] for cell in cells.cells))
    rows = []
    for base in found:
        there = {cells.cells[i][-1]: int(i) for i in base.cells}
        for value in values:
            place = there.get(value)
            share, variance, n = (
                (0.0, 0.0, 0)
                if place is None
                else (float(estimated.value[place]), float(variances[place]), int(cells.totals.n[place]))
            )
            point = share_point(survey, base, label(chosen, value), share, variance, n, level, interval, design_effect)
            rows.append(estimate_row(asked, base, point, is_complete=complete))
    return Rows(rows)


def shares(cells: CellTotals, n_keys: int) -> Statistic:
    """The share of every cell among the cells with the same first ``n_keys`` keys, its domain."""
    domain = {key: i for i, key in enumerate(dict.fromkeys(cell[:n_keys] for cell in cells.cells))}
    belongs = np.array([domain[cell[:n_keys]] for cell in cells.cells], dtype=np.int64)
    count = len(cells.cells)
    numerator, below = np.zeros((2, count * cells.n_measures, count))
    numerator[np.arange(count) * cells.n_measures, np.arange(count)] = 1.0
    below[:: cells.n_measures] = belongs[:, None] == belongs[None, :]
    return ratio_of_totals(numerator, below)


def share_point(
    survey: Survey,
    base: Base,
    category: str,
    share: float,
    variance: float,
    n: int,
    level: float,
    interval: str,
    rule: str,
) -> Point:
    """The share of a category with its interval, its design effect, and what the missing could make of it."""
    if not base.n:
        return Point(category, None, None, n_category=0)
    error = standard_error(share, variance)
    sampled = Sampled(share, error or 0.0, n, base.n, base.degrees_of_freedom or 0.0)
    simple = simple_variance(np.array(share * (1 - share)), np.array(float(base.n)), np.array(base.weighted_n), rule)
    bounds = None
    if base.missing_share:
        whole = base.weighted_n + base.weighted_missing
        low = share * base.weighted_n / whole
        bounds = (low, low + base.weighted_missing / whole)
    limits = proportion_interval(sampled, interval, level)
    effect = float(relative_to_simple(np.array(variance), simple))
    return Point(category, share, variance, limits, effect, n, bounds=bounds)
