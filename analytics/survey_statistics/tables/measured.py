"""A measure of a table, on its own scale and on that of its interval, with both standard errors under the design.

Belongs here: the step from totals to measure, linearised or measured anew in every replicate. Does not belong here:
formulas (``association_measures``, ``common_measures``), rows (``effect``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.survey_statistics.estimators.statistic import Statistic, estimate
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.totals import Totals
from analytics.survey_statistics.tables.association_measures import TableMeasure
from analytics.survey_statistics.tables.contingency import Contingency, share_of_all

# Of a variance of shares, which are at most 1: less than this is rounding, all units have the same shares.
ROUNDING = 1e-24


@dataclass(frozen=True)
class Scale:
    """Where the distribution of a measure is nearest to normal: there and back, and the slope of the way there."""

    name: str
    there: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]
    back: Callable[[float], float]


AS_IS = Scale("t", np.asarray, np.ones_like, float)
LOG = Scale("t on the logarithm", np.log, lambda value: 1 / value, lambda value: float(np.exp(value)))
FISHER_Z = Scale("t on Fisher's z", np.arctanh, lambda value: 1 / (1 - value**2), lambda value: float(np.tanh(value)))


@dataclass(frozen=True)
class Measured:
    """``value`` with ``error``; ``scaled`` with ``scaled_error`` on the scale of the interval. Errors are None where
    there are none. ``note``: how many replicates have no value and are left out of the variance.
    """

    value: float
    error: float | None
    scaled: float
    scaled_error: float | None
    note: str | None


def measured(table: Contingency, measure: TableMeasure, scale: Scale = AS_IS) -> Measured:
    """The measure of a table: linearised, or in designs with replicates measured in each (R ``withReplicates``)."""
    statistic = _statistic(table, measure, scale)
    totals = table.cells.totals
    found = estimate(totals, statistic)
    errors = [_root(variance) for variance in np.diag(found.covariance)]
    told = lost_replicates(totals, statistic)
    return Measured(float(found.value[0]), errors[0], float(found.value[1]), errors[1], told)


def lost_replicates(totals: Totals, statistic: Statistic) -> str | None:
    """How many replicates leave a statistic undefined, in words; None if none does."""
    if totals.replicates is None:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = int((~np.isfinite(statistic.function(totals.replicates)).all(axis=1)).sum())
    return f"{lost} of {len(totals.replicates)} replicates leave it undefined and are left out" if lost else None


def by_shares(table: Contingency, measure: TableMeasure) -> Measured:
    """The measure of a table from the covariance of its shares (delta method), in designs with replicates too: so R
    ``svykappa``, which takes no replicates of its own.
    """
    shares = table.shares
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = shares.value.reshape(table.shape)
        value = float(measure.value(whole))
        slope = measure.slope(whole).reshape(-1)
        error = _root(float(slope @ shares.covariance @ slope))
    return Measured(value, error, value, error, None)


def _root(variance: float) -> float | None:
    return float(np.sqrt(variance)) if np.isfinite(variance) and variance > ROUNDING else None


def _statistic(table: Contingency, measure: TableMeasure, scale: Scale) -> Statistic:
    shares = share_of_all(table.kept)
    size = int(np.prod(table.shape))

    def dense(totals: FloatArray) -> FloatArray:
        found = np.zeros((*totals.shape[:-1], size))
        found[..., table.places] = shares.function(totals)
        return found.reshape(*totals.shape[:-1], *table.shape)

    def function(totals: FloatArray) -> FloatArray:
        value = measure.value(dense(totals))
        return np.stack([value, scale.there(value)], axis=-1)

    def gradient(totals: FloatArray) -> FloatArray:
        whole = dense(totals)
        slope = measure.slope(whole).reshape(-1)[table.places]
        # Calibration can leave a cell without a positive share; no measure can be followed there.
        slope = np.where(whole.reshape(-1)[table.places] > 0, slope, 0.0)
        one = shares.gradient(totals)[:, : len(slope)] @ slope
        return np.column_stack([one, one * scale.slope(measure.value(whole))])

    base = np.zeros((len(table.cells.totals.value), 2), dtype=bool)
    base[table.kept] = True
    return Statistic(function, gradient, base)
