"""Tables and tests of legal but odd input: names that the SQL uses too, infinite answers, units that are all alike,
large numbers, categories in the order of a codebook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import comb

import pyarrow as pa
import pytest

from analytics.survey_statistics.exact.fixed_margins import sampled_tables
from analytics.survey_statistics.exact.trend import cochran_armitage
from analytics.survey_statistics.sample.design import Design, Stage, SurveyError
from analytics.survey_statistics.sample.frame import IntArray
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey
from analytics.survey_statistics.tables.layout import wrapped

N = range(60)
GROUP = ["ab"[i * 7 % 5 > 2] for i in N]
SCORE = [i * 13 % 11 for i in N]
WEIGHT = [1.0 + i % 4 for i in N]
# Every unit of 12 has the same shares of everything.
ALIKE = {
    "g": ["ab"[i % 2] for i in range(240)],
    "h": ["uvt"[i % 3] for i in range(240)],
    "q": ["xy"[i // 2 % 2] for i in range(240)],
    "y": [0.7 * (i // 2 % 2) for i in range(240)],
    "w": [0.3] * 240,
    "unit": [i // 12 for i in range(240)],
}


def survey_of(
    columns: Mapping[str, Sequence[object]], weights: str | None = None, stages: tuple[Stage, ...] | None = None
) -> Survey:
    design = Design(weights=weights, stages=stages) if stages else Design(weights=weights)
    return Survey(open_table(pa.table(dict(columns)), "trial"), design)


@pytest.mark.parametrize(
    ("score", "group", "weight"),
    [("v", "g", "w"), ("m", "v", "r"), ("s", "r", "i"), ("least", "most", "g"), ('weird "name"', "%", "a'b")],
)
def test_no_name_of_a_column_changes_a_result(score: str, group: str, weight: str) -> None:
    plain = survey_of({"score": SCORE, "group": GROUP, "weight": WEIGHT}, weights="weight")
    named = survey_of({score: SCORE, group: GROUP, weight: WEIGHT}, weights=weight)
    assert named.rank_test(score, group)[0].p_value == plain.rank_test("score", "group")[0].p_value
    assert named.effect_size("auc", score, group)[0].value == plain.effect_size("auc", "score", "group")[0].value


@pytest.mark.parametrize("call", ["rank_test", "auc", "exact_test"])
def test_a_condition_that_is_no_sql_is_told(call: str) -> None:
    survey = survey_of({"y": SCORE, "g": GROUP})
    calls = {
        "rank_test": lambda: survey.rank_test("y", "g", where="nope > 1"),
        "auc": lambda: survey.effect_size("auc", "y", "g", where="y > 1; drop table t"),
        "exact_test": lambda: survey.exact_test("fisher", "y", "g", where="nope > 1"),
    }
    with pytest.raises(SurveyError, match="could not be added up"):
        calls[call]()


def test_infinite_answers_are_refused_or_blank_with_a_reason() -> None:
    survey = survey_of({"y": [*map(float, SCORE[:-1]), float("inf")], "g": GROUP, "x": SCORE})
    for row in (survey.t_test("y")[0], survey.t_test("y", "g")[0], survey.trend_test("y", "x")[0]):
        assert (row.p_value, row.null_reason) == (
            None,
            "an answer is infinite; leave it out with where, or give it a number",
        )
    assert "infinite" in str(survey.effect_size("cohens_d", "y", "g")[0].null_reason)
    with pytest.raises(SurveyError, match="that are to be ranked are infinite"):
        survey.rank_test("y", "g")


@pytest.mark.fault
def test_r05_units_that_are_all_alike_give_no_p_value_and_no_interval_of_rounding() -> None:
    survey = survey_of(ALIKE, weights="w", stages=(Stage("unit"),))
    tests = [
        *(survey.independence_test("g", "q", kind=kind)[0] for kind in ("F", "Chisq", "Wald", "adjWald")),
        survey.goodness_of_fit("h", {"u": 1, "v": 2, "t": 1.7})[0],
        *(survey.t_test("y", by)[0] for by in (None, "g")),
        *(survey.rank_test("y", by)[0] for by in ("g", "h")),
    ]
    assert [test.p_value for test in tests] == [None] * len(tests)
    assert all(test.null_reason for test in tests)
    sizes = [survey.effect_size(kind, "g", "q")[0] for kind in ("risk_difference", "odds_ratio", "cohens_h", "phi")]
    sizes += [survey.effect_size(kind, "y", "g")[0] for kind in ("cohens_d", "auc")]
    assert [(size.lower, size.upper) for size in sizes] == [(None, None)] * len(sizes)


@pytest.mark.parametrize("origin", [2000, 20_200_100, 1_600_000_000])
def test_a_trend_does_not_depend_on_where_years_begin(origin: int) -> None:
    answers, years = [i * i % 5 for i in N], [i % 7 for i in N]
    plain = survey_of({"y": answers, "x": years}).trend_test("y", "x")[0]
    later = survey_of({"y": answers, "x": [origin + x for x in years]}).trend_test("y", "x")[0]
    assert plain.statistic is not None
    assert later.statistic == pytest.approx(plain.statistic, rel=1e-12)
    scores = ([1.0, 2.0, 3.0], [origin * 1e3 + 1, origin * 1e3 + 2, origin * 1e3 + 3], [1e-6, 2e-6, 3e-6])
    p = [cochran_armitage([1, 3, 6], [10] * 3, s, method="exact").p_value for s in scores]
    # all ways to deal 10 hits to three groups of 10 whose last and first are 5 or more apart, as 6 and 1 are
    far = sum(
        comb(10, a) * comb(10, c) * comb(10, 10 - a - c) for a in range(11) for c in range(11 - a) if abs(c - a) >= 5
    )
    assert p == pytest.approx([far / comb(30, 10)] * 3, rel=1e-12)


def test_categories_of_a_codebook_keep_their_order_in_kappa_ratios_and_differences() -> None:
    first = ["low"] * 10 + ["middle"] * 6 + ["high"] * 4
    second = ["low"] * 8 + ["middle"] * 8 + ["high"] * 3 + ["middle"]
    survey = survey_of({"a": first, "b": second, "y": list(range(20)), "g": ["old"] * 10 + ["new"] * 10})
    scale = {"low": "low", "middle": "middle", "high": "high"}
    questions = {
        "a": replace(survey.responses.question("a"), categories=scale),
        "b": replace(survey.responses.question("b"), categories=scale),
        "g": replace(survey.responses.question("g"), categories={"old": "old", "new": "new"}),
        "y": survey.responses.question("y"),
    }
    survey = replace(survey, responses=replace(survey.responses, questions=questions), kept={})
    # seen: 17 of 20 alike, 3 one step apart; by chance: 1 - 0.5 * P(one apart) - P(two apart)
    rows, columns = (0.5, 0.3, 0.2), (0.4, 0.45, 0.15)
    chance = sum(r * c * (1 - abs(i - j) / 2) for i, r in enumerate(rows) for j, c in enumerate(columns))
    seen = 1 - 0.5 * sum(x != y for x, y in zip(first, second, strict=True)) / 20
    kappa = survey.effect_size("kappa_linear", "a", "b")[0].value
    assert kappa == pytest.approx((seen - chance) / (1 - chance), rel=1e-12)
    test = survey.t_test("y", "g")[0]
    assert test.effect_size is not None
    assert test.effect_size.value == pytest.approx(10)
    assert survey.rank_test("y", "g")[0].extra["difference"] == pytest.approx(0.5)
    assert survey.effect_size("auc", "y", "g")[0].value == pytest.approx(1)


def test_a_category_that_only_one_of_two_raters_used_counts_in_kappa() -> None:
    survey = survey_of({"a": [1, 1, 1, 2, 2, 3], "b": [1, 1, 2, 2, 2, 2]})
    # seen 4 of 6; by chance (3 * 2 + 2 * 4 + 1 * 0) / 36
    assert survey.effect_size("kappa", "a", "b")[0].value == pytest.approx((4 / 6 - 14 / 36) / (1 - 14 / 36))


def test_pairs_of_answers_that_read_alike_are_not_one_cell() -> None:
    survey = survey_of({"a": ["p / q"] * 6 + ["p"] * 4, "b": ["r"] * 6 + ["q / r"] * 3 + ["r"]})
    shares = survey.table("a", "b").shares("total")
    assert sorted(row.value for row in shares) == pytest.approx([0, 0.1, 0.3, 0.6])


@pytest.mark.parametrize("share", ["much", float("inf"), -1.0])
def test_shares_that_are_none_are_refused(share: float) -> None:
    with pytest.raises(SurveyError, match="must be positive numbers"):
        survey_of({"g": GROUP}).goodness_of_fit("g", {"a": share, "b": 0.5})


def test_a_level_a_seed_and_a_number_of_samples_that_are_none_are_refused() -> None:
    survey = survey_of({"y": SCORE, "g": GROUP})
    for call in (
        lambda: survey.effect_size("cohens_d", "y", "g", level=95),
        lambda: survey.effect_size("cramers_v", "y", "g", level=95),
        lambda: survey.exact_test("wilcoxon", "y", "g", level=95),
    ):
        with pytest.raises(SurveyError, match="between 0 and 1"):
            call()
    for options in ({"samples": 0}, {"seed": -1}):
        with pytest.raises(SurveyError, match="A simulation takes samples"):
            survey.exact_test("fisher", "y", "g", limit=1, **options)


def test_simulated_tables_have_their_margins_and_the_mean_of_independence() -> None:
    rows: IntArray = pa.array([7, 2, 11]).to_numpy()
    columns: IntArray = pa.array([5, 9, 6]).to_numpy()
    drawn = sampled_tables(rows, columns, 4000, 1)
    assert (drawn.sum(axis=2) == rows).all()
    assert (drawn.sum(axis=1) == columns).all()
    assert drawn.mean(axis=0) == pytest.approx(rows[:, None] * columns / 20, abs=0.1)
    # hypergeometric variance of the first cell
    assert drawn[:, 0, 0].var() == pytest.approx(5 * 0.35 * 0.65 * 15 / 19, rel=0.1)


def test_ties_in_file_order_are_named_and_the_mid_rank_result_stands_beside() -> None:
    survey = survey_of(
        {"y": [i * 37 % 13 for i in N], "g": GROUP, "w": [(1.0, 2.0, 5.0)[i * 11 % 7 % 3] for i in N]}, weights="w"
    )
    row, middle = survey.rank_test("y", "g")[0], survey.rank_test("y", "g", ties="midrank")[0]
    assert row.method.endswith("ties in file order")
    assert "ties" not in middle.method
    assert row.extra["midrank_p_value"] == pytest.approx(middle.p_value, rel=1e-9)
    assert row.p_value != pytest.approx(middle.p_value, rel=1e-6)


def test_breaks_inside_a_label_are_blanks() -> None:
    assert wrapped("one\ntwo\tthree", 40) == ["one two three"]
