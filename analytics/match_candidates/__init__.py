"""Belongs here: which cluster a printed name may be, proposed with a score and its reasons in words.

Does not belong here: a decision. The machine proposes; a reviewed row of `decisions.csv` decides.

`propose(mentions, clusters)` ranks candidate clusters for each mention. `link_mentions(mentions)` groups the mentions of
several editions without a register. Both are deterministic, and neither depends on the order of the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["link_mentions", "propose"]


def propose(mentions: pd.DataFrame, clusters: pd.DataFrame, limit: int = 5) -> pd.DataFrame:
    """Ranked candidate clusters for each mention (columns: mention_key, rank, cluster_id, score, reasons, ...)."""
    raise NotImplementedError


def link_mentions(mentions: pd.DataFrame) -> pd.DataFrame:
    """A group for each mention (columns: mention_key, edition, group_id, score, reasons); one of a group per edition."""
    raise NotImplementedError
