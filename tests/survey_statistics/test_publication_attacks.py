"""Ways to a hidden number that is in no table of counts: words, medians, adjusted p values, other bases."""

from __future__ import annotations

import math
from itertools import combinations_with_replacement
from typing import Any

import pytest

from analytics.survey_publication import codebook, estimates, tables
from analytics.survey_publication.audit import too_precise
from analytics.survey_publication.beside_hidden import weighted_beside_hidden
from analytics.survey_publication.numbers import is_too_precise
from analytics.survey_publication.place import place_of
from analytics.survey_publication.shown import REFUSED, shown_rows
from analytics.survey_statistics.disclosure.auditor import audit
from analytics.survey_statistics.disclosure.publication import Family
from analytics.survey_statistics.disclosure.suppression import suppress
from analytics.survey_statistics.sample.design import SurveyError
from tests.survey_statistics.test_publication_faults import COOP, KINDS, RULES, Row, counted, estimate


@pytest.mark.fault
def test_r04_words_do_not_tell_the_number_of_ticks_beside_a_hidden_option() -> None:
    note = "several answers allowed: shares of respondents add to 131%"
    rows = [
        estimate("field", "life", 12, 16, note=note), estimate("field", "ict", 6, 16, note=note),
        estimate("field", "food", 3, 16, note=note),
        *(estimate("field", label, n, 16, statistic="share of answers")
          | {"base": "counted; who; percent of their 21 answers"}
          for label, n in (("life", 12), ("ict", 6), ("food", 3))),
    ]  # fmt: skip
    pattern = suppress(Family(estimates.cells(rows, KINDS)), RULES)
    shown = list(shown_rows(rows, KINDS, pattern, RULES))
    assert shown[1]["numerator"] == 6
    # 131 % of 16 are 21 ticks, of which 18 are shown.
    assert {row["note"] for row in shown} == {"base below 30: read with care", None}
    assert {row["base"] for row in shown[3:]} == {"counted; who; percent of their answers"}


def test_more_than_one_tick_each_is_no_share_that_contradicts_its_base() -> None:
    rows = [
        estimate("field", "life", 28, 45), estimate("field", "ict", 30, 45),
        estimate("field", "answers per respondent", None, 45, statistic="mean", value=58 / 45),
    ]  # fmt: skip
    family = Family(estimates.cells(rows, KINDS), answers=frozenset({"field"}))
    shown = list(shown_rows(rows, KINDS, suppress(family, RULES), RULES))
    assert [row["value"] for row in shown] == [row["value"] for row in rows]
    assert audit(estimates.printed(shown, KINDS), RULES, family.cells, answers=family.answers) == []
    # Beside a hidden option the number of ticks tells it: 31 less 28.
    few = [shown[0], shown[1] | {"numerator": None, "value": None}, shown[2] | {"value": 31 / 45}]
    (finding,) = audit(estimates.printed(few, KINDS), RULES, answers=frozenset({"field"}))
    assert (finding.kind, finding.lower) == ("exact", 3.0)
    assert finding.sentence.startswith("field / ict = (ticked) is hidden")


@pytest.mark.fault
def test_r04_a_hidden_median_does_not_stand_in_the_category() -> None:
    rows = [
        *(estimate("trust", f"Point {n}", int(n == 4), 1, "side = EU") for n in (3, 4)),
        estimate("trust", "Point 4", None, 1, "side = EU", "median", value=4.0),
    ]
    pattern = suppress(Family(estimates.cells(rows, KINDS)), RULES)
    (told,) = [row for row in shown_rows(rows, KINDS, pattern, RULES) if row["statistic"] == "median"]
    assert (told["category"], told["value"], told["base_n"]) == (None, None, None)


