"""Which of our columns each printed column of a file is.

Belongs here: the card's column map against the header of the file. Does not belong here: finding the header.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError, nearest_word
from ingest.source_card import SourceCard
from ingest.tables.printed import Facts


def columns_of(card: SourceCard, facts: Facts) -> tuple[tuple[str | None, ...], tuple[Problem, ...]]:
    """Our column for each printed one, None where it is kept as printed only, and what there is to say of it.

    Raises:
        SourceError: a header that is not in the card, or an entry of the card that is not in the header.
    """
    problems = tuple(_strict_problems(card, facts))
    if problems:
        raise SourceError(problems)
    return tuple(card.column_map[name] for name in facts.header), ()


def _strict_problems(card: SourceCard, facts: Facts) -> Iterator[Problem]:
    """Both ways strict: a header that is not in the card, and a card entry that is not in the header."""
    unmapped = [name for name in facts.header if name not in card.column_map]
    unused = [name for name in card.column_map if name not in facts.header]
    where = Place(card.file.name, facts.sheet, row=facts.header_rows[-1] if facts.header_rows else 0)
    for name in unmapped:
        near = nearest_word(name, unused or card.column_map) or "-"
        yield problem("column_unknown", where, name=name, near=near, known=", ".join(card.column_map), card=card.path)
    for name in unused:
        near = nearest_word(name, unmapped or facts.header) or "-"
        yield problem("column_missing", f"{card.path}, columns > {name}", name=name, near=near,
                      header=", ".join(facts.header))  # fmt: skip
