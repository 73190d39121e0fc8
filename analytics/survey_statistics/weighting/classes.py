"""Responses by class of categorical variables, checked for what no weighting can work with.

Belongs here: reading classes, naming levels as the user does, refusing missing levels and unusable weights. Does not
belong here: solving (``fitting``, ``newton``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import tuples
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.weighting.auxiliaries import Levels, literal
from analytics.survey_statistics.weighting.sums import class_sums

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey


@dataclass(frozen=True)
class Classes:
    """Classes (H) of responses with a positive weight: their levels, n, sums of weights and of their squares,
    lowest and highest weight; ``is_everybody``: no response has a weight of 0.
    """

    levels: tuple[Levels, ...]
    n: FloatArray
    weight: FloatArray
    squares: FloatArray
    lowest: FloatArray
    highest: FloatArray
    is_everybody: bool

    def sides(self) -> list[list[object]]:
        """The levels that occur of each factor."""
        return [sorted({row[f] for row in self.levels}, key=repr) for f in range(len(self.levels[0]))]


def factor(survey: Survey, name: str) -> str:
    """SQL of a categorical variable."""
    return survey.responses.question(name).value


def read_classes(survey: Survey, names: Sequence[str]) -> Classes:
    """The classes of these variables. Raises ``SurveyError`` for unusable weights and for missing levels."""
    weight, factors = f"({survey.weight})", [factor(survey, name) for name in names]
    extremes = f"min({weight})", f"max({weight})"
    found = class_sums(
        survey.responses,
        factors,
        [f"sum({weight})", "count(*)", f"count({weight})", *extremes, f"sum({weight} * {weight})"],
    )
    missing = found.sums[:, 1] - found.sums[:, 2]
    lowest = found.sums[:, 3].copy()
    is_everybody = bool((lowest > 0).all())
    if not is_everybody:
        # Only where some weights are 0 is it worth asking which are not; conditions make sums slower by a third.
        positive = [f"count_if({weight} > 0)", f"min({weight}) filter ({weight} > 0)"]
        counted = class_sums(survey.responses, factors, positive).sums
        found.sums[:, 1], found.sums[:, 3] = counted.T
    total, n, _, lowest_positive, highest, squares = found.sums.T
    if missing.any() or not np.isfinite(total).all():
        raise SurveyError(
            f"{int(missing.sum()) or 'Some'} responses of {survey.responses.title} have no finite weight in "
            f"{survey.design.weights}; give every response a weight, 0 for those that do not count."
        )
    if (lowest < 0).any():
        raise SurveyError(
            f"The weight {survey.design.weights} of {survey.responses.title} is negative somewhere (lowest "
            f"{lowest.min():.6g}); weights to be adjusted have to be 0 or more."
        )
    kept = n > 0
    if not kept.any():
        raise SurveyError(f"No response of {survey.responses.title} has a positive weight, so there is none to adjust.")
    levels = tuple(row for row, is_kept in zip(found.classes, kept, strict=True) if is_kept)
    refuse_missing(survey, names, levels, n[kept])
    return Classes(levels, n[kept], total[kept], squares[kept], lowest_positive[kept], highest[kept], is_everybody)


def looked_up(
    survey: Survey, names: Sequence[str], levels: Sequence[Levels], multiplier: Callable[[Sequence[str]], str]
) -> FloatArray:
    """The multiplier of each class (H,) as the engine finds it, 0 where it finds none. ``multiplier``: its SQL, given
    that of the variables.
    """
    variables = ", ".join(f"({factor(survey, name)}) as v{i}" for i, name in enumerate(names))
    described = tuples(survey.responses, f"describe select {variables} from {survey.responses.relation}")
    columns = [f"l{i}" for i in range(len(names))]
    classes = ", ".join(f"({', '.join(map(str, [h, *map(literal, row)]))})" for h, row in enumerate(levels))
    typed = ", ".join(f"{name}::{row[1]} as {name}" for name, row in zip(columns, described, strict=True))
    table = f"(select h, {typed} from (values {classes}) as given(h, {', '.join(columns)}))"
    found = tuples(survey.responses, f"select {multiplier(columns)} from {table} order by h")
    return np.array([row[0] or 0.0 for row in found], dtype=np.float64)


def refuse_missing(survey: Survey, names: Sequence[str], levels: Sequence[Levels], n: FloatArray) -> None:
    """Raise ``SurveyError`` if a response has no level of a variable."""
    for f, name in enumerate(names):
        lost = int(sum(count for row, count in zip(levels, n.tolist(), strict=True) if row[f] is None))
        if lost:
            raise SurveyError(
                f"{lost} responses of {survey.responses.title} with a positive weight have no value in {name}, so no "
                "weight can be found for them; impute it, or put them in a category of their own."
            )


def label(survey: Survey, names: Sequence[str], levels: Levels) -> str:
    """A class in words, with the labels of the codebook."""
    labels = [survey.responses.question(n).categories.get(v, v) for n, v in zip(names, levels, strict=True)]
    return f"{' and '.join(names)} = {' and '.join(map(str, labels))}"


def amount(name: str, value: Any) -> float:
    """A population as a number. Raises ``SurveyError`` unless it is finite and not negative."""
    if value is None or isinstance(value, bool | str) or not math.isfinite(value) or value < 0:
        raise SurveyError(f"The population of {name} is {value!r}; it has to be a number of 0 or more.")
    return float(value)


def _flat(given: Mapping[Any, Any], before: tuple[Any, ...] = ()) -> list[tuple[Any, Any]]:
    """Populations of several variables given one inside the other become populations of tuples."""
    found: list[tuple[Any, Any]] = []
    for key, value in given.items():
        if isinstance(value, Mapping):
            found += _flat(value, (*before, key))
        else:
            found.append(((*before, key) if before else key, value))
    return found


def named_levels(
    survey: Survey, names: Sequence[str], given: Mapping[Any, Any], present: Sequence[Levels], *, partial: bool = False
) -> dict[Levels, float]:
    """Populations by the levels that occur. A level is given by its value, its label or its text; several variables
    by a tuple in their order, or by mappings inside mappings. ``partial`` leaves populations without
    respondents out. Raises ``SurveyError`` naming what does not match.
    """
    words: dict[Any, Levels] = {}
    for levels in present:
        labels = [survey.responses.question(n).categories.get(v, v) for n, v in zip(names, levels, strict=True)]
        for words_of in (map(str, levels), map(str, labels), labels, levels):
            words[tuple(words_of)] = levels
    wanted: dict[Levels, float] = {}
    what = " and ".join(names)
    for key, value in _flat(given):
        parts = tuple(key) if isinstance(key, tuple | list) else (key,)
        told = " and ".join(map(str, parts))
        population = amount(f"{what} = {told}", value)
        found = words.get(parts, words.get(tuple(map(str, parts))))
        if found is None and population > 0 and not partial:
            raise SurveyError(
                f"The population has {population:g} in {what} = {told}, where no response of "
                f"{survey.responses.title} with a positive weight is; merge the category with one that has responses."
            )
        if found is not None:
            wanted[found] = population
    lost = [label(survey, names, levels) for levels in present if not wanted.get(levels)]
    if lost:
        raise SurveyError(
            f"Responses of {survey.responses.title} are in {', '.join(lost)}, for which the population is "
            "not given or 0; give every category that occurs."
        )
    return wanted
