"""Other tables that fit what is published: the proof that a hidden number could be smaller or larger.

Belongs here: deviations from the true table that keep every sum, found by linear programming. Does not belong here:
which numbers need protection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
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
    signs: list[list[tuple[int, float]]] = field(init=False)
    signed: bool = field(init=False)

    def __post_init__(self) -> None:
        self.rows_of = [[] for _ in self.value]
        for number, (total, parts) in enumerate(self.rows):
            for place in (total, *parts):
                self.rows_of[place].append(number)
        self.signs = [[(total, 1.0), *((part, -1.0) for part in parts)] for total, parts in self.rows]
        self.signed = bool((self.value < 0).any())

    def near(self, place: int, reach: int, only_hidden: bool = False) -> list[int]:
        """Numbers that can be reached over so many sums, through numbers that may change."""
        seen, edge = {place}, {place}
        for _ in range(reach):
            rows = {row for at in edge for row in self.rows_of[at]}
            edge = {at for row in rows for at in (self.rows[row][0], *self.rows[row][1])} - seen
            edge = {at for at in edge if self.hidden[at] or not (only_hidden or self.fixed[at])}
            if not edge:
                break
            seen |= edge
        return sorted(seen)

    def deviation(self, place: int, room: float, only_hidden: bool = False) -> Deviation | None:
        """A table that differs from the true one by ``room`` at ``place``, at the least price of what must be hidden.

        Returned as differences by place; None where no such table exists. The neighbourhood is widened until one is
        found: most tables need only their own cells, while the family may have thousands.
        """
        before = -1
        for reach in (REACH, 2 * REACH, len(self.rows)):
            near = self.near(place, reach, only_hidden)
            if len(near) == before or (len(near) == 1 and self.rows_of[place]):
                return None
            before = len(near)
            found = self._solve(near, place, room)
            if found is not None:
                return found
        return None

    def many(self, rooms: Mapping[int, float], sign: float) -> Deviation | None:
        """A table in which as many numbers as possible, of those hidden, are off the truth by their room, in one
        direction; None where it is not of whole numbers.
        """
        near = np.flatnonzero(self.hidden)
        low, high = self._bounds(near)
        price = np.zeros(len(near))
        for k, number in enumerate(near.tolist()):
            if number in rooms:
                ends = sorted((0.0, sign * rooms[number]))
                low[k], high[k] = max(low[k], ends[0]), ends[1]
                price[k] = -sign / rooms[number]
        return self._table(near, price, low, high, (False,))

    def _bounds(self, near: IntArray) -> tuple[FloatArray, FloatArray]:
        """How far numbers can fall and rise."""
        low = np.full(len(near), -np.inf) if self.signed else -self.value[near]
        return low, np.full(len(near), np.inf)

    def _solve(self, numbers: Sequence[int], place: int, room: float) -> Deviation | None:
        near = np.array(numbers, dtype=np.int64)
        low, high = self._bounds(near)
        at = int(np.searchsorted(near, place))
        if low[at] > room:
            return None
        low[at] = high[at] = room
        return self._table(near, np.where(self.hidden[near], 0.0, self.price[near]), low, high, (False, True))

    def _table(
        self, near: IntArray, price: FloatArray, low: FloatArray, high: FloatArray, tries: Sequence[bool]
    ) -> Deviation | None:
        """Changes that keep every sum, at the least price for changing up or down: by linear programming, and by
        integers where counts come out broken. A priced number is two unknowns, its rise and its fall.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        twice = np.flatnonzero(price) if (price >= 0).all() else np.empty(0, dtype=np.int64)
        fall = np.zeros(len(near))
        fall[twice] = -np.minimum(low[twice], 0.0)
        least = low.copy()
        least[twice] = np.maximum(low[twice], 0.0)
        matrix = self._matrix(near, twice)
        for is_whole in tries if self.is_whole else (False,):
            result = milp(
                np.concatenate([price, price[twice]]),
                constraints=LinearConstraint(matrix, 0.0, 0.0) if matrix.shape[0] else None,
                bounds=Bounds(np.concatenate([least, np.zeros(len(twice))]), np.concatenate([high, fall[twice]])),
                integrality=np.full(len(near) + len(twice), int(is_whole)),
            )
            if result.x is None:
                return None
            change: FloatArray = result.x[: len(near)].copy()
            change[twice] -= result.x[len(near) :]
            if not self.is_whole or np.abs(change - np.round(change)).max() < EXACT:
                change = np.round(change) if self.is_whole else change
                some = np.flatnonzero(np.abs(change) > EXACT)
                return dict(zip(near[some].tolist(), change[some].tolist(), strict=True))
        return None

    def _matrix(self, near: IntArray, twice: IntArray) -> Any:
        """The sums that touch some numbers, as a matrix of their changes, then of the falls of some of them."""
        from scipy.sparse import csc_array, hstack

        numbers = near.tolist()
        at = {number: k for k, number in enumerate(numbers)}
        touched = sorted({row for number in numbers for row in self.rows_of[number]})
        entries = [
            (i, at[number], sign) for i, row in enumerate(touched) for number, sign in self.signs[row] if number in at
        ]
        # A number may be in no sum at all, as the total of a survey without domains.
        i, j, sign = (np.array(part) for part in zip(*entries, strict=True)) if entries else ([], [], [])
        rises = csc_array((sign, (i, j)), shape=(len(touched), len(numbers)))
        return hstack([rises, -rises[:, twice]]).tocsc() if len(twice) else rises
