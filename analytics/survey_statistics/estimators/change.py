"""Change of a statistic between two waves of a survey.

Belongs here: the change with the covariance of waves that have respondents or units in common. Does not belong here:
differences inside one wave (``difference``), what is comparable (``trend_break``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import ANSWERED, Base, DegreesRule, degrees_of_freedom
from analytics.survey_statistics.estimators.contrast import Compared, compared, contrasted, values_of
from analytics.survey_statistics.estimators.difference import check_scale, with_p_values
from analytics.survey_statistics.estimators.domain import ALL, Domain, names
from analytics.survey_statistics.estimators.interval import Interval
from analytics.survey_statistics.estimators.row import Asked, Point, estimate_row, is_complete_listing
from analytics.survey_statistics.estimators.stacked_wave import (
    EARLIER,
    LATER,
    VALUE,
    WAVE,
    left_out,
    stacked,
    unstacked,
)
from analytics.survey_statistics.estimators.statistic import Estimated
from analytics.survey_statistics.estimators.trend_break import earlier_question
from analytics.survey_statistics.result import Estimate, Rows

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
    (waves stacked with the first-stage unit, else the respondent, as the unit). Without it the waves are independent.
    A question that changed has no change: one row without a value says why.
    """
    check_scale(statistic, scale)
    code, reason = earlier_question(earlier, later, question)
    options = {"respondent": respondent, "scale": None if scale == "difference" else scale}
    asked = Asked(later, STATISTIC[scale], question, (statistic, question), by, None, level, "change", options)
    if reason:
        return Rows([estimate_row(asked, NOBODY, Point(None, None, None, reason=reason))])
    if respondent is None:
        sides = (compared(earlier, statistic, code, by, None, df), compared(later, statistic, question, by, None, df))
        pairs, values = _independent(*sides)
        how = "independent waves"
        complete = all(
            is_complete_listing(survey, side.cells.totals.spread)
            for survey, side in zip((earlier, later), sides, strict=True)
        )
    else:
        both = stacked(earlier, later, (code, question), by, respondent)
        try:
            some = compared(both, statistic, VALUE, (WAVE, *names(by)), None, df)
            words = f"{later.responses.base}; {ANSWERED} {question}"
            pairs, values = _overlapping(some, df, words), values_of(some)
        finally:
            unstacked(both)
        how, complete = left_out(earlier, later), False
    estimated = contrasted(values, [(pair.later, pair.earlier) for pair in pairs], scale)
    rows: list[Estimate] = []
    for k, pair in enumerate(pairs):
        point = Point(pair.category, float(estimated.value[k]), float(estimated.covariance[k, k]), note=pair.note)
        if pair.note and statistic != "total":
            point = Point(pair.category, float(estimated.value[k]), None, Interval.undefined(pair.note))
        rows.append(estimate_row(asked, pair.base, point, is_complete=complete, method=f"{statistic}, {how}"))
    if respondent is not None:
        rows = [replace(row, context=replace(row.context, is_fpc_used=False)) for row in rows]
    return with_p_values(rows, adjustment, neutral=1.0 if scale == "ratio" else 0.0)


@dataclass(frozen=True)
class Pair:
    """One change: places of the later and the earlier value, their common base, and what stands against a standard
    error.
    """

    base: Base
    category: str | None
    later: int
    earlier: int
    note: str | None


def _independent(earlier: Compared, later: Compared) -> tuple[list[Pair], Estimated]:
    """The values of both waves with no covariance between them; categories of one wave alone have no change."""
    before, after = values_of(earlier), values_of(later)
    shift = len(before.value)
    covariance = np.zeros((shift + len(after.value),) * 2)
    covariance[:shift, :shift], covariance[shift:, shift:] = before.covariance, after.covariance
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
                first = earlier.place(i, earlier.labels.index(label))
                pairs.append(Pair(joint, label, shift + later.place(j, c), first, _alone(old, base)))
    return pairs, Estimated(np.concatenate([before.value, after.value]), covariance)


def _overlapping(some: Compared, df: DegreesRule, words: str) -> list[Pair]:
    """Pairs of one domain in both waves of a stacked sample, whose first key is the wave."""
    place = {base.domain.key: i for i, base in enumerate(some.bases)}
    pairs = []
    for key, j in place.items():
        i = place.get((EARLIER, *key[1:]))
        if key[0] != LATER or i is None:
            continue
        old, new = some.bases[i], some.bases[j]
        degrees, rule = degrees_of_freedom(some.cells, np.concatenate([old.cells, new.cells]), df)
        label = ", ".join(new.domain.label.split(", ")[1:]) or ALL
        named = replace(new, words=words if label == ALL else f"{words}; {label}")
        joint = _joint(old, named, label, degrees, rule)
        for c, name in enumerate(some.labels):
            pairs.append(Pair(joint, name, some.place(j, c), some.place(i, c), _alone(old, new)))
    return pairs


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
