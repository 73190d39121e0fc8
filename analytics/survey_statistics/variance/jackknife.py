"""Jackknife replicates: each leaves one unit of the first stage out.

Belongs here: JK1 and JKn. Does not belong here: other methods (``half_samples``, ``bootstrap``).

Wolter (2007), chapter 4; R ``survey::jk1weights`` and ``jknweights``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import BoolArray, FloatArray, IntArray
from analytics.survey_statistics.variance.stages import Level, sum_by


@dataclass(frozen=True)
class Jackknife:
    """One replicate for each unit left out, and one for each lonely stratum under the rule ``adjust``.

    ``stratum`` (U,), ``sampled`` (S,). ``left_out``: the units, by number. ``dropped``: strata left out whole, the
    others made heavier by S/(S - 1). ``scale`` and ``rscales`` (R,) as in ``Replicates``. Nothing of size (R, U) is
    ever made: the replicates of totals follow from those of units and strata.
    """

    stratum: IntArray
    sampled: FloatArray
    left_out: IntArray
    dropped: IntArray
    scale: float
    rscales: FloatArray

    def applied(self, totals: FloatArray) -> FloatArray:
        """Replicates (R, K) of the totals of units (U, K)."""
        whole = totals.sum(axis=0)
        strata = len(self.sampled)
        by_stratum = sum_by(self.stratum, strata, totals)
        own = self.stratum[self.left_out]
        more = (self.sampled / np.maximum(self.sampled - 1, 1))[own][:, None]
        rest = whole + by_stratum[own] * (more - 1) - totals[self.left_out] * more
        if not len(self.dropped):
            return np.asarray(rest)
        return np.vstack([rest, (whole - by_stratum[self.dropped]) * (strata / (strata - 1))])

    def degrees_of_freedom(self, weighted: BoolArray) -> float:
        """Rank of the replicate weights less 1. ``weighted`` (U,): units with a positive weight.

        A stratum whose n units are left out in turn and all have a weight adds n - 1 dimensions, for the replicates add
        up to the full sample; one with units of weight 0 adds all its others; the full sample is one more.
        """
        if len(self.dropped):
            from analytics.survey_statistics.variance import degrees

            return degrees.of_replicates(self.applied(np.eye(len(self.stratum))).T * weighted[:, None])
        strata = len(self.sampled)
        used = np.bincount(self.stratum[self.left_out], minlength=strata) > 0
        n = np.bincount(self.stratum[weighted], minlength=strata)
        is_full = n == self.sampled
        rank = (n - is_full)[used].sum() + bool((used & is_full).any() or n[~used].any())
        return float(rank - 1)


def jackknife_1(stratum: IntArray, level: Level) -> Jackknife:
    """JK1: one stratum."""
    n = float(level.sampled[0])
    if n < 2:
        raise SurveyError("JK1 needs at least 2 units; this sample has 1.")
    everyone = np.arange(len(stratum), dtype=np.int64)
    none = np.zeros(0, dtype=np.int64)
    return Jackknife(stratum, level.sampled, everyone, none, float(level.uncovered[0]) * (n - 1) / n, np.ones(int(n)))


def jackknife_n(stratum: IntArray, level: Level, lonely_psu: str) -> Jackknife:
    """JKn: strata; lonely ones by their rule. Raises ``SurveyError`` for a lonely stratum where the rule is ``fail``.

    Strata taken whole have no replicates, as in R. Under ``average`` the scale makes up for the units of lonely strata;
    R makes up for those of whole strata too, which do not vary.
    """
    lonely = level.lonely
    if lonely.any() and lonely_psu == "fail":
        raise SurveyError(
            f"{int(lonely.sum())} of {len(lonely)} strata have a single unit, so JKn cannot leave one out. Name "
            "a rule: lonely_psu = remove, certainty, adjust or average."
        )
    varies = (level.uncovered > 0) & ~lonely
    left_out = np.flatnonzero(varies[stratum])
    dropped = np.flatnonzero(lonely) if lonely_psu == "adjust" else np.zeros(0, dtype=np.int64)
    strata = len(level.sampled)
    rscales = (level.uncovered * (level.sampled - 1) / level.sampled)[stratum[left_out]]
    rscales = np.concatenate([rscales, np.full(len(dropped), (strata - 1) / strata)])
    scale = 1.0
    if lonely_psu == "average" and lonely.any():
        others = len(stratum) - int(lonely.sum())
        scale = len(stratum) / others if others else np.nan
    return Jackknife(stratum, level.sampled, left_out.astype(np.int64), dropped.astype(np.int64), float(scale), rscales)
