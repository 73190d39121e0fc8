"""`stats.duration_test`: whether clusters of different kinds, sectors or programmes leave at different rates.

Belongs here: which groups are compared and the rows. The arithmetic is in ``analytics.statistics.log_rank``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analytics.estimate import Column, Row, StatTable, series_words
from analytics.followed_spell import CLOCKS, EXITS, Spell, Times, count_unknown, kind_words, read_spells, times_on

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "2"
# The large-sample p value needs about this many expected exits in every group; below it only the exact one is given.
ENOUGH_EXPECTED = 5.0
NOT_NAMED = "none"

TABLE = StatTable(
    "duration_test",
    "One row per family, clock, kind of exit and grouping: log-rank test that all groups leave at the same rate.",
    (
        Column("family", "string", "Series of editions in which the clusters were followed."),
        Column("clock", "string", "`since_listing` or `since_founding`; the latter with delayed entry."),
        Column("exit_kind", "string", "`death`, or `closure`: a death, merger, absorption or break-up."),
        Column("grouping", "string", "What the groups are: `sector`, `programme` or `unit_kind`."),
        Column("n_units", "int64", "Spells compared; those without a group are left out."),
        Column("n_not_stated", "int64", "Spells left out because their group is not stated."),
        Column("n_groups", "int64", "Groups compared."),
        Column("n_exits", "int64", "Known exits among the spells compared."),
        Column("n_provisional", "int64", "Of these, exits of which two years have not been observed: may be undone."),
        Column("n_unknown", "int64", "Clusters of these groups of which nothing is known since their last listing."),
        Column("groups", "string", "Per group: spells, exits, and exits expected if all groups were alike."),
        Column("statistic", "double", "Log-rank chi-squared with hypergeometric variance. Null when undefined."),
        Column("df", "int64", "Degrees of freedom: groups ever at risk at an exit, less one."),
        Column("p_value", "double", "Large-sample p value. Null where a group is too small for it; see `reason`."),
        Column(
            "exact_p_value",
            "double",
            "P value from dealing the group names anew; holds for small samples if the groups were listed and lost "
            "from sight alike.",
        ),
        Column("exact_method", "string", "`exact` (all labellings) or `Monte Carlo` (drawn ones, fixed seed)."),
        Column("exact_outcomes", "int64", "Labellings listed or drawn for `exact_p_value`."),
        Column("exact_standard_error", "double", "Simulation error of `exact_p_value`. Null when exact."),
        Column("base", "string", "Who is compared, in words."),
        Column("reason", "string", "Why there is no test, or how far it can be trusted; null otherwise."),
        Column("method_version", "string", "Version of the method; it changes whenever numbers would."),
        Column("is_synthetic", "bool", "True when the clusters were made up. Synthetic and real are never mixed."),
    ),
    ("family", "is_synthetic", "clock", "exit_kind", "grouping"),
)


def duration_test(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Every grouping of every family; a test that is undefined has its reason."""
    return TABLE.to_arrow(_rows(read_spells(connection)))


def _rows(families: dict[tuple[str, bool], list[Spell]]) -> Iterator[Row]:
    for (family, is_synthetic), spells in families.items():
        for grouping in ("sector", "programme", "unit_kind"):
            stated = [spell for spell in spells if _group(spell, grouping) is not None]
            for clock in CLOCKS:
                for exit_kind, (words, _) in EXITS.items():
                    times = times_on(stated, clock, exit_kind)
                    yield {
                        "family": family,
                        "clock": clock,
                        "exit_kind": exit_kind,
                        "grouping": grouping,
                        "n_units": len(times.left),
                        "n_not_stated": len(spells) - len(stated),
                        "n_exits": sum(times.is_exit),
                        "n_provisional": times.n_provisional,
                        "n_unknown": count_unknown(stated),
                        "base": f"{kind_words(spells)} from their first listing in {series_words(family)} on; exits "
                        f"are {words}, at the middle of their days; {CLOCKS[clock]}; unknown outcomes are censored",
                        "method_version": METHOD_VERSION,
                        "is_synthetic": is_synthetic,
                    } | _tested(times, [str(_group(spell, grouping)) for spell in times.spells])


def _group(spell: Spell, grouping: str) -> str | None:
    """The group of a spell. Not to be named by a programme is a group; not to have a stated sector is none."""
    if grouping == "programme":
        return spell.programme or NOT_NAMED
    return spell.sector if grouping == "sector" else spell.unit_kind


def _tested(times: Times, groups: list[str]) -> Row:
    from analytics.statistics.log_rank import log_rank, log_rank_permutation

    names = sorted(set(groups))
    found: Row = {"n_groups": len(names)}
    if len(names) < 2:
        return found | {"reason": "only one group" if names else "nobody was followed on this clock"}
    if not any(times.is_exit):
        return found | {"reason": "no exit is known"}
    ends, is_exit = times.middle, times.is_exit
    test = log_rank(ends, is_exit, groups, entry=times.entry)
    found["groups"] = "; ".join(
        f"{name}: {groups.count(name)} spells, {observed:.0f} exits, {expected:.2f} expected"
        for name, observed, expected in zip(names, test.observed, test.expected, strict=True)
    )
    found |= {"statistic": test.statistic, "df": test.df, "p_value": test.p_value, "reason": test.reason}
    least = float(test.expected[test.expected > 0].min())
    if test.statistic is not None and least < ENOUGH_EXPECTED:
        # A large-sample value of 0.000004 beside an exact one of 0.2 would be read as a finding.
        found["p_value"] = None
        found["reason"] = f"a group expects only {least:.2f} exits, too few for p_value: see exact_p_value"
    exact = log_rank_permutation(ends, is_exit, groups, entry=times.entry)
    return found | {
        "exact_p_value": exact.p_value,
        "exact_method": exact.method,
        "exact_outcomes": exact.n_outcomes if exact.method else None,
        "exact_standard_error": exact.standard_error,
    }
