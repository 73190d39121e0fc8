"""`stats.survey_estimate`: what each wave of a survey says, overall and by the domains of its card.

Belongs here: which estimates a wave is asked for, and how they become rows. Does not belong here: any formula
(``survey_statistics``), what of the rows may be shown (``survey_publication``).

The release is no column: every row would count as changed in each release. It is ``release_id`` of ``meta.build``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from analytics.estimate import Column, Row, estimate_id, estimate_table
from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.design import SurveyError
from analytics.topics import survey_protection
from analytics.topics.survey_wave import Wave, is_simple_sample, speaks_of

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

    Call = Callable[[Survey, str, str | None], Rows]

METHOD_VERSION = "1"
FOR_PROTECTION = (*survey_protection.COLUMNS, "is_simple_sample")

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

    Beside the columns of the table a row has what decides whether it may be shown (``FOR_PROTECTION``): a number what
    ``for_protection`` says, every row ``is_simple_sample``: the sample has neither strata nor clusters nor replicates.
    """
    for survey in wave.surveys():
        is_simple = is_simple_sample(survey)
        for question in wave.questions:
            for name, call in CALLS.get(question.kind, ()):
                for by in (None, *(domain for domain in wave.domains if domain != question.code)):
                    found = _estimates(survey, name, call, question.code, by)
                    more = survey_protection.for_protection(survey, question.code, question.kind, by, found)
                    for estimate, columns in zip(found, more, strict=True):
                        yield _row(wave, survey, estimate) | dict(columns) | {"is_simple_sample": is_simple}


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
