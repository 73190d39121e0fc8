"""The one step from rows of respondents to the small array: weighted totals of cells, added up by the engine.

Belongs here: the SQL of totals. Does not belong here: any formula of an estimate or a variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.sample.frame import IntArray, ResponseStage, SampleFrame, UnitStage
from analytics.survey_statistics.sample.responses import quoted
from analytics.survey_statistics.sample.totals import CellTotals, Key, Totals

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey


@dataclass(frozen=True)
class Request:
    """What to add up: SQL of the keys that make cells, SQL of the values beside the number 1, SQL of a domain.

    A response outside ``where``, or with a null among keys and values, is in no cell.
    """

    keys: tuple[str, ...]
    values: tuple[str, ...] = ()
    where: str | None = None


def cell_totals(
    survey: Survey, keys: Sequence[str], values: Sequence[str] = (), where: str | None = None
) -> CellTotals:
    """Totals of all cells of the keys, with their spread under the design of the survey."""
    request = Request(tuple(keys), tuple(values), where)
    kept = survey.kept.get(request)
    if kept is None:
        kept = _add_up(survey, request)
        if survey.design.replicates is not None and not survey.design.replicates.columns:
            from analytics.survey_statistics.variance.make_replicates import replicated

            kept = CellTotals(kept.cells, kept.n_measures, replicated(kept.totals, survey.design))
        if survey.adjustments:
            from analytics.survey_statistics.weighting.residuals import adjusted

            kept = adjusted(survey, request, kept)
        survey.kept[request] = kept
    return kept


def _add_up(survey: Survey, request: Request) -> CellTotals:
    from analytics.survey_statistics.variance.linear import ResponseSpread, UnitSpread

    stage = survey.design.stages[0]
    measures = ("1.0", *(f"({value})::double" for value in request.values))
    keys = ", ".join(f"({key}) as k{i}" for i, key in enumerate(request.keys))
    named = [f"k{i}" for i in range(len(request.keys))]
    complete = " and ".join([*(f"({part}) is not null" for part in (*request.keys, *request.values)), "true"])
    chosen = f"({request.where}) is true and {complete}" if request.where else complete
    stratum = quoted(stage.strata) if stage.strata else "0"
    unit = quoted(stage.units) if stage.units else "0"
    weight = f"({survey.weight})::double"
    sums = [f"sum({weight} * {measure})" for measure in measures]
    sums += [f"sum({weight} * {weight} * {a} * {b})" for a in measures for b in measures]
    rows = survey.responses.connection.execute(
        f"select {', '.join(['stratum', 'unit', *named, 'n', *(f's{i}' for i in range(len(sums)))])}"
        f" from (select {stratum} as stratum, {unit} as unit, {keys + ', ' if keys else ''}"
        f" count(*) filter (where {weight} > 0) as n, {', '.join(f'{text} as s{i}' for i, text in enumerate(sums))}"
        f" from {survey.responses.relation} where {chosen} group by all) order by all"
    ).fetchall()
    width, m = len(request.keys), len(measures)
    cells: list[Key] = sorted({row[2 : 2 + width] for row in rows}, key=repr)
    place = {cell: i for i, cell in enumerate(cells)}
    frame, strata, units = _frame(survey, stratum, unit)
    count = np.zeros((len(strata), len(cells)))
    parts = np.zeros((len(units), len(cells), m))
    products = np.zeros((len(strata), len(cells), m, m))
    for row in rows:
        cell, s, u = place[row[2 : 2 + width]], strata[row[0]], units[row[0], row[1]]
        count[s, cell] += row[2 + width]
        parts[u, cell] = row[3 + width : 3 + width + m]
        products[s, cell] += np.reshape(row[3 + width + m :], (m, m))
    value = parts.sum(axis=0).reshape(-1)
    flat = parts.reshape(len(units), -1)
    spread: UnitSpread | ResponseSpread
    if frame.responses is None:
        spread = UnitSpread(frame, flat, survey.design.lonely_psu)
    else:
        spread = ResponseSpread(frame, flat, products, count, survey.design.lonely_psu)
    n: IntArray = count.sum(axis=0).astype(np.int64)
    return CellTotals(tuple(cells), m, Totals(value, n, spread))


def _frame(
    survey: Survey, stratum: str, unit: str
) -> tuple[SampleFrame, dict[object, int], dict[tuple[object, object], int]]:
    stage = survey.design.stages[0]
    population = f"max({quoted(stage.population)})::double" if stage.population else "'inf'::double"
    found = survey.responses.connection.execute(
        f"select {stratum} as stratum, {unit} as unit, count(*), {population} from {survey.responses.relation} "
        "group by all order by all"
    ).fetchall()
    strata = {name: i for i, name in enumerate(sorted({row[0] for row in found}, key=repr))}
    units = {(row[0], row[1]): i for i, row in enumerate(found)}
    belongs = np.array([strata[row[0]] for row in found], dtype=np.int64)
    sampled = np.zeros(len(strata))
    np.add.at(sampled, belongs, [1 if stage.units else row[2] for row in found])
    there = np.full(len(strata), np.inf)
    there[belongs] = [row[3] for row in found]
    if survey.design.inference == "process":
        there[:] = np.inf
    there = np.where(there <= 1, sampled / there, there)
    nowhere = np.zeros(len(belongs), dtype=np.int64)
    if stage.units:
        return SampleFrame((UnitStage(nowhere, belongs, sampled, there),), None), strata, units
    return SampleFrame((), ResponseStage(nowhere, sampled, there)), strata, units
