"""How a reader works out a hidden number: the printed numbers that, put together, give it or bound it.

Belongs here: the shortest combination of sums, in words. Does not belong here: the bounds themselves (``intruder``).
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from analytics.survey_statistics.disclosure.intruder import CLOSE, Component, FloatArray
from analytics.survey_statistics.disclosure.publication import Key, in_words

TERMS = 8


def equation(part: Component, key: Key) -> str:
    """The printed numbers that give the unknown, or that it cannot exceed."""
    words = in_words(key, part.known.measure)
    rows = len(part.sums)
    if not rows:
        return f"{words} follows from printed shares"
    weights = _exact(part, key)
    sign = "="
    if weights is None:
        sign, weights = "<=", _bound(part, key)
    if weights is None:
        return f"{words} follows from printed shares"
    terms: dict[Key, float] = defaultdict(float)
    for weight, (whole, parts) in zip(weights, part.sums, strict=True):
        if abs(weight) > CLOSE:
            for other, factor in ((whole, -1.0), *((one, 1.0) for one in parts)):
                if other not in part.at:
                    terms[other] += factor * weight
    known = part.known.interval
    said = [(other, factor) for other, factor in terms.items() if abs(factor) > CLOSE]
    said.sort(key=lambda term: (term[1] < 0, -known[term[0]][0], term[0]))
    text = " ".join(
        f"{'-' if factor < 0 else '+'} {'' if abs(abs(factor) - 1) < CLOSE else f'{abs(factor):g} x '}"
        f"{known[other][0]:g} [{in_words(other, part.known.measure)}]"
        for other, factor in said[:TERMS]
    )
    more = f" and {len(said) - TERMS} more" if len(said) > TERMS else ""
    return f"[{words}] {sign} {text.removeprefix('+ ') or '0'}{more}"


def _exact(part: Component, key: Key) -> FloatArray | None:
    """Multiples of the sums, as few as possible, that leave nothing unknown but the number itself."""
    from scipy.optimize import linprog
    from scipy.sparse import hstack

    matrix = part.system[0][: len(part.sums)]
    wanted = np.zeros(len(part.keys))
    wanted[part.at[key]] = 1.0
    both = hstack([matrix.T, -matrix.T])
    result = linprog(np.ones(both.shape[1]), A_eq=both, b_eq=wanted, method="highs")
    if result.x is None:
        return None
    found: FloatArray = result.x[: matrix.shape[0]] - result.x[matrix.shape[0] :]
    return found


def _bound(part: Component, key: Key) -> FloatArray | None:
    """Multiples of the sums that bound the number from above: the dual of the linear programme."""
    from scipy.optimize import linprog

    price = np.zeros(len(part.keys))
    price[part.at[key]] = -1.0
    matrix, _, high, least, most = part.system
    rows = len(part.sums)
    result = linprog(price, A_eq=matrix[:rows], b_eq=high[:rows], bounds=np.column_stack([least, most]), method="highs")
    return None if result.x is None else -np.asarray(result.eqlin.marginals)
