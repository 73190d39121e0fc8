"""The worklist as a table on the terminal and as JSON.

Belongs here: showing what is still to decide. Does not belong here: deciding (``screen``, ``exchange``).
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from orchestration.review.evidence import Mention
from orchestration.review.worklist import Worklist

WIDTH_WITHOUT_TERMINAL = 160


def print_table(worklist: Worklist) -> None:
    """Print one row per open mention with its best candidate; nothing is cut off."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    mentions = worklist.open_mentions()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL)
    if mentions:
        table = Table(
            "blocks", "printed name", "best candidate", "mention", box=None, pad_edge=False, padding=(0, 2, 0, 0)
        )
        for column in table.columns:
            column.overflow = "fold"
        for mention in mentions:
            cells = ("yes" if mention.is_blocking else "", " / ".join(mention.names), _best(worklist, mention))
            table.add_row(*(Text(each) for each in (*cells, mention.mention_key)))
        console.print(table)
    console.print(Text(summary_line(worklist)))


def summary_line(worklist: Worklist) -> str:
    """How many mentions are open and how many of them stop a release, with the build that was read."""
    mentions = worklist.open_mentions()
    if not mentions:
        return f"Every mention in {worklist.evidence.origin} is decided."
    blocking = sum(each.is_blocking for each in mentions)
    noun = "mention" if len(mentions) == 1 else "mentions"
    return f"{len(mentions)} {noun} to decide in {worklist.evidence.origin}; {blocking or 'none'} would stop a release."


def as_json(worklist: Worklist) -> str:
    """The worklist as a JSON list: each open mention with its candidates and the decisions so far."""
    register = worklist.register
    rows = [
        {
            "mention_key": mention.mention_key,
            "is_blocking": mention.is_blocking,
            "edition_id": mention.edition_id,
            "role": mention.role,
            "name": mention.name,
            "name_en": mention.name_en,
            "name_ja": mention.name_ja,
            "country": mention.country,
            "region": mention.region,
            "file": mention.file_name,
            "row": int(mention.row_number),
            "page_address": mention.page_address,
            "is_synthetic": mention.is_synthetic,
            "candidates": [
                {**asdict(each), "label": worklist.name_of(each.cluster_id)} for each in worklist.candidates(mention)
            ],
            "decisions": [
                {**each.cells, "place": each.place, "is_live": register.withdrawal(each) is None}
                for each in worklist.decisions(mention)
            ],
        }
        for mention in worklist.open_mentions()
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _best(worklist: Worklist, mention: Mention) -> str:
    candidates = worklist.candidates(mention)
    if not candidates:
        return "none proposed"
    best = candidates[0]
    score = "" if best.score is None else f"{best.score:.2f} "
    return f"{score}{best.cluster_id} {worklist.name_of(best.cluster_id)}"
