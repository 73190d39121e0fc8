"""Stages of a build: told while it runs, timed for the summary.

Belongs here: naming and timing stages. Does not belong here: how they are shown (the command line decides).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

LOGGER = logging.getLogger("observatory.progress")

SECONDS: dict[str, float] = {}


@contextmanager
def stage(name: str, what: str) -> Iterator[None]:
    """Tell that a stage begins and add its seconds to ``SECONDS[name]``."""
    LOGGER.info(what, extra={"stage": name})
    started = time.perf_counter()
    try:
        yield
    finally:
        SECONDS[name] = SECONDS.get(name, 0.0) + time.perf_counter() - started
