"""McNemar's test of two answers of the same respondents, and Bowker's for more than two categories.

Belongs here: paired categories. Does not belong here: three and more occasions (``cochran``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.exact.fixed_margins import LIMIT
from analytics.survey_statistics.exact.outcome import CLOSE, LEVEL, Effect, outcome, undefined
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray

FEWEST_CHANGES = 10
NOT_TWO = "more than two categories"
METHODS = ("exact", "mid-p", "chi-square", "corrected")


def mcnemar(table: ArrayLike, *, method: str = "exact") -> TestResult:
    """McNemar's test of a square table (first answer in rows, second in columns).

    2 x 2: ``exact`` binomial, ``mid-p`` (Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91),
    ``chi-square`` and ``corrected`` as R ``mcnemar.test`` without and with its correction. Larger: Bowker's chi-square
    (R ``mcnemar.test``); where fewer than 10 changed between two categories, so that less than 5 are expected each way,
    ``exact`` and ``mid-p`` give its exact distribution, all who changed being as likely to change either way, and
    null with the reason where that would take too long.
    """
    if method not in METHODS:
        raise SurveyError(f"method is {method!r}; it must be one of {', '.join(METHODS)}.")
    counts = square(table)
    n = int(counts.sum())
    if len(counts) > 2:
        return _bowker(counts, n, method)
    b, c = int(counts[0, 1]), int(counts[1, 0])
    if b + c == 0:
        return undefined("McNemar", n, method, "no cases" if n == 0 else "nobody changed the answer")
    extra = {"changed_one_way": float(b), "changed_other_way": float(c)}
    if method in ("exact", "mid-p"):
        from scipy.special import bdtr, gammaln

        p = min(1.0, 2 * float(bdtr(min(b, c), b + c, 0.5)))
        if method == "mid-p":
            seen = float(np.exp(gammaln(b + c + 1) - gammaln(b + 1) - gammaln(c + 1) - (b + c) * np.log(2)))
            p -= seen / 2 if b == c else seen
        return outcome("McNemar", float(b), p, n, f"{method} binomial", extra=extra)
    from scipy.special import chdtrc

    gap = abs(b - c) - (1 if method == "corrected" and b != c else 0)
    statistic = gap**2 / (b + c)
    how = "chi-square, continuity corrected" if method == "corrected" else "chi-square"
    return outcome("McNemar", statistic, float(chdtrc(1, statistic)), n, how, 1.0, extra=extra)


def square(table: ArrayLike) -> IntArray:
    """A square table of whole counts. Raises ``SurveyError`` if it is not."""
    found = np.asarray(table, dtype=np.float64)
    if found.ndim != 2 or found.shape[0] != found.shape[1] or not len(found):
        raise SurveyError(f"Paired answers make a square table; found one of {found.shape}.")
    if not np.isfinite(found).all() or (found < 0).any() or (found != np.round(found)).any():
        raise SurveyError("A table of paired answers holds whole counts that are not negative; found other numbers.")
    counts = found.astype(np.int64)
    # Where everybody gave one and the same answer twice the other answer is still there to be given.
    return np.pad(counts, (0, 1)) if len(counts) == 1 else counts


def _bowker(counts: IntArray, n: int, method: str) -> TestResult:
    """Bowker (1948), JASA 43, 572-574. Pairs of categories between which nobody changed have no degree of freedom."""
    from scipy.special import chdtrc

    upper, lower = counts[np.triu_indices(len(counts), 1)], counts.T[np.triu_indices(len(counts), 1)]
    changed = (upper + lower) > 0
    if not changed.any():
        return undefined("Bowker", n, "chi-square", "no cases" if n == 0 else "nobody changed the answer")
    gap = (upper - lower)[changed].astype(np.float64)
    statistic = float((gap**2 / (upper + lower)[changed]).sum())
    df = int(changed.sum())
    note = None if df == len(upper) else f"{len(upper) - df} pairs of categories without changes have no part in it"
    sums = (upper + lower)[changed]
    if method in ("exact", "mid-p") and sums.min() < FEWEST_CHANGES:
        p = _bowker_tail(sums, statistic)
        reason = (
            f"not tested: fewer than {FEWEST_CHANGES} changed between two categories, too few for a chi-square, and"
        )
        return outcome("Bowker", statistic, p, n, "exact, given how many changed", float(df), note=note,
                       null_reason=f"{reason} the exact distribution would take too long" if p is None else None,
                       extra={"chi_square_p_value": float(chdtrc(df, statistic))})  # fmt: skip
    return outcome("Bowker", statistic, float(chdtrc(df, statistic)), n, "chi-square", float(df), note=note)


def _bowker_tail(sums: IntArray, statistic: float) -> float | None:
    """P(chi-square >= statistic) if each of the ``sums`` of changes falls to either side as a coin does; None where
    that would take too long.
    """
    from scipy.special import gammaln

    value: FloatArray = np.zeros(1)
    probability: FloatArray = np.ones(1)
    for m in np.sort(sums)[::-1].tolist():
        k = np.arange(m + 1)
        ways = np.exp(gammaln(m + 1) - gammaln(k + 1) - gammaln(m - k + 1) - m * np.log(2))
        if len(value) * len(k) > LIMIT:
            return None
        gap: FloatArray = np.asarray((2.0 * k - m) ** 2 / m)
        every: FloatArray = np.round(value[:, None] + gap, 9).reshape(-1)
        value, place = np.unique(every, return_inverse=True)
        joint: FloatArray = np.outer(probability, ways).reshape(-1)
        probability = np.asarray(np.bincount(place, weights=joint), dtype=np.float64)
    return float(probability[value >= statistic - CLOSE * max(1.0, statistic)].sum())


def paired_odds_ratio(table: ArrayLike, level: float = LEVEL) -> Effect:
    """Odds of changing one way against the other, b / c, with the exact (Clopper-Pearson) interval."""
    from scipy.special import betaincinv

    counts = square(table)
    b, c = float(counts[0, 1]), float(counts[1, 0])
    name, method = "paired odds ratio", "conditional, exact binomial"
    if len(counts) != 2:
        return Effect(name, None, None, None, level, method, NOT_TWO)
    if b + c == 0:
        return Effect(name, None, None, None, level, method, "nobody changed the answer")
    tail = (1 - level) / 2
    low = float(betaincinv(b, c + 1, tail)) if b else 0.0
    high = float(betaincinv(b + 1, c, 1 - tail)) if c else 1.0
    lower, upper = low / (1 - low), high / (1 - high) if high < 1 else None
    if not c:
        return Effect(name, None, lower, None, level, method, "nobody changed the other way: no upper limit")
    return Effect(name, b / c, lower, upper, level, method)


def paired_difference(table: ArrayLike, level: float = LEVEL) -> Effect:
    """Share of the first category at the first answer less that at the second, with Newcombe's interval for pairs.

    Newcombe, R. G. (1998), Statistics in Medicine 17, 2635-2650, method 10 without continuity correction.
    """
    from analytics.statistics.proportions import wilson

    counts = square(table)
    name, method = "difference of paired shares", "Newcombe (1998), method 10"
    n = float(counts.sum())
    if n == 0 or len(counts) != 2:
        return Effect(name, None, None, None, level, method, "no cases" if n == 0 else NOT_TWO)
    (a, b), (c, d) = counts.astype(np.float64)
    first, second = (a + b) / n, (a + c) / n
    l1, u1 = (float(x) for x in wilson(a + b, n, level))
    l2, u2 = (float(x) for x in wilson(a + c, n, level))
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    phi = (a * d - b * c) / np.sqrt(margins) if margins else 0.0
    if phi > 0:
        phi = max(a * d - b * c - n / 2, 0.0) / np.sqrt(margins)
    low = np.sqrt((first - l1) ** 2 - 2 * phi * (first - l1) * (u2 - second) + (u2 - second) ** 2)
    high = np.sqrt((u1 - first) ** 2 - 2 * phi * (u1 - first) * (second - l2) + (second - l2) ** 2)
    value = (b - c) / n
    return Effect(name, float(value), float(value - low), float(value + high), level, method)
