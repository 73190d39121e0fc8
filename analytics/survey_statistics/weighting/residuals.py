"""Standard errors that know of the weighting: every total is replaced by that of its residuals.

Belongs here: the linear combination of totals that the residuals are. Does not belong here: SQL of the design
(``sample``), formulas of variances (``variance``).

A residual is a score less carrier times X C, so its totals in units are those of the score less combinations of a few
totals of X in units; C needs sums of the scores by class of X, over all units. R ``survey::svyrecvar``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.sample.cells import Request, cell_totals
from analytics.survey_statistics.sample.frame import BoolArray, FloatArray, IntArray
from analytics.survey_statistics.sample.totals import CellTotals, Key, Spread
from analytics.survey_statistics.variance.linear import UnitSpread
from analytics.survey_statistics.weighting.adjustment import Residual
from analytics.survey_statistics.weighting.auxiliaries import Levels, literal
from analytics.survey_statistics.weighting.sums import class_sums

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

ONE, CARRIERS = "weight_of_one", "totals of carriers in units"


@dataclass(frozen=True)
class ResidualSpread:
    """``inner`` knows the totals that residuals are made of (E of them), ``residual`` (E, K) which they are, and
    ``own`` (E, K) which of them are the totals themselves, by 1 and 0.
    """

    original: Spread
    inner: Spread
    residual: FloatArray
    own: FloatArray

    def covariance(self, gradient: FloatArray, base: BoolArray | None = None) -> FloatArray:
        """See ``Spread``."""
        domain = gradient != 0 if base is None else base
        return self.inner.covariance(self.residual @ gradient, self.own @ domain.astype(float) > 0)

    def degrees_of_freedom(self, in_domain: IntArray) -> float:
        """See ``Spread``; those of the design, which calibration leaves as they are."""
        return self.original.degrees_of_freedom(in_domain)


def adjusted(survey: Survey, request: Request, cells: CellTotals) -> CellTotals:
    """The totals of a request with the spread of their residuals; unchanged with replicates, which were adjusted
    themselves.
    """
    steps = [step.residual for step in survey.adjustments if step.residual is not None]
    if not steps or not cells.cells or cells.totals.replicates is not None:
        return cells
    coefficients = _coefficients(survey, request, cells, steps)
    spread = cells.totals.spread
    if isinstance(spread, UnitSpread):
        found = _of_units(survey, spread, steps, coefficients)
    else:
        found = _of_responses(survey, request, cells, steps, coefficients)
    return replace(cells, totals=replace(cells.totals, spread=ResidualSpread(spread, *found)))


def _later(survey: Survey, step: Residual) -> str:
    """SQL of what later adjustments made of the weight: the last weight over that of the step."""
    if step.after == survey.weight:
        return "1e0"
    return f"(case when {step.after} <> 0 then {survey.weight} / {step.after} else 0e0 end)"


def _numbers(step: Residual) -> list[str]:
    return ["1e0", *(f"({number})::double" for number in step.auxiliaries.numbers)]


def _coefficients(survey: Survey, request: Request, cells: CellTotals, steps: Sequence[Residual]) -> list[FloatArray]:
    """C of every step (P, K): what it takes off the scores that earlier steps left."""
    found: list[FloatArray] = []
    for j, step in enumerate(steps):
        slope = f"({step.slope}) * {_later(survey, step)}"
        crossed = _crossed(survey, request, cells, step, slope)
        for i, (earlier, done) in enumerate(zip(steps[:j], found, strict=True)):
            between: FloatArray | None = survey.kept.get((CARRIERS, i, j))
            if between is None:
                between = survey.kept[CARRIERS, i, j] = _between(survey, earlier, step)
            crossed -= between @ done
        found.append(step.inverse @ crossed)
    return found


def _crossed(survey: Survey, request: Request, cells: CellTotals, step: Residual, slope: str) -> FloatArray:
    """X' (slope * z) for the score z of every total, (P, K)."""
    measures, numbers = _measures(request), _numbers(step)
    sums = class_sums(
        survey.responses,
        step.auxiliaries.factors,
        [f"sum(({slope}) * {measure} * {number})" for measure in measures for number in numbers],
        request.keys,
        _chosen(request),
    )
    place = {cell: i for i, cell in enumerate(cells.cells)}
    rows = [h for h, key in enumerate(sums.keys) if key in place]
    held = sums.sums.reshape(-1, len(measures), len(numbers))[rows][:, :, step.auxiliaries.number]
    indicator = step.auxiliaries.indicator([sums.classes[h] for h in rows])
    crossed = np.zeros((len(cells.cells), len(measures), len(step.auxiliaries.columns)))
    np.add.at(crossed, [place[sums.keys[h]] for h in rows], held * indicator[:, None, :])
    return np.asarray(crossed.reshape(-1, crossed.shape[2]).T)


def _between(survey: Survey, earlier: Residual, step: Residual) -> FloatArray:
    """X' diag(slope * carrier over weight) X of a later and an earlier step, (P later, P earlier)."""
    left, right = step.auxiliaries, earlier.auxiliaries
    weight = f"(case when {step.after} <> 0 then ({step.slope}) / {step.after} else 0e0 end) * ({earlier.carrier})"
    pairs = [f"sum({weight} * {a} * {b})" for a in _numbers(step) for b in _numbers(earlier)]
    found = class_sums(survey.responses, (*left.factors, *right.factors), pairs)
    split = len(left.factors)
    held = found.sums.reshape(-1, len(_numbers(step)), len(_numbers(earlier)))
    chosen = held[:, left.number[:, None], right.number[None, :]]
    rows = left.indicator([row[:split] for row in found.classes])
    columns = right.indicator([row[split:] for row in found.classes])
    return np.asarray(np.einsum("hp,hq,hpq->pq", rows, columns, chosen))


