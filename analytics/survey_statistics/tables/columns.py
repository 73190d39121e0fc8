"""The columns of a table: for each domain, the shares of the categories of a question, with their base.

Belongs here: which columns there are and what stands in them. Does not belong here: the arithmetic of shares
(``estimators``), text (``rendering``), tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analytics.survey_statistics.estimators.domain import Domain, domains, label
from analytics.survey_statistics.estimators.proportion import proportion
from analytics.survey_statistics.result import Estimate
from analytics.survey_statistics.sample.question import Question

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

TOTAL = "Total"


@dataclass(frozen=True)
class Column:
    """One column: ``estimates`` are the shares of the rows, in order. ``question`` is None for the total."""

    question: str | None
    label: str
    estimates: tuple[Estimate, ...]
    letter: str = ""

    @property
    def n(self) -> int:
        """Unweighted responses in the base."""
        return self.estimates[0].n if self.estimates else 0

    @property
    def weighted_n(self) -> float:
        """Sum of their weights."""
        return self.estimates[0].weighted_n if self.estimates else 0.0

    @property
    def missing(self) -> dict[str, int]:
        """Responses of the column without an answer in the rows, by state."""
        return dict(self.estimates[0].missing) if self.estimates else {}


@dataclass(frozen=True)
class Section:
    """The columns inside one layer; ``label`` is empty without layers."""

    label: str
    columns: tuple[Column, ...]


def sections(
    survey: Survey, rows: str, columns: str | None, layers: Sequence[str], where: str | None, level: float = 0.95
) -> tuple[Section, ...]:
    """The total, then each category of ``columns``, inside every combination of the layers.

    The total counts responses that answered the question of the columns too, so that the columns add up to it.
    """
    question = survey.responses.question(columns) if columns else None
    answered = both(where, is_answered(question)) if question else where
    words = f"{survey.responses.base}; responses that answered {rows}{f' and {columns}' if columns else ''}"
    found = [
        Section(domain.label if layers else "", (Column(None, TOTAL, _based(estimates, words, domain, where)),))
        for domain, estimates in _shares(survey, rows, layers, answered, level)
    ]
    if question is None:
        return tuple(found)
    parts = list(_domains_of(survey, rows, layers, question, where, level))
    return tuple(
        Section(section.label, (*section.columns, *(Column(question.code, name, rows_) for name, rows_ in inside)))
        for section, inside in zip(found, _by_layer(parts, len(found), bool(question.parts)), strict=True)
    )


def both(where: str | None, condition: str) -> str:
    """Two conditions of SQL at once."""
    return f"({where}) and ({condition})" if where else condition


def is_answered(question: Question) -> str:
    """SQL: the question has an answer, or for several answers any part of it has one."""
    parts = [part.value for part in question.parts.values()] or [question.value]
    return " or ".join(f"({part}) is not null" for part in parts)


Labelled = tuple[str, tuple[Estimate, ...]]


def _domains_of(
    survey: Survey, rows: str, layers: Sequence[str], question: Question, where: str | None, level: float
) -> Iterator[Labelled]:
    """Columns of a question with their estimates; those of a layer follow each other, or those of an option do when
    the question takes several answers.
    """
    if not question.parts:
        for domain, estimates in _shares(survey, rows, [*layers, question.code], where, level):
            yield label(question, domain.key[-1]), estimates
        return
    for code, part in question.parts.items():
        chosen = part.text or code
        words = f"{survey.responses.base}; responses that answered {rows} and chose {chosen} in {question.code}"
        for domain, estimates in _shares(survey, rows, layers, both(where, f"({part.value}) = 1"), level):
            named = ", ".join([*([domain.label] if domain.key else []), f"{question.code} = {chosen}"])
            told = _based(estimates, words, domain, where)
            yield chosen, tuple(replace(row, domain=named) for row in told)


def _by_layer(parts: Sequence[Labelled], layers: int, are_options: bool) -> list[list[Labelled]]:
    """Columns of each layer."""
    if are_options:
        return [list(parts[i::layers]) for i in range(layers)]
    width = len(parts) // layers if layers else 0
    return [list(parts[i * width : (i + 1) * width]) for i in range(layers)]


def _shares(
    survey: Survey, rows: str, by: Sequence[str], where: str | None, level: float
) -> Iterator[tuple[Domain, tuple[Estimate, ...]]]:
    """For each domain the shares of the categories, or of the ticks, of a question."""
    question = survey.responses.question(rows)
    found = domains(survey, list(by), where)
    if question.parts:
        lists = [_ticks(survey, question, part, by, where, level) for part in question.parts.values()]
        for i, domain in enumerate(found):
            yield domain, tuple(ticks[i] for ticks in lists)
        return
    estimates = proportion(survey, rows, list(by), where=where, level=level)
    size = len(estimates) // len(found) if found else 0
    for i, domain in enumerate(found):
        yield domain, tuple(estimates[i * size : (i + 1) * size])


def _ticks(
    survey: Survey, question: Question, part: Question, by: Sequence[str], where: str | None, level: float
) -> list[Estimate]:
    """The share of those shown a multiple choice that ticked one of its options, in each domain."""
    ticked = replace(part, code=part.code, kind="choice", categories={0: "not ticked", 1: part.text or part.code})
    asked = replace(survey.responses, questions={**survey.responses.questions, part.code: ticked})
    estimates = proportion(replace(survey, responses=asked), part.code, list(by), where=where, level=level)
    return [replace(row, question=question.code) for row in estimates if row.category == ticked.categories[1]]


def _based(estimates: Sequence[Estimate], words: str, domain: Domain, where: str | None) -> tuple[Estimate, ...]:
    """Estimates whose base is told in words instead of in the condition that made it."""
    narrowed = "".join(
        f"; {part}" for part in ([f"where {where}"] if where else []) + [domain.label] * bool(domain.key)
    )
    return tuple(replace(row, base=words + narrowed) for row in estimates)
