"""Quantiles: rules on small distributions worked by hand, intervals, domains."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.survey_statistics.estimators.quantile_rule import RULES, Distribution, quantile_of
from tests.survey_statistics.small_sample import opened


def equal(*values: float) -> Distribution:
    ones = np.ones(len(values))
    return Distribution(np.array(values), ones, ones, ones, len(values))


# R quantile(c(1, 2, 4, 8), p, type = 1..9); math is type 1, school type 2; hf3 is that of R survey, which takes the
# even rank only where the probability is met.
@pytest.mark.parametrize(
    ("rule", "at_quarter", "at_sixty"),
    [("math", 1, 4), ("school", 1.5, 4), ("shahvaish", 1, 4), ("hf1", 1, 4), ("hf2", 1.5, 4), ("hf3", 2, 4),
     ("hf4", 1, 2.8), ("hf5", 1.5, 3.8), ("hf6", 1.25, 4), ("hf7", 1.75, 3.6), ("hf8", 17 / 12, 58 / 15), ("hf9", 1.4375, 3.85)],
)  # fmt: skip
def test_rules_of_four_values(rule: str, at_quarter: float, at_sixty: float) -> None:
    held = equal(1.0, 2.0, 4.0, 8.0)
    assert quantile_of(held, 0.25, rule) == pytest.approx(at_quarter, rel=1e-12)
    assert quantile_of(held, 0.6, rule) == pytest.approx(at_sixty, rel=1e-12)


def test_lowest_probability_is_the_smallest_value() -> None:
    held = equal(1.0, 2.0, 4.0, 8.0)
    assert {quantile_of(held, 0.01, rule) for rule in RULES if rule != "hf7"} == {1.0}


@given(
    values=st.lists(st.integers(-50, 50), min_size=1, max_size=20, unique=True),
    probability=st.floats(0.01, 0.99),
    rule=st.sampled_from(sorted(RULES)),
)
def test_quantile_lies_among_the_values_and_grows(values: list[int], probability: float, rule: str) -> None:
    held = equal(*sorted(map(float, values)))
    found = quantile_of(held, probability, rule)
    assert min(values) <= found <= max(values)
    assert found <= quantile_of(held, min(probability + 0.05, 0.995), rule) + 1e-9


def test_values_without_weight_do_not_count() -> None:
    held = Distribution(np.array([1.0, 5.0, 9.0]), np.array([0.0, 1.0, 1.0]), np.ones(3), np.ones(3), 2.0)
    assert quantile_of(held, 0.1, "math") == 5.0


def test_quantiles_by_domain_with_an_empty_and_a_single_one() -> None:
    survey = opened({"x": [*range(30), 7, None], "g": [*("a" * 30), "b", "c"]})
    rows = {(row.domain, row.category): row for row in survey.quantile("x", (0.25, 0.5), by="g")}
    assert [key[1] for key in rows] == ["0.25", "0.5"] * 3
    assert rows["g = a", "0.5"].value == 14.0
    lower, upper = rows["g = a", "0.5"].lower, rows["g = a", "0.5"].upper
    assert lower < 14 < upper
    assert (rows["g = b", "0.5"].value, rows["g = b", "0.5"].lower) == (7.0, None)
    assert (rows["g = c", "0.5"].value, rows["g = c", "0.5"].null_reason) == (None, "no cases")


def test_limit_below_every_value_is_a_blank_with_its_reason() -> None:
    row = opened({"x": [float(i) for i in range(12)]}).quantile("x", (0.05,))[0]
    assert (row.lower, row.standard_error) == (None, None)
    assert "below 0" in (row.null_reason or "")
