"""Tables that no survey tool wrote: a CSV or a sheet with one row for each response, read by a codebook.

Belongs here: finding the table and its header among titles. Does not belong here: what its columns are
(``plain_columns``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, SourceError
from ingest.survey.cells import Cells, TableProblems
from ingest.survey.codebook import Codebook
from ingest.survey.export import Convention, Export, SourceColumn
from ingest.survey.tools.evidence import first_answers
from ingest.survey.tools.plain_columns import (
    TICKED,
    UNTICKED,
    is_unticked_written,
    plain_columns,
    separators_of,
)

TOOL = "plain table"
# A header stands among the first rows; above it there may be a title.
HEADER_ROWS = 10
CLOCK = (
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"),
    *("%Y-%m-%dT%H:%M", "%Y年%m月%d日 %H:%M"),
)
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
FINISHED = ("1", "true", "yes", "y", "complete", "completed", "finished", "はい", "完了")


def read(path: Path, tables: tuple[Cells, ...], codebook: Codebook | None = None) -> Export:
    """The responses of the table whose header the codebook knows best; the first table where there is no codebook.

    Raises:
        SourceError: no table, or one of which the codebook knows no column at all.
    """
    if not tables:
        raise SourceError([problem("csv_empty", Place(path.name))])
    found = [_Header(table, number, row, codebook) for table in tables for number, row in _first_rows(table)]
    best = max(found, key=lambda each: each.n_known)
    table, header = best.table, best.row
    if codebook and not best.n_known:
        known = [question.code for question in codebook.questions]
        raise SourceError([problem("plain_header_unknown", Place(path.name), header=list(header), known=known)])
    batches = table.after(best.number + 1)
    first = first_answers(batches, range(len(header)))
    columns = plain_columns(header, codebook, first)
    finished_by = _finished_by(columns, first)
    return Export(
        tool=TOOL,
        form="table",
        columns=columns,
        batches=batches,
        convention=Convention(
            ticked=TICKED, unticked=UNTICKED, is_unticked_written=is_unticked_written(columns, first),
            separators=separators_of(columns, codebook, first), clock=CLOCK, days=DAYS,
            finished_by=finished_by, finished_texts=FINISHED if finished_by == "finished" else (),
        ),
        limits=("empty_is_unanswered", "none_ticked"),
        options=dict(table.options),
        sheet=table.sheet,
        problems=TableProblems((table,)),
    )  # fmt: skip


def _finished_by(columns: Sequence[SourceColumn], first: Mapping[int, Sequence[str]]) -> str:
    """The role that tells who came to the end: a column for it, or a moment of submission that somebody has."""
    places = {column.role: column.place for column in columns}
    return next((role for role in ("finished", "submitted_at") if any(first.get(places.get(role, -1), ()))), "")


def _first_rows(table: Cells) -> Sequence[tuple[int, Sequence[str]]]:
    return list(enumerate(table.head[:HEADER_ROWS])) or [(0, ())]


@dataclass(frozen=True)
class _Header:
    """A row that may be the header of a table."""

    table: Cells
    number: int
    row: Sequence[str]
    codebook: Codebook | None

    @cached_property
    def n_known(self) -> int:
        """How many of its cells the codebook knows; how many are filled where there is none."""
        if self.codebook is None:
            return sum(bool(text.strip()) for text in self.row)
        columns = plain_columns(self.row, self.codebook, {})
        known = self.codebook.by_code
        return sum(column.part in {"tick", "rank"} or column.name in known for column in columns if column.header)
