"""Waves whose retention date has passed, as a build and the commands beside it tell it.

Belongs here: which day is compared with, and the lines. Does not belong here: the rule (``ingest.survey.retention``).
"""

from __future__ import annotations

import datetime

from ingest.catalog import read_catalog
from ingest.survey.retention import newest_review, retention_problems
from orchestration.settings import Settings


def build_warnings(settings: Settings) -> list[str]:
    """Lines for a build, which compares with the newest review, so that the same inputs say the same."""
    cards = read_catalog(settings.source_roots, settings.register_roots).cards
    return [f"Warning. {each}" for each in retention_problems(cards, newest_review(cards))]


def warnings_today(settings: Settings) -> list[str]:
    """Lines for a command that builds nothing."""
    cards = read_catalog(settings.source_roots, settings.register_roots).cards
    return [f"Warning. {each}" for each in retention_problems(cards, today())]


def today() -> str:
    """The day by this machine's clock, YYYY-MM-DD."""
    return datetime.date.today().isoformat()
