"""`stats.internationalisation_level` and `stats.level_transition`: how far the listed clusters work abroad.

Belongs here: counts over `marts.fct_internationalisation` of the level as printed, of our ordinal level, and of its
parts. Does not belong here: the rule from parts to level, which is a versioned model of the marts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import (
    Column,
    Row,
    StatTable,
    estimate_id,
    estimate_table,
    fetch_rows,
    series_words,
    share_columns,
)
from analytics.published_base import BY_CONSTRUCTION, editions_by_construction
from analytics.statistics.share import complete_share

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "2"
# The rule that the marts apply, in words; its version stands in the method of every estimate.
ORDINAL_RULE = (
    "4: agreement with a foreign partner and office abroad; 3: one of the two; 2: named international contact, or "
    "participation in RIT or ESCP-4i; 1: English site only; 0: none of the parts that are stated"
)
LEAST_TEXT = "a part that is not stated counts as absent, so the level is a lower bound for those clusters"
COMPLETE_TEXT = "complete listing of the identified organisations: no sampling, so no confidence interval"
SCALE_TEXT = "`printed` = level as the edition prints it; `ordinal` = our level 0 to 4; `part` = one part of the level."

LEVEL = estimate_table(
    "internationalisation_level",
    "One row per edition, scale and level (or part): clusters listed at that level.",
    (
        Column("family", "string", "Series of the edition."),
        Column("edition_id", "string", "Edition in which the clusters are listed."),
        Column("scale", "string", SCALE_TEXT),
        Column("level_code", "string", "Level or part counted; `not_stated` when the edition does not say."),
        Column("level_label", "string", "Level as the edition prints it; null for our ordinal level and the parts."),
        Column(
            "n_not_stated",
            "int64",
            "Listed clusters for which the edition does not say; for `ordinal`, those with a part not stated, "
            "whose level is a lower bound.",
        ),
        Column("published_n", "int64", "Count that the publisher prints for this level; null when there is none."),
    ),
)

TRANSITION = estimate_table(
    "level_transition",
    "One row per pair of editions, scale and pair of levels: clusters listed in both editions.",
    (
        Column("family", "string", "Series of the two editions."),
        Column("from_edition_id", "string", "Earlier edition."),
        Column("to_edition_id", "string", "Later edition."),
        Column("scale", "string", SCALE_TEXT),
        Column("from_level_code", "string", "Level in the earlier edition."),
        Column("to_level_code", "string", "Level in the later edition."),
        Column("n_both", "int64", "Clusters listed in both editions: the total of the whole matrix."),
    ),
)

# One row per cluster, edition, scale and level. A cluster printed twice in an edition is counted once, by first row.
LEVELS = """
    with listed as (
        select * from marts.fct_internationalisation
        qualify row_number() over (partition by edition_id, cluster_id order by row_id) = 1
    ),
    levels as (
        select listed.cluster_id, edition.family, edition.edition, listed.edition_id, edition.reference_date,
               listed.is_synthetic, listed.method_version as rule_version, scale.name as scale,
               case when scale.name = 'ordinal' then coalesce(n_parts_known, 0) < $n_parts
                    else scale.level is null end as is_not_stated,
               coalesce(scale.level, 'not_stated') as level_code,
               case when scale.name = 'printed' then level_printed end as level_label
        from listed
        join marts.dim_edition as edition on edition.edition_id = listed.edition_id,
        unnest([
            {'name': 'printed', 'level': coalesce(level_code, level_printed)},
            {'name': 'ordinal', 'level': cast(ordinal_level as varchar)}
        ]) as unnested(scale)
    )
"""

DISTRIBUTION = " ".join(
    (
        LEVELS,
        """,
    counts as (
        select family, edition, edition_id, is_synthetic, scale, level_code, rule_version,
               min(level_label) as level_label, count(*) as numerator,
               count(*) filter (where is_not_stated) as n_unsure
        from levels group by all
    )
    select *, cast(sum(numerator) over edition_scale as bigint) as base_n,
           cast(sum(n_unsure) over edition_scale as bigint) as n_not_stated
    from counts
    window edition_scale as (partition by edition_id, is_synthetic, scale)
    order by all
""",
    )
)

PARTS = """
    with listed as (
        select * from marts.fct_internationalisation
        qualify row_number() over (partition by edition_id, cluster_id order by row_id) = 1
    )
    select edition.family, edition.edition, listed.edition_id, listed.is_synthetic, 'part' as scale,
           part.name as level_code, null as level_label,
           listed.method_version as rule_version,
           count(*) filter (where part.holds) as numerator, count(part.holds) as base_n,
           count(*) - count(part.holds) as n_not_stated
    from listed
    join marts.dim_edition as edition on edition.edition_id = listed.edition_id,
    unnest([
        {'name': 'has_english_site', 'holds': has_english_site},
        {'name': 'has_international_contact', 'holds': has_international_contact},
        {'name': 'has_foreign_agreement', 'holds': has_foreign_agreement},
        {'name': 'has_rit_participation', 'holds': has_rit_participation},
        {'name': 'has_escp4i_membership', 'holds': has_escp4i_membership},
        {'name': 'has_office_abroad', 'holds': has_office_abroad}
    ]) as unnested(part)
    group by all
    having count(part.holds) > 0
    order by all
