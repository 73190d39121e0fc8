"""Pearson's chi-square of counts, and what is done instead where expected counts are too small for it.

Belongs here: goodness of fit and independence. Does not belong here: weighted tables (Rao-Scott, ``tables``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analytics.survey_statistics.exact.fisher import counts_of, fisher_exact
from analytics.survey_statistics.exact.fixed_margins import LIMIT, TooLong, allotments, generator, simulated
from analytics.survey_statistics.exact.outcome import CLOSE, outcome, undefined
from analytics.survey_statistics.result import TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray

SMALL = 5.0
METHODS = ("auto", "chi-square")
SAMPLES = 100_000


def independence(table: ArrayLike, *, method: str = "auto", is_corrected: bool = False, seed: int = 1) -> TestResult:
    """Pearson's chi-square of a table of counts (R ``chisq.test``, ``correct = is_corrected`` in 2 x 2 tables).

    Where an expected count is below 5, ``auto`` makes Fisher's exact test instead and says so; ``chi-square`` gives the
    statistic but no p value.
    """
    from scipy.special import chdtrc

    _check(method)
    counts = counts_of(table)
    n = int(counts.sum())
    if min(counts.shape) < 2:
        reason = "no cases" if n == 0 else "all answers are in one row or one column: there is nothing to compare"
        return undefined("chi-square", n, "chi-square", reason)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    small = _small(expected)
    if small and method == "auto":
        found = fisher_exact(counts, seed=seed)
        return outcome(found.test, found.statistic, found.p_value, n, found.method, note=f"{small}: exact test instead",
                       monte_carlo_error=found.monte_carlo_error, extra=dict(found.extra))  # fmt: skip
    gap = np.abs(counts - expected)
    is_yates = is_corrected and counts.shape == (2, 2)
    if is_yates:
        gap = gap - min(0.5, float(gap.min()))
    statistic = float((gap**2 / expected).sum())
    df = float((counts.shape[0] - 1) * (counts.shape[1] - 1))
    how = "chi-square, continuity corrected" if is_yates else "chi-square"
    if small:
        return outcome("chi-square", statistic, None, n, how, df, null_reason=f"not tested: {small}")
    return outcome("chi-square", statistic, float(chdtrc(df, statistic)), n, how, df)


def goodness_of_fit(counts: ArrayLike, shares: ArrayLike | None = None, *, method: str = "auto", limit: int = LIMIT,
                    samples: int = SAMPLES, seed: int = 1) -> TestResult:  # fmt: skip
    """Chi-square of counts against given shares, equal ones by default (R ``chisq.test``).

    Where an expected count is below 5, ``auto`` adds up the multinomial probabilities of all samples whose chi-square
    is at least as large, up to ``limit`` of them, and simulates beyond (R ``chisq.test(simulate.p.value = TRUE)``).
    """
    from scipy.special import chdtrc

    _check(method)
    name = "goodness of fit"
    seen = np.asarray(counts, dtype=np.float64).reshape(-1)
    if not np.isfinite(seen).all() or (seen < 0).any() or (seen != np.round(seen)).any():
        raise SurveyError("A test of fit needs whole counts that are not negative; found other numbers.")
    given = np.full(len(seen), 1 / max(len(seen), 1)) if shares is None else np.asarray(shares, dtype=np.float64)
    if given.shape != seen.shape or (given <= 0).any() or abs(given.sum() - 1) > 1e-9:
        raise SurveyError(
            f"Shares must be positive, one for each of the {len(seen)} categories, and add to 1; they add to "
            f"{given.sum():.6g}."
        )
    n = int(seen.sum())
    if n == 0 or len(seen) < 2:
        return undefined(name, n, "chi-square", "no cases" if n == 0 else "one category: nothing to compare")
    expected, df = n * given, len(seen) - 1.0
    statistic = float(((seen - expected) ** 2 / expected).sum())
    small = _small(expected)
    if not small:
        return outcome(name, statistic, float(chdtrc(df, statistic)), n, "chi-square", df)
    if method == "chi-square":
        return outcome(name, statistic, None, n, "chi-square", df, null_reason=f"not tested: {small}")
    note = f"{small}: exact test instead"
    try:
        p = _multinomial_tail(n, given, statistic, limit)
    except TooLong:
        drawn = generator(seed, samples).multinomial(n, given, size=samples)
        p, error = simulated(((drawn - expected) ** 2 / expected).sum(axis=1), statistic)
        how = f"Monte Carlo, {samples:,} samples, seed {seed}"
        return outcome(name, statistic, p, n, how, df, note=note, monte_carlo_error=error)
    return outcome(name, statistic, p, n, "exact multinomial", df, note=note)


def _multinomial_tail(n: int, shares: FloatArray, statistic: float, limit: int) -> float:
    from scipy.special import gammaln

    _, counts = allotments(np.full((1, len(shares)), n, dtype=np.int64), n, limit // len(shares))
    expected = n * shares
    found = ((counts - expected) ** 2 / expected).sum(axis=1)
    logs = gammaln(n + 1.0) - gammaln(counts + 1.0).sum(axis=1) + counts @ np.log(shares)
    return float(np.exp(logs[found >= statistic - CLOSE * max(1.0, statistic)]).sum())


def _small(expected: FloatArray) -> str:
    """What is wrong with the expected counts, or nothing."""
    below = int((expected < SMALL).sum())
    return f"{below} of {expected.size} expected counts are below 5" if below else ""


def _check(method: str) -> None:
    if method not in METHODS:
        raise SurveyError(f"method is {method!r}; it must be one of {', '.join(METHODS)}.")
