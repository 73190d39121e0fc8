"""Tests of paired levels against R, published values, outcomes counted by hand, and what must hold for every table."""

from __future__ import annotations

import csv
from collections.abc import Callable
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics.paired_levels import bowker, bowker_exact, level_change, stuart_maxwell, stuart_maxwell_exact

GOLDEN = Path(__file__).parents[1] / "golden" / "paired_levels"


def golden(file: str) -> list[dict[str, str]]:
    with (GOLDEN / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


CELLS, TESTS = golden("table.csv"), golden("test.csv")


def table(case: str) -> np.ndarray:
    cells = [row for row in CELLS if row["case"] == case]
    size = int(sqrt(len(cells)))
    counts = np.zeros((size, size), dtype=int)
    for row in cells:
        counts[int(row["row"]) - 1, int(row["column"]) - 1] = int(row["n"])
    return counts


def rows(*tests: str) -> list[pytest.ParameterSet]:
    return [pytest.param(row, id=f"{row['case']} {row['test']}") for row in TESTS if row["test"] in tests]


@pytest.mark.parametrize("row", rows("bowker", "stuart_maxwell"))
def test_large_sample_tests_equal_r(row: dict[str, str]) -> None:
    result = {"bowker": bowker, "stuart_maxwell": stuart_maxwell}[row["test"]](table(row["case"]))
    assert result.statistic == pytest.approx(float(row["statistic"]), rel=1e-11)
    assert result.df == int(row["df"])
    assert result.p_value == pytest.approx(float(row["p_value"]), rel=1e-11)


def test_vision_of_7477_women_as_published() -> None:
    """Stuart (1955): 11.96 with 3 degrees of freedom; symmetry 19.11 with 6 (Bishop, Fienberg and Holland 1975)."""
    assert stuart_maxwell(table("vision")).statistic == pytest.approx(11.96, abs=0.005)
    assert bowker(table("vision")).statistic == pytest.approx(19.11, abs=0.005)


@pytest.mark.parametrize("row", rows("bowker_exact", "stuart_maxwell_exact"))
def test_exact_tests_equal_all_outcomes_listed_in_r(row: dict[str, str]) -> None:
    result = {"bowker_exact": bowker_exact, "stuart_maxwell_exact": stuart_maxwell_exact}[row["test"]](
        table(row["case"])
    )
    assert (result.method, result.standard_error) == ("exact", None)
    assert result.statistic == pytest.approx(float(row["statistic"]))
    assert result.p_value == pytest.approx(float(row["p_value"]), rel=1e-10)


@pytest.mark.parametrize("row", rows("mcnemar_exact", "coin_exact"))
def test_two_levels_are_the_exact_mcnemar_test(row: dict[str, str]) -> None:
    expected = pytest.approx(float(row["p_value"]), rel=1e-10)
    assert bowker_exact(table(row["case"])).p_value == expected
    assert stuart_maxwell_exact(table(row["case"])).p_value == expected


@pytest.mark.parametrize("row", rows("sign"))
def test_sign_test_equals_r(row: dict[str, str]) -> None:
    result = level_change(table(row["case"]))
    assert (result.n_up, result.n_down) == (int(row["statistic"]), int(row["df"]))
    assert result.p_value == pytest.approx(float(row["p_value"]), rel=1e-9)


@pytest.mark.parametrize("row", rows("mean_change"))
def test_mean_change_equals_r(row: dict[str, str]) -> None:
    result = level_change(table(row["case"]))
    assert result.n == int(row["df"])
    assert result.mean_change == pytest.approx(float(row["statistic"]))
    assert result.std_error == pytest.approx(float(row["p_value"]))


def test_two_pairs_of_levels_by_hand() -> None:
    """Three moved between the first two levels, all up; one between the last two, down.

    Statistic 9/3 + 1/1 = 4. Of (3 + 1)(1 + 1) = 8 outcomes those with 3 or 0 ups in the first pair reach it, whatever
    the second does: chance 2/8. Margins: d = (-3, 3 + 1, -1) with V from 3 and 1, and d' V^- d = 3^2/3 + 1^2/1, the
    same on a chain of levels.
    """
    counts = [[2, 3, 0], [0, 1, 0], [0, 1, 4]]
    result = bowker_exact(counts)
    assert (result.statistic, result.n_outcomes, result.n_changed) == (4, 8, 4)
    assert result.p_value == pytest.approx(2 / 8)
    assert stuart_maxwell_exact(counts).p_value == pytest.approx(2 / 8)
    assert (bowker(counts).df, stuart_maxwell(counts).df) == (2, 2)


def test_a_round_trip_is_asymmetric_but_leaves_the_margins_equal() -> None:
    """Four units each move 1 to 2, 2 to 3 and 3 to 1: Bowker 3 * 16/4 = 12, margins do not move at all."""
    counts = [[0, 4, 0], [0, 0, 4], [4, 0, 0]]
    assert bowker(counts).statistic == pytest.approx(12)
    assert stuart_maxwell(counts).statistic == pytest.approx(0, abs=1e-12)
    assert stuart_maxwell_exact(counts).p_value == pytest.approx(1)
    # 0 or 4 of 4 in each of the three pairs: (2/16)^3.
    assert bowker_exact(counts).p_value == pytest.approx((1 / 8) ** 3)


@pytest.mark.parametrize("test", [bowker_exact, stuart_maxwell_exact])
def test_many_outcomes_are_drawn_with_their_error(test: Callable[..., object]) -> None:
    """Against the same table listed in full; and large tables agree with the chi-squared distribution."""
    listed = test(table("four_levels"))
    drawn = test(table("four_levels"), limit=10)
    assert (listed.method, drawn.method) == ("exact", "Monte Carlo")
    assert abs(drawn.p_value - listed.p_value) < 4 * drawn.standard_error
    assert drawn.standard_error == pytest.approx(sqrt(listed.p_value * (1 - listed.p_value) / 100_000), rel=0.05)
    assert test(table("four_levels"), limit=10) == drawn
    assert test(table("four_levels"), limit=10, seed=2).p_value != drawn.p_value
    large = {bowker_exact: bowker, stuart_maxwell_exact: stuart_maxwell}[test](table("vision"))
    assert test(table("vision"), draws=20_000).p_value == pytest.approx(large.p_value, abs=0.003)


def test_groups_of_levels_without_a_move_between_have_no_large_sample_test() -> None:
    result = stuart_maxwell(table("groups"))
    assert (result.statistic, result.df, result.p_value) == (None, None, None)
    assert result.reason == (
        "the variance matrix is singular: no unit moved between groups of levels; the exact test is defined"
    )


@pytest.mark.parametrize("test", [bowker, stuart_maxwell, bowker_exact, stuart_maxwell_exact])
def test_nothing_is_tested_when_nobody_moved(test: Callable[..., object]) -> None:
    result = test([[3, 0], [0, 2]])
    assert (result.statistic, result.p_value, result.reason) == (None, None, "no unit changed its level")


def test_a_mean_without_spread_has_no_error() -> None:
    assert level_change([[3, 0], [0, 2]]).std_error is None
    assert level_change([[3, 0], [0, 2]]).mean_change == 0
    same_step = level_change([[0, 5], [0, 0]])
    assert (same_step.mean_change, same_step.std_error) == (1, None)
    assert same_step.reason == "one unit, or all by the same step: no standard error"
    assert level_change([[0, 0], [0, 0]]).reason == "no unit was rated in both editions"


@pytest.mark.parametrize("counts", [[[1, 2, 3], [4, 5, 6]], [[1]], [1, 2], [[1, -1], [0, 1]], [[1.5, 0], [0, 1]]])
def test_what_is_no_table_of_counts_is_refused(counts: list) -> None:
    with pytest.raises(ValueError, match="a table of levels"):
        bowker(counts)


squares = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 3), min_size=k, max_size=k), min_size=k, max_size=k)
)


