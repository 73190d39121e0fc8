"""Measures of association and of agreement as functions of the shares of a table, with their derivatives.

Belongs here: formulas for arrays. Does not belong here: intervals and rows (``effect``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray

Measured = tuple[float, FloatArray]


def cramers_v(shares: FloatArray) -> Measured:
    """Cramer's V of shares (R, C): root of Pearson's chi-square per response over min(R, C) - 1. The derivative is
    undefined at 0 (NaN).
    """
    row, column = shares.sum(axis=1), shares.sum(axis=0)
    parts = shares**2 / np.outer(row, column)
    square = max(float(parts.sum() - 1), 0.0)
    slope = 2 * shares / np.outer(row, column)
    slope = slope - parts.sum(axis=1)[:, None] / row[:, None] - parts.sum(axis=0) / column
    least = min(shares.shape) - 1
    value = float(np.sqrt(square / least))
    return value, slope / (2 * least * value) if value > 0 else np.full_like(shares, np.nan)


def phi(shares: FloatArray) -> Measured:
    """Phi, the correlation of two questions with two categories (2, 2); positive if the second ones go together."""
    (a, b), (c, d) = shares
    row, column = shares.sum(axis=1), shares.sum(axis=0)
    product = row[0] * row[1] * column[0] * column[1]
    value = (a * d - b * c) / np.sqrt(product)
    above = np.array([[d, -c], [-b, a]]) / np.sqrt(product)
    margins = 0.5 * (1 / row[:, None] + 1 / column)
    return float(value), above - value * margins


def risks(shares: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Share of the second row in each of two columns (2,), with derivatives (2, 2, 2) by the cells."""
    column = shares.sum(axis=0)
    risk = shares[1] / column
    slopes = np.zeros((2, 2, 2))
    for j in range(2):
        slopes[j, 0, j] = -risk[j] / column[j]
        slopes[j, 1, j] = (1 - risk[j]) / column[j]
    return risk, slopes


def _of_risks(
    value: Callable[[FloatArray], float], slope: Callable[[FloatArray], FloatArray]
) -> Callable[[FloatArray], Measured]:
    def measured(shares: FloatArray) -> Measured:
        risk, slopes = risks(shares)
        return float(value(risk)), np.einsum("j,jkl->kl", slope(risk), slopes)

    return measured


def _odds(risk: FloatArray) -> FloatArray:
    return np.asarray(risk / (1 - risk))


SIGNS = np.array([-1.0, 1.0])

# Second column against the first.
risk_difference = _of_risks(lambda r: r[1] - r[0], lambda r: SIGNS)
log_risk_ratio = _of_risks(lambda r: np.log(r[1] / r[0]), lambda r: SIGNS / r)
log_odds_ratio = _of_risks(lambda r: np.log(_odds(r)[1] / _odds(r)[0]), lambda r: SIGNS / (r * (1 - r)))
cohens_h = _of_risks(
    lambda r: 2 * (np.arcsin(np.sqrt(r[1])) - np.arcsin(np.sqrt(r[0]))), lambda r: SIGNS / np.sqrt(r * (1 - r))
)


def agreement_weights(size: int, kind: str) -> FloatArray:
    """Weights (R, R) of Cohen's kappa: ``kappa`` none off the diagonal, ``kappa_linear``, ``kappa_quadratic``."""
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / max(size - 1, 1)
    if kind == "kappa":
        return np.eye(size)
    return np.asarray(1 - (apart if kind == "kappa_linear" else apart**2))


def kappa(shares: FloatArray, weights: FloatArray) -> Measured:
    """Cohen's kappa, agreement beyond chance, of shares (R, R); Cohen (1968), Psychological Bulletin 70, 213-220."""
    row, column = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float(np.sum(weights * shares)), float(row @ weights @ column)
    value = (observed - expected) / (1 - expected)
    by_chance = (weights @ column)[:, None] + row @ weights
    return value, weights / (1 - expected) + by_chance * (observed - 1) / (1 - expected) ** 2
