"""Totals under each set of replicate weights, as the engine adds them up.

Belongs here: the SQL over columns of replicate weights, their checks. Does not belong here: scales and variances
(``variance.replicates``), making replicate weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.sample.design import Replicates, SurveyError
from analytics.survey_statistics.sample.engine import arrays
from analytics.survey_statistics.sample.frame import FloatArray, IntArray
from analytics.survey_statistics.sample.responses import quoted
from analytics.survey_statistics.sample.totals import Key, Totals

if TYPE_CHECKING:
    from analytics.survey_statistics.sample.cells import Request
    from analytics.survey_statistics.survey import Survey

# So many different rows show the rank of replicate weights; a row holds no answer.
RANK_ROWS = 5_000


@dataclass(frozen=True)
class ReplicateFacts:
    """What holds for all requests: scales and degrees of freedom."""

    scale: float
    rscales: FloatArray
    degrees_of_freedom: float


def replicate_totals(survey: Survey, request: Request, cells: Sequence[Key], value: FloatArray, n: IntArray) -> Totals:
    """Totals (R, K) under the replicate weights, beside those of the sample."""
    from analytics.survey_statistics.variance.replicates import ReplicateSpread

    declared = _declared(survey)
    facts = replicate_facts(survey)
    measures = ["1", *(f"({part})::double" for part in request.values)]
    factors = _factors(survey, declared)
    sums = [f"sum({factor} * {measure})" for factor in factors for measure in measures]
    conditions = [f"({request.where})"] if request.where else []
    conditions += [f"({part}) is not null" for part in (*request.keys, *request.values)]
    found = arrays(
        survey.responses,
        f"select {', '.join([*(f'({key})' for key in request.keys), *sums])} from {survey.responses.relation}"
        + (f" where {' and '.join(conditions)}" if conditions else "")
        + (f" group by {', '.join(str(i + 1) for i in range(len(request.keys)))}" if request.keys else ""),
    )
    width, m = len(request.keys), len(measures)
    rows = list(zip(*(column.tolist() for column in found[:width]), strict=True)) if width else [()]
    place = {cell: i for i, cell in enumerate(cells)}
    there = [i for i, row in enumerate(rows) if row in place]
    replicates = np.zeros((len(factors), len(cells), m))
    if there:
        sums_of = np.array([np.ma.filled(column.astype(float), 0.0)[there] for column in found[width:]])
        replicates[:, [place[rows[i]] for i in there]] = sums_of.reshape(len(factors), m, -1).transpose(0, 2, 1)
    flat = replicates.reshape(len(factors), -1)

    def degrees_of_freedom(counts: IntArray) -> float:
        if declared.degrees_of_freedom is not None or not len(counts):
            return facts.degrees_of_freedom
        return _degrees_in(survey, request, frozenset(cells[k // m] for k in counts.tolist()))

    whole = facts.degrees_of_freedom
    spread = ReplicateSpread(flat, value, facts.scale, facts.rscales, declared.mse, whole, degrees_of_freedom)
    return Totals(value, n, spread, flat)


def replicate_facts(survey: Survey) -> ReplicateFacts:
    """Scales and degrees of freedom of a survey with columns of replicate weights, found once."""
    kept: ReplicateFacts | None = survey.kept.get(ReplicateFacts)
    if kept is None:
        kept = survey.kept[ReplicateFacts] = _facts(survey, _declared(survey))
    return kept


def _degrees_in(survey: Survey, request: Request, cells: frozenset[Key]) -> float:
    """Degrees of freedom of the responses in some cells, by the rank of their replicate weights (R ``degf``)."""
    from analytics.survey_statistics.variance import degrees

    kept = survey.kept.get((ReplicateFacts, request))
    if kept is None:
        kept = survey.kept[ReplicateFacts, request] = _patterns(survey, _declared(survey), request)
    keys, patterns = kept
    return degrees.of_replicates(patterns[[i for i, key in enumerate(keys) if key in cells]])


def _declared(survey: Survey) -> Replicates:
    declared = survey.design.replicates
    if declared is None or not declared.columns:
        raise SurveyError("The design names a replicate method but no columns of replicate weights.")
    return declared


def _factors(survey: Survey, declared: Replicates) -> list[str]:
    times = "" if declared.combined else f"({survey.weight})::double * "
    return [f"({times}{quoted(column)}::double)" for column in declared.columns]


def _facts(survey: Survey, declared: Replicates) -> ReplicateFacts:
    from analytics.survey_statistics.variance import degrees
    from analytics.survey_statistics.variance.replicates import scales

    largest = _largest(survey, declared)
    scale, rscales = scales(declared, len(declared.columns), largest)
    degrees_of_freedom = declared.degrees_of_freedom
    if degrees_of_freedom is None:
        degrees_of_freedom = degrees.of_replicates(_patterns(survey, declared, None)[1])
    return ReplicateFacts(scale, rscales, degrees_of_freedom)


def _largest(survey: Survey, declared: Replicates) -> FloatArray:
    """The largest weight of each replicate (R,). Raises ``SurveyError`` for replicate weights that are no numbers."""
    names = [f"{quoted(column)}::double" for column in declared.columns]
    found = arrays(
        survey.responses,
        f"select count(*), {', '.join(f'count({name}), max({name})' for name in names)} "
        f"from {survey.responses.relation}",
    )
    rows, rest = int(found[0][0]), [float(np.ma.filled(column.astype(float), np.nan)[0]) for column in found[1:]]
    known, largest = rest[::2], np.array(rest[1::2])
    wrong = [
        column
        for column, n, most in zip(declared.columns, known, largest.tolist(), strict=True)
        if n < rows or (rows and not np.isfinite(most))
    ]
    if wrong:
        raise SurveyError(
            f"{survey.responses.title}: the replicate weights in {', '.join(wrong[:5])} are missing or no numbers in "
            "some rows. Every response needs a number in every replicate; a response that a replicate leaves out has 0."
        )
    return largest


def _patterns(survey: Survey, declared: Replicates, request: Request | None) -> tuple[list[Key], FloatArray]:
    """Different rows of replicate weights (n, R) in each cell of a request, with the cells; without one, of the sample.

    Each row is divided by its largest weight, so that the responses of a unit are one. More rows than there are degrees
    of freedom say nothing new, so of each cell those with the smallest hash are taken.
    """
    names = [f"{quoted(column)}::double" for column in declared.columns]
    most = f"greatest({', '.join(names)})"
    ratios = ", ".join(f"round({name} / most, 12) as p{i}" for i, name in enumerate(names))
    columns = ", ".join(f"p{i}" for i in range(len(names)))
    keys = request.keys if request else ()
    named = [f"k{i}" for i in range(len(keys))]
    given = "".join(f"({key}) as {name}, " for key, name in zip(keys, named, strict=True))
    conditions = [f"({survey.weight}) > 0", f"{most} > 0"]
    if request:
        conditions += [f"({request.where})"] if request.where else []
        conditions += [f"({part}) is not null" for part in (*request.keys, *request.values)]
    found = arrays(
        survey.responses,
        f"select {', '.join([*named, columns])} from (select distinct {given}{ratios} from (select *, {most} as most "
        f"from {survey.responses.relation} where {' and '.join(conditions)})) "
        f"qualify row_number() over (partition by {', '.join(named) or '1'} order by hash({columns}), {columns}) "
        f"<= {RANK_ROWS} order by all",
    )
    cells = list(zip(*(column.tolist() for column in found[: len(keys)]), strict=True)) if keys else []
    weights = np.stack([column.astype(float) for column in found[len(keys) :]], axis=1)
    return cells or [()] * len(weights), weights
