"""Effect sizes of a number in two groups: standardised difference and probability of superiority.

Belongs here: Cohen's d, the area under the ROC curve, Somers' D. Does not belong here: measures of categories
(``association_measures``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.row import number
from analytics.survey_statistics.estimators.statistic import Estimated, Statistic, estimate
from analytics.survey_statistics.result import Estimate
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import around, tuples
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.totals import CellTotals
from analytics.survey_statistics.tables import tails
from analytics.survey_statistics.tables.contingency import groups_in_order
from analytics.survey_statistics.tables.measure import measure
from analytics.survey_statistics.tables.measured import lost_replicates
from analytics.survey_statistics.tables.rank_scores import ordered_value, score_sql, scored

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

# Different answers up to which the probability is counted anew in every replicate, else linearised.
MOST_VALUES = 2_000
LINEARISED = f"linearised: more than {MOST_VALUES:,} different answers to count anew in every replicate"
Found = tuple[Estimated, str | None]


def group_effect(survey: Survey, kind: str, question: str, by: str, where: str | None, level: float) -> Estimate:
    """One of cohens_d, auc, somers_d: the second group of ``by`` against the first. Raises ``SurveyError`` unless there
    are at most two groups.
    """
    group = survey.responses.question(by)
    value = number(survey, question, kind).value if kind == "cohens_d" else ordered_value(survey, question)
    sizes = cell_totals(survey, [group.value], [value], where)
    groups = [sizes.cells[place][0] for place in groups_in_order(group, sizes)]
    if len(groups) > 2 or group.parts:
        raise SurveyError(f"{kind} compares two groups; {by} has {len(groups)}. Narrow them with where.")
    subject = f"{question} by {by}"
    n, weighted = int(sizes.totals.n.sum()), float(sizes.totals.value[:: sizes.n_measures].sum())
    if len(groups) < 2:
        reason = "fewer than two groups with responses"
        return measure(survey, kind, subject, None, None, None, level, n, weighted, reason=reason)
    df = sizes.totals.spread.degrees_of_freedom(np.flatnonzero(sizes.totals.n > 0) * sizes.n_measures) - 1
    found = _cohens_d(survey, group, value, where, sizes, n) if kind == "cohens_d" else None
    found = found or _auc_of_replicates(survey, group.value, groups, value, where)
    if found is None:
        linearised = LINEARISED if survey.design.replicates else None
        found = _auc(survey, group.value, groups, value, where), linearised
    estimated, note = found
    point, error = float(estimated.value[0]), float(np.sqrt(max(estimated.covariance[0, 0], 0.0)))
    error = error if error > 1e-12 * max(1.0, abs(point)) else 0.0
    if not np.isfinite(point):
        return measure(survey, kind, subject, None, None, df, level, n, weighted, reason="the answers do not vary")
    if kind == "cohens_d":
        return replace(measure(survey, kind, subject, point, error, df, level, n, weighted), note=note)
    scale, shift = (1.0, 0.0) if kind == "auc" else (2.0, -1.0)
    limits = None
    if 0 < point < 1 and error > 0 and df > 0:
        half = tails.t_quantile(0.5 + level / 2, df) * error / (point * (1 - point))
        centre = np.log(point / (1 - point))
        low, high = (float(scale / (1 + np.exp(-end)) + shift) for end in (centre - half, centre + half))
        limits = (low, high, "t on the log odds")
    row = measure(survey, kind, subject, scale * point + shift, scale * error, df, level, n, weighted, limits)
    return replace(row, note=note)


def _cohens_d(survey: Survey, group: Question, value: str, where: str | None, sizes: CellTotals, n: int) -> Found:
    """Difference of means over the pooled standard deviation with n - 2, as for a simple random sample."""
    totals = sizes.totals.value.reshape(-1, sizes.n_measures)
    centre = float(totals[:, 1].sum() / totals[:, 0].sum())
    apart = around(value, centre)
    cells = cell_totals(survey, [group.value], [apart, f"{apart} * {apart}"], where)
    kept = np.array(groups_in_order(group, cells), dtype=np.int64)
    return _told(cells, _standardised(kept, n / (n - 2) if n > 2 else np.nan))


def _told(cells: CellTotals, statistic: Statistic) -> Found:
    """The estimate, and what of the replicates it lacks."""
    return estimate(cells.totals, statistic), lost_replicates(cells.totals, statistic)


def _standardised(groups: np.ndarray, correction: float) -> Statistic:
    places = np.add.outer(groups * 3, np.arange(3))

    def parts(t: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        size, first, second = np.moveaxis(t[..., places], -1, 0)
        means = first / size
        within = (second - first * means).sum(axis=-1)
        return size, means, within, correction * within / size.sum(axis=-1)

    def function(t: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore", invalid="ignore"):
            _, means, _, variance = parts(t)
            return np.asarray(((means[..., 1] - means[..., 0]) / np.sqrt(variance))[..., None])

    def gradient(t: FloatArray) -> FloatArray:
        size, means, within, variance = parts(t)
        difference, whole = means[1] - means[0], size.sum()
        result = np.zeros((len(t), 1))
        for g, sign in enumerate((-1.0, 1.0)):
            of_difference = sign * np.array([-means[g] / size[g], 1 / size[g], 0.0])
            of_within = np.array([means[g] ** 2, -2 * means[g], 1.0])
            of_variance = correction * (of_within / whole - np.array([within / whole**2, 0.0, 0.0]))
            slope = of_difference - difference * of_variance / (2 * variance)
            result[places[g], 0] = slope / np.sqrt(variance)
        return result

    return Statistic(function, gradient)


def _auc_of_replicates(survey: Survey, group: str, groups: list[object], value: str, where: str | None) -> Found | None:
    """The probability counted anew in every replicate, from totals of groups by answers; None in designs without
    replicates, and where answers are too many for it.
    """
    if survey.design.replicates is None:
        return None
    (distinct,) = tuples(survey.responses, f"select count(distinct {value}) from {survey.responses.relation}")[0]
    if distinct > MOST_VALUES:
        return None
    cells = cell_totals(survey, [group, value], (), where)
    values = sorted({cell[1] for cell in cells.cells}, key=lambda each: float(str(each)))
    places = np.full((2, len(values)), len(cells.cells))
    for k, (one, answer) in enumerate(cells.cells):
        if one in groups:
            places[groups.index(one), values.index(answer)] = k

    def function(totals: FloatArray) -> FloatArray:
        first, second = np.moveaxis(np.append(totals, np.zeros((*totals.shape[:-1], 1)), axis=-1)[..., places], -2, 0)
        below = np.cumsum(first, axis=-1) - first / 2
        return np.asarray((second * below).sum(axis=-1) / (first.sum(axis=-1) * second.sum(axis=-1)))[..., None]

    def gradient(totals: FloatArray) -> FloatArray:
        raise TypeError("replicates are not linearised")

    return _told(cells, Statistic(function, gradient))


def _auc(survey: Survey, group: str, groups: list[object], value: str, where: str | None) -> Estimated:
    """Probability that an answer of the second group is higher than one of the first, ties half, linearised by its
    influence function: Hanley and McNeil (1982), Radiology 143, 29-36, for weighted shares.
    """
    known = [f"({value}) is not null", f"({group}) is not null", *([f"({where})"] if where else [])]
    condition = " and ".join(known)
    rows = tuples(
        survey.responses,
        f"select {value} as v, ({group}) as g, sum(({survey.weight})::double) as w from {survey.responses.relation} "
        f"where {condition} and ({survey.weight}) > 0 group by 1, 2 order by 1, 2",
    )
    values = np.array(sorted({float(row[0]) for row in rows}))
    weights = np.zeros((2, len(values)))
    for v, g, w in rows:
        weights[groups.index(g), np.searchsorted(values, float(v))] += w
    size = weights.sum(axis=1)
    below = (np.cumsum(weights, axis=1) - weights / 2) / size[:, None]
    auc = float(weights[1] @ below[0] / size[1])
    with scored(survey, value, values, np.column_stack([1 - below[1], below[0]])) as with_scores:
        cells = cell_totals(with_scores, [group], [score_sql(0), score_sql(1)], condition)
        gradient = np.zeros((len(cells.totals.value), 1))
        for g in range(2):
            cell = cells.cells.index((groups[g],))
            gradient[cells.index(cell, 0), 0] = -auc / size[g]
            gradient[cells.index(cell, 1 + g), 0] = 1 / size[g]
        return Estimated(np.array([auc]), cells.totals.spread.covariance(gradient))
