"""Cells of one batch to the numbers, values and states of the wide file.

Belongs here: choices, ticks, ranks, numbers, days and texts, one look for each distinct text. Does not belong here:
which column belongs to which question (``binding``), what the routing makes of an empty cell (``batch``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.survey.choices import Picked
from ingest.survey.clock_times import times_by_form
from ingest.survey.codebook import DATE, DATETIME, DECIMAL, INTEGER, TIME
from ingest.survey.export import Convention
from ingest.survey.free_text import redacted
from ingest.survey.state import WIDE, State
from ingest.tables.cell_text import fold

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Numbers = np.ndarray[Any, Any]

Lister = Callable[[str], Picked]

EMPTY, NOT_SHOWN, NONE_TICKED = WIDE[State.NOT_ANSWERED], WIDE[State.NOT_SHOWN], WIDE[State.UNKNOWN_NONE_TICKED]
UNREADABLE, REDACTED = WIDE[State.UNREADABLE], WIDE[State.REDACTED]
WITHOUT_ANSWER = (EMPTY, NOT_SHOWN, NONE_TICKED)
# A tick column in which the tool wrote that the option was left out.
UNTICKED = 0
TEXTS_KEPT = 20
# A folded text is shorter than what was printed by its blanks, and full-width signs are one each.
WIDTHS = 2
CLOCK_TIME = r"^(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?:[+-][0-9:]+|Z)?$"
COMMA_NUMBER = r"^[+-]?[0-9]+,[0-9]+$"
PLAIN_NUMBER = r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"


@dataclass
class Unread:
    """Texts of one question that are none of its answers: how many cells, and the first texts."""

    count: int = 0
    texts: Counter[str] = field(default_factory=Counter)

    def add(self, text: str, count: int) -> None:
        """Count the cells with a text."""
        self.count += count
        if text in self.texts or len(self.texts) < TEXTS_KEPT:
            self.texts[text] += count


class Words:
    """The texts of a convention, ready to be looked up; ``missing`` are the states of one question's own codes."""

    def __init__(self, convention: Convention, missing: Mapping[str, str] | None = None) -> None:
        """Fold the texts once."""
        self.ticked = {fold(text) for text in convention.ticked}
        self.unticked = {fold(text) for text in convention.unticked}
        self.not_shown = {fold(text) for text in convention.not_shown}
        self.states = {fold(text): WIDE[state] for text, state in convention.empty.items()}
        self.states |= {fold(text): WIDE[State(state)] for text, state in (missing or {}).items()}
        # A word may stand for more in one answer than among ticks, where it only says that they were not shown.
        self.states = dict.fromkeys(self.not_shown, NOT_SHOWN) | self.states | {"": EMPTY}


def encoded(column: pa.Array) -> tuple[list[str], Numbers]:
    """The distinct texts of a column and which of them stands in each row."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    return column.dictionary.to_pylist(), column.indices.to_numpy(zero_copy_only=False)


def looked_up(column: pa.Array, meaning: Callable[[str], int], unread: Unread) -> Numbers:
    """The number that each cell stands for; what stands for none is kept in ``unread``."""
    import numpy as np

    texts, which = encoded(column)
    numbers = [meaning(text) for text in texts]
    if UNREADABLE in numbers:
        counts = np.bincount(which, minlength=len(texts))
        for text, number, count in zip(texts, numbers, counts.tolist(), strict=True):
            if number == UNREADABLE and count:
                unread.add(text, count)
    return np.array(numbers, dtype=np.int16)[which]


def tick_meaning(words: Words, names: Callable[[str], bool]) -> Callable[[str], int]:
    """What a cell of a tick column means; ``names`` tells whether a text is the option's own code or label."""

    def meaning(text: str) -> int:
        key = fold(text)
        if key in words.ticked:
            return 1
        # An option may have the code 0 that says in every column that it was left out.
        if key in words.unticked:
            return UNTICKED
        if key and names(text):
            return 1
        return NOT_SHOWN if key in words.not_shown else words.states.get(key, UNREADABLE)

    return meaning


