"""Intervals for a share of a finite or an unlimited population, each with the source of its formula.

Belongs here: functions of counts. Does not belong here: which formula a published number takes (see ``topics``).
All functions take arrays or single numbers of equal shape and return ``(lower, upper)``; an undefined cell is NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95

FloatArray = NDArray[np.float64]
Bounds = tuple[FloatArray, FloatArray]


def wilson(numerator: ArrayLike, base: ArrayLike, level: float = LEVEL) -> Bounds:
    """Score interval without continuity correction.

    Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212; equation as in Brown, Cai and
    DasGupta (2001), Statistical Science 16, 101-133, section 3.1.1. Equal to R ``prop.test(correct = FALSE)``.
    """
    k, n = _counts(numerator, base)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = k / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # At 0 and n the formula gives exactly 0 and 1; rounding error must not leave -1e-17 in a published column.
    return np.where(k == 0, 0.0, centre - half) + 0 * n, np.where(k == n, 1.0, centre + half) + 0 * n


def clopper_pearson(numerator: ArrayLike, base: ArrayLike, level: float = LEVEL) -> Bounds:
    """Exact binomial interval, from the quantiles of the beta distribution.

    Clopper, C. J. and Pearson, E. S. (1934), Biometrika 26, 404-413. Equal to R ``binom.test``.
    """
    # scipy.special alone takes half the import time of scipy.stats; betaincinv is beta.ppf.
    from scipy.special import betaincinv

    k, n = _counts(numerator, base)
    alpha = 1 - level
    inner_lower = betaincinv(np.maximum(k, 1), n - np.maximum(k, 1) + 1, alpha / 2)
    inner_upper = betaincinv(np.minimum(k, n - 1) + 1, n - np.minimum(k, n - 1), 1 - alpha / 2)
    return np.where(k == 0, 0.0, inner_lower) + 0 * n, np.where(k == n, 1.0, inner_upper) + 0 * n


def hypergeometric(
    numerator: ArrayLike, base: ArrayLike, population: ArrayLike, level: float = LEVEL, *, is_mid_p: bool = False
) -> Bounds:
    """Exact interval for the *count* K in a population of N, given k among n drawn without replacement.

    Inversion of the two one-sided exact tests: the lowest K with P(X >= k) > alpha/2 and the highest K with
    P(X <= k) > alpha/2. Wright, T. (1991), Exact Confidence Bounds when Sampling from Small Finite Universes,
    Springer Lecture Notes in Statistics 66; Buonaccorsi, J. P. (1987), The American Statistician 41, 215-218.
    Divide by N for a share. ``is_mid_p`` counts half of P(X = k) in each tail, so that the interval covers the level on
    average instead of at least (Berry, G. and Armitage, P. (1995), The Statistician 44, 417-423).
    """
    k, n = _counts(numerator, base)
    k, n, size = np.broadcast_arrays(k, n, np.asarray(population, dtype=np.float64))
    lower, upper = np.full(k.shape, np.nan), np.full(k.shape, np.nan)
    for cell in np.ndindex(k.shape):
        if np.isnan(k[cell]) or not n[cell] <= size[cell]:
            continue
        counts = (int(k[cell]), int(n[cell]), int(size[cell]))
        lower[cell], upper[cell] = _hypergeometric_counts(*counts, (1 - level) / 2, is_mid_p)
    return lower, upper


def _hypergeometric_counts(k: int, n: int, size: int, tail: float, is_mid_p: bool) -> tuple[int, int]:
    """Both ends by bisection: each tail probability moves one way as K grows."""
    most = size - (n - k)

    def probability(drawn: range, total: int) -> float:
        half = 0.5 * _tail(range(k, k + 1), n, size, total) if is_mid_p else 0.0
        return _tail(drawn, n, size, total) - half

    lower = _first(k, most, lambda total: probability(range(k, n + 1), total) > tail)
    upper = most + k - _first(k, most, lambda mirror: probability(range(k + 1), most + k - mirror) > tail)
    return lower, upper


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Smallest whole number in low..high for which ``holds`` is true, true from there on."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _tail(drawn: range, n: int, size: int, total: int) -> float:
    """P(X in ``drawn``) for a hypergeometric X: n drawn from ``size`` of which ``total`` have the property."""
    from scipy.special import gammaln

    x = np.arange(max(drawn.start, n - (size - total)), min(drawn.stop - 1, total) + 1, dtype=np.float64)

    def log_choose(a: ArrayLike, b: FloatArray) -> FloatArray:
        upper = np.asarray(a, dtype=np.float64)
        return np.asarray(gammaln(upper + 1) - gammaln(b + 1) - gammaln(upper - b + 1), dtype=np.float64)

    draws = np.asarray(float(n))
    return float(np.exp(log_choose(total, x) + log_choose(size - total, draws - x) - log_choose(size, draws)).sum())


def _counts(numerator: ArrayLike, base: ArrayLike) -> Bounds:
    """Counts as floats; NaN in both where the share is undefined (no base, or a count outside 0..base)."""
    k, n = np.broadcast_arrays(np.asarray(numerator, dtype=np.float64), np.asarray(base, dtype=np.float64))
    defined = (n > 0) & (k >= 0) & (k <= n)
    return np.where(defined, k, np.nan), np.where(defined, n, np.nan)
