"""Log-rank test of k groups with strata and delayed entry: large-sample and exact permutation version.

Belongs here: whether groups leave at the same rate. Does not belong here: the curves (see ``kaplan_meier``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial, prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.statistics.kaplan_meier import at_risk, spells

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
# As many labellings as are listed one by one; C(20, 10) = 184,756 is below it.
ENUMERATED = 200_000
DRAWS = 20_000
SEED = 20130401
# Drawn labellings held in memory at a time.
BLOCK = 1_000
# Statistics of two labellings that differ by rounding only are equal.
ROUNDING = 1e-9


@dataclass(frozen=True)
class LogRank:
    """Observed and expected exits per group (k,), summed over strata, with the variance of their difference (k, k).

    ``statistic``, ``df`` and ``p_value`` are ``None`` where the test is undefined, and ``reason`` says why.
    """

    statistic: float | None
    df: int | None
    p_value: float | None
    observed: FloatArray
    expected: FloatArray
    variance: FloatArray
    groups: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True)
class PermutationTest:
    """``method`` is ``exact`` (``n_outcomes`` listed, without error) or ``Monte Carlo`` (so many draws, with error)."""

    statistic: float | None
    p_value: float | None
    method: str | None
    n_outcomes: int
    standard_error: float | None
    reason: str | None = None


@dataclass(frozen=True)
class _Design:
    end: FloatArray
    event: NDArray[np.bool_]
    start: FloatArray
    group: IntArray
    stratum: IntArray
    groups: tuple[str, ...]


def log_rank(
    time: ArrayLike,
    event: ArrayLike,
    group: Sequence[object],
    strata: Sequence[object] | None = None,
    entry: ArrayLike | None = None,
) -> LogRank:
    """Chi-squared test that all groups have one hazard; all arguments of length n.

    Mantel, N. (1966), Cancer Chemotherapy Reports 50, 163-170; Peto, R. and Peto, J. (1972), Journal of the Royal
    Statistical Society A 135, 185-207. Variance of tied exits is hypergeometric: equal to R ``survival::survdiff``,
    and with delayed entry to the score test of ``coxph(ties = "exact")`` (without ties also of ``"breslow"``).
    Groups in the order of their sorted names; a group that was never at risk at an exit does not count in ``df``.
    """
    design = _design(time, event, group, strata, entry)
    k = len(design.groups)
    observed, expected, variance = np.zeros(k), np.zeros(k), np.zeros((k, k))
    for stratum in np.unique(design.stratum):
        inside = design.stratum == stratum
        _, exits, risk = _tables(design, inside)
        total, left = risk.sum(axis=1), exits.sum(axis=1)
        share = risk / total[:, None]
        observed += exits.sum(axis=0)
        expected += left @ share
        spread = left * (total - left) / np.maximum(total - 1, 1)
        variance += np.diag(spread @ share) - (share * spread[:, None]).T @ share
    counted = expected > 0
    result = LogRank(None, None, None, observed, expected, variance, design.groups)
    if counted.sum() < 2:
        return _undefined(result, "fewer than two groups were at risk when somebody left")
    difference, inner = (observed - expected)[counted][1:], variance[np.ix_(counted, counted)][1:, 1:]
    if np.linalg.matrix_rank(inner, hermitian=True) < len(inner):
        return _undefined(result, "the groups were never at risk together, so the variance matrix is singular")
    from scipy.special import chdtrc

    statistic, df = float(difference @ np.linalg.solve(inner, difference)), len(inner)
    p_value = float(chdtrc(df, statistic))
    return LogRank(statistic, df, p_value, observed, expected, variance, design.groups)


def log_rank_permutation(
    time: ArrayLike,
    event: ArrayLike,
    group: Sequence[object],
    strata: Sequence[object] | None = None,
    entry: ArrayLike | None = None,
    limit: int = ENUMERATED,
    draws: int = DRAWS,
    seed: int = SEED,
) -> PermutationTest:
    """Exact test: the group names are dealt anew among the units of each stratum, in all ways or ``draws`` random ones.

    Observed minus expected is a sum of one score per unit, (exit) - (cumulative hazard over its time at risk), which
    no relabelling changes; the statistic is their quadratic form with the permutation covariance. Strasser, H. and
    Weber, C. (1999), Mathematical Methods of Statistics 8, 220-250; equal to R ``coin::logrank_test(distribution =
    "exact")``. It holds for any number of units, provided the groups were censored (and entered) alike. All labellings
    are listed up to ``limit``; beyond, p = (b + 1) / (draws + 1) with a binomial standard error (Davison, A. C. and
    Hinkley, D. V. (1997), Bootstrap Methods, section 4.2).
    """
    design = _design(time, event, group, strata, entry)
    k = len(design.groups)
    score, covariance, ways = np.zeros(len(design.end)), np.zeros((k, k)), 1
    places = [np.flatnonzero(design.stratum == stratum) for stratum in np.unique(design.stratum)]
    for units in places:
        score[units] = _scores(design, units)
        sizes = np.bincount(design.group[units], minlength=k)
        ways *= factorial(len(units)) // prod(factorial(int(size)) for size in sizes)
        spread = (score[units] ** 2).sum() / max(len(units) - 1, 1)
        covariance += spread * (np.diag(sizes) - np.outer(sizes, sizes) / len(units))
    if np.trace(covariance) < ROUNDING:
        return PermutationTest(None, None, None, 0, None, "no labelling differs from another: one group or no exits")
    # By least squares: the rows of a covariance of counts add to zero.
    inverse = np.asarray(np.linalg.pinv(covariance, hermitian=True), dtype=np.float64)
    observed = np.array([score[design.group == each].sum() for each in range(k)])
    statistic = float(observed @ inverse @ observed)
    if ways <= limit:
        sums = np.zeros((1, k))
        for units in places:
            inner = _all_labellings(score[units], np.bincount(design.group[units], minlength=k))
            sums = (sums[:, None, :] + inner[None, :, :]).reshape(-1, k)
        beyond = int(_reaches(sums, inverse, statistic).sum())
        return PermutationTest(statistic, beyond / ways, "exact", ways, None)
    random = np.random.default_rng(seed)
    sums = np.zeros((draws, k))
    for units in places:
        for first in range(0, draws, BLOCK):
            rows = slice(first, min(first + BLOCK, draws))
            dealt = random.permuted(np.tile(design.group[units], (rows.stop - first, 1)), axis=1)
            for each in range(k):
                sums[rows, each] += (dealt == each) @ score[units]
    p_value = float((_reaches(sums, inverse, statistic).sum() + 1) / (draws + 1))
    error = float(np.sqrt(p_value * (1 - p_value) / draws))
    return PermutationTest(statistic, p_value, "Monte Carlo", draws, error)


def _reaches(sums: FloatArray, inverse: FloatArray, statistic: float) -> NDArray[np.bool_]:
    values = np.einsum("ij,jk,ik->i", sums, inverse, sums)
    return np.asarray(values >= statistic - ROUNDING * max(1.0, statistic))


def _all_labellings(score: FloatArray, sizes: IntArray) -> FloatArray:
    """Sums of scores per group (labellings, k), dealing the units one after another to every group with room left."""
    k = len(sizes)
    room, sums = sizes[None, :].astype(np.int64), np.zeros((1, k))
    for value in score:
        dealt = []
        for each in range(k):
            free = room[:, each] > 0
            step = np.eye(k)[each]
            dealt.append((room[free] - step.astype(np.int64), sums[free] + value * step))
        room, sums = np.concatenate([r for r, _ in dealt]), np.concatenate([s for _, s in dealt])
    return sums


def _scores(design: _Design, units: IntArray) -> FloatArray:
    """Exit (0 or 1) minus the pooled Nelson-Aalen hazard between entry and end, for the units of one stratum."""
    inside = np.zeros(len(design.end), dtype=bool)
    inside[units] = True
    times, exits, risk = _tables(design, inside)
    hazard = np.concatenate([[0.0], np.cumsum(exits.sum(axis=1) / risk.sum(axis=1))])
    until = hazard[np.searchsorted(times, design.end[units], side="right")]
    before = hazard[np.searchsorted(times, design.start[units], side="right")]
    return np.asarray(design.event[units] - (until - before), dtype=np.float64)


def _tables(design: _Design, inside: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Exit times (T,) of some units, and exits and units at risk by time and group (T, k)."""
    times = np.unique(design.end[inside & design.event])
    exits, risk = np.zeros((len(times), len(design.groups))), np.zeros((len(times), len(design.groups)))
    for each in range(len(design.groups)):
        mine = inside & (design.group == each)
        left = np.searchsorted(times, design.end[mine & design.event])
        exits[:, each] = np.bincount(left, minlength=len(times))
        risk[:, each] = at_risk(design.start[mine], design.end[mine], times)
    return times, exits, risk


def _design(
    time: ArrayLike,
    event: ArrayLike,
    group: Sequence[object],
    strata: Sequence[object] | None,
    entry: ArrayLike | None,
) -> _Design:
    end, is_event, start = spells(time, event, entry)
    names, codes = np.unique([str(each) for each in group], return_inverse=True)
    labels = ["all"] * len(end) if strata is None else [str(each) for each in strata]
    _, stratum = np.unique(labels, return_inverse=True)
    if not len(codes) == len(stratum) == len(end):
        raise ValueError(
            f"group and strata must be as long as time: found {len(codes)} and {len(stratum)} for {len(end)}"
        )
    return _Design(end, is_event, start, codes, stratum, tuple(str(name) for name in names))


def _undefined(result: LogRank, reason: str) -> LogRank:
    return LogRank(None, None, None, result.observed, result.expected, result.variance, result.groups, reason)
