"""Totals: of a number, or of the responses in each category.

Belongs here: population totals. Does not belong here: counts of the sample, which every row has as ``n``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import Base, DegreesRule, bases
from analytics.survey_statistics.estimators.design_effect import WEIGHT, moments, relative_to_simple, simple_variance
from analytics.survey_statistics.estimators.domain import categories, domain_keys, label
from analytics.survey_statistics.estimators.interval import FIXED, Interval
from analytics.survey_statistics.estimators.interval_exact import is_stratum
from analytics.survey_statistics.estimators.row import (
    Asked,
    Point,
    estimate_row,
    is_complete_listing,
    rows_of_means,
    standard_error,
)
from analytics.survey_statistics.estimators.statistic import Estimated, Statistic, estimate
from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.engine import around
from analytics.survey_statistics.sample.frame import BoolArray, FloatArray, IntArray
from analytics.survey_statistics.sample.question import Question

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey

SPEAKS_OF = {
    "population": "total of the units of the frame",
    "process": "total expected of the process behind the units",
}


def total(
    survey: Survey,
    question: str,
    by: By = None,
    *,
    where: str | None = None,
    level: float = 0.95,
    df: DegreesRule = "domain",
    design_effect: str = "without",
) -> Rows:
    """The total of a number, or the number of units in each category (R ``svytotal``), with its t interval.

    Missing answers add nothing: the total is that of the units that would answer.
    """
    asked_question = survey.responses.question(question)
    note = SPEAKS_OF[survey.design.inference]
    asked = Asked(survey, "total", question, (question,), by, where, level)
    if asked_question.kind == "number":
        return _of_number(asked, asked_question, df, design_effect, note)
    return _of_categories(asked, asked_question, df, design_effect, note)


def sums(gradient: FloatArray, base: BoolArray | None = None) -> Statistic:
    """Linear combinations of totals, one for each column of ``gradient`` (K, M); ``base`` as in ``Statistic``."""
    return Statistic(lambda totals: np.asarray(totals @ gradient), lambda totals: gradient, base)


def _of_number(asked: Asked, question: Question, df: DegreesRule, rule: str, note: str) -> Rows:
    survey, by, where = asked.survey, asked.by, asked.where
    keys = domain_keys(survey, by)
    cells = cell_totals(survey, keys, (question.value,), where)
    found = bases(survey, (question,), by, where, cells, df)
    each = np.eye(len(cells.cells) * 2)
    estimated = estimate(cells.totals, sums(each[:, 1::2], each[:, 0::2] > 0))
    weighted_n, n = cells.totals.value[0::2], cells.totals.n.astype(np.float64)
    centre = float(estimated.value.sum() / weighted_n.sum()) if weighted_n.sum() else 0.0
    apart = around(question.value, centre)
    squares = moments(survey, [f"sum({WEIGHT} * {apart} * {apart})"], keys, where, (question.value,), cells)[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = squares / weighted_n - (estimated.value / weighted_n - centre) ** 2
    simple = simple_variance(spread, n, weighted_n, rule) * weighted_n**2
    effects = relative_to_simple(np.diag(estimated.covariance), simple)
    complete = is_complete_listing(survey, cells.totals.spread)
    return rows_of_means(asked, found, estimated, effects, is_complete=complete, note=note)


def _of_categories(asked: Asked, question: Question, df: DegreesRule, rule: str, note: str) -> Rows:
    survey, by, where = asked.survey, asked.by, asked.where
    keys = domain_keys(survey, by)
    cells = cell_totals(survey, [*keys, question.value], (), where)
    found = bases(survey, (question,), by, where, cells, df)
    domain = [cell[:-1] for cell in cells.cells]
    together = np.array([[one == other for one in domain] for other in domain], dtype=bool)
    estimated = estimate(cells.totals, sums(np.eye(len(domain)), together.reshape((len(domain),) * 2)))
    complete = is_complete_listing(survey, cells.totals.spread)
    values = categories(question, (cell[-1] for cell in cells.cells)) or (None,)
    of_stratum = not keys and where is None and is_stratum(survey, question)
    rows: list[Estimate] = []
    for base in found:
        there = {cells.cells[i][-1]: int(i) for i in base.cells}
        for value in values:
            name = None if value is None else label(question, value)
            point = _category(base, name, there.get(value), estimated, cells.totals.n, rule, note)
            if of_stratum and standard_error(point.value or 0.0, point.variance) == 0:
                point = replace(point, interval=Interval.undefined(FIXED))
            rows.append(estimate_row(asked, base, point, is_complete=complete))
    return Rows(rows)


def _category(
    base: Base, name: str | None, place: int | None, estimated: Estimated, n: IntArray, rule: str, note: str
) -> Point:
    if place is None:
        return Point(name, 0.0, 0.0, n_category=0, note=note)
    value, variance = float(estimated.value[place]), float(estimated.covariance[place, place])
    share = value / base.weighted_n
    simple = simple_variance(np.array(share * (1 - share)), np.array(float(base.n)), np.array(base.weighted_n), rule)
    effect = float(relative_to_simple(np.array(variance), simple * base.weighted_n**2))
    return Point(name, value, variance, None, effect, int(n[place]), note)
