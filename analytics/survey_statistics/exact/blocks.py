"""Several scores of the same respondents: Friedman's test, Kendall's concordance and Cochran's Q.

Belongs here: tests that permute scores inside respondents. Does not belong here: two occasions (``mcnemar``,
``wilcoxon``).

The exact distribution adds one respondent after the other to the column sums; sums that differ by order only are
merged, for no statistic here tells columns apart.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.exact.fixed_margins import TooLong, generator, simulated
from analytics.survey_statistics.exact.outcome import CLOSE, outcome, undefined
from analytics.survey_statistics.exact.ranks import mid_ranks
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray

METHODS = ("auto", "exact", "chi-square", "monte carlo")
LIMIT = 4_000_000
SAMPLES = 20_000


def friedman(scores: ArrayLike, *, method: str = "auto", samples: int = SAMPLES, seed: int = 1,
             limit: int = LIMIT) -> TestResult:  # fmt: skip
    """Friedman's test of scores (respondents, items), with Kendall's W, corrected for ties (R ``friedman.test``).

    Complete rows only. ``auto``: exact up to ``limit`` steps, then simulated with ``seed``; ``extra`` holds ``w`` and
    the p value of chi-square. Kendall and Babington Smith (1939), Annals of Mathematical Statistics 10, 275-287.
    """
    found = _matrix(scores)
    ranks = np.array([mid_ranks(row) for row in found]).reshape(found.shape)
    m, k = found.shape
    if m == 0 or k < 2:
        return undefined("Friedman", m, method, "no cases" if m == 0 else "one item: nothing to compare")
    spread = float(((ranks - (k + 1) / 2) ** 2).sum())
    if spread == 0:
        return undefined("Friedman", m, method, "all respondents gave all items the same score")
    sums = ranks.sum(axis=0)
    between = float(((sums - m * (k + 1) / 2) ** 2).sum())
    statistic = (k - 1) * between / spread
    return _permuted("Friedman", ranks, statistic, {"w": between / (m * spread)}, method, samples, seed, limit)


def cochran_q(ticks: ArrayLike, *, method: str = "auto", samples: int = SAMPLES, seed: int = 1,
              limit: int = LIMIT) -> TestResult:  # fmt: skip
    """Cochran's Q of ticks (respondents, options), 1 or 0: are all options ticked by the same share?

    Cochran (1950), Biometrika 37, 256-266; exact: Patil (1975), JASA 70, 186-189. Methods as ``friedman``.
    """
    found = _matrix(ticks)
    if not np.isin(found, (0, 1)).all():
        raise SurveyError("Cochran's Q is for ticks, 1 or 0; found other values. Scores have the Friedman test.")
    m, k = found.shape
    if m == 0 or k < 2:
        return undefined("Cochran Q", m, method, "no cases" if m == 0 else "one option: nothing to compare")
    rows, columns = found.sum(axis=1), found.sum(axis=0)
    spread = float((rows * (k - rows)).sum())
    if spread == 0:
        return undefined("Cochran Q", m, method, "everybody ticked all options or none")
    statistic = float(k * (k - 1) * ((columns - columns.mean()) ** 2).sum() / spread)
    return _permuted("Cochran Q", found, statistic, {}, method, samples, seed, limit)


def _permuted(name: str, scores: FloatArray, statistic: float, extra: dict[str, float], method: str, samples: int,
              seed: int, limit: int) -> TestResult:  # fmt: skip
    from scipy.special import chdtrc

    if method not in METHODS:
        raise SurveyError(f"method is {method!r}; it must be one of {', '.join(METHODS)}.")
    m, k = scores.shape
    asymptotic = float(chdtrc(k - 1, statistic))
    if method == "chi-square":
        return outcome(name, statistic, asymptotic, m, "chi-square", k - 1.0, extra=extra)
    extra = {**extra, "chi_square_p_value": asymptotic}
    whole = np.round(2 * scores).astype(np.int64)
    # A respondent with all scores equal moves nothing.
    whole = whole[whole.min(axis=1) < whole.max(axis=1)]
    whole -= whole.min(axis=1, keepdims=True)
    if method != "monte carlo":
        try:
            p = _exact(whole, limit)
        except TooLong:
            if method == "exact":
                raise SurveyError(f"The exact distribution of {m} x {k} scores would take too long; use 'monte carlo'."
                                  ) from None  # fmt: skip
        else:
            return outcome(name, statistic, p, m, "exact permutation", k - 1.0, extra=extra)
    random = generator(seed, samples)
    drawn: IntArray = np.zeros((samples, k), dtype=np.int64)
    for row in whole:
        drawn += random.permuted(np.broadcast_to(row, (samples, k)), axis=1)
    observed = whole.sum(axis=0)
    p, error = simulated(_spread(drawn), float(_spread(observed[None, :])[0]))
    how = f"Monte Carlo, {samples:,} permutations, seed {seed}"
    return outcome(name, statistic, p, m, how, k - 1.0, monte_carlo_error=error, extra=extra)


def _spread(sums: IntArray) -> FloatArray:
    """Squared distances of column sums (..., k) from their mean: what the statistics rise with."""
    return np.asarray(((sums - sums.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1))


def _exact(whole: IntArray, limit: int) -> float:
    k = whole.shape[1]
    base = int(whole.max(axis=1).sum()) + 1
    if base**k >= 2**62:
        raise TooLong
    radix = base ** np.arange(k, dtype=np.int64)
    sums: IntArray = np.zeros((1, k), dtype=np.int64)
    p: FloatArray = np.ones(1)
    steps = 0
    for row in whole[np.lexsort(whole.T)]:
        ways = _arrangements(row, limit)
        steps += len(sums) * len(ways)
        if steps > limit:
            raise TooLong
        every = np.sort((sums[:, None, :] + ways[None, :, :]).reshape(-1, k), axis=1)
        each = np.repeat(p / len(ways), len(ways))
        _, first, place = np.unique(every @ radix, return_index=True, return_inverse=True)
        sums, p = every[first], np.asarray(np.bincount(place, weights=each), dtype=np.float64)
    found, observed = _spread(sums), float(_spread(whole.sum(axis=0)[None, :])[0])
    return float(p[found >= observed - CLOSE * max(1.0, observed)].sum())


def _arrangements(row: IntArray, limit: int) -> IntArray:
    """All different orders of a row of scores."""
    if len(row) > 8:
        raise TooLong
    ways = sorted(set(permutations(row.tolist())))
    if len(ways) > limit:
        raise TooLong
    return np.array(ways, dtype=np.int64)


def _matrix(scores: ArrayLike) -> FloatArray:
    found = np.asarray(scores, dtype=np.float64)
    if found.ndim != 2:
        raise SurveyError(f"Scores come as respondents x items; found an array of {found.shape}.")
    if not np.isfinite(found).all():
        rows = int((~np.isfinite(found)).any(axis=1).sum())
        raise SurveyError(
            f"{rows} of {len(found)} respondents left an item out; this test needs complete rows. Leave those "
            "respondents out and say how many they are."
        )
    return found
