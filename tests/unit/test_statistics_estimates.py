"""Every table of `stats` from a small world: bases, bounds, reasons, marks; synthetic and real never share a base."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.estimate import fetch_rows
from analytics.estimates import TABLES, table_texts, write_estimates
from analytics.published_base import reasons_without_total
from analytics.topics.survival import ANNUAL

# Only these hold one number a row; the others are networks and the like.
ESTIMATES = sorted(name for name, table in TABLES.items() if table.key == ("estimate_id",))
WORLD = Path(__file__).parents[1] / "golden" / "analytics_world.sql"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("world") / "world.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(WORLD.read_text(encoding="utf-8"))
    return path


@pytest.fixture(scope="module")
def estimates(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("estimates")
    write_estimates(database, folder)
    return folder


def rows(estimates: Path, topic: str, condition: str) -> list[dict[str, Any]]:
    query = f"select * from read_parquet('{estimates / topic}.parquet') where {condition} order by estimate_id"
    return duckdb.sql(query).to_arrow_table().to_pylist()


def one(estimates: Path, topic: str, condition: str) -> dict[str, Any]:
    found = rows(estimates, topic, condition)
    assert len(found) == 1, condition
    return found[0]


WHOLE = "family = 'cluster_mapping' and domain = 'all' and "


def test_stock_survival_counts_the_unknown_both_ways(estimates: Path) -> None:
    row = one(estimates, "survival_share", WHOLE + "statistic = 'stock_survival_share'")
    assert (row["numerator"], row["base_n"], row["n_unknown"]) == (38, 45, 2)
    assert (row["value"], row["lower"], row["upper"]) == (38 / 45, 38 / 45, 40 / 45)
    assert row["interval_method"] == "bounds"
    assert row["interval_level"] is None
    assert row["base"] == ("cluster organisations listed in Mapping 2013 (synthetic rows) (base met by construction)")


def test_the_nine_outcomes_add_to_one(estimates: Path) -> None:
    found = rows(estimates, "survival_share", WHOLE + "statistic = 'outcome_share'")
    assert len(found) == 9
    assert sum(row["value"] for row in found) == pytest.approx(1)
    assert sum(row["numerator"] for row in found) == 45


def test_annual_equivalent_is_the_root_over_the_years(estimates: Path) -> None:
    row = one(estimates, "survival_share", WHOLE + "statistic = 'annual_equivalent_survival'")
    assert row["value"] ** 3 == pytest.approx(38 / 45)
    assert row["upper"] ** 3 == pytest.approx(40 / 45)


def test_a_yearly_share_of_deaths_leaves_what_the_years_leave(estimates: Path) -> None:
    deaths = one(estimates, "survival_share", WHOLE + "statistic = 'death_share'")
    yearly = one(estimates, "survival_share", WHOLE + "statistic = 'annual_equivalent_death'")
    assert (1 - yearly["value"]) ** 3 == pytest.approx(1 - deaths["value"])
    assert (1 - yearly["upper"]) ** 3 == pytest.approx(1 - deaths["upper"])
    assert (yearly["numerator"], yearly["base_n"]) == (deaths["numerator"], 45)


def test_every_share_of_what_became_of_them_has_its_yearly_equivalent(estimates: Path) -> None:
    for share, yearly in ANNUAL.items():
        over_all = rows(estimates, "survival_share", f"statistic = '{share}'")
        found = rows(estimates, "survival_share", f"statistic = '{yearly}'")
        assert over_all
        assert sorted((row["from_edition_id"], row["domain"]) for row in found) == sorted(
            (row["from_edition_id"], row["domain"]) for row in over_all
        )


def test_cohorts_hold_only_those_founded_in_the_stated_years(estimates: Path) -> None:
    found = rows(estimates, "survival_share", "statistic = 'cohort_survival_share'")
    assert [(row["founded_from"], row["founded_to"]) for row in found] == [
        (1991, 1995),
        (1996, 2000),
        (2001, 2005),
        (2006, 2010),
        (2011, 2013),
    ]
    assert sum(row["base_n"] for row in found) == 45


def test_a_family_the_code_never_heard_of_gets_its_shares(estimates: Path) -> None:
    row = one(
        estimates, "survival_share", "family = 'harbour_list' and domain = 'all' and statistic = 'stock_survival_share'"
    )
    assert (row["numerator"], row["base_n"], row["is_synthetic"]) == (3, 4, False)
    assert row["interval_method"] == "none (nothing unknown)"
    assert (row["lower"], row["upper"]) == (None, None)


def test_published_totals_alone_allow_zero_to_forty_five_survivors_and_at_least_seven_entrants(estimates: Path) -> None:
    survivors = one(estimates, "mapping_bound", "statistic = 'surviving_organisations'")
    entrants = one(estimates, "mapping_bound", "statistic = 'new_entrants'")
    assert (survivors["value"], survivors["lower"], survivors["upper"]) == (None, 0, 45)
    assert (entrants["value"], entrants["lower"], entrants["upper"]) == (None, 7, 52)
    assert not survivors["is_synthetic"]
    assert "do not fix the number" in survivors["null_reason"]


def test_levels_met_on_purpose_are_by_construction(estimates: Path) -> None:
    row = one(
        estimates,
        "internationalisation_level",
        "edition_id = 'cluster_mapping/2016' and scale = 'printed' and level_code = 'eu_ongoing'",
    )
    assert (row["numerator"], row["base_n"], row["published_n"]) == (14, 52, 14)
    assert row["is_by_construction"]
    assert row["interval_method"] == "none (complete listing)"
    earlier = rows(estimates, "internationalisation_level", "edition_id = 'cluster_mapping/2013'")
    assert not any(row["is_by_construction"] for row in earlier)


BORN = "family = 'cluster_mapping' and domain = 'all' and statistic = "


def test_first_listed_is_not_born_and_an_unknown_entry_counts_both_ways(estimates: Path) -> None:
    row = one(estimates, "entry_share", BORN + "'birth_share'")
    # 4 births, 1 by merger, 6 found late and 3 unknown among the 14 that are new of 52.
    assert (row["numerator"], row["base_n"], row["n_entries"], row["n_unknown"]) == (4, 52, 14, 3)
    assert (row["value"], row["lower"], row["upper"]) == (4 / 52, 4 / 52, 7 / 52)
    assert row["is_scope_changed"]
    assert one(estimates, "entry_share", BORN + "'late_discovery_share'")["numerator"] == 6
    assert one(estimates, "entry_share", BORN + "'restructured_entry_share'")["numerator"] == 1
    assert one(estimates, "entry_share", BORN + "'unknown_entry_share'")["value"] == 3 / 52


def test_a_yearly_share_of_births_leaves_the_same_share_of_others(estimates: Path) -> None:
    row = one(estimates, "entry_share", BORN + "'annual_equivalent_birth'")
    assert (1 - row["value"]) ** 3 == pytest.approx(48 / 52)
    assert (1 - row["upper"]) ** 3 == pytest.approx(45 / 52)


def test_projects_and_organisations_have_their_own_shares(estimates: Path) -> None:
    condition = "family = 'cluster_mapping' and unit_kind = 'initiative' and statistic = 'birth_share'"
    row = one(estimates, "entry_share", condition)
    # Numbers 13, 26 and 52 are initiatives: two continue, 52 was found late.
    assert (row["numerator"], row["base_n"], row["base"].split(" listed")[0]) == (0, 3, "initiatives")
    kinds = rows(estimates, "survival_share", "unit_kind is not null and statistic = 'stock_survival_share'")
    assert {(row["family"], row["domain"], row["base_n"]) for row in kinds} == {
        ("cluster_mapping", "unit kind cluster_organisation", 45),
        ("harbour_list", "unit kind cluster_organisation", 4),
    }


def test_transition_rows_add_to_one(estimates: Path) -> None:
    found = rows(estimates, "level_transition", "scale = 'printed' and from_level_code = 'eu_ongoing'")
    assert sum(row["value"] for row in found) == pytest.approx(1)
    assert {row["base_n"] for row in found} == {20}
    assert {row["n_both"] for row in found} == {38}


def test_a_roster_known_in_part_is_bounded_by_its_missing_rows(estimates: Path) -> None:
    whole = one(estimates, "programme_participation", "family = 'jetro_rit' and dimension = 'all'")
    assert (whole["numerator"], whole["base_n"], whole["n_missing"]) == (15, 16, 1)
    germany = one(estimates, "programme_participation", "dimension = 'partner_country' and category = 'DE'")
    assert (germany["numerator"], germany["base_n"]) == (5, 15)
    assert (germany["lower"], germany["upper"]) == (5 / 16, 6 / 16)


def test_totals_that_disagree_make_a_range_and_no_value(estimates: Path) -> None:
    whole = one(estimates, "programme_participation", "family = 'escp4i' and dimension = 'all'")
    assert (whole["published_total"], whole["published_total_highest"], whole["base_n"]) == (24, 26, None)
    assert (whole["value"], whole["lower"], whole["upper"]) == (None, 12 / 26, 12 / 24)
    assert "from 24 to 26" in whole["null_reason"]


def test_a_renewal_of_lower_trust_is_inferred_and_the_published_count_stands_beside(estimates: Path) -> None:
    found = rows(estimates, "programme_participation", "family = 'jetro_rit' and dimension = 'status'")
    counts = {row["category"]: (row["numerator"], row["n_inferred"], row["published_n"]) for row in found}
    assert counts == {"new": (7, 0, 7), "renewed": (8, 8, 9)}


def test_a_published_number_that_counts_something_else_is_no_total() -> None:
    reasons = reasons_without_total("roster_rows")
    assert "not the same set" in reasons["meti_industrial_cluster", "phase-2", ""]
    assert "newly adopted projects only" in reasons["jetro_rit", "fy2018", "main"]
    assert "may leave out those newly adopted" in reasons["jetro_rit", "fy2013", "main"]


def test_a_level_with_a_part_not_stated_is_a_lower_bound(estimates: Path) -> None:
    found = rows(estimates, "internationalisation_level", "edition_id = 'cluster_mapping/2016' and scale = 'ordinal'")
    assert {row["n_not_stated"] for row in found} == {12}
    assert all("lower bound" in row["base"] and "lower bound" in row["method"] for row in found)


def test_an_english_site_is_met_by_construction_where_both_published_counts_add_to_it(estimates: Path) -> None:
    condition = "edition_id = 'cluster_mapping/2016' and level_code = 'has_english_site'"
    row = one(estimates, "internationalisation_level", condition)
    assert (row["numerator"], row["published_n"], row["is_by_construction"]) == (26, 26, True)
    assert "base met by construction" in row["base"]


def test_a_country_named_twice_by_a_partnership_counts_once(estimates: Path) -> None:
    row = one(estimates, "programme_participation", "dimension = 'target_country' and category = 'JP'")
    assert (row["numerator"], row["base_n"], row["n_not_stated"]) == (6, 12, 6)
    assert row["upper"] == (6 + 13 + 6) / 25


def test_surveys_take_the_interval_their_counts_allow(estimates: Path) -> None:
    consultation = one(estimates, "survey_result", "survey_code = 'ESCP4I_GEN2_2018' and answer = 'JP'")
    assert consultation["interval_method"] == "exact hypergeometric (finite population)"
    assert (consultation["lower"], consultation["upper"]) == (7 / 23, 11 / 23)
    assert one(estimates, "survey_result", "survey_code = 'PILOT'")["interval_method"] == "Wilson score"
    percentage = one(estimates, "survey_result", "survey_code = 'ECCP2019'")
    assert (percentage["value"], percentage["lower"]) == (0.72, None)
    assert "only a percentage" in percentage["null_reason"]
    assert one(estimates, "survey_result", "survey_code = 'MINERVA2020'")["value"] is None


def test_forty_five_of_fifty_contacted_is_never_a_response_rate(estimates: Path) -> None:
    row = one(estimates, "survey_result", "survey_code = 'MAP2013'")
    assert (row["statistic"], row["value"], row["lower"]) == ("share_of_contacted", 0.9, None)
    assert not any("response rate" in str(value) for value in row.values())


@pytest.mark.parametrize("topic", ESTIMATES)
def test_no_interval_has_zero_width_and_every_gap_has_a_reason(estimates: Path, topic: str) -> None:
    assert rows(estimates, topic, "lower = upper or lower > value or value > upper") == []
    assert rows(estimates, topic, "value is null and null_reason is null") == []
    assert rows(estimates, topic, "lower is null and interval_method not like 'none%'") == []


@pytest.mark.parametrize("topic", sorted(TABLES))
def test_every_column_has_a_text_and_the_file_carries_it(estimates: Path, topic: str) -> None:
    import pyarrow.parquet

    schema = pyarrow.parquet.read_schema(estimates / f"{topic}.parquet")
    text, columns = table_texts()[topic]
    assert text.startswith("One row per ")
    assert list(columns) == schema.names
    assert all(schema.field(name).metadata[b"comment"].decode() == column for name, column in columns.items())


def test_the_same_marts_give_the_same_bytes(database: Path, estimates: Path, tmp_path: Path) -> None:
    assert write_estimates(database, tmp_path).keys() == TABLES.keys()
    for topic in TABLES:
        assert (tmp_path / f"{topic}.parquet").read_bytes() == (estimates / f"{topic}.parquet").read_bytes()


def test_a_row_with_an_unknown_column_or_a_repeated_id_is_refused() -> None:
    table = TABLES["mapping_bound"]
    with pytest.raises(ValueError, match="unknown columns"):
        table.to_arrow([{"estimate_id": "a", "surprise": 1}])
    with pytest.raises(ValueError, match="two rows have the key a"):
        table.to_arrow([{"estimate_id": "a"}, {"estimate_id": "a"}])


def test_a_parameter_may_be_called_like_a_word_of_the_language() -> None:
    with duckdb.connect() as connection:
        rows = fetch_rows(connection, "select $table as a from range(3) limit $limit", {"table": "it's", "limit": 2})
    assert rows == [{"a": "it's"}, {"a": "it's"}]
