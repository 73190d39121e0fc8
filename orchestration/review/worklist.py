"""What is still to decide, with everything needed to decide it.

Belongs here: the build's mentions less the decisions made since, the candidates less those already refused, the rows
that a cluster has already, the search by name. Does not belong here: how it is shown (``screen``, ``listing``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from analytics.cluster_search import folded
from ingest.registry.register import Cluster, Decision, Register
from orchestration.review.evidence import Candidate, Evidence, Mention

RESULTS_SHOWN = 30


@dataclass(frozen=True)
class Worklist:
    """The evidence of a build read together with the register as it is now."""

    evidence: Evidence
    register: Register

    def open_mentions(self) -> list[Mention]:
        """The mentions that nobody has settled: what stops a release first, then what nobody has looked at."""
        found = [each for each in self.evidence.mentions.values() if self._is_open(each)]
        return sorted(
            found,
            key=lambda each: (
                not each.is_blocking,
                bool(self.register.live(each.mention_key)),
                each.edition_id,
                each.role,
                int(each.row_number),
                each.mention_key,
            ),
        )

    def candidates(self, mention: Mention) -> list[Candidate]:
        """The proposals for the mention, best first, without those it was decided to differ from."""
        refused = self.refused(mention.mention_key)
        return [
            each
            for each in self.evidence.candidates.get(mention.mention_key, ())
            if each.cluster_id not in refused and each.cluster_id in self.register.clusters
        ]

    def refused(self, mention_key: str) -> set[str]:
        """The clusters that the mention was decided to differ from."""
        return {each.cluster_id for each in self.register.live(mention_key) if each.verdict == "different"}

    def decisions(self, mention: Mention) -> tuple[Decision, ...]:
        """Everything ever decided about the mention, withdrawn rows included."""
        return self.register.by_mention.get(mention.mention_key, ())

    def rows_of(self, cluster_id: str) -> list[Mention]:
        """The printed rows that are this cluster, oldest edition first."""
        rows = self._placed.get(cluster_id, [])
        return sorted(rows, key=lambda each: (str(each.reference_date or ""), each.edition_id, each.mention_key))

    def placed_on(self, mention: Mention) -> str:
        """Id of the cluster that the mention is; empty if it is none or not decided."""
        if mention.mention_key not in self.register.by_mention:
            return mention.placed_on
        placing = self.register.placing(mention.mention_key)
        return placing.cluster_id if placing else ""

    def name_of(self, cluster_id: str) -> str:
        """The label of a cluster in the register."""
        cluster = self.register.clusters.get(cluster_id)
        return cluster.label if cluster else ""

    def search(self, words: str, *, is_synthetic: bool) -> list[Cluster]:
        """Clusters with all the words in one of their names, their id or their note; whole names first."""
        wanted = [word for each in words.split() if (word := folded(each))]
        if not wanted:
            return []
        found = []
        for cluster, names, text in self._searched:
            if cluster.is_synthetic == is_synthetic and all(word in text for word in wanted):
                begins = any(name.startswith(wanted[0]) for name in names)
                in_names = any(all(word in name for word in wanted) for name in names)
                found.append((not in_names, not begins, cluster.label.casefold(), cluster.cluster_id))
        return [self.register.clusters[cluster_id] for *_, cluster_id in sorted(found)[:RESULTS_SHOWN]]

    @cached_property
    def _searched(self) -> list[tuple[Cluster, tuple[str, ...], str]]:
        """Every cluster with its names and all its text, as they are compared."""
        rows = []
        for cluster in self.register.clusters.values():
            own = (cluster.label, *self.evidence.names.get(cluster.cluster_id, ()))
            names = tuple(folded(each) for each in own)
            rows.append((cluster, names, " ".join((*names, folded(cluster.cluster_id), folded(cluster.note)))))
        return rows

    @cached_property
    def _placed(self) -> dict[str, list[Mention]]:
        rows: dict[str, list[Mention]] = {}
        for mention in self.evidence.mentions.values():
            if placed := self.placed_on(mention):
                rows.setdefault(placed, []).append(mention)
        return rows

    def _is_open(self, mention: Mention) -> bool:
        """Undecided now. A mention settled by a register that is not among ours stays settled."""
        if mention.mention_key in self.register.by_mention:
            return self.register.placing(mention.mention_key) is None
        return not mention.verdict


def seat_of(mention: Mention, countries: Mapping[str, str], regions: Mapping[str, str]) -> str:
    """Country code of the printed country, else of the printed region or prefecture; empty if neither is known.

    Both maps go from what is printed, in capital letters, to the code.
    """
    region = mention.region.strip().upper().removesuffix(" PREFECTURE")
    return countries.get(mention.country.strip().upper()) or regions.get(region, "")
