"""The profile likelihood interval of a share, scaled to the design.

Belongs here: the interval as R computes it, by interpolation of the profile. Does not belong here: the choice of an
interval (``interval_proportion``).

R ``svyciprop(method = "likelihood")``: a scaled likelihood ratio after Rao and Scott (1984), Annals of Statistics 12,
46-60. The profile is taken at a few points of the log odds, joined by a cubic spline, and read off linearly between
three times as many points; that is repeated here, so that the digits agree.
"""

from __future__ import annotations

import math

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray

STEPS, PARTS = 10, 5


def likelihood_limits(share: float, n: int, log_odds_error: float, t: float) -> tuple[float, float] | None:
    """Limits of a share of n responses; ``t`` is the critical value.

    None where the profile ends before it reaches the critical value.
    """
    from scipy.special import expit, ndtr, stdtrit, xlogy

    cut = t * log_odds_error * math.sqrt(n * share * (1 - share))
    tail = float(ndtr(-cut)) / 2
    if not 0 < tail < 0.5:
        return None
    # The root of the quantile of F with 1 and n - 1 degrees of freedom, which is Student's t; from the lower tail,
    # because under large design effects the upper one is so small that 1 less it is 1.
    highest = -float(stdtrit(n - 1, tail / 2))
    centre = math.log(share / (1 - share))
    # The dispersion of the residuals is n / (n - 1): the profile is 2 n x divergence over it.
    points = {0: (centre, 0.0)}
    for sign in (-1, 1):
        for step in range(1, STEPS):
            at = centre + sign * step * highest / PARTS * log_odds_error
            # The logarithms of a share and of the rest, from its log odds.
            inside, outside = -np.logaddexp(0, -at), -np.logaddexp(0, at)
            gap = float(xlogy(share, share) + xlogy(1 - share, 1 - share) - share * inside - (1 - share) * outside)
            points[sign * step] = (at, sign * math.sqrt(max(2 * (n - 1) * gap, 0.0)))
            if abs(points[sign * step][1]) >= highest:
                break
    x, y = np.array([points[i] for i in sorted(points)]).T
    fine = np.linspace(x[0], x[-1], 3 * len(x))
    profile = _spline(x, y, fine)
    if cut > min(-profile[0], profile[-1]):
        return None
    low, high = np.interp([-cut, cut], profile, fine)
    return float(expit(low)), float(expit(high))


def _spline(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    """Cubic spline whose third derivatives at the ends are those of the cubics through the four outermost points.

    Forsythe, Malcolm and Moler (1977), Computer Methods for Mathematical Computations, section 4.4; R ``spline``.
    """
    n, step = len(x), np.diff(x)
    slope = np.diff(y) / step
    system, right = np.zeros((n, n)), np.zeros(n)
    inner = np.arange(1, n - 1)
    system[inner, inner - 1], system[inner, inner + 1] = step[:-1], step[1:]
    system[inner, inner] = 2 * (step[:-1] + step[1:])
    bend = np.diff(slope)
    right[inner] = bend
    system[0, :2] = -step[0], step[0]
    system[-1, -2:] = step[-1], -step[-1]
    first = (bend[1] / (x[3] - x[1]) - bend[0] / (x[2] - x[0])) / (x[3] - x[0])
    last = (bend[-1] / (x[-1] - x[-3]) - bend[-2] / (x[-2] - x[-4])) / (x[-1] - x[-4])
    right[0], right[-1] = first * step[0] ** 2, -last * step[-1] ** 2
    sigma = np.linalg.solve(system, right)
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, n - 2)
    d = at - x[i]
    linear = slope[i] - step[i] * (sigma[i + 1] + 2 * sigma[i])
    return np.asarray(y[i] + d * (linear + d * (3 * sigma[i] + d * (sigma[i + 1] - sigma[i]) / step[i])))
