"""`stats.mapping_bound`: what the published totals of two editions allow when their rows are not public.

Belongs here: the arithmetic of two totals. The totals come from `marts.fct_published_figure`, never from here.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from analytics.estimate import Column, Row, estimate_id, estimate_table, fetch_rows, series_words
from analytics.published_base import PublishedTotal, published_totals
from analytics.statistics.share import overlap_bounds

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "2"
# Measure of a published total -> what it counts.
UNITS = {"listed_organisations": "organisations", "listed_projects": "projects"}

TABLE = estimate_table(
    "mapping_bound",
    "One row per pair of editions with published totals and statistic: the range that the totals alone allow.",
    (
        Column("family", "string", "Series of editions the pair belongs to."),
        Column("from_edition_id", "string", "Earlier edition."),
        Column("to_edition_id", "string", "Later edition."),
        Column("from_total", "int64", "Published number of units in the earlier edition."),
        Column("to_total", "int64", "Published number of units in the later edition."),
        Column("unit", "string", "`organisations` or `projects`, or `share` for a number from 0 to 1."),
    ),
)

REASON = "the published totals alone do not fix the number; they allow every value between the bounds"


def mapping_bound(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Bounds on survivors, entrants, leavers and the survival share for every pair of editions with a total."""
    query = "select family, edition from marts.dim_edition order by family, reference_date, edition"
    order = [(row["family"], row["edition"]) for row in fetch_rows(connection, query)]
    rows: list[Row] = []
    for measure, unit in UNITS.items():
        totals = published_totals(connection, measure)
        # Totals that differ between sources allow no bounds of this kind until a reviewed row chooses one.
        usable = [key for key, total in totals.items() if key[:2] in order and total.is_single]
        listed = sorted(usable, key=lambda key: order.index(key[:2]))
        for before, after in combinations(listed, 2):
            if before[0] == after[0]:
                rows += _rows_of_pair(unit, before[0], before[1], after[1], totals[before], totals[after])
    return TABLE.to_arrow(rows)


def _rows_of_pair(
    unit: str, family: str, before: str, after: str, from_total: PublishedTotal, to_total: PublishedTotal
) -> list[Row]:
    fewest, most = overlap_bounds(from_total.lowest, to_total.lowest)
    first, second = from_total.lowest, to_total.lowest
    bounds: dict[str, tuple[float | None, float | None, str]] = {
        f"surviving_{unit}": (fewest, most, "0 to the smaller of the two totals"),
        "new_entrants": (second - most, second - fewest, f"later total - surviving {unit}"),
        "leavers": (first - most, first - fewest, f"earlier total - surviving {unit}"),
        "stock_survival_share": (
            fewest / first if first else None,
            most / first if first else None,
            f"surviving {unit} / earlier total",
        ),
    }
    return [
        {
            "estimate_id": estimate_id(TABLE.name, family, before, after, statistic),
            "family": family,
            "from_edition_id": f"{family}/{before}",
            "to_edition_id": f"{family}/{after}",
            "from_total": first,
            "to_total": second,
            "unit": "share" if statistic.endswith("_share") else unit,
            "statistic": statistic,
            "domain": "all",
            "lower": lower,
            "upper": upper,
            "interval_method": "bounds (published totals)",
            "base_n": base_n,
            "base": f"{unit} counted by {series_words(family)} {edition}",
            "null_reason": REASON,
            "method": f"{words}; nothing but the two totals is used",
            "method_version": METHOD_VERSION,
            "is_synthetic": False,
            "is_by_construction": False,
            "cited_source": " | ".join(dict.fromkeys((from_total.cited_source, to_total.cited_source))),
        }
        for statistic, (lower, upper, words) in bounds.items()
        for edition, base_n in [(after, second) if statistic == "new_entrants" else (before, first)]
    ]
