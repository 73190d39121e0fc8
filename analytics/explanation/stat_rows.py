"""Rows of the `stats` schema that are no estimates: curves, tests of whole tables, networks.

Belongs here: finding them by their key and saying what they were computed from. Does not belong here: estimates, whose
members are counted (``membership``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import Row, StatTable, fetch_rows
from analytics.explanation.explanation import Section

if TYPE_CHECKING:
    import duckdb

SPELLS = (
    "Spells of the family, from which its parts are taken",
    """
    select distinct spell.cluster_id, cluster.label, spell.first_listed_on, spell.exit_code, spell.followed_until,
           spell.ended_latest, spell.is_censored, spell.sector_code, spell.programme_codes, spell.unit_kind
    from shown
    join marts.fct_cluster_spell as spell using (family, is_synthetic)
    join marts.dim_cluster as cluster on cluster.cluster_id = spell.cluster_id
    order by all
    """,
)
TIES = """
    select distinct tie.tie_id, tie.label_jp, tie.label_eu, tie.programme_codes, tie.sector_codes, tie.n_rows
    from shown join marts.fct_partnership_tie as tie on {condition} order by all
"""
# What the rows of a table were computed from: a heading, and SQL over the rows that are shown.
BEHIND = {
    "survival_curve": SPELLS,
    "duration_test": SPELLS,
    "level_transition_test": (
        "Moves that it tests",
        """
        select distinct move.estimate_id, move.from_level_code, move.to_level_code, move.numerator as clusters
        from shown
        join stats.level_transition as move using (family, from_edition_id, to_edition_id, scale, is_synthetic)
        where move.numerator > 0
        order by all
        """,
    ),
    "partnership_network_party": (
        "Its ties",
        TIES.format(condition="shown.cluster_id in (tie.cluster_id_jp, tie.cluster_id_eu)"),
    ),
    "partnership_network_summary": (
        "Ties of the network, from which its parts are taken",
        TIES.format(condition="tie.is_synthetic = shown.is_synthetic"),
    ),
    "partnership_projection": (
        "Ties of the network that it projects",
        TIES.format(condition="tie.is_synthetic = shown.is_synthetic"),
    ),
}


def stat_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, StatTable]:
    """The tables of this release whose rows are no estimates, by name."""
    from analytics.estimates import TABLES

    query = "select table_name from duckdb_tables() where schema_name = 'stats'"
    released = {row["table_name"] for row in fetch_rows(connection, query)}
    return {name: table for name, table in TABLES.items() if name in released and table.key != ("estimate_id",)}


def row_key(table: StatTable) -> str:
    """SQL of the key of a row as one text: the table and its key columns, with slashes between them.

    The last parts may be empty; they are left out.
    """
    parts = ", ".join(f"coalesce(cast({name} as varchar), '')" for name in table.key)
    return f"rtrim(concat_ws('/', '{table.name}', {parts}), '/')"


def rows_at(connection: duckdb.DuckDBPyConnection, table: StatTable, key: str) -> list[Row]:
    """The rows whose key is ``key`` or starts with all of its parts, in their order."""
    return fetch_rows(connection, _shown(table, "select * from shown"), {"id": key})


def near_keys(connection: duckdb.DuckDBPyConnection, table: StatTable, key: str) -> list[str]:
    """The three keys most like ``key``."""
    query = (
        f"select distinct {row_key(table)} as near from stats.{table.name} "
        "order by jaro_winkler_similarity(near, $id) desc, near limit 3"
    )
    return [row["near"] for row in fetch_rows(connection, query, {"id": key})]


def stat_sections(
    connection: duckdb.DuckDBPyConnection, table: StatTable, key: str
) -> tuple[Row, list[Section], list[str]]:
    """What all rows have in common, the rest of them as a section with what they were computed from, and notes."""
    rows = rows_at(connection, table, key)
    common = [name for name in rows[0] if all(row[name] == rows[0][name] for row in rows)]
    varying = [{name: row[name] for name in row if name not in common} for row in rows]
    sections = [Section("Rows", varying)] if len(rows) > 1 else []
    behind = BEHIND.get(table.name)
    if behind:
        title, query = behind
        sections.append(Section(title, fetch_rows(connection, _shown(table, query), {"id": key})))
    return {name: rows[0][name] for name in common}, sections, [table.text]


def _shown(table: StatTable, query: str) -> str:
    order = ", ".join(table.key)
    key = row_key(table)
    return (
        f"with shown as (select * from stats.{table.name} where {key} = $id or starts_with({key}, $id || '/') "
        f"order by {order}) {query}"
    )
