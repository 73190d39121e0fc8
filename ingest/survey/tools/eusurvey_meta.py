"""The technical columns of an EUSurvey workbook, which stand behind all questions in one order.

Belongs here: telling them by header, place and content, and whether a row has in them what it must. Does not belong
here: the columns of questions (``eusurvey_header``). The order is that of EUSURVEY's ``CommonExcelExportCreator``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ingest.survey.tools.eusurvey_sheets import Heading
from ingest.survey.tools.heading import meta_roles
from ingest.tables.cell_text import fold

TOOL = "EUSurvey"
# The order in which the exporter writes the technical columns, each of them optional; they are the last ones.
META = ("token", "response_id", "email", "submitted_at", "recorded_at", "language", "score")
DAY = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?|\d\d/\d\d/\d{4}(?: \d\d:\d\d(?::\d\d(?:\.\d+)?)?)?"
)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
# What every contribution has, as far as the export shows it.
ALWAYS = ("response_id", "submitted_at", "recorded_at", "language")
FORMS = {"submitted_at": DAY, "recorded_at": DAY, "language": LANGUAGE}
# Written in English whatever the language of the survey or of who exports.
ANONYMOUS = "Anonymous"
IDENTITIES = ("token", "response_id", "email")

Rows = Sequence[Sequence[str]]


def meta_columns(headings: Sequence[Heading]) -> dict[int, str]:
    """Place to role of the technical columns, which stand behind all questions.

    A header between two known ones, or behind the last, that nobody knows is taken by its place where only one is
    possible, and is kept from everybody (role custom) otherwise.
    """
    roles = meta_roles(TOOL)
    first = max(0, len(headings) - len(META))
    known: dict[int, str] = {}
    for place in reversed(range(first, len(headings))):
        role = roles.get(fold(headings[place].text), "")
        if role and all(META.index(role) < META.index(later) for later in known.values()):
            known[place] = role
    if not known:
        return {}
    found = {}
    for place in range(min(known), len(headings)):
        before = max(META.index(role) for at, role in known.items() if at <= place)
        after = min((META.index(role) for at, role in known.items() if at >= place), default=len(META))
        run = len(headings) if after == len(META) else min(at for at in known if at >= place)
        possible = META[before + 1 : after]
        start = max(at for at in known if at <= place) + 1
        is_sure = len(possible) == run - start
        found[place] = known.get(place) or (possible[place - start] if is_sure else "custom")
    return found


def looks_technical(headings: Sequence[Heading], rows: Rows, n_questions: int) -> Sequence[Heading]:
    """Of the last columns that are taken for questions, those whose cells only technical columns have."""
    first = max(0, n_questions - len(META))
    texts = {place: {row[place] for row in rows} - {""} for place in range(first, n_questions)}
    is_day = {place: bool(each) and all(DAY.fullmatch(text) for text in each) for place, each in texts.items()}
    is_language = {
        place: bool(each) and all(LANGUAGE.fullmatch(text) and text.isupper() for text in each)
        for place, each in texts.items()
    }
    found = [place for place, each in texts.items() if each == {ANONYMOUS}]
    found += [place for place in texts if is_language[place] and is_day.get(place - 1)]
    return [headings[place] for place in sorted(found)]


def is_contribution(cells: Sequence[str], meta: Mapping[int, str]) -> bool:
    """Whether the technical columns hold what they must; a shifted row has something else in one of them."""
    texts = [(role, cells[place]) for place, role in meta.items() if role in ALWAYS]
    if texts and not any(text for _, text in texts):
        return False
    return all(FORMS[role].fullmatch(text) for role, text in texts if text and role in FORMS)
