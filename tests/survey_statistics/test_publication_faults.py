"""What of survey tables is published: the small, what would tell the small, and nothing that a reader works out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from analytics.survey_publication import codebook, estimates
from analytics.survey_publication.shown import OF_VALUE, shown_rows
from analytics.survey_statistics.disclosure.auditor import audit
from analytics.survey_statistics.disclosure.publication import ANSWERED, OPTION, TICKED, Cell, Family
from analytics.survey_statistics.disclosure.rules import default_rules
from analytics.survey_statistics.disclosure.suppression import suppress
from expectations.border_out import check_disclosure, check_survey_bases

Row = dict[str, Any]
RULES = default_rules()
KINDS = {"side": "choice", "coop": "choice", "field": "multiple", "trust": "scale", "staff": "number"}


def counted(question: str, kind: str, counts: dict[str | None, int], state: str = "selected") -> list[Row]:
    """Rows of the codebook: label to count, None for those who did not answer."""
    base = sum(n for label, n in counts.items() if label is not None)
    return [
        {
            "edition_id": "mihon/2020", "question_code": question, "question_kind": kind, "option_code": label,
            "option_en": label, "option_ja": None, "state": state if label else "not_answered",
            "is_in_base": label is not None, "n": n, "base_n": base, "share": n / base if label else None,
            "weighted_n": 2.0 * n, "weighted_base_n": 2.0 * base, "weighted_share": n / base, "repeat_code": None,
            "suppressed": None,
        }
        for label, n in counts.items()
    ]  # fmt: skip


def estimate(question: str, category: str | None, numerator: int | None, base: int, domain: str = "all",
             statistic: str = "proportion", **said: Any) -> Row:  # fmt: skip
    value = None if numerator is None else numerator / base
    return {
        "estimate_id": f"{question}/{category}/{domain}/{statistic}", "question_code": question, "category": category,
        "statistic": statistic, "domain": domain, "value": value, "standard_error": 0.1, "lower": 0.0, "upper": 1.0,
        "interval_level": 0.95, "numerator": numerator, "degrees_of_freedom": base - 1.0, "design_effect": 1.0,
        "bound_lower": 0.0, "bound_upper": 1.0, "base_n": base, "weighted_n": 2.0 * base, "missing": "",
        "interval_method": "logit", "null_reason": None, "note": None, "suppressed": None, "weights": "none",
        "base": "counted responses; who answered",
    } | said  # fmt: skip


SIDES = counted("side", "select_one", {"EU": 26, "Japan": 19, None: 0})
COOP = counted("coop", "select_one", {"yes": 30, "no": 12, "perhaps": 3})
BY_SIDE = [
    *(estimate("coop", label, n, 45) for label, n in (("yes", 30), ("no", 12), ("perhaps", 3))),
    *(estimate("coop", label, n, 26, "side = EU") for label, n in (("yes", 19), ("no", 6), ("perhaps", 1))),
    *(estimate("coop", label, n, 19, "side = Japan") for label, n in (("yes", 11), ("no", 6), ("perhaps", 2))),
]


@pytest.mark.fault
def test_r02_counts_of_one_to_four_are_hidden_and_what_would_tell_them() -> None:
    family = Family([*codebook.cells([*SIDES, *COOP], 45), *estimates.cells(BY_SIDE, KINDS)])
    pattern = suppress(family, RULES)
    shown = list(codebook.shown(COOP, pattern, RULES.reason))
    hidden = {row["option_en"] for row in shown if row["n"] is None}
    assert "perhaps" in hidden
    assert len(hidden) == 2
    for row in shown:
        numbers = [row[name] for name in ("n", "share")]
        assert (numbers == [None, None]) == (row["option_en"] in hidden)
        # Weighted numbers would be a second equation for the hidden ones.
        assert [row[name] for name in ("weighted_n", "weighted_share")] == [None, None]
        assert (row["base_n"], row["suppressed"]) == (45, RULES.reason)
    # Each domain hides at least two, and in all tables that hold the same number it is hidden.
    rows = list(shown_rows(BY_SIDE, KINDS, pattern, RULES))
    by_domain = {row["domain"]: {each["category"] for each in rows if each["domain"] == row["domain"]
                                 and each["numerator"] is None} for row in rows}  # fmt: skip
    assert by_domain["all"] == hidden
    assert all(len(each) >= 2 for each in by_domain.values())
    taken = [row for row in rows if row["suppressed"]]
    assert all(row[name] is None for row in taken for name in OF_VALUE)
    assert {row["base_n"] for row in taken} == {45, 26, 19}


@pytest.mark.fault
def test_r03_one_hidden_cell_in_a_row_with_its_total_is_recovered_and_stops_the_release() -> None:
    family = Family([*codebook.cells(COOP, 45)])
    pattern = suppress(family, RULES)
    rows = list(codebook.shown(COOP, pattern, RULES.reason))
    assert audit(codebook.printed(rows, 45), RULES, family.cells) == []
    told = [row | {"n": 12} if row["option_en"] == "no" else row for row in rows]
    told = [row | {"n": 30} if row["option_en"] == "yes" else row for row in told]
    findings = audit(codebook.printed(told, 45), RULES)
    assert [(each.key, each.lower, each.upper) for each in findings] == [((("coop", "perhaps"),), 3, 3)]
    stopped = check_disclosure([each.sentence for each in findings])
    assert not stopped.is_passed
    assert "coop = perhaps" in stopped.errors[0].message
    assert "個々の回答が分かってはなりません" in stopped.errors[0].message_ja


@pytest.mark.fault
def test_r04_a_number_that_an_earlier_release_printed_is_not_hidden_again_but_worked_around() -> None:
    family = Family([*codebook.cells(COOP, 45)])
    before = codebook.printed(COOP, 45, "r000000000001")
    known = [each for each in before if each.key in ((("coop", "yes"),), (("coop", ANSWERED),))]
    pattern = suppress(family, RULES, known)
    assert pattern.refusals == ()
    assert not pattern.is_hidden((("coop", "yes"),))
    assert pattern.is_hidden((("coop", "no"),))
    everything = suppress(family, RULES, before)
    assert "r000000000001" in " ".join(everything.refusals)


def test_a_tick_and_what_is_made_of_several_ticks_are_hidden_together() -> None:
    rows = [
        estimate("field", "life", 20, 45), estimate("field", "ict", 2, 45),
        estimate("field", "life", 20, 45, statistic="share of answers"),
        estimate("field", "answers per respondent", None, 45, statistic="mean", value=22 / 45,
                 note="3 of the base ticked nothing; several answers allowed"),
    ]  # fmt: skip
    found = estimates.cells(rows, KINDS)
    assert Cell(estimates.TABLE, ((f"field{OPTION}ict", TICKED),), 2) in found
    pattern = suppress(Family(found), RULES)
    shown = list(shown_rows(rows, KINDS, pattern, RULES))
    # The share of ticks would tell how many there are in all, and so the two.
    assert [row["value"] is None for row in shown] == [False, True, True, True]
    assert shown[3]["note"] is None


def test_a_mean_that_one_response_makes_and_a_median_of_few_are_not_shown() -> None:
    means = [
        estimate("staff", None, None, 45, statistic="mean", value=100.0, weighted_n=45.0, largest=(4000.0, 20.0)),
        estimate("staff", None, None, 26, "side = EU", "mean", value=10.0, weighted_n=26.0, largest=(30.0, 28.0)),
        estimate("staff", None, None, 26, "side = EU", "quantile", value=9.0),
        estimate("staff", None, None, 8, "side = Japan", "quantile", value=9.0),
    ]
    pattern = suppress(Family(estimates.cells(means, KINDS)), RULES)
    shown = list(shown_rows(means, KINDS, pattern, RULES))
    assert [row["value"] for row in shown] == [None, 10.0, 9.0, None]


def test_a_base_of_three_takes_the_number_itself_and_words_that_count() -> None:
    row = estimate("coop", "yes", 3, 3, "side = EU", missing="not_shown 2")
    row["base"] = "counted; percent of their 7 answers"
    (shown,) = shown_rows([row], KINDS, suppress(Family(estimates.cells([row], KINDS)), RULES), RULES)
    assert (shown["base_n"], shown["weighted_n"], shown["missing"]) == (None, None, None)
    assert (shown["base"], shown["null_reason"]) == ("counted", RULES.reason)


@pytest.mark.fault
def test_r09_a_weighted_number_without_its_unweighted_count_stops_the_build() -> None:
    good = pd.DataFrame(
        [{"estimate_id": "a", "base_n": 45, "value": 0.5, "weighted_n": 90.0, "lower": 0.4, "upper": 0.6}]
    )
    assert check_survey_bases({"stats.survey_estimate": good}).is_passed
    bad = good.assign(base_n=pd.Series([None], dtype="Int64"))
    stopped = check_survey_bases({"stats.survey_estimate": bad})
    assert "stats.survey_estimate: a" in stopped.errors[0].message
    assert "非加重の件数" in stopped.errors[0].message_ja
    listed = pd.DataFrame(COOP).assign(n=None)
    assert not check_survey_bases({"reports.rpt_survey_codebook": listed}).is_passed
    # A suppressed row has neither.
    empty = dict.fromkeys(("value", "weighted_n", "lower", "upper"), float("nan"))
    assert check_survey_bases({"stats.survey_estimate": bad.assign(**empty)}).is_passed


def test_another_threshold_of_a_card_counts() -> None:
    rules = replace(RULES, threshold=13)
    pattern = suppress(Family(codebook.cells(COOP, 45)), rules)
    assert pattern.is_hidden((("coop", "no"),))
