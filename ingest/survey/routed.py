"""What the routing asks of a batch of answers, and what follows for the empty ones.

Belongs here: answering ``routing.Answers`` from decoded columns, and the state "not shown". Does not belong here:
reading an expression (``routing``), decoding (``batch``).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ingest.survey.binding import Bound
from ingest.survey.codebook import CHOICE, DECIMAL, INTEGER, MULTIPLE, RANK
from ingest.survey.decoding import EMPTY, NONE_TICKED, NOT_SHOWN
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
        if not routing.questions <= set(answers.found):
            continue
        is_hidden = ~routing.rule(answers)
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
    states[(states == EMPTY) & ~answers.is_chosen(parent.question.code, option)] = NOT_SHOWN


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

    def compares(self, question: str, sign: str, value: str) -> Numbers:
        """Which answers stand in this relation to a text or number."""
        import numpy as np
        import pyarrow.compute as pc

        bound = self.table.binding.of(question)
        if bound is None or bound.question.kind in {MULTIPLE, RANK}:
            return self.everyone(is_true=sign == "!=")
        numbers = self.found[question][0]
        if bound.question.kind == CHOICE and sign in {"=", "!="}:
            same = numbers == bound.choices.exact.get(value, NO_OPTION) if value else numbers < 0
        elif bound.question.kind == CHOICE:
            return np.isin(numbers, _options_that(bound, sign, value))
        elif bound.question.kind in {INTEGER, DECIMAL} and value:
            known = self.values[question].fill_null(float("nan")).to_numpy(zero_copy_only=False)
            relations = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
            same = relations.get(sign, np.equal)(known, float(value))
            if sign in relations:
                return np.asarray(same)
        else:
            filled = self.values.get(question)
            is_empty = numbers != 0
            same = is_empty if not value or filled is None else pc.equal(filled.cast("string"), value).fill_null(False)
            same = np.asarray(same)
        is_so: Numbers = ~same if sign == "!=" else same
        return is_so

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
