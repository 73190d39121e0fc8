"""Questions with several columns in one export, as after an edit while the form was open.

Belongs here: whether some response has an answer in two of them, so that one is not read. Does not belong here: which
columns a question has (``binding``), reading them (``batch``).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.survey.binding import Binding

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


class AskedTwice:
    """The questions of one table with more than one column of answers, and how often two of these differ."""

    def __init__(self, binding: Binding) -> None:
        """Nothing has been seen yet."""
        self.bounds = [each for each in binding.bound if len(each.values) > 1]
        self.n_lost: dict[str, int] = {}

    def look(self, batch: pa.RecordBatch) -> None:
        """Count the responses of a batch that answered in two columns of one question, with other words."""
        import numpy as np

        for bound in self.bounds:
            cells = [batch.column(column.place + 1) for column in bound.values]
            lost = np.zeros(batch.num_rows, dtype=bool)
            for one, other in combinations(cells, 2):
                lost |= both_answered(one, other)
            if lost.any():
                code = bound.question.code
                self.n_lost[code] = self.n_lost.get(code, 0) + int(lost.sum())

    def problems(self, place: Place) -> Iterator[Problem]:
        """One for each question of which an answer was left out."""
        for bound in self.bounds:
            if count := self.n_lost.get(bound.question.code):
                headers = [f"'{column.header}' ({column.letters})" for column in bound.values]
                yield problem("survey_asked_twice", place, question=bound.question.code, count=count, columns=headers)


def both_answered(one: pa.Array, other: pa.Array) -> np.ndarray[Any, Any]:
    """Where two columns have different texts and neither is empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    first, second = (pc.utf8_trim_whitespace(each.cast(pa.string())) for each in (one, other))
    is_filled = pc.and_(pc.not_equal(first, ""), pc.not_equal(second, ""))
    found: np.ndarray[Any, Any] = pc.and_(is_filled, pc.not_equal(first, second)).to_numpy(zero_copy_only=False)
    return found
