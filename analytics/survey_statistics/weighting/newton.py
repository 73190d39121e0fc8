"""Newton's iteration for the calibration equations: sum of d F(x'b) x = known totals.

Belongs here: the iteration and the solution of its linear equations. Does not belong here: how sums are read.

Deville and Särndal (1992), JASA 87, 376-382, section 2; R ``survey::grake``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray

HALVINGS = 8
Moments = Callable[[FloatArray], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True)
class Solution:
    """``coefficients`` (P,) with the largest relative gap they leave and the iterations they took."""

    coefficients: FloatArray
    iterations: int
    gap: float


def solve(moments: Moments, wanted: FloatArray, tolerance: float, most: int) -> Solution:
    """Coefficients b with moments(b)[0] = wanted. ``moments`` gives the totals (P,) and their derivatives (P, P).

    A step that leads far away is halved. When the tolerance is met one more step is taken, which
    brings the gap from the tolerance to its square.
    """
    b = np.zeros(len(wanted))
    total, slope = moments(b)
    gap, steps_left = _gap(total, wanted), 2
    for iteration in range(1, most + 1):
        step = pseudo_inverse(slope) @ (wanted - total)
        for _ in range(HALVINGS):
            new_total, new_slope = moments(b + step)
            new_gap = _gap(new_total, wanted)
            if new_gap < 10 * gap:
                break
            step = step / 2
        if not np.isfinite(new_gap) or (gap <= tolerance and new_gap >= gap):
            return Solution(b, iteration, gap)
        b, total, slope, gap = b + step, new_total, new_slope, new_gap
        steps_left -= gap <= tolerance
        if steps_left == 0 or gap == 0:
            return Solution(b, iteration, gap)
    return Solution(b, most, gap)


def pseudo_inverse(matrix: FloatArray) -> FloatArray:
    """Inverse of a symmetric matrix of sums of products, that of its range where columns repeat each other.

    Columns are brought to one scale first, so that euros beside a constant do not count as a repetition.
    """
    scale = np.sqrt(np.abs(np.diag(matrix)))
    scale = np.where(scale > 0, scale, 1.0)
    values, vectors = np.linalg.eigh(matrix / np.outer(scale, scale))
    kept = np.abs(values) > 1e-11 * max(np.abs(values).max(initial=0.0), 1e-300)
    inverse = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
    return np.asarray(inverse / np.outer(scale, scale))


def _gap(total: FloatArray, wanted: FloatArray) -> float:
    return float(np.max(np.abs(total - wanted) / np.where(wanted == 0, 1.0, np.abs(wanted)), initial=0.0))
