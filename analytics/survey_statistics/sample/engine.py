"""Asking the engine: queries whose mistakes come back as sentences, and arrays instead of rows.

Belongs here: settings of the engine, one call for every query of totals. Does not belong here: what is asked.
"""

from __future__ import annotations

import collections.abc
import functools
import itertools
import re
import threading
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from analytics.sql_literal import literal
from analytics.survey_statistics.sample.arguments import check_arguments
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.numbering import AnyArray

if TYPE_CHECKING:
    import duckdb

    from analytics.survey_statistics.sample.responses import Responses

T = TypeVar("T")
Sized = TypeVar("Sized", bound=collections.abc.Sized)
# Group-bys over small whole numbers go to an array instead of a hash table up to this many bits of all keys together;
# a question by domain and 2,000 units has 17, and the default of the engine is 12: three times slower.
PERFECT_HASH_BITS = 20
# Up to this many rows one thread is as fast as several; sums then come out the same to the last bit in every run.
ONE_THREAD_ROWS = 250_000
# So few rows are copied into a table of plain columns: planning a query over many views then takes most of its time.
COPIED_ROWS = 20_000
Asking = TypeVar("Asking")
# Answers of so few values are kept: the same question comes again with another design, level or domain. Beyond so many
# the oldest is forgotten, or a program that lives long would keep them all.
KEPT_VALUES, KEPT_ANSWERS = 10_000, 500
# Seconds between interruptions of queries whose answers nobody wants any more.
STILL_RUNNING = 0.05
# A connection holds one answer at a time: between asking and fetching no other thread may ask.
ENGINE = threading.RLock()
QUOTED = re.compile(r'"((?:[^"]|"")*)"')


def one_at_a_time(asking: type[Asking]) -> type[Asking]:
    """A class whose public methods wait for each other, so that threads may share a survey or its connection.

    Each is held against its declared types first.
    """
    for name, method in list(vars(asking).items()):
        if isinstance(method, FunctionType) and not name.startswith("_"):
            setattr(asking, name, _waiting(method))
    return asking


