"""The one place where an estimate becomes a row of results, with its base, its missing, and the reasons of its blanks.

Belongs here: what must stand beside every number, whatever it is. Does not belong here: formulas of estimates.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.survey_statistics.estimators import interval as intervals
from analytics.survey_statistics.estimators.answered import NOT_ASKED, Base
from analytics.survey_statistics.estimators.interval import Interval, t_interval
from analytics.survey_statistics.estimators.missing import warning
from analytics.survey_statistics.estimators.statistic import Estimated
from analytics.survey_statistics.result import Context, Estimate, Rows
from analytics.survey_statistics.sample.design import Design, SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.totals import Spread

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey


# Texts and dates are read, not counted: each is an answer of its own.
NEVER_COUNTED = ("text", "date")
UNDEFINED = "undefined: what it would be divided by is 0"


@dataclass(frozen=True)
class Asked:
    """What was asked of a survey: ``statistic`` and ``question`` name the rows, ``call`` and ``arguments`` the method
    of ``Survey`` that repeats them. ``options``: keyword arguments that differ from their defaults.
    """

    survey: Survey
    statistic: str
    question: str
    arguments: Sequence[object]
    by: By = None
    where: str | None = None
    level: float = 0.95
    call: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        level: Any = self.level
        if not isinstance(level, int | float) or not 0 < level < 1:
            raise SurveyError(f"level is {self.level}; it must lie between 0 and 1, for instance 0.95.")

    @cached_property
    def context(self) -> Context:
        """What all rows share."""
        return self.survey.context

    @cached_property
    def query(self) -> str:
        """The call that repeats the rows."""
        parts = [_literal(argument) for argument in self.arguments]
        named = {
            "by": self.by,
            "where": self.where,
            "level": None if self.level == 0.95 else self.level,
            **self.options,
        }
        parts += [f"{name}={_literal(value)}" for name, value in named.items() if value is not None]
        return f"{self.call or self.statistic}({', '.join(parts)})"


@dataclass(frozen=True)
class Point:
    """One estimate before it is a row. ``interval`` None stands for the t interval.

    ``variance`` None: there is no standard error, for the ``reason``.
    """

    category: str | None
    value: float | None
    variance: float | None
    interval: Interval | None = None
    design_effect: float | None = None
    n_category: int | None = None
    note: str | None = None
    bounds: tuple[float, float] | None = None
    reason: str | None = None


def estimate_row(asked: Asked, base: Base, point: Point, *, is_complete: bool = False, method: str = "") -> Estimate:
    """The row of one estimate. Without cases, spread or degrees of freedom the blanks carry their reason."""
    has_value = base.n > 0 and _finite(point.value) is not None
    if has_value and point.reason is None and point.variance is not None and np.isnan(point.variance):
        point = replace(point, reason=no_variance(asked.survey.design))
    value, error, interval = _uncertainty(base, point, is_complete, asked.level)
    missing = warning(base.missing_share, is_empty=not base.n, has_bounds=bool(point.bounds))
    return Estimate(
        statistic=asked.statistic,
        question=asked.question,
        category=point.category,
        domain=base.domain.label,
        value=value,
        standard_error=error,
        lower=interval.lower,
        upper=interval.upper,
        level=None if interval.lower is None else asked.level,
        interval_method=interval.method,
        n=base.n,
        weighted_n=base.weighted_n,
        base=base.words,
        missing=base.missing,
        degrees_of_freedom=base.degrees_of_freedom,
        df_rule=base.df_rule,
        design_effect=None if error is None else _finite(point.design_effect),
        method=method or asked.context.variance,
        context=asked.context,
        query=asked.query,
        null_reason=interval.reason,
        note="; ".join(text for text in (point.note, missing) if text) or None,
        n_category=point.n_category,
        bounds=point.bounds,
    )


def no_variance(design: Design) -> str:
    """Why a design gives no variance for an estimate that has a value."""
    reasons = []
    if any(stage.inclusion and stage.inclusion.method != "brewer" for stage in design.stages):
        reasons.append(
            "the estimate of the variance is negative, as it can be with unequal probabilities: take the variance YG, "
            "or the method brewer"
        )
    if design.lonely_psu == "average":
        reasons.append(
            "all strata of the domain, or of a unit in it, have a single unit, so that the rule average has no others "
            "to go by"
        )
    return "; or ".join(reasons) or "no standard error"


def _uncertainty(
    base: Base, point: Point, is_complete: bool, level: float
) -> tuple[float | None, float | None, Interval]:
    """Value, standard error and interval, each None where it is undefined."""
    value = _finite(point.value)
    if base.n == 0 or value is None:
        return None, None, Interval.undefined(point.reason or (intervals.NO_CASES if base.n == 0 else UNDEFINED))
    error = standard_error(value, point.variance)
    if is_complete and not error:
        unknown = sum(n for state, n in base.missing.items() if state not in NOT_ASKED)
        bounds = ": see the bounds" if point.bounds else ""
        reason = f"complete listing, but {unknown} gave no answer{bounds}" if unknown else intervals.COMPLETE
        return value, 0.0, Interval(None, None, "none (complete listing)", reason)
    if error is None:
        return value, None, point.interval or Interval.undefined(point.reason or "no standard error")
    nothing_varies = error == 0 and (base.n == 1 or base.is_alone or not base.degrees_of_freedom)
    if nothing_varies:
        reason = intervals.ONE_RESPONSE if base.n == 1 else intervals.ONE_UNIT
        given = point.interval or Interval.undefined(reason)
        # An interval that needs no standard error stands; the reason is then that of the blank error.
        return value, None, replace(given, reason=given.reason or reason)
    if point.interval is not None:
        return value, error, point.interval
    return value, error, t_interval(value, error, base.degrees_of_freedom or 0.0, level)


def standard_error(value: float, variance: float | None) -> float | None:
    """Root of a variance; exactly 0 where rounding alone is left of it, None where it is undefined."""
    if variance is None or not np.isfinite(variance):
        return None
    error = float(np.sqrt(max(variance, 0.0)))
    return 0.0 if error <= intervals.ROUNDING * abs(value) else error


def rows_of_means(
    asked: Asked,
    bases: Sequence[Base],
    estimated: Estimated,
    effects: FloatArray,
    *,
    is_complete: bool = False,
    note: str | None = None,
    bounds: Sequence[tuple[float, float] | None] | None = None,
) -> Rows:
    """Rows of estimates of which each domain has one: ``estimated`` and ``effects`` are by cell, one cell a domain."""
    variances = np.diag(estimated.covariance)

    def points() -> Iterator[Point]:
        for base in bases:
            if not len(base.cells):
                yield Point(None, None, None)
                continue
            i = int(base.cells[0])
            limits = bounds[i] if bounds and base.missing_share else None
            yield Point(
                None, float(estimated.value[i]), float(variances[i]), None, float(effects[i]), note=note, bounds=limits
            )

    return Rows(
        [estimate_row(asked, base, point, is_complete=is_complete) for base, point in zip(bases, points(), strict=True)]
    )


def is_complete_listing(survey: Survey, spread: Spread) -> bool:
    """Whether every unit of every stage was observed and the estimates speak of these units only."""
    frame = getattr(spread, "frame", None)
    if frame is None or not survey.context.is_fpc_used:
        return False
    stages = [*frame.units, *([frame.responses] if frame.responses else [])]
    return all(bool(np.all(stage.sampled >= stage.population)) for stage in stages)


def choice(survey: Survey, code: str) -> Question:
    """A question whose answers have shares that add to 1.

    Raises ``SurveyError`` for several answers, texts and dates.
    """
    question = survey.responses.question(code)
    named = f"{code} of {survey.responses.title}"
    if question.parts:
        raise SurveyError(
            f"{named} takes several answers, so it has no shares that exclude each other: ask for "
            f"{question.kind}({code!r})."
        )
    if question.kind in NEVER_COUNTED:
        raise SurveyError(f"{named} is a {question.kind} question; it has no shares or means.")
    return question


def number(survey: Survey, code: str, statistic: str) -> Question:
    """A question whose answers are numbers.

    Raises ``SurveyError`` for all others: the mean of codes of categories says nothing.
    """
    question = survey.responses.question(code)
    if question.kind == "number":
        return question
    call = question.kind if question.parts else "proportion"
    instead = "" if question.kind in NEVER_COUNTED else f"ask for {call}({code!r}), or "
    raise SurveyError(
        f"{code} of {survey.responses.title} is a {question.kind} question, so its answers have no {statistic}: "
        f"{instead}name a question whose answers are numbers."
    )


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
