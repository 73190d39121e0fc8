"""Post-stratification: weights that meet the population of each post-stratum.

Belongs here: what a user asks for and what is read and written. Does not belong here: classes and their checks.

Holt and Smith (1979), JRSS A 142, 33-46; R ``survey::postStratify``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.weighting.adjustment import (
    Adjustment,
    Residual,
    adjusted_by,
    checked,
    replicate_weights,
    reweighted,
)
from analytics.survey_statistics.weighting.auxiliaries import Auxiliaries, Column, Levels, lookup
from analytics.survey_statistics.weighting.classes import factor, label, looked_up, named_levels, read_classes
from analytics.survey_statistics.weighting.replicate_columns import with_replicate_columns
from analytics.survey_statistics.weighting.sums import class_sums

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

TOLERANCE = 1e-10


def post_stratify(
    survey: Survey, strata: str | Sequence[str] | None, population: Mapping[Any, Any], *, partial: bool = False
) -> Survey:
    """A survey whose weights add up to the population in each post-stratum; keys are categories, or tuples of them
    where ``strata`` names several variables. ``partial``: post-strata without respondents are left out, so that the
    survey speaks of the others only. Raises ``SurveyError`` for categories that do not match.
    """
    names = [strata] if isinstance(strata, str) else list(strata or ())
    if not names:
        raise SurveyError("Post-stratification needs a variable, for instance strata='region'.")
    survey = with_replicate_columns(survey)
    classes = read_classes(survey, names)
    wanted = named_levels(survey, names, population, classes.levels, partial=partial)
    totals = [wanted[levels] for levels in classes.levels]
    factors = [factor(survey, name) for name in names]
    auxiliaries = Auxiliaries(tuple(factors), (), classes_columns(survey, names, classes.levels))

    def multiplier(variables: Sequence[str], multipliers: Sequence[float]) -> str:
        return lookup(variables, dict(zip(classes.levels, multipliers, strict=True)))

    def expression(weight: str, multipliers: Sequence[float]) -> str:
        return f"coalesce(({weight}) * {multiplier(factors, multipliers)}, 0e0)"

    multipliers = (np.array(totals) / classes.weight).tolist()
    found, _ = reweighted(
        survey,
        "post_stratified_weight",
        expression(survey.weight, multipliers),
        [expression(*pair) for pair in _replicates(survey, factors, classes.levels, totals)] or None,
    )
    report = checked(
        survey, found, method="post-stratification", auxiliaries=auxiliaries, wanted=np.array(totals), iterations=1,
        tolerance=TOLERANCE,
        multiplied=(classes, looked_up(survey, names, classes.levels, lambda sql: multiplier(sql, multipliers))),
    )  # fmt: skip
    residual = Residual(auxiliaries, found.weight, survey.weight, found.weight, np.diag(1 / classes.weight))
    return adjusted_by(found, Adjustment(report, residual))


def classes_columns(survey: Survey, names: Sequence[str], levels: Sequence[Levels]) -> tuple[Column, ...]:
    """One column for each class."""
    return tuple(Column(label(survey, names, row) if names else "all", tuple(enumerate(row))) for row in levels)


def _replicates(
    survey: Survey, factors: Sequence[str], levels: Sequence[Levels], totals: Sequence[float]
) -> list[tuple[str, list[float]]]:
    """Each replicate weight (SQL) with its own multipliers."""
    weights = replicate_weights(survey)
    if not weights:
        return []
    found = class_sums(survey.responses, factors, [f"sum({weight})" for weight in weights])
    by_class = dict(zip(found.classes, found.sums, strict=True))
    sums = np.array([by_class[row] for row in levels])
    if not sums.all():
        r = int(np.argmin(sums.all(axis=0)))
        raise SurveyError(
            f"Replicate {r + 1} of {survey.responses.title} has no response in a post-stratum; merge it "
            "with another one."
        )
    multipliers = np.array(totals)[:, None] / sums
    return [(weight, multipliers[:, r].tolist()) for r, weight in enumerate(weights)]
