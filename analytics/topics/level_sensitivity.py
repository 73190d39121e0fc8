"""`stats.level_sensitivity`: which part, if it were recorded wrongly, would move the levels of how many clusters.

Belongs here: counts over `marts.fct_internationalisation_sensitivity`, one part different at a time. Does not belong
here: the level in each case, which the marts compute, and several parts wrong at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import Column, Row, estimate_id, estimate_table, fetch_rows, series_words, share_columns
from analytics.published_base import BY_CONSTRUCTION, editions_by_construction
from analytics.statistics.share import complete_share
from analytics.topics.internationalisation import COMPLETE_TEXT

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "1"
METHOD = (
    "clusters whose ordinal level would be another if this one part were different (absent instead of there, there "
    "instead of absent or not known), all other parts as they are / clusters with a level; rule"
)
RECORDED = {
    "all": "",
    "yes": " and recorded as having the part",
    "no": " and recorded as not having the part",
    "unknown": " and for which the part is not known",
}

TABLE = estimate_table(
    "level_sensitivity",
    "One row per edition, part of the ordinal level and what is recorded of it: clusters whose level would move if "
    "that one part were different.",
    (
        Column("family", "string", "Series of the edition."),
        Column("edition_id", "string", "Edition in which the clusters are listed."),
        Column("part_code", "string", "Part that is taken to be different."),
        Column(
            "recorded_as",
            "string",
            "`all` clusters with a level, or those of which the part is `yes`, `no`, `unknown`.",
        ),
        Column("n_up", "int64", "Clusters whose level would be higher."),
        Column("n_down", "int64", "Clusters whose level would be lower."),
        Column("largest_change", "int64", "Most levels that one cluster would move, up or down."),
    ),
)

# Clusters without any known part have no level, so nothing of theirs can move.
COUNTS = """
    with moved as (
        select edition.family, edition.edition, sensitivity.*
        from marts.fct_internationalisation_sensitivity as sensitivity
        join marts.dim_edition as edition on edition.edition_id = sensitivity.edition_id
        where sensitivity.ordinal_level is not null
    )
    select family, edition, edition_id, part_code, coalesce(value_code, 'all') as recorded_as, is_synthetic,
           min(method_version) as rule_version, count(*) as base_n, count(*) filter (where is_moved) as numerator,
           count(*) filter (where level_change > 0) as n_up, count(*) filter (where level_change < 0) as n_down,
           max(abs(level_change)) as largest_change
    from moved
    group by grouping sets (
        (family, edition, edition_id, part_code, is_synthetic),
        (family, edition, edition_id, part_code, is_synthetic, value_code)
    )
    order by all
"""


def level_sensitivity(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Share of the clusters with a level that one wrongly recorded part would move, per edition and part."""
    constructed = editions_by_construction(connection)
    return TABLE.to_arrow(_row(counts, constructed) for counts in fetch_rows(connection, COUNTS))


def _row(counts: Row, constructed: frozenset[str]) -> Row:
    met = BY_CONSTRUCTION if counts["is_synthetic"] and counts["edition_id"] in constructed else ""
    listed = f"clusters listed in {series_words(counts['family'])} {counts['edition']}{met} with a level"
    return (
        {column.name: counts[column.name] for column in TABLE.topic}
        | share_columns(complete_share(counts["numerator"], counts["base_n"]))
        | {
            "estimate_id": estimate_id(
                TABLE.name,
                counts["edition_id"],
                counts["part_code"],
                counts["recorded_as"],
                "synthetic" if counts["is_synthetic"] else None,
            ),
            "statistic": "moved_share",
            "domain": "all" if counts["recorded_as"] == "all" else f"recorded as {counts['recorded_as']}",
            "numerator": counts["numerator"],
            "base_n": counts["base_n"],
            "base": listed + RECORDED[counts["recorded_as"]],
            "method": f"{METHOD} {counts['rule_version']}; {COMPLETE_TEXT}",
            "method_version": METHOD_VERSION,
            "is_synthetic": counts["is_synthetic"],
            "is_by_construction": False,
        }
    )
