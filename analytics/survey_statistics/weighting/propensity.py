"""The propensity to respond: a logistic regression on sums by class.

Belongs here: the model and its estimation. Does not belong here: the weights made of it (``nonresponse``).

Iteratively reweighted least squares (Newton) of the pseudo-likelihood with sampling weights, as R ``svyglm`` with
``family = quasibinomial``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.weighting.adjustment import replicate_weights
from analytics.survey_statistics.weighting.auxiliaries import Auxiliaries, Column
from analytics.survey_statistics.weighting.calibration import Equations
from analytics.survey_statistics.weighting.classes import factor, read_classes
from analytics.survey_statistics.weighting.distance import LOGISTIC, Distance
from analytics.survey_statistics.weighting.model_matrix import refuse_missing_numbers
from analytics.survey_statistics.weighting.sums import class_sums, column_totals, products

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

TOLERANCE, MOST, LOWEST = 1e-9, 50, 1e-4


@dataclass(frozen=True)
class Propensity:
    """``sql``: the propensity; ``replicates``: SQL of each replicate weight with the propensity it gives;
    ``information`` (P, P): of the coefficients (P,), in the order of the columns of ``auxiliaries``.
    """

    auxiliaries: Auxiliaries
    coefficients: FloatArray
    information: FloatArray
    sql: str
    replicates: tuple[tuple[str, str], ...]
    iterations: int


def propensity(survey: Survey, answered: str, predictors: Sequence[str]) -> Propensity:
    """The propensity by main effects of the predictors: categories against their first one, numbers linearly.

    Raises ``SurveyError``: missing predictors, a category in which no one responded, propensities below 1 in 10,000.
    """
    auxiliaries = _model(survey, predictors)

    def estimated(weight: str) -> tuple[FloatArray, str, int]:
        where = Equations.where(weight)
        wanted = column_totals(auxiliaries, survey.responses, f"({weight}) * ({answered})::int", where)
        for column, total in zip(auxiliaries.columns, wanted.tolist(), strict=True):
            if total == 0 and not column.number:
                raise SurveyError(f"No one responded where {column.label}, so its propensity is 0; merge categories.")
        equations = Equations(survey.responses, auxiliaries, wanted, Distance(LOGISTIC), TOLERANCE, MOST)
        solution, _ = equations.solved(weight)
        if not solution.gap <= TOLERANCE:
            raise SurveyError(
                f"The response propensity of {survey.responses.title} did not converge in {MOST} iterations (gap "
                f"{solution.gap:.2g}); use fewer predictors or merge categories."
            )
        return solution.coefficients, equations.factor(solution.coefficients, 1.0), solution.iterations

    coefficients, sql, iterations = estimated(survey.weight)
    lowest = class_sums(survey.responses, (), [f"min({sql})"], where=f"({survey.weight}) > 0 and {answered}").sums[0, 0]
    if lowest < LOWEST:
        raise SurveyError(
            f"The lowest response propensity of a respondent is {lowest:.2g}; a weight divided by it would be huge. "
            "Use classes of the propensity or fewer predictors."
        )
    _, slope = Distance(LOGISTIC).factor_sql(auxiliaries.combination(coefficients))
    information = products(
        auxiliaries, survey.responses, f"({survey.weight}) * {slope}", Equations.where(survey.weight)
    )
    replicates = tuple((weight, estimated(weight)[1]) for weight in replicate_weights(survey))
    return Propensity(auxiliaries, coefficients, information, sql, replicates, iterations)


def _model(survey: Survey, predictors: Sequence[str]) -> Auxiliaries:
    numbers = [name for name in predictors if survey.responses.question(name).kind == "number"]
    factors = [name for name in predictors if name not in numbers]
    refuse_missing_numbers(survey, numbers)
    columns = [Column("(Intercept)")]
    for f, side in enumerate(read_classes(survey, factors).sides()):
        columns += [Column(f"{factors[f]} = {level}", ((f, level),)) for level in side[1:]]
    columns += [Column(name, (), 1 + i) for i, name in enumerate(numbers)]
    sql = [tuple(factor(survey, name) for name in names) for names in (factors, numbers)]
    return Auxiliaries(sql[0], sql[1], tuple(columns))
