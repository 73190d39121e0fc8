"""Domains of estimation: the parts of the sample that a result is asked for, those without a response included.

Belongs here: the domains that ``by`` makes, with their labels and sizes. Does not belong here: who in a domain answered
a question (``base``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.totals import Key

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey

ALL = "all"
# Above this many combinations of several columns only those that occur are listed.
MOST_COMBINATIONS = 2_000


@dataclass(frozen=True)
class Domain:
    """One domain. ``key``: its values of the ``by`` questions; ``n``: responses in it with a positive weight, whether
    they answered or not; ``weighted_n``: the sum of their weights.
    """

    key: Key
    label: str
    n: int
    weighted_n: float


def domains(survey: Survey, by: By, where: str | None) -> tuple[Domain, ...]:
    """Every domain of ``by`` inside ``where``, in the order of the codebook, then of the values.

    A category of the codebook that nobody is in, and a combination that does not occur, is a domain of size 0.
    """
    questions = domain_questions(survey, by)
    found = cell_totals(survey, [question.value for question in questions], (), where)
    sizes = {cell: (int(found.totals.n[i]), float(found.totals.value[i])) for i, cell in enumerate(found.cells)}
    if not questions:
        n, weighted_n = sizes.get((), (0, 0.0))
        return (Domain((), ALL, n, weighted_n),)
    levels = [categories(question, (cell[i] for cell in sizes)) for i, question in enumerate(questions)]
    combinations = 1
    for values in levels:
        combinations *= len(values)
    keys = [key for key in product(*levels) if combinations <= MOST_COMBINATIONS or key in sizes]
    return tuple(Domain(key, _label(questions, key), *sizes.get(key, (0, 0.0))) for key in keys)


def domain_questions(survey: Survey, by: By) -> list[Question]:
    """The questions that make the domains.

    Raises ``SurveyError`` for one of several answers: its options overlap, and what can be said of a response as a
    whole is only whether it answered.
    """
    questions = [survey.responses.question(code) for code in names(by)]
    for question in questions:
        if question.parts:
            first = f"{question.code}__{next(iter(question.parts))}"
            raise SurveyError(
                f"{question.code} of {survey.responses.title} takes several answers, so a response would be in several "
                f"domains: name one option, by={first!r}, or put it into the columns of a table, "
                f"table(..., {question.code!r})."
            )
    return questions


def domain_keys(survey: Survey, by: By) -> list[str]:
    """SQL of the values that make the domains."""
    return [question.value for question in domain_questions(survey, by)]


def names(by: By) -> tuple[str, ...]:
    """The columns of ``by`` as a tuple. Raises ``SurveyError`` for what is no name."""
    listed = () if by is None else tuple(by) if isinstance(by, list | tuple) else (by,)
    if wrong := [name for name in listed if not isinstance(name, str)]:
        raise SurveyError(f"by is {wrong[0]!r}; it must be the name of a question, or a list of names.")
    return listed


def categories(question: Question, found: Iterable[object]) -> tuple[object, ...]:
    """The categories of a question: those of the codebook in its order, then others that were found, sorted."""
    others = sorted(set(found) - set(question.categories), key=_order)
    return (*question.categories, *others)


def label(question: Question, value: object) -> str:
    """The words of the codebook for a value, else the value itself; 3.0 reads 3."""
    if value in question.categories:
        return question.categories[value]
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _label(questions: Sequence[Question], key: Key) -> str:
    return ", ".join(
        f"{question.code} = {label(question, value)}" for question, value in zip(questions, key, strict=True)
    )


def _order(value: object) -> tuple[bool, float, str]:
    """Numbers by size and before texts."""
    if isinstance(value, int | float):
        return False, float(value), ""
    return True, 0.0, str(value)
