"""Survival curve of exits that are known only to lie between two dates, with delayed entry (Turnbull, Peto).

Belongs here: which intervals can hold mass, what the data cannot tell, and the estimate. Does not belong here: the
numerical maximum (see ``hazard_increments``), exact times (see ``kaplan_meier``, which this equals for them).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.statistics.hazard_increments import HazardProblem, cumulative_bounds, maximise
from analytics.statistics.kaplan_meier import merge_nearly_equal

TOLERANCE = 1e-10
MAX_ITERATIONS = 200
# Masses and bounds that differ by less are the same number.
NEGLIGIBLE = 1e-9
SHOWN = 3

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Where an interval opens or closes at one time: an exact time opens before it, all else lies after it, and an interval
# that closes there does not meet one that opens there.
_EXACT_OPENS, _CLOSES, _OPENS = 0, 1, 2


@dataclass(frozen=True)
class Npmle:
    """Nonparametric maximum likelihood estimate: masses (m,) on intervals (lower, upper]; equal ends: an exact time.

    Where inside its interval a mass lies is unknown. ``gap`` is the largest derivative of the log-likelihood towards
    any interval, that is max(sum of 1 / P over the units whose exit may lie there) - n (Gentleman, R. and Geyer, C. J.
    (1994), Biometrika 81, 618-623); with delayed entry minus the sum of 1 / P(entry) instead of n, times the survival
    up to there. Without delayed entry the log-likelihood lies less than ``gap`` below its maximum. ``converged``: at
    most ``tolerance`` per unit. ``is_unique`` is false when other masses are as likely; ``survival_low`` and
    ``survival_high`` bound S after each interval over all of them. ``conditional_on`` is the time that units must have
    reached to be described by the curve (``None``: no delayed entry). ``emptied_at`` are times after which nobody was
    under observation although units entered later; the curve is then that of the stretch with most units, ``n_used``
    of ``n``, and ends at ``ends_at``. ``is_identified`` is true when the curve is one number at every time from 0 to
    the last known one; ``reason`` says in words why not.
    """

    lower_ends: FloatArray
    upper_ends: FloatArray
    mass: FloatArray
    survival_low: FloatArray
    survival_high: FloatArray
    log_likelihood: float
    iterations: int
    gap: float
    converged: bool
    is_unique: bool
    conditional_on: float | None
    emptied_at: tuple[float, ...]
    n: int
    n_used: int
    ends_at: float
    is_identified: bool
    reason: str | None

    def survival_at(self, t: float) -> tuple[float, float]:
        """Lowest and highest S(t) that the data allow; NaN where nobody was under observation."""
        if t > self.ends_at or (self.conditional_on is not None and t < self.conditional_on):
            return float("nan"), float("nan")
        past = int(np.sum(self.upper_ends <= t))
        entered = int(np.sum((self.lower_ends < t) | (self.upper_ends <= t)))
        high = float(self.survival_high[past - 1]) if past else 1.0
        low = float(self.survival_low[entered - 1]) if entered else 1.0
        return low, high

    def median(self) -> tuple[float, float]:
        """Earliest and latest time by which half may have left, as far as the data tell; inf: not reached."""
        earliest = np.flatnonzero(self.survival_low <= 0.5 + NEGLIGIBLE)[0]
        latest = np.flatnonzero(self.survival_high <= 0.5 + NEGLIGIBLE)[0]
        return float(self.lower_ends[earliest]), float(self.upper_ends[latest])


@dataclass(frozen=True)
class _Cells:
    """Intervals that can hold mass, and per unit: first cell under observation, first and last cell of its exit."""

    lower: FloatArray
    upper: FloatArray
    seen: IntArray
    first: IntArray
    last: IntArray


def interval_censored_npmle(
    left: ArrayLike,
    right: ArrayLike,
    truncated_at: ArrayLike | None = None,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> Npmle:
    """Estimate from exits known to lie in (left, right]; all arrays (n,), in one unit of time.

    ``right`` = inf: still there at ``left``. ``left`` = ``right``: exact. ``left`` = 0 or -inf: gone before ``right``.
    ``truncated_at``: under observation only because the unit reached that time, so left >= truncated_at. Intervals by
    Peto, R. (1973), Applied Statistics 22, 86-91, and Turnbull, B. W. (1976), Journal of the Royal Statistical Society
    B 38, 290-295, with the intervals that truncation adds by Frydman, H. (1994), same journal 56, 71-74. Raises
    ``ValueError`` for rows that are no interval.
    """
    low, high, entry = _checked(left, right, truncated_at)
    cells = _innermost(low, high, entry)
    ends = _block_ends(cells)
    start, end = _largest_block(cells, ends)
    used = (cells.seen >= start) & (cells.seen <= end)
    seen, first = cells.seen[used] - start, cells.first[used] - start
    last = np.minimum(cells.last[used], end) - start
    size = end - start + 1
    problem = _problem(seen, first, last, size)
    theta, iterations = maximise(problem, max_iterations)
    # Survival before each cell times the chance to leave in it; the last cell takes all who are left.
    mass = np.exp(-np.append(0.0, np.cumsum(theta))) * np.append(-np.expm1(-theta), 1.0)
    log_likelihood, gap = _likelihood(mass, seen, first, last)
    least, most = cumulative_bounds(problem, theta)
    lower, upper = cells.lower[start : end + 1], cells.upper[start : end + 1].copy()
    if not (cells.last[used] == end).any():
        # Nobody is known to have left in the last cell: the mass there lies anywhere after.
        upper[-1] = np.inf
    emptied = [float(cells.upper[each] if (cells.last == each).any() else cells.lower[each]) for each in ends]
    result = Npmle(
        lower_ends=lower,
        upper_ends=upper,
        mass=mass,
        survival_low=np.append(np.exp(-most), 0.0),
        survival_high=np.append(np.exp(-least), 0.0),
        log_likelihood=log_likelihood,
        iterations=iterations,
        gap=gap,
        converged=gap <= tolerance * len(low),
        is_unique=bool((np.exp(-least) - np.exp(-most) < NEGLIGIBLE).all()),
        conditional_on=None if truncated_at is None else float(entry[used].min()),
        emptied_at=tuple(emptied),
        n=len(low),
        n_used=int(used.sum()),
        ends_at=np.inf if end == len(cells.lower) - 1 else emptied[ends.index(end)],
        is_identified=True,
        reason=None,
    )
    return _explained(result, tolerance)


def _checked(left: ArrayLike, right: ArrayLike, truncated_at: ArrayLike | None) -> tuple[FloatArray, ...]:
    """The three arrays as floats with nearly equal times made equal; no truncation is minus infinity."""
    low, high = np.atleast_1d(np.asarray(left, np.float64)), np.atleast_1d(np.asarray(right, np.float64))
    entry = np.full(low.shape, -np.inf)
    if truncated_at is not None:
        entry = np.atleast_1d(np.asarray(truncated_at, np.float64))
    if not low.shape == high.shape == entry.shape or low.ndim != 1 or not len(low):
        raise ValueError(
            f"left, right and truncated_at must be lists of one length with at least one row: "
            f"found {low.shape}, {high.shape} and {entry.shape}"
        )
    low, high, entry = np.split(merge_nearly_equal(np.concatenate([low, high, entry])), 3)
    missing = np.isnan(low) | np.isnan(high) | np.isnan(entry) | (low == np.inf) | (high == -np.inf)
    for wrong, text in (
        (missing, "a time is missing, or an end lies at infinity where none can"),
        (low > high, "left must not lie after right"),
        (low < entry, "left must not lie before truncated_at, the time the unit is known to have reached"),
        (high <= entry, "an exact time must lie after truncated_at, the time the unit is known to have reached"),
    ):
        if wrong.any():
            row = int(np.argmax(wrong))
            found = f"left {low[row]:g}, right {high[row]:g}, truncated_at {entry[row]:g}"
            raise ValueError(f"row {row + 1}: {text}: found {found}")
    return low, high, entry


def _innermost(low: FloatArray, high: FloatArray, entry: FloatArray) -> _Cells:
    """Every opening of an exit interval that is followed at once by the closing of one or by an entry.

    Mass elsewhere can move right to the next opening or left to the last closing without loss. An entry closes because
    mass before it leaves the denominator of the unit that entered: Frydman's addition to Turnbull's intervals.
    """
    opens = np.column_stack([low, np.where(low == high, _EXACT_OPENS, _OPENS)])
    closes = np.column_stack([high, np.full(len(high), _CLOSES)])
    entries = np.column_stack([entry, np.full(len(entry), _CLOSES)])
    points, place = np.unique(np.concatenate([opens, closes, entries]), axis=0, return_inverse=True)
    opened, closed, entered = np.split(place.ravel(), 3)
    is_open = points[:, 1] != _CLOSES
    cell = np.flatnonzero(is_open[:-1] & ~is_open[1:])
    return _Cells(
        points[cell, 0],
        points[cell + 1, 0],
        np.searchsorted(cell, entered, side="right"),
        np.searchsorted(cell, opened, side="left"),
        np.searchsorted(cell, closed, side="left") - 1,
    )


def _block_ends(cells: _Cells) -> list[int]:
    """Cells, but the last, that no unit under observation is known to have survived.

    The likelihood never falls as the hazard there grows without limit: the cells before and after have nothing to do
    with each other, and no estimate of the masses of both together exists (Hudgens 2005, see ``hazard_increments``).
    """
    size = len(cells.lower)
    survived = _survived(cells.seen, cells.first, size)
    return [int(each) for each in np.flatnonzero(survived[:-1] == 0)]


def _largest_block(cells: _Cells, ends: list[int]) -> tuple[int, int]:
    """First and last cell of the stretch under which most units came under observation, the earliest of equals."""
    starts, stops = [0, *(each + 1 for each in ends)], [*ends, len(cells.lower) - 1]
    units = [int(((cells.seen >= a) & (cells.seen <= b)).sum()) for a, b in zip(starts, stops, strict=True)]
    most = int(np.argmax(units))
    return starts[most], stops[most]


def _survived(seen: IntArray, first: IntArray, size: int) -> FloatArray:
    """Units known to have survived each cell while under observation."""
    change = np.bincount(seen, minlength=size + 1) - np.bincount(first, minlength=size + 1)
    return np.cumsum(change)[:size].astype(np.float64)


def _problem(seen: IntArray, first: IntArray, last: IntArray, size: int) -> HazardProblem:
    """The likelihood in hazard increments; the last cell takes all who are left, so it has none of its own."""
    within = last < size - 1
    intervals, weight = np.unique(np.column_stack([first[within], last[within]]), axis=0, return_counts=True)
    place = np.arange(size - 1)
    left = (place >= intervals[:, :1]) & (place <= intervals[:, 1:])
    return HazardProblem(left.astype(np.float64), weight.astype(np.float64), _survived(seen, first, size)[:-1])


def _likelihood(mass: FloatArray, seen: IntArray, first: IntArray, last: IntArray) -> tuple[float, float]:
    """Log-likelihood, and its largest derivative towards a cell, per unit of the mass that is left at that cell."""
    place = np.arange(len(mass))
    inside = (place >= first[:, None]) & (place <= last[:, None])
    observed = place >= seen[:, None]
    # Sums from the end keep late masses exact that 1 minus the early ones would lose.
    left_over = np.cumsum(mass[::-1])[::-1]
    exit_chance, entry_chance = inside @ mass, left_over[seen]
    slope = inside.T @ (1 / exit_chance) - observed.T @ (1 / entry_chance)
    if (seen > 0).any():
        slope = slope * left_over
    return float(np.log(exit_chance / entry_chance).sum()), float(slope.max())


def _explained(result: Npmle, tolerance: float) -> Npmle:
    """With ``is_identified`` and the reason in words."""
    said = []
    if result.conditional_on is not None and result.conditional_on > 0:
        said.append(f"conditional on reaching {result.conditional_on:g}: nobody was under observation before")
    if result.emptied_at:
        times = ", ".join(f"{each:g}" for each in result.emptied_at)
        said.append(
            f"nobody was under observation just after {times}, so what came before and after cannot be joined: "
            f"the curve is that of {result.n_used} of {result.n} units"
        )
    if not result.is_unique:
        said.append("other masses are as likely: the curve is known between its lowest and highest value only")
    wide = (result.upper_ends > result.lower_ends) & np.isfinite(result.upper_ends) & (result.mass > NEGLIGIBLE)
    if wide.any():
        ends = list(zip(result.lower_ends[wide], result.upper_ends[wide], strict=True))
        shown = ", ".join(f"{low:g} to {high:g}" for low, high in ends[:SHOWN])
        more = f" and {len(ends) - SHOWN} more" if len(ends) > SHOWN else ""
        said.append(f"when exits happened is unknown within {shown}{more}: there the curve lies between two values")
    if not result.converged:
        said.append(
            f"not converged after {result.iterations} steps: the gap {result.gap:.2g} exceeds {tolerance:g} per unit"
        )
    return replace(result, is_identified=not said, reason="; ".join(said) or None)
