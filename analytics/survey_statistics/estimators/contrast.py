"""One statistic of all domains at once with its covariance, which is what domains are compared by.

Belongs here: the values to compare, and differences and ratios of them. Does not belong here: which are compared, and
rows (``difference``, ``change``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import Base, DegreesRule, bases
from analytics.survey_statistics.estimators.domain import categories, domain_keys, label
from analytics.survey_statistics.estimators.ratio import ratio_of_totals
from analytics.survey_statistics.estimators.row import number
from analytics.survey_statistics.estimators.statistic import Estimated, Statistic, estimate
from analytics.survey_statistics.estimators.total import sums
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.totals import CellTotals

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey

STATISTICS = ("proportion", "mean", "total")
SCALES = ("difference", "ratio", "percent")


@dataclass(frozen=True)
class Compared:
    """A statistic of every domain and category: value ``domain * len(labels) + category`` of ``statistic``."""

    bases: tuple[Base, ...]
    labels: tuple[str | None, ...]
    cells: CellTotals
    statistic: Statistic

    def place(self, domain: int, category: int) -> int:
        """Where a value stands among all."""
        return domain * len(self.labels) + category


def compared(
    survey: Survey, statistic: str, question: str, by: By, where: str | None, df: DegreesRule = "domain"
) -> Compared:
    """A proportion, mean or total in each domain of ``by``, as functions of one array of totals."""
    if statistic not in STATISTICS:
        raise SurveyError(f"statistic is {statistic!r}; it must be one of {', '.join(STATISTICS)}.")
    asked = number(survey, question, "mean") if statistic == "mean" else survey.responses.question(question)
    keys = domain_keys(survey, by)
    if statistic == "mean" or (statistic == "total" and asked.kind == "number"):
        cells = cell_totals(survey, keys, (asked.value,), where)
        found = bases(survey, (asked,), by, where, cells, df)
        return Compared(found, (None,), cells, _of_numbers(statistic, cells, found))
    cells = cell_totals(survey, [*keys, asked.value], (), where)
    found = bases(survey, (asked,), by, where, cells, df)
    values = categories(asked, (cell[-1] for cell in cells.cells))
    labels = tuple(label(asked, value) for value in values)
    return Compared(found, labels, cells, _of_categories(statistic, cells, found, values))


def contrasted(values: Estimated, pairs: Sequence[tuple[int, int]], scale: str) -> Estimated:
    """Comparisons of values: first less second, first over second, or percent by which the first exceeds the second.

    By the covariance of the values (delta method), in replicate designs too: R ``svycontrast(svyby(covmat = TRUE))``.
    """
    places = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    first, second = values.value[places[:, 0]], values.value[places[:, 1]]
    rows = np.arange(len(places))
    jacobian = np.zeros((len(places), len(values.value)))
    with np.errstate(divide="ignore", invalid="ignore"):
        if scale == "difference":
            jacobian[rows, places[:, 0]], jacobian[rows, places[:, 1]] = 1.0, -1.0
            found = first - second
        else:
            factor = 100.0 if scale == "percent" else 1.0
            jacobian[rows, places[:, 0]] = factor / second
            jacobian[rows, places[:, 1]] = -factor * first / second**2
            found = first / second if scale == "ratio" else 100 * (first / second - 1)
    known = np.isfinite(np.diag(values.covariance))
    covariance = np.where(known[:, None] & known[None, :], values.covariance, 0.0)
    # A ratio to 0 has no slope; its infinity would reach the other comparisons as 0 times infinity.
    is_sloped = np.asarray(np.isfinite(jacobian).all(axis=1))
    each = np.where(is_sloped[:, None], jacobian, 0.0)
    each = each @ covariance @ each.T
    undefined = ~(known[places].all(axis=1) & is_sloped)
    each[undefined] = each[:, undefined] = np.nan
    return Estimated(np.asarray(found), np.asarray(each))


def values_of(some: Compared) -> Estimated:
    """The values themselves with their covariance."""
    return estimate(some.cells.totals, some.statistic)


def _of_numbers(statistic: str, cells: CellTotals, found: Sequence[Base]) -> Statistic:
    shape = (len(cells.cells) * 2, len(found))
    top, bottom = np.zeros(shape), np.zeros(shape)
    for i, base in enumerate(found):
        top[base.cells * 2 + 1, i] = 1.0
        bottom[base.cells * 2, i] = 1.0
    return _side_by_side(sums(top) if statistic == "total" else ratio_of_totals(top, bottom), shape, 2)


def _of_categories(statistic: str, cells: CellTotals, found: Sequence[Base], values: Sequence[object]) -> Statistic:
    place = {value: j for j, value in enumerate(values)}
    shape = (len(cells.cells), len(found) * len(values))
    top, bottom = np.zeros(shape), np.zeros(shape)
    for i, base in enumerate(found):
        columns = slice(i * len(values), (i + 1) * len(values))
        bottom[base.cells, columns] = 1.0
        for cell in base.cells:
            top[cell, i * len(values) + place[cells.cells[cell][-1]]] = 1.0
    return _side_by_side(sums(top) if statistic == "total" else ratio_of_totals(top, bottom), shape, 1)


def _side_by_side(statistic: Statistic, shape: tuple[int, int], n_measures: int) -> Statistic:
    """The statistic with all domains as the base of each value: a comparison stands in the strata of both sides, as in
    R ``svyby(covmat = TRUE)`` and ``svyglm``.
    """
    base = np.zeros(shape, dtype=bool)
    base[::n_measures] = True
    return replace(statistic, base=base)
