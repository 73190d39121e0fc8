"""A codebook guessed from an export that came without one.

Belongs here: kinds and options from headers and cells. Does not belong here: reading the export.
"""

from __future__ import annotations

from ingest.survey.codebook import Codebook
from ingest.survey.export import Export


def infer_codebook(export: Export) -> Codebook:
    """The guessed codebook."""
    return Codebook((), "inferred")
