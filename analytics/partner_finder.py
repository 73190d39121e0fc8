"""Reading the proposed partners of a cluster, and the ties it has already, from a release.

Belongs here: which cluster a typed name means, and the reading. Does not belong here: any rule or weight of the
proposals (rows of `partner_rule`, applied in SQL), the search in names (`cluster_search`), anything about a terminal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.cluster_search import find_clusters
from analytics.estimate import Row, fetch_rows

if TYPE_CHECKING:
    import duckdb

# One letter is a part of nearly every name.
FEWEST_LETTERS = 2

CLUSTER = """
select cluster_id, label, name_en, name_ja, unit_kind, country_code, region_code, is_synthetic
from marts.dim_cluster
where cluster_id in (select unnest($cluster_ids))
order by cluster_id
"""
CANDIDATES = """
select candidate_rank, candidate_cluster_id, candidate_label, candidate_name_ja, candidate_unit_kind,
    candidate_country_codes, candidate_region_code, candidate_last_named_on, candidate_activity, score, is_tied,
    is_synthetic, method_version
from reports.rpt_partner_candidate
where cluster_id = $cluster_id and candidate_rank <= $limit
order by candidate_rank
"""
REASONS = """
select candidate_cluster_id, rule_code, points, reason_en, reason_ja, evidence_row_id
from reports.rpt_partner_candidate_reason
where cluster_id = $cluster_id and candidate_rank <= $limit
order by candidate_rank, points desc, rule_code
"""
TIES = """
select tie_id, case when cluster_id_jp = $cluster_id then label_eu else label_jp end as partner_label,
    case when cluster_id_jp = $cluster_id then cluster_id_eu else cluster_id_jp end as partner_cluster_id,
    first_known_earliest, last_known_latest, n_interactions, interaction_kinds, evidence_row_ids
from marts.fct_partnership_tie
where $cluster_id in (cluster_id_jp, cluster_id_eu)
order by first_known_earliest nulls last, tie_id
"""
CEASED = """
select bool_or(presence.presence_status = 'not_listed_ceased') as is_ceased
from marts.fct_cluster_presence as presence
inner join marts.dim_edition as edition on presence.edition_id = edition.edition_id and edition.is_newest
where presence.cluster_id = $cluster_id
"""


@dataclass(frozen=True)
class Asked:
    """What a text led to: ``cluster`` is the one it names; else ``several`` that fit or the ``nearest`` names."""

    cluster: Row | None
    several: tuple[Row, ...] = ()
    nearest: tuple[str, ...] = ()


def asked_cluster(connection: duckdb.DuckDBPyConnection, text: str) -> Asked:
    """The cluster that ``text`` names: an id or a whole name, else a part of a name that only one cluster has."""
    search = find_clusters(connection, text)
    within = search.within if len(text.strip()) >= FEWEST_LETTERS else ()
    fitting = [each.cluster_id for each in search.exact or within]
    if not fitting:
        return Asked(None, nearest=tuple(f"{each.name} ({each.cluster_id})" for each in search.near))
    clusters = fetch_rows(connection, CLUSTER, {"cluster_ids": fitting})
    return Asked(clusters[0]) if len(clusters) == 1 else Asked(None, several=tuple(clusters))


def read_candidates(connection: duckdb.DuckDBPyConnection, cluster_id: str, limit: int) -> list[Row]:
    """The proposed partners of a cluster, best first, each with its reasons under ``reasons``."""
    parameters = {"cluster_id": cluster_id, "limit": limit}
    candidates = fetch_rows(connection, CANDIDATES, parameters)
    reasons = fetch_rows(connection, REASONS, parameters)
    for candidate in candidates:
        candidate["reasons"] = [
            {name: value for name, value in reason.items() if name != "candidate_cluster_id"}
            for reason in reasons
            if reason["candidate_cluster_id"] == candidate["candidate_cluster_id"]
        ]
    return candidates


def read_ties(connection: duckdb.DuckDBPyConnection, cluster_id: str) -> list[Row]:
    """The partners a cluster has already, the oldest tie first."""
    return fetch_rows(connection, TIES, {"cluster_id": cluster_id})


def no_candidate_sentence(connection: duckdb.DuckDBPyConnection, cluster: Row) -> str:
    """Why nobody is proposed to a cluster."""
    if fetch_rows(connection, CEASED, {"cluster_id": cluster["cluster_id"]})[0]["is_ceased"]:
        return "It is known to have ceased; nobody is proposed to a cluster that is gone."
    if cluster["is_synthetic"]:
        return (
            "It is made up (synthetic), and only made-up clusters of the other region and of the same series of "
            "editions may be proposed to it; this release holds none that shares a sector or a tie."
        )
    return (
        "Nothing brings it together with a cluster of the other region: no sector and no tie is known for it, or it "
        "lies neither in Japan nor in Europe. A printed field that has no sector is a missing row of sector_alias.csv."
    )
