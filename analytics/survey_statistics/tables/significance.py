"""Which columns of a table differ, with an adjustment for the number of comparisons.

Belongs here: comparisons of the shares of all pairs of columns. Does not belong here: one test of the whole table
(``association``), adjustments (``multiplicity``).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.domain import categories, label
from analytics.survey_statistics.estimators.ratio import ratio_of_totals
from analytics.survey_statistics.estimators.statistic import estimate
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.totals import CellTotals
from analytics.survey_statistics.tables import tails
from analytics.survey_statistics.tables.multiplicity import adjusted_p_values, adjustment_name

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

# Letters under this base say more than the base can carry.
SMALLEST_BASE = 30
ALPHA = 0.05


def compare_columns(
    survey: Survey, rows: str, columns: str, *, where: str | None = None, adjustment: str = "holm"
) -> list[TestResult]:
    """For every row category and every pair of columns, a t test of the difference of their shares, with covariance.

    ``subject`` is ``category: second - first``; ``extra`` has the difference. All comparisons of the table are one
    family for the adjustment; their number is ``n_tests``. Pairs with a base under 30 are not tested, and say so. Of
    multiple choices in the rows each tick is compared; columns must exclude each other.
    """
    name = adjustment_name(adjustment)
    row, column = survey.responses.question(rows), survey.responses.question(columns)
    found: list[TestResult] = []
    if row.parts:
        for part in row.parts.values():
            found += _pairs(survey, part, column, where, {1: part.text or part.code})
    else:
        found = _pairs(survey, row, column, where, None)
    adjusted = adjusted_p_values([result.p_value for result in found], name)
    tests = sum(p is not None for p in adjusted)
    return [
        replace(result, adjusted_p_value=p, adjustment=name, n_tests=tests)
        for result, p in zip(found, adjusted, strict=True)
    ]


def _pairs(
    survey: Survey, row: Question, column: Question, where: str | None, chosen: dict[object, str] | None
) -> list[TestResult]:
    cells = cell_totals(survey, [column.value, row.value], (), where)
    place = {cell: i for i, cell in enumerate(cells.cells) if cells.totals.n[i] > 0}
    groups = _in_order(column, {cell[0] for cell in place})
    values = list(chosen) if chosen else _in_order(row, {cell[1] for cell in place})
    members = {group: [i for cell, i in place.items() if cell[0] == group] for group in groups}
    bases = {group: int(cells.totals.n[members[group]].sum()) for group in groups}
    shares, covariance = _shares(cells, place, members, groups, values)
    results = []
    for v, value in enumerate(values):
        for a, b in combinations(range(len(groups)), 2):
            first, second = groups[a], groups[b]
            i, j = a * len(values) + v, b * len(values) + v
            subject = (
                f"{(chosen or {}).get(value) or label(row, value)}: {label(column, second)} - {label(column, first)}"
            )
            difference = float(shares[j] - shares[i])
            variance = float(covariance[i, i] + covariance[j, j] - 2 * covariance[i, j])
            small = min(bases[first], bases[second]) < SMALLEST_BASE
            places = np.array([*members[first], *members[second]], dtype=np.int64)
            df = 0.0 if small else cells.totals.spread.degrees_of_freedom(places)
            n = bases[first] + bases[second]
            results.append(_result(survey, subject, difference, variance, df, n, small))
    return results


def _in_order(question: Question, found: set[object]) -> list[object]:
    return [value for value in categories(question, found) if value in found]


def _shares(
    cells: CellTotals,
    place: dict[tuple[object, ...], int],
    members: dict[object, list[int]],
    groups: list[object],
    values: list[object],
) -> tuple[FloatArray, FloatArray]:
    """Shares (G * V,) of each value in each group, and their covariance."""
    above, below = np.zeros((2, len(cells.cells), len(groups) * len(values)))
    for g, group in enumerate(groups):
        for v, value in enumerate(values):
            m = g * len(values) + v
            below[members[group], m] = 1.0
            if (group, value) in place:
                above[place[group, value], m] = 1.0
    found = estimate(cells.totals, ratio_of_totals(above, below))
    return found.value, found.covariance


def _result(
    survey: Survey, subject: str, difference: float, variance: float, df: float, n: int, small: bool
) -> TestResult:
    reason = None
    if small:
        reason = f"a base under {SMALLEST_BASE}"
    elif df <= 0 or variance <= 1e-24:
        reason = "no degrees of freedom" if df <= 0 else "nothing varies between the units of the sample"
    t = None if reason else difference / float(np.sqrt(variance))
    return TestResult(
        test="difference of shares",
        subject=subject,
        statistic=t,
        p_value=None if t is None else tails.t_two_sided(t, df),
        df_numerator=None,
        df_denominator=None if reason else df,
        n=n,
        method="design-based t test with the covariance of the two columns",
        context=survey.context,
        null_reason=reason,
        extra={"difference": difference},
    )
