"""Quantiles of numbers, with Woodruff intervals.

Belongs here: the distribution of distinct values by the engine, the interval and the standard error. Does not belong
here: the rules (``quantile_rule``).

Woodruff (1952), Journal of the American Statistical Association 47, 635-646; as R ``survey`` 4.1 ``svyquantile``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analytics.survey_statistics.estimators.answered import Base, DegreesRule, bases
from analytics.survey_statistics.estimators.distribution import distributions, replicate_variances
from analytics.survey_statistics.estimators.domain import domain_keys
from analytics.survey_statistics.estimators.interval import Interval, critical_value, degrees_in_words
from analytics.survey_statistics.estimators.interval_proportion import Sampled, proportion_interval
from analytics.survey_statistics.estimators.proportion import shares
from analytics.survey_statistics.estimators.quantile_rule import BY_RESPONSE, RULES, Distribution, quantile_of
from analytics.survey_statistics.estimators.row import Asked, Point, estimate_row, is_complete_listing, number
from analytics.survey_statistics.estimators.statistic import estimate
from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.totals import Key

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey

# Names of R ``interval.type``; "mean" is its name for the interval of Woodruff.
INTERVALS = {"woodruff": "mean", "mean": "mean", "beta": "beta", "xlogit": "xlogit", "asin": "asin"}
REPLICATES = "quantile"
# How many lie below a quantile is not counted: their share alone matters for its interval.
UNCOUNTED = -1
Shares = dict[Key, tuple[float, float]]
BELOW, ABOVE = "the interval of the share reaches below 0", "the interval of the share reaches above 1"


def quantile(
    survey: Survey,
    question: str,
    probabilities: float | Sequence[float] = (0.5,),
    by: By = None,
    *,
    where: str | None = None,
    rule: str = "math",
    interval: str = "woodruff",
    level: float = 0.95,
    df: DegreesRule = "domain",
) -> Rows:
    """Quantiles of a number, one row for each domain and probability; ``category`` is the probability.

    ``interval``: woodruff, beta, xlogit or asin say which interval of the share below the quantile is turned into
    values; ``quantile`` takes the quantile of each replicate (designs with replicate weights). The standard error is
    the length of the interval over twice the critical value.
    """
    asked_number = number(survey, question, "quantile")
    probabilities = (probabilities,) if isinstance(probabilities, int | float) else probabilities
    _check(survey, probabilities, rule, interval)
    keys = domain_keys(survey, by)
    cells = cell_totals(survey, keys, (), _answered(asked_number.value, where))
    found = bases(survey, (asked_number,), by, where, cells, df)
    held = distributions(survey, asked_number.value, keys, where, is_ordered=rule in BY_RESPONSE)
    options = {"rule": rule, "interval": interval}
    asked = Asked(survey, "quantile", question, (question, tuple(probabilities)), by, where, level, options=options)
    complete = is_complete_listing(survey, cells.totals.spread)
    rows: dict[tuple[int, int], Estimate] = {}
    for j, probability in enumerate(probabilities):
        values = {key: quantile_of(some, probability, rule) for key, some in held.items()}
        if interval == REPLICATES:
            spread: Shares = {}
            variances = replicate_variances(survey, asked_number.value, keys, where, probability, rule)
        else:
            spread, variances = _shares_below(survey, asked_number.value, keys, where, found, values), {}
        for i, base in enumerate(found):
            key = base.domain.key
            value, limit, variance = values.get(key), None, variances.get(key)
            if key in spread:
                limit, variance = _woodruff(base, held[key], spread[key], INTERVALS[interval], rule, level)
            point = Point(f"{probability:g}", value, variance, limit, note=_note(limit))
            row = estimate_row(
                asked, base, point, is_complete=complete, method=f"rule {rule}; {asked.context.variance}"
            )
            rows[i, j] = row
    return Rows([rows[place] for place in sorted(rows)])


def _check(survey: Survey, probabilities: Sequence[float], rule: str, interval: str) -> None:
    if not all(0 < probability < 1 for probability in probabilities):
        raise SurveyError(
            f"probabilities are {list(probabilities)}; each must lie between 0 and 1, 0.5 for the median."
        )
    if rule not in RULES:
        raise SurveyError(f"rule is {rule!r}; it must be one of {', '.join(RULES)}.")
    if interval not in (*INTERVALS, REPLICATES):
        raise SurveyError(f"interval is {interval!r}; it must be one of {', '.join((*INTERVALS, REPLICATES))}.")
    if interval == REPLICATES and survey.design.replicates is None:
        raise SurveyError("interval='quantile' needs replicate weights; this design has none: ask for 'woodruff'.")


def _answered(value: str, where: str | None) -> str:
    return f"({value}) is not null" + (f" and ({where})" if where else "")


def _shares_below(
    survey: Survey,
    value: str,
    keys: Sequence[str],
    where: str | None,
    found: Sequence[Base],
    quantiles: Mapping[Key, float],
) -> Shares:
    """Share of each domain at or below its quantile, with its standard error."""
    listed = [base.domain.key for base in found if base.n]
    if not listed:
        return {}
    number = f"({value})::double"
    below = f"{number} <= {_double(quantiles[listed[0]])}"
    if keys:
        cases = "".join(
            f" when {' and '.join(f'({key}) = {_literal(part)}' for key, part in zip(keys, domain, strict=True))}"
            f" then {number} <= {_double(quantiles[domain])}"
            for domain in listed
        )
        below = f"case{cases} end"
    cells = cell_totals(survey, [*keys, below], (), where)
    estimated = estimate(cells.totals, shares(cells, len(keys)))
    return {
        cell[:-1]: (float(estimated.value[i]), math.sqrt(max(float(estimated.covariance[i, i]), 0.0)))
        for i, cell in enumerate(cells.cells)
        if cell[-1]
    }


def _woodruff(
    base: Base, held: Distribution, share: tuple[float, float], method: str, rule: str, level: float
) -> tuple[Interval, float | None]:
    """The interval of the share turned into values, and the variance that follows from its length."""
    degrees = base.degrees_of_freedom or 0.0
    around = proportion_interval(Sampled(*share, UNCOUNTED, base.n, degrees), method, level)
    if around.lower is None or around.upper is None:
        return around, None
    lower = quantile_of(held, around.lower, rule) if around.lower >= 0 else None
    upper = quantile_of(held, around.upper, rule) if around.upper <= 1 else None
    reason = BELOW if lower is None else ABOVE if upper is None else None
    name = f"Woodruff, {'t' if method == 'mean' else method} interval of the share"
    interval = Interval(lower, upper, degrees_in_words(name, degrees), reason)
    if lower is None or upper is None:
        return interval, None
    return interval, ((upper - lower) / (2 * critical_value(level, degrees))) ** 2


def _note(limit: Interval | None) -> str | None:
    if limit is None or limit.lower is None or limit.lower != limit.upper:
        return None
    return "both limits are the same value: few distinct answers, not certainty"


def _double(value: float) -> str:
    return f"'{value!r}'::double"


def _literal(value: object) -> str:
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, float):
        return _double(value)
    return "'" + str(value).replace("'", "''") + "'"
