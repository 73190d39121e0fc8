"""`stats.programme_participation`: who takes part in which programme, per roster edition.

Belongs here: counts of roster rows by status, partner country, area, sector, strand and prefecture, and what the
missing rows can change. A roster we know only in part is never shown as if it were whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import Column, Row, estimate_id, estimate_table, fetch_rows, share_columns
from analytics.published_base import Key, PublishedTotal, published_totals, reasons_without_total
from analytics.statistics.share import BOUNDS, Share, bounded_share, complete_share

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "2"

TABLE = estimate_table(
    "programme_participation",
    "One row per programme, roster edition, stage, dimension and category: roster rows known to us.",
    (
        Column("programme_code", "string", "Programme of the roster."),
        Column("family", "string", "Series of the roster."),
        Column("edition_id", "string", "Roster edition."),
        Column("fiscal_year", "int64", "Fiscal year of the edition; null when it has none."),
        Column("stage_code", "string", "Stage of the rows (main project, preliminary survey); null when not used."),
        Column(
            "dimension",
            "string",
            "What the rows are counted by; `all` for the whole edition. Rows name several countries in "
            "`target_country` and `member_country`, so those shares do not add to 1.",
        ),
        Column("category", "string", "Category counted; `not_stated` when the roster does not say."),
        Column("status_code", "string", "New or renewed, for `partner_country_by_status`; null otherwise."),
        Column("published_total", "int64", "Rows the roster has in print, the lowest when sources differ; null: none."),
        Column("published_total_highest", "int64", "Highest published total; equal to the lowest if sources agree."),
        Column("n_missing", "int64", "Lowest published total minus the rows known to us; null without a total."),
        Column("n_not_stated", "int64", "Known rows for which the dimension is not stated."),
        Column(
            "n_inferred",
            "int64",
            "Rows of the numerator that no source states: trust C, and for counts by status also renewals of trust B, "
            "which follow from not being among the new. Null for countries of partnerships.",
        ),
        Column("published_n", "int64", "Count that a publisher prints for the category; null when there is none."),
    ),
)

COUNTS = """
    with categories as (
        select programme_code, family, edition_id, fiscal_year, stage_code, is_synthetic,
               cut.dimension, cut.status_code,
               coalesce(cut.category, 'not_stated') as category,
               coalesce(
                   trust = 'C' or (cut.dimension in ('status', 'partner_country_by_status')
                                   and participation.status_code = 'renewed' and trust = 'B'), false
               ) as is_inferred
        from marts.fct_programme_participation as participation,
        unnest([
            {'dimension': 'all', 'category': 'all', 'status_code': null},
            {'dimension': 'status', 'category': participation.status_code, 'status_code': null},
            {'dimension': 'partner_country', 'category': partner_country_code, 'status_code': null},
            {'dimension': 'partner_country_by_status', 'category': partner_country_code,
             'status_code': participation.status_code},
            {'dimension': 'partner_area', 'category': partner_area, 'status_code': null},
            {'dimension': 'partner_in_eu', 'status_code': null, 'category':
                case when is_partner_in_eu then 'in_eu' when not is_partner_in_eu then 'not_in_eu' end},
            {'dimension': 'sector', 'category': sector_printed, 'status_code': null},
            {'dimension': 'strand', 'category': cast(strand as varchar), 'status_code': null},
            {'dimension': 'prefecture', 'category': jp_prefecture_code, 'status_code': null}
        ]) as unnested(cut)
    ),
    counts as (
        select * exclude (is_inferred), count(*) as numerator, count(*) filter (where is_inferred) as n_inferred
        from categories group by all
    )
    select counts.*, edition.edition, edition.title,
           cast(sum(numerator) over dimension_rows as bigint) as base_n,
           cast(coalesce(sum(numerator) filter (where category = 'not_stated') over dimension_rows, 0) as bigint)
               as n_not_stated
    from counts
    join marts.dim_edition as edition using (edition_id)
    window dimension_rows as (
        partition by programme_code, edition_id, fiscal_year, stage_code, counts.is_synthetic, dimension
    )
    -- A dimension that a roster never states says nothing; it is left out instead of shown as all not stated.
    qualify base_n > n_not_stated
    order by all
