"""A survey in words: what its sample is, and which questions can be asked.

Belongs here: the design as a reader of a table or a console meets it. Does not belong here: results (``listing``,
``text_table``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.survey_statistics.sample.design import Stage
from analytics.survey_statistics.sample.inclusion import RESPONSE_NUMBER
from analytics.survey_statistics.sample.weight import POPULATION_WEIGHT
from analytics.survey_statistics.tables.layout import width

if TYPE_CHECKING:
    from analytics.survey_statistics.result import Context
    from analytics.survey_statistics.survey import Survey

SPEAKS_OF = {"population": "these very units", "process": "the process behind these units"}
MOST_QUESTIONS = 40


def design_lines(survey: Survey, context: Context) -> list[str]:
    """Where the responses are from and what the standard errors are those of."""
    stages = [_stage(stage) for stage in survey.design.stages]
    parts = [
        f"weights: {context.weights}",
        f"sample: {', then '.join(stages)}",
        f"finite population correction: {'on' if context.is_fpc_used else 'off'}",
        f"variance: {context.variance}",
        f"stratum with one unit: {context.lonely_psu}",
        f"estimates speak of {SPEAKS_OF[context.inference]}",
    ]
    lines = [f"{survey.responses.title}{f', release {context.release_id}' if context.release_id else ''}"]
    if context.is_synthetic:
        lines.append("SYNTHETIC: all answers were made up.")
    return [*lines, "; ".join(parts) + "."]


def _stage(stage: Stage) -> str:
    units = f"units {stage.units}" if stage.units and stage.units != RESPONSE_NUMBER else "responses"
    strata = f" in strata {stage.strata}" if stage.strata else ""
    chances = f" with the probabilities {stage.inclusion.probability}" if stage.inclusion else ""
    return f"{units}{strata}{chances}"


def columns_of(survey: Survey) -> dict[str, str]:
    """The columns of a table with their types, without those that the design has added."""
    added = (RESPONSE_NUMBER, POPULATION_WEIGHT)
    return {name: held for name, held in survey.responses.columns.items() if name not in added}


def question_lines(survey: Survey) -> list[str]:
    """Code, kind and text of each question; of a table without a codebook its columns."""
    responses = survey.responses
    asked = {code: (question.kind, question.text) for code, question in responses.questions.items()}
    named = asked or {name: (held.lower(), "") for name, held in columns_of(survey).items()}
    shown = list(named.items())[:MOST_QUESTIONS]
    first = max((width(code) for code, _ in shown), default=0)
    second = max((len(kind) for _, (kind, _) in shown), default=0)
    lines = [
        f"  {code}{' ' * (first - width(code))}  {kind.ljust(second)}  {'' if text == code else text}".rstrip()
        for code, (kind, text) in shown
    ]
    more = [f"  ... and {len(named) - MOST_QUESTIONS} more"] if len(named) > MOST_QUESTIONS else []
    return [f"{len(named)} {'questions' if asked else 'columns'}:", *lines, *more]
