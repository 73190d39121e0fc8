"""Whom the numbers of a row of `survey_estimate` are about.

Belongs here: from the words of a row to the keys of its counts. Does not belong here: the counts themselves
(``estimates``), what of them is shown (``shown``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analytics.estimate import Row
from analytics.survey_statistics.disclosure.publication import (
    ANSWERED,
    MISSING,
    OPTION,
    TICKED,
    Key,
    category_of,
    cell_key,
)

EVERYONE = "all"
# Stands in the place of a count of missing that is not shown.
HIDDEN_STATE = "c"
RANKED = ", those who ranked "


@dataclass(frozen=True)
class Place:
    """Whom the numbers of a row are about: all who answered in its domain, and those of its category, if it has any.

    ``asked``: the variable that its missing lack, the question or a part of a ranking.
    """

    domain: Key
    question: str
    asked: str
    base: Key
    category: Key | None


def place_of(row: Row, kinds: Mapping[str, str]) -> Place:
    """``kinds``: question to the kind that it is reported as."""
    question, statistic = str(row["question_code"]), str(row["statistic"])
    domain = () if row["domain"] == EVERYONE else cell_key([_pair(str(row["domain"]))])
    pair = _base_pair(row, kinds)
    base = cell_key([*domain, pair])
    category = None
    if row["category"] is not None and row["numerator"] is not None:
        label, kind = str(row["category"]), kinds.get(question, "")
        if statistic == "proportion" and kind in ("choice", "scale"):
            category = cell_key([*domain, (question, category_of(label))])
        elif kind == "multiple":
            category = cell_key([*domain, (question + OPTION + label, TICKED)])
        else:
            category = cell_key([*domain, (f"{question}{OPTION}{statistic}, {label}", TICKED)])
    return Place(domain, question, asked_of(row, kinds), base, category)


def _base_pair(row: Row, kinds: Mapping[str, str]) -> tuple[str, str]:
    """Who is in the base; of a ranking some rows are about those alone who ranked an option, or all of them."""
    question, words = str(row["question_code"]), str(row["base"]).replace(f"; {row['domain']}", "")
    part = re.search(rf"{re.escape(RANKED)}.*?(?=$|: \d+ of \d+$)|, all \d+ options ranked$", words)
    if kinds.get(question) != "ranking" or part is None:
        return question, ANSWERED
    return question + OPTION + part[0].removeprefix(", "), TICKED


def asked_of(row: Row, kinds: Mapping[str, str]) -> str:
    """Who is missing: those who ranked an option are among all who answered, and so are told with their missing."""
    variable, category = _base_pair(row, kinds)
    return str(row["question_code"]) if category == ANSWERED or RANKED[2:] in variable else variable


def _pair(domain: str) -> tuple[str, str]:
    variable, _, category = domain.partition(" = ")
    return variable, category_of(category)


def missing_counts(row: Row, place: Place) -> Iterator[tuple[Key, int]]:
    """Responses in each state of missing, from the words of a row."""
    for part in filter(None, str(row["missing"] or "").split(", ")):
        state, _, n = part.rpartition(" ")
        yield cell_key([*place.domain, (place.asked, MISSING + state)]), int(n)


def states(rows: Sequence[Row], kinds: Mapping[str, str]) -> Mapping[str, set[str]]:
    """The states of missing that any row of a question, or of a part of a ranking, names."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        parts = filter(None, str(row["missing"] or "").split(", "))
        found[asked_of(row, kinds)] |= {part.rpartition(" ")[0] for part in parts}
    return found


def missing_told(row: Row, place: Place, states: set[str]) -> dict[Key, int | None]:
    """What a row tells of each state: a count, 0 where it lists the others only, None where it is hidden."""
    listed = dict(part.rpartition(" ")[::2] for part in filter(None, str(row["missing"] or "").split(", ")))
    told: dict[Key, int | None] = {}
    for state in states:
        n = listed.get(state, "0" if row["base_n"] is not None else HIDDEN_STATE)
        told[cell_key([*place.domain, (place.asked, MISSING + state)])] = None if n == HIDDEN_STATE else int(n)
    return told
