"""Durations of ten made-up spells and of a family that nobody left, worked by hand; the arithmetic is tested apart.

The spells of `tide_list`, in years since the first listing: deaths at 1, 2 and between 4 and 6 (middle 5), a merger at
3, three censored at 6, one out of scope at 5, one unknown since 3 and missed at 6, one never seen again after its first
listing and missed at 3. Founded 4 years before (numbers 1 to 4), 9 years before (5 to 8 and 10) or nobody knows (9).
"""

from __future__ import annotations

from math import erfc
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.followed_spell import Spell
from analytics.topics.duration import survival_curve
from analytics.topics.duration_test import _rows as rows_of
from analytics.topics.duration_test import duration_test

WORLD = Path(__file__).parents[1] / "golden" / "analytics_world.sql"
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def world() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(WORLD.read_text(encoding="utf-8"))
    return connection


@pytest.fixture(scope="module")
def curves(world: duckdb.DuckDBPyConnection) -> Rows:
    return list(survival_curve(world).to_pylist())


@pytest.fixture(scope="module")
def tests_of_groups(world: duckdb.DuckDBPyConnection) -> Rows:
    return list(duration_test(world).to_pylist())


def chosen(rows: Rows, **conditions: object) -> Rows:
    return [row for row in rows if all(row[name] == value for name, value in conditions.items())]


def tide(curves: Rows, **conditions: object) -> Rows:
    plain = {"family": "tide_list", "domain": "all", "clock": "since_listing", "unknown_as": "censored"}
    return chosen(curves, **(plain | conditions))


def test_closures_by_kaplan_meier(curves: Rows) -> None:
    found = tide(curves, exit_kind="closure", method="kaplan_meier")
    # Nine were followed for some time; the one missed at once was not.
    counts = [(row["time"], row["n_risk"], row["n_event"], row["n_censored"]) for row in found]
    assert counts == [(1, 9, 1, 0), (2, 8, 1, 0), (3, 7, 1, 1), (5, 5, 1, 1), (6, 3, 0, 3)]
    # 8/9, 7/8 of it, 6/7 of it, 4/5 of it
    assert [row["survival"] for row in found] == pytest.approx([8 / 9, 7 / 9, 6 / 9, 24 / 45, 24 / 45])
    # Greenwood: S^2 * sum of d / (n (n - d))
    at_three = (6 / 9) * (1 / 72 + 1 / 56 + 1 / 42) ** 0.5
    assert found[2]["std_error"] == pytest.approx(at_three)
    assert found[2]["plain_lower"] == pytest.approx(6 / 9 - 1.959963984540054 * at_three)


def test_deaths_alone_leave_mergers_censored(curves: Rows) -> None:
    found = tide(curves, exit_kind="death", method="kaplan_meier")
    assert [(row["n_event"], row["n_censored"]) for row in found] == [(1, 0), (1, 0), (0, 2), (1, 1), (0, 3)]
    assert found[-1]["survival"] == pytest.approx(8 / 9 * 7 / 8 * 4 / 5)


def test_an_exit_between_two_days_is_a_step_of_some_width(curves: Rows) -> None:
    found = tide(curves, exit_kind="closure", method="npmle")
    assert [(row["time_from"], row["time"]) for row in found] == [(1, 1), (2, 2), (3, 3), (5, 6), (6, None)]
    # After 3: one went between 4 and 6, three were there at 6, the one last seen at 5 says nothing of the time after.
    # The chance m of the step maximises m (1 - m)^3: one in four.
    assert [row["survival"] for row in found[:4]] == pytest.approx([8 / 9, 7 / 9, 6 / 9, 6 / 9 * 3 / 4])
    assert not found[3]["is_identified"]
    assert found[4]["survival"] is None


def test_all_unknown_gone_is_the_lower_curve(curves: Rows) -> None:
    censored = tide(curves, exit_kind="closure", method="npmle")
    gone = tide(curves, exit_kind="closure", method="npmle", unknown_as="gone")
    assert (censored[0]["n_units"], censored[0]["n_exits"]) == (9, 4)
    assert (gone[0]["n_units"], gone[0]["n_exits"]) == (10, 6)
    # The death of number 5 may still be undone; of two nothing is known, whatever is assumed of them.
    assert [(row["n_provisional"], row["n_unknown"]) for row in (censored[0], gone[0])] == [(1, 2), (1, 2)]
    assert min(row["survival"] for row in gone if row["survival"] is not None) < censored[3]["survival"]


def test_the_clock_of_founding_starts_when_somebody_was_seen(curves: Rows) -> None:
    found = tide(curves, exit_kind="closure", method="kaplan_meier", clock="since_founding")
    # Four enter at the age of 4, four (one of unknown age and one never followed left out) at 9: at 5 there are 4.
    assert [(row["time"], row["n_risk"]) for row in found] == [
        (5, 4),
        (6, 3),
        (7, 2),
        (10, 5),
        (12, 4),
        (14, 3),
        (15, 1),
    ]
    assert found[2]["survival"] == pytest.approx(1 / 4)
    assert found[5]["survival"] == pytest.approx(1 / 4 * 2 / 3)
    assert "conditional on reaching 4" in found[0]["reason"]


