"""`stats.internationalisation_level`: how far the listed clusters work abroad.

Belongs here: counts over `marts.fct_internationalisation` of the level as printed, of our ordinal level, and of its
parts. Does not belong here: the rule from parts to level, which is a versioned code list of the marts, and moves
between editions.
"""

from __future__ import annotations

from dataclasses import replace
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
from analytics.statistics.share import BOUNDS, NOTHING_UNKNOWN, Share, bounded_share, complete_share

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "3"
# The rule that the marts apply, in words; its version stands in the method of every estimate.
ORDINAL_RULE = (
    "4: agreement with a foreign partner and office abroad; 3: one of the two; 2: named international contact, or "
    "participation in RIT or ESCP-4i; 1: English site only; 0: none of the parts that are stated"
)
LEAST_TEXT = "a part that is not stated counts as absent, so the level is a lower bound for those clusters"
BOUND_TEXT = (
    "bounds: clusters that are at the level whatever the parts not stated are, and clusters whose lowest and highest "
    "possible level enclose it, some of which could only pass it; they are not a confidence interval"
)
PART_TEXT = (
    "bounds: none and all of the listed clusters for which it is not stated have the part; they are not a confidence "
    "interval"
)
ONLY_SHOWN = (
    "every row that speaks of the part shows it and none denies it, as rosters and lists of agreements do, so the "
    "share among them says nothing; the bounds count all listed clusters"
)
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
               case when scale.name = 'printed' then level_printed end as level_label,
               listed.level_lowest, listed.level_highest
        from listed
        join marts.dim_edition as edition on edition.edition_id = listed.edition_id,
        unnest([
            {'name': 'printed', 'level': coalesce(level_code, level_printed)},
            {'name': 'ordinal', 'level': cast(ordinal_level as varchar)}
        ]) as unnested(scale)
        -- a list that prints no level, or shows no part, has no distribution
        qualify count(scale.level) over (partition by listed.edition_id, listed.is_synthetic, scale.name) > 0
    )
"""

DISTRIBUTION = " ".join(
    (
        LEVELS,
        """,
    found as (
        select family, edition, edition_id, is_synthetic, scale, level_code, rule_version,
               min(level_label) as level_label, count(*) as numerator,
               count(*) filter (where is_not_stated) as n_unsure
        from levels group by all
    ),
    -- levels that clusters could be at by parts not stated, whether a cluster is counted there or not
    possible as (
        select distinct family, edition, edition_id, is_synthetic, scale,
               cast(unnest(range(level_lowest, level_highest + 1)) as varchar) as level_code, rule_version
        from levels where scale = 'ordinal'
    ),
    counts as (
        from found
        union all by name
        select *, 0 as numerator, 0 as n_unsure
        from possible anti join found using (edition_id, is_synthetic, scale, level_code)
    ),
    bounds as (
        select counts.edition_id, counts.is_synthetic, counts.scale, counts.level_code,
               count(*) filter (where level_lowest = level_highest) as n_certain, count(*) as n_possible
        from counts
        join levels using (edition_id, is_synthetic, scale)
        where counts.scale = 'ordinal' and try_cast(counts.level_code as integer) between level_lowest and level_highest
        group by all
    )
    select counts.*, n_certain, n_possible, cast(sum(numerator) over edition_scale as bigint) as base_n,
           cast(sum(n_unsure) over edition_scale as bigint) as n_not_stated
    from counts
    left join bounds using (edition_id, is_synthetic, scale, level_code)
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
           count(*) - count(part.holds) as n_not_stated,
           count(*) filter (where not part.holds) as n_denied
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
    "ordinal": f"clusters at the level / clusters in the base; {ORDINAL_RULE}; {LEAST_TEXT}; {BOUND_TEXT}",
    "part": f"clusters that have the part / clusters for which the part is stated; {PART_TEXT}",
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
    return _estimate(counts) | {
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


def _share(counts: Row) -> Share:
    """The share of a level or part, with bounds where something is not stated."""
    numerator, base, unknown = counts["numerator"], counts["base_n"], counts["n_not_stated"]
    if counts["scale"] == "part":
        share = bounded_share(numerator, base, unknown, base + unknown)
        return replace(share, value=None, null_reason=ONLY_SHOWN) if unknown and not counts["n_denied"] else share
    share = complete_share(numerator, base)
    certain, possible = counts.get("n_certain"), counts.get("n_possible")
    if certain is None or not unknown:
        return share
    if certain == possible:
        return replace(share, interval_method=NOTHING_UNKNOWN)
    return replace(share, lower=certain / base, upper=possible / base, interval_method=BOUNDS)


def _estimate(counts: Row) -> Row:
    topic = {column.name: counts[column.name] for column in LEVEL.topic if column.name in counts}
    return (
        topic
        | share_columns(_share(counts))
        | {"numerator": counts["numerator"], "base_n": counts["base_n"], "domain": "all"}
        | {"method_version": METHOD_VERSION, "is_synthetic": counts["is_synthetic"]}
    )
