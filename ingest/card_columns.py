"""Which of our columns each printed column of a file is.

Belongs here: the card's column map against the header of the file. Does not belong here: finding the header.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.column_match import match_columns
from ingest.message import problem
from ingest.problem import Outcome, Place, Problem, SourceError, nearest_word
from ingest.source_card import SourceCard
from ingest.tables.printed import Facts


def columns_of(
    card: SourceCard, facts: Facts, *, is_strict: bool
) -> tuple[tuple[str | None, ...], tuple[Problem, ...]]:
    """Our column for each printed one, None where it is kept as printed only, and what there is to say of it.

    ``is_strict``: header and card are the same, word for word, as they are for a file that was reviewed with its card;
    else a header may be spelled or ordered otherwise, have more columns, and lack what is optional.

    Raises:
        SourceError: a header that is not in the card, or an entry of the card that is not in the header.
    """
    if is_strict:
        problems = list(_strict_problems(card, facts))
        ours = tuple(card.column_map.get(name) for name in facts.header)
    else:
        match, problems = match_columns(
            card.column_map,
            facts.header,
            key=card.key,
            required=card.layout.required,
            optional=card.content.get("optional", []),
            table=card.table,
            where=_header_place(card, facts),
        )
        at = {place: column for column, place in match.places.items()}
        ours = tuple(at.get(place) for place in range(len(facts.header)))
    if any(each.outcome in (Outcome.QUAR, Outcome.STOP) for each in problems):
        raise SourceError(problems)
    return ours, tuple(problems)


def _header_place(card: SourceCard, facts: Facts) -> Place:
    return Place(card.file.name, facts.sheet, row=facts.header_rows[-1] if facts.header_rows else 0)


def _strict_problems(card: SourceCard, facts: Facts) -> Iterator[Problem]:
    """Both ways strict: a header that is not in the card, and a card entry that is not in the header."""
    unmapped = [name for name in facts.header if name not in card.column_map]
    unused = [name for name in card.column_map if name not in facts.header]
    where = _header_place(card, facts)
    for name in unmapped:
        near = nearest_word(name, unused or card.column_map) or None
        yield problem(
            "header_not_in_card", where, name=name, near=near, known=", ".join(card.column_map), card=card.path
        )
    for name in unused:
        near = nearest_word(name, unmapped or facts.header) or None
        yield problem("header_gone", f"{card.path}, columns > {name}", name=name, near=near,
                      header=", ".join(facts.header))  # fmt: skip
