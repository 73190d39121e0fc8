"""Whether the shares of a question are given ones.

Belongs here: the test of one question against shares from outside. Does not belong here: tests of two questions
(``association``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.survey_statistics.estimators.domain import label
from analytics.survey_statistics.exact.survey_counts import is_plain
from analytics.survey_statistics.result import NO_CASES, Rows, TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.tables import tails
from analytics.survey_statistics.tables.association import FEW
from analytics.survey_statistics.tables.contingency import Contingency, contingency
from analytics.survey_statistics.tables.rao_scott import NO_SPREAD

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

KINDS = {
    "Chisq": "Pearson's chi-square against given shares, Satterthwaite approximation",
    "F": "Pearson's chi-square against given shares, Satterthwaite approximation, F",
    "saddlepoint": "Pearson's chi-square against given shares, saddlepoint approximation",
    "lincom": "Pearson's chi-square against given shares, exact asymptotic distribution (sum of chi-squares)",
}


def goodness_of_fit(
    survey: Survey, question: str, shares: Mapping[Any, float], *, kind: str = "Chisq", where: str | None = None
) -> Rows:
    """Whether the categories have these shares in the population (R ``svygofchisq``; ``kind`` Chisq is R's).

    ``shares``: category, by its label or value, to its share; they are divided by their sum. The chi-square is that
    of the weighted counts. Raises ``SurveyError`` for shares that are not positive, or do not name the categories.
    """
    if kind not in KINDS:
        raise SurveyError(f"The kind of test is {kind!r}; it must be one of {', '.join(KINDS)}.")
    table = contingency(survey, [question], where)
    if not table.n.sum():
        return Rows([_row(table, kind, None, NO_CASES)])
    given = _given(table, shares)
    if len(given) < 2:
        return Rows([_row(table, kind, None, "one category: its share can only be all")])
    wanted = np.array(list(given.values())) / sum(given.values())
    observed, gradient = _residuals(table, list(given), wanted)
    effects = np.linalg.eigvalsh(table.covariance_of(gradient))
    chi_square = float(observed @ observed)
    if effects.sum() <= NO_SPREAD * float(table.weighted.sum()) / int(table.n.sum()):
        return Rows([_row(table, kind, None, "nothing varies between the units of the sample")])
    df = float(effects.sum() ** 2 / np.sum(effects**2))
    below = df * table.design_df if kind == "F" else np.inf
    tail = {"saddlepoint": tails.saddlepoint_tail, "lincom": tails.integrated_tail}.get(kind, tails.satterthwaite_tail)
    statistic = chi_square / effects.sum() if kind == "F" else chi_square
    p = tail(chi_square, np.maximum(effects, 0.0), below)
    few = int(np.count_nonzero(int(table.n.sum()) * wanted < FEW))
    if few and is_plain(survey):
        reason = f"{few} of {len(wanted)} categories expect fewer than {FEW} responses, too few for a chi-square; "
        reason += f"exact_test('goodness of fit', {question!r}, shares=...) is exact"
        return Rows([_row(table, kind, (statistic, None, df, below, float(effects.sum() / df)), reason)])
    return Rows([_row(table, kind, (statistic, p, df, below, float(effects.sum() / df)), None)])


def _given(table: Contingency, shares: Mapping[Any, Any]) -> dict[object, float]:
    """Shares by value of the question."""
    question = table.questions[0]
    levels = [*question.categories, *(value for value in table.levels[0] if value not in question.categories)]
    by_name = {label(question, value): value for value in levels} | {value: value for value in levels}
    unknown = [str(name) for name in shares if name not in by_name]
    found = {by_name[name]: share for name, share in shares.items() if name in by_name}
    absent = [label(question, value) for value in table.levels[0] if value not in found]
    if unknown or absent:
        raise SurveyError(
            f"The shares for {question.code} have to name its categories. Unknown: {', '.join(unknown) or 'none'}; "
            f"answered but without a share: {', '.join(absent) or 'none'}."
        )
    if any(isinstance(share, str) or not 0 < share < np.inf for share in found.values()):
        raise SurveyError(f"The shares for {question.code} must be positive numbers; found {dict(shares)!r}.")
    return found


def _residuals(table: Contingency, values: list[object], wanted: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Pearson residuals (M,) of the weighted counts and their derivatives (K, M) by the counts of the table."""
    place = {value: i for i, value in enumerate(table.levels[0])}
    counts = np.array([table.weighted[place[value]] if value in place else 0.0 for value in values])
    total = counts.sum()
    root = np.sqrt(total * wanted)
    picks = np.zeros((len(place), len(values)))
    for m, value in enumerate(values):
        if value in place:
            picks[place[value], m] = 1.0
    # (O - N p) / sqrt(N p), where N is the sum of the counts and so varies with them
    slope_of_total = -(counts + total * wanted) / (2 * total * root)
    return (counts - total * wanted) / root, picks / root + slope_of_total


def _row(
    table: Contingency, kind: str, found: tuple[float, float | None, float, float, float] | None, reason: str | None
) -> TestResult:
    statistic, p, df, below, scale = found or (None, None, None, None, None)
    return TestResult(
        test=kind,
        subject=table.questions[0].code,
        statistic=statistic,
        p_value=p,
        df_numerator=df,
        df_denominator=None if below is None or np.isinf(below) else below,
        n=int(table.n.sum()),
        method=KINDS[kind],
        context=table.survey.context,
        null_reason=reason,
        extra={} if scale is None else {"scale": scale},
    )
