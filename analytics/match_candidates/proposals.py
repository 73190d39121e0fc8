"""Belongs here: the ranked candidate clusters of each mention.

Does not belong here: what a pair is worth (`evidence`), or reading the warehouse (`topics/match_candidate`).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from analytics.match_candidates.blocking import best_pairs, matrices
from analytics.match_candidates.columns import canonical
from analytics.match_candidates.evidence import Pairs, compare, reasons
from analytics.match_candidates.features import read_names, weigh
from analytics.match_candidates.prepared import Codes, Prepared, prepare
from analytics.match_candidates.suggestions import one_of_an_edition, suggestions

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SHOWN = 0.1  # a candidate below is none
BLOCK = 10_000  # mentions compared at a time
COLUMNS = ("mention_key", "rank", "cluster_id", "score", "reasons", "suggestion", "name_printed", "matched_name")


def propose(
    mentions: pd.DataFrame,
    clusters: pd.DataFrame,
    limit: int = 5,
    silenced: frozenset[tuple[str, str]] = frozenset(),
    taken: frozenset[tuple[str, str]] = frozenset(),
) -> pd.DataFrame:
    """See `analytics.match_candidates.propose`."""
    import numpy as np
    import pandas as pd

    left, right = _sorted(mentions), _sorted(clusters)
    if left.empty or right.empty:
        return pd.DataFrame({column: pd.Series(dtype=object) for column in COLUMNS})
    one, other = read_names(left), read_names(right, "cluster")
    weights = weigh([one, other])
    codes = Codes()
    ready = (prepare(one, weights, codes), prepare(other, weights, codes))
    met = best_pairs(matrices(one, other, weights), one, other)
    at = np.searchsorted(one.owner[met[0]], np.arange(0, len(left) + BLOCK, BLOCK))
    blocks = [(met[0][start:end], met[1][start:end]) for start, end in pairwise(at.tolist()) if start < end]
    made = [_block(*ready, *forms, limit, silenced, taken) for forms in blocks]
    empty = pd.DataFrame({column: pd.Series(dtype=object) for column in COLUMNS})
    return one_of_an_edition(pd.concat(made, ignore_index=True), left) if made else empty


def _block(
    one: Prepared,
    other: Prepared,
    left_form: np.ndarray,
    right_form: np.ndarray,
    limit: int,
    silenced: frozenset[tuple[str, str]],
    taken: frozenset[tuple[str, str]],
) -> pd.DataFrame:
    """The candidates of some mentions."""
    import numpy as np
    import pandas as pd

    pairs = compare(one, other, left_form, right_form)
    keys, ids = one.names.rows["id"].to_numpy(), other.names.rows["id"].to_numpy()
    named = list(zip(keys[pairs.left], ids[pairs.right], strict=True)) if silenced or taken else []
    if taken:
        pairs.amount["taken_in_edition"] = np.array([pair in taken for pair in named], dtype=float)
        pairs.rescore()
    kept = pairs.score >= SHOWN
    if silenced:
        kept &= np.array([pair not in silenced for pair in named], dtype=bool)
    ranked, rank = _ranked(pairs.take(np.flatnonzero(kept)), other.names.rows, limit)
    return pd.DataFrame(
        {
            "mention_key": keys[ranked.left],
            "rank": rank,
            "cluster_id": ids[ranked.right],
            "score": ranked.score,
            "reasons": reasons(ranked),
            "suggestion": suggestions(ranked, rank),
            "name_printed": one.names.rows["name"].to_numpy()[ranked.left],
            "matched_name": other.names.rows["name"].to_numpy()[ranked.right],
        }
    )


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    return canonical(table).sort_values(["id", "name"], kind="stable").reset_index(drop=True)


def _ranked(pairs: Pairs, clusters: pd.DataFrame, limit: int) -> tuple[Pairs, list[int]]:
    """The best name of each cluster, then the best clusters of each mention; ties by the order of the ids."""
    import numpy as np

    cluster = np.unique(clusters["id"], return_inverse=True)[1][pairs.right]
    order = np.lexsort((pairs.right, cluster, -pairs.score, pairs.left))
    code = pairs.left[order] * np.int64(len(clusters) + 1) + cluster[order]
    _, first = np.unique(code, return_index=True)
    order = order[np.sort(first)]
    left = pairs.left[order]
    starts = np.concatenate(([True], left[1:] != left[:-1])) if len(left) else np.zeros(0, dtype=bool)
    place = np.arange(len(left))
    rank = place - np.maximum.accumulate(np.where(starts, place, 0)) + 1 if len(left) else place
    return pairs.take(order[rank <= limit]), rank[rank <= limit].tolist()
