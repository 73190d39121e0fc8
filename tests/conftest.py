"""What several test rooms need: the root of the project and the parsed dbt project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.tables.reader import read_table
from tests.unit.dropped import DropFolder
from tests.unit.landed_wave import Wave, build_survey_models, later_waves

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def dbt_manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The manifest of the dbt project, parsed in a process of its own with folders that hold nothing."""
    folder = tmp_path_factory.mktemp("dbt")
    environment = {
        **os.environ,
        "OBSERVATORY_RAW": str(folder / "raw"),
        "OBSERVATORY_DB": str(folder / "warehouse.duckdb"),
        "DO_NOT_TRACK": "1",
    }
    project = str(ROOT / "dbt_project")
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--no-use-colors", "--quiet", "parse"]
    command += ["--project-dir", project, "--profiles-dir", project]
    command += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"dbt parse failed:\n{done.stdout}{done.stderr}"
    manifest: dict[str, Any] = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    return manifest


@pytest.fixture(scope="session")
def survey_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The work file after three made-up waves of a survey; beside it ``none.duckdb``, that after none."""
    folder = tmp_path_factory.mktemp("officer's waves")
    build_survey_models(folder, []).rename(folder / "none.duckdb")
    waves, decisions = later_waves()
    return build_survey_models(folder, [Wave(), *waves], decisions)


@pytest.fixture
def drops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DropFolder:
    """An empty drop folder beside a bundled family ``mihon``.

    Files are read in this process: what the process of its own does is tested where it stands, and takes its time.
    """
    monkeypatch.setattr("ingest.tables.child.read_foreign", read_table)
    folder = DropFolder(tmp_path)
    folder.inbox.mkdir()
    folder.bundle_family()
    return folder
