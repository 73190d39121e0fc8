"""Did levels change between two editions? Tests of a square table of the same units, before (rows) and after (columns).

Belongs here: symmetry, equal margins and the direction of change of ordered levels, with exact versions for few units.
Does not belong here: what the levels mean, or the table itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

# As many outcomes as are listed one by one.
ENUMERATED = 200_000
DRAWS = 100_000
SEED = 20130401
# Statistics of two outcomes that differ by rounding only are equal.
ROUNDING = 1e-9

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class TableTest:
    """A chi-squared test; ``None`` where it is undefined, and then ``reason`` says why. ``n_changed`` units moved."""

    statistic: float | None
    df: int | None
    p_value: float | None
    n_changed: int
    reason: str | None = None


@dataclass(frozen=True)
class ExactTableTest:
    """``method`` is ``exact`` (``n_outcomes`` listed, without error) or ``Monte Carlo`` (so many draws, with error)."""

    statistic: float | None
    p_value: float | None
    method: str | None
    n_outcomes: int
    standard_error: float | None
    n_changed: int
    reason: str | None = None


@dataclass(frozen=True)
class LevelChange:
    """Steps from level to level, up positive; ``p_value`` is the exact two-sided sign test of up against down."""

    n: int
    n_up: int
    n_down: int
    mean_change: float | None
    std_error: float | None
    p_value: float | None
    reason: str | None = None


@dataclass(frozen=True)
class _Pairs:
    """Pairs of levels between which units moved: levels (p, 2), moved up, and moved either way (p,)."""

    levels: IntArray
    up: IntArray
    moved: IntArray
    size: int


Statistic = Callable[[FloatArray], FloatArray]


def bowker(table: ArrayLike) -> TableTest:
    """Symmetry: as many move from i to j as from j to i. Sum over pairs of (n_ij - n_ji)^2 / (n_ij + n_ji).

    Bowker, A. H. (1948), Journal of the American Statistical Association 43, 572-574, without continuity correction;
    equal to R ``mcnemar.test(correct = FALSE)`` when every pair of levels has moves. ``df`` counts the pairs that have.
    """
    pairs = _pairs(table)
    return _large_sample(pairs, _bowker_statistic(pairs), len(pairs.moved))


def stuart_maxwell(table: ArrayLike) -> TableTest:
    """Marginal homogeneity: each level is as frequent after as before. d' V^-1 d with the last level left out.

    Stuart, A. (1955), Biometrika 42, 412-416; Maxwell, A. E. (1970), British Journal of Psychiatry 116, 651-655; equal
    to R ``coin::mh_test``. A level that nobody left or reached is not counted in ``df``. Undefined when the levels fall
    into groups without a move between them: V is then singular.
    """
    pairs = _pairs(table)
    if _n_groups(pairs) > 1:
        reason = "the variance matrix is singular: no unit moved between groups of levels; the exact test is defined"
        return TableTest(None, None, None, int(pairs.moved.sum()), reason)
    return _large_sample(pairs, _marginal_statistic(pairs), len(np.unique(pairs.levels)) - 1)


def bowker_exact(table: ArrayLike, limit: int = ENUMERATED, draws: int = DRAWS, seed: int = SEED) -> ExactTableTest:
    """Symmetry, given how many moved between each pair of levels: each pair is binomial with one half.

    All products of the binomials are listed up to ``limit`` outcomes; beyond, p = (b + 1) / (draws + 1) with its
    binomial standard error (Davison, A. C. and Hinkley, D. V. (1997), Bootstrap Methods, section 4.2). For two levels
    this is the exact McNemar test, R ``binom.test``.
    """
    pairs = _pairs(table)
    return _exact(pairs, _bowker_statistic(pairs), limit, draws, seed)


def stuart_maxwell_exact(
    table: ArrayLike, limit: int = ENUMERATED, draws: int = DRAWS, seed: int = SEED
) -> ExactTableTest:
    """Equal margins, by exchanging before and after of each unit: the binomials of ``bowker_exact``, in another order.

    Exchanging leaves V as it is (it holds n_ij + n_ji only), so this is the permutation test of d' V^- d, equal to R
    ``coin::mh_test(distribution = "exact")`` for two levels. It is defined for groups of levels without moves between.
    """
    pairs = _pairs(table)
    return _exact(pairs, _marginal_statistic(pairs), limit, draws, seed)


def level_change(table: ArrayLike) -> LevelChange:
    """Mean change in steps with its standard error sd / sqrt(n), and the exact sign test, of ordered levels.

    The steps count as equally wide in the mean; the sign test needs the order only. Dixon, W. J. and Mood, A. M.
    (1946), Journal of the American Statistical Association 41, 557-566; R ``binom.test(up, up + down)``.
    """
    counts = _square(table)
    total = int(counts.sum())
    if not total:
        return LevelChange(0, 0, 0, None, None, None, "no unit was rated in both editions")
    steps = np.subtract.outer(np.arange(len(counts)), np.arange(len(counts))).T
    mean = float((steps * counts).sum() / total)
    error = None
    if total > 1:
        error = float(np.sqrt((counts * (steps - mean) ** 2).sum() / (total - 1) / total))
    up, down = int(counts[steps > 0].sum()), int(counts[steps < 0].sum())
    if not up + down:
        # A standard error of zero would claim certainty.
        return LevelChange(total, 0, 0, mean, None, None, "no unit changed its level")
    reason = None if error else "one unit, or all by the same step: no standard error"
    return LevelChange(total, up, down, mean, error or None, _sign_test(up, down), reason)


def _sign_test(up: int, down: int) -> float:
    from scipy.special import bdtr

    return float(min(1.0, 2 * bdtr(min(up, down), up + down, 0.5)))


def _bowker_statistic(pairs: _Pairs) -> Statistic:
    return lambda up: np.asarray(((2 * up - pairs.moved) ** 2 / pairs.moved).sum(axis=-1))


def _marginal_statistic(pairs: _Pairs) -> Statistic:
    """d' V^- d, where d = after - before per level and V is the Laplacian of the graph of moves."""
    turn = np.zeros((len(pairs.moved), pairs.size))
    place = np.arange(len(pairs.moved))
    turn[place, pairs.levels[:, 1]], turn[place, pairs.levels[:, 0]] = 1, -1
    inverse = np.linalg.pinv(turn.T @ (pairs.moved[:, None] * turn), hermitian=True)

    def statistic(up: FloatArray) -> FloatArray:
        difference = (2 * up - pairs.moved) @ turn
        return np.asarray(((difference @ inverse) * difference).sum(axis=-1))

    return statistic


