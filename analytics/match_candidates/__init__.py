"""Belongs here: which cluster a printed name may be, proposed with a score and its reasons in words.

Does not belong here: a decision. The machine proposes; a reviewed row of `decisions.csv` decides.

`propose(mentions, clusters)` ranks candidate clusters for each mention. `link_mentions(mentions)` groups the mentions
of several editions without a register. Both are deterministic, and neither depends on the order of the rows.

From the command line, on your own rosters::

    python -m analytics.match_candidates MENTIONS.csv               # groups: one file with a column `edition`
    python -m analytics.match_candidates MENTIONS.csv CLUSTERS.csv  # candidates for each mention

Only the column `name` is needed. Used when there: `id`, `edition` (or source, roster, list), `country` (code, or name
in any language), `region` (prefecture, nuts), `website` (url, domain, homepage), `founded_year`, `other_names` (a list,
or text with `;` between), `language`. `column_name.csv` holds all names of columns that are understood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["link_mentions", "propose"]


def propose(
    mentions: pd.DataFrame,
    clusters: pd.DataFrame,
    limit: int = 5,
    silenced: frozenset[tuple[str, str]] = frozenset(),
    taken: frozenset[tuple[str, str]] = frozenset(),
) -> pd.DataFrame:
    """Ranked candidate clusters for each mention.

    Both tables need a column `name`; the others named in the package text are used when there. A cluster may come in
    several rows with one id, one row per name. `silenced` holds (mention, cluster) pairs that were decided to be
    different: they are never proposed. `taken` holds pairs whose cluster already has a mention in the same edition and
    role: they are ranked lower, and the reason says so.

    Returns one row per mention and candidate: mention_key, rank (1 to `limit`), cluster_id, score (0 to 1, the sum of
    the weights in `evidence.csv`), reasons, suggestion (same, review or new), name_printed, matched_name.
    Raises ``ValueError`` with a sentence when no column holds names.
    """
    from analytics.match_candidates import proposals

    return proposals.propose(mentions, clusters, limit, silenced, taken)


def link_mentions(mentions: pd.DataFrame) -> pd.DataFrame:
    """A group for each mention, in the order given: mention_key, edition, name, group_id, score, reasons.

    With a column `edition` no group holds two mentions of one edition. Raises ``ValueError`` with a sentence when no
    column holds names.
    """
    from analytics.match_candidates import grouping

    return grouping.link_mentions(mentions)
