"""What decides whether a mean or a median of a number may be shown: who gives most of it, how many lie beyond it.

Belongs here: counts that the estimates do not have, for disclosure control. Does not belong here: the rules
(``survey_statistics.disclosure``), estimates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analytics.survey_statistics.estimators.domain import ALL, label
from analytics.survey_statistics.sample.engine import tuples

if TYPE_CHECKING:
    from analytics.survey_statistics.result import Estimate
    from analytics.survey_statistics.survey import Survey

    # Distinct answers with the responses that gave each.
    Counted = Sequence[tuple[float, int]]

LARGEST, BEYOND_VALUE, BEYOND_LIMITS = COLUMNS = ("largest", "beyond_value", "beyond_limits")


def for_protection(
    survey: Survey, question: str, by: str | None, rows: Sequence[Estimate]
) -> list[Mapping[str, object]]:
    """For each row of one number, in their order, the columns that it needs.

    A mean has ``largest``, the two largest shares that single responses have in its total; a quantile has
    ``beyond_value`` and ``beyond_limits``, the responses at or beyond it and its interval, on the side with fewer.
    """
    value = f"({survey.responses.question(question).value})"
    largest: Mapping[str, tuple[float, ...]] = {}
    counted: Mapping[str, Counted] = {}
    if any(row.statistic == "mean" for row in rows):
        shares = f"list_reverse_sort(list(abs({value} * {survey.weight})))[1:2]"
        largest = {place: tuple(rows_of[0][0]) for place, rows_of in _by_domain(survey, value, by, shares).items()}
    else:
        counted = _by_domain(survey, value, by, f"{value}::double as answer, count(*)")
    return [_columns(row, largest, counted) for row in rows]


def _columns(
    row: Estimate, largest: Mapping[str, tuple[float, ...]], counted: Mapping[str, Counted]
) -> Mapping[str, object]:
    if row.value is None or row.method == "refused":
        return {}
    if row.statistic == "mean":
        return {LARGEST: largest.get(row.domain, ())}
    found: dict[str, object] = {BEYOND_VALUE: _beyond(counted.get(row.domain, ()), row.value, row.value)}
    if row.lower is not None and row.upper is not None:
        found[BEYOND_LIMITS] = _beyond(counted.get(row.domain, ()), row.lower, row.upper)
    return found


def _beyond(counted: Counted, lower: float, upper: float) -> int:
    """Responses at or below the one and at or above the other end, whichever are fewer."""
    return min(sum(n for v, n in counted if v <= lower), sum(n for v, n in counted if v >= upper))


def _by_domain(survey: Survey, value: str, by: str | None, measured: str) -> dict[str, list[tuple[Any, ...]]]:
    """What is measured of the responses that answered and count, by the words of their domain."""
    responses = survey.responses
    groups = responses.question(by) if by else None
    rows = tuples(
        responses,
        f"select {groups.value if groups else '0'} as place, {measured} from {responses.relation} "
        f"where {value} is not null and ({survey.weight}) > 0 group by all order by all",
    )
    found: dict[str, list[tuple[Any, ...]]] = {}
    for place, *rest in rows:
        found.setdefault(f"{by} = {label(groups, place)}" if groups else ALL, []).append(tuple(rest))
    return found
