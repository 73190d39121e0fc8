"""What a reader could find out from the survey tables that are about to be published, with all earlier releases.

Belongs here: handing those tables to the auditor, as they lie there. Does not belong here: the audit itself
(``analytics.survey_publication``), stopping the build (the border out).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from orchestration.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


def disclosed(frames: Mapping[str, pd.DataFrame], settings: Settings) -> list[str]:
    """Sentences on what must not be published: found while the tables were made, and by reading them again."""
    from analytics.survey_publication.audit import audit_tables
    from analytics.survey_publication.tables import PROBLEMS
    from orchestration.release.identity import identify
    from orchestration.release.publish import release_folders

    path = settings.shown / PROBLEMS
    if not path.is_file():
        return ["the tables of survey waves were not made in this build."]
    told: list[str] = json.loads(path.read_text(encoding="utf-8"))
    now = settings.releases / identify(settings).release_id
    earlier = [folder for folder in release_folders(settings) if folder != now]
    return list(dict.fromkeys([*told, *audit_tables(frames, earlier)]))
