"""`stats.survival_curve`: how long clusters last once they are listed, by family, clock, kind of exit and domain.

Belongs here: which curves are drawn and their rows. The arithmetic is in ``analytics.statistics``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isnan
from typing import TYPE_CHECKING

from analytics.estimate import Column, Row, StatTable, series_words
from analytics.followed_spell import CLOCKS, EXITS, Spell, Times, count_unknown, kind_words, read_spells, times_on

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "2"
# A part of a family with fewer spells gets its reason instead of a curve.
FEWEST = 5

TABLE = StatTable(
    "survival_curve",
    "One row per family, clock, kind of exit, treatment of the unknown, domain, method and time: share still there.",
    (
        Column("family", "string", "Series of editions in which the clusters were followed."),
        Column("clock", "string", "`since_listing` or `since_founding`; the latter with delayed entry."),
        Column("exit_kind", "string", "`death`, or `closure`: a death, merger, absorption or break-up."),
        Column(
            "unknown_as",
            "string",
            "Clusters of which nothing is known: `censored`, or all `gone` by the edition that missed them, the most "
            "exits that there can be.",
        ),
        Column("domain", "string", "Part of the family the curve is about: `all`, or the group in words."),
        Column(
            "method", "string", "`kaplan_meier` (exits at the middle of their days) or `npmle` (interval-censored)."
        ),
        Column(
            "time_from", "double", "Years after which the step begins; less than `time` where only a span is known."
        ),
        Column("time", "double", "Years by which the step is complete. Null when beyond the last observation."),
        Column("n_units", "int64", "Spells behind the curve: those followed for some time on this clock."),
        Column("n_exits", "int64", "Exits behind the curve; with `gone` the assumed ones too."),
        Column("n_provisional", "int64", "Known exits of which two years have not been observed: they may be undone."),
        Column("n_unknown", "int64", "Clusters of the domain of which nothing is known since their last sign of life."),
        Column("n_risk", "int64", "Spells under observation just before `time`. Null for `npmle`."),
        Column("n_event", "int64", "Exits at `time`. Null for `npmle`."),
        Column("n_censored", "int64", "Spells censored at `time`. Null for `npmle`."),
        Column("survival", "double", "Share still there after `time`, 0 to 1. Null where it is not one number."),
        Column("std_error", "double", "Greenwood standard error of `survival`. Null for `npmle`."),
        Column("lower", "double", "Log-log interval; of `npmle` the lowest share that the data allow."),
        Column("upper", "double", "Log-log interval; of `npmle` the highest share that the data allow."),
        Column("plain_lower", "double", "Greenwood interval on the share itself, cut at 0. Null for `npmle`."),
        Column("plain_upper", "double", "Greenwood interval on the share itself, cut at 1. Null for `npmle`."),
        Column("interval_level", "double", "Confidence level of both intervals. Null for bounds."),
        Column("is_identified", "bool", "False where the data leave the curve open somewhere; `reason` says where."),
        Column("base", "string", "Who is followed, in words."),
        Column("reason", "string", "Why there is no curve, no interval or more than one; null otherwise."),
        Column("method_version", "string", "Version of the method; it changes whenever numbers would."),
        Column("is_synthetic", "bool", "True when the clusters were made up. Synthetic and real are never mixed."),
    ),
    ("family", "is_synthetic", "clock", "exit_kind", "unknown_as", "domain", "method", "time_from", "time"),
)
Domain = tuple[str, Callable[[Spell], bool]]


def survival_curve(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """All curves of all families; one row with a reason where there is none."""
    return TABLE.to_arrow(_rows(read_spells(connection)))


def _rows(families: dict[tuple[str, bool], list[Spell]]) -> Iterator[Row]:
    for (family, is_synthetic), spells in families.items():
        for domain, belongs in _domains(spells):
            members = [spell for spell in spells if belongs(spell)]
            for clock in CLOCKS:
                for exit_kind, (words, _) in EXITS.items():
                    # The worst case for a whole family; of its parts only what is known.
                    for unknown_as in ("censored", "gone") if domain == "all" else ("censored",):
                        shared = {
                            "family": family,
                            "clock": clock,
                            "exit_kind": exit_kind,
                            "unknown_as": unknown_as,
                            "domain": domain,
                            "base": f"{kind_words(members)} from their first listing in {series_words(family)} on; "
                            f"exits are {words}; {CLOCKS[clock]}",
                            "n_unknown": count_unknown(members),
                            "is_synthetic": is_synthetic,
                            "method_version": METHOD_VERSION,
                        }
                        times = times_on(members, clock, exit_kind, unknown_gone=unknown_as == "gone")
                        yield from (shared | row for row in _curves(times, len(members), unknown_as))


def _domains(spells: Sequence[Spell]) -> Iterator[Domain]:
    yield "all", lambda _: True
    for name, values in (
        ("unit kind", {spell.unit_kind for spell in spells}),
        ("sector", {spell.sector for spell in spells if spell.sector}),
        ("programme", {spell.programme for spell in spells if spell.programme}),
    ):
        # One group alone is the whole family again.
        if len(values) > 1:
            for value in sorted(values):
                yield f"{name} {value}", _belongs(name.replace(" ", "_"), value)


def _belongs(name: str, value: str) -> Callable[[Spell], bool]:
    return lambda spell: getattr(spell, name) == value


def _curves(times: Times, n_all: int, unknown_as: str) -> Iterator[Row]:
    """Both methods where there is something to estimate. Exits at a middle make no sense of a guessed exit."""
    reason = _refusal(times, n_all)
    methods = ("kaplan_meier", "npmle") if unknown_as == "censored" else ("npmle",)
    for method in methods:
        counted = {
            "method": method,
            "n_units": len(times.left),
            "n_exits": sum(times.is_exit),
            "n_provisional": times.n_provisional,
        }
        if reason:
            yield counted | {"is_identified": False, "reason": reason}
        else:
            steps = _kaplan_meier(times) if method == "kaplan_meier" else _npmle(times)
            yield from (counted | row for row in steps)


def _refusal(times: Times, n_all: int) -> str | None:
    followed = len(times.left)
    if followed < FEWEST:
        return f"fewer than {FEWEST} clusters were followed on this clock: {followed} of {n_all}"
    if not any(times.is_exit):
        return "no exit is known, so a curve would show certainty where there is no information"
    return None


def _kaplan_meier(times: Times) -> Iterator[Row]:
    from analytics.statistics.kaplan_meier import kaplan_meier

    curve = kaplan_meier(times.middle, times.is_exit, times.entry)
    for place, time in enumerate(curve.time.tolist()):
        lower = _number(curve.lower[place])
        known = "no exit so far" if curve.survival[place] == 1 else "nobody is left"
        missing = None if lower is not None else f"{known}, so there is no interval"
        yield {
            "time_from": time,
            "time": time,
            "n_risk": int(curve.n_risk[place]),
            "n_event": int(curve.n_event[place]),
            "n_censored": int(curve.n_censored[place]),
            "survival": _number(curve.survival[place]),
            "std_error": None if lower is None else _number(curve.std_error[place]),
            "lower": lower,
            "upper": _number(curve.upper[place]),
            "plain_lower": None if lower is None else _number(curve.plain_lower[place]),
            "plain_upper": None if lower is None else _number(curve.plain_upper[place]),
            "interval_level": None if lower is None else curve.level,
            "is_identified": curve.reason is None,
            "reason": "; ".join(part for part in (curve.reason, missing) if part) or None,
        }


def _npmle(times: Times) -> Iterator[Row]:
    from analytics.statistics.interval_censored import interval_censored_npmle

    curve = interval_censored_npmle(times.left, times.right, times.entry)
    for place, start in enumerate(curve.lower_ends.tolist()):
        low, high = float(curve.survival_low[place]), float(curve.survival_high[place])
        end = _number(curve.upper_ends[place])
        # The last mass may lie anywhere after the last observation: what is left then is not known.
        is_open = end is None
        is_one = not is_open and high - low < 1e-9
        yield {
            "time_from": start,
            "time": end,
            "survival": low if is_one else None,
            "lower": None if is_one or is_open else low,
            "upper": None if is_one or is_open else high,
            "is_identified": curve.is_identified,
            "reason": curve.reason if curve.converged else f"not converged: {curve.reason}",
        }


def _number(value: float) -> float | None:
    found = float(value)
    return None if isnan(found) or found == float("inf") else found
