"""Which question, and which of its options, stands behind each column of an export.

Belongs here: matching columns and codebook by the card's word, by code, by text. Does not belong here: cells
(``decoding``), and whether codebook and columns agree (``codebook_check``).

A column is matched in this order, and only where one question answers to it: what the card says of its header; the
code; the text in any language; for a row of a matrix the text of the row below that of its matrix. Several questions
may have one text ("Please specify"): as many columns of that text are theirs in the order of both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ingest.survey.choices import Choices
from ingest.survey.codebook import CHOICE, MULTIPLE, RANK, Codebook, Question
from ingest.survey.export import SourceColumn
from ingest.tables.cell_text import fold

MARKUP = re.compile(r"<[^<>]{1,200}>|&nbsp;|\*\*|__")
OTHER_SUFFIX = "_other"
SEPARATOR = re.compile(r"_{1,3}|[./:]")
# Parts that speak of one option.
OF_OPTION = ("tick", "rank")
# How a column is found by a row of a matrix.
OF_ROW = ("code of the row", "text of the row")


@dataclass(frozen=True)
class CardWords:
    """What the card of a wave says: printed header to ``question`` or ``question/option`` (None: no answer), and for a
    question old labels to option codes.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass
class Bound:
    """A question with the columns that hold its answers. ``ticks`` and ``ranks``: option number to column."""

    question: Question
    choices: Choices
    values: list[SourceColumn] = field(default_factory=list)
    ticks: dict[int, SourceColumn] = field(default_factory=dict)
    ranks: dict[int, SourceColumn] = field(default_factory=dict)
    positions: list[SourceColumn] = field(default_factory=list)
    matched_by: dict[int, str] = field(default_factory=dict)

    @property
    def columns(self) -> list[SourceColumn]:
        """All of its columns."""
        return [*self.values, *self.ticks.values(), *self.ranks.values(), *self.positions]


@dataclass(frozen=True)
class Binding:
    """Every question of one table in the order of the codebook, and the answer columns that belong to none."""

    bound: tuple[Bound, ...]
    unmatched: tuple[SourceColumn, ...]

    def of(self, code: str) -> Bound | None:
        """The bound question with a code."""
        return self.by_code.get(code)

    @cached_property
    def by_code(self) -> Mapping[str, Bound]:
        """The bound questions by their code."""
        return {each.question.code: each for each in reversed(self.bound)}


def bind(columns: Iterable[SourceColumn], codebook: Codebook, said: CardWords, repeat: str = "") -> Binding:
    """Match the answer columns of an export, or of one of its repeats, with the questions asked there."""
    questions = [each for each in codebook.questions if each.repeat == repeat]
    bound = {each.code: Bound(each, Choices(each, said.aliases.get(each.code, {}))) for each in questions}
    columns = list(columns)
    finder = _Finder(questions, bound, columns)
    unmatched = []
    for column in columns:
        if column.role != "answer" or column.part == "comment":
            continue
        if column.header in said.columns:
            target = said.columns[column.header]
            if target is None:
                continue
            is_placed = finder.place_as_said(column, target)
        else:
            is_placed = finder.place(column)
        if not is_placed:
            unmatched.append(column)
    return Binding(tuple(bound.values()), tuple(finder.placed_in_order(unmatched)))


def translate(binding: Binding, own: Codebook) -> None:
    """Let the file's own codes name the options of the codebook that have one of their labels, where they are no codes.

    So that a tool's numbers for its options (the identifiers of EUSurvey, ``.d`` of Stata) are read with any codebook.
    """
    for bound in binding.bound:
        for column in bound.columns:
            question = own.by_code.get(column.name)
            for option in question.options if question else ():
                if not bound.choices.number(option.code):
                    numbers = {bound.choices.number(label) for label in option.labels.values()} - {0}
                    if len(numbers) == 1:
                        bound.choices.exact[option.code] = numbers.pop()


def plain(text: str) -> str:
    """A label as it is compared: without markup, case, width and blanks."""
    return fold(MARKUP.sub(" ", text))


