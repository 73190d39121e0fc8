"""Cronbach's alpha: how far the items of one scale hang together.

Belongs here: alpha, standardised alpha, item-rest correlations, alpha without an item. Does not belong here: single
items (``likert``), agreement of raters (``exact.agreement``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import Base, DegreesRule, bases
from analytics.survey_statistics.estimators.design_effect import WEIGHT, moments
from analytics.survey_statistics.estimators.interval import Interval, critical_value, degrees_in_words
from analytics.survey_statistics.estimators.row import Asked, Point, estimate_row, is_complete_listing
from analytics.survey_statistics.estimators.statistic import Statistic, estimate
from analytics.survey_statistics.result import Rows
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.question import Question

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

INTERVALS = ("auto", "feldt", "bonett", "design")
ROUNDING = 1e-12
NO_SPREAD = "the sum of the items is the same for everybody: there is no spread to share"


def alpha(
    survey: Survey,
    questions: Sequence[str],
    *,
    where: str | None = None,
    level: float = 0.95,
    interval: str = "auto",
    reverse: Sequence[str] = (),
    df: DegreesRule = "domain",
) -> Rows:
    """Cronbach's alpha (1951, Psychometrika 16, 297-334) of responses that answered all items.

    Rows ``alpha``, ``standardised alpha`` (of the correlations), and for each item ``item-rest correlation`` and
    ``alpha without item``. Values equal R ``psych::alpha`` and ``survey::svycralpha``; standard errors are linearised
    (or from the replicates) with variances and covariances as functions of totals.

    ``interval``: ``feldt`` (Feldt 1965, Psychometrika 30, 357-370; F distribution) and ``bonett`` (2002, Journal of
    Educational and Behavioral Statistics 27, 335-340) suppose a simple random sample of normal answers with equal
    covariances; ``design`` takes log(1 - alpha) with its standard error under the design. ``auto`` is ``feldt`` for
    unweighted simple random samples, else ``design``. ``reverse`` names items that are worded the other way round.
    """
    if interval not in INTERVALS:
        raise SurveyError(f"interval is {interval!r}; it must be one of {', '.join(INTERVALS)}.")
    items = _items(survey, questions)
    if unknown := sorted(set(reverse) - set(questions)):
        raise SurveyError(f"reverse names {', '.join(unknown)}, which is not among the items.")
    if interval in ("feldt", "bonett") and not is_simple(survey):
        raise SurveyError(
            f"The interval of {interval.capitalize()} supposes a simple random sample without weights, and "
            f"{survey.responses.title} has a design: use interval='design'."
        )
    k = len(items)
    # Alpha does not change when a constant is added to an item, so a reversed item is its negative.
    x = [f"({'-' if item.code in reverse else ''}({item.value})::double)" for item in items]
    sum_ = "(" + " + ".join(x) + ")"
    values = [*x, *(f"{a} * {a}" for a in x), *(f"{a} * {sum_}" for a in x)]
    cells = cell_totals(survey, (), values, where)
    base = bases(survey, items, None, where, cells, df)[0]
    asked = Asked(survey, "alpha", ", ".join(questions), (list(questions),), None, where, level, "alpha",
                  {"interval": None if interval == "auto" else interval, "reverse": list(reverse) or None})  # fmt: skip
    complete = is_complete_listing(survey, cells.totals.spread)
    if base.n:
        estimated = estimate(cells.totals, Statistic(lambda t: _function(t, k), lambda t: _gradient(t, k)))
        value, variance = estimated.value, np.diag(estimated.covariance)
    else:
        value, variance = np.full(2 * k + 1, np.nan), np.full(2 * k + 1, np.nan)
    limits = _interval(survey, interval, float(value[0]), float(variance[0]), base, k, level)
    against = [item.code for item, r in zip(items, value[1 : k + 1], strict=True) if r < 0]
    note = f"{', '.join(against)}: answers run against the rest; reverse its codes or leave it out" if against else None
    reason = NO_SPREAD if base.n else None
    rows = [estimate_row(asked, base, Point(None, float(value[0]), float(variance[0]), limits, note=note,
                                            reason=reason), is_complete=complete)]  # fmt: skip
    standardised = Point(
        None, _standardised(survey, x, where, base), None, reason="no standard error is offered" if base.n else None
    )
    rows.append(estimate_row(replace(asked, statistic="standardised alpha"), base, standardised))
    for i, item in enumerate(items):
        for statistic, at in (("item-rest correlation", 1 + i), ("alpha without item", 1 + k + i)):
            if k == 2 and statistic == "alpha without item":
                continue
            point = Point(item.code, float(value[at]), float(variance[at]), reason=reason)
            rows.append(estimate_row(replace(asked, statistic=statistic), base, point, is_complete=complete))
    return Rows(rows)


def _items(survey: Survey, questions: Sequence[str]) -> list[Question]:
    """The items; scales of the codebook are numbers if their codes are."""
    if isinstance(questions, str) or len(set(questions)) < 2:
        raise SurveyError("alpha needs a list of two or more different items of one scale.")
    items = [survey.responses.question(code) for code in questions]
    for item in items:
        is_coded = bool(item.categories) and all(isinstance(value, int | float) for value in item.categories)
        if item.kind != "number" and not is_coded:
            raise SurveyError(
                f"{item.code} of {survey.responses.title} is a {item.kind} question without numbers for its answers; "
                "alpha needs items whose codes run from low to high."
            )
    return items


def _moments(totals: FloatArray, k: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Means (..., k), variances (..., k) and covariances with the sum (..., k) of the items, divisor n."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, square, product = np.moveaxis(
            (totals[..., 1:] / totals[..., :1]).reshape(*totals.shape[:-1], 3, k), -2, 0
        )
    return mean, square - mean**2, product - mean * mean.sum(axis=-1, keepdims=True)


def _function(totals: FloatArray, k: int) -> FloatArray:
    """Alpha, k item-rest correlations, k alphas without an item, of totals (..., 1 + 3k)."""
    _, v, g = _moments(totals, k)
    whole, own = g.sum(axis=-1, keepdims=True), v.sum(axis=-1, keepdims=True)
    rest = whole - 2 * g + v
    with np.errstate(divide="ignore", invalid="ignore"):
        full = np.where(whole > ROUNDING * own, k / (k - 1) * (1 - own / whole), np.nan)
        correlation = (g - v) / np.sqrt(v * rest)
        without = (k - 1) / max(k - 2, 1) * (1 - (own - v) / rest)
    return np.concatenate([full, correlation, without], axis=-1)


def _gradient(totals: FloatArray, k: int) -> FloatArray:
    """Derivatives (1 + 3k, 1 + 2k) of ``_function``, by the chain rule over variances and covariances."""
    mean, v, g = _moments(totals, k)
    size, one = totals[0], np.eye(k)
    square, product = totals[1 + k : 1 + 2 * k] / size, totals[1 + 2 * k :] / size
    means = np.vstack([-mean, one, np.zeros((2 * k, k))]) / size
    squares = np.vstack([-square, np.zeros((k, k)), one, np.zeros((k, k))]) / size
    products = np.vstack([-product, np.zeros((2 * k, k)), one]) / size
    dv = squares - 2 * mean * means
    dg = products - mean * means.sum(axis=1, keepdims=True) - mean.sum() * means
    whole, own = g.sum(), v.sum()
    d_whole, d_own = dg.sum(axis=1, keepdims=True), dv.sum(axis=1, keepdims=True)
    rest, d_rest = whole - 2 * g + v, d_whole - 2 * dg + dv
    with np.errstate(divide="ignore", invalid="ignore"):
        full = k / (k - 1) * (own / whole**2 * d_whole - d_own / whole)
        r = (g - v) / np.sqrt(v * rest)
        correlation = (dg - dv) / np.sqrt(v * rest) - r / 2 * (dv / v + d_rest / rest)
        without = (k - 1) / max(k - 2, 1) * ((own - v) / rest**2 * d_rest - (d_own - dv) / rest)
    return np.hstack([full, correlation, without])


def _standardised(survey: Survey, x: Sequence[str], where: str | None, base: Base) -> float | None:
    """Alpha of the correlations of the items."""
    if not base.n:
        return None
    k = len(x)
    pairs = [(i, j) for i in range(k) for j in range(i + 1)]
    aggregates = [
        f"sum({WEIGHT})",
        *(f"sum({WEIGHT} * {a})" for a in x),
        *(f"sum({WEIGHT} * {x[i]} * {x[j]})" for i, j in pairs),
    ]
    sums = moments(survey, aggregates, (), where, x, cell_totals(survey, (), list(x), where))[0]
    mean, covariance = sums[1 : k + 1] / sums[0], np.zeros((k, k))
    for (i, j), product in zip(pairs, sums[k + 1 :] / sums[0], strict=True):
        covariance[i, j] = covariance[j, i] = product - mean[i] * mean[j]
    spread = np.diag(covariance)
    if (spread <= ROUNDING * (mean**2 + 1)).any():
        return None
    correlation = covariance / np.sqrt(np.outer(spread, spread))
    between = (correlation.sum() - k) / (k * (k - 1))
    below = 1 + (k - 1) * between
    return float(k * between / below) if below > ROUNDING * k else None


def _interval(survey: Survey, interval: str, value: float, variance: float, base: Base, k: int,
              level: float) -> Interval | None:  # fmt: skip
    """Limits of alpha; None leaves it to the row, which knows what to say of no cases and no spread."""
    if not np.isfinite(value) or base.n < 3 or value >= 1:
        return None
    chosen = interval if interval != "auto" else "feldt" if is_simple(survey) else "design"
    gap, n, tail = 1 - value, base.n, (1 - level) / 2
    if chosen == "feldt":
        from scipy.special import fdtri

        first, second = n - 1, (n - 1) * (k - 1)
        low, high = (1 - gap * float(fdtri(first, second, p)) for p in (1 - tail, tail))
        return Interval(low, high, f"Feldt, F with {first} and {second} df")
    df = base.degrees_of_freedom or 0.0
    if chosen == "bonett":
        half = critical_value(level, float("inf")) * float(np.sqrt(2 * k / ((k - 1) * (n - 2))))
        name = "Bonett, normal on log(1 - alpha)"
    elif df <= 0 or not variance > 0:
        return None
    else:
        half = critical_value(level, df) * float(np.sqrt(variance)) / gap
        name = degrees_in_words("t on log(1 - alpha)", df)
    return Interval(1 - gap * float(np.exp(half)), 1 - gap * float(np.exp(-half)), name)


def is_simple(survey: Survey) -> bool:
    """Whether the sample is a simple random one, without weights and without a finite population correction."""
    design = survey.design
    stage = design.stages[0]
    return (
        design.weights is None
        and design.replicates is None
        and len(design.stages) == 1
        and stage.units is None
        and stage.strata is None
        and not survey.adjustments
        and not survey.context.is_fpc_used
    )
