"""LimeSurvey's survey archive (.lsa): structure and responses in one file, the only form of it that keeps NULL.

Belongs here: the archive's parts and its table of responses. Does not belong here: the structure (``codebook_lss``).
Source: getXMLDataSingleTable and buildXMLFromQuery of LimeSurvey: a value that is NULL has no element, an empty one has
an empty element. The table of participants (``_tokens.lst``) is personal data and is never opened.

NULL means that the question was not shown: hidden by the routing, or on a page to which the respondent never came. But
for numbers and dates it also means left empty, because their columns cannot hold an empty text; there the cell is empty
here, and the routing of the structure tells what was hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from ingest.message import problem
from ingest.problem import Place, SourceError
from ingest.survey.cells import Cells
from ingest.survey.codebook import DATE, DECIMAL, MULTIPLE, RANK
from ingest.survey.codebook_lss import Survey, kinds
from ingest.survey.csv_rows import cell_names
from ingest.survey.export import Batches, Convention, Export, SourceColumn
from ingest.survey.lss_tables import structure_of
from ingest.survey.state import State
from ingest.survey.tools.limesurvey import CLOCK, NO_DATE, TICK_CODE
from ingest.survey.tools.limesurvey_heading import CODES, columns_of, of_suffix
from ingest.tables.archive import name_problems, open_archive
from ingest.tables.grid import column_letters
from ingest.tables.limits import LIMITS

if TYPE_CHECKING:
    import pyarrow as pa

# Stands for NULL in the cells; no keyboard writes it.
NULL = "\u2400"
BATCH_ROWS = 5_000
WITHOUT_EMPTY_TEXT = (DECIMAL, DATE)
STRUCTURE, RESPONSES = re.compile(r"(?:^|_)\d+\.lss$"), re.compile(r"_responses\.lsr$")
# <survey>X<group>X<question><suffix>; since version 7 Q<question>, _S<subquestion> and _C<suffix>.
OLD, NEW = re.compile(r"\d+X\d+X(\d+)(.*)"), re.compile(r"Q(\d+)((?:_[SCR][^_#]+)*(?:#\d)?)")


@dataclass(frozen=True)
class Parts:
    """The names of the two parts that are read."""

    structure: str
    responses: str


def read(path: Path, tables: tuple[Cells, ...]) -> Export:
    """The responses of an archive with the codebook of its structure.

    Raises:
        SourceError: unsafe or too large archive, a missing part, or XML that is none.
    """
    del tables  # an archive has none
    with open_archive(path, LIMITS) as archive:
        parts = _parts(path, archive)
        with archive.open(parts.structure) as stream:
            survey = Survey(structure_of(stream, path.name), path.name)
        with archive.open(parts.responses) as stream:
            names, dates = _opening(stream, path.name)
    own = survey.codebook()
    columns, unknown = _columns(names, survey)
    problems = list(survey.problems)
    if unknown:
        problems.append(problem("lsa_column_unknown", Place(path.name), columns=unknown))
    if dates == {NO_DATE}:
        problems.append(problem("limesurvey_no_dates", Place(path.name), date=NO_DATE))
        columns = [replace(each, role="finished") if each.role == "submitted_at" else each for each in columns]
    kept = [each for each in columns if each.header not in unknown]
    telling = frozenset(each.header for each in kept if each.role == "answer" and _tells_null(each, survey))
    return Export(
        tool="LimeSurvey archive", form="archive", columns=tuple(kept),
        batches=_batches(path, parts, names, telling), convention=_convention(kept),
        limits=("none_ticked_shown", "null_of_unfinished", "null_of_number"), own=own, problems=tuple(problems),
    )  # fmt: skip


def _convention(columns: list[SourceColumn]) -> Convention:
    return Convention(
        ticked=(TICK_CODE,), not_shown=(NULL,), empty={NULL: State.NOT_SHOWN},
        finished_by="finished" if any(each.role == "finished" for each in columns) else "submitted_at",
        clock=CLOCK, days=CLOCK,
    )  # fmt: skip


def _parts(path: Path, archive: ZipFile) -> Parts:
    """The parts, once the list of parts is safe and what they unpack to is within the limits."""
    if refused := list(name_problems(path, archive)):
        raise SourceError(refused)
    infos = archive.infolist()
    size, packed = sum(info.file_size for info in infos), path.stat().st_size
    is_bomb = any(
        info.file_size > max(LIMITS.ratio_free_bytes, LIMITS.unpacked_ratio * info.compress_size) for info in infos
    )
    if size > LIMITS.unpacked_bytes or is_bomb:
        sizes = {"found": size, "packed": packed, "limit": LIMITS.unpacked_bytes, "ratio": LIMITS.unpacked_ratio}
        raise SourceError([problem("unpacked_too_large", Place(path.name), **sizes)])
    names = archive.namelist()
    structures = [name for name in names if STRUCTURE.search(name)]
    responses = [name for name in names if RESPONSES.search(name)]
    if len(structures) != 1 or len(responses) != 1:
        raise SourceError([problem("lsa_part_missing", Place(path.name), parts=names)])
    return Parts(structures[0], responses[0])


def _events(stream: IO[bytes], file: str) -> Iterator[tuple[str, Any]]:
    """Names of columns and rows as they end in the XML; what was handed on is dropped, so memory stays flat."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    try:
        parent: Any = None
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                parent = element if element.tag == "rows" else parent
            elif element.tag in {"fieldname", "row"}:
                yield element.tag, element
                if element.tag == "row":
                    parent.clear()
    except (ParseError, DefusedXmlException, BadZipFile, EOFError) as error:
        raise SourceError([problem("lsa_responses_unread", Place(file), reason=type(error).__name__)]) from error


