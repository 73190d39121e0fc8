"""One office's week: every build of it serves several tests, because a build takes most of a minute.

A final edition that nobody has decided stops its first build. Its worklist goes out and comes back decided, and the
next build is killed as it begins to publish. Then a respondent asks to be forgotten: that build goes through, while
somebody reads and somebody else tries to build.
"""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.integration.observatory import COMMAND, Observatory
from tests.unit.edition import write_edition

FINAL = "sample_list/2020/entry/"
PROVISIONAL = "draft_list/2021/entry/"
BY = ("--by", "registry editor")
RESPONSE = "select response_id, respondent_id, response_no from marts.fct_survey_response where is_counted"
READER = """
import sys, time
from pathlib import Path
import duckdb
latest, stop = Path(sys.argv[1]), Path(sys.argv[2])
reads, releases = 0, set()
while not stop.exists():
    with duckdb.connect(str(latest.resolve() / "observatory.duckdb"), read_only=True) as connection:
        releases.add(connection.execute("select release_id from meta.build").fetchone()[0])
    reads += 1
    time.sleep(0.05)
print(reads, len(releases))
"""


@dataclass(frozen=True)
class Office:
    """The office at the end of its week, and what was noted in it."""

    observatory: Observatory
    noted: dict[str, Any]

    @property
    def registry(self) -> Path:
        """The office's own register."""
        return self.observatory.inbox / "registry"

    def review(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `observatory review` on the office's register."""
        return _review(self.observatory, *arguments)


def spend_week(observatory: Observatory) -> dict[str, Any]:
    """Everything that happens, in a home that has a release; what was said and seen after each step."""
    before = observatory.latest
    noted: dict[str, Any] = {"before": before.name, "sums": _sums(before)}

    write_edition(observatory.inbox / "final")
    draft = {"id": "draft_list-2021", "family": "draft_list", "edition": "2021", "status": "provisional"}
    write_edition(observatory.inbox / "draft", "No,Name,Prefecture\n1,Mihon Draft,Hyogo\n", **draft)
    noted["blocked"] = _said(observatory.run("build"))
    noted["after the stop"] = _state(observatory)
    notice = observatory.home / "last-failure.md"
    noted["notice"] = notice.read_text(encoding="utf-8") if notice.exists() else None

    worklist = observatory.home.parent / "list.csv"
    noted["export"] = _said(_review(observatory, "--export", str(worklist)))
    _decide(worklist)
    noted["import"] = _said(_review(observatory, "--import", str(worklist), *BY))

    child = observatory.start_until("release")
    time.sleep(0.2)
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
    noted["after the kill"] = _state(observatory)

    noted["asked"] = observatory.query(f"{RESPONSE} order by response_no limit 1")[0]
    noted |= _forget_while_others_read(observatory, str(noted["asked"][1]))
    noted["files"] = sorted(path.name for path in (observatory.home / "releases").iterdir())
    noted["again"] = _said(observatory.run("build"))
    return noted


def _forget_while_others_read(observatory: Observatory, person: str) -> dict[str, Any]:
    stop = observatory.home.parent / "stop"
    reading = [sys.executable, "-c", READER, str(observatory.home / "latest"), str(stop)]
    reader = subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    first = observatory.start("forget", person, "--yes", "--json", watched=True)
    time.sleep(2)
    second = observatory.run("build")
    output, error = first.communicate(timeout=400)
    time.sleep(0.3)
    stop.touch()
    told, complaint = reader.communicate(timeout=30)
    return {
        "forgotten": (first.returncode, output, error),
        "pid": first.pid,
        "second": _said(second),
        "reader": (reader.returncode, told, complaint),
    }


def _decide(worklist: Path) -> None:
    """Fill the worklist for the final edition."""
    with worklist.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    # One row of each mention: the others are its further candidates.
    first = {row["mention_key"]: row for row in reversed(rows)}
    for key, row in first.items():
        if key.startswith(FINAL):
            row.update(verdict="new", reason="first listed in 2020", new_unit_kind="cluster_organisation")
    with worklist.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def _review(observatory: Observatory, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**observatory.environment, "OBSERVATORY_REGISTRY": str(observatory.inbox / "registry")}
    return subprocess.run([COMMAND, "review", *arguments], env=environment, capture_output=True, text=True, check=False)


def _said(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


def _sums(release: Path) -> str:
    return (release / "SHA256SUMS").read_text(encoding="utf-8")


def _state(observatory: Observatory) -> dict[str, Any]:
    """What a reader of the latest release meets."""
    return {
        "latest": observatory.latest.name,
        "sums": _sums(observatory.latest),
        "verify": observatory.run("verify").returncode,
        "verify by name": observatory.run("verify", observatory.latest.name).returncode,
        "clusters": observatory.query("select count(*) from marts.dim_cluster")[0][0],
    }
