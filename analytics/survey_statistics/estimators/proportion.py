"""Shares of the categories of a question.

Belongs here: the share of each category among those who answered. Does not belong here: its interval
(``interval_proportion``), questions with several answers (``multiple``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import Base, DegreesRule, bases
from analytics.survey_statistics.estimators.design_effect import design_effect_of_share
from analytics.survey_statistics.estimators.domain import categories, domain_keys, label
from analytics.survey_statistics.estimators.interval import Interval
from analytics.survey_statistics.estimators.interval_exact import Known, is_stratum, known_of_bases
from analytics.survey_statistics.estimators.interval_proportion import TWO_SIDED, Sampled, proportion_interval
from analytics.survey_statistics.estimators.ratio import ratio_of_totals
from analytics.survey_statistics.estimators.row import (
    Asked,
    Point,
    choice,
    estimate_row,
    is_complete_listing,
    standard_error,
)
from analytics.survey_statistics.estimators.statistic import Estimated, Statistic, estimate
from analytics.survey_statistics.result import Rows
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.frame import BoolArray, FloatArray
from analytics.survey_statistics.sample.totals import CellTotals, Key

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey

ON_AVERAGE = (
    "more than half of a finite population was observed: the mid-p limits hold the level on average over populations, "
    "interval='hypergeometric' in each"
)

NO_LOG_ODDS = "none or all have the property in a replicate, where log odds are infinite: take wilson, beta or xlogit"


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
    chosen = choice(survey, question)
    keys = domain_keys(survey, by)
    cells = cell_totals(survey, [*keys, chosen.value], (), where)
    found = bases(survey, (chosen,), by, where, cells, df)
    estimated = estimate(cells.totals, shares(cells, len(keys)))
    options = {"interval": None if interval == "auto" else interval}
    asked = Asked(survey, "proportion", question, (question,), by, where, level, options=options)
    complete = is_complete_listing(survey, cells.totals.spread)
    # A column without a codebook that nobody answered has no category: its domains are told all the same.
    values = categories(chosen, (cell[-1] for cell in cells.cells)) or (None,)
    listed = _listed(cells, found, values, estimated)
    counts: dict[Key, list[int]] = {}
    for base, *_, n in listed:
        counts.setdefault(base.domain.key, []).append(n)
    known = known_of_bases(survey, cells, found, keys, where, (chosen.value,), counts)
    on_log_odds = interval in ("logit", "likelihood")
    log_odds = estimate(cells.totals, _log_odds(shares(cells, len(keys)))) if on_log_odds else None
    at_an_end = _is_none_or_all(cells, len(keys), is_asked=on_log_odds)
    places = {cell: i for i, cell in enumerate(cells.cells)}
    of_stratum = not keys and where is None and is_stratum(survey, chosen)
    rows = []
    for base, value, share, variance, n in listed:
        place = places.get((*base.domain.key, value))
        error = None if log_odds is None or place is None else standard_error(0.0, log_odds.covariance[place, place])
        beside = known[base.domain.key]
        if error is not None or of_stratum:
            beside = replace(beside, log_odds_error=error, is_stratum=of_stratum)
        name = None if value is None else label(chosen, value)
        point = share_point(base, name, share, variance, n, level, interval, design_effect, beside)
        if place is not None and at_an_end[place] and 0 < share < 1:
            point = replace(point, interval=Interval.undefined(NO_LOG_ODDS))
        rows.append(estimate_row(asked, base, point, is_complete=complete))
    return Rows(rows)


def _is_none_or_all(cells: CellTotals, n_keys: int, *, is_asked: bool) -> BoolArray:
    """Of each share whether a replicate has none or all of it, where the log odds are infinite."""
    replicates = cells.totals.replicates
    if replicates is None or not is_asked:
        return np.zeros(len(cells.cells), dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = shares(cells, n_keys).function(replicates)
    return np.asarray(((found <= 0) | (found >= 1)).any(axis=0))


def _log_odds(share: Statistic) -> Statistic:
    """Log odds of shares; in replicate designs those of each replicate count, as in R ``svyglm``."""

    def function(totals: FloatArray) -> FloatArray:
        p = share.function(totals)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.log(p / (1 - p)))

    def gradient(totals: FloatArray) -> FloatArray:
        p = share.function(totals)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(share.gradient(totals) / (p * (1 - p)))

    return Statistic(function, gradient)


def _listed(
    cells: CellTotals, found: Sequence[Base], values: Sequence[object], estimated: Estimated
) -> list[tuple[Base, object, float, float, int]]:
    """Base, category, share, variance and responses of every row; a category nobody chose has a share of 0."""
    variances = np.diag(estimated.covariance)
    rows: list[tuple[Base, object, float, float, int]] = []
    for base in found:
        there = {cells.cells[i][-1]: int(i) for i in base.cells}
        for value in values:
            i = there.get(value)
            numbers = (0.0, 0.0, 0) if i is None else (estimated.value[i], variances[i], cells.totals.n[i])
            rows.append((base, value, float(numbers[0]), float(numbers[1]), int(numbers[2])))
    return rows


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
    base: Base,
    category: str | None,
    share: float,
    variance: float,
    n: int,
    level: float,
    interval: str,
    rule: str,
    known: Known,
) -> Point:
    """The share of a category with its interval, its design effect, and what the missing could make of it."""
    if not base.n:
        return Point(category, None, None, n_category=0)
    sampled = Sampled(
        share,
        standard_error(share, variance) or 0.0,
        n,
        base.n,
        base.degrees_of_freedom or 0.0,
        known.population,
        known.weights_n,
        known.is_weighted,
        known.log_odds_error,
        known.is_stratum,
    )
    bounds = None
    if base.missing_share:
        whole = base.weighted_n + base.weighted_missing
        low = share * base.weighted_n / whole
        bounds = (low, low + base.weighted_missing / whole)
    effect = design_effect_of_share(variance, share, base.n, base.weighted_n, rule)
    limits = proportion_interval(sampled, interval, level)
    note = ON_AVERAGE if interval == "auto" and limits.method.startswith(TWO_SIDED) else None
    return Point(category, share, variance, limits, effect, n, note=note, bounds=bounds)
