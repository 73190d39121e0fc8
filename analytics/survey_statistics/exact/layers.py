"""Tables of counts in layers, checked, and what of them can tell something.

Belongs here: the one step from counts (K, R, C) to layers that are compared. Does not belong here: tests of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray

NOTHING = "in every layer all answers are in one row or one column: there is nothing to compare"
# Where fewer are expected, a sum over layers is too small for a test that counts on large samples.
SMALL = 5


def layers_of(tables: ArrayLike) -> IntArray:
    """Counts (K, R, C) without the rows and columns that are empty in all layers, and without the layers in which all
    answers are in one row or one column: these add nothing to any comparison inside layers. Raises ``SurveyError`` if
    they are no counts in layers.
    """
    found = np.asarray(tables, dtype=np.float64)
    if found.ndim != 3 or not np.isfinite(found).all() or (found < 0).any() or (found != np.round(found)).any():
        raise SurveyError(
            "A test inside layers needs tables of whole counts that are not negative, one for each layer; found "
            "something else. Weighted counts have a design-based test: survey.independence_test(rows, columns, "
            "layers, kind='CMH')."
        )
    counts = found.astype(np.int64)
    counts = counts[:, counts.sum(axis=(0, 2)) > 0][:, :, counts.sum(axis=(0, 1)) > 0]
    several = ((counts.sum(axis=2) > 0).sum(axis=1) > 1) & ((counts.sum(axis=1) > 0).sum(axis=1) > 1)
    return np.asarray(counts[several])


def silent_layers(tables: ArrayLike) -> str | None:
    """How many layers of counts (..., R, C) with responses add nothing to a comparison inside layers, in words."""
    found = np.asarray(tables)
    if not found.sum():
        return None
    counts = found.reshape(-1, *found.shape[-2:])
    every, used = int((counts.sum(axis=(1, 2)) > 0).sum()), len(layers_of(counts))
    return f"{every - used} of {every} layers have all answers in one row or one column" if every > used else None


def expected_of(tables: IntArray) -> FloatArray:
    """Counts (K, R, C) expected from the margins of each layer."""
    n = tables.sum(axis=(1, 2))[:, None, None]
    return np.asarray(tables.sum(axis=2)[:, :, None] * tables.sum(axis=1)[:, None, :] / n)


def too_small(tables: IntArray) -> str:
    """Why a chi-square over these layers cannot be trusted, or nothing.

    Two by two: the sum of the first cells must be able to move by 5 from what is expected to either side (Mantel and
    Fleiss 1980, American Journal of Epidemiology 112, 129-134); larger tables: each cell expects 5 over all layers.
    """
    expected = expected_of(tables)
    if tables.shape[1:] == (2, 2):
        first, drawn, n = tables[:, 0].sum(axis=1), tables[:, :, 0].sum(axis=1), tables.sum(axis=(1, 2))
        least, most = np.maximum(0, first + drawn - n).sum(), np.minimum(first, drawn).sum()
        middle = expected[:, 0, 0].sum()
        room = min(middle - least, most - middle)
        return f"the layers leave the first cell {room:.1f} to move, less than {SMALL}" if room < SMALL else ""
    below = int((expected.sum(axis=0) < SMALL).sum())
    return f"{below} of {expected[0].size} expected counts over all layers are below {SMALL}" if below else ""
