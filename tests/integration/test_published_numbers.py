"""Numbers that must come out of the bundled sources, each known from the documents and not from our own output."""

from __future__ import annotations

import csv

import pytest

from ingest.catalog import BUNDLED_SOURCES, read_catalog
from tests.integration.observatory import Observatory

SECTORS = {
    "health": 28,
    "env_energy": 3,
    "it": 2,
    "auto": 2,
    "electronics": 6,
    "precision": 2,
    "aerospace": 2,
    "food": 2,
    "material": 1,
    "energy": 1,
    "nanotech": 1,
    "robotic": 1,
    "marine": 1,
}
WEBSITES = {"english_active": 9, "english_static": 18, "japanese_only": 25}
LEVELS = {
    "eu_ongoing": 14,
    "eu_past_2001_2012": 8,
    "asia_or_america_only": 10,
    "open_no_target": 7,
    "no_information": 9,
    "not_interested": 4,
}


@pytest.mark.fault
@pytest.mark.parametrize(
    ("column", "expected"),
    [("sector_code", SECTORS), ("website_status_code", WEBSITES), ("internationalisation_level_code", LEVELS)],
)
def test_r21_the_2016_mapping_has_the_published_counts(
    bundled: Observatory, column: str, expected: dict[str, int]
) -> None:
    rows = bundled.query(
        f"select {column}, count(*) from marts.fct_cluster_presence "
        "where edition_id = 'cluster_mapping/2016' and presence_status = 'listed' group by all"
    )
    assert dict(rows) == expected
    assert sum(expected.values()) == 52


def test_figures_met_by_synthetic_rows_are_never_confirmed(bundled: Observatory) -> None:
    rows = bundled.query(
        "select status, count(*) from reports.rpt_control_gap where check_code like 'M-%' group by all"
    )
    statuses = dict(rows)
    assert statuses["by construction"] >= 24
    assert "pass" not in statuses
    assert bundled.query(
        "select count(*) from marts.fct_cluster_survival where family = 'cluster_mapping' and not is_synthetic"
    ) == [(0,)]


def test_published_totals_alone_bound_the_survivors(bundled: Observatory) -> None:
    rows = bundled.query("select family, statistic, lower, upper from stats.mapping_bound")
    bounds = {(family, name): (lower, upper) for family, name, lower, upper in rows}
    assert bounds["cluster_mapping", "surviving_organisations"] == (0, 45)
    assert bounds["cluster_mapping", "new_entrants"][0] == 7
    # 19 projects became 17; which of them merged is not published.
    assert bounds["meti_industrial_cluster", "surviving_projects"] == (0, 17)
    assert bounds["meti_industrial_cluster", "leavers"] == (2, 19)


def test_rit_2016_is_known_but_for_one_project(bundled: Observatory) -> None:
    projects = (
        "from marts.fct_programme_participation "
        "where family = 'jetro_rit' and fiscal_year = 2016 and stage_code = 'main'"
    )
    assert bundled.query(f"select count(*), count(distinct cluster_id) {projects}") == [(15, 15)]
    countries = bundled.query(f"select partner_country_code, count(*) {projects} and is_partner_in_eu group by all")
    assert dict(countries) == {"DE": 5, "FR": 2, "GB": 1}
    areas = dict(bundled.query(f"select partner_area, count(*) {projects} group by all"))
    assert areas["EU"] + areas["Europe other"] == 9
    assert areas["North America"] == 1
    assert areas["Asia"] == 5


@pytest.mark.fault
def test_r20_fifteen_or_sixteen_projects_sixteen_is_supported(bundled: Observatory) -> None:
    [(claim_a, claim_b, supported, value, basis)] = bundled.query(
        "select claim_a, claim_b, supported_claim, supported_value, basis from reports.rpt_source_conflict "
        "where conflict_code = 'C01'"
    )
    assert claim_a.startswith("15")
    assert claim_b.startswith("16")
    assert (supported, basis) == ("b", "computed")
    assert "16" in value


def test_all_contradictions_are_there_with_both_places(bundled: Observatory) -> None:
    assert bundled.query("select count(*), count(distinct conflict_code) from reports.rpt_source_conflict") == [
        (62, 62)
    ]
    assert bundled.query(
        "select count(*) from reports.rpt_source_conflict where source_a is null or source_b is null "
        "or locator_a is null or locator_b is null or supported_claim is null"
    ) == [(0,)]


def expected_statuses() -> dict[str, str]:
    [path] = (BUNDLED_SOURCES / "figure_checks").glob("*/*.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["check_id"]: row["expected_status"] for row in csv.DictReader(stream)}


@pytest.mark.parametrize("check", [f"K{number:02}" for number in range(1, 38)])
def test_control_figure_comes_out_as_the_file_expects(bundled: Observatory, check: str) -> None:
    [(status,)] = bundled.query("select status from reports.rpt_control_gap where check_code = ?", [check])
    assert status == expected_statuses()[check]


def test_the_second_generation_names_japan_eight_times(bundled: Observatory) -> None:
    [(printed,)] = bundled.query(
        "select count(distinct cluster_id) from marts.bridge_partnership_target "
        "where country_code = 'JP' and family = 'escp4i_targets' and edition_id like '%generation-2' "
        "and cited_source = (select cited_source from marts.fct_published_figure where figure_code = 'F059')"
    )
    assert printed == 8


def test_every_row_is_accounted_for(bundled: Observatory) -> None:
    rows = bundled.query(
        "select source_id, rows_read, rows_placed + rows_unresolved + rows_rejected from reports.rpt_row_account"
    )
    printed = {}
    for card in read_catalog([BUNDLED_SOURCES]).cards:
        with card.file.open(encoding="utf-8", newline="") as stream:
            # The bundled export of a survey tool has its own separator.
            printed[card.source_id] = sum(1 for _ in csv.DictReader(stream, delimiter=";" if card.is_wave else ","))
    assert {source: read for source, read, _ in rows} == printed
    assert [row for row in rows if row[1] != row[2]] == []


def test_the_survey_interval_knows_its_small_population(bundled: Observatory) -> None:
    """19 of 23 partnerships answered and 7 named Japan: so between 7 and 11 of the 23 do, whatever the model."""
    [(value, lower, upper)] = bundled.query(
        "select value, lower, upper from stats.survey_result where survey_code = 'ESCP4I_GEN2_2018' and answer = 'JP'"
    )
    assert value == pytest.approx(7 / 19)
    assert 7 / 23 - 1e-12 <= lower <= value <= upper <= 11 / 23 + 1e-12
