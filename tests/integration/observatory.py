"""Run the real command in a folder of its own, as a user does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
COMMAND = Path(sys.executable).parent / "observatory"


@dataclass(frozen=True)
class Observatory:
    """An output folder with its inbox and its further source folders."""

    home: Path
    inbox: Path
    sources: tuple[Path, ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a run in these folders."""
        return {
            **os.environ,
            "OBSERVATORY_HOME": str(self.home),
            "OBSERVATORY_INBOX": str(self.inbox),
            "OBSERVATORY_SOURCES": os.pathsep.join(map(str, self.sources)),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end; a drop folder that is named must be there."""
        self.inbox.mkdir(parents=True, exist_ok=True)
        return subprocess.run(
            [COMMAND, *arguments], env=self.environment, capture_output=True, text=True, check=False, timeout=900
        )

    def start(self, *arguments: str, watched: bool = False) -> subprocess.Popen[str]:
        """Start the command and leave it running; ``watched`` keeps what it says."""
        return subprocess.Popen(
            [COMMAND, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE if watched else subprocess.DEVNULL,
            stderr=subprocess.PIPE if watched else subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def start_until(self, stage: str) -> subprocess.Popen[str]:
        """Start a build and come back when it says that it begins the stage."""
        child = self.start("build", watched=True)
        assert child.stderr is not None
        for line in child.stderr:
            if line.split()[:1] == [stage]:
                return child
        raise AssertionError(f"the build ended before the stage {stage}")

    @property
    def latest(self) -> Path:
        """The folder of the newest release."""
        return (self.home / "latest").resolve()

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Ask the newest release."""
        with duckdb.connect(str(self.latest / "observatory.duckdb"), read_only=True) as connection:
            return connection.execute(sql, parameters).fetchall()
