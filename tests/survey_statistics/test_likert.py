"""Scales: every point is there, boxes and net agree with the distribution, means carry their warning."""

from __future__ import annotations

import pandas as pd
import pytest

from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.design import Design, SurveyError
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.responses import Responses, open_table
from analytics.survey_statistics.survey import Survey

# Ten answers, nobody at 3; one missing.
FRAME = pd.DataFrame({"q": [1, 1, 2, 4, 4, 4, 4, 5, 5, 5, None], "word": ["low"] * 5 + ["high"] * 6})


def survey(frame: pd.DataFrame = FRAME) -> Survey:
    return Survey(open_table(frame, "ten"), Design())


def named(rows: Rows, statistic: str) -> list[Estimate]:
    return [row for row in rows if row.statistic == statistic]


def test_distribution_has_every_point_and_boxes_follow_from_it() -> None:
    rows = survey().likert("q", points=[1, 2, 3, 4, 5])
    assert [row.value for row in named(rows, "proportion")] == pytest.approx([0.2, 0.1, 0.0, 0.4, 0.3])
    top, bottom, net = (named(rows, name)[0] for name in ("top", "bottom", "net"))
    assert (top.value, bottom.value, net.value) == pytest.approx((0.7, 0.3, 0.4))
    assert (top.category, top.n_category) == ("4 + 5", 7)
    # Values 1 and -1, mean 0.4, of a domain of 10 in a sample of 11: 11/10 times the sum of squares over 10 squared.
    assert net.standard_error == pytest.approx((11 / 10 * 10 * (1 - 0.16) / 10**2) ** 0.5, rel=1e-12)
    assert named(rows, "mean")[0].value == pytest.approx(3.5)
    assert named(rows, "proportion")[0].missing == {"not_answered": 1}


def test_mean_warns_and_median_names_its_category() -> None:
    rows = survey().likert("q", points={1: "never", 2: "rarely", 3: "at times", 4: "often", 5: "always"})
    assert "ordinal scale (1 = never to 5 = always)" in named(rows, "mean")[0].note
    median = named(rows, "median")[0]
    assert (median.category, median.value, median.standard_error) == ("often", 4.0, None)
    assert median.null_reason == "a category has no standard error"


def test_median_between_two_categories_is_said() -> None:
    rows = survey(pd.DataFrame({"q": [1, 1, 4, 5]})).likert("q", points=[1, 2, 3, 4, 5])
    assert named(rows, "median")[0].note == "exactly half are at or below it: the median lies between 1 and 4"


def test_points_in_another_order_turn_the_scale_round() -> None:
    rows = survey().likert("q", points=[5, 4, 3, 2, 1])
    assert named(rows, "top")[0].value == pytest.approx(0.3)
    # 5 scores 1 and 1 scores 5: the mean is 6 less the other.
    assert named(rows, "mean")[0].value == pytest.approx(6 - 3.5)


def test_top_one_of_a_scale_and_a_domain() -> None:
    rows = survey().likert("q", by="word", points=[1, 2, 3, 4, 5], top=1)
    found = {row.domain: row.value for row in named(rows, "top")}
    assert found == pytest.approx({"word = low": 0.0, "word = high": 3 / 5})


def test_codebook_gives_order_and_keeps_states_outside() -> None:
    opened = open_table(FRAME, "ten")
    state = "case when q is null then 'dont_know' else 'answered' end"
    labels: dict[object, str] = {1: "never", 2: "rarely", 3: "at times", 4: "often", 5: "always"}
    asked = Question("q", "choice", "q", state, "How often?", labels)
    responses = Responses(opened.connection, opened.relation, opened.columns, {"q": asked}, "ten")
    rows = Survey(responses, Design()).likert("q")
    assert [row.category for row in named(rows, "proportion")] == list(labels.values())
    assert named(rows, "top")[0].category == "often + always"
    assert rows[0].missing == {"dont_know": 1}
    assert rows[0].n == 10


def test_decimals_are_points_in_the_order_of_numbers() -> None:
    opened = open_table(FRAME, "ten")
    opened.connection.execute(f"create table decimal_ten as select (q * 5)::decimal(9, 1) as d from {opened.relation}")
    told = dict(opened.connection.execute("select column_name, column_type from (describe decimal_ten)").fetchall())
    rows = Survey(Responses(opened.connection, "decimal_ten", told, {}, "decimals"), Design()).likert("d", top=1)
    assert [row.category for row in named(rows, "proportion")] == ["5", "10", "20", "25"]
    assert named(rows, "mean")[0].value == pytest.approx(17.5)


@pytest.mark.parametrize(
    ("question", "options", "told"),
    [
        ("word", {}, "order of the points of word"),
        ("q", {"points": [1, 2, 3]}, "holds 4.0, 5.0, which is no point"),
        ("q", {"points": [1, 2, 3, 4, 5], "top": 3}, "top and bottom would overlap"),
    ],
)
def test_scales_that_are_not_known_are_refused(question: str, options: dict[str, object], told: str) -> None:
    with pytest.raises(SurveyError, match=told):
        survey().likert(question, **options)


@pytest.mark.fault
def test_r01_scale_without_cases_has_a_reason_in_every_row() -> None:
    rows = survey().likert("q", points=[1, 2, 3, 4, 5], where="word = 'nothing'")
    assert len(rows) == 10
    assert {(row.value, row.null_reason) for row in rows} == {(None, "no cases")}
