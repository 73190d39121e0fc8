"""Differences of a statistic between domains, with the covariance of the domains in the standard error.

Belongs here: pairs of domains of one survey. Does not belong here: two waves (``change``), the values themselves
(``contrast``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import Base, DegreesRule, degrees_of_freedom
from analytics.survey_statistics.estimators.contrast import SCALES, Compared, compared, contrasted, values_of
from analytics.survey_statistics.estimators.domain import Domain
from analytics.survey_statistics.estimators.interval import Interval
from analytics.survey_statistics.estimators.row import Asked, Point, estimate_row, is_complete_listing
from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.tables.multiplicity import adjusted_p_values, adjustment_name

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

# Bases below this are named beside a difference.
FEW = 30
NAMES = {"difference": "difference", "ratio": "ratio", "percent": "percent difference"}


def difference(
    survey: Survey,
    statistic: str,
    question: str,
    by: str | Sequence[str],
    *,
    where: str | None = None,
    level: float = 0.95,
    adjustment: str = "holm",
    scale: str = "difference",
    df: DegreesRule = "domain",
) -> Rows:
    """Every pair of domains of ``by``: first minus second (``scale="difference"``), first over second (``ratio``), or
    by how many percent the first exceeds the second (``percent``; not of shares, whose percent of a percent misleads).

    Equal to R ``svycontrast(svyby(covmat = TRUE))``. ``p_value`` is that of no difference (t test with the degrees of
    freedom of both domains together), adjusted for the number of pairs and categories.
    """
    check_scale(statistic, scale)
    some = compared(survey, statistic, question, by, where, df)
    pairs = list(combinations(range(len(some.bases)), 2))
    places = [(i, j, c) for i, j in pairs for c in range(len(some.labels))]
    estimated = contrasted(values_of(some), [(some.place(i, c), some.place(j, c)) for i, j, c in places], scale)
    options = {
        "adjustment": adjustment if adjustment != "holm" else None,
        "scale": scale if scale in SCALES[1:] else None,
    }
    asked = Asked(survey, NAMES[scale], question, (statistic, question), by, where, level, "difference", options)
    complete = is_complete_listing(survey, some.cells.totals.spread)
    both = {pair: _both(some, *pair, df) for pair in pairs}
    variances = np.diag(estimated.covariance)
    rows = [
        estimate_row(
            asked,
            both[i, j],
            _point(some, statistic, (i, j, c), float(estimated.value[k]), float(variances[k])),
            is_complete=complete,
            method=f"{statistic}, {NAMES[scale]}; {asked.context.variance}",
        )
        for k, (i, j, c) in enumerate(places)
    ]
    return with_p_values(rows, adjustment, neutral=1.0 if scale == "ratio" else 0.0)


def check_scale(statistic: str, scale: str) -> None:
    """Raises ``SurveyError`` for a scale that is unknown or that would make a percent of a percent."""
    if scale not in SCALES:
        raise SurveyError(f"scale is {scale!r}; it must be one of {', '.join(SCALES)}.")
    if scale == "percent" and statistic == "proportion":
        raise SurveyError(
            "A percent of a percent is read as percentage points: ask for scale='difference' (points) or 'ratio' "
            "(times as often)."
        )


def with_p_values(rows: list[Estimate], adjustment: str, neutral: float = 0.0) -> Rows:
    """The rows with the p value of no difference (``neutral``), adjusted for how many stand side by side."""
    name = adjustment_name(adjustment)
    p_values = [_p_value(row, neutral) for row in rows]
    tests = sum(p is not None for p in p_values)
    adjusted = adjusted_p_values(p_values, name)
    return Rows(
        [
            row if p is None else replace(row, p_value=p, adjusted_p_value=a, adjustment=name, n_tests=tests)
            for row, p, a in zip(rows, p_values, adjusted, strict=True)
        ]
    )


def _p_value(row: Estimate, neutral: float) -> float | None:
    """Two-sided p value of Student's t; None where the row has no interval."""
    from scipy.special import ndtr, stdtr

    if row.value is None or not row.standard_error or row.lower is None or row.degrees_of_freedom is None:
        return None
    t = -abs((row.value - neutral) / row.standard_error)
    return float(2 * (ndtr(t) if np.isinf(row.degrees_of_freedom) else stdtr(row.degrees_of_freedom, t)))


def _both(some: Compared, first: int, second: int, df: DegreesRule) -> Base:
    """The base of a pair: both domains together."""
    a, b = some.bases[first], some.bases[second]
    places = np.concatenate([a.cells, b.cells])
    n = a.n + b.n if a.n and b.n else 0
    degrees, rule = degrees_of_freedom(some.cells, places, df) if n else (None, "none: no cases")
    missing = {state: a.missing.get(state, 0) + b.missing.get(state, 0) for state in {**a.missing, **b.missing}}
    weight = a.domain.weighted_n + b.domain.weighted_n
    domain = Domain((), f"{a.domain.label} minus {b.domain.label}", a.domain.n + b.domain.n, weight)
    words = f"{a.words} | {b.words}"
    return Base(domain, places, n, a.weighted_n + b.weighted_n, words, missing, degrees, rule)


def _point(some: Compared, statistic: str, place: tuple[int, int, int], value: float, variance: float) -> Point:
    first, second, category = place
    a, b = some.bases[first], some.bases[second]
    alone = [base.domain.label for base in (a, b) if base.n and not base.degrees_of_freedom]
    if alone and statistic != "total":
        # The linearised variance of the mean of one unit is 0: the difference would look surer than it can be.
        reason = f"no degrees of freedom in {' and '.join(alone)}"
        return Point(some.labels[category], value, None, Interval.undefined(reason))
    note = f"bases of {a.n} and {b.n} responses" if min(a.n, b.n) < FEW else None
    return Point(some.labels[category], value, variance, note=note)
