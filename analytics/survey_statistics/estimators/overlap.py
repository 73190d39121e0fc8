"""The covariance between two waves of a survey that have units in common.

Belongs here: which units both waves have, and how far their estimates move together. Does not belong here: the
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

from analytics.survey_statistics.estimators.contrast import Compared
from analytics.survey_statistics.estimators.statistic import Estimated
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import arrays
from analytics.survey_statistics.sample.frame import BoolArray, FloatArray, IntArray, SampleFrame, UnitStage
from analytics.survey_statistics.sample.inclusion import RESPONSE_NUMBER
from analytics.survey_statistics.sample.responses import quoted
from analytics.survey_statistics.sample.structure import structure
from analytics.survey_statistics.sample.totals import Spread
from analytics.survey_statistics.variance.lonely import LonelyRule
from analytics.survey_statistics.variance.replicates import ReplicateSpread
from analytics.survey_statistics.variance.stages import Level, levels, sum_by, to_first_stage

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

# Stratum and unit of each stage, from the first down.
Unit = tuple[str, ...]
UNITS = "names of the units of each stage"


def by_respondent(survey: Survey, respondent: str) -> Survey:
    """The survey with respondents as units where it samples responses, so that they are known by name.

    Raises ``SurveyError`` where it is not known who answered.
    """
    stages = survey.design.stages
    chances = [stage.inclusion.method for stage in stages if stage.inclusion and stage.inclusion.method != "brewer"]
    if chances and survey.design.inference == "population":
        raise SurveyError(
            f"{survey.responses.title}: how two waves of units drawn with unequal probabilities move together is known "
            f"with the method brewer only, not with {chances[0]}: take brewer, or leave `respondent` out, so that the "
            "waves are independent."
        )
    is_replicated = survey.design.replicates is not None
    is_named = stages[-1].units not in (None, RESPONSE_NUMBER)
    if is_named or is_replicated or (len(stages) > 1 and not survey.context.is_fpc_used):
        return survey
    responses = survey.responses
    if respondent not in responses.columns:
        raise SurveyError(f"{responses.title} has no column {respondent!r} that says who answered in both waves.")
    (unknown,) = arrays(responses, f"select count(*) - count({quoted(respondent)}) from {responses.relation}")
    if unknown[0]:
        raise SurveyError(
            f"{respondent} is empty in {int(unknown[0])} responses of {responses.title}, so it is not known whether "
            "they answered both: fill it in, leave these responses out, or leave `respondent` out, so that the waves "
            "are independent."
        )
    return survey.with_design(stages=(*stages[:-1], replace(stages[-1], units=respondent)))


def check_same_design(earlier: Survey, later: Survey) -> None:
    """Raises ``SurveyError`` for waves whose units cannot be the same."""
    for what, before, after in (
        ("units", earlier.design.stages[0].units, later.design.stages[0].units),
        ("strata", earlier.design.stages[0].strata, later.design.stages[0].strata),
        ("replicate weights", earlier.design.replicates, later.design.replicates),
    ):
        if (before is None) != (after is None):
            raise SurveyError(
                f"One wave has {what} and the other has none, so it is not known which units are in both: leave "
                "`respondent` out, and the waves count as independent."
            )


def without_made_replicates(survey: Survey) -> Survey:
    """The survey without replicates that were made of its design: those of two waves are not the same units."""
    made = survey.design.replicates is not None and not survey.design.replicates.columns
    return survey.with_design(replicates=None) if made else survey


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


def shared(
    earlier: Survey, later: Survey, sides: tuple[Compared, Compared], values: tuple[Estimated, Estimated]
) -> Shared:
    """How far the values of two waves move together."""
    spreads = [side.cells.totals.spread for side in sides]
    if isinstance(spreads[0], ReplicateSpread) and isinstance(spreads[1], ReplicateSpread):
        return _by_replicates(spreads[0], spreads[1], sides, values)
    before, after = (_stages(survey, side) for survey, side in zip((earlier, later), sides, strict=True))
    found = [_of_units(*stages) for stages in zip(before, after, strict=False)]
    n = found[0][1]
    told = f"covariance of {n} units in both waves ({len(before[0].units)} and {len(after[0].units)})"
    return Shared(np.asarray(sum(covariance for covariance, _ in found)), n, told)


def _by_replicates(
    before: ReplicateSpread,
    after: ReplicateSpread,
    sides: tuple[Compared, Compared],
    values: tuple[Estimated, Estimated],
) -> Shared:
    """From replicate weights: replicate r of both waves leaves out, or repeats, the same units."""
    if len(before.replicates) != len(after.replicates) or not np.array_equal(before.rscales, after.rscales):
        raise SurveyError(
            f"The waves have {len(before.replicates)} and {len(after.replicates)} replicate weights, or different "
            "scales, so their replicates are not of the same units: leave `respondent` out, and they are independent."
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.hstack([side.statistic.function(spread.replicates) for side, spread in
                          zip(sides, (before, after), strict=True)])  # fmt: skip
    joint = before.of_values(both, np.concatenate([side.value for side in values]))
    split = len(values[0].value)
    return Shared(joint[:split, split:], 0, f"covariance of {len(both)} replicates")


def _stages(survey: Survey, side: Compared) -> tuple[WaveStage, ...]:
    """The stages of a wave that sample units, with the scores of the values at each."""
    totals = side.cells.totals
    with np.errstate(divide="ignore", invalid="ignore"):
        gradient = side.statistic.gradient(totals.value)
    frame, scores = _scores(totals.spread, gradient)
    # Rules that look at what else is in a domain leave lonely units out here, which makes a change no surer.
    name = survey.design.lonely_psu
    rule = LonelyRule("adjust" if name == "adjust" else "remove")
    if frame.responses is not None:
        scores = sum_by(frame.responses.parent, len(frame.units[-1].stratum), scores)
    found = []
    names = _units(survey, frame)
    for place in range(len(frame.units) - 1, -1, -1):
        stage = frame.units[place]
        found.append(WaveStage(stage, levels(frame)[place], rule, names[place], scores))
        if place:
            scores = sum_by(stage.parent, len(frame.units[place - 1].stratum), scores)
    return tuple(reversed(found))


def _scores(spread: Spread, gradient: FloatArray) -> tuple[SampleFrame, FloatArray]:
    """Scores (G, M) of the groups that totals are kept for; of calibrated weights those of the residuals."""
    from analytics.survey_statistics.variance.linear import ResponseSpread, UnitSpread
    from analytics.survey_statistics.weighting.residuals import ResidualSpread

    if isinstance(spread, ResidualSpread):
        return _scores(spread.inner, spread.residual @ gradient)
    if not isinstance(spread, UnitSpread | ResponseSpread):
        raise TypeError("a linearised design keeps totals of units or of strata")
    return spread.frame, spread.totals.reshape(len(spread.totals), -1) @ gradient


def _units(survey: Survey, frame: SampleFrame) -> tuple[tuple[Unit, ...], ...]:
    """Names of the units of each stage, in the order of the frame; read once."""
    kept: tuple[tuple[Unit, ...], ...] | None = survey.kept.get(UNITS)
    if kept is not None:
        return kept
    shape, named = structure(survey), []
    for one in survey.design.stages[: len(frame.units)]:
        named += [f"({quoted(one.strata)})::varchar" if one.strata else "''", f"({quoted(str(one.units))})::varchar"]
    found = arrays(
        survey.responses,
        f"select {', '.join([*shape.keys, *named])} from {survey.responses.relation} group by all order by all",
    )
    place, names = (
        shape.places(found[: len(shape.keys)]),
        list(zip(*(c.tolist() for c in found[-len(named) :]), strict=True)),
    )
    if frame.responses is not None:
        place = frame.responses.parent[place]
    of_stages = []
    for k in range(len(frame.units) - 1, -1, -1):
        known = dict(zip(place.tolist(), (path[: 2 * k + 2] for path in names), strict=True))
        of_stages.append(tuple(known[i] for i in range(len(frame.units[k].stratum))))
        place = frame.units[k].parent[place]
    survey.kept[UNITS] = tuple(reversed(of_stages))
    return tuple(reversed(of_stages))


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
    expected = np.where(np.isinf(population).any(axis=0), 0.0, sampled[0] * sampled[1] / np.max(population, axis=0))
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


def degrees_in_both(
    earlier: Survey, later: Survey, sides: tuple[Compared, Compared], cells: tuple[IntArray, IntArray] | None
) -> float:
    """Units that are in a domain in either wave less their strata (R ``degf`` of both waves as one sample). ``cells``:
    those of the domain in each wave, None for the whole sample. With replicate weights the larger of the two waves.
    """
    waves = (earlier, later)
    spreads = [side.cells.totals.spread for side in sides]
    nobody = np.zeros(0, dtype=np.int64)
    indices = [chosen * side.cells.n_measures for side, chosen in zip(sides, cells or (nobody, nobody), strict=True)]
    if any(isinstance(spread, ReplicateSpread) for spread in spreads):
        return max(spread.degrees_of_freedom(each) for spread, each in zip(spreads, indices, strict=True))
    found: set[Unit] = set()
    for survey, side, each in zip(waves, sides, indices, strict=True):
        held = side.cells.totals if cells else cell_totals(survey, (), ()).totals
        pick = np.zeros((len(held.value), 1))
        pick[each if cells else slice(None)] = 1.0
        frame, weight = _weights(held.spread, pick)
        units = _units(survey, frame)[0]
        found |= {units[i] for i in np.flatnonzero(to_first_stage(frame, weight)[:, 0])}
    return float(len(found) - len({stratum for stratum, _ in found}))


def _weights(spread: Spread, pick: FloatArray) -> tuple[SampleFrame, FloatArray]:
    """Weight (G, 1) of each group in the totals picked."""
    from analytics.survey_statistics.weighting.residuals import ResidualSpread

    return _scores(spread.original if isinstance(spread, ResidualSpread) else spread, pick)
