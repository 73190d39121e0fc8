"""What a survey keeps of the engine's answers, and what of it another design may use.

Belongs here: which sums stay valid. Does not belong here: adding up (``sums``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analytics.survey_statistics.sample.cells import keep_sums
from analytics.survey_statistics.sample.design import Design
from analytics.survey_statistics.sample.recoding import RECODED
from analytics.survey_statistics.sample.structure import Structure, structure
from analytics.survey_statistics.sample.sums import SHIFT, SUMS

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey


def keep(survey: Survey, questions: Sequence[str], by: Sequence[str], where: str | None) -> None:
    """Add up each question by the domains together; without questions only the structure of the sample is read."""
    structure(survey)
    keys = [survey.responses.question(name).value for name in by]
    asked = [survey.responses.question(code) for code in questions]
    are_choices = not survey.responses.questions
    keep_sums(survey, [[*keys, each.value] for each in asked if are_choices or each.kind == "choice"], where)


def kept_after(survey: Survey, design: Design) -> dict[Any, Any]:
    """What is kept of a survey under another design of the same responses.

    Sums know weights, units and strata only. The structure also knows whether populations count.
    """
    old = survey.design
    if (old.weights, old.stages) != (design.weights, design.stages):
        return {}
    names = (SUMS, SHIFT, RECODED)
    kept: dict[Any, Any] = {
        key: value for key, value in survey.kept.items() if isinstance(key, tuple) and key[0] in names
    }
    if Structure in survey.kept and old.inference == design.inference:
        kept |= {Structure: survey.kept[Structure]}
    return kept
