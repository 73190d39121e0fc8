"""The unit tests beside the models. A build leaves them out, since they depend on the code alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.integration.observatory import Observatory


def test_every_unit_test_of_the_models_holds(
    bundled: Observatory, dbt_manifest: dict[str, Any], tmp_path: Path
) -> None:
    """On a copy of the work file of a build, where dbt finds the columns of what the models read."""
    database = tmp_path / "warehouse.duckdb"
    shutil.copy(bundled.home / "work/warehouse.duckdb", database)
    environment = {
        **os.environ,
        "OBSERVATORY_RAW": str(bundled.home / "work/raw"),
        "OBSERVATORY_DB": str(database),
        "DO_NOT_TRACK": "1",
    }
    project = str(ROOT / "dbt_project")
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--no-use-colors", "test"]
    command += ["--select", "test_type:unit", "--project-dir", project, "--profiles-dir", project]
    command += ["--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert f"PASS={len(dbt_manifest['unit_tests'])} " in done.stdout
