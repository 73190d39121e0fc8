"""Published totals that serve as the base or the counterpart of an estimate.

Belongs here: reading ``published_base.csv``, whose reviewed rows say which published figure is the total of which
edition, and fetching the figure from the warehouse. The numbers themselves are never written here.
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

    figure_code: str
    value: int
    comparator_code: str
    cited_source: str


# (family, edition, part); the part is a roster's stage, and empty for a whole edition.
Key = tuple[str, str, str]


@cache
def read_links() -> tuple[dict[str, str], ...]:
    """The reviewed rows: measure, family, edition, part, figure_code, reason."""
    with LINKS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def published_totals(connection: duckdb.DuckDBPyConnection, measure: str) -> dict[Key, PublishedTotal]:
    """Totals of one measure by (family, edition, part); a link whose figure is not in the warehouse gives none."""
    figures = {
        row["figure_code"]: row
        for row in fetch_rows(
            connection,
            """
            select figure_code, value, coalesce(comparator_code, 'eq') as comparator_code,
                   concat_ws(', ', coalesce(source_title, cited_source), cited_locator) as cited_source
            from marts.fct_published_figure
            where value is not null and is_current
            order by figure_code
            """,
        )
    }
    return {
        (link["family"], link["edition"], link["part"]): PublishedTotal(
            link["figure_code"], int(figure["value"]), figure["comparator_code"], figure["cited_source"]
        )
        for link in read_links()
        if link["measure"] == measure and (figure := figures.get(link["figure_code"]))
    }
