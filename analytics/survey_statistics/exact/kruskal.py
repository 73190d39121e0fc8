"""The Kruskal-Wallis test of several groups.

Belongs here: groups without order. Does not belong here: ordered groups (``trend``), weighted data
(``tables.rank_test``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.exact.fixed_margins import (
    LIMIT,
    TooLong,
    sampled_tables,
    simulated,
    tail_probability,
)
from analytics.survey_statistics.exact.outcome import outcome, undefined
from analytics.survey_statistics.exact.ranks import mid_ranks, scores_of, tie_sum
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray

NAME = "Kruskal-Wallis"
METHODS = ("auto", "exact", "chi-square", "monte carlo")
SMALL = 50
SAMPLES = 20_000


def kruskal_wallis(values: ArrayLike, groups: ArrayLike, *, method: str = "auto", samples: int = SAMPLES,
                   seed: int = 1, limit: int = LIMIT) -> TestResult:  # fmt: skip
    """Kruskal-Wallis H, corrected for ties (R ``kruskal.test``).

    ``auto``: with a group of 50 or fewer the permutation distribution, exact up to ``limit`` steps and simulated with
    ``seed`` beyond; else chi-square, whose p value is always in ``extra``.
    """
    if method not in METHODS:
        raise SurveyError(f"method is {method!r}; it must be one of {', '.join(METHODS)}.")
    scores, (names, group) = scores_of(values), np.unique(np.asarray(groups), return_inverse=True)
    n = len(scores)
    if len(names) < 2:
        return undefined(NAME, n, method, "no cases" if n == 0 else "one group: nothing to compare")
    if tie_sum(scores) == n**3 - n:
        return undefined(NAME, n, method, "all values are equal")
    from scipy.special import chdtrc

    ranks = mid_ranks(scores) - (n + 1) / 2
    size = np.bincount(group).astype(np.float64)
    spread = float((np.bincount(group, ranks) ** 2 / size).sum())
    h = 12 * spread / (n * (n + 1)) / (1 - tie_sum(scores) / (n**3 - n))
    df = len(names) - 1.0
    asymptotic = float(chdtrc(df, h))
    if method == "chi-square" or (method == "auto" and size.min() > SMALL):
        return outcome(NAME, h, asymptotic, n, "chi-square", df)
    extra = {"chi_square_p_value": asymptotic}
    levels, rows = np.unique(ranks, return_counts=True)
    # The largest group first: its many ways start from one node only.
    columns = np.sort(np.bincount(group))[::-1]

    def contribution(_left: IntArray, counts: IntArray, j: int) -> FloatArray:
        return np.asarray((counts @ levels) ** 2 / columns[j])

    if method != "monte carlo":
        try:
            p = tail_probability(rows, columns, spread, contribution, limit=limit)
        except TooLong:
            if method == "exact":
                raise SurveyError(
                    f"The exact distribution of {n} values in {len(names)} groups would take too long; use "
                    "method='monte carlo'."
                ) from None
        else:
            return outcome(NAME, h, p, n, "exact permutation", df, extra=extra)
    drawn = sampled_tables(rows, columns, samples, seed)
    p, error = simulated(((np.einsum("sij,i->sj", drawn, levels) ** 2) / columns).sum(axis=1), spread)
    how = f"Monte Carlo, {samples:,} permutations, seed {seed}"
    return outcome(NAME, h, p, n, how, df, monte_carlo_error=error, extra=extra)
