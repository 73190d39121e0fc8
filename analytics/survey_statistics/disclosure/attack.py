"""What an intruder knows: every printed number as an interval, and the sums that the keys alone imply.

Belongs here: the intruder's system of equations, built from printed rows only. Does not belong here: solving it
(``auditor``). It shares no code with the suppressor's ``relations``, on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from analytics.survey_statistics.disclosure.publication import (
    ANSWERED,
    ANSWERS,
    COUNT,
    MISSING,
    NOT_TICKED,
    OPTION,
    TICKED,
    Key,
    Printed,
)

EXACT = 1e-9


@dataclass
class Knowledge:
    """Intervals by key and the sums between keys, of one measure.

    ``floor``: the least that any number can be. ``rests``: keys made for what a sum has
    beside its listed parts.
    """

    measure: str
    floor: float = 0.0
    interval: dict[Key, tuple[float, float]] = field(default_factory=dict)
    places: dict[Key, str] = field(default_factory=dict)
    sums: list[tuple[Key, tuple[Key, ...]]] = field(default_factory=list)
    shares: list[tuple[Key, Key, float, float]] = field(default_factory=list)
    exempt: set[Key] = field(default_factory=set)
    rests: set[Key] = field(default_factory=set)
    contradictions: list[tuple[Key, str]] = field(default_factory=list)

    @cached_property
    def cap(self) -> float:
        """A number larger than any that could be meant: what has no bound is searched up to here."""
        ends = [abs(end) for pair in self.interval.values() for end in pair if abs(end) < float("inf")]
        return 10.0 * max(ends, default=0.0) + 1000.0

    def is_known(self, key: Key) -> bool:
        """Whether the number was printed exactly."""
        lower, upper = self.interval[key]
        return upper < float("inf") and upper - lower <= EXACT * max(1.0, abs(upper))


def gather(rows: Iterable[Printed], measure: str) -> Knowledge:
    """All that was printed of a measure; the same key in several places is the same number."""
    rows = [row for row in rows if row.measure == measure]
    infinite = float("inf")
    is_signed = measure != COUNT and any(row.lower is not None and row.lower < 0 for row in rows)
    floor = -infinite if is_signed else 0.0
    known = Knowledge(measure, floor)
    for row in rows:
        lower = floor if row.lower is None else row.lower
        upper = infinite if row.upper is None else row.upper
        before = known.interval.get(row.key, (floor, infinite))
        both = max(before[0], lower), min(before[1], upper)
        if both[0] > both[1] + EXACT * max(1.0, abs(both[0])):
            known.contradictions.append((row.key, f"{known.places[row.key]} and {row.place}"))
            both = before
        known.interval[row.key] = both
        if row.lower is not None or row.key not in known.places:
            known.places[row.key] = row.place
        if row.is_exempt:
            known.exempt.add(row.key)
        if row.share is not None and row.share_base is not None:
            half = 0.5 * 10.0**-row.digits if row.digits is not None else 1e-12
            known.shares.append((row.key, row.share_base, row.share - half, row.share + half))
    for _, share_base, _, _ in known.shares:
        known.interval.setdefault(share_base, (floor, infinite))
    return known


def add_sums(known: Knowledge, parents: Mapping[tuple[str, str], str], loose: frozenset[str] | None) -> None:
    """Add the sums of all keys and of what they imply.

    The intruder believes that the categories he sees are all there are, unless a sum of printed numbers shows that some
    are missing; ``loose`` names variables where he must not believe it (None: all).
    """
    floor = known.floor
    answered = {name for key in known.interval for name, category in key if category == ANSWERED}
    families: dict[tuple[Key, str], set[Key]] = {}
    waiting = list(known.interval)
    while waiting:
        key = waiting.pop()
        for number, (name, category) in enumerate(key):
            if category == ANSWERS:
                continue
            over = parents.get((name, category))
            if over is not None:
                step: tuple[tuple[str, str], ...] = ((name, over),)
            elif category == ANSWERED or category.startswith(MISSING):
                step = ()
            elif OPTION in name:
                step = ((name[: name.index(OPTION)], ANSWERED),)
            else:
                step = ((name, ANSWERED),) if name in answered else ()
            whole = tuple(sorted({*key[:number], *key[number + 1 :], *step}))
            families.setdefault((whole, name), set()).add(key)
            if whole not in known.interval:
                known.interval[whole] = (floor, float("inf"))
                waiting.append(whole)
    short = _short(known, families)
    for (whole, name), parts in sorted(families.items()):
        listed = tuple(sorted(parts))
        is_open = loose is None or name in loose or name in short or _is_half(listed, name)
        if is_open:
            rest = (*whole, (name, NOT_TICKED if OPTION in name else ""))
            known.rests.add(rest)
            known.interval.setdefault(rest, (floor, float("inf")))
            listed = (*listed, rest)
        known.sums.append((whole, listed))
    _add_ticks(known)


def _short(known: Knowledge, families: Mapping[tuple[Key, str], set[Key]]) -> set[str]:
    """Variables whose printed parts are fewer than the printed whole."""
    names = set()
    for (whole, name), parts in families.items():
        if known.is_known(whole) and all(known.is_known(part) for part in parts):
            total = known.interval[whole][0]
            if total - sum(known.interval[part][0] for part in parts) > 1e-7 * max(1.0, abs(total)):
                names.add(name)
    return names


def _is_half(parts: Sequence[Key], name: str) -> bool:
    """Whether only one side is listed: the ticked, or those who answered. The other side is there all the same."""
    sides = {category for key in parts for variable, category in key if variable == name}
    return sides in ({TICKED}, {NOT_TICKED}, {ANSWERED}) or all(side.startswith(MISSING) for side in sides)


def _add_ticks(known: Knowledge) -> None:
    """The number of ticks of a question is the sum over its options."""
    for key in sorted(known.interval):
        for name, category in key:
            if category != ANSWERS or key in known.rests:
                continue
            others = set(key) - {(name, category)}
            parts = [
                other
                for other in sorted(known.interval)
                if other not in known.rests
                and len(set(other) - others) == 1
                and others <= set(other)
                and all(v.startswith(name + OPTION) and c == TICKED for v, c in set(other) - others)
            ]
            if parts:
                known.sums.append((key, tuple(parts)))
