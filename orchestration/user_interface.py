"""Serve Dagster's web interface, and its daemon for schedule and sensor, on this machine only.

Belongs here: starting and ending the two processes. Does not belong here: what they show.
"""

from __future__ import annotations

import subprocess
import sys
import time

from orchestration.interruption import interruptible
from orchestration.settings import PROJECT, Settings

SECONDS_TO_END = 10


def serve(settings: Settings, port: int, *, with_daemon: bool) -> int:
    """Run until interrupted or until one of the processes ends; returns the exit code."""
    workspace = ["-w", str(settings.dagster_home / "workspace.yaml")]
    commands = [[sys.executable, "-m", "dagster_webserver", "-h", "127.0.0.1", "-p", str(port), *workspace]]
    if with_daemon:
        commands.append([sys.executable, "-m", "dagster._daemon", "run", *workspace])
    with interruptible():
        processes = [subprocess.Popen(command, cwd=PROJECT) for command in commands]
        try:
            while all(process.poll() is None for process in processes):
                time.sleep(0.5)
            return next(process.returncode for process in processes if process.poll() is not None)
        except KeyboardInterrupt:
            return 0
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(SECONDS_TO_END)
                except subprocess.TimeoutExpired:
                    process.kill()
