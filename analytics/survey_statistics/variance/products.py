"""Products of tall, narrow matrices on one thread: scores of units by totals.

Belongs here: linear algebra where the library's own threads cost more than they do. Does not belong here: formulas.

OpenBLAS starts its threads from about 260,000 multiplications on; for a few million they wait for each other longer
than they work, ten times longer on a machine that does something else too. Blocks of rows stay below.
"""

from __future__ import annotations

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray

# OpenBLAS: SMP_THRESHOLD_MIN 65536 times GEMM_MULTITHREAD_THRESHOLD 4.
ONE_THREAD = 262_144
# Wider matrices gain from threads, and blocks of them would be single rows.
WIDEST = 20_000


def cross_product(scores: FloatArray) -> FloatArray:
    """``scores.T @ scores`` (M, M) of scores (U, M)."""
    return unit_product(scores.T, scores)


def unit_product(left: FloatArray, right: FloatArray) -> FloatArray:
    """``left @ right`` (A, B) of (A, U) and (U, B), added up over blocks of units."""
    size = left.shape[0] * right.shape[1]
    if not size or size > WIDEST:
        return np.asarray(left @ right)
    found = np.zeros((left.shape[0], right.shape[1]))
    step = ONE_THREAD // size
    for start in range(0, right.shape[0], step):
        found += left[:, start : start + step] @ right[start : start + step]
    return found


def row_products(totals: FloatArray, gradient: FloatArray) -> FloatArray:
    """``totals @ gradient`` (U, M) of totals (U, K) and a gradient (K, M)."""
    if not gradient.size or gradient.size > WIDEST:
        return np.asarray(totals @ gradient)
    found = np.empty((len(totals), gradient.shape[1]))
    step = ONE_THREAD // gradient.size
    for start in range(0, len(totals), step):
        np.matmul(totals[start : start + step], gradient, out=found[start : start + step])
    return found
