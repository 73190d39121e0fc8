"""`observatory explain`: back to the cell of the file, forward to every estimate that counts it."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest

from analytics.explanation.membership import MEMBERS
from ingest.catalog import BUNDLED_SOURCES
from tests.integration.observatory import Observatory


def explained(observatory: Observatory, what: str) -> dict[str, Any]:
    done = observatory.run("explain", what, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# Totals of a roster and shares of a survey have a published base, which no row of ours counts.
COUNTED_ROWS = {
    "survival_share": "true",
    "entry_share": "true",
    "internationalisation_level": "true",
    "level_transition": "true",
    "level_sensitivity": "true",
    "survey_estimate": "value is not null and statistic in ('proportion', 'top', 'bottom')",
    "programme_participation": "dimension not in ('all', 'target_country', 'member_country')",
}


@pytest.mark.parametrize("topic", COUNTED_ROWS)
def test_the_rows_behind_every_estimate_are_as_many_as_it_says(bundled: Observatory, topic: str) -> None:
    counted = bundled.query(
        f"""
        with members as (
            select estimate_id, count(*) as base_n, count(*) filter (where is_counted) as numerator
            from ({MEMBERS[topic]}) group by all
        )
        select estimate_id, estimate.numerator, members.numerator, estimate.base_n, members.base_n
        from stats.{topic} as estimate left join members using (estimate_id)
        where {COUNTED_ROWS[topic]}
        """
    )
    assert len(counted) > 50
    assert [row for row in counted if (row[1], row[3]) != (row[2], row[4])] == []


def test_every_table_of_estimates_says_what_it_counts(bundled: Observatory) -> None:
    query = "select table_name from duckdb_columns() where schema_name = 'stats' and column_name = 'estimate_id'"
    assert {table for (table,) in bundled.query(query)} == set(MEMBERS)


def test_a_correction_leads_to_the_cell_that_it_corrects(bundled: Observatory) -> None:
    """By its row, whether the row names a body or not."""
    corrections = bundled.query(
        """
        select correction_id, correction.value_printed, cell.value_printed
        from marts.fct_correction as correction
        left join marts.fct_printed_cell as cell
          on cell.row_id = correction.row_id and cell.our_column = correction.column_name
        where correction.is_live
        """
    )
    assert len(corrections) >= 7
    assert [row for row in corrections if row[1] != row[2]] == []
    told = explained(bundled, "COR-0003")
    assert [each["correction_id"] for each in told["rests_on"]["Corrections"]] == ["COR-0003"]


def test_a_level_shows_the_cells_that_it_is_made_of(bundled: Observatory) -> None:
    """The parts of a level stand in the list itself or, for a roster or an agreement, in the rows of another source."""
    told = explained(bundled, "internationalisation_level/named_organisations/2018-12/ordinal/3")
    dated = {each["file_name"] for each in told["rests_on"]["Printed cells"] if each["read_as"] == "agreement_date"}
    assert "eu_japan_partnerships_2020.csv" in dated
    told = explained(bundled, "internationalisation_level/cluster_mapping/2016/printed/eu_ongoing/synthetic")
    cells = [each for each in told["rests_on"]["Printed cells"] if each["read_as"] == "internationalisation_level"]
    assert len(cells) == told["facts"]["base_n"] == 52


def test_rows_that_are_no_estimates_are_explained_by_their_key(bundled: Observatory) -> None:
    key = "level_transition_test/cluster_mapping/cluster_mapping/2013/cluster_mapping/2016/printed/bowker/true"
    told = explained(bundled, key)
    assert sum(move["clusters"] for move in told["rests_on"]["Moves that it tests"]) == told["facts"]["n"]
    told = explained(bundled, "survival_curve/cluster_mapping/true/since_listing/death/censored/all/kaplan_meier")
    assert sum(row["n_event"] for row in told["rests_on"]["Rows"]) == told["facts"]["n_exits"]
    assert len(told["rests_on"]["Spells of the family, from which its parts are taken"]) >= told["facts"]["n_units"]
    unknown = bundled.run("explain", "survival_curve/none")
    assert unknown.returncode == 1
    assert "A row is named by its key. Near it: survival_curve/" in unknown.stderr


def test_an_undecided_mention_shows_what_is_proposed(extended: Observatory) -> None:
    told = explained(extended, "cluster_mapping/2016/entry/Reijino Bio Cluster (test fixture)")
    assert told["rests_on"]["Decisions"] == []
    proposed = told["rests_on"]["Candidates proposed for it"]
    assert [each["rank"] for each in proposed] == list(range(1, len(proposed) + 1))
    assert {each["suggestion"] for each in proposed} <= {"same", "review", "new"}


def test_countries_of_partnerships_count_a_partnership_once(bundled: Observatory) -> None:
    """Several members of one partnership may come from one country, and several sources may claim one target."""
    counted = bundled.query(
        f"""
        with members as (
            select estimate_id, count(distinct cluster_id) as partnerships
            from ({MEMBERS["programme_participation"]}) group by all
        )
        select estimate_id, estimate.numerator, members.partnerships
        from stats.programme_participation as estimate left join members using (estimate_id)
        where dimension in ('target_country', 'member_country')
        """
    )
    assert [row for row in counted if row[1] != row[2]] == []
    assert len(counted) > 30


def test_bounds_rest_on_the_two_published_totals(bundled: Observatory) -> None:
    bound = explained(bundled, "mapping_bound/cluster_mapping/2013/2016/surviving_organisations")
    printed = {each["printed"] for each in bound["rests_on"]["Printed cells"] if each["read_as"] == "n"}
    assert printed == {"45", "52"}


def test_a_printed_cell_is_where_the_explanation_says(bundled: Observatory) -> None:
    """F004 is the number of organisations of the 2016 mapping; its value is looked up in the file itself."""
    figure = explained(bundled, "F004")
    [cell] = [each for each in figure["rests_on"]["Printed cells"] if each["read_as"] == "value"]
    column, row = ord(cell["cell_address"][0]) - ord("A"), int(cell["cell_address"][1:])
    [path] = BUNDLED_SOURCES.rglob(cell["file_name"])
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[row - 1][column] == cell["printed"] == "52"
    assert {check["check_code"] for check in figure["used_by"]["Checks that use it"]} >= {"K01", "K02", "K03"}


def test_every_printed_cell_of_the_release_is_in_its_file(bundled: Observatory) -> None:
    """All cells of all CSV sources, read again with another reader."""
    published = bundled.query(
        "select source.file_name, cell.row_number, cell.column_number, cell.value_printed "
        "from marts.fct_printed_cell as cell join marts.dim_source as source using (source_id)"
    )
    files = {path.name: path for path in BUNDLED_SOURCES.rglob("*.csv")}
    rows = {}
    for name in {each[0] for each in published}:
        with files[name].open(encoding="utf-8-sig", newline="") as file:
            rows[name] = list(csv.reader(file))
    wrong = [each for each in published if rows[each[0]][each[1] - 1][each[2] - 1].strip() != each[3].strip()]
    assert wrong == []
    assert len(published) == sum(bool(cell.strip()) for lines in rows.values() for line in lines[1:] for cell in line)


def test_a_cluster_is_explained_by_name_in_either_script(bundled: Observatory) -> None:
    by_name = explained(bundled, "九州地域バイオクラスター推進協議会")
    assert by_name["subject"]["id"] == "JPC-0061"
    verdicts = {(each["mention_key"], each["verdict"]) for each in by_name["rests_on"]["Decisions"]}
    assert ("meti_industrial_cluster/phase-2/entry/METI26", "different") in verdicts
    assert [each["event_id"] for each in by_name["rests_on"]["Events"]] == ["EVT-0001"]
    assert by_name == explained(bundled, "kyushu regional bio cluster promotion council")


def test_a_death_share_names_the_dead_and_their_events(bundled: Observatory) -> None:
    estimate = "survival_share/cluster_mapping/2013/2016/all/death_share/synthetic"
    found = explained(bundled, estimate)
    rows = found["rests_on"]["Rows of its base, those above the line first"]
    dead = {each["cluster_id"] for each in rows if each["is_counted"]}
    assert len(dead) == found["facts"]["numerator"]
    ended = {
        each["clusters_before"]
        for each in found["rests_on"]["Events"]
        if each["event_type"] in ("death", "dormancy") and each["strength"] == "strong"
    }
    assert dead <= ended
    used = explained(bundled, sorted(dead)[0])["used_by"]["Estimates with it in their base"]
    assert {"estimate_id": estimate, "counts_as": "died", "is_counted": True} in used
    assert found["notes"][0].startswith("Synthetic")


@pytest.mark.parametrize(
    ("what", "kind", "section"),
    [
        ("K01", "check", "Numbers it is made of"),
        ("C01", "contradiction", "Printed cells"),
        ("EVT-0002", "event", "Clusters"),
        ("COR-0001", "correction", "Printed cells"),
        ("JPC-0061/EUC-0019", "tie", "Printed rows that name it"),
        ("jetro_rit/fy2016", "edition", "Columns of the file"),
        ("jetro_rit-fy2016#2", "row", "Printed cells"),
        ("meti_industrial_cluster/phase-2/lead/METI26", "mention", "Decisions"),
    ],
)
def test_ids_of_every_kind_are_explained(bundled: Observatory, what: str, kind: str, section: str) -> None:
    found = explained(bundled, what)
    assert (found["subject"]["kind"], found["subject"]["id"]) == (kind, what)
    assert found["rests_on"][section]


def test_what_is_not_there_is_said_with_what_comes_near(bundled: Observatory) -> None:
    unknown = bundled.run("explain", "Kyushu Regional Bio Clutser")
    assert unknown.returncode == 1
    assert "neither an id nor a cluster's name" in unknown.stderr
    assert "JPC-0061" in unknown.stderr
    assert bundled.run("explain", "survival_share/none").stderr.startswith("stats.survival_share holds no estimate")


def test_the_terminal_shows_the_way_back(bundled: Observatory) -> None:
    shown = bundled.run("explain", "JPC-0061").stdout
    for told in ("RESTS ON", "USED BY", "decisions.csv, line", "Kyushu Regional Bio Cluster Promotion Council"):
        assert told in shown
