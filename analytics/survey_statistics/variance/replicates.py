"""Variances from replicates of the estimate.

Belongs here: scales of the methods and the sum of squared deviations. Does not belong here: SQL, making replicate
weights (``make_replicates``).

Wolter (2007), Introduction to Variance Estimation, chapters 3 to 5; equal to R ``survey::svrVar`` and to the scales
that ``survey::svrepdesign`` takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.survey_statistics.sample.design import Replicates, SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray
from analytics.survey_statistics.variance.products import cross_product


@dataclass(frozen=True)
class ReplicateSpread:
    """How replicates are put together: ``scale`` times ``rscales`` (R,) times squared deviations, from the value of
    the full sample with ``mse``, else from the mean of the replicates. ``replicates`` (R, K): totals.

    ``degrees`` gives the degrees of freedom for the totals with these indices, none of them for the whole sample, where
    they can be found when they are asked for; None takes ``design_degrees_of_freedom`` for every domain.
    """

    replicates: FloatArray
    value: FloatArray
    scale: float
    rscales: FloatArray
    mse: bool
    design_degrees_of_freedom: float
    degrees: Callable[[IntArray], float] | None = None

    def of_values(self, replicates: FloatArray, value: FloatArray) -> FloatArray:
        """Covariance (M, M) of values (M,) from their replicates (R, M).

        A replicate without a value, for instance of a mean whose domain it leaves empty, is left out of that value, as
        R does; a value without any replicate has the variance NaN.
        """
        there = np.isfinite(replicates)
        used = there & (self.rscales > 0)[:, None]
        if self.mse:
            centre = value
        else:
            n = used.sum(axis=0)
            sums = np.where(used, replicates, 0.0).sum(axis=0)
            centre = np.divide(sums, n, out=np.full_like(sums, np.nan), where=n > 0)
        deviations = np.where(there, replicates - centre, 0.0) if not there.all() else replicates - centre
        weighted = deviations * np.sqrt(self.rscales)[:, None]
        found = self.scale * cross_product(weighted)
        nowhere = ~used.any(axis=0)
        found[nowhere, :] = found[:, nowhere] = np.nan
        return np.asarray(found)

    def covariance(self, gradient: FloatArray, base: object = None) -> FloatArray:
        """See ``Spread``; for linear combinations of totals. No domain matters to a replicate."""
        return self.of_values(self.replicates @ gradient, self.value @ gradient)

    def degrees_of_freedom(self, in_domain: IntArray) -> float:
        """What the design states, or the rank of the replicate weights, in the domain, less 1 (R ``degf``)."""
        return self.design_degrees_of_freedom if self.degrees is None else self.degrees(in_domain)


def scales(design: Replicates, count: int, largest: FloatArray | None = None) -> tuple[float, FloatArray]:
    """Scale and rscales (R,) of a design with ``count`` replicates; what is not stated follows from the method.

    ``largest`` (R,): the largest factor of each replicate, from which R guesses the scales of a jackknife whose columns
    do not hold the sampling weight. Raises ``SurveyError`` where the method leaves no rule.
    """
    stated = None if design.rscales is None else np.asarray(design.rscales, dtype=np.float64)
    if stated is not None and len(stated) == 1:
        stated = np.repeat(stated, count)
    if stated is not None and len(stated) != count:
        raise SurveyError(f"The design names {count} replicate weights but {len(stated)} rscales; give one of each.")
    if stated is not None and not (np.isfinite(stated).all() and (stated >= 0).all()):
        raise SurveyError("The rscales of replicate weights must be numbers of 0 or more.")
    rscales = np.ones(count) if stated is None else stated
    if design.method in ("JK1", "JKn"):
        return _jackknife(design, stated, count, largest)
    return _fixed_scale(design, count), np.ones(count) if design.method in ("SDR", "JK2") else rscales


def _fixed_scale(design: Replicates, count: int) -> float:
    """Scale of the methods that have a formula; those of BRR, Fay, SDR and JK2 cannot be stated otherwise, as in R."""
    if design.method == "Fay":
        if design.rho is None:
            raise SurveyError("Fay's method needs rho, the share of the weight that the left-out half keeps (0 to 1).")
        return 1 / (count * (1 - design.rho) ** 2)
    formula = {"BRR": 1 / count, "SDR": 4 / count, "JK2": 1.0}
    if design.method in formula:
        return formula[design.method]
    if design.scale is not None:
        return design.scale
    return 1 / (count - 1) if design.method in ("bootstrap", "subbootstrap") else 1.0


def _jackknife(
    design: Replicates, stated: FloatArray | None, count: int, largest: FloatArray | None
) -> tuple[float, FloatArray]:
    if design.method == "JK1":
        guessed = (count - 1) / count if design.combined or largest is None else 1 / float(largest[0])
        return design.scale if design.scale is not None else guessed, np.ones(count) if stated is None else stated
    if stated is None and (design.combined or largest is None):
        raise SurveyError(
            "JKn weights that already hold the sampling weight do not show how many units their stratum had; "
            "give rscales, (n - 1)/n of the stratum that each replicate leaves a unit out of."
        )
    rscales = 1 / largest if stated is None and largest is not None else stated
    return design.scale if design.scale is not None else 1.0, np.asarray(rscales)
