"""Effect sizes with intervals that respect the design.

Belongs here: which measure, its scale and its interval. Does not belong here: formulas (``association_measures``,
``group_measures``), tests.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.domain import categories
from analytics.survey_statistics.estimators.interval_noncentral import noncentrality
from analytics.survey_statistics.exact.layers import silent_layers
from analytics.survey_statistics.result import NO_CASES, Estimate, Rows
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.tables import association_measures as measures
from analytics.survey_statistics.tables import tails
from analytics.survey_statistics.tables.association import corrected, subject
from analytics.survey_statistics.tables.common_measures import (
    COMMON_ODDS_RATIO,
    COMMON_RISK_DIFFERENCE,
    COMMON_RISK_RATIO,
)
from analytics.survey_statistics.tables.contingency import Contingency, contingency
from analytics.survey_statistics.tables.measure import Limits, check_level, measure
from analytics.survey_statistics.tables.measured import AS_IS, FISHER_Z, LOG, Measured, Scale, by_shares, measured

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey

OF_TWO_BY_TWO: dict[str, tuple[measures.TableMeasure, Scale]] = {
    "phi": (measures.PHI, FISHER_Z),
    "risk_difference": (measures.RISK_DIFFERENCE, AS_IS),
    "risk_ratio": (measures.RISK_RATIO, LOG),
    "odds_ratio": (measures.ODDS_RATIO, LOG),
    "cohens_h": (measures.COHENS_H, AS_IS),
}
COMMON: dict[str, tuple[measures.TableMeasure, Scale]] = {
    "risk_difference": (COMMON_RISK_DIFFERENCE, AS_IS),
    "risk_ratio": (COMMON_RISK_RATIO, LOG),
    "odds_ratio": (COMMON_ODDS_RATIO, LOG),
}
AGREEMENT = ("kappa", "kappa_linear", "kappa_quadratic")
OF_NUMBERS = ("cohens_d", "auc", "somers_d")
KINDS = ("cramers_v", *OF_TWO_BY_TWO, *AGREEMENT, *OF_NUMBERS)
LESS_THAN_CHANCE = "even less association than chance makes, so that no interval fits"


def effect_size(
    survey: Survey,
    kind: str,
    question: str,
    by: str,
    *,
    layers: By = None,
    where: str | None = None,
    level: float = 0.95,
) -> Rows:
    """How strong an association, a difference or an agreement is.

    Of categories: cramers_v; of two by two: phi, risk_difference, risk_ratio, odds_ratio, cohens_h (the share of the
    second category of ``question`` in the second group of ``by`` against the first); of the same categories asked
    twice: kappa, kappa_linear, kappa_quadratic. Of a number in two groups: cohens_d, auc (probability that an answer of
    the second group is the higher one, ties half), somers_d.

    ``layers``: risk_difference, risk_ratio and odds_ratio that the categories of further questions have in common, as
    Mantel and Haenszel pool them.
    """
    inside = [layers] if isinstance(layers, str) else list(layers or ())
    if kind in OF_NUMBERS:
        if inside:
            raise SurveyError(f"{kind} is not pooled over layers; choose a layer with where.")
        from analytics.survey_statistics.tables.group_measures import group_effect

        return Rows([group_effect(survey, kind, question, by, where, level)])
    return Rows([table_effect(contingency(survey, [*inside, question, by], where), kind, level)])


def table_effect(table: Contingency, kind: str, level: float = 0.95) -> Estimate:
    """The measure of a table of two questions, or the one that all layers have in common; undefined ones are null with
    the reason. Raises ``SurveyError`` for a kind that does not exist or does not fit the table.
    """
    if kind not in KINDS or kind in OF_NUMBERS:
        raise SurveyError(f"The effect size is {kind!r}; of a table it must be one of {', '.join(KINDS[:-3])}.")
    check_level(level)
    layered = len(table.questions) > 2
    if layered and kind not in COMMON:
        raise SurveyError(f"{kind} is of two questions; choose a layer with where. Over layers: {', '.join(COMMON)}.")
    if not table.n.sum():
        return _row(table, kind, None, None, level, reason=NO_CASES)
    table = _over_same_categories(table) if kind in AGREEMENT else table
    _check_shape(table, kind)
    if min(table.shape[-2:]) < 2:
        return _row(table, kind, None, None, level, reason="fewer than two categories with responses")
    measure_, scale = _measure(table, kind)
    found = by_shares(table, measure_) if kind in AGREEMENT else measured(table, measure_, scale)
    if not np.isfinite(found.value) or (scale is LOG and not np.isfinite(found.scaled)):
        return _row(table, kind, None, None, level, reason="a cell without responses leaves it undefined")
    return _scaled(table, kind, found, scale, level)


def _check_shape(table: Contingency, kind: str) -> None:
    rows, columns = table.shape[-2:]
    if kind in OF_TWO_BY_TWO and max(rows, columns) > 2:
        raise SurveyError(
            f"{kind} is of two categories by two; {subject(table)} has {rows} by {columns}. Narrow it with where, or "
            "take cramers_v."
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


def _measure(table: Contingency, kind: str) -> tuple[measures.TableMeasure, Scale]:
    """The measure and the scale of its interval."""
    if len(table.questions) > 2:
        common, scale = COMMON[kind]
        return _over_layers(common, len(table.questions)), scale
    if kind == "cramers_v":
        return measures.CRAMERS_V, AS_IS
    if kind in AGREEMENT:
        return measures.kappa(measures.agreement_weights(table.shape[0], kind)), AS_IS
    return OF_TWO_BY_TWO[kind]


def _over_layers(common: measures.TableMeasure, dimensions: int) -> measures.TableMeasure:
    """The measure for tables of that many questions, all but the last two of which make the layers."""

    def value(shares: FloatArray) -> FloatArray:
        return common.value(shares.reshape(*shares.shape[:-dimensions], -1, 2, 2))

    return measures.TableMeasure(value, common.slope)


def _scaled(table: Contingency, kind: str, found: Measured, scale: Scale, level: float) -> Estimate:
    df = table.cells.totals.spread.degrees_of_freedom(table.kept) - 1
    value, error, note = found.value, found.error, found.note
    if kind == "cramers_v":
        limits = _cramers_limits(table, level)
        if limits is None or limits[1] == 0:
            return _row(table, kind, value, None, level, None, df, LESS_THAN_CHANCE if limits else None, note)
        return _row(table, kind, value, error, level, limits, df, None, note)
    if error is None or df <= 0 or (scale is LOG and found.scaled_error is None):
        return _row(table, kind, value, None, level, None, df, None, note)
    if scale is AS_IS or found.scaled_error is None or not np.isfinite(found.scaled):
        return _row(table, kind, value, error, level, None, df, None, note)
    half = tails.t_quantile(0.5 + level / 2, df) * found.scaled_error
    limits = (scale.back(found.scaled - half), scale.back(found.scaled + half), scale.name)
    return _row(table, kind, value, error, level, limits, df, None, note)


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
    low, high = (noncentrality(found.pearson / effect, df, p) for p in (1 - tail, tail))
    per_unit = effect / (found.scale * (min(table.shape) - 1))
    lower, upper = (min(float(np.sqrt(limit * per_unit)), 1.0) for limit in (low, high))
    return lower, upper, "noncentral chi-square, Rao-Scott corrected"


def _row(
    table: Contingency,
    kind: str,
    value: float | None,
    error: float | None,
    level: float,
    limits: Limits | None = None,
    df: float | None = None,
    reason: str | None = None,
    note: str | None = None,
) -> Estimate:
    n, weighted = int(table.n.sum()), float(table.weighted.sum())
    layered = len(table.questions) > 2
    name = f"common_{kind}" if layered else kind
    row = measure(table.survey, name, subject(table), value, error, df, level, n, weighted, limits, reason)
    method = f"Mantel-Haenszel; {row.method}" if layered else row.method
    notes = [told for told in (note, silent_layers(table.n) if layered else None) if told]
    return replace(row, method=method, note="; ".join(notes) or None)