@pytest.mark.fault
def test_r04_limits_of_a_median_are_no_answers_of_single_responses() -> None:
    rows = [
        estimate("staff", "0.5", None, 46, statistic="quantile", value=9.0, beyond_value=20, beyond_limits=4),
        estimate("staff", "0.5", None, 26, "side = EU", "quantile", value=9.0, beyond_value=13, beyond_limits=8),
        # One response with a weight as large as all others together is the median.
        estimate("staff", "0.5", None, 20, "side = Japan", "quantile", value=90.0, beyond_value=1, beyond_limits=1),
    ]
    shown = list(shown_rows(rows, KINDS, suppress(Family(estimates.cells(rows, KINDS)), RULES), RULES))
    assert [(row["value"], row["standard_error"], row["lower"], row["upper"]) for row in shown] == [
        (9.0, None, None, None), (9.0, 0.1, 0.0, 1.0), (None, None, None, None)
    ]  # fmt: skip
    assert shown[0]["null_reason"] == "no interval: fewer than 5 responses on one side of it"


@pytest.mark.fault
def test_r04_two_options_with_the_same_words_stop_the_release() -> None:
    rows = [estimate("coop", "Other", 20, 45), estimate("coop", "Other", 2, 45), estimate("coop", "yes", 23, 45)]
    with pytest.raises(SurveyError, match="two options with the label 'Other'"):
        estimates.cells(rows, KINDS)


@pytest.mark.fault
def test_r02_those_who_ranked_an_option_are_a_base_of_their_own() -> None:
    words = "counted; who answered; side = EU, those who ranked fairs: 3 of 45"
    rows = [
        estimate("order", "fairs", 12, 45, "side = EU", "first place")
        | {"base": "counted; who; side = EU, at least one"},
        estimate("order", "fairs", 3, 3, "side = EU", "mean rank") | {"base": words},
    ]
    kinds = KINDS | {"order": "ranking"}
    pattern = suppress(Family(estimates.cells(rows, kinds)), RULES)
    told = list(shown_rows(rows, kinds, pattern, RULES))[1]
    assert (told["base_n"], told["weighted_n"], told["numerator"], told["base"]) == (None, None, None, "counted")


def test_parts_of_a_ranking_have_their_own_missing() -> None:
    kinds = KINDS | {"order": "ranking"}
    words = "counted; responses that answered order"
    rows = [
        estimate("order", "fairs", 20, 39, statistic="first place", missing="not_answered 6")
        | {"base": f"{words}, at least one option ranked"},
        estimate("order", "fairs", 33, 33, statistic="mean rank", missing="not_answered 6")
        | {"base": f"{words}, those who ranked fairs: 33 of 39"},
        estimate("order", None, None, 30, statistic="Kendall W", missing="not_answered 15")
        | {"base": f"{words}, all 3 options ranked"},
    ]
    found = {cell.key: cell.n for cell in estimates.cells(rows, kinds)}
    assert found[(("order", "(answered)"),)] == 39
    assert found[(("order", "(missing) not_answered"),)] == 6
    assert found[(("order / those who ranked fairs", "(ticked)"),)] == 33
    assert found[(("order / all 3 options ranked", "(missing) not_answered"),)] == 15
    family = Family(estimates.cells(rows, kinds))
    pattern = suppress(family, RULES)
    shown = list(shown_rows(rows, kinds, pattern, RULES))
    assert [row["base_n"] for row in shown] == [39, 33, 30]
    assert audit(estimates.printed(shown, kinds), RULES, family.cells) == []


@pytest.mark.fault
def test_r04_an_adjusted_p_value_does_not_tell_that_of_a_hidden_test() -> None:
    common = {"domain_question": "side", "inference": "process", "note": "4 responses left out", "base_n": 40,
              "suppressed": None, "null_reason": None, "weights": "none", "is_simple_sample": True}  # fmt: skip
    # By Holm the second would be 0.09 = 3 * 0.03, thrice the p value of the first.
    tests = [
        common | {"question_code": code, "p_value": p, "adjusted_p_value": q}
        for code, p, q in (("coop", 0.03, 0.09), ("trust", 0.04, 0.09), ("field", 0.5, 0.5))
    ]
    pattern = suppress(Family(codebook.cells(COOP, 45)), RULES)
    shown = tables.shown_tests(tests, pattern, RULES)
    assert [row["p_value"] for row in shown] == [None, 0.04, 0.5]
    assert shown[0]["note"] is None
    assert [row["adjusted_p_value"] for row in shown] == [None, pytest.approx(0.12), 1.0]


