"""Intervals around an estimate: their shape, the t interval, and the reasons why there is none.

Belongs here: what every interval shares. Does not belong here: intervals of shares (``interval_proportion``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

COMPLETE = "complete listing: every unit was observed, so there is no sampling error"
NO_CASES = "no cases"
ONE_RESPONSE = "one response: no spread can be estimated"
ONE_UNIT = "no degrees of freedom: the base lies in one primary sampling unit of each stratum"
NO_SPREAD = "no spread in the sample: the units inside each stratum agree, so the spread cannot be estimated"
# A standard error so far below its estimate is what rounding leaves of zero.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Interval:
    """Limits with the name of their method; None with the reason where they are undefined."""

    lower: float | None
    upper: float | None
    method: str
    reason: str | None = None

    @staticmethod
    def undefined(reason: str) -> Interval:
        """No interval."""
        return Interval(None, None, "none (complete listing)" if reason == COMPLETE else "none", reason)


@lru_cache(maxsize=4096)
def critical_value(level: float, degrees_of_freedom: float) -> float:
    """Quantile of Student's t at ``(1 + level) / 2``; of the normal distribution for infinite degrees of freedom."""
    from scipy.special import ndtri, stdtrit

    tail = 0.5 + level / 2
    return float(ndtri(tail) if math.isinf(degrees_of_freedom) else stdtrit(degrees_of_freedom, tail))


def t_interval(value: float, standard_error: float, degrees_of_freedom: float, level: float) -> Interval:
    """Value plus and minus the critical value times the standard error (R ``confint`` with ``df``)."""
    if degrees_of_freedom <= 0:
        return Interval.undefined(ONE_UNIT)
    if standard_error <= 0:
        return Interval.undefined(NO_SPREAD)
    half = critical_value(level, degrees_of_freedom) * standard_error
    return Interval(value - half, value + half, degrees_in_words("t", degrees_of_freedom))


def degrees_in_words(method: str, degrees_of_freedom: float) -> str:
    """Name of a method with its degrees of freedom: ``t, 39 df``, or ``normal``."""
    if math.isinf(degrees_of_freedom):
        return "normal" if method == "t" else f"{method}, normal"
    return f"{method}, {degrees_of_freedom:g} df"
