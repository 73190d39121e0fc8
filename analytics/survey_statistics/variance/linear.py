"""Linearised variances of totals: what the spread between units inside strata says.

Belongs here: the arithmetic of sampled units. Does not belong here: replicates (``replicates``), SQL.

Formulas: Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, sections 4.3 to 4.5; the choices for
lonely units are those of R ``survey`` 4.1, ``svyrecvar``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray, SampleFrame


@dataclass(frozen=True)
class UnitSpread:
    """Totals kept for every unit of the last stage. ``totals`` (U, K): weighted totals of each unit."""

    frame: SampleFrame
    totals: FloatArray
    lonely_psu: str

    def covariance(self, gradient: FloatArray) -> FloatArray:
        """See ``Spread``; with-replacement formula inside strata times the finite population correction."""
        stage = self.frame.units[0]
        scores = self.totals @ gradient
        strata = len(stage.sampled)
        sums = np.zeros((strata, scores.shape[1]))
        np.add.at(sums, stage.stratum, scores)
        centred = scores - (sums / stage.sampled[:, None])[stage.stratum]
        scale = stratum_scale(stage.sampled, stage.population, self.lonely_psu)
        weighted = centred * np.sqrt(scale[stage.stratum])[:, None]
        return np.asarray(weighted.T @ weighted)

    def degrees_of_freedom(self, in_domain: IntArray) -> float:
        """See ``Spread``."""
        stage = self.frame.units[0]
        present = self.totals[:, in_domain].any(axis=1) if len(in_domain) else np.ones(len(stage.stratum), dtype=bool)
        return float(present.sum() - len(np.unique(stage.stratum[present])))


@dataclass(frozen=True)
class ResponseSpread:
    """Totals of a sample whose last stage samples the responses themselves: kept for each stratum, with the sums of
    squares and products that stand in for the single responses.

    ``totals`` (S, K). ``products`` (S, C, m, m): sums of squared weights times the products of the m measures inside a
    cell; products between cells are 0, because cells do not overlap. ``n`` (S, C): responses with a positive weight.
    """

    frame: SampleFrame
    totals: FloatArray
    products: FloatArray
    n: FloatArray
    lonely_psu: str

    def covariance(self, gradient: FloatArray) -> FloatArray:
        """See ``Spread``; exactly what the single responses would give."""
        stage = self.frame.responses
        if stage is None:
            raise TypeError("a spread of responses needs a stage of responses")
        strata, cells, measures, _ = self.products.shape
        scale = stratum_scale(stage.sampled, stage.population, self.lonely_psu)
        blocks = gradient.reshape(cells, measures, -1)
        squares = np.einsum("cam,scab,cbn,s->mn", blocks, self.products, blocks, scale, optimize=True)
        sums = self.totals.reshape(strata, -1) @ gradient
        return np.asarray(squares - np.einsum("sm,sn,s->mn", sums, sums, scale / stage.sampled))

    def degrees_of_freedom(self, in_domain: IntArray) -> float:
        """See ``Spread``."""
        measures = self.products.shape[2]
        n = self.n[:, np.unique(in_domain // measures)] if len(in_domain) else self.n
        present = n.sum(axis=1)
        return float(present.sum() - np.count_nonzero(present))


def stratum_scale(sampled: FloatArray, population: FloatArray, lonely_psu: str) -> FloatArray:
    """Factor (S,) of the sum of squares of each stratum: (1 - n/N) n/(n - 1).

    Raises ``SurveyError`` when a stratum that was not taken whole has one unit and the rule is ``fail``.
    """
    correction = np.where(np.isinf(population), 1.0, 1 - sampled / population)
    lonely = (sampled < 2) & (correction > 0)
    if lonely.any() and lonely_psu == "fail":
        raise SurveyError(
            f"{int(lonely.sum())} of {len(sampled)} strata have a single sampled unit, and the design says that this "
            "fails. Name a rule: lonely_psu = remove, certainty, adjust or average."
        )
    return np.where(lonely, correction, correction * sampled / np.maximum(sampled - 1, 1))
