"""The responses of a survey as one relation of the engine, with its questions.

Belongs here: opening a file, a frame or a relation, every column of which is a question. Does not belong here: waves of
a release (``wave``), the design (``design``), sums (``cells``).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.sql_literal import literal
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import define, tune, tuples
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.unreadable import (
    refuse_one_column_of_many,
    refuse_what_is_no_file,
    unreadable,
)

if TYPE_CHECKING:
    import duckdb

NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL",
           "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")  # fmt: skip

# Types whose values are categories as they are printed, and types that hold no answer.
PRINTED = ("ENUM", "DATE", "TIME", "UUID", "INTERVAL")
NO_ANSWERS = ("STRUCT", "MAP", "UNION", "BLOB", "BIT")
LEVEL = re.compile(r"'((?:[^']|'')*)'")
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
TEXT_TABLES = (".csv", ".tsv", ".txt", ".gz")
# R writes NA for a missing value, other programmes nothing.
# Yes and no stay the words that they are.
TEXT_OPTIONS = (
    "sample_size = -1, nullstr = ['', 'NA'], "
    "auto_type_candidates = ['BIGINT', 'DOUBLE', 'DATE', 'TIMESTAMP', 'VARCHAR']"
)
NUMBER = itertools.count(1)


@dataclass(frozen=True)
class Responses:
    """One row per response. ``relation``: what stands behind FROM; ``columns``: name to type of DuckDB.

    ``parts``: of a wave the questions that columns of other names hold, such as the options of a multiple choice; None
    of a table without states. ``base``: the responses in words; ``counted``: what a row is. ``scope``:
    whether names given in the engine are temporary, or empty for all its cursors, which only an engine of our own has;
    ``processors``: how many of its queries may run side by side. ``answers``: small answers of the engine by query,
    for responses never change; those of another relation are never taken over.
    """

    connection: duckdb.DuckDBPyConnection
    relation: str
    columns: Mapping[str, str]
    questions: Mapping[str, Question]
    title: str
    base: str = "all responses"
    is_synthetic: bool = False
    release_id: str | None = None
    parts: Mapping[str, Question] | None = None
    counted: str = "responses"
    scope: str = "temp"
    processors: int = 1
    answers: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def count(self) -> int:
        """How many rows there are."""
        ((n,),) = tuples(self, f"select count(*) from {self.relation}")
        return int(n)

    def define(self, name: str, query: str, *, is_table: bool, given: object = None) -> None:
        """Give a query over the responses a name in their engine, which all can see that may be asked of it."""
        define(self.connection, name, query, is_table=is_table, scope=self.scope, given=given)

    def engine_names(self, names: Iterable[str]) -> dict[str, str]:
        """What the engine calls columns that it renamed, by their names in the file.

        To the engine ``nh`` and ``Nh`` are one name; of a file with both it calls the second ``Nh_1``, and would answer
        a question for ``Nh`` with the first.
        """
        lower = {column.lower() for column in self.columns}
        seconds = {name: f"{name}_1" for name in names if name not in self.columns and str(name).lower() in lower}
        return {name: second for name, second in seconds.items() if second in self.columns}

    def question(self, code: str) -> Question:
        """The question with this code; of a table without a codebook, the column of this name.

        Raises ``SurveyError`` naming what there is.
        """
        if code in self.questions:
            return self.questions[code]
        if self.parts and code in self.parts:
            return replace(self.parts[code], code=code)
        if second := self.engine_names([code]):
            return replace(self.question(second[code]), code=code, text=code)
        if code not in self.columns:
            known = ", ".join(sorted(self.questions or self.columns))
            raise SurveyError(f"{self.title} has no question {code!r}; it has: {known}.")
        held = self.columns[code]
        if held.endswith("]") or held.startswith(NO_ANSWERS):
            raise SurveyError(
                f"{self.title}: {code} holds {held.partition('(')[0]} values, which are no answers to one question. "
                "Unpack it into a column for each answer."
            )
        value = _value(quoted(code), "DATE" if self._holds_days(code) else held)
        if self.parts is not None and held.startswith(WHOLE) and not code.startswith("design__"):
            # In a wave a number below zero is a state, whether or not its codebook knows the column.
            value = f"case when {value} >= 0 then {value} end"
        state = f"case when {value} is null then 'not_answered' else 'answered' end"
        levels: dict[object, str] = {label: label for label in _levels(held)}
        return Question(code, "number" if held.startswith(NUMBERS) else "choice", value, state, code, levels)

    def _holds_days(self, name: str) -> bool:
        """Whether a column of points in time, which is how pandas holds dates, has none but midnights."""
        held = self.columns[name]
        if not held.startswith("TIMESTAMP") or held.endswith("ZONE"):
            return False
        ((found,),) = tuples(self, f"select bool_and({quoted(name)} = {quoted(name)}::date) from {self.relation}")
        return bool(found)


def _value(name: str, held: str) -> str:
    """SQL of the answer in a column. What is not a number is how other programmes write a missing value."""
    if held == "DATE":
        return f"{name}::date::varchar"
    if held in ("DOUBLE", "FLOAT"):
        return f"nullif({name}, 'nan')"
    if held.startswith("DECIMAL"):
        return f"{name}::double"
    return f"{name}::varchar" if held.startswith(PRINTED) else name


def _levels(held: str) -> list[str]:
    """The levels of a factor in its order, those that nobody chose too; none of any other type."""
    return [label.replace("''", "'") for label in LEVEL.findall(held)] if held.startswith("ENUM") else []


def quoted(name: str) -> str:
    """A name of a column or table in SQL."""
    return '"' + name.replace('"', '""') + '"'


def open_table(
    source: Path | Any,
    title: str,
    connection: duckdb.DuckDBPyConnection | None = None,
    *,
    repeatable: bool = False,
) -> Responses:
    """A Parquet or CSV file, a frame of pandas, polars or Arrow, or a relation of DuckDB as responses.

    Parquet and relations are read where they are and seldom copied, so they must not change while the survey is used;
    all others become a table of the engine.
    ``repeatable``: sums come out the same to the last bit in every run however large the file is, at the price of
    using one processor.

    Raises:
        SurveyError: there is no such file, or nothing that can be read as a table.
    """
    import duckdb

    if isinstance(source, duckdb.DuckDBPyRelation):
        return _open_relation(source, title, connection)
    engine, scope = (connection, "temp") if connection else (duckdb.connect(), "")
    name = f"survey_response_{next(NUMBER)}"
    try:
        if isinstance(source, Path):
            _open_file(engine, source, name, scope)
        else:
            engine.register(f"{name}_frame", source)
            define(engine, name, f"from {name}_frame", is_table=True, scope=scope)
            engine.unregister(f"{name}_frame")
    except duckdb.Error as error:
        first = str(error).partition("\n")[0].removesuffix(".")
        raise SurveyError(
            (unreadable(source) if isinstance(source, Path) else None)
            or f"{title} cannot be opened ({first}). A survey is a Parquet file, a CSV file in UTF-8, a frame of "
            "pandas, polars or Arrow, a relation of DuckDB, or the name of a wave such as 'cooperation/2020'."
        ) from error
    return _described(engine, name, title, is_own=connection is None, repeatable=repeatable)


def _open_file(engine: duckdb.DuckDBPyConnection, file: Path, name: str, scope: str) -> None:
    refuse_what_is_no_file(file)
    if file.suffix.lower() not in TEXT_TABLES:
        define(engine, name, f"from read_parquet({literal(str(file))})", is_table=False, scope=scope)
        return
    define(engine, name, f"from read_csv({literal(str(file))}, {TEXT_OPTIONS})", is_table=True, scope=scope)
    refuse_one_column_of_many(file, [row[0] for row in engine.execute(f"describe {name}").fetchall()])


def _open_relation(
    relation: duckdb.DuckDBPyRelation, title: str, connection: duckdb.DuckDBPyConnection | None
) -> Responses:
    """A relation lives in its connection, which it does not tell: the one given, else the one of ``duckdb.sql``."""
    import duckdb

    engine = connection or duckdb.default_connection()
    name = f"survey_response_{next(NUMBER)}"
    relation.create_view(name)
    try:
        return _described(engine, name, title, is_own=False)
    except duckdb.CatalogException:
        raise SurveyError(
            f"{title}: the relation belongs to another connection of DuckDB. Name it: survey(relation, "
            "connection=the connection that made it)."
        ) from None


def _described(
    engine: duckdb.DuckDBPyConnection, name: str, title: str, *, is_own: bool, repeatable: bool = False
) -> Responses:
    described = engine.execute(f"describe {name}").fetchall()
    rows = engine.execute(f"select count(*) from {name}").fetchone() if is_own else None
    processors = tune(engine, is_own=is_own, n_rows=rows[0] if rows else 0, repeatable=repeatable)
    columns = {row[0]: row[1] for row in described}
    return Responses(engine, name, columns, {}, title, scope="" if is_own else "temp", processors=processors)
