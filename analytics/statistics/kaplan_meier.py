"""Kaplan-Meier survival with delayed entry, Greenwood variance, three intervals and quantiles.

Belongs here: the product-limit curve of exact or right-censored times, and reading it. Does not belong here: exits
known only between two dates (see ``interval_censored``), comparisons of groups (see ``log_rank``).
Values equal R ``survival::survfit`` (3.5-3), except that an interval of zero width is never given: see ``intervals``.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95
# Times closer than this are one time, as in R (``timefix``): 0.1 + 0.2 and 0.3 years are the same day.
TIME_TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))
INTERVALS = ("log-log", "log", "plain")

FloatArray = NDArray[np.float64]
Bounds = tuple[FloatArray, FloatArray]


@dataclass(frozen=True)
class CurvePoint:
    """The curve at one time; ``None`` where it is not defined, and then ``reason`` says why."""

    survival: float | None
    std_error: float | None = None
    lower: float | None = None
    upper: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Quantile:
    """A time in the unit of the input with its interval; ``None`` where the curve does not reach it."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class SurvivalCurve:
    """One row per distinct end time, ascending; all arrays have that length.

    ``n_risk`` counts units with entry < time <= end, ``n_entered`` those that entered since the row before.
    ``survival`` is S(t) after the events at ``time``; ``std_error`` is Greenwood's, of S itself. ``lower`` and
    ``upper`` are the log-log interval. NaN where undefined. With delayed entry the curve is conditional on reaching
    ``first_entry``. ``reason`` says where the curve cannot be trusted.
    """

    time: FloatArray
    n_risk: NDArray[np.int64]
    n_event: NDArray[np.int64]
    n_censored: NDArray[np.int64]
    n_entered: NDArray[np.int64]
    survival: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    plain_lower: FloatArray
    plain_upper: FloatArray
    log_lower: FloatArray
    log_upper: FloatArray
    level: float
    first_entry: float | None
    reason: str | None

    def at(self, t: float) -> CurvePoint:
        """S(t) with the log-log interval: a step function, right-continuous."""
        if self.first_entry is not None and t < self.first_entry:
            return CurvePoint(None, reason=f"nobody was under observation before {self.first_entry:g}")
        row = int(np.searchsorted(self.time, t + TIME_TOLERANCE, side="right")) - 1
        if row < 0:
            return CurvePoint(1.0, reason="no exit so far, so there is no interval")
        if t > self.time[-1] + TIME_TOLERANCE and self.survival[-1] > 0:
            return CurvePoint(None, reason=f"nobody was under observation after {self.time[-1]:g}")
        value, error = float(self.survival[row]), float(self.std_error[row])
        if np.isnan(self.lower[row]):
            missing = "no exit so far" if value == 1 else "nobody is left"
            return CurvePoint(value, reason=f"{missing}, so there is no interval")
        return CurvePoint(value, error, float(self.lower[row]), float(self.upper[row]))

    def median(self, interval: str = "log-log") -> Quantile:
        """Time by which half have left."""
        return self.quantile(0.5, interval)

    def quantile(self, share: float, interval: str = "log-log") -> Quantile:
        """Time by which ``share`` (0-1, exclusive) have left: the first with 1 - S(t) >= share.

        Where S is flat at exactly 1 - share, the middle of the flat stretch; the ends of the interval are the same
        reading of the lower and upper curve (Brookmeyer, R. and Crowley, J. (1982), Biometrics 38, 29-41). Equal to R
        ``quantile.survfit`` but where few at risk make a bound rise again: R then may take a later crossing, this the
        first, which gives the wider interval.
        """
        if not 0 < share < 1:
            raise ValueError(f"a quantile needs a share between 0 and 1: found {share}")
        low, high = {
            "log-log": (self.lower, self.upper),
            "log": (self.log_lower, self.log_upper),
            "plain": (self.plain_lower, self.plain_upper),
        }[interval]
        value = _first_time(self.time, self.survival, share)
        if value is None:
            return Quantile(None, reason=f"fewer than {share:.0%} have left by {self.time[-1]:g}")
        # At S = 1 R reads a lower or upper curve of 1 as "not yet"; ours is NaN there and means the same.
        ends = [_first_time(self.time, np.where(self.survival == 1, 1.0, curve), share) for curve in (low, high)]
        missing = [name for name, end in zip(("lower", "upper"), ends, strict=True) if end is None]
        reason = f"the curve of the {' and '.join(missing)} bound never reaches {1 - share:g}" if missing else None
        return Quantile(value, ends[0], ends[1], reason)


