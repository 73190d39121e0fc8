"""Which rows every estimate counts: one relation per table of the `stats` schema, read in both directions.

Belongs here: for each topic the SQL that says of every estimate which rows are in its base and which of them above the
line. Does not belong here: the estimates themselves (``topics``). A test counts these rows and compares them with the
published numerators and bases, so the two cannot drift apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.explanation.level_membership import LEVEL_CELLS, LEVEL_MEMBERS
from analytics.explanation.survey_membership import SURVEY_MEMBERS

if TYPE_CHECKING:
    import duckdb

# Each query gives: estimate_id, table_name (a mart), cluster_id, row_id, counts_as (in words), is_counted (the row is
# in the numerator). Rows of the base that are not counted stand in it too. A query may also give other_row_ids: further
# printed rows that a member rests on.
MEMBERS: dict[str, str] = {
    "survival_share": """
        select estimate.estimate_id, 'marts.fct_cluster_survival' as table_name, survival.cluster_id, presence.row_id,
               survival.outcome_code as counts_as,
               case
                   when estimate.statistic in ('death_share', 'annual_equivalent_death')
                       then survival.outcome_code = 'died'
                   when estimate.statistic in ('restructured_share', 'annual_equivalent_restructured')
                       then survival.outcome_code in ('merged', 'absorbed', 'broken_up')
                   when estimate.statistic in ('out_of_scope_share', 'annual_equivalent_out_of_scope')
                       then survival.outcome_code = 'out_of_scope'
                   when estimate.statistic = 'unknown_share' then survival.outcome_code = 'unknown'
                   when estimate.statistic = 'outcome_share' then survival.outcome_code = estimate.outcome_code
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
                      then survival.founded_year between estimate.founded_from and estimate.founded_to
                  when starts_with(estimate.domain, 'sector ')
                      then survival.sector_code is not distinct from estimate.sector_code
                  when starts_with(estimate.domain, 'unit kind ') then survival.unit_kind = estimate.unit_kind
                  else true
              end
    """,
    "entry_share": """
        select estimate.estimate_id, 'marts.fct_cluster_entry' as table_name, entry.cluster_id, entry.row_id,
               entry.entry_code as counts_as,
               case estimate.statistic
                   when 'late_discovery_share' then entry.entry_code = 'late_discovery'
                   when 'restructured_entry_share' then entry.entry_code in (
                       'by_merger', 'by_take_over', 'by_break_up', 'by_split_off', 'by_joint_venture'
                   )
                   when 'reactivation_share' then entry.entry_code = 'reactivation'
                   when 'relisted_share' then entry.entry_code = 'relisted'
                   when 'scope_entry_share' then entry.entry_code = 'scope_entry'
                   when 'unknown_entry_share' then entry.entry_code = 'unknown'
                   else entry.entry_code = 'birth'
               end as is_counted
        from stats.entry_share as estimate
        join marts.fct_cluster_entry as entry
          on entry.from_edition_id = estimate.from_edition_id and entry.to_edition_id = estimate.to_edition_id
         and entry.is_synthetic = estimate.is_synthetic
         and (estimate.domain = 'all' or entry.unit_kind is not distinct from estimate.unit_kind)
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
    "survey_outcome_rate": """
        select estimate.estimate_id, 'marts.fct_survey_disposition' as table_name, null as cluster_id, null as row_id,
               counted.disposition || ', ' || counted.n || ' (' || counted.origin || ')' as counts_as,
               case
                   when estimate.statistic in ('RR1', 'RR3', 'RR5', 'COOP1', 'COOP3')
                       then counted.disposition = 'complete'
                   when starts_with(estimate.statistic, 'REF') then counted.disposition in ('break_off', 'refusal')
                   when starts_with(estimate.statistic, 'CON')
                       then counted.disposition in ('complete', 'partial', 'break_off', 'refusal', 'other')
                   else counted.disposition in ('complete', 'partial')
               end as is_counted
        from stats.survey_outcome_rate as estimate
        join marts.fct_survey_disposition as counted
          on counted.edition_id = estimate.edition_id and counted.disposition not in ('excluded', 'duplicate')
        where estimate.value is not null and counted.n is not null
    """,
    "survey_estimate": SURVEY_MEMBERS,
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


MEMBERS |= LEVEL_MEMBERS
# Columns of ours whose cells say what a row counts as, beside those by which a body is recognised.
COUNTED_CELLS: dict[str, tuple[str, ...]] = {
    "survival_share": ("sector", "organisation_kind", "funding_end"),
    "entry_share": ("sector", "organisation_kind"),
    "programme_participation": ("status", "stage", "strand", "sector", "partner_in_eu", "target_country"),
    **dict.fromkeys(LEVEL_MEMBERS, LEVEL_CELLS),
}
NOTHING_ELSE = "select cast(null as varchar[]) as other_row_ids where false union all by name"


def members_of(connection: duckdb.DuckDBPyConnection, estimate_id: str) -> list[Row]:
    """The rows behind one estimate, those above the line first; empty for a table without members of its own."""
    query = MEMBERS.get(estimate_id.partition("/")[0])
    if query is None:
        return []
    return fetch_rows(
        connection,
        f"with member as ({query}) select * exclude (estimate_id) from ({NOTHING_ELSE} select * from member) "
        "where estimate_id = $id order by is_counted desc, cluster_id, row_id",
        {"id": estimate_id},
    )


def estimates_with(connection: duckdb.DuckDBPyConnection, column: str, value: str) -> list[Row]:
    """The estimates with a cluster (``column`` cluster_id) or a printed row (row_id) in their base, and as what.

    Those that count it above the line come first.
    """
    known = {row["table_name"] for row in fetch_rows(connection, TABLES)}
    wanted = f"{column} = $value"
    if column == "row_id":
        wanted += " or list_contains(other_row_ids, $value)"
    parts = [
        f"select estimate_id, counts_as, bool_or(is_counted) as is_counted "
        f"from ({NOTHING_ELSE} select * from ({query})) where {wanted} group by all"
        for table, query in MEMBERS.items()
        if table in known
    ]
    if not parts:
        return []
    every = f"select * from ({' union all '.join(parts)}) order by is_counted desc, estimate_id, counts_as"
    return fetch_rows(connection, every, {"value": value})


TABLES = "select table_name from duckdb_tables() where schema_name = 'stats'"
