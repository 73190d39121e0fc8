"""How often the 95 % intervals of effect sizes, of agreement and of means hold the number of a known population:
``python -m tests.survey_statistics.coverage_of_effects`` prints the table.

Belongs here: populations with a known effect, every table of two shares, seeded draws of the rest. Does not belong
here: shares (``coverage``).

Scales have five points and come from cut normal variables, as those of questionnaires may. Two shares are not
simulated: every pair of counts has a known probability. Coverage is that of the samples that have an interval; ``none``
is the share of the others, which say why.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from analytics.survey_statistics.estimators.interval import t_interval
from analytics.survey_statistics.estimators.interval_concordance import concordance_interval
from analytics.survey_statistics.exact.agreement import kappa
from analytics.survey_statistics.exact.effect_size import (
    cliffs_delta,
    correlation,
    cramers_v,
    epsilon_squared,
    odds_ratio,
    risk_difference,
    risk_ratio,
)
from analytics.survey_statistics.exact.fisher import conditional_odds_ratio
from analytics.survey_statistics.exact.kruskal import kruskal_wallis
from analytics.survey_statistics.exact.outcome import Effect
from tests.survey_statistics.coverage import FloatArray, IntArray, binomial

DRAWS = 1000
Limits = tuple[float | None, float | None]


@dataclass(frozen=True)
class Held:
    """Coverage of one case of a measure, and the share of samples without an interval."""

    measure: str
    case: str
    n: int
    true: float
    covered: float
    without: float

    @property
    def line(self) -> str:
        """The case as a line of the table."""
        figures = f"{self.true:>8.3f}{100 * self.covered:>9.1f}{100 * self.without:>7.1f}"
        return f"{self.measure:<22}{self.case:<34}{self.n:>5}{figures}"


def _held(measure: str, case: str, n: int, true: float, found: Iterable[tuple[Limits, float]]) -> Held:
    """``found``: limits with their probability."""
    there = inside = every = 0.0
    for (low, high), chance in found:
        every += chance
        if low is not None and high is not None:
            there += chance
            inside += chance * (low - 1e-9 <= true <= high + 1e-9)
    return Held(measure, case, n, true, inside / there, 1 - there / every)


def _ends(effect: Effect) -> Limits:
    return effect.lower, effect.upper


def _equally(effects: Iterable[Effect]) -> Iterator[tuple[Limits, float]]:
    return ((_ends(effect), 1.0) for effect in effects)


def two_shares(each: int, first: float, second: float) -> list[Held]:
    """Risk difference, risk ratio and odds ratios of two groups of the same size, every pair of counts."""
    chances = np.outer(binomial(each, first), binomial(each, second))
    pairs = [(int(a), int(b)) for a, b in np.argwhere(chances > 1e-7)]

    def table(a: int, b: int) -> list[list[int]]:
        return [[a, each - a], [b, each - b]]

    measures: dict[str, tuple[float, Callable[[int, int], Effect]]] = {
        "risk difference": (first - second, lambda a, b: risk_difference(a, each, b, each)),
        "risk ratio": (first / second, lambda a, b: risk_ratio(a, each, b, each)),
        "odds ratio, Woolf": (_odds(first) / _odds(second), lambda a, b: odds_ratio(table(a, b))),
        "odds ratio, exact": (_odds(first) / _odds(second), lambda a, b: conditional_odds_ratio(table(a, b))),
    }
    return [
        _held(name, f"{first:g} and {second:g}", 2 * each, true,
              [(_ends(effect(a, b)), float(chances[a, b])) for a, b in pairs])
        for name, (true, effect) in measures.items()
    ]  # fmt: skip


def _odds(p: float) -> float:
    return p / (1 - p)


def scale(shift: float) -> FloatArray:
    """Shares of the five points of a scale: a normal variable around ``shift``, cut at -1.2, -0.4, 0.4 and 1.2."""
    from scipy.special import ndtr

    return np.diff(ndtr(np.array([-np.inf, -1.2, -0.4, 0.4, 1.2, np.inf]) - shift))


def tables(n: int, strength: float, draws: int = DRAWS) -> list[Held]:
    """Cramer's V and kappa of 3 x 3 tables whose diagonal is the fuller the greater ``strength`` (0 to 1)."""
    p = (1 - strength) * np.outer([0.5, 0.3, 0.2], [0.4, 0.4, 0.2]) + strength * np.diag([0.45, 0.35, 0.2])
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    v = math.sqrt(float((p**2 / np.outer(rows, columns)).sum() - 1) / 2)
    agreed, chance = float(np.trace(p)), float(rows @ columns)
    drawn = np.random.default_rng([2, n]).multinomial(n, p.ravel(), size=draws).reshape(-1, 3, 3)
    case = f"3 x 3, {strength:g} on the diagonal"
    return [
        _held("Cramer's V", case, n, v, _equally(cramers_v(table) for table in drawn)),
        _held("kappa", case, n, (agreed - chance) / (1 - chance), _equally(kappa(table) for table in drawn)),
    ]