"""

# A partnership names several countries, so these shares do not add to 1. A country counts once however many sources
# name it; the claims themselves stay apart in the bridge.
COUNTRIES = """
    with roster as (
        select programme_code, family, edition_id, fiscal_year, stage_code, is_synthetic, count(*) as base_n
        from marts.fct_programme_participation group by all
    ),
    named as (
        select 'target_country' as dimension, partnership_edition_id as edition_id, partnership_code, country_code
        from marts.bridge_partnership_target
        union
        select 'member_country', partnership.edition_id, partnership_code, member.country_code
        from marts.bridge_partnership_member as member
        join marts.fct_partnership as partnership using (partnership_code)
    ),
    told as (
        select dimension, edition_id, count(distinct partnership_code) as n_told
        from named where country_code is not null group by all
    ),
    counts as (
        select dimension, edition_id, country_code as category, count(*) as numerator
        from named where country_code is not null group by all
    )
    select roster.*, edition.edition, edition.title, dimension, category, null as status_code, numerator,
           base_n - n_told as n_not_stated
    from roster
    join counts using (edition_id)
    join told using (edition_id, dimension)
    join marts.dim_edition as edition using (edition_id)
    order by all
"""


def programme_participation(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Counts and shares for every roster edition of the warehouse."""
    totals = published_totals(connection, "roster_rows")
    by_category = published_totals(connection, "roster_category")
    counts = fetch_rows(connection, COUNTS) + fetch_rows(connection, COUNTRIES)
    return TABLE.to_arrow(_row(row, totals, by_category) for row in counts)


def _row(counts: Row, totals: dict[Key, PublishedTotal], by_category: dict[Key, PublishedTotal]) -> Row:
    roster_key = (counts["family"], counts["edition"], counts["stage_code"] or "")
    total = totals.get(roster_key)
    topic = {column.name: counts[column.name] for column in TABLE.topic if column.name in counts}
    stage = f" ({counts['stage_code']})" if counts["stage_code"] else ""
    roster = f"{counts['title']}{stage}"
    is_whole = counts["dimension"] == "all"
    printed = by_category.get((*roster_key[:2], f"{roster_key[2]}/{counts['category']}"))
    if counts["dimension"] not in PRINTED_DIMENSIONS:
        printed = None
    sources = " | ".join(found.cited_source for found in (total, printed) if found)
    return (
        topic
        | share_columns(_share(counts, total, reasons_without_total("roster_rows").get(roster_key)))
        | {
            "estimate_id": estimate_id(
                TABLE.name, counts["programme_code"], counts["edition_id"], counts["fiscal_year"],
                counts["stage_code"], counts["dimension"], counts["category"], counts["status_code"],
                "synthetic" if counts["is_synthetic"] else None,
            ),
            "published_total": total.lowest if total else None,
            "published_total_highest": total.highest if total else None,
            "published_n": printed.lowest if printed else None,
            "n_missing": total.lowest - counts["base_n"] if total else None,
            "statistic": "known_share" if is_whole else "participation_share",
            "domain": "all" if not counts["status_code"] else f"status {counts['status_code']}",
            "numerator": counts["numerator"],
            "base_n": (total.lowest if total and total.is_single else None) if is_whole else counts["base_n"],
            "base": f"published total of {roster}" if is_whole else f"rows known to us of {roster}",
            "method": KNOWN_TEXT if is_whole else SHARE_TEXT,
            "method_version": METHOD_VERSION,
            "is_synthetic": counts["is_synthetic"],
            "is_by_construction": False,
            "cited_source": sources or None,
        }
    )  # fmt: skip


KNOWN_TEXT = (
    "rows known to us / published total; complete count of the rows, so no confidence interval; where published "
    "totals differ, the bounds are taken over the highest and the lowest"
)
SHARE_TEXT = (
    "rows of the category / rows known to us; bounds: over the published total (the highest, where they differ), with "
    "missing and not stated rows counted against and for the category; not a sample, so no confidence interval"
)
PRINTED_DIMENSIONS = ("status", "target_country")
NO_TOTAL = "no published total covers these rows"


def _share(counts: Row, total: PublishedTotal | None, reason: str | None) -> Share:
    is_whole = counts["dimension"] == "all"
    if total is None:
        share = complete_share(counts["numerator"], counts["base_n"])
        because = f"{NO_TOTAL}: {reason or 'how many are missing is not known'}"
        value = None if is_whole else share.value
        return Share(value, interval_method="none (total not published)", null_reason=because)
    if counts["base_n"] > total.highest:
        because = f"{counts['base_n']} rows known to us are more than the published total of {total.highest}"
        return Share(None, null_reason=because)
    if is_whole:
        return _known_share(counts["numerator"], total)
    # The bounds over a lower total lie inside those over the highest: more rows missing can only widen them.
    missing = total.highest - counts["base_n"]
    is_residual = counts["category"] == "not_stated"
    unknown = missing if is_residual else missing + counts["n_not_stated"]
    return bounded_share(counts["numerator"], counts["base_n"], unknown, total.highest)


def _known_share(known: int, total: PublishedTotal) -> Share:
    if total.is_single:
        return complete_share(known, total.lowest)
    because = f"the published totals differ, from {total.lowest} to {total.highest}"
    return Share(None, known / total.highest, min(1.0, known / total.lowest), BOUNDS, null_reason=because)
