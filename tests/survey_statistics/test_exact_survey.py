"""Classical tests asked of a survey: right counts, right order of groups, and a refusal where a design forbids them."""

from __future__ import annotations

import pandas as pd
import pytest

from analytics.survey_statistics.exact.blocks import cochran_q, friedman
from analytics.survey_statistics.exact.kinds_of_test import TESTS
from analytics.survey_statistics.exact.wilcoxon import rank_sum, signed_rank
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import Design, Replicates, Stage, SurveyError
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.responses import Responses, open_table
from analytics.survey_statistics.survey import Survey

FRAME = pd.DataFrame(
    {
        "before": [1, 2, 2, 3, 4, 5, 3, 2, 1, 4, 5, 3],
        "after": [2, 2, 3, 4, 4, 5, 5, 3, 3, 5, 4, None],
        "side": ["EU", "EU", "EU", "EU", "EU", "EU", "JP", "JP", "JP", "JP", "JP", "JP"],
        "size": [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3],
        "yes": ["no", "no", "yes", "no", "yes", "yes", "no", "yes", "yes", "no", "no", "yes"],
        "a": [1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1],
        "b": [0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0],
        "c": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0],
        "even": [2.0] * 12,
        "uneven": [1.0] * 11 + [3.0],
        "n": [40] * 12,
    }
)


def survey(**design: object) -> Survey:
    return Survey(open_table(FRAME, "twelve"), Design(**design))


def asked(*arguments: object, **options: object) -> TestResult:
    rows = survey().exact_test(*arguments, **options)
    assert len(rows) == 1
    assert isinstance(rows[0], TestResult)
    return rows[0]


def test_fisher_counts_the_table_and_gives_the_odds_ratio() -> None:
    # EU: 3 yes of 6, JP: 3 yes of 6
    found = asked("fisher", "yes", by="side")
    assert (found.p_value, found.n, found.subject) == (1.0, 12, "yes by side")
    assert found.effect_size.value == pytest.approx(1.0)
    assert found.effect_size.statistic == "odds ratio"
    assert found.context.survey == "twelve"
    assert found.effect_size.query == "exact_test('fisher', 'yes', by='side')"


def test_wilcoxon_takes_the_groups_in_their_order() -> None:
    found = asked("wilcoxon", "before", "side")
    same = rank_sum(FRAME["before"][:6], FRAME["before"][6:])
    assert (found.statistic, found.p_value) == (same.statistic, same.p_value)
    less = asked("wilcoxon", "before", "side", alternative="less")
    assert less.p_value == rank_sum(FRAME["before"][:6], FRAME["before"][6:], alternative="less").p_value


def test_pairs_leave_out_incomplete_responses_and_say_how_many() -> None:
    found = asked("signed-rank", "before", "after")
    same = signed_rank(FRAME["before"][:11], FRAME["after"][:11])
    assert (found.statistic, found.p_value, found.n) == (same.statistic, same.p_value, 11)
    assert found.note == "3 of 11 pairs do not differ (wilcoxon); 1 responses without one of the answers are left out"


def test_items_of_one_list_are_compared() -> None:
    assert asked("cochran q", ["a", "b", "c"]).statistic == cochran_q(FRAME[["a", "b", "c"]]).statistic
    assert asked("cochran q", "a", "b", "c").p_value == asked("cochran q", ["a", "b", "c"]).p_value
    w = asked("kendall w", ["a", "b", "c"])
    assert w.effect_size.value == friedman(FRAME[["a", "b", "c"]]).extra["w"]


def test_trend_of_a_category_over_ordered_groups() -> None:
    found = asked("cochran-armitage", "yes", "size", hit="yes")
    # 0, 2, 4 of 4: p = 1/2, statistic (sum s (x - n p))^2 / (p q (sum n s^2 - (sum n s)^2 / N)) = 4^2 / (8 / 4)
    assert found.statistic == pytest.approx(8.0)
    assert "share of yes over 1, 2, 3" in found.note
    assert asked("cochran-armitage", "yes", "size", hit="no").statistic == pytest.approx(8.0)


