"""Explain one thing of a release: which sections each kind of thing has.

Belongs here: the choice of sections per kind. Does not belong here: the queries of the sections.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.explanation.explanation import Explanation, Section, Subject
from analytics.explanation.membership import COUNTED_CELLS, MEMBERS, members_of
from analytics.explanation.printed import printed_sections
from analytics.explanation.register import decision_section, event_section, sections_behind
from analytics.explanation.stat_rows import stat_sections, stat_tables
from analytics.explanation.subjects import find_subject
from analytics.explanation.usage import cluster_usage, edition_usage, row_usage

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection
    # facts, what it rests on, what uses it, notes
    Parts = tuple[Row, list[Section], list[Section], list[str]]
    Explainer = Callable[[Connection, Subject, bool], Parts]


def explain(connection: duckdb.DuckDBPyConnection, text: str, *, every_cell: bool = False) -> Explanation:
    """Explain what ``text`` names, from a release opened read-only.

    ``every_cell`` shows all printed cells of the rows, not only those by which a body is recognised.

    Raises:
        NothingFound: the release holds no such id or name.
    """
    subject = find_subject(connection, text)
    facts, rests_on, used_by, notes = EXPLAINERS[subject.kind](connection, subject, every_cell)
    release = fetch_rows(connection, "select release_id from meta.build")[0]["release_id"]
    if facts.get("is_synthetic"):
        notes.insert(0, "Synthetic: made up for want of published rows. It says nothing about the world.")
    return Explanation(subject, facts, rests_on, used_by, release, notes)


def _first(connection: Connection, query: str, wanted: str) -> Row:
    return fetch_rows(connection, query, {"id": wanted})[0]


def _cluster(connection: Connection, subject: Subject, every_cell: bool) -> Parts:
    facts = _first(connection, "select * from marts.dim_cluster where cluster_id = $id", subject.id)
    mentions = fetch_rows(connection, MENTIONS, {"id": subject.id})
    keys = [row["mention_key"] for row in mentions]
    rests_on = [
        decision_section(connection, clusters=[subject.id], mentions=keys),
        event_section(connection, [subject.id]),
        Section("Mentions", mentions, frozenset({"mention_key"}), empty="No list names it."),
        *printed_sections(connection, [row["row_id"] for row in mentions], every_cell=every_cell),
    ]
    return facts, rests_on, cluster_usage(connection, subject.id), []


MENTIONS = """
    select edition_id, role, name_printed, coalesce(name_en_printed, name_ja_printed) as other_name,
           country_printed, region_printed, row_id, mention_key
    from marts.fct_mention where cluster_id = $id order by edition_id, role, row_id
"""


def _mention(connection: Connection, subject: Subject, every_cell: bool) -> Parts:
    facts = _first(connection, "select * from marts.fct_mention where mention_key = $id", subject.id)
    rests_on = [
        decision_section(connection, mentions=[subject.id]),
        Section("Candidates proposed for it", fetch_rows(connection, CANDIDATES, {"id": subject.id})),
        *printed_sections(connection, [facts["row_id"]], every_cell=every_cell),
    ]
    return facts, rests_on, row_usage(connection, facts["row_id"]), []


CANDIDATES = """
    select rank, cluster_id, matched_name, score, suggestion, reasons
    from stats.match_candidate where mention_key = $id order by rank
"""


def _row(connection: Connection, subject: Subject, _every_cell: bool) -> Parts:
    facts = _first(connection, ROW, subject.id)
    return facts, printed_sections(connection, [subject.id], every_cell=True), row_usage(connection, subject.id), []


ROW = """
    select row_id, source_id, edition_id, row_number, is_synthetic
    from marts.fct_printed_cell where row_id = $id group by all
