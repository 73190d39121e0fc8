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
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    parents = {_parts(relation): unique_id for relation, (unique_id, _) in model.parents.items()}
    schema: dict[str, Any] = {}
    for relation, (_, columns) in model.parents.items():
        *path, table = _parts(relation)
        place = schema
        for part in path:
            place = place.setdefault(part, {})
        place[table] = dict.fromkeys(columns, "unknown")
    try:
        query = parse_one(model.sql, dialect="duckdb")
        tree = qualify(
            query,
            schema=schema,
            dialect="duckdb",
            validate_qualify_columns=False,
            identify=False,
            quote_identifiers=False,
        )
        scope = build_scope(tree)
    except SqlglotError as error:
        logging.getLogger(__name__).warning("no column lineage for %s: %s", model.unique_id, error)
        scope = None
    if scope is None:
        return {column: [] for column in model.columns}
    tables = _Tables(parents, exp.Table)
    return {column: sorted(tables.behind(scope, column)) for column in model.columns}


def _parts(relation: str) -> tuple[str, ...]:
    from sqlglot import exp

    return tuple(part.name for part in exp.to_table(relation, dialect="duckdb").parts)


class _Tables:
    """Follows columns of a qualified query down to the tables it reads, each step of the query once.

    sqlglot's own lineage copies the query for every column, which took most of a build's time.
    """

    def __init__(self, parents: Mapping[tuple[str, ...], str], table: type[Any]) -> None:
        self._parents = parents
        self._table = table
        self._known: dict[tuple[int, str], set[tuple[str, str]]] = {}

    def behind(self, scope: Any, column: str) -> set[tuple[str, str]]:
        """The (parent, column) pairs behind one output column of a scope."""
        mark = (id(scope), column)
        if mark not in self._known:
            self._known[mark] = set()
            self._known[mark] = self._find(scope, column)
        return self._known[mark]

    def _find(self, scope: Any, column: str) -> set[tuple[str, str]]:
        if scope.union_scopes:
            left, right = scope.union_scopes
            names = list(scope.expression.left.named_selects)
            if scope.expression.args.get("by_name") or column not in names:
                return self.behind(left, column) | self.behind(right, column)
            same_place = list(scope.expression.right.named_selects)[names.index(column)]
            return self.behind(left, column) | self.behind(right, same_place)
        selects = getattr(scope.expression, "selects", None)
        used = [each for each in selects if each.alias_or_name == column] if selects else [scope.expression]
        found: set[tuple[str, str]] = set()
        sources = _sources(scope)
        for expression in used:
            for each in expression.find_all(_column_type()):
                source = sources.get(each.table)
                if isinstance(source, self._table):
                    parent = self._parents.get(tuple(part.name for part in source.parts))
                    found |= {(parent, each.name)} if parent else set()
                elif source is not None:
                    found |= self.behind(source, each.name)
        return found


def _sources(scope: Any) -> dict[str, Any]:
    """What each name after FROM stands for, in this scope and in the subqueries of its expressions."""
    sources = dict(scope.sources)
    for inner in scope.subquery_scopes:
        sources = {**_sources(inner), **sources}
    return sources


def _column_type() -> type:
    from sqlglot import exp

    return exp.Column
