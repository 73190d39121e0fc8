"""Find clusters by any name they are known by, as a person types it.

Belongs here: the search in the names of a release. Does not belong here: proposals for printed names
(``match_candidates``) or what is said about a cluster once it is found.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.estimate import fetch_rows

if TYPE_CHECKING:
    import duckdb

NEAR = 5
SIMILAR_ENOUGH = 0.7


@dataclass(frozen=True)
class FoundCluster:
    """A cluster with the name by which it was found."""

    cluster_id: str
    label: str
    name: str


@dataclass(frozen=True)
class ClusterSearch:
    """Clusters that have the name, and, if there is none, those with names near it and all that have it as a part."""

    exact: tuple[FoundCluster, ...]
    near: tuple[FoundCluster, ...]
    within: tuple[FoundCluster, ...] = ()


def find_clusters(connection: duckdb.DuckDBPyConnection, text: str) -> ClusterSearch:
    """Look for a cluster by its id or by a name, whatever its case, width, accents and signs."""
    wanted = folded(text)
    query = """
        select name.cluster_id, cluster.label, name.name
        from marts.dim_cluster_name as name
        join marts.dim_cluster as cluster using (cluster_id)
        order by all
    """
    names = [FoundCluster(**row) for row in fetch_rows(connection, query)]
    pairs = [(each, folded(each.name)) for each in names]
    exact = {each.cluster_id: each for each, key in pairs if wanted and key == wanted}
    exact |= {each.cluster_id: each for each in names if each.cluster_id.casefold() == text.strip().casefold()}
    if exact or not wanted:
        return ClusterSearch(tuple(exact.values()), ())
    having = {each.cluster_id: each for each, key in reversed(pairs) if wanted in key}
    within = tuple(having[cluster_id] for cluster_id in sorted(having))
    return ClusterSearch((), within[:NEAR] or tuple(_similar(pairs, wanted)[:NEAR]), within)


def folded(name: str) -> str:
    """A name without case, width, accents, signs and spaces, for comparing what people type with what was printed."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    # The voiced sound marks of kana are no accents: without them か and が would be one.
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign) or sign in "\u3099\u309a")
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", letters))


def _similar(names: list[tuple[FoundCluster, str]], wanted: str) -> list[FoundCluster]:
    from difflib import SequenceMatcher

    scored = [(SequenceMatcher(None, wanted, key).ratio(), each) for each, key in names]
    best: dict[str, tuple[float, FoundCluster]] = {}
    for score, each in sorted(scored, key=lambda pair: -pair[0]):
        best.setdefault(each.cluster_id, (score, each))
    return [each for score, each in best.values() if score >= SIMILAR_ENOUGH]
