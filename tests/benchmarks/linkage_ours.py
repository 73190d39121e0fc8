"""Belongs here: the project's own matcher as a way of linking the labelled set. Does not belong here: its rivals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from analytics.match_candidates import link_mentions
from tests.benchmarks.linkage_set import Mention


def our_groups(mentions: Sequence[Mention]) -> list[list[Mention]]:
    """The groups of the matcher, which sees the name, country, web site and roster and nothing else of a mention."""
    table = pd.DataFrame(
        [(each.mention_id, each.edition, each.name, each.country, each.website) for each in mentions],
        columns=["id", "edition", "name", "country", "website"],
    )
    known = {each.mention_id: each for each in mentions}
    groups = defaultdict(list)
    for row in link_mentions(table).itertuples():
        groups[row.group_id].append(known[row.mention_key])
    return list(groups.values())
