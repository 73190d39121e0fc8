"""dbt in a process of its own, on a project that is parsed once for all tests.

Belongs here: running it and what came of each node. Does not belong here: what is landed for it, what must come out.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import Settings

# The project in the folder of a home, parsed unless it was before; then one command, if any.
SCRIPT = """
import json, sys
from pathlib import Path
from orchestration import dbt_project
from orchestration.settings import Settings
home, command = Path(sys.argv[1]), sys.argv[2:]
settings = Settings(home=home, inbox=home / "inbox", extra_sources=())
project = dbt_project.parsed_project(settings)
told = {"is_done": True, "failures": [], "outcomes": {}}
if command:
    result = dbt_project.run_dbt(settings, [command], None, project)
    told["is_done"] = result.success
    told["failures"] = [f"{each.name}: {each.message}" for each in dbt_project.failures(result)]
    told["outcomes"] = {each.node.unique_id: str(each.status) for each in result.result.results}
print(json.dumps(told))
"""


@dataclass(frozen=True)
class DbtRun:
    """Whether all went well, what did not, and the status of every node by its unique id."""

    is_done: bool
    failures: list[str]
    outcomes: dict[str, str]


def settings_in(home: Path) -> Settings:
    """The folders of a home; the landed files, the work file and dbt's own are below ``work``."""
    return Settings(home=home, inbox=home / "inbox", extra_sources=())


def run_dbt(home: Path, *command: str) -> DbtRun:
    """Run one dbt command in the folders of ``home``; without one the project is only parsed."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(home), *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return DbtRun(**json.loads(done.stdout))


def hand_over(parsed: Path, home: Path) -> None:
    """Give a new home the project that was parsed in another one."""
    shutil.copytree(settings_in(parsed).dbt_target, settings_in(home).dbt_target)
