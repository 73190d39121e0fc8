"""Published totals that serve as the base or the counterpart of an estimate.

Belongs here: reading ``published_base.csv``, whose reviewed rows say which published number is the total of which
edition, and fetching it from the warehouse. The key is a figure code, or programme/metric/period of a programme total.
The numbers themselves are never written here.
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
    """A published count: its value, whether it is exact, and where it is printed."""

    published_key: str
    value: int
    comparator_code: str
    cited_source: str


# (family, edition, part); the part is a roster's stage, and empty for a whole edition.
Key = tuple[str, str, str]


@cache
def read_links() -> tuple[dict[str, str], ...]:
    """The reviewed rows: measure, family, edition, part, published_key, reason."""
    with LINKS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


PUBLISHED = """
    select figure_code as published_key, value, coalesce(comparator_code, 'eq') as comparator_code,
           concat_ws(', ', coalesce(source_title, cited_source), cited_locator) as cited_source
    from marts.fct_published_figure
    where value is not null and is_current
    union all
    select concat_ws('/', programme_code, metric, period_printed), value, coalesce(comparator_code, 'eq'),
           concat_ws(', ', coalesce(source_title, cited_source), cited_locator)
    from marts.fct_programme_total
    where value is not null and is_current
    order by published_key, cited_source
"""


def published_totals(connection: duckdb.DuckDBPyConnection, measure: str) -> dict[Key, PublishedTotal]:
    """Totals of one measure by (family, edition, part); a link whose number is not in the warehouse gives none."""
    published = {row["published_key"]: row for row in fetch_rows(connection, PUBLISHED)}
    return {
        (link["family"], link["edition"], link["part"]): PublishedTotal(
            link["published_key"], int(found["value"]), found["comparator_code"], found["cited_source"]
        )
        for link in read_links()
        if link["measure"] == measure and (found := published.get(link["published_key"]))
    }
