"""Replicates by factors on the weights of units: balanced half samples and bootstraps.

Belongs here: BRR, Fay, the bootstraps of Canty and Davison and of Rao and Wu. Does not belong here: jackknives
(``jackknife``), the matrices that balance (``hadamard``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import BoolArray, FloatArray, IntArray
from analytics.survey_statistics.variance.hadamard import hadamard
from analytics.survey_statistics.variance.products import unit_product
from analytics.survey_statistics.variance.stages import Level

# A stratum of a population this large is drawn with replacement, which changes no digit that is kept.
ENDLESS = 1e8


@dataclass(frozen=True)
class UnitWeights:
    """Factors (R, U) by which the replicates multiply the weight of each unit; ``scale`` as in ``Replicates``.

    ``known_degrees``: degrees of freedom that were found already, by which units have a weight; a rank costs more than
    the estimates that it is for.
    """

    factors: FloatArray
    scale: float
    known_degrees: dict[bytes, float] = field(default_factory=dict, repr=False, compare=False)

    @property
    def rscales(self) -> FloatArray:
        """One for each replicate (R,)."""
        return np.ones(len(self.factors))

    def applied(self, totals: FloatArray) -> FloatArray:
        """Replicates (R, K) of the totals of units (U, K)."""
        return unit_product(self.factors, totals)

    def degrees_of_freedom(self, weighted: BoolArray) -> float:
        """Rank of the replicate weights less 1. ``weighted`` (U,): units with a positive weight."""
        known = self.known_degrees
        key = weighted.tobytes()
        if key not in known:
            from analytics.survey_statistics.variance import degrees

            known[key] = degrees.of_replicates(self.factors[:, weighted].T)
        return known[key]


def half_samples(stratum: IntArray, level: Level, rho: float, matrix: IntArray | None = None) -> UnitWeights:
    """BRR (``rho`` 0) and Fay's method: of every two units one gets the weight 2 - rho, the other rho.

    A stratum of more than two units is split into pairs in their order, as R ``survey::brrweights`` does. ``matrix``: a
    Hadamard matrix with more rows than there are pairs, whose first row is not used, so that every pair is in the first
    half as often as in the second. Fay and Dippo (1989); Judkins (1990), Journal of Official Statistics 6, 223-239.
    Raises ``SurveyError`` where a stratum has an odd number of units.
    """
    if not 0 <= rho < 1:
        raise SurveyError(f"rho is {rho:g}; Fay's method needs a share of the weight from 0 up to, but not with, 1.")
    odd = int((level.sampled % 2 == 1).sum())
    if odd:
        raise SurveyError(
            f"{odd} of {len(level.sampled)} strata have an odd number of units; half samples need pairs. Use JKn or a "
            "bootstrap, or join units or strata."
        )
    order = np.argsort(stratum, kind="stable")
    pair = np.empty(len(stratum), dtype=np.int64)
    pair[order] = np.arange(len(stratum)) // 2
    sign = np.empty(len(stratum), dtype=np.int64)
    sign[order] = np.where(np.arange(len(stratum)) % 2, 1, -1)
    rows = hadamard(len(stratum) // 2 + 1) if matrix is None else matrix
    factors = 1 + (1 - rho) * (-(rows[1 + pair] * sign[:, None]).T)
    return UnitWeights(np.asarray(factors, dtype=np.float64), 1 / (rows.shape[1] * (1 - rho) ** 2))


def bootstrap(stratum: IntArray, level: Level, population: FloatArray, replicates: int, seed: int) -> UnitWeights:
    """Canty and Davison (1999), The Statistician 48, 379-391: as many units as were sampled are drawn from a population
    made of copies of them, or with replacement where it is endless. R ``survey::bootweights``.

    Random numbers: ``numpy.random.PCG64`` with the seed.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    factors = _drawn(stratum, level.sampled, np.zeros_like(level.sampled), replicates, draw)
    for s in np.flatnonzero(population < ENDLESS):
        units = draw.permutation(np.flatnonzero(stratum == s))
        copies = np.full(len(units), int(population[s]) // len(units), dtype=np.int64)
        copies[: int(population[s]) % len(units)] += 1
        factors[:, units] = draw.multivariate_hypergeometric(copies, len(units), size=replicates)
    per_stratum = 1 / float(np.mean(1 / level.sampled))
    if per_stratum <= 1:
        raise SurveyError("Every stratum has a single unit, so that a bootstrap of units has nothing to draw from.")
    return UnitWeights(factors, per_stratum / ((per_stratum - 1) * (replicates - 1)))


def subbootstrap(stratum: IntArray, level: Level, replicates: int, seed: int) -> UnitWeights:
    """Rao and Wu (1988), JASA 83, 231-241: n - 1 of the n units of a stratum are drawn with replacement.

    R ``survey::subbootweights``. Random numbers: ``numpy.random.PCG64`` with the seed.
    """
    if (level.sampled < 2).any():
        raise SurveyError(
            f"{int((level.sampled < 2).sum())} of {len(level.sampled)} strata have a single unit, of which this "
            "bootstrap would draw none. Join strata, or use the linearised variance with a rule for lonely units."
        )
    draw = np.random.Generator(np.random.PCG64(seed))
    factors = _drawn(stratum, level.sampled, np.ones_like(level.sampled), replicates, draw)
    factors *= (level.sampled / (level.sampled - 1))[stratum]
    return UnitWeights(factors, 1 / (replicates - 1))


def _drawn(
    stratum: IntArray, sampled: FloatArray, fewer: FloatArray, replicates: int, draw: np.random.Generator
) -> FloatArray:
    """How often each unit is drawn (R, U): n less ``fewer`` (S,) units of each stratum, with replacement."""
    order = np.argsort(stratum, kind="stable")
    n = sampled.astype(np.int64)
    first = np.cumsum(n) - n
    drawn_in = np.repeat(np.arange(len(n)), n - fewer.astype(np.int64))
    places = draw.integers(0, n[drawn_in], size=(replicates, len(drawn_in))) + first[drawn_in]
    places += np.arange(replicates)[:, None] * len(stratum)
    times = np.bincount(places.ravel(), minlength=replicates * len(stratum)).reshape(replicates, -1)
    factors = np.empty((replicates, len(stratum)))
    factors[:, order] = times
    return factors
