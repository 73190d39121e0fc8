"""Counts and estimated shares of the cells of a table.

Belongs here: a table of questions as arrays, with the covariance of its shares. Does not belong here: tests of it,
its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.domain import categories
from analytics.survey_statistics.estimators.statistic import Estimated, Statistic, estimate
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.totals import CellTotals

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey


@dataclass(frozen=True)
class Contingency:
    """A table of questions, one dimension each; ``levels`` are the values that occur, in the order of the
    codebook, then sorted.

    Responses without an answer to one of the questions are in no cell.
    """

    survey: Survey
    questions: tuple[Question, ...]
    where: str | None
    cells: CellTotals
    levels: tuple[tuple[object, ...], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of levels of each question."""
        return tuple(len(values) for values in self.levels)

    @cached_property
    def places(self) -> IntArray:
        """Place of each cell of the totals in the flattened table (C,)."""
        order = [{value: i for i, value in enumerate(values)} for values in self.levels]
        return np.array(
            [
                np.ravel_multi_index([order[d][value] for d, value in enumerate(cell)], self.shape)
                for cell in self.present
            ],
            dtype=np.int64,
        )

    @cached_property
    def kept(self) -> IntArray:
        """Cells of the totals with a response of positive weight; the others are nowhere."""
        return np.flatnonzero(self.cells.totals.n > 0)

    @property
    def present(self) -> list[tuple[object, ...]]:
        """Key values of the kept cells."""
        return [self.cells.cells[i] for i in self.kept]

    @cached_property
    def n(self) -> IntArray:
        """Unweighted responses, in the shape of the table."""
        return self._dense(self.cells.totals.n[self.kept]).astype(np.int64)

    @cached_property
    def weighted(self) -> FloatArray:
        """Weighted responses, in the shape of the table."""
        return self._dense(self.cells.totals.value[self.kept])

    @cached_property
    def shares(self) -> Estimated:
        """Shares (K,) of the cells among all that answered, with their covariance (K, K), under the design."""
        found = estimate(self.cells.totals, share_of_all(self.kept))
        size = int(np.prod(self.shape))
        covariance = np.zeros((size, size))
        covariance[np.ix_(self.places, self.places)] = found.covariance
        return Estimated(self._dense(found.value).reshape(-1), covariance)

    def covariance_of(self, combinations: FloatArray) -> FloatArray:
        """Covariance (M, M) of linear combinations (K, M) of the weighted counts."""
        gradient = np.zeros((len(self.cells.totals.value), combinations.shape[1]))
        gradient[self.kept] = combinations[self.places]
        return self.cells.totals.spread.covariance(gradient)

    @cached_property
    def scale(self) -> int:
        """Responses of the domain with a positive weight, those without an answer included."""
        whole = cell_totals(self.survey, (), (), self.where)
        return int(whole.totals.n.sum())

    @cached_property
    def design_df(self) -> float:
        """Degrees of freedom of the domain: units less strata (R ``degf``), answered or not."""
        if self.where is None:
            return self.cells.totals.spread.degrees_of_freedom(np.zeros(0, dtype=np.int64))
        whole = cell_totals(self.survey, (), (), self.where)
        return whole.totals.spread.degrees_of_freedom(np.arange(len(whole.cells), dtype=np.int64))

    def _dense(self, values: IntArray | FloatArray) -> FloatArray:
        table = np.zeros(int(np.prod(self.shape)))
        table[self.places] = values
        return table.reshape(self.shape)


def contingency(survey: Survey, codes: Sequence[str], where: str | None) -> Contingency:
    """The table of these questions. Raises ``SurveyError`` for a question whose answers do not exclude each other."""
    questions = tuple(survey.responses.question(code) for code in codes)
    for question in questions:
        if question.parts:
            raise SurveyError(
                f"{question.code} of {survey.responses.title} takes several answers, so its options overlap and no "
                "test of independence fits the whole of it: test one option at a time "
                f"({', '.join(question.parts)})."
            )
    cells = cell_totals(survey, [question.value for question in questions], (), where)
    present = [cell for cell, n in zip(cells.cells, cells.totals.n, strict=True) if n > 0]
    levels = tuple(_in_order(question, {cell[d] for cell in present}) for d, question in enumerate(questions))
    return Contingency(survey, questions, where, cells, levels)


def groups_in_order(question: Question, cells: CellTotals) -> list[int]:
    """Places of the cells of one question that have responses, in the order of the codebook, else of the values."""
    place = {cell[0]: i for i, (cell, n) in enumerate(zip(cells.cells, cells.totals.n, strict=True)) if n > 0}
    return [place[value] for value in _in_order(question, set(place))]


def _in_order(question: Question, found: set[object]) -> tuple[object, ...]:
    return tuple(value for value in categories(question, found) if value in found)


def share_of_all(cells: IntArray) -> Statistic:
    """Totals of these cells, each over their sum; for requests without values."""

    def function(totals: FloatArray) -> FloatArray:
        chosen = totals[..., cells]
        return np.asarray(chosen / chosen.sum(axis=-1, keepdims=True))

    def gradient(totals: FloatArray) -> FloatArray:
        chosen = totals[cells]
        result = np.zeros((len(totals), len(cells)))
        result[cells] = (np.eye(len(cells)) - chosen / chosen.sum()) / chosen.sum()
        return result

    return Statistic(function, gradient)
