"""Whether an export and its codebook agree.

Belongs here: what one has and the other lacks. Does not belong here: matching them (``binding``).
"""

from __future__ import annotations

from ingest.problem import Problem
from ingest.survey.binding import Binding
from ingest.survey.codebook import Codebook
from ingest.survey.export import Export


def disagreements(export: Export, codebook: Codebook, binding: Binding) -> list[Problem]:
    """What one has and the other lacks."""
    return []
