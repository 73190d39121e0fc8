"""Weighted totals of cells with what their variance needs: the one small array that every estimate is made from.

Belongs here: the shapes. Does not belong here: the SQL that fills them (``cells``), the variances (``variance``).

A *cell* is one combination of key values (domain, category); cells never overlap. A *measure* is what is added up in
a cell: first the number 1, then each requested value. A total is a cell times a measure: index
``k = cell * n_measures + measure`` of K.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from analytics.survey_statistics.sample.frame import BoolArray, FloatArray, IntArray

Key = tuple[object, ...]


class Spread(Protocol):
    """What knows how totals vary from sample to sample."""

    def covariance(self, gradient: FloatArray, base: BoolArray | None = None) -> FloatArray:
        """Covariance (M, M) of the linear combinations of totals in the columns of ``gradient`` (K, M).

        A gradient is taken at the estimate, so for a non-linear statistic this is its linearised (Taylor) covariance.
        ``base`` (K, M): see ``Statistic``.
        """
        ...

    def degrees_of_freedom(self, in_domain: IntArray) -> float:
        """Degrees of freedom for the totals with these indices: first-stage units with a positive weight in them less
        strata that hold one (Korn and Graubard 1999, section 5.2), or what the replicates allow. ``in_domain`` empty
        means the whole sample.
        """
        ...


@dataclass(frozen=True)
class Totals:
    """Totals of a request. ``value`` (K,): weighted totals. ``n`` (C,): unweighted responses with a positive weight.
    ``replicates`` (R, K) in designs with replicate weights, else None; ``spread`` knows how to use them.
    """

    value: FloatArray
    n: IntArray
    spread: Spread
    replicates: FloatArray | None = None


@dataclass(frozen=True)
class CellTotals:
    """The totals of one request. ``cells`` (C): key values, in the order of the keys asked for, sorted.

    Responses with a missing key or value are in no cell but stay in the design: a domain, never a smaller sample.
    """

    cells: tuple[Key, ...]
    n_measures: int
    totals: Totals

    def index(self, cell: int, measure: int = 0) -> int:
        """Place of a total among the K."""
        return cell * self.n_measures + measure
