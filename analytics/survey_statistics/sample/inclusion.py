"""Unequal probabilities of a sample as its rows show them.

Belongs here: reading and checking the inclusion probabilities of units. Does not belong here: what is declared
(``design``), probabilities of pairs (``joint``), what follows for variances (``variance.unequal``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analytics.survey_statistics.sample.design import Design, Inclusion, Stage, SurveyError
from analytics.survey_statistics.sample.frame import (
    FloatArray,
    InclusionProbabilities,
    IntArray,
)
from analytics.survey_statistics.sample.responses import Responses, quoted

# A name that no column of a survey has.
RESPONSE_NUMBER = "survey_response_number"
# Of a sample without clusters every response is a unit, whose totals are carried into memory.
MOST_RESPONSES = 250_000
NAMES = {
    "brewer": "Brewer",
    "overton": "joint probabilities of Overton",
    "hartley_rao": "joint probabilities of Hartley and Rao",
    "poisson": "Poisson sampling",
    "joint": "joint probabilities of the file",
}
# R survey:::onestrat takes a stratum for whole below this.
WHOLE = 1e-7


def of_unequal_responses(responses: Responses, design: Design) -> tuple[Responses, Design]:
    """The same sample with every response as a unit, known by its place in the file, where responses were drawn with
    unequal probabilities or joint probabilities stand in the order of the file.
    """
    if all(stage.inclusion is None for stage in design.stages):
        return responses, design
    last = design.stages[-1]
    if last.inclusion is not None and last.units is None:
        design = replace(design, stages=(*design.stages[:-1], replace(last, units=RESPONSE_NUMBER)))
    elif not any(stage.inclusion and stage.inclusion.joint for stage in design.stages):
        return responses, design
    return numbered(responses, MOST_RESPONSES, "Units with probabilities of their own are followed one by one"), design


def named_variance(design: Design) -> str:
    """How the variance of a design without replicates is found, in words."""
    given = [stage.inclusion for stage in design.stages if stage.inclusion]
    if not given or design.inference == "process":
        return "linearised"
    names = dict.fromkeys(
        NAMES[one.method] if one.method == "brewer" else f"{one.variance} with {NAMES[one.method]}" for one in given
    )
    return f"linearised, {' and '.join(names)}"


def numbered(responses: Responses, most: int, why: str) -> Responses:
    """The responses with their place in the file as a column. Raises ``SurveyError`` for more than ``most``."""
    if RESPONSE_NUMBER in responses.columns:
        return responses
    n = responses.count
    if n > most:
        raise SurveyError(
            f"{responses.title} has {n} responses and no clusters. {why}, up to {most} of them: name units, for "
            "instance random groups, or leave the finite population out, which overstates standard errors."
        )
    name = f"survey_numbered_{hashlib.sha256(responses.relation.encode()).hexdigest()[:16]}"
    query = f"select *, row_number() over () as {quoted(RESPONSE_NUMBER)} from {responses.relation}"
    # A table however many there are: a relation may come in another order each time it is asked.
    responses.define(name, query, is_table=True)
    return replace(responses, relation=name, columns={**responses.columns, RESPONSE_NUMBER: "BIGINT"})


def columns_read(stages: Sequence[Stage]) -> list[str]:
    """The columns that hold a number for every unit."""
    given = [stage.inclusion for stage in stages if stage.inclusion]
    return [name for one in given for name in one.columns if name not in one.joint]


def unit_probabilities(
    title: str, stage: int, inclusion: Inclusion, bounds: tuple[FloatArray, FloatArray, int], unit: IntArray
) -> FloatArray:
    """Probability of each unit (U,). ``unit`` (N,): of each row, ``bounds``: smallest and largest value in each row,
    and how many are missing. Raises ``SurveyError`` where they are no probabilities or differ inside a unit.
    """
    name = f"{title}: the inclusion probability in {inclusion.probability} (stage {stage})"
    found = _one_number(name, "unit", bounds, unit)
    wrong = (found <= 0) | (found > 1 + WHOLE)
    if wrong.any():
        value = float(found[wrong][0])
        raise SurveyError(
            f"{name} is {value:g} for {int(wrong.sum())} of {len(found)} units. A probability lies above 0 and is at "
            "most 1 (taken with certainty). Sizes x become probabilities as n x / sum of x over the frame; weights w "
            "as 1 / w."
        )
    return np.minimum(found, 1.0)


def mean_squares(
    title: str,
    inclusion: Inclusion,
    bounds: tuple[FloatArray, FloatArray, int] | None,
    rows: IntArray,
    probability: FloatArray,
    stratum: IntArray,
) -> FloatArray:
    """Sum over the population of squared probabilities divided by n, of each stratum (S,), for Hartley and Rao.

    Where it is not known, the mean probability of the units sampled estimates it without bias. ``rows`` (N,): stratum
    of each row, ``stratum`` (U,): of each unit.
    """
    n = np.bincount(stratum).astype(float)
    certain = np.bincount(stratum, probability >= 1 - WHOLE)
    if ((certain > 0) & (certain < n)).any():
        raise SurveyError(
            f"{title}: {int(certain.sum())} units have the inclusion probability 1 in {inclusion.probability}, and "
            "the approximation of Hartley and Rao holds for units left to chance only: put those taken with certainty "
            "into a stratum of their own."
        )
    if inclusion.mean_square is None:
        return np.asarray(np.bincount(stratum, probability) / n)
    name = f"{title}: the mean square {inclusion.mean_square} of inclusion probabilities"
    if isinstance(inclusion.mean_square, str):
        if bounds is None:
            raise TypeError("a column of mean squares is read with the structure")
        found = _one_number(name, "stratum", bounds, rows)
    else:
        found = np.full(len(n), float(inclusion.mean_square))
    if not ((found > 0) & (found <= 1)).all():
        raise SurveyError(
            f"{name} must lie above 0 and be at most 1: it is the sum of the squared inclusion probabilities of all "
            "units of the frame in the stratum, divided by the number that was sampled."
        )
    return found


def _one_number(name: str, group: str, bounds: tuple[FloatArray, FloatArray, int], place: IntArray) -> FloatArray:
    """The number that all rows of a unit or stratum share."""
    low, high, lost = bounds
    if lost or np.isnan(low).any() or np.isnan(high).any():
        raise SurveyError(f"{name} is missing in some rows. Every sampled unit needs one in all of its rows.")
    size = int(place.max()) + 1 if len(place) else 0
    lowest, highest = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(lowest, place, low)
    np.maximum.at(highest, place, high)
    if (lowest != highest).any():
        where = int(np.flatnonzero(lowest != highest)[0])
        raise SurveyError(
            f"{name} differs inside a {group}: from {lowest[where]:g} to {highest[where]:g}. All rows of a {group} "
            "must name the same number."
        )
    return lowest


def of_stage(
    title: str,
    number: int,
    inclusion: Inclusion,
    bounds: dict[str, tuple[FloatArray, FloatArray, int]],
    unit: IntArray,
    stratum: IntArray,
    first: IntArray,
) -> InclusionProbabilities:
    """The probabilities of a stage. ``unit``, ``stratum`` (N,): of each row; ``first`` (U,): a row of each unit."""
    probability = unit_probabilities(title, number, inclusion, bounds[inclusion.probability], unit)
    square = None
    if inclusion.method == "hartley_rao":
        given = bounds.get(str(inclusion.mean_square))
        square = mean_squares(title, inclusion, given, stratum, probability, stratum[first])
    return InclusionProbabilities(probability, inclusion.method, inclusion.variance, square)


def population_of(inclusion: InclusionProbabilities, stratum: IntArray, sampled: FloatArray) -> FloatArray:
    """Units there are in each stratum (S,): the sample where every unit was certain, else not known and infinite."""
    by_chance = np.bincount(stratum, inclusion.probability < 1 - WHOLE, len(sampled))
    return np.where(by_chance > 0, np.inf, sampled)
