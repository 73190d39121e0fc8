"""Stages of a build: told while it runs, timed for the summary.

Belongs here: naming and timing stages, one line for each on a terminal. Does not belong here: what a stage does.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.interruption import end_if_interrupted

LOGGER = logging.getLogger("observatory.progress")

SECONDS: dict[str, float] = {}


@contextmanager
def stage(name: str, what: str) -> Iterator[None]:
    """Tell that a stage begins and add its seconds to ``SECONDS[name]``.

    Raises:
        KeyboardInterrupt: somebody ended the build, and what it was doing then took it for something else.
    """
    end_if_interrupted()
    LOGGER.info(what, extra={"stage": name})
    started = time.perf_counter()
    try:
        yield
    finally:
        SECONDS[name] = SECONDS.get(name, 0.0) + time.perf_counter() - started


class _Lines(logging.Handler):
    """One line for each stage, on standard error, so that standard output holds the summary alone."""

    def emit(self, record: logging.LogRecord) -> None:
        name = getattr(record, "stage", "")
        sys.stderr.write(f"{name:>10}  {record.getMessage()} ...\n")
        sys.stderr.flush()


def show_progress() -> None:
    """Show the stages of this process as they begin."""
    if not LOGGER.handlers:
        LOGGER.addHandler(_Lines())
        LOGGER.setLevel(logging.INFO)
        LOGGER.propagate = False
