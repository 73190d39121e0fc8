"""Calibration: weights as close as possible to the old ones that meet known totals.

Belongs here: what a user asks for and what is read and written. Does not belong here: the functions (``distance``),
the iteration (``newton``).

Deville and Särndal (1992), JASA 87, 376-382; R ``survey::calibrate``. Standard errors: residuals of the regression
on the auxiliary variables, weighted with the weights before calibration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.weighting.adjustment import (
    Adjustment,
    Residual,
    adjusted_by,
    checked,
    replicate_weights,
    reweighted,
)
from analytics.survey_statistics.weighting.auxiliaries import Auxiliaries, double
from analytics.survey_statistics.weighting.distance import Distance, distance
from analytics.survey_statistics.weighting.model_matrix import known_totals
from analytics.survey_statistics.weighting.newton import Moments, Solution, pseudo_inverse, solve
from analytics.survey_statistics.weighting.replicate_columns import with_replicate_columns
from analytics.survey_statistics.weighting.sums import class_sums, column_totals, moments, products

if TYPE_CHECKING:
    from analytics.survey_statistics.sample.responses import Responses
    from analytics.survey_statistics.survey import Survey

FAR = 20.0
NEGATIVE = ("warn", "fail")


@dataclass(frozen=True)
class Equations:
    """The calibration equations of one survey, for its weight or one of its replicate weights."""

    responses: Responses
    auxiliaries: Auxiliaries
    wanted: FloatArray
    distance: Distance
    tolerance: float
    most: int

    def solved(self, weight: str) -> tuple[Solution, float]:
        """Coefficients for a weight (SQL), and the scale it is brought to first.

        As in R ``survey::grake``, weights that are more than 20 times too small for every total are first brought to
        the mean ratio, so that bounds speak of what is left.
        """
        if self.distance.is_plain:
            total, slope = moments(self.auxiliaries, self.responses, weight, weight, self.where(weight))
            return solve(lambda b: (total + slope @ b, slope), self.wanted, self.tolerance, self.most), 1.0
        total = column_totals(self.auxiliaries, self.responses, weight, self.where(weight))
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = self.wanted / total
        scale = float(ratio.mean()) if np.isfinite(ratio).all() and ratio.min() > FAR else 1.0
        steps = self._in_engine(weight, scale) if self.auxiliaries.numbers else self._in_classes(weight, scale)
        return solve(steps, self.wanted, self.tolerance, self.most), scale

    def factor(self, coefficients: FloatArray, scale: float) -> str:
        """SQL of new weight over old one."""
        value, _ = self.distance.factor_sql(self.auxiliaries.combination(coefficients))
        return value if scale == 1 else f"{double(scale)} * {value}"

    @staticmethod
    def where(weight: str) -> str:
        """Responses without weight have no part in any equation; they may lack auxiliary variables."""
        return f"({weight}) <> 0"

    def _in_classes(self, weight: str, scale: float) -> Moments:
        found = class_sums(self.responses, self.auxiliaries.factors, [f"sum({weight})"], where=self.where(weight))
        x, d = self.auxiliaries.indicator(found.classes), found.sums[:, 0] * scale

        def step(b: FloatArray) -> tuple[FloatArray, FloatArray]:
            value, slope = self.distance.factor(x @ b)
            return x.T @ (d * value), x.T @ (x * (d * slope)[:, None])

        return step

    def _in_engine(self, weight: str, scale: float) -> Moments:
        def step(b: FloatArray) -> tuple[FloatArray, FloatArray]:
            value, slope = self.distance.factor_sql(self.auxiliaries.combination(b))
            d = f"({weight}) * {double(scale)}"
            return moments(self.auxiliaries, self.responses, f"{d} * {value}", f"{d} * {slope}", self.where(weight))

        return step


def calibrate(
    survey: Survey,
    totals: Mapping[str, Any],
    *,
    method: str = "linear",
    bounds: tuple[float, float] | None = None,
    tolerance: float = 1e-7,
    most: int = 50,
    negative: str = "warn",
) -> Survey:
    """A survey whose weights meet the totals (see ``known_totals``). ``method``: ``linear`` (generalised regression),
    ``raking`` (factors are positive) or ``logit`` (factors stay inside the bounds); linear and raking with bounds are
    cut at them. ``negative``: linear factors can turn weights negative, which is noted or, with ``fail``, refused.

    Raises ``SurveyError``: totals that do not match the responses, bounds that cannot be met, not converged.
    """
    if negative not in NEGATIVE:
        raise SurveyError(f"negative is {negative!r}; it must be one of {', '.join(NEGATIVE)}.")
    survey = with_replicate_columns(survey)
    known = known_totals(survey, totals)
    auxiliaries, wanted = known.auxiliaries, known.wanted
    found = column_totals(auxiliaries, survey.responses, f"abs({survey.weight})", Equations.where(survey.weight))
    empty = (found == 0) & (wanted == 0)
    if empty.any():
        kept = np.flatnonzero(~empty).tolist()
        auxiliaries = replace(auxiliaries, columns=tuple(auxiliaries.columns[p] for p in kept))
        wanted = wanted[kept]
    equations = Equations(survey.responses, auxiliaries, wanted, distance(method, bounds), tolerance, most)
    solution, scale = equations.solved(survey.weight)
    _refuse_gap(survey, equations, solution, "Calibration")
    replicates = []
    for r, weight in enumerate(replicate_weights(survey)):
        of_replicate, own = equations.solved(weight)
        _refuse_gap(survey, equations, of_replicate, f"Calibration of replicate {r + 1}")
        replicates.append(f"coalesce({weight} * {equations.factor(of_replicate.coefficients, own)}, 0e0)")
    expression = f"coalesce(({survey.weight}) * {equations.factor(solution.coefficients, scale)}, 0e0)"
    after, _ = reweighted(survey, "calibrated_weight", expression, replicates or None)
    notes = () if scale == 1 else (f"the bounds are read after the weights were multiplied by {scale:.6g}",)
    report = checked(
        survey, after, method=f"{method} calibration", auxiliaries=auxiliaries, wanted=wanted,
        iterations=solution.iterations, tolerance=tolerance, notes=notes,
    )  # fmt: skip
    if report.lowest_weight < 0:
        told = f"the lowest weight is negative ({report.lowest_weight:.6g})"
        if negative == "fail":
            raise SurveyError(
                f"Calibration of {survey.responses.title}: {told}. Take method='raking', or 'logit' with bounds."
            )
        report = replace(report, notes=(*report.notes, f"{told}; method='raking' or 'logit' keeps weights positive"))
    slope = products(auxiliaries, survey.responses, survey.weight, Equations.where(survey.weight))
    residual = Residual(auxiliaries, after.weight, survey.weight, after.weight, pseudo_inverse(slope))
    return adjusted_by(after, Adjustment(report, residual))


def _refuse_gap(survey: Survey, equations: Equations, solution: Solution, what: str) -> None:
    if solution.gap <= equations.tolerance:
        return
    kind = equations.distance
    if kind.is_plain:
        why = "the totals contradict each other, or one of them is of a column that is the same in every response"
    elif np.isinf(kind.lower) and np.isinf(kind.upper):
        why = "allow more iterations, or look for totals that contradict each other"
    else:
        why = f"the bounds {kind.lower:g} and {kind.upper:g} cannot be met or need more iterations; widen them"
    raise SurveyError(
        f"{what} of {survey.responses.title} did not converge: after {solution.iterations} iterations a relative "
        f"gap of {solution.gap:.2g} is left where {equations.tolerance:.2g} is asked for; {why}."
    )
