"""Belongs here: plain normalisation and rapidfuzz alone as ways of linking the labelled set.
Does not belong here: Splink (linkage_splink.py), ours (analytics/match_candidates), scoring (linkage_set.py).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from rapidfuzz import fuzz, process

from tests.benchmarks.linkage_set import Mention, Pair, cross_edition_pairs, quality


def normalised(name: str) -> str:
    """Casefolded, without marks and punctuation, blanks single."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(each if each.isalnum() else " " for each in decomposed if not unicodedata.combining(each))
    return " ".join(kept.split())


def plain_pairs(mentions: Sequence[Mention]) -> set[Pair]:
    """Mentions are the same when their normalised names are equal."""
    groups = defaultdict(list)
    for each in mentions:
        groups[normalised(each.name)].append(each)
    return cross_edition_pairs(groups.values())


def fuzzy_pairs(mentions: Sequence[Mention], scorer: str, threshold: float) -> set[Pair]:
    """For each two editions, one-to-one and best first, the pairs that score at least the threshold (0..100)."""
    score = getattr(fuzz, scorer)
    editions = defaultdict(list)
    for each in mentions:
        editions[each.edition].append(each)
    pairs = set()
    for left, right in combinations(editions.values(), 2):
        scores = process.cdist(
            [normalised(each.name) for each in left],
            [normalised(each.name) for each in right],
            scorer=score,
            score_cutoff=threshold,
            workers=2,
            dtype=np.float32,
        )
        rows, columns = np.nonzero(scores >= threshold)
        taken_left, taken_right = set(), set()
        for at in np.argsort(-scores[rows, columns], kind="stable"):
            row, column = rows[at], columns[at]
            if row in taken_left or column in taken_right:
                continue
            taken_left.add(row)
            taken_right.add(column)
            one, other = sorted((left[row].mention_id, right[column].mention_id))
            pairs.add((one, other))
    return pairs


def best_fuzzy(development: Sequence[Mention]) -> tuple[str, float]:
    """The scorer and the threshold that do best on the development half."""
    choices = [(scorer, float(cut)) for scorer in ("token_sort_ratio", "token_set_ratio") for cut in range(70, 101, 2)]
    return max(choices, key=lambda choice: quality(development, fuzzy_pairs(development, *choice)).f1)
