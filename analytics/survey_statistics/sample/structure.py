"""The structure of a sample as its rows show it: every stage with its strata, units, counts and populations.

Belongs here: the query that finds units and strata, and the checks that need data. Does not belong here: totals
(``cells``), variances.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.sample.design import Design, Stage, SurveyError
from analytics.survey_statistics.sample.engine import arrays
from analytics.survey_statistics.sample.frame import (
    BoolArray,
    FloatArray,
    IntArray,
    ResponseStage,
    SampleFrame,
    UnitStage,
)
from analytics.survey_statistics.sample.inclusion import columns_read, of_stage, population_of
from analytics.survey_statistics.sample.joint import with_joint
from analytics.survey_statistics.sample.numbering import WIDEST_LOOKUP, AnyArray, Numbering, combined, numbering
from analytics.survey_statistics.sample.responses import Responses, quoted

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey


@dataclass(frozen=True)
class Structure:
    """``keys``: columns that tell the groups of the last stage apart (units, or strata of responses), as few as do it.
    ``groups``: how many there are; ``weights`` (groups,): N/n over all stages, where populations are given.
    """

    frame: SampleFrame
    keys: tuple[str, ...]
    numberings: tuple[Numbering, ...]
    codes: IntArray
    order: IntArray
    groups: int
    weights: FloatArray
    n_rows: int
    has_zero_weights: bool

    def places(self, columns: Sequence[AnyArray]) -> IntArray:
        """Group of each row (N,), from the values of its keys."""
        if not self.keys:
            return np.zeros(len(columns[0]) if columns else 1, dtype=np.int64)
        sizes = [len(each.values) for each in self.numberings]
        code = combined([each.places(column) for each, column in zip(self.numberings, columns, strict=True)], sizes)
        if 0 < math.prod(sizes) < WIDEST_LOOKUP:
            return self._group_of_code[code]
        return self.order[np.searchsorted(self.codes, code)]

    @cached_property
    def _group_of_code(self) -> IntArray:
        groups = np.zeros(int(self.codes[-1]) + 1, dtype=np.int64)
        groups[self.codes] = self.order
        return groups


def structure(survey: Survey) -> Structure:
    """The structure of a survey's sample, read once."""
    kept = survey.kept.get(Structure)
    if kept is None:
        kept = survey.kept[Structure] = read_structure(
            survey.responses, survey.design, survey.weight, may_be_negative=bool(survey.adjustments)
        )
    return kept


def read_structure(responses: Responses, design: Design, weight: str, *, may_be_negative: bool = False) -> Structure:
    """Find units, strata and populations. ``may_be_negative``: weights of linear calibration.

    Raises ``SurveyError`` for weights that cannot be used, units or strata that are not known, and populations that
    contradict the sample.
    """
    names = _names(design)
    if nested := [name for name in names if responses.columns[name].endswith("]")]:
        raise SurveyError(
            f"{responses.title}: the design column {nested[0]} holds lists, which name no stratum or unit."
        )
    has_zero = _check_weights(responses, weight, design.weights, may_be_negative)
    parts = [quoted(name) for name in names]
    populations = list(
        dict.fromkeys([stage.population for stage in design.stages if stage.population] + columns_read(design.stages))
    )
    parts += [f"{f}({quoted(name)}::double)" for name in populations for f in ("min", "max")]
    missing = [f"count(*) - count({quoted(name)})" for name in populations]
    positive = f"count(*) filter (({weight}) <> 0)" if has_zero else "count(*)"
    found = arrays(
        responses,
        f"select {', '.join([*parts, *missing, 'count(*)', positive])} from {responses.relation} "
        + ("group by all order by all" if names else ""),
    )
    keys, rest = found[: len(names)], found[len(names) :]
    for name, column in zip(names, keys, strict=True):
        if isinstance(column, np.ma.MaskedArray) or (column.dtype.kind == "f" and np.isnan(column).any()):
            raise SurveyError(
                f"{responses.title}: the design column {name} is empty in some rows, so it is not known which stratum "
                "or unit they come from. Complete the column, or leave these rows out of the file."
            )
    n, is_positive = rest[-2].astype(float), rest[-1].astype(float)
    bounds: dict[str, tuple[FloatArray, FloatArray, int]] = {}
    for i, name in enumerate(populations):
        lost = int(np.ma.filled(rest[2 * len(populations) + i], 0).sum())
        low, high = (np.ma.filled(column.astype(float), np.nan) for column in rest[2 * i : 2 * i + 2])
        bounds[name] = low, high, lost
    by_name = dict(zip(names, keys, strict=True))
    frame, group, weights = _frame(responses.title, design, by_name, n, is_positive, bounds)
    kept = _telling(names, by_name)
    numberings = tuple(numbering(by_name[name]) for name in kept)
    code = np.zeros(len(n), dtype=np.int64)
    if kept:
        sizes = [len(each.values) for each in numberings]
        code = combined([each.places(by_name[name]) for each, name in zip(numberings, kept, strict=True)], sizes)
    by_code = np.argsort(code, kind="stable")
    by_group = np.empty(len(n))
    by_group[group] = weights
    keys_sql = tuple(quoted(name) for name in kept)
    shape = Structure(
        frame, keys_sql, numberings, code[by_code], group[by_code], len(n), by_group, int(n.sum()), has_zero
    )
    return with_joint(responses, design, shape)