"""


def _figure(connection: Connection, subject: Subject, _every_cell: bool) -> Parts:
    facts = _first(connection, FIGURE, subject.id)
    used_by = [
        Section("Checks that use it", fetch_rows(connection, CHECKS, {"id": subject.id}), empty="No check uses it."),
        *row_usage(connection, facts["row_id"]),
    ]
    return facts, printed_sections(connection, [facts["row_id"]], every_cell=True), used_by, []


FIGURE = "select * from marts.fct_published_figure where figure_code = $id order by is_current desc, edition_id desc"
CHECKS = """
    select term.check_code, term.side, term.role, gap.rule, gap.left_value, gap.operator, gap.right_value, gap.status
    from marts.bridge_check_term as term
    join reports.rpt_control_gap as gap using (check_code)
    where term.item_code = $id
    order by all
"""


def _check(connection: Connection, subject: Subject, _every_cell: bool) -> Parts:
    facts = _first(connection, "select * from reports.rpt_control_gap where check_code = $id", subject.id)
    terms = fetch_rows(connection, TERMS, {"id": subject.id})
    rows = fetch_rows(connection, CHECK_ROWS, {"id": subject.id})
    rests_on = [
        Section("Numbers it is made of", terms, frozenset({"value_kind", "value_code"})),
        *printed_sections(connection, [row["row_id"] for row in rows], every_cell=True),
    ]
    return facts, rests_on, [], []


TERMS = """
    select side, part, item, role, item_code, label, value, unit, is_counted, value_kind, value_code
    from marts.bridge_check_term where check_code = $id order by side, part, item, role, item_code
"""
CHECK_ROWS = """
    select row_id from marts.fct_figure_check where check_code = $id
    union
    select figure.row_id from marts.fct_published_figure as figure
    join marts.bridge_check_term as term on term.item_code = figure.figure_code
    where term.check_code = $id and figure.is_current
"""


def _contradiction(connection: Connection, subject: Subject, _every_cell: bool) -> Parts:
    query = "select * from marts.fct_source_contradiction where conflict_code = $id order by is_current desc"
    facts = _first(connection, query, subject.id)
    decided = fetch_rows(connection, "from reports.rpt_source_conflict where conflict_code = $id", {"id": subject.id})
    rests_on = printed_sections(connection, [facts["row_id"]], every_cell=True)
    return facts, rests_on, [Section("What our rows support", decided)], []


def _event(connection: Connection, subject: Subject, _every_cell: bool) -> Parts:
    facts = _first(connection, "select * from marts.fct_cluster_event where event_id = $id", subject.id)
    outcomes = fetch_rows(connection, EVENT_OUTCOMES, {"id": subject.id})
    members = fetch_rows(connection, EVENT_MEMBERS, {"id": subject.id})
    empty = "No outcome of survival rests on it."
    return facts, [Section("Clusters", members)], [Section("Outcomes of its clusters", outcomes, empty=empty)], []


EVENT_MEMBERS = """
    select cluster.cluster_id, cluster.label, cluster.unit_kind,
           list_contains(string_split(coalesce(event.clusters_before, ''), ';'), cluster.cluster_id) as is_before,
           list_contains(string_split(coalesce(event.clusters_after, ''), ';'), cluster.cluster_id) as is_after
    from marts.fct_cluster_event as event
    join marts.dim_cluster as cluster
      on list_contains(
          string_split(concat_ws(';', event.clusters_before, event.clusters_after), ';'), cluster.cluster_id
      )
    where event.event_id = $id
    order by cluster.cluster_id
"""
EVENT_OUTCOMES = """
    select survival.cluster_id, survival.from_edition_id, survival.to_edition_id, survival.outcome_code,
           survival.exit_earliest, survival.exit_latest, survival.is_provisional
    from marts.fct_cluster_event as event
    join marts.fct_cluster_survival as survival
      on list_contains(string_split(coalesce(event.clusters_before, ''), ';'), survival.cluster_id)
     and survival.evidence_code in (event.event_type, 'weak_' || event.evidence_kind, 'reactivated')
     and survival.evidence_address is not distinct from event.evidence_address
    where event.event_id = $id
    order by all
