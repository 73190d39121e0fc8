"""The intruder's arithmetic: how small and how large a hidden number can be, given all that is known.

Belongs here: bounds by linear and integer programming within one set of connected unknowns, and the combination of
printed numbers that gives a bound. Does not belong here: what of it breaks a rule (``auditor``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.survey_statistics.disclosure.attack import Knowledge
from analytics.survey_statistics.disclosure.publication import COUNT, Key, in_words

FloatArray = npt.NDArray[np.float64]
CLOSE = 1e-6
TERMS = 8


def components(known: Knowledge) -> list[Component]:
    """Sets of unknowns that hang together by sums or shares, in the order of their first key."""
    leader: dict[Key, Key] = {key: key for key in known.interval if not known.is_known(key)}

    def find(key: Key) -> Key:
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    links: list[tuple[Key, ...]] = [(whole, *parts) for whole, parts in known.sums]
    links += [(part, whole) for part, whole, _, _ in known.shares]
    for link in links:
        unknown = [key for key in link if key in leader]
        for key in unknown[1:]:
            one, other = sorted((find(unknown[0]), find(key)))
            leader[other] = one
    members: dict[Key, list[Key]] = defaultdict(list)
    for key in sorted(leader):
        members[find(key)].append(key)
    rows: dict[Key, list[tuple[Key, tuple[Key, ...]]]] = defaultdict(list)
    for whole, parts in known.sums:
        unknown = [key for key in (whole, *parts) if key in leader]
        if unknown:
            rows[find(unknown[0])].append((whole, parts))
    shares: dict[Key, list[tuple[Key, Key, float, float]]] = defaultdict(list)
    for share in known.shares:
        unknown = [key for key in share[:2] if key in leader]
        if unknown:
            shares[find(unknown[0])].append(share)
    return [Component(known, keys, rows[first], shares[first]) for first, keys in sorted(members.items())]


class Component:
    """Connected unknowns with their sums. Every table found on the way is kept: its numbers are all possible."""

    def __init__(
        self,
        known: Knowledge,
        keys: Sequence[Key],
        sums: Sequence[tuple[Key, tuple[Key, ...]]],
        shares: Sequence[tuple[Key, Key, float, float]],
    ) -> None:
        self.known = known
        self.keys = tuple(keys)
        self.sums = sums
        self.shares = shares
        self.at = {key: i for i, key in enumerate(keys)}
        self.is_whole = known.measure == COUNT
        self.smallest = np.full(len(keys), np.inf)
        self.largest = np.full(len(keys), -np.inf)

    @cached_property
    def system(self) -> tuple[Any, FloatArray, FloatArray, FloatArray, FloatArray]:
        """Matrix, row bounds (lower, upper), bounds of the unknowns (lower, upper)."""
        from scipy.sparse import csr_array

        entries: list[tuple[int, int, float]] = []
        low, high = [], []
        for number, (whole, parts) in enumerate(self.sums):
            constant = 0.0
            for key, sign in ((whole, 1.0), *((part, -1.0) for part in parts)):
                if key in self.at:
                    entries.append((number, self.at[key], sign))
                else:
                    constant += sign * self.known.interval[key][0]
            low.append(-constant)
            high.append(-constant)
        for part, whole, least, most in self.shares:
            for factor, is_upper in ((most, True), (least, False)):
                constant = 0.0
                for key, sign in ((part, 1.0), (whole, -factor)):
                    if key in self.at:
                        entries.append((len(low), self.at[key], sign))
                    else:
                        constant += sign * self.known.interval[key][0]
                low.append(-np.inf if is_upper else -constant)
                high.append(-constant if is_upper else np.inf)
        i, j, value = (np.array(column) for column in zip(*entries, strict=True)) if entries else ([], [], [])
        matrix = csr_array((value, (i, j)), shape=(len(low), len(self.keys)))
        most_known = max((abs(v) for pair in self.known.interval.values() for v in pair if np.isfinite(v)), default=0)
        cap = 10.0 * most_known + 1000.0
        bounds = np.array([self.known.interval[key] for key in self.keys])
        return matrix, np.array(low), np.array(high), np.maximum(bounds[:, 0], -cap), np.minimum(bounds[:, 1], cap)

    def is_possible(self) -> bool:
        """Whether any table fits all that is known."""
        return self._table(np.zeros(len(self.keys))) is not None

    def _table(self, price: FloatArray) -> FloatArray | None:
        """The table of least price; whole numbers where counts are sought."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        matrix, low, high, least, most = self.system
        for whole in (0, 1) if self.is_whole else (0,):
            result = milp(
                price,
                constraints=LinearConstraint(matrix, low, high) if len(low) else None,
                bounds=Bounds(least, most),
                integrality=np.full(len(price), whole),
            )
            if result.x is None:
                return None
            table: FloatArray = np.round(result.x) if self.is_whole else result.x
            if not self.is_whole or np.abs(table - result.x).max() < CLOSE:
                break
        self.smallest = np.minimum(self.smallest, table)
        self.largest = np.maximum(self.largest, table)
        return table

    def reaches(self, key: Key, value: float, down: bool = False) -> bool:
        """Whether the unknown can be as large (or as small) as the value."""
        slack = CLOSE * max(1.0, abs(value))
        place = self.at[key]

        def is_there() -> bool:
            return bool(self.smallest[place] <= value + slack if down else self.largest[place] >= value - slack)

        if not is_there():
            price = np.zeros(len(self.keys))
            price[place] = 1.0 if down else -1.0
            self._table(price)
        return is_there()

    def limits(self, key: Key) -> tuple[float, float]:
        """The smallest and the largest value that the unknown can have."""
        self.reaches(key, np.inf)
        self.reaches(key, -np.inf, down=True)
        return float(self.smallest[self.at[key]]), float(self.largest[self.at[key]])

    def equation(self, key: Key) -> str:
        """The printed numbers that, put together, bound the unknown from above: the dual of the linear programme."""
        from scipy.optimize import linprog

        price = np.zeros(len(self.keys))
        price[self.at[key]] = -1.0
        matrix, _, high, least, most = self.system
        rows = len(self.sums)
        result = linprog(
            price,
            A_eq=matrix[:rows],
            b_eq=high[:rows],
            bounds=np.column_stack([least, most]),
            method="highs",
        )
        words = in_words(key, self.known.measure)
        if result.x is None:
            return f"{words} follows from printed shares"
        weights = -np.asarray(result.eqlin.marginals)
        terms: dict[Key, float] = defaultdict(float)
        for weight, (whole, parts) in zip(weights, self.sums, strict=True):
            if abs(weight) > CLOSE:
                for part, sign in ((whole, -1.0), *((part, 1.0) for part in parts)):
                    if part not in self.at:
                        terms[part] += sign * weight
        said = [(part, factor) for part, factor in sorted(terms.items()) if abs(factor) > CLOSE]
        text = " ".join(
            f"{'+' if factor < 0 else '-'} {'' if abs(abs(factor) - 1) < CLOSE else f'{abs(factor):g} x '}"
            f"({in_words(part, self.known.measure)}: {self.known.interval[part][0]:g})"
            for part, factor in said[:TERMS]
        )
        more = f" and {len(said) - TERMS} more" if len(said) > TERMS else ""
        return f"{words} <= {text.removeprefix('+ ')}{more}"