@pytest.mark.fault
def test_r04_repetitions_are_not_counted_for_they_may_be_those_of_one_response() -> None:
    rows = [row | {"repeat_code": "partner"} for row in counted("partner_kind", "select_one", {"school": 9, "firm": 8})]
    for row in tables.without_counts([*COOP, *rows], RULES):
        assert [row[name] for name in ("n", "base_n", "share", "weighted_n", "weighted_base_n")] == [None] * 5
        assert row["suppressed"] == RULES.reason
    assert len(tables.without_counts([*COOP, *rows], RULES)) == 2


@pytest.mark.fault
def test_r04_why_a_call_was_refused_tells_no_numbers() -> None:
    row = estimate("coop", None, None, 0, "by side") | {"base_n": None, "null_reason": "stratum 7: 1 response says 3"}
    (told,) = shown_rows([row], KINDS, suppress(Family([]), RULES), RULES)
    assert told["null_reason"] == REFUSED


@pytest.mark.fault
@pytest.mark.parametrize("label", ["(missing) no idea", "(answered)", "(ticked)", "(not ticked)", "(answers)"])
def test_r02_a_label_that_reads_like_a_word_of_disclosure_control_is_an_answer(label: str) -> None:
    rows = [
        *(estimate("coop", name, n, 40) for name, n in ((label, 2), ("yes", 20), ("no", 18))),
        *(estimate("coop", name, n, 20, f"side = {label}") for name, n in ((label, 1), ("yes", 10), ("no", 9))),
        *(estimate("coop", name, n, 20, "side = EU") for name, n in ((label, 1), ("yes", 10), ("no", 9))),
    ]
    family = Family(estimates.cells(rows, KINDS), answers=frozenset(KINDS))
    shown = list(shown_rows(rows, KINDS, suppress(family, RULES), RULES))
    assert [row["numerator"] for row in shown if row["category"] == label] == [None] * 3
    assert audit(estimates.printed(shown, KINDS), RULES, family.cells, answers=family.answers) == []
    listed = [row | {"option_en": label} for row in counted("coop", "select_one", {"9": 2})]
    assert codebook.row_keys(listed)[0] == place_of(rows[0], KINDS).category


def mean(base: int, value: float, answers: list[float], domain: str = "all", **said: Any) -> Row:
    """The row of the mean of a number, with what protects it, from all answers of a simple sample."""
    squares = sorted(((x - value) ** 2 for x in answers), reverse=True)
    error = math.sqrt(sum(squares) / (base - 1) / base)
    return estimate("staff", None, None, base, domain, "mean") | {
        "value": value, "standard_error": error, "lower": value - 2 * error, "upper": value + 2 * error,
        "weighted_n": float(base), "design_effect": 1.0, "largest": tuple(sorted(answers, reverse=True)[:2]),
        "squares": (sum(squares), *squares[:2]), "sum_of_squares": sum(x * x for x in answers),
        "n_contributing": sum(x != 0 for x in answers), "is_alike": len(set(answers)) == 1,
    } | said  # fmt: skip


def told(rows: list[Row]) -> list[Row]:
    return list(shown_rows(rows, KINDS, suppress(Family(estimates.cells(rows, KINDS, RULES)), RULES), RULES))


# Even, but for the one: neither gives most of the sum.
STAFF = [2.0, 5, 7, 9, 9, 9, 12, 18, 25, 40, 235]


@pytest.mark.fault
def test_r04_the_bounds_of_a_mean_do_not_tell_the_largest_answer() -> None:
    n, lost, average = len(STAFF), 3, sum(STAFF) / len(STAFF)
    low, high = ((sum(STAFF) + lost * end) / (n + lost) for end in (min(STAFF), max(STAFF)))
    row = mean(n, average, STAFF, bound_lower=low, bound_upper=high, missing=f"refused {lost}")
    # From the mean, its base and the missing follow the ends, whoever of them gave these answers.
    assert (high * (n + lost) - average * n) / lost == pytest.approx(235)
    (shown,) = told([row])
    assert (shown["value"], shown["bound_lower"], shown["bound_upper"]) == (average, None, None)


