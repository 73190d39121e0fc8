"""Which rows every estimate counts: one relation per table of the `stats` schema, read in both directions.

Belongs here: for each topic the SQL that says of every estimate which rows are in its base and which of them above the
line. Does not belong here: the estimates themselves (``topics``). A test counts these rows and compares them with the
published numerators and bases, so the two cannot drift apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows

if TYPE_CHECKING:
    import duckdb

# Each query gives: estimate_id, table_name (a mart), cluster_id, row_id, counts_as (in words), is_counted (the row is
# in the numerator). Rows of the base that are not counted stand in it too.
MEMBERS: dict[str, str] = {
    "survival_share": """
        select estimate.estimate_id, 'marts.fct_cluster_survival' as table_name, survival.cluster_id, presence.row_id,
               survival.outcome_code as counts_as,
               case estimate.statistic
                   when 'death_share' then survival.outcome_code = 'died'
                   when 'restructured_share' then survival.outcome_code in ('merged', 'absorbed', 'broken_up')
                   when 'out_of_scope_share' then survival.outcome_code = 'out_of_scope'
                   when 'unknown_share' then survival.outcome_code = 'unknown'
                   when 'outcome_share' then survival.outcome_code = estimate.outcome_code
                   else survival.is_survivor
               end as is_counted
        from stats.survival_share as estimate
        join marts.fct_cluster_survival as survival
          on survival.from_edition_id = estimate.from_edition_id and survival.to_edition_id = estimate.to_edition_id
         and survival.is_synthetic = estimate.is_synthetic and survival.is_at_risk
        left join marts.fct_cluster_presence as presence
          on presence.cluster_id = survival.cluster_id and presence.edition_id = survival.from_edition_id
        where case
                  when estimate.founded_from is not null
                      then presence.founded_year between estimate.founded_from and estimate.founded_to
                  when starts_with(estimate.domain, 'sector ')
                      then survival.sector_code is not distinct from estimate.sector_code
                  else true
              end
    """,
    "programme_participation": """
        select estimate.estimate_id, 'marts.fct_programme_participation' as table_name,
               participation.cluster_id, participation.row_id,
               case estimate.dimension
                   when 'status' then participation.status_code
                   when 'partner_country' then participation.partner_country_code
                   when 'partner_country_by_status'
                       then participation.partner_country_code || ', ' || participation.status_code
                   when 'partner_area' then participation.partner_area
                   when 'partner_in_eu' then case when participation.is_partner_in_eu then 'in_eu'
                                                  when not participation.is_partner_in_eu then 'not_in_eu' end
                   when 'sector' then participation.sector_printed
                   when 'strand' then cast(participation.strand as varchar)
                   when 'prefecture' then participation.jp_prefecture_code
                   else 'all'
               end as counts_as,
               case when estimate.dimension = 'partner_country_by_status'
                        then coalesce(participation.partner_country_code, 'not_stated') = estimate.category
                             and participation.status_code is not distinct from estimate.status_code
                    else coalesce(counts_as, 'not_stated') = estimate.category end as is_counted
        from stats.programme_participation as estimate
        join marts.fct_programme_participation as participation
          on participation.edition_id = estimate.edition_id
         and participation.programme_code = estimate.programme_code
         and participation.stage_code is not distinct from estimate.stage_code
         and participation.is_synthetic = estimate.is_synthetic
        where estimate.dimension not in ('target_country', 'member_country')
        union all
        select distinct estimate.estimate_id, 'marts.bridge_partnership_target', target.cluster_id, target.row_id,
               target.country_code, true
        from stats.programme_participation as estimate
        join marts.bridge_partnership_target as target
          on target.partnership_edition_id = estimate.edition_id and target.country_code = estimate.category
        where estimate.dimension = 'target_country'
        union all
        select distinct estimate.estimate_id, 'marts.bridge_partnership_member', member.partnership_cluster_id,
               member.row_id, member.country_code, true
        from stats.programme_participation as estimate
        join marts.fct_partnership as partnership on partnership.edition_id = estimate.edition_id
        join marts.bridge_partnership_member as member
          on member.partnership_code = partnership.partnership_code and member.country_code = estimate.category
        where estimate.dimension = 'member_country'
    """,
    "survey_result": """
        select estimate.estimate_id, 'marts.fct_survey_result' as table_name, null as cluster_id, estimate.row_id,
               estimate.answer as counts_as, true as is_counted
        from stats.survey_result as estimate
    """,
    "mapping_bound": """
        select estimate.estimate_id, 'marts.fct_published_aggregate' as table_name, null as cluster_id, printed.row_id,
               printed.category_code as counts_as, true as is_counted
        from stats.mapping_bound as estimate
        join marts.fct_published_aggregate as printed
          on printed.subject_edition_id in (estimate.from_edition_id, estimate.to_edition_id)
         and printed.is_current
         and printed.n = case when printed.subject_edition_id = estimate.from_edition_id
                              then estimate.from_total else estimate.to_total end
    """,
}


def members_of(connection: duckdb.DuckDBPyConnection, estimate_id: str) -> list[Row]:
    """The rows behind one estimate, those above the line first; empty for a table without members of its own."""
    query = MEMBERS.get(estimate_id.partition("/")[0])
    if query is None:
        return []
    return fetch_rows(
        connection,
        f"select * exclude (estimate_id) from ({query}) where estimate_id = $id "
        "order by is_counted desc, cluster_id, row_id",
        {"id": estimate_id},
    )


def estimates_with(connection: duckdb.DuckDBPyConnection, column: str, value: str) -> list[Row]:
    """The estimates that count a cluster (``column`` cluster_id) or a printed row (row_id), with what it counts as."""
    known = {row["table_name"] for row in fetch_rows(connection, TABLES)}
    parts = [
        f"select estimate_id, counts_as, bool_or(is_counted) as is_counted from ({query}) "
        f"where {column} = $value group by all"
        for table, query in MEMBERS.items()
        if table in known
    ]
    return fetch_rows(connection, f"{' union all '.join(parts)} order by all", {"value": value}) if parts else []


TABLES = "select table_name from duckdb_tables() where schema_name = 'stats'"
