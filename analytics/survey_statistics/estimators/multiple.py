"""A multiple choice as one question: percent of respondents, percent of answers, answers per respondent.

Belongs here: ticks. Does not belong here: questions with one answer (``proportion``), ranks (``ranking``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.answered import Base, DegreesRule, bases
from analytics.survey_statistics.estimators.design_effect import moments
from analytics.survey_statistics.estimators.domain import domain_keys
from analytics.survey_statistics.estimators.interval_exact import Known, known_of_bases
from analytics.survey_statistics.estimators.interval_proportion import Sampled, proportion_interval
from analytics.survey_statistics.estimators.options import Options, options_of, outside
from analytics.survey_statistics.estimators.proportion import share_point
from analytics.survey_statistics.estimators.ratio import ratio_of_totals
from analytics.survey_statistics.estimators.row import Asked, Point, estimate_row, is_complete_listing, standard_error
from analytics.survey_statistics.estimators.statistic import estimate
from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey

OF = ("respondents", "answers")
PER_RESPONDENT = "answers per respondent"


def multiple(
    survey: Survey,
    question: str | Sequence[str],
    by: By = None,
    *,
    where: str | None = None,
    level: float = 0.95,
    of: str = "respondents",
    interval: str = "auto",
    df: DegreesRule = "domain",
) -> Rows:
    """The share of each option, ticked or not by anybody, and the mean number of ticks, overall or by domains.

    ``question``: a multiple choice of the codebook, or the columns of 0 and 1 that make one. ``of``: ``respondents``
    (rows ``proportion``; shares may add to more than 1) or ``answers`` (rows ``share of answers``, ticks of the option
    over all ticks, R ``svyratio``; they add to 1). Those whose answer is missing or unknown are outside the base and
    counted by state.
    """
    if of not in OF:
        raise SurveyError(f"of is {of!r}; it must be one of {', '.join(OF)}.")
    options = options_of(survey, question, "multiple")
    wrong = outside(survey, options, "coalesce({}, 0) in (0, 1)")
    if wrong:
        raise SurveyError(
            f"{wrong} responses hold something else than 0 and 1 in the ticks {options.code} of "
            f"{survey.responses.title}: recode them so that 1 is a tick and 0 is none."
        )
    keys = domain_keys(survey, by)
    cells = cell_totals(survey, keys, options.values, where)
    answered = options.answered(" and ".join(f"({part.value}) is not null" for part in options.parts))
    found = bases(survey, (answered,), by, where, cells, df)
    k = len(options.labels)
    estimated = estimate(cells.totals, ratio_of_totals(*_coefficients(len(cells.cells), k, of)))
    variances = np.diag(estimated.covariance)
    counts = moments(survey, _counting(options), keys, where, options.values, cells)
    asked = Asked(survey, "proportion" if of == "respondents" else "share of answers", options.code, (question,), by,
                  where, level, "multiple", {"of": None if of == "respondents" else of,
                                             "interval": None if interval == "auto" else interval})  # fmt: skip
    complete = is_complete_listing(survey, cells.totals.spread)
    ticks = {base.domain.key: [int(n) for n in counts[base.cells, :k].ravel()] for base in found if base.n}
    known = known_of_bases(survey, cells, found, keys, where, options.values, ticks)
    rows: list[Estimate] = []
    for base in found:
        place = int(base.cells[0]) if len(base.cells) else None
        here = slice(0) if place is None else slice(place * (k + 1), (place + 1) * (k + 1))
        told = estimated.value[here], variances[here], np.zeros(k + 3) if place is None else counts[place]
        rows += _domain(asked, base, options, of, interval, told, known[base.domain.key], is_complete=complete)
    return Rows(rows)


def _coefficients(cells: int, k: int, of: str) -> tuple[FloatArray, FloatArray]:
    """What is over what: for each cell its k options, then its ticks over its respondents."""
    above, below = np.zeros((k + 1, k + 1)), np.zeros((k + 1, k + 1))
    above[1:, :k] = np.eye(k)
    above[1:, k] = 1.0
    below[0, :] = 1.0
    if of == "answers":
        below[0, :k], below[1:, :k] = 0.0, 1.0
    blocks = np.eye(cells)
    return np.asarray(np.kron(blocks, above)), np.asarray(np.kron(blocks, below))


def _counting(options: Options) -> list[str]:
    """SQL of the responses that ticked each option, of those that ticked none, and of the fewest and most ticks."""
    ticked = [f"count(*) filter (where {value} = 1)" for value in options.values]
    ticks = " + ".join(options.values)
    ends = [f"coalesce({end}({ticks}), 0)" for end in ("min", "max")]
    return [*ticked, f"count(*) filter (where {ticks} = 0)", *ends]


def _domain(asked: Asked, base: Base, options: Options, of: str, interval: str,
            told: tuple[FloatArray, FloatArray, FloatArray], known: Known, *,
            is_complete: bool) -> list[Estimate]:  # fmt: skip
    value, _, count = told
    k = len(options.labels)
    ticks, none = int(count[:k].sum()), int(count[k])
    if of == "answers":
        stated = replace(base, words=f"{base.words}; percent of their {ticks} answers")
    else:
        stated = replace(base, words=f"{base.words}; percent of respondents")
    note = _note(float(value[:k].sum()) if base.n else 0.0, none, of)
    # What everybody or nobody ticked has no spread: rounding must not leave one.
    is_even = np.isin(count[: k + 1], (0, base.n)) if of == "respondents" else np.zeros(k + 1, dtype=bool)
    is_even[k] = count[k + 1] == count[k + 2]
    variance = np.where(is_even, 0.0, told[1]) if base.n else told[1]
    rows = []
    for j, label in enumerate(options.labels):
        if not base.n:
            point = Point(label, None, None, n_category=0)
        elif of == "answers":
            point = _share_of_answers(base, label, float(value[j]), float(variance[j]), int(count[j]), ticks, interval,
                                      asked.level)  # fmt: skip
        else:
            point = share_point(base, label, float(value[j]), float(variance[j]), int(count[j]), asked.level, interval,
                                "without", known)  # fmt: skip
        rows.append(
            estimate_row(
                asked,
                stated,
                replace(point, note="; ".join(text for text in (note, point.note) if text)),
                is_complete=is_complete,
            )
        )
    per = Point(PER_RESPONDENT, float(value[k]), float(variance[k])) if base.n else Point(PER_RESPONDENT, None, None)
    whole = replace(base, words=f"{base.words}; answers per respondent")
    rows.append(estimate_row(replace(asked, statistic="mean"), whole, per, is_complete=is_complete))
    return rows


def _share_of_answers(base: Base, label: str, share: float, variance: float, n: int, ticks: int, interval: str,
                      level: float) -> Point:  # fmt: skip
    if not np.isfinite(share):
        return Point(label, None, None, n_category=0, reason="nobody in the base ticked anything")
    # Ticks of one respondent go together: where there is no spread, respondents are what was sampled.
    sampled = Sampled(share, standard_error(share, variance) or 0.0, n, min(base.n, ticks),
                      base.degrees_of_freedom or 0.0)  # fmt: skip
    return Point(label, share, variance, proportion_interval(sampled, interval, level), n_category=n)


def _note(added: float, none: int, of: str) -> str | None:
    parts = []
    if of == "respondents" and added > 1 + 1e-9:
        parts.append(f"several answers allowed: shares of respondents add to {added:.0%}")
    if none:
        parts.append(f"{none} of the base ticked nothing")
    return "; ".join(parts) or None
