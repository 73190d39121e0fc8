"""Exact distributions of sums of scores: of those drawn into a group, and of those with a random sign.

Belongs here: the shift algorithm. Does not belong here: scores and tests made of them (``wilcoxon``, ``trend``).

Streitberg, B. and Röhmel, J. (1986), Statistical Software Newsletter 12, 10-18; ties are no difficulty.
"""

from __future__ import annotations

import numpy as np

from analytics.survey_statistics.exact.fixed_margins import TooLong
from analytics.survey_statistics.sample.frame import FloatArray, IntArray

LIMIT = 400_000_000


def group_sum(scores: IntArray, size: int, limit: int = LIMIT) -> FloatArray:
    """P(sum = s), s = 0, 1, ..., of ``size`` scores drawn without replacement. ``scores``: whole, not negative.

    Raises ``TooLong`` beyond ``limit`` additions.
    """
    if len(scores) * size * int(scores.sum()) > limit or len(scores) > 1000:
        raise TooLong
    most = int(np.sort(scores)[len(scores) - size :].sum())
    ways = np.zeros((size + 1, most + 1))
    ways[0, 0] = 1
    for score in (int(s) for s in scores):
        if score <= most:
            ways[1:, score:] += ways[:-1, : most + 1 - score].copy()
    return np.asarray(ways[size] / ways[size].sum())


def signed_sum(scores: IntArray, limit: int = LIMIT) -> FloatArray:
    """P(sum = s), s = 0, 1, ..., of the scores whose random sign is plus. Raises ``TooLong`` as ``group_sum``."""
    total = int(scores.sum())
    if len(scores) * total > limit:
        raise TooLong
    p = np.zeros(total + 1)
    p[0] = 1
    for score in scores:
        s = int(score)
        p[s:], p[:s] = (p[s:] + p[: total + 1 - s]) / 2, p[:s] / 2
    return p


def exact_p_value(p: FloatArray, observed: float, alternative: str) -> float:
    """P value of a sum; two-sided: all sums at least as far from the mean as the one seen."""
    values = np.arange(len(p))
    if alternative == "less":
        return float(p[values <= observed + 1e-9].sum())
    if alternative == "greater":
        return float(p[values >= observed - 1e-9].sum())
    mean = float(p @ values)
    return float(p[np.abs(values - mean) >= abs(observed - mean) - 1e-7].sum())
