"""Which rows under a header are entries, and what the others are.

Belongs here: blank and hidden rows, notes and sources, totals, repeated headers. Does not belong here: finding the
header (``header``), cutting a sheet into tables (``structure``), a value's meaning (``ingest.values``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.tables.cell_text import is_value, number_of, one_line
from ingest.tables.grid import address
from ingest.tables.header import LONGEST_NAME, Header
from ingest.tables.printed import Note
from ingest.tables.row_words import is_mark_alone, note_kind, total_pattern, total_role
from ingest.tables.totals import Totals

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

BLANK, HIDDEN, TOTAL, NOTE, REPEATED = "blank row", "hidden row", "total row", "note", "repeated header"
# A label of a total stands in one of the first columns: number, region, name.
LABEL_COLUMNS = 3
MOST_SHOWN = 10
MOST_COMPARED = 50
ENDS = ("。", ".", "．", ")", "）")


@dataclass(frozen=True)
class Sorted:
    """For each row why it is no entry (None for an entry), the lines beside the table, and what has to be said."""

    left_out: list[str | None]
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]


def sort_rows(
    rows: Sequence[Sequence[str]],
    header: Header,
    *,
    first_row_number: int = 0,
    hidden_rows: Collection[int] = (),
    lines: Collection[int] = (),
    where: Place | None = None,
) -> Sorted:
    """Sort rows in memory, each as long as the header; ``first_row_number`` is that of the first of them.

    ``lines`` are numbers of rows known to hold one text over the whole width.
    """
    import pyarrow as pa

    first = first_row_number or header.last_row + 1
    columns = [pa.array(values, pa.string()) for values in zip(*rows, strict=True)]
    columns = columns or [pa.array([], pa.string()) for _ in header.names]
    numbers = range(first, first + len(rows))
    return sort_columns(columns, numbers, header, hidden_rows=hidden_rows, lines=lines, where=where)


def sort_columns(
    columns: Sequence[pa.Array],
    numbers: Sequence[int],
    header: Header,
    *,
    hidden_rows: Collection[int] = (),
    lines: Collection[int] = (),
    where: Place | None = None,
) -> Sorted:
    """As ``sort_rows`` for columns of text (no nulls) and the numbers of their rows; looks closely at odd rows only."""
    sorter = _Sorter(columns, numbers, header, where or Place(""))
    sorter.hide(hidden_rows)
    sorter.leave_out_lines_of_header()
    sorter.leave_out_repeated_headers()
    sorter.leave_out_notes(lines)
    sorter.leave_out_totals()
    return Sorted(sorter.left_out, tuple(sorter.notes), tuple(sorter.problems))


class _Sorter:
    def __init__(self, columns: Sequence[pa.Array], numbers: Sequence[int], header: Header, where: Place) -> None:
        self.columns, self.numbers, self.header, self.where = columns, numbers, header, where
        filled = filled_cells(columns)
        self.n_filled = filled.sum(axis=0)
        self.first_filled = filled.argmax(axis=0) if len(filled) else self.n_filled
        self.left_out: list[str | None] = [None] * len(numbers)
        for place in (self.n_filled == 0).nonzero()[0].tolist():
            self.left_out[place] = BLANK
        self.notes: list[Note] = []
        self.problems: list[Problem] = []

    def hide(self, hidden_rows: Collection[int]) -> None:
        places = [place for place, number in enumerate(self.numbers) if number in hidden_rows] if hidden_rows else []
        hidden = [place for place in places if self.left_out[place] != BLANK]
        for place in hidden:
            self.left_out[place] = HIDDEN
        if hidden:
            rows = _list([self.numbers[place] for place in hidden])
            self.problems.append(problem("rows_hidden", self.where, n=len(hidden), rows=rows))

    def leave_out_lines_of_header(self) -> None:
        """Rows right under the header that describe its columns."""
        found = []
        for number, kind in self.header.lines:
            place = number - self.numbers[0] if len(self.numbers) else -1
            if 0 <= place < len(self.numbers) and self.left_out[place] is None:
                self._note(place, [text for text in self._texts(place) if text], kind)
                found.append(number)
        if found:
            self.problems.append(problem("lines_of_header", self.where, n=len(found), rows=_list(found)))

    def leave_out_repeated_headers(self) -> None:
        """Rows that print the header again, as on the next page of a printed list."""
        import pyarrow.compute as pc

        found: set[int] = set()
        for level in self.header.printed:
            # A repeated row has the first name of its level, or leaves it empty for a merge.
            for key in [place for place, name in enumerate(level) if name][:2]:
                alike = pc.equal(pc.utf8_trim_whitespace(self.columns[key]), level[key])
                places = pc.indices_nonzero(alike).to_pylist() if len(self.numbers) else []
                found |= {place for place in places if self.header.is_repeated_by(self._texts(place))}
        for place in found:
            self.left_out[place] = REPEATED
        if found:
            self.problems.append(
                problem(
                    "header_again",
                    self.where,
                    n=len(found),
                    rows=_list([self.numbers[place] for place in sorted(found)]),
                )
            )

    def leave_out_notes(self, lines: Collection[int]) -> None:
        """Lines below the table, marked lines within it, and lines over the whole width."""
        usual = self._usual()
        entry_like = self._entry_like(usual)
        last_full = int(entry_like.nonzero()[0][-1]) if entry_like.any() else -1
        is_below = is_after_note = False
        told_by_blanks, alone = not self._is_spaced(entry_like), []
        sparse = ((self.n_filled > 0) & ~entry_like).nonzero()[0].tolist()
        below: list[int] = []
        for place in sorted({*sparse, *(number - self.numbers[0] for number in lines)} if len(self.numbers) else ()):
            if self.left_out[place] in {REPEATED, HIDDEN, NOTE} or not self.n_filled[place]:
                continue
            texts = [text for text in self._texts(place) if text]
            kind = note_kind(texts[0])
            is_last = place > last_full
            after_blank = place == 0 or (told_by_blanks and self.left_out[place - 1] == BLANK)
            ends = is_last and after_blank and len(texts) == 1 and not self.first_filled[place] and usual > 1
            within = not is_last and after_blank and len(texts) == 1 and not self.first_filled[place] and usual > 2
            if kind and self._marks_entries(int(self.first_filled[place]), texts, entry_like):
                kind, within = "", False
            is_marked = bool(kind) and (
                (len(texts) == 1 and (usual > 1 or is_last)) or (is_last and is_mark_alone(texts[0], weak=usual > 2))
            )
            among_numbers = len(texts) == 1 and usual > 2 and self._is_among_numbers(place, entry_like)
            within, ends = within or (among_numbers and not is_last), ends or (among_numbers and is_last)
            if self.numbers[place] in lines or (within and not kind):
                self._note(place, texts, kind or "section")
                self.problems.append(problem("line_within", self.where, row=self.numbers[place], text=" ".join(texts)))
                continue
            is_below = is_below or ends
            if is_marked or is_below or (is_last and is_after_note and not after_blank):
                self._note(place, texts, kind or "note")
                below.append(self.numbers[place])
                is_after_note = is_last
                if not kind and len(below) == 1 and len(texts[0]) <= LONGEST_NAME and not texts[0].endswith(ENDS):
                    self.problems.append(
                        problem("line_below", self.where, row=self.numbers[place], text=" ".join(texts))
                    )
            elif len(texts) == 1 and usual > 2:
                alone.append(self.numbers[place])
        if alone:
            self.problems.append(problem("entries_alone", self.where, n=len(alone), rows=_list(alone)))
        if below:
            self.problems.append(problem("notes_kept", self.where, n=len(below), rows=_list(below)))

    def _entry_like(self, usual: int) -> np.ndarray[Any, Any]:
        """Rows that fill enough cells to be entries; not the last ones that are a mark and its wording."""
        entry_like: np.ndarray[Any, Any] = (self.n_filled > 1) & ((usual < 4) | (self.n_filled > 2))
        for place in reversed(entry_like.nonzero()[0].tolist()):
            if len(self.columns) < 3 or self.n_filled[place] != 2 or not is_mark_alone(self._first_text(place)):
                break
            entry_like[place] = False
        return entry_like

    def _is_spaced(self, entry_like: np.ndarray[Any, Any]) -> bool:
        """Whether nearly every entry stands behind a blank row, so that such a row tells nothing."""
        places = entry_like.nonzero()[0].tolist()[1:]
        return 5 * sum(self.left_out[place - 1] == BLANK for place in places) >= 4 * len(places) > 0

    def _marks_entries(self, column: int, texts: Sequence[str], entry_like: np.ndarray[Any, Any]) -> bool:
        """Whether the sign before a short text is one that full entries have in this column too: (1), ※, *."""
        if len(texts) > 1 or len(texts[0]) > LONGEST_NAME or texts[0].endswith(ENDS) or texts[0][0].isalpha():
            return False
        full = (str(self.columns[column][place]).strip() for place in entry_like.nonzero()[0].tolist())
        return any(note_kind(text) and not text[0].isalpha() for text in full)

    def _is_among_numbers(self, place: int, entry_like: np.ndarray[Any, Any]) -> bool:
        """Whether a word stands in the first column where every full entry has its number."""
        column = int(self.first_filled[place])
        if column or is_value(self._first_text(place)) or total_role(self._first_text(place)):
            return False
        full = entry_like.nonzero()[0].tolist()[:MOST_COMPARED]
        return bool(full) and all(number_of(str(self.columns[0][each])) is not None for each in full)

    def _note(self, place: int, texts: Sequence[str], kind: str) -> None:
        self.left_out[place] = NOTE
        self.notes.append(Note(self.numbers[place], one_line(" ".join(texts)), kind))

    def _usual(self) -> int:
        """How many cells a row usually fills."""
        import numpy as np

        filled = self.n_filled[self.n_filled > 0]
        # Short tables may have as many notes as entries, which fill more.
        return int(np.quantile(filled, 0.75)) if len(filled) else 0

    def leave_out_totals(self) -> None:
        """Rows that are called a total and are one."""
        import numpy as np

        candidates = self._total_labels()
        if not candidates:
            return
        counted = np.array([each in {None, HIDDEN} for each in self.left_out])
        totals = Totals(self.columns, counted, [place for place, _ in candidates])
        found, doubtful = [], 0
        ends = [place for place, _ in candidates[1:]] + [len(self.numbers)]
        for (place, column), following in zip(candidates, ends, strict=True):
            verdict = totals.judge(place, column, following)
            number, label = self.numbers[place], str(self.columns[column][place]).strip()
            doubtful += verdict.is_doubtful
            if verdict.is_doubtful and doubtful <= MOST_SHOWN:
                self.problems.append(problem("total_doubtful", self.where, row=number, label=label))
            if not verdict.is_total:
                continue
            found.append(number)
            self.left_out[place] = TOTAL
            for each in verdict.differences:
                self.problems.append(
                    problem(
                        "total_differs",
                        Place(self.where.file, self.where.sheet, address(number, self.header.columns[each.column])),
                        label=label,
                        column=self.header.names[each.column],
                        printed=each.printed,
                        computed=each.computed,
                        first=self.numbers[each.first],
                        last=self.numbers[each.last],
                    )
                )
        if doubtful > MOST_SHOWN:
            self.problems.append(problem("totals_doubtful_more", self.where, n=doubtful - MOST_SHOWN))
        if found:
            self.problems.append(problem("totals_left_out", self.where, n=len(found), rows=_list(found)))

    def _total_labels(self) -> list[tuple[int, int]]:
        """Place and column of every entry whose first or second filled cell may be the label of a total."""
        import pyarrow.compute as pc

        labels: dict[int, int] = {}
        for column in range(min(LABEL_COLUMNS, len(self.columns))):
            plain = pc.utf8_lower(pc.utf8_normalize(self.columns[column], form="NFKC"))
            for place in pc.indices_nonzero(pc.match_substring_regex(plain, total_pattern())).to_pylist():
                first = int(self.first_filled[place])
                if self.left_out[place] is None and (column == first or self._continues(place, first, column)):
                    labels.setdefault(place, column)
        for place in (self.first_filled >= LABEL_COLUMNS).nonzero()[0].tolist():
            if self.left_out[place] is None and total_role(self._first_text(place)):
                labels.setdefault(place, int(self.first_filled[place]))
        return sorted(labels.items())

    def _continues(self, place: int, first: int, column: int) -> bool:
        """Whether the cells before this column belong to a total: a region over its subtotal, said in the row above or
        once at the head of its rows, or a number that counts the rows.
        """
        texts = [str(self.columns[each][place]).strip() for each in range(first, column + 1)]
        if place and all(
            text and text == str(self.columns[first + each][place - 1]).strip() for each, text in enumerate(texts[:-1])
        ):
            return True
        is_word_alone = (total_role(texts[-1]) or ("", "-"))[1] == ""
        after = (str(each[place]).strip() for each in self.columns[column + 1 :])
        return is_word_alone and sum(map(bool, texts[:-1])) == 1 and any(map(is_value, after))

    def _first_text(self, place: int) -> str:
        return str(self.columns[int(self.first_filled[place])][place]).strip()

    def _texts(self, place: int) -> list[str]:
        return [str(column[place]).strip() for column in self.columns]


def filled_cells(columns: Sequence[pa.Array]) -> np.ndarray[Any, Any]:
    """Columns by rows: whether a cell holds more than blanks."""
    import numpy as np
    import pyarrow.compute as pc

    blank = [pc.or_(pc.equal(column, ""), pc.utf8_is_space(column)) for column in columns]
    if not blank:
        return np.zeros((0, 0), dtype=bool)
    return ~np.array([each.to_numpy(zero_copy_only=False) for each in blank], dtype=bool)


def _list(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:MOST_SHOWN]))
    return shown + (", …" if len(numbers) > MOST_SHOWN else "")
