"""Rules for a quantile of weighted values: what is taken where a probability falls between two of them.

Belongs here: a weighted distribution of distinct values, and the rules by name. Does not belong here: SQL, intervals
(``quantile``).

The names and formulas are those of R ``survey`` 4.1, ``svyquantile(qrule =)``; hf1 to hf9 are the types of Hyndman and
Fan (1996), The American Statistician 50, 361-365, with sums of weights in the place of ranks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray

ExtendedArray = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Distribution:
    """Distinct values in ascending order, all (V,): the ``values``, the sum of their ``weights``, and the ``first`` and
    ``last`` weight among responses with equal values, in the order of the file (rules hf4 to hf9 interpolate between
    single responses, so that with unequal weights that order matters). ``n``: responses with weight.
    """

    values: FloatArray
    weights: ExtendedArray
    first: FloatArray
    last: FloatArray
    n: float

    def cumulated(self) -> FloatArray:
        """Sums of weights up to each value. In extended precision, as in R: a rule asks whether a sum *equals* a
        probability, so the last bit decides.
        """
        return np.cumsum(self.weights, dtype=np.longdouble).astype(np.float64)

    def without(self) -> Distribution:
        """Only values that have weight."""
        kept = self.weights > 0
        return Distribution(self.values[kept], self.weights[kept], self.first[kept], self.last[kept], self.n)


def quantile_of(distribution: Distribution, probability: float, rule: str) -> float:
    """The quantile; NaN without values."""
    if rule not in RULES:
        raise SurveyError(f"rule is {rule!r}; it must be one of {', '.join(RULES)}.")
    held = distribution.without()
    if len(held.values) < 2:
        return float(held.values[0]) if len(held.values) else float("nan")
    return float(RULES[rule](held, probability))


def _step(held: Distribution, probability: float) -> tuple[int, bool]:
    """Place of the last value whose sum of weights does not exceed the probability (-1 for none), and whether it meets
    it.
    """
    cumulated = held.cumulated()
    total = cumulated[-1]
    place = int(np.searchsorted(cumulated, probability * total, side="right")) - 1
    return place, place >= 0 and probability - cumulated[place] / total == 0


def _lowest(held: Distribution, probability: float) -> float:
    """The smallest value at which the distribution reaches the probability: math and hf1."""
    place, is_met = _step(held, probability)
    return float(held.values[place if is_met else min(place + 1, len(held.values) - 1)])


def _midpoint(held: Distribution, probability: float) -> float:
    """As ``_lowest``; where the probability is met exactly the middle between two values: school and hf2."""
    place, is_met = _step(held, probability)
    above = float(held.values[min(place + 1, len(held.values) - 1)])
    return (float(held.values[place]) + above) / 2 if is_met else above


def _even(held: Distribution, probability: float) -> float:
    """As ``_lowest``; where the probability is met exactly the value with the even rank: hf3."""
    # R adds up equal values before it cumulates, and rounds there.
    held = replace(held, weights=held.weights.astype(np.float64))
    place, is_met = _step(held, probability)
    return float(held.values[place if is_met and place % 2 == 1 else min(place + 1, len(held.values) - 1)])


def _interpolated(held: Distribution, probability: float) -> float:
    """Linear between the steps: hf4."""
    place, _ = _step(held, probability)
    if place < 0:
        return float(held.values[0])
    if place == len(held.values) - 1:
        return float(held.values[-1])
    cumulated = held.cumulated()
    share = (probability * cumulated[-1] - cumulated[place]) / held.first[place + 1]
    return float(held.values[place] + min(share, 1.0) * (held.values[place + 1] - held.values[place]))


def _line(before: float, of_last: float) -> Callable[[Distribution, float], float]:
    """Linear between plotting positions: hf5 to hf9.

    The position of a response is the sum of the weights below it plus ``before`` times its own, over the sum of all
    plus ``of_last`` times the weight of the largest.
    """

    def rule(held: Distribution, probability: float) -> float:
        above = held.cumulated()
        below = np.concatenate([[0.0], above[:-1]])
        total = above[-1] + of_last * held.last[-1]
        positions = np.column_stack([below + before * held.first, above - (1 - before) * held.last]) / total
        return float(np.interp(probability, positions.ravel(), np.repeat(held.values, 2)))

    return rule


def _shah_vaish(held: Distribution, probability: float) -> float:
    """The last value whose plotting position, weights scaled to a mean of 1, does not exceed the probability.

    Shah and Vaish (2006), Proceedings of the Survey Research Methods Section, ASA, 3699-3706. R 4.1 takes half the
    weight without scaling it, which is right for weights with a mean of 1 only.
    """
    above = held.cumulated()
    below = np.concatenate([[0.0], above[:-1]])
    positions = ((below + held.first / 2) * held.n / above[-1] + 0.5) / (held.n + 1)
    return float(held.values[max(int(np.searchsorted(positions, probability, side="right")) - 1, 0)])


RULES: dict[str, Callable[[Distribution, float], float]] = {
    "math": _lowest,
    "school": _midpoint,
    "shahvaish": _shah_vaish,
    "hf1": _lowest,
    "hf2": _midpoint,
    "hf3": _even,
    "hf4": _interpolated,
    "hf5": _line(0.5, 0.0),
    "hf6": _line(1.0, 1.0),
    "hf7": _line(0.0, -1.0),
    "hf8": _line(2 / 3, 1 / 3),
    "hf9": _line(5 / 8, 1 / 4),
}
# Rules that look at single responses among equal values.
BY_RESPONSE = ("hf4", "hf5", "hf6", "hf7", "hf8", "hf9", "shahvaish")
