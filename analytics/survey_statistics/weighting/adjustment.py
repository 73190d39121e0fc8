"""A survey with new weights: the column of the weights, what they owe to the sample, and the report.

Belongs here: the relation with the new column, the check in the engine, what a variance needs to know. Does not
belong here: how weights are found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.replicate_sums import replicate_facts
from analytics.survey_statistics.sample.responses import Responses, quoted
from analytics.survey_statistics.weighting.auxiliaries import Auxiliaries
from analytics.survey_statistics.weighting.report import CalibrationReport, Margin
from analytics.survey_statistics.weighting.sums import class_sums

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey
    from analytics.survey_statistics.weighting.classes import Classes


@dataclass(frozen=True)
class Residual:
    """How an adjustment turns a weighted score z into a residual: z - carrier * X C with C = inverse X'(slope * z).

    ``carrier`` and ``slope``: SQL; ``slope`` multiplies the unweighted score and is meant for the weight ``after``
    (SQL) that the adjustment made; a later adjustment multiplies both. ``inverse`` (P, P).
    """

    auxiliaries: Auxiliaries
    carrier: str
    slope: str
    after: str
    inverse: FloatArray


@dataclass(frozen=True)
class Adjustment:
    """One step of weighting: its report, and its residual unless standard errors take the weights as they are."""

    report: CalibrationReport
    residual: Residual | None = None


def adjusted_by(survey: Survey, adjustment: Adjustment) -> Survey:
    """The survey with one more step of weighting on its record."""
    return replace(survey, adjustments=(*survey.adjustments, adjustment), kept={})


def free_name(responses: Responses, wish: str) -> str:
    """A name of a column that the responses do not have yet."""
    taken, i = wish, 2
    while taken in responses.columns:
        taken, i = f"{wish}_{i}", i + 1
    return taken


def with_columns(
    responses: Responses, columns: dict[str, str], *, kind: str = "DOUBLE", stored: bool = False
) -> Responses:
    """The responses with further columns (name to SQL of the type ``kind``); ``stored`` as a table, else as a view.

    The name of the relation follows from its content, so that two weightings of one survey live side by side.
    """
    added = ", ".join(f"({text})::{kind} as {quoted(name)}" for name, text in columns.items())
    query = f"select *, {added} from {responses.relation}"
    name = f"survey_weighted_{hashlib.sha256(query.encode()).hexdigest()[:16]}"
    responses.define(name, query, is_table=stored)
    described = {**responses.columns, **dict.fromkeys(columns, kind)}
    return replace(responses, relation=name, columns=described)


def reweighted(
    survey: Survey,
    wish: str,
    weight: str,
    replicates: Sequence[str] | None = None,
) -> tuple[Survey, str]:
    """The survey with a new weight (SQL), and the column's name. ``replicates``: SQL of its replicate weights."""
    name = free_name(survey.responses, wish)
    design = replace(survey.design, weights=name)
    columns = {name: weight}
    declared = survey.design.replicates
    if declared is not None and replicates is not None:
        named = [free_name(survey.responses, f"{name}_{r + 1}") for r in range(len(replicates))]
        columns |= dict(zip(named, replicates, strict=True))
        # Scales that were guessed from factors could not be guessed from the adjusted weights.
        facts = replicate_facts(survey)
        rscales = tuple(facts.rscales.tolist())
        changed = replace(declared, columns=tuple(named), combined=True, scale=facts.scale, rscales=rscales)
        design = replace(design, replicates=changed)
    responses = with_columns(survey.responses, columns, stored=replicates is not None)
    return replace(survey, responses=responses, design=design, kept={}), name


def replicate_weights(survey: Survey) -> tuple[str, ...]:
    """SQL of the replicate weights, the sampling weight included; none in other designs."""
    replicates = survey.design.replicates
    if replicates is None:
        return ()
    factor = "" if replicates.combined else f" * ({survey.weight})"
    return tuple(f"{quoted(column)}{factor}" for column in replicates.columns)


