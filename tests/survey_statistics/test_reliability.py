"""Cronbach's alpha: worked by hand, what it does not change under, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.design import Design, Stage, SurveyError
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey

ITEMS = ["a", "b", "c"]
# Means 3, 3, 3; variances (divisor 4) 2.5, 2.5, 2.5; covariances ab 2.5, ac 2, bc 2.
FIVE = pd.DataFrame(
    {"a": [1, 2, 3, 4, 5], "b": [1, 2, 3, 4, 5], "c": [2, 1, 3, 5, 4], "w": [1.0, 3, 1, 2, 1], "u": [1, 1, 2, 2, 3],
     "word": list("vwxyz")}
)  # fmt: skip


def survey(frame: pd.DataFrame = FIVE, **design: object) -> Survey:
    return Survey(open_table(frame, "five"), Design(**design))


def named(rows: Rows, statistic: str, category: str | None = None) -> Estimate:
    found = [row for row in rows if row.statistic == statistic and row.category == category]
    assert len(found) == 1
    return found[0]


def test_alpha_of_five_people_by_hand() -> None:
    rows = survey().alpha(ITEMS)
    # 3/2 (1 - 7.5 / (7.5 + 2 (2.5 + 2 + 2))) = 3/2 x 13/20.5
    assert named(rows, "alpha").value == pytest.approx(1.5 * 13 / 20.5, rel=1e-12)
    # Mean correlation (1 + 0.8 + 0.8) / 3 = r; 3 r / (1 + 2 r)
    r = 2.6 / 3
    assert named(rows, "standardised alpha").value == pytest.approx(3 * r / (1 + 2 * r), rel=1e-12)
    # c with a + b: covariance 4, variance of a + b 10
    assert named(rows, "item-rest correlation", "c").value == pytest.approx(4 / (2.5 * 10) ** 0.5, rel=1e-12)
    assert named(rows, "alpha without item", "c").value == pytest.approx(1.0, rel=1e-12)
    assert named(rows, "alpha without item", "a").value == pytest.approx(2 * (1 - 5 / 9), rel=1e-12)


def test_weights_count_as_repeated_respondents() -> None:
    weighted = survey(weights="w").alpha(ITEMS)
    repeated = survey(FIVE.loc[FIVE.index.repeat(FIVE["w"].astype(int))]).alpha(ITEMS)
    assert named(weighted, "alpha").value == pytest.approx(named(repeated, "alpha").value, rel=1e-12)


def test_a_reversed_item_is_turned_round_and_a_forgotten_one_is_noticed() -> None:
    turned = FIVE.assign(c=6 - FIVE["c"])
    right = named(survey(turned).alpha(ITEMS, reverse=["c"]), "alpha")
    assert right.value == pytest.approx(1.5 * 13 / 20.5, rel=1e-12)
    assert right.note is None
    assert "c: answers run against the rest" in named(survey(turned).alpha(ITEMS), "alpha").note


def test_interval_follows_from_the_design() -> None:
    assert named(survey().alpha(ITEMS), "alpha").interval_method == "Feldt, F with 4 and 8 df"
    clustered = named(survey(stages=(Stage(units="u"),)).alpha(ITEMS), "alpha")
    assert clustered.interval_method == "t on log(1 - alpha), 2 df"
    assert clustered.lower < clustered.value < clustered.upper < 1
    with pytest.raises(SurveyError, match="use interval='design'"):
        survey(weights="w").alpha(ITEMS, interval="bonett")


def test_linearised_error_equals_the_jackknife_of_many_responses() -> None:
    random = np.random.default_rng(7)
    trait = random.normal(size=400)
    frame = pd.DataFrame({name: np.round(trait + random.normal(size=400)) for name in ITEMS})
    found = named(survey(frame).alpha(ITEMS, interval="design"), "alpha")
    x = frame.to_numpy()

    def alpha(rows: np.ndarray) -> float:
        return 1.5 * (1 - rows.var(axis=0).sum() / rows.sum(axis=1).var())

    left = np.array([alpha(np.delete(x, i, axis=0)) for i in range(400)])
    jackknife = (399 / 400 * ((left - left.mean()) ** 2).sum()) ** 0.5
    assert found.standard_error == pytest.approx(jackknife, rel=0.01)


def test_incomplete_responses_are_left_out_and_counted() -> None:
    frame = FIVE.astype({"a": "Int64"}).copy()
    frame.loc[0, "a"] = None
    row = named(survey(frame).alpha(ITEMS), "alpha")
    assert (row.n, row.missing) == (4, {"not_answered": 1})
    assert row.base == "all responses; responses that answered a and b and c"


def test_equal_answers_have_no_alpha_but_a_reason() -> None:
    row = survey(FIVE.assign(a=2, b=2, c=2)).alpha(ITEMS)[0]
    assert (row.value, row.lower) == (None, None)
    assert row.null_reason == "the sum of the items is the same for everybody: there is no spread to share"


@pytest.mark.fault
def test_r01_alpha_of_nobody_has_a_reason() -> None:
    assert {(row.value, row.null_reason) for row in survey().alpha(ITEMS, where="a > 9")} == {(None, "no cases")}


@pytest.mark.parametrize(
    ("questions", "options", "told"),
    [
        (["a"], {}, "two or more different items"),
        (["a", "a"], {}, "two or more different items"),
        (["a", "word"], {}, "word of five is a choice question without numbers"),
        (["a", "b"], {"reverse": ["z"]}, "reverse names z"),
        (["a", "b"], {"interval": "exact"}, "interval is 'exact'"),
    ],
)
def test_what_is_no_scale_is_refused(questions: list[str], options: dict[str, object], told: str) -> None:
    with pytest.raises(SurveyError, match=told):
        survey().alpha(questions, **options)
