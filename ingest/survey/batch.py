"""One batch of an export as columns of the wide file: decoded, with the routing asked and the answers counted.

Belongs here: the order of these steps. Does not belong here: single cells (``decoding``), what wide columns there are
(``wide_table``), the file (``wave``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ingest.survey import decoding
from ingest.survey.answered import counted_answers, straight_lined
from ingest.survey.binding import Bound
from ingest.survey.codebook import CHOICE, MULTIPLE, WITH_OPTIONS, Question
from ingest.survey.decoding import EMPTY, NONE_TICKED, NOT_SHOWN, REDACTED, UNREADABLE, Unread, Words
from ingest.survey.export import SourceColumn
from ingest.survey.free_text import redacted
from ingest.survey.ranking import ranks_of
from ingest.survey.routed import BatchAnswers, settle_routing
from ingest.survey.wide_table import WideTable
from ingest.survey.withheld import open_values, withhold_choices
from ingest.tables.cell_text import fold

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Numbers = np.ndarray[Any, Any]

TWO_TICKS = "two options of one"


@dataclass(frozen=True)
class Decoded:
    """A batch in wide form. ``identities``: question to the rows (places in the batch) and texts that were covered."""

    columns: Mapping[str, pa.Array]
    n_applicable: Numbers
    n_answered: Numbers
    is_straight_lined: Numbers
    identities: Mapping[str, tuple[Numbers, list[str]]]


def decode(table: WideTable, batch: pa.RecordBatch) -> Decoded:
    """The wide columns of a batch, with the routing settled."""
    return _Batch(table, batch).decoded()


class _Batch:
    """One batch while it is decoded."""

    def __init__(self, table: WideTable, batch: pa.RecordBatch) -> None:
        self.table, self.batch, self.n = table, batch, batch.num_rows
        self.found: dict[str, list[Numbers]] = {}
        self.values: dict[str, pa.Array] = {}
        self.inline: dict[str, pa.Array] = {}
        self.raw: dict[str, pa.Array] = {}
        self.identities: dict[str, tuple[Numbers, list[str]]] = {}

    def decoded(self) -> Decoded:
        for bound in self.table.bound:
            if bound.question.kind in WITH_OPTIONS:
                self._choices(bound)
        for bound in self.table.bound:
            if bound.question.kind not in WITH_OPTIONS and bound.values:
                self._values(bound)
        self._settle_others()
        settle_routing(self.table, BatchAnswers(self.table, self.found, self.values, self.n))
        applicable, answered = counted_answers(self.table, self.found, self.n)
        flags = straight_lined(self.table, self.found, self.n)
        self._withhold_choices()
        return Decoded(self._columns(), applicable, answered, flags, self.identities)

    def _cells(self, column: SourceColumn) -> pa.Array:
        return self.batch[f"c{column.place + 1}"]

    def _choices(self, bound: Bound) -> None:
        code, kind = bound.question.code, bound.question.kind
        words, unread = self.table.words[code], self._unread(bound.question)
        wide = self.table.by_question[code]
        if kind == CHOICE:
            self.found[code] = [self._one_choice(bound, words, unread)]
        elif kind == MULTIPLE and bound.ticks:
            self.found[code] = self._ticks(bound, words, unread)
        elif kind == MULTIPLE:
            self.found[code] = self._list(bound, words, unread)
        else:
            self.found[code] = ranks_of(bound, self._cells, words, unread, self.table.convention)
        for column in wide:
            if column.raw and column.raw not in self.raw and column.source is not None:
                cells = self._cells(column.source)
                self.raw[column.raw] = decoding.covered(cells)

    def _one_choice(self, bound: Bound, words: Words, unread: Unread) -> Numbers:

        convention, other = self.table.convention, bound.choices.other
        is_inline = convention.is_other_inline and bool(other)

        def meaning(text: str) -> int:
            if number := bound.choices.number(text):
                return number
            state = words.states.get(fold(text))
            if state is not None:
                return state
            return other if is_inline else UNREADABLE

        found: list[Numbers] = []
        for column in bound.values:
            numbers = decoding.looked_up(self._cells(column), meaning, unread)
            found = self._merged(bound, found, [numbers])
            if is_inline:
                self._keep_inline(bound, column, numbers == other)
        if bound.ticks:
            found = self._merged(bound, found, [self._only_tick(bound, words, unread)])
        return found[0]

    def _only_tick(self, bound: Bound, words: Words, unread: Unread) -> Numbers:
        """The option that is ticked where only one may be."""
        import numpy as np

        ticked = np.stack(self._tick_marks(bound, words, unread))
        n_ticks = (ticked == 1).sum(axis=0)
        chosen = np.array(sorted(bound.ticks), dtype=np.int16)[(ticked == 1).argmax(axis=0)]
        without = np.where((ticked == NOT_SHOWN).all(axis=0), NOT_SHOWN, EMPTY)
        without = np.where((ticked == UNREADABLE).any(axis=0), UNREADABLE, without)
        unread.add(TWO_TICKS, int((n_ticks > 1).sum()))
        found: Numbers = np.select([n_ticks == 1, n_ticks > 1], [chosen, UNREADABLE], without)
        return found.astype(np.int16)

    def _merged(self, bound: Bound, before: list[Numbers], after: list[Numbers]) -> list[Numbers]:
        """Answers of one column more of a question."""
        if not before:
            return after
        found, is_twice = decoding.merged(before, after)
        self._tell_twice(bound, is_twice)
        return found

    def _tell_twice(self, bound: Bound, is_twice: Numbers) -> None:
        rows = is_twice.nonzero()[0].tolist()
        unread = self._unread(bound.question)
        for row in rows:
            texts = dict.fromkeys(str(self._cells(column)[row]) for column in bound.values)
            unread.add(" / ".join(text for text in texts if text), 1)

    def _tick_marks(self, bound: Bound, words: Words, unread: Unread) -> list[Numbers]:
        marks = []
        for number, column in sorted(bound.ticks.items()):
            meaning = decoding.tick_meaning(words, partial(_names, bound, number))
            marks.append(decoding.looked_up(self._cells(column), meaning, unread))
        return marks

    def _ticks(self, bound: Bound, words: Words, unread: Unread) -> list[Numbers]:
        marks = self._tick_marks(bound, words, unread)
        import numpy as np

        other = self._written(bound)
        if other is not None and bound.choices.other in bound.ticks:
            is_written = self._is_filled(other)
            marks[sorted(bound.ticks).index(bound.choices.other)][is_written] = 1
        elif other is not None and bound.choices.other:
            # The tool keeps the text of "other" only, in place of its tick.
            # With every option hidden so was the field for it.
            absent = np.where((np.stack(marks) == NOT_SHOWN).all(axis=0), NOT_SHOWN, EMPTY)
            marks.append(np.where(self._is_filled(other), 1, absent).astype(np.int16))
        self._settle(bound, marks)
        return marks

    def _settle(self, bound: Bound, marks: list[Numbers]) -> None:
        decoding.settle_ticks(
            marks,
            is_unticked_written=self.table.convention.is_unticked_written,
            has_exclusive=any(option.is_exclusive for option in bound.question.options),
        )

    def _list(self, bound: Bound, words: Words, unread: Unread) -> list[Numbers]:

        convention, other = self.table.convention, bound.choices.other
        inline = other if convention.is_other_inline else 0
        marks: list[Numbers] = []
        for column in bound.values:
            listed = partial(bound.choices.listed, separators=convention.separators)
            n_options = len(bound.question.options)
            found = decoding.ticks_of_lists(self._cells(column), listed, words.states, n_options, unread, inline)
            if inline:
                self._keep_inline(bound, column, found[inline - 1] == 1)
            marks = self._merged(bound, marks, found)
        written = self._written(bound)
        if written is not None and other:
            is_written = self._is_filled(written)
            marks[other - 1][is_written] = 1
            for number, each in enumerate(marks, start=1):
                each[is_written & (each == NONE_TICKED) & (number != other)] = 0
        if any(option.is_exclusive for option in bound.question.options):
            for each in marks:
                each[each == NONE_TICKED] = EMPTY
        return marks

    def _keep_inline(self, bound: Bound, column: SourceColumn, is_other: Numbers) -> None:
        """Texts of "other" that stand among the choices, for the question that holds such texts."""
        import pyarrow as pa
        import pyarrow.compute as pc

        code = bound.question.code
        texts, which = decoding.encoded(self._cells(column))
        separators = self.table.convention.separators
        rest = [
            "; ".join(bound.choices.listed(text, separators).rest) if bound.question.kind == MULTIPLE
            else ("" if bound.choices.number(text) else text)
            for text in texts
        ]  # fmt: skip
        kept = pa.array(rest or [""], pa.string()).take(pa.array(which))
        kept = pc.if_else(pa.array(is_other), kept, "")
        before = self.inline.get(code, kept)
        self.inline[code] = pc.if_else(pc.equal(before, ""), kept, before)

    def _written(self, bound: Bound) -> Bound | None:
        """The question for the text of its "other", if it has a column of its own."""
        other = self.table.others.get(bound.question.code)
        return other if other is not None and other.values else None

    def _is_filled(self, bound: Bound) -> Numbers:
        """Which responses have a text of their own there."""
        import numpy as np
        import pyarrow.compute as pc

        texts = pc.utf8_trim_whitespace(self._cells(bound.values[0]).cast("string"))
        words = self.table.words[bound.question.code]
        filled: Numbers = pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
        present, which = decoding.encoded(texts)
        is_state = [fold(text) in words.states for text in present]
        is_told: Numbers = filled & ~np.array(is_state or [False])[which]
        return is_told

    def _values(self, bound: Bound) -> None:
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        question = bound.question
        words, unread = self.table.words[question.code], self._unread(question)
        cells = self._cells(bound.values[0]).cast(pa.string())
        convention = self.table.convention
        values, states, is_covered = open_values(question, cells, words, convention, unread)
        for column in bound.values[1:]:
            more = self._cells(column).cast(pa.string())
            found, after, is_more = open_values(question, more, words, convention, unread)
            is_before = (states == EMPTY) | (states == NOT_SHOWN)
            is_twice = (
                (states == 0)
                & (after == 0)
                & pc.not_equal(values, found).fill_null(False).to_numpy(zero_copy_only=False)
            )
            self._tell_twice(bound, is_twice)
            cells, values = (pc.if_else(pa.array(is_before), new, old) for new, old in ((more, cells), (found, values)))
            values = pc.if_else(pa.array(is_twice), pa.scalar(None, values.type), values)
            states = np.where(is_twice, UNREADABLE, np.where(is_before, after, states)).astype(np.int8)
            is_covered = np.where(is_before, is_more, is_covered)
        if is_covered.any():
            self._cover(question.code, cells, is_covered)
        wide = self.table.by_question[question.code][0]
        self.values[question.code] = values
        self.found[question.code] = [states]
        if wide.raw:
            self.raw[wide.raw] = decoding.covered(cells)

    def _unread(self, question: Question) -> Unread:
        """Where texts that are no answers are kept; those of a personal question are not."""
        return Unread() if question.is_personal else self.table.tally.unread[question.code]

    def _cover(self, question: str, cells: pa.Array, is_covered: Numbers) -> None:
        import numpy as np

        rows = is_covered.nonzero()[0]
        before, texts = self.identities.get(question, (rows[:0], []))
        self.identities[question] = (np.concatenate([before, rows]), texts + cells.take(rows).to_pylist())
        self.table.tally.n_redacted += len(rows)

    def _settle_others(self) -> None:
        """What holds between a choice and the text of its "other"."""
        import numpy as np
        import pyarrow as pa

        for code, texts in self.inline.items():
            other = self.table.others.get(code)
            if other is not None:
                self._settle_inline(other.question.code, texts)
        for code, other in self.table.others.items():
            bound = self.table.binding.of(code)
            if other.question.code not in self.found:
                self._settle_inline(other.question.code, pa.array([""] * self.n, pa.string()))
            if bound is None or code not in self.found or not bound.choices.other:
                continue
            if bound.question.kind == CHOICE:
                numbers = self.found[code][0]
                is_written = np.isin(self.found[other.question.code][0], (0, REDACTED))
                numbers[(numbers == EMPTY) & is_written] = bound.choices.other

    def _settle_inline(self, question: str, texts: pa.Array) -> None:
        """Texts from among the choices; what stands in a column of its own goes before them."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        kept, covered = redacted(pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts))
        bound = self.table.binding.of(question)
        if bound and bound.question.is_personal:
            covered = pc.is_valid(kept)
            kept = pa.nulls(self.n, pa.string())
        is_covered = covered.to_numpy(zero_copy_only=False)
        states = np.where(pc.is_null(kept).to_numpy(zero_copy_only=False), EMPTY, 0)
        states = np.where(is_covered, REDACTED, states).astype(np.int8)
        if question in self.found:
            before = self.found[question][0]
            is_covered = is_covered & (before == EMPTY)
            kept = pc.if_else(pa.array(before == EMPTY), kept, self.values[question])
            states = np.where(before == EMPTY, states, before).astype(np.int8)
        if is_covered.any():
            self._cover(question, texts, is_covered)
        self.values[question], self.found[question] = kept, [states]

    def _withhold_choices(self) -> None:
        """Choices of personal questions, behind whatever had to know them."""
        for bound in self.table.bound:
            code = bound.question.code
            if bound.question.is_personal and bound.question.kind in WITH_OPTIONS:
                self._cover(code, *withhold_choices(bound, self.found[code], self._cells))

    def _columns(self) -> dict[str, pa.Array]:
        import pyarrow as pa

        columns: dict[str, pa.Array] = {}
        for question, wide in self.table.by_question.items():
            for column, numbers in zip(wide, self.found[question], strict=True):
                if column.state:
                    columns[column.name] = self.values[question]
                    columns[column.state] = pa.array(numbers, pa.int8())
                else:
                    columns[column.name] = pa.array(numbers)
        return columns | self.raw


def _names(bound: Bound, number: int, text: str) -> bool:
    """Whether a text is the code or a label of one option."""
    return bound.choices.number(text) == number
