"""One build at a time for one output folder.

Belongs here: the lock. The kernel drops it with the process, so a killed build never leaves a stale one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HELD: set[Path] = set()


class BuildRunning(Exception):
    """Another process holds the build lock of this output folder."""


@contextmanager
def build_lock(home: Path) -> Iterator[None]:
    """Hold the lock of ``home`` while building; within a process that holds it already, nothing happens.

    Raises:
        BuildRunning: another process is building into the same folder.
    """
    if home in _HELD:
        yield
        return
    home.mkdir(parents=True, exist_ok=True)
    with (home / "build.lock").open("a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            holder = stream.read().strip() or "unknown"
            raise BuildRunning(
                f"{home}: a build is running already (process {holder}). "
                "Wait for it to end, or set OBSERVATORY_HOME to another folder."
            ) from error
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        _HELD.add(home)
        try:
            yield
        finally:
            _HELD.discard(home)