def checked(
    before: Survey,
    after: Survey,
    *,
    method: str,
    auxiliaries: Auxiliaries,
    wanted: FloatArray,
    iterations: int,
    tolerance: float,
    notes: tuple[str, ...] = (),
    multiplied: tuple[Classes, FloatArray] | None = None,
) -> CalibrationReport:
    """The report, with the margins as the engine adds up the new weights. Raises ``SurveyError`` beyond tolerance.

    ``multiplied``: the classes of the old weight, and by how much the engine multiplies it in each (H,). Where a new
    weight is nothing else, its sums follow from those of the old one to the last digits, and nothing is read again.
    """
    if multiplied is None:
        report, met = described(before, after, auxiliaries, method, iterations, tolerance, notes)
    else:
        report, met = _by_class(after, auxiliaries, *multiplied, method, iterations, tolerance, notes)
    margins = tuple(
        Margin(column.label, *pair)
        for column, *pair in zip(auxiliaries.columns, wanted.tolist(), met.tolist(), strict=True)
    )
    worst = max(margins, key=lambda margin: margin.gap)
    if not worst.gap <= tolerance:
        raise SurveyError(
            f"{method} of {before.responses.title} did not converge: after {iterations} iterations {worst.label} is "
            f"{worst.met:.10g} instead of {worst.wanted:.10g}, a relative gap of {worst.gap:.2g} where {tolerance:.2g} "
            "is asked for. Allow more iterations, wider bounds, or merge categories with few responses."
        )
    return replace(report, margins=margins)


def described(
    before: Survey,
    after: Survey,
    auxiliaries: Auxiliaries,
    method: str,
    iterations: int = 0,
    tolerance: float = 0.0,
    notes: tuple[str, ...] = (),
) -> tuple[CalibrationReport, FloatArray]:
    """The report of new weights as the engine finds them, still without margins, and the totals of the columns (P,)."""
    old, new = f"({before.weight})", f"({after.weight})"
    numbers = [f"sum({new} * ({number})::double)" for number in auxiliaries.numbers]
    extremes = [text for each in (new, f"{new} / {old}") for text in (f"min({each})", f"max({each})")]
    found = class_sums(
        after.responses,
        auxiliaries.factors,
        [f"count_if({new} <> 0)", f"sum({new} * {new})", f"sum({new})", *numbers, *extremes],
        where=f"{new} <> 0 and {old} <> 0",
    )
    (n, squares), sums = found.sums[:, :2].sum(axis=0).tolist(), found.sums[:, 2 : 3 + len(numbers)]
    low, high, low_factor, high_factor = found.sums[:, 3 + len(numbers) :].T
    report = CalibrationReport(
        method, after.design.weights or "", (), iterations, tolerance, int(n), float(sums[:, 0].sum()), squares,
        float(low.min()), float(high.max()), float(low_factor.min()), float(high_factor.max()), notes,
    )  # fmt: skip
    return report, (auxiliaries.indicator(found.classes) * sums[:, auxiliaries.number]).sum(axis=0)


def _by_class(
    after: Survey,
    auxiliaries: Auxiliaries,
    classes: Classes,
    factor: FloatArray,
    method: str,
    iterations: int,
    tolerance: float,
    notes: tuple[str, ...],
) -> tuple[CalibrationReport, FloatArray]:
    """The same from the classes of the old weight and what each is multiplied by (H,)."""
    total = factor * classes.weight
    report = CalibrationReport(
        method, after.design.weights or "", (), iterations, tolerance, int(classes.n.sum()), float(total.sum()),
        float((factor**2 * classes.squares).sum()), float((factor * classes.lowest).min()),
        float((factor * classes.highest).max()), float(factor.min()), float(factor.max()), notes,
    )  # fmt: skip
    return report, auxiliaries.indicator(classes.levels).T @ total