@pytest.mark.fault
def test_r04_a_standard_error_does_not_tell_whose_answer_makes_it() -> None:
    average = sum(STAFF) / len(STAFF)
    row = mean(len(STAFF), average, STAFF)
    # Nobody can be further from the mean than the root of the sum of squares allows (Samuelson): 235 to 1.5 %.
    n = len(STAFF)
    furthest = average + math.sqrt(row["standard_error"] ** 2 * n * (n - 1) * (n - 1) / n)
    assert 235 <= furthest < 235 * 1.02
    (shown,) = told([row])
    assert [shown[name] for name in ("standard_error", "lower", "upper", "design_effect")] == [None] * 4
    assert shown["value"] == average
    assert "single answers" in shown["null_reason"]


@pytest.mark.fault
def test_r04_nine_whole_numbers_do_not_follow_from_mean_and_error() -> None:
    answers = [1.0, 2, 3, 3, 4]
    same = [each for each in combinations_with_replacement(range(1, 8), 5)
            if sum(each) == sum(answers) and sum(x * x for x in each) == sum(x * x for x in answers)]  # fmt: skip
    assert same == [tuple(answers)]
    (shown,) = told([mean(5, 2.6, answers)])
    assert (shown["value"], shown["standard_error"], shown["lower"]) == (2.6, None, None)


@pytest.mark.fault
def test_r04_a_hidden_error_takes_that_of_another_domain_along() -> None:
    small, large, third = [3.0, 4, 5, 6, 7, 8, 9], [float(x) for x in range(1, 21)], [float(x) for x in range(5, 30)]
    rows = [mean(len(part), sum(part) / len(part), part, domain)
            for domain, part in (("all", [*small, *large, *third]), ("side = EU", small), ("side = Japan", large),
                                 ("side = other", third))]  # fmt: skip
    errors = {row["domain"]: row["standard_error"] for row in told(rows)}
    assert errors["side = EU"] is None
    assert sum(error is None for error in errors.values()) == 2


def test_an_error_that_is_shown_has_two_digits_and_its_limits_lie_outside() -> None:
    answers = [float(x) for x in range(1, 41)]
    row = mean(40, 20.5, answers)
    (shown,) = told([row])
    assert (row["standard_error"], row["lower"]) == (pytest.approx(1.8484, abs=1e-4), pytest.approx(16.8032, abs=1e-4))
    assert [shown[name] for name in ("value", "standard_error", "lower", "upper")] == [20.5, 1.8, 16.8, 24.2]
    assert not is_too_precise(shown, KINDS, RULES)
    assert is_too_precise(row | {"bound_lower": None, "bound_upper": None}, KINDS, RULES)
    # 9.96 is 10, and its limits then have no digit behind the point.
    (wide,) = told([row | {"standard_error": 9.96, "lower": 0.54, "upper": 40.46}])
    assert [wide[name] for name in ("standard_error", "lower", "upper")] == [10.0, 0.0, 41.0]
    assert not is_too_precise(wide, KINDS, RULES)


@pytest.mark.fault
def test_r03_the_border_finds_a_mean_that_tells_too_much() -> None:
    (shown,) = told([mean(40, 20.5, [float(x) for x in range(1, 41)])])
    assert list(too_precise([shown], KINDS, RULES)) == []
    for more in ({"bound_upper": 44.0}, {"standard_error": 1.8484}, {"base_n": 9}, {"lower": 16.803}):
        (sentence,) = too_precise([shown | more], KINDS, RULES)
        assert sentence.startswith("stats.survey_estimate prints more of staff/None/all/mean than a mean may tell")


@pytest.mark.fault
@pytest.mark.parametrize("answers", [[0.0] * 36 + [1.0] * 4, [3.0] * 6])
def test_r02_a_zero_gives_nothing_to_an_amount_and_one_answer_of_all_is_that_of_each(answers: list[float]) -> None:
    rows = [mean(len(answers), sum(answers) / len(answers), answers)]
    assert told(rows)[0]["value"] is None


def ranks(*places: int, among: int) -> list[Row]:
    """The rows of one option of a ranking: how many put it on each place."""
    n, k = sum(places), len(places)
    base = {"base": f"counted; who answered, those who ranked fairs: {n} of {n}"}
    return [
        estimate("order", "fairs", places[0], n, statistic="first place"),
        estimate("order", "fairs", sum(places[:among]), n, statistic=f"among the first {among}"),
        estimate("order", "fairs", n, n, statistic="mean rank", places=places)
        | base | {"value": sum(r * p for r, p in zip(range(1, k + 1), places, strict=True)) / n},
    ]  # fmt: skip


