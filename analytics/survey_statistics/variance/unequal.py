"""Variances of samples drawn with unequal probabilities without replacement.

Belongs here: what a unit or a pair of units adds. Does not belong here: probabilities as they are read
(``sample.inclusion``), stages (``linear``).

With x the weighted score of a unit, p its inclusion probability and d(i, j) = (p(i, j) - p(i) p(j)) / p(i, j), the
variance of Horvitz and Thompson (1952) is the sum over all pairs of d(i, j) x(i) x(j), a unit with itself adding
(1 - p) x^2; that of Yates and Grundy (1953) is minus half the sum of d(i, j) (x(i) - x(j))^2. Where p(i, j) is
approximated from the p of a stratum of n units, both are sums over units, which keeps their digits and needs no matrix:

    Yates-Grundy:        n/(n - 1) sum of g (x - mean)^2
    Horvitz-Thompson:    the same + n/(n - 1) sum of c x^2

    Brewer and Donadio (2003), R "brewer":  g = 1 - p                     c = 0
    Overton (1985):                         g = 1 - (mean p + p)/2        c = (mean p - p)/2
    Hartley and Rao (1962):                 g = 1 + s - mean p - p        c = mean p - p/n - s (n - 1)/n

with s the sum of p^2 over the population divided by n. All equal R ``survey`` 4.1, ``onestrat`` and ``ppsvar``.
"""

from __future__ import annotations

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray, InclusionProbabilities, IntArray
from analytics.survey_statistics.variance.products import unit_product

# What rounding leaves of a variance of 0, as a share of the sum of squares.
ROUNDING = 1e-13


def factors(inclusion: InclusionProbabilities, stratum: IntArray, sampled: FloatArray) -> tuple[FloatArray, FloatArray]:
    """g and c of every unit (U,), to be multiplied by n/(n - 1); of Poisson sampling by 1.

    A stratum with one unit has no g of its own: 1 - p is what the rule ``adjust`` puts there, and c is 0.
    """
    p, n = inclusion.probability, sampled[stratum]
    if inclusion.method == "poisson":
        return np.zeros_like(p), 1 - p
    if inclusion.method == "brewer":
        return 1 - p, np.zeros_like(p)
    mean = (np.bincount(stratum, p, len(sampled)) / sampled)[stratum]
    if inclusion.method == "overton":
        g, c = 1 - (mean + p) / 2, (mean - p) / 2
    else:
        square = mean if inclusion.mean_square is None else inclusion.mean_square[stratum]
        g, c = 1 + square - mean - p, mean - p / n - square * (n - 1) / n
    if inclusion.variance == "YG":
        c = np.zeros_like(p)
    return np.where(n > 1, g, 1 - p), np.where(n > 1, c, 0.0)


def of_pairs(inclusion: InclusionProbabilities, scores: FloatArray) -> FloatArray:
    """Covariance (M, M) of scores (U, M) from the joint probabilities of all pairs."""
    joint = inclusion.joint
    if joint is None:
        raise TypeError("joint probabilities are read with the structure")
    own = np.diagonal(joint)
    share = np.divide(joint - np.outer(own, own), joint, out=np.zeros_like(joint), where=joint > 0)
    if inclusion.variance == "HT":
        return np.asarray(scores.T @ (share @ scores))
    # Only differences count, so a number near all of them may be taken off, which keeps their digits.
    centred = scores - scores.mean(axis=0) if len(scores) else scores
    return np.asarray(centred.T @ (share @ centred) - centred.T @ (share.sum(axis=0)[:, None] * centred))


def weighted_product(scores: FloatArray, weight: FloatArray) -> FloatArray:
    """``scores.T @ diag(weight) @ scores`` (M, M) of scores (U, M); a weight may be negative."""
    return unit_product(scores.T, weight[:, None] * scores)


def without_negative(found: FloatArray, squares: FloatArray) -> FloatArray:
    """The covariance with NaN where an estimate of a variance is negative, which those of Horvitz and Thompson and of
    Yates and Grundy can be; 0 where only rounding is left. ``squares`` (M,): sums of squared scores.
    """
    size = np.diagonal(found).copy()
    nothing = np.abs(size) <= ROUNDING * squares
    found[nothing, :] = found[:, nothing] = 0.0
    negative = (size < 0) & ~nothing
    found[negative, :] = found[:, negative] = np.nan
    return found
