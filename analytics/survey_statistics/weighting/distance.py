"""Calibration functions: how far a weight may move and at what price, as arrays and as SQL.

Belongs here: F(u) with its derivative. Does not belong here: the equations they solve (``newton``).

Deville and Särndal (1992), JASA 87, 376-382, cases 1, 2, 6 and 7; the same functions as R ``survey::calibrate``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.weighting.auxiliaries import double

METHODS = ("linear", "raking", "logit")
LOGISTIC = "logistic"


@dataclass(frozen=True)
class Distance:
    """``method`` with bounds of the factor F = new weight over old one; infinite where there are none. ``logistic`` is
    the response propensity, whose score equations have the same form.
    """

    method: str
    lower: float = -np.inf
    upper: float = np.inf

    @property
    def is_plain(self) -> bool:
        """Linear without bounds: one step solves it exactly."""
        return self.method == "linear" and np.isinf(self.lower) and np.isinf(self.upper)

    def factor(self, u: FloatArray) -> tuple[FloatArray, FloatArray]:
        """F(u) and F'(u)."""
        if self.method == LOGISTIC:
            value = 1 / (1 + np.exp(np.clip(-u, -700.0, 700.0)))
            return value, value * (1 - value)
        if self.method == "logit":
            low, high, power = self.lower, self.upper, self._steepness
            grown = np.exp(np.clip(power * u, -700.0, 700.0))
            bottom = high - 1 + (1 - low) * grown
            value = (low * (high - 1) + high * (1 - low) * grown) / bottom
            return value, (value - low) * (high - value) * power / (high - low)
        free = 1 + u if self.method == "linear" else np.exp(np.clip(u, -700.0, 700.0))
        slope = np.ones_like(u) if self.method == "linear" else free
        inside = (free > self.lower) & (free < self.upper)
        return np.clip(free, self.lower, self.upper), np.where(inside, slope, 0.0)

    def factor_sql(self, u: str) -> tuple[str, str]:
        """F(u) and F'(u) in SQL, where ``u`` is SQL."""
        if self.method == LOGISTIC:
            value = f"(1e0 / (1e0 + exp(least(greatest(-({u}), -700e0), 700e0))))"
            return value, f"({value} * (1e0 - {value}))"
        if self.method == "logit":
            low, high, power = double(self.lower), double(self.upper), double(self._steepness)
            grown = f"exp(least(greatest({power} * ({u}), -700e0), 700e0))"
            value = f"(({low} * ({high} - 1) + {high} * (1 - {low}) * {grown}) / ({high} - 1 + (1 - {low}) * {grown}))"
            return value, f"(({value} - {low}) * ({high} - {value}) * {power} / ({high} - {low}))"
        free = f"(1e0 + ({u}))" if self.method == "linear" else f"exp(least(greatest({u}, -700e0), 700e0))"
        slope, value, inside = ("1e0" if self.method == "linear" else free), free, "true"
        if np.isfinite(self.lower):
            value, inside = f"greatest({value}, {double(self.lower)})", f"{inside} and {free} > {double(self.lower)}"
        if np.isfinite(self.upper):
            value, inside = f"least({value}, {double(self.upper)})", f"{inside} and {free} < {double(self.upper)}"
        return value, slope if inside == "true" else f"(case when {inside} then {slope} else 0e0 end)"

    @property
    def _steepness(self) -> float:
        return (self.upper - self.lower) / ((self.upper - 1) * (1 - self.lower))


def distance(method: str, bounds: tuple[float, float] | None) -> Distance:
    """The calibration function by name. Raises ``SurveyError`` for a method or bounds that make none."""
    if method not in METHODS:
        raise SurveyError(f"The calibration method is {method!r}; it must be one of {', '.join(METHODS)}.")
    lower, upper = bounds if bounds is not None else (-np.inf, np.inf)
    if method == "logit" and not (np.isfinite(lower) and np.isfinite(upper)):
        raise SurveyError("Logit calibration needs two finite bounds, for instance bounds=(0.5, 2).")
    if not lower < 1 < upper:
        raise SurveyError(
            f"The bounds are {lower:g} and {upper:g}; they limit new over old weight, so 1 has to lie between them."
        )
    return Distance(method, float(lower), float(upper))
