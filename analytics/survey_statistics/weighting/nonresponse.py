"""Adjustment for non-response: respondents stand for those of their class, or of their propensity, who did not answer.

Belongs here: weighting classes and propensities as a user asks for them. Does not belong here: calibration to known
totals (``calibration``).

Little (1986), International Statistical Review 54, 139-157; Kim and Kim (2007), Canadian Journal of Statistics 35,
501-514. Response rates and propensities are estimates, and standard errors know it: the score of a response less
(new weight - old weight) times its class mean, or less the influence of the logistic regression, over everybody who
was sampled. Non-respondents therefore have to be in the data; they keep a weight of 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import tuples
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.responses import NUMBERS, quoted
from analytics.survey_statistics.weighting.adjustment import (
    Adjustment,
    Residual,
    adjusted_by,
    checked,
    described,
    free_name,
    replicate_weights,
    reweighted,
    with_columns,
)
from analytics.survey_statistics.weighting.auxiliaries import Auxiliaries, lookup
from analytics.survey_statistics.weighting.classes import factor, read_classes
from analytics.survey_statistics.weighting.newton import pseudo_inverse
from analytics.survey_statistics.weighting.post_stratification import TOLERANCE, classes_columns
from analytics.survey_statistics.weighting.propensity import Propensity, propensity
from analytics.survey_statistics.weighting.replicate_columns import with_replicate_columns
from analytics.survey_statistics.weighting.sums import class_sums

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

FEW, MUCH = 20, 3.0


def adjust_nonresponse(
    survey: Survey,
    responded: str,
    *,
    classes: str | Sequence[str] | None = None,
    predictors: Sequence[str] = (),
    groups: int | None = 5,
) -> Survey:
    """A survey whose respondents carry the weight of all who were sampled. ``responded``: column that is true or 1
    for respondents. ``classes``: variables whose combinations are weighting classes, one class without. With
    ``predictors`` the propensity to respond is estimated by a logistic regression with the sampling weights, and
    ``groups`` classes of it are made at its quantiles; None divides by the propensity itself.

    Raises ``SurveyError``: a class without respondents, missing classes or predictors, propensities near 0.
    """
    if classes and predictors:
        raise SurveyError("Give either classes or predictors of the response; predictors make their own classes.")
    if groups is not None and groups < 2:
        raise SurveyError(f"groups is {groups}; propensity classes are 2 or more, or None for the propensity itself.")
    survey = with_replicate_columns(survey)
    answered = _answered(survey, responded)
    if not predictors:
        return _by_class(survey, answered, [classes] if isinstance(classes, str) else list(classes or ()))
    estimated = propensity(survey, answered, predictors)
    name = free_name(survey.responses, "response_propensity")
    with_propensity = replace(survey, responses=with_columns(survey.responses, {name: estimated.sql}), kept={})
    if groups is None:
        return _by_propensity(with_propensity, answered, estimated, quoted(name))
    cuts = ", ".join(str(i / groups) for i in range(1, groups))
    sql = f"select quantile_disc({quoted(name)}, [{cuts}]) from {with_propensity.responses.relation}"
    limits = sorted(set(tuples(with_propensity.responses, f"{sql} where ({survey.weight}) > 0")[0][0]))
    group = free_name(with_propensity.responses, "propensity_class")
    order = " + ".join(["1", *(f"({quoted(name)} > {limit:.17e})::int" for limit in limits)])
    return _by_class(
        replace(with_propensity, responses=with_columns(with_propensity.responses, {group: order}, kind="INTEGER")),
        answered,
        [group],
    )


def _answered(survey: Survey, responded: str) -> str:
    """SQL that is true for respondents."""
    column = survey.responses.question(responded).value
    kind = survey.responses.columns.get(responded, "")
    if not kind.startswith(("BOOL", *NUMBERS)):
        raise SurveyError(f"{responded} says who responded, so it has to be true or false, or 1 or 0; it is {kind}.")
    counts = class_sums(survey.responses, (), [f"count_if(({column}) is null)", f"count_if(({column})::int = 1)"])
    lost, there = counts.sums[0].tolist()
    if lost or not there:
        raise SurveyError(
            f"{responded} is missing in {int(lost)} rows of {survey.responses.title} and true in {int(there)}; it has "
            "to say of everybody sampled whether they responded."
        )
    return f"(({column})::int = 1)"


def _by_class(survey: Survey, answered: str, names: Sequence[str]) -> Survey:
    classes = read_classes(survey, names)
    factors = [factor(survey, name) for name in names]
    weights = [survey.weight, *replicate_weights(survey)]
    found = class_sums(
        survey.responses,
        factors,
        [f"count_if({answered} and ({survey.weight}) > 0)"]
        + [text for w in weights for text in (f"sum({w})", f"sum({w}) filter ({answered})")],
        where=f"({survey.weight}) > 0",
    )
    sums = found.sums[:, 1:].reshape(len(found.classes), len(weights), 2)
    has_some = [bool(row.all()) for row in sums[:, :, 1] > 0]
    empty = [" and ".join(map(str, row)) for row, some in zip(found.classes, has_some, strict=True) if not some]
    if empty:
        raise SurveyError(
            f"No one responded in {' and '.join(names) or 'the survey'} = {', '.join(empty)}, so nobody can stand for "
            "those who did not; merge the class with a similar one."
        )
    multipliers = sums[:, :, 0] / sums[:, :, 1]

    def expression(weight: str, which: FloatArray) -> str:
        looked = lookup(factors, dict(zip(found.classes, which.tolist(), strict=True)))
        return f"case when {answered} then coalesce(({weight}) * {looked}, 0e0) else 0e0 end"

    new = [expression(weight, multipliers[:, i]) for i, weight in enumerate(weights)]
    after, _ = reweighted(survey, "nonresponse_weight", new[0], new[1:] or None)
    auxiliaries = Auxiliaries(tuple(factors), (), classes_columns(survey, names, classes.levels))
    n = found.sums[:, 0]
    notes = tuple(
        f"{column.label} has {int(k)} respondents, whose weights are multiplied by {m:.4g}"
        for column, k, m in zip(auxiliaries.columns, n.tolist(), multipliers[:, 0].tolist(), strict=True)
        if k < FEW or m > MUCH
    )
    report = checked(
        survey, after, method="non-response classes", auxiliaries=auxiliaries, wanted=sums[:, 0, 0], iterations=1,
        tolerance=TOLERANCE, notes=notes,
    )  # fmt: skip
    residual = Residual(
        auxiliaries,
        f"{after.weight} - ({survey.weight})",
        f"case when {answered} then ({survey.weight}) else 0e0 end",
        after.weight,
        np.diag(1 / sums[:, 0, 1]),
    )
    return adjusted_by(after, Adjustment(report, residual))


def _by_propensity(survey: Survey, answered: str, estimated: Propensity, name: str) -> Survey:
    new = [f"case when {answered} then ({survey.weight}) / {name} else 0e0 end"]
    new += [f"case when {answered} then {w} / {p} else 0e0 end" for w, p in estimated.replicates]
    after, _ = reweighted(survey, "nonresponse_weight", new[0], new[1:] or None)
    report, _ = described(survey, after, estimated.auxiliaries, "response propensity", estimated.iterations)
    residual = Residual(
        estimated.auxiliaries,
        f"({survey.weight}) * (({answered})::int - {name})",
        f"case when {answered} then ({survey.weight}) * (1 - {name}) / {name} else 0e0 end",
        after.weight,
        pseudo_inverse(estimated.information),
    )
    return adjusted_by(after, Adjustment(report, residual))
