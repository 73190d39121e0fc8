"""How often the default interval of a share holds the share of a known population: ``python -m
tests.survey_statistics.coverage`` prints the table.

Belongs here: populations that are known, the probability of every sample or a seeded draw, the table. Does not belong
here: other estimates (``coverage_of_effects``).

Every sample of a simple design, and of small strata, has a known probability, so that nothing is simulated there. A
share of a small sample moves in steps, and coverage jumps with the population; what a row tells is the average over the
populations whose share lies within a quarter of p, with the lowest and the highest of them beside it.

``least`` is a bound of theory. An interval whose limits rise with the share observed holds a population in samples
whose shares follow each other; of these runs of samples, the one with the smallest probability that is still 93 % is
the least that any such interval can cover of that population without falling below. Where its average over the
populations is above 98 %, no interval is between 93 and 98 %.

A sample whose strata agree inside, so that no error can be estimated, has no interval (null with the reason); coverage
is that of the samples that have one.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from analytics.survey_statistics.estimators.interval_proportion import Sampled, proportion_interval

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SIZES = (20, 45, 100, 200, 500)
SHARES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
FRACTIONS = (0.0, 0.1, 0.5, 0.9)
LOW, HIGH = 0.93, 0.98
ROUNDING = 1e-9
DRAWS = 4000
# Four strata: relative sizes, and shares relative to that of the population.
RELATIVE, UNLIKE = np.array([1.0, 1.5, 2.0, 3.5]), np.array([0.5, 0.8, 1.1, 1.3])
ENDLESS = 10**7
ENUMERATED = 30_000


@dataclass(frozen=True)
class Covered:
    """Coverage of one cell of the table: the mean over populations, the lowest, the highest; ``least`` as above, None
    where samples were drawn.
    """

    design: str
    n: int
    share: float
    fraction: float
    mean: float
    lowest: float
    highest: float
    least: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the mean lies between 93 and 98 %."""
        return LOW <= self.mean <= HIGH

    @property
    def is_out_of_reach(self) -> bool:
        """Whether no interval lies between 93 and 98 %."""
        return self.least is not None and self.least > HIGH

    @property
    def line(self) -> str:
        """The cell as a line of the table."""
        least = "" if self.least is None else f"{100 * self.least:9.1f}"
        mark = "" if self.is_met else " no interval can" if self.is_out_of_reach else " missed"
        return (
            f"{self.design:<11}{self.n:>5}{self.share:>7.2f}{self.fraction:>7.1f}{100 * self.mean:>9.1f}"
            f"{100 * self.lowest:>9.1f}{100 * self.highest:>9.1f}{least:>9}{mark}"
        )


def simple(n: int, share: float, fraction: float, method: str = "auto") -> Covered:
    """Coverage of a simple random sample; fraction 0 is an endless population."""
    size = round(n / fraction) if fraction else None
    limits = simple_limits(n, size, method)
    if size is None:
        shares = np.linspace(0.75 * share, 1.25 * share, 15)
        chances = [binomial(n, p) for p in shares]
    else:
        counts = np.arange(max(1, math.floor(0.75 * share * size)), math.ceil(1.25 * share * size) + 1)
        shares = counts / size
        chances = [hypergeometric(n, size, int(count)) for count in counts]
    held = [_held(limits, p, chance) for p, chance in zip(shares, chances, strict=True)]
    least = float(np.mean([least_cover(chance) for chance in chances]))
    return Covered("simple", n, share, fraction, float(np.mean(held)), min(held), max(held), least)


@cache
def simple_limits(n: int, size: int | None, method: str) -> FloatArray:
    """Limits (n + 1, 2) for every count of a sample."""
    unseen = 1.0 if size is None else 1 - n / size
    weights_n = float(n) if size is None else n * (size - 1) / (size - n)
    error = [math.sqrt(unseen * k / n * (1 - k / n) / (n - 1)) for k in range(n + 1)]
    return np.array([
        _limits(Sampled(k / n, error[k], k, n, n - 1.0, size, weights_n), method) for k in range(n + 1)
    ])  # fmt: skip


def _limits(sampled: Sampled, method: str = "auto") -> tuple[float, float]:
    interval = proportion_interval(sampled, method, 0.95)
    if interval.lower is None or interval.upper is None:
        return math.nan, math.nan
    return interval.lower, interval.upper


