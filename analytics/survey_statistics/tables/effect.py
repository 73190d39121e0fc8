"""Effect sizes with intervals that respect the design.

Belongs here: which measure, its scale and its interval. Does not belong here: formulas (``association_measures``,
``group_measures``), tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.domain import categories
from analytics.survey_statistics.result import NO_CASES, Estimate, Rows
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.tables import association_measures as measures
from analytics.survey_statistics.tables import tails
from analytics.survey_statistics.tables.association import corrected, subject
from analytics.survey_statistics.tables.contingency import Contingency, contingency
from analytics.survey_statistics.tables.measure import Limits, check_level, measure

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

OF_TWO_BY_TWO: dict[str, Callable[[FloatArray], measures.Measured]] = {
    "phi": measures.phi,
    "risk_difference": measures.risk_difference,
    "risk_ratio": measures.log_risk_ratio,
    "odds_ratio": measures.log_odds_ratio,
    "cohens_h": measures.cohens_h,
}
AGREEMENT = ("kappa", "kappa_linear", "kappa_quadratic")
OF_NUMBERS = ("cohens_d", "auc", "somers_d")
KINDS = ("cramers_v", *OF_TWO_BY_TWO, *AGREEMENT, *OF_NUMBERS)
ON_LOG = ("risk_ratio", "odds_ratio")
LESS_THAN_CHANCE = "even less association than chance makes, so that no interval fits"


def effect_size(
    survey: Survey, kind: str, question: str, by: str, *, where: str | None = None, level: float = 0.95
) -> Rows:
    """How strong an association, a difference or an agreement is.

    Of categories: cramers_v; of two by two: phi, risk_difference, risk_ratio, odds_ratio, cohens_h (the share of the
    second category of ``question`` in the second group of ``by`` against the first); of the same categories asked
    twice: kappa, kappa_linear, kappa_quadratic. Of a number in two groups: cohens_d, auc (probability that an answer of
    the second group is the higher one, ties half), somers_d.
    """
    if kind in OF_NUMBERS:
        from analytics.survey_statistics.tables.group_measures import group_effect

        return Rows([group_effect(survey, kind, question, by, where, level)])
    return Rows([table_effect(contingency(survey, [question, by], where), kind, level)])


def table_effect(table: Contingency, kind: str, level: float = 0.95) -> Estimate:
    """The measure of a table of two questions; undefined ones are null with the reason. Raises ``SurveyError`` for a
    kind that does not exist or does not fit the table.
    """
    if kind not in KINDS or kind in OF_NUMBERS:
        raise SurveyError(f"The effect size is {kind!r}; of a table it must be one of {', '.join(KINDS[:-3])}.")
    check_level(level)
    if len(table.questions) != 2:
        raise SurveyError(f"{kind} is of two questions; choose a layer with where.")
    if not table.n.sum():
        return _row(table, kind, None, None, level, reason=NO_CASES)
    table = _over_same_categories(table) if kind in AGREEMENT else table
    _check_shape(table, kind)
    if min(table.shape) < 2:
        return _row(table, kind, None, None, level, reason="fewer than two categories with responses")
    with np.errstate(divide="ignore", invalid="ignore"):
        value, slope = _measured(table, kind)
        gradient = slope.reshape(-1)
        used = table.shares.value > 0
        variance = float(gradient[used] @ table.shares.covariance[np.ix_(used, used)] @ gradient[used])
    if not np.isfinite(value):
        return _row(table, kind, None, None, level, reason="a cell without responses leaves it undefined")
    # Less than this is rounding: all units have the same shares.
    error = float(np.sqrt(variance)) if np.isfinite(variance) and variance > 1e-24 else None
    return _scaled(table, kind, value, error, level)


def _check_shape(table: Contingency, kind: str) -> None:
    if kind in OF_TWO_BY_TWO and max(table.shape) > 2:
        raise SurveyError(
            f"{kind} is of two categories by two; {subject(table)} has {table.shape[0]} by {table.shape[1]}. Narrow it "
            "with where, or take cramers_v."
        )


def _over_same_categories(table: Contingency) -> Contingency:
    """The table with the categories of both questions in rows and in columns."""
    first, second = (set(values) for values in table.levels)
    if not first & second and len(first | second) > 2:
        raise SurveyError(
            "Agreement is of the same categories asked twice; no answer occurs in both "
            f"{table.questions[0].code} and {table.questions[1].code}."
        )
    every = tuple(value for value in categories(table.questions[0], first | second) if value in first | second)
    return replace(table, levels=(every, every))


def _measured(table: Contingency, kind: str) -> measures.Measured:
    shares = table.shares.value.reshape(table.shape)
    if kind == "cramers_v":
        return measures.cramers_v(shares)
    if kind in AGREEMENT:
        return measures.kappa(shares, measures.agreement_weights(len(shares), kind))
    return OF_TWO_BY_TWO[kind](shares)


def _scaled(table: Contingency, kind: str, value: float, error: float | None, level: float) -> Estimate:
    df = table.cells.totals.spread.degrees_of_freedom(table.kept) - 1
    if kind == "cramers_v":
        limits = _cramers_limits(table, level)
        if limits is None or limits[1] == 0:
            return _row(table, kind, value, None, level, None, df, LESS_THAN_CHANCE if limits else None)
        return _row(table, kind, value, error, level, limits, df)
    if error is None or df <= 0:
        shown = float(np.exp(value)) if kind in ON_LOG else value
        return _row(table, kind, shown, None, level, None, df)
    half = tails.t_quantile(0.5 + level / 2, df) * error
    if kind in ON_LOG:
        ratio = float(np.exp(value))
        limits = (float(np.exp(value - half)), float(np.exp(value + half)), "t on the logarithm")
        return _row(table, kind, ratio, ratio * error, level, limits, df)
    if kind == "phi" and abs(value) < 1:
        half /= 1 - value**2
        limits = (float(np.tanh(np.arctanh(value) - half)), float(np.tanh(np.arctanh(value) + half)), "t on Fisher's z")
        return _row(table, kind, value, error, level, limits, df)
    return _row(table, kind, value, error, level, None, df)


def _cramers_limits(table: Contingency, level: float) -> Limits | None:
    """Limits of Cramer's V: those noncentralities of a chi-square that the Rao-Scott statistic does not rule out.

    Steiger and Fouladi (1997), in Harlow et al., What If There Were No Significance Tests, chapter 9, with the
    statistic divided by the mean design effect.
    """
    try:
        found = corrected(table, float(table.n.sum()))
    except np.linalg.LinAlgError:
        return None
    effect = float(found.design_effects.mean())
    df = len(found.design_effects)
    tail = (1 - level) / 2
    low, high = (_noncentrality(found.pearson / effect, df, p) for p in (1 - tail, tail))
    per_unit = effect / (found.scale * (min(table.shape) - 1))
    lower, upper = (min(float(np.sqrt(limit * per_unit)), 1.0) for limit in (low, high))
    return lower, upper, "noncentral chi-square, Rao-Scott corrected"


def _noncentrality(chi_square: float, df: int, probability: float) -> float:
    """The noncentrality under which a chi-square stays below the observed one with this probability; 0 if there is
    none.
    """
    from scipy.special import chndtr

    if chndtr(chi_square, df, 0.0) <= probability:
        return 0.0
    low, high = 0.0, max(2 * chi_square, 10.0)
    while chndtr(chi_square, df, high) > probability:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if chndtr(chi_square, df, middle) > probability else (low, middle)
    return (low + high) / 2


def _row(
    table: Contingency,
    kind: str,
    value: float | None,
    error: float | None,
    level: float,
    limits: Limits | None = None,
    df: float | None = None,
    reason: str | None = None,
) -> Estimate:
    n, weighted = int(table.n.sum()), float(table.weighted.sum())
    return measure(table.survey, kind, subject(table), value, error, df, level, n, weighted, limits, reason)