def merged(before: Sequence[Numbers], after: Sequence[Numbers]) -> tuple[list[Numbers], Numbers]:
    """One answer from two columns of the same question, and where they hold two: nobody knows which one is meant.

    A question that was edited while its form was open has a column for each of its versions, of which one is filled.
    """
    import numpy as np

    old, new = np.stack(before), np.stack(after)
    is_old_open, is_new_open = (np.isin(each, WITHOUT_ANSWER).all(axis=0) for each in (old, new))
    is_hidden = (old == NOT_SHOWN).all(axis=0)
    found = np.where(is_old_open & (~is_new_open | is_hidden), new, old)
    is_twice = ~is_old_open & ~is_new_open & (old != new).any(axis=0)
    return list(np.where(is_twice, UNREADABLE, found).astype(np.int16)), is_twice


def settle_ticks(columns: Sequence[Numbers], *, is_unticked_written: bool, has_exclusive: bool) -> None:
    """Say in place what the ticks of one question mean together.

    With a tick the question was answered and the others are not selected, but for an option that its own cell says was
    not shown. Without one, cells that all say so were not shown; else nobody knows whether it was answered with none of
    them, unless there is an option for that or the tool writes a mark into the cells of everybody who saw them.
    """
    import numpy as np

    together = np.stack(columns)
    is_ticked = (together == 1).any(axis=0)
    is_hidden = (together == NOT_SHOWN).all(axis=0)
    is_empty = (together == EMPTY).all(axis=0)
    stated = np.where((together < NONE_TICKED).all(axis=0), together[0], 0)
    none = np.full(is_ticked.shape, EMPTY if has_exclusive else NONE_TICKED, dtype=np.int16)
    if is_unticked_written:
        none[is_empty] = EMPTY
    none[is_hidden] = NOT_SHOWN
    none = np.where(stated < 0, stated, none)
    is_bad = (together == UNREADABLE).any(axis=0)
    for numbers in columns:
        kept = (numbers == 1) | (numbers == UNREADABLE) | ((numbers == NOT_SHOWN) & (is_ticked | is_bad))
        numbers[:] = np.where(kept, numbers, np.where(is_ticked | (is_bad & (stated == 0)), 0, none))


def ticks_of_lists(
    column: pa.Array, listed: Lister, states: Mapping[str, int], n_options: int, unread: Unread, other: int = 0
) -> list[Numbers]:
    """The ticks of each option from joined lists.

    ``other``: the option that a text outside of the code list stands for, 0 where such a text cannot be read.
    """

    def fill(numbers: Numbers, picked: Picked) -> bool:
        numbers[[number - 1 for number in picked.options]] = 1
        if picked.rest and other:
            numbers[other - 1] = 1
        elif picked.rest:
            # What was not recognised may be any of the others.
            numbers[numbers == 0] = UNREADABLE
        return not other

    # A list with nothing in it may be an answer too: nothing was ticked.
    settled = {text: NONE_TICKED if state == EMPTY else state for text, state in states.items()}
    return _of_lists(column, listed, settled, n_options, unread, fill)


def ranks_of_lists(
    column: pa.Array, listed: Lister, states: Mapping[str, int], n_options: int, unread: Unread
) -> list[Numbers]:
    """The rank of each option from lists in the order of preference; 0 for one that is not in the list."""

    def fill(numbers: Numbers, picked: Picked) -> bool:
        for rank, number in enumerate(picked.options, start=1):
            numbers[number - 1] = rank
        if picked.rest:
            numbers[:] = UNREADABLE
        return True

    return _of_lists(column, listed, states, n_options, unread, fill)


def _of_lists(
    column: pa.Array,
    listed: Lister,
    states: Mapping[str, int],
    n_options: int,
    unread: Unread,
    fill: Callable[[Numbers, Picked], bool],
) -> list[Numbers]:
    """A number for each option from joined lists, one look for each distinct list.

    ``fill`` writes the numbers of one list in place and tells whether what it names beside options cannot be read.
    """
    import numpy as np

    texts, which = encoded(column)
    table = np.zeros((n_options, max(1, len(texts))), dtype=np.int16)
    counts = np.bincount(which, minlength=len(texts)).tolist()
    for place, text in enumerate(texts):
        state = states.get(fold(text))
        if state is not None:
            table[:, place] = state
            continue
        picked = listed(text)
        if fill(table[:, place], picked):
            for each in picked.rest:
                unread.add(each, counts[place])
    return [table[number][which] for number in range(n_options)]


