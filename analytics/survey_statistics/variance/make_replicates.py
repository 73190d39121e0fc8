"""Replicate weights made of a design: a survey whose variances come from them.

Belongs here: which method a design allows, and putting its replicates in place of the linearised spread. Does not
belong here: the methods themselves (``jackknife``, ``unit_weights``), replicate weights that came with the file.

The replicates are made of the units of the first stage and applied to their totals, so that no respondent is ever
multiplied by anything. R ``survey::as.svrepdesign``, which also drops corrections after the first stage.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.sample.design import Design, Replicates, Stage, SurveyError
from analytics.survey_statistics.sample.frame import BoolArray, FloatArray, IntArray, SampleFrame, UnitStage
from analytics.survey_statistics.sample.inclusion import RESPONSE_NUMBER, numbered
from analytics.survey_statistics.sample.totals import Totals
from analytics.survey_statistics.variance.jackknife import Jackknife, jackknife_1, jackknife_n
from analytics.survey_statistics.variance.linear import ResponseSpread, UnitSpread
from analytics.survey_statistics.variance.replicates import ReplicateSpread
from analytics.survey_statistics.variance.stages import Level, is_weighted, levels, to_first_stage
from analytics.survey_statistics.variance.unit_weights import UnitWeights, bootstrap, half_samples, subbootstrap

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

METHODS = ("JK1", "JKn", "BRR", "Fay", "bootstrap", "subbootstrap")
DRAWN = ("bootstrap", "subbootstrap")
DEFAULT_COUNT = 200
# Of a sample without clusters every response becomes a unit, whose totals are carried into memory.
MOST_RESPONSES = 20_000


def replicate(
    survey: Survey, method: str, *, replicates: int | None = None, seed: int | None = None, rho: float = 0.5,
    mse: bool = False,
) -> Survey:  # fmt: skip
    """The same survey with variances from replicates made of its design.

    ``replicates`` (how many, 200 unless told) and ``seed`` are for the bootstraps, ``rho`` is for Fay's method; ``mse``
    takes deviations from the full sample instead of the mean of the replicates. JK1, JKn and the bootstrap keep the
    finite population correction of the first stage; the others have none. Raises ``SurveyError`` where the design does
    not allow the method.
    """
    _check(survey.design, method, replicates, seed)
    if any(step.residual is not None for step in survey.adjustments):
        raise SurveyError(
            "Make the replicates before the weights are adjusted, so that each is adjusted as the sample is: "
            f"survey.replicate({method!r}).rake(...)."
        )
    drawn = method in DRAWN
    declared = Replicates(
        (), method, combined=False, mse=mse, rho=rho if method == "Fay" else None,
        count=(replicates or DEFAULT_COUNT) if drawn else None, seed=seed if drawn else None,
    )  # fmt: skip
    whole = survey if survey.design.stages[0].units else _numbered(survey)
    return whole.with_design(replicates=declared)


def _check(design: Design, method: str, replicates: int | None, seed: int | None) -> None:
    if method not in METHODS:
        raise SurveyError(f"Replicates of the method {method!r} cannot be made; made are {', '.join(METHODS)}.")
    if design.replicates is not None and design.replicates.columns:
        raise SurveyError("The file of this survey has replicate weights already; they hold what its design was.")
    if any(stage.inclusion for stage in design.stages) and design.inference == "population":
        raise SurveyError(
            "Replicates are made as if units were drawn with equal chances or with replacement; this design has "
            "inclusion probabilities, whose variance they would miss. Use the linearised variance, or speak of the "
            'process (inference="process"), which takes the units as drawn with replacement.'
        )
    if method == "JK1" and design.stages[0].strata:
        raise SurveyError("JK1 leaves units out as if there were no strata; this design has strata, so use JKn.")
    if method in ("JKn", "BRR", "Fay") and not design.stages[0].strata:
        raise SurveyError(f"{method} works stratum by stratum; this design has no strata, so use JK1 or a bootstrap.")
    if method in DRAWN and seed is None:
        raise SurveyError("A bootstrap needs a seed, any whole number, so that its numbers can be repeated.")
    if replicates is not None and (method not in DRAWN or replicates < 2):
        raise SurveyError(f"{method} with {replicates} replicates: only bootstraps can be told how many, at least 2.")


def _numbered(survey: Survey) -> Survey:
    """The survey with every response as a unit of the first stage, known by its place in the file."""
    responses = numbered(survey.responses, MOST_RESPONSES, "Replicates are made of single responses")
    first = survey.design.stages[0]
    stages = (Stage(RESPONSE_NUMBER, first.strata, first.population),)
    return replace(survey, responses=responses, kept={}).with_design(stages=stages)


def made(frame: SampleFrame, design: Design) -> Jackknife | UnitWeights:
    """The replicates that a design declares, of the units of its first stage."""
    if design.replicates is None or not frame.units:
        raise TypeError("replicates are made of the units of a design that declares them")
    first = frame.units[0]
    arrays = (first.stratum.tobytes(), first.sampled.tobytes(), first.population.tobytes())
    return _made(arrays, design.replicates, design.lonely_psu)


def replicated(totals: Totals, design: Design) -> Totals:
    """The totals with the replicates that the design declares and has no columns for."""
    spread, declared = totals.spread, design.replicates
    if declared is None or not isinstance(spread, UnitSpread | ResponseSpread) or not spread.frame.units:
        raise TypeError("replicates are made of the units of a design that declares them")
    replicates = made(spread.frame, design)
    units = to_first_stage(spread.frame, spread.totals)

    def degrees(counts: IntArray) -> float:
        if declared.degrees_of_freedom is not None:
            return declared.degrees_of_freedom
        weighted = _weighted_units(spread.frame)
        return replicates.degrees_of_freedom(
            weighted & (units[:, counts] != 0).any(axis=1) if len(counts) else weighted
        )

    applied = replicates.applied(units)
    found = ReplicateSpread(applied, totals.value, replicates.scale, replicates.rscales, declared.mse, np.nan, degrees)
    return replace(totals, spread=found, replicates=applied)


def _weighted_units(frame: SampleFrame) -> BoolArray:
    """Units (U,) of the first stage that hold a response with a positive weight."""
    last = frame.responses
    if last is None:
        held = is_weighted(frame.units[-1]).astype(float)
    else:
        held = last.sampled if last.weighted is None else last.weighted
    return np.asarray(to_first_stage(frame, held[:, None])[:, 0] > 0)


@lru_cache(maxsize=8)
def _made(arrays: tuple[bytes, bytes, bytes], declared: Replicates, lonely_psu: str) -> Jackknife | UnitWeights:
    """The replicates of units; kept, because every question of a survey asks for the same."""
    stratum = np.frombuffer(arrays[0], dtype=np.int64)
    sampled, population = (np.frombuffer(part, dtype=np.float64) for part in arrays[1:])
    frame = SampleFrame((UnitStage(np.zeros_like(stratum), stratum, sampled, population),), None)
    return _replicates(stratum, levels(frame)[0], population, declared, lonely_psu)


def _replicates(
    stratum: IntArray, level: Level, population: FloatArray, declared: Replicates, lonely_psu: str
) -> Jackknife | UnitWeights:
    if not (level.uncovered > 0).any():
        # Nothing varies from sample to sample: one replicate that is the full sample.
        return UnitWeights(np.ones((1, len(stratum))), 0.0)
    method, count, seed = declared.method, declared.count or DEFAULT_COUNT, declared.seed or 0
    if method == "JK1":
        return jackknife_1(stratum, level)
    if method == "JKn":
        return jackknife_n(stratum, level, lonely_psu)
    if method == "bootstrap":
        return bootstrap(stratum, level, population, count, seed)
    if method == "subbootstrap":
        return subbootstrap(stratum, level, count, seed)
    return half_samples(stratum, level, declared.rho or 0.0)
