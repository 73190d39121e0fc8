"""The row of a measure of strength: a difference, a slope, an effect size.

Belongs here: the shape of such a row. Does not belong here: any formula of a measure (``effect``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.survey_statistics.result import Estimate
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.tables import tails

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

INFINITE = "an answer is infinite; leave it out with where, or give it a number"
Limits = tuple[float, float, str]


def check_level(level: float) -> None:
    """Raises ``SurveyError`` for a level of confidence that is none."""
    if not 0 < level < 1:
        raise SurveyError(f"level is {level}; it must lie between 0 and 1, for instance 0.95.")


def measure(
    survey: Survey,
    name: str,
    subject: str,
    value: float | None,
    error: float | None,
    df: float | None,
    level: float,
    n: int,
    weighted_n: float,
    limits: Limits | None = None,
    reason: str | None = None,
) -> Estimate:
    """The row of a measure; the interval is t unless ``limits`` (lower, upper, name of the method) are given."""
    check_level(level)
    if limits is None and value is not None and error is not None and error > 0 and df is not None and df > 0:
        half = tails.t_quantile(0.5 + level / 2, df) * error
        limits = (value - half, value + half, "t")
    if limits is None and reason is None:
        reason = "no spread or no degrees of freedom, so no interval"
    lower, upper, method = limits or (None, None, "none")
    return Estimate(
        statistic=name,
        question=subject,
        category=None,
        domain="all",
        value=value,
        standard_error=error,
        lower=lower,
        upper=upper,
        level=level if limits else None,
        interval_method=method,
        n=n,
        weighted_n=weighted_n,
        base=f"{survey.responses.base}; responses that answered all of {subject}",
        missing={},
        degrees_of_freedom=df,
        df_rule="as the test that goes with it",
        design_effect=None,
        method=survey.context.variance,
        context=survey.context,
        query=f"{name}({subject})",
        null_reason=reason,
    )
