"""Ways to a hidden number that is in no table of counts: words, medians, adjusted p values, other bases."""

from __future__ import annotations

import pytest

from analytics.survey_publication import codebook, estimates, tables
from analytics.survey_publication.audit import weighted_beside_hidden
from analytics.survey_publication.place import place_of
from analytics.survey_publication.shown import REFUSED, shown_rows
from analytics.survey_statistics.disclosure.auditor import audit
from analytics.survey_statistics.disclosure.publication import Family
from analytics.survey_statistics.disclosure.suppression import suppress
from analytics.survey_statistics.sample.design import SurveyError
from tests.survey_statistics.test_publication_faults import COOP, KINDS, RULES, counted, estimate


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
              "suppressed": None, "null_reason": None}  # fmt: skip
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
