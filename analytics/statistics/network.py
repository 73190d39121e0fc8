"""Two-mode networks of ties between two sides: degree, components, density and one-mode projections.

Belongs here: arithmetic on pairs of names. Does not belong here: what the parties are and where the ties come from.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from itertools import combinations

Tie = tuple[str, str]


@dataclass(frozen=True)
class Component:
    """Parties that are connected by ties, directly or through others."""

    number: int
    parties: tuple[str, ...]
    n_ties: int


@dataclass(frozen=True)
class Link:
    """Two groups joined in a projection: the partners they share and the ties that run through these."""

    group_a: str
    group_b: str
    shared: tuple[str, ...]
    ties: frozenset[Tie]


@dataclass(frozen=True)
class TwoModeNetwork:
    """Ties between a left and a right side; the same pair counts once. A name on both sides is two parties."""

    ties: frozenset[Tie]

    @property
    def left(self) -> list[str]:
        """Parties of the left side in order."""
        return sorted({left for left, _ in self.ties})

    @property
    def right(self) -> list[str]:
        """Parties of the right side in order."""
        return sorted({right for _, right in self.ties})

    @property
    def density(self) -> float | None:
        """Ties over possible ties, 0 to 1: m / (n_left * n_right); None without parties (Wasserman & Faust 1994)."""
        possible = len(self.left) * len(self.right)
        return len(self.ties) / possible if possible else None

    def degrees(self) -> tuple[Counter[str], Counter[str]]:
        """Number of partners of each party of the left and of the right side."""
        return Counter(left for left, _ in self.ties), Counter(right for _, right in self.ties)

    def components(self) -> list[Component]:
        """Connected components, those with most parties first; of the same size, the one with the first name."""
        if not self.ties:
            return []
        import numpy
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        left, right = self.left, self.right
        place_left = {name: place for place, name in enumerate(left)}
        place_right = {name: len(left) + place for place, name in enumerate(right)}
        size = len(left) + len(right)
        rows = [place_left[one] for one, _ in self.ties]
        columns = [place_right[other] for _, other in self.ties]
        links = coo_array((numpy.ones(len(rows), dtype=numpy.int8), (rows, columns)), shape=(size, size))
        _, labels = connected_components(links, directed=False)
        members: dict[int, list[str]] = defaultdict(list)
        for name, label in zip([*left, *right], labels.tolist(), strict=True):
            members[label].append(name)
        n_ties = Counter(labels[row] for row in rows)
        ordered = sorted(members, key=lambda label: (-len(members[label]), members[label]))
        return [
            Component(number, tuple(members[label]), n_ties[label]) for number, label in enumerate(ordered, start=1)
        ]


def projected_links(ties: Iterable[tuple[Tie, str, str]]) -> list[Link]:
    """One-mode projection of a network onto groups: two groups are linked if a partner has ties into both.

    ``ties``: each tie with the partner to be shared and one group that the tie leads to; a tie that leads to several
    groups comes several times. The links are in the order of the groups; ``group_a`` comes first by name.
    """
    reached: dict[str, dict[str, set[Tie]]] = defaultdict(lambda: defaultdict(set))
    for tie, partner, group in ties:
        reached[partner][group].add(tie)
    shared: dict[tuple[str, str], dict[str, Set[Tie]]] = defaultdict(dict)
    for partner, groups in reached.items():
        for pair in combinations(sorted(groups), 2):
            shared[pair][partner] = groups[pair[0]] | groups[pair[1]]
    return [
        Link(group_a, group_b, tuple(sorted(partners)), frozenset().union(*partners.values()))
        for (group_a, group_b), partners in sorted(shared.items())
    ]


def crossed_groups(
    ties: Iterable[Tie], groups_left: Mapping[str, Iterable[str]], groups_right: Mapping[str, Iterable[str]]
) -> dict[tuple[str, str], frozenset[Tie]]:
    """Two-mode projection: the ties between each group of the left side and each of the right, where there are any."""
    crossed: dict[tuple[str, str], set[Tie]] = defaultdict(set)
    for tie in ties:
        for one in groups_left.get(tie[0], ()):
            for other in groups_right.get(tie[1], ()):
                crossed[one, other].add(tie)
    return {pair: frozenset(found) for pair, found in sorted(crossed.items())}