def ranks(each: int, shift: float, draws: int = DRAWS) -> list[Held]:
    """Cliff's delta of two groups and epsilon squared of three, on a scale of five points."""
    random = np.random.default_rng([3, each])
    shares = [scale(x) for x in (shift, 0.0, -shift)]
    points = [random.choice(5, size=(draws, each), p=p) for p in shares]
    above = np.tri(5, k=-1)
    delta = float(shares[0] @ (above - above.T) @ shares[1])
    case = f"5 points, apart by {shift:g}"
    found = [_held("Cliff's delta", case, 2 * each, delta,
                   _equally(cliffs_delta(a, b) for a, b in zip(points[0], points[1], strict=True)))]  # fmt: skip
    whole = np.mean(shares, axis=0)
    middle = np.cumsum(whole) - whole / 2 - 0.5
    between = np.mean([(p @ middle) ** 2 for p in shares])
    groups = np.repeat(np.arange(3), each)
    effects = []
    for rows in zip(*points, strict=True):
        tested = kruskal_wallis(np.concatenate(rows), groups, method="chi-square")
        effects.append(epsilon_squared(tested.statistic or 0.0, 3 * each, 3))
    found.append(_held("epsilon squared", case, 3 * each, float(between / (whole @ middle**2)), _equally(effects)))
    return found


def scores(n: int, r: float, draws: int = DRAWS) -> Held:
    """The correlation of two scales of five points."""
    random = np.random.default_rng([4, n])
    cuts = np.array([-1.2, -0.4, 0.4, 1.2])

    def pairs(size: tuple[int, ...]) -> tuple[IntArray, IntArray]:
        x, y = random.standard_normal((2, *size))
        return np.searchsorted(cuts, x), np.searchsorted(cuts, r * x + math.sqrt(1 - r**2) * y)

    true = float(np.corrcoef(*pairs((1_000_000,)))[0, 1])
    seen = [float(np.corrcoef(x, y)[0, 1]) for x, y in zip(*pairs((draws, n)), strict=True)]
    return _held("correlation", f"5 points, normal with {r:g}", n, true, _equally(correlation(x, n) for x in seen))


def concordance(n: int, options: int, spread: float, draws: int = DRAWS) -> Held:
    """Kendall's W of rankings by utilities that lie ``spread`` apart (Plackett and Luce)."""
    random = np.random.default_rng([5, n, options])

    def drawn(samples: int, size: int) -> FloatArray:
        utility = np.linspace(0, spread, options) + random.gumbel(size=(samples, size, options))
        return utility.argsort(axis=-1).argsort(axis=-1) - (options - 1) / 2

    inside = options * (options**2 - 1) / 12
    true = float((drawn(1, 200_000)[0].mean(axis=0) ** 2).sum() / inside) if spread else 0.0
    found: list[tuple[Limits, float]] = []
    for ranked in drawn(draws, n):
        mean = ranked.mean(axis=0)
        covariance = np.cov(ranked.T) / n
        w, error = float(mean @ mean) / inside, 2 * math.sqrt(max(float(mean @ covariance @ mean), 0.0)) / inside
        if not 0 < w < 1 or error < 1e-9:
            found.append(((None, None), 1.0))
            continue
        limits = concordance_interval(w, error, float(np.trace(covariance)) / inside, options, n - 1.0, 0.95)
        found.append(((limits.lower, limits.upper), 1.0))
    return _held("Kendall's W", f"{options} options, {spread:g} apart", n, true, found)


