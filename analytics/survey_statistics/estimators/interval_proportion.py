"""Intervals of a share under a design, each with the source of its formula.

Belongs here: the methods by name and the choice of ``auto``. Does not belong here: intervals of counts without a design
(``analytics.statistics.proportions``), other intervals (``interval``).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from analytics.survey_statistics.estimators import interval as intervals
from analytics.survey_statistics.estimators.interval import Interval, critical_value, degrees_in_words, t_interval
from analytics.survey_statistics.sample.design import SurveyError


@dataclass(frozen=True)
class Sampled:
    """A share as it was found: ``numerator`` of ``n`` responses, with the share and its error under the design."""

    share: float
    standard_error: float
    numerator: int
    n: int
    degrees_of_freedom: float

    @property
    def is_extreme(self) -> bool:
        """Whether none or all have the property, so that the design gives no standard error."""
        return self.standard_error <= 0

    def effective_n(self, level: float) -> float:
        """Responses of a simple random sample that would tell as much: n over the design effect, with the loss of
        degrees of freedom in it (Korn and Graubard 1998, Survey Methodology 24, 193-201). Of none or all: n.
        """
        if self.is_extreme:
            return float(self.n)
        simple = self.share * (1 - self.share) / self.standard_error**2
        return simple * self.n / max(self.n - 1, 1) * self._t_ratio(level) ** 2

    def _t_ratio(self, level: float) -> float:
        if self.n < 2 or math.isinf(self.degrees_of_freedom):
            return 1.0
        return critical_value(level, self.n - 1) / critical_value(level, self.degrees_of_freedom)

    def korn_graubard_n(self, level: float) -> float:
        """Effective n of R ``svyciprop(method = "beta")``, which has no factor n / (n - 1) and no ceiling."""
        return self.effective_n(level) * (1.0 if self.is_extreme else max(self.n - 1, 1) / self.n)


def _mean(sampled: Sampled, level: float) -> Interval:
    return t_interval(sampled.share, sampled.standard_error, sampled.degrees_of_freedom, level)


def _logit(sampled: Sampled, level: float) -> Interval:
    """Symmetric on the log odds; R ``svyciprop(method = "logit")`` and ``"xlogit"``."""
    p = sampled.share
    half = critical_value(level, sampled.degrees_of_freedom) * sampled.standard_error / (p * (1 - p))
    centre = math.log(p / (1 - p))
    name = degrees_in_words("logit", sampled.degrees_of_freedom)
    return Interval(_expit(centre - half), _expit(centre + half), name)


def _asin(sampled: Sampled, level: float) -> Interval:
    """Symmetric after the arcsine of the root; R ``svyciprop(method = "asin")``, but ends stay between 0 and 1."""
    p = sampled.share
    half = critical_value(level, sampled.degrees_of_freedom) * sampled.standard_error / (2 * math.sqrt(p * (1 - p)))
    low, high = max(math.asin(math.sqrt(p)) - half, 0.0), min(math.asin(math.sqrt(p)) + half, math.pi / 2)
    name = degrees_in_words("arcsine of the root", sampled.degrees_of_freedom)
    return Interval(math.sin(low) ** 2, math.sin(high) ** 2, name)


def _beta(sampled: Sampled, level: float) -> Interval:
    """Korn and Graubard as R ``svyciprop(method = "beta")``: the effective n may exceed n."""
    size = sampled.korn_graubard_n(level)
    return Interval(*beta_limits(sampled.share, size, level), f"Korn-Graubard, not capped, effective n {size:.1f}")


def _korn_graubard(sampled: Sampled, level: float) -> Interval:
    """Korn and Graubard (1998) with the effective n capped at n."""
    size = min(sampled.korn_graubard_n(level), float(sampled.n))
    return Interval(*beta_limits(sampled.share, size, level), f"Korn-Graubard, capped at n, effective n {size:.1f}")


def _clopper_pearson(sampled: Sampled, level: float) -> Interval:
    size = sampled.effective_n(level)
    return Interval(*beta_limits(sampled.share, size, level), f"Clopper-Pearson, effective n {size:.1f}")


def _wilson(sampled: Sampled, level: float) -> Interval:
    size = sampled.effective_n(level)
    return Interval(*wilson_limits(sampled.share, size, level), f"Wilson score, effective n {size:.1f}")


METHODS: dict[str, Callable[[Sampled, float], Interval]] = {
    "logit": _logit,
    "xlogit": _logit,
    "asin": _asin,
    "beta": _beta,
    "korn_graubard": _korn_graubard,
    "clopper_pearson": _clopper_pearson,
    "wilson": _wilson,
    "mean": _mean,
}
# These need a standard error; the others fall back on the counts where none or all have the property.
NEED_ERROR = ("logit", "xlogit", "asin", "mean")


def proportion_interval(sampled: Sampled, method: str, level: float) -> Interval:
    """The interval of a share by one of ``METHODS``, or by the one that ``auto`` chooses.

    Raises ``SurveyError`` for a method that does not exist.
    """
    if method != "auto" and method not in METHODS:
        raise SurveyError(f"interval is {method!r}; it must be auto or one of {', '.join(METHODS)}.")
    if sampled.degrees_of_freedom <= 0 and sampled.n > 1:
        return Interval.undefined(intervals.ONE_UNIT)
    if method == "auto":
        return _wilson(sampled, level)
    if sampled.is_extreme and method in NEED_ERROR:
        reason = intervals.ONE_RESPONSE if sampled.n == 1 else f"{intervals.NO_SPREAD}; interval='auto' has limits"
        return Interval.undefined(reason)
    return METHODS[method](sampled, level)


def wilson_limits(share: float, n: float, level: float) -> tuple[float, float]:
    """Score interval of a share of an effective n; the formula of ``analytics.statistics.proportions.wilson``."""
    z = critical_value(level, math.inf)
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return 0.0 if share <= 0 else centre - half, 1.0 if share >= 1 else centre + half


def beta_limits(share: float, n: float, level: float) -> tuple[float, float]:
    """Clopper-Pearson limits of a share of an effective n that need not be whole."""
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = 0.0 if share <= 0 else float(betaincinv(n * share, n * (1 - share) + 1, tail))
    high = 1.0 if share >= 1 else float(betaincinv(n * share + 1, n * (1 - share), 1 - tail))
    return low, high


def _expit(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds)) if log_odds >= 0 else math.exp(log_odds) / (1 + math.exp(log_odds))
