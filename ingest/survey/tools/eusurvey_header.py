"""What the columns of an EUSurvey workbook hold: technical columns, rows of a matrix, options, short names.

Belongs here: reading the header, with the help of the cells where the header alone does not tell. Does not belong here:
sheets (``eusurvey_sheets``), and which rows are no contributions (``eusurvey``).

A matrix prints ``title: row``; with "Split MCQ answers per columns" the question's column is blank and its options
follow, each under its label alone (EUSURVEY ``CommonExcelExportCreator``). A question's header is bold there, that of
an option is not, which is the only sure mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ingest.survey.export import SourceColumn
from ingest.survey.tools.eusurvey_sheets import Heading
from ingest.survey.tools.heading import meta_roles
from ingest.tables.cell_text import fold, one_line

TOOL = "EUSurvey"
# The order in which the exporter writes the technical columns, each of them optional; they are the last ones.
META = ("token", "response_id", "email", "submitted_at", "recorded_at", "language", "score")
DAY = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?|\d\d/\d\d/\d{4}(?: \d\d:\d\d(?::\d\d(?:\.\d+)?)?)?"
)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
FORMS = {"submitted_at": DAY, "recorded_at": DAY, "language": LANGUAGE}
# The exporter writes these in English whatever the language of the survey or of who exports.
TICKED, UNTICKED, ANONYMOUS = "Yes", "No", "Anonymous"
IDENTITIES = ("token", "response_id", "email")
SHORT_NAME = re.compile(r"(.*\S) \(([A-Za-z0-9_-]+)\)", re.DOTALL)
BETWEEN = ": "

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


def option_columns(rows: Rows, n_questions: int, is_bold: Sequence[bool]) -> tuple[dict[int, int], bool]:
    """Column of an option to the column of its question, and whether that is told by the print of the header.

    Without bold headers: a blank column, and behind it columns of Yes and No alone.
    """
    questions = is_bold[:n_questions]
    is_printed = any(questions)
    blank = {place for place in range(n_questions) if not any(row[place] for row in rows)}
    marks = {
        place
        for place in range(n_questions)
        if (not questions[place] if is_printed else rows and all(row[place] in {TICKED, UNTICKED} for row in rows))
    }
    found, question = {}, -1
    for place in range(n_questions):
        if place in marks and question >= 0:
            found[place] = question
        else:
            question = place if place in blank else -1
    return found, is_printed


def has_short_names(headings: Sequence[Heading], n_questions: int) -> bool:
    """Whether every question prints its short name behind its title."""
    return n_questions > 0 and all(SHORT_NAME.fullmatch(each.text.strip()) for each in headings[:n_questions])


def source_columns(
    headings: Sequence[Heading], meta: Mapping[int, str], options: Mapping[int, int], with_names: bool
) -> Iterator[SourceColumn]:
    """The columns in the order of the export."""
    named = [_named(each.text, with_names) for each in headings]
    plain = [place for place in range(len(headings)) if place not in meta and place not in options]
    matrices = _matrices({place: named[place][0] for place in plain})
    for place, heading in enumerate(headings):
        printed = one_line(heading.text)
        if place in meta:
            yield SourceColumn(place, printed, heading.letters, role=meta[place])
            continue
        text, name = named[place]
        if place in options:
            question, its_name = named[options[place]]
            stem = matrices.get(options[place])
            title = f"{stem}{BETWEEN}{question[len(stem) + len(BETWEEN) :]}" if stem else question
            yield SourceColumn(
                place, printed, heading.letters, part="tick", name=its_name, text=title, sub_name=name, sub_text=text
            )  # fmt: skip
        elif place in options.values():
            yield SourceColumn(place, printed, heading.letters, role="other_meta")
        elif stem := matrices.get(place, ""):
            row = text[len(stem) + len(BETWEEN) :]
            yield SourceColumn(place, printed, heading.letters, name=name, text=stem, sub_text=row)
        else:
            yield SourceColumn(place, printed, heading.letters, name=name, text=text)


def without_short_names(texts: Sequence[str]) -> dict[str, str]:
    """Each distinct answer ``label (name);label (name)`` of one column as its labels alone.

    Empty where an answer has no name behind it or a name has two labels: such a column holds free texts.
    """
    found: dict[str, str] = {}
    labels: dict[str, str] = {}
    for text in dict.fromkeys(texts):
        parts = [SHORT_NAME.fullmatch(each) for each in re.split(r"(?<=\));\s?", text.strip())] if text else []
        for part in parts:
            if part is None or labels.setdefault(part[2], part[1]) != part[1]:
                return {}
        found[text] = "; ".join(part[1] for part in parts if part)
    return found


def _named(text: str, with_names: bool) -> tuple[str, str]:
    """The title on one line and its short name."""
    found = SHORT_NAME.fullmatch(text.strip()) if with_names else None
    return (one_line(found[1]), found[2]) if found else (one_line(text), "")


def _matrices(titles: Mapping[int, str]) -> dict[int, str]:
    """Place to title of its matrix, for columns next to each other whose headers begin with the same title."""
    found: dict[int, str] = {}
    for _, run in groupby(titles.items(), key=lambda each: each[1].partition(BETWEEN)[0]):
        members = list(run)
        stems = {stem for stem in _stems(members[0][1]) if all(text.startswith(stem + BETWEEN) for _, text in members)}
        if len(members) > 1 and stems:
            found |= {place: max(stems, key=len) for place, _ in members}
    return found


def _stems(text: str) -> Iterator[str]:
    at = text.find(BETWEEN)
    while at >= 0:
        yield text[:at]
        at = text.find(BETWEEN, at + 1)
