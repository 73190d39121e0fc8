"""Answers that are missing: how many of a domain, in which state, and what they could make of a share.

Belongs here: counts of states, the warning and the bounds that follow. Does not belong here: filling in answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analytics.survey_statistics.estimators.domain import Domain, names
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
    keys = [f"({survey.responses.question(code).value})" for code in names(by)]
    known = " and ".join(f"({question.value}) is not null" for question in questions)
    state = " ".join(f"when ({question.value}) is null then ({question.state})" for question in questions)
    conditions = [f"not ({known})", f"({survey.weight}) > 0", *(f"{key} is not null" for key in keys)]
    conditions += [f"({where})"] if where else []
    rows = survey.responses.connection.execute(
        f"select {''.join(f'{key}, ' for key in keys)} case {state} end, count(*) "
        f"from {survey.responses.relation} where {' and '.join(conditions)} group by all order by all"
    ).fetchall()
    counts: dict[Key, dict[str, int]] = {}
    for *key, name, n in rows:
        counts.setdefault(tuple(key), {})[NOT_ANSWERED if name in (None, "answered") else str(name)] = n
    return counts


def warning(share: float) -> str | None:
    """What must stand beside an estimate whose base lost this share of its domain (0 to 1)."""
    if share < MUCH_MISSING:
        return None
    return f"{share:.0%} gave no answer: the estimate speaks of those who did; see the bounds"
