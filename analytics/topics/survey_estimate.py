"""`stats.survey_estimate`: what each wave of a survey says, overall and by the domains of its card.

Belongs here: which estimates a wave is asked for, and how they become rows. Does not belong here: any formula
(``survey_statistics``), what of the rows may be shown (``survey_publication``).

The release is no column: every row would count as changed in each release. It is ``release_id`` of ``meta.build``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from analytics.estimate import Column, Row, estimate_id, estimate_table
from analytics.survey_statistics.estimators.domain import ALL, label
from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.design import SurveyError
from analytics.topics.survey_wave import Wave, speaks_of

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

    Call = Callable[[Survey, str, str | None], Rows]

METHOD_VERSION = "1"
FOR_PROTECTION = ("largest", "beyond_value", "beyond_limits", "is_simple_sample")

DESIGN_COLUMNS = (
    Column("inference", "string", "`population`: of these very units; `process`: of what is behind them."),
    Column("speaks_of", "string", "The same in words."),
    Column("weights", "string", "Variable with the weights of the responses; `none` without."),
    Column("variance", "string", "How the variance was computed: `linearised`, or the method of the replicates."),
    Column("lonely_psu", "string", "What a stratum with a single sampled unit adds to a variance."),
    Column("is_fpc_used", "bool", "True if the standard error is that of a sample from a finite population."),
)
TABLE = estimate_table(
    "survey_estimate",
    "One row per survey wave, question, category, domain, statistic and inference: an estimate by the design of the "
    "sample, with everything that is needed to trust it or not.",
    (
        Column("survey_code", "string", "Survey."),
        Column("wave", "string", "Wave of the survey."),
        Column("edition_id", "string", "Edition that the wave is."),
        Column("question_code", "string", "Question."),
        Column("category", "string", "Category of the answer that the estimate is about; null for one of all answers."),
        Column("standard_error", "double", "Standard error under the design; null where it is not defined."),
        Column("degrees_of_freedom", "double", "Degrees of freedom of the interval."),
        Column("df_rule", "string", "How the degrees of freedom were counted."),
        Column("design_effect", "double", "Variance beside that of a simple random sample of as many."),
        Column("weighted_n", "double", "Sum of the weights of the base."),
        Column("missing", "string", "Responses of the domain outside of the base, by state."),
        Column("bound_lower", "double", "Lowest value that the missing could make of it; null where none are missing."),
        Column("bound_upper", "double", "Highest value that the missing could make of it."),
        *DESIGN_COLUMNS,
        Column("note", "string", "A warning that belongs under the number."),
        Column(
            "suppressed", "string", "Why nothing is shown; `not suppressed` with the reason where nothing has to be."
        ),
        Column("query", "string", "The Python call that repeats the estimate."),
    ),
)

# Kind of a question to the calls it is asked with; a scale has its own.
CALLS: dict[str, tuple[tuple[str, Call], ...]] = {
    "choice": (("proportion", lambda survey, question, by: survey.proportion(question, by)),),
    "scale": (("likert", lambda survey, question, by: survey.likert(question, by)),),
    "multiple": (
        ("multiple", lambda survey, question, by: survey.multiple(question, by)),
        # The mean number of answers stands with the percent of respondents already.
        ("multiple", lambda survey, question, by: _without_means(survey.multiple(question, by, of="answers"))),
    ),
    "ranking": (("ranking", lambda survey, question, by: survey.ranking(question, by)),),
    "number": (
        ("mean", lambda survey, question, by: survey.mean(question, by)),
        ("quantile", lambda survey, question, by: survey.quantile(question, (0.5,), by)),
    ),
}


def wave_rows(wave: Wave) -> Iterator[Row]:
    """The rows of one wave: of its units, and of the process behind them where that is another number.

    Beside the columns of the table a number has what decides whether it may be shown (``FOR_PROTECTION``): a mean has
    ``largest``, the two largest shares that single responses have in its total; a quantile has ``beyond_value`` and
    ``beyond_limits``, the responses at or beyond it and its interval, on the side with fewer. ``is_simple_sample`` says
    of every row that the sample has neither strata nor clusters nor replicates.
    """
    for survey in wave.surveys():
        design = survey.design
        is_simple = design.replicates is None and all(not (stage.strata or stage.units) for stage in design.stages)
        for question in wave.questions:
            for name, call in CALLS.get(question.kind, ()):
                for by in (None, *(domain for domain in wave.domains if domain != question.code)):
                    for estimate in _estimates(survey, name, call, question.code, by):
                        is_number = question.kind == "number"
                        more = _for_protection(survey, question.code, by, estimate) if is_number else {}
                        yield _row(wave, survey, estimate) | more | {"is_simple_sample": is_simple}


def _estimates(survey: Survey, name: str, call: Call, question: str, by: str | None) -> Sequence[Estimate]:
    """The rows of a call; one that says why where it is refused."""
    try:
        return list(call(survey, question, by))
    except SurveyError as error:
        where = "all" if by is None else f"by {by}"
        query = f"{name}({question!r})" if by is None else f"{name}({question!r}, by={by!r})"
        return [
            Estimate(
                statistic=name, question=question, category=None, domain=where, value=None, standard_error=None,
                lower=None, upper=None, level=None, interval_method="none", n=0, weighted_n=0.0, base="not counted",
                missing={}, degrees_of_freedom=None, df_rule="none", design_effect=None, method="refused",
                context=survey.context, query=query, null_reason=str(error),
            )
        ]  # fmt: skip


def _for_protection(survey: Survey, question: str, by: str | None, row: Estimate) -> dict[str, object]:
    """What decides whether a mean or a quantile of a number may be shown."""
    if row.value is None or row.method == "refused":
        return {}
    value = f"({survey.responses.question(question).value})"
    if row.statistic == "mean":
        largest = f"list_reverse_sort(list(abs({value} * {survey.weight})))[1:2]"
        return {"largest": tuple(_in_domain(survey, question, by, row.domain, largest) or ())}
    beyond = {"beyond_value": (row.value, row.value)}
    if row.lower is not None and row.upper is not None:
        beyond["beyond_limits"] = (row.lower, row.upper)
    counted = "least(count(*) filter (where {0} <= {1!r}::double), count(*) filter (where {0} >= {2!r}::double))"
    return {
        name: _in_domain(survey, question, by, row.domain, counted.format(value, float(lower), float(upper)))
        for name, (lower, upper) in beyond.items()
    }


def _in_domain(survey: Survey, question: str, by: str | None, domain: str, measured: str) -> Any:
    """An aggregate over the responses of one domain that answered a number."""
    responses = survey.responses
    value = responses.question(question).value
    groups = responses.question(by) if by else None
    found = responses.connection.execute(
        f"select {groups.value if groups else '0'} as place, {measured} "
        f"from {responses.relation} where ({value}) is not null and ({survey.weight}) > 0 group by place order by place"
    ).fetchall()
    for place, answer in found:
        if domain == (f"{by} = {label(groups, place)}" if groups else ALL):
            return answer
    return None


def _without_means(rows: Rows) -> Rows:
    return Rows([row for row in rows if row.statistic != "mean"])


def _row(wave: Wave, survey: Survey, estimate: Estimate) -> Row:
    told = estimate.to_row()
    same = {column.name: told[column.name] for column in TABLE.columns if column.name in told}
    context = estimate.context
    is_refused = estimate.method == "refused"
    return same | {
        "estimate_id": estimate_id(
            TABLE.name, wave.edition_id, context.inference, estimate.question, estimate.statistic,
            estimate.domain, None if estimate.statistic == "median" else estimate.category,
        ),
        "survey_code": wave.survey_code,
        "wave": wave.wave,
        "edition_id": wave.edition_id,
        "question_code": estimate.question,
        "speaks_of": speaks_of(wave, context.inference),
        "interval_level": estimate.level,
        "numerator": estimate.n_category,
        "base_n": None if is_refused else estimate.n,
        "weighted_n": None if is_refused else estimate.weighted_n,
        "method_version": METHOD_VERSION,
        "is_by_construction": False,
        "cited_source": None,
        "query": wave.query(context.inference, estimate.query),
        "suppressed": None,
        "note": "; ".join(filter(None, (estimate.note, wave.weights_refusal))) or None,
    }  # fmt: skip
