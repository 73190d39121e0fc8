"""Surveys in a notebook: ``import observatory; observatory.survey("cooperation/2020").proportion("q2", by="region")``.

Belongs here: the names that a notebook uses. Does not belong here: any work; ``analytics.survey_statistics`` does it.
"""

from __future__ import annotations

from analytics.survey_statistics.opening import survey
from analytics.survey_statistics.sample.design import Design, Inclusion, Replicates, Stage, SurveyError
from analytics.survey_statistics.survey import Survey

__all__ = ["Design", "Inclusion", "Replicates", "Stage", "Survey", "SurveyError", "survey"]
