"""Trimming: weights cut to bounds, what is cut off shared among the others.

Belongs here: trimming and scaling of weights as they are. Does not belong here: bounds of calibration (``distance``).

R ``survey::trimWeights``; Potter (1990), Proceedings of the Survey Research Methods Section, ASA, 225-230. Standard
errors take the trimmed weights as given. Responses with a weight of 0 stay at 0.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.weighting.adjustment import (
    Adjustment,
    adjusted_by,
    described,
    replicate_weights,
    reweighted,
)
from analytics.survey_statistics.weighting.auxiliaries import Auxiliaries, double
from analytics.survey_statistics.weighting.classes import read_classes
from analytics.survey_statistics.weighting.replicate_columns import with_replicate_columns
from analytics.survey_statistics.weighting.sums import class_sums

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

MOST, ROUNDING = 200, 1e-12
NOTHING = Auxiliaries((), (), ())


def trim(survey: Survey, *, lower: float | None = None, upper: float | None = None, strict: bool = False) -> Survey:
    """A survey with no weight outside the bounds: what is cut off is shared equally among the weights that were
    inside, which can lift some of them out again; ``strict`` repeats until none is. The sum of the weights stays.
    Raises ``SurveyError`` for bounds that leave no such weights.
    """
    low, high = _bound("lower", lower, -math.inf), _bound("upper", upper, math.inf)
    survey = with_replicate_columns(survey)
    classes = read_classes(survey, ())
    mean = float(classes.weight.sum() / classes.n.sum())
    if not low <= mean <= high:
        raise SurveyError(
            f"The mean weight of {survey.responses.title} is {mean:.6g}, outside the bounds {low:g} and {high:g}; no "
            "weights inside them have the same sum. Widen the bounds."
        )
    shifts: list[float] = []
    is_done = False
    while not is_done and len(shifts) < (MOST if strict else 1):
        sql = _trimmed(survey.weight, low, high, shifts)
        outside = f"({sql} < {_number(low)} or {sql} > {_number(high)})"
        cut = f"{sql} - least(greatest({sql}, {_number(low)}), {_number(high)})"
        n_outside, left, n_inside = class_sums(
            survey.responses,
            (),
            [f"count_if({outside})", f"sum({cut}) filter ({outside})", f"count_if(not {outside})"],
            where=f"({survey.weight}) > 0",
        ).sums[0]
        # Rounding can leave a weight a last bit outside its bound.
        is_done = not n_outside or abs(left) <= ROUNDING * mean
        if not is_done and not n_inside:
            raise SurveyError(f"Every weight of {survey.responses.title} is outside the bounds; widen them.")
        if not is_done:
            shifts.append(left / n_inside)
    if strict and not is_done:
        raise SurveyError(
            f"Trimming of {survey.responses.title} did not come to an end in {MOST} rounds; widen the bounds."
        )
    weight = f"case when ({survey.weight}) > 0 then {_trimmed(survey.weight, low, high, shifts)} else 0e0 end"
    return _replaced(survey, weight, "trimming", "trimmed_weight", len(shifts))


def _bound(name: str, given: object, otherwise: float) -> float:
    if given is None:
        return otherwise
    if not isinstance(given, int | float | np.integer | np.floating) or math.isnan(given):
        raise SurveyError(f"The {name} bound of a weight is {given!r}; it has to be a number, or None for no bound.")
    return float(given)


def normalise(survey: Survey) -> Survey:
    """A survey whose weights have the mean 1 over responses with a positive weight; shares and means stay."""
    survey = with_replicate_columns(survey)
    classes = read_classes(survey, ())
    factor = double(float(classes.n.sum() / classes.weight.sum()))
    return _replaced(survey, f"({survey.weight}) * {factor}", "normalisation", "normalised_weight", 0)


def _trimmed(weight: str, low: float, high: float, shifts: list[float]) -> str:
    """SQL of a weight after rounds of trimming, each with what it adds to the weights inside the bounds."""
    if not shifts:
        return f"({weight})::double"
    values = ", ".join([f"({weight})::double", *map(double, shifts)])
    low_sql, high_sql = _number(low), _number(high)
    step = f"case when w < {low_sql} then {low_sql} when w > {high_sql} then {high_sql} else w + s end"
    return f"list_reduce([{values}], lambda w, s: {step})"


def _number(value: float) -> str:
    return double(value) if math.isfinite(value) else f"'{value}'::double"


def _replaced(survey: Survey, weight: str, method: str, wish: str, rounds: int) -> Survey:
    """The survey with these weights; replicate weights change by the same factor."""
    ratio = f"(case when ({survey.weight}) > 0 then ({weight}) / ({survey.weight}) else 0e0 end)"
    replicates = [f"({sql}) * {ratio}" for sql in replicate_weights(survey)]
    after, _ = reweighted(survey, wish, weight, replicates or None)
    return adjusted_by(after, Adjustment(described(survey, after, NOTHING, method, rounds)[0]))
