"""A sample counted in plain Python: the frame and the totals of any design, row by row.

Belongs here: the slow and obvious way, for tests of the variances without the engine. Does not belong here: SQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analytics.survey_statistics.sample.design import Design
from analytics.survey_statistics.sample.frame import FloatArray, IntArray, ResponseStage, SampleFrame, UnitStage
from analytics.survey_statistics.sample.totals import Totals
from analytics.survey_statistics.variance.linear import ResponseSpread, UnitSpread

Columns = Mapping[str, Sequence[Any]]


def places(keys: Sequence[tuple[Any, ...]]) -> tuple[IntArray, int]:
    """The place of each key among the different ones, in the order of appearance."""
    seen: dict[tuple[Any, ...], int] = {}
    return np.array([seen.setdefault(key, len(seen)) for key in keys], dtype=np.int64), len(seen)


def populations(design: Design, columns: Columns, strata: Sequence[IntArray], units: Sequence[IntArray]) -> list[Any]:
    """Per stage, the units sampled in and the population of the stratum of each row."""
    found = []
    for stage, stratum, unit in zip(design.stages, strata, units, strict=True):
        sampled = np.array([len(set(unit[stratum == s])) for s in range(stratum.max() + 1)], dtype=float)[stratum]
        if stage.population is None:
            found.append((sampled, np.full(len(stratum), np.inf)))
            continue
        given = np.array(columns[stage.population], dtype=float)
        found.append((sampled, sampled / given if given.max() <= 1 else given))
    return found


def count(design: Design, columns: Columns, cells: IntArray, values: FloatArray) -> Totals:
    """Totals of cells (n,), -1 for a row in none, with measures 1 and ``values`` (n, m - 1), under the design."""
    n = len(cells)
    above: list[tuple[Any, ...]] = [() for _ in range(n)]
    strata, units = [], []
    for stage in design.stages:
        declared = columns[stage.strata] if stage.strata else [0] * n
        keys = [(*key, label) for key, label in zip(above, declared, strict=True)]
        strata.append(places(keys)[0])
        ids = columns[stage.units] if stage.units else range(n)
        above = [(*key, unit) for key, unit in zip(keys, ids, strict=True)]
        units.append(places(above)[0])
    counted = populations(design, columns, strata, units)
    weight = np.array(columns[design.weights], dtype=float) if design.weights else np.ones(n)
    if design.weights is None:
        for sampled, population in counted:
            weight = weight * np.where(np.isinf(population), 1.0, population / sampled)
    if design.inference == "process":
        counted = [(sampled, np.full(n, np.inf)) for sampled, _ in counted]
    stages = []
    for i, (stratum, unit) in enumerate(zip(strata, units, strict=True)):
        parent = units[i - 1] if i else np.zeros(n, dtype=np.int64)
        sampled, population = counted[i]
        first_of_unit = [int(np.flatnonzero(unit == u)[0]) for u in range(unit.max() + 1)]
        first_of_stratum = [int(np.flatnonzero(stratum == s)[0]) for s in range(stratum.max() + 1)]
        if design.stages[i].units is None:
            weighted = np.bincount(stratum, weight > 0, minlength=len(first_of_stratum))
            last = ResponseStage(parent[first_of_stratum], sampled[first_of_stratum], population[first_of_stratum],
                                 weighted)  # fmt: skip
            return _of_responses(design, SampleFrame(tuple(stages), last), stratum, cells, weight, values)
        heavy = np.bincount(unit, weight, minlength=len(first_of_unit)) > 0
        stages.append(UnitStage(parent[first_of_unit], stratum[first_of_unit], sampled[first_of_stratum],
                                population[first_of_stratum], heavy))  # fmt: skip
    return _of_units(design, SampleFrame(tuple(stages), None), units[-1], cells, weight, values)


def _added(groups: IntArray, cells: IntArray, weight: FloatArray, values: FloatArray) -> tuple[FloatArray, IntArray]:
    measures = np.column_stack([np.ones(len(cells)), values])
    totals = np.zeros((groups.max() + 1, cells.max() + 1, measures.shape[1]))
    inside = cells >= 0
    np.add.at(totals, (groups[inside], cells[inside]), weight[inside, None] * measures[inside])
    n: IntArray = np.bincount(cells[inside & (weight > 0)], minlength=cells.max() + 1).astype(np.int64)
    return totals.reshape(len(totals), -1), n


def _of_units(
    design: Design, frame: SampleFrame, unit: IntArray, cells: IntArray, weight: FloatArray, values: FloatArray
) -> Totals:
    totals, n = _added(unit, cells, weight, values)
    spread = UnitSpread(frame, totals, design.lonely_psu, design.adjust_domain_lonely)
    return Totals(totals.sum(axis=0), n, spread)


def _of_responses(
    design: Design, frame: SampleFrame, stratum: IntArray, cells: IntArray, weight: FloatArray, values: FloatArray
) -> Totals:
    totals, n = _added(stratum, cells, weight, values)
    measures = np.column_stack([np.ones(len(cells)), values])
    products = np.zeros((len(totals), cells.max() + 1, measures.shape[1], measures.shape[1]))
    counts = np.zeros(products.shape[:2])
    inside = cells >= 0
    squares = weight[:, None, None] ** 2 * measures[:, :, None] * measures[:, None, :]
    np.add.at(products, (stratum[inside], cells[inside]), squares[inside])
    np.add.at(counts, (stratum[inside], cells[inside]), (weight > 0)[inside])
    spread = ResponseSpread(frame, totals, products, counts, design.lonely_psu, design.adjust_domain_lonely)
    return Totals(totals.sum(axis=0), n, spread)
