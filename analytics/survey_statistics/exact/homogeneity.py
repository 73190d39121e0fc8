"""Whether the odds ratio of two questions is the same in all layers of a third.

Belongs here: tests of 2 x 2 tables of plain counts. Does not belong here: the odds ratio that they have in common
(``mantel_haenszel``), larger tables and designs (``CrossTable.homogeneity_test``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.exact.layers import NOTHING, SMALL, layers_of, silent_layers
from analytics.survey_statistics.exact.mantel_haenszel import common_odds_ratio
from analytics.survey_statistics.exact.outcome import outcome, undefined
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray

ONE_LAYER = "fewer than two layers in which both questions vary: nothing to compare"


def breslow_day(tables: ArrayLike, *, is_corrected: bool = True) -> TestResult:
    """Test of Breslow and Day that layers of 2 x 2 tables (K, 2, 2) have one odds ratio.

    Breslow and Day (1980), Statistical Methods in Cancer Research 1, section 4.4; ``is_corrected``: Tarone (1985),
    Biometrika 72, 91-95, whose distribution is right for the odds ratio of Mantel and Haenszel. Not tested where the
    common odds ratio expects fewer than 5 in more than a fifth of the cells, or none.
    """
    how = "Breslow-Day, corrected by Tarone" if is_corrected else "Breslow-Day"
    used, n, reason = _compared(tables)
    if reason:
        return undefined("homogeneity", n, how, reason)
    odds = common_odds_ratio(used).value
    if not odds:
        return undefined("homogeneity", n, how, "the common odds ratio is 0 or has no limit")
    a = _first_cells(used, odds)
    first, drawn, size = used[:, 0].sum(axis=1), used[:, :, 0].sum(axis=1), used.sum(axis=(1, 2))
    fitted: FloatArray = np.stack([a, first - a, drawn - a, size - first - drawn + a]).astype(np.float64)
    variance = 1 / (1 / fitted).sum(axis=0)
    gap = used[:, 0, 0] - a
    statistic = float((gap**2 / variance).sum())
    extra = {"breslow_day": statistic, "common_odds_ratio": odds}
    if is_corrected:
        statistic -= float(gap.sum() ** 2 / variance.sum())
    return _outcome(tables, used, n, how, statistic, fitted, extra)


def woolf(tables: ArrayLike) -> TestResult:
    """Test of Woolf that layers of 2 x 2 tables have one odds ratio: spread of the log odds ratios around their
    weighted mean. Half a response is added to every cell if one is empty.

    Woolf (1955), Annals of Human Genetics 19, 251-253; Haldane (1956), ibid. 20, 309-311; R ``vcd::woolf_test``, which
    counts layers that tell nothing too.
    """
    used, n, reason = _compared(tables)
    if reason:
        return undefined("homogeneity", n, "Woolf", reason)
    is_empty = bool((used == 0).any())
    cells = used + 0.5 if is_empty else used.astype(np.float64)
    logs = np.log(cells[:, 0, 0] * cells[:, 1, 1] / (cells[:, 0, 1] * cells[:, 1, 0]))
    weight = 1 / (1 / cells).sum(axis=(1, 2))
    mean = float(weight @ logs / weight.sum())
    how = "Woolf, half a response added to every cell" if is_empty else "Woolf"
    statistic = float(weight @ (logs - mean) ** 2)
    fitted = np.asarray(cells.reshape(len(cells), -1).T, dtype=np.float64)
    return _outcome(tables, used, n, how, statistic, fitted, {"pooled_odds_ratio": float(np.exp(mean))})


def _compared(tables: ArrayLike) -> tuple[IntArray, int, str | None]:
    """Layers in which both questions vary, all responses, and why they cannot be compared."""
    used, n = layers_of(tables), int(np.asarray(tables).sum())
    if not len(used):
        return used, n, "no cases" if n == 0 else NOTHING
    if used.shape[1:] != (2, 2):
        raise SurveyError(
            "This test is of two rows by two columns in layers; of larger tables use survey.table(rows, columns, "
            "layers).homogeneity_test()."
        )
    return used, n, ONE_LAYER if len(used) < 2 else None


def _first_cells(tables: IntArray, odds: float) -> FloatArray:
    """The first cell (K,) that the margins of each layer and an odds ratio call for: the root of a quadratic."""
    first, drawn = tables[:, 0].sum(axis=1), tables[:, :, 0].sum(axis=1)
    rest = tables.sum(axis=(1, 2)) - first - drawn
    middle = rest + odds * (first + drawn)
    root = np.sqrt(middle**2 - 4 * (odds - 1) * odds * first * drawn)
    # The smaller root, in the form that loses no digits near an odds ratio of 1.
    return np.asarray(2 * odds * first * drawn / (middle + root))


def _outcome(
    tables: ArrayLike, used: IntArray, n: int, how: str, statistic: float, fitted: FloatArray, extra: dict[str, float]
) -> TestResult:
    from scipy.special import chdtrc

    df = len(used) - 1.0
    told, few = silent_layers(tables), int((fitted < SMALL).sum())
    if few > fitted.size / 5 or (fitted <= 0).any():
        reason = f"not tested: {few} of {fitted.size} cells expect fewer than {SMALL}"
        extra = {**extra, "rough_p_value": float(chdtrc(df, statistic))}
        return outcome("homogeneity", statistic, None, n, how, df, null_reason=reason, note=told, extra=extra)
    return outcome("homogeneity", statistic, float(chdtrc(df, statistic)), n, how, df, note=told, extra=extra)
