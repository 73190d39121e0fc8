"""A ranking: first places, places among the first, mean rank of those who ranked, score of all, concordance.

Belongs here: ranks of options, complete or partial. Does not belong here: ticks (``multiple``), the exact test of
concordance (``exact.blocks``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import Base, DegreesRule, bases, degrees_of_freedom
from analytics.survey_statistics.estimators.design_effect import moments
from analytics.survey_statistics.estimators.domain import domain_keys
from analytics.survey_statistics.estimators.interval import Interval
from analytics.survey_statistics.estimators.interval_concordance import concordance_interval
from analytics.survey_statistics.estimators.interval_exact import Known, known_of_bases
from analytics.survey_statistics.estimators.options import Options, options_of, outside
from analytics.survey_statistics.estimators.proportion import share_point
from analytics.survey_statistics.estimators.ratio import ratio_of_totals
from analytics.survey_statistics.estimators.row import Asked, Point, estimate_row, is_complete_listing, standard_error
from analytics.survey_statistics.estimators.statistic import Statistic, estimate
from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.totals import CellTotals

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey

MEASURES = 5


def ranking(
    survey: Survey,
    question: str | Sequence[str],
    by: By = None,
    *,
    where: str | None = None,
    level: float = 0.95,
    first: int = 2,
    df: DegreesRule = "domain",
) -> Rows:
    """Rows of a ranking with k options, for each domain and option: ``first place`` and ``among the first 2``, shares
    of those who ranked anything; ``mean rank`` of those who ranked the option; ``Borda score``, the mean of k points
    for a first place, k - 1 for a second and 0 for none, of those who ranked anything; and once ``Kendall W``.

    ``question``: a ranking of the codebook, or its columns, ranks from 1 (best), null where an option was not ranked.
    """
    options = options_of(survey, question, "ranking")
    k = len(options.labels)
    if not 1 <= first <= k:
        raise SurveyError(f"first is {first}; it must lie between 1 and the {k} options of the ranking.")
    wrong = outside(survey, options, f"coalesce({{}}, 1) between 1 and {k}")
    if wrong:
        raise SurveyError(
            f"{wrong} responses hold ranks outside of 1 to {k} in {options.code} of {survey.responses.title}: ranks "
            "count from 1 for the best, and an option that was not ranked is null."
        )
    keys = domain_keys(survey, by)
    ranked = "coalesce(" + ", ".join(f"({value})" for value in options.values) + ") is not null"
    answered = options.answered(ranked)
    asked = Asked(survey, "first place", options.code, (question,), by, where, level, "ranking",
                  {"first": None if first == 2 else first})  # fmt: skip
    rows: dict[object, list[Estimate]] = {}
    for label, value in zip(options.labels, options.values, strict=True):
        cells = cell_totals(survey, [*keys, answered.value], _measures(value, k, first), where)
        found = bases(survey, (answered,), by, where, cells, df)
        estimated = estimate(cells.totals, ratio_of_totals(*_coefficients(len(cells.cells))))
        variances = np.diag(estimated.covariance)
        counts = moments(survey, _counting(value, first), [*keys, answered.value], where, (), cells)
        complete = is_complete_listing(survey, cells.totals.spread)
        own = cell_totals(survey, keys, (value,), where)
        few = {base.domain.key: [int(n) for n in counts[base.cells, :2].ravel()] for base in found if base.n}
        known = known_of_bases(survey, cells, found, keys, where, (answered.value,), few)
        for base in found:
            cell = int(base.cells[0]) if base.n else 0
            its_own = _who_ranked(base, label, own, df)
            here = np.array([estimated.value[4 * cell : 4 * cell + 4], variances[4 * cell : 4 * cell + 4]])
            anybody = replace(base, words=f"{base.words}, at least one option ranked")
            here_n = counts[cell] if base.n else counts
            told = _option(asked, anybody, its_own, label, here, here_n, k, known[base.domain.key],
                           is_complete=complete)  # fmt: skip
            rows.setdefault(base.domain.key, []).extend(told)
    for base, point, complete in _concordance(survey, options, by, where, keys, df, level):
        row = estimate_row(replace(asked, statistic="Kendall W"), base, point, is_complete=complete)
        rows.setdefault(base.domain.key, []).append(row)
    return Rows([row for domain in rows.values() for row in domain])


def _who_ranked(base: Base, label: str, own: CellTotals, df: DegreesRule) -> Base:
    """The base of a mean rank: those of the base who ranked the option, with their own degrees of freedom."""
    width = len(base.domain.key)
    places = np.array([i for i, cell in enumerate(own.cells) if cell[:width] == base.domain.key], dtype=np.int64)
    if not len(places):
        return base
    n, weighted_n = int(own.totals.n[places].sum()), float(own.totals.value[2 * places].sum())
    degrees, rule = degrees_of_freedom(own, places, df)
    words = f"{base.words}, those who ranked {label}: {n} of {base.n}"
    return replace(base, n=n, weighted_n=weighted_n, words=words, degrees_of_freedom=degrees, df_rule=rule)


def _measures(value: str, k: int, first: int) -> list[str]:
    """SQL of: first place, among the first, ranked, points."""
    return [
        f"coalesce(({value} = 1)::integer, 0)",
        f"coalesce(({value} <= {first})::integer, 0)",
        f"({value} is not null)::integer",
        f"coalesce({k + 1} - {value}, 0)",
    ]


def _counting(value: str, first: int) -> list[str]:
    return [f"count(*) filter (where {condition})" for condition in
            (f"{value} = 1", f"{value} <= {first}", f"{value} is not null")]  # fmt: skip


def _coefficients(cells: int) -> tuple[FloatArray, FloatArray]:
    """First place, among the first, and k + 1 - rank over respondents, and over those who ranked the option."""
    above, below = np.zeros((MEASURES, 4)), np.zeros((MEASURES, 4))
    above[[1, 2, 4, 4], [0, 1, 2, 3]] = 1.0
    below[[0, 0, 0, 3], [0, 1, 2, 3]] = 1.0
    blocks = np.eye(cells)
    return np.asarray(np.kron(blocks, above)), np.asarray(np.kron(blocks, below))


def _option(asked: Asked, base: Base, its_own: Base, label: str, told: FloatArray, counts: FloatArray, k: int,
            known: Known, *, is_complete: bool) -> list[Estimate]:  # fmt: skip
    """The rows of one option in one domain; ``told`` (2, 4) are values and variances."""
    statistics = ("first place", f"among the first {asked.options['first'] or 2}", "mean rank", "Borda score")
    if not base.n:
        blank = Point(label, None, None, n_category=0)
        return [estimate_row(replace(asked, statistic=name), base, blank) for name in statistics]
    value, variance = told.tolist()
    n = [int(count) for count in counts]
    # What everybody or nobody did has no spread: rounding must not leave one.
    variance[:2] = [0.0 if n[j] in (0, base.n) else variance[j] for j in range(2)]
    note = f"{k} points for a first place to 1 for place {k}, 0 where it was not ranked"
    rank = Point(label, k + 1 - value[3], variance[3], n_category=n[2], reason=f"nobody in the base ranked {label}")
    found = [
        (base, share_point(base, label, value[0], variance[0], n[0], asked.level, "auto", "without", known)),
        (base, share_point(base, label, value[1], variance[1], n[1], asked.level, "auto", "without", known)),
        (its_own, rank),
        (base, Point(label, value[2], variance[2], n_category=n[2], note=note)),
    ]
    return [estimate_row(replace(asked, statistic=name), over, point, is_complete=is_complete)
            for name, (over, point) in zip(statistics, found, strict=True)]  # fmt: skip


def _concordance(survey: Survey, options: Options, by: By, where: str | None, keys: Sequence[str],
                 df: DegreesRule, level: float) -> list[tuple[Base, Point, bool]]:  # fmt: skip
    """Kendall's W of complete rankings, corrected for ties, with its linearised standard error.

    W is the spread of the mean ranks over the mean spread of ranks inside respondents, both sums of squares around
    (k + 1) / 2: Kendall and Babington Smith (1939), Annals of Mathematical Statistics 10, 275-287, in totals.
    """
    k = len(options.labels)
    middle = (k + 1) / 2
    ranks = [_mid_rank(value, options.values) for value in options.values]
    inside = " + ".join(f"({rank} - {middle}) * ({rank} - {middle})" for rank in ranks)
    complete = options.answered(" and ".join(f"{value} is not null" for value in options.values))
    cells = cell_totals(survey, [*keys, complete.value], [*ranks, inside], where)
    count = len(cells.cells)
    estimated = estimate(cells.totals, _kendall(count, k))
    noise = _variances_of_mean_ranks(cells, k)
    spread = cells.totals.value.reshape(count, k + 2)
    is_listing = is_complete_listing(survey, cells.totals.spread)
    tied = moments(survey, [f"count(*) filter (where {inside} < {(k**3 - k) / 12 - 1e-9})"],
                   [*keys, complete.value], where, (), cells)  # fmt: skip
    rows = []
    for base in bases(survey, (complete,), by, where, cells, df):
        stated = replace(base, words=f"{base.words}, all {k} options ranked")
        if not base.n:
            rows.append((stated, Point(None, None, None), False))
            continue
        cell = int(base.cells[0])
        w, variance = float(estimated.value[cell]), float(estimated.covariance[cell, cell])
        ties = int(tied[cell, 0])
        by_chance = float(noise[cell] * spread[cell, 0] / spread[cell, -1]) if spread[cell, -1] else 0.0
        note = f"chance alone adds about {max(by_chance, 0.0):.3f}; exact_test('kendall w', ...) tests it"
        note += f"; {ties} of {base.n} rankings have ties" if ties else ""
        point = Point(
            None,
            w,
            variance,
            _limits(w, variance, by_chance, k, base, level),
            note=note,
            reason="all options have the same rank in every ranking",
        )
        rows.append((stated, point, is_listing))
    return rows


def _limits(w: float, variance: float, by_chance: float, k: int, base: Base, level: float) -> Interval | None:
    """Limits of W; None leaves them to the row, which knows what to say of no spread."""
    error, df = standard_error(w, variance), base.degrees_of_freedom
    if not error or not df or not 0 < w < 1:
        return None
    return concordance_interval(w, error, by_chance, k, df, level)


def _mid_rank(value: str, values: Sequence[str]) -> str:
    """SQL of the rank among all options, ties sharing the mean of theirs."""
    below = " + ".join(f"(({other} < {value})::integer + ({other} <= {value})::integer)" for other in values)
    return f"(({below} + 1) / 2.0)"


def _variances_of_mean_ranks(cells: CellTotals, k: int) -> FloatArray:
    """The sum of the variances of the mean ranks of all options, of each cell (C,)."""
    count, m = len(cells.cells), cells.n_measures
    found = np.zeros(count)
    size = np.zeros((count * m, count))
    size[np.arange(count) * m, np.arange(count)] = 1.0
    # One option at a time: covariances between options are not needed, and of many domains they fill the memory.
    for option in range(1, k + 1):
        ranks = np.roll(size, option, axis=0)
        found += np.diagonal(estimate(cells.totals, ratio_of_totals(ranks, size)).covariance)
    return found


def _kendall(cells: int, k: int) -> Statistic:
    def parts(totals: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        table = totals.reshape(*totals.shape[:-1], cells, k + 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            gaps = table[..., 1 : k + 1] / table[..., :1] - (k + 1) / 2
            inside = table[..., k + 1] / table[..., 0]
            return gaps, inside, (gaps**2).sum(axis=-1) / inside

    def gradient(totals: FloatArray) -> FloatArray:
        gaps, inside, w = parts(totals)
        found = np.zeros((cells, k + 2, cells))
        size = totals.reshape(cells, k + 2)[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            for cell in range(cells):
                by_rank = 2 * gaps[cell] / inside[cell]
                found[cell, 1 : k + 1, cell] = by_rank / size[cell]
                found[cell, k + 1, cell] = -w[cell] / inside[cell] / size[cell]
                found[cell, 0, cell] = (w[cell] - by_rank @ (gaps[cell] + (k + 1) / 2)) / size[cell]
        return found.reshape(cells * (k + 2), cells)

    return Statistic(lambda totals: parts(totals)[2], gradient)
