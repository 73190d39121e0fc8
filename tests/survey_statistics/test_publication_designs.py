"""Ways to a hidden count through weights, strata and clusters: the weight of a domain, a test of another table."""

from __future__ import annotations

from typing import Any

import pytest

from analytics.survey_publication import estimates, tables
from analytics.survey_publication.beside_hidden import compared_beside_hidden, weighted_beside_hidden
from analytics.survey_publication.shown import shown_rows
from analytics.survey_statistics.disclosure.publication import Family
from analytics.survey_statistics.disclosure.suppression import suppress
from tests.survey_statistics.test_publication_attacks import STAFF, mean
from tests.survey_statistics.test_publication_faults import KINDS, RULES, Row, estimate

# Who is in which region is hidden where 3 of EU are in the North; the weights are 2 in the North and 5 in the South.
REGIONS = [
    *(estimate("side", label, n, 40, weights="w", weighted_n=170.0) for label, n in (("EU", 20), ("Japan", 20))),
    *(estimate("side", label, n, 10, "region = North", weights="w", weighted_n=20.0)
      for label, n in (("EU", 3), ("Japan", 7))),
    *(estimate("side", label, n, 30, "region = South", weights="w", weighted_n=150.0)
      for label, n in (("EU", 17), ("Japan", 13))),
]  # fmt: skip
# Everybody answered, and no count by side is small.
BY_SIDE_WEIGHTED = [
    estimate("coop", label, n, 20, f"side = {side}", weights="w", weighted_n=weighted)
    for side, weighted in (("EU", 2.0 * 3 + 5 * 17), ("Japan", 2.0 * 7 + 5 * 13))
    for label, n in (("yes", 11), ("no", 9))
]


@pytest.mark.fault
def test_r04_the_weight_of_a_domain_does_not_tell_the_hidden_counts_that_make_it() -> None:
    rows = [*REGIONS, *BY_SIDE_WEIGHTED, mean(20, 30.5, STAFF, "side = EU", weights="w", weighted_n=91.0)]
    solutions = [(a, b) for a in range(21) for b in range(21) if a + b == 20 and 2 * a + 5 * b == 91]
    assert solutions == [(3, 17)]
    pattern = suppress(Family(estimates.cells(rows, KINDS)), RULES)
    shown = list(shown_rows(rows, KINDS, pattern, RULES))
    assert shown[2]["numerator"] is None
    assert {(row["weighted_n"], row["value"]) for row in shown if row["question_code"] in ("coop", "staff")} == {
        (None, None)
    }
    assert [row["numerator"] for row in shown[6:10]] == [11, 9, 11, 9]
    assert list(weighted_beside_hidden(shown, KINDS)) == []
    (sentence,) = weighted_beside_hidden([*shown[:6], BY_SIDE_WEIGHTED[0] | {"estimate_id": "x"}], KINDS)
    assert sentence.startswith("stats.survey_estimate prints weighted numbers of coop beside a hidden count (x and 0 ")


def comparison(question: str, domain: str, **said: Any) -> Row:
    return {
        "test_id": f"{question}/{domain}", "question_code": question, "domain_question": domain, "inference": "process",
        "statistic": 4.0, "p_value": 0.04, "adjusted_p_value": 0.04, "base_n": 40, "n_tests": 1, "note": None,
        "suppressed": None, "null_reason": None, "weights": "none", "is_simple_sample": True, "test": "Rao-Scott",
        "method": "F", "query": "table()",
    } | said  # fmt: skip


@pytest.mark.fault
def test_r04_a_test_of_a_weighted_sample_is_no_equation_for_hidden_counts_of_its_domain() -> None:
    rows = [*REGIONS, *BY_SIDE_WEIGHTED]
    pattern = suppress(Family(estimates.cells(rows, KINDS)), RULES)
    for design, is_shown in (({}, True), ({"weights": "w"}, False), ({"is_simple_sample": False}, False)):
        (own,) = tables.shown_tests([comparison("side", "region", **design)], pattern, RULES)
        (other,) = tables.shown_tests([comparison("coop", "side", **design)], pattern, RULES)
        # Which test it was tells whether few were expected, and `n_tests` whether it had a p value.
        assert (own["p_value"], own["test"], own["method"], own["query"]) == (None, "not shown", "not shown", None)
        assert (other["p_value"] is not None) == is_shown
        assert other["n_tests"] == 1
    (undefined,) = tables.shown_tests([comparison("side", "region", p_value=None)], pattern, RULES)
    assert undefined["n_tests"] == 1


@pytest.mark.fault
def test_r03_the_border_finds_a_test_beside_a_hidden_count() -> None:
    rows = [*REGIONS, *BY_SIDE_WEIGHTED]
    shown = list(shown_rows(rows, KINDS, suppress(Family(estimates.cells(rows, KINDS)), RULES), RULES))
    tests = [
        comparison("side", "region"),
        comparison("coop", "side"),
        comparison("coop", "side", weights="w", test_id="weighted"),
    ]
    found = list(compared_beside_hidden(tests, shown, KINDS))
    assert [sentence.split(" ")[2] for sentence in found] == ["side/region", "weighted"]
    nothing = [row | dict.fromkeys(("statistic", "p_value", "base_n")) for row in tests]
    assert list(compared_beside_hidden(nothing, shown, KINDS)) == []


def test_a_hidden_amount_hides_no_test() -> None:
    rows = [*BY_SIDE_WEIGHTED, mean(20, 30.0, [600.0], "side = EU", largest=(590.0, 5.0))]
    pattern = suppress(Family(estimates.cells(rows, KINDS, RULES)), RULES)
    assert pattern.is_hidden((("side", "EU"),), "staff")
    (shown,) = tables.shown_tests([comparison("coop", "side")], pattern, RULES)
    assert shown["p_value"] == 0.04
