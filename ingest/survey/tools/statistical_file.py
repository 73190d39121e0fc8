"""Files of statistics programs (SPSS, Stata): variables with labels and missing codes, cells as text in batches.

Belongs here: the shape of a variable, what its values look like as text, reading a file part by part. Does not belong
here: one format's own marks (``spss``, ``stata``), the questions behind the variables (``labelled_codebook``).
"""

from __future__ import annotations

import datetime
import math
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.message import problem
from ingest.problem import Place, SourceError
from ingest.survey.state import State
from ingest.tables.workbook_values import number_text
from ingest.values.tables import read_table_beside

if TYPE_CHECKING:
    import pyarrow as pa

# What is in memory at a time: rows of a part, fewer where rows are wide.
CELLS_AT_A_TIME = 4_000_000
MOST_ROWS = 262_144
# Distinct values of which the text is kept.
MOST_KEPT = 100_000
# Shapes of a variable's values.
NUMBER, TEXT, DAY, MOMENT, CLOCK = "number", "text", "day", "moment", "clock"
Meta = Any
Text = Callable[[Any], str]


@dataclass(frozen=True)
class Variable:
    """One variable. ``values``: text of a code to its label, in the file's order; ``missing``: text of a code that the
    file declares missing to its state, as far as the label says one. ``is_scale``: measured, not a list of codes.
    """

    name: str
    label: str = ""
    shape: str = NUMBER
    values: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, State | None] = field(default_factory=dict)
    is_scale: bool = False
    is_whole: bool = False


@dataclass(frozen=True)
class StatisticalFile:
    """An opened file: ``read`` is pyreadstat's function for it, ``texts`` how each variable is written."""

    path: Path
    read: Callable[..., Any]
    texts: Mapping[str, Text]

    def parts(self, names: Sequence[str] = (), rows: int = 0) -> Iterator[list[list[str]]]:
        """The texts of the variables (all, or these), a list for each, a part of the rows at a time.

        Raises:
            SourceError: the file is damaged or cut off.
        """
        import pyreadstat

        wanted = list(names) or list(self.texts)
        at_a_time = rows or max(1, min(MOST_ROWS, CELLS_AT_A_TIME // max(1, len(wanted))))
        known = {name: _Known(self.texts[name]) for name in wanted}
        kept: dict[str, Any] = {"usecols": wanted} if names else {}
        offset = 0
        while True:
            try:
                part, _ = self.read(
                    self.path, row_offset=offset, row_limit=at_a_time, user_missing=True, output_format="dict",
                    disable_datetime_conversion=True, **kept,
                )  # fmt: skip
            except (pyreadstat.ReadstatError, ValueError, OSError) as error:
                raise unreadable(self.path, error) from error
            n_rows = len(next(iter(part.values()), ()))
            if n_rows:
                yield [[known[name][value] for value in part[name]] for name in wanted]
            offset += n_rows
            if n_rows < at_a_time:
                return

    def batches(
        self, recoded: Callable[[list[list[str]]], list[list[str]]], encoded: frozenset[int]
    ) -> Iterator[pa.RecordBatch]:
        """Record batches as ``export.Export`` wants them; ``recoded`` may add columns to a part or write others."""
        import pyarrow as pa

        row = 1
        for part in self.parts():
            columns = [
                array.dictionary_encode() if place in encoded else array
                for place, array in enumerate(pa.array(texts, pa.string()) for texts in recoded(part))
            ]
            n_rows = len(columns[0])
            numbers = pa.array(range(row, row + n_rows), pa.int32())
            row += n_rows
            names = [f"c{place}" for place in range(1, len(columns) + 1)]
            yield pa.RecordBatch.from_arrays([numbers, *columns], names=["row_number", *names])


class _Known(dict[Any, str]):
    """Texts of values that were seen before; few values are distinct."""

    def __init__(self, text: Text) -> None:
        super().__init__({None: "", "": ""})
        self._text = text

    def __missing__(self, value: Any) -> str:
        text = self._text(value)
        if len(self) < MOST_KEPT:
            self[value] = text
        return text


def open_statistical(path: Path, read: Callable[..., Any]) -> Meta:
    """What the file says of its variables.

    Raises:
        SourceError: the file is damaged.
    """
    import pyreadstat

    try:
        _, meta = read(path, metadataonly=True, user_missing=True, output_format="dict")
    except (pyreadstat.ReadstatError, ValueError, OSError) as error:
        raise unreadable(path, error) from error
    return meta


def unreadable(path: Path, error: Exception) -> SourceError:
    """The refusal of a damaged file."""
    detail = f"{type(error).__name__}: {error}".replace(str(path), path.name)
    return SourceError([problem("statistical_file_unreadable", Place(path.name), detail=detail)])


def value_text(value: Any) -> str:
    """A code or text as a cell; an extended missing value of Stata, which comes as a letter, gets its point back."""
    if isinstance(value, int | float):
        return "" if math.isnan(value) else number_text(float(value))
    return str(value)


def time_text(origin: datetime.datetime, per_second: float, shape: str) -> Text:
    """How numbers counted from a moment are written: ``per_second`` units make a second (1000 for milliseconds).

    Days and moments beyond the calendar stay numbers, which are then no dates.
    """

    def text(value: Any) -> str:
        if not isinstance(value, int | float):
            return value_text(value)
        try:
            moment = origin + datetime.timedelta(seconds=value / per_second)
        except (OverflowError, ValueError):
            return value_text(value)
        if shape == DAY:
            return moment.date().isoformat()
        return moment.strftime("%H:%M:%S") if shape == CLOCK else moment.strftime("%Y-%m-%d %H:%M:%S")

    return text


def state_of_label(label: str) -> State | None:
    """Which state the label of a missing code names; None where it names none that is known."""
    plain = _plain(label)
    for row in read_table_beside(__file__, "missing_word"):
        word = _plain(row["word"])
        if plain == word or (row["match"] == "part" and word in plain):
            return State(row["state"])
    return None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").casefold().split())