class _Finder:
    """Questions by their codes and texts."""

    def __init__(
        self, questions: Sequence[Question], bound: Mapping[str, Bound], columns: Sequence[SourceColumn]
    ) -> None:
        self.bound = bound
        self.exact = {each.code: each for each in questions}
        self.folded: dict[str, list[Question]] = defaultdict(list)
        for each in questions:
            self.folded[fold(each.code)].append(each)
        self.names = {fold(column.name) for column in columns if not column.sub_name}
        self.by_text: dict[str, list[Question]] = defaultdict(list)
        self.by_row: dict[tuple[str, str], list[Question]] = defaultdict(list)
        for each in questions:
            for text in {plain(label) for label in (*each.labels.values(), *each.aliases)} - {""}:
                self.by_text[text].append(each)
            parents = {plain(label) for label in (each.parent, *each.parent_labels.values())} - {""}
            for parent in parents:
                for row in {plain(label) for label in (each.code, *each.labels.values(), *each.aliases)}:
                    self.by_row[parent, row].append(each)

    def by_code(self, name: str) -> Question | None:
        """The question with a code: as it is written, or else the only one that differs by case, width or blanks."""
        return self.exact.get(name) or self._only(self.folded.get(fold(name), ()))

    def place_as_said(self, column: SourceColumn, target: str) -> bool:
        """Follow the card."""
        code, _, option = target.partition("/")
        if code not in self.bound:
            return False
        return self._put(column, self.bound[code].question, "card", option)

    def place(self, column: SourceColumn) -> bool:
        """Find the question of a column by itself."""
        if column.part == "other":
            question = self._question(column)
            found = self.by_code(question.code + OTHER_SUFFIX) if question else None
            return found is not None and self._put(column, found, "text of other")
        candidates = (
            (each, question, how)
            for each in self._readings(column)
            for question, how in (self._of_row(each) if each.part == "value" else self._of_option(each))
            # Taken for something else than its reader said, a column must be found by its row.
            if each.part == column.part or each.part != "value" or how in OF_ROW
        )
        if any(self._put(each, question, how) for each, question, how in candidates):
            return True
        return column.part == "value" and self.place_by_ending(column)

    def _readings(self, column: SourceColumn) -> Iterator[SourceColumn]:
        """The column as its reader took it, or as a row instead of an option and the other way round.

        Headings alone do not tell these two apart, and cells do only where there are enough of them.
        """
        if column.part == "value" and (column.sub_name or column.sub_text):
            question = self._question(column)
            if question is not None and question.kind == MULTIPLE:
                yield replace(column, part="tick")
            elif question is not None and question.kind == RANK and column.sub_name.isdigit():
                yield replace(column, part="position", sub_text="")
        yield column
        if column.part == "tick":
            yield replace(column, part="value")

    def _question(self, column: SourceColumn) -> Question | None:
        if column.name and (found := self.by_code(column.name)):
            return found
        return self._only(self.by_text.get(plain(column.text), ()))

    def placed_in_order(self, columns: Sequence[SourceColumn]) -> list[SourceColumn]:
        """Give columns of one text to the questions of that text in order; returns the columns that are left."""
        same: dict[str, list[SourceColumn]] = defaultdict(list)
        for column in columns:
            if column.part == "value":
                same[plain(column.sub_text or column.text or column.header)].append(column)
        placed: set[int] = set()
        for text, those in same.items():
            questions = [each for each in self.by_text.get(text, ()) if not self.bound[each.code].columns]
            if len(questions) == len(those) > 0:
                for column, question in zip(those, questions, strict=True):
                    if self._put(column, question, "text and order"):
                        placed.add(column.place)
        return [column for column in columns if column.place not in placed]

    def _of_option(self, column: SourceColumn) -> Iterable[tuple[Question, str]]:
        """Questions that the column of an option may belong to, the surest first."""
        if column.name and (found := self.by_code(column.name)):
            yield found, "code"
        yield from self._by_text(column)

    def _of_row(self, column: SourceColumn) -> Iterable[tuple[Question, str]]:
        """Questions that a column of values may belong to, the surest first."""
        parents = {plain(column.text), plain(column.name)} - {""}
        if column.sub_name:
            yield from self._below(parents, column.sub_name, "code of the row")
            names = (f"{column.name}_{column.sub_name}", f"{column.name}{column.sub_name}")
            for name in names if column.name else (column.sub_name,):
                # Row 1 of q1 is not the question q11 that has a column of its own.
                if fold(name) not in self.names and (found := self.by_code(name)):
                    yield found, "code of the row"
        elif column.name and (found := self.by_code(column.name)):
            yield found, "code"
        if column.sub_text:
            yield from self._below(parents, column.sub_text, "text of the row")
            if not parents and (found := self._only(self.by_text.get(plain(column.sub_text), ()))):
                yield found, "text of the row"
        yield from self._by_text(column)
        if not column.sub_text and (found := self.by_code(column.header)):
            yield found, "code"

    def place_by_ending(self, column: SourceColumn) -> bool:
        """Place a column that is named by its question and its option: ``fields_ict``, ``prio.1``, ``fields/ict``."""
        name = column.name or column.header
        for found in reversed(list(SEPARATOR.finditer(name))):
            question = self.by_code(name[: found.start()])
            if question is not None and question.kind in {MULTIPLE, RANK}:
                return self._put(column, question, "code and option", name[found.end() :])
        return False

    def _below(self, parents: Iterable[str], row: str, how: str) -> Iterable[tuple[Question, str]]:
        for parent in sorted(parents):
            if found := self._only(self.by_row.get((parent, plain(row)), ())):
                yield found, how

    def _by_text(self, column: SourceColumn) -> Iterable[tuple[Question, str]]:
        for text in (column.text, column.header):
            if found := self._only(self.by_text.get(plain(text), ())):
                yield found, "text"

    @staticmethod
    def _only(found: Sequence[Question]) -> Question | None:
        return found[0] if len(found) == 1 else None

    def _put(self, column: SourceColumn, question: Question, how: str, option: str = "") -> bool:
        """Give the column to the question; False where it speaks of an option that the question has not."""
        bound = self.bound[question.code]
        texts = (option,) if option else (column.sub_name, column.sub_text)
        number = next((found for text in texts if text and (found := bound.choices.number(text))), 0)
        # Some tools print the option of a list or a ranking as they print the row of a matrix; a row whose answers are
        # lists themselves names no option.
        is_listed = column.part == "value" and question.kind in {MULTIPLE, RANK} and bool(number)
        if option or column.part in OF_OPTION or is_listed:
            if not number or question.kind not in {CHOICE, MULTIPLE, RANK}:
                return False
            side = bound.ranks if question.kind == RANK else bound.ticks
            if number in side:
                return False
            side[number] = column
        elif column.part == "position":
            if question.kind != RANK:
                return False
            bound.positions.append(column)
        else:
            # A question that was edited while the form was open has a column for each of its versions.
            bound.values.append(column)
        bound.matched_by[column.place] = how
        return True
