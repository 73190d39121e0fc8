"""Known totals as a user writes them, read as columns of a model matrix.

Belongs here: names of columns and of categories. Does not belong here: what is solved with them (``calibration``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.weighting.auxiliaries import Auxiliaries, Column
from analytics.survey_statistics.weighting.classes import Classes, amount, factor, label, named_levels, read_classes
from analytics.survey_statistics.weighting.sums import class_sums

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

CONSTANT = ("(Intercept)", "1")


@dataclass(frozen=True)
class KnownTotals:
    """Columns with their totals (P,), and the classes that they were found in."""

    auxiliaries: Auxiliaries
    wanted: FloatArray
    classes: Classes


def known_totals(survey: Survey, totals: Mapping[str, Any]) -> KnownTotals:
    """``totals``: ``"(Intercept)"`` to the size of the population, a number's column to its total, a categorical
    variable to a mapping of its categories, one category as ``"kind = b"`` or, as R names it, ``"kindb"``; a product
    with a colon. Raises ``SurveyError`` for what is not there, and for missing values.
    """
    if not totals:
        raise SurveyError("Calibration needs known totals, for instance {'(Intercept)': 6194, 'turnover': 3811472}.")
    parts = {name: [_part(survey, text.strip()) for text in name.split(":")] for name in totals if name not in CONSTANT}
    factors = [variable for found in parts.values() for variable, kind in found if kind is not None]
    factors = list(dict.fromkeys(factors + [name for name, value in totals.items() if isinstance(value, Mapping)]))
    numbers = [variable for found in parts.values() for variable, kind in found if kind is None]
    numbers = [name for name in dict.fromkeys(numbers) if name not in factors]
    classes = read_classes(survey, factors)
    columns: list[Column] = []
    wanted: list[float] = []
    for name, value in totals.items():
        if isinstance(value, Mapping):
            f = factors.index(name)
            present = sorted({(row[f],) for row in classes.levels}, key=repr)
            for levels, total in named_levels(survey, [name], value, present).items():
                columns.append(Column(label(survey, [name], levels), ((f, levels[0]),)))
                wanted.append(total)
            continue
        columns.append(_column(survey, name, parts.get(name, []), factors, numbers, classes))
        is_negative = bool(columns[-1].number) and isinstance(value, Real) and value < 0
        wanted.append(-amount(name, -value) if is_negative else amount(name, value))
    refuse_missing_numbers(survey, numbers)
    sql = tuple(factor(survey, name) for name in numbers)
    return KnownTotals(
        Auxiliaries(tuple(factor(survey, name) for name in factors), sql, tuple(columns)), np.array(wanted), classes
    )


def _part(survey: Survey, text: str) -> tuple[str, str | None]:
    """A variable with the category that is meant, None for the variable itself."""
    known = survey.responses.questions or survey.responses.columns
    if text in known or text in survey.responses.columns:
        return text, None
    if "=" in text:
        variable, _, category = text.partition("=")
        return variable.strip(), category.strip()
    written = re.fullmatch(r"(?:as\.)?factor\((.+?)\)(.*)", text)
    if written:
        return written[1], written[2]
    begun = [name for name in known if text.startswith(name)]
    if not begun:
        survey.responses.question(text)
    variable = max(begun, key=len)
    return variable, text[len(variable) :]


def _column(
    survey: Survey,
    name: str,
    parts: list[tuple[str, str | None]],
    factors: list[str],
    numbers: list[str],
    classes: Classes,
) -> Column:
    levels: list[tuple[int, object]] = []
    number = 0
    for variable, category in parts:
        if category is None:
            if number or variable in factors:
                raise SurveyError(
                    f"The total {name!r} needs a category of {variable}, as in '{variable} = ...', or is a product of "
                    "two numbers, which has to be a column of its own."
                )
            number = 1 + numbers.index(variable)
            continue
        f = factors.index(variable)
        labels = survey.responses.question(variable).categories
        present = {row[f] for row in classes.levels}
        found = [v for v in sorted(present, key=repr) if category in (str(v), str(labels.get(v)), str(v).lower())]
        if not found:
            raise SurveyError(
                f"A total is given for {variable} = {category}, where no response of {survey.responses.title} with a "
                f"positive weight is; its categories are {', '.join(sorted(map(str, present)))}."
            )
        levels.append((f, found[0]))
    return Column(name, tuple(levels), number)


def refuse_missing_numbers(survey: Survey, numbers: list[str]) -> None:
    """Raise ``SurveyError`` if a response with a positive weight lacks one of the numbers, or has an infinite one."""
    if not numbers:
        return
    sql = [factor(survey, name) for name in numbers]
    counts = [
        f"count_if(({survey.weight}) > 0 and (({text}) is null or not isfinite(({text})::double)))" for text in sql
    ]
    found = class_sums(survey.responses, (), counts).sums[0]
    for name, lost in zip(numbers, found.tolist(), strict=True):
        if lost:
            raise SurveyError(
                f"{int(lost)} responses of {survey.responses.title} with a positive weight have no value in {name} or "
                "an infinite one, so no weight can be found for them; impute it or leave the variable out."
            )