"""

MOVES = " ".join(
    (
        LEVELS,
        """,
    moves as (
        select before.family, before.edition as from_edition, after.edition as to_edition,
               before.edition_id as from_edition_id, after.edition_id as to_edition_id, before.scale,
               before.is_synthetic or after.is_synthetic as is_synthetic,
               before.level_code as from_level_code, after.level_code as to_level_code, count(*) as numerator
        from levels as before
        join levels as after
          on after.cluster_id = before.cluster_id and after.family = before.family and after.scale = before.scale
         and after.reference_date > before.reference_date
        group by all
    )
    select *, cast(sum(numerator) over matrix_row as bigint) as base_n,
           cast(sum(numerator) over matrix as bigint) as n_both
    from moves
    window matrix as (partition by from_edition_id, to_edition_id, scale, is_synthetic),
           matrix_row as (partition by from_edition_id, to_edition_id, scale, is_synthetic, from_level_code)
    order by all
""",
    )
)


# An English site is printed in two published counts, one for each state of the site; the part is their sum.
PUBLISHED = """
    select subject_edition_id as edition_id, category_code as level_code, 'printed' as scale, n,
           concat_ws(', ', coalesce(source_title, cited_source), cited_locator) as cited_source
    from marts.fct_published_aggregate
    where dimension_code = 'internationalisation' and is_current
    union all
    select subject_edition_id, 'has_english_site', 'part', cast(sum(n) as bigint),
           string_agg(distinct concat_ws(', ', coalesce(source_title, cited_source), cited_locator), ' | ')
    from marts.fct_published_aggregate
    where dimension_code = 'website' and category_code in ('english_active', 'english_static') and is_current
    group by all having count(*) = 2
"""
N_PARTS = 6


def internationalisation_level(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Distribution of both levels and the share of each part, per edition."""
    published = {(row["scale"], row["edition_id"], row["level_code"]): row for row in fetch_rows(connection, PUBLISHED)}
    constructed = editions_by_construction(connection)
    counts = fetch_rows(connection, DISTRIBUTION, {"n_parts": N_PARTS}) + fetch_rows(connection, PARTS)
    return LEVEL.to_arrow(
        _level_row(
            row,
            published.get((row["scale"], row["edition_id"], row["level_code"])),
            BY_CONSTRUCTION if row["is_synthetic"] and row["edition_id"] in constructed else "",
        )
        for row in counts
    )


METHODS = {
    "printed": "clusters at the level / clusters in the base",
    "ordinal": f"clusters at the level / clusters in the base; {ORDINAL_RULE}; {LEAST_TEXT}",
    "part": "clusters that have the part / clusters for which the part is stated",
}


def _level_row(counts: Row, published: Row | None, met: str) -> Row:
    scale, synthetic = counts["scale"], counts["is_synthetic"]
    rule = f"; rule {counts['rule_version']}" if scale == "ordinal" and counts["rule_version"] else ""
    listed = f"clusters listed in {series_words(counts['family'])} {counts['edition']}{met}"
    suffixes = {"part": " for which the part is stated"}
    if counts["n_not_stated"]:
        suffixes["ordinal"] = (
            f", {counts['n_not_stated']} of them with a part not stated (their level is a lower bound)"
        )
    return _estimate(LEVEL, counts) | {
        "estimate_id": estimate_id(
            LEVEL.name, counts["edition_id"], scale, counts["level_code"], "synthetic" if synthetic else None
        ),
        "published_n": published["n"] if published else None,
        "statistic": "part_share" if scale == "part" else "level_share",
        "base": listed + suffixes.get(scale, ""),
        "method": f"{METHODS[scale]}{rule}; {COMPLETE_TEXT}",
        "is_by_construction": bool(synthetic and published and published["n"] == counts["numerator"]),
        "cited_source": published["cited_source"] if published else None,
    }


def level_transition(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Counts and row shares of the move from level to level between two editions of a family."""
    constructed = editions_by_construction(connection)
    moves = fetch_rows(connection, MOVES, {"n_parts": N_PARTS})
    return TRANSITION.to_arrow(_move_row(row, constructed) for row in moves)


def _move_row(counts: Row, constructed: frozenset[str]) -> Row:
    pair = f"{counts['from_edition_id']}-{counts['to_edition']}"
    levels = f"{counts['from_level_code']}-{counts['to_level_code']}"
    met = BY_CONSTRUCTION if counts["is_synthetic"] and counts["from_edition_id"] in constructed else ""
    both = (
        f"clusters listed in {series_words(counts['family'])} {counts['from_edition']} and {counts['to_edition']}{met}"
    )
    return _estimate(TRANSITION, counts) | {
        "estimate_id": estimate_id(
            TRANSITION.name, pair, counts["scale"], levels, "synthetic" if counts["is_synthetic"] else None
        ),
        "statistic": "transition_share",
        "domain": f"from level {counts['from_level_code']}",
        "base": f"{both}, at level {counts['from_level_code']} in the first",
        "method": "clusters that moved between the two levels / clusters at the first level; "
        + (f"{LEAST_TEXT}; " if counts["scale"] == "ordinal" else "")
        + COMPLETE_TEXT,
        "is_by_construction": False,
    }


def _estimate(table: StatTable, counts: Row) -> Row:
    """The columns both tables fill alike."""
    topic = {column.name: counts[column.name] for column in table.topic if column.name in counts}
    return (
        topic
        | share_columns(complete_share(counts["numerator"], counts["base_n"]))
        | {"numerator": counts["numerator"], "base_n": counts["base_n"], "domain": "all"}
        | {"method_version": METHOD_VERSION, "is_synthetic": counts["is_synthetic"]}
    )
