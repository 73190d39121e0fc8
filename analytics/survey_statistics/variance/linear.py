"""Linearised variances of totals: what the spread between units inside strata says, stage by stage.

Belongs here: the arithmetic of sampled units. Does not belong here: replicates (``replicates``), SQL.

Formulas: Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, sections 4.3 to 4.5; equal to R
``survey`` 4.1, ``svyrecvar``, for every design with the finite population corrections that are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.survey_statistics.sample.frame import (
    BoolArray,
    FloatArray,
    InclusionProbabilities,
    IntArray,
    SampleFrame,
)
from analytics.survey_statistics.variance import degrees, unequal
from analytics.survey_statistics.variance.lonely import LonelyRule, StratumFactors
from analytics.survey_statistics.variance.products import cross_product, row_products
from analytics.survey_statistics.variance.stages import Level, levels, sum_by

# Share of the sums of squares below which a variance is the rounding of their difference, of one response; what a sum
# of n equal terms loses to rounding was seen to grow with the root of n (3,000 to 3,000,000).
ROUNDING = 1e-14


@dataclass(frozen=True)
class UnitSpread:
    """Totals kept for every unit of the last stage. ``totals`` (U, K): weighted totals of each unit."""

    frame: SampleFrame
    totals: FloatArray
    lonely_psu: str
    adjust_domain_lonely: bool = False

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The stages."""
        return levels(self.frame)

    def covariance(self, gradient: FloatArray, base: BoolArray | None = None) -> FloatArray:
        """See ``Spread``; NaN where the lonely rule leaves nothing to go by."""
        rule = LonelyRule(self.lonely_psu, self.adjust_domain_lonely)
        present = None
        if rule.needs_domain(self.levels):
            present = ((self.totals != 0).astype(float) @ _domain(gradient, base) > 0).astype(float)
        return _up_the_stages(self.frame, self.levels, rule, row_products(self.totals, gradient), present)

    def degrees_of_freedom(self, in_domain: IntArray) -> float:
        """See ``Spread``; the indices are those of counts (measure 0)."""
        present = (self.totals[:, in_domain] != 0).any(axis=1) if len(in_domain) else None
        return degrees.of_units(self.frame, present)


