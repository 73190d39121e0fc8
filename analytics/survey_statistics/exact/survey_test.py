"""Classical tests asked of a survey: counts are taken, the test is made, its row says what it speaks of.

Belongs here: which test takes which questions, and its effect size. Does not belong here: the tests themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.survey_statistics.estimators.options import options_of
from analytics.survey_statistics.exact.outcome import Effect
from analytics.survey_statistics.exact.survey_counts import Answers, answers, refuse_design
from analytics.survey_statistics.result import Estimate, Rows, TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.question import Question

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

Found = tuple[TestResult, Effect | None]


@dataclass(frozen=True)
class Kind:
    """A test: what makes it, how many questions it takes (None: two or more items), what to use under a design, and its
    options.
    """

    make: Callable[[Answers, float, Mapping[str, Any]], Found]
    questions: int | None
    instead: str
    options: tuple[str, ...]


def exact_test(survey: Survey, test: str, *questions: str | Sequence[str], by: str | None = None,
               where: str | None = None, level: float = 0.95, **options: Any) -> Rows:  # fmt: skip
    """One classical test, as a row with its effect size.

    ``test`` is one of ``TESTS``; groups are the last question or ``by``. A list of columns, a multiple choice and a
    ranking of the codebook count as several items (``cochran q``, ``friedman``). ``options`` go to the function of the
    test: ``method``, ``alternative``, ``seed``, ... Responses without one of the answers are left out, and counted.

    Raises ``SurveyError`` for weighted, stratified and clustered samples, naming what to use instead.
    """
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
    result, effect = kind.make(found, level, options)
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


def _table_effect(found: Answers, level: float) -> Effect:
    from analytics.survey_statistics.exact.effect_size import cramers_v
    from analytics.survey_statistics.exact.fisher import conditional_odds_ratio, counts_of

    table = found.table()
    return conditional_odds_ratio(table, level) if counts_of(table).shape == (2, 2) else cramers_v(table, level)


def _fisher(found: Answers, level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.fisher import fisher_exact

    return fisher_exact(found.table(), **options), _table_effect(found, level)


def _chi_square(found: Answers, level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.chi_square import independence
    from analytics.survey_statistics.exact.effect_size import cramers_v

    return independence(found.table(), **options), cramers_v(found.table(), level)


def _goodness_of_fit(found: Answers, _level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.chi_square import goodness_of_fit

    levels, rest = found.levels(0), dict(options)
    count = dict(zip((row[0] for row in found.rows), found.count.tolist(), strict=True))
    shares = rest.pop("shares", None)
    if isinstance(shares, Mapping):
        named = dict(zip(levels, found.labels(0), strict=True))
        values = [shares.get(value, shares.get(named[value])) for value in levels]
        if None in values or len(values) != len(shares):
            raise SurveyError(
                f"shares name {', '.join(str(key) for key in shares)}, but the categories of "
                f"{found.questions[0].code} are {', '.join(named.values())}."
            )
        shares = values
    return goodness_of_fit([count.get(value, 0) for value in levels], shares, **rest), None


def _mcnemar(found: Answers, level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.mcnemar import mcnemar, paired_difference

    table = found.table(is_square=True)
    return mcnemar(table, **options), paired_difference(table, level)


def _kappa(found: Answers, level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.agreement import kappa
    from analytics.survey_statistics.exact.outcome import undefined

    effect = kappa(found.table(is_square=True), level=level, **options)
    return undefined("kappa", found.n, effect.method, "kappa is estimated, not tested: see its interval"), effect


def _items(found: Answers) -> np.ndarray:
    if not found.n:
        return np.zeros((0, len(found.questions)))
    return np.column_stack([found.scores(place) for place in range(len(found.questions))])


def _cochran(found: Answers, _level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.blocks import cochran_q

    return cochran_q(_items(found), **options), None


def _friedman(found: Answers, _level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.blocks import friedman

    result = friedman(_items(found), **options)
    w = result.extra.get("w")
    reason = "its distribution under agreement is not known; ranking() has a linearised interval"
    return result, Effect("Kendall W", w, None, None, None, "corrected for ties", result.null_reason or reason)


def _two_groups(found: Answers, test: str) -> tuple[Any, Any]:
    scores, group, names = found.scores(0), found.groups(1), found.labels(1)
    present = np.unique(group)
    if len(present) > 2:
        raise SurveyError(
            f"The {test} test compares two groups; {found.questions[1].code} has {len(present)}: "
            f"{', '.join(names[i] for i in present)}. Use 'kruskal-wallis', or a where that leaves two."
        )
    first, second = (present[0], present[-1]) if len(present) == 2 else (0, -1)
    return scores[group == first], scores[group == second]


def _wilcoxon(found: Answers, level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.effect_size import cliffs_delta
    from analytics.survey_statistics.exact.wilcoxon import rank_sum

    first, second = _two_groups(found, "wilcoxon")
    return rank_sum(first, second, **options), cliffs_delta(first, second, level)


def _signed_rank(found: Answers, _level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.wilcoxon import signed_rank

    return signed_rank(found.scores(0), found.scores(1), **options), None


def _kruskal(found: Answers, level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.effect_size import epsilon_squared
    from analytics.survey_statistics.exact.kruskal import kruskal_wallis

    group = found.groups(1)
    result = kruskal_wallis(found.scores(0), group, **options)
    if result.statistic is None:
        return result, None
    return result, epsilon_squared(result.statistic, found.n, len(np.unique(group)), level)


def _jonckheere(found: Answers, _level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.trend import jonckheere_terpstra

    return jonckheere_terpstra(found.table(), **options), None


def _linear(found: Answers, level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.effect_size import correlation
    from analytics.survey_statistics.exact.trend import linear_by_linear

    result = linear_by_linear(found.table(), **options)
    r = result.extra.get("correlation")
    return result, None if r is None else correlation(r, found.n, level)


def _cochran_armitage(found: Answers, _level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.trend import cochran_armitage

    table, rest = found.table(), dict(options)
    labels, hit = found.labels(0), rest.pop("hit", None)
    place = len(labels) - 1 if hit is None else next(
        (i for i, value in enumerate(found.levels(0)) if hit in (value, labels[i])), None)  # fmt: skip
    if place is None:
        raise SurveyError(f"hit is {hit!r}; the categories of {found.questions[0].code} are {', '.join(labels)}.")
    if not found.n:
        return cochran_armitage([], [], **rest), None
    result = cochran_armitage(table[place], table.sum(axis=0), **rest)
    told = f"trend of the share of {labels[place]} over {', '.join(found.labels(1))}"
    return replace(result, note="; ".join(text for text in (result.note, told) if text)), None


TABLE = "survey.independence_test(rows, columns)"
RANKS = "survey.rank_test(question, by)"
TREND = "survey.trend_test(question, by)"
FIT = "survey.goodness_of_fit(question, shares)"
SAME = "survey.difference or survey.change"
SIMULATED = ("samples", "seed", "limit")
PERMUTED = ("method", *SIMULATED)
TESTS: Mapping[str, Kind] = {
    "fisher": Kind(_fisher, 2, TABLE, ("alternative", *SIMULATED)),
    "chi-square": Kind(_chi_square, 2, TABLE, ("method", "is_corrected", "seed")),
    "goodness of fit": Kind(_goodness_of_fit, 1, FIT, ("shares", *PERMUTED)),
    "mcnemar": Kind(_mcnemar, 2, SAME, ("method",)),
    "kappa": Kind(_kappa, 2, TABLE, ("weights",)),
    "cochran q": Kind(_cochran, None, "survey.multiple(question)", PERMUTED),
    "friedman": Kind(_friedman, None, "survey.ranking(question)", PERMUTED),
    "kendall w": Kind(_friedman, None, "survey.ranking(question)", PERMUTED),
    "wilcoxon": Kind(_wilcoxon, 2, RANKS, ("alternative", "method", "is_corrected")),
    "signed-rank": Kind(_signed_rank, 2, SAME, ("alternative", "method", "is_corrected", "zeros")),
    "kruskal-wallis": Kind(_kruskal, 2, RANKS, PERMUTED),
    "jonckheere-terpstra": Kind(_jonckheere, 2, TREND, PERMUTED),
    "linear by linear": Kind(_linear, 2, TREND, ("row_scores", "column_scores", *PERMUTED)),
    "cochran-armitage": Kind(_cochran_armitage, 2, TREND, ("hit", "scores", *PERMUTED)),
}
