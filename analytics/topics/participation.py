"""`stats.programme_participation`: who takes part in which programme, per roster edition.

Belongs here: counts of roster rows by status, partner country, area, sector, strand and prefecture, and what the
missing rows can change. A roster we know only in part is never shown as if it were whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import Column, EstimateTable, Row, estimate_id, fetch_rows, series_words, share_columns
from analytics.published_base import PublishedTotal, published_totals
from analytics.statistics.share import Share, bounded_share, complete_share

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "1"

TABLE = EstimateTable(
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
        Column("published_total", "int64", "Rows that the publisher says the roster has; null when not published."),
        Column("n_missing", "int64", "Published total minus the rows known to us; null without a published total."),
        Column("n_not_stated", "int64", "Known rows for which the dimension is not stated."),
    ),
)

COUNTS = """
    with categories as (
        select programme_code, family, edition_id, fiscal_year, stage_code, is_synthetic,
               cut.dimension, cut.status_code,
               coalesce(cut.category, 'not_stated') as category
        from marts.fct_programme_participation,
        unnest([
            {'dimension': 'all', 'category': 'all', 'status_code': null},
            {'dimension': 'status', 'category': status_code, 'status_code': null},
            {'dimension': 'partner_country', 'category': partner_country_code, 'status_code': null},
            {'dimension': 'partner_country_by_status', 'category': partner_country_code, 'status_code': status_code},
            {'dimension': 'partner_area', 'category': partner_area, 'status_code': null},
            {'dimension': 'partner_in_eu', 'status_code': null, 'category':
                case when is_partner_in_eu then 'in_eu' when not is_partner_in_eu then 'not_in_eu' end},
            {'dimension': 'sector', 'category': sector_printed, 'status_code': null},
            {'dimension': 'strand', 'category': cast(strand as varchar), 'status_code': null},
            {'dimension': 'prefecture', 'category': jp_prefecture_code, 'status_code': null}
        ]) as unnested(cut)
    ),
    counts as (
        select *, count(*) as numerator from categories group by all
    )
    select counts.*, edition.edition,
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
    select roster.*, edition.edition, dimension, category, null as status_code, numerator,
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
    counts = fetch_rows(connection, COUNTS) + fetch_rows(connection, COUNTRIES)
    return TABLE.to_arrow(_row(row, totals) for row in counts)


def _row(counts: Row, totals: dict[tuple[str, str, str], PublishedTotal]) -> Row:
    total = totals.get((counts["family"], counts["edition"], counts["stage_code"] or ""))
    missing = total.value - counts["base_n"] if total else None
    topic = {column.name: counts[column.name] for column in TABLE.topic if column.name in counts}
    stage = f" ({counts['stage_code']})" if counts["stage_code"] else ""
    roster = f"{series_words(counts['family'])} {counts['edition']}{stage}"
    is_whole = counts["dimension"] == "all"
    return (
        topic
        | share_columns(_share(counts, total, missing))
        | {
            "estimate_id": estimate_id(
                TABLE.name, counts["programme_code"], counts["edition_id"], counts["fiscal_year"],
                counts["stage_code"], counts["dimension"], counts["category"], counts["status_code"],
                "synthetic" if counts["is_synthetic"] else None,
            ),
            "published_total": total.value if total else None,
            "n_missing": missing,
            "statistic": "known_share" if is_whole else "participation_share",
            "domain": "all" if not counts["status_code"] else f"status {counts['status_code']}",
            "numerator": counts["numerator"],
            "base_n": (total.value if total else None) if is_whole else counts["base_n"],
            "base": f"published total of {roster}" if is_whole else f"rows known to us of {roster}",
            "method": KNOWN_TEXT if is_whole else SHARE_TEXT,
            "method_version": METHOD_VERSION,
            "is_synthetic": counts["is_synthetic"],
            "is_by_construction": False,
            "cited_source": total.cited_source if total else None,
        }
    )  # fmt: skip


KNOWN_TEXT = "rows known to us / published total; complete count of the rows, so no confidence interval"
SHARE_TEXT = (
    "rows of the category / rows known to us; bounds: over the published total, with missing and not stated rows "
    "counted against and for the category; not a sample, so no confidence interval"
)


def _share(counts: Row, total: PublishedTotal | None, missing: int | None) -> Share:
    if missing is None or total is None:
        share = complete_share(counts["numerator"], counts["base_n"])
        reason = "no published total covers these rows: how many are missing is not known"
        value = None if counts["dimension"] == "all" else share.value
        return Share(value, interval_method="none (total not published)", null_reason=reason)
    if missing < 0:
        reason = f"{counts['base_n']} rows known to us are more than the published total of {total.value}"
        return Share(None, null_reason=reason)
    if counts["dimension"] == "all":
        return complete_share(counts["numerator"], total.value)
    is_residual = counts["category"] == "not_stated"
    unknown = missing if is_residual else missing + counts["n_not_stated"]
    return bounded_share(counts["numerator"], counts["base_n"], unknown, total.value)
