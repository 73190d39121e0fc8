"""Belongs here: groups of mentions that are one body, at most one mention of a group per edition.

Does not belong here: what a pair is worth (`evidence`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.match_candidates.blocking import best_pairs, matrices
from analytics.match_candidates.columns import canonical
from analytics.match_candidates.evidence import Pairs, compare, reasons
from analytics.match_candidates.features import Names, read_names, weigh
from analytics.match_candidates.prepared import Codes, prepare

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

COLUMNS = ("mention_key", "edition", "name", "group_id", "score", "reasons")
THRESHOLD = 0.65
SUPPORT = 0.35  # mean score over all pairs of two groups from which on they are one


def link_mentions(mentions: pd.DataFrame, threshold: float = THRESHOLD) -> pd.DataFrame:
    """A group for each mention: columns mention_key, edition, name, group_id, score, reasons; in the order given.

    Pairs are taken best first; a pair joins two groups when they share no edition and their members agree on average.
    Without a column `edition` nothing keeps two mentions apart. `score` and `reasons` are those of the mention's best
    link within its group, empty for a group of one.
    """
    import numpy as np
    import pandas as pd

    rows = canonical(mentions)
    if rows.empty:
        return pd.DataFrame({column: pd.Series(dtype=object) for column in COLUMNS})
    order = rows.sort_values(["name", "edition", "country", "id"], kind="stable").index.to_numpy()
    names = read_names(rows.loc[order].reset_index(drop=True))
    pairs = _pairs(names)
    group = _groups(pairs, names, threshold)
    score, why = np.zeros(len(rows)), np.full(len(rows), "", dtype=object)
    texts = reasons(pairs)
    for place in np.argsort(-pairs.score, kind="stable").tolist():
        one, other = int(pairs.left[place]), int(pairs.right[place])
        if group[one] == group[other]:
            for mention in (one, other):
                if not why[mention]:
                    score[mention], why[mention] = pairs.score[place], texts[place]
    back = np.argsort(order)
    return pd.DataFrame(
        {
            "mention_key": rows["id"].to_numpy(),
            "edition": rows["edition"].to_numpy(),
            "name": rows["name"].to_numpy(),
            "group_id": [f"G{number:06d}" for number in (group[back] + 1).tolist()],
            "score": score[back],
            "reasons": why[back],
        }
    )


def _pairs(names: Names) -> Pairs:
    import numpy as np

    weights = weigh([names])
    editions = names.rows["edition"]
    side = np.unique(editions, return_inverse=True)[1] if editions.any() else np.arange(len(names.rows))
    one, other = best_pairs(matrices(names, names, weights), names, names, side[names.owner])
    swap = names.owner[one] > names.owner[other]
    one, other = np.where(swap, other, one), np.where(swap, one, other)
    both = np.unique(np.stack([one, other]), axis=1)
    ready = prepare(names, weights, Codes())
    return compare(ready, ready, both[0], both[1])


def _groups(pairs: Pairs, names: Names, threshold: float) -> np.ndarray:
    """Number of the group of each mention, by the place of its first member."""
    import numpy as np

    count = len(names.rows)
    editions = [{edition} - {""} for edition in names.rows["edition"]]
    members: list[list[int]] = [[place] for place in range(count)]
    home = list(range(count))
    known = dict(zip(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True), pairs.score.tolist(), strict=True))
    order = np.lexsort((pairs.right, pairs.left, -pairs.score))
    for place in order[pairs.score[order] >= threshold].tolist():
        one, other = home[int(pairs.left[place])], home[int(pairs.right[place])]
        if one == other or editions[one] & editions[other]:
            continue
        crossing = [known.get((min(a, b), max(a, b)), 0.0) for a in members[one] for b in members[other]]
        if sum(crossing) / len(crossing) < SUPPORT:
            continue
        one, other = min(one, other), max(one, other)
        editions[one] |= editions[other]
        members[one] += members[other]
        for member in members[other]:
            home[member] = one
        members[other] = []
    return np.unique(np.array(home), return_inverse=True)[1]
