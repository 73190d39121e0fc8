"""The dbt project as this house runs it: parsed when it changed, built in this process, described by its manifest.

Belongs here: calling dbt. Does not belong here: Dagster (``warehouse_assets``) and any knowledge of single models.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
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

# The parsed project as dbt itself keeps it: read in a fifth of the time that dbt takes to see that nothing changed.
KEPT_PROJECT = "partial_parse.msgpack"
# What this process has parsed itself and not built yet: handed to the next build, which then need not read it again.
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

    Nothing in it depends on where the output folder is but the files behind the source tables, so in a folder that was
    moved or copied only these are written anew.

    Raises:
        RuntimeError: the project cannot be parsed; the message is dbt's.
    """
    path = settings.dbt_target / "manifest.json"
    mark = settings.dbt_target / "parsed.sha256"
    kept = settings.dbt_target / KEPT_PROJECT
    now = f"{project_hash(DBT_PROJECT)} {version('dbt-core')}"
    whole = path.exists() and kept.exists() and mark.exists()
    known, _, raw = mark.read_text(encoding="utf-8").partition("\n") if whole else ("", "", "")
    if known != now:
        # All of it: when only what is new is parsed, dbt forgets the descriptions of tests whose SQL changed.
        _PARSED[path] = _parse(settings)
    elif raw != str(settings.raw):
        _tell_moved(path, kept, raw, str(settings.raw))
    mark.write_text(f"{now}\n{settings.raw}", encoding="utf-8")
    return path


def _tell_moved(path: Path, kept: Path, *folders: str) -> None:
    """Write into both files of the parsed project that the landed files moved from one folder to another."""
    from dbt.parser.manifest import extended_mashumaro_encoder, extended_mashumuro_decoder

    before, after = (folder.replace("'", "''") for folder in folders)
    manifest = json.loads(path.read_text(encoding="utf-8"))
    project = extended_mashumuro_decoder(kept.read_bytes())
    for source in (*manifest["sources"].values(), *project["sources"].values()):
        for place, name in ((source, "relation_name"), (source["config"], "external_location")):
            place[name] = place[name].replace(before, after)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    kept.write_bytes(extended_mashumaro_encoder(project))


def _read_project(kept: Path) -> Any:
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    project = Manifest.from_msgpack(kept.read_bytes(), decoder=extended_mashumuro_decoder)
    project.build_flat_graph()
    return project


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
    path = manifest_file(settings)
    return _PARSED.pop(path) if path in _PARSED else _read_project(settings.dbt_target / KEPT_PROJECT)


def _parse(settings: Settings) -> Any:
    settings.raw.mkdir(parents=True, exist_ok=True)
    result = run_dbt(settings, [["parse", "--no-partial-parse"]])
    if not result.success:
        raise RuntimeError(f"The dbt project cannot be parsed: {result.exception}")
    return result.result


def run_dbt(
    settings: Settings,
    commands: Sequence[Sequence[str]],
    callback: Callable[[Any], None] | None = None,
    project: Any = None,
) -> dbtRunnerResult:
    """Run dbt commands in this process, each only if the one before it succeeded; the result is that of the last.

    The DuckDB file stays open between them, and is let go of afterwards. ``project``: what ``parsed_project`` returned;
    without it dbt reads the project again.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    arguments = _arguments(settings)
    if project is not None:
        # What it would write after each command about the project was written when it was parsed.
        arguments.append("--no-write-json")
    try:
        with _told_only():
            for command in commands:
                runner = dbtRunner(manifest=project, callbacks=[callback] if callback else [])
                result = runner.invoke([*command, *arguments])
                if not result.success:
                    break
    finally:
        DuckDBConnectionManager.close_all_connections()
    # dbt keeps even an interruption for its result; whoever interrupted must hear of it.
    if result.exception is not None and not isinstance(result.exception, Exception):
        raise result.exception
    return result


@contextmanager
def _told_only() -> Iterator[None]:
    """Let dbt make messages only of what somebody may listen to: thirteen thousand of a build are for a debug log."""
    from dbt_common.events.base_types import EventLevel
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.event_manager_client import ctx_set_event_manager, get_event_manager

    listener = EventManager()
    fire = listener.fire_event

    def fire_if_heard(event: Any, level: Any = None, *arguments: Any, **named: Any) -> None:
        if (level or event.level_tag()) is not EventLevel.DEBUG:
            fire(event, level, *arguments, **named)

    listener.fire_event = fire_if_heard
    before = get_event_manager()
    ctx_set_event_manager(listener)
    try:
        yield
    finally:
        ctx_set_event_manager(before)


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