def _names(design: Design) -> list[str]:
    """Columns that tell apart the groups of the last stage, from the first stage on, without repetition."""
    names = [name for stage in design.stages for name in (stage.strata, stage.units) if name]
    return list(dict.fromkeys(names))


def _telling(names: list[str], columns: dict[str, AnyArray]) -> list[str]:
    """The last column alone where its values differ in all groups; reading fewer columns is what makes totals fast."""
    if len(names) > 1 and len(numbering(columns[names[-1]]).values) == len(columns[names[-1]]):
        return names[-1:]
    return names


def _check_weights(responses: Responses, weight: str, name: str | None, may_be_negative: bool) -> bool:
    """Whether there are weights of zero. Raises ``SurveyError`` for weights that no estimate can use."""
    if name is None:
        return False
    if not responses.columns.get(name, "DOUBLE").startswith(("VARCHAR", "DATE", "TIME")):
        known, low, high, rows = (
            np.ma.filled(column.astype(float), 1.0)[0]
            for column in arrays(
                responses,
                f"select count(w), min(w), max(w), count(*) from (select ({weight})::double as w "
                f"from {responses.relation})",
            )
        )
        if known == rows and low > 0 and np.isfinite(high):
            return False
        if known == rows and (low == 0 or (may_be_negative and np.isfinite(low))) and np.isfinite(high) and high > 0:
            return True
        missing, negative, endless, positive = (
            int(column[0])
            for column in arrays(
                responses,
                "select count(*) filter (w is null or isnan(w)), count(*) filter (w < 0), count(*) filter (isinf(w)), "
                f"count(*) filter (w > 0) from (select ({weight})::double as w from {responses.relation})",
            )
        )
        if not (missing or negative or endless or (rows and not positive)):
            return bool(low == 0)
        counts = (("missing", missing), ("negative", negative), ("infinite", endless))
        told = ", ".join(f"{n} {word}" for word, n in counts if n) or "none above zero"
    else:
        rows, told = 0, "texts or dates"
    raise SurveyError(
        f"{responses.title}: the weights in {name} cannot be used: {told}{f' of {int(rows)}' if rows else ''}. Every "
        "response needs a number of zero or more; give a response that must not count the weight 0, or ask without "
        "weights."
    )


