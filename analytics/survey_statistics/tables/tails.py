"""Tails of the distributions that design-based tests refer to.

Belongs here: F, t, chi-square, and sums of weighted chi-squares. Does not belong here: the statistics themselves.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray

NEAR_CENTRE = 1e-4  # closer to the mean than this a saddlepoint is 0/0; R survey:::saddle gives up there too


def f_tail(x: float, numerator: float, denominator: float) -> float:
    """P(F > x); ``denominator`` may be infinite."""
    from scipy.special import chdtrc, fdtrc

    if np.isinf(denominator):
        return float(chdtrc(numerator, x * numerator))
    return float(fdtrc(numerator, denominator, x)) if x > 0 else 1.0


def chi_square_tail(x: float, df: float) -> float:
    """P(chi-square > x)."""
    from scipy.special import chdtrc

    return float(chdtrc(df, max(x, 0.0)))


def t_two_sided(t: float, df: float) -> float:
    """P(|T| > |t|)."""
    from scipy.special import ndtr, stdtr

    return float(2 * (ndtr(-abs(t)) if np.isinf(df) else stdtr(df, -abs(t))))


def t_quantile(probability: float, df: float) -> float:
    """Quantile of t; of the normal distribution for infinite ``df``."""
    from scipy.special import ndtri, stdtrit

    return float(ndtri(probability) if np.isinf(df) else stdtrit(df, probability))


def satterthwaite_tail(x: float, eigenvalues: FloatArray, denominator: float = np.inf) -> float:
    """P(sum of eigenvalues times chi-squares > x) from a chi-square, or F, with the same two moments."""
    mean = eigenvalues.sum()
    df = mean**2 / np.sum(eigenvalues**2)
    return f_tail(x / mean, df, denominator)


def saddlepoint_tail(x: float, eigenvalues: FloatArray, denominator: float = np.inf) -> float:
    """As ``satterthwaite_tail`` from a saddlepoint: Kuonen (1999), Biometrika 86, 929-935; R ``pchisqsum``, ``pFsum``.

    With a finite ``denominator`` the sum is divided by an independent chi-square over it, whose degrees of freedom are
    cut to whole numbers because R cuts them.
    """
    weights, df, at = _as_sum(x, eigenvalues, np.floor(denominator), denominator)
    scale = weights.max()
    weights, at = weights / scale, at / scale
    if at <= 0 and not (weights < 0).any():
        return 1.0

    def slope(zeta: float) -> float:
        return float(np.sum(df * weights / (1 - 2 * zeta * weights)) - at)

    highest = 0.5 / weights.max()
    lowest = 0.5 / weights.min() if (weights < 0).any() else -df.sum() / (2 * at) - 1
    zeta = _root(slope, lowest + 1e-12 * abs(lowest), highest * (1 - 1e-12))
    if abs(zeta) < NEAR_CENTRE:
        return satterthwaite_tail(x, eigenvalues, denominator)
    from scipy.special import ndtr

    cumulant = -np.sum(df * np.log(1 - 2 * zeta * weights)) / 2
    curvature = 2 * np.sum(df * weights**2 / (1 - 2 * zeta * weights) ** 2)
    w = np.sign(zeta) * np.sqrt(2 * (zeta * at - cumulant))
    return float(ndtr(-(w + np.log(zeta * np.sqrt(curvature) / w) / w)))


def integrated_tail(x: float, eigenvalues: FloatArray, denominator: float = np.inf) -> float:
    """As ``satterthwaite_tail`` to about 12 digits, by inverting the moment generating function.

    The inversion runs along a curve through the saddlepoint that bends away from the poles, where the trapezoidal rule
    converges geometrically: Trefethen and Weideman (2014), SIAM Review 56, 385-458, section 15.
    """
    weights, df, at = _as_sum(x, eigenvalues, denominator, denominator)
    scale = weights.max()
    weights, at = weights / scale, at / scale
    if at <= 0 and not (weights < 0).any():
        return 1.0

    def slope(s: float) -> float:
        return float(np.sum(df * weights / (1 - 2 * s * weights)) - at - 1 / s)

    centre = _root(slope, 1e-300, 0.5 * (1 - 1e-15))
    curvature = 2 * np.sum(df * weights**2 / (1 - 2 * centre * weights) ** 2) + 1 / centre**2
    step = 0.02
    v = np.arange(-1000, 1001) * step
    t = np.sinh(v) / np.sqrt(curvature)
    bend = (0.5 / (0.5 - centre)) if at > 0 else 0.0
    s = centre + 1j * t + bend * t**2
    exponent = -0.5 * np.log(1 - 2 * s[:, None] * weights) @ df - s * at
    direction = (1j + 2 * bend * t) * np.cosh(v) / np.sqrt(curvature)
    top = float(exponent[len(v) // 2].real)
    small = np.exp(np.maximum(exponent.real - top, -745.0) + 1j * exponent.imag)
    total = np.sum(small / s * direction) * step / (2j * np.pi)
    return float(np.clip(total.real * np.exp(top), 0.0, 1.0))


def _as_sum(
    x: float, eigenvalues: FloatArray, df_last: float, denominator: float
) -> tuple[FloatArray, FloatArray, float]:
    """Weights and degrees of freedom of a sum of chi-squares, and the point whose tail is asked for."""
    ones = np.ones(len(eigenvalues))
    if np.isinf(denominator):
        return eigenvalues, ones, x
    return np.append(eigenvalues, -x / denominator), np.append(ones, df_last), 0.0


def _root(function: Callable[[float], float], lowest: float, highest: float) -> float:
    """Root of an increasing function by bisection to the last digit (at most 200 halvings)."""
    for _ in range(200):
        middle = (lowest + highest) / 2
        if middle in (lowest, highest):
            break
        if function(middle) < 0:
            lowest = middle
        else:
            highest = middle
    return (lowest + highest) / 2
