"""Levels abroad in `stats`: bounds, whole matrices, and what one wrongly recorded part would move, counted by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.topics.internationalisation import internationalisation_level
from analytics.topics.level_balance import level_transition_test, square_table
from analytics.topics.level_sensitivity import level_sensitivity
from analytics.topics.level_transition import level_transition

WORLD = Path(__file__).parents[1] / "golden" / "analytics_world.sql"
NEWEST = "edition_id = 'cluster_mapping/2016'"


@pytest.fixture
def world() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(WORLD.read_text(encoding="utf-8"))
    return connection


def rows(table: Any, condition: str) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        connection.register("stat", table)
        found: list[dict[str, Any]] = connection.sql(f"from stat where {condition}").to_arrow_table().to_pylist()
    return found


def test_a_level_is_bounded_by_what_is_not_stated(world: duckdb.DuckDBPyConnection) -> None:
    """Clusters 1 to 38 and 46 to 59 stand at their number modulo 5, and every fourth may stand at 4.

    At 4 stand 4, 9, ..., 34 and 49, 54, 59: ten, for certain. Twelve are multiples of four (4, ..., 36; 48, 52, 56), of
    which 4 and 24 are among the ten: twenty may stand there. At 3 stand 3, ..., 38 and 48, 53, 58: eleven, of which 8,
    28 and 48 are multiples of four; seven more of those stand below 3 and may pass it: eighteen.
    """
    table = internationalisation_level(world)
    found = {row["level_code"]: row for row in rows(table, f"{NEWEST} and scale = 'ordinal'")}
    four, three = found["4"], found["3"]
    assert (four["numerator"], four["lower"], four["upper"]) == (10, 10 / 52, 20 / 52)
    assert (three["numerator"], three["lower"], three["upper"]) == (11, 8 / 52, 18 / 52)
    assert (four["interval_method"], four["interval_level"]) == ("bounds", None)


def test_a_level_that_nobody_can_join_or_leave_has_no_bounds(world: duckdb.DuckDBPyConnection) -> None:
    """Where only those at 3 may rise to 4, the level 2 is sure: 2, ..., 37 and 47, 52, 57 are eleven."""
    world.execute(
        "update marts.fct_internationalisation "
        "set level_highest = case ordinal_level when 3 then 4 else ordinal_level end"
    )
    table = internationalisation_level(world)
    [two] = rows(table, f"{NEWEST} and scale = 'ordinal' and level_code = '2'")
    assert (two["numerator"], two["lower"], two["upper"]) == (11, None, None)
    assert two["interval_method"] == "none (nothing unknown)"


def test_a_part_that_rows_can_only_show_has_bounds_and_no_share(world: duckdb.DuckDBPyConnection) -> None:
    world.execute(
        "update marts.fct_internationalisation set has_escp4i_membership = null where not has_escp4i_membership"
    )
    [row] = rows(internationalisation_level(world), f"{NEWEST} and level_code = 'has_escp4i_membership'")
    assert (row["value"], row["numerator"], row["base_n"]) == (None, 2, 2)
    assert (row["lower"], row["upper"], row["n_not_stated"]) == (2 / 52, 1.0, 50)
    assert "none denies it" in row["null_reason"]


def test_a_list_that_prints_no_level_has_no_distribution(world: duckdb.DuckDBPyConnection) -> None:
    world.execute("update marts.fct_internationalisation set level_code = null, level_printed = null")
    table = internationalisation_level(world)
    assert rows(table, "scale = 'printed'") == []
    assert sum(row["numerator"] for row in rows(table, f"{NEWEST} and scale = 'ordinal'")) == 52
    assert rows(level_transition(world), "scale = 'printed'") == []


def test_the_matrix_of_moves_is_whole(world: duckdb.DuckDBPyConnection) -> None:
    """Clusters 1 to 20 were ongoing and 21 to 38 without information; the 2016 levels go by place in the list."""
    found = rows(level_transition(world), "scale = 'printed'")
    counts = {(row["from_level_code"], row["to_level_code"]): (row["numerator"], row["base_n"]) for row in found}
    assert counts == {
        ("eu_ongoing", "eu_ongoing"): (14, 20),
        ("eu_ongoing", "eu_past_2001_2012"): (6, 20),
        ("eu_ongoing", "asia_or_america_only"): (0, 20),
        ("eu_ongoing", "open_no_target"): (0, 20),
        ("eu_ongoing", "no_information"): (0, 20),
        ("no_information", "eu_ongoing"): (0, 18),
        ("no_information", "eu_past_2001_2012"): (2, 18),
        ("no_information", "asia_or_america_only"): (10, 18),
        ("no_information", "open_no_target"): (6, 18),
        ("no_information", "no_information"): (0, 18),
    }
    assert {row["value"] for row in found if row["numerator"] == 6} == {6 / 20, 6 / 18}


def test_one_wrong_part_moves_those_whose_level_hangs_on_it(world: duckdb.DuckDBPyConnection) -> None:
    found = {row["recorded_as"]: row for row in rows(level_sensitivity(world), "true")}
    columns = ("numerator", "base_n", "n_up", "n_down", "largest_change")
    assert {recorded: tuple(row[column] for column in columns) for recorded, row in found.items()} == {
        "all": (13, 51, 3, 10, 2),
        "yes": (10, 10, 0, 10, 2),
        "no": (0, 38, 0, 0, 0),
        "unknown": (3, 3, 3, 0, 1),
    }
    assert found["all"]["value"] == pytest.approx(13 / 51)
    assert found["all"]["is_synthetic"]


def test_moves_all_one_way_do_not_balance(world: duckdb.DuckDBPyConnection) -> None:
    """Of the moves above, 6 + 2 + 10 + 6 go one way between four pairs of levels and none comes back.

    Bowker's statistic is then their number, 24 with 4 degrees of freedom, and each pair has chance 2 / 2^n of being so
    uneven, together 2^4 / 2^24. The pairs form a tree of the five levels, on which the marginal test says the same.
    """
    found = {row["test"]: row for row in rows(level_transition_test(world), "scale = 'printed'")}
    assert set(found) == {"bowker", "stuart_maxwell"}
    for row in found.values():
        assert (row["n"], row["n_not_stated"], row["n_discordant"], row["df"]) == (38, 0, 24, 4)
        assert row["statistic"] == pytest.approx(24)
        assert row["p_value"] == pytest.approx((1 + 12) * math.exp(-12))
        assert row["exact_p_value"] == pytest.approx(2**-20)
        assert (row["n_up"], row["mean_change"], row["null_reason"]) == (None, None, None)


def test_without_a_move_there_is_nothing_to_test(world: duckdb.DuckDBPyConnection) -> None:
    found = {row["test"]: row for row in rows(level_transition_test(world), "scale = 'ordinal'")}
    assert {test: row["null_reason"] for test, row in found.items()} == dict.fromkeys(
        ("bowker", "stuart_maxwell", "sign"), "no unit changed its level"
    )
    assert {row["exact_p_value"] for row in found.values()} == {None}
    assert (found["sign"]["mean_change"], found["sign"]["mean_change_std_error"]) == (0, None)


def test_ordered_moves_are_counted_up_and_down(world: duckdb.DuckDBPyConnection) -> None:
    """Clusters 1 and 6 go from 1 to 2, cluster 2 from 2 to 0, cluster 3 has no level: 1, 1, -2 and 34 times 0."""
    world.execute(
        "update marts.fct_internationalisation set ordinal_level = case substr(cluster_id, 5) "
        "when '0001' then 2 when '0006' then 2 when '0002' then 0 when '0003' then null else ordinal_level end "
        "where edition_id = 'cluster_mapping/2016'"
    )
    [row] = rows(level_transition_test(world), "test = 'sign'")
    assert (row["n"], row["n_not_stated"], row["n_discordant"], row["n_up"], row["n_down"]) == (37, 1, 3, 2, 1)
    assert row["mean_change"] == 0
    assert row["mean_change_std_error"] == pytest.approx(math.sqrt((1 + 1 + 4) / 36 / 37))
    assert row["exact_p_value"] == 1


def test_nobody_with_a_level_in_both_editions_is_said(world: duckdb.DuckDBPyConnection) -> None:
    world.execute(
        "update marts.fct_internationalisation set level_code = null, level_printed = null "
        "where edition_id = 'cluster_mapping/2016' and cluster_id <= 'JPC-0038'"
    )
    found = rows(level_transition_test(world), "scale = 'printed'")
    assert [(row["n"], row["n_not_stated"], row["exact_p_value"], row["null_reason"]) for row in found] == [
        (0, 38, None, "no cluster has a level in both editions")
    ] * 2


def test_a_table_of_levels_is_square() -> None:
    moves = [("eu_ongoing", "eu_ongoing", 3), ("eu_ongoing", "not_stated", 2)]
    cells = [{"from_level_code": before, "to_level_code": after, "n": n} for before, after, n in moves]
    assert square_table(cells, "printed") == [[3, 0], [0, 0]]
    cells = [{"from_level_code": "1", "to_level_code": "4", "n": 2}]
    assert square_table(cells, "ordinal") == [[0] * 5, [0, 0, 0, 0, 2], [0] * 5, [0] * 5, [0] * 5]
