"""Places in a ranking: counts that no row states, but that its rows give away.

Belongs here: how many put an option on each place, as cells. Does not belong here: what of a ranking is shown
(``shown``: nothing where any count of it is hidden).

Who was first and who was among the first two tells who was second; with the mean rank the third and fourth place
follow.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from analytics.estimate import Row
from analytics.survey_publication.place import place_of
from analytics.survey_statistics.disclosure.publication import OPTION, TICKED, Key, cell_key

FIRST, RANKED = "first place", "mean rank"
AMONG = re.compile(r"among the first (\d+)")


def place_counts(row: Row, kinds: Mapping[str, str]) -> Iterator[tuple[Key, int]]:
    """From the row of a mean rank: how many put its option on each place, and how many behind the first ones."""
    for rank, n in enumerate(row.get("places") or (), start=1):
        yield _key(row, kinds, f"place {rank}"), n


def told_counts(rows: Sequence[Row], kinds: Mapping[str, str]) -> Iterator[tuple[Key, int]]:
    """What a reader subtracts: those second, and those behind the first ones, of published rows."""
    options: dict[tuple[object, ...], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if kinds.get(str(row["question_code"])) == "ranking" and row["numerator"] is not None:
            about = (row["question_code"], row["category"], row["domain"], row.get("inference"))
            options[about][str(row["statistic"])] = row
    for found in options.values():
        ranked = found.get(RANKED)
        for statistic, row in found.items():
            if not (among := AMONG.fullmatch(statistic)):
                continue
            if among[1] == "2" and FIRST in found:
                yield _key(row, kinds, "place 2"), row["numerator"] - found[FIRST]["numerator"]
            if ranked is not None:
                yield _key(row, kinds, f"after place {among[1]}"), ranked["numerator"] - row["numerator"]


def _key(row: Row, kinds: Mapping[str, str], what: str) -> Key:
    domain = place_of(row, kinds).domain
    return cell_key([*domain, (f"{row['question_code']}{OPTION}{what}, {row['category']}", TICKED)])