@settings(max_examples=60, deadline=None)
@given(squares)
def test_turning_time_round_or_renaming_levels_changes_nothing(counts: list[list[int]]) -> None:
    before = np.array(counts)
    renamed = before[::-1, ::-1]
    for test in (bowker, stuart_maxwell):
        for other in (before.T, renamed):
            assert test(other).statistic == pytest.approx(test(before).statistic)
            assert test(other).df == test(before).df
    one, other = level_change(before), level_change(before.T)
    assert (one.n_up, one.p_value) == (other.n_down, other.p_value)


@settings(max_examples=60, deadline=None)
@given(squares)
def test_units_that_stayed_do_not_count(counts: list[list[int]]) -> None:
    before = np.array(counts)
    stayed = before + 7 * np.eye(len(before), dtype=int)
    assert bowker(stayed) == bowker(before)
    assert stuart_maxwell_exact(stayed, limit=3000, draws=200) == stuart_maxwell_exact(before, limit=3000, draws=200)


@settings(max_examples=60, deadline=None)
@given(squares)
def test_symmetry_is_the_stronger_claim(counts: list[list[int]]) -> None:
    """The marginal statistic is a projection of the same differences, so it cannot exceed Bowker's."""
    symmetry, margins = bowker(counts), stuart_maxwell(counts)
    if margins.statistic is not None:
        assert margins.statistic <= symmetry.statistic + 1e-9
        assert margins.df <= symmetry.df
