"""Decisions and events of the register behind a cluster or a mention.

Belongs here: reviewed rows and where they stand. Does not belong here: what was printed (``printed``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import fetch_rows
from analytics.explanation.explanation import Section

if TYPE_CHECKING:
    import duckdb

DECISIONS = """
    select mention_key, cluster_id, verdict, is_live, reason, evidence_address, decided_by, decided_on, withdrawn_on,
           withdrawn_reason, register_file || ', line ' || line_number as stands_in
    from marts.fct_decision
    where cluster_id = $cluster_id or list_contains($mentions, mention_key)
    order by mention_key, decided_on, verdict
"""
EVENTS = """
    select event_id, event_type, clusters_before, clusters_after, date_earliest, date_latest, evidence_kind, strength,
           evidence_address, recorded_by, recorded_on, note, register_file || ', line ' || line_number as stands_in
    from marts.fct_cluster_event
    where list_contains(string_split(coalesce(clusters_before, ''), ';'), $cluster_id)
       or list_contains(string_split(coalesce(clusters_after, ''), ';'), $cluster_id)
    order by date_earliest, event_id
"""


def decision_section(connection: duckdb.DuckDBPyConnection, cluster_id: str | None, mentions: list[str]) -> Section:
    """Every decision about a cluster or about one of the mentions, withdrawn ones included."""
    rows = fetch_rows(connection, DECISIONS, {"cluster_id": cluster_id, "mentions": mentions})
    details = frozenset({"evidence_address", "withdrawn_reason", "decided_by"})
    return Section("Decisions", rows, details, empty="Nobody has decided anything about it.")


def event_section(connection: duckdb.DuckDBPyConnection, cluster_id: str) -> Section:
    """Every recorded event in which the cluster stands before or after."""
    rows = fetch_rows(connection, EVENTS, {"cluster_id": cluster_id})
    details = frozenset({"recorded_by", "recorded_on", "note"})
    return Section("Events", rows, details, empty="No event is recorded: what became of it is known from lists alone.")
