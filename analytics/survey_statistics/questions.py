"""Questions asked in the way of their kind: shares of a choice, of ticks, ranks, mean and median of a number.

Belongs here: which estimates a question of a kind has. Does not belong here: how they are computed or shown.
"""

from __future__ import annotations

from analytics.survey_statistics.result import Estimate
from analytics.survey_statistics.sample.cells import keep_sums
from analytics.survey_statistics.survey import By, Survey

REPORTED = ("choice", "multiple", "ranking", "number")


def asked(survey: Survey, code: str, by: By, where: str | None, level: float) -> list[Estimate]:
    """The estimates of a question, overall and then by domains.

    Raises ``SurveyError`` for a text or a date, of which there is nothing to estimate.
    """
    question = survey.responses.question(code)
    if not by:
        return _of_kind(survey, code, question.kind, None, where, level)
    if question.kind == "choice":
        # One reading gives both tables.
        names = (by,) if isinstance(by, str) else tuple(by)
        keys = [survey.responses.question(name).value for name in names]
        keep_sums(survey, [[*keys, question.value]], where)
    # The sums by domain answer for all as well; the other way round there would be two readings.
    below = _of_kind(survey, code, question.kind, by, where, level)
    return [*_of_kind(survey, code, question.kind, None, where, level), *below]


def _of_kind(survey: Survey, code: str, kind: str, by: By, where: str | None, level: float) -> list[Estimate]:
    if kind == "multiple":
        return list(survey.multiple(code, by, where=where, level=level))
    if kind == "ranking":
        return list(survey.ranking(code, by, where=where, level=level))
    if kind != "number":
        return list(survey.proportion(code, by, where=where, level=level))
    median = survey.quantile(code, (0.5,), by, where=where, level=level)
    return [*survey.mean(code, by, where=where, level=level), *median.replaced(statistic="median")]
