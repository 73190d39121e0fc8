"""One foreign file read in this process: its kind, the checks before any parser, the reader of its kind.

Belongs here: the order of these steps, and the check on the cells that come out. Does not belong here: any format (the
modules named below) and the process around it (``child``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, SourceError
from ingest.tables.container import check_container
from ingest.tables.file_kind import TEXT_KINDS, file_kind
from ingest.tables.limits import LIMITS, Limits
from ingest.tables.printed import Facts, Hints, Printed, write_printed

if TYPE_CHECKING:
    import pyarrow as pa


def read_table(path: Path, hints: Hints, folder: Path, limits: Limits = LIMITS) -> Printed:
    """The table of a file as printed, kept in ``folder``; ``facts.problems`` holds what was put right or flagged.

    Raises:
        SourceError: the file is refused, with every reason that could be found.
    """
    kind = file_kind(path, limits)
    if kind == "pdf" and hints.pages:
        from ingest.tables.pdf_file import read_report

        return read_report(path, hints, folder)
    if kind == "pdf":
        raise SourceError([problem("pdf_is_no_table", Place(path.name))])
    if kind in TEXT_KINDS:
        from ingest.tables.csv_file import read_csv

        return read_csv(path, hints, folder)
    said = check_container(path, kind, limits)
    from ingest.tables.structure import table_of
    from ingest.tables.workbook import read_grids

    facts, batches = table_of(read_grids(path, kind, hints), hints)
    facts = replace(facts, problems=(*said, *facts.problems))
    return write_printed(folder, facts, _checked(path, facts, batches, limits))


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