def _held(limits: FloatArray, truth: float, chance: FloatArray) -> float:
    covers = (limits[:, 0] <= truth + ROUNDING) & (limits[:, 1] >= truth - ROUNDING)
    return float(chance[covers].sum() / chance[np.isfinite(limits[:, 0])].sum())


def least_cover(chance: FloatArray) -> float:
    """The smallest probability of at least 93 % among runs of samples that follow each other."""
    sums = np.concatenate([[0.0], np.cumsum(chance)])
    end = np.searchsorted(sums, sums + LOW - ROUNDING)
    there = end < len(sums)
    return float((sums[end[there]] - sums[there]).min())


def binomial(n: int, p: float) -> FloatArray:
    """Probability (n + 1,) of every count of n draws."""
    from scipy.special import gammaln, xlog1py, xlogy

    x = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    return np.asarray(np.exp(ways + xlogy(x, p) + xlog1py(n - x, -p)))


def hypergeometric(n: int, size: int, count: int) -> FloatArray:
    """Probability (n + 1,) of every count of n drawn from ``size``, of which ``count`` have the property."""
    from scipy.special import gammaln

    x = np.arange(n + 1)
    there = (x <= count) & (n - x <= size - count)
    x = x[there]

    def ways(of: float, taken: FloatArray) -> FloatArray:
        return np.asarray(gammaln(of + 1) - gammaln(taken + 1) - gammaln(of - taken + 1))

    chance = np.zeros(n + 1)
    chance[there] = np.exp(ways(count, x) + ways(size - count, n - x) - ways(size, np.array(float(n))))
    return chance


@dataclass(frozen=True)
class Strata:
    """Four strata of unequal size and share, of which the same number is drawn, so that weights are unequal."""

    each: int
    size: IntArray

    @staticmethod
    def of(n: int, fraction: float) -> Strata:
        """The smallest stratum is sampled with the fraction; 0 is endless."""
        each = n // 4
        wanted = np.maximum(np.round(RELATIVE * each / fraction), each + 1) if fraction else RELATIVE * ENDLESS
        return Strata(each, wanted.astype(np.int64))

    def populations(self, share: float) -> list[IntArray]:
        """How many have the property in each stratum (4,), for shares within a quarter; never nobody at all."""
        found = {}
        for scale in np.linspace(0.75, 1.25, 7):
            counts = np.round(self.size * np.clip(share * UNLIKE * scale, 0, 1)).astype(np.int64)
            counts[-1] = max(counts[-1], 1 - counts.sum())
            found[tuple(counts)] = counts
        return list(found.values())

    def sampled(self, counts: IntArray) -> Sampled:
        """The share of a sample with these counts (4,), as ``proportion`` hands it to the interval."""
        n, weight, part = 4 * self.each, self.size / self.size.sum(), counts / self.each
        unseen = np.where(self.size >= ENDLESS, 1.0, 1 - self.each / self.size)
        variance = float((part * (1 - part) / (self.each - 1)) @ (weight**2 * unseen))
        alike = unseen * self.size / (self.size - 1) * weight**2 / self.each
        share, count = float(part @ weight), int(counts.sum())
        return Sampled(share, math.sqrt(variance), count, n, n - 4.0, None, float(1 / alike.sum()), True)

    def chance(self, counts: IntArray, population: IntArray) -> FloatArray:
        """Probability (samples,) of counts (samples, 4)."""
        found = np.ones(len(counts))
        for h, (size, count) in enumerate(zip(self.size, population, strict=True)):
            endless = size >= ENDLESS
            one = binomial(self.each, count / size) if endless else hypergeometric(self.each, int(size), int(count))
            found *= one[counts[:, h]]
        return found

    def drawn(self, population: IntArray, draws: int) -> IntArray:
        """Counts (draws, 4) of samples, with a seed."""
        random = np.random.default_rng([1, self.each, int(population.sum())])
        return random.hypergeometric(population, self.size - population, self.each, size=(draws, 4))


@cache
def _every_sample(n: int, fraction: float) -> tuple[IntArray, FloatArray, IntArray]:
    """All counts (samples, 4) of a stratified sample in the order of their share, their limits (samples, 2), and where
    each share begins among them.
    """
    strata = Strata.of(n, fraction)
    counts = np.array(list(product(range(strata.each + 1), repeat=4)), dtype=np.int64)
    shares = np.round(counts @ strata.size / strata.size.sum(), 12)
    order = np.argsort(shares, kind="stable")
    begins = np.flatnonzero(np.diff(shares[order], prepend=-1.0))
    return counts[order], np.array([_limits(strata.sampled(row)) for row in counts[order]]), begins


