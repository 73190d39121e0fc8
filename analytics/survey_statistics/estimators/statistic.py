"""A statistic of totals, and its estimate with covariance under any design.

Belongs here: the one step from totals to value and covariance. Does not belong here: any particular statistic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.survey_statistics.sample.frame import BoolArray, FloatArray
from analytics.survey_statistics.sample.totals import Totals


@dataclass(frozen=True)
class Statistic:
    """A smooth function of totals.

    ``function`` maps totals (..., K) to values (..., M), so that replicates are evaluated at once; ``gradient`` maps
    totals (K,) to the derivatives (K, M), for the linearised variance. Both may divide by a total of 0; what is not a
    number afterwards is undefined.

    ``base`` (K, M): the counts that make up the domain of each value, which matters where the rule for lonely units
    looks at what lies in the domain (``average``). None takes the totals that the value depends on, which is right for
    means and shares; the total of one category is of a domain with all categories.
    """

    function: Callable[[FloatArray], FloatArray]
    gradient: Callable[[FloatArray], FloatArray]
    base: BoolArray | None = None


@dataclass(frozen=True)
class Estimated:
    """Values (M,) with their covariance (M, M); NaN where undefined."""

    value: FloatArray
    covariance: FloatArray


def estimate(totals: Totals, statistic: Statistic) -> Estimated:
    """The statistic and its covariance: by replicates where the design has them, else linearised.

    Linearisation: Woodruff (1971), JASA 66, 411-414; Binder (1983), International Statistical Review 51, 279-292.
    """
    spread = totals.spread
    with np.errstate(divide="ignore", invalid="ignore"):
        value = statistic.function(totals.value)
        if totals.replicates is None:
            gradient = statistic.gradient(totals.value)
            given = () if statistic.base is None else (statistic.base,)
            return Estimated(value, spread.covariance(gradient, *given))
        from analytics.survey_statistics.variance.replicates import ReplicateSpread

        if not isinstance(spread, ReplicateSpread):
            raise TypeError("totals with replicates carry a ReplicateSpread")
        return Estimated(value, spread.of_values(statistic.function(totals.replicates), value))
