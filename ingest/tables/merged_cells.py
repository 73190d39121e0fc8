"""Merged cells among the entries: each filled within its own merge, and nowhere else.

Belongs here: filling, and the marks and warnings that go with it. Does not belong here: merged headers
(``header_names``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.tables.body import MOST_SHOWN
from ingest.tables.grid import Span, address
from ingest.tables.header import Header
from ingest.tables.header_names import cell
from ingest.tables.printed import Mark


@dataclass(frozen=True)
class Filled:
    """Rows with merges filled, the marks of what was filled, numbers of rows that one merged text runs across, and
    the columns in which merges run down.
    """

    rows: Sequence[Sequence[str]]
    marks: tuple[Mark, ...] = ()
    lines: frozenset[int] = frozenset()
    columns: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()


def fill_merges(
    rows: Sequence[Sequence[str]], merges: Sequence[Span], header: Header, last_row: int, where: Place
) -> Filled:
    """Fill the merges below the header down to ``last_row``; ``rows[0]`` is row 1.

    A merge over one row that begins in the first column is a label or a line, not a datum of every column: it stays.
    """
    spans = [span for span in merges if span.first_row > header.last_row and span.last_row <= last_row]
    if not spans:
        return Filled(rows)
    kept, first, last = set(header.columns), header.columns[0], header.columns[-1]
    filled = list(rows)
    marks: list[Mark] = []
    lines, down, blocks = set(), set(), []
    for span in spans:
        text = cell(rows, span.first_row, span.first_column)
        if span.first_row == span.last_row and span.first_column <= first:
            if span.last_column >= last and first < last and text.strip():
                lines.add(span.first_row)
            continue
        if not text.strip() or not kept & set(range(span.first_column, span.last_column + 1)):
            continue
        block = f"{address(span.first_row, span.first_column)}:{address(span.last_row, span.last_column)}"
        blocks.append(block)
        if span.last_row > span.first_row:
            down |= kept & set(range(span.first_column, span.last_column + 1))
        for row in range(span.first_row, span.last_row + 1):
            cells = list(filled[row - 1]) + [""] * (span.last_column - len(filled[row - 1]))
            for column in range(span.first_column, span.last_column + 1):
                if (row, column) != (span.first_row, span.first_column):
                    cells[column - 1] = text
                    marks.append(Mark(row, column, "merged", block))
            filled[row - 1] = cells
    problems = [problem("merged_filled", where, n=len(blocks), cells=blocks[0])] if blocks else []
    return Filled(filled, tuple(marks), frozenset(lines), tuple(sorted(down)), tuple(problems))


def blanks_beside_merges(
    rows: Sequence[Sequence[str]], entries: Collection[int], columns: Sequence[int], header: Header, where: Place
) -> list[Problem]:
    """A warning for each column with merges in which entries outside of a merge are blank."""
    problems = []
    for column in columns:
        blank = [row for row in entries if not cell(rows, row, column).strip()]
        if blank:
            shown = ", ".join(address(row, column) for row in blank[:MOST_SHOWN])
            name = header.names[header.columns.index(column)]
            problems.append(problem("blank_beside_merge", where, n=len(blank), column=name, cells=shown))
    return problems
