"""Every table with given margins, and how likely a statistic is to be as large as seen.

Belongs here: the enumeration column by column, and sampling where it would be too long. Does not belong here: any
particular statistic.

The network of Mehta and Patel (1983), JASA 78, 427-434: a node is what is left of the row totals after some columns;
paths that meet with the same statistic are merged, and paths whose end is already certain leave early.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import FloatArray, IntArray

CLOSE = 1e-7
LIMIT = 2_000_000
NODES = 512
Contribution = Callable[[NDArray[Any], NDArray[Any], int], FloatArray]


class TooLong(Exception):
    """The enumeration would take more steps than allowed."""


@dataclass(frozen=True)
class Arcs:
    """Steps from one column to the next: ``parent`` and ``child`` are places of nodes, sorted by parent."""

    parent: IntArray
    child: IntArray
    value: FloatArray
    probability: FloatArray


def tail_probability(rows: IntArray, columns: IntArray, observed: float, contribution: Contribution, *,
                     lower: float | None = None, is_symmetric: bool = False,
                     limit: int = LIMIT) -> float:  # fmt: skip
    """P(statistic >= observed), or with ``lower`` also <= lower, over all tables with these margins.

    ``contribution(left, counts, j)`` gives for rows totals left (A, R) before column j and its counts (A, R) what the
    column adds to the statistic (A,). ``is_symmetric``: rows may change places without altering it. Values that differ
    by less than 1e-7 relative count as equal. Raises ``TooLong`` beyond ``limit`` steps.
    """
    network = _network(rows, columns, contribution, is_symmetric, limit)
    above = _upper_tail(network, observed, limit)
    if lower is None:
        return above
    return above + _upper_tail([replace(arcs, value=-arcs.value) for arcs in network], -lower, limit)


def _upper_tail(network: list[Arcs], observed: float, limit: int) -> float:
    threshold = observed - CLOSE * max(1.0, abs(observed))
    most, least = _futures(network)
    place, value, probability = np.zeros(1, dtype=np.int64), np.zeros(1), np.ones(1)
    tail = 0.0
    for j in range(len(network) + 1):
        certain = value + least[j][place] >= threshold
        tail += float(probability[certain].sum())
        open_ = ~certain & (value + most[j][place] >= threshold)
        place, value, probability = place[open_], value[open_], probability[open_]
        if j == len(network) or not len(place):
            break
        place, value, probability = _step(network[j], len(most[j]), place, value, probability, limit)
    return tail


def _network(rows: IntArray, columns: IntArray, contribution: Contribution, is_symmetric: bool,
             limit: int) -> list[Arcs]:  # fmt: skip
    """The arcs of every column. A node is its code: what is left of the rows, as digits of a number."""
    base = np.full(len(rows), rows.max() + 1) if is_symmetric else rows + 1
    if float(np.prod(base.astype(np.float64))) >= 2**62:
        raise TooLong
    radix = np.concatenate([[1], np.cumprod(base[:-1])]).astype(np.int64)
    factorial = _log_factorials(int(rows.sum()))
    nodes, network, steps = rows[None, :].astype(np.int32), [], 0
    for j, total in enumerate(columns.tolist()):
        size = int(nodes[0].sum())
        constant = factorial[size] - factorial[total] - factorial[size - total]
        parts = []
        # Some nodes at a time: their counts are the only large arrays, and are not kept.
        for start in range(0, len(nodes), NODES):
            some = nodes[start : start + NODES]
            parent, counts = allotments(some, total, limit - steps)
            steps += len(parent)
            left = some[parent]
            children = left - counts
            logs = factorial[some].sum(axis=1)[parent] - factorial[counts].sum(axis=1)
            logs -= factorial[children].sum(axis=1) + constant
            code = (np.sort(children, axis=1) if is_symmetric else children) @ radix
            parts.append((parent + start, code, np.round(contribution(left, counts, j), 9), np.exp(logs)))
        parent, code, value, probability = (np.concatenate(part) for part in zip(*parts, strict=True))
        found, child = np.unique(code, return_inverse=True)
        nodes = (found[:, None] // radix % base).astype(np.int32)
        arcs = Arcs(parent, child, value, probability)
        # Only where rows may change places do several steps lead to one node with one value.
        network.append(_merged(arcs) if is_symmetric else arcs)
    return network


def allotments(nodes: NDArray[Any], total: int, limit: int) -> tuple[IntArray, NDArray[Any]]:
    """All ways to take ``total`` from the row totals of each node: the node of each way, and its counts (A, R)."""
    parent = np.arange(len(nodes))
    later = nodes.sum(axis=1)[:, None] - np.cumsum(nodes, axis=1)
    left = np.full(len(nodes), total, dtype=nodes.dtype)
    chosen: list[NDArray[Any]] = []
    for i in range(nodes.shape[1]):
        low = np.maximum(0, left - later[parent, i])
        count = np.minimum(nodes[parent, i], left) - low + 1
        size = int(count.sum())
        if size > limit:
            raise TooLong
        again = np.repeat(np.arange(len(parent)), count)
        here = low[again] + np.arange(size) - np.repeat(np.cumsum(count) - count, count)
        here = here.astype(nodes.dtype)
        chosen = [*(before[again] for before in chosen), here]
        parent, left = parent[again], left[again] - here
    return parent, np.column_stack(chosen)


def _merged(arcs: Arcs) -> Arcs:
    """Steps between the same nodes with the same value as one."""
    order = np.lexsort((arcs.value, arcs.child, arcs.parent))
    parent, child, value = arcs.parent[order], arcs.child[order], arcs.value[order]
    new = np.ones(len(parent), dtype=bool)
    new[1:] = (np.diff(parent) != 0) | (np.diff(child) != 0) | (np.diff(value) != 0)
    return Arcs(parent[new], child[new], value[new], np.add.reduceat(arcs.probability[order], np.flatnonzero(new)))


def _futures(network: list[Arcs]) -> tuple[list[FloatArray], list[FloatArray]]:
    """The longest and the shortest way from every node to the end."""
    most, least = [np.zeros(1)], [np.zeros(1)]
    for arcs in reversed(network):
        starts = np.flatnonzero(np.diff(arcs.parent, prepend=-1))
        most.insert(0, np.maximum.reduceat(arcs.value + most[0][arcs.child], starts))
        least.insert(0, np.minimum.reduceat(arcs.value + least[0][arcs.child], starts))
    return most, least


def _step(arcs: Arcs, nodes: int, place: IntArray, value: FloatArray, probability: FloatArray,
          limit: int) -> tuple[IntArray, FloatArray, FloatArray]:  # fmt: skip
    width = np.bincount(arcs.parent, minlength=nodes)
    first = np.cumsum(width) - width
    count = width[place]
    size = int(count.sum())
    if size > limit:
        raise TooLong
    again = np.repeat(np.arange(len(place)), count)
    arc = first[place][again] + np.arange(size) - np.repeat(np.cumsum(count) - count, count)
    value = np.round(value[again] + arcs.value[arc], 9)
    merged = _merged(
        Arcs(np.zeros(size, dtype=np.int64), arcs.child[arc], value, probability[again] * arcs.probability[arc])
    )
    return merged.child, merged.value, merged.probability


def sampled_tables(rows: IntArray, columns: IntArray, samples: int, seed: int) -> NDArray[np.int64]:
    """Tables (samples, R, C) drawn with these margins under independence: cell after cell from its hypergeometric
    distribution given those before it, of all samples at once. Raises ``SurveyError`` for no samples or a wrong seed.
    """
    random = generator(seed, samples)
    drawn = np.zeros((samples, len(rows), len(columns)), dtype=np.int64)
    left = np.repeat(rows[None, :], samples, axis=0)
    for j, total in enumerate(columns[:-1].tolist()):
        wanted, later = np.full(samples, total), left.sum(axis=1)
        for i in range(len(rows) - 1):
            later = later - left[:, i]
            drawn[:, i, j] = random.hypergeometric(left[:, i], later, wanted)
            wanted = wanted - drawn[:, i, j]
        drawn[:, -1, j] = wanted
        left = left - drawn[:, :, j]
    drawn[:, :, -1] = left
    return drawn


def generator(seed: int, samples: int) -> np.random.Generator:
    """Random numbers for a simulation. Raises ``SurveyError`` for no samples or a seed that is none."""
    if samples < 1 or seed < 0:
        raise SurveyError(
            f"A simulation takes samples, 1 or more, and a seed, 0 or more; found samples={samples}, seed={seed}."
        )
    return np.random.default_rng(seed)


def simulated(statistics: FloatArray, observed: float) -> tuple[float, float]:
    """P value and its standard error from simulated statistics, the observed one counted in (Davison and Hinkley
    1997, section 4.2; R ``fisher.test(simulate.p.value = TRUE)``).
    """
    extreme = int((statistics >= observed - CLOSE * max(1.0, abs(observed))).sum())
    p = (extreme + 1) / (len(statistics) + 1)
    return p, float(np.sqrt(p * (1 - p) / len(statistics)))


def _log_factorials(n: int) -> FloatArray:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
