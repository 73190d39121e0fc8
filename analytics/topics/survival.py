"""`stats.survival_share`: what became of everything listed in one edition by a later one, per ordered pair.

Belongs here: the shares of domain.md over `marts.fct_cluster_survival`. The outcome itself is decided in the marts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analytics.estimate import Column, Row, estimate_id, estimate_table, fetch_rows, share_columns
from analytics.followed_spell import KINDS
from analytics.published_base import BY_CONSTRUCTION, PublishedTotal, editions_by_construction, published_totals
from analytics.statistics.share import Share, annual_equivalent, bounded_share, complete_share

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "4"
COHORT_YEARS = 5
SMALL_ROSTER = 10

TABLE = estimate_table(
    "survival_share",
    "One row per family, ordered pair of editions, domain, statistic and outcome: shares of the units at risk.",
    (
        Column("family", "string", "Series of editions the pair belongs to."),
        Column("from_edition_id", "string", "Edition in which the units were listed (at risk)."),
        Column("to_edition_id", "string", "Later edition at which the outcome is taken."),
        Column("years", "double", "Years between the reference dates of the two editions."),
        Column("is_adjacent", "bool", "True when no edition of the family lies between the two."),
        Column("sector_code", "string", "Sector at the first edition; null for all sectors together or not stated."),
        Column("unit_kind", "string", "Kind of unit; null for all kinds together."),
        Column("is_scope_changed", "bool", "True when the two cards state different scope rules; see the marts."),
        Column("founded_from", "int64", "First founding year of the cohort; null when all founding years count."),
        Column("founded_to", "int64", "Last founding year of the cohort; null when all founding years count."),
        Column("outcome_code", "string", "Outcome counted, for `outcome_share`; null for the combined shares."),
        Column("n_unknown", "int64", "Units of the base whose outcome is unknown."),
        Column("n_provisional", "int64", "Exits in the base that are provisional: less than two years old at the end."),
    ),
)

SURVIVED = ("survived_unchanged", "survived_changed", "survived_by_takeover")
OUTCOMES = (*SURVIVED, "merged", "absorbed", "broken_up", "died", "out_of_scope", "unknown")
# statistic -> (outcomes counted, definition)
SHARES: dict[str, tuple[tuple[str, ...], str]] = {
    "stock_survival_share": (SURVIVED, "the three survived outcomes / units at risk"),
    "death_share": (("died",), "died / units at risk"),
    "restructured_share": (("merged", "absorbed", "broken_up"), "merged, absorbed or broken up / units at risk"),
    "out_of_scope_share": (("out_of_scope",), "out of scope / units at risk"),
}

# share -> its yearly equivalent; a share of those that stay is kept every year, a share of those that go is lost
ANNUAL = {
    "stock_survival_share": "annual_equivalent_survival",
    "cohort_survival_share": "annual_equivalent_cohort_survival",
    "death_share": "annual_equivalent_death",
    "restructured_share": "annual_equivalent_restructured",
    "out_of_scope_share": "annual_equivalent_out_of_scope",
}

# The grouping sets are the kinds of domain; histogram keeps the nine outcomes of a domain in one row.
COUNTS = """
    with at_risk as (
        select survival.*, edition.title as from_title, edition.edition as from_edition, target.edition as to_edition,
               case when survival.founded_year <= year(edition.reference_date)
                    then survival.founded_year - (survival.founded_year - 1) % $cohort_years end as founded_from,
               year(edition.reference_date) as from_year
        from marts.fct_cluster_survival as survival
        join marts.dim_edition as edition on edition.edition_id = survival.from_edition_id
        join marts.dim_edition as target on target.edition_id = survival.to_edition_id
        where survival.is_at_risk
    )
    select family, from_edition_id, to_edition_id, from_title, from_edition, to_edition, is_synthetic, is_adjacent,
           is_scope_changed, years,
           grouping(unit_kind) = 0 as is_by_kind, unit_kind,
           grouping(sector_code) = 0 as is_by_sector, sector_code,
           grouping(founded_from) = 0 as is_by_cohort, founded_from,
           least(founded_from + $cohort_years - 1, from_year) as founded_to,
           count(*) as base_n, histogram(outcome_code) as outcomes,
           count(*) filter (where is_provisional) as n_provisional, list(distinct unit_kind order by unit_kind) as units
    from at_risk
    group by grouping sets (
        (family, from_edition_id, to_edition_id, from_title, from_edition, to_edition, is_synthetic, is_adjacent,
         is_scope_changed, years, from_year),
        (family, from_edition_id, to_edition_id, from_title, from_edition, to_edition, is_synthetic, is_adjacent,
         is_scope_changed, years, from_year, unit_kind),
        (family, from_edition_id, to_edition_id, from_title, from_edition, to_edition, is_synthetic, is_adjacent,
         is_scope_changed, years, from_year, sector_code),
        (family, from_edition_id, to_edition_id, from_title, from_edition, to_edition, is_synthetic, is_adjacent,
         is_scope_changed, years, from_year, founded_from)
    )
    order by all