def test_labels_of_a_codebook_and_shares_by_label() -> None:
    opened = open_table(FRAME, "twelve")
    labels: dict[object, str] = {1: "small", 2: "medium", 3: "large", 4: "huge"}
    question = Question("size", "choice", "size", "'answered'", "Size", labels)
    responses = Responses(opened.connection, opened.relation, opened.columns, {"size": question}, "twelve")
    coded = Survey(responses, Design())
    shares = {"small": 0.25, "medium": 0.25, "large": 0.25, "huge": 0.25}
    found = coded.exact_test("goodness of fit", "size", shares=shares)[0]
    # 4, 4, 4 and nobody huge, where 3 each were expected
    assert found.statistic == pytest.approx(4.0)
    with pytest.raises(SurveyError, match="the categories of size are small, medium, large, huge"):
        coded.exact_test("goodness of fit", "size", shares={"tiny": 1.0})


def test_everybody_gave_the_same_answer_twice() -> None:
    found = asked("mcnemar", "side", "side", where="side = 'EU'")
    assert (found.p_value, found.null_reason) == (None, "nobody changed the answer")
    agreed = asked("kappa", "side", "side", where="side = 'EU'").effect_size
    assert (agreed.value, agreed.null_reason[:9]) == (None, "everybody")


@pytest.mark.fault
def test_r11_chi_square_of_a_small_table_is_fisher_exact() -> None:
    found = asked("chi-square", "size", "side")
    assert found.test == "Fisher exact"
    assert found.note == "6 of 6 expected counts are below 5: exact test instead"
    refused = asked("chi-square", "size", "side", method="chi-square")
    assert (refused.p_value, refused.null_reason) == (None, "not tested: 6 of 6 expected counts are below 5")


@pytest.mark.parametrize(
    ("design", "told"),
    [
        ({"weights": "uneven"}, "twelve has weights"),
        ({"stages": (Stage(units="side"),)}, "clusters"),
        ({"stages": (Stage(strata="side"),)}, "strata"),
        ({"replicates": Replicates(("a", "b"), "JK1")}, "replicate weights"),
    ],
)
def test_designs_are_refused_with_the_test_that_respects_them(design: dict[str, object], told: str) -> None:
    opened = Survey(open_table(FRAME, "twelve"), Design(**design))
    with pytest.raises(SurveyError, match=told) as refusal:
        opened.exact_test("wilcoxon", "before", "side")
    assert "Use survey.rank_test(question, by), which respects the design." in str(refusal.value)


def test_equal_weights_are_no_weights() -> None:
    weighted = survey(weights="even").exact_test("wilcoxon", "before", "side")[0]
    assert weighted.p_value == asked("wilcoxon", "before", "side").p_value


def test_finite_population_is_said_to_be_left_aside() -> None:
    found = survey(stages=(Stage(population="n"),)).exact_test("fisher", "yes", "side")[0]
    assert "no finite population correction" in found.note


@pytest.mark.parametrize(
    ("arguments", "options", "told"),
    [
        (("fishy", "yes"), {}, "There is no exact test 'fishy'; there are: breslow-day, chi-square, cochran q"),
        (("fisher", "yes"), {}, "takes 2 questions"),
        (("friedman", "a"), {}, "two or more items"),
        (("wilcoxon", "before", "size"), {}, "compares two groups; size has 3: 1, 2, 3"),
        (("wilcoxon", "yes", "side"), {}, "answers to yes are no numbers"),
        (("fisher", "yes", "side"), {"colour": 1}, "has no option colour; it has: alternative"),
        (("cochran-armitage", "yes", "size"), {"hit": "maybe"}, "categories of yes are no, yes"),
    ],
)
def test_mistakes_are_told(arguments: tuple[str, ...], options: dict[str, object], told: str) -> None:
    with pytest.raises(SurveyError, match=told):
        survey().exact_test(*arguments, **options)


@pytest.mark.fault
@pytest.mark.parametrize("test", sorted(TESTS))
def test_r01_every_test_of_nobody_has_a_reason(test: str) -> None:
    count = TESTS[test].questions
    questions = ("before", "side", "size")[:count] if count else ("a", "b")
    found = survey().exact_test(test, *questions, where="side = 'nowhere'")[0]
    assert (found.p_value, found.n, found.null_reason) == (None, 0, "no cases")
