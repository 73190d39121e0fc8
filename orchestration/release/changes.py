"""What changed since the last release, table by table.

Belongs here: counting rows added, removed and changed, and the page that says so. Does not belong here: why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.release.compose import connect
from orchestration.release.relations import TableText, quoted, quoted_name
from orchestration.release.survey_tables import SURVEY_SCHEMA, wide_texts

if TYPE_CHECKING:
    import duckdb

# From here on rows are compared by their hash, since whole rows of both releases would not fit into memory.
MANY_ROWS = 1_000_000


@dataclass(frozen=True)
class TableChange:
    """Rows of one table beside the last release; ``changed`` is None where no key says which rows belong together."""

    table: str
    rows_before: int
    rows_after: int
    added: int
    removed: int
    changed: int | None


def compare_releases(previous: Path, current: Path, texts: Mapping[str, TableText]) -> list[TableChange]:
    """Compare two published DuckDB files table by table.

    A table that only one of the two has, or whose columns differ, counts as wholly removed and added.
    """
    with connect(current, read_only=True) as connection:
        name = str(previous).replace("'", "''")
        connection.execute(f"attach '{name}' as previous (read_only)")
        columns = _columns(connection)
        wide = [table for is_previous, table in columns if not is_previous and table.startswith(f"{SURVEY_SCHEMA}.")]
        described = {**texts, **wide_texts(connection, wide)}
        return [
            _compare_table(connection, table, columns, described) for table in sorted({table for _, table in columns})
        ]


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[tuple[bool, str], list[str]]:
    """Column names and types by (is previous, schema.table)."""
    rows = connection.execute(
        "select database_name = 'previous', schema_name || '.' || table_name, column_name || ' ' || data_type "
        "from duckdb_columns() semi join duckdb_tables() using (database_name, schema_name, table_name) "
        "where not internal order by all"
    ).fetchall()
    columns: dict[tuple[bool, str], list[str]] = {}
    for is_previous, table, column in rows:
        columns.setdefault((bool(is_previous), str(table)), []).append(str(column))
    return columns


def _compare_table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[tuple[bool, str], Sequence[str]],
    texts: Mapping[str, TableText],
) -> TableChange:
    old, new = f"previous.{quoted(table)}", quoted(table)
    before = _number(connection, f"select count(*) from {old}") if (True, table) in columns else 0
    after = _number(connection, f"select count(*) from {new}") if (False, table) in columns else 0
    if columns.get((True, table)) != columns.get((False, table)):
        return TableChange(table, before, after, after, before, None)
    key = ", ".join(map(quoted_name, texts[table].key)) if table in texts else ""
    if key and max(before, after) >= MANY_ROWS:
        return _compare_by_hash(connection, table, key, (before, after))
    added = _number(connection, f"select count(*) from (from {new} except all from {old})")
    removed = _number(connection, f"select count(*) from (from {old} except all from {new})")
    if not key:
        return TableChange(table, before, after, added, removed, None if added and removed else 0)
    changed = _number(
        connection,
        f"select count(*) from (select {key} from (from {new} except all from {old})) "
        f"semi join (select {key} from (from {old} except all from {new})) using ({key})",
    )
    return TableChange(table, before, after, added - changed, removed - changed, changed)


def _compare_by_hash(connection: duckdb.DuckDBPyConnection, table: str, key: str, rows: tuple[int, int]) -> TableChange:
    """The same counts from two hashes for each row, that of its key and that of all of it."""
    old, new = (
        f"(select hash({key}) as key, hash(line) as row from {place}{quoted(table)} as line)"
        for place in ("previous.", "")
    )
    counted = connection.execute(
        "select count(*) filter (where old.key is null), count(*) filter (where new.key is null), "
        "count(*) filter (where old.row <> new.row) "
        f"from {old} as old full join {new} as new on old.key = new.key"
    ).fetchone() or (0, 0, 0)
    return TableChange(table, *rows, *map(int, counted))


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def changes_page(release_id: str, previous_id: str | None, changes: Sequence[TableChange]) -> str:
    """CHANGES.md: one line per table that changed, and how many did not."""
    if previous_id is None:
        return f"# Release {release_id}\n\nThe first release in this folder: there is nothing to compare it with.\n"
    moved = [each for each in changes if each.added or each.removed or each.changed]
    lines = [
        f"# Release {release_id}",
        "",
        f"Compared with release {previous_id}: {len(moved)} of {len(changes)} tables changed.",
        "A row counts as changed when a row with the same key is in both releases with another value; a dash means "
        "that the table has no key, so that a change shows as one row removed and one added.",
        "",
        "| table | rows before | rows now | added | removed | changed |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {each.table} | {each.rows_before} | {each.rows_after} | {each.added} | {each.removed} "
            f"| {'–' if each.changed is None else each.changed} |"
            for each in moved
        ),
        "",
    ]
    return "\n".join(lines)
