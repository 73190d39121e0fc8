"""Chapter on agreement: control figures by basis, contradictions between sources, names not placed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.pages.number_format import NO_NUMBER, words
from analytics.pages.published_table import PublishedTable, Section, headers, query_of

if TYPE_CHECKING:
    import duckdb

INTRODUCTION = (
    "Every published sum, ratio and set is held against what it must equal: a count of our own rows where we have the "
    "rows, otherwise other published figures. The column “Basis” says which. Where sources disagree, both claims are "
    "kept with their places, and the one that the rows or the review support is named."
)
SHOWN_MENTIONS = 40

CONTROLS = "select * from reports.rpt_control_gap order by check_code"
CONFLICTS = """
    select * from reports.rpt_source_conflict
    order by case severity when 'high' then 1 when 'medium' then 2 when 'low' then 3 else 4 end, conflict_code
"""
MENTIONS = """
    select mention.*, coalesce(edition.title, mention.edition_id) as title
    from reports.rpt_unresolved_mention as mention left join marts.dim_edition as edition using (edition_id)
    order by is_blocking desc, mention_key
"""
BASES = {"rows": "our rows", "published": "published figures"}
SUPPORTED = {"a": "first claim", "b": "second claim"}
# Low severity and positive controls stay in the table; the page shows what a reader must know before quoting a figure.
SHOWN_SEVERITIES = ("high", "medium")


def control_section(connection: duckdb.DuckDBPyConnection) -> Section:
    """Control figures, conflicts of high and medium severity, and the first unresolved names."""
    conflicts = fetch_rows(connection, CONFLICTS)
    controls = fetch_rows(connection, CONTROLS)
    constructed = [row for row in controls if row["basis"] == "by_construction"]
    tables = [
        _control_table([row for row in controls if row not in constructed]),
        *([_construction_table(constructed)] if constructed else []),
        _conflict_table(conflicts),
        _mention_table(fetch_rows(connection, MENTIONS)),
    ]
    return Section("control", "Which published figures agree, and which do not", INTRODUCTION, tables)


def _control_table(rows: list[Row]) -> PublishedTable:
    cells = [
        (
            row["check_code"],
            words(f"{row['left_side'] or ''} {row['operator'] or ''} {row['right_side'] or ''}".strip()),
            BASES.get(row["basis"], words(row["basis"])),
            _text(row["left_value"]),
            _text(row["right_value"]),
            _text(row["status"]),
            _text(row["explanation"]),
        )
        for row in rows
    ]
    return PublishedTable(
        anchor="control-figures",
        title="Control figures",
        heads=headers("Check|8", "Rule|25", "Basis|10", "Left|10", "Right|10", "!Status|12", "Explanation|25"),
        rows=cells,
        unit="as each rule says",
        base="rules that published figures must satisfy",
        n=f"{len(rows)}: {_bases(rows)}",
        source="reports.rpt_control_gap; the source and place of each rule stand in its row",
        method="basis “our rows”: one side is counted from our rows; basis “published figures”: arithmetic between "
        "figures that sources print, none of our rows is used",
        query=query_of("reports.rpt_control_gap", "basis <> 'by_construction'"),
    )


def _construction_table(rows: list[Row]) -> PublishedTable:
    cells = [
        (
            words(row["left_side"]).removeprefix("our rows: "),
            _text(row["left_value"]),
            _text(row["right_value"]),
            "by construction",
        )
        for row in rows
    ]
    return PublishedTable(
        anchor="control-by-construction",
        title="Published counts that the synthetic rows were made to meet",
        heads=headers("Count", "#Synthetic rows", "#Published", "!Status"),
        rows=cells,
        unit="organisations",
        base="published counts of editions whose rows are synthetic",
        n=str(len(rows)),
        source="reports.rpt_control_gap",
        method="rows counted; equal because they were made so, which confirms nothing",
        query=query_of("reports.rpt_control_gap", "basis = 'by_construction'"),
        is_synthetic=True,
    )


def _conflict_table(rows: list[Row]) -> PublishedTable:
    shown = [row for row in rows if row["severity"] in SHOWN_SEVERITIES]
    n_info = sum(row["severity"] == "info" for row in rows)
    cells = [
        (
            row["conflict_code"],
            row["subject"],
            f"{row['claim_a']} ({_place(row, 'a')})",
            f"{row['claim_b']} ({_place(row, 'b')})",
            SUPPORTED.get(row["supported_claim"], words(row["supported_claim"])),
            f"{_text(row['supported_value'])}: {_text(row['reason'])}"
            if row["supported_value"]
            else _text(row["reason"]),
        )
        for row in shown
    ]
    return PublishedTable(
        anchor="source-conflicts",
        title="Contradictions between published sources (high and medium severity)",
        heads=headers("No.|6", "Subject|13", "First claim|24", "Second claim|24", "!Supported|10", "Why|23"),
        rows=cells,
        unit="claims as printed, condensed",
        base="contradictions found inside and between the sources",
        n=f"{len(shown)} shown of {sum(row['severity'] != 'info' for row in rows)}",
        footnotes=(f"Comparisons that found no contradiction, not counted here: {n_info}.",) if n_info else (),
        missing=f"{sum(row['severity'] == 'low' for row in rows)} of low severity are in the table only",
        source="reports.rpt_source_conflict",
        method="support is computed from our rows where they can decide it, otherwise reviewed",
        query="select * from reports.rpt_source_conflict order by conflict_code",
    )


def _mention_table(rows: list[Row]) -> PublishedTable:
    cells = [
        (row["title"], row["role"], _text(row["name_printed"]), _text(row["reason"])) for row in rows[:SHOWN_MENTIONS]
    ]
    return PublishedTable(
        anchor="unresolved-mentions",
        title="Names not yet placed",
        heads=headers("Edition", "Role", "Name as printed", "Reason"),
        rows=cells,
        unit="mentions",
        base="names printed in the editions that no reviewed decision places",
        n=f"{len(cells)} shown of {len(rows)}",
        missing=f"{len(rows) - len(cells)} more in the table" if len(rows) > len(cells) else "none",
        source="reports.rpt_unresolved_mention",
        method="a name is placed only by a reviewed decision row",
        query="select * from reports.rpt_unresolved_mention order by mention_key",
    )


def _bases(rows: list[Row]) -> str:
    counts = Counter(BASES.get(row["basis"], words(row["basis"])) for row in rows)
    return ", ".join(f"{count} from {basis}" for basis, count in sorted(counts.items()))


def _place(row: Row, side: str) -> str:
    parts = (row[f"source_title_{side}"] or row[f"source_{side}"], row[f"locator_{side}"])
    return ", ".join(str(part) for part in parts if part) or "no place given"


def _text(value: object) -> str:
    return NO_NUMBER if value in (None, "") else str(value)