def _frame(
    title: str,
    design: Design,
    columns: dict[str, AnyArray],
    n: FloatArray,
    positive: FloatArray,
    bounds: dict[str, tuple[FloatArray, FloatArray, int]],
) -> tuple[SampleFrame, IntArray, FloatArray]:
    """All stages, the group of the last stage that each row belongs to, and N/n over the stages of each row."""
    rows = len(n)
    above: IntArray = np.zeros(rows, dtype=np.int64)
    weights = np.ones(rows)
    stages: list[UnitStage] = []
    for number, stage in enumerate(design.stages, start=1):
        stratum, strata = _renumbered(above, columns.get(stage.strata or ""))
        unit, units = _renumbered(stratum, columns.get(stage.units or "")) if stage.units else (stratum, strata)
        first = np.zeros(units, dtype=np.int64)
        first[unit[::-1]] = np.arange(rows)[::-1]
        sampled = added(stratum, n, strata) if stage.units is None else added(stratum[first], None, strata)
        there = np.full(strata, np.inf)
        if stage.population:
            there = _population(title, stage, number, bounds[stage.population], stratum, sampled)
            weights *= (there / sampled)[stratum]
        inclusion = None
        if stage.inclusion:
            inclusion = of_stage(title, number, stage.inclusion, bounds, unit, stratum, first)
            there = population_of(inclusion, stratum[first], sampled)
            weights /= inclusion.probability[unit]
        if design.inference == "process":
            there, inclusion = np.full(strata, np.inf), None
        if stage.units is None:
            weighted = None if (positive == n).all() else added(stratum, positive, strata)
            return SampleFrame(tuple(stages), ResponseStage(above[first], sampled, there, weighted)), unit, weights
        has_weight: BoolArray = added(unit, positive, units) > 0
        known = None if has_weight.all() else has_weight
        stages.append(UnitStage(above[first], stratum[first], sampled, there, known, inclusion))
        above = unit
    return SampleFrame(tuple(stages), None), above, weights


def added(places: IntArray, values: FloatArray | None, size: int) -> FloatArray:
    """Sums (size,) of the values at each place, of ones without values."""
    return np.bincount(places, values, size).astype(np.float64)


def _renumbered(above: IntArray, column: AnyArray | None) -> tuple[IntArray, int]:
    """Numbers from 0 for the values of a column inside a number above, and how many there are."""
    if column is None:
        return above, int(above.max()) + 1 if len(above) else 0
    numbers = numbering(column)
    code = above * len(numbers.values) + numbers.places(column)
    distinct, number = np.unique(code, return_inverse=True)
    return number.astype(np.int64).reshape(-1), len(distinct)


def _population(
    title: str,
    stage: Stage,
    number: int,
    bounds: tuple[FloatArray, FloatArray, int],
    stratum: IntArray,
    sampled: FloatArray,
) -> FloatArray:
    """Population of each stratum of a stage (S,), as R ``survey::as.fpc``: all at most 1 are sampled shares."""
    low, high, lost = bounds
    name = f"{title}: the population in {stage.population} (stage {number})"
    if lost or np.isnan(low).any() or np.isnan(high).any():
        raise SurveyError(f"{name} is missing in some rows. Give it in every row, or name no population.")
    strata = len(sampled)
    lowest, highest = np.full(strata, np.inf), np.full(strata, -np.inf)
    np.minimum.at(lowest, stratum, low)
    np.maximum.at(highest, stratum, high)
    if (lowest <= 0).any():
        raise SurveyError(f"{name} is zero or negative in some rows. It must be a count, or a share above 0.")
    if (lowest != highest).any():
        where = int(np.flatnonzero(lowest != highest)[0])
        raise SurveyError(
            f"{name} differs inside a stratum: from {lowest[where]:g} to {highest[where]:g}. All rows of a stratum "
            "must name the same population; check the strata and the populations against the list of the frame. Where "
            "units were drawn with unequal probabilities, name these as inclusion instead."
        )
    there = lowest if (lowest > 1).any() else sampled / lowest
    # The sample may exceed a population that was rounded from a share by less than a unit's last digits only.
    if (sampled > there * (1 + 1e-9)).any():
        where = int(np.flatnonzero(sampled > there)[0])
        raise SurveyError(
            f"{name} is {there[where]:g} in a stratum where {sampled[where]:g} were sampled. A population cannot be "
            "smaller than its sample: correct the population, or name none if units were drawn with replacement."
        )
    return there
