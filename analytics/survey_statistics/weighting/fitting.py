"""Iterative proportional fitting of classes to margins.

Belongs here: the iteration. Does not belong here: reading classes, writing weights.

Deming and Stephan (1940), Annals of Mathematical Statistics 11, 427-444; R ``survey::rake``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray, IntArray

LAST_DIGIT = 1e-15


@dataclass(frozen=True)
class Fitted:
    """``factors``: one array of multipliers per margin; a class is multiplied by that of its category in each.
    ``gap``: largest relative gap left before the last margin was fitted.
    """

    factors: tuple[FloatArray, ...]
    iterations: int
    gap: float


def fit(
    weight: FloatArray, places: Sequence[IntArray], wanted: Sequence[FloatArray], tolerance: float, most: int
) -> Fitted:
    """Multipliers that bring the classes (H) of ``weight`` to the margins. ``places``: for each margin the category of
    every class (H,); ``wanted``: its totals. Stops below the tolerance or after ``most`` rounds: the
    caller looks.
    """
    factors = [np.ones(len(totals)) for totals in wanted]
    current = np.array(weight, dtype=np.float64)
    gap = np.inf
    for iteration in range(1, most + 1):
        before, gap = gap, 0.0
        for margin, (place, totals) in enumerate(zip(places, wanted, strict=True)):
            found = np.bincount(place, weights=current, minlength=len(totals))
            step = totals / found
            gap = max(gap, float(np.max(np.abs(1 / step - 1))))
            factors[margin] *= step
            current *= step[place]
        # Weights can be further from their limit than margins are from theirs, and a round costs nothing: go on to
        # the last digit.
        if gap <= tolerance / 10 and (gap <= LAST_DIGIT or gap >= before):
            return Fitted(tuple(factors), iteration, gap)
    return Fitted(tuple(factors), most, gap)
