"""What the first answers of an export say of its columns, where the header leaves it open.

Belongs here: option, rank or row of a matrix; day or month first; one column rewritten on its way. Does not belong
here: any one tool.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from ingest.survey.export import Batches

if TYPE_CHECKING:
    import pyarrow as pa

BATCHES_LOOKED_AT = 4
MOST_ANSWERS = 1_000
# So many complete rankings, none with a tie, are no coincidence.
RANKINGS = 3
DAY_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")


def first_answers(batches: Batches, places: Sequence[int]) -> Mapping[int, list[str]]:
    """The first texts of some columns, the same number of each."""
    found: dict[int, list[str]] = {place: [] for place in places}
    for batch in islice(batches(frozenset()), BATCHES_LOOKED_AT if places else 0):
        for place, texts in found.items():
            texts.extend(batch.column(f"c{place + 1}")[: MOST_ANSWERS - len(texts)].to_pylist())
        if all(len(texts) >= MOST_ANSWERS for texts in found.values()):
            break
    return found


def holds_only(texts: Sequence[str], own: set[str]) -> bool:
    """Whether a column has nothing but blanks and certain texts."""
    return {text.strip() for text in texts} <= own | {""}


def is_ranking(columns: Sequence[Sequence[str]], without: Sequence[str] = ()) -> bool:
    """Whether columns hold ranks: several rows have each rank once, and no row has one twice.

    ``without``: what stands for an option that was not ranked.
    """
    ranks = {str(rank) for rank in range(1, len(columns) + 1)}
    rows = [[text for text in row if text and text not in without] for row in zip(*columns, strict=True)]
    rows = [row for row in rows if row]
    is_distinct = all(len(set(row)) == len(row) and set(row) <= ranks for row in rows)
    return len(columns) > 2 and is_distinct and sum(set(row) == ranks for row in rows) >= RANKINGS


def is_day_first(texts: Sequence[str]) -> bool | None:
    """Whether dates such as 25/12/2020 have the day in front; None where every one may be read both ways."""
    pairs = [(int(found[1]), int(found[2])) for text in texts if (found := DAY_MONTH.match(text.strip()))]
    if any(first > 12 for first, _ in pairs):
        return True
    return None if pairs and all(second <= 12 for _, second in pairs) else False


def rewritten(batches: Batches, place: int, rewrite: Callable[[pa.Array], pa.Array]) -> Batches:
    """The same batches with one column put into another form."""

    def read(encoded: frozenset[int]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches(encoded - {place}):
            columns = batch.columns
            columns[place + 1] = rewrite(columns[place + 1])
            yield pa.RecordBatch.from_arrays(columns, names=batch.schema.names)

    return read
