"""`stats.level_transition`: how levels moved between two editions of a family.

Belongs here: the pairs of levels of clusters listed in two editions, and the whole matrix of moves with its row shares.
Does not belong here: the levels themselves, and whether the moves balance (``level_balance``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import (
    Column,
    Row,
    estimate_id,
    estimate_table,
    fetch_rows,
    series_words,
    share_columns,
)
from analytics.published_base import BY_CONSTRUCTION, editions_by_construction
from analytics.statistics.share import complete_share
from analytics.topics.internationalisation import COMPLETE_TEXT, LEAST_TEXT, LEVELS, N_PARTS, SCALE_TEXT

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "3"
PAIR = (
    Column("family", "string", "Series of the two editions."),
    Column("from_edition_id", "string", "Earlier edition."),
    Column("to_edition_id", "string", "Later edition."),
    Column("scale", "string", SCALE_TEXT),
)

TRANSITION = estimate_table(
    "level_transition",
    "One row per pair of editions, scale and pair of levels: clusters listed in both editions. The matrix is whole: "
    "moves that no cluster made stand in it with 0.",
    (
        *PAIR,
        Column("from_level_code", "string", "Level in the earlier edition."),
        Column("to_level_code", "string", "Level in the later edition."),
        Column("n_both", "int64", "Clusters listed in both editions: the total of the whole matrix."),
    ),
)

# One row per cluster, scale and pair of editions that list it, any two editions of a family.
PAIRS = " ".join(
    (
        LEVELS,
        """,
    pairs as (
        select before.family, before.edition as from_edition, after.edition as to_edition,
               before.edition_id as from_edition_id, after.edition_id as to_edition_id, before.scale,
               before.is_synthetic or after.is_synthetic as is_synthetic,
               before.level_code as from_level_code, after.level_code as to_level_code
        from levels as before
        join levels as after
          on after.cluster_id = before.cluster_id and after.family = before.family and after.scale = before.scale
         and after.reference_date > before.reference_date
    )
""",
    )
)

# Every level of either edition is a column; the rows are the levels that a cluster held in the earlier edition.
MOVES = " ".join(
    (
        PAIRS,
        """,
    matrix as (
        select * exclude (from_level_code, to_level_code), count(*) as n_both
        from pairs group by all
    ),
    side as (
        select from_edition_id, to_edition_id, scale, is_synthetic, from_level_code as level_code from pairs
        union
        select from_edition_id, to_edition_id, scale, is_synthetic, to_level_code from pairs
    ),
    row_total as (
        select from_edition_id, to_edition_id, scale, is_synthetic, from_level_code, count(*) as base_n
        from pairs group by all
    ),
    cell as (
        select from_edition_id, to_edition_id, scale, is_synthetic, from_level_code, to_level_code, count(*) as n
        from pairs group by all
    )
    select matrix.*, row_total.from_level_code, side.level_code as to_level_code, row_total.base_n,
           coalesce(cell.n, 0) as numerator
    from matrix
    join row_total using (from_edition_id, to_edition_id, scale, is_synthetic)
    join side using (from_edition_id, to_edition_id, scale, is_synthetic)
    left join cell
      on (cell.from_edition_id, cell.to_edition_id, cell.scale) = (
             matrix.from_edition_id, matrix.to_edition_id, matrix.scale
         )
     and cell.is_synthetic = matrix.is_synthetic
     and (cell.from_level_code, cell.to_level_code) = (row_total.from_level_code, side.level_code)
    order by all
""",
    )
)


def level_transition(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Counts and row shares of the move from level to level between any two editions of a family."""
    constructed = editions_by_construction(connection)
    moves = fetch_rows(connection, MOVES, {"n_parts": N_PARTS})
    return TRANSITION.to_arrow(_move_row(row, constructed) for row in moves)


def _move_row(counts: Row, constructed: frozenset[str]) -> Row:
    pair = f"{counts['from_edition_id']}-{counts['to_edition']}"
    levels = f"{counts['from_level_code']}-{counts['to_level_code']}"
    topic = {column.name: counts[column.name] for column in TRANSITION.topic}
    return (
        topic
        | share_columns(complete_share(counts["numerator"], counts["base_n"]))
        | {
            "estimate_id": estimate_id(
                TRANSITION.name, pair, counts["scale"], levels, "synthetic" if counts["is_synthetic"] else None
            ),
            "numerator": counts["numerator"],
            "base_n": counts["base_n"],
            "statistic": "transition_share",
            "domain": f"from level {counts['from_level_code']}",
            "base": f"{listed_in_both(counts, constructed)}, at level {counts['from_level_code']} in the first",
            "method": "clusters that moved between the two levels / clusters at the first level; "
            + (f"{LEAST_TEXT}; " if counts["scale"] == "ordinal" else "")
            + COMPLETE_TEXT,
            "method_version": METHOD_VERSION,
            "is_synthetic": counts["is_synthetic"],
            "is_by_construction": False,
        }
    )


def listed_in_both(counts: Row, constructed: frozenset[str]) -> str:
    """The base of a pair of editions in words."""
    met = BY_CONSTRUCTION if counts["is_synthetic"] and counts["from_edition_id"] in constructed else ""
    return (
        f"clusters listed in {series_words(counts['family'])} {counts['from_edition']} and {counts['to_edition']}{met}"
    )
