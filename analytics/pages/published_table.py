"""What a table on a page must say about itself. Belongs here: the shape; the words come from the sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from analytics.estimate import Row


@dataclass(frozen=True)
class Header:
    """A column head; ``kind`` is ``text``, ``number`` (right-aligned) or ``status`` (a label); width in percent."""

    text: str
    kind: str = "text"
    width: int | None = None


def headers(*texts: str) -> tuple[Header, ...]:
    """Heads from short texts: ``#Share`` is a number, ``!Status`` a status, ``Rule|30`` has a width of 30 percent."""
    kinds = {"#": "number", "!": "status"}
    return tuple(
        Header(name.lstrip("#!"), kinds.get(name[0], "text"), int(width) if width else None)
        for name, _, width in (text.partition("|") for text in texts)
    )


@dataclass(frozen=True)
class PublishedTable:
    """A table with everything a reader needs to hand it on: base, n, missing, source, method, query, marks.

    ``query`` gives the rows from the released DuckDB file; ``chart`` is an inline SVG or ``None``.
    """

    anchor: str
    title: str
    heads: tuple[Header, ...]
    rows: Sequence[tuple[str, ...]]
    unit: str
    base: str
    n: str
    source: str
    method: str
    query: str
    missing: str = "none"
    footnotes: tuple[str, ...] = ()
    is_synthetic: bool = False
    chart: str | None = None
    chart_text: str = ""

    @property
    def is_fixed(self) -> bool:
        """Long texts side by side: set to the widths that the heads give."""
        return any(head.width for head in self.heads)

    @property
    def is_compact(self) -> bool:
        """Mostly numbers: set as wide as its content, so that a number stays near its label."""
        return 2 * sum(head.kind == "number" for head in self.heads) >= len(self.heads)


@dataclass(frozen=True)
class Section:
    """A chapter of the page: its heading, one sentence on how to read it, and its tables."""

    anchor: str
    title: str
    introduction: str
    tables: list[PublishedTable] = field(default_factory=list)


def join_sources(rows: Iterable[Row], own: str) -> str:
    """Our own table and the cited sources of the rows, in order of appearance, the places of one source together."""
    places: dict[str, list[str]] = {}
    for row in rows:
        for cited in str(row["cited_source"] or "").split(" | "):
            source, _, place = cited.partition(", ")
            known = places.setdefault(source, [])
            if place and place not in known:
                known.append(place)
    cited_sources = [f"{source}{', ' if found else ''}{'; '.join(found)}" for source, found in places.items() if source]
    return " | ".join([own, *cited_sources])


def has_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the released file holds the table, and a row in it."""
    import duckdb

    try:
        return connection.table(table).limit(1).fetchone() is not None
    except duckdb.CatalogException:
        return False


def query_of(table: str, *conditions: str, **equal: object) -> str:
    """The query shown under a table, which gives its rows back from the released file."""
    terms = [*(f"{column} = '{value}'" for column, value in equal.items()), *conditions]
    return " ".join(("select * from", table, *(("where", " and ".join(terms)) if terms else ())))
