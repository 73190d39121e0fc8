"""The rows of a large CSV in batches, with the numbers that a spreadsheet gives them.

Belongs here: reading by Arrow in blocks, rows left out, blank lines. Does not belong here: encoding, delimiter and
header (``cells``), what a cell means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.encoding import Encoding, check_to_the_end

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

BLOCK_BYTES = 16 << 20
# Rows left out that are told one by one; of more only how many.
RAGGED_TOLD = 20


def cell_names(width: int) -> list[str]:
    """Names of the columns of a batch."""
    return ["row_number", *(f"c{place}" for place in range(1, width + 1))]


@dataclass(frozen=True)
class CsvRows:
    """The rows behind the first ``skipped`` ones; ``told`` collects what is found while they are read."""

    path: Path
    encoding: Encoding
    delimiter: str
    skipped: int
    width: int
    told: list[Problem]

    def batches(self, encoded: frozenset[int]) -> Iterator[pa.RecordBatch]:
        """Every row that has some text and as many cells as the header; rows with other numbers of cells are told.

        Raises:
            SourceError: the rows cannot be read to their end.
        """
        import numpy as np
        import pyarrow as pa

        # Of its own: Arrow reads ahead, and goes on to refuse rows for a moment after its blocks are no longer wanted.
        refused: dict[int, int] = {}
        ragged: dict[int, int] = {}
        fitted: dict[int, list[str]] = {}
        last = self.skipped
        try:
            for batch in self._blocks(encoded, refused, {}):
                if refused:
                    break
                rows = np.arange(last + 1, last + 1 + batch.num_rows, dtype=np.int32)
                last += batch.num_rows
                yield _numbered(batch, rows)
            if refused:
                yield from self._counted(encoded, ragged, fitted, last)
        except pa.ArrowInvalid as error:
            check_to_the_end(self.path, self.encoding)
            raise SourceError([problem("survey_rows_unreadable", Place(self.path.name), detail=str(error))]) from error
        self._tell({row: n for row, n in ragged.items() if n and row not in fitted}, fitted)

    def _counted(
        self, encoded: frozenset[int], ragged: dict[int, int], fitted: dict[int, list[str]], done: int
    ) -> Iterator[pa.RecordBatch]:
        """The rows behind ``done``. Where rows are left out Arrow alone knows the numbers, and only in one thread."""
        import numpy as np
        import pyarrow as pa

        last = self.skipped
        for batch in self._blocks(encoded, ragged, fitted, is_counting=True):
            left_out = np.fromiter(ragged, dtype=np.int32)
            left_out = left_out[left_out > last]
            rows = np.arange(last + 1, last + 1 + batch.num_rows + len(left_out), dtype=np.int32)
            rows = np.setdiff1d(rows, left_out)[: batch.num_rows]
            last = int(rows[-1]) if len(rows) else last
            if last > done:
                is_new = rows > done
                yield _numbered(batch.filter(pa.array(is_new)), rows[is_new])
        if fitted:
            columns = [pa.array(texts, pa.string()) for texts in zip(*fitted.values(), strict=True)]
            batch = pa.RecordBatch.from_arrays(columns, names=cell_names(self.width)[1:])
            yield _numbered(batch, np.fromiter(fitted, dtype=np.int32))

    def _blocks(
        self,
        encoded: frozenset[int],
        ragged: dict[int, int],
        fitted: dict[int, list[str]],
        *,
        is_counting: bool = False,
    ) -> Iterator[pa.RecordBatch]:
        """Blocks of rows. ``ragged`` gets the number of cells of each row that Arrow leaves out, by its own number if
        rows are counted, and ``fitted`` the cells of those that only lack empty ones, or have more of them.
        """
        import pyarrow as pa
        import pyarrow.csv as csv

        def refuse(row: Any) -> str:
            # Separators alone are a blank row, however many they are.
            is_blank = not row.text.strip(f'{self.delimiter} "\r\n')
            ragged[row.number or 0] = 0 if is_blank else row.actual_columns
            if is_counting and not is_blank and (cells := _fitted(row.text, self.delimiter, self.width)):
                fitted[row.number or 0] = cells
            return "skip"

        names = cell_names(self.width)[1:]
        types = {
            name: pa.dictionary(pa.int32(), pa.string()) if place in encoded else pa.string()
            for place, name in enumerate(names)
        }
        reader = csv.open_csv(
            self.path,
            read_options=csv.ReadOptions(
                block_size=BLOCK_BYTES, column_names=names, skip_rows_after_names=self.skipped,
                encoding=self.encoding.name, use_threads=not is_counting,
            ),
            # Blank lines count as rows; they come as rows without text.
            parse_options=csv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=refuse, ignore_empty_lines=False
            ),
            convert_options=csv.ConvertOptions(
                column_types=types, strings_can_be_null=False, quoted_strings_can_be_null=False
            ),
        )  # fmt: skip
        with reader:
            # A block may end between rows, and the one behind the last is empty.
            yield from (batch for batch in reader if batch.num_rows)

    def _tell(self, ragged: Mapping[int, int], fitted: Mapping[int, list[str]]) -> None:
        """The first rows left out one by one, and all of it once, however often the file is read."""
        said = [
            problem("survey_row_ragged", Place(self.path.name, row=row), n_cells=n_cells, n_columns=self.width)
            for row, n_cells in islice(ragged.items(), RAGGED_TOLD)
        ]
        if len(ragged) > len(said):
            count = len(ragged) - len(said)
            said.append(problem("survey_rows_ragged", Place(self.path.name), count=count, n_columns=self.width))
        filled = [row for row, cells in fitted.items() if any(cells)]
        if filled:
            place = Place(self.path.name, row=min(filled))
            said.append(problem("survey_rows_fitted", place, count=len(filled), n_columns=self.width))
        self.told.extend(each for each in said if each not in self.told)


def _fitted(text: str, delimiter: str, width: int) -> list[str]:
    """The cells of a row without empty ones at its end, or with them where a spreadsheet program left them out.

    Spreadsheet programs save empty rows below a table as rows of separators: those are as empty here.

    Nothing where the row is none of these: it has texts behind the last column, or no more than half of the columns.
    """
    import csv

    cells = next(csv.reader([text], delimiter=delimiter), [])
    if not any(cell.strip() for cell in cells):
        return [""] * width
    if any(cells[width:]) or 2 * len(cells) <= width:
        return []
    return [*cells[:width], *[""] * (width - len(cells))]


def _numbered(batch: pa.RecordBatch, rows: np.ndarray[Any, Any]) -> pa.RecordBatch:
    """With the numbers of the rows and without those that hold no text, as from a sheet."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pa.RecordBatch.from_arrays(
        [pa.array(rows, pa.int32()), *batch.columns], names=["row_number", *batch.schema.names]
    )
    is_blank = np.ones(batch.num_rows, dtype=bool)
    for column in batch.columns:
        if not is_blank.any():
            return found
        texts = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        is_blank &= pc.equal(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
    return found.filter(pa.array(~is_blank)) if is_blank.any() else found
