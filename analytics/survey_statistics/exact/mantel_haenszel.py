"""Whether two questions are associated inside layers of a third: Mantel-Haenszel tests and the common odds ratio.

Belongs here: association that all layers have in common. Does not belong here: whether they have it in common
(``homogeneity``), tests under a design (``tables``).

Mantel and Haenszel (1959), Journal of the National Cancer Institute 22, 719-748; Landis, Heyman and Koch (1978),
International Statistical Review 46, 237-254; R ``mantelhaen.test``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.exact.conditional_odds import CommonOdds
from analytics.survey_statistics.exact.fixed_margins import sampled_tables, simulated
from analytics.survey_statistics.exact.layers import NOTHING, expected_of, layers_of, silent_layers, too_small
from analytics.survey_statistics.exact.outcome import ALTERNATIVES, LEVEL, Effect, outcome, undefined
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray

NAME = "Mantel-Haenszel"
METHODS = ("auto", "exact", "chi-square", "corrected")
EXACT = "exact, conditional on the margins of every layer"
# Values that the sum of the first cells can take: up to here it is enumerated, in hundredths of a second.
LIMIT = 5_000
SAMPLES = 20_000


def mantel_haenszel(tables: ArrayLike, *, method: str = "auto", alternative: str = "two-sided",
                    limit: int = LIMIT) -> TestResult:  # fmt: skip
    """Test of independence inside every layer of 2 x 2 tables of counts (K, 2, 2), against one odds ratio in all.

    ``auto``: exact up to ``limit`` values of the sum of the first cells, else ``chi-square``; ``corrected`` has the
    continuity correction, the default of R ``mantelhaen.test``. Chi-square is not made where layers are too small.
    """
    _check(method, alternative)
    used = layers_of(tables)
    n = int(np.asarray(tables).sum())
    if not len(used):
        return undefined(NAME, n, method, "no cases" if n == 0 else NOTHING)
    if used.shape[1:] != (2, 2):
        raise SurveyError("mantel_haenszel is of two rows by two columns; larger tables have generalised.")
    told = silent_layers(tables)
    values = 1 + int((np.minimum(used[:, 0].sum(axis=1), used[:, :, 0].sum(axis=1)) - _least(used)).sum())
    if method == "exact" and values > limit:
        raise SurveyError(f"The exact test would go through {values} values, more than {limit}; use 'chi-square'.")
    if method in ("auto", "exact") and values <= limit:
        p = CommonOdds(used).p_value(alternative)
        return outcome(NAME, float(used[:, 0, 0].sum()), p, n, EXACT, alternative=alternative, note=told)
    from scipy.special import chdtrc, ndtr

    gap = float((used[:, 0, 0] - expected_of(used)[:, 0, 0]).sum())
    half = 0.5 if method == "corrected" and abs(gap) >= 0.5 else 0.0
    statistic = (abs(gap) - half) ** 2 / float(_variance(used).sum())
    how = "chi-square, continuity corrected" if method == "corrected" else "chi-square"
    if small := too_small(used):
        return outcome(NAME, statistic, None, n, how, 1.0, alternative=alternative, null_reason=f"not tested: {small}",
                       note=told)  # fmt: skip
    z = float(np.sign(gap) * np.sqrt(statistic))
    tails = {"two-sided": float(chdtrc(1, statistic)), "less": float(ndtr(z)), "greater": float(ndtr(-z))}
    return outcome(NAME, statistic, tails[alternative], n, how, 1.0, alternative=alternative, note=told)


def generalised(tables: ArrayLike, *, method: str = "auto", row_scores: Sequence[float] | None = None,
                column_scores: Sequence[float] | None = None, samples: int = SAMPLES,
                seed: int = 1) -> TestResult:  # fmt: skip
    """Cochran-Mantel-Haenszel test of tables of counts (K, R, C) of any size.

    Without scores: any association, (R - 1)(C - 1) degrees of freedom (R ``mantelhaen.test``). With scores of the
    columns: different mean scores of the rows; with scores of both: a trend, one degree of freedom (R
    ``coin::cmh_test(scores = )``). ``auto``: chi-square, and where layers are too small a simulation of tables with the
    same margins in every layer; ``exact`` is for 2 x 2 (``mantel_haenszel``).
    """
    if method not in ("auto", "chi-square", "Monte Carlo"):
        raise SurveyError(
            f"method is {method!r}; of tables larger than 2 x 2 it is one of auto, chi-square, Monte Carlo."
        )
    used, contrasts = _with_scores(tables, row_scores, column_scores)
    n = int(np.asarray(tables).sum())
    if not len(used):
        return undefined(NAME, n, method, "no cases" if n == 0 else NOTHING)
    inverse = np.linalg.pinv(contrasts.T @ _covariance(used) @ contrasts, hermitian=True)
    df = float(np.linalg.matrix_rank(inverse, hermitian=True))
    expected = expected_of(used).sum(axis=0).reshape(-1)
    if not df:
        return undefined(NAME, n, method, "the scores are the same everywhere: there is nothing to compare")

    def chi_square(sums: FloatArray) -> FloatArray:
        departure = (sums - expected) @ contrasts
        return np.asarray(np.einsum("...i,ij,...j->...", departure, inverse, departure))

    statistic = float(chi_square(used.sum(axis=0).reshape(-1)))
    kind = f"{_kind(row_scores, column_scores)}, {int(df)} df"
    small, told = too_small(used), silent_layers(tables)
    if method == "Monte Carlo" or (method == "auto" and small):
        drawn = sum(
            sampled_tables(table.sum(axis=1), table.sum(axis=0), samples, seed + k).reshape(samples, -1)
            for k, table in enumerate(used)
        )
        p, error = simulated(chi_square(np.asarray(drawn)), statistic)
        how = f"{kind}, Monte Carlo, {samples:,} tables in every layer, seed {seed}"
        return outcome(NAME, statistic, p, n, how, df, note=told, monte_carlo_error=error)
    if small:
        return outcome(NAME, statistic, None, n, f"{kind}, chi-square", df, null_reason=f"not tested: {small}",
                       note=told)  # fmt: skip
    from scipy.special import chdtrc

    return outcome(NAME, statistic, float(chdtrc(df, statistic)), n, f"{kind}, chi-square", df, note=told)


def common_odds_ratio(tables: ArrayLike, level: float = LEVEL) -> Effect:
    """The odds ratio of Mantel and Haenszel over layers of 2 x 2 tables; interval on the log scale.

    Robins, Breslow and Greenland (1986), Biometrics 42, 311-323; R ``mantelhaen.test``.
    """
    name, method = "common odds ratio", "Mantel-Haenszel, log (Robins, Breslow and Greenland)"
    used = layers_of(tables)
    if not len(used):
        return Effect(name, None, None, None, level, method, NOTHING if np.asarray(tables).sum() else "no cases")
    a, b, c, d = (used[:, i, j].astype(np.float64) for i in (0, 1) for j in (0, 1))
    n = used.sum(axis=(1, 2))
    for_, against = a * d / n, b * c / n
    top, bottom = float(for_.sum()), float(against.sum())
    if not top or not bottom:
        reason = "no layer has answers that speak for one of the directions: use the conditional odds ratio"
        return Effect(name, 0.0 if bottom else None, None, None, level, method, reason)
    from scipy.special import ndtri

    same, other = (a + d) / n, (b + c) / n
    variance = (same * for_).sum() / (2 * top**2) + (other * against).sum() / (2 * bottom**2)
    error = float(np.sqrt(variance + (same * against + other * for_).sum() / (2 * top * bottom)))
    value, half = top / bottom, float(ndtri(0.5 + level / 2)) * error
    return Effect(name, value, float(value * np.exp(-half)), float(value * np.exp(half)), level, method,
                  standard_error=value * error)  # fmt: skip


def conditional_common_odds_ratio(tables: ArrayLike, level: float = LEVEL, alternative: str = "two-sided") -> Effect:
    """The odds ratio that layers have in common, conditional on their margins, with its exact interval (R
    ``mantelhaen.test(exact = TRUE)``).
    """
    name, method = "common odds ratio", "conditional maximum likelihood, exact"
    used = layers_of(tables)
    if not len(used):
        return Effect(name, None, None, None, level, method, NOTHING if np.asarray(tables).sum() else "no cases")
    found = CommonOdds(used)
    value, (lower, upper) = found.estimate(), found.interval(level, alternative)
    if not np.isfinite(value):
        return Effect(name, None, lower, None, level, method, "cells are empty: the odds ratio has no upper limit")
    return Effect(name, value, lower, upper if np.isfinite(upper) else None, level, method)


def _check(method: str, alternative: str) -> None:
    if method not in METHODS:
        raise SurveyError(f"method is {method!r}; it must be one of {', '.join(METHODS)}.")
    if alternative not in ALTERNATIVES:
        raise SurveyError(f"alternative is {alternative!r}; it must be one of {', '.join(ALTERNATIVES)}.")


def _least(tables: IntArray) -> IntArray:
    """The smallest first cell (K,) that the margins of each layer allow."""
    first, drawn, n = tables[:, 0].sum(axis=1), tables[:, :, 0].sum(axis=1), tables.sum(axis=(1, 2))
    return np.asarray(np.maximum(0, first + drawn - n))


def _variance(tables: IntArray) -> FloatArray:
    """Variance (K,) of the first cell of each layer, given its margins."""
    rows, columns = tables.sum(axis=2).astype(np.float64), tables.sum(axis=1).astype(np.float64)
    n = rows.sum(axis=1)
    return np.asarray(rows.prod(axis=1) * columns.prod(axis=1) / (n**2 * (n - 1)))


def _covariance(tables: IntArray) -> FloatArray:
    """Covariance (R * C, R * C) of the cells summed over layers, given the margins of each."""
    found = np.zeros((tables[0].size,) * 2)
    for table in tables.astype(np.float64):
        row, column, n = table.sum(axis=1), table.sum(axis=0), table.sum()
        rows, columns = np.diag(row) * n - np.outer(row, row), np.diag(column) * n - np.outer(column, column)
        found += np.kron(rows, columns) / (n**2 * (n - 1))
    return found


def _with_scores(
    tables: ArrayLike, row_scores: Sequence[float] | None, column_scores: Sequence[float] | None
) -> tuple[IntArray, FloatArray]:
    """The layers that are compared, and the sums of cells (R * C, M) that are held against what is expected."""
    if row_scores is not None and column_scores is None:
        raise SurveyError("Scores of the rows alone: name those of the columns too, or turn the table.")
    used, counts = layers_of(tables), np.asarray(tables)
    sides = []
    for given, size, kept in (
        (row_scores, counts.shape[1], counts.sum(axis=(0, 2)) > 0),
        (column_scores, counts.shape[2], counts.sum(axis=(0, 1)) > 0),
    ):
        if given is None:
            sides.append(np.eye(int(kept.sum()))[:, :-1])
            continue
        scores = np.asarray(given, dtype=np.float64)
        if scores.shape != (size,) or not np.isfinite(scores).all():
            raise SurveyError(f"Scores must be {size} numbers, one for each category; found {len(scores)}.")
        sides.append(scores[kept][:, None])
    return used, np.asarray(np.kron(sides[0], sides[1]), dtype=np.float64)


def _kind(row_scores: Sequence[float] | None, column_scores: Sequence[float] | None) -> str:
    if column_scores is None:
        return "any association"
    return "mean scores of the rows" if row_scores is None else "trend of scores"
