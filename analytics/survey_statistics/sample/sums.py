"""Sums of weights and values by group of the last stage and cell, as the engine adds them up.

Belongs here: the SQL of sums and the arrays that hold them. Does not belong here: what cells are asked for (``cells``).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.sql_literal import literal
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import arrays, arrays_of_each
from analytics.survey_statistics.sample.frame import FloatArray, IntArray
from analytics.survey_statistics.sample.numbering import AnyArray, Numbering, combined, numbering
from analytics.survey_statistics.sample.structure import Structure, added
from analytics.survey_statistics.sample.totals import Key

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

SUMS, SHIFT = "sums", "shift"
# Names that no column of a survey has.
WEIGHT, SQUARE = "weight_to_add_up", "squared_weight_to_add_up"
VALUE, CENTRED = "value_to_add_up", "centred_value_to_add_up"
# Numbers that an array of totals may hold: 800 MB.
MOST_TOTALS = 100_000_000
# Above this many combinations of values only those that occur have a place.
MOST_COMBINATIONS = 500


@dataclass(frozen=True)
class Sums:
    """Sums over groups G and cells C of ``columns``; a null is a value of a column here.

    ``parts`` (G, C, m): weighted totals of the m measures. ``n`` (G, C), or (1, C) where groups are units: responses
    with a positive weight. ``rows`` (C,): all responses. ``products`` (G, C, m, m): sums of squared weights times
    products of measures, where groups are strata of responses.
    """

    columns: tuple[str, ...]
    cells: tuple[Key, ...]
    parts: FloatArray
    n: FloatArray
    rows: FloatArray
    products: FloatArray | None

    def joined(self, places: IntArray, cells: int) -> Sums:
        """The sums of fewer cells: ``places`` (C,) tells where each cell goes, -1 for nowhere."""
        chosen = np.flatnonzero(places >= 0)
        if len(chosen) == cells:
            # Every new cell is one of the old ones: nothing is to be added.
            chosen = chosen[np.argsort(places[chosen], kind="stable")]
            products = None if self.products is None else self.products[:, chosen]
            return replace(
                self, parts=self.parts[:, chosen], n=self.n[:, chosen], rows=self.rows[chosen], products=products
            )
        indicator = np.zeros((len(places), cells))
        indicator[chosen, places[chosen]] = 1.0

        def joined(array: FloatArray) -> FloatArray:
            return np.asarray(np.moveaxis(np.tensordot(array, indicator, (1, 0)), -1, 1))

        products = None if self.products is None else joined(self.products)
        return replace(self, parts=joined(self.parts), n=joined(self.n), rows=self.rows @ indicator, products=products)


def add_up(
    survey: Survey, shape: Structure, asked: Sequence[tuple[str, ...]], values: Sequence[str], where: str | None
) -> Iterator[Sums]:
    """Ask the engine for the sums of each of several sets of columns, in their order.

    Raises ``SurveyError`` for a question that is too fine for an array.
    """
    queries = [_query(survey, shape, columns, values, where) for columns in asked]
    with closing(arrays_of_each(survey.responses, queries, int(shape.n_rows))) as answers:
        for columns, found in zip(asked, answers, strict=True):
            yield _sums(survey, shape, columns, values, found)


def _query(survey: Survey, shape: Structure, columns: tuple[str, ...], values: Sequence[str], where: str | None) -> str:
    is_by_response = shape.frame.responses is not None
    m = 1 + len(values)
    conditions = [f"{VALUE}_{i} is not null" for i in range(1, m)]
    shift = value_shift(survey, values).tolist() if is_by_response else None
    # The key that varies most stands last, where neighbours of the engine's array are neighbours of its memory.
    keys = [*reversed(columns), *shape.keys]
    return (
        f"select {', '.join([*keys, *_aggregates(survey, shape, m, is_by_response)])} "
        f"from {_measured(survey, values, where, shift)}"
        + (f" where {' and '.join(conditions)}" if conditions else "")
        + (f" group by {', '.join(str(i + 1) for i in range(len(keys)))}" if keys else "")
    )


def _sums(
    survey: Survey, shape: Structure, columns: tuple[str, ...], values: Sequence[str], found: list[AnyArray]
) -> Sums:
    is_by_response = shape.frame.responses is not None
    m = 1 + len(values)
    has_weights = survey.weight != "1.0"
    width, n_keys = len(columns), len(columns) + len(shape.keys)
    levels = [numbering(column) for column in reversed(found[:width])]
    cell, cells = _cells(levels, list(reversed(found[:width])), len(found[-1]))
    if len(cells) * shape.groups * m > MOST_TOTALS:
        raise SurveyError(
            f"{survey.responses.title}: {len(cells)} cells in {shape.groups} units are too many for one table. Ask for "
            "fewer domains at a time, or put values into classes."
        )
    rest = [np.ma.filled(column.astype(float), 0.0) for column in found[n_keys:]]
    at = shape.places(found[width:n_keys]) * len(cells) + cell if shape.keys else cell
    size = shape.groups * len(cells)
    rows, n = rest[0], rest[1] if shape.has_zero_weights else rest[0]
    sums = rest[2 if shape.has_zero_weights else 1 :]
    if not has_weights:
        sums = [rows, *sums]
    parts = np.stack([_placed(at, column, size) for column in sums[:m]], axis=-1).reshape(shape.groups, len(cells), m)
    if not np.isfinite(parts).all():
        raise SurveyError(
            f"{survey.responses.title}: the total of {', '.join(values) or 'the weights'} is not finite, because a "
            "value is infinite or the values are too large. Correct them, or leave them out with where."
        )
    all_rows = added(cell, rows, len(cells))
    if not is_by_response:
        return Sums(columns, cells, parts, added(cell, n, len(cells))[None], all_rows, None)
    products = np.empty((size, m, m))
    for (a, b), column in zip(_pairs(m), sums[m:], strict=True):
        products[:, a, b] = products[:, b, a] = _placed(at, column, size)
    counted = _placed(at, n, size).reshape(shape.groups, len(cells))
    return Sums(columns, cells, parts, counted, all_rows, products.reshape(shape.groups, len(cells), m, m))


def _measured(survey: Survey, values: Sequence[str], where: str | None, shift: Sequence[float] | None) -> str:
    """What stands behind FROM: the responses of the domain, with names for the weight, its square, the values and,
    given their ``shift``, the values less it.

    Products name each of them many times; to read all that text would take the engine longer than to add up.
    """
    relation = survey.responses.relation + (f" where ({where})" if where else "")
    if not values:
        return relation
    weight = f"({survey.weight})::double"
    named = [f"{weight} as {WEIGHT}", f"{weight} * {weight} as {SQUARE}"] if survey.weight != "1.0" else []
    for i, value in enumerate(values, start=1):
        named.append(f"({value})::double as {VALUE}_{i}")
        if shift is not None:
            named.append(f"({value})::double - {literal(shift[i])} as {CENTRED}_{i}")
    return f"(select *, {', '.join(named)} from {relation})"


def _aggregates(survey: Survey, shape: Structure, m: int, is_by_response: bool) -> list[str]:
    """SQL of everything that is added up: responses, those that count, weighted measures, squares and products."""
    is_named = m > 1
    weight = WEIGHT if is_named else f"({survey.weight})::double"
    square = SQUARE if is_named else f"{weight} * {weight}"
    has_weights = survey.weight != "1.0"
    values = [f"{VALUE}_{i}" for i in range(1, m)]
    asked = ["count(*)"]
    if shape.has_zero_weights:
        asked.append(f"count(*) filter ({weight} <> 0)")
    if has_weights:
        asked += [f"sum({weight})", *(f"sum({weight} * {value})" for value in values)]
    else:
        asked += [f"sum({value})" for value in values]
    if is_by_response:
        centred = [[], *([f"{CENTRED}_{i}"] for i in range(1, m))]
        factors = ([*([square] if has_weights else []), *centred[a], *centred[b]] for a, b in _pairs(m))
        asked += [f"sum({' * '.join(each) or '1e0'})" for each in factors]
    return asked


def value_shift(survey: Survey, values: Sequence[str]) -> FloatArray:
    """A number near the mean of each measure (m,), 0 for the number 1: squares around it lose no digits."""
    if not values:
        return np.zeros(1)
    key = (SHIFT, tuple(values))
    kept: FloatArray | None = survey.kept.get(key)
    if kept is None:
        means = ", ".join(f"avg(({value})::double)" for value in values)
        found = arrays(survey.responses, f"select {means} from {survey.responses.relation}")
        shift = np.array([0.0, *(float(np.ma.filled(column.astype(float), 0.0)[0]) for column in found)])
        kept = survey.kept[key] = np.where(np.isfinite(shift), shift, 0.0)
    return kept


def _pairs(m: int) -> list[tuple[int, int]]:
    return [(a, b) for a in range(m) for b in range(a, m)]


def _cells(levels: Sequence[Numbering], columns: list[AnyArray], rows: int) -> tuple[IntArray, tuple[Key, ...]]:
    """Cell of each row (N,), and the cells: all combinations of values, of many only those that occur."""
    if not columns:
        return np.zeros(rows, dtype=np.int64), ((),)
    sizes = [len(level.values) for level in levels]
    code = combined([level.places(column) for level, column in zip(levels, columns, strict=True)], sizes)
    if math.prod(sizes) <= MOST_COMBINATIONS:
        return code, tuple(itertools.product(*(level.values for level in levels)))
    codes, cell = np.unique(code, return_inverse=True)
    places = np.unravel_index(codes, sizes)
    values = [[level.values[i] for i in place] for level, place in zip(levels, places, strict=True)]
    return cell.astype(np.int64).reshape(-1), tuple(zip(*values, strict=True))


def _placed(at: IntArray, column: FloatArray, size: int) -> FloatArray:
    placed = np.zeros(size)
    placed[at] = column
    return placed