"""


def _correction(connection: Connection, subject: Subject, _every_cell: bool) -> Parts:
    facts = _first(connection, "select * from marts.fct_correction where correction_id = $id", subject.id)
    if facts["row_id"] is None:
        return facts, [], [], ["The row that it corrected is no longer in any source."]
    used_by = row_usage(connection, facts["row_id"])
    return facts, printed_sections(connection, [facts["row_id"]], every_cell=True), used_by, []


def _tie(connection: Connection, subject: Subject, _every_cell: bool) -> Parts:
    facts = _first(connection, "select * from marts.fct_partnership_tie where tie_id = $id", subject.id)
    rows = fetch_rows(connection, TIE_ROWS, {"id": subject.id})
    events = fetch_rows(connection, TIE_EVENTS, {"id": subject.id})
    row_ids = [row["evidence_row_id"] for row in (*rows, *events)]
    rests_on = [
        Section("Printed rows that name it", rows, empty="No row names it."),
        Section("What is dated in it", events, frozenset({"evidence_row_id"})),
        *printed_sections(connection, row_ids, every_cell=True),
    ]
    return facts, rests_on, [], []


TIE_ROWS = """
    select row_kind, basis, party_jp_printed, party_eu_printed, programme_code, edition_id, evidence_row_id
    from marts.bridge_partnership_tie where tie_id = $id order by all
"""
TIE_EVENTS = """
    select date_earliest, date_latest, event_kind, value_printed, basis, evidence_row_id
    from marts.fct_partnership_event where tie_id = $id order by all
"""


def _statistics(connection: Connection, subject: Subject, _every_cell: bool) -> Parts:
    table = stat_tables(connection)[subject.id.partition("/")[0]]
    facts, rests_on, notes = stat_sections(connection, table, subject.id)
    return facts, rests_on, [], notes


def _source(connection: Connection, subject: Subject, _every_cell: bool) -> Parts:
    facts = _first(connection, "select * from marts.dim_source where source_id = $id or edition_id = $id", subject.id)
    columns = fetch_rows(connection, COLUMNS, {"id": facts["source_id"]})
    account = fetch_rows(connection, "from reports.rpt_row_account where source_id = $id", {"id": facts["source_id"]})
    rests_on = [Section("Columns of the file", columns), Section("Account of its rows", account)]
    return facts, rests_on, edition_usage(connection, facts["edition_id"]), []


COLUMNS = """
    select column_number, printed_column, our_column as read_as from marts.dim_source_column
    where source_id = $id order by column_number
"""


def _estimate(connection: Connection, subject: Subject, every_cell: bool) -> Parts:
    table = subject.id.partition("/")[0]
    facts = _first(connection, f"select * from stats.{table} where estimate_id = $id", subject.id)
    members = members_of(connection, subject.id)
    # Rows that name no cluster are figures, and every cell of a figure matters.
    every_cell = every_cell or not any(row["cluster_id"] for row in members)
    row_ids = {row_id for row in members for row_id in (row["row_id"], *(row["other_row_ids"] or ())) if row_id}
    labels = {
        row["cluster_id"]: row["label"]
        for row in fetch_rows(connection, "select cluster_id, label from marts.dim_cluster")
    }
    rows = [
        {"is_counted": row["is_counted"], "cluster_id": row["cluster_id"], "label": labels.get(row["cluster_id"])}
        | {name: row[name] for name in ("counts_as", "row_id", "other_row_ids", "table_name")}
        for row in members
    ]
    notes = []
    if table not in MEMBERS:
        notes.append(f"Of stats.{table} the release does not say row by row what each estimate counts.")
    rests_on = [
        Section("Rows of its base, those above the line first", rows, frozenset({"table_name", "other_row_ids"})),
        *sections_behind(connection, row_ids, {row["cluster_id"] for row in members if row["cluster_id"]}),
        *printed_sections(connection, row_ids, every_cell=every_cell, cells=COUNTED_CELLS.get(table, ())),
    ]
    return facts, rests_on, [], notes


EXPLAINERS: dict[str, Explainer] = {
    "cluster": _cluster,
    "mention": _mention,
    "row": _row,
    "figure": _figure,
    "check": _check,
    "contradiction": _contradiction,
    "event": _event,
    "correction": _correction,
    "tie": _tie,
    "source": _source,
    "edition": _source,
    "estimate": _estimate,
    "statistics": _statistics,
}
