"""The plain counts of an unweighted survey that a classical test is made from.

Belongs here: who may be tested so, and counts of combinations of answers. Does not belong here: the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.domain import categories, label
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import tuples
from analytics.survey_statistics.sample.frame import FloatArray, IntArray
from analytics.survey_statistics.sample.inclusion import RESPONSE_NUMBER
from analytics.survey_statistics.sample.question import Question

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey


@dataclass(frozen=True)
class Answers:
    """Combinations of answers (``rows``, one value for each question) with how often they occur, and how many
    responses lack one of the answers.
    """

    questions: tuple[Question, ...]
    rows: tuple[tuple[object, ...], ...]
    count: IntArray
    left_out: int

    @property
    def n(self) -> int:
        """Responses with all answers."""
        return int(self.count.sum())

    def levels(self, place: int) -> tuple[object, ...]:
        """The categories of a question in the order of the codebook, else of the values."""
        return categories(self.questions[place], (row[place] for row in self.rows))

    def labels(self, place: int) -> tuple[str, ...]:
        """The categories in words."""
        return tuple(label(self.questions[place], value) for value in self.levels(place))

    def table(self, *, is_square: bool = False) -> IntArray:
        """Counts (R, C) of the first question by the second; ``is_square``: over the categories of both."""
        rows, columns = self.levels(0), self.levels(1)
        if is_square:
            rows = columns = categories(self.questions[0], [row[i] for row in self.rows for i in (0, 1)])
        row_of, column_of = ({value: i for i, value in enumerate(side)} for side in (rows, columns))
        counts = np.zeros((len(rows), len(columns)), dtype=np.int64)
        for (first, second), n in zip(self.rows, self.count, strict=True):
            counts[row_of[first], column_of[second]] += n
        return counts

    def layered(self) -> IntArray:
        """Counts (K, R, C) of the first question by the second in each category of the third."""
        levels = [self.levels(place) for place in range(3)]
        place_of = [{value: i for i, value in enumerate(found)} for found in levels]
        counts = np.zeros((len(levels[2]), len(levels[0]), len(levels[1])), dtype=np.int64)
        for (row, column, layer), n in zip(self.rows, self.count, strict=True):
            counts[place_of[2][layer], place_of[0][row], place_of[1][column]] += n
        return counts

    def scores(self, place: int) -> FloatArray:
        """The answers of every response (n,) to a question as numbers.

        Raises ``SurveyError`` where they have no numbers and so no order.
        """
        found = [row[place] for row in self.rows]
        values = [float(value) for value in found if isinstance(value, int | float)]
        if len(values) != len(found):
            raise SurveyError(
                f"The answers to {self.questions[place].code} are no numbers, so they cannot be ranked: use a question "
                "whose codes run from low to high."
            )
        return np.repeat(np.array(values, dtype=np.float64), self.count)

    def groups(self, place: int) -> IntArray:
        """The category of every response (n,) as its place among ``levels``."""
        order = {value: i for i, value in enumerate(self.levels(place))}
        return np.repeat(np.array([order[row[place]] for row in self.rows], dtype=np.int64), self.count)


def refuse_design(survey: Survey, test: str, instead: str) -> None:
    """Raises ``SurveyError`` for a sample whose responses do not weigh the same or were not drawn one by one."""
    if reasons := _not_plain(survey):
        raise SurveyError(
            f"The {test} test supposes responses drawn one by one that weigh the same, and {survey.responses.title} "
            f"has {', '.join(reasons)}. Use {instead}, which respects the design."
        )


def is_plain(survey: Survey) -> bool:
    """Whether a classical test is all that the sample needs: responses drawn one by one, and no weights named."""
    return not survey.design.weights and not _not_plain(survey)


def _not_plain(survey: Survey) -> list[str]:
    """What of the design a classical test would leave out."""
    design = survey.design
    reasons = []
    if design.weights and not _has_equal_weights(survey):
        reasons.append(f"weights ({design.weights})")
    if design.replicates:
        reasons.append("replicate weights")
    clusters = [stage.units for stage in design.stages if stage.units and stage.units != RESPONSE_NUMBER]
    if clusters:
        reasons.append(f"clusters ({', '.join(clusters)})")
    chances = [stage.inclusion.probability for stage in design.stages if stage.inclusion]
    if chances:
        reasons.append(f"unequal probabilities ({', '.join(chances)})")
    if any(stage.strata for stage in design.stages):
        reasons.append("strata (" + ", ".join(stage.strata for stage in design.stages if stage.strata) + ")")
    if survey.adjustments:
        reasons.append("calibrated weights")
    return reasons


def _has_equal_weights(survey: Survey) -> bool:
    weight = survey.weight
    is_one = f"coalesce(min({weight}) = max({weight}) and min({weight}) > 0, true)"
    return bool(tuples(survey.responses, f"select {is_one} from {survey.responses.relation}")[0][0])


def answers(survey: Survey, questions: Sequence[Question], where: str | None) -> Answers:
    """Counts of the combinations of answers to these questions among responses inside ``where``."""
    values = ", ".join(
        f"({question.value}){'::double' if question.kind == 'number' else ''} as v{i}"
        for i, question in enumerate(questions)
    )
    chosen = f" where ({where})" if where else ""
    found = tuples(
        survey.responses,
        f"select *, count(*) from (select {values} from {survey.responses.relation}{chosen}) group by all order by all",
    )
    known = [row for row in found if not any(value is None for value in row[:-1])]
    count = np.array([row[-1] for row in known], dtype=np.int64)
    left_out = sum(int(row[-1]) for row in found) - int(count.sum())
    return Answers(tuple(questions), tuple(tuple(row[:-1]) for row in known), count, left_out)
