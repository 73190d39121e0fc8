"""Sums over responses by class of auxiliary variables: all that a weighting ever reads.

Belongs here: the one group-by of weightings. Does not belong here: what is solved from the sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

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
    rows = responses.connection.execute(
        f"select {', '.join((*named, *asked))} from {responses.relation} where {where}{group}"
    ).fetchall()
    k, width = len(keys), len(named)
    values = np.array([row[width:] for row in rows], dtype=np.float64).reshape(len(rows), len(sums))
    return ClassSums(
        tuple(row[:k] for row in rows),
        tuple(row[k:width] for row in rows),
        np.where([[cell is None for cell in row[width:]] for row in rows], 0.0, values),
    )


def products(auxiliaries: Auxiliaries, responses: Responses, weight: str, where: str) -> FloatArray:
    """Weighted sums of products of the columns, X'WX (P, P). ``weight``: SQL."""
    numbers = ["1e0", *(f"({number})::double" for number in auxiliaries.numbers)]
    pairs = [(a, b) for a in range(len(numbers)) for b in range(a, len(numbers))]
    scores = [f"sum(({weight}) * {numbers[a]} * {numbers[b]})" for a, b in pairs]
    found = class_sums(responses, auxiliaries.factors, scores, where=where)
    held = np.zeros((len(found.classes), len(numbers), len(numbers)))
    for i, (a, b) in enumerate(pairs):
        held[:, a, b] = held[:, b, a] = found.sums[:, i]
    indicator, number = auxiliaries.indicator(found.classes), auxiliaries.number
    chosen = held[:, number[:, None], number[None, :]]
    return np.asarray(np.einsum("hp,hq,hpq->pq", indicator, indicator, chosen))


def column_totals(auxiliaries: Auxiliaries, responses: Responses, scores: Sequence[str], where: str) -> FloatArray:
    """Sums of each score (SQL) times each column, (S, P)."""
    numbers = ["1e0", *(f"({number})::double" for number in auxiliaries.numbers)]
    asked = [f"sum(({score}) * {number})" for score in scores for number in numbers]
    found = class_sums(responses, auxiliaries.factors, asked, where=where)
    held = found.sums.reshape(-1, len(scores), len(numbers))[:, :, auxiliaries.number]
    return np.asarray(np.einsum("hp,hsp->sp", auxiliaries.indicator(found.classes), held))
