"""The shape of `stats` tables; that of an estimate: one row, one number, with its base, method and interval.

Belongs here: the common columns and the step from rows to a typed table. Does not belong here: any formula or topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from analytics.sql_literal import literal
from analytics.statistics.share import Share

if TYPE_CHECKING:
    import duckdb
    import pyarrow

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A published column: our name, its type in Parquet, and the text shown in comments and the dictionary."""

    name: str
    type: str
    text: str


LEADING = (Column("estimate_id", "string", "Permanent readable key of the estimate: topic, subject and statistic."),)
COMMON = (
    Column("statistic", "string", "What the number is, by name. Each name has one definition, given in `method`."),
    Column("domain", "string", "Part of the base the estimate is about: `all`, or the group in words."),
    Column("value", "double", "The estimate. Shares run from 0 to 1. Null when undefined; see `null_reason`."),
    Column("lower", "double", "Lower end of the interval or bound, in the unit of `value`. Null when there is none."),
    Column("upper", "double", "Upper end of the interval or bound, in the unit of `value`. Null when there is none."),
    Column("interval_method", "string", "How `lower` and `upper` were formed; `none (...)` with the ground otherwise."),
    Column("interval_level", "double", "Confidence level, 0 to 1. Null for bounds, which are not a probability."),
    Column("numerator", "int64", "Unweighted count above the line. Null when only a percentage was published."),
    Column("base_n", "int64", "Unweighted count below the line. Null when it was not published."),
    Column("base", "string", "The base in words: who is counted, in which edition."),
    Column("null_reason", "string", "Why the value or its interval is missing. Null when both are given."),
    Column("method", "string", "Definition of the statistic and how it was computed."),
    Column("method_version", "string", "Version of the method; it changes whenever numbers would."),
    Column("is_synthetic", "bool", "True when any row behind the estimate is declared synthetic."),
    Column(
        "is_by_construction",
        "bool",
        "True when synthetic rows were made so that this number meets a published one. It confirms nothing.",
    ),
    Column("cited_source", "string", "Published source of the number or of its base; null for our own counts."),
)


@dataclass(frozen=True)
class StatTable:
    """A table of the `stats` schema: its name, its text, its columns in order and the columns that name a row.

    For what is computed and is no single number: curves, networks, proposals. Every such table says of each row
    whether it is synthetic.
    """

    name: str
    text: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def topic(self) -> tuple[Column, ...]:
        """The columns that say what a row is about: all but those that every estimate has."""
        return tuple(column for column in self.columns if column not in (*LEADING, *COMMON))

    def to_arrow(self, rows: Iterable[Mapping[str, Any]]) -> pyarrow.Table:
        """Rows as a typed table, ordered by their key; the column texts travel as field metadata.

        Raises ``ValueError`` when a row holds an unknown column or a key comes twice.
        """
        import pyarrow

        fields = [
            pyarrow.field(column.name, pyarrow.type_for_alias(column.type), metadata={"comment": column.text})
            for column in self.columns
        ]
        listed = sorted((dict(row) for row in rows), key=self._place)
        names = {column.name for column in self.columns}
        for row in listed:
            if row.keys() - names:
                raise ValueError(f"stats.{self.name}: unknown columns {sorted(row.keys() - names)}")
        for row, after in pairwise(listed):
            if self._place(row) == self._place(after):
                place = "/".join(str(row[name]) for name in self.key)
                raise ValueError(f"stats.{self.name}: two rows have the key {place}")
        schema = pyarrow.schema(fields, metadata={"comment": self.text})
        return pyarrow.Table.from_pylist(listed, schema=schema)

    def _place(self, row: Mapping[str, Any]) -> tuple[tuple[bool, Any], ...]:
        """Where a row stands among the others; an empty part of the key comes last."""
        parts = [row.get(name) for name in self.key]
        return tuple((part is None, 0 if part is None else part) for part in parts)


def estimate_table(name: str, text: str, topic: tuple[Column, ...]) -> StatTable:
    """A table of estimates: the key, the columns that say what each row is about, and those of every estimate."""
    return StatTable(name, text, (*LEADING, *topic, *COMMON), ("estimate_id",))


def share_columns(share: Share) -> Row:
    """The columns of an estimate that a share fills."""
    return asdict(share)


def estimate_id(*parts: object) -> str:
    """Readable key from its parts; an absent part is left out."""
    return "/".join(str(part) for part in parts if part not in (None, ""))


def fetch_rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object] | None = None
) -> list[Row]:
    """The rows of a query as dictionaries, in the order of the query; ``$name`` stands for a parameter."""
    if parameters:
        # Prepared with literals: the client imports pandas, half a second, to look at a parameter of its own.
        connection.execute(f"prepare asked as {query}")
        # Quoted, because a parameter may be called like a word of the language: table, schema, limit.
        given = ", ".join(f'"{name}" := {literal(value)}' for name, value in parameters.items())
        query = f"execute asked({given})"
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def series_words(family: str) -> str:
    """The label of a family as words for a sentence."""
    return family.replace("_", " ")
