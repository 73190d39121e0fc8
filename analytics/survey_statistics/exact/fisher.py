"""Fisher's exact test of independence in a table of any size, with the conditional odds ratio of a 2 x 2 table.

Belongs here: Fisher (1934) and Freeman and Halton (1951), Biometrika 38, 141-149. Does not belong here: chi-square.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.exact.conditional_odds import CommonOdds
from analytics.survey_statistics.exact.fixed_margins import (
    LIMIT,
    TooLong,
    sampled_tables,
    simulated,
    tail_probability,
)
from analytics.survey_statistics.exact.outcome import ALTERNATIVES, LEVEL, Effect, outcome, undefined
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray

NAME = "Fisher exact"
SAMPLES = 100_000
ONE_LEVEL = "all answers are in one row or one column: there is nothing to compare"


def counts_of(table: ArrayLike) -> IntArray:
    """A table of counts without its empty rows and columns. Raises ``SurveyError`` if they are no counts."""
    found = np.atleast_2d(np.asarray(table, dtype=np.float64))
    if found.ndim != 2 or not np.isfinite(found).all() or (found < 0).any() or (found != np.round(found)).any():
        raise SurveyError(
            "An exact test needs a table of whole counts that are not negative; found other numbers in it. Weighted "
            "counts have a design-based test: survey.independence_test(rows, columns)."
        )
    counts = found.astype(np.int64)
    return np.asarray(counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0])


def fisher_exact(table: ArrayLike, *, alternative: str = "two-sided", samples: int = SAMPLES, seed: int = 1,
                 limit: int = LIMIT) -> TestResult:  # fmt: skip
    """Fisher's exact test of a table of counts (R, C).

    Two-sided: all tables that are no more likely than the one seen (R ``fisher.test``). One-sided alternatives are for
    2 x 2 tables. Beyond ``limit`` steps of the enumeration the p value is simulated with ``seed`` and carries its
    standard error.
    """
    if alternative not in ALTERNATIVES:
        raise SurveyError(f"alternative is {alternative!r}; it must be one of {', '.join(ALTERNATIVES)}.")
    counts = counts_of(table)
    n = int(counts.sum())
    if min(counts.shape) < 2:
        return undefined(NAME, n, "exact", "no cases" if n == 0 else ONE_LEVEL)
    if counts.shape == (2, 2):
        found = CommonOdds(counts[None])
        return outcome(NAME, None, found.p_value(alternative), n, "exact, conditional on both margins",
                       alternative=alternative, extra={"odds_ratio": found.estimate()})  # fmt: skip
    if alternative != "two-sided":
        raise SurveyError(f"A table of {counts.shape[0]} x {counts.shape[1]} has no direction; use 'two-sided'.")
    if counts.shape[0] > counts.shape[1]:
        counts = counts.T
    # The largest column first: its many ways start from one node only.
    rows, columns = np.sort(counts.sum(axis=1)), np.sort(counts.sum(axis=0))[::-1]
    try:
        p = tail_probability(rows, columns, float(_improbability(counts)), _column, is_symmetric=True, limit=limit)
    except TooLong:
        drawn = _improbability(sampled_tables(rows, columns, samples, seed))
        p, error = simulated(drawn, float(_improbability(counts)))
        return outcome(NAME, None, p, n, f"Monte Carlo, {samples:,} tables, seed {seed}", monte_carlo_error=error)
    return outcome(NAME, None, p, n, "exact, conditional on both margins")


def _improbability(tables: IntArray) -> FloatArray:
    """Sum of the logs of the factorials of the cells of tables (..., R, C); less likely tables have more."""
    from scipy.special import gammaln

    return np.asarray(gammaln(tables + 1.0).sum(axis=(-2, -1)))


def _column(_left: IntArray, counts: IntArray, _column: int) -> FloatArray:
    from scipy.special import gammaln

    return np.asarray(gammaln(counts + 1.0).sum(axis=1))


def conditional_odds_ratio(table: ArrayLike, level: float = LEVEL, alternative: str = "two-sided") -> Effect:
    """Odds ratio of a 2 x 2 table, conditional on its margins, with the exact interval of R ``fisher.test``."""
    name, method = "odds ratio", "conditional maximum likelihood, exact"
    counts = counts_of(table)
    if counts.shape != (2, 2):
        return Effect(name, None, None, None, level, method, "an odds ratio needs two rows and two columns in use")
    found = CommonOdds(counts[None])
    value, (lower, upper) = found.estimate(), found.interval(level, alternative)
    if not np.isfinite(value):
        return Effect(name, None, lower, None, level, method, "a cell is empty: the odds ratio has no upper limit")
    return Effect(name, value, lower, upper if np.isfinite(upper) else None, level, method)
