"""The rules of disclosure control, read from reviewed rows.

Belongs here: ``rules.csv`` as numbers, with checks. Does not belong here: which cell breaks a rule (``sensitive``).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from analytics.survey_statistics.sample.design import SurveyError

PATH = Path(__file__).with_name("rules.csv")
PERCENTS = ("dominance_1", "dominance_2", "p_percent", "protection")


@dataclass(frozen=True)
class Rules:
    """What is too small or too much of one; each field is a row of ``rules.csv`` with its reason and source.

    ``threshold``, ``group_base``, ``percent_base``, ``low_base``, ``quantile_side``, ``spread_base`` are numbers of
    responses; the others are percents.
    """

    threshold: int
    group_base: int
    percent_base: int
    low_base: int
    quantile_side: int
    spread_base: int
    dominance_1: float
    dominance_2: float
    p_percent: float
    protection: float

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise SurveyError(f"Disclosure rule {item.name}: found {value!r}, expected a number.")
            if item.name in PERCENTS and not 0 < value <= 100:
                raise SurveyError(f"Disclosure rule {item.name}: found {value}, expected a percent above 0, up to 100.")
            if item.name not in PERCENTS and (value < 0 or value != int(value)):
                raise SurveyError(f"Disclosure rule {item.name}: found {value}, expected a whole number of responses.")
        if self.threshold < 2:
            raise SurveyError(
                f"Disclosure rule threshold: found {self.threshold}, expected 2 or more, for a count of 1 is a person."
            )

    def changed(self, overrides: Mapping[str, float]) -> Rules:
        """These rules with some numbers of a card instead. Raises SurveyError for a rule that does not exist."""
        known = {item.name for item in fields(self)}
        if unknown := sorted(set(overrides) - known):
            raise SurveyError(f"Unknown disclosure rule {unknown[0]!r}; known are {', '.join(sorted(known))}.")
        numbers: dict[str, Any] = {name: _number(name, value) for name, value in overrides.items()}
        return replace(self, **numbers)

    @property
    def reason(self) -> str:
        """What a reader is told of every hidden number: one text, so that it tells nothing of which is small."""
        return f"suppressed: fewer than {self.threshold}, or protects such a number"


def _number(name: str, value: float) -> float:
    return value if name in PERCENTS or value != int(value) else int(value)


@cache
def default_rules() -> Rules:
    """The rules that hold where a card says nothing else."""
    with PATH.open(encoding="utf-8", newline="") as stream:
        found = {row["rule"]: float(row["value"]) for row in csv.DictReader(stream)}
    numbers: dict[str, Any] = {name: _number(name, value) for name, value in found.items()}
    return Rules(**numbers)