def stratified(n: int, share: float, fraction: float, draws: int = DRAWS) -> Covered:
    """Coverage of a stratified sample: every sample of up to 45, ``draws`` of more, shared among the populations."""
    strata = Strata.of(n, fraction)
    populations = strata.populations(share)
    held, least = [], []
    for population in populations:
        truth = float(population.sum() / strata.size.sum())
        if (strata.each + 1) ** 4 <= ENUMERATED:
            counts, limits, begins = _every_sample(n, fraction)
            chance = strata.chance(counts, population)
            least.append(least_cover(np.add.reduceat(chance, begins)))
        else:
            counts, times = np.unique(strata.drawn(population, draws // len(populations)), axis=0, return_counts=True)
            limits, chance = np.array([_limits(strata.sampled(row)) for row in counts]), times / times.sum()
        held.append(_held(limits, truth, chance))
    bound = float(np.mean(least)) if least else None
    return Covered("stratified", n, share, fraction, float(np.mean(held)), min(held), max(held), bound)


def clustered(n: int, share: float, fraction: float = 0.0, draws: int = DRAWS, width: int = 5,
              within: float = 0.05) -> Covered:  # fmt: skip
    """Clusters of ``width`` with the intra-class correlation ``within`` (beta-binomial); every draw has a population of
    its own. Fraction 0 draws with replacement.
    """
    random = np.random.default_rng([1, n, round(1000 * share)])
    clusters = n // width
    size = round(clusters / fraction) if fraction else clusters
    spread = (1 - within) / within
    level = random.beta(share * spread, (1 - share) * spread, size=(draws, size))
    having = random.binomial(width, level)
    truth = having.mean(axis=1) / width if fraction else np.full(draws, share)
    found, unseen = having[:, :clusters], 1 - clusters / size if fraction else 1.0
    p = found.sum(axis=1) / (clusters * width)
    residual = (found - p[:, None] * width) / (clusters * width)
    variance = unseen * clusters / (clusters - 1) * (residual**2).sum(axis=1)
    held = []
    for at, a, v, k in zip(truth, p, variance, found.sum(axis=1), strict=True):
        if at in (0, 1) or (v < ROUNDING and 0 < a < 1):
            continue
        taken = clusters * width
        low, high = _limits(Sampled(a, math.sqrt(v), int(k), taken, clusters - 1.0, None, taken / unseen))
        held.append(low <= at + ROUNDING and at - ROUNDING <= high)
    mean = float(np.mean(held))
    return Covered("clustered", n, share, fraction, mean, mean, mean)


def table(draws: int = DRAWS) -> list[Covered]:
    """All cells."""
    cells = [simple(n, p, f) for f in FRACTIONS for n in SIZES for p in SHARES]
    cells += [stratified(n, p, f, draws) for f in (0.0, 0.5, 0.9) for n in SIZES for p in SHARES]
    return cells + [clustered(n, p, f, draws) for f in (0.0, 0.5) for n in SIZES for p in SHARES]


def summary(cells: Sequence[Covered]) -> str:
    """One line about the cells of a design."""
    above = [cell for cell in cells if cell.mean > HIGH]
    met, below = sum(cell.is_met for cell in cells), sum(cell.mean < LOW for cell in cells)
    forced = sum(cell.is_out_of_reach for cell in above)
    return (
        f"{cells[0].design}: {met} of {len(cells)} cells at 93 to 98 %, {below} below, {len(above)} above ({forced} "
        f"where no interval can be between), lowest {min(cell.mean for cell in cells):.1%}, of a single population "
        f"{min(cell.lowest for cell in cells):.1%}"
    )


def main() -> None:
    """Print the table and how many of its cells lie between 93 and 98 %."""
    cells = table()
    lines = [f"{'design':<11}{'n':>5}{'share':>7}{'n/N':>7}{'covered':>9}{'lowest':>9}{'highest':>9}{'least':>9}"]
    lines += [cell.line for cell in cells]
    starts = [i for i, cell in enumerate(cells) if not i or cell.design != cells[i - 1].design]
    lines += [summary(cells[a:b]) for a, b in pairwise([*starts, len(cells)])]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
