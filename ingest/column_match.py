"""Which printed column is which column of the card, when a new file does not print its header quite as the card says.

Belongs here: respelled, renamed, moved, missing and additional columns. Does not belong here: finding the header
(``tables.header``) and what its words mean (``synonyms``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ingest.message import problem
from ingest.problem import Place, Problem, nearest_word
from ingest.synonyms import columns_for
from ingest.tables.cell_text import fold
from ingest.tables.header_names import repeated_names


@dataclass(frozen=True)
class ColumnMatch:
    """``places``: our column to the position in the header (from 0), for those there are. ``card_names``: position to
    the card's name of it, for those in the card. ``order``: all positions, in the card's order and then the others.
    """

    places: Mapping[str, int]
    card_names: Mapping[int, str]
    order: tuple[int, ...]


def match_columns(
    columns: Mapping[str, str | None],
    header: Sequence[str],
    *,
    key: Collection[str],
    required: Collection[str],
    optional: Collection[str] = (),
    table: str = "",
    where: Place,
) -> tuple[ColumnMatch, list[Problem]]:
    """Match a header with the card's ``columns`` (printed header to our column or None).

    ``key`` and ``required`` are columns of ours; ``optional`` are printed headers of the card that a file may lack.
    Problems with outcome QUAR mean that the file cannot be read with this card; nothing is raised.
    """
    problems: list[Problem] = []
    found = _same_names(columns, header, problems, where)
    _take_renamed(columns, header, found, table, problems, where)
    needed = {name for name, ours in columns.items() if name not in optional or ours in {*key, *required}}
    free = [name for place, name in enumerate(header) if place not in found.values()]
    for name in columns:
        if name not in found:
            problems.append(_missing(name, columns[name], free, name in needed, table, where))
    problems += _repeated_keys(columns, header, set(found.values()), {*key, *required}, where)
    extra = [place for place in range(len(header)) if place not in found.values()]
    if extra:
        names = ", ".join(f"'{header[place]}'" for place in extra)
        problems.append(problem("columns_extra", where, n=len(extra), names=names))
    order = [found[name] for name in columns if name in found]
    if order != sorted(order):
        problems.append(problem("columns_moved", where, names=", ".join(header)))
    places = {ours: found[name] for name, ours in columns.items() if ours is not None and name in found}
    return ColumnMatch(places, {place: name for name, place in found.items()}, (*order, *extra)), problems


def _same_names(
    columns: Mapping[str, str | None], header: Sequence[str], problems: list[Problem], where: Place
) -> dict[str, int]:
    """The card's names that stand in the header: exactly, or else but for width, case and blanks."""
    found = {name: header.index(name) for name in columns if name in header}
    respelled = []
    for name in columns:
        alike = [place for place, text in enumerate(header) if fold(text) == fold(name)]
        free = [place for place in alike if place not in found.values()]
        if name not in found and free:
            found[name] = free[0]
            respelled.append(f"'{header[free[0]]}' ('{name}')")
    if respelled:
        problems.append(problem("columns_respelled", where, n=len(respelled), names=", ".join(respelled)))
    return found


def _take_renamed(
    columns: Mapping[str, str | None],
    header: Sequence[str],
    found: dict[str, int],
    table: str,
    problems: list[Problem],
    where: Place,
) -> None:
    """Take a header for a missing one if both are known names of the same column of ours and nothing else claims it."""
    free = [place for place in range(len(header)) if place not in found.values()]
    claims: dict[str, list[int]] = {}
    for name, ours in columns.items():
        if name not in found and ours is not None and ours in columns_for(name, table):
            claims[name] = [place for place in free if ours in columns_for(header[place], table)]
    for name, places in claims.items():
        if len(places) == 1 and sum(places[0] in others for others in claims.values()) == 1:
            found[name] = places[0]
            problems.append(problem("column_renamed", where, name=name, found=header[places[0]], ours=columns[name]))


def _missing(name: str, ours: str | None, free: Sequence[str], is_needed: bool, table: str, where: Place) -> Problem:
    shown = ours or "~"
    if not is_needed:
        return problem("column_absent", where, name=name, ours=shown)
    by_meaning = [text for text in free if ours is not None and ours in columns_for(text, table)]
    near = nearest_word(name, by_meaning or free) or next(iter(by_meaning), "")
    if near:
        return problem("column_unknown", where, name=name, ours=shown, nearest=near)
    return problem("column_missing", where, name=name, ours=shown, names=", ".join(free) or None)


def _repeated_keys(
    columns: Mapping[str, str | None], header: Sequence[str], taken: set[int], needed: set[str], where: Place
) -> list[Problem]:
    """Key columns of which the file has several: which one is meant cannot be known unless the card maps them all."""
    problems = []
    for name, alike in repeated_names(header).items():
        ours = {columns[each] for each in columns if fold(each) in {fold(text) for text in alike}}
        if ours & needed and not all(header.index(text) in taken for text in alike):
            problems.append(problem("key_repeated", where, name=name, names=", ".join(f"'{text}'" for text in alike)))
    return problems
