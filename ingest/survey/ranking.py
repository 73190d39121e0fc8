"""The ranks that one question's columns give to its options.

Belongs here: ranks beside options, options on places, lists in the order of preference. Does not belong here: other
kinds of questions (``batch``), single cells (``decoding``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ingest.survey.binding import Bound
from ingest.survey.decoding import EMPTY, NOT_SHOWN, UNREADABLE, Unread, Words, looked_up, rank_meaning, ranks_of_lists
from ingest.survey.export import Convention, SourceColumn
from ingest.tables.cell_text import fold

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Numbers = np.ndarray[Any, Any]

Cells = Callable[[SourceColumn], "pa.Array"]


def ranks_of(bound: Bound, cells: Cells, words: Words, unread: Unread, convention: Convention) -> list[Numbers]:
    """The rank of each option that the file has, 0 for one without; or a state."""
    import numpy as np

    n_options = len(bound.question.options)
    if bound.ranks:
        meaning = rank_meaning(words.states, n_options)
        ranks = [looked_up(cells(column), meaning, unread) for _, column in sorted(bound.ranks.items())]
    elif bound.positions:
        ranks = _of_places(bound, cells, words, unread)
    else:
        listed = partial(bound.choices.listed, separators=convention.separators)
        ranks = ranks_of_lists(cells(bound.values[0]), listed, words.states, n_options, unread)
    is_ranked = (np.stack(ranks) > 0).any(axis=0)
    for each in ranks:
        each[is_ranked & ((each == EMPTY) | (each == NOT_SHOWN))] = 0
    return ranks


def _of_places(bound: Bound, cells: Cells, words: Words, unread: Unread) -> list[Numbers]:
    """The ranks where each place has a column with the option on it."""
    import numpy as np

    n_rows = len(cells(bound.positions[0]))
    ranks = [np.zeros(n_rows, dtype=np.int16) for _ in bound.question.options]
    for rank, column in _by_place(bound.positions):
        chosen = looked_up(cells(column), partial(_chosen, bound, words.states), unread)
        for number, each in enumerate(ranks, start=1):
            each[(chosen == number) & (each <= 0)] = rank
            # What cannot be read may be any of the others; an empty place says nothing of them.
            is_state = (chosen < EMPTY) & (each == 0)
            each[is_state] = chosen[is_state]
    is_open = (np.stack(ranks) == 0).all(axis=0)
    for each in ranks:
        each[is_open] = EMPTY
    return ranks


def _by_place(columns: Sequence[SourceColumn]) -> Iterator[tuple[int, SourceColumn]]:
    """The columns of a ranking with the rank of each: the number that is printed, else their order in the file."""
    printed = [int(each.sub_name) if each.sub_name.isdecimal() else 0 for each in columns]
    is_told = all(printed) and len(set(printed)) == len(printed)
    yield from sorted(zip(printed if is_told else range(1, len(columns) + 1), columns, strict=True), key=itemgetter(0))


def _chosen(bound: Bound, states: Mapping[str, int], text: str) -> int:
    """The option or the state that a text stands for."""
    return bound.choices.number(text) or states.get(fold(text), UNREADABLE)
