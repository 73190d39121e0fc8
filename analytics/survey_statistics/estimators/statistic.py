"""A statistic of totals, and its estimate with covariance under any design.

Belongs here: the one step from totals to value and covariance. Does not belong here: any particular statistic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.totals import Totals


@dataclass(frozen=True)
class Statistic:
    """A smooth function of totals.

    ``function`` maps totals (..., K) to values (..., M), so that replicates are evaluated at once; ``gradient`` maps
    totals (K,) to the derivatives (K, M), for the linearised variance.
    """

    function: Callable[[FloatArray], FloatArray]
    gradient: Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Estimated:
    """Values (M,) with their covariance (M, M)."""

    value: FloatArray
    covariance: FloatArray


def estimate(totals: Totals, statistic: Statistic) -> Estimated:
    """The statistic and its covariance: by replicates where the design has them, else linearised.

    Linearisation: Woodruff (1971), JASA 66, 411-414; Binder (1983), International Statistical Review 51, 279-292.
    """
    value = statistic.function(totals.value)
    if totals.replicates is not None:
        from analytics.survey_statistics.variance.replicates import ReplicateSpread

        spread = totals.spread
        if not isinstance(spread, ReplicateSpread):
            raise TypeError("totals with replicates carry a ReplicateSpread")
        return Estimated(value, spread.of_values(statistic.function(totals.replicates), value))
    return Estimated(value, totals.spread.covariance(statistic.gradient(totals.value)))
