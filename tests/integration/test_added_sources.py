"""What a user adds is taken up without code: a small world, an unknown family, a workbook for a synthetic edition."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.integration.observatory import FIXTURES, Observatory

WORLDS = {"small_world": FIXTURES / "small_world", "unknown_family": FIXTURES / "unknown_family"}


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def families(world: Path) -> set[str]:
    return {row["from_edition"] for row in read_rows(world / "expected_survival.csv")}


def survival(observatory: Observatory, prefix: str) -> set[tuple[Any, ...]]:
    rows = observatory.query(
        "select cluster_id, split_part(from_edition_id, '/', 2), split_part(to_edition_id, '/', 2), outcome_code, "
        "evidence_code, coalesce(exit_earliest::varchar, ''), coalesce(exit_latest::varchar, ''), "
        "is_provisional::varchar "
        "from marts.fct_cluster_survival where is_at_risk and cluster_id like ?",
        [f"{prefix}-%"],
    )
    return set(rows)


@pytest.mark.parametrize(("world", "prefix"), [("small_world", "SMW"), ("unknown_family", "IBX")])
def test_survival_is_what_was_worked_out_by_hand(extended: Observatory, world: str, prefix: str) -> None:
    columns = (
        "cluster_id",
        "from_edition",
        "to_edition",
        "outcome_code",
        "evidence_code",
        "exit_earliest",
        "exit_latest",
        "is_provisional",
    )
    expected = {tuple(row[name] for name in columns) for row in read_rows(WORLDS[world] / "expected_survival.csv")}
    assert survival(extended, prefix) == expected


def test_the_small_world_holds_every_outcome(extended: Observatory) -> None:
    outcomes = extended.query(
        "select distinct outcome_code from marts.fct_cluster_survival where family = 'small_world'"
    )
    assert {code for (code,) in outcomes} == {
        "survived_unchanged",
        "survived_changed",
        "survived_by_takeover",
        "merged",
        "absorbed",
        "broken_up",
        "died",
        "out_of_scope",
        "unknown",
    }


def test_demography_is_what_was_worked_out_by_hand(extended: Observatory) -> None:
    expected = read_rows(WORLDS["small_world"] / "expected_demography.csv")
    counts = [name for name in expected[0] if name.startswith("n_")]
    rows = extended.query(
        "select split_part(from_edition_id, '/', 2), split_part(to_edition_id, '/', 2), unit_kind, "
        f"{', '.join(counts)} "
        "from marts.fct_cluster_demography where family = 'small_world' order by 1, 2, 3"
    )
    by_hand = [
        (row["from_edition"], row["to_edition"], row["unit_kind"], *(int(row[name]) for name in counts))
        for row in expected
    ]
    assert rows == sorted(by_hand)


def test_the_small_world_holds_the_ways_of_entry(extended: Observatory) -> None:
    rows = extended.query("select distinct entry_code from marts.fct_cluster_entry where family = 'small_world'")
    assert {code for (code,) in rows} == {
        "continued",
        "birth",
        "by_merger",
        "by_take_over",
        "by_break_up",
        "by_split_off",
        "scope_entry",
        "reactivation",
        "relisted",
        "late_discovery",
    }


def test_demography_accounts_for_everybody(extended: Observatory) -> None:
    rows = extended.query(
        "select n_at_risk - n_survived - n_survived_by_takeover - n_deaths - n_merged - n_absorbed - n_broken_up "
        "- n_out_of_scope - n_unknown, n_listed - n_continued - n_births - n_by_merger - n_by_take_over "
        "- n_by_break_up - n_by_split_off - n_by_joint_venture - n_scope_entries - n_reactivations - n_relisted "
        "- n_late_discoveries - n_entries_unknown from marts.fct_cluster_demography"
    )
    assert set(rows) == {(0, 0)}


def test_the_curve_of_the_small_world_is_what_was_worked_out_by_hand(extended: Observatory) -> None:
    # 24 are followed; 3 leave by the third year, 6 are censored with it; then 1 of 15, 2 of 14 and 1 of 11.
    steps = extended.query(
        "select n_risk, n_event, survival from stats.survival_curve where family = 'small_world' and domain = 'all' "
        "and clock = 'since_listing' and exit_kind = 'closure' and method = 'kaplan_meier' and n_event > 0 "
        "order by time"
    )
    assert [(risk, events) for risk, events, _ in steps] == [(24, 1), (23, 1), (22, 1), (15, 1), (14, 2), (11, 1)]
    assert steps[-1][2] == pytest.approx(21 / 24 * 14 / 15 * 12 / 14 * 10 / 11)


def test_an_unknown_family_reaches_presence_statistics_and_page(extended: Observatory) -> None:
    [(family,)] = extended.query("select distinct family from marts.fct_cluster_presence where cluster_id like 'IBX-%'")
    shares = extended.query(
        "select value, lower, upper from stats.survival_share where family = ? and domain = 'all'", [family]
    )
    assert shares
    assert family in (extended.latest / "report" / "index.html").read_text()


def test_shares_of_every_pair_sum_to_one(extended: Observatory) -> None:
    sums = extended.query(
        "select family, from_edition_id, to_edition_id, is_synthetic, "
        "count(*), count(distinct cluster_id) from marts.fct_cluster_survival where is_at_risk group by all"
    )
    assert sums
    assert all(rows == clusters for *_, rows, clusters in sums)


def test_a_real_workbook_takes_the_synthetic_editions_place(extended: Observatory, bundled: Observatory) -> None:
    before = bundled.query(
        "select is_synthetic, n_rows from marts.dim_edition where edition_id = 'cluster_mapping/2016'"
    )
    after = extended.query(
        "select is_synthetic, n_rows from marts.dim_edition where edition_id = 'cluster_mapping/2016'"
    )
    assert before == [(True, 52)]
    [(is_synthetic, n_rows)] = after
    assert not is_synthetic
    assert 0 < n_rows < 52
    mixed = extended.query(
        "select count(*) from stats.survival_share where family = 'cluster_mapping' and not is_synthetic "
        "and from_edition_id = 'cluster_mapping/2013'"
    )
    assert mixed == [(0,)]


def test_its_mentions_wait_for_a_decision_and_do_not_block_a_provisional_edition(extended: Observatory) -> None:
    rows = extended.query(
        "select is_blocking, reason from reports.rpt_unresolved_mention "
        "where edition_id = 'cluster_mapping/2016' and role = 'entry'"
    )
    assert rows
    assert not any(is_blocking for is_blocking, _ in rows)
    assert all(reason for _, reason in rows)


def test_changes_name_the_tables_that_changed(extended: Observatory, bundled: Observatory) -> None:
    page = (extended.latest / "CHANGES.md").read_text()
    assert f"Compared with release {bundled.latest.name}" in page
    assert "| marts.dim_cluster |" in page
