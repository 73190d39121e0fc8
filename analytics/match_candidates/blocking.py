"""Belongs here: which pairs of forms are worth comparing. Each form meets at most `KEPT` others.

Does not belong here: what a pair is worth. Keys that many names share are left out, so the work grows with the rows
and not with their square. A key is a token, two of a name's rarest tokens, or the beginning or end of its spelling.
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

CAP = 80  # forms that may share a key
KEPT = 30  # pairs kept for a form, the best by the weight of the keys they share
CHUNK = 4000
RAREST = 5  # tokens of a name that make keys together
ENDS = 9  # letters of a spelling that make a key
_FAR = 1 << 62


def matrices(left: Names, right: Names, weights: Weights) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Rows of keys for both lists, weighted; a key that more than `CAP` forms of the right list have is left out."""
    import numpy as np
    from scipy import sparse

    sound, sounds = _sounds(weights)
    spelling: dict[str, int] = {}
    sides = [_keys(names, weights, sound, sounds, spelling) for names in ([left] if left is right else [left, right])]
    known, counts = np.unique(sides[-1][1], return_counts=True)
    wanted = known[(counts <= CAP) & (counts > (1 if left is right else 0))]
    made = []
    for names, (row, key, value) in zip((left, right), sides, strict=False):
        place = np.minimum(np.searchsorted(wanted, key), max(len(wanted) - 1, 0))
        kept = wanted[place] == key if len(wanted) else np.zeros(len(key), dtype=bool)
        shape = (len(names.kind), max(len(wanted), 1))
        made.append(sparse.csr_matrix((value[kept], (row[kept], place[kept])), shape=shape, dtype=np.float32))
    return made[0], made[-1]


def _sounds(weights: Weights) -> tuple[np.ndarray, int]:
    """Number of each token's sound, so that look-alikes share keys; a concept or a place sounds like itself only."""
    import numpy as np

    heard = [token if token[0] in "=@#" or len(token) < 4 else "~" + sound_key(token) for token in weights.index]
    names, number = np.unique(np.array(heard, dtype=object).astype(str), return_inverse=True)
    return number.astype(np.int64), len(names)


def _keys(
    names: Names, weights: Weights, sound: np.ndarray, sounds: int, spelling: dict[str, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Form, key and weight of every key. Keys of tokens, sounds, pairs, threes and spellings lie in ranges apart."""
    import numpy as np

    plain = weights.matrix(names.tokens)
    form = np.repeat(np.arange(len(names.kind), dtype=np.int64), np.diff(plain.indptr))
    token = plain.indices.astype(np.int64)
    weight = weights.weight[token].astype(np.float64)
    parts = [(form, token, weight)]
    order = np.lexsort((token, -weight, form))
    form, token, weight = form[order], token[order], weight[order]
    start = plain.indptr[:-1].astype(np.int64)
    rank = np.arange(len(form)) - start[form]
    best = np.full((len(names.kind), RAREST), -1, dtype=np.int64)
    worth = np.zeros((len(names.kind), RAREST))
    few = rank < RAREST
    best[form[few], rank[few]] = sound[token[few]]
    worth[form[few], rank[few]] = weight[few]
    base = len(weights.weight)
    for one in range(RAREST):
        there = np.flatnonzero(best[:, one] >= 0)
        parts.append((there, base + best[there, one], worth[there, one] * 0.8))
    base += sounds
    for one, other in combinations(range(RAREST), 2):
        there = np.flatnonzero(best[:, other] >= 0)
        low, high = np.minimum(best[there, one], best[there, other]), np.maximum(best[there, one], best[there, other])
        parts.append((there, base + low * sounds + high, (worth[there, one] + worth[there, other]) * 0.9))
    parts.append(_spellings(names, spelling))
    form, key, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
    return form, key, weight


def _spellings(names: Names, spelling: dict[str, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Keys of the spelling without spaces: all of it, its beginning and its end."""
    import numpy as np

    forms, keys, values = [], [], []
    for form, (surface, kind) in enumerate(zip(names.surface, names.kind.tolist(), strict=True)):
        joined = surface.replace(" ", "")
        if kind < KINDS["acronym"] and len(joined) >= 6:
            for key, value in (("^" + joined, 2.0), ("<" + joined[:ENDS], 0.8), (">" + joined[-ENDS:], 0.8)):
                forms.append(form)
                keys.append(_FAR + spelling.setdefault(key, len(spelling)))
                values.append(value)
    return np.array(forms, dtype=np.int64), np.array(keys, dtype=np.int64), np.array(values, dtype=np.float64)


def best_pairs(
    keys: tuple[sparse.csr_matrix, sparse.csr_matrix], one: Names, other: Names, side: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the forms that share most; `side` (by form, of one list with itself) keeps equal sides apart.

    Initials meet printed acronyms only, shortened names only names: what is made up never meets what is made up.
    """
    import numpy as np

    left, right = keys
    made_up, acronym = KINDS["shortened"], KINDS["acronym"]
    turned = (right.astype(bool).astype(np.float32)).T.tocsr()
    rows, columns = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for start in range(0, left.shape[0], CHUNK):
        product = left[start : start + CHUNK] @ turned
        row = np.repeat(np.arange(product.shape[0], dtype=np.int64), np.diff(product.indptr))
        column, value = product.indices.astype(np.int64), np.round(product.data, 4)
        kinds = (one.kind[row + start], other.kind[column])
        low, high = np.minimum(*kinds), np.maximum(*kinds)
        fit = np.where(high >= acronym, low == acronym, low < made_up)
        if side is not None:
            fit &= side[row + start] != side[column]
        row, column, value = row[fit], column[fit], value[fit]
        order = np.lexsort((column, -value, row))
        row, column = row[order], column[order]
        first = np.searchsorted(row, np.arange(product.shape[0] + 1))
        rank = np.arange(len(row)) - first[row]
        rows.append(row[rank < KEPT] + start)
        columns.append(column[rank < KEPT])
    return np.concatenate(rows), np.concatenate(columns)
