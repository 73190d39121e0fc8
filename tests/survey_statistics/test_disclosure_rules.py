"""The rules of disclosure control, worked by hand."""

from __future__ import annotations

import csv

import pytest

from analytics.survey_publication.shown import shown_rows as shown
from analytics.survey_statistics.disclosure.publication import Pattern
from analytics.survey_statistics.disclosure.rules import PATH, default_rules
from analytics.survey_statistics.disclosure.sensitive import Need, amount_need, count_need
from analytics.survey_statistics.disclosure.small_base import low_base_note, percent_reason
from analytics.survey_statistics.sample.design import SurveyError

RULES = default_rules()


def test_every_rule_has_a_reason_and_a_source() -> None:
    with PATH.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["rule"]: float(row["value"]) for row in rows}["threshold"] == 5
    assert all(len(row["reason"]) > 20 and len(row["source"]) > 10 for row in rows)


def test_a_card_may_change_a_rule_but_not_invent_one() -> None:
    assert RULES.changed({"threshold": 10}).threshold == 10
    assert "fewer than 10" in RULES.changed({"threshold": 10}).reason
    with pytest.raises(SurveyError, match=r"Unknown disclosure rule 'treshold'; known are .*threshold"):
        RULES.changed({"treshold": 10})


@pytest.mark.parametrize(
    ("rule", "value"), [("threshold", 1), ("threshold", 2.5), ("p_percent", 0), ("dominance_1", 101), ("low_base", -1)]
)
def test_a_number_that_makes_no_sense_is_refused(rule: str, value: float) -> None:
    with pytest.raises(SurveyError, match=f"Disclosure rule {rule}: found"):
        RULES.changed({rule: value})


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_small_counts_must_seem_able_to_reach_the_threshold(n: int) -> None:
    assert count_need(n, None, RULES) == Need("fewer than 5", n - 1, 5)


@pytest.mark.parametrize(("n", "base"), [(0, None), (0, 12), (5, 9), (12, 12), (12, None), (10, 10)])
def test_zeros_larger_counts_and_all_of_a_larger_base_may_be_shown(n: int, base: int | None) -> None:
    assert count_need(n, base, RULES) is None


def test_all_of_a_small_base_tells_the_answer_of_each() -> None:
    assert count_need(7, 7, RULES) == Need("all of 7, which is fewer than 10", 2, 7)


def test_dominance_by_one_and_by_two() -> None:
    assert amount_need(9, 100, (76, 4), RULES) == Need("one contributes more than 75 %", 80, 120)
    assert amount_need(9, 100, (60, 31), RULES) == Need("two contribute more than 90 %", 80, 120)
    assert amount_need(9, 100, (40, 20), RULES) is None


def test_p_percent_with_its_protection_level() -> None:
    # 10 % of 50 is 5; without the two largest only 1 is left of 91, so the second knows the first to 1: too near by 4.
    strict = RULES.changed({"dominance_1": 100, "dominance_2": 100, "protection": 1})
    need = amount_need(9, 91, (50, 40), strict)
    assert need == Need("the second largest knows the largest to 10 %", 87, 95)


def test_an_amount_of_few_is_hidden_whatever_it_is() -> None:
    assert amount_need(4, 100, (30, 30), RULES) == Need("fewer than 5", 80, 120)


def test_percents_of_few_are_not_shown_and_those_of_some_carry_a_warning() -> None:
    assert [base for base in range(40) if percent_reason(base, RULES)] == list(range(1, 10))
    assert [base for base in range(40) if low_base_note(base, RULES)] == list(range(10, 30))


@pytest.mark.parametrize(("base", "value", "note"), [(9, None, None), (12, 0.25, "base below 30: read with care")])
def test_a_published_row_of_few_has_its_count_but_no_percent(base: int, value: float | None, note: str | None) -> None:
    row = {
        "question_code": "q", "statistic": "proportion", "category": "yes", "domain": "all", "value": 0.25,
        "base": "all responses",
        "lower": 0.1, "upper": 0.6, "standard_error": 0.1, "base_n": base, "numerator": 6, "weighted_n": base,
        "missing": "", "note": None, "null_reason": None, "interval_method": "Wilson",
    }  # fmt: skip
    (shown_row,) = shown([row], {"q": "choice"}, Pattern(), RULES)
    assert (shown_row["value"], shown_row["numerator"], shown_row["note"]) == (value, 6, note)
    assert shown_row["null_reason"] == (None if value else "no percent of fewer than 10")
    assert shown_row["lower"] == (0.1 if value else None)
