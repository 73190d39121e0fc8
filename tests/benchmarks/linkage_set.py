"""Belongs here: the labelled linkage set as the benchmark and the test read it, and how links are scored.
Does not belong here: any way of linking.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "linkage"
# The two halves of the set, both, and the smaller set of kinds that no made-up body of either half is of.
DEVELOPMENT, HELD_OUT, ALL, UNSEEN = "development", "held out", "all", "unseen kinds"
Pair = tuple[str, str]


@dataclass(frozen=True)
class Mention:
    """One printed row of a roster with its true entity."""

    mention_id: str
    edition: str
    name: str
    country: str
    website: str
    language: str
    entity_id: str
    origin: str
    split: str
    is_synthetic: str


@dataclass(frozen=True)
class Quality:
    """Pairwise precision, recall and F1 over mention pairs from two different editions, with their counts."""

    true_pairs: int
    found_pairs: int
    correct_pairs: int

    @property
    def precision(self) -> float:
        """Share of the found pairs that are true; 1 when nothing was found."""
        return self.correct_pairs / self.found_pairs if self.found_pairs else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were found."""
        return self.correct_pairs / self.true_pairs

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.correct_pairs / (self.true_pairs + self.found_pairs)


def labelled(half: str = ALL) -> list[Mention]:
    """The mentions of one half, of both or of the smaller set, in the order of the file."""
    with (FOLDER / ("unseen_kinds.csv" if half == UNSEEN else "mentions.csv")).open(
        encoding="utf-8", newline=""
    ) as file:
        mentions = [Mention(**row) for row in csv.DictReader(file)]
    return [each for each in mentions if half in {ALL, each.split}]


def true_pairs(mentions: Iterable[Mention]) -> set[Pair]:
    """All pairs of mentions of one entity in two editions."""
    groups = defaultdict(list)
    for each in mentions:
        groups[each.entity_id].append(each)
    return cross_edition_pairs(groups.values())


def cross_edition_pairs(groups: Iterable[Sequence[Mention]]) -> set[Pair]:
    """All pairs within each group whose editions differ, each as (smaller id, larger id)."""
    return {
        (min(one.mention_id, other.mention_id), max(one.mention_id, other.mention_id))
        for group in groups
        for one, other in combinations(group, 2)
        if one.edition != other.edition
    }


def groups_from_pairs(mentions: Sequence[Mention], pairs: Iterable[Pair]) -> list[list[Mention]]:
    """Connected components of the pairs, mentions without a pair alone."""
    parent = {each.mention_id: each.mention_id for each in mentions}

    def root(one: str) -> str:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for one, other in pairs:
        parent[root(one)] = root(other)
    groups = defaultdict(list)
    for each in mentions:
        groups[root(each.mention_id)].append(each)
    return list(groups.values())


def quality(mentions: Sequence[Mention], found: set[Pair]) -> Quality:
    """Score found pairs against the labels."""
    truth = true_pairs(mentions)
    return Quality(len(truth), len(found), len(truth & found))
