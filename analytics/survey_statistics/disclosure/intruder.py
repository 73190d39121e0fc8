"""The intruder's arithmetic: how small and how large a hidden number can be, given all that is known.

Belongs here: bounds by linear and integer programming within one set of connected unknowns.
Does not belong here: what of it breaks a rule (``auditor``), the sentence that gives it away (``equation``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.survey_statistics.disclosure.attack import Knowledge
from analytics.survey_statistics.disclosure.publication import COUNT, Key

FloatArray = npt.NDArray[np.float64]
CLOSE = 1e-6


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
        self.is_solved = False
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
        cap = self.known.cap
        bounds = np.array([self.known.interval[key] for key in self.keys])
        return matrix, np.array(low), np.array(high), np.maximum(bounds[:, 0], -cap), np.minimum(bounds[:, 1], cap)

    def is_possible(self) -> bool:
        """Whether any table fits all that is known."""
        if len(self.keys) == 1 and not self.shares:
            return self._is_alone_possible()
        return self._table(np.zeros(len(self.keys))) is not None

    def _is_alone_possible(self) -> bool:
        """An unknown alone needs no programme: every sum that it is in states it."""
        least, most = self.known.interval[self.keys[0]]
        least, most = max(least, -self.known.cap), min(most, self.known.cap)
        for whole, parts in self.sums:
            others = sum(self.known.interval[part][0] for part in parts if part not in self.at)
            stated = others if whole in self.at else self.known.interval[whole][0] - others
            least, most = max(least, stated), min(most, stated)
        if least > most + CLOSE * max(1.0, abs(most)):
            return False
        self.smallest[0], self.largest[0] = min(least, most), most
        self.is_solved = True
        return True

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

        if not self.is_solved and not is_there():
            price = np.zeros(len(self.keys))
            price[place] = 1.0 if down else -1.0
            self._table(price)
        return is_there()

    def limits(self, key: Key) -> tuple[float, float]:
        """The smallest and the largest value that the unknown can have."""
        self.reaches(key, np.inf)
        self.reaches(key, -np.inf, down=True)
        return float(self.smallest[self.at[key]]), float(self.largest[self.at[key]])
