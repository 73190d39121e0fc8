"""Other tables that fit what is published: the proof that a hidden number could be smaller or larger.

Belongs here: deviations from the true table that keep every sum, found by linear programming. Does not belong here:
which numbers need protection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Deviation = dict[int, float]
REACH = 2
EXACT = 1e-6


@dataclass
class Tables:
    """Numbers (true values), the sums between them, and which of them are fixed or already hidden.

    ``rows``: (total, parts) as places. ``price``: the loss of information by hiding a number. ``is_whole``: counts.
    """

    value: FloatArray
    rows: Sequence[tuple[int, tuple[int, ...]]]
    price: FloatArray
    fixed: npt.NDArray[np.bool_]
    hidden: npt.NDArray[np.bool_]
    is_whole: bool
    rows_of: list[list[int]] = field(init=False)
    signed: bool = field(init=False)

    def __post_init__(self) -> None:
        self.rows_of = [[] for _ in self.value]
        for number, (total, parts) in enumerate(self.rows):
            for place in (total, *parts):
                self.rows_of[place].append(number)
        self.signed = bool((self.value < 0).any())

    def near(self, place: int, reach: int) -> list[int]:
        """Numbers that can be reached over so many sums."""
        seen, edge = {place}, {place}
        for _ in range(reach):
            rows = {row for at in edge for row in self.rows_of[at]}
            edge = {at for row in rows for at in (self.rows[row][0], *self.rows[row][1])} - seen
            edge = {at for at in edge if not self.fixed[at]}
            seen |= edge
        return sorted(seen)

    def deviation(self, place: int, room: float, only_hidden: bool = False) -> Deviation | None:
        """A table that differs from the true one by ``room`` at ``place``, at the least price of what must be hidden.

        Returned as differences by place; None where no such table exists. The neighbourhood is widened until one is
        found: most tables need only their own cells, while the family may have thousands.
        """
        before = -1
        for reach in (REACH, 2 * REACH, 4 * REACH, len(self.rows)):
            near = self.near(place, reach)
            if only_hidden:
                near = [at for at in near if self.hidden[at]]
            if len(near) == before:
                return None
            before = len(near)
            found = self._solve(near, place, room, self.hidden)
            if found is not None:
                return found
        return None

    def _solve(self, near: Sequence[int], place: int, room: float, hidden: npt.NDArray[np.bool_]) -> Deviation | None:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csc_array

        at = {number: i for i, number in enumerate(near)}
        if place not in at:
            return None
        size = len(near)
        touched = sorted({row for number in near for row in self.rows_of[number]})
        entries = [
            (i, at[number], sign)
            for i, row in enumerate(touched)
            for number, sign in ((self.rows[row][0], 1.0), *((part, -1.0) for part in self.rows[row][1]))
            if number in at
        ]
        price = np.where(hidden[near], EXACT, self.price[near])
        down = np.full(size, np.inf) if self.signed else self.value[near].copy()
        up = np.full(size, np.inf)
        (up if room < 0 else down)[at[place]] = 0.0
        low = np.zeros(2 * size)
        high = np.concatenate([up, down])
        chosen = at[place] + (size if room < 0 else 0)
        if high[chosen] < abs(room) - EXACT:
            return None
        low[chosen] = high[chosen] = abs(room)
        i, j, sign = (np.array(part) for part in zip(*entries, strict=True))
        matrix = csc_array(
            (np.concatenate([sign, -sign]), (np.concatenate([i, i]), np.concatenate([j, j + size]))),
            shape=(len(touched), 2 * size),
        )
        for whole in (False, True) if self.is_whole else (False,):
            result = milp(
                np.concatenate([price, price]),
                constraints=LinearConstraint(matrix, 0.0, 0.0),
                bounds=Bounds(low, high),
                integrality=np.full(2 * size, int(whole)),
            )
            if result.x is None:
                return None
            change = result.x[:size] - result.x[size:]
            if not self.is_whole or np.abs(change - np.round(change)).max() < EXACT:
                break
        if self.is_whole:
            change = np.round(change)
        return {number: float(move) for number, move in zip(near, change, strict=True) if abs(move) > EXACT}
