"""Which survey tool made an export, by its signature: the reviewed table ``tool_signature.csv``, one row for each mark.

Belongs here: recognising, and saying which mark is missing. Does not belong here: reading answers. A tool is
recognised only when every mark that it needs is there; otherwise nobody guesses.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.message import problem
from ingest.personal import masked
from ingest.problem import Place, SourceError
from ingest.tables.cell_text import fold

TABLE = Path(__file__).with_name("tool_signature.csv")
GUESSES = 3
LONGEST_SHOWN = 400


@dataclass(frozen=True)
class SignatureMark:
    """One mark of a tool: where it stands, in what form, its texts (one for each language), its weight."""

    place: str
    form: str
    texts: tuple[str, ...]
    weight: int
    is_needed: bool

    def __str__(self) -> str:
        """The mark as an officer can look for it."""
        return f"'{self.texts[0]}' ({self.place})"

    def is_in(self, rows: Sequence[Sequence[str]], head: bytes) -> bool:
        """Whether the export has it. Case and width do not count in a cell, they do in a part of one."""
        if self.place == "magic":
            marks = [text.encode() for text in self.texts]
            return any(head.startswith(mark) if self.form == "starts" else mark in head for mark in marks)
        cells = [cell.strip() for cell in self._cells(rows)]
        if self.form == "cell":
            return bool({fold(cell) for cell in cells} & {fold(text) for text in self.texts})
        return any(self._is_part(text, cell) for cell in cells for text in self.texts)

    def _is_part(self, text: str, cell: str) -> bool:
        if self.form == "starts":
            return cell.startswith(text)
        return cell.endswith(text) if self.form == "ends" else text in cell

    def _cells(self, rows: Sequence[Sequence[str]]) -> Sequence[str]:
        """The cells looked at; the header of an EUSurvey export is its fourth row, so four rows count as header."""
        if self.place in {"A1", "A2"}:
            row = int(self.place[1]) - 1
            return rows[row][:1] if row < len(rows) else ()
        if self.place == "row 2-3":
            return [cell for row in rows[1:3] for cell in row]
        if self.place == "header":
            return [cell for row in (*rows[:1], *rows[3:4]) for cell in row]
        column = int(self.place.removeprefix("header "))
        return rows[0][column - 1 : column] if rows else ()


def recognise(rows: Sequence[Sequence[str]], file: str, head: bytes = b"") -> str:
    """The tool by the first rows of an export (four are enough) and, for files that are no tables, its first bytes.

    Raises:
        SourceError: no tool has all its marks; names the three best guesses and what is missing of each. Or two have.
    """
    complete = [
        tool for tool, marks in signatures().items() if all(mark.is_in(rows, head) for mark in marks if mark.is_needed)
    ]
    scores = {
        tool: sum(mark.weight for mark in marks if mark.is_in(rows, head)) for tool, marks in signatures().items()
    }
    ranked = sorted(complete, key=lambda tool: -scores[tool])
    # The few marks of a form without technical columns also stand in the exports of richer tools.
    if len(ranked) > 1 and scores[ranked[0]] == scores[ranked[1]]:
        raise SourceError([problem("survey_tool_unsure", Place(file), first=ranked[0], second=ranked[1])])
    if ranked:
        return ranked[0]
    best = sorted(signatures(), key=lambda tool: (-_share(tool, rows, head), tool))[:GUESSES]
    missing = {f"tool_{place}": tool for place, tool in enumerate(best, start=1)}
    missing |= {f"mark_{place}": _missing(tool, rows, head) for place, tool in enumerate(best, start=1)}
    header = shown_header(rows[0]) if rows else "''"
    raise SourceError([problem("survey_tool_unknown", Place(file), header=header, **missing)])


def shown_header(row: Sequence[str]) -> str:
    """A first row as a message may tell it: without addresses and numbers of people, should it be no header at all."""
    shown = masked(", ".join(each for each in row if each))
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]} ..."


def _share(tool: str, rows: Sequence[Sequence[str]], head: bytes) -> float:
    marks = signatures()[tool]
    return sum(mark.weight for mark in marks if mark.is_in(rows, head)) / sum(mark.weight for mark in marks)


def _missing(tool: str, rows: Sequence[Sequence[str]], head: bytes) -> str:
    """The weightiest mark that the tool needs and the export lacks."""
    missing = [mark for mark in signatures()[tool] if mark.is_needed and not mark.is_in(rows, head)]
    return str(max(missing, key=lambda mark: mark.weight))


@cache
def signatures() -> Mapping[str, tuple[SignatureMark, ...]]:
    """The marks of each tool."""
    found: dict[str, list[SignatureMark]] = {}
    with TABLE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            texts = tuple(row["mark"].split("|"))
            mark = SignatureMark(row["place"], row["form"], texts, int(row["weight"]), row["is_needed"] == "yes")
            found.setdefault(row["tool"], []).append(mark)
    return {tool: tuple(marks) for tool, marks in found.items()}
