"""What decides whether a mean, a median or a ranking may be shown: who gives most of it, how many stand behind it.

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

OF_MEAN = ("largest", "squares", "sum_of_squares", "n_contributing", "is_alike")
BEYOND_VALUE, BEYOND_LIMITS, PLACES = "beyond_value", "beyond_limits", "places"
COLUMNS = (*OF_MEAN, BEYOND_VALUE, BEYOND_LIMITS, PLACES)
NUMBER, RANKING = "number", "ranking"
MEAN_RANK = "mean rank"


def for_protection(
    survey: Survey, question: str, kind: str, by: str | None, rows: Sequence[Estimate]
) -> list[Mapping[str, object]]:
    """For each row of one question, in their order, the columns that it needs.

    A mean of a number has ``largest``, the two largest shares of single responses in its total, ``squares``, the sum of
    the squared weighted deviations from it with the two largest of them, ``sum_of_squares`` of the weighted answers,
    ``n_contributing``, the responses with another answer than 0, and ``is_alike``, whether all gave the same. A
    quantile has ``beyond_value`` and ``beyond_limits``, the responses at or beyond it and its interval, on the side
    with fewer. A mean rank has ``places``, the responses that put its option first, second and so on.
    """
    if kind == RANKING:
        return _ranks(survey, question, by, rows)
    if kind != NUMBER:
        return [{}] * len(rows)
    value = f"({survey.responses.question(question).value})"
    if any(row.statistic == "mean" for row in rows):
        means = _means(survey, value, by)
        return [means.get(row.domain, {}) if _has_value(row) else {} for row in rows]
    counted = _by_domain(survey, value, by, "answer, count(*)")
    return [_beyond_it(row, counted.get(row.domain, ())) if _has_value(row) else {} for row in rows]


def _has_value(row: Estimate) -> bool:
    return row.value is not None and row.method != "refused"


def _means(survey: Survey, value: str, by: str | None) -> dict[str, Mapping[str, object]]:
    deviation = (
        "pow(w * (answer - sum(w * answer) over (partition by place) / sum(w) over (partition by place)), 2) as squared"
    )
    two = "list_reverse_sort(list({}))[1:2]"
    measured = (
        f"{two.format('abs(given)')}, sum(squared), {two.format('squared')}, sum(given * given), "
        "count(*) filter (answer <> 0), min(answer) = max(answer)"
    )
    found = _by_domain(survey, value, by, measured, deviation)
    return {
        domain: dict(zip(OF_MEAN, (tuple(largest), (squares, *most), *rest), strict=True))
        for domain, ((largest, squares, most, *rest),) in found.items()
    }


def _beyond_it(row: Estimate, counted: Counted) -> Mapping[str, object]:
    found: dict[str, object] = {}
    ends = {BEYOND_VALUE: (row.value, row.value), BEYOND_LIMITS: (row.lower, row.upper)}
    for name, (lower, upper) in ends.items():
        if lower is not None and upper is not None:
            below, above = sum(n for v, n in counted if v <= lower), sum(n for v, n in counted if v >= upper)
            found[name] = min(below, above)
    return found


def _ranks(survey: Survey, question: str, by: str | None, rows: Sequence[Estimate]) -> list[Mapping[str, object]]:
    parts = survey.responses.question(question).parts
    found: dict[tuple[str, str], Counted] = {}
    for code, part in parts.items():
        counted = _by_domain(survey, f"({part.value})", by, "answer, count(*)")
        found |= {(domain, part.text or code): ranks for domain, ranks in counted.items()}

    def places(row: Estimate) -> Mapping[str, object]:
        if row.statistic != MEAN_RANK or row.category is None:
            return {}
        n = dict(found.get((row.domain, row.category), ()))
        return {PLACES: tuple(n.get(rank, 0) for rank in range(1, len(parts) + 1))}

    return [places(row) for row in rows]


def _by_domain(
    survey: Survey, value: str, by: str | None, measured: str, more: str = "1"
) -> dict[str, list[tuple[Any, ...]]]:
    """What is measured of the responses that answered and count, by the words of their domain.

    SQL of ``measured`` knows the ``answer``, its weight ``w``, the answer as ``given`` with it, and ``more``.
    """
    responses = survey.responses
    groups = responses.question(by) if by else None
    rows = tuples(
        responses,
        f"select place, {measured} from (select *, {more} from (select {groups.value if groups else '0'} as place, "
        f"{value}::double as answer, {value} * {survey.weight} as given, ({survey.weight})::double as w "
        f"from {responses.relation} where {value} is not null and ({survey.weight}) > 0)) "
        "group by place" + (", answer" if measured.startswith("answer") else "") + " order by all",
    )
    found: dict[str, list[tuple[Any, ...]]] = {}
    for place, *rest in rows:
        found.setdefault(f"{by} = {label(groups, place)}" if groups else ALL, []).append(tuple(rest))
    return found