@dataclass(frozen=True)
class ResponseSpread:
    """Totals of a sample whose last stage samples the responses themselves: kept for each stratum, with the sums of
    squares and products that stand in for the single responses.

    ``totals`` (S, K). ``products`` (S, C, m, m): sums of squared weights times the products of the m measures inside a
    cell, each less its ``shift`` (m,) if there is one; products between cells are 0, because cells do not overlap.
    ``n`` (S, C): responses with a positive weight. A shift near the mean of a value keeps its products from losing
    digits where the value varies little around a large number; that of the number 1 is 0.
    """

    frame: SampleFrame
    totals: FloatArray
    products: FloatArray
    n: FloatArray
    lonely_psu: str
    adjust_domain_lonely: bool = False
    shift: FloatArray | None = None

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The stages."""
        return levels(self.frame)

    def covariance(self, gradient: FloatArray, base: BoolArray | None = None) -> FloatArray:
        """See ``Spread``; exactly what the single responses would give."""
        stage = self.frame.responses
        if stage is None:
            raise TypeError("a spread of responses needs a stage of responses")
        if not len(gradient):
            return np.zeros((gradient.shape[1],) * 2)
        rule = LonelyRule(self.lonely_psu, self.adjust_domain_lonely)
        strata, cells, measures, _ = self.products.shape
        present = None
        if rule.needs_domain(self.levels):
            present = self.n @ _domain(gradient, base).reshape(cells, measures, gradient.shape[1]).max(axis=1)
        factors = rule.factors(self.levels[-1], present)
        sums = self.totals.reshape(strata, -1) @ gradient
        found = self._among_responses(gradient, sums, factors, stage.sampled)
        if self.frame.units:
            units = len(self.frame.units[-1].stratum)
            above = None if present is None else (sum_by(stage.parent, units, present) > 0).astype(float)
            sums = sum_by(stage.parent, units, sums)
            found += _up_the_stages(self.frame, self.levels[:-1], rule, sums, above)
        return np.asarray(found)

    def _among_responses(
        self, gradient: FloatArray, sums: FloatArray, factors: StratumFactors, sampled: FloatArray
    ) -> FloatArray:
        """What varies among the responses of the strata (M, M). ``sums`` (S, M): of the scores of each stratum."""
        strata, cells, measures, _ = self.products.shape
        blocks = gradient.reshape(cells, measures, gradient.shape[1])
        if self.shift is not None:
            blocks = blocks.copy()
            blocks[:, 0] += np.einsum("cam,a->cm", blocks, self.shift)
        means = np.sqrt(factors.factor / sampled[:, None]) * sums
        found = self._squares(blocks, factors) - means.T @ means
        if not factors.is_centred.all():
            uncentred = means * ~factors.is_centred
            found += uncentred.T @ uncentred
        # A domain with one response, or a count fixed by the design, does not vary: what is left of the difference of
        # two sums is their rounding.
        largest = np.nan_to_num(factors.factor).max(axis=1) @ np.abs(self.products).reshape(strata, -1)
        size = np.abs(blocks)
        scale = (size * (largest.reshape(cells, measures, measures) @ size)).sum(axis=(0, 1))
        nothing = np.diagonal(found) <= ROUNDING * np.sqrt(max(sampled.sum(), 100.0)) * scale
        found[nothing, :] = found[:, nothing] = 0
        return np.asarray(found)

    def _squares(self, blocks: FloatArray, factors: StratumFactors) -> FloatArray:
        """Sum over strata of factor times the sums of squares around 0 (M, M), of gradients by cell (C, m, M)."""
        strata, cells, measures, _ = self.products.shape
        if factors.factor.shape[1] == 1:
            together = factors.factor[:, 0] @ self.products.reshape(strata, -1)
            return _quadratic(blocks, together.reshape(cells, measures, measures))
        squares = np.zeros((blocks.shape[2],) * 2)
        for products, factor in zip(self.products, np.sqrt(factors.factor), strict=True):
            squares += _quadratic(blocks * factor, products)
        return squares

    def degrees_of_freedom(self, in_domain: IntArray) -> float:
        """See ``Spread``."""
        measures = self.products.shape[2]
        n = self.n[:, np.unique(in_domain // measures)].sum(axis=1) if len(in_domain) else None
        return degrees.of_responses(self.frame, n)


def _quadratic(blocks: FloatArray, products: FloatArray) -> FloatArray:
    """Sum over cells of blocks (C, m, M) around products (C, m, m)."""
    cells, measures, width = blocks.shape
    flat = (cells * measures, width)
    return np.asarray(blocks.reshape(flat).T @ (products @ blocks).reshape(flat))


def _domain(gradient: FloatArray, base: BoolArray | None) -> FloatArray:
    """Which totals (K, M) tell whether a unit lies in the domain of a statistic."""
    return np.asarray((gradient != 0 if base is None else base), dtype=np.float64)


def _up_the_stages(
    frame: SampleFrame,
    stages: tuple[Level, ...],
    rule: LonelyRule,
    scores: FloatArray,
    present: FloatArray | None,
) -> FloatArray:
    """Covariance (M, M) of scores (U, M) of the units of the last stage that has units, from there up. The scores are
    used up.

    ``present`` (U, M): 1 where a unit lies in the domain of a statistic.
    """
    found = np.zeros((scores.shape[1],) * 2)
    for place in range(len(frame.units) - 1, -1, -1):
        stage, level = frame.units[place], stages[place]
        in_strata = None if present is None else sum_by(stage.stratum, len(level.sampled), present)
        sums = sum_by(stage.stratum, len(level.sampled), scores)
        centred = scores
        if place:
            above = len(frame.units[place - 1].stratum)
            scores = sum_by(stage.parent, above, scores)
            present = None if present is None else (sum_by(stage.parent, above, present) > 0).astype(float)
        factors = rule.factors(level, in_strata)
        if level.inclusion is not None:
            found += _of_unequal(level.inclusion, stage.stratum, level, factors, centred)
            continue
        # In place, because the first touch of fresh memory costs more than the arithmetic.
        centred -= (sums / level.sampled[:, None] * factors.is_centred)[stage.stratum]
        centred *= np.sqrt(factors.factor)[stage.stratum]
        found += cross_product(centred)
    return found


def _of_unequal(
    inclusion: InclusionProbabilities, stratum: IntArray, level: Level, factors: StratumFactors, scores: FloatArray
) -> FloatArray:
    """What a stage adds (M, M) whose units have probabilities of their own; see ``unequal``."""
    scaled = scores * np.sqrt(factors.factor)[stratum]
    if inclusion.method == "joint":
        found = unequal.of_pairs(inclusion, scaled)
    else:
        centred, uncentred = unequal.factors(inclusion, stratum, level.sampled)
        means = sum_by(stratum, len(level.sampled), scaled) / level.sampled[:, None] * factors.is_centred
        found = unequal.weighted_product(scaled - means[stratum], centred)
        found += unequal.weighted_product(scaled, uncentred)
    return unequal.without_negative(found, (scaled * scaled).sum(axis=0))
