"""Raking: weights that meet several margins at once.

Belongs here: what a user asks for and what is read and written. Does not belong here: the iteration (``fitting``).

Standard errors: residuals of a regression on the margins, as R ``survey::rake`` takes them (10 rounds of subtracting
unweighted means of the margins).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray
from analytics.survey_statistics.weighting.adjustment import (
    Adjustment,
    Residual,
    adjusted_by,
    checked,
    replicate_weights,
    reweighted,
)
from analytics.survey_statistics.weighting.auxiliaries import Auxiliaries, Column, Levels, lookup
from analytics.survey_statistics.weighting.classes import (
    Classes,
    factor,
    label,
    looked_up,
    named_levels,
    read_classes,
)
from analytics.survey_statistics.weighting.fitting import fit
from analytics.survey_statistics.weighting.replicate_columns import with_replicate_columns
from analytics.survey_statistics.weighting.sums import class_sums

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

ROUNDS = 10


def rake(
    survey: Survey, margins: Mapping[Any, Mapping[Any, float]], *, tolerance: float = 1e-10, most: int = 100
) -> Survey:
    """A survey whose weights meet the margins. ``margins``: variable, or tuple of variables, to populations of its
    categories. Raises ``SurveyError``: categories that do not match, margins of different totals, not converged.
    """
    if not margins:
        raise SurveyError("Raking needs at least one margin, for instance {'region': {'north': 120, 'south': 80}}.")
    survey = with_replicate_columns(survey)
    variables = [tuple(name) if isinstance(name, tuple | list) else (name,) for name in margins]
    names = list(dict.fromkeys(name for variable in variables for name in variable))
    classes = read_classes(survey, names)
    levels = [_projected(classes.levels, [names.index(name) for name in variable]) for variable in variables]
    wanted = [
        named_levels(survey, variable, given, sorted(set(found), key=repr))
        for variable, given, found in zip(variables, margins.values(), levels, strict=True)
    ]
    _refuse_different_totals(variables, wanted)
    order = [{level: i for i, level in enumerate(margin)} for margin in wanted]
    places = [np.array([o[row] for row in found], dtype=np.int64) for o, found in zip(order, levels, strict=True)]
    totals = [np.array(list(margin.values())) for margin in wanted]
    auxiliaries = Auxiliaries(
        tuple(factor(survey, name) for name in names),
        (),
        tuple(
            Column(
                label(survey, variable, row),
                tuple((names.index(name), level) for name, level in zip(variable, row, strict=True)),
            )
            for variable, margin in zip(variables, wanted, strict=True)
            for row in margin
        ),
    )
    fitted = fit(classes.weight, places, totals, tolerance, most)
    sides = [[names.index(name) for name in variable] for variable in variables]

    def multiplied(weight: str, factors: Sequence[FloatArray], sql: Sequence[str]) -> str:
        found = [
            lookup([sql[i] for i in side], dict(zip(margin, multipliers.tolist(), strict=True)))
            for side, margin, multipliers in zip(sides, wanted, factors, strict=True)
        ]
        return " * ".join([f"({weight})", *found])

    raked = multiplied(survey.weight, fitted.factors, auxiliaries.factors)
    replicates = _replicates(survey, auxiliaries.factors, classes, places, totals, tolerance, most)
    found, _ = reweighted(
        survey,
        "raked_weight",
        # Where everybody has a class, nothing is null; to make sure would take a seventh of the time.
        raked if classes.is_everybody else f"coalesce({raked}, 0e0)",
        [f"coalesce({multiplied(*pair, auxiliaries.factors)}, 0e0)" for pair in replicates] or None,
    )
    in_classes = looked_up(survey, names, classes.levels, lambda sql: multiplied("1e0", fitted.factors, sql))
    report = checked(
        survey, found, method="raking", auxiliaries=auxiliaries, wanted=np.concatenate(totals),
        iterations=fitted.iterations, tolerance=tolerance, multiplied=(classes, in_classes),
    )  # fmt: skip
    inverse = sweeps(auxiliaries.indicator(classes.levels), classes.n, [len(margin) for margin in wanted])
    residual = Residual(
        auxiliaries, found.weight, f"case when {found.weight} > 0 then 1e0 else 0e0 end", found.weight, inverse
    )
    return adjusted_by(found, Adjustment(report, residual))


def sweeps(indicator: FloatArray, n: FloatArray, sizes: Sequence[int]) -> FloatArray:
    """Coefficients (P, P) of the sums X'z (P,) after ``ROUNDS`` rounds of subtracting the mean of the residuals in
    each margin in turn. ``indicator`` (H, P) with ``n`` (H,) responses; ``sizes``: columns of each margin.
    """
    products = indicator.T @ (indicator * n[:, None])
    found = np.zeros_like(products)
    ends = np.cumsum(sizes)
    blocks = [slice(end - size, end) for size, end in zip(sizes, ends, strict=True)]
    one = np.eye(len(products))
    for _ in range(ROUNDS):
        for block in blocks:
            left = one[block] - products[block] @ found
            found[block] += left / np.diag(products)[block, None]
    return found


def _projected(levels: Sequence[Levels], factors: Sequence[int]) -> list[Levels]:
    return [tuple(row[f] for f in factors) for row in levels]


def _refuse_different_totals(variables: Sequence[tuple[str, ...]], wanted: Sequence[Mapping[Levels, float]]) -> None:
    sums = [sum(margin.values()) for margin in wanted]
    if max(sums) - min(sums) > 1e-9 * max(sums):
        told = ", ".join(f"{' and '.join(v)} {total:.10g}" for v, total in zip(variables, sums, strict=True))
        raise SurveyError(
            f"The margins add up to different populations ({told}), so no weights meet them all; scale them "
            "to one total."
        )


def _replicates(
    survey: Survey,
    factors: Sequence[str],
    classes: Classes,
    places: Sequence[IntArray],
    totals: Sequence[FloatArray],
    tolerance: float,
    most: int,
) -> list[tuple[str, tuple[FloatArray, ...]]]:
    """Each replicate weight (SQL) with its own multipliers."""
    weights = replicate_weights(survey)
    if not weights:
        return []
    found = class_sums(survey.responses, factors, [f"sum({weight})" for weight in weights])
    by_class = dict(zip(found.classes, found.sums, strict=True))
    sums = np.array([by_class[levels] for levels in classes.levels])
    fitted = []
    for r, weight in enumerate(weights):
        for place, margin in zip(places, totals, strict=True):
            if not np.bincount(place, weights=sums[:, r], minlength=len(margin)).all():
                raise SurveyError(
                    f"Replicate {r + 1} of {survey.responses.title} has no response in a category of the margins; "
                    "merge it with another one."
                )
        result = fit(sums[:, r], places, totals, tolerance, most)
        if not result.gap <= tolerance:
            raise SurveyError(
                f"Raking of replicate {r + 1} of {survey.responses.title} did not converge: after {most} iterations a "
                f"relative gap of {result.gap:.2g} is left where {tolerance:.2g} is asked for. Allow more iterations."
            )
        fitted.append((weight, result.factors))
    return fitted
