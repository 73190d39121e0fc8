"""Ties and proposed partners in a release, against what the printed rows and the register say."""

from __future__ import annotations

import csv
import json

from ingest.catalog import BUNDLED_SOURCES
from tests.integration.observatory import Observatory

# The pairs of the partnership list of which the register decides both parties, and the one of the RIT roster of fiscal
# year 2016 that the list lacks (Greater Nagoya with the Swiss centre CSEM), read from the files by hand.
PAIRS_OF_THE_LIST = [
    "PT01",
    "PT02",
    "PT03",
    "PT04",
    "PT05",
    "PT07",
    "PT10",
    "PT11",
    "PT12",
    "PT13",
    "PT14",
    "PT23",
    "PT24",
    "PT26",
]


def printed_pairs() -> dict[str, dict[str, str]]:
    [path] = (BUNDLED_SOURCES / "eu_japan_partnerships").glob("*/*.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["partnership_id"]: row for row in csv.DictReader(stream)}


def test_every_printed_pair_is_a_tie_or_left_out_with_a_reason(bundled: Observatory) -> None:
    rows = bundled.query(
        "select bridge.basis, bridge.left_out_reason, list.partnership_code "
        "from marts.bridge_partnership_tie as bridge "
        "inner join marts.fct_partnership as list on bridge.evidence_row_id = list.row_id"
    )
    assert {code for _, _, code in rows} == printed_pairs().keys()
    assert sorted(code for basis, _, code in rows if basis == "parties_printed") == PAIRS_OF_THE_LIST
    assert [code for basis, reason, code in rows if (basis == "left_out") != bool(reason)] == []


def test_the_network_is_fifteen_ties_in_fourteen_components(bundled: Observatory) -> None:
    """Osaka Bio Headquarters alone has two partners: fourteen pairs of the list and one more of the roster."""
    [(ties, parties_jp, parties_eu, density, components, largest)] = bundled.query(
        "select n_ties, n_parties_jp, n_parties_eu, density, n_components, largest_component_parties "
        "from stats.partnership_network_summary where domain_kind = 'all' and not is_synthetic"
    )
    assert (ties, parties_jp, parties_eu) == (15, 14, 15)
    assert (density, components, largest) == (15 / (14 * 15), 14, 3)
    assert bundled.query("select label from stats.partnership_network_party where degree > 1") == [
        ("Osaka Bio Headquarters",)
    ]


def test_left_out_parties_are_named(bundled: Observatory) -> None:
    [(rows, named)] = bundled.query(
        "select n_rows_left_out, left_out from stats.partnership_network_summary "
        "where domain_kind = 'all' and not is_synthetic"
    )
    assert rows >= 28 - 14
    for party in ("Kitakyushu City", "Japan Bank for International Cooperation", "four European life-science clusters"):
        assert f'"{party}"' in named


def test_the_ministerial_memorandum_has_the_dates_the_paper_prints(bundled: Observatory) -> None:
    """First contact 2007, memorandum 2014, renewed 2018, a ten-year cooperation (ECCP-D3.5-2018, section 3.3)."""
    [(tie, stated, renewals, results)] = bundled.query(
        "select tie_id, length_years_stated, n_renewals, results_stated from marts.fct_partnership_tie "
        "where case_code = 'BP1'"
    )
    assert (stated, renewals) == (10, 1)
    assert "members calling it relevant: 90 percent" in results
    events = bundled.query(
        "select distinct event_kind, year(date_earliest) from marts.fct_partnership_event where tie_id = ?", [tie]
    )
    assert dict(events) == {"start": 2007, "first_contact": 2007, "agreement_signed": 2014, "agreement_renewed": 2018}


def test_every_event_has_its_printed_row(bundled: Observatory) -> None:
    published = bundled.query(
        "select row_id from marts.fct_partnership union select row_id from marts.fct_programme_participation "
        "union select row_id from marts.dim_best_practice_case union select row_id from marts.fct_best_practice_metric"
    )
    stated = bundled.query("select distinct evidence_row_id from marts.fct_partnership_event")
    assert stated
    assert set(stated) <= set(published)


def test_targets_are_no_ties(bundled: Observatory) -> None:
    """The second generation names Japan as a target; its partnerships are tied to nobody for that."""
    assert bundled.query(
        "select count(*) from marts.fct_partnership_tie as tie inner join marts.bridge_partnership_target as target "
        "on tie.cluster_id_eu = target.cluster_id and target.family = 'escp4i_targets' "
        "where target.edition_id like '%generation-2'"
    ) == [(0,)]


def test_scores_are_the_sum_of_their_reasons_and_synthetic_keeps_to_itself(bundled: Observatory) -> None:
    assert (
        bundled.query(
            "select candidate.cluster_id from reports.rpt_partner_candidate as candidate inner join ("
            "  select cluster_id, candidate_cluster_id, sum(points) as points from reports.rpt_partner_candidate_reason"
            "  group by all) as added using (cluster_id, candidate_cluster_id) where added.points <> candidate.score"
        )
        == []
    )
    assert (
        bundled.query(
            "select distinct asking.is_synthetic, proposed.is_synthetic "
            "from reports.rpt_partner_candidate as candidate "
            "inner join marts.dim_cluster as asking using (cluster_id) "
            "inner join marts.dim_cluster as proposed on candidate.candidate_cluster_id = proposed.cluster_id "
            "where asking.is_synthetic or proposed.is_synthetic"
        )
        == []
    )
    assert bundled.query(
        "select count(*) from reports.rpt_partner_candidate as candidate "
        "inner join marts.dim_cluster as asking using (cluster_id) "
        "inner join marts.dim_cluster as proposed on candidate.candidate_cluster_id = proposed.cluster_id "
        "where (asking.country_code = 'JP') = coalesce(proposed.country_code = 'JP', false)"
    ) == [(0,)]


def test_the_members_of_bioxclusters_are_proposed_to_osaka(bundled: Observatory) -> None:
    """All four are tied to Osaka already: BioM by itself and the other three through the partnership."""
    done = bundled.run("partners", "osaka bio headquarters", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["release"] == bundled.latest.name
    proposed = {row["candidate_label"]: row for row in answer["candidates"]}
    through = {
        label
        for label, row in proposed.items()
        if any(reason["rule_code"] == "partnership_tie" for reason in row["reasons"])
    }
    assert through == {"Biocat", "Lyonbiopole", "bioPmed / Bioindustry Park Silvano Fumero"}
    assert proposed["BioM"]["is_tied"]
    assert all(row["score"] == sum(reason["points"] for reason in row["reasons"]) for row in answer["candidates"])


def test_the_command_asks_back_and_says_what_is_missing(bundled: Observatory, copy_of_bundled: Observatory) -> None:
    several = bundled.run("partners", "cluster")
    assert several.returncode == 1
    assert "Be more exact" in several.stderr
    nobody = bundled.run("partners", "Polefarma")
    assert nobody.returncode == 1
    assert "Polepharma (EUC-0105)" in nobody.stderr
    made_up = bundled.run("partners", "JPC-0502")
    assert made_up.returncode == 0
    assert "made up" in " ".join(made_up.stdout.split())
    assert bundled.run("partners", "BioM", "--limit", "0").returncode == 2
    (copy_of_bundled.home / "latest").unlink()
    none = copy_of_bundled.run("partners", "BioM")
    assert none.returncode == 1
    assert "observatory build" in " ".join(none.stderr.split())
