"""The covariance between two waves of a survey that have units in common.

Belongs here: which units both waves have, and how far their estimates move together. Does not belong here: the
variance of each wave, which its own design gives (``variance``), the change (``change``).

Each wave keeps its own variance with everything its design has: stages, finite populations, lonely units, calibration.
The units of the first stage that both waves have say how far the two move together: in stratum h, with n1 and n2
sampled, c of them in both, and scores z1 and z2 of the units,

    (c - n1 n2 / N) / (c - 1) * sum over the c units of (z1 - mean z1)(z2 - mean z2),

the covariance of two means of samples without replacement of which c units are in both (Tam 1984, American
Statistician 38, 288-289; Qualité and Tillé 2008, Survey Methodology 34, 173-181), never more than the two variances
allow. With the same units in both waves this is the covariance of both as one sample: R ``svycontrast`` of ``svyby``
over the waves put under each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.contrast import Compared
from analytics.survey_statistics.estimators.statistic import Estimated
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import Stage, SurveyError
from analytics.survey_statistics.sample.engine import arrays
from analytics.survey_statistics.sample.frame import BoolArray, FloatArray, IntArray, SampleFrame
from analytics.survey_statistics.sample.inclusion import RESPONSE_NUMBER
from analytics.survey_statistics.sample.responses import quoted
from analytics.survey_statistics.sample.structure import structure
from analytics.survey_statistics.sample.totals import Spread
from analytics.survey_statistics.variance.lonely import LonelyRule
from analytics.survey_statistics.variance.replicates import ReplicateSpread
from analytics.survey_statistics.variance.stages import levels, sum_by, to_first_stage

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

Unit = tuple[str, str]
UNITS = "names of the first-stage units"


def by_respondent(survey: Survey, respondent: str) -> Survey:
    """The survey with respondents as units of the first stage where it has no others.

    Raises ``SurveyError`` where it is not known who answered.
    """
    first = survey.design.stages[0]
    if first.inclusion and first.inclusion.method != "brewer" and survey.design.inference == "population":
        raise SurveyError(
            f"{survey.responses.title}: how two waves of units drawn with unequal probabilities move together is known "
            f"with the method brewer only, not with {first.inclusion.method}: take brewer, or leave `respondent` out, "
            "so that the waves are independent."
        )
    is_numbered = first.units in (None, RESPONSE_NUMBER)
    if not is_numbered or (survey.design.replicates and survey.design.replicates.columns):
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
    return survey.with_design(stages=(Stage(respondent, first.strata, first.population, first.inclusion),))


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
class Wave:
    """One wave as its first-stage units: their names (U) in order, their scores (U, M) of each value."""

    frame: SampleFrame
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
    before, after = (_wave(survey, side) for survey, side in zip((earlier, later), sides, strict=True))
    covariance, n = _of_units(before, after)
    told = f"covariance of {n} units in both waves ({len(before.units)} and {len(after.units)})"
    if any(len(wave.frame.units) + (wave.frame.responses is not None) > 1 for wave in (before, after)) and any(
        survey.context.is_fpc_used for survey in (earlier, later)
    ):
        told += ", without what their lower stages have in common"
    return Shared(covariance, n, told)


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


def _wave(survey: Survey, side: Compared) -> Wave:
    totals = side.cells.totals
    with np.errstate(divide="ignore", invalid="ignore"):
        gradient = side.statistic.gradient(totals.value)
    frame, scores = _scores(totals.spread, gradient)
    design = survey.design
    return Wave(frame, LonelyRule(design.lonely_psu, design.adjust_domain_lonely), _units(survey, frame), scores)


def _scores(spread: Spread, gradient: FloatArray) -> tuple[SampleFrame, FloatArray]:
    """Scores (U, M) of the first-stage units; of calibrated weights those of the residuals."""
    from analytics.survey_statistics.variance.linear import ResponseSpread, UnitSpread
    from analytics.survey_statistics.weighting.residuals import ResidualSpread

    if isinstance(spread, ResidualSpread):
        return _scores(spread.inner, spread.residual @ gradient)
    if not isinstance(spread, UnitSpread | ResponseSpread):
        raise TypeError("a linearised design keeps totals of units or of strata")
    flat = spread.totals.reshape(len(spread.totals), -1)
    return spread.frame, to_first_stage(spread.frame, flat @ gradient)


def _units(survey: Survey, frame: SampleFrame) -> tuple[Unit, ...]:
    """Stratum and name of each first-stage unit, in the order of the frame; read once."""
    kept: tuple[Unit, ...] | None = survey.kept.get(UNITS)
    if kept is not None:
        return kept
    shape, first = structure(survey), survey.design.stages[0]
    stratum = f"({quoted(first.strata)})::varchar" if first.strata else "''"
    named = [stratum, f"({quoted(str(first.units))})::varchar"]
    found = arrays(
        survey.responses,
        f"select {', '.join([*shape.keys, *named])} from {survey.responses.relation} group by all order by all",
    )
    place = shape.places(found[: len(shape.keys)])
    if frame.responses is not None:
        place = frame.responses.parent[place]
    for stage in reversed(frame.units[1:]):
        place = stage.parent[place]
    names = dict(zip(place.tolist(), zip(*(column.tolist() for column in found[-2:]), strict=True), strict=True))
    survey.kept[UNITS] = tuple(names[i] for i in range(len(frame.units[0].stratum)))
    return _units(survey, frame)


def _of_units(before: Wave, after: Wave) -> tuple[FloatArray, int]:
    """The covariance, stratum by stratum of the units in common, and how many these are."""
    place = {unit: i for i, unit in enumerate(after.units)}
    pairs = [(i, place[unit]) for i, unit in enumerate(before.units) if unit in place]
    if not pairs:
        return np.zeros((before.scores.shape[1], after.scores.shape[1])), 0
    one, two = np.array(pairs, dtype=np.int64).T
    stages = [wave.frame.units[0] for wave in (before, after)]
    strata, inside = np.unique(stages[0].stratum[one], return_inverse=True)
    others = np.zeros(len(strata), dtype=np.int64)
    others[inside] = stages[1].stratum[two]
    factor, is_centred = _factors(before, after, strata, others, np.bincount(inside).astype(np.float64))
    scores = [_centred(wave.scores[chosen], inside, len(strata), is_centred)
              for wave, chosen in ((before, one), (after, two))]  # fmt: skip
    # Of units with probabilities of their own it is they that leave out what is known of the population.
    for score, stage, chosen in zip(scores, stages, (one, two), strict=True):
        if stage.inclusion is not None:
            score *= np.sqrt(1 - stage.inclusion.probability[chosen])[:, None]
    return np.asarray((scores[0] * factor[inside][:, None]).T @ scores[1]), len(pairs)


def _factors(
    before: Wave, after: Wave, strata: IntArray, others: IntArray, common: FloatArray
) -> tuple[FloatArray, BoolArray]:
    """What the sum of products of each stratum is multiplied by, and whether it is taken around the mean."""
    factors, sampled, population, centred = [], [], [], []
    for wave, chosen in ((before, strata), (after, others)):
        level, stage = levels(wave.frame)[0], wave.frame.units[0]
        rule = replace(wave.rule, name="remove" if wave.rule.name in ("fail", "average") else wave.rule.name)
        found = rule.factors(level, None)
        factors.append(found.factor[chosen, 0])
        centred.append(np.broadcast_to(found.is_centred, found.factor.shape)[chosen, 0])
        sampled.append(stage.sampled[chosen])
        population.append(stage.population[chosen])
    most = np.sqrt(factors[0] * factors[1])
    expected = np.where(np.isinf(population).any(axis=0), 0.0, sampled[0] * sampled[1] / np.max(population, axis=0))
    some = (common - expected) / np.maximum(common - 1, 1)
    is_same = (common == sampled[0]) & (common == sampled[1])
    partly = np.where(common > 1, np.clip(some, -most, most), 0.0)
    return np.where(is_same, most, partly), np.asarray(centred[0] & centred[1])


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
        units = _units(survey, frame)
        found |= {units[i] for i in np.flatnonzero(weight[:, 0])}
    return float(len(found) - len({stratum for stratum, _ in found}))


def _weights(spread: Spread, pick: FloatArray) -> tuple[SampleFrame, FloatArray]:
    """Weight (U, 1) of each first-stage unit in the totals picked."""
    from analytics.survey_statistics.weighting.residuals import ResidualSpread

    return _scores(spread.original if isinstance(spread, ResidualSpread) else spread, pick)