def _of_units(
    survey: Survey, spread: UnitSpread, steps: Sequence[Residual], coefficients: Sequence[FloatArray]
) -> tuple[Spread, FloatArray, FloatArray]:
    """Totals of the units with those of the carriers beside them."""
    carriers: FloatArray | None = survey.kept.get(CARRIERS)
    if carriers is None:
        plain = _unweighted(survey)
        carriers = survey.kept[CARRIERS] = np.hstack([_carried(plain, step) for step in steps])
    one = np.eye(spread.totals.shape[1])
    residual = np.vstack([one, *(-c for c in coefficients)])
    own = np.vstack([one, *(np.zeros_like(c) for c in coefficients)])
    return replace(spread, totals=np.hstack([spread.totals, carriers])), residual, own


def _carried(plain: Survey, step: Residual) -> FloatArray:
    """Totals (U, P) of carrier times X in units; margin by margin, for joint classes are many more."""
    auxiliaries, numbers = step.auxiliaries, _numbers(step)
    found: FloatArray | None = None
    for factors in dict.fromkeys(tuple(f for f, _ in column.levels) for column in auxiliaries.columns):
        keys = [auxiliaries.factors[f] for f in factors]
        cells = cell_totals(plain, keys, [f"({step.carrier}) * {number}" for number in numbers])
        spread = cells.totals.spread
        if not isinstance(spread, UnitSpread):
            raise TypeError("units of a survey keep their totals whatever is added up")
        held = spread.totals.reshape(len(spread.totals), len(cells.cells), cells.n_measures)
        found = np.zeros((len(held), len(auxiliaries.columns))) if found is None else found
        place = {cell: i for i, cell in enumerate(cells.cells)}
        for p, column in enumerate(auxiliaries.columns):
            cell = place.get(tuple(level for _, level in column.levels))
            if tuple(f for f, _ in column.levels) == factors and cell is not None:
                found[:, p] = held[:, cell, 1 + column.number]
    if found is None:
        raise TypeError("an adjustment has auxiliary variables")
    return found


def _of_responses(
    survey: Survey, request: Request, cells: CellTotals, steps: Sequence[Residual], coefficients: Sequence[FloatArray]
) -> tuple[Spread, FloatArray, FloatArray]:
    """Totals of scores and carriers in cells that are split by class, since without units nothing else knows how the
    two vary together.
    """
    inside = f"(({_chosen(request)}) is true)"
    keys = [
        f"coalesce(case when {inside} then ({key}) end, {literal(cells.cells[0][i])})"
        for i, key in enumerate(request.keys)
    ]
    factors = list(dict.fromkeys(text for step in steps for text in step.auxiliaries.factors))
    scores = [f"case when {inside} then ({survey.weight}) * {measure} else 0e0 end" for measure in _measures(request)]
    carriers = [f"({step.carrier}) * {number}" for step in steps for number in _numbers(step)]
    found = cell_totals(_unweighted(survey), (inside, *keys, *factors), (*scores, *carriers))
    m, width = len(scores), 1 + len(keys)
    own = np.zeros((len(found.cells), found.n_measures, coefficients[0].shape[1]))
    place = {cell: i for i, cell in enumerate(cells.cells)}
    for e, cell in enumerate(found.cells):
        if cell[0]:
            start = place[cell[1:width]] * m
            own[e, 1 : 1 + m, start : start + m] = np.eye(m)
    residual, first = own.copy(), 1 + m
    for step, coefficient in zip(steps, coefficients, strict=True):
        indicator = step.auxiliaries.indicator(_classes(found.cells, width, factors, step))
        for p, number in enumerate(step.auxiliaries.number.tolist()):
            residual[:, first + number] -= indicator[:, p, None] * coefficient[p]
        first += len(_numbers(step))
    width = own.shape[2]
    return found.totals.spread, residual.reshape(-1, width), own.reshape(-1, width)


def _classes(cells: Sequence[Key], width: int, factors: Sequence[str], step: Residual) -> list[Levels]:
    places = [width + factors.index(text) for text in step.auxiliaries.factors]
    return [tuple(cell[place] for place in places) for cell in cells]


def _unweighted(survey: Survey) -> Survey:
    """The same sample with a weight of 1, for totals of scores that hold their weights already."""
    relation = f"(select *, 1e0 as {ONE} from {survey.responses.relation})"
    responses = replace(survey.responses, relation=relation, columns={**survey.responses.columns, ONE: "DOUBLE"})
    design = replace(survey.design, weights=ONE, replicates=None)
    return replace(survey, responses=responses, design=design, adjustments=(), kept={})


def _measures(request: Request) -> list[str]:
    return ["1e0", *(f"({value})::double" for value in request.values)]


def _chosen(request: Request) -> str:
    complete = [f"({part}) is not null" for part in (*request.keys, *request.values)]
    where = [f"({request.where}) is true"] if request.where else []
    return " and ".join([*where, *complete]) or "true"
