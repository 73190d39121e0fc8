"""Design-based t tests: of one mean, of two means, and of a trend over ordered groups.

Belongs here: tests of means of numbers. Does not belong here: tests of ranks (``rank_test``), regression with several
predictors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.ratio import ratio_of_totals
from analytics.survey_statistics.estimators.row import number
from analytics.survey_statistics.estimators.statistic import Estimated, Statistic, estimate
from analytics.survey_statistics.result import NO_CASES, Estimate, Rows, TestResult, undefined_test
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.totals import CellTotals
from analytics.survey_statistics.tables import tails
from analytics.survey_statistics.tables.contingency import groups_in_order
from analytics.survey_statistics.tables.measure import measure
from analytics.survey_statistics.tables.rank_scores import ordered_value

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

NO_SPREAD = "nothing varies between the units of the sample"


def t_test(
    survey: Survey,
    question: str,
    by: str | None = None,
    *,
    mean: float = 0.0,
    where: str | None = None,
    level: float = 0.95,
) -> Rows:
    """Whether the mean is ``mean``, or the same in the two groups of ``by`` (R ``svyttest``; second less first group).

    Degrees of freedom as R: those of the sample less 1 for one mean, those of the responses that are compared less 1
    for two. ``effect_size`` is the mean, or the difference, with its interval. Raises ``SurveyError`` unless ``by`` has
    two groups.
    """
    value = number(survey, question, "mean").value
    if by is None:
        cells = cell_totals(survey, (), (value,), where)
        asked = _Asked(survey, "t_test", question, "mean", where, level)
        if reason := _reason(cells):
            return Rows([asked.undefined(int(cells.totals.n.sum()), reason)])
        df = _df_of_all(survey, where) - 1
        found = estimate(cells.totals, _means(cells, [0]))
        return Rows([asked.row(cells, found, df, mean, abs(float(found.value[0])))])
    group = survey.responses.question(by)
    cells = cell_totals(survey, [group.value], (value,), where)
    asked = _Asked(survey, "t_test", f"{question} by {by}", "difference", where, level)
    groups = groups_in_order(group, cells)
    if len(groups) > 2 or group.parts:
        raise SurveyError(
            f"A t test compares two groups; {by} has {len(groups)}. Take rank_test, trend_test, or difference with an "
            "adjustment for the number of pairs."
        )
    if reason := _reason(cells) or ("fewer than two groups with responses" if len(groups) < 2 else None):
        return Rows([asked.undefined(int(cells.totals.n.sum()), reason)])
    means = _means(cells, groups)
    contrast = np.array([[-1.0], [1.0]])
    difference = Statistic(
        lambda t: np.asarray(means.function(t) @ contrast), lambda t: np.asarray(means.gradient(t) @ contrast)
    )
    places = np.array([cells.index(cell) for cell in groups], dtype=np.int64)
    df = cells.totals.spread.degrees_of_freedom(places) - 1
    scale = float(np.abs(means.function(cells.totals.value)).max())
    return Rows([asked.row(cells, estimate(cells.totals, difference), df, mean, scale)])


def _reason(cells: CellTotals) -> str | None:
    """Why nothing can be computed from totals, if so."""
    return None if cells.totals.n.sum() else NO_CASES


def trend_test(survey: Survey, question: str, by: str, *, where: str | None = None, level: float = 0.95) -> Rows:
    """Whether the mean rises or falls over the ordered groups of ``by``: the slope of a straight line through the
    answers (R ``svyglm(question ~ by)``), ``by`` being a number or the place of a category in the questionnaire.
    """
    y, x = number(survey, question, "mean").value, ordered_value(survey, by)
    asked = _Asked(survey, "trend_test", f"{question} by {by}", "slope", where, level)
    plain = cell_totals(survey, (), (x, f"({y})::double"), where)
    n = int(plain.totals.n.sum())
    if reason := _reason(plain):
        return Rows([asked.undefined(n, reason)])
    # Around the means: squares and products of large numbers, years or dates, would lose the digits of a small spread.
    size, sum_x, sum_y = (float(total) for total in plain.totals.value)
    x, y = f"(({x}) - ({sum_x / size!r}))", f"(({y})::double - ({sum_y / size!r}))"
    cells = cell_totals(survey, (), (x, y, f"{x} * {y}", f"{x} * {x}"), where)
    spread = cells.totals.value[4] / size
    if spread <= 1e-24 * max(1.0, (sum_x / size) ** 2):
        return Rows([asked.undefined(n, "all responses are in one group")])
    df = cells.totals.spread.degrees_of_freedom(np.arange(1, dtype=np.int64)) - 1
    return Rows([asked.row(cells, estimate(cells.totals, slope()), df, 0.0, 0.0)])


def slope() -> Statistic:
    """Slope of the weighted least-squares line, of totals of 1, x, y, xy and xx."""

    def function(t: FloatArray) -> FloatArray:
        size, x, y, xy, xx = np.moveaxis(t, -1, 0)
        return np.asarray(((size * xy - x * y) / (size * xx - x * x))[..., None])

    def gradient(t: FloatArray) -> FloatArray:
        size, x, y, xy, xx = t
        below = size * xx - x * x
        b = (size * xy - x * y) / below
        return np.asarray(np.array([[xy - b * xx], [-y + 2 * b * x], [-x], [size], [-b * size]]) / below)

    return Statistic(function, gradient)


def _means(cells: CellTotals, groups: list[int]) -> Statistic:
    above, below = np.zeros((2, len(cells.totals.value), len(groups)))
    for m, cell in enumerate(groups):
        above[cells.index(cell, 1), m] = 1.0
        below[cells.index(cell, 0), m] = 1.0
    return ratio_of_totals(above, below)


def _df_of_all(survey: Survey, where: str | None) -> float:
    """Degrees of freedom of the sample, or of the domain, whether it answered or not."""
    whole = cell_totals(survey, (), (), where)
    return whole.totals.spread.degrees_of_freedom(np.arange(len(whole.cells), dtype=np.int64))


@dataclass(frozen=True)
class _Asked:
    survey: Survey
    test: str
    subject: str
    statistic: str
    where: str | None
    level: float

    def row(self, cells: CellTotals, found: Estimated, df: float, null: float, scale: float) -> TestResult:
        """The t test of one value, made of numbers as large as ``scale``, whose rounding is no spread; without spread
        or degrees of freedom a null with its reason.
        """
        n = int(cells.totals.n.sum())
        value, error = float(found.value[0]), float(np.sqrt(max(found.covariance[0, 0], 0.0)))
        if df <= 0:
            return self.undefined(n, "the design leaves no degrees of freedom")
        if error <= 1e-12 * max(scale, abs(value)):
            return self.undefined(n, NO_SPREAD)
        t = (value - null) / error
        effect = self._effect(cells, value, error, df)
        return TestResult(
            test=self.test,
            subject=self.subject,
            statistic=t,
            p_value=tails.t_two_sided(t, df),
            df_numerator=None,
            df_denominator=df,
            n=n,
            method=f"design-based t test of the {self.statistic}",
            context=self.survey.context,
            effect_size=effect,
        )

    def _effect(self, cells: CellTotals, value: float, error: float, df: float) -> Estimate:
        weighted = float(cells.totals.value[:: cells.n_measures].sum())
        return measure(
            self.survey, self.statistic, self.subject, value, error, df, self.level, int(cells.totals.n.sum()), weighted
        )

    def undefined(self, n: int, reason: str) -> TestResult:
        """The test without numbers."""
        method = f"design-based t test of the {self.statistic}"
        return undefined_test(self.test, self.subject, n, method, self.survey.context, reason)
