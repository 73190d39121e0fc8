"""What the routing asks of a batch of answers, and what follows for the empty ones.

Belongs here: answering ``routing.Answers`` from decoded columns, and the state "not shown". Does not belong here:
reading an expression (``routing``), decoding (``batch``).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ingest.survey.binding import Bound
from ingest.survey.codebook import CHOICE, DECIMAL, INTEGER, MULTIPLE, RANK
from ingest.survey.decoding import EMPTY, NONE_TICKED, NOT_SHOWN, UNREADABLE, numbers_of
from ingest.survey.routing import Unreadable, read_routing
from ingest.survey.wide_table import WideTable

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Numbers = np.ndarray[Any, Any]

NO_OPTION = -99
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def stacked(columns: Sequence[Numbers]) -> Numbers:
    """Columns of one length as rows of a matrix."""
    import numpy as np

    return np.stack(columns)


def settle_routing(table: WideTable, answers: BatchAnswers) -> None:
    """Empty answers to questions that the routing passed by were not shown, in the order of the questions."""
    for bound in table.binding.bound:
        question = bound.question
        if question.code not in answers.found:
            continue
        rule = question.relevant
        if question.other_of in answers.found:
            _settle_other_text(table, answers, bound)
        if not rule:
            continue
        try:
            routing = read_routing(rule)
        except Unreadable:
            continue
        if not routing.questions <= set(answers.found) or routing.strange_options(table.questions):
            continue
        # Where the answer that decides cannot be known, nor can it be whether the question was shown.
        is_hidden = ~routing.rule(answers) & answers.is_known(routing.questions)
        states = answers.found[question.code]
        is_given = states[0] >= 0 if len(states) == 1 else (stacked(states) > 0).any(axis=0)
        against = int((is_hidden & is_given).sum())
        if against:
            told = table.tally.against_routing
            told[question.code] = told.get(question.code, 0) + against
        for numbers in states:
            numbers[is_hidden & ((numbers == EMPTY) | (numbers == NONE_TICKED))] = NOT_SHOWN


def _settle_other_text(table: WideTable, answers: BatchAnswers, bound: Bound) -> None:
    """The field for the text of "other" is shown to those who chose "other"."""
    parent = table.binding.of(bound.question.other_of)
    if parent is None or not parent.choices.other:
        return
    option = parent.question.options[parent.choices.other - 1].code
    states = answers.found[bound.question.code][0]
    code = parent.question.code
    states[(states == EMPTY) & ~answers.is_chosen(code, option) & answers.is_known([code])] = NOT_SHOWN


class BatchAnswers:
    """The decoded answers of a batch: ``found`` holds the numbers of each question, ``values`` its values."""

    def __init__(
        self, table: WideTable, found: Mapping[str, list[Numbers]], values: Mapping[str, pa.Array], n: int
    ) -> None:
        """``n``: how many responses the batch has."""
        self.table, self.found, self.values, self.n = table, found, values, n

    def is_chosen(self, question: str, option: str) -> Numbers:
        """Which responses chose or ticked an option."""
        bound = self.table.binding.of(question)
        number = bound.choices.exact.get(option, 0) if bound else 0
        if bound is None or not number:
            return self.everyone(is_true=False)
        numbers = self.found[question]
        if bound.question.kind == CHOICE:
            is_chosen: Numbers = numbers[0] == number
            return is_chosen
        places = [column.option for column in self.table.by_question[question]]
        return numbers[places.index(number)] > 0 if number in places else self.everyone(is_true=False)

    def is_known(self, questions: Iterable[str]) -> Numbers:
        """Which responses' answers to all of these can be compared: none is unreadable, withheld or a missing code."""
        import numpy as np

        known: Numbers = np.ones(self.n, dtype=bool)
        for question in questions:
            known &= (stacked(self.found[question]) > UNREADABLE).all(axis=0)
        return known

    def compares(self, question: str, sign: str, value: str) -> Numbers:
        """Which answers stand in this relation to a text or number."""
        import numpy as np

        bound = self.table.binding.of(question)
        if bound is None:
            return self.everyone(is_true=sign == "!=")
        numbers = self.found[question]
        if not value:
            same: Numbers = np.asarray((stacked(numbers) < 0).all(axis=0))
        elif bound.question.kind in {MULTIPLE, RANK}:
            same = self._is_only(bound, value)
        elif bound.question.kind == CHOICE and sign in {"=", "!="}:
            same = numbers[0] == bound.choices.exact.get(value, NO_OPTION)
        elif bound.question.kind == CHOICE:
            return np.isin(numbers[0], _options_that(bound, sign, value))
        else:
            same = self._value_compares(question, sign, value, is_number=bound.question.kind in {INTEGER, DECIMAL})
        is_so: Numbers = ~same if sign == "!=" else same
        return is_so

    def _is_only(self, bound: Bound, option: str) -> Numbers:
        """Which responses ticked this option and no other: a list is compared as the text of its codes."""
        n_ticked = (stacked(self.found[bound.question.code]) > 0).sum(axis=0)
        is_only: Numbers = self.is_chosen(bound.question.code, option) & (n_ticked == 1)
        return is_only

    def _value_compares(self, question: str, sign: str, value: str, *, is_number: bool) -> Numbers:
        """The same of a text, number or day; less and greater compare numbers, as XPath does."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        relations = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
        values = self.values.get(question)
        if values is None:
            return self.everyone(is_true=False)
        if sign not in relations and not is_number:
            return np.asarray(pc.equal(values.cast(pa.string()), value).fill_null(False))
        if not NUMBER.fullmatch(value):
            return self.everyone(is_true=False)
        known = (values if is_number else numbers_of(values.cast(pa.string()))).fill_null(float("nan"))
        return np.asarray(relations.get(sign, np.equal)(known.to_numpy(zero_copy_only=False), float(value)))

    def everyone(self, *, is_true: bool) -> Numbers:
        """The same for all responses."""
        import numpy as np

        return np.full(self.n, is_true)


def _options_that(bound: Bound, sign: str, value: str) -> list[int]:
    """The options whose code is a number in this relation to another, as points of a scale are."""
    relations = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
    return [
        number
        for number, option in enumerate(bound.question.options, start=1)
        if NUMBER.fullmatch(option.code)
        and NUMBER.fullmatch(value)
        and relations[sign](float(option.code), float(value))
    ]
