"""What is known of a sample beyond its standard error, for intervals of shares that count: its population and weights.

Belongs here: recognising a simple random sample, the effective n of weights. Does not belong here: formulas of
intervals (``interval_proportion``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import Base
from analytics.survey_statistics.estimators.design_effect import WEIGHT, moments_by_key
from analytics.survey_statistics.estimators.interval_proportion import FEW_CASES, ROUNDING
from analytics.survey_statistics.sample.engine import columns_in
from analytics.survey_statistics.sample.frame import FloatArray, SampleFrame
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.totals import CellTotals, Key
from analytics.survey_statistics.variance.linear import ResponseSpread, UnitSpread

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey


@dataclass(frozen=True)
class Known:
    """What is known of the base of a share beside its standard error; see ``interval_proportion.Sampled``."""

    population: int | None = None
    weights_n: float | None = None
    is_weighted: bool = False
    log_odds_error: float | None = None
    is_stratum: bool = False


def known_of_bases(
    survey: Survey,
    cells: CellTotals,
    found: Sequence[Base],
    keys: Sequence[str],
    where: str | None,
    complete: Sequence[str],
    counts: Mapping[Key, Sequence[int]],
) -> dict[Key, Known]:
    """What is known of each base, by domain. ``complete``: SQL of what the responses of the bases answered; ``counts``:
    responses behind each share of a domain.

    The engine is asked for the weights of a sample of clusters only where a share rests on so few, or on so nearly
    all, that they decide; of other samples they are at hand.
    """
    is_few = any(min(n, base.n - n) < FEW_CASES for base in found for n in counts.get(base.domain.key, ()) if base.n)
    is_at_hand = isinstance(cells.totals.spread, ResponseSpread)
    weights = effective_n_of_weights(survey, cells, found, keys, where, complete) if is_few or is_at_hand else {}
    known = {}
    for base in found:
        n, kish = weights.get(base.domain.key, (None, float(base.n)))
        is_weighted = kish < (1 - ROUNDING) * base.n
        known[base.domain.key] = Known(simple_population(survey, cells, base, where), n, is_weighted)
    return known


def is_stratum(survey: Survey, question: Question) -> bool:
    """Whether a question tells nothing but the stratum of the first stage."""
    return columns_in(question.value, survey.responses.columns) == (survey.design.stages[0].strata,)


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
    complete: Sequence[str],
) -> dict[Key, tuple[float, float]]:
    """Effective n of those who answered by weights and sampled fractions alone, and by weights alone, by domain.

    The variance is the one that the design gives if strata and units all have the same share p, p (1 - p) times the sum
    of squared weights, in each stratum less what was observed of it (Yan and Su 2010, Statistics in Biopharmaceutical
    Research 2, 329-335, for the score interval of strata). By weights alone, as without finite populations, it is the
    squared sum of weights over the sum of their squares (Kish 1965, section 11.7).

    Samples of responses keep the squares by stratum; of others the engine is asked, and the least sampled stratum
    speaks for all.
    """
    spread = cells.totals.spread
    if isinstance(spread, ResponseSpread):
        squares = spread.products[:, :, 0, 0]
        unseen = _unseen_of_strata(spread.frame) @ squares
        sizes = {}
        for base in found:
            left = float(unseen[base.cells].sum())
            if base.n and left > 0:
                whole = float(squares[:, base.cells].sum())
                sizes[base.domain.key] = (base.weighted_n**2 / left, base.weighted_n**2 / whole)
        return sizes
    part = _unseen_of_units(spread.frame) if isinstance(spread, UnitSpread) else 1.0
    kish = moments_by_key(survey, [f"sum({WEIGHT}) * sum({WEIGHT}) / sum({WEIGHT} * {WEIGHT})"], keys, where, complete)
    return {key: (float(size[0]) / part, float(size[0])) for key, size in kish.items() if size[0]}


def _unseen_of_strata(frame: SampleFrame) -> FloatArray:
    """What the finite populations of strata of responses leave of a variance (S,): (N - n) / (N - 1), and all of it
    where there are stages above.
    """
    stage = frame.responses
    if stage is None:
        raise TypeError("strata of responses need a stage of responses")
    left = np.ones(len(stage.sampled))
    finite = np.isfinite(stage.population) & (not frame.units)
    size = stage.population[finite]
    left[finite] = np.maximum(size - stage.sampled[finite], 0) / np.maximum(size - 1, 1)
    return left


def _unseen_of_units(frame: SampleFrame) -> float:
    """As ``_unseen_of_strata`` for one stage of clusters, of the stratum with the smallest sampled fraction."""
    if len(frame.units) != 1 or frame.responses is not None:
        return 1.0
    return float((1 - frame.units[0].sampled / frame.units[0].population).max()) or 1.0
