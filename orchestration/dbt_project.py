"""The dbt project as this house runs it: parsed when it changed, built in this process, described by its manifest.

Belongs here: calling dbt. Does not belong here: Dagster (``warehouse_assets``) and any knowledge of single models.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.release.compose import WAREHOUSE_SCHEMAS
from orchestration.release.relations import TableText
from orchestration.settings import DBT_PROJECT, Settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

Manifest = dict[str, Any]

PROJECT_SUFFIXES = {".sql", ".yml", ".csv", ".md"}
# Landed by ingest and no seeds of dbt: a new decision changes nothing that is parsed.
LANDED_FOLDERS = {"seeds/registry", "seeds/corrections"}

# What this process has parsed itself and not built yet: handed to the next build, which then need not parse again.
_PARSED: dict[Path, Any] = {}


@dataclass(frozen=True)
class DbtFailure:
    """One model, test or seed that dbt could not build or that failed, with dbt's message."""

    name: str
    resource_type: str
    status: str
    message: str
    unique_id: str = ""


def _arguments(settings: Settings) -> list[str]:
    os.environ.update(settings.dbt_environment())
    return [
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(settings.dbt_target), "--log-path", str(settings.dbt_target)),
        *("--log-level", "none", "--log-level-file", "none"),
    ]


def manifest_file(settings: Settings) -> Path:
    """The parsed project; parsed again only if a file of the project changed, came or went.

    Raises:
        RuntimeError: the project cannot be parsed; the message is dbt's.
    """
    path = settings.dbt_target / "manifest.json"
    mark = settings.dbt_target / "parsed.sha256"
    now = project_hash(DBT_PROJECT)
    if not path.exists() or not mark.exists() or mark.read_text(encoding="ascii") != now:
        # All of it: when only what is new is parsed, dbt forgets the descriptions of tests whose SQL changed.
        _PARSED[path] = _parse(settings, "--no-partial-parse")
        mark.write_text(now, encoding="ascii")
    return path


def project_hash(folder: Path) -> str:
    """Hash over the names and contents of the files that dbt parses, so that a deleted one is noticed too."""
    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in PROJECT_SUFFIXES
        and "target" not in path.parts
        and path.relative_to(folder).as_posix().rpartition("/")[0] not in LANDED_FOLDERS
    )
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def read_manifest(settings: Settings) -> Manifest:
    """The manifest of the parsed project."""
    path = manifest_file(settings)
    return _load_manifest(path, path.stat().st_mtime)


@cache
def _load_manifest(path: Path, _modified: float) -> Manifest:
    manifest: Manifest = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def parsed_project(settings: Settings) -> Any:
    """The project as dbt reads it, to be handed to several commands in a row.

    Raises:
        RuntimeError: the project cannot be parsed; the message is dbt's.
    """
    parsed = _PARSED.pop(settings.dbt_target / "manifest.json", None)
    return parsed if parsed is not None else _parse(settings)


def _parse(settings: Settings, *options: str) -> Any:
    settings.raw.mkdir(parents=True, exist_ok=True)
    result = run_dbt(settings, ["parse", *options])
    if not result.success:
        raise RuntimeError(f"The dbt project cannot be parsed: {result.exception}")
    return result.result


def run_dbt(
    settings: Settings,
    command: Sequence[str],
    callback: Callable[[Any], None] | None = None,
    project: Any = None,
) -> dbtRunnerResult:
    """Run one dbt command in this process and let go of the DuckDB file afterwards.

    ``project``: what ``parsed_project`` returned; without it dbt reads the project again.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    arguments = _arguments(settings)
    try:
        result = dbtRunner(manifest=project, callbacks=[callback] if callback else []).invoke([*command, *arguments])
    finally:
        DuckDBConnectionManager.close_all_connections()
    # dbt keeps even an interruption for its result; whoever interrupted must hear of it.
    if result.exception is not None and not isinstance(result.exception, Exception):
        raise result.exception
    return result


def failures(result: dbtRunnerResult) -> list[DbtFailure]:
    """What went wrong in a build, in dbt's words; empty if nothing did."""
    found = []
    for node in getattr(result.result, "results", []):
        if str(node.status) in {"error", "fail", "runtime error"}:
            kind, status = str(node.node.resource_type), str(node.status)
            found.append(DbtFailure(node.node.name, kind, status, str(node.message), node.node.unique_id))
    if not result.success and not found:
        found.append(DbtFailure("build", "project", "error", str(result.exception or "it stopped before its end")))
    return found


def table_texts(manifest: Manifest) -> dict[str, TableText]:
    """Descriptions and keys of the published models, by ``schema.table``."""
    keys = _keys(manifest)
    return {
        f"{node['schema']}.{node['name']}": TableText(
            description=node["description"],
            columns={name: column["description"] for name, column in node["columns"].items()},
            key=keys.get(unique_id, ()),
        )
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] in WAREHOUSE_SCHEMAS
    }


def _keys(manifest: Manifest) -> dict[str, tuple[str, ...]]:
    """The key of each model, read from its uniqueness test: one column, or a combination of several."""
    keys: dict[str, tuple[str, ...]] = {}
    for node in manifest["nodes"].values():
        test = node.get("test_metadata") or {}
        model = node.get("attached_node")
        if not model or not str(test.get("name", "")).startswith("unique"):
            continue
        arguments = test["kwargs"]
        columns = arguments.get("columns") or arguments.get("combination_of_columns") or [arguments["column_name"]]
        if model not in keys or len(columns) < len(keys[model]):
            keys[model] = tuple(columns)
    return keys
