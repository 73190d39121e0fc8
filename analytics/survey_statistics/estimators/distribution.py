"""Distributions of numbers as the engine adds them up: distinct values with their weights.

Belongs here: the SQL of distributions. Does not belong here: rules of quantiles (``quantile_rule``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.quantile_rule import Distribution, quantile_of
from analytics.survey_statistics.sample.engine import tuples
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.responses import quoted
from analytics.survey_statistics.sample.totals import Key

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey
# Names that no file gives a column: of a file with a column w, v or place this column would be taken instead.
WEIGHT, VALUE, PLACE, KEY = "weight_of_the_response", "value_of_the_response", "place_in_the_file", "key_of_the_domain_"


def distributions(
    survey: Survey, value: str, keys: Sequence[str], where: str | None, *, is_ordered: bool = False
) -> dict[Key, Distribution]:
    """The distribution of a number in each domain. ``is_ordered`` brings the first and last weight among equal values,
    in the order of the file; else they are the mean.
    """
    mean = f"fsum({WEIGHT}) / count(*)"
    ends = f"arg_min({WEIGHT}, {PLACE}), arg_max({WEIGHT}, {PLACE})" if is_ordered else f"{mean}, {mean}"
    place = f", row_number() over () as {PLACE}" if is_ordered else ""
    sums = f"fsum({WEIGHT}), count(*), min({WEIGHT}), max({WEIGHT}), {ends}"
    found = _distinct(survey, value, keys, where, sums, place)
    return {key: _distribution(rows) for key, rows in found.items()}


def _distribution(rows: FloatArray) -> Distribution:
    values, total, count, least, most, first, last = rows.T
    # Equal weights are multiplied, not added: the sums then carry no rounding that could undo a tie.
    weights = np.where(least == most, count.astype(np.longdouble) * least, total)
    return Distribution(values, weights, first, last, float(count.sum()))


def replicate_variances(
    survey: Survey, value: str, keys: Sequence[str], where: str | None, probability: float, rule: str
) -> dict[Key, float]:
    """Variance of a quantile in each domain from the quantile of every replicate (R ``interval.type = "quantile"``)."""
    from analytics.survey_statistics.sample.cells import cell_totals
    from analytics.survey_statistics.variance.replicates import ReplicateSpread

    replicates = survey.design.replicates
    spread = cell_totals(survey, (), (), where).totals.spread
    if replicates is None or not isinstance(spread, ReplicateSpread):
        return {}
    sampling = "" if replicates.combined else f" * ({survey.weight})::double"
    sums = ", ".join(f"fsum({quoted(column)}::double{sampling})" for column in replicates.columns)
    found = _distinct(survey, value, keys, where, f"fsum({WEIGHT}), count(*), {sums}", "")
    variances = {}
    for key, rows in found.items():
        values, counts = rows[:, 0], rows[:, 2]
        each = [
            Distribution(values, w, w / counts, w / counts, float(counts[w > 0].sum()))
            for w in (rows[:, 1], *rows[:, 3:].T)
        ]
        full, *of_replicates = (quantile_of(some, probability, rule) for some in each)
        column: FloatArray = np.array(of_replicates)[:, None]
        variances[key] = float(spread.of_values(column, np.array([full]))[0, 0])
    return variances


def _distinct(
    survey: Survey, value: str, keys: Sequence[str], where: str | None, aggregates: str, place: str
) -> dict[Key, FloatArray]:
    """Rows (V, 1 + aggregates) of distinct values by domain, ascending."""
    named = [f"{KEY}{i}" for i in range(len(keys))]
    inner = "".join(f"({key}) as {name}, " for key, name in zip(keys, named, strict=True))
    conditions = [f"({where})"] if where else []
    conditions += [f"({key}) is not null" for key in keys]
    chosen = f"where {' and '.join(conditions)}" if conditions else ""
    listed = "".join(f"{name}, " for name in named)
    source = f"(select *{place} from {survey.responses.relation})"
    weight = f"({survey.weight})::double"
    if survey.design.replicates is None:
        # R keeps probabilities and takes weights as their reciprocals. Whether a sum of weights *meets* a probability
        # is decided by the last bit, so the same roundings are made here.
        weight = f"(1.0::double / (1.0::double / nullif({weight}, 0)))"
    found = tuples(
        survey.responses,
        f"select {listed} {VALUE}, {aggregates} "
        f"from (select *, {weight} as {WEIGHT}, {inner} ({value})::double as {VALUE} from {source} {chosen}) "
        f"where {VALUE} is not null and {WEIGHT} > 0 group by {listed} {VALUE} order by all",
    )
    rows: dict[Key, list[tuple[float, ...]]] = {}
    for row in found:
        rows.setdefault(row[: len(keys)], []).append(row[len(keys) :])
    return {key: np.array(some, dtype=np.float64) for key, some in rows.items()}
