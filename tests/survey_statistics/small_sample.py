"""Small samples written down in a test: columns in, a survey out.

Belongs here: opening columns. Does not belong here: any expected value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from analytics.survey_statistics.sample.design import Design, Stage
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey


def opened(columns: Mapping[str, Sequence[Any]], design: Design | None = None, title: str = "sample") -> Survey:
    """A survey of these columns, a simple random sample if nothing else is said."""
    return Survey(open_table(pa.table(dict(columns)), title), design or Design())


def counted(yes: int, n: int, population: int | None = None, missing: int = 0) -> Survey:
    """A simple random sample in which ``yes`` of ``n`` said yes and further ones nothing."""
    columns: dict[str, list[Any]] = {"q": ["yes"] * yes + ["no"] * (n - yes) + [None] * missing}
    if population is None:
        return opened(columns)
    columns["population"] = [population] * (n + missing)
    return opened(columns, Design(stages=(Stage(population="population"),)))


def with_codebook(survey: Survey, *questions: Question) -> Survey:
    """The survey with a codebook."""
    stated = {question.code: question for question in questions}
    return replace(survey, responses=replace(survey.responses, questions=stated), kept={})
