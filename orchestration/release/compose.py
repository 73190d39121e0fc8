"""Compose the published DuckDB file and its Parquet copies from the checked warehouse.

Belongs here: copying tables in a fixed order with their comments. Does not belong here: computing anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from orchestration.release.relations import TableText, quoted, quoted_name
from orchestration.release.survey_tables import copy_wide_tables, wide_texts

if TYPE_CHECKING:
    import duckdb

PUBLISHED_SCHEMAS = ("marts", "reports", "stats", "meta")
WAREHOUSE_SCHEMAS = ("marts", "reports")
# Built in the order of their source and too long to be sorted again.
SORTED_ALREADY = {"marts.fct_survey_response"}


@contextmanager
def connect(path: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB file for one purpose and let go of it whatever happens; one thread, so that order is repeatable."""
    import duckdb

    connection = duckdb.connect(str(path), read_only=read_only, config={"threads": 1})
    try:
        yield connection
    finally:
        connection.close()


def compose_database(
    target: Path,
    warehouse: Path,
    parquet_folders: Mapping[str, Path],
    texts: Mapping[str, TableText],
    shown: Mapping[str, Path] = MappingProxyType({}),
) -> list[str]:
    """Write ``target`` from the warehouse's marts and reports and from folders of Parquet files (schema -> folder).

    ``shown``: ``schema.table`` to the Parquet file that stands in for the warehouse's own, with less in it.

    Rows are in a fixed order and every table and column carries its comment; so does every view, which is none of the
    names ``schema.table`` that are returned.
    """
    with connect(target, read_only=False) as connection:
        for schema in PUBLISHED_SCHEMAS:
            connection.execute(f"create schema {schema}")
        connection.execute(f"attach '{_quoted(warehouse)}' as warehouse (read_only)")
        for schema, table in _warehouse_tables(connection):
            order = "" if f"{schema}.{table}" in SORTED_ALREADY else "order by all"
            instead = shown.get(f"{schema}.{table}")
            source = f"read_parquet('{_quoted(instead)}')" if instead else f"warehouse.{schema}.{table}"
            connection.execute(f"create table {schema}.{table} as from {source} {order}")
        described = {**texts, **wide_texts(connection, copy_wide_tables(connection, "warehouse"))}
        views = _copy_views(connection)
        connection.execute("detach warehouse")
        for schema, folder in parquet_folders.items():
            for path in sorted(folder.glob("*.parquet")):
                connection.execute(
                    f"create table {schema}.{path.stem} as from read_parquet('{_quoted(path)}') order by all"
                )
        names = published_tables(connection)
        for name in names:
            _comment(connection, "table", name, described)
        for name in views:
            _comment(connection, "view", name, described)
        connection.execute("force checkpoint")
    log = target.with_suffix(".duckdb.wal")
    if log.exists():
        raise RuntimeError(f"{log} remains after the checkpoint; the published file would not be whole")
    return names


def export_parquet(database: Path, folder: Path, names: Sequence[str]) -> None:
    """Write ``folder/<schema>/<table>.parquet`` for each published table."""
    with connect(database, read_only=True) as connection:
        for name in names:
            schema, table = name.split(".", 1)
            (folder / schema).mkdir(parents=True, exist_ok=True)
            path = folder / schema / f"{table}.parquet"
            connection.execute(f"copy {quoted(name)} to '{_quoted(path)}' (format parquet, compression zstd)")


def published_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Names ``schema.table`` of all tables, in order."""
    rows = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where not internal order by all"
    ).fetchall()
    return [str(name) for (name,) in rows]


def _warehouse_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    rows = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = 'warehouse' and list_contains(?, schema_name) order by all",
        [list(WAREHOUSE_SCHEMAS)],
    ).fetchall()
    return [(str(schema), str(table)) for schema, table in rows]


def _copy_views(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Create the warehouse's views over the tables that are in the release; their text names no database."""
    rows = connection.execute(
        "select schema_name || '.' || view_name, sql from duckdb_views() "
        "where database_name = 'warehouse' and list_contains(?, schema_name) order by all",
        [list(WAREHOUSE_SCHEMAS)],
    ).fetchall()
    for _, sql in rows:
        connection.execute(sql)
    return [str(name) for name, _ in rows]


def _comment(connection: duckdb.DuckDBPyConnection, kind: str, name: str, texts: Mapping[str, TableText]) -> None:
    text = texts.get(name)
    if text is None:
        raise KeyError(f"the published {kind} {name} has no description")
    connection.execute(f"comment on {kind} {quoted(name)} is '{_escaped(text.description)}'")
    columns = [str(row[0]) for row in connection.execute(f"describe {quoted(name)}").fetchall()]
    if set(columns) != set(text.columns):
        odd = ", ".join(sorted(set(columns) ^ set(text.columns)))
        raise KeyError(f"the described columns of {name} are not its real ones: {odd}")
    for column in columns:
        place = f"{quoted(name)}.{quoted_name(column)}"
        connection.execute(f"comment on column {place} is '{_escaped(text.columns[column])}'")


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("'", "''")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
