"""Looking a cluster up by what a person types, and reading its proposed partners from a release.

Belongs here: the folding of names, the look-up, the reading. Does not belong here: any rule or weight of the proposals
(rows of `partner_rule`, applied in SQL) and anything about a terminal.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows

if TYPE_CHECKING:
    import duckdb

LATIN_MARKS = range(0x0300, 0x0370)
# Letters that Unicode does not take apart although people type them without their stroke.
STROKES = str.maketrans("øłđħı", "oldhi")
FEWEST_LETTERS = 2
NEAREST = 5

CLUSTER = """
select cluster_id, label, name_en, name_ja, unit_kind, country_code, region_code, is_synthetic
from marts.dim_cluster
"""
NAMES = "select distinct cluster_id, name from marts.dim_cluster_name order by cluster_id, name"
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
class LookUp:
    """What a text led to: ``found`` is one cluster; else ``several`` that fit or the ``nearest`` names."""

    found: Row | None
    several: tuple[Row, ...] = ()
    nearest: tuple[str, ...] = ()


def fold_name(name: str) -> str:
    """A name without case, width, accents of Latin letters, spaces and punctuation; kana keep their voice marks."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(STROKES)
    apart = "".join(
        unicodedata.normalize("NFD", each) if unicodedata.name(each, "").startswith("LATIN") else each for each in plain
    )
    return "".join(each for each in apart if each.isalnum() and ord(each) not in LATIN_MARKS)


def look_up_cluster(connection: duckdb.DuckDBPyConnection, text: str) -> LookUp:
    """The cluster that ``text`` names: an id, any known name, or a part of one, in this order.

    A whole name is preferred to a part of a longer one. Without any fit the names that look most alike are given.
    """
    import difflib

    clusters = {row["cluster_id"]: row for row in fetch_rows(connection, CLUSTER)}
    by_id = clusters.get(unicodedata.normalize("NFKC", text).strip().upper())
    if by_id:
        return LookUp(by_id)
    wanted = fold_name(text)
    names = [(row["cluster_id"], row["name"], fold_name(row["name"])) for row in fetch_rows(connection, NAMES)]
    whole = {cluster_id for cluster_id, _, folded in names if folded == wanted}
    part = {cluster_id for cluster_id, _, folded in names if wanted in folded}
    fitting = whole or (part if len(wanted) >= FEWEST_LETTERS else set())
    if len(fitting) == 1:
        return LookUp(clusters[fitting.pop()])
    if fitting:
        return LookUp(None, several=tuple(clusters[each] for each in sorted(fitting)))
    shown = {folded: f"{name} ({cluster_id})" for cluster_id, name, folded in reversed(names)}
    alike = difflib.get_close_matches(wanted, shown, n=NEAREST, cutoff=0.5)
    return LookUp(None, nearest=tuple(shown[each] for each in alike))


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
