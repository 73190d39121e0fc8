"""Each expectation of the two borders on a frame that meets it and on one that does not."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from expectations.border_in import EditionFacts, blank_shares, check_edition
from expectations.border_out import (
    check_estimates,
    check_mentions,
    check_personal_data,
    check_release,
    check_row_account,
    check_survival_shares,
    check_synthetic_flags,
)
from expectations.validate import ExpectationSpec, Validation, merge, validate_frame

FACTS = EditionFacts(
    subject="listing/2020",
    rows_min=2,
    rows_max=4,
    key_columns=("name",),
    required_columns=("name",),
    is_synthetic=False,
    allowed_codes={"sector_code": frozenset({"bio", "ict"})},
)


def landed(**changes: object) -> pd.DataFrame:
    columns: dict[str, object] = {
        "row_id": ["listing-2020#2", "listing-2020#3", "listing-2020#4"],
        "rejected_reason": [None, None, None],
        "is_synthetic": [False, False, False],
        "name": ["Alpha", "Beta", "Gamma"],
        "sector_code": ["bio", "ict", None],
    }
    return pd.DataFrame(columns | changes)


def messages(validation: Validation) -> list[str]:
    return [outcome.message for outcome in (*validation.errors, *validation.warnings)]


def failed(validation: Validation) -> list[tuple[str, str]]:
    return [(outcome.severity, outcome.name) for outcome in validation.outcomes if not outcome.is_passed]


def test_a_sound_edition_passes() -> None:
    validation = check_edition(landed(), FACTS)
    assert validation.is_passed
    assert messages(validation) == []
    assert validation.n_rows == 3


def test_the_number_of_rows_has_bounds_and_rejected_rows_do_not_count() -> None:
    few = check_edition(landed(rejected_reason=["blank row", "blank row", None]), FACTS)
    assert failed(few) == [("error", "ExpectTableRowCountToBeBetween")]
    assert messages(few) == [
        "In listing/2020, the number of rows must lie between 2 and 4, but 1 was found. Compare the file with the "
        "publisher's list; if the file is right, correct the card (expected_rows)."
    ]
    assert not check_edition(landed(), replace(FACTS, rows_max=2)).is_passed


def test_an_edition_without_rows_fails() -> None:
    validation = check_edition(landed().iloc[:0], replace(FACTS, rows_min=0))
    assert not validation.is_passed
    assert "0 rows validated" in messages(validation)[0]


def test_a_row_id_that_comes_twice_fails() -> None:
    validation = check_edition(landed(row_id=["a#2", "a#2", "a#3"]), FACTS)
    assert failed(validation) == [("error", "ExpectColumnValuesToBeUnique")]


@pytest.mark.parametrize("flags", [[False, True, False], [False, None, False]])
def test_a_row_that_is_not_declared_as_its_card_says_fails(flags: list[bool | None]) -> None:
    validation = check_edition(landed(is_synthetic=flags), FACTS)
    assert failed(validation) == [("error", "ExpectColumnValuesToBeInSet")]
    assert "listing-2020#3" in messages(validation)[0]


def test_a_name_listed_twice_is_a_warning() -> None:
    twice = landed(name=["Alpha", "Alpha", "Gamma"])
    validation = check_edition(twice, FACTS)
    assert validation.is_passed
    assert failed(validation) == [("warn", "ExpectColumnValuesToBeUnique")]
    by_name_and_sector = check_edition(twice, replace(FACTS, key_columns=("name", "sector_code")))
    assert messages(by_name_and_sector) == []
    both = landed(name=["Alpha", "Alpha", "Gamma"], sector_code=["bio", "bio", "ict"])
    assert failed(check_edition(both, replace(FACTS, key_columns=("name", "sector_code")))) == [
        ("warn", "ExpectCompoundColumnsToBeUnique")
    ]
    assert (
        "(listing-2020#2: Alpha / bio; listing-2020#3: Alpha / bio)"
        in messages(check_edition(both, replace(FACTS, key_columns=("name", "sector_code"))))[0]
    )


def test_a_required_column_that_is_mostly_blank_fails() -> None:
    validation = check_edition(landed(name=["Alpha", None, "Gamma"]), FACTS)
    assert failed(validation) == [("error", "ExpectColumnValuesToNotBeNull")]
    assert "1 of 3 rows differ (listing-2020#3: empty)" in messages(validation)[0]


def test_an_unknown_code_fails_and_a_missing_one_does_not() -> None:
    validation = check_edition(landed(sector_code=["bio", "toys", None]), FACTS)
    assert failed(validation) == [("error", "ExpectColumnValuesToBeInSet")]
    assert "may only hold bio, ict, but 1 of 3 rows differ (listing-2020#3: toys)" in messages(validation)[0]


def many(sector_codes: list[str | None]) -> pd.DataFrame:
    """As many rows as there are codes, each with a name of its own."""
    names = [f"Name {number}" for number in range(len(sector_codes))]
    row_ids = [f"listing-2020#{number}" for number in range(2, len(names) + 2)]
    return pd.DataFrame(
        {"row_id": row_ids, "name": names, "sector_code": sector_codes, "is_synthetic": False, "rejected_reason": None}
    )


def test_a_column_much_emptier_than_in_the_edition_before_is_a_warning() -> None:
    before = blank_shares(many(["bio"] * 8 + [None] * 4), ("name", "sector_code", "absent"))
    assert before == {"name": 0, "sector_code": pytest.approx(1 / 3)}
    facts = replace(FACTS, previous_blank_shares=before, rows_max=99)
    assert messages(check_edition(many(["bio"] * 6 + [None] * 6), facts)) == []
    emptier = check_edition(many(["bio"] * 4 + [None] * 8), facts)
    assert failed(emptier) == [("warn", "ExpectColumnValuesToNotBeNull")]
    assert "blanks_accepted" in messages(emptier)[0]
    assert emptier.is_passed


def test_editions_of_few_rows_are_not_compared() -> None:
    assert blank_shares(many(["bio", None]), ("sector_code",)) == {}
    facts = replace(FACTS, previous_blank_shares={"sector_code": 0.0})
    assert messages(check_edition(many(["bio", None, None]), facts)) == []


def test_a_check_that_cannot_run_has_failed() -> None:
    validation = check_edition(landed().drop(columns="sector_code"), FACTS)
    assert failed(validation) == [("error", "ExpectColumnValuesToBeInSet")]
    assert "the check could not run" in messages(validation)[0]


def test_outcomes_keep_the_order_of_the_suite() -> None:
    suite = [
        ExpectationSpec("ExpectColumnToExist", {"column": "name"}, "there must be a name", "Add it."),
        ExpectationSpec("ExpectColumnValuesToBeBetween", {"column": "absent", "min_value": 0}, "absent", "Add it."),
        ExpectationSpec("ExpectColumnToExist", {"column": "absent"}, "absent must be there", "Add it."),
    ]
    validation = validate_frame(landed(), suite, subject="here")
    assert [outcome.is_passed for outcome in validation.outcomes] == [True, False, False]
    assert validation.outcomes[2].message == "In here, absent must be there, but it was not found. Add it."


def test_merged_validations_keep_every_outcome() -> None:
    sound, broken = check_edition(landed(), FACTS), check_edition(landed().iloc[:0], FACTS)
    both = merge("all", [sound, broken])
    assert both.n_rows == 3
    assert len(both.outcomes) == len(sound.outcomes) + 1
    assert both.errors == broken.errors


@pytest.mark.parametrize(
    ("flags", "is_passed"), [([False, False], True), ([False, True], False), ([None, False], False)]
)
def test_no_unresolved_mention_may_be_blocking(flags: list[bool | None], is_passed: bool) -> None:
    reasons = ["No decision row names this mention yet"] * 2
    mentions = pd.DataFrame({"mention_key": ["a/1/entry/x", "a/1/entry/y"], "is_blocking": flags, "reason": reasons})
    assert check_mentions(mentions).is_passed is is_passed
    assert check_mentions(mentions.iloc[:0]).is_passed


def test_a_mention_that_waits_is_a_warning_and_one_that_was_looked_at_is_none() -> None:
    reasons = ["Nobody could be identified: a country", "No decision row names this mention yet"]
    mentions = pd.DataFrame({"mention_key": ["a/1/lead/x", "a/1/lead/y"], "is_blocking": False, "reason": reasons})
    [warning] = check_mentions(mentions).warnings
    assert "(a/1/lead/y: yes)" in warning.message
    assert "observatory review" in warning.message
    assert not check_mentions(mentions.iloc[:1]).warnings


def test_the_rows_of_every_source_must_balance() -> None:
    account = pd.DataFrame({"source_id": ["a-1", "b-1"], "is_balanced": [True, True]})
    assert check_row_account(account).is_passed
    lost = check_row_account(account.assign(is_balanced=[True, False]))
    assert "b-1: no" in messages(lost)[0]
    assert not check_row_account(account.iloc[:0]).is_passed


@pytest.mark.parametrize(
    "text",
    [
        "write to someone@office.example",
        "call +81 3 1234 5678",
        "call +49 (0)30 123456-7",
        "(03) 1234-5678",
        "03-1234-5678",
        "Tel. 1234567",
        "電話：0312345678",
    ],
)
def test_contact_data_in_a_published_text_fails(text: str) -> None:
    frame = pd.DataFrame({"cluster_id": ["JPC-0001"], "note": [text]})
    validation = check_personal_data({"marts.dim_cluster": frame})
    assert [outcome.severity for outcome in validation.errors] == ["error"]
    assert "marts.dim_cluster.note" in messages(validation)[0]


@pytest.mark.parametrize(
    "text",
    [
        "2016-04-01",
        "2013-2016, 2017-2020",
        "JPC-0042 | EVT-0007",
        "https://www.office.example/news/2015/20150408114-news.html",
        "352 members in 2019-04, 1 000 000 EUR",
        "0.123456789",
        "ISO 3166-2:JP, JP-13",
        "@home technology",
        "about 2,300-2,400 firms",
    ],
)
def test_dates_ids_and_addresses_of_pages_are_no_contact_data(text: str) -> None:
    frame = pd.DataFrame({"has_international_contact": [True], "first_contact": ["2015"], "note": [text]})
    assert messages(check_personal_data({"marts.dim_cluster": frame})) == []


@pytest.mark.parametrize("name", ["e_mail", "email_address", "contact", "contact_person", "tel", "manager_first_name"])
def test_a_column_named_like_a_contact_fails(name: str) -> None:
    validation = check_personal_data({"marts.dim_cluster": pd.DataFrame({name: ["x"]})})
    assert failed(validation) == [("error", "ExpectColumnValuesToBeInSet")]


def test_every_row_that_can_be_synthetic_says_so() -> None:
    mart = pd.DataFrame({"cluster_id": ["a", "b"], "is_synthetic": [True, False]})
    sound = {"marts.dim_cluster": mart, "marts.dim_sector": mart[["cluster_id"]], "stats.topic": mart}
    assert check_synthetic_flags(sound).is_passed
    assert not check_synthetic_flags(sound | {"marts.dim_cluster": mart.assign(is_synthetic=[True, None])}).is_passed
    without = check_synthetic_flags(sound | {"stats.topic": mart[["cluster_id"]]})
    assert "stats.topic: 2" in messages(without)[0]


def estimates(**changes: object) -> dict[str, pd.DataFrame]:
    columns: dict[str, object] = {
        "estimate_id": ["a", "b", "c"],
        "statistic": ["survival_share", "mean_size", "share_of_answers"],
        "value": [0.5, 12.0, None],
        "lower": [0.4, 10.0, None],
        "upper": [0.6, 15.0, None],
    }
    return {"stats.topic": pd.DataFrame(columns | changes)}


def test_possible_estimates_pass_up_to_rounding() -> None:
    assert messages(check_estimates(estimates())) == []
    assert check_estimates(estimates(upper=[1 + 1e-12, 15.0, None])).is_passed


@pytest.mark.parametrize(
    "change",
    [
        {"value": [1.2, 12.0, None], "upper": [None, None, None]},
        {"value": [0.5, 12.0, -0.1]},
        {"lower": [-0.1, 10.0, None]},
        {"upper": [1.1, 15.0, None]},
        {"lower": [0.55, 10.0, None]},
        {"upper": [0.6, 11.0, None]},
        {"lower": [0.4, 10.0, 0.8], "upper": [0.6, 15.0, 0.7]},
    ],
)
def test_an_impossible_estimate_fails(change: dict[str, object]) -> None:
    assert len(check_estimates(estimates(**change)).errors) == 1


def survival(shares: list[float | None]) -> pd.DataFrame:
    pair = {
        "family": "listing",
        "from_edition_id": "listing/2013",
        "to_edition_id": "listing/2016",
        "domain": "all",
        "is_synthetic": False,
    }
    rows = [
        pair | {"estimate_id": str(place), "statistic": "outcome_share", "value": value}
        for place, value in enumerate(shares)
    ]
    return pd.DataFrame([*rows, pair | {"estimate_id": "all", "statistic": "stock_survival_share", "value": 0.7}])


def test_outcome_shares_of_a_pair_add_to_one() -> None:
    assert check_survival_shares(survival([0.7, 0.2, 0.1])).is_passed
    assert check_survival_shares(survival([None, None])).is_passed
    lost = check_survival_shares(survival([0.7, 0.2]))
    assert "listing/2013 to listing/2016, all: 0.9" in messages(lost)[0]


def test_a_release_is_validated_as_a_whole() -> None:
    tables = {
        "reports.rpt_unresolved_mention": pd.DataFrame(
            {"mention_key": ["a"], "is_blocking": [False], "reason": ["Nobody could be identified: a country"]}
        ),
        "reports.rpt_row_account": pd.DataFrame({"source_id": ["a-1"], "is_balanced": [True]}),
        "marts.dim_cluster": pd.DataFrame({"cluster_id": ["JPC-0001"], "is_synthetic": [False]}),
        "stats.survival_share": survival([0.5, 0.5]).assign(lower=None, upper=None),
    }
    assert messages(check_release(tables)) == []
    unplaced = tables["reports.rpt_unresolved_mention"].assign(is_blocking=True)
    broken = check_release({**tables, "reports.rpt_unresolved_mention": unplaced})
    assert [outcome.observed for outcome in broken.errors] == ["1 of 1 rows differ (a: yes)"]
