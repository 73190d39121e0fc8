"""Classical tests asked of a survey: counts are taken, the test is made, its row says what it speaks of.

Belongs here: the call and its row. Does not belong here: which test takes which questions (``kinds_of_test``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analytics.survey_statistics.estimators.options import options_of
from analytics.survey_statistics.exact.kinds_of_test import TESTS
from analytics.survey_statistics.exact.outcome import Effect, undefined
from analytics.survey_statistics.exact.survey_counts import Answers, answers, refuse_design
from analytics.survey_statistics.result import NO_CASES, Estimate, Rows, TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.question import Question

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey


def exact_test(survey: Survey, test: str, *questions: str | Sequence[str], by: str | None = None,
               where: str | None = None, level: float = 0.95, **options: Any) -> Rows:  # fmt: skip
    """One classical test, as a row with its effect size.

    ``test`` is one of ``TESTS``; groups are the last question or ``by``. A list of columns, a multiple choice and a
    ranking of the codebook count as several items (``cochran q``, ``friedman``). ``options`` go to the function of the
    test: ``method``, ``alternative``, ``seed``, ... Responses without one of the answers are left out, and counted.

    Raises ``SurveyError`` for weighted, stratified and clustered samples, naming what to use instead.
    """
    if not 0 < level < 1:
        raise SurveyError(f"level is {level}; it must lie between 0 and 1, for instance 0.95.")
    kind = TESTS.get(test)
    if kind is None:
        raise SurveyError(f"There is no exact test {test!r}; there are: {', '.join(sorted(TESTS))}.")
    refuse_design(survey, test, kind.instead)
    named = [*questions, *([by] if by else [])]
    asked = _questions(survey, named, "ranking" if test in ("friedman", "kendall w") else "multiple")
    if kind.questions is None and len(asked) < 2:
        raise SurveyError(f"The {test} test compares two or more items of the same respondents; found {len(asked)}.")
    if kind.questions is not None and len(asked) != kind.questions:
        raise SurveyError(
            f"The {test} test takes {kind.questions} questions (groups last, or as by); found {len(asked)}."
        )
    if unknown := sorted(set(options) - set(kind.options)):
        raise SurveyError(f"The {test} test has no option {', '.join(unknown)}; it has: {', '.join(kind.options)}.")
    found = answers(survey, asked, where)
    if found.n:
        result, effect = kind.make(found, level, options)
    else:
        result, effect = undefined(test, 0, "none", NO_CASES), None
    parts = [repr(test), *(repr(item) for item in questions), *([f"by={by!r}"] if by else [])]
    parts += [f"where={where!r}"] if where else []
    parts += [f"{name}={value!r}" for name, value in options.items()]
    return Rows([_row(survey, found, where, result, effect, f"exact_test({', '.join(parts)})")])


def _questions(survey: Survey, named: Sequence[str | Sequence[str]], kind: str) -> list[Question]:
    asked: list[Question] = []
    for item in named:
        question = survey.responses.question(item) if isinstance(item, str) else None
        if question is None or question.parts:
            asked += options_of(survey, item, question.kind if question else kind).parts
        else:
            asked.append(question)
    return asked


def _row(survey: Survey, found: Answers, where: str | None, result: TestResult, effect: Effect | None,
         query: str) -> TestResult:  # fmt: skip
    subject = " by ".join(question.code for question in found.questions)
    base = f"{survey.responses.base}; responses that answered {' and '.join(q.code for q in found.questions)}"
    notes = [result.note] if result.note else []
    if found.left_out:
        notes.append(f"{found.left_out} responses without one of the answers are left out")
    if survey.context.is_fpc_used:
        notes.append("speaks of the process behind the responses: no finite population correction")
    size = None
    if effect is not None:
        size = Estimate(
            statistic=effect.name, question=subject, category=None, domain=f"where {where}" if where else "all",
            value=effect.value, standard_error=effect.standard_error, lower=effect.lower, upper=effect.upper,
            level=effect.level if effect.lower is not None or effect.upper is not None else None,
            interval_method=effect.method, n=found.n, weighted_n=float(found.n), base=base,
            missing={"not_answered": found.left_out} if found.left_out else {}, degrees_of_freedom=None,
            df_rule="none: classical", design_effect=None, method="unweighted", context=survey.context, query=query,
            null_reason=effect.null_reason,
        )  # fmt: skip
    return replace(result, subject=subject, context=survey.context, effect_size=size, note="; ".join(notes) or None)
