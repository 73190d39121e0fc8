"""Effect sizes of unweighted data with their intervals.

Belongs here: how large a difference is, in shares, odds, ranks. Does not belong here: whether it is one (tests);
effect sizes under a design (``tables``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.estimators.interval_noncentral import noncentrality
from analytics.survey_statistics.exact.fisher import counts_of
from analytics.survey_statistics.exact.outcome import LEVEL, Effect
from analytics.survey_statistics.exact.ranks import scores_of
from analytics.survey_statistics.sample.design import SurveyError

NOTHING = "all answers are in one row or one column: there is nothing to compare"


def risk_difference(hits: int, base: int, other_hits: int, other_base: int, level: float = LEVEL) -> Effect:
    """Difference of two independent shares with the hybrid score interval.

    Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    from analytics.statistics.proportions import wilson

    name, method = "risk difference", "Newcombe hybrid score (method 10)"
    if not base or not other_base:
        return Effect(name, None, None, None, level, method, "no cases")
    first, second = hits / base, other_hits / other_base
    l1, u1 = (float(x) for x in wilson(hits, base, level))
    l2, u2 = (float(x) for x in wilson(other_hits, other_base, level))
    value = first - second
    lower = value - float(np.hypot(first - l1, u2 - second))
    return Effect(name, value, lower, value + float(np.hypot(u1 - first, second - l2)), level, method)


def risk_ratio(hits: int, base: int, other_hits: int, other_base: int, level: float = LEVEL) -> Effect:
    """Ratio of two independent shares; interval on the log scale (Katz et al. 1978, Biometrics 34, 469-474)."""
    name, method = "risk ratio", "log, Katz"
    if not base or not other_base:
        return Effect(name, None, None, None, level, method, "no cases")
    if not other_hits:
        return Effect(name, None, None, None, level, method, "nobody in the second group: no ratio to it")
    value = (hits / base) / (other_hits / other_base)
    if not hits:
        return Effect(name, 0.0, None, None, level, method, "nobody in the first group: no interval on the log scale")
    error = np.sqrt(1 / hits - 1 / base + 1 / other_hits - 1 / other_base)
    if error == 0:
        return Effect(name, value, None, None, level, method, "everybody in both groups: no spread")
    half = _normal(level) * error
    return Effect(name, value, float(value * np.exp(-half)), float(value * np.exp(half)), level, method)


def odds_ratio(table: ArrayLike, level: float = LEVEL) -> Effect:
    """Sample odds ratio of a 2 x 2 table; interval on the log scale (Woolf 1955, Annals of Human Genetics 19, 251)."""
    name, method = "odds ratio", "sample, log (Woolf)"
    counts = np.asarray(table, dtype=np.float64)
    if counts.shape != (2, 2):
        return Effect(name, None, None, None, level, method, "an odds ratio needs two rows and two columns")
    if (counts == 0).any():
        reason = "no cases" if counts.sum() == 0 else "a cell is empty: use the conditional odds ratio"
        return Effect(name, None, None, None, level, method, reason)
    value = float(counts[0, 0] * counts[1, 1] / (counts[0, 1] * counts[1, 0]))
    error = float(np.sqrt((1 / counts).sum()))
    half = _normal(level) * error
    return Effect(name, value, float(value * np.exp(-half)), float(value * np.exp(half)), level, method,
                  standard_error=error)  # fmt: skip


def cramers_v(table: ArrayLike, level: float = LEVEL, *, is_bias_corrected: bool = False) -> Effect:
    """Cramer's V (phi in 2 x 2 tables) with the interval from the noncentral chi-square.

    Interval: noncentralities at which the chi-square seen is a tail quantile, divided by n times the lesser of rows
    and columns less 1 (Smithson 2003, Confidence Intervals, chapter 5). ``is_bias_corrected``: Bergsma (2013), Journal
    of the Korean Statistical Society 42, 323-328, without interval.
    """
    counts = counts_of(table).astype(np.float64)
    name = "Cramer's V" if not is_bias_corrected else "Cramer's V, bias corrected"
    n = float(counts.sum())
    if min(counts.shape) < 2:
        return Effect(name, None, None, None, level, "noncentral chi-square", "no cases" if n == 0 else NOTHING)
    rows, columns = counts.shape
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    statistic = float(((counts - expected) ** 2 / expected).sum())
    df = (rows - 1) * (columns - 1)
    if is_bias_corrected:
        phi = max(0.0, statistic / n - df / (n - 1))
        r, c = rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)
        if min(r, c) <= 1:
            return Effect(name, None, None, None, level, "Bergsma (2013)", "too few cases for the correction")
        return Effect(name, float(np.sqrt(phi / (min(r, c) - 1))), None, None, level, "Bergsma (2013)",
                      "no interval: see Cramer's V without the correction")  # fmt: skip
    most = n * (min(rows, columns) - 1)
    lower, upper = _noncentrality(statistic, df, level)
    return Effect(name, float(np.sqrt(statistic / most)), float(np.sqrt(lower / most)),
                  float(min(1.0, np.sqrt(upper / most))), level, "noncentral chi-square")  # fmt: skip


