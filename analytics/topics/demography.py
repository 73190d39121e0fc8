"""`stats.entry_share`: how what one edition lists came in since an earlier one, per ordered pair of editions.

Belongs here: the shares over `marts.fct_cluster_entry`. What became of those at risk is in ``survival``; how a cluster
came in is decided in the marts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from analytics.estimate import Column, Row, estimate_id, estimate_table, fetch_rows, share_columns
from analytics.followed_spell import KINDS
from analytics.published_base import BY_CONSTRUCTION, editions_by_construction
from analytics.statistics.share import Share, annual_equivalent, bounded_share, complete_share
from analytics.topics.survival import rosters_in_part

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "1"

TABLE = estimate_table(
    "entry_share",
    "One row per family, ordered pair of editions, domain and statistic: shares of the units listed in the later one.",
    (
        Column("family", "string", "Series of editions the pair belongs to."),
        Column("from_edition_id", "string", "Earlier edition, with which the later one is compared."),
        Column("to_edition_id", "string", "Edition whose listed units are the base."),
        Column("years", "double", "Years between the reference dates of the two editions."),
        Column("is_adjacent", "bool", "True when no edition of the family lies between the two."),
        Column("is_scope_changed", "bool", "True when the two cards state different scope rules; see the marts."),
        Column("unit_kind", "string", "Kind of unit; null for all kinds together."),
        Column("n_entries", "int64", "Units of the base that did not continue from the earlier edition."),
        Column("n_unknown", "int64", "Entries of which nothing says how they came in."),
    ),
)

RESTRUCTURED = ("by_merger", "by_take_over", "by_break_up", "by_split_off", "by_joint_venture")
# statistic -> (ways of entry counted, definition)
SHARES: dict[str, tuple[tuple[str, ...], str]] = {
    "birth_share": (("birth",), "births (founded in between, or back after more than two years) / units listed"),
    "late_discovery_share": (("late_discovery",), "founded before the earlier edition, first listed after it / listed"),
    "restructured_entry_share": (
        RESTRUCTURED,
        "made by merger, take-over, break-up, split-off or joint venture / listed",
    ),
    "reactivation_share": (("reactivation",), "dormant at the earlier edition, back within two years / units listed"),
    "relisted_share": (("relisted",), "left out by the earlier edition, listed by an older one / units listed"),
    "scope_entry_share": (("scope_entry",), "came into the scope of the list, as an event says / units listed"),
}
BOUNDS_TEXT = "bounds: every unknown entry counted against and for; those founded and gone in between are not seen"
NOTHING_KNOWN = "of no entry is it known how it came in"

COUNTS = """
    select entry.family, from_edition_id, to_edition_id, edition.title, edition.edition as to_edition,
           entry.is_synthetic, is_adjacent, is_scope_changed, years,
           grouping(unit_kind) = 0 as is_by_kind, unit_kind,
           count(*) as base_n, count(*) filter (where entry_code <> 'continued') as n_entries,
           histogram(entry_code) as entries, list(distinct unit_kind order by unit_kind) as units
    from marts.fct_cluster_entry as entry
    join marts.dim_edition as edition on edition.edition_id = entry.to_edition_id
    group by grouping sets (
        (entry.family, from_edition_id, to_edition_id, edition.title, edition.edition, entry.is_synthetic, is_adjacent,
         is_scope_changed, years),
        (entry.family, from_edition_id, to_edition_id, edition.title, edition.edition, entry.is_synthetic, is_adjacent,
         is_scope_changed, years, unit_kind)
    )
    order by all
"""


def entry_share(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """All shares of all pairs; synthetic and real units never share a base."""
    unsure = rosters_in_part(connection)
    constructed = editions_by_construction(connection)
    domains = fetch_rows(connection, COUNTS)
    return TABLE.to_arrow(row for counts in domains for row in _rows_of_domain(counts, unsure, constructed))


def _rows_of_domain(counts: Row, unsure: dict[str, str], constructed: frozenset[str]) -> Iterator[Row]:
    entries: dict[str, int] = dict(counts["entries"])
    base_n, unknown = counts["base_n"], entries.get("unknown", 0)
    shared = _subject(counts, constructed) | {"base_n": base_n, "n_unknown": unknown}
    doubt = _doubt(counts, unknown, unsure)
    for statistic, (codes, words) in SHARES.items():
        numerator = sum(entries.get(code, 0) for code in codes)
        share = bounded_share(numerator, base_n, unknown)
        if doubt:
            share = replace(share, value=None, null_reason=doubt)
        yield _row(shared, share, statistic, numerator, f"{words}; {BOUNDS_TEXT}")
        if statistic == "birth_share":
            yield _row(shared, _annual(share, counts["years"]), "annual_equivalent_birth", numerator, ANNUAL_TEXT)
    yield _row(shared, complete_share(unknown, base_n), "unknown_entry_share", unknown, "unknown / units listed")


ANNUAL_TEXT = f"1 - (1 - birth_share) ^ (1 / years); {BOUNDS_TEXT}"


def _annual(share: Share, years: float) -> Share:
    """The constant yearly share of births that adds up to a share over several years."""
    values = []
    for value in (share.value, share.lower, share.upper):
        kept = None if value is None else annual_equivalent(1 - value, years)
        values.append(None if kept is None else 1 - kept)
    reason = share.null_reason or (None if values[0] is not None else "no time between the two editions")
    return replace(share, value=values[0], lower=values[1], upper=values[2], null_reason=reason)


def _doubt(counts: Row, unknown: int, unsure: dict[str, str]) -> str | None:
    """Why there is no value although there are bounds: not to be in a list known in part says nothing."""
    if counts["to_edition_id"] in unsure:
        return unsure[counts["to_edition_id"]]
    if counts["from_edition_id"] in unsure:
        return unsure[counts["from_edition_id"]].replace("later", "earlier")
    return NOTHING_KNOWN if unknown and unknown == counts["n_entries"] else None


def _row(shared: Row, share: Share, statistic: str, numerator: int, method: str) -> Row:
    before, after = shared["from_edition_id"], str(shared["to_edition_id"]).rpartition("/")[2]
    origin = "synthetic" if shared["is_synthetic"] else None
    key = estimate_id(TABLE.name, before, after, shared["domain"], statistic, origin)
    named = {"estimate_id": key, "statistic": statistic, "numerator": numerator, "method": method}
    return shared | share_columns(share) | named


def _subject(counts: Row, constructed: frozenset[str]) -> Row:
    units = " and ".join(KINDS.get(kind, kind) for kind in counts["units"])
    met = BY_CONSTRUCTION if counts["is_synthetic"] and counts["to_edition_id"] in constructed else ""
    return {column.name: counts[column.name] for column in TABLE.topic if column.name in counts} | {
        "domain": f"unit kind {counts['unit_kind']}" if counts["is_by_kind"] else "all",
        "base": f"{units} listed in {counts['title']}{met}",
        "method_version": METHOD_VERSION,
        "is_synthetic": counts["is_synthetic"],
        "is_by_construction": False,
    }
