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
        text = found.to_csv(index=False, lineterminator="\n")
        if given.output:
            given.output.write_text(text, encoding="utf-8")
    except OSError as problem:
        sys.stderr.write(f"{problem.filename}: {problem.strerror}. Correct the path.\n")
        return 1
    except ValueError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    if not given.output:
        sys.stdout.write(text)
    return 0


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        header = path.read_text(encoding="utf-8-sig").partition("\n")[0]
    except UnicodeDecodeError as problem:
        raise ValueError(f"{path}: not UTF-8 text (byte {problem.start}). Save it as CSV UTF-8.") from problem
    separator = max(",;\t|", key=header.count)
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", sep=separator)
    except (pd.errors.EmptyDataError, pd.errors.ParserError) as problem:
        why = str(problem).removeprefix("Error tokenizing data. C error: ")
        raise ValueError(f"{path}: no complete CSV table with a header ({why}). Correct the file.") from problem


if __name__ == "__main__":
    sys.exit(main())
