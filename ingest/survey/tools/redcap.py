"""REDCap's export of records as CSV, raw or with labels; one row for each record, or for each repeat of an instrument.

Belongs here: headings, check boxes, whether a record is complete, and repeated instruments as tables of their own. Does
not belong here: the data dictionary (``codebook_redcap``). Source: export of records in REDCap's documentation, and
redcapAPI's for the names of its columns.

A check box that was not ticked and one that was never shown are both 0. A record counts as finished when every form of
it that does not repeat is complete (2). Several events are several waves, and a file that mixes them is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey.cells import Cells, TableProblems
from ingest.survey.export import Batches, Convention, Export, Repeat, SourceColumn
from ingest.survey.signature import shown_header
from ingest.tables.cell_text import fold
from ingest.tables.grid import column_letters
from ingest.values.tables import read_table_beside

if TYPE_CHECKING:
    import pyarrow as pa

BOX = re.compile(r"([a-z][a-z0-9_]*?)___(_?\w+)")
BOX_LABEL = re.compile(r"(.*)\(choice=(.*)\)", re.DOTALL)
COMPLETE, COMPLETE_LABEL = "_complete", "Complete?"
STAMP, STAMP_LABEL = "_timestamp", "Survey Timestamp"
TICKED, UNTICKED, FINISHED = ("1", "Checked"), ("0", "Unchecked"), ("2", "Complete")
# What stands in the time of a survey that was opened and not sent.
NOT_SENT = r"\[not completed\]"
CLOCK = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
# Roles that only say how the rows belong together.
STRUCTURE = ("event", "repeat_instrument", "repeat_instance")


def read(path: Path, tables: tuple[Cells, ...]) -> Export:
    """The export in the first table of the file.

    Raises:
        SourceError: no form with its completeness, or several events in one file.
    """
    table = tables[0] if tables else None
    header = table.head[0] if table and table.head else ()
    is_raw = any(cell.endswith(COMPLETE) for cell in header)
    if table is None or not (is_raw or any(fold(cell) == fold(COMPLETE_LABEL) for cell in header)):
        raise SourceError([problem("redcap_not_found", Place(path.name), header=shown_header(header))])
    forms = _Forms(header, is_raw)
    rows = _Rows(table, forms.places)
    rows.check_events(path)
    # A repeated form is known by its name in the header; any other text of that column names nothing.
    repeats = tuple(
        Repeat(code, forms.columns_of(code), rows.batches_of(code))
        for code in rows.instruments
        if code in forms.complete
    )
    kept = forms.columns_besides(rows.instruments)
    return Export(
        tool="REDCap" if is_raw else "REDCap with labels",
        form="raw" if is_raw else "labels",
        columns=(*kept, SourceColumn(table.width, "all forms complete", role="finished")),
        batches=rows.with_finished(forms.complete_besides(rows.instruments)),
        convention=_convention(),
        limits=("empty_is_unanswered", "none_ticked"),
        options=dict(table.options),
        sheet=table.sheet,
        repeats=repeats,
        problems=TableProblems((table,), _unplaced(path, forms, rows.instruments)),
    )


def _convention() -> Convention:
    return Convention(
        ticked=TICKED, unticked=UNTICKED, finished_by="finished", finished_texts=FINISHED,
        clock=CLOCK, days=("%Y-%m-%d", *CLOCK), clock_noise=NOT_SENT,
    )  # fmt: skip


class _Forms:
    """The columns of the header and the form that each belongs to: a form ends with the column of its completeness."""

    def __init__(self, header: Sequence[str], is_raw: bool) -> None:
        self.columns: list[SourceColumn] = []
        self.form_of: dict[int, str] = {}
        self.complete: dict[str, int] = {}
        self.places: dict[str, int] = {}
        waiting: list[int] = []
        for place, cell in enumerate(header):
            column = _column(SourceColumn(place, cell, column_letters(place + 1)), is_raw)
            if column.role in STRUCTURE:
                self.places[column.role] = place
                column = replace(column, role="other_meta")
            elif _is_complete(cell, is_raw):
                # Labels name no form, so forms are counted there.
                form = cell.removesuffix(COMPLETE) if is_raw else f"form_{len(self.complete) + 1}"
                self.complete[form] = place
                self.form_of |= dict.fromkeys((*waiting, place), form)
                waiting = []
            elif column.role == "answer":
                waiting.append(place)
            self.columns.append(column)
        self.record = next((each.place for each in self.columns if each.role == "response_id"), 0)

    def columns_of(self, form: str) -> tuple[SourceColumn, ...]:
        """The columns of a repeated form, with the record that each row belongs to."""
        answers = [each for each in self.columns if self.form_of.get(each.place) == form and each.role == "answer"]
        return (replace(self.columns[self.record], role="parent_key"), *answers)

    def columns_besides(self, repeated: Sequence[str]) -> tuple[SourceColumn, ...]:
        """The columns of a record itself; its id is what the rows of repeated forms name."""
        kept = [
            each for each in self.columns if not (each.role == "answer" and self.form_of.get(each.place) in repeated)
        ]
        key = [replace(self.columns[self.record], role="row_key")] if repeated else []
        return (*kept, *key)

    def complete_besides(self, repeated: Sequence[str]) -> list[int]:
        """Where the completeness of the forms stands that every record has once."""
        return [place for form, place in self.complete.items() if form not in repeated]


def _column(blank: SourceColumn, is_raw: bool) -> SourceColumn:
    header = blank.header
    if blank.place == 0:
        return replace(blank, role="response_id")
    for row in read_table_beside(__file__, "redcap_heading"):
        if header == row["code"] or (not is_raw and fold(header) in {fold(text) for text in row["texts"].split("|")}):
            return replace(blank, role=row["role"])
    if _is_complete(header, is_raw):
        return replace(blank, role="other_meta")
    if header.endswith(STAMP) if is_raw else fold(header) == fold(STAMP_LABEL):
        return replace(blank, role="submitted_at")
    return _answer(blank, is_raw)


def _answer(blank: SourceColumn, is_raw: bool) -> SourceColumn:
    header = blank.header
    if is_raw and (found := BOX.fullmatch(header)):
        # A minus sign is not allowed in a name, so the code -1 is written with a further line.
        code = f"-{found[2][1:]}" if re.fullmatch(r"_\d+", found[2]) else found[2]
        return replace(blank, part="tick", name=found[1], sub_name=code)
    if found := BOX_LABEL.fullmatch(header):
        return replace(blank, part="tick", text=found[1].strip(), sub_text=found[2].strip())
    return replace(blank, name=header) if is_raw else replace(blank, text=header.strip())


def _is_complete(header: str, is_raw: bool) -> bool:
    return header.endswith(COMPLETE) if is_raw else fold(header) == fold(COMPLETE_LABEL)


def _unplaced(path: Path, forms: _Forms, instruments: Sequence[str]) -> Iterator[Problem]:
    """Repeated forms whose columns the header does not tell, as in an export with labels."""
    if unknown := [each for each in instruments if each not in forms.complete]:
        yield problem("redcap_repeat_unplaced", Place(path.name), forms=unknown)


@dataclass
class _Rows:
    """The rows of the table: those of the records, and those of each repeated form."""

    table: Cells
    places: Mapping[str, int]

    def __post_init__(self) -> None:
        """Look through the columns of events and repeats once."""
        self.events: list[str] = []
        self.instruments: list[str] = []
        if "event" in self.places or "repeat_instrument" in self.places:
            for batch in self.table.after(1)(frozenset()):
                self.events = _more(self.events, batch, self.places.get("event"))
                self.instruments = _more(self.instruments, batch, self.places.get("repeat_instrument"))

    def check_events(self, path: Path) -> None:
        """Refuse a file with several events."""
        if len(self.events) > 1:
            place = Place(path.name, self.table.sheet)
            raise SourceError([problem("redcap_events", place, events=self.events, n_events=len(self.events))])

    def batches_of(self, instrument: str) -> Batches:
        """The rows of a repeated form; of the records with an empty text."""
        place = self.places.get("repeat_instrument")
        if place is None:
            return self.table.after(1)
        return lambda encoded: (_only(batch, place, instrument) for batch in self.table.after(1)(encoded))

    def with_finished(self, complete: Sequence[int]) -> Batches:
        """The rows of the records with a last column that is 2 where every form is complete."""
        return lambda encoded: (_finished(batch, complete) for batch in self.batches_of("")(encoded))


def _more(known: list[str], batch: pa.RecordBatch, place: int | None) -> list[str]:
    import pyarrow.compute as pc

    if place is None:
        return known
    found = pc.unique(batch.column(place + 1)).to_pylist()
    return list(dict.fromkeys([*known, *(text for text in found if text)]))


def _only(batch: pa.RecordBatch, place: int, text: str) -> pa.RecordBatch:
    import pyarrow.compute as pc

    return batch.filter(pc.equal(batch.column(place + 1), text))


def _finished(batch: pa.RecordBatch, complete: Sequence[int]) -> pa.RecordBatch:
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(FINISHED)
    is_finished = pa.repeat(pa.scalar(bool(complete)), batch.num_rows)
    for place in complete:
        texts = batch.column(place + 1)
        texts = texts.cast(pa.string()) if pa.types.is_dictionary(texts.type) else texts
        is_finished = pc.and_(is_finished, pc.is_in(texts, wanted))
    last = pc.if_else(is_finished, FINISHED[0], "")
    return pa.RecordBatch.from_arrays([*batch.columns, last], names=[*batch.schema.names, f"c{batch.num_columns}"])
