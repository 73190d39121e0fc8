"""What outlives a loss of power or a killed run, and what is cleared away after one.

Belongs here: forcing a file or a folder to the disk, the mark of folders that are only read into. Does not belong here:
what is written.
"""

from __future__ import annotations

import os
from pathlib import Path

# Folders below raw whose name begins so are one reading's own; the next build takes them away.
READING = "printed-"


def flush(path: Path) -> None:
    """Force a file, or the renames inside a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
