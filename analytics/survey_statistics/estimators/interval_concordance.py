"""The interval of Kendall's W under a design.

Belongs here: limits from W, its error and what chance adds to it. Does not belong here: W itself (``ranking``), tests
of no agreement (``exact.blocks``).

W is the squared length of the vector of mean ranks. Chance alone gives it a length, the sum of the variances of the
mean ranks, so that W of few rankings is too high, by (1 - W) / m of m independent ones; and it is skew near 0 and 1. A
t interval around it holds the agreement of the population in 84 to 93 % of samples of 12 to 45. The limits here are
those of the log odds of W, of which the lower is lessened by what chance adds; the upper one is the noncentrality of a
chi-square, as for Cramer's V, where that is smaller, as it is near 0. ``tests.survey_statistics.coverage_of_effects``
prints how often they hold it.
"""

from __future__ import annotations

import math

from analytics.survey_statistics.estimators.interval import Interval, critical_value, degrees_in_words
from analytics.survey_statistics.estimators.interval_noncentral import noncentrality


def concordance_interval(w: float, error: float, by_chance: float, options: int, df: float, level: float) -> Interval:
    """Limits of the population's W, 0 to 1.

    ``by_chance``: the sum of the variances of the mean ranks over the spread of ranks inside respondents. ``error``
    above 0, ``w`` between 0 and 1.
    """
    from scipy.special import expit, logit, ndtr

    t = critical_value(level, df)
    centre, half = float(logit(w)), t * error / (w * (1 - w))
    lower = max(0.0, float(expit(centre - half)) - by_chance)
    upper = float(expit(centre + half))
    if by_chance > 0:
        each = by_chance / (options - 1)
        upper = min(upper, max(w, each * noncentrality(w / each, options - 1, float(ndtr(-t)))))
    name = degrees_in_words("log odds less what chance adds", df)
    return (
        Interval(lower, upper, name) if math.isfinite(lower + upper) else Interval.undefined("the error is too large")
    )
