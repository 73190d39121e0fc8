"""The real Dagster UI on loopback shows the runs so far, the assets and their lineage."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
import urllib.request
from typing import Any

from tests.integration.observatory import Observatory

SECONDS_TO_START = 60


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def ask(port: int, query: str) -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        data=json.dumps({"query": query}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback only
        data: dict[str, Any] = json.load(answer)["data"]
        return data


def test_the_ui_shows_runs_and_lineage(copy_of_bundled: Observatory) -> None:
    port = free_port()
    child = copy_of_bundled.start("ui", "--port", str(port), "--no-schedules")
    try:
        give_up = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                runs = ask(port, "{ runsOrError { ... on Runs { results { jobName status } } } }")
                break
            except OSError:
                assert time.monotonic() < give_up, "the UI did not start"
                time.sleep(0.5)
        assert {"jobName": "build", "status": "SUCCESS"} in runs["runsOrError"]["results"]
        assets = ask(port, "{ assetNodes { assetKey { path } dependencyKeys { path } groupName } }")["assetNodes"]
        by_key = {"/".join(node["assetKey"]["path"]): node for node in assets}
        assert by_key["raw/jetro_rit/fy2016"]["groupName"] == "raw"
        staging = by_key["staging/stg_programme_roster__participant"]
        assert ["raw", "jetro_rit", "fy2016"] in [key["path"] for key in staging["dependencyKeys"]]
        schedules = ask(
            port,
            "{ repositoriesOrError { ... on RepositoryConnection { nodes { "
            "schedules { name executionTimezone scheduleState { status } } "
            "sensors { name sensorState { status } } } } } }",
        )["repositoriesOrError"]["nodes"][0]
        running = {"status": "RUNNING"}
        assert schedules["schedules"] == [
            {"name": "nightly_build", "executionTimezone": "Asia/Tokyo", "scheduleState": running}
        ]
        assert {"name": "inbox_sensor", "sensorState": running} in schedules["sensors"]
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait(timeout=30)
