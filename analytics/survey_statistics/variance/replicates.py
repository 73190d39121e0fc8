"""Variances from replicates of the estimate.

Belongs here: scales of the methods and the sum of squared deviations. Does not belong here: SQL.

Wolter (2007), Introduction to Variance Estimation, chapters 3 to 5; names as in R ``survey::svrVar``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray, IntArray


@dataclass(frozen=True)
class ReplicateSpread:
    """How replicates are put together: ``scale`` times ``rscales`` (R,) times squared deviations, from the value of
    the full sample with ``mse``, else from the mean of the replicates. ``replicates`` (R, K): totals.
    """

    replicates: FloatArray
    value: FloatArray
    scale: float
    rscales: FloatArray
    mse: bool
    design_degrees_of_freedom: float

    def of_values(self, replicates: FloatArray, value: FloatArray) -> FloatArray:
        """Covariance (M, M) of values (M,) from their replicates (R, M)."""
        used = self.rscales > 0
        centre = value if self.mse else replicates[used].mean(axis=0)
        deviations = replicates - centre
        return np.asarray((deviations.T * (self.scale * self.rscales)) @ deviations)

    def covariance(self, gradient: FloatArray) -> FloatArray:
        """See ``Spread``; for linear combinations of totals."""
        return self.of_values(self.replicates @ gradient, self.value @ gradient)

    def degrees_of_freedom(self, in_domain: IntArray) -> float:
        """What the design states, or the rank of the replicate weights less 1."""
        return self.design_degrees_of_freedom
