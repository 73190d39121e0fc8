"""Ranks of answers in the estimated population, and scores made of them, as a column of the survey.

Belongs here: weighted ranks by distinct value, added up by the engine. Does not belong here: tests (``rank_test``).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.sql_literal import literal
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import arrays, tuples
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.responses import quoted
from analytics.survey_statistics.sample.weight import FILE_ROW

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

SCORE = "survey_rank_score"
VALUE = "survey_rank_value"
VIEW = "survey_ranked_response"
TABLE = "survey_rank"
NUMBER = itertools.count(1)
# So many scores are written into the statement: for parameters the client of the engine imports pandas.
WRITTEN = 10_000
ROUNDING = 1e-12
TIES = ("midrank", "file_order")
ScoreFunction = Callable[[FloatArray, float], FloatArray]


def ordered_value(survey: Survey, code: str) -> str:
    """SQL of an answer as a number that can be ranked: of an ordered choice its place in the questionnaire.

    Raises ``SurveyError`` for answers without an order.
    """
    question = survey.responses.question(code)
    if question.parts or question.kind == "text":
        raise SurveyError(
            f"{code} of {survey.responses.title} is a {question.kind} question; its answers have no order."
        )
    codes = question.categories
    if not codes and survey.responses.columns.get(code) == "BOOLEAN":
        return f"({question.value})::integer::double"
    if question.kind == "number" or (codes and all(isinstance(value, int | float) for value in codes)):
        return f"({question.value})::double"
    if not question.categories:
        raise SurveyError(
            f"The answers to {code} of {survey.responses.title} are neither numbers nor categories of a codebook, so "
            "they have no order here. Rank a number, or give the scale as numbers."
        )
    return _place_in_questionnaire(question)


def _place_in_questionnaire(question: Question) -> str:
    places = " ".join(
        "when '" + str(value).replace("'", "''") + f"' then {place}"
        for place, value in enumerate(question.categories, start=1)
    )
    return f"(case ({question.value})::varchar {places} end)::double"


@dataclass(frozen=True)
class Ranks:
    """Distinct values (V,) in order, their estimated ranks (V,) in the population as asked for and as midranks, and its
    estimated ``size``.

    ``depends_on_order``: another order of the responses in the file would give other ranks.
    """

    values: FloatArray
    ranks: FloatArray
    midranks: FloatArray
    size: float
    depends_on_order: bool


def estimated_ranks(survey: Survey, value: str, condition: str, ties: str) -> Ranks:
    """Ranks of the distinct values. ``midrank``: the weights below plus half of those of the value itself (Lumley and
    Scott 2013). ``file_order`` gives tied responses ranks in the order of the file and averages them without weights,
    as R ``svyranktest`` does; both agree where tied responses have equal weights.
    """
    if ties not in TIES:
        raise SurveyError(f"ties is {ties!r}; it must be one of {', '.join(TIES)}.")
    row = quoted(FILE_ROW) if FILE_ROW in survey.responses.columns else "row_number() over ()"
    listed = (
        f"select {value} as v, ({survey.weight})::double as w, {row} as i "
        f"from {survey.responses.relation} where {condition}"
    )
    middle = "sum(sum(w)) over (order by v) - sum(w) / 2"
    if ties == "midrank" or _are_ties_even(survey, listed):
        sql = f"select v, sum(w), {middle} as m, m as r from ({listed}) where w > 0 group by v"
    else:
        running = "sum(w) over (order by v, i rows unbounded preceding) - w / 2"
        sql = f"select v, sum(w), {middle} as m, avg(r) from (select v, w, {running} as r from ({listed})) group by v"
        sql += " having sum(w) > 0"
    found = arrays(survey.responses, f"{sql} order by v")
    values, weights, midranks, chosen = (np.asarray(column, dtype=np.float64) for column in found)
    if not np.isfinite(values).all():
        raise SurveyError(
            f"Some of the answers of {survey.responses.title} that are to be ranked are infinite; leave them out with "
            "where, or give them a number."
        )
    size = float(weights.sum())
    return Ranks(values, chosen, midranks, size, bool((np.abs(midranks - chosen) > ROUNDING * size).any()))


def _are_ties_even(survey: Survey, listed: str) -> bool:
    """Whether tied responses have equal weights, so that their order says nothing and need not be looked at."""
    sql = f"select bool_and(least = most) from (select min(w) as least, max(w) as most from ({listed}) group by v)"
    return bool(tuples(survey.responses, sql)[0][0])


@contextmanager
def scored(survey: Survey, value: str, values: FloatArray, scores: FloatArray) -> Iterator[Survey]:
    """The survey with a column for each column of ``scores`` (V, M): the score of the response's value, null for other
    values. ``score_sql`` names the columns; what is asked of the survey has to be asked inside the block.
    """
    number = next(NUMBER)
    table, view = f"{TABLE}_{number}", f"{VIEW}_{number}"
    names = [f"{SCORE}_{m}" for m in range(scores.shape[1])]
    lists = [values.tolist(), *scores.T.tolist()]
    is_written = len(values) <= WRITTEN
    texts = [f"[{', '.join(map(literal, numbers))}]" if is_written else "?" for numbers in lists]
    unnested = ", ".join(
        f"unnest({text}::double[]) as {name}" for text, name in zip(texts, [VALUE, *names], strict=True)
    )
    responses = survey.responses
    responses.define(table, f"select {unnested}", is_table=True, given=None if is_written else lists)
    found = f"select r.*, {', '.join(f's.{name}' for name in names)} from {responses.relation} r"
    responses.define(view, f"{found} left join {table} s on {value} = s.{VALUE}", is_table=False)
    columns = {**responses.columns, **dict.fromkeys(names, "DOUBLE")}
    try:
        yield replace(survey, responses=replace(responses, relation=view, columns=columns), kept={})
    finally:
        responses.connection.execute(f"drop view {view}")
        responses.connection.execute(f"drop table {table}")


def score_sql(m: int = 0) -> str:
    """SQL of one column of the scores."""
    return quoted(f"{SCORE}_{m}")
