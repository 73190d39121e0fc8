"""What several test rooms need: the root of the project, the parsed dbt project, a folder that processes share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from ingest.tables.reader import read_table
from tests.unit.dbt_runs import hand_over, run_dbt, settings_in
from tests.unit.dropped import DropFolder
from tests.unit.landed_wave import Wave, build_survey_models, later_waves

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole builds first: one process makes them while the others work off the many short tests behind them."""
    items.sort(key=lambda item: "integration" not in item.path.parts)


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


def once(told: Path, make: Callable[[], Any]) -> Any:
    """What ``make`` returned, as JSON, in the first process that needed it; the others wait for it."""
    with FileLock(f"{told}.lock"):
        if not told.exists():
            told.write_text(json.dumps(make()), encoding="utf-8")
    return json.loads(told.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def parsed_home(shared: Path) -> Path:
    """A home that holds nothing but the parsed dbt project, to be handed to others."""
    home = shared / "parsed"
    once(shared / "parsed.json", lambda: run_dbt(home).is_done)
    return home


@pytest.fixture(scope="session")
def dbt_manifest(parsed_home: Path) -> dict[str, Any]:
    """The manifest of the dbt project, parsed in a process of its own with folders that hold nothing."""
    path = settings_in(parsed_home).dbt_target / "manifest.json"
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


@pytest.fixture(scope="session")
def survey_warehouse(shared: Path, parsed_home: Path) -> Path:
    """The work file after three made-up waves of a survey; beside it ``none.duckdb``, that after none. For reading."""
    home = shared / "officer's waves"

    def build() -> str:
        hand_over(parsed_home, home)
        none = build_survey_models(home, [])
        none.rename(none.with_name("none.duckdb"))
        waves, decisions = later_waves()
        return str(build_survey_models(home, [Wave(), *waves], decisions))

    return Path(once(shared / "waves.json", build))


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
