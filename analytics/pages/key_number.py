"""The first screen: a handful of numbers, each with its base and its place on the page. All come from tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.pages.number_format import number_range, percent, percent_range, words

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class KeyNumber:
    """A number as text, what it is, its base, and the anchor of its table. Never a number from synthetic rows."""

    text: str
    label: str
    base: str
    anchor: str


def key_numbers(connection: duckdb.DuckDBPyConnection) -> list[KeyNumber]:
    """What the page is opened for: survivors, entrants, programme coverage, agreement of figures, open work."""
    return [
        *_bounds(connection),
        *_survival(connection),
        *_programmes(connection),
        *_agreement(connection),
    ]


def _bounds(connection: duckdb.DuckDBPyConnection) -> list[KeyNumber]:
    labels = {"surviving_organisations": "organisations in both", "new_entrants": "organisations new"}
    query = """
        select * from stats.mapping_bound
        where statistic in ('surviving_organisations', 'new_entrants') and to_edition_id in (
            select max_by(edition_id, reference_date) from marts.dim_edition group by family
        )
        order by family, from_edition_id desc, statistic desc
        limit 2
    """
    return [
        KeyNumber(
            # New entrants are read as a minimum: their upper end only says that nobody need have stayed.
            number_range(row["lower"], None if row["statistic"] == "new_entrants" else row["upper"]),
            f"{labels[row['statistic']]}, {words(row['family'])} {_pair(row)}",
            f"all that the published totals of {row['from_total']} and {row['to_total']} allow",
            "survival",
        )
        for row in fetch_rows(connection, query)
    ]


def _survival(connection: duckdb.DuckDBPyConnection) -> list[KeyNumber]:
    query = """
        select survival.* from stats.survival_share as survival
        join marts.dim_edition as edition on edition.edition_id = survival.to_edition_id
        where statistic = 'stock_survival_share' and domain = 'all' and is_adjacent and edition.is_newest
          and edition.kind = 'organisation_list' and base_n >= 10 and not survival.is_synthetic
        order by survival.base_n desc, survival.family
        limit 1
    """
    return [
        KeyNumber(
            percent(row["value"], row["base_n"]),
            f"of those listed survived, {words(row['family'])} {_pair(row)}",
            f"{row['numerator']} of {row['base_n']}; {row['n_unknown']} unknown, range "
            f"{percent_range(row['lower'], row['upper'], row['base_n'])}",
            "survival",
        )
        for row in fetch_rows(connection, query)
    ]


def _programmes(connection: duckdb.DuckDBPyConnection) -> list[KeyNumber]:
    # Of the rosters that name foreign partners, the one with the most known rows: what the page is asked for most.
    query = """
        select part.*, edition.title from stats.programme_participation as part
        join marts.dim_edition as edition using (edition_id)
        where dimension = 'all' and published_total = published_total_highest and n_missing >= 0
          and not part.is_synthetic and edition_id in (
            select edition_id from stats.programme_participation where dimension = 'partner_country'
        )
        order by numerator desc, value desc, edition_id
        limit 1
    """
    return [
        KeyNumber(
            f"{row['numerator'] - row['n_inferred']} of {row['published_total']}",
            f"entries named by a source: {row['title']}",
            f"{row['numerator'] - row['n_inferred']} named and {row['n_inferred']} inferred of "
            f"{row['published_total']}, the published total",
            "participation",
        )
        for row in fetch_rows(connection, query)
    ]


def _agreement(connection: duckdb.DuckDBPyConnection) -> list[KeyNumber]:
    query = """
        select control.*,
               (select count(*) from reports.rpt_source_conflict where severity <> 'info') as n_conflict,
               (select count(*) from reports.rpt_source_conflict where severity = 'info') as n_info,
               (select count(*) from reports.rpt_source_conflict where severity = 'high') as n_high,
               (select count(*) from reports.rpt_unresolved_mention) as n_unresolved,
               (select count(*) from marts.dim_source) as n_source,
               (select coalesce(sum(rows_read), 0) from reports.rpt_row_account) as n_row,
               (select coalesce(sum(rows_read), 0) from marts.dim_source where is_synthetic) as n_synthetic_row
        from (
            select count(*) filter (where basis = 'rows') as n_rows,
                   count(*) filter (where basis = 'rows' and status = 'fail') as n_rows_fail,
                   count(*) filter (where basis = 'published') as n_published,
                   count(*) filter (where basis = 'published' and status = 'fail') as n_published_fail,
                   count(*) filter (where basis = 'by_construction') as n_construction
            from reports.rpt_control_gap
        ) as control
    """
    row = fetch_rows(connection, query)[0]
    return [
        KeyNumber(
            f"{row['n_rows_fail'] + row['n_published_fail']} of {row['n_rows'] + row['n_published']}",
            "control figures do not agree",
            f"{row['n_rows_fail']} of {row['n_rows']} counted from our rows; {row['n_published_fail']} of "
            f"{row['n_published']} between published figures; {row['n_construction']} more met by construction only",
            "control",
        ),
        KeyNumber(
            str(row["n_conflict"]),
            "contradictions between sources on record",
            f"{row['n_high']} of high severity; both claims kept; {row['n_info']} comparisons without contradiction "
            "are not counted",
            "control",
        ),
        KeyNumber(
            str(row["n_unresolved"]),
            "names not placed",
            "each with its reason: undecided, or nobody could identify it",
            "unresolved-mentions",
        ),
        KeyNumber(
            f"{row['n_row'] - row['n_synthetic_row']:,.0f}",
            "rows read from real sources",
            f"of {row['n_row']:,.0f} from {row['n_source']} source editions; "
            f"{row['n_synthetic_row']:,.0f} are synthetic",
            "source",
        ),
    ]


def _pair(row: Row) -> str:
    editions = (str(row[name]).rpartition("/")[2] for name in ("from_edition_id", "to_edition_id"))
    return " to ".join(editions)
