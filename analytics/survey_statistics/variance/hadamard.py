"""Hadamard matrices: rows of 1 and -1, each orthogonal to every other, which balance half samples.

Belongs here: the constructions of Sylvester (1867) and Paley (1933). Does not belong here: weights (``half_samples``).
"""

from __future__ import annotations

from functools import cache

import numpy as np

from analytics.survey_statistics.sample.frame import IntArray

# Paley's constructions with a prime and doubling leave no gap above 12 below this order that is worth closing.
LARGEST = 8192


@cache
def hadamard(order: int) -> IntArray:
    """The matrix (N, N) of the smallest order N, at least ``order``, that can be made; its first row is all 1.

    Raises ``ValueError`` above ``LARGEST``.
    """
    for size in range(max(order, 1), LARGEST + 1):
        found = _of_order(size)
        if found is not None:
            # A column times -1 keeps the rows orthogonal.
            return np.asarray(found * found[0])
    raise ValueError(f"no Hadamard matrix of order {order} or above is made here")


def _of_order(order: int) -> IntArray | None:
    if order in (1, 2):
        return np.array([[1, 1], [1, -1]], dtype=np.int64)[:order, :order]
    if order % 4:
        return None
    if _is_prime(order - 1) and (order - 1) % 4 == 3:
        return _paley_first(order - 1)
    if order % 8 == 4 and _is_prime(order // 2 - 1) and (order // 2 - 1) % 4 == 1:
        return _paley_second(order // 2 - 1)
    half = _of_order(order // 2)
    return None if half is None else np.kron(np.array([[1, 1], [1, -1]], dtype=np.int64), half)


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


def _residues(prime: int) -> IntArray:
    """Jacobsthal matrix: 1 where the difference of row and column is a square modulo the prime, -1 where not."""
    character = np.full(prime, -1, dtype=np.int64)
    character[np.arange(1, prime) ** 2 % prime] = 1
    character[0] = 0
    steps = np.arange(prime)
    return np.asarray(character[(steps[:, None] - steps) % prime])


def _bordered(prime: int, sign: int) -> IntArray:
    bordered = np.zeros((prime + 1, prime + 1), dtype=np.int64)
    bordered[0, 1:] = 1
    bordered[1:, 0] = sign
    bordered[1:, 1:] = _residues(prime)
    return bordered


def _paley_first(prime: int) -> IntArray:
    """Order ``prime`` + 1 for a prime of the form 4k + 3."""
    return _bordered(prime, -1) + np.eye(prime + 1, dtype=np.int64)


def _paley_second(prime: int) -> IntArray:
    """Order 2 (``prime`` + 1) for a prime of the form 4k + 1."""
    one = np.eye(prime + 1, dtype=np.int64)
    by_sign = np.array([[1, 1], [1, -1]], dtype=np.int64)
    return np.kron(_bordered(prime, 1), by_sign) + np.kron(one, np.array([[1, -1], [-1, -1]], dtype=np.int64))
