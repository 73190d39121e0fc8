"""One foreign file read in this process: its kind, the checks before any parser, the reader of its kind.

Belongs here: the order of these steps, and the check on the cells that come out. Does not belong here: any format (the
modules named below) and the process around it (``child``).
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.container import check_container
from ingest.tables.file_kind import TEXT_KINDS, file_kind
from ingest.tables.limits import LIMITS, Limits
from ingest.tables.printed import FACTS_FILE, Facts, Hints, Printed, write_printed

if TYPE_CHECKING:
    import pyarrow as pa

# A leading sign of an option, and what a shell or Windows takes for its own.
ODD_NAME = re.compile(r"""^-|[\\/:*?"'<>|;&$`!%\n]""")
# Copies add a few letters to a name of at most 255 bytes.
LONGEST_PLAIN_NAME = 200


def read_table(path: Path, hints: Hints, folder: Path, limits: Limits = LIMITS) -> Printed:
    """The table of a file as printed, kept in ``folder``; ``facts.problems`` holds what was put right or flagged.

    Raises:
        SourceError: the file is refused, with every reason that could be found.
    """
    try:
        return _read(path, hints, folder, limits)
    # A full disk, an incomplete installation and an order to stop are not the file's doing.
    except (SourceError, MemoryError, ImportError, OSError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # The panic of a compiled parser is no Exception. Whatever it is, the file is set aside and the others go on.
        lines = str(error).splitlines() or [""]
        reason = f"{type(error).__name__}: {lines[0]}"
        raise SourceError([problem("parser_crashed", Place(path.name), reason=reason)]) from error


def _read(path: Path, hints: Hints, folder: Path, limits: Limits) -> Printed:
    kind = file_kind(path, limits)
    said = _name_problems(path)
    if kind == "pdf" and hints.pages:
        from ingest.tables.pdf_file import read_report

        return _saying(said, read_report(path, hints, folder))
    if kind == "pdf":
        raise SourceError([problem("pdf_is_no_table", Place(path.name))])
    if kind in TEXT_KINDS:
        from ingest.tables.csv_file import read_csv

        return _saying(said, read_csv(path, hints, folder, limits))
    said += check_container(path, kind, limits)
    from ingest.tables.structure import table_of
    from ingest.tables.workbook import read_grids

    facts, batches = table_of(read_grids(path, kind, hints), hints, path.name)
    return _saying(said, write_printed(folder, facts, _checked(path, facts, batches, limits)))


def _name_problems(path: Path) -> list[Problem]:
    """A name is data here and may be anything; it is said where another program would stumble over it."""
    name = path.name
    is_plain = name.isprintable() and not ODD_NAME.search(name) and unicodedata.is_normalized("NFC", name)
    is_plain = is_plain and len(os.fsencode(name)) <= LONGEST_PLAIN_NAME and max(name) < "\U00010000"
    return [] if is_plain else [problem("file_name_odd", Place(name), name=name)]


def _saying(said: Sequence[Problem], printed: Printed) -> Printed:
    """The table with these problems before its own."""
    if not said:
        return printed
    facts = replace(printed.facts, problems=(*said, *printed.facts.problems))
    (printed.folder / FACTS_FILE).write_text(json.dumps(facts.to_plain(), ensure_ascii=False), encoding="utf-8")
    return Printed(printed.folder, facts)


def _checked(path: Path, facts: Facts, batches: Iterable[pa.Table], limits: Limits) -> Iterator[pa.Table]:
    """The rows, once no cell is longer than a spreadsheet allows: rich text may be pieced together from short runs."""
    import pyarrow.compute as pc

    for batch in batches:
        for column in batch.columns[2:]:
            longest = pc.max(pc.utf8_length(column)).as_py() or 0
            if longest > limits.cell_characters:
                where = Place(path.name, sheet=facts.sheet)
                values = {
                    "found": longest - 1,
                    "unit": "characters",
                    "unit_ja": "文字",
                    "limit": limits.cell_characters,
                }
                raise SourceError([problem("cell_too_long", where, **values)])
        yield batch
