"""What a rename needs so that it outlives a loss of power.

Belongs here: forcing a file or a folder to the disk. Does not belong here: what is written, and where.
"""

from __future__ import annotations

import os
from pathlib import Path


def flush(path: Path) -> None:
    """Force a file, or the renames inside a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
