"""Microsoft Forms: one header row, technical columns first, in the language of who exports.

Belongs here: its columns, its repeated titles, its times. Does not belong here: cells of text (``cells``).

Rows of a Likert question stand under their own text, the question's is not exported. A title that stands twice gets a
number behind it. Several choices are written with a separator behind each, a ranking the same way in its order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ingest.message import problem
from ingest.personal import personal_kind
from ingest.problem import Place, Problem
from ingest.survey.cells import Cells, TableProblems
from ingest.survey.export import Batches, Convention, Export, SourceColumn
from ingest.survey.tools.evidence import is_day_first
from ingest.survey.tools.heading import meta_roles, table_with
from ingest.tables.cell_text import fold, one_line
from ingest.tables.grid import column_letters

TOOL, QUIZ = "Microsoft Forms", "Microsoft Forms quiz"
FIRST = ("response_id", "started_at", "submitted_at", "email", "name")
ALWAYS = FIRST[:3]
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
IN_FRONT = (*FIRST, "language", "recorded_at", "score", "other_meta")
TIMES = ("started_at", "submitted_at", "recorded_at")
# Written into Email and Name where the form does not ask who answers; the same in every language.
ANONYMOUS = "anonymous"
LIMITS = ("empty_is_unanswered", "none_ticked")
NUMBERED = re.compile(r"(.*\D)(\d{1,3})", re.DOTALL)
SLASHED, YEAR_FIRST = "/", re.compile(r"\d{4}")
CLOCKS = {
    "year": ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%d.%m.%y %H:%M:%S", "%d.%m.%Y %H:%M:%S"),
    "month": ("%m/%d/%y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"),
    "day": ("%d/%m/%y %H:%M:%S", "%d/%m/%Y %H:%M:%S"),
}
DAYS = {"month": ("%Y-%m-%d", "%m/%d/%Y"), "day": ("%Y-%m-%d", "%d/%m/%Y")}
MILLISECONDS = r"\.\d+$"


def read(_path: Path, tables: tuple[Cells, ...]) -> Export:
    """The export in a workbook or CSV: the table whose first columns are those of Microsoft Forms.

    Raises:
        SourceError: no table has them.
    """
    table = table_with(tables, TOOL)
    batches = table.after(1)
    roles = _roles(
        table.head[0],
        {place: _texts(batches, place) for place in range(len(ALWAYS), len(FIRST)) if place < table.width},
    )
    roles, told = _without_anonymous(table, roles, batches)
    order, more = _order(table, roles, batches)
    columns = tuple(_columns(table.head[0], roles))
    clock = (*CLOCKS["year"], *CLOCKS[order])
    convention = Convention(
        separators=(";",), clock=clock, days=DAYS[order], clock_noise=MILLISECONDS, is_other_inline=True
    )
    return Export(
        TOOL, "quiz" if "score" in roles.values() else "form", columns, batches, convention, LIMITS,
        dict(table.options), sheet=table.sheet, problems=TableProblems((table,), (*told, *more)),
    )  # fmt: skip


def _roles(header: Sequence[str], texts: Mapping[int, set[str]]) -> dict[int, str]:
    """Place to role. The first three columns are always the same, others stand before the first question.

    ``texts``: the answers where the address and the name stand, unless somebody took these columns out. In a language
    that is not known the address is told by what it holds, and the name follows it.
    """
    known, beside = meta_roles(TOOL), meta_roles(QUIZ)
    found: dict[int, str] = {}
    is_in_front = True
    for place, text in enumerate(header):
        role = known.get(fold(text), "")
        if place < len(ALWAYS):
            found[place] = role or ALWAYS[place]
            continue
        if place == len(ALWAYS) and not role and _is_address(text, texts.get(place, set())):
            role = "email"
        elif place == len(FIRST) - 1 and not role and known.get(fold(header[place - 1])) != found.get(place - 1):
            role = "name"
        is_in_front = is_in_front and role in IN_FRONT
        if is_in_front:
            found[place] = role
        elif found_beside := [role for start, role in beside.items() if fold(text).startswith(start)]:
            found[place] = found_beside[0]
    return found


def _is_address(header: str, texts: set[str]) -> bool:
    is_held = all(ADDRESS.fullmatch(text) or fold(text) == ANONYMOUS for text in texts)
    return personal_kind(header) == "e_mail" or (bool(texts) and is_held)


def _without_anonymous(
    table: Cells, roles: Mapping[int, str], batches: Batches
) -> tuple[dict[int, str], list[Problem]]:
    """Who answered, where everybody is ``anonymous``, is nobody."""
    found, told = dict(roles), []
    for place in [place for place, role in roles.items() if role in {"email", "name"}]:
        texts = {fold(text) for text in _texts(batches, place)} - {""}
        if texts == {ANONYMOUS}:
            found[place] = "other_meta"
            told.append(problem("microsoft_forms_anonymous", Place(table.file, cell=column_letters(place + 1))))
    return found, told


def _order(table: Cells, roles: Mapping[int, str], batches: Batches) -> tuple[str, list[Problem]]:
    """Whether times such as 3/2/20 begin with the month or the day, and what is to be said of that."""
    texts = [
        text for place, role in roles.items() if role in TIMES for text in _texts(batches, place) if SLASHED in text
    ]
    texts = sorted(text for text in texts if not YEAR_FIRST.match(text))
    is_day = is_day_first(texts)
    if is_day is None:
        return "month", [problem("microsoft_forms_day_or_month", Place(table.file), text=texts[0])]
    return "day" if is_day else "month", []


def _texts(batches: Batches, place: int) -> set[str]:
    """The distinct texts of a column."""
    return {text for batch in batches(frozenset()) for text in batch.column(place + 1).unique().to_pylist() if text}


def _columns(header: Sequence[str], roles: Mapping[int, str]) -> Iterator[SourceColumn]:
    # All headers of the sheet are different, so a question called Name comes behind the tool's own.
    seen = {one_line(header[place]): 1 for place in roles}
    for place, text in enumerate(header):
        printed, letters = one_line(text), column_letters(place + 1)
        if place in roles:
            yield SourceColumn(place, printed, letters, role=roles[place])
            continue
        title = printed
        numbered = NUMBERED.fullmatch(printed)
        if numbered and seen.get(numbered[1], 0) == int(numbered[2]) - 1:
            title = numbered[1]
        seen[title] = seen.get(title, 0) + 1
        yield SourceColumn(place, printed, letters, text=title)
