"""Time a build beside its floor, in one run: `make bench`. Prints a table; asserts nothing, since machines differ.

The floor of a full build is a bare `dbt build` of the same project over the same rows, without unit tests as in a
build, plus the bare imports of the libraries that a build cannot do without.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent
IMPORTS = {
    "Dagster": "import dagster, dagster_dbt",
    "Great Expectations": "import great_expectations",
    "the renderer": "import vl_convert, jinja2",
}
REPEATS = 2


@dataclass(frozen=True)
class Measured:
    """Wall seconds, processor seconds and peak memory (MiB) of one process and its children."""

    wall: float
    processor: float
    peak: float


def measure(command: list[str], environment: dict[str, str]) -> Measured:
    """Run a command to its end; a failing command ends the benchmark with its output."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        child = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **environment}, stdout=output, stderr=output)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        if status:
            output.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{output.read()}")
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def best(command: list[str], environment: dict[str, str], prepare: Path | None = None) -> Measured:
    """The fastest of a few runs, each from an empty folder ``prepare`` when one is given."""
    runs = []
    for _ in range(REPEATS):
        if prepare is not None:
            shutil.rmtree(prepare, ignore_errors=True)
        runs.append(measure(command, environment))
    return min(runs, key=lambda run: run.wall)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home, inbox = Path(folder) / "home", Path(folder) / "inbox"
        inbox.mkdir()
        mine = {
            "OBSERVATORY_HOME": str(home),
            "OBSERVATORY_INBOX": str(inbox),
            "OBSERVATORY_SOURCES": "",
        }
        build = best([str(SCRIPTS / "observatory"), "build"], mine, prepare=home)
        unchanged = best(["make", "--silent", "run"], mine)
        forced = best([str(SCRIPTS / "observatory"), "build", "--force"], mine)
        load = best([sys.executable, "-c", "import orchestration.definitions as d; d.defs()"], mine)
        bare = Path(folder) / "bare"
        dbt = best(
            [
                str(SCRIPTS / "dbt"),
                "build",
                "--quiet",
                "--exclude-resource-type",
                "unit_test",
                "--project-dir",
                "dbt_project",
                "--profiles-dir",
                "dbt_project",
                "--target-path",
                str(bare / "target"),
                "--log-path",
                str(bare / "log"),
            ],
            {
                "OBSERVATORY_RAW": str(home / "work" / "raw"),
                "OBSERVATORY_DB": str(bare.with_suffix(".duckdb")),
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
                "DO_NOT_TRACK": "1",
            },
            prepare=bare,
        )
        imports = {name: best([sys.executable, "-c", code], {}) for name, code in IMPORTS.items()}
    floor = dbt.wall + sum(each.wall for each in imports.values())
    rows = [
        ("observatory build, nothing there", build, f"{build.wall / floor:.2f} x the floor (target at most 1.6)"),
        ("observatory build --force, all there", forced, f"{forced.wall / floor:.2f} x the floor"),
        ("make run, nothing changed", unchanged, "target under 5 s of processor time"),
        ("definitions load", load, "target under 3 s"),
        ("bare dbt build, nothing there", dbt, "part of the floor"),
        *((f"bare import of {name}", each, "part of the floor") for name, each in imports.items()),
    ]
    print(f"{'':<40}{'wall s':>8}{'cpu s':>8}{'MiB':>7}")
    for name, measured, remark in rows:
        print(f"{name:<40}{measured.wall:>8.2f}{measured.processor:>8.2f}{measured.peak:>7.0f}   {remark}")
    print(f"{'floor':<40}{floor:>8.2f}")


if __name__ == "__main__":
    main()
