"""Chapter on sources: which editions the release is made of, with licence, hash and the account of every row read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.pages.number_format import NO_NUMBER, whole_number
from analytics.pages.published_table import PublishedTable, Section, headers

if TYPE_CHECKING:
    import duckdb

INTRODUCTION = "Every row read is placed, unresolved or rejected with a reason; nothing is dropped."
HASH_LENGTH = 12

SOURCES = """
    select source.*, account.rows_read as account_read, account.rows_placed, account.rows_unresolved,
           account.rows_rejected
    from marts.dim_source as source
    left join reports.rpt_row_account as account using (source_id)
    order by source.kind, source.family, source.edition, source.source_id
"""


def source_section(connection: duckdb.DuckDBPyConnection) -> Section:
    """Two tables: what each source is, and the account of its rows."""
    rows = fetch_rows(connection, SOURCES)
    return Section("source", "What the release is made of", INTRODUCTION, [_source_table(rows), _account_table(rows)])


def _source_table(rows: list[Row]) -> PublishedTable:
    cells = [
        (
            _title(row),
            str(row["publisher_name"]),
            str(row["reference_date"]),
            str(row["licence_name"]),
            f"{row['file_name']} {str(row['file_sha256'])[:HASH_LENGTH]}",
            str(row["page_address"]),
        )
        for row in rows
    ]
    gaps = tuple(f"{row['title']}: {row['known_gaps']}" for row in rows if row["known_gaps"])
    return PublishedTable(
        anchor="sources",
        title="Sources",
        heads=headers(
            "Edition|22", "Publisher|15", "Content of|11", "Licence|16", "File and start of its SHA-256|18", "Page|18"
        ),
        rows=cells,
        unit="one line per source edition",
        base="active sources of this release",
        n=str(len(rows)),
        missing="known gaps are listed below the table" if gaps else "none known",
        source="marts.dim_source",
        method="read from the card beside each file",
        query="select * from marts.dim_source order by source_id",
        footnotes=gaps,
    )


def _account_table(rows: list[Row]) -> PublishedTable:
    cells = [
        (
            _title(row),
            whole_number(row["account_read"]),
            whole_number(row["rows_placed"]),
            whole_number(row["rows_unresolved"]),
            whole_number(row["rows_rejected"]),
        )
        for row in rows
    ]
    names = ("account_read", "rows_placed", "rows_unresolved", "rows_rejected")
    totals = tuple(whole_number(sum(row[name] or 0 for row in rows)) for name in names)
    return PublishedTable(
        anchor="row-account",
        title="Account of the rows",
        heads=headers("Edition", "#Read", "#Placed", "#Unresolved", "#Rejected"),
        rows=[*cells, ("All", *totals)],
        unit="rows",
        base="rows of all source files",
        n=totals[0],
        source="reports.rpt_row_account",
        method="read = placed + unresolved + rejected, per source",
        query="select * from reports.rpt_row_account order by source_id",
        is_synthetic=any(row["is_synthetic"] for row in rows),
    )


def _title(row: Row) -> str:
    title = str(row["title"] or NO_NUMBER)
    return f"{title} [synthetic]" if row["is_synthetic"] and "synthetic" not in title.lower() else title