def epsilon_squared(statistic: float, n: int, groups: int, level: float = LEVEL) -> Effect:
    """Share of the spread of ranks between groups, H / (n - 1), from Kruskal-Wallis H.

    Tomczak and Tomczak (2014), Trends in Sport Sciences 21, 19-25. The interval takes H as noncentral chi-square, which
    is its distribution for small differences between large groups, an approximation elsewhere.
    """
    name, method = "epsilon squared", "noncentral chi-square, approximate"
    if n < 2 or groups < 2:
        return Effect(name, None, None, None, level, method, "no cases" if n == 0 else "one group")
    lower, upper = _noncentrality(statistic, groups - 1, level)
    return Effect(name, statistic / (n - 1), lower / (n - 1), min(1.0, upper / (n - 1)), level, method)


def cliffs_delta(first: ArrayLike, second: ArrayLike, level: float = LEVEL) -> Effect:
    """P(first > second) - P(first < second), the rank-biserial correlation; (delta + 1) / 2 is the area under the
    ROC curve.

    Unbiased variance and interval that stays inside -1 to 1: Cliff (1996), Ordinal Methods for Behavioral Data
    Analysis; Feng and Cliff (2004), Journal of Modern Applied Statistical Methods 3, 322-332, with normal quantiles.
    """
    name, method = "Cliff's delta", "Feng and Cliff (2004), asymmetric"
    x, y = np.sort(scores_of(first)), np.sort(scores_of(second))
    m, n = len(x), len(y)
    if not m or not n:
        return Effect(name, None, None, None, level, method, "no cases")
    rows = (np.searchsorted(y, x, "left") + np.searchsorted(y, x, "right") - n) / n
    columns = (m * 2 - np.searchsorted(x, y, "left") - np.searchsorted(x, y, "right") - m) / m
    delta = float(rows.mean())
    if m < 2 or n < 2:
        return Effect(name, delta, None, None, level, method, "a group of one has no spread")
    if abs(delta) == 1:
        return Effect(name, delta, None, None, level, method, "the groups do not overlap: no spread to estimate from")
    values, x_count = np.unique(x, return_counts=True)
    equal = np.searchsorted(y, values, "right") - np.searchsorted(y, values, "left")
    squares = m * n - float((x_count * equal).sum())
    variance = n**2 * ((rows - delta) ** 2).sum() + m**2 * ((columns - delta) ** 2).sum()
    variance = float(variance - (squares - m * n * delta**2)) / (m * n * (m - 1) * (n - 1))
    # The unbiased variance can be negative; Cliff's least value stands in.
    variance = max(variance, (1 - delta**2) / (m * n - 1))
    z = _normal(level)
    centre, below = delta - delta**3, 1 - delta**2 + z**2 * variance
    half = z * np.sqrt(variance) * np.sqrt((1 - delta**2) ** 2 + z**2 * variance)
    return Effect(name, delta, float(max(-1.0, (centre - half) / below)), float(min(1.0, (centre + half) / below)),
                  level, method, standard_error=float(np.sqrt(variance)))  # fmt: skip


def area_under_curve(first: ArrayLike, second: ArrayLike, level: float = LEVEL) -> Effect:
    """Probability that one of the first group has more than one of the second, ties a half; from Cliff's delta."""
    delta = cliffs_delta(first, second, level)

    def area(value: float | None) -> float | None:
        return None if value is None else (value + 1) / 2

    error = None if delta.standard_error is None else delta.standard_error / 2
    return Effect("area under the ROC curve", area(delta.value), area(delta.lower), area(delta.upper), level,
                  delta.method, delta.null_reason, error)  # fmt: skip


def _normal(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2))


def _noncentrality(statistic: float, df: float, level: float) -> tuple[float, float]:
    """Noncentralities at which ``statistic`` is the upper and the lower tail quantile of chi-square."""
    if not 0 < level < 1:
        raise SurveyError(f"level is {level}; it must lie between 0 and 1.")
    tail = (1 - level) / 2
    return noncentrality(statistic, df, 1 - tail), noncentrality(statistic, df, tail)


def correlation(r: float, n: int, level: float = LEVEL) -> Effect:
    """Correlation of scores with Fisher's z interval (1921, Metron 1, 3-32), rough for scores with few values."""
    name, method = "correlation of scores", "Fisher z, approximate"
    if n < 4 or abs(r) >= 1:
        return Effect(name, r, None, None, level, method, "fewer than four cases" if n < 4 else "all on one line")
    half = _normal(level) / np.sqrt(n - 3)
    lower, upper = np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)
    return Effect(name, r, float(lower), float(upper), level, method)
