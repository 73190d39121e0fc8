"""How tools that follow XLSForm write names, times and places.

Belongs here: what KoboToolbox, ODK and SurveyCTO have in common beside their columns of answers (``form_columns``).
Does not belong here: any one tool.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

XML_NAME = re.compile(r"[\w.\-]+(?:[/:][\w.\-]+)*", re.ASCII)
# Latitude and longitude, often with altitude and accuracy; a line or area has several of them.
POINT = re.compile(r"-?\d{1,3}\.\d+ -?\d{1,3}\.\d+(?: -?[\d.]+){0,2}(?:;.*)?")
CLOCK = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S")
# A zone is told beside the time; parts of a second say nothing here.
CLOCK_NOISE = r"(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$"
# What a select_multiple cell is joined by where it holds names.
OF_NAMES = (" ",)


def is_place(texts: Sequence[str]) -> bool:
    """Whether a column holds points, lines or areas on the map and nothing else."""
    given = [text for text in texts if text]
    return bool(given) and all(POINT.fullmatch(text) for text in given)