"""


# Rows and stages of every roster; an organisation list is taken as complete by its scope rule.
ROSTERS = """
    select edition.edition_id, edition.family, edition.edition, coalesce(part.stage_code, '') as part,
           count(part.edition_id) as n_rows
    from marts.dim_edition as edition
    left join marts.fct_programme_participation as part using (edition_id)
    where edition.kind = 'programme_roster'
    group by all
    order by all
"""
KNOWN_IN_PART = "the later roster is known only in part"
TOO_SMALL = f"the later roster holds fewer than {SMALL_ROSTER} rows"


def survival_share(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """All shares of all pairs; synthetic and real units never share a base."""
    domains = fetch_rows(connection, COUNTS, {"cohort_years": COHORT_YEARS})
    unsure = rosters_in_part(connection)
    constructed = editions_by_construction(connection)
    return TABLE.to_arrow(row for counts in domains for row in _rows_of_domain(counts, unsure, constructed))


def rosters_in_part(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Roster editions that cannot show that an entry is gone, with the reason."""
    totals = published_totals(connection, "roster_rows")
    sizes: dict[str, int] = {}
    reasons: dict[str, str] = {}
    for row in fetch_rows(connection, ROSTERS):
        sizes[row["edition_id"]] = sizes.get(row["edition_id"], 0) + row["n_rows"]
        if _is_in_part(row["n_rows"], totals.get((row["family"], row["edition"], row["part"]))):
            reasons[row["edition_id"]] = KNOWN_IN_PART
    return {edition: TOO_SMALL for edition, size in sizes.items() if size < SMALL_ROSTER} | reasons


def _is_in_part(known: int, total: PublishedTotal | None) -> bool:
    return total is None or known < total.highest


def _rows_of_domain(counts: Row, unsure: dict[str, str], constructed: frozenset[str]) -> Iterator[Row]:
    outcomes: dict[str, int] = dict(counts["outcomes"])
    unknown, base_n = outcomes.get("unknown", 0), counts["base_n"]
    doubt = unsure.get(counts["to_edition_id"])
    shared = _subject(counts, constructed) | {"base_n": base_n, "n_unknown": unknown}
    definitions = SHARES
    if counts["is_by_cohort"]:
        if counts["founded_from"] is None:
            return
        definitions = {"cohort_survival_share": SHARES["stock_survival_share"]}
    for statistic, definition in definitions.items():
        combined = _combined(statistic, definition, outcomes, shared, doubt)
        yield combined
        yield _annual(combined, counts["years"])
    if counts["is_by_cohort"]:
        return
    unknown_share = complete_share(unknown, base_n)
    yield shared | share_columns(unknown_share) | _named(shared, "unknown_share", None, unknown, UNKNOWN_TEXT)
    for code in OUTCOMES:
        numerator = outcomes.get(code, 0)
        share = complete_share(numerator, base_n) if code == "unknown" else bounded_share(numerator, base_n, unknown)
        method = UNKNOWN_TEXT if code == "unknown" else f"{code} / units at risk; {BOUNDS_TEXT}"
        yield shared | share_columns(_doubted(share, doubt)) | _named(shared, "outcome_share", code, numerator, method)


