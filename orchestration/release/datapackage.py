"""datapackage.json: the release described as a Frictionless Data Package.

Belongs here: the translation of our tables into that format (https://specs.frictionlessdata.io/). Does not belong
here: descriptions of our own; they come from the DuckDB comments.
"""

from __future__ import annotations

import json
from pathlib import Path

from analytics.codebook import wide_table_fields
from ingest.printed_table import file_sha256
from orchestration.release.compose import connect

FIELD_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "SMALLINT": "integer",
    "TINYINT": "integer",
    "HUGEINT": "integer",
    "UBIGINT": "integer",
    "TIMESTAMP": "datetime",
}


def write_data_package(folder: Path, database: Path, release_id: str) -> None:
    """Write ``folder/datapackage.json`` with one resource per Parquet file of the release."""
    with connect(database, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name, comment from duckdb_tables() where not internal order by all"
        ).fetchall()
        columns = connection.execute(
            "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() "
            "where not internal order by schema_name, table_name, column_index"
        ).fetchall()
        sources = connection.execute(
            "select distinct title, publisher_name, page_address from marts.dim_source order by all"
        ).fetchall()
        described = wide_table_fields(connection)
    resources = []
    for schema, table, comment in tables:
        path = folder / "parquet" / schema / f"{table}.parquet"
        # The wide tables of surveys say more: labels, categories, missing values.
        fields = described.get(f"{schema}.{table}") or [
            {"name": name, "type": FIELD_TYPES.get(kind.split("(")[0], "any"), "description": text}
            for in_schema, in_table, name, kind, text in columns
            if (in_schema, in_table) == (schema, table)
        ]
        resources.append(
            {
                "name": f"{schema}.{table}",
                "path": path.relative_to(folder).as_posix(),
                "description": comment,
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "bytes": path.stat().st_size,
                "hash": f"sha256:{file_sha256(path)}",
                "schema": {"fields": fields},
            }
        )
    package = {
        "name": "cluster-observatory",
        "title": "Cluster Observatory",
        "version": release_id,
        "sources": [{"title": f"{title} ({publisher})", "path": address} for title, publisher, address in sources],
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=2, sort_keys=False)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
