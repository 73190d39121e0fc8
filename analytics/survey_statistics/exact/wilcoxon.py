"""Wilcoxon's rank-sum test of two groups and signed-rank test of pairs.

Belongs here: both tests, exact with and without ties. Does not belong here: weighted data (``tables.rank_test``).

Exact p values are those of the permutation distribution of the mid-ranks (R ``coin``, ``exactRankTests``), which
without ties is that of R ``wilcox.test``; the normal approximation with its corrections is that of R ``wilcox.test``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.exact.fixed_margins import TooLong
from analytics.survey_statistics.exact.outcome import ALTERNATIVES, outcome, undefined
from analytics.survey_statistics.exact.ranks import mid_ranks, scores_of, tie_sum
from analytics.survey_statistics.exact.shift import exact_p_value, group_sum, signed_sum
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import SurveyError

METHODS = ("auto", "exact", "normal")
ZEROS = ("wilcoxon", "pratt")


def rank_sum(first: ArrayLike, second: ArrayLike, *, alternative: str = "two-sided", method: str = "auto",
             is_corrected: bool = True) -> TestResult:  # fmt: skip
    """Wilcoxon rank-sum (Mann-Whitney) test; the statistic is W of R ``wilcox.test``: pairs in which the first group
    has more, ties counting a half. ``auto`` is exact, also with ties, unless that would take too long.
    """
    _check(alternative, method)
    name = "Wilcoxon rank-sum"
    x, y = scores_of(first), scores_of(second)
    n = len(x) + len(y)
    if not len(x) or not len(y):
        return undefined(name, n, method, "no cases" if n == 0 else "one of the two groups has no cases")
    pooled = np.concatenate([x, y])
    ranks = mid_ranks(pooled)
    w = float(ranks[: len(x)].sum() - len(x) * (len(x) + 1) / 2)
    if method != "normal":
        try:
            p = exact_p_value(group_sum(np.round(2 * (ranks - 1)).astype(np.int64), len(x)),
                              2 * float((ranks[: len(x)] - 1).sum()), alternative)  # fmt: skip
        except TooLong:
            _too_long(method, n)
        else:
            return outcome(name, w, p, n, _exact(pooled), alternative=alternative)
    variance = len(x) * len(y) / 12 * (n + 1 - tie_sum(pooled) / (n * (n - 1)))
    if variance <= 0:
        return undefined(name, n, "normal", "all values are equal")
    return _normal(name, w, w - len(x) * len(y) / 2, variance, n, alternative, is_corrected)


def signed_rank(first: ArrayLike, second: ArrayLike | float = 0.0, *, alternative: str = "two-sided",
                method: str = "auto", is_corrected: bool = True, zeros: str = "wilcoxon") -> TestResult:  # fmt: skip
    """Wilcoxon signed-rank test of pairs; the statistic is V of R ``wilcox.test``, the sum of the positive ranks.

    ``zeros``: ``wilcoxon`` leaves pairs without difference out before ranking (R ``wilcox.test``); ``pratt`` ranks
    them and leaves them out then (R ``coin::wilcoxsign_test``, default there).
    """
    _check(alternative, method)
    if zeros not in ZEROS:
        raise SurveyError(f"zeros is {zeros!r}; it must be one of {', '.join(ZEROS)}.")
    name = "Wilcoxon signed-rank"
    x, y = scores_of(first), scores_of(second)
    if len(y) != 1 and len(x) != len(y):
        raise SurveyError(f"Pairs need as many first as second values; found {len(x)} and {len(y)}.")
    differences = x - y
    n_pairs = len(differences)
    ranks = mid_ranks(np.abs(differences)) if zeros == "pratt" else np.empty(0)
    is_there = differences != 0
    if not is_there.any():
        return undefined(name, n_pairs, method, "no cases" if n_pairs == 0 else "no pair differs")
    kept = differences[is_there]
    ranks = ranks[is_there] if zeros == "pratt" else mid_ranks(np.abs(kept))
    v = float(ranks[kept > 0].sum())
    note = None if len(kept) == n_pairs else f"{n_pairs - len(kept)} of {n_pairs} pairs do not differ ({zeros})"
    if method != "normal":
        try:
            p = exact_p_value(signed_sum(np.round(2 * ranks).astype(np.int64)), 2 * v, alternative)
        except TooLong:
            _too_long(method, n_pairs)
        else:
            return outcome(name, v, p, n_pairs, _exact(np.abs(kept)), alternative=alternative, note=note)
    variance = float((ranks**2).sum() / 4)
    return _normal(name, v, v - float(ranks.sum()) / 2, variance, n_pairs, alternative, is_corrected, note)


def _normal(name: str, statistic: float, distance: float, variance: float, n: int, alternative: str,
            is_corrected: bool, note: str | None = None) -> TestResult:  # fmt: skip
    from scipy.special import ndtr

    correction = {"two-sided": float(np.sign(distance)) * 0.5, "greater": 0.5, "less": -0.5}[alternative]
    z = (distance - (correction if is_corrected else 0.0)) / np.sqrt(variance)
    p = {"two-sided": 2 * ndtr(-abs(z)), "greater": ndtr(-z), "less": ndtr(z)}[alternative]
    how = "normal approximation" + (", continuity corrected" if is_corrected else "")
    return outcome(name, statistic, float(p), n, how, alternative=alternative, note=note, extra={"z": float(z)})


def _exact(values: np.ndarray) -> str:
    return "exact permutation of mid-ranks" if tie_sum(values) else "exact"


def _check(alternative: str, method: str) -> None:
    for name, value, allowed in (("alternative", alternative, ALTERNATIVES), ("method", method, METHODS)):
        if value not in allowed:
            raise SurveyError(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")


def _too_long(method: str, n: int) -> None:
    if method == "exact":
        raise SurveyError(f"The exact distribution for {n} values would take too long; use method='normal'.")
