"""A question made of several columns: ticks of a multiple choice, or ranks.

Belongs here: finding its options and who answered it. Does not belong here: estimates (``multiple``, ``ranking``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import tuples
from analytics.survey_statistics.sample.question import Question

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey


@dataclass(frozen=True)
class Options:
    """``labels`` and ``values`` (SQL) of the options in order. ``code`` names the question in the rows; ``parts`` are
    the options' own questions.
    """

    code: str
    labels: tuple[str, ...]
    parts: tuple[Question, ...]
    is_known: bool

    @property
    def values(self) -> tuple[str, ...]:
        """SQL of each option as a number."""
        return tuple(f"({part.value})::double" for part in self.parts)

    def answered(self, condition: str) -> Question:
        """A question that those answered for whom the SQL ``condition`` holds."""
        value = f"case when {condition} then 1 end"
        state = (
            self.parts[0].state if self.is_known else f"case when {condition} then 'answered' else 'not_answered' end"
        )
        # Only a question of the codebook has states to read; the first option has those of the whole question.
        return Question(self.code, "choice", value, state)


def options_of(survey: Survey, question: str | Sequence[str], kind: str) -> Options:
    """The options of a question of the codebook, or of a list of columns that make one question.

    Raises ``SurveyError`` for a question without options or columns that are no numbers.
    """
    responses = survey.responses
    if isinstance(question, str):
        found = responses.question(question)
        if found.kind != kind or not found.parts:
            raise SurveyError(
                f"{question} of {responses.title} is a {found.kind} question, not a {kind} one. Of a table without a "
                f"codebook name its columns: {kind}([{question!r}, ...])."
            )
        labels = tuple(part.text or code for code, part in found.parts.items())
        return Options(question, labels, tuple(found.parts.values()), True)
    codes = tuple(question)
    if not codes:
        raise SurveyError(f"{kind}([]) names no column; name those that make the question.")
    for code in codes:
        kind_found = responses.columns.get(code, "")
        if responses.question(code).kind != "number" and kind_found != "BOOLEAN":
            raise SurveyError(
                f"{code} of {responses.title} holds {kind_found or 'categories'}; the columns of a {kind} question "
                "hold numbers (1 and 0 for ticks, ranks from 1), or true and false for ticks."
            )
    return Options(", ".join(codes), codes, tuple(responses.question(code) for code in codes), False)


def outside(survey: Survey, options: Options, condition: str) -> int:
    """Responses with a value of which the SQL ``condition`` (of ``{}``) does not hold."""
    wrong = " or ".join(f"not ({condition.format(value)})" for value in options.values)
    ((found,),) = tuples(survey.responses, f"select count(*) from {survey.responses.relation} where {wrong}")
    return int(found)
