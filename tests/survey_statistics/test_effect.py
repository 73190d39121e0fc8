"""Effect sizes: textbook values, intervals, and the reasons of blanks; agreement with R is in the golden values."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest
from scipy.special import chndtr

from analytics.survey_statistics.sample.design import Design, SurveyError
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey
from analytics.survey_statistics.tables.effect import KINDS


def two_by_two(a: int, b: int, c: int, d: int) -> Survey:
    """Of the first group a no and c yes, of the second b no and d yes."""
    answers = ["no"] * (a + b) + ["yes"] * (c + d)
    groups = ["1"] * a + ["2"] * b + ["1"] * c + ["2"] * d
    numbers = [i % 7 for i in range(len(answers))]
    return Survey(open_table(pa.table({"answer": answers, "group": groups, "y": numbers}), "trial"), Design())


def value(survey: Survey, kind: str) -> float:
    found = survey.effect_size(kind, "answer", "group")[0].value
    assert found is not None
    return float(found)


def test_measures_of_a_table_of_four_are_those_of_the_textbook() -> None:
    survey = two_by_two(30, 20, 10, 40)
    assert value(survey, "risk_difference") == pytest.approx(40 / 60 - 10 / 40)
    assert value(survey, "risk_ratio") == pytest.approx((40 / 60) / (10 / 40))
    assert value(survey, "odds_ratio") == pytest.approx(30 * 40 / (20 * 10))
    phi = (30 * 40 - 20 * 10) / math.sqrt(50 * 50 * 40 * 60)
    assert value(survey, "phi") == pytest.approx(phi)
    assert value(survey, "cramers_v") == pytest.approx(phi)
    assert value(survey, "cohens_h") == pytest.approx(2 * math.asin(math.sqrt(2 / 3)) - 2 * math.asin(math.sqrt(1 / 4)))


def test_the_limits_of_cramers_v_are_the_noncentralities_that_are_not_ruled_out() -> None:
    found = two_by_two(30, 20, 10, 40).effect_size("cramers_v", "answer", "group")[0]
    assert found.lower is not None
    assert found.upper is not None
    chi_square = 100 / 6 * 99 / 100  # Pearson over the design effect 100/99 of a simple random sample
    assert chndtr(chi_square, 1, found.lower**2 * 99) == pytest.approx(0.975, rel=1e-9)
    assert chndtr(chi_square, 1, found.upper**2 * 99) == pytest.approx(0.025, rel=1e-9)


def test_less_association_than_chance_makes_has_no_interval_of_no_width() -> None:
    found = two_by_two(20, 20, 30, 30).effect_size("cramers_v", "answer", "group")[0]
    assert found.value == pytest.approx(0, abs=1e-7)
    assert (found.lower, found.upper) == (None, None)
    assert found.null_reason == "even less association than chance makes, so that no interval fits"


def test_cohens_d_of_five_against_five_is_that_counted_by_hand() -> None:
    # means 3 and 5, both variances 2.5: d = 2 / sqrt(2.5)
    table = pa.table({"y": [1, 2, 3, 4, 5, 3, 4, 5, 6, 7], "g": ["a"] * 5 + ["b"] * 5})
    found = Survey(open_table(table, "trial"), Design()).effect_size("cohens_d", "y", "g")[0]
    assert found.value == pytest.approx(2 / math.sqrt(2.5))


def test_kappa_of_a_published_table() -> None:
    # Cohen (1960), Educational and Psychological Measurement 20, 37-46: agreement 0.70, by chance 0.41, kappa 0.492
    counts = {(0, 0): 88, (0, 1): 14, (0, 2): 18, (1, 0): 10, (1, 1): 40, (1, 2): 10, (2, 0): 2, (2, 1): 6, (2, 2): 12}
    pairs = [pair for pair, n in counts.items() for _ in range(n)]
    table = pa.table({"first": [a for a, _ in pairs], "second": [b for _, b in pairs]})
    survey = Survey(open_table(table, "trial"), Design())
    assert survey.effect_size("kappa", "first", "second")[0].value == pytest.approx(0.29 / 0.59)


@pytest.mark.fault
def test_r05_a_cell_of_nobody_has_a_reason_instead_of_an_odds_ratio() -> None:
    found = two_by_two(30, 20, 0, 40).effect_size("odds_ratio", "answer", "group")[0]
    assert (found.value, found.lower, found.upper) == (None, None, None)
    assert found.null_reason == "a cell without responses leaves it undefined"


def test_perfect_agreement_has_no_interval_of_no_width() -> None:
    table = pa.table({"first": [0, 1, 2] * 10, "second": [0, 1, 2] * 10})
    found = Survey(open_table(table, "trial"), Design()).effect_size("kappa", "first", "second")[0]
    assert found.value == pytest.approx(1)
    assert (found.lower, found.upper) == (None, None)


@pytest.mark.parametrize("kind", KINDS)
def test_every_measure_of_nobody_is_blank_with_a_reason(kind: str) -> None:
    question = "y" if kind in ("cohens_d", "auc", "somers_d") else "answer"
    found = two_by_two(30, 20, 10, 40).effect_size(kind, question, "group", where="y > 100")[0]
    assert found.value is None
    assert found.null_reason in ("no cases", "fewer than two groups with responses")


def test_a_measure_that_does_not_fit_the_table_is_refused() -> None:
    with pytest.raises(SurveyError, match="odds_ratio is of two categories by two; y by group has 7 by 2"):
        two_by_two(30, 20, 10, 40).effect_size("odds_ratio", "y", "group")
