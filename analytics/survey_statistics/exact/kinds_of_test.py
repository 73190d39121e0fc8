"""What each classical test needs of a survey: its questions, its options, its effect size.

Belongs here: from counts to the test and its effect. Does not belong here: the tests themselves, rows of results
(``survey_test``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analytics.survey_statistics.exact.outcome import Effect, undefined
from analytics.survey_statistics.exact.survey_counts import Answers
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import SurveyError

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

    effect = kappa(found.table(is_square=True), level=level, **options)
    return undefined("kappa", found.n, effect.method, "kappa is estimated, not tested: see its interval"), effect


def _items(found: Answers) -> np.ndarray:
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

    result = linear_by_linear(found.table(), **{"method": "auto", **options})
    r = result.extra.get("correlation")
    return result, None if r is None else correlation(r, found.n, level)


def _cochran_armitage(found: Answers, _level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.trend import cochran_armitage

    table, rest = found.table(), {"method": "auto", **options}
    labels, hit = found.labels(0), rest.pop("hit", None)
    place = len(labels) - 1 if hit is None else next(
        (i for i, value in enumerate(found.levels(0)) if hit in (value, labels[i])), None)  # fmt: skip
    if place is None:
        raise SurveyError(f"hit is {hit!r}; the categories of {found.questions[0].code} are {', '.join(labels)}.")
    result = cochran_armitage(table[place], table.sum(axis=0), **rest)
    told = f"trend of the share of {labels[place]} over {', '.join(found.labels(1))}"
    return replace(result, note="; ".join(text for text in (result.note, told) if text)), None


def _mantel_haenszel(found: Answers, level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact import mantel_haenszel as tests
    from analytics.survey_statistics.exact.layers import layers_of

    tables = found.layered()
    used, scored = layers_of(tables), {"row_scores", "column_scores"} & set(options)
    if scored or (len(used) and used.shape[1:] != (2, 2)):
        if unfit := sorted({"alternative", "limit"} & set(options)):
            raise SurveyError(f"The option {', '.join(unfit)} is of tables of two by two without scores.")
        return tests.generalised(tables, **options), None
    result = tests.mantel_haenszel(tables, **{name: options[name] for name in options if name not in DRAWN})
    is_exact = result.method == tests.EXACT
    return result, (tests.conditional_common_odds_ratio if is_exact else tests.common_odds_ratio)(tables, level)


def _breslow_day(found: Answers, level: float, options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.homogeneity import breslow_day
    from analytics.survey_statistics.exact.mantel_haenszel import common_odds_ratio

    tables = found.layered()
    return breslow_day(tables, **options), common_odds_ratio(tables, level)


def _woolf(found: Answers, _level: float, _options: Mapping[str, Any]) -> Found:
    from analytics.survey_statistics.exact.homogeneity import woolf

    return woolf(found.layered()), None


LAYERED = "survey.independence_test(rows, columns, layers, kind='CMH')"
SAME_ODDS = "survey.table(rows, columns, layers).homogeneity_test()"
DRAWN = ("samples", "seed")
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
    "mantel-haenszel": Kind(
        _mantel_haenszel, 3, LAYERED, ("method", "alternative", "limit", "row_scores", "column_scores", *DRAWN)
    ),
    "breslow-day": Kind(_breslow_day, 3, SAME_ODDS, ("is_corrected",)),
    "woolf": Kind(_woolf, 3, SAME_ODDS, ()),
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
