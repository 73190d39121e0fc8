"""Responses of Google Forms: the CSV that the form itself gives, and the sheet linked to it.

Belongs here: which column is which question or row, and how lists and times are written in either. Does not belong
here: what a cell means.

The form joins ticked options with ``;`` and writes times such as ``2016/08/15 7:16:38 PM GMT+2``; the sheet joins them
with a comma and writes times as its locale does. There is neither a respondent's id nor a mark for what somebody wrote
under "other". A question that was edited gets a second column, beside the first or at the end.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey.cells import Cells, TableProblems
from ingest.survey.export import Convention, Export, SourceColumn
from ingest.survey.tools.evidence import first_answers, is_day_first, is_ranking, rewritten
from ingest.survey.tools.heading import meta_roles, plain_heading, table_with
from ingest.tables.cell_text import fold
from ingest.tables.grid import column_letters

if TYPE_CHECKING:
    import pyarrow as pa

TOOL = "Google Forms"
TIMESTAMP = 0
# Addresses stand behind the times, the score of a quiz beside them.
BEHIND = 3
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
GRID = re.compile(r"(?P<question>.*\S)\s*\[(?P<row>[^\[\]]+)\]")
OF_FORM = re.compile(r"\b(?:GMT|UTC)(?:\s?[+-]\d|$)|[AP]M [A-Z]{3,4}$")
ZONE = re.compile(r"(?:GMT|UTC)\s?[+-]?[\d:]*$")
# Written as the language of the form's owner has it; strptime knows only the English ones.
HALVES = (
    (r"午前|上午|오전", "AM"),
    (r"午後|下午|오후", "PM"),
    (r"(?i)\ba\.\s?m\.?", "AM"),
    (r"(?i)\bp\.\s?m\.?", "PM"),
    # Where the halves are counted from 0, noon is 0:00 PM.
    (r" 00?:([0-9]{2}(?::[0-9]{2})?) ([AP]M)", r" 12:\1 \2"),
)
CLOCK_NOISE = r"\s*(?:(?:GMT|UTC)\s?[+-]?[0-9:]*|\b[A-Z]{3,4})$"
# Any language's way to write a day, or the number of a day in a spreadsheet; the clocks of machines write others.
LIKE_DAY = re.compile(r"\d{1,4}[./年-]\s?\d{1,2}[./月-]\s?\d{1,4}(?!\d|T.*Z)|[3-5]\d{4}(?:\.\d+)?$")
YEAR_FIRST = (
    *("%Y/%m/%d %I:%M:%S %p", "%Y/%m/%d %p %I:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"),
    *("%Y. %m. %d %p %I:%M:%S", "%Y/%m/%d %H:%M"),
)
MONTH_FIRST = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M")
DAY_FIRST = ("%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d-%m-%Y %H:%M:%S", "%d/%m/%Y %H:%M")


def read(path: Path, tables: tuple[Cells, ...]) -> Export:
    """The responses of a form.

    Raises:
        SourceError: no table of the file holds them.
    """
    table = table_with(tables, TOOL)
    first = first_answers(table.after(1), range(min(table.width, BEHIND)))
    times = [each for each in first[TIMESTAMP] if each]
    if times and not any(LIKE_DAY.match(each) for each in times):
        raise SourceError([problem("survey_forms_no_days", Place(path.name, table.sheet, cell="A2"), tool=TOOL)])
    columns = _with_ranks(_with_address(_columns(table.head[0], table.width), first), table)
    is_form = any(OF_FORM.search(each) for each in times)
    day_first = is_day_first(times)
    zone = next((found[0] for each in times if (found := ZONE.search(each))), "")
    form = "file of the form" if is_form else "linked sheet"
    days = DAY_FIRST if day_first else MONTH_FIRST
    return Export(
        tool=TOOL,
        form=form,
        columns=columns,
        batches=rewritten(table.after(1), TIMESTAMP, _with_english_halves),
        convention=Convention(
            separators=(";",) if is_form else (", ",),
            clock=(*YEAR_FIRST, *days),
            days=("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y" if day_first else "%m/%d/%Y"),
            clock_noise=CLOCK_NOISE,
            is_other_inline=True,
        ),
        limits=("empty_is_unanswered", "none_ticked", "other_inline"),
        options={"variant": form, **({"zone": zone} if zone else {}), **table.options},
        sheet=table.sheet,
        problems=TableProblems((table,), _told(table, columns, day_first)),
    )


def _columns(header: Sequence[str], width: int) -> tuple[SourceColumn, ...]:
    roles = meta_roles(TOOL)
    texts = [plain_heading(header[place]) for place in range(width)]
    # Brackets at the end mean the row of a grid only where another row of the same grid is there too.
    grids = Counter(found["question"] for text in texts if (found := GRID.fullmatch(text)))
    columns = []
    for place, text in enumerate(texts):
        letters = column_letters(place + 1)
        # A question may well be called "Score" or "Email address"; the form's own columns stand in front.
        role = "other_meta" if not text else roles.get(fold(text), "") if place <= _n_front(texts) else ""
        found = GRID.fullmatch(text)
        if role:
            columns.append(SourceColumn(place, header[place], letters, role, text=text))
        elif found and grids[found["question"]] > 1:
            row = found["row"].strip()
            columns.append(SourceColumn(place, header[place], letters, text=found["question"], sub_text=row))
        else:
            columns.append(SourceColumn(place, header[place], letters, text=text))
    return tuple(columns)


def _with_address(columns: Sequence[SourceColumn], first: Mapping[int, Sequence[str]]) -> list[SourceColumn]:
    """The addresses that the form collects stand behind the times, whatever the language of their header."""
    found = list(columns)
    for place in [place for place in first if found[place].role == "answer"]:
        before = {column.role for column in columns[:place]}
        given = {text for text in first[place] if text}
        if before <= {"submitted_at", "score"} and given and all(ADDRESS.fullmatch(text) for text in given):
            found[place] = replace(found[place], role="email")
    return found


def _with_ranks(columns: Sequence[SourceColumn], table: Cells) -> tuple[SourceColumn, ...]:
    """Grids in which each row has another number are rankings, for which the tool has no form of its own."""
    grids: dict[str, list[SourceColumn]] = defaultdict(list)
    for column in columns:
        if column.sub_text:
            grids[column.text].append(column)
    seen = first_answers(table.after(1), [column.place for grid in grids.values() for column in grid])
    ranks = {text for text, grid in grids.items() if is_ranking([seen[column.place] for column in grid])}
    return tuple(replace(each, part="rank") if each.sub_text and each.text in ranks else each for each in columns)


def _n_front(texts: Sequence[str]) -> int:
    """The last of the columns in front that the form itself adds."""
    roles = meta_roles(TOOL)
    return next((place - 1 for place, text in enumerate(texts) if fold(text) not in roles), len(texts) - 1)


def _with_english_halves(column: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    for written, half in HALVES:
        column = pc.replace_substring_regex(column, written, half)
    return column


def _told(table: Cells, columns: Sequence[SourceColumn], day_first: bool | None) -> list[Problem]:
    """Times that may be read two ways, and questions with more than one column."""
    where = Place(table.file, table.sheet)
    told = [problem("survey_forms_day_or_month", where)] if day_first is None else []
    asked = Counter((each.text, each.sub_text) for each in columns if each.role == "answer")
    twice = [text for (text, _), count in asked.items() if count > 1]
    if twice:
        places = [each.letters for each in columns if each.text in twice and each.role == "answer"]
        told.append(problem("survey_forms_edited_question", where, questions=twice, columns=places))
    return told