@pytest.mark.fault
@pytest.mark.parametrize("places", [(21, 2, 22), (20, 22, 3), (12, 11, 2, 14), (12, 11, 14, 2)])
def test_r04_who_is_on_a_place_of_a_ranking_is_not_the_difference_of_two_others(places: tuple[int, ...]) -> None:
    kinds = KINDS | {"order": "ranking"}
    rows = ranks(*places, among=2)
    family = Family(estimates.cells(rows, kinds))
    pattern = suppress(family, RULES)
    assert {row["value"] for row in shown_rows(rows, kinds, pattern, RULES)} == {None}
    if len(places) == 3:
        findings = audit(estimates.printed(rows, kinds), RULES, family.cells)
        assert any("fairs is" in f"{finding.sentence} " or "fairs" in finding.sentence for finding in findings)


def test_a_ranking_with_many_on_each_place_is_shown() -> None:
    kinds = KINDS | {"order": "ranking"}
    rows = ranks(21, 7, 17, among=2)
    family = Family(estimates.cells(rows, kinds))
    shown = list(shown_rows(rows, kinds, suppress(family, RULES), RULES))
    assert [row["numerator"] for row in shown] == [21, 28, 45]
    assert audit(estimates.printed(shown, kinds), RULES, family.cells) == []


# Strata are the domains: 3 of 10 in the one with weight 2 and 8 of 30 in the other with weight 5 say yes.
IN_STRATA = [
    *(estimate("coop", label, n, 40, value=share, weights="w", weighted_n=170.0)
      for label, n, share in (("Yes", 11, 46 / 170), ("No", 29, 124 / 170))),
    *(estimate("coop", label, n, 10, "side = EU", value=n / 10, weights="w", weighted_n=20.0)
      for label, n in (("Yes", 3), ("No", 7))),
    *(estimate("coop", label, n, 30, "side = Japan", value=n / 30, weights="w", weighted_n=150.0)
      for label, n in (("Yes", 8), ("No", 22))),
]  # fmt: skip


@pytest.mark.fault
def test_r04_a_weighted_share_is_no_second_equation_for_two_hidden_counts() -> None:
    pattern = suppress(Family(estimates.cells(IN_STRATA, KINDS)), RULES)
    shown = list(shown_rows(IN_STRATA, KINDS, pattern, RULES))
    # a + b = 11 and 2 a + 5 b = 46 have one solution: the hidden 3 and 8.
    assert [row["numerator"] for row in shown[::2]] == [11, None, None]
    assert {row["value"] for row in shown} == {None}
    assert {row["weighted_n"] for row in shown} == {None}
    assert [row["base_n"] for row in shown[::2]] == [40, 10, 30]


@pytest.mark.fault
def test_r04_a_sample_in_strata_has_no_error_beside_a_hidden_count() -> None:
    rows = [row | {"weights": "none", "is_simple_sample": False} for row in IN_STRATA]
    pattern = suppress(Family(estimates.cells(rows, KINDS)), RULES)
    whole = next(shown_rows(rows, KINDS, pattern, RULES))
    assert (whole["numerator"], whole["value"] is None) == (11, False)
    assert (whole["standard_error"], whole["lower"], whole["upper"]) == (None, None, None)
    simple = next(shown_rows([row | {"is_simple_sample": True} for row in rows], KINDS, pattern, RULES))
    assert simple["standard_error"] == rows[0]["standard_error"]


@pytest.mark.fault
def test_r03_the_border_finds_a_weighted_share_beside_a_hidden_count() -> None:
    pattern = suppress(Family(estimates.cells(IN_STRATA, KINDS)), RULES)
    shown = [row | {"estimate_id": str(i)} for i, row in enumerate(shown_rows(IN_STRATA, KINDS, pattern, RULES))]
    assert list(weighted_beside_hidden(shown, KINDS)) == []
    (sentence,) = weighted_beside_hidden([shown[0] | {"value": 46 / 170}, *shown[1:]], KINDS)
    assert sentence.startswith("stats.survey_estimate prints weighted numbers of coop beside a hidden count (0 ")
