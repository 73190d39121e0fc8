"""New columns of a survey, and numbers that stand for categories: R ``update`` and ``factor``.

Belongs here: columns made of the columns there are. Does not belong here: opening a source (``responses``), codebooks
of waves (``wave``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analytics.sql_literal import literal
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import tuples
from analytics.survey_statistics.sample.responses import NUMBER, Responses, quoted

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

# A column with more values than this is a measurement and no list of categories.
MOST_CATEGORIES = 500


def with_columns(survey: Survey, columns: Mapping[str, Any]) -> Survey:
    """The survey with more columns, each by SQL over the columns there are (R ``update(design, x = ...)``).

    Raises ``SurveyError`` for a name that is taken, and for SQL that the engine cannot read.
    """
    held = {name.lower() for name in survey.responses.columns}
    for name, expression in columns.items():
        if name.lower() in held or name in survey.responses.questions:
            raise SurveyError(f"{survey.responses.title} has a column {name!r} already; give the new one another name.")
        if not isinstance(expression, str) or not expression.strip():
            raise SurveyError(f"{name} is {expression!r}; it must be SQL over the columns, for instance 'age >= 65'.")
    listed = "".join(f", ({expression}) as {quoted(name)}" for name, expression in columns.items())
    return replace(survey, responses=_viewed(survey.responses, f"*{listed}"), kept={})


def categorical(survey: Survey, columns: Any) -> Survey:
    """The survey with columns whose values are categories, whatever their type (R ``factor``).

    ``columns``: a name, names, or a mapping of names to the values in their order, or to a mapping of values to labels.
    A value with the label None is missing. Without either the values that occur are the categories, in ascending order.

    Raises ``SurveyError`` for a column of a codebook, for one of the design whose numbers it needs, for values without
    a label, and for columns with more than 500 values.
    """
    listed = list(columns) if isinstance(columns, Mapping | Sequence) and not isinstance(columns, str) else [columns]
    wanted: Mapping[Any, Any] = columns if isinstance(columns, Mapping) else dict.fromkeys(listed)
    parts = []
    for name, levels in wanted.items():
        labels = _labels(survey, name, levels)
        members = ", ".join(dict.fromkeys(literal(label) for label in labels.values() if label is not None))
        if not members:
            raise SurveyError(f"{name} of {survey.responses.title} has no answers, so it has no categories.")
        if name in survey.design.columns:
            _check_part_of_design(survey, name, labels)
        cases = " ".join(f"when {literal(value)} then {literal(label)}" for value, label in labels.items())
        parts.append(f"(case {quoted(name)} {cases} end)::enum({members}) as {quoted(name)}")
    return replace(survey, responses=_viewed(survey.responses, f"* replace ({', '.join(parts)})"), kept={})


def _check_part_of_design(survey: Survey, name: str, labels: Mapping[object, str | None]) -> None:
    """Strata and units may have labels, one for each; weights, populations and probabilities stay numbers."""
    names = {part for stage in survey.design.stages for part in (stage.units, stage.strata)}
    if name not in names or len(set(labels.values()) - {None}) < len(labels):
        raise SurveyError(
            f"{name} of {survey.responses.title} is part of the design, which these categories would change: copy it "
            f"first, with_columns({name}_group={name!r})."
        )


def _labels(survey: Survey, name: Any, levels: Any) -> dict[object, str | None]:
    """The label of every value, in order."""
    from analytics.survey_statistics.estimators.domain import categories, label

    responses = survey.responses
    if not isinstance(name, str):
        raise SurveyError(f"{name!r} is no name of a column; columns are a name, a list of names, or a mapping.")
    question = responses.question(name)
    if name in responses.questions or name in (responses.parts or {}):
        raise SurveyError(f"{name} of {responses.title} has the categories of its codebook.")
    rows = tuples(
        responses,
        f"select distinct {question.value} as value from {responses.relation} where ({question.value}) is not null "
        f"limit {MOST_CATEGORIES + 1}",
    )
    if len(rows) > MOST_CATEGORIES:
        raise SurveyError(
            f"{name} of {responses.title} has more than {MOST_CATEGORIES} different values, which is a measurement: "
            "make classes first, for instance with_columns(is_old='age >= 65')."
        )
    found = categories(question, (value for (value,) in rows))
    if levels is None:
        return {value: label(question, value) for value in found}
    given = dict(levels) if isinstance(levels, Mapping) else {value: label(question, value) for value in levels}
    if without := [value for value in found if value not in given]:
        raise SurveyError(
            f"{name} of {responses.title} has values without a label: {', '.join(map(str, without[:10]))}. Label them, "
            "or give them the label None, which is a missing answer."
        )
    return given


def _viewed(responses: Responses, selected: str) -> Responses:
    """The responses with other columns, as a view of the same engine."""
    relation = responses.relation
    # The name goes on as it begins, because weights from populations are known by it.
    name = quoted(f"{relation[1:-1]}_{next(NUMBER)}") if relation[0] == '"' else f"{relation}_{next(NUMBER)}"
    described = tuples(responses, f"describe select {selected} from {relation}")
    responses.define(name, f"select {selected} from {relation}", is_table=False)
    return replace(responses, relation=name, columns={row[0]: row[1] for row in described})
