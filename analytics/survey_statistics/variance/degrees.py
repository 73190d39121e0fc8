"""Degrees of freedom of a design or of a domain of it, and their rule in words.

Belongs here: counting units and strata, the rank of replicate weights. Does not belong here: intervals.
"""

from __future__ import annotations

import numpy as np

from analytics.survey_statistics.sample.frame import BoolArray, FloatArray, SampleFrame
from analytics.survey_statistics.variance.stages import is_weighted, sum_by, to_first_stage

LINEARISED_RULE = "first-stage units less strata, of those with a positive weight in the domain"
REPLICATE_RULE = "rank of the replicate weights less 1"
STATED_RULE = "stated with the replicate weights"

# R survey::degf asks qr() for the rank with this tolerance.
RANK_TOLERANCE = 1e-5


def of_units(frame: SampleFrame, present: BoolArray | None) -> float:
    """Units of the first stage less strata, counting what is ``present`` (U of the last stage), or all with a weight.

    Korn and Graubard (1999), Analysis of Health Surveys, section 5.2; R ``degf`` of the design or of its subset.
    """
    first = frame.units[0]
    weighted = is_weighted(frame.units[-1])
    there = weighted if present is None else present & weighted
    held = to_first_stage(frame, there[:, None].astype(float))[:, 0] > 0
    # Counting is several times faster here than sorting them out.
    return float(held.sum() - np.count_nonzero(np.bincount(first.stratum[held])))


def of_responses(frame: SampleFrame, present: FloatArray | None) -> float:
    """The same where responses are sampled last. ``present`` (S,): responses with a positive weight in the domain."""
    stage = frame.responses
    if stage is None:
        raise TypeError("a sample of responses needs a stage of responses")
    weighted = stage.sampled if stage.weighted is None else stage.weighted
    n = weighted if present is None else present
    if not frame.units:
        return float(n.sum() - np.count_nonzero(n))
    held = sum_by(stage.parent, len(frame.units[-1].stratum), n[:, None])[:, 0] > 0
    return of_units(SampleFrame(frame.units, None), held)


def of_replicates(weights: FloatArray) -> float:
    """Rank of replicate weights (n, R) less 1; rows that are multiples of each other need to be there once only.

    R ``survey:::degf.svyrep.design``. The rank of a sample of units is that of its responses.
    """
    size = np.linalg.norm(weights, axis=0)
    scaled = weights / np.where(size > 0, size, 1.0)
    smaller = scaled @ scaled.T if len(scaled) < scaled.shape[1] else scaled.T @ scaled
    return _rank(smaller, RANK_TOLERANCE**2) - 1


def of_products(products: FloatArray) -> float:
    """The same from the sums of products (R, R) of the replicate weights, which the engine can add up.

    Rounding of the sums hides what lies below 1e-12 of the largest.
    """
    size = np.sqrt(np.diagonal(products))
    return _rank(products / np.where(size > 0, np.outer(size, size), 1.0), 1e-12) - 1


def _rank(products: FloatArray, tolerance: float) -> float:
    """Rank of a matrix from its products with itself; ``tolerance`` is that of the squares of singular values."""
    values = np.linalg.eigvalsh(products)
    return float(np.count_nonzero(values > tolerance * values.max(initial=0.0)))