def _large_sample(pairs: _Pairs, statistic: Statistic, df: int) -> TableTest:
    from scipy.special import chdtrc

    if not len(pairs.moved):
        return TableTest(None, None, None, 0, "no unit changed its level")
    value = float(statistic(pairs.up.astype(np.float64)))
    return TableTest(value, df, float(chdtrc(df, value)), int(pairs.moved.sum()))


def _exact(pairs: _Pairs, statistic: Statistic, limit: int, draws: int, seed: int) -> ExactTableTest:
    if not len(pairs.moved):
        return ExactTableTest(None, None, None, 0, None, 0, "no unit changed its level")
    moved = int(pairs.moved.sum())
    seen = float(statistic(pairs.up.astype(np.float64)))
    reached = seen - ROUNDING * max(1.0, seen)
    outcomes = prod(int(each) + 1 for each in pairs.moved)
    if outcomes <= limit:
        ups, chance = _all_outcomes(pairs.moved)
        p_value = min(1.0, float(chance[statistic(ups) >= reached].sum()))
        return ExactTableTest(seen, p_value, "exact", outcomes, None, moved)
    drawn = np.random.default_rng(seed).binomial(pairs.moved, 0.5, size=(draws, len(pairs.moved)))
    p_value = float(((statistic(drawn.astype(np.float64)) >= reached).sum() + 1) / (draws + 1))
    error = float(np.sqrt(p_value * (1 - p_value) / draws))
    return ExactTableTest(seen, p_value, "Monte Carlo", draws, error, moved)


def _all_outcomes(moved: IntArray) -> tuple[FloatArray, FloatArray]:
    """Every number of moves up per pair (outcomes, p) with its chance (outcomes,)."""
    from scipy.special import gammaln

    ups, chance = np.zeros((1, 0)), np.ones(1)
    for total in moved:
        up = np.arange(total + 1, dtype=np.float64)
        share = np.exp(gammaln(total + 1) - gammaln(up + 1) - gammaln(total - up + 1) - total * np.log(2))
        ups = np.hstack([np.repeat(ups, len(up), axis=0), np.tile(up, len(ups))[:, None]])
        chance = np.outer(chance, share).ravel()
    return ups, chance


def _n_groups(pairs: _Pairs) -> int:
    """Groups of levels that moves connect; levels without any move do not count."""
    group = np.arange(pairs.size)
    for one, other in pairs.levels:
        group[group == group[other]] = group[one]
    return len(np.unique(group[np.unique(pairs.levels)]))


def _pairs(table: ArrayLike) -> _Pairs:
    counts = _square(table)
    levels = np.column_stack(np.triu_indices(len(counts), 1))
    up, down = counts[levels[:, 0], levels[:, 1]], counts[levels[:, 1], levels[:, 0]]
    some = up + down > 0
    return _Pairs(levels[some], up[some], (up + down)[some], len(counts))


def _square(table: ArrayLike) -> IntArray:
    counts = np.asarray(table)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or len(counts) < 2:
        raise ValueError(f"a table of levels needs as many rows as columns, at least two: found {counts.shape}")
    if not np.issubdtype(counts.dtype, np.number) or (counts < 0).any() or (counts != np.floor(counts)).any():
        raise ValueError("a table of levels holds whole numbers of units, none below zero")
    return counts.astype(np.int64)