def kaplan_meier(
    time: ArrayLike, event: ArrayLike, entry: ArrayLike | None = None, level: float = LEVEL
) -> SurvivalCurve:
    """Product-limit curve of one group.

    ``time`` (n,) ends of observation; ``event`` (n,) true where the end is an exit, false where it is censored;
    ``entry`` (n,) starts of observation, when later than the origin. An exit and a censoring at one time: the
    censored unit was still at risk. Kaplan, E. L. and Meier, P. (1958), Journal of the American Statistical
    Association 53, 457-481; variance by Greenwood, M. (1926), Reports on Public Health and Medical Subjects 33;
    delayed entry as in Tsai, W.-Y., Jewell, N. P. and Wang, M.-C. (1987), Biometrika 74, 883-886. Raises
    ``ValueError`` for input that is no spell.
    """
    end, is_event, start = spells(time, event, entry)
    times, row = np.unique(end, return_inverse=True)
    n_event = np.bincount(row, weights=is_event, minlength=len(times)).astype(np.int64)
    n_censored = np.bincount(row, minlength=len(times)).astype(np.int64) - n_event
    n_risk = at_risk(start, end, times)
    survival: FloatArray = np.cumprod(1 - n_event / n_risk, dtype=np.float64)
    # Where all at risk leave at once the variance of log S is infinite and that of S unknown: NaN from there on.
    with np.errstate(divide="ignore", invalid="ignore"):
        variance: FloatArray = np.cumsum(n_event / (n_risk * (n_risk - n_event).astype(np.float64)), dtype=np.float64)
    log_error = np.asarray(np.sqrt(variance), dtype=np.float64)
    log_error[survival == 0] = np.nan
    curves = {name: intervals(survival, log_error, name, level) for name in INTERVALS}
    late = entry is not None
    return SurvivalCurve(
        times,
        n_risk,
        n_event,
        n_censored,
        np.diff(n_risk, prepend=0) + np.concatenate([[0], (n_event + n_censored)[:-1]]),
        survival,
        survival * log_error,
        *curves["log-log"],
        *curves["plain"],
        *curves["log"],
        level=level,
        first_entry=float(start.min()) if late else None,
        reason=_doubt(times, start, end, survival) if late else None,
    )


