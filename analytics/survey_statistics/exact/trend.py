"""Tests for a trend over ordered groups: Cochran-Armitage, linear by linear, Jonckheere-Terpstra.

Belongs here: tables with an order on both sides. Does not belong here: a trend over waves (``estimators.change``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.exact.fixed_margins import (
    LIMIT,
    Contribution,
    TooLong,
    sampled_tables,
    simulated,
    tail_probability,
)
from analytics.survey_statistics.exact.outcome import outcome, undefined
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray

METHODS = ("auto", "exact", "chi-square", "monte carlo")
SAMPLES = 20_000
SMALL = 200


def cochran_armitage(hits: ArrayLike, bases: ArrayLike, scores: ArrayLike | None = None, *, method: str = "chi-square",
                     limit: int = LIMIT, samples: int = SAMPLES, seed: int = 1) -> TestResult:  # fmt: skip
    """Cochran-Armitage test for a trend in shares ``hits`` of ``bases`` over groups with ``scores`` (1, 2, ...).

    ``chi-square`` equals R ``prop.trend.test``; ``exact`` permutes answers between groups, both margins given;
    ``auto`` is exact up to 200 answers.
    Armitage (1955), Biometrics 11, 375-386.
    """
    name = "Cochran-Armitage trend"
    x, n = np.asarray(hits, dtype=np.float64), np.asarray(bases, dtype=np.float64)
    if x.shape != n.shape or (x < 0).any() or (x > n).any() or not (np.isfinite(x) & np.isfinite(n)).all():
        raise SurveyError("A trend in shares needs as many hits as bases, and no more hits than the base of a group.")
    if (x != np.round(x)).any() or (n != np.round(n)).any():
        raise SurveyError("A trend in shares is tested on whole counts; weighted ones have survey.trend_test.")
    s = np.arange(1.0, len(x) + 1) if scores is None else np.asarray(scores, dtype=np.float64)
    total = float(n.sum())
    s = _scaled(s, n)
    share = float(x.sum() / total) if total else 0.0
    spread = float((n * s**2).sum() - (n * s).sum() ** 2 / total) if total else 0.0
    if total == 0 or spread <= 0 or share in (0.0, 1.0):
        return undefined(name, int(total), method, "no cases" if total == 0 else "no group or no answer differs")
    statistic = float((s * (x - n * share)).sum() ** 2 / (share * (1 - share) * spread))
    table = np.column_stack([x, n - x]).astype(np.int64)
    return _permuted(name, table, statistic, method, _linear(s, np.array([1.0, 0.0]), table), limit, samples, seed)


def linear_by_linear(table: ArrayLike, row_scores: ArrayLike | None = None, column_scores: ArrayLike | None = None, *,
                     method: str = "chi-square", limit: int = LIMIT, samples: int = SAMPLES,
                     seed: int = 1) -> TestResult:  # fmt: skip
    """Linear-by-linear association of a table with ordered rows and columns: (n - 1) r^2 (R ``coin::lbl_test``).

    Agresti (2002), Categorical Data Analysis, section 3.4.1. Scores 1, 2, ... unless given.
    """
    name = "linear by linear"
    counts = _counts(table)
    u = np.arange(1.0, counts.shape[0] + 1) if row_scores is None else np.asarray(row_scores, dtype=np.float64)
    v = np.arange(1.0, counts.shape[1] + 1) if column_scores is None else np.asarray(column_scores, dtype=np.float64)
    n = int(counts.sum())
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    if n == 0:
        return undefined(name, 0, method, "no cases")
    u, v = _scaled(u, rows), _scaled(v, columns)
    product = float((rows @ u**2) * (columns @ v**2))
    if product <= 0:
        return undefined(name, n, method, "all answers are in one row or one column: there is nothing to compare")
    t = float(u @ counts @ v)
    correlation = float(t / np.sqrt(product))
    extra = {"z": float(correlation * np.sqrt(n - 1)), "correlation": correlation}
    return _permuted(name, counts, extra["z"] ** 2, method, _linear(u, v, counts), limit, samples, seed, extra)


def jonckheere_terpstra(table: ArrayLike, *, method: str = "auto", limit: int = LIMIT, samples: int = SAMPLES,
                        seed: int = 1) -> TestResult:  # fmt: skip
    """Jonckheere-Terpstra test of a table with ordered values in rows and ordered groups in columns.

    The statistic J counts pairs of respondents of different groups of whom the one in the later group has more, ties a
    half. Variance with ties: Hollander and Wolfe (1999), Nonparametric Statistical Methods, formula 6.19. ``auto``:
    exact up to 200 respondents and ``limit`` steps, then simulated; ``chi-square`` is z^2 without continuity
    correction.
    """
    counts = _counts(table)
    n = int(counts.sum())
    rows, columns = (margin.astype(np.float64) for margin in (counts.sum(axis=1), counts.sum(axis=0)))
    variance = _jonckheere_variance(rows, columns, n)
    if variance <= 0:
        reason = "no cases" if n == 0 else "all answers are in one row or one column: there is nothing to compare"
        return undefined("Jonckheere-Terpstra", n, method, reason)
    mean = float((n**2 - (columns**2).sum()) / 4)
    later = _later(counts.sum(axis=1))
    j = float(_sums(later, counts[None])[0])
    extra = {"j": j, "z": float((j - mean) / np.sqrt(variance))}
    return _permuted("Jonckheere-Terpstra", counts, extra["z"] ** 2, method, (later, mean), limit, samples, seed, extra)


def _jonckheere_variance(rows: FloatArray, columns: FloatArray, n: int) -> float:
    if n < 2:
        return 0.0
    t, u = rows, columns
    first = float(n * (n - 1) * (2 * n + 5))
    first -= float((u * (u - 1) * (2 * u + 5)).sum() + (t * (t - 1) * (2 * t + 5)).sum())
    third = float((u * (u - 1)).sum() * (t * (t - 1)).sum()) / (8 * n * (n - 1))
    second = float((u * (u - 1) * (u - 2)).sum() * (t * (t - 1) * (t - 2)).sum())
    return first / 72 + (second / (36 * n * (n - 1) * (n - 2)) if n > 2 else 0.0) + third


def _scaled(scores: FloatArray, counts: FloatArray | IntArray) -> FloatArray:
    """Scores around their mean, the farthest at 1: no test depends on origin and unit of scores, but digits do.

    Raises ``SurveyError`` unless there is a finite score for each group.
    """
    if scores.shape != counts.shape or not np.isfinite(scores).all():
        raise SurveyError(f"A trend test needs a finite score for each of the {len(counts)} groups; found {scores}.")
    total = float(counts.sum())
    near = scores - scores[:1]
    centred = near - float(counts @ near) / total if total else near
    most = float(np.abs(centred).max(initial=0.0))
    return np.asarray(centred / most if most > 0 else centred)


def _linear(u: FloatArray, v: FloatArray, counts: IntArray) -> tuple[Contribution, float]:
    """The sum of products of scores, and its mean under independence."""
    mean = float((counts.sum(axis=1) @ u) * (counts.sum(axis=0) @ v) / counts.sum())
    return lambda _left, counts, j: np.asarray(v[j] * (counts @ u)), mean


def _later(rows: IntArray) -> Contribution:
    """Pairs that a group makes with the groups before it: they hold what of the row totals is no longer left."""

    def contribution(left: IntArray, counts: IntArray, _j: int) -> FloatArray:
        before = rows - left
        return np.asarray((counts * (np.cumsum(before, axis=1) - before / 2)).sum(axis=1))

    return contribution


def _sums(contribution: Contribution, tables: IntArray) -> FloatArray:
    """The statistic (A,) of tables (A, R, C): what all their columns add."""
    left, total = tables.sum(axis=2), np.zeros(len(tables))
    for j in range(tables.shape[2]):
        total = total + contribution(left, tables[:, :, j], j)
        left = left - tables[:, :, j]
    return total


def _permuted(name: str, counts: IntArray, statistic: float, method: str,
              way: tuple[Contribution, float], limit: int, samples: int, seed: int,
              extra: dict[str, float] | None = None) -> TestResult:  # fmt: skip
    """The two-sided test: sums at least as far from their mean as the one seen."""
    from scipy.special import chdtrc

    if method not in METHODS:
        raise SurveyError(f"method is {method!r}; it must be one of {', '.join(METHODS)}.")
    n, asymptotic = int(counts.sum()), float(chdtrc(1, statistic))
    if method == "chi-square" or (method == "auto" and n > SMALL):
        return outcome(name, statistic, asymptotic, n, "chi-square", 1.0, extra=extra)
    extra = {**(extra or {}), "chi_square_p_value": asymptotic}
    contribution, mean = way
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    seen = float(_sums(contribution, counts[None])[0])
    distance = abs(seen - mean)
    if method != "monte carlo":
        try:
            p = _both_tails(rows, columns, contribution, mean, distance, limit)
        except TooLong:
            if method == "exact":
                raise SurveyError(f"The exact distribution of {n} answers in a table of {counts.shape} would take too "
                                  "long; use method='monte carlo'.") from None  # fmt: skip
        else:
            return outcome(name, statistic, p, n, "exact permutation", 1.0, extra=extra)
    drawn = _sums(contribution, sampled_tables(rows, columns, samples, seed))
    p, error = simulated(np.abs(drawn - mean), distance)
    how = f"Monte Carlo, {samples:,} permutations, seed {seed}"
    return outcome(name, statistic, p, n, how, 1.0, monte_carlo_error=error, extra=extra)


def _both_tails(rows: IntArray, columns: IntArray, contribution: Contribution, mean: float, distance: float,
                limit: int) -> float:  # fmt: skip
    if distance <= 1e-9:
        return 1.0
    return tail_probability(rows, columns, mean + distance, contribution, lower=mean - distance, limit=limit)


def _counts(table: ArrayLike) -> IntArray:
    found = np.asarray(table, dtype=np.float64)
    if found.ndim != 2 or not np.isfinite(found).all() or (found < 0).any() or (found != np.round(found)).any():
        raise SurveyError("A trend test needs a table of whole counts that are not negative; found other numbers.")
    return found.astype(np.int64)
