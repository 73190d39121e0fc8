"""Which outcome rates a wave has, by what its card tells; values worked by hand."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from analytics.estimate import Row
from analytics.explanation.membership import MEMBERS
from analytics.statistics.outcome_rates import RATES
from analytics.topics.survey_outcome_rate import (
    BELOW,
    LINK_UNKNOWN,
    NEEDS,
    OPEN_LINK,
    TABLE,
    rate_rows,
    survey_outcome_rate,
)

WORLD = Path(__file__).parents[1] / "golden" / "analytics_world.sql"
CLOSED = {"link": "closed", "unit": "organisation"}
FILE = {"complete": 60, "partial": 5, "break_off": 2, "excluded": 7, "duplicate": 1}
TOLD = {"refusal": 18, "non_contact": 10, "other": 5}


def rates(told: dict[str, int], design: dict[str, str] | None = None) -> dict[str, Row]:
    return {row["statistic"]: row for row in rate_rows("mihon/2020", told, CLOSED if design is None else design)}


def values(found: dict[str, Row]) -> dict[str, float | None]:
    return {name: row["value"] for name, row in found.items()}


def test_every_rate_says_what_it_needs() -> None:
    assert set(NEEDS) == set(RATES) == set(BELOW)


def test_all_rates_of_a_wave_by_invitation() -> None:
    """Of 150 invited 50 have no disposition: U. The rest make 100; e is 0.5. Break-offs count as refusals: R is 20."""
    design = CLOSED | {"eligible_share": "0.5", "eligible_share_basis": "a call"}
    found = rates(FILE | TOLD | {"invited": 150}, design)
    assert values(found) == pytest.approx(
        {
            "RR1": 0.4, "RR2": 65 / 150, "RR3": 0.48, "RR4": 0.52, "RR5": 0.6, "RR6": 0.65,
            "COOP1": 60 / 90, "COOP2": 65 / 90, "COOP3": 60 / 85, "COOP4": 65 / 85,
            "REF1": 20 / 150, "REF2": 0.16, "REF3": 0.2, "CON1": 0.6, "CON2": 0.72, "CON3": 0.9,
        }
    )  # fmt: skip
    row = found["RR3"]
    assert (row["n_complete"], row["n_refusal"], row["n_unknown"], row["eligible_share_basis"]) == (
        60,
        20,
        50,
        "a call",
    )
    assert (row["unit"], row["base"]) == (
        "organisation",
        "organisations of mihon/2020: the eligible, and the share e of those of unknown eligibility",
    )
    assert {each["null_reason"] for each in found.values()} == {None}


def test_a_partial_response_is_in_rr2_and_not_in_rr1() -> None:
    found = rates({"complete": 3, "partial": 1, "invited": 8})
    assert (found["RR1"]["value"], found["RR2"]["value"]) == (3 / 8, 4 / 8)


def test_invited_alone_gives_the_lowest_response_rates_and_no_other() -> None:
    found = rates(FILE | {"invited": 150})
    assert {name for name, row in found.items() if row["value"] is not None} == {"RR1", "RR2"}
    assert found["RR5"]["null_reason"] == "dispositions not documented: refusal, non_contact, other"
    assert found["COOP3"]["null_reason"] == "dispositions not documented: refusal"
    assert found["RR1"]["n_refusal"] is None
    assert found["RR1"]["n_unknown"] is None


def test_nothing_told_is_no_rate() -> None:
    found = rates(FILE)
    assert set(values(found).values()) == {None}
    assert found["RR1"]["null_reason"] == "dispositions not documented: invited (or unknown_eligibility)"


def test_without_invitations_all_dispositions_make_the_base() -> None:
    assert rates(FILE | TOLD | {"unknown_eligibility": 50})["RR1"]["value"] == 60 / 150


def test_the_eligible_share_by_allocation() -> None:
    """100 known to be eligible, 25 known not to be: e is 0.8, and of 30 unknown 24 are counted."""
    row = rates(FILE | TOLD | {"unknown_eligibility": 30, "not_eligible": 25})["RR3"]
    assert row["eligible_share"] == 0.8
    assert row["value"] == pytest.approx(60 / 124)
    assert "100 of the 125 units" in row["eligible_share_basis"]


def test_no_eligible_share_is_made_of_dispositions_that_nobody_told() -> None:
    """67 of the invited are known to be eligible, but so may be any who refused: 67 of 92 would be no estimate."""
    row = rates(FILE | {"invited": 150, "not_eligible": 25})["RR1"]
    assert (row["value"], row["eligible_share"], row["eligible_share_basis"]) == (60 / 125, None, None)
    told = rates(FILE | {"invited": 150, "not_eligible": 25}, CLOSED | {"eligible_share": "0.5"})["RR1"]
    assert told["eligible_share"] == 0.5


def test_nobody_is_left_over_where_the_counts_contradict_each_other() -> None:
    assert rates(FILE | TOLD | {"invited": 90})["RR1"]["n_unknown"] is None


def test_without_an_eligible_share_rr3_says_so() -> None:
    found = rates(FILE | TOLD | {"invited": 150})
    assert found["RR3"]["value"] is None
    assert "eligible share" in found["RR3"]["null_reason"]
    assert found["RR5"]["value"] == 0.6


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({"invited": 90}, "90 were invited, but the dispositions are those of 100"),
        ({"invited": 150, "unknown_eligibility": 60}, "150 were invited, but the dispositions are those of 160"),
        ({"invited": 150, "unknown_eligibility": 40}, "150 were invited, but 10 of them have no disposition"),
        ({"invited": 150, "unknown_eligibility": 40, "not_eligible": 10}, None),
    ],
)
def test_counts_that_contradict_each_other_give_no_rate(counts: dict[str, int], reason: str | None) -> None:
    row = rates(FILE | TOLD | counts)["RR1"]
    assert row["null_reason"] == reason
    assert (row["value"] is None) == (reason is not None)


def test_an_open_link_has_no_response_rate() -> None:
    for design, reason in (({"link": "open"}, OPEN_LINK), ({}, LINK_UNKNOWN)):
        found = rates(FILE | TOLD | {"invited": 150}, design)
        assert set(values(found).values()) == {None}
        assert {row["null_reason"] for row in found.values()} == {reason}


def test_the_table_and_its_members() -> None:
    """600 + 50 + 20 in the file, 180 + 100 + 50 told, 1500 invited: 500 are unknown, half of them count."""
    with duckdb.connect() as connection:
        connection.execute(WORLD.read_text(encoding="utf-8"))
        table = survey_outcome_rate(connection)
        connection.register("found", table)
        connection.execute("create table stats.survey_outcome_rate as from found")
        rows = connection.execute(
            "select wave, statistic, value from found where statistic in ('RR1', 'RR4', 'REF3') order by all"
        ).fetchall()
        assert rows == [
            ("2020", "REF3", 0.2), ("2020", "RR1", 0.4), ("2020", "RR4", 0.52),
            ("2021", "REF3", None), ("2021", "RR1", None), ("2021", "RR4", None),
        ]  # fmt: skip
        members = connection.execute(
            f"select counts_as, is_counted from ({MEMBERS['survey_outcome_rate']}) "
            "where estimate_id = 'survey_outcome_rate/mihon_study/2020/RR2' order by all"
        ).fetchall()
        assert [counts_as for counts_as, is_counted in members if is_counted] == [
            "complete, 600 (file)", "partial, 50 (file)",
        ]  # fmt: skip
        assert "invited, 1500 (card)" in dict(members)
    assert table.num_rows == 2 * len(RATES)
    assert TABLE.key == ("estimate_id",)
