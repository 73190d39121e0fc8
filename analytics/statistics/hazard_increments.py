"""The largest likelihood of interval-censored, left-truncated times as a concave problem in hazard increments.

Belongs here: the numerical maximum and the set of all maxima. Does not belong here: which increments there are and what
they mean (see ``interval_censored``).

With increments theta_k >= 0 of the cumulative hazard, a unit that survived the cells before its interval l..r and left
within it contributes log(1 - exp(-(theta_l + ... + theta_r))) and minus the increments it survived. Both are concave,
which the likelihood in the masses is not once entry is delayed. So a point without an ascending direction is a global
maximum. The form is that of Alioum, A. and Commenges, D. (1996), Biometrics 52, 512-524, and Hudgens, M. G. (2005),
Journal of the Royal Statistical Society B 67, 573-587, rewritten in hazards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
# Each interior step leaves this part of the complementarity and goes this far to the boundary.
CENTRING, TO_BOUNDARY = 0.1, 0.99
POLISHING = 20
# An increment or a gradient below this part of its scale counts as zero when maxima are told apart.
NEGLIGIBLE = 1e-7


@dataclass(frozen=True)
class HazardProblem:
    """Maximise sum(weight * log(1 - exp(-left @ theta))) - survived @ theta over theta >= 0.

    ``left`` (rows, k) is 1 where an exit may lie in the increment; ``weight`` (rows,) counts units; ``survived`` (k,)
    counts the units known to have survived each increment and must be positive, or there is no finite maximum.
    """

    left: FloatArray
    weight: FloatArray
    survived: FloatArray

    def gradient(self, theta: FloatArray) -> FloatArray:
        """Derivative (k,) of the log-likelihood."""
        # 1 / (exp(x) - 1), written so that a large x does not overflow.
        sums = self.left @ theta
        return np.asarray((self.weight * np.exp(-sums) / -np.expm1(-sums)) @ self.left - self.survived)

    def curvature(self, theta: FloatArray) -> FloatArray:
        """Minus the matrix of second derivatives (k, k), never indefinite."""
        sums = self.left @ theta
        second = self.weight * np.exp(-sums) / np.expm1(-sums) ** 2
        return np.asarray(self.left.T @ (second[:, None] * self.left))


def maximise(problem: HazardProblem, max_iterations: int) -> tuple[FloatArray, int]:
    """Increments at the maximum and the number of Newton steps.

    Primal-dual interior point (Wright, S. J. (1997), Primal-Dual Interior-Point Methods, chapter 1), which finds the
    increments that are zero and among several maxima one inside the set; then plain Newton on those above zero.
    """
    k = len(problem.survived)
    if not k or not len(problem.weight):
        return np.zeros(k), 0
    theta: FloatArray = 1.0 / np.arange(k + 1, 1, -1, dtype=np.float64)
    dual = np.full(k, float(problem.survived.mean()))
    scale = float(problem.weight.sum() + problem.survived.max())
    steps = 0
    while steps < max_iterations:
        gradient = problem.gradient(theta)
        residual = float(np.abs(gradient + dual).max()) / scale
        if max(residual, float(theta @ dual) / scale) < 1e-13:
            break
        steps += 1
        target = CENTRING * float(theta @ dual) / k
        matrix = problem.curvature(theta) + np.diag(dual / theta)
        move = np.asarray(np.linalg.solve(matrix, gradient + target / theta), dtype=np.float64)
        turn = target / theta - dual - dual / theta * move
        length = min(_room(theta, move), _room(dual, turn))
        theta, dual = theta + length * move, dual + length * turn
    return _polish(problem, theta, dual, steps)


def _room(value: FloatArray, move: FloatArray) -> float:
    """Longest step that keeps all values positive, at most one."""
    shrinking = move < 0
    return min(1.0, TO_BOUNDARY * float((-value[shrinking] / move[shrinking]).min(initial=np.inf)))


def _polish(problem: HazardProblem, theta: FloatArray, dual: FloatArray, done: int) -> tuple[FloatArray, int]:
    """Newton steps on the increments above zero until the gradient there vanishes to rounding."""
    support = theta / theta.max() > dual / max(float(dual.max()), NEGLIGIBLE)
    best = np.where(support, theta, 0.0)
    if (problem.left @ best <= 0).any():
        return theta, done
    now, smallest, steps = best, np.inf, done
    while steps < done + POLISHING:
        gradient = problem.gradient(now)
        error = max(float(np.abs(gradient[support]).max(initial=0.0)), float(gradient.max()))
        if error >= smallest:
            break
        best, smallest, steps = now, error, steps + 1
        inner = problem.curvature(now)[np.ix_(support, support)]
        move = np.zeros_like(now)
        # By least squares: with several maxima the matrix has no inverse.
        move[support] = np.linalg.lstsq(inner, gradient[support], rcond=None)[0]
        now = now + move * _room(now[support], move[support])
    return best, steps


def cumulative_bounds(problem: HazardProblem, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Least and largest cumulative hazard (k,) after each increment over *all* maxima of the likelihood.

    All maxima share the fitted sums ``left @ theta`` (strict concavity in them), so they form a polytope (Gentleman, R.
    and Vandal, A. C. (2002), Canadian Journal of Statistics 30, 557-571, call this mixture non-uniqueness). One maximum
    only when the columns that may be positive are linearly independent; else two linear programmes per increment.
    """
    total = np.cumsum(theta)
    scale = float(problem.weight.sum() + problem.survived.sum())
    free = (theta > 0) | (problem.gradient(theta) > -NEGLIGIBLE * scale) if len(problem.weight) else theta > 0
    columns = problem.left[:, free]
    if not free.any() or np.linalg.matrix_rank(columns) == columns.shape[1]:
        return total, total
    # scipy.optimize takes long to import and is needed for this rare case only.
    from scipy.optimize import linprog

    ends = np.tile(total, (2, 1))
    for row, sign in enumerate((1.0, -1.0)):
        for k in range(len(theta)):
            cost = sign * (np.flatnonzero(free) <= k).astype(np.float64)
            found = linprog(cost, A_eq=columns, b_eq=problem.left @ theta, bounds=(0, None))
            if found.status == 0:
                ends[row, k] = sign * found.fun
    return np.minimum(ends[0], total), np.maximum(ends[1], total)
