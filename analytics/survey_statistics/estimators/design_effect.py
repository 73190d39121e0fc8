"""Design effects: the variance of an estimate over the one a simple random sample of the same size would have.

Belongs here: variances of simple random samples. Does not belong here: variances under the design (``variance``).

Kish (1965), Survey Sampling, section 8.2; as R ``survey`` ``svymean(deff = TRUE)`` and ``deff = "replace"``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import tuples
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.totals import CellTotals, Key

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

# A name that no file gives a column: with a shorter one, as w, the column of the file would be taken.
WEIGHT = "weight_of_the_response"
RULES = ("without", "replace")


def simple_variance(variance: FloatArray, n: FloatArray, weighted_n: FloatArray, rule: str) -> FloatArray:
    """Variance of a mean in a simple random sample, of values with this population variance (divisor n, not n - 1).

    ``without`` replacement: the population is the sum of the weights, and where the weights sum to no more than the
    sample they are relative and say nothing of it, so that sampling with replacement is what is left.
    """
    if rule not in RULES:
        raise SurveyError(f"design_effect is {rule!r}; it must be one of {', '.join(RULES)}.")
    with np.errstate(divide="ignore", invalid="ignore"):
        replaced = variance / (n - 1)
        if rule == "replace":
            return np.asarray(replaced)
        return np.asarray(np.where(weighted_n > n, replaced * (weighted_n - n) / weighted_n, replaced))


def design_effect_of_share(variance: float, share: float, n: int, weighted_n: float, rule: str) -> float | None:
    """As ``relative_to_simple`` of ``simple_variance``, for one share; None where the simple variance is 0."""
    if rule not in RULES:
        raise SurveyError(f"design_effect is {rule!r}; it must be one of {', '.join(RULES)}.")
    if n < 2 or not 0 < share < 1:
        return None
    simple = share * (1 - share) / (n - 1)
    if rule == "without" and weighted_n > n:
        simple *= (weighted_n - n) / weighted_n
    return variance / simple


def relative_to_simple(variance: FloatArray, simple: FloatArray) -> FloatArray:
    """The design effect; NaN where the simple variance is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(simple > 0, variance / simple, np.nan))


def moments(
    survey: Survey,
    aggregates: Sequence[str],
    keys: Sequence[str],
    where: str | None,
    complete: Sequence[str],
    cells: CellTotals,
) -> FloatArray:
    """Aggregates (C, len(aggregates)) by cell that need no variance, of responses that answered all of ``complete``.

    SQL of the weight is ``WEIGHT`` in ``aggregates``. NaN in a cell without a response.
    """
    if not aggregates:
        return np.zeros((len(cells.cells), 0))
    found = moments_by_key(survey, aggregates, keys, where, complete)
    blank = (np.nan,) * len(aggregates)
    return np.array([found.get(cell, blank) for cell in cells.cells], dtype=np.float64).reshape(-1, len(aggregates))


def moments_by_key(
    survey: Survey, aggregates: Sequence[str], keys: Sequence[str], where: str | None, complete: Sequence[str]
) -> dict[Key, tuple[float, ...]]:
    """As ``moments``, by the values of the keys."""
    conditions = [f"({part}) is not null" for part in (*keys, *complete)] + ([f"({where})"] if where else [])
    listed = ", ".join([*(f"({key})" for key in keys), *aggregates])
    found = tuples(
        survey.responses,
        f"select {listed} from (select *, ({survey.weight})::double as {WEIGHT} from {survey.responses.relation}) "
        f"where {WEIGHT} > 0 and {' and '.join(conditions or ['true'])} group by all order by all",
    )
    return {row[: len(keys)]: row[len(keys) :] for row in found}
