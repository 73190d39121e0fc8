"""Answers that are missing: how many of a domain, in which state, and what they could make of a share.

Belongs here: counts of states, the warning and the bounds that follow. Does not belong here: filling in answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analytics.survey_statistics.estimators.domain import Domain, domain_keys
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.totals import Key

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey

NOT_ANSWERED = "not_answered"
# Where so many of a domain gave no answer, the answers that are there cannot stand for it without a warning.
MUCH_MISSING = 0.4


def missing_by_state(
    survey: Survey,
    questions: Sequence[Question],
    by: By,
    where: str | None,
    found: Sequence[Domain],
    answered: Mapping[Key, int],
) -> dict[Key, dict[str, int]]:
    """Responses with a positive weight that gave no answer, by domain and state.

    Where several questions are asked the state of the first without an answer counts. Columns without a codebook know
    one state only, so what is missing follows from the sizes and costs no further reading.
    """
    short = {domain.key: domain.n - answered.get(domain.key, 0) for domain in found}
    if not any(short.values()):
        return {}
    if not any(question.code in survey.responses.questions for question in questions):
        return {key: {NOT_ANSWERED: n} for key, n in short.items() if n}
    keys = domain_keys(survey, by)
    state = " ".join(
        f"when ({question.value}) is null then coalesce({question.state}, '{NOT_ANSWERED}')" for question in questions
    )
    sizes = cell_totals(survey, [*keys, f"case {state} end"], (), where)
    counts: dict[Key, dict[str, int]] = {}
    for (*key, name), n in zip(sizes.cells, sizes.totals.n.tolist(), strict=True):
        told = NOT_ANSWERED if name == "answered" else str(name)
        if n:
            by_state = counts.setdefault(tuple(key), {})
            by_state[told] = by_state.get(told, 0) + n
    return counts


def warning(share: float, *, is_empty: bool, has_bounds: bool) -> str | None:
    """What must stand beside an estimate whose base lost this share of its domain (0 to 1)."""
    if share < MUCH_MISSING:
        return None
    if is_empty:
        return "nobody gave an answer"
    see = "; see the bounds" if has_bounds else ""
    return f"{share:.0%} gave no answer: the estimate speaks of those who did{see}"
