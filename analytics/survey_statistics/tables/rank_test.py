"""Rank tests that respect the design.

Belongs here: comparisons of two and more groups by scores of estimated population ranks. Does not belong here: the
ranks (``rank_scores``), rank tests of simple random samples (``exact``).

Lumley and Scott (2013), Two-sample rank tests under complex sampling, Biometrika 100, 831-842; R ``svyranktest``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.result import NO_CASES, Rows, TestResult, undefined_test
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.totals import CellTotals
from analytics.survey_statistics.tables import tails
from analytics.survey_statistics.tables.contingency import groups_in_order
from analytics.survey_statistics.tables.rank_scores import (
    ScoreFunction,
    estimated_ranks,
    ordered_value,
    score_sql,
    scored,
)

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey


def _linear(rank: FloatArray, size: float) -> FloatArray:
    return rank / size


def _normal(rank: FloatArray, size: float) -> FloatArray:
    from scipy.special import ndtri

    return np.asarray(ndtri(rank / size))


def _above_half(rank: FloatArray, size: float) -> FloatArray:
    # A rank that is half the size but for rounding is not above it.
    return (rank > size / 2 * (1 + 1e-12)).astype(np.float64)


SCORES: dict[str, ScoreFunction] = {
    "wilcoxon": _linear,
    "KruskalWallis": _linear,
    "vanderWaerden": _normal,
    "median": _above_half,
}

IN_FILE_ORDER = (
    "tied answers with unequal weights are ranked in the order of the file, as in R, and another order gives another p "
    "value; ties='midrank' depends on no order and gives p = "
)


def rank_test(
    survey: Survey,
    question: str,
    by: str,
    *,
    test: str | ScoreFunction = "wilcoxon",
    where: str | None = None,
    ties: str = "file_order",
) -> Rows:
    """Whether the answers have the same distribution in all groups of ``by``: a t test of the mean scores of two
    groups, a Wald F test of more.

    ``test``: wilcoxon, KruskalWallis, vanderWaerden, median, or a function of estimated ranks (V,) and population size
    that gives scores (V,). ``statistic`` is t, or the Wald chi-square, with F in ``extra``; degrees of freedom as R.
    ``ties``: ``file_order`` as in R, or ``midrank``, which no order of the responses changes (see ``estimated_ranks``);
    where the two differ the method says so, and a note and ``extra`` have the p value of mid-ranks too.
    """
    name, function = _score_function(test)
    value = ordered_value(survey, question)
    group = survey.responses.question(by)
    if group.parts:
        raise SurveyError(f"{by} takes several answers, so its groups overlap; compare by one of its options.")
    conditions = [f"({value}) is not null", f"({group.value}) is not null", *([f"({where})"] if where else [])]
    condition = " and ".join(conditions)
    found = estimated_ranks(survey, value, condition, ties)
    asked = _Asked(survey, name, f"{question} by {by}", ", ties in file order" if found.depends_on_order else "")
    if found.size <= 0:
        return Rows([asked.undefined(0, NO_CASES)])
    ways = [found.ranks, found.midranks] if found.depends_on_order else [found.ranks]
    scores = np.column_stack([function(ranks, found.size) for ranks in ways])
    with scored(survey, value, found.values, scores) as with_scores:
        cells = cell_totals(with_scores, [group.value], [score_sql(m) for m in range(len(ways))], condition)
        groups = groups_in_order(group, cells)
        result, *other = (_compare(asked, cells, groups, m) for m in range(1, len(ways) + 1))
    if not other or other[0].p_value is None:
        return Rows([result])
    p = other[0].p_value
    return Rows([replace(result, note=f"{IN_FILE_ORDER}{p:.3g}", extra={**result.extra, "midrank_p_value": p})])


def _score_function(test: str | ScoreFunction) -> tuple[str, ScoreFunction]:
    if callable(test):
        return getattr(test, "__name__", "custom scores"), test
    if test not in SCORES:
        raise SurveyError(f"The rank test is {test!r}; it must be one of {', '.join(SCORES)}, or a function of ranks.")
    return test, SCORES[test]


@dataclass(frozen=True)
class _Asked:
    """What was asked, for the row of the result."""

    survey: Survey
    test: str
    subject: str
    ties: str

    def row(
        self, n: int, statistic: float, p: float, numerator: float | None, denominator: float, extra: dict[str, float]
    ) -> TestResult:
        """The test as a row."""
        kind = "t test of mean scores" if numerator is None else "Wald F test of mean scores"
        return TestResult(
            test=self.test,
            subject=self.subject,
            statistic=statistic,
            p_value=p,
            df_numerator=numerator,
            df_denominator=denominator,
            n=n,
            method=f"design-based rank test ({self.test}), {kind} (Lumley and Scott 2013){self.ties}",
            context=self.survey.context,
            extra=extra,
        )

    def undefined(self, n: int, reason: str) -> TestResult:
        """A row without numbers."""
        method = f"design-based rank test ({self.test})"
        return undefined_test(self.test, self.subject, n, method, self.survey.context, reason)


def mean_differences(cells: CellTotals, groups: list[int], value: int) -> tuple[FloatArray, FloatArray]:
    """Means of a value (1, 2, ...) in the groups but the first, less that of the first of two groups or the average
    of the means of more (G - 1,), and the gradient (K, G - 1).

    Every difference is one of all groups, so that all have the same domain, that of the whole comparison.
    """
    totals = cells.totals.value.reshape(-1, cells.n_measures)
    means = totals[groups, value] / totals[groups, 0]
    gradient = np.zeros((len(cells.totals.value), len(groups)))
    for m, cell in enumerate(groups):
        gradient[cells.index(cell, 0), m] = -means[m] / totals[cell, 0]
        gradient[cells.index(cell, value), m] = 1 / totals[cell, 0]
    if len(groups) == 2:
        return means[1:] - means[0], gradient[:, 1:] - gradient[:, :1]
    return means[1:] - means.mean(), gradient[:, 1:] - gradient.mean(axis=1, keepdims=True)


def _compare(asked: _Asked, cells: CellTotals, groups: list[int], value: int) -> TestResult:
    n = int(cells.totals.n.sum())
    if len(groups) < 2:
        return asked.undefined(n, "fewer than two groups with responses")
    # The scores are taken as known, as they may be under the hypothesis: no replicate ranks the answers anew.
    difference, gradient = mean_differences(cells, groups, value)
    # Every group belongs to the base of each difference, also where a rule for lonely units asks.
    covariance = cells.totals.spread.covariance(gradient, np.ones(gradient.shape, dtype=np.bool_))
    places = np.array([cells.index(cell) for cell in groups], dtype=np.int64)
    df = cells.totals.spread.degrees_of_freedom(places) - len(difference)
    if df <= 0:
        return asked.undefined(n, "the design leaves no degrees of freedom")
    if len(difference) == 1:
        error = float(np.sqrt(covariance[0, 0]))
        if error <= 1e-12:
            return asked.undefined(n, "nothing varies between the units of the sample")
        t = float(difference[0] / error)
        return asked.row(n, t, tails.t_two_sided(t, df), None, df, {"difference": float(difference[0])})
    # Scores lie between 0 and 1, or are some units long: a smaller variance than this is rounding.
    if np.linalg.matrix_rank(covariance) < len(difference) or np.trace(covariance) <= 1e-24:
        return asked.undefined(n, "the design has too few units for so many groups, or nothing varies in them")
    chi_square = float(difference @ np.linalg.solve(covariance, difference))
    f = chi_square / len(difference)
    p = tails.f_tail(f, len(difference), df)
    return asked.row(n, chi_square, p, float(len(difference)), df, {"F": f})
