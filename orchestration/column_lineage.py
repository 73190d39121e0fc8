"""Which columns of its parents each published column is made of, read from the compiled SQL.

Belongs here: walking the SQL with sqlglot. Does not belong here: how the result is shown or stored.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ColumnDependencies = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class ModelSql:
    """One model: its compiled SQL and, for each relation it may read, the column names in order."""

    unique_id: str
    sql: str
    columns: Sequence[str]
    parents: Mapping[str, tuple[str, Sequence[str]]]

    def fingerprint(self) -> str:
        """Hash of what the lineage depends on."""
        content = json.dumps([self.sql, list(self.columns), sorted(self.parents.items())], default=list)
        return hashlib.sha256(content.encode()).hexdigest()


def lineage_of(models: Sequence[ModelSql], cache_file: Path) -> dict[str, ColumnDependencies]:
    """For each model and column, the (parent unique id, column) pairs it is made of; unchanged ones from the cache."""
    known: dict[str, Any] = json.loads(cache_file.read_text()) if cache_file.exists() else {}
    found: dict[str, Any] = {}
    for model in models:
        mark = model.fingerprint()
        found[mark] = known[mark] if mark in known else _trace(model)
    if found != known:
        cache_file.parent.mkdir(parents=True, exist_ok=True)
        cache_file.write_text(json.dumps(found, sort_keys=True))
    return {
        model.unique_id: {
            column: [(str(parent), str(name)) for parent, name in pairs]
            for column, pairs in found[model.fingerprint()].items()
        }
        for model in models
    }


def _trace(model: ModelSql) -> ColumnDependencies:
    from sqlglot import exp, parse_one
    from sqlglot.errors import SqlglotError
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    schema: dict[str, Any] = {}
    for relation, (_, columns) in model.parents.items():
        place = schema
        *path, table = [part.name for part in exp.to_table(relation, dialect="duckdb").parts]
        for part in path:
            place = place.setdefault(part, {})
        place[table] = dict.fromkeys(columns, "unknown")
    by_relation = {
        tuple(part.name for part in exp.to_table(relation, dialect="duckdb").parts): unique_id
        for relation, (unique_id, _) in model.parents.items()
    }
    dependencies: ColumnDependencies = {column: [] for column in model.columns}
    try:
        tree = qualify(
            parse_one(model.sql, dialect="duckdb"),
            schema=schema,
            dialect="duckdb",
            validate_qualify_columns=False,
            identify=False,
        )
        scope = build_scope(tree)
        for column in model.columns:
            pairs = set()
            for node in lineage(column, tree, schema=schema, dialect="duckdb", scope=scope, trim_selects=False).walk():
                if not node.downstream and isinstance(node.source, exp.Table):
                    parent = by_relation.get(tuple(part.name for part in node.source.parts))
                    name = node.name.rpartition(".")[2].strip('"')
                    if parent is not None and name != "*":
                        pairs.add((parent, name))
            dependencies[column] = sorted(pairs)
    except (SqlglotError, ValueError, RecursionError) as error:
        logging.getLogger(__name__).warning("no column lineage for %s: %s", model.unique_id, error)
    return dependencies
