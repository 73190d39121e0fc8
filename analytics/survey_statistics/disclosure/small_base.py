"""Percents of few: when none is shown, and when it carries a warning.

Belongs here: the two rules of quality for bases, in words. Does not belong here: rules that protect (``sensitive``).
"""

from __future__ import annotations

from analytics.survey_statistics.disclosure.rules import Rules


def percent_reason(base: int, rules: Rules) -> str | None:
    """Why there is no percent of so few; None where there may be one. The counts stay."""
    if 0 < base < rules.percent_base:
        return f"no percent of fewer than {rules.percent_base}"
    return None


def low_base_note(base: int, rules: Rules) -> str | None:
    """The warning beside a percent of few; None where none is needed."""
    if rules.percent_base <= base < rules.low_base:
        return f"base below {rules.low_base}: read with care"
    return None
