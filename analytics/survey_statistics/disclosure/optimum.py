"""The pattern that loses least, for families small enough: cutting planes over integer programmes.

Belongs here: the master problem and its cuts (Fischetti and Salazar 2000, Mathematical Programming 84, 283-312, the
"optimal" method of tau-ARGUS, capacity constraints only). Does not belong here: the heuristic that large families keep.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from analytics.survey_statistics.disclosure.protection import Deviation, FloatArray, Tables

CANDIDATES = 150
TASKS = 40
ROUNDS = 80
PROGRAMMES = 300
# Nodes of the tree of one master problem; a limit in seconds would make the pattern depend on the machine.
NODES = 50
SLACK = 1e-6


class Move(Protocol):
    """A number that must seem able to move."""

    place: int
    room: float
    witness: Deviation | None


def best_hidden(tables: Tables, tasks: Sequence[Move], added: Mapping[int, object]) -> set[int] | None:
    """The cheapest numbers to hide in place of ``added``; None where the family is too large to say.

    ``added`` are the numbers that the heuristic hid; they bound the price from above.
    """
    given = tables.hidden.copy()
    given[list(added)] = False
    candidates = np.flatnonzero(~given & ~tables.fixed)
    if not added:
        return set()
    if len(candidates) > CANDIDATES or len(tasks) > TASKS:
        return None
    attack = Attack(tables, given, 4.0 * max(abs(task.room) for task in tasks))
    cuts: list[tuple[FloatArray, float]] = []
    hidden = given
    for _ in range(min(ROUNDS, PROGRAMMES // len(tasks))):
        fresh = [cut for task in tasks if (cut := attack.cut(task, hidden, candidates)) is not None]
        if not fresh:
            return set(np.flatnonzero(hidden & ~given).tolist())
        cuts += fresh
        chosen = _master(tables.price[candidates], cuts)
        if chosen is None:
            return None
        hidden = given.copy()
        hidden[candidates[chosen]] = True
    return None


def _master(price: FloatArray, cuts: Sequence[tuple[FloatArray, float]]) -> npt.NDArray[np.bool_] | None:
    from scipy.optimize import Bounds, LinearConstraint, milp

    result = milp(
        price,
        constraints=LinearConstraint(
            np.array([row for row, _ in cuts]), np.array([least for _, least in cuts]), np.inf
        ),
        bounds=Bounds(0.0, 1.0),
        integrality=np.ones(len(price)),
        options={"node_limit": NODES},
    )
    return None if result.status != 0 else np.asarray(result.x > 0.5)


class Attack:
    """How far a number can move when only the hidden ones may change, and why not further."""

    def __init__(self, tables: Tables, given: npt.NDArray[np.bool_], reach: float) -> None:
        from scipy.sparse import csr_array

        self.tables = tables
        self.given = given
        entries = [(i, number, sign) for i, row in enumerate(tables.signs) for number, sign in row]
        i, j, sign = (np.array(part) for part in zip(*entries, strict=True))
        self.matrix = csr_array((sign, (i, j)), shape=(len(tables.rows), len(tables.value)))
        self.fall = np.full(len(tables.value), reach) if tables.signed else np.minimum(tables.value, reach)
        self.rise = np.full(len(tables.value), reach)

    def cut(
        self, task: Move, hidden: npt.NDArray[np.bool_], candidates: npt.NDArray[np.int64]
    ) -> tuple[FloatArray, float] | None:
        """What every pattern that protects the task must meet and this one does not: (coefficients, least sum).

        From the dual of the programme: if hiding a number opens its bounds, the task can move by at most the sum of the
        marginal values of the bounds that are open.
        """
        from scipy.optimize import linprog

        price = np.zeros(len(hidden))
        price[task.place] = -np.sign(task.room)
        result = linprog(
            price,
            A_eq=self.matrix,
            b_eq=np.zeros(self.matrix.shape[0]),
            bounds=np.column_stack([np.where(hidden, -self.fall, 0.0), np.where(hidden, self.rise, 0.0)]),
            method="highs",
        )
        room = abs(task.room)
        if result.x is None or -result.fun >= room - SLACK:
            return None
        worth = np.abs(result.lower.marginals) * self.fall + np.abs(result.upper.marginals) * self.rise
        least = room - float(worth[self.given].sum())
        return np.minimum(worth[candidates], least), least
