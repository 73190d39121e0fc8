"""Belongs here: the command line of the package. Does not belong here: any matching."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.match_candidates import link_mentions, propose

if TYPE_CHECKING:
    import pandas as pd


def main(arguments: list[str] | None = None) -> int:
    """Groups for one file, candidates for two; to standard output or a file. 1 when the input cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m analytics.match_candidates",
        description="Propose which mentions are the same body. One file: groups. Two files: candidates.",
    )
    parser.add_argument("mentions", type=Path, help="CSV with a column `name`; see the package text for the others")
    parser.add_argument("clusters", type=Path, nargs="?", help="CSV of known bodies with the columns id and name")
    parser.add_argument("-o", "--output", type=Path, help="CSV to write; standard output if not given")
    parser.add_argument("--limit", type=int, default=5, help="candidates per mention")
    given = parser.parse_args(arguments)
    try:
        mentions = _read(given.mentions)
        found = propose(mentions, _read(given.clusters), given.limit) if given.clusters else link_mentions(mentions)
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    text = found.to_csv(index=False, lineterminator="\n")
    if given.output:
        given.output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    with path.open(encoding="utf-8-sig") as file:
        header = file.readline()
    separator = max(",;\t|", key=header.count)
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", sep=separator)


if __name__ == "__main__":
    sys.exit(main())
