"""Change of a statistic between two waves of a survey.

Belongs here: the change with the covariance of waves that have respondents or units in common. Does not belong here:
differences inside one wave (``difference``), what is comparable (``trend_break``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import Base, DegreesRule
from analytics.survey_statistics.estimators.contrast import Compared, compared, contrasted, values_of
from analytics.survey_statistics.estimators.difference import check_scale, with_p_values
from analytics.survey_statistics.estimators.domain import ALL, Domain
from analytics.survey_statistics.estimators.interval import Interval
from analytics.survey_statistics.estimators.overlap import shared
from analytics.survey_statistics.estimators.row import Asked, Point, estimate_row, is_complete_listing
from analytics.survey_statistics.estimators.statistic import Estimated
from analytics.survey_statistics.estimators.trend_break import earlier_question
from analytics.survey_statistics.estimators.wave_unit import (
    Wave,
    by_respondent,
    check_same_design,
    degrees_in_both,
    without_made_replicates,
)
from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey

STATISTIC = {"difference": "change", "ratio": "ratio of waves", "percent": "percent change"}
NOBODY = Base(Domain((), ALL, 0, 0.0), np.zeros(0, dtype=np.int64), 0, 0.0, "none", {}, None, "none: no cases")


def change(
    earlier: Survey,
    later: Survey,
    statistic: str,
    question: str,
    by: By = None,
    *,
    respondent: str | None = None,
    level: float = 0.95,
    scale: str = "difference",
    adjustment: str = "none",
    df: DegreesRule = "domain",
) -> Rows:
    """Later minus earlier (or over earlier, or percent) of a proportion, mean or total, for each domain.

    ``respondent``: column of both waves by which people who answered twice are known; their covariance then counts
    (see ``overlap``; that of the first-stage units where the design has some). Replicate weights of both waves must be
    of the same units in the same order. Without ``respondent`` the waves are independent.
    A question that changed has no change: one row without a value says why.
    """
    check_scale(statistic, scale)
    code, reason = earlier_question(earlier, later, question)
    options = {"respondent": respondent, "scale": None if scale == "difference" else scale}
    asked = Asked(later, STATISTIC[scale], question, (statistic, question), by, None, level, "change", options)
    if reason:
        return Rows([estimate_row(asked, NOBODY, Point(None, None, None, reason=reason))])
    if respondent is not None:
        check_same_design(earlier, later)
        earlier, later = (by_respondent(without_made_replicates(wave), respondent) for wave in (earlier, later))
    _check_kinds(earlier, later, code, question)
    sides = (compared(earlier, statistic, code, by, None, df), compared(later, statistic, question, by, None, df))
    each = (values_of(sides[0]), values_of(sides[1]))
    pairs, between = _pairs(*sides), None
    if respondent is not None:
        waves = (Wave(earlier, sides[0], respondent), Wave(later, sides[1], respondent))
        between = shared(waves, each)
        if df in ("domain", "design"):
            pairs = _with_common_units(pairs, lambda cells: degrees_in_both(waves, cells), df)
    values = _joined(*each, None if between is None else between.covariance)
    how = between.told if between else "independent waves"
    complete = all(
        is_complete_listing(survey, side.cells.totals.spread)
        for survey, side in zip((earlier, later), sides, strict=True)
    )
    estimated = contrasted(values, [(pair.later, pair.earlier) for pair in pairs], scale)
    rows: list[Estimate] = []
    for k, pair in enumerate(pairs):
        point = Point(pair.category, float(estimated.value[k]), float(estimated.covariance[k, k]), note=pair.note)
        if pair.note and statistic != "total":
            point = Point(pair.category, float(estimated.value[k]), None, Interval.undefined(pair.note))
        rows.append(estimate_row(asked, pair.base, point, is_complete=complete, method=f"{statistic}, {how}"))
    if earlier.context.is_fpc_used != later.context.is_fpc_used:
        rows = [replace(row, context=replace(row.context, is_fpc_used=False)) for row in rows]
    return with_p_values(rows, adjustment, neutral=1.0 if scale == "ratio" else 0.0)


@dataclass(frozen=True)
class Pair:
    """One change: places of the later and the earlier value, their common base, and what stands against a standard
    error. ``cells``: those of the domain in the earlier and the later wave.
    """

    base: Base
    category: str | None
    later: int
    earlier: int
    note: str | None
    cells: tuple[IntArray, IntArray]


def _joined(before: Estimated, after: Estimated, between: FloatArray | None) -> Estimated:
    """The values of both waves, with no covariance between them if none is given."""
    shift = len(before.value)
    covariance = np.zeros((shift + len(after.value),) * 2)
    covariance[:shift, :shift], covariance[shift:, shift:] = before.covariance, after.covariance
    if between is not None:
        covariance[:shift, shift:], covariance[shift:, :shift] = between, between.T
    return Estimated(np.concatenate([before.value, after.value]), covariance)


def _pairs(earlier: Compared, later: Compared) -> list[Pair]:
    """What both waves have; categories and domains of one wave alone have no change."""
    shift = len(earlier.bases) * len(earlier.labels)
    of_before = {base.domain.label: i for i, base in enumerate(earlier.bases)}
    pairs = []
    for j, base in enumerate(later.bases):
        i = of_before.get(base.domain.label)
        if i is None:
            continue
        old = earlier.bases[i]
        degrees = (old.degrees_of_freedom or 0.0) + (base.degrees_of_freedom or 0.0)
        joint = _joint(old, base, base.domain.label, degrees, f"sum of both waves: {base.df_rule}")
        for c, label in enumerate(later.labels):
            if label in earlier.labels:
                first, second = earlier.place(i, earlier.labels.index(label)), shift + later.place(j, c)
                pairs.append(Pair(joint, label, second, first, _alone(old, base), (old.cells, base.cells)))
    return pairs


def _with_common_units(
    pairs: list[Pair], degrees: Callable[[tuple[IntArray, IntArray] | None], float], df: DegreesRule
) -> list[Pair]:
    """The pairs with degrees of freedom that count a unit of both waves once."""
    rule = "units with a case in the base of either wave less strata with one"
    if df == "design":
        rule = "units of either wave less strata"
    known: dict[str, Base] = {}
    for pair in pairs:
        base = pair.base
        if base.n and base.domain.label not in known:
            count = degrees(pair.cells if df == "domain" else None)
            known[base.domain.label] = replace(base, degrees_of_freedom=count, df_rule=rule)
    return [replace(pair, base=known.get(pair.base.domain.label, pair.base)) for pair in pairs]


def _check_kinds(earlier: Survey, later: Survey, code: str, question: str) -> None:
    """Raises ``SurveyError`` for a question that holds numbers in one wave and categories in the other."""
    kinds = [survey.responses.question(name).kind for survey, name in ((earlier, code), (later, question))]
    if kinds[0] != kinds[1]:
        raise SurveyError(
            f"{question} is a {kinds[0]} question in {earlier.responses.title} and a {kinds[1]} question in "
            f"{later.responses.title}, so it has no change: recode one of them."
        )


def _joint(old: Base, new: Base, label: str, degrees: float, rule: str) -> Base:
    """The base of a change: the responses of both waves, nobody if one of them has none."""
    missing = {state: old.missing.get(state, 0) + new.missing.get(state, 0) for state in {**old.missing, **new.missing}}
    domain = Domain((), label, old.domain.n + new.domain.n, old.domain.weighted_n + new.domain.weighted_n)
    n = old.n + new.n if old.n and new.n else 0
    words = f"{old.n} and {new.n} responses of two waves; {new.words}"
    return Base(domain, old.cells, n, old.weighted_n + new.weighted_n, words, missing, degrees if n else None, rule)


def _alone(old: Base, new: Base) -> str | None:
    """Why there is no standard error: one wave has no spread."""
    waves = [name for name, base in (("earlier", old), ("later", new)) if base.n and not base.degrees_of_freedom]
    return f"no degrees of freedom in the {' and the '.join(waves)} wave" if waves else None
