"""A scale of ordered points: distribution, top and bottom boxes, net, mean with its warning, median category.

Belongs here: one item. Does not belong here: several items as one scale (``reliability``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import Base, DegreesRule, bases
from analytics.survey_statistics.estimators.design_effect import relative_to_simple, simple_variance
from analytics.survey_statistics.estimators.domain import domain_keys, label
from analytics.survey_statistics.estimators.interval_exact import Known, known_of_bases
from analytics.survey_statistics.estimators.proportion import share_point
from analytics.survey_statistics.estimators.ratio import ratio_of_totals
from analytics.survey_statistics.estimators.row import Asked, Point, estimate_row, is_complete_listing
from analytics.survey_statistics.estimators.statistic import estimate
from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.totals import CellTotals

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey


def likert(
    survey: Survey,
    question: str,
    by: By = None,
    *,
    where: str | None = None,
    level: float = 0.95,
    top: int = 2,
    points: Sequence[object] | Mapping[object, str] | None = None,
    interval: str = "auto",
    df: DegreesRule = "domain",
) -> Rows:
    """Rows of a scale, for each domain: ``proportion`` of every point, also those nobody chose; ``top`` and ``bottom``,
    the shares of the ``top`` highest and lowest points; ``net``, top less bottom; ``mean`` of the scores; ``median``,
    the category at which half have answered so or lower.

    ``points``: all points from low to high, for a table without a codebook or a codebook in another order; without
    them, the values that occur. Rising numbers are the scores; other points score 1, 2, ... in their order.
    Don't know and other states are no points and stand outside the base.
    """
    asked_question = survey.responses.question(question)
    keys = domain_keys(survey, by)
    # Decimals would neither sort nor score as numbers do.
    value = f"({asked_question.value})::double" if asked_question.kind == "number" else asked_question.value
    cells = cell_totals(survey, [*keys, value], (), where)
    scale = _points(survey, asked_question, points, cells)
    if 0 < len(scale) < 2:
        raise SurveyError(
            f"{question} of {survey.responses.title} holds one point only, {scale[next(iter(scale))]}, so nothing is "
            f"at the top or the bottom: name all points from low to high, likert({question!r}, points=[...])."
        )
    if scale and not 0 < 2 * top <= len(scale):
        raise SurveyError(
            f"top is {top}, but {question} has {len(scale)} points: top and bottom would overlap. Take at most "
            f"{len(scale) // 2}."
        )
    found = bases(survey, (asked_question,), by, where, cells, df)
    asked = Asked(survey, "proportion", question, (question,), by, where, level, "likert",
                  {"top": None if top == 2 else top, "points": points})  # fmt: skip
    complete = is_complete_listing(survey, cells.totals.spread)
    scores = _scores(tuple(scale))
    weights = _weights(scores, top)
    rows: list[Estimate] = []
    counts = {
        base.domain.key: [*cells.totals.n[base.cells].tolist(), *[0] * (len(scale) - len(base.cells))] for base in found
    }
    known = known_of_bases(survey, cells, found, keys, where, (value,), counts)
    for base in found:
        rows += _domain(asked, base, cells, scale, scores, weights, interval, complete, known[base.domain.key])
    return Rows(rows)


def _points(survey: Survey, question: Question, points: Sequence[object] | Mapping[object, str] | None,
            cells: CellTotals) -> dict[object, str]:  # fmt: skip
    """The points from low to high with their labels."""
    seen = {cell[-1] for cell in cells.cells}
    given: dict[object, str] = dict(question.categories)
    if points is not None:
        given = dict(points) if isinstance(points, Mapping) else {point: label(question, point) for point in points}
    if given:
        unknown = sorted(str(value) for value in seen - set(given))
        if unknown:
            raise SurveyError(
                f"{question.code} of {survey.responses.title} holds {', '.join(unknown)}, which is no point of the "
                "scale; declare it as a point or as a missing code."
            )
    elif question.kind == "number":
        given = {value: label(question, value) for value in seen}
    else:
        raise SurveyError(
            f"The order of the points of {question.code} of {survey.responses.title} is not known: name them from low "
            f"to high, likert({question.code!r}, points=[...])."
        )
    if points is None and all(isinstance(value, int | float) for value in given):
        return {value: given[value] for value in sorted(given, key=lambda value: float(str(value)))}
    return given


def _scores(scale: tuple[object, ...]) -> FloatArray:
    numbers = [float(value) for value in scale if isinstance(value, int | float)]
    is_rising = len(numbers) == len(scale) and numbers == sorted(numbers)
    return np.array(numbers if is_rising else range(1, len(scale) + 1), dtype=np.float64)


def _weights(scores: FloatArray, top: int) -> FloatArray:
    """What each point (P) counts in top, bottom, net and mean (4)."""
    place = np.arange(len(scores))
    high, low = (place >= len(scores) - top).astype(np.float64), (place < top).astype(np.float64)
    return np.column_stack([high, low, high - low, scores])


def _domain(asked: Asked, base: Base, cells: CellTotals, scale: Mapping[object, str], scores: FloatArray,
            weights: FloatArray, interval: str, is_complete: bool, known: Known) -> list[Estimate]:  # fmt: skip
    """The rows of one domain, from the shares of its points."""
    p, labels = len(scale), list(scale.values())
    place = {value: i for i, value in enumerate(scale)}
    select, n = np.zeros((len(cells.cells), p)), np.zeros(p, dtype=np.int64)
    for i in base.cells:
        j = place[cells.cells[i][-1]]
        select[i, j] = 1.0
        n[j] += int(cells.totals.n[i])
    below = np.repeat(select.sum(axis=1, keepdims=True), p + 4, axis=1)
    estimated = estimate(cells.totals, ratio_of_totals(np.hstack([select, select @ weights]), below))
    value, variance = estimated.value, np.diag(estimated.covariance)

    def row(statistic: str, point: Point) -> Estimate:
        return estimate_row(replace(asked, statistic=statistic), base, point, is_complete=is_complete)

    def box(place: int, category: str, count: int) -> Point:
        return share_point(base, category, float(value[place]), float(variance[place]), count, asked.level, interval,
                           "without", known)  # fmt: skip

    high, low = weights[:, 0] > 0, weights[:, 1] > 0
    tops, bottoms = (" + ".join(np.array(labels)[chosen]) if p else "" for chosen in (high, low))
    rows = [row("proportion", box(j, labels[j], int(n[j]))) for j in range(p)]
    rows.append(row("top", box(p, tops, int(n[high].sum()))))
    rows.append(row("bottom", box(p + 1, bottoms, int(n[low].sum()))))
    for statistic, at, note in (
        ("net", p + 2, f"{tops} less {bottoms}" if p else None),
        ("mean", p + 3, _warning(scores, labels)),
    ):
        if not base.n:
            rows.append(row(statistic, Point(None, None, None, note=note)))
            continue
        shares = value[:p]
        spread = shares @ weights[:, at - p] ** 2 - (shares @ weights[:, at - p]) ** 2
        simple = simple_variance(np.array(spread), np.array(float(base.n)), np.array(base.weighted_n), "without")
        effect = float(relative_to_simple(np.array(variance[at]), simple))
        rows.append(row(statistic, Point(None, float(value[at]), float(variance[at]), None, effect, note=note)))
    rows.append(row("median", _median(value[:p], scores, labels) if base.n else Point(None, None, None)))
    return rows


def _warning(scores: FloatArray, labels: Sequence[str]) -> str:
    if not len(labels):
        return "mean of an ordinal scale"
    first, last = f"{scores[0]:g} = {labels[0]}", f"{scores[-1]:g} = {labels[-1]}"
    return f"mean of an ordinal scale ({first} to {last}) takes its steps as equal: read it with the distribution"


def _median(shares: FloatArray, scores: FloatArray, labels: Sequence[str]) -> Point:
    """The first category at which the shares reach one half."""
    reached = np.cumsum(shares)
    at = int(np.argmax(reached >= 0.5 - 1e-12))
    note = None
    if abs(reached[at] - 0.5) < 1e-12:
        later = int(np.argmax(reached > 0.5 + 1e-12))
        note = f"exactly half are at or below it: the median lies between {labels[at]} and {labels[later]}"
    return Point(labels[at], float(scores[at]), None, note=note, reason="a category has no standard error")