def _waiting(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def waiting(*given: Any, **named: Any) -> Any:
        check_arguments(method, given, named)
        with ENGINE:
            return method(*given, **named)

    return waiting


def tune(connection: duckdb.DuckDBPyConnection, *, is_own: bool, n_rows: int, repeatable: bool) -> int:
    """Settings for sums over groups; those that touch more than this connection only where it is our own.

    How many queries may run side by side: one for each processor that the engine would use, or one.
    """
    connection.execute(f"set perfect_ht_threshold = {PERFECT_HASH_BITS}")
    if not is_own:
        return 1
    processors = _threads(connection)
    connection.execute("set parquet_metadata_cache = true")
    connection.execute("set enable_external_file_cache = false")
    if repeatable or n_rows <= ONE_THREAD_ROWS:
        connection.execute("set threads = 1")
    return processors


def _threads(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("select current_setting('threads')").fetchone()
    return int(row[0]) if row else 1


def define(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    query: str,
    *,
    is_table: bool,
    scope: str = "temp",
    given: object = None,
) -> None:
    """Give a query a name, as a table or a view; ``given``: what stands for its parameters."""
    with ENGINE:
        connection.execute(f"create or replace {scope} {'table' if is_table else 'view'} {name} as {query}", given)


def arrays(responses: Responses, query: str) -> list[AnyArray]:
    """Columns of the answer as arrays, masked where they have nulls.

    Raises ``SurveyError`` with what the engine found wrong: a condition or expression that a user wrote.
    """
    return list(_remembered(responses, f"arrays {query}", query, _columns))


def arrays_of_each(responses: Responses, queries: Sequence[str], n_rows: int) -> Generator[list[AnyArray]]:
    """``arrays`` of several queries over ``n_rows`` responses, in their order; close the iterator if it is left early.

    Where the engine is our own and there is work enough they run side by side, each on one processor: one query on
    several processors spends much of its time on the partial sums of each, and on what only one of them can do.
    """
    side_by_side = min(responses.processors, len(queries)) if n_rows > COPIED_ROWS else 1
    if side_by_side < 2:
        yield from (arrays(responses, query) for query in queries)
        return
    from concurrent.futures import ThreadPoolExecutor, wait
    from queue import SimpleQueue

    with ENGINE:
        cursors = [responses.connection.cursor() for _ in range(side_by_side)]
        free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
        for cursor in cursors:
            cursor.execute(f"set perfect_ht_threshold = {PERFECT_HASH_BITS}")
            free.put(cursor)

        def answer(query: str) -> list[AnyArray]:
            cursor = free.get()
            try:
                return _answer(responses, cursor, query, _columns)
            finally:
                free.put(cursor)

        threads = _threads(responses.connection)
        responses.connection.execute(f"set threads = {min(threads, 1 + responses.processors - side_by_side)}")
        pool, asked = ThreadPoolExecutor(side_by_side), iter(queries)
        # One more than can run waits, so that no processor does; answers not yet taken would fill the memory.
        running = deque(pool.submit(answer, query) for query in itertools.islice(asked, side_by_side + 1))
        try:
            while running:
                found = running.popleft().result()
                running.extend(pool.submit(answer, query) for query in itertools.islice(asked, 1))
                yield found
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            # More than once: an interruption that comes before its query has begun is forgotten.
            begun = [each for each in running if not each.cancelled()]
            while wait(begun, timeout=STILL_RUNNING).not_done:
                for cursor in cursors:
                    cursor.interrupt()
            pool.shutdown()
            responses.connection.execute(f"set threads = {threads}")
            for cursor in cursors:
                cursor.close()


def _columns(result: duckdb.DuckDBPyConnection) -> list[AnyArray]:
    found = [_plain(column) for column in result.fetchnumpy().values()]
    for column in found:
        column.setflags(write=False)
    return found


def tuples(responses: Responses, query: str) -> list[tuple[Any, ...]]:
    """Rows of the answer, with the same errors."""
    return list(_remembered(responses, f"tuples {query}", query, lambda result: result.fetchall()))


def _remembered(
    responses: Responses, name: str, query: str, fetch: Callable[[duckdb.DuckDBPyConnection], list[Sized]]
) -> list[Sized]:
    with ENGINE:
        known: list[Sized] | None = responses.answers.get(name)
        if known is None:
            known = _answer(responses, responses.connection, query, fetch)
            if sum(len(part) for part in known) <= KEPT_VALUES:
                while len(responses.answers) >= KEPT_ANSWERS:
                    del responses.answers[next(iter(responses.answers))]
                responses.answers[name] = known
    return known


def _answer(
    responses: Responses,
    connection: duckdb.DuckDBPyConnection,
    query: str,
    fetch: Callable[[duckdb.DuckDBPyConnection], T],
) -> T:
    import duckdb

    try:
        return fetch(connection.execute(query))
    except duckdb.Error as error:
        first = str(error).partition("\n")[0]
        raise SurveyError(
            f"{responses.title} could not be added up ({first}). Conditions and expressions are SQL over the columns "
            f"of the survey: {_some(responses.columns)}."
        ) from error


def around(value: str, centre: float) -> str:
    """SQL of a number less a middle value: squares of large numbers would lose the digits of a small spread."""
    return f"(({value})::double - ({literal(centre)}))"


def columns_in(expression: str, columns: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that an expression names in quotes, in order, without repetition."""
    names = (match.replace('""', '"') for match in QUOTED.findall(expression))
    return tuple(dict.fromkeys(name for name in names if name in columns))


def _plain(column: Any) -> AnyArray:
    """Texts as objects, whatever the engine makes of them; the gaps of a factor, which come as NaN, are masked."""
    if isinstance(column, np.ma.MaskedArray):
        return column if np.ma.getmaskarray(column).any() else column.data
    plain = column if isinstance(column, np.ndarray) else np.asarray(column, dtype=object)
    if plain.dtype != object:
        return plain
    # NaN alone differs from itself.
    gaps = np.array([value != value for value in plain], dtype=bool)
    return np.ma.MaskedArray(plain, gaps) if gaps.any() else plain


def _some(columns: Sequence[str] | Mapping[str, str]) -> str:
    names = list(columns)
    return ", ".join(names[:30]) + (f" and {len(names) - 30} more" if len(names) > 30 else "")
