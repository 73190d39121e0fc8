"""Published totals that serve as the base or the counterpart of an estimate.

Belongs here: reading ``published_base.csv``, whose reviewed rows say which published number is the total of which
edition, and fetching it from the warehouse. The key is a figure code, or programme/metric/period of a programme total;
it is empty where a published number exists but counts something else, and the reason then says what. Several rows for
one edition are published totals that disagree. The numbers themselves are never written here.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.estimate import fetch_rows

if TYPE_CHECKING:
    import duckdb

LINKS = Path(__file__).with_name("published_base.csv")


@dataclass(frozen=True)
class PublishedTotal:
    """A published count: its lowest and highest published value (equal when the sources agree), and their places."""

    lowest: int
    highest: int
    cited_source: str

    @property
    def is_single(self) -> bool:
        """Whether the sources agree on one number."""
        return self.lowest == self.highest


# (family, edition, part); the part is a roster's stage, or stage and status, and empty for a whole edition.
Key = tuple[str, str, str]


@cache
def read_links() -> tuple[dict[str, str], ...]:
    """The reviewed rows: measure, family, edition, part, published_key, reason."""
    with LINKS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


PUBLISHED = """
    select figure_code as published_key, value,
           concat_ws(', ', coalesce(source_title, cited_source), cited_locator) as cited_source
    from marts.fct_published_figure
    where value is not null and is_current
    union all
    select concat_ws('/', programme_code, metric, period_printed), value,
           concat_ws(', ', coalesce(source_title, cited_source), cited_locator)
    from marts.fct_programme_total
    where value is not null and is_current
    order by published_key, cited_source
"""


def published_totals(connection: duckdb.DuckDBPyConnection, measure: str) -> dict[Key, PublishedTotal]:
    """Totals of one measure by (family, edition, part); a link whose number is not in the warehouse gives none."""
    published = {row["published_key"]: row for row in fetch_rows(connection, PUBLISHED)}
    claims: dict[Key, list[tuple[int, str]]] = {}
    for key, link in _links_of(measure):
        if found := published.get(link["published_key"]):
            claims.setdefault(key, []).append((int(found["value"]), found["cited_source"]))
    return {
        key: PublishedTotal(
            min(value for value, _ in found),
            max(value for value, _ in found),
            " | ".join(dict.fromkeys(source for _, source in found)),
        )
        for key, found in claims.items()
    }


def reasons_without_total(measure: str) -> dict[Key, str]:
    """Why a published number that looks like the total of an edition is not used as one."""
    return {key: link["reason"] for key, link in _links_of(measure) if not link["published_key"]}


def editions_by_construction(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Editions whose number of synthetic rows was chosen to meet the published total."""
    query = """
        select distinct subject_edition_id from marts.fct_published_aggregate
        where dimension_code in ('total', 'fieldwork') and is_by_construction and is_current
    """
    return frozenset(row["subject_edition_id"] for row in fetch_rows(connection, query))


BY_CONSTRUCTION = " (base met by construction)"


def _links_of(measure: str) -> list[tuple[Key, dict[str, str]]]:
    return [
        ((link["family"], link["edition"], link["part"]), link) for link in read_links() if link["measure"] == measure
    ]
