"""How the answers of one table of an export become columns of the wide file.

Belongs here: which wide columns a question has, their names and types, and what is counted over all batches. Does not
belong here: decoding a batch (``batch``), writing the file (``wave``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.survey.binding import Binding, Bound
from ingest.survey.codebook import CHOICE, DATE, DATETIME, DECIMAL, INTEGER, MULTIPLE, RANK, WITH_OPTIONS, Question
from ingest.survey.decoding import Unread, Words
from ingest.survey.export import Convention, SourceColumn
from ingest.survey.schema import BESIDE_ANSWERS, DESIGN_PREFIX, RAW_SUFFIX, STATE_SUFFIX

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Numbers = np.ndarray[Any, Any]

ODD_SIGN = re.compile(r"[^a-z0-9_]+")
# Rows of a matrix from which on the same answer everywhere is worth a flag.
FEWEST_ROWS = 4
MOST_SMALL = 127
PART_OF = {CHOICE: "choice", MULTIPLE: "tick", RANK: "rank", INTEGER: "number", DECIMAL: "number", DATE: "date"}
PART_OF |= {DATETIME: "datetime"}


@dataclass(frozen=True)
class WideColumn:
    """One column of the wide file that holds answers; ``option`` is the number of the option, 0 for none."""

    name: str
    question: Question
    option: int
    part: str
    state: str
    raw: str
    source: SourceColumn | None


@dataclass
class Tally:
    """What was found in all batches of one table."""

    unread: dict[str, Unread] = field(default_factory=dict)
    n_redacted: int = 0
    against_routing: dict[str, int] = field(default_factory=dict)


class WideTable:
    """How the answers of one table become wide columns."""

    def __init__(self, binding: Binding, convention: Convention) -> None:
        """Name the columns; questions without a column in the file have none."""
        self.binding, self.convention = binding, convention
        self.questions = {each.question.code: each.question for each in binding.bound}
        self.bound = [each for each in binding.bound if each.columns or self._is_inline(each)]
        self.words = {each.question.code: Words(convention, each.question.missing) for each in self.bound}
        self.others = {each.question.other_of: each for each in self.bound if each.question.other_of}
        taken: set[str] = set()
        self.columns = [column for each in self.bound for column in _wide_columns(each, self._untold(each), taken)]
        self.by_question: dict[str, list[WideColumn]] = {}
        for column in self.columns:
            self.by_question.setdefault(column.question.code, []).append(column)
        self.tally = Tally({each.question.code: Unread() for each in self.bound})
        self.matrices = _matrices(self.bound)

    def _is_inline(self, bound: Bound) -> bool:
        """Whether a text of "other" has no column and stands among the choices."""
        parent = self.binding.of(bound.question.other_of) if self.convention.is_other_inline else None
        return parent is not None and bool(parent.values) and bool(parent.choices.other)

    def _untold(self, bound: Bound) -> SourceColumn | None:
        """The text of "other" where it is all that the tool keeps of that option."""
        other = self.others.get(bound.question.code)
        is_told = not bound.ticks or not bound.choices.other or bound.choices.other in bound.ticks
        return None if is_told or other is None or not other.values else other.values[0]

    def encoded_places(self) -> frozenset[int]:
        """Places of the columns of which few distinct texts are expected."""
        return frozenset(
            column.place for each in self.bound if each.question.kind in WITH_OPTIONS for column in each.columns
        )

    def schema_fields(self) -> Iterator[pa.Field]:
        """Fields of the wide file, in order."""
        import pyarrow as pa

        small, text = pa.int8(), pa.string()
        kinds = {"number": pa.float64(), "date": pa.date32(), "datetime": pa.timestamp("s")}
        for column in self.columns:
            is_large = column.part != "tick" and len(column.question.options) > MOST_SMALL
            of_choice = pa.int16() if is_large else small
            kind = of_choice if column.question.kind in WITH_OPTIONS else kinds.get(column.part, text)
            yield pa.field(column.name, kind)
            if column.state:
                yield pa.field(column.state, small)
        seen: set[str] = set()
        for column in self.columns:
            if column.raw and column.raw not in seen:
                seen.add(column.raw)
                yield pa.field(column.raw, pa.dictionary(pa.int32(), text))


def _matrices(bound: Sequence[Bound]) -> list[list[str]]:
    """The rows of each matrix that is long enough to look for the same answer in all of them."""
    rows: dict[str, list[Question]] = {}
    for each in bound:
        if each.question.kind == CHOICE and each.question.parent:
            rows.setdefault(each.question.parent, []).append(each.question)
    return [
        [question.code for question in questions]
        for questions in rows.values()
        if len(questions) >= FEWEST_ROWS
        and len({tuple(option.code for option in question.options) for question in questions}) == 1
    ]


def _wide_columns(bound: Bound, untold: SourceColumn | None, taken: set[str]) -> Iterator[WideColumn]:
    """The wide columns of one question."""
    question = bound.question
    part = PART_OF.get(question.kind, "text")
    name = _free_name(question.code, taken)
    value = bound.values[0] if bound.values else None
    if question.kind == CHOICE:
        source = value or next(iter(bound.ticks.values()), None)
        raw = f"{name}{RAW_SUFFIX}" if value and not question.is_personal else ""
        yield WideColumn(name, question, 0, part, "", raw, source)
    elif question.kind in {MULTIPLE, RANK}:
        by_option = dict(bound.ticks or bound.ranks)
        numbers = sorted(by_option) or list(range(1, len(question.options) + 1))
        if untold is not None:
            numbers.append(bound.choices.other)
            by_option[bound.choices.other] = untold
        for number in numbers:
            tick = _free_name(f"{name}__{question.options[number - 1].code}", taken)
            source = by_option.get(number) or value
            is_text = untold is not None and source is untold
            # The places of a ranking have no column for each option.
            raw = (
                ""
                if is_text or source is None or question.is_personal
                else f"{tick if by_option else name}{RAW_SUFFIX}"
            )
            yield WideColumn(tick, question, number, part, "", raw, source)
    else:
        raw = f"{name}{RAW_SUFFIX}" if part != "text" and not question.is_personal else ""
        yield WideColumn(name, question, 0, part, f"{name}{STATE_SUFFIX}", raw, value)


def _free_name(text: str, taken: set[str]) -> str:
    """A name for a column that no other has, with those of its states and raw cells beside it."""
    name = ODD_SIGN.sub("_", text.lower()).strip("_") or "q"
    # Beside the answers the view of a wave shows what is known of the response.
    is_free = not name[0].isdigit() and name not in BESIDE_ANSWERS and not name.startswith(DESIGN_PREFIX)
    name = name if is_free else f"q{name}" if name[0].isdigit() else f"q_{name}"
    free, number = name, 1
    while taken & (names := {free, f"{free}{STATE_SUFFIX}", f"{free}{RAW_SUFFIX}"}):
        number += 1
        free = f"{name}_{number}"
    taken |= names
    return free
