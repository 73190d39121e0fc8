"""`stats.match_candidate`: candidate clusters for every mention that nobody has decided yet.

Belongs here: which mentions and clusters are compared, and what decisions have said about them. How names are compared
stands in `analytics.match_candidates`. A candidate decides nothing: a row of `decisions.csv` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from analytics.estimate import Column, StatTable, fetch_rows

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow

    from analytics.estimate import Row

LIMIT = 5

TABLE = StatTable(
    "match_candidate",
    "One row per undecided mention and candidate cluster, best first: what a reviewer may want to decide, and why.",
    (
        Column("mention_key", "string", "Mention without a live decision."),
        Column("rank", "int64", "Place of the candidate, 1 for the best; at most five."),
        Column("cluster_id", "string", "Candidate cluster. Never one that was decided to be a different one."),
        Column("score", "double", "Sum of the weights of the evidence, 0 to 1. No probability."),
        Column("reasons", "string", "The evidence in words, joined by `; `."),
        Column(
            "suggestion",
            "string",
            "`same`: strong evidence; `review`: look at both; `new`: weak, rather a cluster that has no id yet.",
        ),
        Column("name_printed", "string", "Name of the mention as printed."),
        Column("matched_name", "string", "The name of the cluster, as printed or registered, that matched best."),
        Column("is_synthetic", "bool", "True for synthetic mentions; they are compared with synthetic clusters only."),
    ),
    ("mention_key", "rank"),
)

MENTIONS = """
    select mention.mention_key, mention.name_printed as name, mention.name_en_printed, mention.name_ja_printed,
           mention.country_printed, mention.website_printed, mention.edition_id, mention.role, mention.is_synthetic,
           coalesce(region.region_code, mention.region_printed) as region
    from marts.fct_mention as mention
    inner join reports.rpt_unresolved_mention as unresolved on mention.mention_key = unresolved.mention_key
    left join (
        select lower(printed) as printed, min(region_code) as region_code from (
            select region_code, unnest([region_code, name_en, name_ja]) as printed
            from marts.dim_region where is_current
        ) group by lower(printed)
    ) as region on lower(mention.region_printed) = region.printed
    where mention.verdict is null and mention.name_printed is not null
    order by mention.mention_key
"""
CLUSTERS = """
    select distinct cluster.cluster_id, name.name, cluster.country_code, cluster.region_code as region,
           cluster.founded_year, site.website_printed, cluster.is_synthetic
    from marts.dim_cluster as cluster
    inner join marts.dim_cluster_name as name on cluster.cluster_id = name.cluster_id
    left join (
        select cluster_id, max(website_printed) as website_printed from marts.fct_mention
        where role = 'entry' group by cluster_id
    ) as site on cluster.cluster_id = site.cluster_id
    order by cluster.cluster_id, name.name
"""
DIFFERENT = """
    select mention_key, cluster_id from marts.fct_decision
    where verdict = 'different' and is_live order by mention_key, cluster_id
"""
# A cluster has at most one mention in an edition and role.
TAKEN = """
    select distinct open.mention_key, placed.cluster_id
    from reports.rpt_unresolved_mention as open
    inner join marts.fct_mention as placed on open.edition_id = placed.edition_id and open.role = placed.role
    where placed.verdict = 'same' and placed.cluster_id is not null
    order by open.mention_key, placed.cluster_id
"""


def match_candidate(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Up to five candidates for each undecided mention; synthetic and real apart. No row, and no cost, without any."""
    mentions = fetch_rows(connection, MENTIONS)
    if not mentions:
        return TABLE.to_arrow([])
    clusters = fetch_rows(connection, CLUSTERS)
    different = _pairs(connection, DIFFERENT)
    taken = _pairs(connection, TAKEN)
    return TABLE.to_arrow(
        row
        for is_synthetic in (False, True)
        for row in _candidates(
            [row for row in mentions if row["is_synthetic"] == is_synthetic],
            [row for row in clusters if row["is_synthetic"] == is_synthetic],
            different,
            taken,
            is_synthetic,
        )
    )


def _pairs(connection: duckdb.DuckDBPyConnection, query: str) -> frozenset[tuple[str, str]]:
    return frozenset((row["mention_key"], row["cluster_id"]) for row in fetch_rows(connection, query))


def _candidates(
    mentions: list[Row],
    clusters: list[Row],
    different: frozenset[tuple[str, str]],
    taken: frozenset[tuple[str, str]],
    is_synthetic: bool,
) -> list[Row]:
    if not mentions or not clusters:
        return []
    from analytics.match_candidates import propose

    found = propose(_frame(mentions), _frame(clusters), LIMIT, different, taken)
    return cast("list[Row]", found.assign(is_synthetic=is_synthetic).to_dict("records"))


def _frame(rows: list[Row]) -> pd.DataFrame:
    import pandas as pd

    # A cluster is at most once in an edition and role.
    placed = [{**row, "edition": f"{row['edition_id']}/{row['role']}"} if "role" in row else row for row in rows]
    return pd.DataFrame(placed, dtype=object).drop(columns=["edition_id", "role", "is_synthetic"], errors="ignore")
