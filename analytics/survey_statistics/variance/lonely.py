"""What a stratum with a single unit adds to a variance: it has no spread of its own.

Belongs here: the rules, as R ``options(survey.lonely.psu)`` and ``survey.adjust.domain.lonely`` have them. Does not
belong here: sums of squares (``linear``).

``fail``: an error. ``remove`` and ``certainty``: it adds nothing. ``adjust``: it is compared with the mean of all
instead of that of its stratum, which overstates. ``average``: it adds what the other strata add on average.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.variance.stages import Level, sum_by


@dataclass(frozen=True)
class StratumFactors:
    """Factor of the sum of squares of each stratum, and whether squares are taken around the mean of the stratum; both
    (S, 1), or (S, M) where they differ between statistics because of what lies in their domains.
    """

    factor: FloatArray
    is_centred: np.ndarray


@dataclass(frozen=True)
class LonelyRule:
    """``name`` as in ``Design.lonely_psu``. ``in_domains``: a stratum that has one unit left in a domain is treated as
    lonely too; as in R this matters for ``adjust`` and ``average`` only.
    """

    name: str
    in_domains: bool = False

    def needs_domain(self, levels: tuple[Level, ...]) -> bool:
        """Whether it matters which units lie in the domain of a statistic."""
        if self.in_domains and self.name in ("adjust", "average"):
            return True
        return self.name in ("fail", "average") and any(level.lonely.any() for level in levels)

    def factors(self, level: Level, present: FloatArray | None) -> StratumFactors:
        """Factors of a stage. ``present`` (S, M): units of each stratum in the domain of each statistic.

        Raises ``SurveyError`` when the rule is ``fail`` and a lonely stratum lies in a domain.
        """
        factor, lonely = level.scale[:, None], level.lonely[:, None]
        if present is None:
            uncentred = lonely & (self.name == "adjust")
            return StratumFactors(np.where(lonely & ~uncentred, 0.0, factor), ~uncentred)
        if self.name == "fail":
            _fail_if(lonely & (present > 0), len(factor))
        if self.in_domains:
            lonely = lonely | ((present == 1) & (factor > 0))
        if self.name == "adjust":
            return StratumFactors(np.broadcast_to(factor, present.shape), ~lonely)
        if self.name == "average":
            factor = factor * _share_counted(level, present, lonely)
        # Where a unit above has lonely strata only there is no average, and nothing else may stand for it.
        return StratumFactors(np.where(lonely & ~np.isnan(factor), 0.0, factor), np.ones_like(lonely))


def _share_counted(level: Level, present: FloatArray, lonely: np.ndarray) -> FloatArray:
    """Strata of the domain inside each unit above for each one that is not lonely (S, M); NaN where all are."""
    parents = int(level.parent.max()) + 1
    there = sum_by(level.parent, parents, (present > 0).astype(float))
    counted = sum_by(level.parent, parents, ((present > 0) & ~lonely).astype(float))
    share = np.divide(there, counted, out=np.full_like(there, np.nan), where=counted > 0)
    share[there == 0] = 1.0
    return np.asarray(share[level.parent])


def _fail_if(lonely: np.ndarray, n_strata: int) -> None:
    found = int(lonely.any(axis=1).sum())
    if found:
        strata = (
            "The sample has" if n_strata == 1 else f"{found} of {n_strata} strata {'has' if found == 1 else 'have'}"
        )
        raise SurveyError(
            f"{strata} a single sampled unit, so the spread "
            "inside cannot be known, and the design says that this fails. Name a rule: lonely_psu = remove, certainty, "
            "adjust or average; or join the stratum to one like it."
        )
