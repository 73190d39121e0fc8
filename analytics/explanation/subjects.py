"""Find what a user means: an id of any kind, or a name of a cluster.

Belongs here: the kinds of ids there are and where each stands. Does not belong here: explaining what was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.cluster_search import find_clusters
from analytics.estimate import fetch_rows
from analytics.explanation.explanation import Subject
from analytics.explanation.stat_rows import near_keys, rows_at, stat_tables

if TYPE_CHECKING:
    import duckdb


class NothingFound(Exception):
    """No id and no name of the release is what was asked for; the message names what comes near."""


@dataclass(frozen=True)
class IdKind:
    """A kind of id: the table and column it stands in, and the SQL of a line in words."""

    kind: str
    table: str
    column: str
    text: str


KINDS = (
    IdKind("cluster", "marts.dim_cluster", "cluster_id", "label"),
    IdKind("figure", "marts.fct_published_figure", "figure_code", "statement"),
    IdKind("check", "reports.rpt_control_gap", "check_code", "left_side || ' ' || operator || ' ' || right_side"),
    IdKind("contradiction", "marts.fct_source_contradiction", "conflict_code", "subject"),
    IdKind("event", "marts.fct_cluster_event", "event_id", "event_type"),
    IdKind("correction", "marts.fct_correction", "correction_id", "reason"),
    IdKind("tie", "marts.fct_partnership_tie", "tie_id", "label_jp || ' and ' || label_eu"),
    IdKind("mention", "marts.fct_mention", "mention_key", "coalesce(name_printed, '(no name printed)')"),
    IdKind("row", "marts.fct_printed_cell", "row_id", "'printed row ' || row_id"),
    IdKind("source", "marts.dim_source", "source_id", "title"),
    IdKind("edition", "marts.dim_edition", "edition_id", "title"),
)


def find_subject(connection: duckdb.DuckDBPyConnection, text: str) -> Subject:
    """The one thing of the release that ``text`` names: an id as printed by any table, or a cluster's name.

    Raises:
        NothingFound: no id and no name is like that, or several clusters have the name.
    """
    wanted = text.strip()
    for each in KINDS:
        query = (
            f"select {each.column} as id, any_value({each.text}) as text from {each.table} where {each.column} = $id"
        )
        rows = fetch_rows(connection, f"{query} group by all", {"id": wanted})
        if rows:
            return Subject(each.kind, rows[0]["id"], str(rows[0]["text"]))
    if estimate := _estimate(connection, wanted):
        return estimate
    if row := _stat_row(connection, wanted):
        return row
    return _cluster_by_name(connection, wanted)


def estimate_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of the `stats` schema whose rows are estimates with an id."""
    query = "select table_name from duckdb_columns() where schema_name = 'stats' and column_name = 'estimate_id'"
    return [row["table_name"] for row in fetch_rows(connection, f"{query} order by table_name")]


def _estimate(connection: duckdb.DuckDBPyConnection, wanted: str) -> Subject | None:
    # The first part of an estimate's id is the name of its table.
    table = wanted.partition("/")[0]
    if table not in estimate_tables(connection):
        return None
    query = f"select estimate_id, statistic || ', ' || base as text from stats.{table} where estimate_id = $id"
    rows = fetch_rows(connection, query, {"id": wanted})
    if rows:
        return Subject("estimate", rows[0]["estimate_id"], str(rows[0]["text"]))
    near = f"select estimate_id from stats.{table} order by jaro_winkler_similarity(estimate_id, $id) desc limit 3"
    found = ", ".join(row["estimate_id"] for row in fetch_rows(connection, near, {"id": wanted}))
    raise NothingFound(f"stats.{table} holds no estimate '{wanted}'. Near it: {found}.")


def _stat_row(connection: duckdb.DuckDBPyConnection, wanted: str) -> Subject | None:
    table = stat_tables(connection).get(wanted.partition("/")[0])
    if table is None:
        return None
    wanted = wanted.rstrip("/")
    if "/" in wanted and rows_at(connection, table, wanted):
        return Subject("statistics", wanted, f"rows of stats.{table.name}")
    found = ", ".join(near_keys(connection, table, wanted))
    raise NothingFound(f"stats.{table.name} holds no row '{wanted}'. A row is named by its key. Near it: {found}.")


def _cluster_by_name(connection: duckdb.DuckDBPyConnection, wanted: str) -> Subject:
    search = find_clusters(connection, wanted)
    if len(search.exact) == 1:
        found = search.exact[0]
        return Subject("cluster", found.cluster_id, found.label)
    if search.exact:
        listed = "; ".join(f"{each.cluster_id} {each.label}" for each in search.exact)
        raise NothingFound(f"Several clusters are called '{wanted}': {listed}. Ask again with the id.")
    near = "; ".join(f"{each.cluster_id} {each.name}" for each in search.near)
    remedy = f" Names near it: {near}." if near else ""
    raise NothingFound(
        f"'{wanted}' is neither an id nor a cluster's name in this release.{remedy} Ids are those of the tables: a "
        "cluster (JPC-0042), a published figure (F001), a check (K01), an estimate (survival_share/...), an event, a "
        "correction, a tie of two clusters, a mention key, a row id (source#row), a source or an edition."
    )
