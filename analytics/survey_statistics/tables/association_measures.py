"""Measures of association and of agreement as functions of the shares of a table, with their derivatives.

Belongs here: formulas for arrays. Does not belong here: intervals and rows (``effect``), layers (``common_measures``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray


@dataclass(frozen=True)
class TableMeasure:
    """``value`` takes shares (..., R, C) to values (...), so that replicates are measured at once; ``slope`` takes
    shares (R, C) to the derivatives (R, C) for the linearised variance. What is undefined is not a finite number.
    """

    value: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]


def _v_square(shares: FloatArray) -> FloatArray:
    margins = shares.sum(axis=-1)[..., :, None] * shares.sum(axis=-2)[..., None, :]
    # An empty row or column, as a replicate may have it, adds nothing: the limit of its part.
    parts = np.divide(shares**2, margins, out=np.zeros_like(shares), where=margins != 0)
    return np.asarray(np.maximum(parts.sum(axis=(-2, -1)) - 1, 0.0) / (min(shares.shape[-2:]) - 1))


def _v_slope(shares: FloatArray) -> FloatArray:
    row, column = shares.sum(axis=1), shares.sum(axis=0)
    parts = shares**2 / np.outer(row, column)
    slope = 2 * shares / np.outer(row, column)
    slope = slope - parts.sum(axis=1)[:, None] / row[:, None] - parts.sum(axis=0) / column
    value = np.sqrt(_v_square(shares))
    return slope / (2 * (min(shares.shape) - 1) * value) if value > 0 else np.full_like(shares, np.nan)


# Cramer's V: root of Pearson's chi-square per response over min(R, C) - 1. The derivative is undefined at 0 (NaN).
CRAMERS_V = TableMeasure(lambda shares: np.sqrt(_v_square(shares)), _v_slope)


def _phi(shares: FloatArray) -> FloatArray:
    a, b, c, d = _cells(shares)
    return np.asarray((a * d - b * c) / np.sqrt((a + b) * (c + d) * (a + c) * (b + d)))


def _phi_slope(shares: FloatArray) -> FloatArray:
    (a, b), (c, d) = shares
    row, column = shares.sum(axis=1), shares.sum(axis=0)
    above = np.array([[d, -c], [-b, a]]) / np.sqrt(row[0] * row[1] * column[0] * column[1])
    return np.asarray(above - _phi(shares) * 0.5 * (1 / row[:, None] + 1 / column))


# Phi, the correlation of two questions with two categories; positive if the second ones go together.
PHI = TableMeasure(_phi, _phi_slope)


def _cells(shares: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    return shares[..., 0, 0], shares[..., 0, 1], shares[..., 1, 0], shares[..., 1, 1]


def _of_risks(value: Callable[[FloatArray], FloatArray], slope: Callable[[FloatArray], FloatArray]) -> TableMeasure:
    """A measure of the shares (..., 2) that the second row has of each of two columns."""

    def measured(shares: FloatArray) -> FloatArray:
        return np.asarray(value(shares[..., 1, :] / shares.sum(axis=-2)))

    def gradient(shares: FloatArray) -> FloatArray:
        column = shares.sum(axis=0)
        risk = shares[1] / column
        return np.asarray(slope(risk) * np.stack([-risk, 1 - risk]) / column)

    return TableMeasure(measured, gradient)


def _odds_ratio(risk: FloatArray) -> FloatArray:
    odds = risk / (1 - risk)
    return np.asarray(odds[..., 1] / odds[..., 0])


def _risk_ratio(risk: FloatArray) -> FloatArray:
    return np.asarray(risk[..., 1] / risk[..., 0])


def _arcs(risk: FloatArray) -> FloatArray:
    return 2 * np.arcsin(np.sqrt(risk))


SIGNS = np.array([-1.0, 1.0])

# Second column against the first.
RISK_DIFFERENCE = _of_risks(lambda r: r[..., 1] - r[..., 0], lambda r: SIGNS)
RISK_RATIO = _of_risks(_risk_ratio, lambda r: _risk_ratio(r) * SIGNS / r)
ODDS_RATIO = _of_risks(_odds_ratio, lambda r: _odds_ratio(r) * SIGNS / (r * (1 - r)))
COHENS_H = _of_risks(lambda r: _arcs(r)[..., 1] - _arcs(r)[..., 0], lambda r: SIGNS / np.sqrt(r * (1 - r)))


def agreement_weights(size: int, kind: str) -> FloatArray:
    """Weights (R, R) of Cohen's kappa: ``kappa`` none off the diagonal, ``kappa_linear``, ``kappa_quadratic``."""
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / max(size - 1, 1)
    if kind == "kappa":
        return np.eye(size)
    return np.asarray(1 - (apart if kind == "kappa_linear" else apart**2))


def kappa(weights: FloatArray) -> TableMeasure:
    """Cohen's kappa, agreement beyond chance, of shares (R, R); Cohen (1968), Psychological Bulletin 70, 213-220."""

    def parts(shares: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        row, column = shares.sum(axis=-1), shares.sum(axis=-2)
        expected = ((row @ weights) * column).sum(axis=-1)
        return row, column, (weights * shares).sum(axis=(-2, -1)), np.asarray(expected)

    def value(shares: FloatArray) -> FloatArray:
        _, _, observed, expected = parts(shares)
        return np.asarray((observed - expected) / (1 - expected))

    def slope(shares: FloatArray) -> FloatArray:
        row, column, observed, expected = parts(shares)
        by_chance = (weights @ column)[:, None] + row @ weights
        return np.asarray(weights / (1 - expected) + by_chance * (observed - 1) / (1 - expected) ** 2)

    return TableMeasure(value, slope)
