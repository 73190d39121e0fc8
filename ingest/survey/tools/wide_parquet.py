"""A Parquet file with one row for each response, its columns already typed: large files that somebody computed.

Belongs here: reading row groups one after the other as dictionaries of texts, and checking types against the codebook.
Does not belong here: what a column is (``plain_columns``). Values never become Python objects: Arrow casts them, and
of a column with few values only the distinct ones are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey.cells import Cells
from ingest.survey.codebook import DATE, DATETIME, DECIMAL, INTEGER, WITH_OPTIONS, Codebook
from ingest.survey.export import Convention, Export, SourceColumn
from ingest.survey.tools.plain_columns import TICKED, UNTICKED, is_unticked_written, plain_columns, separators_of

if TYPE_CHECKING:
    import pyarrow as pa

TOOL = "Parquet"
BATCH_ROWS = 131_072
ROWS_TRIED = 1_000
LIST_SEPARATOR = ";"
# A number of a file counts its rows like a sheet, and there are no more than this.
MOST_ROWS = 2**31 - 1


def read(path: Path, tables: tuple[Cells, ...], codebook: Codebook | None = None) -> Export:
    """The responses of a Parquet file.

    Raises:
        SourceError: damaged, or with columns whose type is none that an answer has or not that of their question.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
        n_rows = pq.read_metadata(path).num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if n_rows > MOST_ROWS:
        raise _unreadable(path, ValueError(f"{n_rows} rows"))
    unfit = [each for each in schema if not _is_plain(each.type)]
    if unfit:
        listed = [f"{each.name}: {each.type}" for each in unfit]
        raise SourceError([problem("parquet_type_unfit", Place(path.name), columns=listed)])

    def batches(encoded: frozenset[int]) -> Iterator[pa.RecordBatch]:
        return _batches(path, schema, encoded)

    head = next(_batches(path, schema, frozenset(), ROWS_TRIED), None)
    first = {place: head[f"c{place + 1}"].to_pylist() if head else [] for place in range(len(schema))}
    columns = plain_columns(schema.names, codebook, first)
    if told := list(_mistyped(path, schema, columns, codebook)):
        raise SourceError(told)
    lists = any(pa.types.is_list(each.type) or pa.types.is_large_list(each.type) for each in schema)
    separators = (LIST_SEPARATOR,) if lists else separators_of(columns, codebook, first)
    return Export(
        tool=TOOL,
        form="typed",
        columns=columns,
        batches=batches,
        convention=Convention(
            ticked=TICKED, unticked=UNTICKED, is_unticked_written=is_unticked_written(columns, first),
            separators=separators,
        ),
        limits=("empty_is_unanswered", "none_ticked"),
    )  # fmt: skip


def _unreadable(path: Path, error: Exception) -> SourceError:
    detail = f"{type(error).__name__}: {error}"
    return SourceError([problem("statistical_file_unreadable", Place(path.name), detail=detail)])


def _is_plain(kind: pa.DataType) -> bool:
    import pyarrow.types as types

    if types.is_dictionary(kind) or types.is_list(kind) or types.is_large_list(kind):
        return bool(types.is_string(kind.value_type) or types.is_integer(kind.value_type))
    tests = (types.is_string, types.is_large_string, types.is_integer, types.is_floating, types.is_boolean)
    dated = (types.is_date, types.is_timestamp, types.is_time, types.is_null)
    return any(test(kind) for test in (*tests, *dated))


def _mistyped(
    path: Path, schema: pa.Schema, columns: tuple[SourceColumn, ...], codebook: Codebook | None
) -> Iterator[Problem]:
    """Columns of a type that the answers of their question cannot have; texts are read like those of any export."""
    for column in columns:
        question = codebook.by_code.get(column.name) if codebook and column.role == "answer" else None
        kind = schema.field(column.place).type
        if question and not _fits(question.kind, column.part, kind):
            yield problem(
                "parquet_type_other", Place(path.name), column=column.header, type=str(kind), question=question.code,
                kind=question.kind,
            )  # fmt: skip


def _fits(kind: str, part: str, found: pa.DataType) -> bool:
    import pyarrow.types as types

    if types.is_string(found) or types.is_large_string(found) or types.is_null(found):
        return True
    is_dated = types.is_date(found) or types.is_timestamp(found)
    if kind in {DATE, DATETIME}:
        return bool(is_dated)
    if is_dated or types.is_time(found):
        return kind not in {*WITH_OPTIONS, INTEGER, DECIMAL}
    if kind in {INTEGER, DECIMAL}:
        return bool(types.is_integer(found) or types.is_floating(found))
    return not types.is_boolean(found) or part == "tick" or kind not in WITH_OPTIONS


def _batches(
    path: Path, schema: pa.Schema, encoded: frozenset[int], at_a_time: int = BATCH_ROWS
) -> Iterator[pa.RecordBatch]:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [f"c{place}" for place in range(1, len(schema) + 1)]
    few = [each.name for place, each in enumerate(schema) if place in encoded and pa.types.is_string(each.type)]
    row = 1
    try:
        with pq.ParquetFile(path, read_dictionary=few) as file:
            for batch in file.iter_batches(batch_size=at_a_time):
                numbers = pa.array(np.arange(row, row + batch.num_rows, dtype=np.int32))
                row += batch.num_rows
                columns = [_texts(batch.column(place), place in encoded) for place in range(len(schema))]
                yield pa.RecordBatch.from_arrays([numbers, *columns], names=["row_number", *names])
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, error) from error


def _texts(column: pa.Array, is_encoded: bool) -> pa.Array:
    """A column as texts, an empty one for null; dictionary-encoded where that is wanted."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        joined = pc.binary_join(column.cast(pa.list_(pa.string())), LIST_SEPARATOR)
        return pc.fill_null(joined, "").dictionary_encode() if is_encoded else pc.fill_null(joined, "")
    if not (is_encoded or pa.types.is_dictionary(column.type)):
        return pc.fill_null(_plain_text(column), "")
    found = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    values = pa.concat_arrays([pc.fill_null(_plain_text(found.dictionary), ""), pa.array([""], pa.string())])
    places = pc.fill_null(found.indices.cast(pa.int32()), len(values) - 1)
    whole = pa.DictionaryArray.from_arrays(places, values)
    return whole if is_encoded else whole.dictionary_decode()


def _plain_text(column: pa.Array) -> pa.Array:
    """Values as an export writes them: 3 for 3.0, times without a fraction of a second."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_timestamp(column.type):
        return pc.strftime(column.cast(pa.timestamp("s"), safe=False), format="%Y-%m-%d %H:%M:%S")
    text = column.cast(pa.string())
    return pc.replace_substring_regex(text, r"\.0$", "") if pa.types.is_floating(column.type) else text
