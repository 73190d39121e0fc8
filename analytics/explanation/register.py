"""Decisions and events of the register behind a cluster or a mention.

Belongs here: reviewed rows and where they stand. Does not belong here: what was printed (``printed``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from analytics.estimate import fetch_rows
from analytics.explanation.explanation import Section

if TYPE_CHECKING:
    import duckdb

DECISIONS = """
    select mention_key, cluster_id, verdict, is_live, reason, evidence_address, decided_by, decided_on, withdrawn_on,
           withdrawn_reason, register_file || ', line ' || line_number as stands_in
    from marts.fct_decision
    where list_contains($clusters, cluster_id) or list_contains($mentions, mention_key)
    order by mention_key, decided_on, verdict
"""
EVENTS = """
    select event_id, event_type, clusters_before, clusters_after, date_earliest, date_latest, evidence_kind, strength,
           evidence_address, recorded_by, recorded_on, note, register_file || ', line ' || line_number as stands_in
    from marts.fct_cluster_event
    where list_has_any(string_split(concat_ws(';', clusters_before, clusters_after), ';'), $clusters)
    order by date_earliest, event_id
"""


MENTIONS = """
    select mention_key from marts.fct_mention
    where role = 'entry' and list_contains($rows, row_id) and list_contains($clusters, cluster_id)
"""


def decision_section(
    connection: duckdb.DuckDBPyConnection, *, clusters: Collection[str] = (), mentions: Collection[str] = ()
) -> Section:
    """Every decision about one of the clusters or one of the mentions, withdrawn ones included."""
    rows = fetch_rows(connection, DECISIONS, {"clusters": sorted(clusters), "mentions": sorted(mentions)})
    details = frozenset({"evidence_address", "withdrawn_reason", "decided_by"})
    return Section("Decisions", rows, details, empty="Nobody has decided anything about it.")


def event_section(connection: duckdb.DuckDBPyConnection, clusters: Collection[str]) -> Section:
    """Every recorded event in which one of the clusters stands before or after."""
    rows = fetch_rows(connection, EVENTS, {"clusters": sorted(clusters)})
    details = frozenset({"recorded_by", "recorded_on", "note", "evidence_kind", "evidence_address"})
    return Section("Events", rows, details, empty="No event is recorded: what became of it is known from lists alone.")


def sections_behind(
    connection: duckdb.DuckDBPyConnection, rows: Collection[str], clusters: Collection[str]
) -> list[Section]:
    """The decisions that place these printed rows, and the events of these clusters."""
    known = {"rows": sorted(rows), "clusters": sorted(clusters)}
    mentions = [row["mention_key"] for row in fetch_rows(connection, MENTIONS, known)]
    found = [decision_section(connection, mentions=mentions), event_section(connection, clusters)]
    return [section for section in found if section.rows]