def test_a_family_that_nobody_left_has_a_reason_and_no_curve(curves: Rows) -> None:
    found = chosen(curves, family="harbour_list", clock="since_listing", exit_kind="closure", method="kaplan_meier")
    assert [(row["survival"], row["time"], row["n_units"]) for row in found] == [(None, None, 6)]
    assert found[0]["reason"] == "no exit is known, so a curve would show certainty where there is no information"
    [unknown] = chosen(curves, family="harbour_list", clock="since_founding", exit_kind="death", method="npmle",
                       unknown_as="gone")  # fmt: skip
    assert unknown["reason"] == "fewer than 5 clusters were followed on this clock: 0 of 6"


def test_no_interval_has_zero_width_and_no_gap_is_silent(curves: Rows) -> None:
    assert curves
    assert not [row for row in curves if row["lower"] is not None and not row["lower"] < row["upper"]]
    assert not [row for row in curves if row["survival"] is None and row["lower"] is None and not row["reason"]]


def test_sectors_by_log_rank(tests_of_groups: Rows) -> None:
    [row] = chosen(tests_of_groups, family="tide_list", clock="since_listing", exit_kind="closure", grouping="sector")
    # food 4, health 4 (one without a sector is left out): food leaves at 1, 2, 3; health at 5, with 1 food at risk.
    expected = 4 / 8 + 3 / 7 + 2 / 6 + 1 / 4
    variance = (4 * 4) / 64 + (3 * 4) / 49 + (2 * 4) / 36 + (1 * 3) / 16
    assert (row["n_units"], row["n_not_stated"], row["n_exits"], row["df"]) == (8, 1, 4, 1)
    assert row["statistic"] == pytest.approx((3 - expected) ** 2 / variance)
    assert row["groups"].startswith(f"food: 4 spells, 3 exits, {expected:.2f} expected; health: 4 spells, 1 exits")
    assert row["exact_method"] == "exact"
    assert row["exact_outcomes"] == 70
    # Fewer than five exits are expected of either, so the large-sample value would say more than is known.
    assert row["p_value"] is None
    assert 0 < row["exact_p_value"] < 1
    assert row["reason"].endswith("too few for p_value: see exact_p_value")
    assert (row["n_provisional"], row["n_unknown"]) == (1, 2)


def compared(spells: list[tuple[str, float, float, bool]]) -> dict[str, Any]:
    """The test of spells (group, age at the first listing, years followed, left), all of one made-up family."""
    listed = [
        Spell("f", True, group, None, None, "died" if left else "survived", False, years, years if left else None,
              None, age)
        for group, age, years, left in spells
    ]  # fmt: skip
    [row] = [
        row
        for row in rows_of({("f", True): listed})
        if (row["clock"], row["exit_kind"], row["grouping"]) == ("since_founding", "death", "unit_kind")
    ]
    return row


def test_large_groups_have_a_p_value_and_small_ones_only_the_exact_one() -> None:
    many = [(group, 1.0, 1.0 + n % 7 + n / 100, True) for group in ("initiative", "partnership") for n in range(12)]
    row = compared(many)
    assert (row["df"], row["reason"]) == (1, None)
    assert row["p_value"] == pytest.approx(erfc((row["statistic"] / 2) ** 0.5))
    few = compared(many[:3] + many[-3:])
    assert (few["df"], few["p_value"]) == (1, None)
    assert few["exact_p_value"] >= 1 / 20


def test_a_group_that_was_never_at_risk_does_not_count_as_small() -> None:
    many = [(group, 1.0, 1.0 + n % 7 + n / 100, True) for group in ("initiative", "partnership") for n in range(12)]
    # Seen from the age of 30 on, long after the last of the others had left.
    row = compared([*many, ("support_body", 30.0, 3.0, False)])
    assert (row["n_groups"], row["df"], row["reason"]) == (3, 1, None)
    assert row["p_value"] is not None


def test_funding_programmes_are_compared_with_those_in_none(tests_of_groups: Rows) -> None:
    [row] = chosen(tests_of_groups, family="tide_list", clock="since_listing", exit_kind="death", grouping="programme")
    assert (row["n_groups"], row["n_units"], row["n_exits"]) == (2, 9, 3)
    assert row["groups"].startswith("P: 3 spells, 2 exits")


def test_one_group_is_no_comparison(tests_of_groups: Rows) -> None:
    [row] = chosen(tests_of_groups, family="tide_list", clock="since_listing", exit_kind="death", grouping="unit_kind")
    assert (row["statistic"], row["p_value"], row["reason"]) == (None, None, "only one group")
    [real] = chosen(tests_of_groups, family="harbour_list", clock="since_listing", exit_kind="death", grouping="sector")
    assert real["reason"] == "nobody was followed on this clock"
