"""Agreement of two raters, or of two answers of the same respondents: Cohen's kappa.

Belongs here: kappa with and without weights. Does not belong here: agreement of many rankings (Kendall's W in
``blocks``), change between two answers (``mcnemar``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.exact.mcnemar import square
from analytics.survey_statistics.exact.outcome import LEVEL, Effect
from analytics.survey_statistics.sample.design import SurveyError

WEIGHTS = ("none", "linear", "quadratic")


def kappa(table: ArrayLike, *, weights: str = "none", level: float = LEVEL) -> Effect:
    """Cohen's kappa of a square table, ``weights`` none, linear or quadratic, with its large-sample interval.

    Standard error: Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72, 323-327 (R ``vcd::Kappa``).
    """
    if weights not in WEIGHTS:
        raise SurveyError(f"weights is {weights!r}; it must be one of {', '.join(WEIGHTS)}.")
    from scipy.special import ndtri

    name = "kappa" if weights == "none" else f"kappa, {weights} weights"
    method = "normal, Fleiss, Cohen and Everitt (1969)"
    counts = square(table)
    n = float(counts.sum())
    if n == 0:
        return Effect(name, None, None, None, level, method, "no cases")
    p = counts / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    place = np.arange(len(p))
    distance = np.abs(place[:, None] - place[None, :]) / (len(p) - 1)
    agree = {"none": (distance == 0).astype(float), "linear": 1 - distance, "quadratic": 1 - distance**2}[weights]
    seen, chance = float((p * agree).sum()), float(rows @ agree @ columns)
    if chance == 1:
        return Effect(name, None, None, None, level, method, "everybody gave the same answer twice: chance agrees too")
    value = (seen - chance) / (1 - chance)
    by_row, by_column = agree @ columns, agree.T @ rows
    terms = (agree - (by_row[:, None] + by_column[None, :]) * (1 - value)) ** 2
    variance = float((p * terms).sum() - (value - chance * (1 - value)) ** 2) / (n * (1 - chance) ** 2)
    if variance <= 1e-15:
        return Effect(name, value, None, None, level, method, "no spread in the sample: all pairs agree alike")
    error = float(np.sqrt(variance))
    half = float(ndtri(0.5 + level / 2)) * error
    return Effect(name, value, value - half, min(1.0, value + half), level, method, standard_error=error)
