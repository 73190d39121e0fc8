"""The kinds of nothing: none, not known, not asked, kept secret, below the unit, not applicable, to come.

Belongs here: which sign means which, by the table and by what a card declares. Does not belong here: the values that do
stand there. A sign that nobody declared is no nothing: it is unreadable, and a person looks at it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

from ingest.problem import nearest
from ingest.values.tables import read_values_table

GIVEN, BLANK, UNREADABLE = "given", "blank", "unreadable"
_DASHES = str.maketrans(dict.fromkeys("−‐‑‒–—―﹣－─━", "-"))


def folded_token(text: str) -> str:
    """A token as the table has it: NFKC, small letters, one kind of dash. The ellipsis is kept as one sign."""
    plain = unicodedata.normalize("NFKC", text.replace("…", "\x00").replace("‥", "\x01").translate(_DASHES))
    plain = plain.replace("\x00", "…").replace("\x01", "‥").translate(_DASHES)
    if plain and not plain.strip("…"):
        return "…"
    return plain.casefold().strip()


def state_of_nothing(text: str, declared: Mapping[str, str], *, by_table: bool) -> str | None:
    """The state that a text stands for, or None if it is no nothing.

    ``declared`` are the tokens of a card with their states, which go before the table; ``by_table`` is false for the
    kinds where a short text is a value of its own: names, places, free text (NA is Namibia).
    """
    if not declared and not by_table:
        return None
    token = folded_token(text)
    for printed, state in declared.items():
        if folded_token(printed) == token:
            return state
    return tokens().get(token) if by_table else None


@cache
def tokens() -> Mapping[str, str]:
    """Token -> state of ``nothing_token.csv``, without those that count only where a card declares them."""
    return {
        folded_token(row["token"]): row["state"]
        for row in read_values_table("nothing_token")
        if not row["only_declared"]
    }


@cache
def states() -> tuple[str, ...]:
    """The closed list of states."""
    return tuple(row["state"] for row in read_values_table("state"))


def check_declared(declared: Mapping[str, str]) -> None:
    """Every declared state is one of the list.

    Raises:
        ValueError: it is not; the sentence names the nearest.
    """
    for token, state in declared.items():
        if state not in states() or state in {GIVEN, BLANK, UNREADABLE}:
            raise ValueError(
                f"{token!r} is declared as {state!r}, which is no kind of nothing{nearest(state, states())}"
            )
