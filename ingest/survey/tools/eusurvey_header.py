"""What the columns of an EUSurvey workbook hold: questions, rows of a matrix, options, short names.

Belongs here: reading the header, with the help of the cells where the header alone does not tell. Does not belong here:
sheets (``eusurvey_sheets``), technical columns (``eusurvey_meta``).

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
from ingest.tables.cell_text import one_line

# The exporter writes these in English whatever the language of the survey or of who exports.
TICKED, UNTICKED = "Yes", "No"
SHORT_NAME = re.compile(r"(.*\S) \(([A-Za-z0-9_-]+)\)", re.DOTALL)
BETWEEN = ": "

Rows = Sequence[Sequence[str]]


def option_columns(rows: Rows, n_questions: int, is_bold: Sequence[bool]) -> tuple[dict[int, int], bool]:
    """Column of an option to the column of its question, and whether that is told by the print of the header.

    With bold headers a few rows may be otherwise, which are shifted; without them the blank column of a question is
    known by all its cells, and those of its options by Yes and No alone.
    """
    is_printed = any(is_bold[:n_questions])
    found, question = {}, -1
    for place in range(n_questions):
        cells = [row[place] for row in rows]
        n_blank, n_marks = cells.count(""), cells.count(TICKED) + cells.count(UNTICKED)
        if is_printed:
            is_option = not is_bold[place] and 2 * n_marks >= len(cells)
            is_question = 2 * n_blank >= len(cells)
        else:
            is_option, is_question = 0 < n_marks == len(cells), n_blank == len(cells)
        if is_option and question >= 0:
            found[place] = question
        else:
            question = place if is_question else -1
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