def rank_meaning(states: Mapping[str, int], n_options: int) -> Callable[[str], int]:
    """What a cell that holds the rank of one option means."""

    def meaning(text: str) -> int:
        key = fold(text)
        if key in states:
            return states[key]
        plain = key.removesuffix(".0")
        return int(plain) if plain.isascii() and plain.isdigit() and 0 < int(plain) <= n_options else UNREADABLE

    return meaning


def values_of(
    column: pa.Array, kind: str, words: Words, convention: Convention, unread: Unread
) -> tuple[pa.Array, Numbers]:
    """Values of a column of texts, numbers, days or times, and their states (0 for an answer)."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    column = column.cast(pa.string())
    trimmed = pc.utf8_trim_whitespace(column)
    states = np.zeros(len(column), dtype=np.int8)
    states[pc.equal(trimmed, "").to_numpy(zero_copy_only=False)] = EMPTY
    others = {text: state for text, state in words.states.items() if text}
    if others:
        # Only texts of about that length can be one of them: folding a million free texts would take a second.
        longest = WIDTHS * max(map(len, others))
        near = np.flatnonzero(pc.less_equal(pc.utf8_length(trimmed), longest).to_numpy(zero_copy_only=False))
        present, which = encoded(trimmed.take(pa.array(near)))
        table = np.array([others.get(fold(text), 0) for text in present] or [0], dtype=np.int8)
        states[near] = np.where(states[near] == 0, table[which], states[near])
    given = pa.array(states == 0)
    texts = pc.if_else(given, trimmed, pa.scalar(None, pa.string()))
    values = _read(texts, kind, convention)
    is_lost = (states == 0) & pc.is_null(values).to_numpy(zero_copy_only=False)
    if is_lost.any():
        states = np.where(is_lost, UNREADABLE, states).astype(np.int8)
        for each in pc.value_counts(texts.filter(pa.array(is_lost))).to_pylist():
            unread.add(each["values"], each["counts"])
    return values, states


def _read(texts: pa.Array, kind: str, convention: Convention) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    if kind in {INTEGER, DECIMAL}:
        return numbers_of(texts, convention.decimal)
    if kind == DATE:
        return first_read(texts, (*convention.days, "%Y-%m-%d", *convention.clock)).cast(pa.date32())
    if kind == DATETIME:
        return first_read(texts, (*convention.clock, *convention.days, "%Y-%m-%dT%H:%M:%S"))
    if kind == TIME:
        is_time = pc.match_substring_regex(texts, CLOCK_TIME)
        return pc.if_else(is_time, texts, pa.scalar(None, pa.string()))
    return texts


def numbers_of(texts: pa.Array, decimal: str = ".") -> pa.Array:
    """The numbers that texts are, null for any other text. Signs between thousands are none of a number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    is_number = pc.match_substring_regex(texts, PLAIN_NUMBER)
    if decimal == ",":
        # Beside decimal commas three digits behind a point are thousands, or are not: nobody can tell.
        is_number = pc.and_(is_number, pc.invert(pc.match_substring_regex(texts, r"^[+-]?[0-9]{1,3}\.[0-9]{3}$")))
        with_comma = pc.match_substring_regex(texts, COMMA_NUMBER)
        texts = pc.if_else(with_comma, pc.replace_substring(texts, ",", "."), texts)
        is_number = pc.or_(is_number, with_comma)
    values = pc.if_else(is_number, texts, pa.scalar(None, pa.string())).cast(pa.float64())
    return pc.if_else(pc.is_finite(values), values, pa.scalar(None, pa.float64()))


def first_read(texts: pa.Array, forms: Sequence[str]) -> pa.Array:
    """Times read in the first of several strptime forms that fits, null where none does or there is no such day."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pa.nulls(len(texts), pa.timestamp("s"))
    for form in dict.fromkeys(forms):
        missing = pc.and_(pc.is_null(found), pc.is_valid(texts))
        if not pc.any(missing).as_py():
            break
        found = pc.coalesce(found, times_by_form(texts, form))
    return found


def covered(cells: pa.Array) -> pa.Array:
    """Cells as they are but for contact data in them, dictionary-encoded."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
    texts, is_covered = redacted(cells.dictionary)
    if not pc.any(is_covered).as_py():
        return cells
    return pa.DictionaryArray.from_arrays(cells.indices, texts).cast(pa.string()).dictionary_encode()
