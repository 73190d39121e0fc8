"""Rank tests and t tests: identities that hold for every sample; agreement with R is in the golden values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import Design, Stage, SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey

# Ties, unequal weights and both groups in most clusters, without any chance in it.
ROWS = [(i * 37 % 13, "ab"[i * i % 7 % 2], (1.0, 2.0, 5.0)[i * 11 % 7 % 3], i // 4) for i in range(80)]


def survey_of(rows: list[tuple[int, str, float, int]]) -> Survey:
    named = dict(zip(("y", "g", "w", "unit"), map(list, zip(*rows, strict=True)), strict=True))
    return Survey(open_table(pa.table(named), "trial"), Design(weights="w", stages=(Stage("unit"),)))


def numbers(result: TestResult) -> tuple[float, float]:
    assert result.statistic is not None
    assert result.p_value is not None
    return result.statistic, result.p_value


def test_midranks_do_not_depend_on_the_order_of_the_file_and_the_note_says_when_others_do() -> None:
    shuffled = [ROWS[i * 29 % 80] for i in range(80)]
    first, second = (survey_of(rows).rank_test("y", "g", ties="midrank")[0] for rows in (ROWS, shuffled))
    assert numbers(first) == pytest.approx(numbers(second), rel=1e-9)
    assert first.note is None
    in_order, other = (survey_of(rows).rank_test("y", "g")[0] for rows in (ROWS, shuffled))
    assert numbers(in_order) != pytest.approx(numbers(other), rel=1e-6)
    assert "order of the file" in str(in_order.note)


def test_the_difference_of_mean_ranks_is_the_probability_of_superiority_less_a_half() -> None:
    survey = survey_of(ROWS)
    weights = {group: [(y, w) for y, g, w, _ in ROWS if g == group] for group in "ab"}
    higher = sum(
        v * w * ((y > x) + 0.5 * (y == x)) for x, v in weights["a"] for y, w in weights["b"]
    )  # fmt: skip
    expected = higher / sum(w for _, w in weights["a"]) / sum(w for _, w in weights["b"])
    difference = survey.rank_test("y", "g", ties="midrank")[0].extra["difference"]
    assert difference + 0.5 == pytest.approx(expected, rel=1e-12)
    auc = survey.effect_size("auc", "y", "g")[0]
    assert auc.value == pytest.approx(expected, rel=1e-12)
    assert survey.effect_size("somers_d", "y", "g")[0].value == pytest.approx(2 * expected - 1, rel=1e-12)


def test_scores_of_ones_own_are_taken() -> None:
    def ranks(rank: FloatArray, size: float) -> FloatArray:
        return np.asarray(3 + 2 * rank / size)

    own, wilcoxon = survey_of(ROWS).rank_test("y", "g", test=ranks)[0], survey_of(ROWS).rank_test("y", "g")[0]
    assert own.test == "ranks"
    assert numbers(own) == pytest.approx(numbers(wilcoxon), rel=1e-9)


def test_raising_all_answers_changes_no_rank_test() -> None:
    raised = survey_of([(y**3, g, w, unit) for y, g, w, unit in ROWS])
    for test in ("wilcoxon", "vanderWaerden", "median"):
        found = raised.rank_test("y", "g", test=test)[0]
        assert numbers(found) == pytest.approx(numbers(survey_of(ROWS).rank_test("y", "g", test=test)[0]), rel=1e-12)


def test_a_rank_test_leaves_nothing_behind_in_the_engine() -> None:
    survey = survey_of(ROWS)
    survey.rank_test("y", "g")
    names = survey.responses.connection.execute("select table_name from duckdb_tables()").fetchall()
    assert not [name for (name,) in names if name.startswith("survey_rank")]


def test_the_t_test_of_two_groups_is_the_trend_over_them() -> None:
    survey = survey_of(ROWS)
    coded = Survey(
        open_table(pa.table({
            "y": [y for y, *_ in ROWS], "x": [1 if g == "b" else 0 for _, g, *_ in ROWS],
            "w": [row[2] for row in ROWS], "unit": [row[3] for row in ROWS],
        }), "trial"), survey.design,
    )  # fmt: skip
    assert numbers(survey.t_test("y", "g")[0]) == pytest.approx(numbers(coded.trend_test("y", "x")[0]), rel=1e-9)


def test_more_than_two_groups_are_refused_by_the_t_test_with_what_to_take() -> None:
    survey = survey_of([*ROWS, (1, "c", 1.0, 20)])
    with pytest.raises(SurveyError, match=r"compares two groups; g has 3\. Take rank_test"):
        survey.t_test("y", "g")


def test_texts_without_an_order_are_not_ranked() -> None:
    with pytest.raises(SurveyError, match="neither numbers nor categories of a codebook"):
        survey_of(ROWS).rank_test("g", "y")


@pytest.mark.fault
def test_r01_groups_of_nobody_have_a_reason_instead_of_a_test() -> None:
    survey = survey_of(ROWS)
    assert survey.rank_test("y", "g", where="y > 100")[0].null_reason == "no cases"
    assert survey.rank_test("y", "g", where="g = 'a'")[0].null_reason == "fewer than two groups with responses"
    assert survey.t_test("y", where="y > 100")[0].null_reason == "no cases"
    assert survey.t_test("y", where="y = 3")[0].null_reason == "nothing varies between the units of the sample"