def alpha(n: int, items: int, common: float, draws: int = DRAWS) -> Held:
    """Cronbach's alpha of ``items`` scales of five points with Feldt's interval, as ``estimators.reliability``."""
    from scipy.special import fdtri

    random = np.random.default_rng([6, n])
    cuts = np.array([-1.2, -0.4, 0.4, 1.2])

    def drawn(size: tuple[int, ...]) -> IntArray:
        shared, own = random.standard_normal((*size, 1)), random.standard_normal((*size, items))
        return np.searchsorted(cuts, math.sqrt(common) * shared + math.sqrt(1 - common) * own)

    def value(answers: IntArray) -> FloatArray:
        single, whole = answers.var(axis=-2, ddof=1).sum(axis=-1), answers.sum(axis=-1).var(axis=-1, ddof=1)
        return np.asarray(items / (items - 1) * (1 - single / whole))

    true, seen = float(value(drawn((300_000,)))), value(drawn((draws, n)))
    low, high = (float(fdtri(n - 1, (n - 1) * (items - 1), p)) for p in (0.975, 0.025))
    found = [((1 - (1 - a) * low, 1 - (1 - a) * high), 1.0) for a in seen.tolist()]
    return _held("alpha, Feldt", f"{items} items, correlation {common:g}", n, true, found)


def mean(n: int, skew: str, draws: int = 20 * DRAWS) -> Held:
    """The mean of a number with the t interval: normal, exponential, or lognormal with a deviation of 1 of the log."""
    random = np.random.default_rng([7, n])
    values = {
        "normal": lambda: random.standard_normal((draws, n)),
        "exponential (skewness 2)": lambda: random.standard_exponential((draws, n)),
        "lognormal (skewness 6.2)": lambda: np.exp(random.standard_normal((draws, n))),
    }[skew]()
    true = {"n": 0.0, "e": 1.0, "l": math.exp(0.5)}[skew[0]]
    centre, error = values.mean(axis=1), values.std(axis=1, ddof=1) / math.sqrt(n)
    limits = (t_interval(float(a), float(b), n - 1.0, 0.95) for a, b in zip(centre, error, strict=True))
    return _held("mean, t", skew, n, true, [((found.lower, found.upper), 1.0) for found in limits])


SKEWS = ("normal", "exponential (skewness 2)", "lognormal (skewness 6.2)")


def table() -> list[Held]:
    """All cases."""
    found: list[Held] = []
    for each in (10, 25, 50):
        for first, second in ((0.5, 0.5), (0.3, 0.1), (0.8, 0.4)):
            found += two_shares(each, first, second)
    for n in (20, 50, 200):
        for strength in (0.0, 0.2, 0.5, 0.8):
            found += tables(n, strength)
    for each in (10, 25, 100):
        for shift in (0.0, 0.3, 0.8, 1.5):
            found += ranks(each, shift)
    found += [scores(n, r) for n in (20, 50, 200) for r in (0.0, 0.3, 0.7)]
    found += [concordance(n, k, apart) for k in (3, 5, 8) for n in (10, 20, 45, 100) for apart in (0.0, 0.5, 1, 2, 4)]
    found += [alpha(n, k, r) for k in (3, 8) for n in (20, 50, 200) for r in (0.2, 0.5)]
    return found + [mean(n, skew) for n in (20, 50, 100, 500) for skew in SKEWS]


def main() -> None:
    """Print the table, and the lowest and the highest coverage of each measure."""
    found = table()
    lines = [f"{'measure':<22}{'case':<34}{'n':>5}{'true':>8}{'covered':>9}{'none':>7}", *(held.line for held in found)]
    for measure in dict.fromkeys(held.measure for held in found):
        covered = [held.covered for held in found if held.measure == measure]
        lines.append(f"{measure}: {min(covered):.1%} to {max(covered):.1%}, mean {np.mean(covered):.1%}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
