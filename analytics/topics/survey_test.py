"""`stats.survey_test`: whether the answers to a question differ between the domains of a wave.

Belongs here: which questions are tested by which domains, with which test, and the adjustment for their number. Does
not belong here: any formula (``survey_statistics``), what of the rows may be shown (``survey_publication``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analytics.estimate import Column, Row, StatTable, estimate_id
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.tables.association import few_expected, few_in_words
from analytics.survey_statistics.tables.multiplicity import adjusted_p_values
from analytics.topics.survey_estimate import DESIGN_COLUMNS
from analytics.topics.survey_wave import Wave, is_simple_sample, speaks_of

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

METHOD_VERSION = "1"
ADJUSTMENT = "holm"
ONE_ANSWER = ("choice", "scale")
FOR_PROTECTION = "is_simple_sample"
NOT_SHOWN = "not shown"
# What a suppressed row does not say; which test it was tells whether few were expected, by counts that may be hidden.
NUMBERS = ("statistic", "df_numerator", "df_denominator", "p_value", "adjusted_p_value", "monte_carlo_error", "base_n")
WHICH = {"test": NOT_SHOWN, "method": NOT_SHOWN, "query": None}

TABLE = StatTable(
    "survey_test",
    "One row per survey wave, question, domain and inference: the test that the answers are distributed alike in all "
    "categories of the domain, adjusted for the number of such tests on the wave.",
    (
        Column("test_id", "string", "Permanent readable key of the test: topic, wave, inference, question and domain."),
        Column("survey_code", "string", "Survey."),
        Column("wave", "string", "Wave of the survey."),
        Column("edition_id", "string", "Edition that the wave is."),
        Column("question_code", "string", "Question whose answers are compared."),
        Column("domain_question", "string", "Question between whose categories they are compared."),
        Column("test", "string", "The test by name; the exact one where expected counts are too small for the other."),
        Column("statistic", "double", "Test statistic; null where the test is not defined or has none."),
        Column("df_numerator", "double", "Degrees of freedom of the numerator."),
        Column("df_denominator", "double", "Degrees of freedom of the denominator; null for a chi-square."),
        Column("p_value", "double", "Two-sided p value of this test alone."),
        Column("adjusted_p_value", "double", "P value adjusted for the number of tests."),
        Column("adjustment", "string", "Method of the adjustment."),
        Column("n_tests", "int64", "Tests of the wave and inference with a p value, or not shown; adjusted for."),
        Column("monte_carlo_error", "double", "Standard error of a simulated p value; null where it is computed."),
        Column("base_n", "int64", "Unweighted responses that answered both questions."),
        Column("method", "string", "How the test was computed."),
        Column("method_version", "string", "Version of the method; it changes whenever numbers would."),
        *DESIGN_COLUMNS,
        Column("note", "string", "A warning that belongs under the test."),
        Column("null_reason", "string", "Why there is no p value; null where there is one."),
        Column(
            "suppressed", "string", "Why nothing is shown; `not suppressed` with the reason where nothing has to be."
        ),
        Column("query", "string", "The Python call that repeats the test."),
        Column("is_synthetic", "bool", "True when the answers were made up."),
    ),
    ("test_id",),
)


def wave_rows(wave: Wave) -> Iterator[Row]:
    """The tests of one wave before anything is suppressed, adjusted within each way of speaking.

    Beside the columns of the table each has ``FOR_PROTECTION``, as the rows of ``survey_estimate``.
    """
    pairs = [
        (question.code, domain)
        for domain in wave.domains
        for question in wave.questions
        if question.kind in ONE_ANSWER and question.code != domain
    ]
    for survey in wave.surveys():
        tested = [(*pair, *_test(survey, *pair)) for pair in pairs]
        p_values = [result.p_value for *_, result in tested]
        adjusted = adjusted_p_values(p_values, ADJUSTMENT)
        n_tests = sum(p is not None for p in p_values)
        for (question, domain, query, result), p_value in zip(tested, adjusted, strict=True):
            yield _row(wave, survey, question, domain, query, result) | {
                "adjusted_p_value": p_value, "adjustment": ADJUSTMENT, "n_tests": n_tests,
                FOR_PROTECTION: is_simple_sample(survey),
            }  # fmt: skip


def _test(survey: Survey, question: str, domain: str) -> tuple[str, TestResult]:
    """The test with the call that repeats it; without a p value where too little is expected and none is exact."""
    asked = f'table("{question}", "{domain}").test()'
    try:
        table = survey.table(question, domain)
        result = table.test()
        if result.statistic is None or not few_expected(table.contingency):
            return asked, result
        words = few_in_words(table.contingency)
    except SurveyError as error:
        return asked, _not_tested(survey, f"{question} by {domain}", 0, str(error))
    try:
        exact = survey.exact_test("fisher", question, by=domain)
    except SurveyError:
        # With weights, strata or clusters there is no exact test.
        return asked, _not_tested(survey, result.subject, result.n, f"not tested: {words}")
    return f'exact_test("fisher", "{question}", by="{domain}")', exact[0]


def _not_tested(survey: Survey, subject: str, n: int, reason: str) -> TestResult:
    return TestResult("none", subject, None, None, None, None, n, "not tested", survey.context, null_reason=reason)


def _row(wave: Wave, survey: Survey, question: str, domain: str, query: str, result: TestResult) -> Row:
    context = survey.context
    told = result.to_row() | {name: getattr(context, name) for name in ("weights", "variance", "lonely_psu")}
    same = {column.name: told[column.name] for column in TABLE.columns if column.name in told}
    return same | {
        "test_id": estimate_id(TABLE.name, wave.edition_id, context.inference, question, domain),
        "survey_code": wave.survey_code,
        "wave": wave.wave,
        "edition_id": wave.edition_id,
        "question_code": question,
        "domain_question": domain,
        "base_n": result.n,
        "method_version": METHOD_VERSION,
        "inference": context.inference,
        "is_fpc_used": context.is_fpc_used,
        "speaks_of": speaks_of(wave, context.inference),
        "is_synthetic": wave.is_synthetic,
        "query": wave.query(context.inference, query),
        "suppressed": None,
    }
