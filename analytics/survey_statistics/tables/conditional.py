"""Tests of tables in layers under a design: association that all layers have in common, and whether they have it.

Belongs here: the two hypotheses for arrays. Does not belong here: independence inside layers, whatever its direction
(``rao_scott.independence``), rows of results (``association``), plain counts (``exact``).
"""

from __future__ import annotations

import numpy as np

from analytics.survey_statistics.estimators.statistic import Statistic, estimate
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.tables import tails
from analytics.survey_statistics.tables.contingency import Contingency, share_of_all
from analytics.survey_statistics.tables.rao_scott import NO_SPREAD, Hypothesis, contrasts_of

# Rounds of proportional fitting; margins are met to 12 digits long before.
MOST_ROUNDS = 1_000
FITTED = 1e-14


def common_association(table: Contingency) -> tuple[float, float, float, float, float]:
    """The Cochran-Mantel-Haenszel statistic of estimated shares with Rao and Scott's second-order correction: F, p
    value, its two degrees of freedom and the mean design effect.

    Held against 0 are the sums over layers of the shares less what is expected of the margins of the layer. Their
    covariance in a simple random sample if nothing is associated makes the chi-square (Landis, Heyman and Koch 1978,
    International Statistical Review 46, 237-254, with n in place of n - 1). It is corrected by generalised design
    effects: their covariance under the design, in replicate designs of the sums made anew in each, over that of a
    simple random sample of the same shares (Rao and Scott 1984). So a simple random sample has the classical test.
    Raises ``LinAlgError`` where nothing varies.
    """
    rows, columns = table.shape[-2:]
    found = estimate(table.cells.totals, _departures(table))
    shares = table.shares.value
    layers = shares.reshape(-1, rows, columns)
    n = float(table.n.sum())
    slopes = _slopes(layers)
    as_drawn_simply = slopes.T @ (shares[:, None] * slopes) - np.outer(found.value, found.value)
    simple = np.zeros(((rows - 1) * (columns - 1),) * 2)
    for layer in layers:
        size = layer.sum()
        if size > 0:
            row, column = layer.sum(axis=1)[1:] / size, layer.sum(axis=0)[1:] / size
            simple += size * np.kron(np.diag(row) - np.outer(row, row), np.diag(column) - np.outer(column, column))
    if min(np.linalg.matrix_rank(each, hermitian=True) for each in (simple, as_drawn_simply)) < len(simple):
        raise np.linalg.LinAlgError("a row or a column is nowhere compared")
    effects = n * np.linalg.eigvals(np.linalg.solve(as_drawn_simply, found.covariance)).real
    total = float(effects.sum())
    if not np.isfinite(total) or total <= NO_SPREAD:
        raise np.linalg.LinAlgError("no spread")
    chi_square = n * float(found.value @ np.linalg.solve(simple, found.value))
    df = total**2 / float(np.sum(effects**2))
    below = df * table.design_df
    return chi_square / total, tails.f_tail(chi_square / total, df, below), df, below, total / len(effects)


def _departures(table: Contingency) -> Statistic:
    """Sums over layers of the shares of all cells but those of the first row and column, less their expectation."""
    shares = share_of_all(table.kept)
    rows, columns = table.shape[-2:]
    size = int(np.prod(table.shape))

    def layered(totals: FloatArray) -> FloatArray:
        found = np.zeros((*totals.shape[:-1], size))
        found[..., table.places] = shares.function(totals)
        return found.reshape(*totals.shape[:-1], -1, rows, columns)

    def function(totals: FloatArray) -> FloatArray:
        layers = layered(totals)
        expected = _over(layers.sum(axis=-1)[..., :, None] * layers.sum(axis=-2)[..., None, :], layers)
        departure = (layers - expected).sum(axis=-3)[..., 1:, 1:]
        return np.asarray(departure.reshape(*totals.shape[:-1], -1))

    def gradient(totals: FloatArray) -> FloatArray:
        return np.asarray(shares.gradient(totals) @ _slopes(layered(totals))[table.places])

    base = np.zeros((len(table.cells.totals.value), (rows - 1) * (columns - 1)), dtype=bool)
    base[table.kept] = True
    return Statistic(function, gradient, base)


def _slopes(layers: FloatArray) -> FloatArray:
    """Derivatives (L * R * C, M) of the departures by the shares (L, R, C)."""
    rows, columns = layers.shape[1:]
    slopes = np.zeros((len(layers), rows, columns, rows - 1, columns - 1))
    for slope, layer in zip(slopes, layers, strict=True):
        if layer.any():
            row, column = layer.sum(axis=1) / layer.sum(), layer.sum(axis=0) / layer.sum()
            of_rows, of_columns = (np.eye(rows) - row)[:, 1:], (np.eye(columns) - column)[:, 1:]
            slope[:] = np.einsum("ia,jb->ijab", of_rows, of_columns)
    return np.asarray(slopes.reshape(layers.size, -1))


def _over(values: FloatArray, layers: FloatArray) -> FloatArray:
    """Values (..., L, R, C) over the size of their layer; 0 in a layer without anyone."""
    size = layers.sum(axis=(-2, -1))[..., None, None] + np.zeros_like(values)
    return np.asarray(np.divide(values, size, out=np.zeros_like(values), where=size != 0))


def same_association(shares: FloatArray) -> Hypothesis | None:
    """Odds ratios that are the same in all layers of shares (L, R, C): no interaction of the three questions.

    Only layers in which every row and every column has somebody can tell; None if fewer than two do. Expected shares by
    proportional fitting (Deming and Stephan 1940). R ``anova`` of ``svyloglin(~(a + b + c)^2)`` and ``(~a * b * c)``.
    Raises ``LinAlgError`` where a cell without responses leaves an odds ratio without data.
    """
    rows, columns = shares.shape[1:]
    whole = (shares.sum(axis=2) > 0).all(axis=1) & (shares.sum(axis=1) > 0).all(axis=1)
    if whole.sum() < 2:
        return None
    if (shares[whole] <= 0).any():
        raise np.linalg.LinAlgError("a cell without responses has no odds ratio")
    expected = shares.copy()
    expected[whole] = _fitted(shares[whole])
    of_layers = contrasts_of(whole)
    of_rows, of_columns = contrasts_of(np.ones(rows, dtype=bool)), contrasts_of(np.ones(columns, dtype=bool))
    return Hypothesis(expected.reshape(-1), np.kron(of_layers, np.kron(of_rows, of_columns)))


def _fitted(shares: FloatArray) -> FloatArray:
    """Shares without interaction that meet the three tables of two questions each."""
    found = np.ones_like(shares)
    for _ in range(MOST_ROUNDS):
        before = found
        for axis in range(3):
            found = found * (shares.sum(axis=axis, keepdims=True) / found.sum(axis=axis, keepdims=True))
        if np.abs(found - before).max() <= FITTED:
            break
    return found
