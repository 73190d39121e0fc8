"""The Wald test that rows of a table are independent of its columns.

Belongs here: the test for arrays. Does not belong here: corrections of Pearson's statistic (``rao_scott``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.tables import tails

CovarianceOf = Callable[[FloatArray], FloatArray]


def wald(
    totals: FloatArray, covariance_of: CovarianceOf, rows: int, columns: int, design_df: float, is_adjusted: bool
) -> tuple[float, float, float, float]:
    """Wald test that rows are independent of columns: F, p value and two degrees of freedom.

    ``totals`` (R * C,); ``covariance_of`` gives the covariance of linear combinations (R * C, M) of them. Koch, Freeman
    and Freeman (1975), International Statistical Review 43, 59-78; adjusted as by Fellegi (1980), JASA 75, 261-268.
    Raises ``LinAlgError`` when the design has too few units for the table.
    """
    table = totals.reshape(rows, columns)
    row, column, total = table.sum(axis=1), table.sum(axis=0), table.sum()
    residual = (table - np.outer(row, column) / total)[1:, 1:].reshape(-1)
    # d(residual ij)/d(cell kl) = [ij = kl] - [i = k] column j / total - [j = l] row i / total + row i column j / total2
    same_row = np.repeat(np.eye(rows), columns, axis=0)
    same_column = np.tile(np.eye(columns), (rows, 1))
    jacobian = np.eye(rows * columns).reshape(rows * columns, rows, columns)
    jacobian = jacobian - same_row[:, :, None] * column / total - same_column[:, None, :] * row[:, None] / total
    jacobian = (jacobian + np.outer(row, column) / total**2)[:, 1:, 1:].reshape(rows * columns, -1)
    covariance = covariance_of(jacobian)
    df = (rows - 1) * (columns - 1)
    if np.linalg.matrix_rank(covariance) < df or np.trace(covariance) <= 1e-24 * total**2:
        raise np.linalg.LinAlgError("the covariance is singular")
    statistic = float(residual @ np.linalg.solve(covariance, residual))
    if not is_adjusted:
        return statistic / df, tails.f_tail(statistic / df, df, design_df), df, design_df
    left = design_df - df + 1
    if left <= 0:
        raise np.linalg.LinAlgError("the design has fewer degrees of freedom than the table")
    f = statistic * left / (df * design_df)
    return f, tails.f_tail(f, df, left), df, left
