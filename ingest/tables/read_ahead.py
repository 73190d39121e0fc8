"""Items made one ahead of their use, in a thread: reading, unpacking and parsing need no lock of Python's.

Belongs here: that one function. Does not belong here: what is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def read_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, the next one being made in a thread of its own while the last one is used."""
    thread = ThreadPoolExecutor(max_workers=1)
    try:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item
    finally:
        # Never waited for: who stops early may be cleared away by the very thread that works ahead.
        thread.shutdown(wait=False, cancel_futures=True)
