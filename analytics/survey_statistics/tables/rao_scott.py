"""Pearson and likelihood-ratio tests of a table, corrected for the design.

Belongs here: the correction by generalised design effects, for arrays. Does not belong here: totals, SQL, rows.

Rao and Scott (1984), Annals of Statistics 12, 46-60; Thomas and Rao (1987), JASA 82, 630-636; Lumley (2010), Complex
Surveys, section 6.3. Equal to R ``survey::svychisq`` and, for likelihood ratios, ``anova`` of ``svyloglin``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.tables import tails

# Reciprocal condition below which only rounding keeps a matrix from being singular, and solving it gives noise.
SINGULAR = 1e-14
# Of design effects, 1 in a simple random sample: less than this is rounding, all units have the same shares.
NO_SPREAD = 1e-12


@dataclass(frozen=True)
class Hypothesis:
    """What is tested about the shares of a table with K cells.

    ``expected`` (K,): shares if it were true. ``contrasts`` (K, q): directions in which log shares could depart from
    it, at right angles to those that it leaves free.
    """

    expected: FloatArray
    contrasts: FloatArray


@dataclass(frozen=True)
class RaoScott:
    """A hypothesis held against shares (K,) with their covariance (K, K).

    ``scale``: number of responses that the statistics are scaled to; no p value depends on it.
    """

    shares: FloatArray
    covariance: FloatArray
    hypothesis: Hypothesis
    scale: float

    @cached_property
    def design_effects(self) -> FloatArray:
        """Generalised design effects (q,): 1 each in a simple random sample. Raises ``LinAlgError`` when cells without
        anyone leave some contrast without data.
        """
        inverse = np.divide(1.0, self.shares, out=np.zeros_like(self.shares), where=self.shares > 0)
        scores = inverse[:, None] * self.hypothesis.contrasts
        simple = self.hypothesis.contrasts.T @ scores / self.scale
        if simple.size and 1 / np.linalg.cond(simple, 1) < SINGULAR:
            raise np.linalg.LinAlgError("a contrast has no data")
        return np.asarray(np.linalg.eigvals(np.linalg.solve(simple, scores.T @ self.covariance @ scores)).real)

    @property
    def pearson(self) -> float:
        """Pearson's chi-square of the estimated shares."""
        expected = self.hypothesis.expected
        there = expected > 0
        return float(self.scale * np.sum((self.shares - expected)[there] ** 2 / expected[there]))

    @property
    def likelihood_ratio(self) -> float:
        """Likelihood-ratio chi-square of the estimated shares."""
        there = self.shares > 0
        ratio = self.shares[there] / self.hypothesis.expected[there]
        return float(2 * self.scale * np.sum(self.shares[there] * np.log(ratio)))

    def first_order(self, chi_square: float) -> tuple[float, float]:
        """P value and degrees of freedom with the mean design effect taken out."""
        df = len(self.design_effects)
        return tails.chi_square_tail(chi_square / self.design_effects.mean(), df), df

    def second_order(self, chi_square: float, design_df: float) -> tuple[float, float, float, float]:
        """F, its p value and its two degrees of freedom (Thomas and Rao 1987)."""
        total = self.design_effects.sum()
        df = float(total**2 / np.sum(self.design_effects**2))
        f = float(chi_square / total)
        return f, tails.f_tail(f, df, df * design_df), df, df * design_df


def independence(shares: FloatArray) -> Hypothesis:
    """Rows independent of columns in each layer, for shares (L, R, C); empty rows and columns of a layer leave it."""
    layers, rows, columns = shares.shape
    expected = np.zeros_like(shares)
    contrasts = []
    for layer in range(layers):
        row, column = shares[layer].sum(axis=1), shares[layer].sum(axis=0)
        if not row.any():
            continue
        expected[layer] = np.outer(row, column) / row.sum()
        for row_contrast in contrasts_of(row > 0).T:
            for column_contrast in contrasts_of(column > 0).T:
                block = np.zeros((layers, rows, columns))
                block[layer] = np.outer(row_contrast, column_contrast)
                contrasts.append(block.reshape(-1))
    return Hypothesis(expected.reshape(-1), np.reshape(contrasts, (-1, shares.size)).T)


def contrasts_of(present: np.ndarray) -> FloatArray:
    """Columns that sum to 0 over the categories that are present (K,), one fewer than those."""
    places = np.flatnonzero(present)
    columns = np.zeros((len(present), max(len(places) - 1, 0)))
    for i, place in enumerate(places[1:]):
        columns[places[0], i], columns[place, i] = -1, 1
    return columns
