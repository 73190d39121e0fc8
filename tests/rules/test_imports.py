"""Who may know whom, and what is imported only when it is needed. There is no list of exceptions."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.project_files import ROOMS, ROOT, files_with, imports, room_modules, shown
from tests.unit.dbt_runs import hand_over

FRAMES = {"pandas", "pyarrow", "numpy"}
# Room -> what it may import beside the standard library and itself. Orchestration wires all rooms together.
MAY_IMPORT = {
    "ingest": FRAMES
    | {"yaml", "jsonschema", "python_calamine", "openpyxl", "defusedxml", "pdfplumber", "ftfy", "pyreadstat"},
    "expectations": FRAMES | {"great_expectations"},
    "analytics": FRAMES
    | {"scipy", "duckdb", "vl_convert", "jinja2", "markupsafe"}
    | {"rapidfuzz", "tldextract", "sudachipy", "jaconv", "anyascii", "babel"},
    "orchestration": FRAMES
    | {"ingest", "expectations", "analytics", "typer", "rich", "textual", "openpyxl", "yaml", "duckdb"}
    | {"dagster", "dagster_shared", "dagster_dbt", "dbt", "dbt_common", "sqlglot", "sqlalchemy"},
}
HEAVY = {"pdfplumber", "ftfy", "pyreadstat", "dbt", "great_expectations", "scipy", "vl_convert", "dagster_dbt"}
HEAVY |= {"pandas"}
HEAVY_AT_THE_COMMAND_LINE = HEAVY | {"dagster", "duckdb", "pyarrow", "numpy", "openpyxl", "sqlalchemy", "jinja2"}
HEAVY_AT_THE_COMMAND_LINE |= {"textual"}
HEAVY_FOR_DEFINITIONS = {"great_expectations", "scipy", "vl_convert", "openpyxl"}


def top(name: str) -> str:
    return name.partition(".")[0]


def loaded_by(code: str, names: set[str], folder: Path) -> set[str]:
    """Which of the packages are in memory once the code has run in a fresh interpreter."""
    code = f"{code}\nimport sys\nprint(*sys.modules)"
    environment = {"PATH": "", "OBSERVATORY_HOME": str(folder), "OBSERVATORY_INBOX": str(folder / "inbox")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {top(name) for name in done.stdout.split()} & names


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may_know(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room} | set(sys.stdlib_module_names)
    wrong = [
        f"{shown(path)}:{line} imports {name}"
        for path in room_modules(room)
        for line, name in imports(path)
        if top(name) not in allowed
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_only_one_module_knows_great_expectations() -> None:
    knowing = [
        shown(path)
        for room in ROOMS
        for path in room_modules(room)
        if any(top(name) == "great_expectations" for _, name in imports(path))
    ]
    assert knowing == ["expectations/validate.py"]


def test_scripts_beside_source_cards_need_nothing_but_python() -> None:
    allowed = {*sys.stdlib_module_names, "ingest"}
    wrong = [
        f"{shown(path)}:{line} imports {name}"
        for path in files_with(".py", under="ingest/sources")
        for line, name in imports(path)
        if top(name) not in allowed
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_the_dbt_project_holds_no_python() -> None:
    assert [shown(path) for path in files_with(".py", under="dbt_project")] == []


@pytest.mark.parametrize("room", ["ingest", "expectations"])
def test_light_rooms_import_nothing_heavy_when_they_are_loaded(room: str) -> None:
    wrong = [
        f"{shown(path)}:{line} imports {name} at module level"
        for path in room_modules(room)
        for line, name in imports(path, at_load_only=True)
        if top(name) in HEAVY
    ]
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize("module", ["orchestration.cli", "ingest.catalog", "ingest.landing", "ingest.source_card"])
def test_the_command_line_starts_light(module: str, tmp_path: Path) -> None:
    assert loaded_by(f"import {module}", HEAVY_AT_THE_COMMAND_LINE, tmp_path) == set()


def test_definitions_load_without_checks_statistics_and_rendering(parsed_home: Path, tmp_path: Path) -> None:
    hand_over(parsed_home, tmp_path)
    code = "import orchestration.definitions\norchestration.definitions.defs()"
    assert loaded_by(code, HEAVY_FOR_DEFINITIONS, tmp_path) == set()


def test_analytics_reads_published_schemas_only() -> None:
    inner = re.compile(r"(?i)\b(?:from|join)\s+(?:staging|intermediate|raw|registry|codes|controls|corrections)\.")
    wrong = [shown(path) for path in room_modules("analytics") if inner.search(path.read_text(encoding="utf-8"))]
    assert wrong == []
