"""How often the default interval of a share holds the share of a known population: ``python -m
tests.survey_statistics.coverage`` prints the table.

Belongs here: populations that are known, the probability of every sample or a seeded draw, the table. Does not belong
here: other estimates.

A simple random sample needs no simulation: every count that it can bring has a known probability. A share of a small
sample moves in steps, so that coverage jumps with the population; what a row tells is the average over the populations
whose share lies within a quarter of p, with the lowest and the highest of them beside it.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from analytics.survey_statistics.estimators.interval_proportion import Sampled, proportion_interval

FloatArray = NDArray[np.float64]
SIZES = (20, 45, 100, 200, 500)
SHARES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
FRACTIONS = (0.0, 0.1, 0.5, 0.9)
ROUNDING = 1e-9
DRAWS = 600


@dataclass(frozen=True)
class Covered:
    """Coverage of one cell of the table: the mean over populations, the lowest, the highest."""

    design: str
    n: int
    share: float
    fraction: float
    mean: float
    lowest: float
    highest: float

    @property
    def line(self) -> str:
        """The cell as a line of the table."""
        return (
            f"{self.design:<11}{self.n:>5}{self.share:>7.2f}{self.fraction:>7.1f}{100 * self.mean:>9.1f}"
            f"{100 * self.lowest:>9.1f}{100 * self.highest:>9.1f}"
        )


def simple(n: int, share: float, fraction: float, method: str = "auto") -> Covered:
    """Coverage of a simple random sample, without simulation; fraction 0 is an endless population."""
    size = round(n / fraction) if fraction else None
    limits = _simple_limits(n, size, method)
    if size is None:
        shares = np.linspace(0.75 * share, 1.25 * share, 15)
        chances = [_binomial(n, p) for p in shares]
    else:
        counts = np.arange(max(1, math.floor(0.75 * share * size)), math.ceil(1.25 * share * size) + 1)
        shares = counts / size
        chances = [_hypergeometric(n, size, int(count)) for count in counts]
    held = [
        float(chance[(limits[:, 0] <= p + ROUNDING) & (limits[:, 1] >= p - ROUNDING)].sum())
        for p, chance in zip(shares, chances, strict=True)
    ]
    return Covered("simple", n, share, fraction, float(np.mean(held)), min(held), max(held))


@cache
def _simple_limits(n: int, size: int | None, method: str) -> FloatArray:
    """Limits (n + 1, 2) for every count of a sample."""
    uncovered = 1.0 if size is None else 1 - n / size
    limits = []
    for count in range(n + 1):
        p = count / n
        sampled = Sampled(p, math.sqrt(uncovered * p * (1 - p) / (n - 1)), count, n, n - 1.0, size, float(n))
        interval = proportion_interval(sampled, method, 0.95)
        if interval.lower is None or interval.upper is None:
            raise ValueError(f"no interval for {count} of {n}: {interval.reason}")
        limits.append((interval.lower, interval.upper))
    return np.array(limits)


def _binomial(n: int, p: float) -> FloatArray:
    from scipy.special import gammaln

    x = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    return np.asarray(np.exp(ways + x * math.log(p) + (n - x) * math.log1p(-p)))


def _hypergeometric(n: int, size: int, count: int) -> FloatArray:
    from scipy.special import gammaln

    x = np.arange(n + 1)
    there = (x <= count) & (n - x <= size - count)
    x = x[there]

    def ways(of: float, taken: FloatArray) -> FloatArray:
        return np.asarray(gammaln(of + 1) - gammaln(taken + 1) - gammaln(of - taken + 1))

    chance = np.zeros(n + 1)
    chance[there] = np.exp(ways(count, x) + ways(size - count, n - x) - ways(size, np.array(float(n))))
    return chance


def stratified(n: int, share: float, fraction: float, draws: int = DRAWS, seed: int = 1) -> Covered:
    """Four strata of unequal size and share, of which the same number is drawn, so that weights are unequal."""
    random = np.random.default_rng([seed, n, round(1000 * share)])
    each = n // 4
    relative = np.array([1.0, 1.5, 2.0, 3.5])
    size = np.maximum(np.round(relative * each / fraction), each + 1) if fraction else relative * 1e7
    shares = np.clip(share * np.array([0.5, 0.8, 1.1, 1.3]), 0, 1)
    with_it = np.maximum(np.round(size * shares), 1).astype(np.int64)
    truth = float(with_it.sum() / size.sum())
    found = random.hypergeometric(with_it, size.astype(np.int64) - with_it, each, size=(draws, 4))
    part, weight = found / each, size / size.sum()
    p = part @ weight
    variance = (part * (1 - part) / (each - 1)) @ (weight**2 * (1 - each / size))
    kish = float(size.sum() ** 2 / (size**2 / each).sum())
    held = [
        _holds(truth, Sampled(a, math.sqrt(v), int(k), 4 * each, 4 * each - 4.0, None, kish))
        for a, v, k in zip(p, variance, found.sum(axis=1), strict=True)
    ]
    mean = float(np.mean(held))
    return Covered("stratified", n, share, fraction, mean, mean, mean)


def clustered(n: int, share: float, draws: int = DRAWS, seed: int = 1, width: int = 5, within: float = 0.05) -> Covered:
    """Clusters of ``width`` with the intra-class correlation ``within`` (beta-binomial), drawn with replacement."""
    random = np.random.default_rng([seed, n, round(1000 * share)])
    clusters = n // width
    spread = (1 - within) / within
    level = random.beta(share * spread, (1 - share) * spread, size=(draws, clusters))
    found = random.binomial(width, level)
    p = found.sum(axis=1) / (clusters * width)
    residual = (found - p[:, None] * width) / (clusters * width)
    variance = clusters / (clusters - 1) * (residual**2).sum(axis=1)
    held = [
        _holds(share, Sampled(a, math.sqrt(v), int(k), clusters * width, clusters - 1.0, None, float(clusters * width)))
        for a, v, k in zip(p, variance, found.sum(axis=1), strict=True)
    ]
    mean = float(np.mean(held))
    return Covered("clustered", n, share, 0.0, mean, mean, mean)


def _holds(truth: float, sampled: Sampled) -> bool:
    interval = proportion_interval(sampled, "auto", 0.95)
    return interval.lower is not None and interval.lower <= truth <= (interval.upper or 0.0)


def table(draws: int = DRAWS) -> list[Covered]:
    """All cells: simple random samples exactly, stratified and clustered ones by seeded draws."""
    cells = [simple(n, p, f) for f in FRACTIONS for n in SIZES for p in SHARES]
    cells += [stratified(n, p, f, draws) for f in (0.0, 0.5, 0.9) for n in SIZES for p in SHARES]
    return cells + [clustered(n, p, draws) for n in SIZES[1:] for p in SHARES]


def main() -> None:
    """Print the table and how many of its cells lie between 93 and 98 %."""
    cells = table()
    lines = [f"{'design':<11}{'n':>5}{'share':>7}{'n/N':>7}{'covered':>9}{'lowest':>9}{'highest':>9}"]
    lines += [cell.line for cell in cells]
    for design in ("simple", "stratified", "clustered"):
        means = [cell.mean for cell in cells if cell.design == design]
        inside, low = sum(0.93 <= mean <= 0.98 for mean in means), sum(mean < 0.93 for mean in means)
        lines.append(f"{design}: {inside} of {len(means)} cells between 93 and 98 %, {low} below, lowest {min(means):.3f}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
