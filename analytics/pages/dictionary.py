"""The dictionary page: every published table and column, from the comments in the released DuckDB file.

Belongs here: reading the comments and laying them out. The texts themselves stand once: beside the dbt models and, for
`stats`, beside the topics.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.pages.definition import read_definitions
from analytics.pages.published_table import has_rows
from analytics.pages.report import render, synthetic_editions

if TYPE_CHECKING:
    import duckdb

SCHEMAS = {
    "marts": "facts and dimensions",
    "reports": "agreement, conflicts and open work",
    "stats": "estimates with their base, method and interval",
    "survey": "answers to surveys, one table for each wave",
    "meta": "the release itself",
}
PRINTED_COLUMNS = "marts.dim_source_column"

TABLES = """
    select tables.schema_name, tables.table_name, tables.comment as table_text, tables.estimated_size as n_rows,
           columns.column_name, columns.data_type, columns.comment as column_text
    from (
        select database_name, schema_name, table_name, comment, estimated_size from duckdb_tables()
        union all
        select database_name, schema_name, view_name, comment, null from duckdb_views() where not internal
    ) as tables
    join duckdb_columns() as columns
      on columns.schema_name = tables.schema_name and columns.table_name = tables.table_name
     and columns.database_name = tables.database_name
    where tables.database_name = current_database()
    order by tables.schema_name, tables.table_name, columns.column_index
"""


@dataclass(frozen=True)
class DictionaryTable:
    """A published table or view: its text, its rows (none counted of a view), and its columns as (name, type, text)."""

    schema: str
    name: str
    text: str
    n_rows: int | None
    columns: tuple[tuple[str, str, str], ...]
    is_marked: bool

    @property
    def anchor(self) -> str:
        """Place of the table on the page."""
        return f"{self.schema}.{self.name}"


def write_dictionary(database: Path, out_file: Path, release_id: str) -> None:
    """Write the dictionary of a released DuckDB file as one self-contained HTML file."""
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        page = render(
            "dictionary.html",
            release_id=release_id,
            schemas=_schemas(connection),
            editions=_printed_columns(connection),
            definitions=read_definitions(),
            synthetic_editions=synthetic_editions(connection),
        )
    out_file.parent.mkdir(parents=True, exist_ok=True)
    out_file.write_text(page, encoding="utf-8", newline="\n")


def _schemas(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, list[DictionaryTable]]]:
    rows = fetch_rows(connection, TABLES)
    tables = [
        _table(list(group)) for _, group in groupby(rows, key=lambda row: (row["schema_name"], row["table_name"]))
    ]
    return [
        (schema, text, found)
        for schema, text in SCHEMAS.items()
        if (found := [table for table in tables if table.schema == schema])
    ]


def _table(rows: list[Row]) -> DictionaryTable:
    first = rows[0]
    columns = tuple((row["column_name"], row["data_type"].lower(), row["column_text"] or "") for row in rows)
    return DictionaryTable(
        schema=first["schema_name"],
        name=first["table_name"],
        text=first["table_text"] or "",
        n_rows=first["n_rows"],
        columns=columns,
        is_marked=any(name == "is_synthetic" for name, _, _ in columns),
    )


def _printed_columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, bool, list[tuple[str, str]]]]:
    """Per edition: title, synthetic or not, and pairs of printed column and our column."""
    if not has_rows(connection, PRINTED_COLUMNS):
        return []
    query = """
        select source.title, source.source_id, source.is_synthetic, printed.printed_column,
               coalesce(printed.our_column, 'kept as printed only') as our_column
        from marts.dim_source_column as printed join marts.dim_source as source using (source_id)
        order by source.kind, source.family, source.reference_date, source.source_id, printed.column_number
    """
    return [
        (title, is_synthetic, [(row["printed_column"], row["our_column"]) for row in group])
        for (title, is_synthetic, _), group in groupby(
            fetch_rows(connection, query), key=lambda row: (row["title"], row["is_synthetic"], row["source_id"])
        )
    ]