def intervals(survival: FloatArray, log_error: FloatArray, kind: str, level: float = LEVEL) -> Bounds:
    """Pointwise interval from S and the standard error of log S: ``plain``, ``log`` or ``log-log``.

    Kalbfleisch, J. D. and Prentice, R. L. (2002), The Statistical Analysis of Failure Time Data, 2nd ed., section 1.4;
    cut to 0..1 as in R. At S = 1 R gives the plain and log interval as [1, 1]; here all three are NaN, since nothing
    was learnt about the spread. At S = 0 all three are NaN in both.
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    inner = np.where((survival > 0) & (survival < 1), survival, np.nan)
    if kind == "plain":
        half = z * log_error * inner
        return np.maximum(inner - half, 0), np.minimum(inner + half, 1)
    if kind == "log":
        return inner * np.exp(-z * log_error), np.minimum(inner * np.exp(z * log_error), 1)
    if kind == "log-log":
        half = z * log_error / np.log(inner)
        centre = np.log(-np.log(inner))
        return np.exp(-np.exp(centre - half)), np.exp(-np.exp(centre + half))
    raise ValueError(f"an interval is one of {', '.join(INTERVALS)}: found {kind!r}")


def spells(
    time: ArrayLike, event: ArrayLike, entry: ArrayLike | None
) -> tuple[FloatArray, NDArray[np.bool_], FloatArray]:
    """Ends, events and starts as checked arrays with nearly equal times made equal; no entry is minus infinity."""
    end, is_event = np.atleast_1d(np.asarray(time, np.float64)), np.atleast_1d(np.asarray(event))
    start = np.full(end.shape, -np.inf) if entry is None else np.atleast_1d(np.asarray(entry, np.float64))
    if not len(end):
        raise ValueError("a survival curve needs at least one spell: found none")
    if not end.shape == is_event.shape == start.shape or end.ndim != 1:
        raise ValueError(
            f"time, event and entry must be lists of one length: found {end.shape}, {is_event.shape}, {start.shape}"
        )
    if not np.isin(is_event, (0, 1)).all():
        raise ValueError("event must be true or false (1 or 0) in every row")
    if not np.isfinite(end).all() or np.isnan(start).any():
        raise ValueError(
            f"row {int(np.argmin(np.isfinite(end) & ~np.isnan(start))) + 1}: a time is missing or infinite"
        )
    both = np.concatenate([end, start])
    end, start = np.split(merge_nearly_equal(both), 2)
    if (start >= end).any():
        row = int(np.argmax(start >= end))
        raise ValueError(f"row {row + 1}: the entry {start[row]:g} must lie before the end {end[row]:g}")
    return end, is_event.astype(bool), start


def merge_nearly_equal(times: FloatArray) -> FloatArray:
    """Times whose neighbours differ by rounding only become the smallest of them, as R ``aeqSurv`` does."""
    distinct = np.unique(times[np.isfinite(times)])
    step = np.diff(distinct)
    # A mean of zero (all times zero) has no steps either.
    scale = max(1.0, float(np.abs(distinct).mean()) if len(distinct) else 1.0)
    kept = distinct[np.concatenate([[True], step > TIME_TOLERANCE * scale])] if len(distinct) else distinct
    place = np.searchsorted(kept, times, side="right") - 1
    return np.where(np.isfinite(times), kept[np.maximum(place, 0)], times)


def at_risk(start: FloatArray, end: FloatArray, times: FloatArray) -> NDArray[np.int64]:
    """Number of units with start < t <= end at each of the times."""
    entered = np.searchsorted(np.sort(start), times, side="left")
    left = np.searchsorted(np.sort(end), times, side="left")
    return np.asarray(entered - left, dtype=np.int64)


def _first_time(times: FloatArray, curve: FloatArray, share: float) -> float | None:
    known = ~np.isnan(curve)
    left, times, last = 1 - curve[known], times[known], times[-1]
    reached = np.flatnonzero(left >= share - TIME_TOLERANCE)
    if not len(reached):
        return None
    first = reached[0]
    if abs(left[first] - share) >= TIME_TOLERANCE:
        return float(times[first])
    above = np.flatnonzero(left > share + TIME_TOLERANCE)
    return float((times[first] + (times[above[0]] if len(above) else last)) / 2)


def _doubt(times: FloatArray, start: FloatArray, end: FloatArray, survival: FloatArray) -> str | None:
    """What delayed entry leaves unknown: the time before it, and all after a moment without anybody at risk."""
    said = []
    first = start.min()
    if first > 0:
        said.append(f"conditional on reaching {first:g}: nobody was under observation before")
    # The risk set is empty just after t when every unit that entered by t has ended by t, and others enter later.
    empty = [t for t in times[:-1] if not ((start <= t) & (end > t)).any()]
    dropped = [t for t, s in zip(times, survival, strict=True) if s == 0]
    if empty:
        said.append(f"nobody was under observation just after {', '.join(f'{t:g}' for t in empty)}")
    if dropped and dropped[0] < times[-1]:
        said.append(f"all at risk had left at {dropped[0]:g}, so the curve stays at 0 although units entered later")
    return "; ".join(said) or None
