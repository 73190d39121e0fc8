"""Belongs here: which pairs of forms are worth comparing. Each form meets at most `KEPT` others.

Does not belong here: what a pair is worth. Keys that many share are left out, so the work grows with the rows and not
with their square: a token, two tokens of one name together, a joined spelling.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from analytics.match_candidates.features import KINDS
from analytics.match_candidates.folding import sound_key

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse

    from analytics.match_candidates.features import Names, Weights

CAP = 80  # names that may share a key
KEPT = 30  # pairs kept for a form, the best by the weight of the keys they share
CHUNK = 4000
RAREST = 5  # tokens of a name that make keys of two


def keys(names: Names, weights: Weights) -> list[list[tuple[str, float]]]:
    """Keys of each form with their weight: tokens, pairs of its rarest tokens, and the spelling without spaces."""
    weight, index = weights.weight, weights.index
    made = []
    for tokens, surface, kind in zip(names.tokens, names.surface, names.kind.tolist(), strict=True):
        listed = sorted(tokens, key=lambda token: (-weight[index[token]], token))[:RAREST]
        row = [(token, float(weight[index[token]])) for token in tokens]
        heard = [(sound(token), float(weight[index[token]])) for token in listed]
        row += [(key, value * 0.8) for (key, value), token in zip(heard, listed, strict=True) if key != token]
        row += [
            (f"{min(one, other)} {max(one, other)}", (value + more) * 0.9)
            for (one, value), (other, more) in combinations(heard, 2)
        ]
        if len(listed) >= 3:
            row.append(("  ".join(sorted(key for key, _ in heard[:3])), float(sum(value for _, value in heard[:3]))))
        joined = surface.replace(" ", "")
        if kind < KINDS["acronym"] and len(joined) >= 6:
            row += [("^" + joined, 2.0), ("<" + joined[:9], 0.8), (">" + joined[-9:], 0.8)]
        made.append(row)
    return made


def sound(token: str) -> str:
    """A plain word by its sound, so that look-alikes share a key; a concept or a place by itself."""
    return token if token[0] in "=@#" or len(token) < 4 else "~" + sound_key(token)


def matrices(left: Names, right: Names, weights: Weights) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Rows of keys for both lists; a key that more than `CAP` forms of either list have is left out."""
    import numpy as np
    from scipy import sparse

    sides = [keys(left, weights), keys(right, weights)] if left is not right else [keys(left, weights)]
    counts: dict[str, list[int]] = {}
    for side, listed in enumerate(sides):
        for row in listed:
            for key, _ in row:
                counts.setdefault(key, [0, 0])[side] += 1
    if left is right:
        index = {key: 0 for key, (one, _) in counts.items() if 1 < one <= CAP}
    else:
        index = {key: 0 for key, (one, other) in counts.items() if one and other and other <= CAP}
    for place, key in enumerate(sorted(index)):
        index[key] = place
    made = []
    for listed in sides:
        pointer, columns, values = [0], [], []
        for row in listed:
            for key, weight in row:
                if key in index:
                    columns.append(index[key])
                    values.append(weight)
            pointer.append(len(columns))
        made.append(
            sparse.csr_matrix(
                (np.array(values, dtype=np.float32), np.array(columns, dtype=np.int32), np.array(pointer)),
                shape=(len(listed), len(index)),
            )
        )
    return (made[0], made[-1])


def best_pairs(
    keys: tuple[sparse.csr_matrix, sparse.csr_matrix], one: Names, other: Names, side: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of the pairs that share most; `side` (by form, of one list with itself) keeps equal sides apart.

    Initials meet printed acronyms only, shortened names only names: what is made up never meets what is made up.
    """
    import numpy as np

    left, right = keys
    made_up, acronym = KINDS["shortened"], KINDS["acronym"]

    turned = (right.astype(bool).astype(np.float32)).T.tocsr()
    rows, columns = [], []
    for start in range(0, left.shape[0], CHUNK):
        product = (left[start : start + CHUNK] @ turned).tocoo()
        row, column, value = product.row, product.col, product.data
        kinds = (one.kind[row + start], other.kind[column])
        low, high = np.minimum(*kinds), np.maximum(*kinds)
        fit = np.where(high >= acronym, low == acronym, low < made_up)
        if side is not None:
            fit &= side[row + start] != side[column]
        row, column, value = row[fit], column[fit], value[fit]
        order = np.lexsort((column, -value, row))
        row, column = row[order], column[order]
        first = np.concatenate(([True], row[1:] != row[:-1])) if len(row) else np.zeros(0, dtype=bool)
        rank = np.arange(len(row)) - np.maximum.accumulate(np.where(first, np.arange(len(row)), 0))
        rows.append(row[rank < KEPT] + start)
        columns.append(column[rank < KEPT])
    return np.concatenate(rows), np.concatenate(columns)
