"""Sums over responses by class of auxiliary variables: all that a weighting ever reads.

Belongs here: the one group-by of weightings. Does not belong here: what is solved from the sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.sample.engine import tuples
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.weighting.auxiliaries import Auxiliaries, Levels

if TYPE_CHECKING:
    from analytics.survey_statistics.sample.responses import Responses


@dataclass(frozen=True)
class ClassSums:
    """``keys`` and ``classes`` name the rows (H) of ``sums`` (H, S); rows with the same levels can differ in keys."""

    keys: tuple[Levels, ...]
    classes: tuple[Levels, ...]
    sums: FloatArray


def class_sums(
    responses: Responses, factors: Sequence[str], sums: Sequence[str], keys: Sequence[str] = (), where: str = "true"
) -> ClassSums:
    """Sums (SQL of aggregates) by keys and levels of factors (SQL), in the order of both; null sums are 0."""
    named = [f"({text}) as g{i}" for i, text in enumerate((*keys, *factors))]
    asked = [f"({text})::double as s{i}" for i, text in enumerate(sums)]
    group = " group by all order by all" if named else ""
    rows = tuples(responses, f"select {', '.join((*named, *asked))} from {responses.relation} where {where}{group}")
    k, width = len(keys), len(named)
    values = np.array([[cell or 0.0 for cell in row[width:]] for row in rows], dtype=np.float64)
    return ClassSums(
        tuple(row[:k] for row in rows),
        tuple(row[k:width] for row in rows),
        values.reshape(len(rows), len(sums)),
    )


def products(auxiliaries: Auxiliaries, responses: Responses, weight: str, where: str) -> FloatArray:
    """Weighted sums of products of the columns, X'WX (P, P). ``weight``: SQL."""
    return moments(auxiliaries, responses, "0e0", weight, where)[1]


def column_totals(auxiliaries: Auxiliaries, responses: Responses, score: str, where: str) -> FloatArray:
    """Sums of a score (SQL) times each column (P,)."""
    numbers = _numbers(auxiliaries)
    found = class_sums(
        responses, auxiliaries.factors, [f"sum(({score}) * {number})" for number in numbers], where=where
    )
    return np.asarray((auxiliaries.indicator(found.classes) * found.sums[:, auxiliaries.number]).sum(axis=0))


def moments(
    auxiliaries: Auxiliaries, responses: Responses, score: str, weight: str, where: str
) -> tuple[FloatArray, FloatArray]:
    """Sums of a score (SQL) times each column (P,), and weighted sums of products of the columns (P, P)."""
    numbers = _numbers(auxiliaries)
    pairs = [(a, b) for a in range(len(numbers)) for b in range(a, len(numbers))]
    sums = [f"sum(({score}) * {number})" for number in numbers]
    sums += [f"sum(({weight}) * {numbers[a]} * {numbers[b]})" for a, b in pairs]
    found = class_sums(responses, auxiliaries.factors, sums, where=where)
    held = np.zeros((len(found.classes), len(numbers), len(numbers)))
    for i, (a, b) in enumerate(pairs, start=len(numbers)):
        held[:, a, b] = held[:, b, a] = found.sums[:, i]
    indicator, number = auxiliaries.indicator(found.classes), auxiliaries.number
    chosen = held[:, number[:, None], number[None, :]]
    total = (indicator * found.sums[:, number]).sum(axis=0)
    return np.asarray(total), np.asarray(np.einsum("hp,hq,hpq->pq", indicator, indicator, chosen))


def _numbers(auxiliaries: Auxiliaries) -> list[str]:
    return ["1e0", *(f"({number})::double" for number in auxiliaries.numbers)]
