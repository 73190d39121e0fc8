"""The rows of an EUSurvey export as contributions: marks that must be there, ids that tell them apart, short names.

Belongs here: rows across all columns, and what there is to say of them. Does not belong here: the columns
(``eusurvey_header``, ``eusurvey_meta``), sheets and workbooks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.survey.export import SourceColumn
from ingest.survey.tools import eusurvey_header as header
from ingest.survey.tools.eusurvey_meta import ANONYMOUS, IDENTITIES
from ingest.survey.tools.eusurvey_sheets import Workbook

# The number of the row on its first sheet, and the cells of all sheets.
Row = tuple[int, tuple[str, ...]]


def has_marks(cells: Sequence[str], options: Mapping[int, int]) -> bool:
    """Whether every column of an option holds a mark, as it does in each row but a shifted one."""
    return all(cells[place] in {header.TICKED, header.UNTICKED} for place in options)


def left_out(first: Workbook, rows: Sequence[Row], kept: Sequence[Row]) -> Iterator[Problem]:
    """Rows that are no contributions as they stand. Their cells are not shown: a name may stand in any of them."""
    numbers = sorted((Counter(number for number, _ in rows) - Counter(number for number, _ in kept)).elements())
    if numbers:
        where = Place(first.file, first.sheets[0], row=numbers[0])
        yield problem("eusurvey_rows_shifted", where, count=len(numbers), rows=numbers)


def none_ticked(first: Workbook, rows: Sequence[Row], options: Mapping[int, int]) -> Iterator[Problem]:
    """How often nothing is ticked, which may be an answer or none."""
    of_question: dict[int, list[int]] = defaultdict(list)
    for place, question in options.items():
        of_question[question].append(place)
    counts = [
        sum(all(cells[place] == header.UNTICKED for place in places) for _, cells in rows)
        for places in of_question.values()
    ]
    if any(counts):
        where = Place(first.file, first.sheets[0])
        yield problem("eusurvey_none_ticked", where, count=sum(counts), questions=sum(map(bool, counts)))


def without_false_ids(
    file: str, columns: Sequence[SourceColumn], rows: Sequence[Sequence[str]]
) -> tuple[list[SourceColumn], list[Problem]]:
    """Ids that tell nobody apart are no ids: the literal ``Anonymous``, or a contribution that stands twice."""
    found: list[SourceColumn] = []
    told = []
    for column in columns:
        texts = [row[column.place] for row in rows] if column.role in IDENTITIES else []
        given = [text for text in texts if text]
        n_without = len(rows) - len(set(given))
        where, is_id = Place(file, cell=column.letters), True
        if given and set(given) == {ANONYMOUS}:
            told.append(problem("eusurvey_anonymous", where, count=len(given)))
            is_id = False
        elif column.role == "response_id" and n_without:
            told.append(problem("eusurvey_ids_repeat", where, count=n_without))
            is_id = False
        found.append(column if is_id else replace(column, role="other_meta"))
    return found, told


def plain_answers(rows: Sequence[Row], columns: Sequence[SourceColumn]) -> tuple[list[Row], list[str]]:
    """The rows without the short names behind the labels, and the letters of the columns that had them."""
    answers = [column for column in columns if column.role == "answer" and column.part == "value"]
    labels = {each.place: header.without_short_names([cells[each.place] for _, cells in rows]) for each in answers}
    plain = [
        (number, tuple(labels.get(place, {}).get(text, text) for place, text in enumerate(cells)))
        for number, cells in rows
    ]
    return plain, [each.letters for each in answers if any(labels[each.place])]