def _opening(stream: IO[bytes], file: str) -> tuple[list[str], set[str]]:
    """The names of the columns, and the days of submission of the first responses."""
    names: list[str] = []
    days: set[str] = set()
    for number, (tag, element) in enumerate(_events(stream, file)):
        if tag == "fieldname":
            names.append(element.text or "")
        elif number < len(names) + BATCH_ROWS:
            days.add((element.findtext("submitdate") or "")[: len(NO_DATE)])
        else:
            break
    if not names:
        raise SourceError([problem("lsa_responses_unread", Place(file), reason="no fieldname")])
    return names, days - {""}


def _element_name(column: str) -> str:
    """The name of a column as an element of XML has it."""
    return (f"_{column}" if column[:1].isdigit() else column).replace("#", "-")


def _tells_null(column: SourceColumn, survey: Survey) -> bool:
    """Whether NULL in the column tells that the question was not shown."""
    kind = kinds()[survey.by_title[column.name]["type"]]["kind"]
    return kind not in WITHOUT_EMPTY_TEXT or column.part != "value"


def _batches(path: Path, parts: Parts, names: list[str], telling: frozenset[str]) -> Batches:
    def batches(encoded: frozenset[int]) -> Iterator[pa.RecordBatch]:
        del encoded  # plain text serves as well
        elements = [(_element_name(name), name in telling) for name in names]
        with open_archive(path, LIMITS) as archive, archive.open(parts.responses) as stream:
            rows: list[list[str]] = []
            number = 1
            for tag, element in _events(stream, path.name):
                if tag == "row":
                    rows.append(_cells(element, elements))
                if len(rows) == BATCH_ROWS:
                    yield _batch(rows, number)
                    number, rows = number + len(rows), []
            if rows:
                yield _batch(rows, number)

    return batches


def _cells(row: Any, elements: list[tuple[str, bool]]) -> list[str]:
    found = {cell.tag: cell.text or "" for cell in row}
    return [found.get(name, NULL if is_telling else "") for name, is_telling in elements]


def _batch(rows: list[list[str]], number: int) -> pa.RecordBatch:
    import pyarrow as pa

    numbers = pa.array(range(number, number + len(rows)), pa.int32())
    columns = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays([numbers, *columns], names=cell_names(len(columns)))


def _columns(names: list[str], survey: Survey) -> tuple[list[SourceColumn], list[str]]:
    """The columns, and the names of those that no question of the structure has."""
    columns, unknown = [], []
    meta = {each.header: each for each in columns_of(names, CODES) if each.role != "answer"}
    for place, name in enumerate(names):
        blank = SourceColumn(place, name, column_letters(place + 1))
        told = meta.get(name) or _answer(blank, survey)
        if told is None:
            unknown.append(name)
        columns.append(told or blank)
    return columns, unknown


def _answer(blank: SourceColumn, survey: Survey) -> SourceColumn | None:
    """A column of the responses by the numbers in its name."""
    suffix, question = "", None
    if found := OLD.fullmatch(blank.header):
        # The number of the question and the code of a row stand side by side, and a code may begin with a digit.
        digits, rest = found[1], found[2]
        end = next((end for end in range(len(digits), 0, -1) if digits[:end] in survey.by_id), 0)
        question, suffix = survey.by_id.get(digits[:end]), digits[end:] + rest
    elif found := NEW.fullmatch(blank.header):
        question, suffix = survey.by_id.get(found[1]), _new_suffix(found[2], survey)
    if question is None or question["type"] not in kinds():
        return None
    named = replace(blank, name=question["title"])
    kind = kinds()[question["type"]]["kind"]
    told = of_suffix(named, suffix.removeprefix("_").replace("#", "_"))
    if kind == RANK and suffix:
        return replace(named, part="position")
    is_tick = kind == MULTIPLE and told.part == "value" and bool(told.sub_name)
    return replace(told, part="tick") if is_tick else told


def _new_suffix(parts: str, survey: Survey) -> str:
    """The suffix of version 7 in words of the older ones: numbers of subquestions become their codes."""
    codes: Mapping[str, str] = {row["qid"]: row["title"] for rows in survey.subquestions.values() for row in rows}
    parts, _, scale = parts.partition("#")
    found = [codes.get(part[1:], part[1:]) if part[0] == "S" else part[1:] for part in parts.split("_") if part]
    joined = "".join(found) if found and found[-1].endswith("comment") else "_".join(found)
    return joined + (f"_{scale}" if scale else "")
