"""Belongs here: what a reviewer is advised to do with a candidate: `same`, `review` or `new`.

Does not belong here: what a candidate is worth (`evidence`), or what was decided already (`proposals`, as `taken`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from analytics.match_candidates.evidence import Pairs

SAME, REVIEW = 0.75, 0.45  # from here on the same, from here on worth a look; below it is rather a new cluster
LEAD = 0.05  # a first candidate that leads the second by less is no clear one
RIVAL = "another undecided mention of this edition fits the cluster as well or better; one cluster has at most one"


def one_of_an_edition(found: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """`same` for at most one mention of an edition and cluster: the one that fits best; for none if two fit best."""
    if not found["suggestion"].eq("same").any():
        return found
    edition = found["mention_key"].map(dict(zip(mentions["id"], mentions["edition"], strict=True)))
    same = found["suggestion"].eq("same") & edition.ne("")
    place = [edition[same], found.loc[same, "cluster_id"]]
    score = found.loc[same, "score"]
    groups = score.groupby(place)
    is_best = score.eq(groups.transform("max"))
    rival = ~(is_best & (is_best.groupby(place).transform("sum") == 1))
    rivals = rival[rival].index
    found.loc[rivals, "suggestion"] = "review"
    found.loc[rivals, "reasons"] += "; " + RIVAL
    return found


def suggestions(pairs: Pairs, rank: list[int]) -> list[str]:
    """The advice for each candidate; `same` for a first one only that leads the second clearly."""
    taken = pairs.amount.get("taken_in_edition")
    suggested = []
    scores = pairs.score.tolist()
    runner_up = [second if number == 2 else 0.0 for second, number in zip(scores[1:], rank[1:], strict=True)] + [0.0]
    for place, (score, number) in enumerate(zip(scores, rank, strict=True)):
        leads = score - runner_up[place] >= LEAD
        if score >= SAME and leads and number == 1 and (taken is None or not taken[place]):
            suggested.append("same")
        else:
            suggested.append("review" if score >= REVIEW else "new")
    return suggested