UNKNOWN_TEXT = "unknown / units at risk"
BOUNDS_TEXT = "bounds: every unknown outcome counted against and for; no sampling, so no confidence interval"


def _doubted(share: Share, doubt: str | None) -> Share:
    """The share without its value where not being found says nothing; the bounds hold all the same."""
    return share if doubt is None else replace(share, value=None, null_reason=doubt)


def _combined(
    statistic: str, definition: tuple[tuple[str, ...], str], outcomes: dict[str, int], shared: Row, doubt: str | None
) -> Row:
    codes, words = definition
    numerator = sum(outcomes.get(code, 0) for code in codes)
    share = _doubted(bounded_share(numerator, shared["base_n"], shared["n_unknown"]), doubt)
    return shared | share_columns(share) | _named(shared, statistic, None, numerator, f"{words}; {BOUNDS_TEXT}")


def _annual(share: Row, years: float) -> Row:
    """A share and its bounds as a constant yearly share, for pairs of unequal gaps."""
    statistic, is_kept = share["statistic"], share["statistic"].endswith("survival_share")
    ends = {name: _yearly(share[name], years, is_kept=is_kept) for name in ("value", "lower", "upper")}
    reason = share["null_reason"] or (None if ends["value"] is not None else "no time between the two editions")
    words = f"{statistic} ^ (1 / years)" if is_kept else f"1 - (1 - {statistic}) ^ (1 / years): {OTHERS_STAY}"
    named = _named(share, ANNUAL[statistic], None, share["numerator"], f"{words}; {BOUNDS_TEXT}")
    return share | ends | named | {"null_reason": reason}


OTHERS_STAY = "the yearly share if nobody left in another way"


def _yearly(share: float | None, years: float, *, is_kept: bool) -> float | None:
    if share is None or is_kept:
        return annual_equivalent(share, years)
    kept = annual_equivalent(1 - share, years)
    return None if kept is None else 1 - kept


def _named(shared: Row, statistic: str, outcome: str | None, numerator: int, method: str) -> Row:
    subject = (shared["from_edition_id"], str(shared["to_edition_id"]).rpartition("/")[2], shared["domain"])
    origin = "synthetic" if shared["is_synthetic"] else None
    return {
        "estimate_id": estimate_id(TABLE.name, *subject, statistic, outcome, origin),
        "statistic": statistic,
        "outcome_code": outcome,
        "numerator": numerator,
        "method": method,
    }


def _subject(counts: Row, constructed: frozenset[str]) -> dict[str, Any]:
    domain, base_suffix = "all", ""
    if counts["is_by_sector"]:
        domain = f"sector {counts['sector_code'] or 'not stated'}"
        base_suffix = f", {domain}"
    if counts["is_by_kind"]:
        domain = f"unit kind {counts['unit_kind']}"
    if counts["is_by_cohort"]:
        domain = f"founded {counts['founded_from']}-{counts['founded_to']}"
        base_suffix = f", {domain} (those gone before that edition are not seen)"
    units = " and ".join(KINDS.get(unit, unit) for unit in counts["units"] if unit)
    met = BY_CONSTRUCTION if counts["is_synthetic"] and counts["from_edition_id"] in constructed else ""
    topic = {column.name: counts.get(column.name) for column in TABLE.topic if column.name in counts}
    if not counts["is_by_cohort"]:
        topic |= {"founded_from": None, "founded_to": None}
    return topic | {
        "domain": domain,
        "base": f"{units or 'units'} listed in {counts['from_title']}{met}{base_suffix}",
        "method_version": METHOD_VERSION,
        "is_synthetic": counts["is_synthetic"],
        "is_by_construction": False,
    }
