"""What a classical test of plain counts or scores gives back, before a survey puts its name to it.

Belongs here: the one step from numbers to a ``TestResult`` and the shape of an effect size. Does not belong here: any
test.
"""

from __future__ import annotations

from dataclasses import dataclass

from analytics.survey_statistics.result import TestResult

ALTERNATIVES = ("two-sided", "less", "greater")
CLOSE = 1e-7
LEVEL = 0.95


@dataclass(frozen=True)
class Effect:
    """An effect size with its interval; what is undefined is None, with ``null_reason``."""

    name: str
    value: float | None
    lower: float | None
    upper: float | None
    level: float | None
    method: str
    null_reason: str | None = None
    standard_error: float | None = None


def outcome(test: str, statistic: float | None, p_value: float | None, n: int, method: str,
            df: float | None = None, *, alternative: str = "two-sided", null_reason: str | None = None,
            note: str | None = None, monte_carlo_error: float | None = None,
            extra: dict[str, float] | None = None) -> TestResult:  # fmt: skip
    """A test without survey and subject; sums of probabilities that exceed 1 by rounding are 1."""
    return TestResult(
        test=test,
        subject="",
        statistic=statistic,
        p_value=None if p_value is None else min(1.0, max(0.0, p_value)),
        df_numerator=df,
        df_denominator=None,
        n=n,
        method=method,
        context=None,
        null_reason=null_reason,
        note=note,
        alternative=alternative,
        monte_carlo_error=monte_carlo_error,
        extra=extra or {},
    )


def undefined(test: str, n: int, method: str, reason: str) -> TestResult:
    """A test that cannot be made of these data, with the reason."""
    return outcome(test, None, None, n, method, null_reason=reason)
