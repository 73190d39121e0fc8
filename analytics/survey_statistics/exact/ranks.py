"""Ranks of scores, with ties.

Belongs here: mid-ranks and the correction for ties. Does not belong here: tests (``wilcoxon``, ``kruskal``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray


def scores_of(values: ArrayLike) -> FloatArray:
    """Scores as numbers. Raises ``SurveyError`` if one is missing or not finite."""
    found = np.asarray(values, dtype=np.float64).reshape(-1)
    if not np.isfinite(found).all():
        raise SurveyError(
            f"{int((~np.isfinite(found)).sum())} of {len(found)} values are missing or not finite; a rank test ranks "
            "answers only. Leave those rows out and say how many they are."
        )
    return found


def mid_ranks(values: FloatArray) -> FloatArray:
    """Ranks from 1, tied values share the mean of theirs (R ``rank``)."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[place])


def tie_sum(values: FloatArray) -> float:
    """Sum of t^3 - t over the groups of t equal values; 0 without ties."""
    _, count = np.unique(values, return_counts=True)
    t = count.astype(np.float64)
    return float((t**3 - t).sum())
