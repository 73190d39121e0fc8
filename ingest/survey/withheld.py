"""Answers that nobody may see: to personal questions, and contact data in texts and in the place of numbers.

Belongs here: reading values and choices without them. Does not belong here: which texts hold contact data
(``free_text``), which questions are personal (``personal_question``), keeping the originals (``identity_store``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ingest.personal import E_MAIL
from ingest.survey import decoding
from ingest.survey.binding import Bound
from ingest.survey.codebook import DECIMAL, INTEGER, Question
from ingest.survey.decoding import REDACTED, UNREADABLE, Unread, Words
from ingest.survey.export import Convention, SourceColumn
from ingest.survey.free_text import redacted
from ingest.survey.wide_table import PART_OF

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Numbers = np.ndarray[Any, Any]


def open_values(
    question: Question, cells: pa.Array, words: Words, convention: Convention, unread: Unread
) -> tuple[pa.Array, Numbers, Numbers]:
    """The values of a column, their states, and a mask of those withheld."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    is_covered = np.zeros(len(cells), dtype=bool)
    if question.kind in {INTEGER, DECIMAL}:
        # A telephone number is no quantity.
        contacts = redacted(cells)[1]
        is_covered = contacts.to_numpy(zero_copy_only=False)
        cells = pc.if_else(contacts, "", cells)
    values, states = decoding.values_of(cells, question.kind, words, convention, unread)
    if question.is_personal:
        is_covered = is_covered | (states == 0) | (states == UNREADABLE)
        values = pa.nulls(len(cells), values.type)
    elif PART_OF.get(question.kind, "text") == "text":
        values, contacts = redacted(values)
        is_covered = contacts.to_numpy(zero_copy_only=False)
    return values, np.where(is_covered, REDACTED, states).astype(np.int8), is_covered


def open_responses(responses: pa.Table) -> tuple[pa.Table, dict[str, int]]:
    """The responses without contact data in what a tool writes beside the answers, and how many cells had it by column.

    A response whose id is an e-mail address has the number of its row as its id, as one without an id has.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    counts = {}
    for name in ("response_id", "collector", "language"):
        texts = responses[name].combine_chunks().cast(pa.string())
        if name == "response_id":
            # Ids of some tools look like telephone numbers.
            is_found = pc.fill_null(pc.match_substring_regex(texts, E_MAIL), False)
            numbers = responses["row_number"].combine_chunks().cast(pa.string())
            kept = pc.if_else(is_found, pc.binary_join_element_wise("r", numbers, ""), texts)
        else:
            kept, is_found = redacted(texts)
        if count := pc.sum(is_found).as_py():
            counts[name] = count
            responses = responses.set_column(responses.column_names.index(name), name, kept)
    return responses, counts


def withhold_choices(
    bound: Bound, numbers: Sequence[Numbers], cells: Callable[[SourceColumn], pa.Array]
) -> tuple[pa.Array, Numbers]:
    """Take the choices of a personal question out of its numbers; returns what was printed, and a mask of the rows."""
    import numpy as np
    import pyarrow as pa

    together = np.stack(numbers)
    is_told = (together >= 0).any(axis=0) | (together == UNREADABLE).any(axis=0)
    columns = [*bound.values, *bound.ticks.values(), *bound.ranks.values(), *bound.positions]
    printed = [cells(column).cast(pa.string()).to_pylist() for column in columns]
    texts = ["; ".join(filter(None, dict.fromkeys(row))) for row in zip(*printed, strict=True)]
    for each in numbers:
        each[is_told] = REDACTED
    return pa.array(texts, pa.string()), is_told
