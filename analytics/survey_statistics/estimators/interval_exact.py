"""What is known of a sample beyond its standard error, for intervals of shares that count: its population and weights.

Belongs here: recognising a simple random sample, the effective n of weights. Does not belong here: formulas of
intervals (``interval_proportion``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.base import Base
from analytics.survey_statistics.estimators.design_effect import WEIGHT, moments_by_key
from analytics.survey_statistics.sample.totals import CellTotals, Key
from analytics.survey_statistics.variance.linear import ResponseSpread

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey


def simple_population(survey: Survey, cells: CellTotals, base: Base, where: str | None) -> int | None:
    """Size of the population of a simple random sample without strata, clusters or unequal weights, where the base is
    not a domain; None for all other samples, and where the population is unknown or not spoken of.
    """
    spread = cells.totals.spread
    if not isinstance(spread, ResponseSpread) or base.domain.key or where or survey.adjustments:
        return None
    stage = spread.frame.responses
    if stage is None or spread.frame.units or len(stage.population) != 1 or np.isinf(stage.population[0]):
        return None
    squares = float(spread.products[:, :, 0, 0].sum())
    is_equal = abs(squares * base.n - base.weighted_n**2) <= 1e-9 * base.weighted_n**2
    size = round(float(stage.population[0]))
    return size if is_equal and size > base.n else None


def effective_n_of_weights(
    survey: Survey,
    cells: CellTotals,
    found: Sequence[Base],
    keys: Sequence[str],
    where: str | None,
    value: str,
    n_categories: int,
) -> dict[Key, float]:
    """Squared sum of weights over sum of squared weights (Kish 1965, section 11.7) of those who answered, by domain.

    Samples of responses keep the squares; of samples of clusters the engine is asked, and only where a domain has a
    share of 0 or 1.
    """
    spread = cells.totals.spread
    if isinstance(spread, ResponseSpread):
        squares = spread.products[:, :, 0, 0].sum(axis=0)
        return {base.domain.key: base.weighted_n**2 / float(squares[base.cells].sum()) for base in found if base.n}
    if all(len(base.cells) == n_categories > 1 for base in found if base.n):
        return {}
    sizes = moments_by_key(survey, [f"sum({WEIGHT}) * sum({WEIGHT}) / sum({WEIGHT} * {WEIGHT})"], keys, where, (value,))
    return {key: float(size[0]) for key, size in sizes.items() if size[0]}
