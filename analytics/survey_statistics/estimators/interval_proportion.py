"""Intervals of a share under a design, each with the source of its formula.

Belongs here: the methods by name and the choice of ``auto``. Does not belong here: intervals of counts without a design
(``analytics.statistics.proportions``), other intervals (``interval``).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from analytics.survey_statistics.estimators import interval as intervals
from analytics.survey_statistics.estimators.interval import Interval, critical_value, degrees_in_words, t_interval
from analytics.survey_statistics.sample.design import SurveyError


@dataclass(frozen=True)
class Sampled:
    """A share as it was found: ``numerator`` of ``n`` responses, with the share and its error under the design.

    ``population`` of a simple random sample, None for others. ``weights_n``: effective n that weights and sampled
    fractions alone would leave if all strata and units had the same share, used where none or all have the property, so
    that the design gives no standard error. ``is_weighted``: the weights are unequal. ``log_odds_error``: standard
    error of the log odds where it is not what follows from that of the share (replicates of log odds). ``is_stratum``:
    the share is that of a stratum of the design.
    """

    share: float
    standard_error: float
    numerator: int
    n: int
    degrees_of_freedom: float
    population: int | None = None
    weights_n: float | None = None
    is_weighted: bool = False
    log_odds_error: float | None = None
    is_stratum: bool = False

    @property
    def is_extreme(self) -> bool:
        """Whether none or all have the property, so that the standard error of 0 says nothing."""
        return self.numerator in (0, self.n) or not 0 < self.share < 1

    @property
    def is_even(self) -> bool:
        """Whether nothing varies inside the strata though the share is neither none nor all."""
        return self.standard_error <= 0 and not self.is_extreme

    def effective_n(self, level: float) -> float:
        """Responses of a simple random sample that would tell as much: n over the design effect, with the loss of
        degrees of freedom in it (Korn and Graubard 1998, Survey Methodology 24, 193-201).
        """
        if self.is_extreme:
            return (self.weights_n or float(self.n)) * self._t_ratio(level) ** 2
        simple = self.share * (1 - self.share) / self.standard_error**2
        return simple * self.n / max(self.n - 1, 1) * self._t_ratio(level) ** 2

    def _t_ratio(self, level: float) -> float:
        if self.n < 2 or self.degrees_of_freedom >= self.n - 1:
            return 1.0
        return critical_value(level, self.n - 1) / critical_value(level, self.degrees_of_freedom)

    def korn_graubard_n(self, level: float) -> float:
        """Effective n of R ``svyciprop(method = "beta")``, which has no factor n / (n - 1) and no ceiling."""
        return self.effective_n(level) * (1.0 if self.is_extreme else max(self.n - 1, 1) / self.n)


def _mean(sampled: Sampled, level: float) -> Interval:
    return t_interval(sampled.share, sampled.standard_error, sampled.degrees_of_freedom, level)


def _logit(sampled: Sampled, level: float) -> Interval:
    """Symmetric on the log odds; R ``svyciprop(method = "logit")``."""
    error = sampled.log_odds_error or sampled.standard_error / (sampled.share * (1 - sampled.share))
    half = critical_value(level, sampled.degrees_of_freedom) * error
    centre = math.log(sampled.share / (1 - sampled.share))
    name = degrees_in_words("logit", sampled.degrees_of_freedom)
    return Interval(_expit(centre - half), _expit(centre + half), name)


def _xlogit(sampled: Sampled, level: float) -> Interval:
    """As logit, with the error of the log odds from that of the share; R ``svyciprop(method = "xlogit")``."""
    return _logit(replace(sampled, log_odds_error=None), level)


def _likelihood(sampled: Sampled, level: float) -> Interval:
    """Profile of the scaled likelihood; R ``svyciprop(method = "likelihood")``."""
    from analytics.survey_statistics.estimators.interval_likelihood import likelihood_limits

    t = critical_value(level, sampled.degrees_of_freedom)
    error = sampled.log_odds_error or sampled.standard_error / (sampled.share * (1 - sampled.share))
    limits = likelihood_limits(sampled.share, sampled.n, error, t)
    if limits is None:
        return Interval.undefined("the profile of the likelihood does not reach the level")
    return Interval(*limits, degrees_in_words("profile likelihood", sampled.degrees_of_freedom))


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
    """Wilson (1927) with the effective n. Of a known population the limits stay where the units not observed can bring
    the share; of none or all they reach to the next count that the population can have.
    """
    size, whole = sampled.effective_n(level), sampled.population
    low, high = wilson_limits(sampled.share, size, level)
    if whole:
        if sampled.is_extreme:
            low = math.floor(low * whole + ROUNDING) / whole
            high = math.ceil(high * whole - ROUNDING) / whole
        low = max(low, sampled.numerator / whole)
        high = min(high, 1 - (sampled.n - sampled.numerator) / whole)
    return Interval(low, high, f"Wilson score, effective n {size:.1f}")


def _hypergeometric(sampled: Sampled, level: float) -> Interval:
    return _of_population(sampled, level, "hypergeometric, exact", is_mid_p=False)


def _mid_p(sampled: Sampled, level: float) -> Interval:
    return _of_population(sampled, level, MID_P, is_mid_p=True)


def _two_sided(sampled: Sampled, level: float) -> Interval:
    """Two-sided mid-p, by the order of probability (Sterne 1954)."""
    from analytics.survey_statistics.estimators.interval_near_census import two_sided_mid_p_counts

    size = sampled.population
    if size is None:
        return Interval.undefined(NOT_SIMPLE)
    if size - sampled.n > MOST_UNSEEN:
        return Interval.undefined(f"made for a population of which no more than {MOST_UNSEEN} were not observed")
    low, high = two_sided_mid_p_counts(sampled.numerator, sampled.n, size, level)
    return Interval(low / size, high / size, f"{TWO_SIDED}, {sampled.n} of a population of {size}")


def _of_population(sampled: Sampled, level: float, name: str, *, is_mid_p: bool) -> Interval:
    """Wright (1991): the counts in the population that the sample does not contradict."""
    from analytics.statistics.proportions import hypergeometric

    size = sampled.population
    if size is None:
        return Interval.undefined(NOT_SIMPLE)
    low, high = hypergeometric(sampled.numerator, sampled.n, size, level, is_mid_p=is_mid_p)
    if not low < high:
        return Interval.undefined(f"one count of the population of {size} is left, though not all were observed")
    return Interval(float(low) / size, float(high) / size, f"{name}, {sampled.n} of a population of {size}")


METHODS: dict[str, Callable[[Sampled, float], Interval]] = {
    "logit": _logit,
    "xlogit": _xlogit,
    "likelihood": _likelihood,
    "asin": _asin,
    "beta": _beta,
    "korn_graubard": _korn_graubard,
    "clopper_pearson": _clopper_pearson,
    "wilson": _wilson,
    "hypergeometric": _hypergeometric,
    "hypergeometric_mid_p": _mid_p,
    "hypergeometric_two_sided": _two_sided,
    "mean": _mean,
}
MID_P = "hypergeometric, mid-p"
NOT_SIMPLE = "needs a simple random sample of a known population, and no domain"
TWO_SIDED = "hypergeometric, two-sided mid-p"
# Beyond so many the limits of Wilson are as good, and the work grows with the square.
MOST_UNSEEN = 100
# Where fewer have, or lack, the property, auto trusts no effective n above that of weights and fractions.
FEW_CASES, ONE_OR_TWO = 10, 2
ROUNDING = 1e-9
# These need a standard error; the others fall back on the counts where none or all have the property.
NEED_ERROR = ("logit", "xlogit", "likelihood", "asin", "mean")


def proportion_interval(sampled: Sampled, method: str, level: float) -> Interval:
    """The interval of a share by one of ``METHODS``, or by the one that ``auto`` chooses.

    Raises ``SurveyError`` for a method that does not exist.
    """
    if method != "auto" and method not in METHODS:
        raise SurveyError(f"interval is {method!r}; it must be auto or one of {', '.join(METHODS)}.")
    if sampled.degrees_of_freedom <= 0 and sampled.n > 1:
        return Interval.undefined(intervals.ONE_UNIT)
    if sampled.is_even:
        return Interval.undefined(intervals.FIXED if sampled.is_stratum else intervals.NO_SPREAD)
    if method == "auto":
        return _auto(sampled, level)
    if sampled.is_extreme and method in NEED_ERROR:
        reason = intervals.ONE_RESPONSE if sampled.n == 1 else intervals.NO_SPREAD
        return Interval.undefined(reason)
    return METHODS[method](sampled, level)


def _auto(sampled: Sampled, level: float) -> Interval:
    """Wilson with the effective n; for more than half of a small known population the two-sided hypergeometric one.

    Chosen by the coverage that ``python -m tests.survey_statistics.coverage`` prints.
    """
    size = sampled.population
    if size is not None and size / 2 < sampled.n < size <= sampled.n + MOST_UNSEEN:
        return _two_sided(sampled, level)
    few = min(sampled.numerator, sampled.n - sampled.numerator) < FEW_CASES
    if size is not None or not few:
        return _wilson(sampled, level)
    if sampled.weights_n and sampled.weights_n < (1 - ROUNDING) * sampled.effective_n(level):
        # So few cases seldom fall into every stratum: the standard error is then too small more often than too large.
        n = sampled.weights_n
        name = f"Wilson score, effective n {n:.1f} of the weights, because fewer than {FEW_CASES} cases decide"
        found = Interval(*wilson_limits(sampled.share, n, level), name)
    else:
        found = _wilson(sampled, level)
    return _of_one_or_two(sampled, found, level) if sampled.is_weighted else found


def _of_one_or_two(sampled: Sampled, found: Interval, level: float) -> Interval:
    """The limit beside 0 (or 1) where one or two cases (or all but them) of unequal weight decide.

    The limit of Wilson lies too far inside there (Brown, Cai and DasGupta 2001, Statistical Science 16, 101-133,
    section 4.1.2, who take that of a Poisson count instead); a case of a large weight carries it further.
    """
    from scipy.special import gammaincinv

    low, high = found.lower or 0.0, 1.0 if found.upper is None else found.upper
    without = sampled.n - sampled.numerator
    if 0 < sampled.numerator <= ONE_OR_TWO:
        low = min(low, sampled.share / sampled.numerator * float(gammaincinv(sampled.numerator, 1 - level)))
    elif 0 < without <= ONE_OR_TWO:
        high = max(high, 1 - (1 - sampled.share) / without * float(gammaincinv(without, 1 - level)))
    else:
        return found
    return Interval(low, high, f"{found.method}; the limit beside {'0' if without > ONE_OR_TWO else '1'} is Poisson's")


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
