"""The units of a wave: who they are, and what each adds to an estimate.

Belongs here: names of units that two waves can have in common, their scores, degrees of freedom of both waves. Does not
belong here: the covariance of two waves (``overlap``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.contrast import Compared
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import arrays
from analytics.survey_statistics.sample.frame import FloatArray, IntArray, SampleFrame
from analytics.survey_statistics.sample.inclusion import RESPONSE_NUMBER
from analytics.survey_statistics.sample.responses import quoted
from analytics.survey_statistics.sample.structure import structure
from analytics.survey_statistics.sample.totals import Spread
from analytics.survey_statistics.variance.replicates import ReplicateSpread
from analytics.survey_statistics.variance.stages import to_first_stage

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

# Stratum and unit of each stage, from the first down.
Unit = tuple[str, ...]
UNITS = "names of the units of each stage"


@dataclass(frozen=True)
class Wave:
    """One of two waves with what is estimated of it. ``respondent``: the column that tells who answered."""

    survey: Survey
    side: Compared
    respondent: str


def by_respondent(survey: Survey, respondent: str) -> Survey:
    """The survey with respondents as units where it samples responses, so that they are known by name.

    Raises ``SurveyError`` where it is not known who answered.
    """
    stages = survey.design.stages
    last = stages[-1].units
    if survey.design.replicates is not None or last not in (None, RESPONSE_NUMBER):
        return survey
    if len(stages) > 1 and not survey.context.is_fpc_used:
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
    # Responses that are units already, because each has its own probability, keep their number (see ``units_of``).
    if last == RESPONSE_NUMBER:
        return survey
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


def gradient_of(side: Compared) -> FloatArray:
    """Derivatives (K, M) of the values by the totals; not finite where a value is undefined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return side.statistic.gradient(side.cells.totals.value)


def innermost(spread: Spread, gradient: FloatArray) -> tuple[Spread, FloatArray]:
    """The spread of the totals themselves and what the gradient is there; of calibrated weights that of residuals."""
    from analytics.survey_statistics.weighting.residuals import ResidualSpread

    return (spread.inner, spread.residual @ gradient) if isinstance(spread, ResidualSpread) else (spread, gradient)


def scores_of(spread: Spread, gradient: FloatArray) -> tuple[SampleFrame, FloatArray]:
    """Scores (G, M) of the groups that totals are kept for."""
    from analytics.survey_statistics.variance.linear import ResponseSpread, UnitSpread

    held, slope = innermost(spread, gradient)
    if not isinstance(held, UnitSpread | ResponseSpread):
        raise TypeError("a linearised design keeps totals of units or of strata")
    return held.frame, held.totals.reshape(len(held.totals), -1) @ slope


def units_of(wave: Wave, frame: SampleFrame) -> tuple[tuple[Unit, ...], ...]:
    """Names of the units of each stage, in the order of the frame; read once. Those that have a number, which tells
    nothing of another wave, go by the respondent.
    """
    survey, request = wave.survey, (UNITS, wave.respondent)
    kept: tuple[tuple[Unit, ...], ...] | None = survey.kept.get(request)
    if kept is not None:
        return kept
    shape, named = structure(survey), []
    for one in survey.design.stages[: len(frame.units)]:
        unit = wave.respondent if one.units == RESPONSE_NUMBER else one.units
        named += [f"({quoted(one.strata)})::varchar" if one.strata else "''", f"({quoted(str(unit))})::varchar"]
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
    survey.kept[request] = tuple(reversed(of_stages))
    return tuple(reversed(of_stages))


def degrees_in_both(waves: tuple[Wave, Wave], cells: tuple[IntArray, IntArray] | None) -> float:
    """Units that are in a domain in either wave less their strata (R ``degf`` of both waves as one sample). ``cells``:
    those of the domain in each wave, None for the whole sample. With replicate weights the larger of the two waves.
    """
    spreads = [wave.side.cells.totals.spread for wave in waves]
    nobody = np.zeros(0, dtype=np.int64)
    indices = [
        chosen * wave.side.cells.n_measures for wave, chosen in zip(waves, cells or (nobody, nobody), strict=True)
    ]
    if any(isinstance(spread, ReplicateSpread) for spread in spreads):
        return max(spread.degrees_of_freedom(each) for spread, each in zip(spreads, indices, strict=True))
    found: set[Unit] = set()
    for wave, each in zip(waves, indices, strict=True):
        held = wave.side.cells.totals if cells else cell_totals(wave.survey, (), ()).totals
        pick = np.zeros((len(held.value), 1))
        pick[each if cells else slice(None)] = 1.0
        frame, weight = _weights(held.spread, pick)
        units = units_of(wave, frame)[0]
        found |= {units[i] for i in np.flatnonzero(to_first_stage(frame, weight)[:, 0])}
    return float(len(found) - len({stratum for stratum, _ in found}))


def _weights(spread: Spread, pick: FloatArray) -> tuple[SampleFrame, FloatArray]:
    """Weight (G, 1) of each group in the totals picked."""
    from analytics.survey_statistics.weighting.residuals import ResidualSpread

    return scores_of(spread.original if isinstance(spread, ResidualSpread) else spread, pick)
