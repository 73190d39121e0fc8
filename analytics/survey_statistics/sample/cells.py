"""The one step from rows of respondents to the small array: weighted totals of cells, added up by the engine.

Belongs here: requests, and how totals that were added up before answer further ones. Does not belong here: the SQL of
sums (``sums``), any formula of an estimate or a variance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray, IntArray
from analytics.survey_statistics.sample.numbering import order
from analytics.survey_statistics.sample.recoding import Source, recoded, sources
from analytics.survey_statistics.sample.structure import structure
from analytics.survey_statistics.sample.sums import SUMS, Sums, add_up, value_shift
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
    """Totals of all cells of the keys, with their spread under the design of the survey.

    Raises ``SurveyError`` for expressions that the engine cannot read, and for what is wrong with weights and design.
    """
    request = Request(tuple(keys), tuple(values), where)
    kept: CellTotals | None = survey.kept.get(request)
    if kept is None:
        kept = _answer(survey, request)
        if survey.design.replicates is not None and not survey.design.replicates.columns:
            from analytics.survey_statistics.variance.make_replicates import replicated

            kept = CellTotals(kept.cells, kept.n_measures, replicated(kept.totals, survey.design))
        if survey.adjustments:
            from analytics.survey_statistics.weighting.residuals import adjusted

            kept = adjusted(survey, request, kept)
        survey.kept[request] = kept
    return kept


def keep_sums(survey: Survey, asked: Sequence[Sequence[str]], where: str | None = None) -> None:
    """Add up the joint cells of several keys once, so that every request for some of them needs no further reading.

    ``asked``: the keys of each table; all tables are asked for together.
    """
    _add_missing(survey, [_columns(sources(survey.responses, keys)) for keys in asked], (), where)


def _answer(survey: Survey, request: Request) -> CellTotals:
    taken = sources(survey.responses, request.keys)
    sums = _sums(survey, request, taken)
    cells, parts = _cells(survey, sums, taken)
    found = sums.joined(parts, len(cells))
    return CellTotals(tuple(cells), 1 + len(request.values), _totals(survey, request, cells, found))


def _sums(survey: Survey, request: Request, taken: tuple[Source, ...]) -> Sums:
    """The smallest sums kept that hold all columns of the request, or new ones."""
    columns = _columns(taken)
    family = _add_missing(survey, [columns], request.values, request.where)
    return min(_fitting(family, columns), key=lambda sums: len(sums.cells))


def _add_missing(
    survey: Survey, asked: Sequence[tuple[str, ...]], values: tuple[str, ...], where: str | None
) -> Mapping[tuple[str, ...], Sums]:
    """The sums that are kept of the same values in the same domain, by their columns; those asked for are added."""
    family: dict[tuple[str, ...], Sums] = survey.kept.setdefault((SUMS, values, where), {})
    missing = [columns for columns in dict.fromkeys(asked) if not _fitting(family, columns)]
    for columns, sums in zip(missing, add_up(survey, structure(survey), missing, values, where), strict=True):
        family[columns] = sums
    return family


def _columns(taken: Sequence[Source]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source.column for source in taken))


def _fitting(family: Mapping[tuple[str, ...], Sums], columns: tuple[str, ...]) -> list[Sums]:
    return [sums for held, sums in family.items() if set(columns) <= set(held)]


def _cells(survey: Survey, sums: Sums, taken: tuple[Source, ...]) -> tuple[list[Key], IntArray]:
    """The cells of a request in order, and for each cell of the sums its place among them, -1 for none."""
    columns = []
    for source in taken:
        held = sums.columns.index(source.column)
        columns.append(recoded(survey, source, [cell[held] for cell in sums.cells]))
    keys: list[Key] = list(zip(*columns, strict=True)) if columns else [()] * len(sums.cells)
    present = {key for key, n in zip(keys, sums.rows, strict=True) if n and not any(part is None for part in key)}
    cells = sorted(present, key=lambda key: [order(part) for part in key])
    place = {cell: i for i, cell in enumerate(cells)}
    return cells, np.array([place.get(key, -1) for key in keys], dtype=np.int64)


def _totals(survey: Survey, request: Request, cells: list[Key], found: Sums) -> Totals:
    from analytics.survey_statistics.variance.linear import ResponseSpread, UnitSpread

    shape = structure(survey)
    flat: FloatArray = found.parts.reshape(shape.groups, len(cells) * (1 + len(request.values)))
    value = flat.sum(axis=0)
    n: IntArray = np.rint(found.n.sum(axis=0)).astype(np.int64)
    if survey.design.replicates is not None and survey.design.replicates.columns:
        from analytics.survey_statistics.sample.replicate_sums import replicate_totals

        return replicate_totals(survey, request, cells, value, n)
    rule = (survey.design.lonely_psu, survey.design.adjust_domain_lonely)
    if found.products is None:
        return Totals(value, n, UnitSpread(shape.frame, flat, *rule))
    shift = value_shift(survey, request.values)
    spread = ResponseSpread(shape.frame, flat, found.products, found.n, *rule, shift)
    return Totals(value, n, spread)
