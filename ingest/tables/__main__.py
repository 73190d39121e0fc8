"""Where the child process begins: ``child`` runs this file with a job on standard input. No command for people."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # The child must run this very copy of the project, also when another one is installed.
    PROJECT = Path(__file__).resolve().parents[2]
    sys.path[:] = [str(PROJECT), *(each for each in sys.path if each and Path(each) != Path(__file__).parent)]
    from ingest.tables.confinement import main

    main(PROJECT)
