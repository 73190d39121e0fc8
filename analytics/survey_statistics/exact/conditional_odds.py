"""The odds ratio that several 2 x 2 tables have in common, given the margins of each: distribution, estimate, interval.

Belongs here: the noncentral hypergeometric distribution of one table and its convolution over layers. Does not belong
here: rows of results, tests that count on large samples.

Fisher (1935), Journal of the Royal Statistical Society 98, 39-82; Gart (1970), Biometrika 57, 471-475; equal to R
``fisher.test`` and ``mantelhaen.test(exact = TRUE)``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray, IntArray

# A table no more likely than the one seen by less than this counts as equally likely (R relErr).
EQUAL = 1 + 1e-7
# Steps of bisection: more than the log odds ratio has bits, unless it is 0.
HALVINGS = 100


class CommonOdds:
    """The sum of the first cells of K tables with given margins, for any odds ratio.

    ``tables`` (K, 2, 2): counts. ``support`` (S,): the sums there can be; ``seen``: the sum there is.
    """

    def __init__(self, tables: IntArray) -> None:
        self.layers = [_Layer(table) for table in tables]
        self.seen = int(tables[:, 0, 0].sum())
        self.support = np.arange(sum(each.least for each in self.layers), sum(each.most for each in self.layers) + 1)
        a, b, c, d = (tables[:, i, j].astype(np.float64) for i in (0, 1) for j in (0, 1))
        n = np.maximum(tables.sum(axis=(1, 2)), 1)
        # Near the estimate no probability that matters is too small for a number, however many the responses.
        self.near = float(np.log(((a * d / n).sum() + 0.5) / ((b * c / n).sum() + 0.5)))
        self.logs = self._convolved(self.near) - self.near * self.support
        self.null = np.exp(self._convolved(0.0))

    def _convolved(self, log_odds: float) -> FloatArray:
        """Log probability of each value of the support."""
        found = np.ones(1)
        for layer in self.layers:
            found = np.convolve(found, layer.probabilities(log_odds))
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(found / found.sum()))

    def probabilities(self, log_odds: float = 0.0) -> FloatArray:
        """Probability of each value of the support."""
        if log_odds == 0:
            return self.null
        logs = self.logs + self.support * log_odds
        raw = np.exp(logs - logs.max())
        return np.asarray(raw / raw.sum())

    def p_value(self, alternative: str = "two-sided") -> float:
        """P value for an odds ratio of 1; two-sided by the probability of the sums, as R ``fisher.test``."""
        p = self.null
        if alternative == "less":
            return float(p[self.support <= self.seen].sum())
        if alternative == "greater":
            return float(p[self.support >= self.seen].sum())
        return float(p[p <= p[self.support == self.seen] * EQUAL].sum())

    def estimate(self) -> float:
        """Conditional maximum likelihood estimate of the odds ratio: its mean of the sum is the sum seen."""
        if self.seen == self.support[0]:
            return 0.0
        if self.seen == self.support[-1]:
            return float("inf")
        return self._odds(lambda log_odds: float(self.probabilities(log_odds) @ self.support) - self.seen)

    def interval(self, level: float, alternative: str = "two-sided") -> tuple[float, float]:
        """Exact interval of the odds ratio, both one-sided tests inverted (Cornfield 1956; R ``fisher.test``)."""
        tail = (1 - level) / 2 if alternative == "two-sided" else 1 - level
        lower, upper = 0.0, float("inf")
        if self.seen > self.support[0] and alternative != "less":
            above = self.support >= self.seen
            lower = self._odds(lambda log_odds: float(self.probabilities(log_odds)[above].sum()) - tail)
        if self.seen < self.support[-1] and alternative != "greater":
            below = self.support <= self.seen
            upper = self._odds(lambda log_odds: tail - float(self.probabilities(log_odds)[below].sum()))
        return lower, upper

    def _odds(self, rising: Callable[[float], float]) -> float:
        """Where a function of the log odds ratio that rises crosses 0."""
        low, high = -1.0, 1.0
        while rising(low) > 0:
            low *= 2
        while rising(high) < 0:
            high *= 2
        # Bisection to the last bit: scipy.optimize would take longer to import than this takes to run.
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if middle in (low, high):
                break
            low, high = (middle, high) if rising(middle) < 0 else (low, middle)
        return float(np.exp((low + high) / 2))


class _Layer:
    """The first cell of one table with given margins."""

    def __init__(self, counts: IntArray) -> None:
        from scipy.special import gammaln

        first, second, drawn = int(counts[0].sum()), int(counts[1].sum()), int(counts[:, 0].sum())
        self.least, self.most = max(0, drawn - second), min(first, drawn)
        self.support = x = np.arange(self.least, self.most + 1)
        self.logs = -np.asarray(
            gammaln(x + 1.0) + gammaln(first - x + 1.0) + gammaln(drawn - x + 1.0) + gammaln(second - drawn + x + 1.0)
        )

    def probabilities(self, log_odds: float) -> FloatArray:
        logs = self.logs + self.support * log_odds
        raw = np.exp(logs - logs.max())
        return np.asarray(raw / raw.sum())
