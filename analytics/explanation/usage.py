"""Everything in a release that uses a cluster, a printed row or an edition.

Belongs here: the way forward. Does not belong here: the way back (``printed``, ``register``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.explanation.explanation import Section
from analytics.explanation.membership import estimates_with

if TYPE_CHECKING:
    import duckdb

COLUMNS = """
    select schema_name || '.' || table_name as table_name, column_name
    from duckdb_columns()
    where schema_name in ('marts', 'reports', 'stats') and not internal and list_contains($columns, column_name)
    order by schema_name, table_name, column_index
"""
SURVIVAL = """
    select from_edition_id, to_edition_id, is_at_risk, outcome_code, evidence_code, evidence_address,
           exit_earliest, exit_latest, is_provisional, decided_by, decided_on, method_version
    from marts.fct_cluster_survival where cluster_id = $id order by from_edition_id, to_edition_id
"""
LEVELS = """
    select edition_id, ordinal_level, level_lowest, level_highest, level_printed, level_reason
    from marts.fct_internationalisation where cluster_id = $id order by edition_id
"""
CLUSTER_COLUMNS = (
    "cluster_id", "cluster_id_jp", "cluster_id_eu", "lead_cluster_id", "partner_cluster_id", "partnership_cluster_id",
    "candidate_cluster_id", "similar_cluster_id", "placed_cluster_id",
)  # fmt: skip


def cluster_usage(connection: duckdb.DuckDBPyConnection, cluster_id: str) -> list[Section]:
    """Outcomes, tables and estimates that use a cluster."""
    return [
        Section(
            "Survival",
            fetch_rows(connection, SURVIVAL, {"id": cluster_id}),
            frozenset({"method_version", "decided_by", "decided_on", "evidence_address"}),
        ),
        Section("Internationalisation", fetch_rows(connection, LEVELS, {"id": cluster_id})),
        _tables(connection, CLUSTER_COLUMNS, cluster_id),
        Section("Estimates with it in their base", estimates_with(connection, "cluster_id", cluster_id)),
    ]


def row_usage(connection: duckdb.DuckDBPyConnection, row_id: str) -> list[Section]:
    """Tables and estimates that use a printed row."""
    return [
        _tables(connection, ("row_id", "evidence_row_id"), row_id),
        Section("Estimates with it in their base", estimates_with(connection, "row_id", row_id)),
    ]


def edition_usage(connection: duckdb.DuckDBPyConnection, edition_id: str) -> list[Section]:
    """Tables that hold rows of or about an edition."""
    columns = ("edition_id", "from_edition_id", "to_edition_id", "subject_edition_id", "partnership_edition_id")
    return [_tables(connection, columns, edition_id)]


def _tables(connection: duckdb.DuckDBPyConnection, columns: tuple[str, ...], value: str) -> Section:
    """Rows of each published table that carry the value in one of the columns."""
    found: dict[str, list[str]] = {}
    for row in fetch_rows(connection, COLUMNS, {"columns": list(columns)}):
        found.setdefault(row["table_name"], []).append(row["column_name"])
    counts: list[Row] = []
    if found:
        query = " union all ".join(
            f"select '{table}' as table_name, '{', '.join(names)}' as found_in, count(*) as n_rows from {table} "
            f"where {' or '.join(f'{name} = $value' for name in names)}"
            for table, names in found.items()
        )
        counts = fetch_rows(connection, f"select * from ({query}) where n_rows > 0 order by all", {"value": value})
    return Section("Tables that use it", counts, empty="No published table uses it.")
