"""P values of several tests that stand side by side.

Belongs here: adjustments for their number. Does not belong here: the tests.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray

SPELLINGS = {"bh": "benjamini_hochberg", "fdr": "benjamini_hochberg", "by": "benjamini_yekutieli"}
ADJUSTMENTS = ("none", "bonferroni", "holm", "hochberg", "benjamini_hochberg", "benjamini_yekutieli")


def adjustment_name(method: str) -> str:
    """The name of an adjustment in ``ADJUSTMENTS``; R's short names are understood. Raises ``SurveyError``."""
    name = SPELLINGS.get(method.lower(), method.lower())
    if name not in ADJUSTMENTS:
        raise SurveyError(
            f"The adjustment for several tests is {method!r}; it must be one of {', '.join(ADJUSTMENTS)}. Holm is "
            "right for any tests; Benjamini-Hochberg keeps the share of false discoveries instead."
        )
    return name


def adjusted_p_values(p_values: Sequence[float | None], method: str = "holm") -> list[float | None]:
    """P values adjusted for their number, in the order given; equal to R ``p.adjust``.

    A test without a p value (None or NaN) stays None and is not counted. Holm (1979), Scandinavian Journal of
    Statistics 6, 65-70; Hochberg (1988), Biometrika 75, 800-802; Benjamini and Hochberg (1995), JRSS B 57, 289-300;
    Benjamini and Yekutieli (2001), Annals of Statistics 29, 1165-1188. Raises ``SurveyError`` for an unknown method.
    """
    name = adjustment_name(method)
    known = [i for i, p in enumerate(p_values) if p is not None and not np.isnan(p)]
    p = np.array([p_values[i] for i in known], dtype=np.float64)
    adjusted: list[float | None] = [None] * len(p_values)
    for place, value in zip(known, _adjust(p, name), strict=True):
        adjusted[place] = float(value)
    return adjusted


def _adjust(p: FloatArray, name: str) -> FloatArray:
    n = len(p)
    if name == "none" or n == 0:
        return p
    if name == "bonferroni":
        return np.minimum(p * n, 1)
    order = np.argsort(p, kind="stable")
    rank = np.arange(1, n + 1)
    factor = {
        "holm": n + 1.0 - rank,
        "hochberg": n + 1.0 - rank,
        "benjamini_hochberg": n / rank,
        "benjamini_yekutieli": np.sum(1 / rank) * n / rank,
    }[name]
    stepped = factor * p[order]
    # Holm steps down from the smallest p value, the others step up from the largest.
    monotone = np.maximum.accumulate(stepped) if name == "holm" else np.minimum.accumulate(stepped[::-1])[::-1]
    adjusted = np.empty(n)
    adjusted[order] = np.minimum(monotone, 1)
    return adjusted
