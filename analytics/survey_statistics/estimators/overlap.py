"""The covariance between two waves of a survey that have units in common.

Belongs here: how far their estimates move together. Does not belong here: which units they have (``wave_unit``), the
variance of each wave, which its own design gives (``variance``), the change (``change``).

Each wave keeps its own variance with everything its design has: stages, finite populations, lonely units, calibration.
The units of the first stage that both waves have say how far the two move together: in stratum h, with n1 and n2
sampled, c of them in both, and scores z1 and z2 of the units,

    (c - n1 n2 / N) / (c - 1) * sum over the c units of (z1 - mean z1)(z2 - mean z2),

the covariance of two means of samples without replacement of which c units are in both (Tam 1984, American
Statistician 38, 288-289; Qualité and Tillé 2008, Survey Methodology 34, 173-181), never more than the two variances
allow. So at the first stage; what varies inside its units is added stage by stage as in the variance (Särndal,
Swensson and Wretman 1992, result 4.3.1). With the same units in both waves this is the covariance of both as one
sample: R ``svycontrast`` of ``svyby`` over the waves put under each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.statistic import Estimated
from analytics.survey_statistics.estimators.wave_unit import (
    Unit,
    Wave,
    gradient_of,
    innermost,
    scores_of,
    units_of,
)
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import BoolArray, FloatArray, IntArray, UnitStage
from analytics.survey_statistics.variance.lonely import LonelyRule
from analytics.survey_statistics.variance.replicates import ReplicateSpread
from analytics.survey_statistics.variance.stages import Level, levels, sum_by

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey


@dataclass(frozen=True)
class WaveStage:
    """A stage of one wave: the names (U) of its units in order, and their scores (U, M) of each value."""

    stage: UnitStage
    level: Level
    rule: LonelyRule
    units: tuple[Unit, ...]
    scores: FloatArray


@dataclass(frozen=True)
class Shared:
    """Covariance (M1, M2) of the values of two waves, and how many units both have; ``told`` in words."""

    covariance: FloatArray
    units: int
    told: str


def shared(waves: tuple[Wave, Wave], values: tuple[Estimated, Estimated]) -> Shared:
    """How far the values of two waves move together."""
    spreads = [wave.side.cells.totals.spread for wave in waves]
    if isinstance(spreads[0], ReplicateSpread) and isinstance(spreads[1], ReplicateSpread):
        return _by_replicates(spreads[0], spreads[1], waves, values)
    if any(_has_pairs(wave.survey) for wave in waves):
        return _of_pairs(waves)
    before, after = (_stages(wave) for wave in waves)
    # What one wave alone samples below the stages of the other moves with nothing there.
    found = [_of_units(*stages) for stages in zip(before, after, strict=False)]
    n = found[0][1]
    told = f"covariance of {n} units in both waves ({len(before[0].units)} and {len(after[0].units)})"
    return Shared(np.asarray(sum(covariance for covariance, _ in found)), n, told)


def _has_pairs(survey: Survey) -> bool:
    """Whether the variance goes by the probabilities of pairs of units; that of Brewer does not."""
    chances = [stage.inclusion for stage in survey.design.stages if stage.inclusion]
    return survey.design.inference == "population" and any(each.method != "brewer" for each in chances)


def _of_pairs(waves: tuple[Wave, Wave]) -> Shared:
    """Of units drawn with known probabilities of pairs, the same in both waves: from both waves as one sample of them.

    Which pairs of units were to be in different waves is not known, so other waves count as independent.
    """
    from analytics.survey_statistics.variance.linear import UnitSpread

    (one, first), (two, second) = (innermost(wave.side.cells.totals.spread, gradient_of(wave.side)) for wave in waves)
    m = first.shape[1]
    nothing = Shared(np.zeros((m, second.shape[1])), 0, "as independent waves: their units, drawn with unequal "
                     "probabilities, are not the same in both")  # fmt: skip
    if not isinstance(one, UnitSpread) or not isinstance(two, UnitSpread):
        return nothing
    names = [units_of(wave, spread.frame)[-1] for wave, spread in zip(waves, (one, two), strict=True)]
    place = {unit: i for i, unit in enumerate(names[1])}
    if set(names[0]) != set(names[1]) or len(one.frame.units) != len(two.frame.units):
        return nothing
    order = np.array([place[unit] for unit in names[0]], dtype=np.int64)
    chances = [spread.frame.units[-1].inclusion for spread in (one, two)]
    if chances[0] is None or chances[1] is None:
        return nothing
    if not np.allclose(chances[0].probability, chances[1].probability[order], rtol=1e-9):
        return nothing
    both = replace(one, totals=np.hstack([one.totals, two.totals[order]]))
    gradient = np.zeros((both.totals.shape[1], m + second.shape[1]))
    gradient[: len(first), :m], gradient[len(first) :, m:] = first, second
    told = f"covariance of {len(order)} units, the same in both waves"
    return Shared(both.covariance(gradient)[:m, m:], len(order), told)


def _by_replicates(
    before: ReplicateSpread,
    after: ReplicateSpread,
    waves: tuple[Wave, Wave],
    values: tuple[Estimated, Estimated],
) -> Shared:
    """From replicate weights: replicate r of both waves leaves out, or repeats, the same units."""
    scales = before.scale * before.rscales, after.scale * after.rscales
    if len(before.replicates) != len(after.replicates) or not np.allclose(*scales, rtol=1e-12, atol=0):
        raise SurveyError(
            f"The waves have {len(before.replicates)} and {len(after.replicates)} replicate weights, or different "
            "scales, so their replicates are not of the same units: leave `respondent` out, and they are independent."
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.hstack([wave.side.statistic.function(spread.replicates) for wave, spread in
                          zip(waves, (before, after), strict=True)])  # fmt: skip
    joint = before.of_values(both, np.concatenate([each.value for each in values]))
    split = len(values[0].value)
    return Shared(joint[:split, split:], 0, f"covariance of {len(both)} replicates")


def _stages(wave: Wave) -> tuple[WaveStage, ...]:
    """The stages of a wave that sample units, with the scores of the values at each."""
    frame, scores = scores_of(wave.side.cells.totals.spread, gradient_of(wave.side))
    # Rules that look at what else is in a domain leave lonely units out here, which makes a change no surer.
    name = wave.survey.design.lonely_psu
    rule = LonelyRule("adjust" if name == "adjust" else "remove")
    if frame.responses is not None:
        scores = sum_by(frame.responses.parent, len(frame.units[-1].stratum), scores)
    found = []
    names = units_of(wave, frame)
    for place in range(len(frame.units) - 1, -1, -1):
        stage = frame.units[place]
        found.append(WaveStage(stage, levels(frame)[place], rule, names[place], scores))
        if place:
            scores = sum_by(stage.parent, len(frame.units[place - 1].stratum), scores)
    return tuple(reversed(found))


def _of_units(before: WaveStage, after: WaveStage) -> tuple[FloatArray, int]:
    """The covariance of one stage, stratum by stratum of the units in common, and how many these are."""
    place = {unit: i for i, unit in enumerate(after.units)}
    pairs = [(i, place[unit]) for i, unit in enumerate(before.units) if unit in place]
    if not pairs:
        return np.zeros((before.scores.shape[1], after.scores.shape[1])), 0
    one, two = np.array(pairs, dtype=np.int64).T
    strata, inside = np.unique(before.stage.stratum[one], return_inverse=True)
    others = np.zeros(len(strata), dtype=np.int64)
    others[inside] = after.stage.stratum[two]
    factor, is_centred = _factors(before, after, strata, others, np.bincount(inside).astype(np.float64))
    scores = [_centred(wave.scores[chosen], inside, len(strata), is_centred) * _uncovered(wave.stage, chosen)
              for wave, chosen in ((before, one), (after, two))]  # fmt: skip
    return np.asarray((scores[0] * factor[inside][:, None]).T @ scores[1]), len(pairs)


def _factors(
    before: WaveStage, after: WaveStage, strata: IntArray, others: IntArray, common: FloatArray
) -> tuple[FloatArray, BoolArray]:
    """What the sum of products of each stratum is multiplied by, and whether it is taken around the mean."""
    factors, sampled, population, carried, centred = [], [], [], [], []
    for wave, chosen in ((before, strata), (after, others)):
        found = wave.rule.factors(wave.level, None)
        factors.append(found.factor[chosen, 0])
        centred.append(np.broadcast_to(found.is_centred, found.factor.shape)[chosen, 0])
        sampled.append(wave.stage.sampled[chosen])
        population.append(wave.stage.population[chosen])
        carried.append(wave.level.carried[chosen])
    most = np.sqrt(factors[0] * factors[1])
    # 0 of a population without a limit.
    expected = sampled[0] * sampled[1] / np.max(population, axis=0)
    some = (common - expected) / np.maximum(common - 1, 1) * np.sqrt(carried[0] * carried[1])
    is_same = (common == sampled[0]) & (common == sampled[1])
    partly = np.where(common > 1, np.clip(some, -most, most), 0.0)
    return np.where(is_same, most, partly), np.asarray(centred[0] & centred[1])


def _uncovered(stage: UnitStage, chosen: IntArray) -> FloatArray:
    """Root of 1 - p (c, 1) of units with probabilities of their own; of others their stratum knows it."""
    if stage.inclusion is None:
        return np.ones((len(chosen), 1))
    return np.asarray(np.sqrt(1 - stage.inclusion.probability[chosen])[:, None])


def _centred(scores: FloatArray, inside: IntArray, strata: int, is_centred: BoolArray) -> FloatArray:
    means = sum_by(inside, strata, scores) / np.bincount(inside, minlength=strata)[:, None]
    return np.asarray(scores - (means * is_centred[:, None])[inside])
