"""Python's collector of circles, switched off while millions of plain objects are made.

Belongs here: switching it off and on again. Does not belong here: what is made meanwhile.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Of millions of texts none refers to another: looking for circles among them again and again costs a quarter."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
