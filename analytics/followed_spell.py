"""Spells under observation as the statistics of durations take them: years on a clock, with entry, exit and censoring.

Belongs here: reading `marts.fct_cluster_spell` and the choice of clock and of what counts as an exit. Does not belong
here: any curve or test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isinf
from typing import TYPE_CHECKING

from analytics.estimate import fetch_rows

if TYPE_CHECKING:
    import duckdb

CLOCKS = {
    "since_listing": "years since the first listing, when observation began",
    "since_founding": (
        "years since the middle of the days on which it may have been founded; under observation from the first "
        "listing only (delayed entry)"
    ),
}
EXITS = {
    "death": ("deaths; mergers, absorptions and break-ups are censored", frozenset({"died"})),
    "closure": ("deaths, mergers, absorptions and break-ups", frozenset({"died", "restructured"})),
}
KINDS = {
    "cluster_organisation": "cluster organisations",
    "initiative": "initiatives",
    "partnership": "partnerships",
    "support_body": "support bodies",
}


@dataclass(frozen=True)
class Spell:
    """One cluster in one family. ``listed`` and ``listed_latest`` bound the years from first listing to exit.

    ``listed_latest`` is ``None`` for a censored spell, ``missed`` the years to the edition that no longer named a
    cluster of which nothing is known, ``entry_age`` the age at first listing where the founding is known.
    """

    family: str
    is_synthetic: bool
    unit_kind: str
    sector: str | None
    programme: str | None
    exit_group: str
    is_provisional: bool
    listed: float
    listed_latest: float | None
    missed: float | None
    entry_age: float | None


@dataclass(frozen=True)
class Times:
    """Years on one clock: exits in [left, right], ``right`` infinite where censored; ``entry`` is when seen first."""

    left: list[float]
    right: list[float]
    entry: list[float] | None
    spells: list[Spell]

    @property
    def is_exit(self) -> list[bool]:
        """Whether each spell ends with an exit."""
        return [not isinf(right) for right in self.right]

    @property
    def n_provisional(self) -> int:
        """Exits that a return may still undo."""
        known = (spell.is_provisional and spell.exit_group != "unknown" for spell in self.spells)
        return sum(is_exit and is_early for is_exit, is_early in zip(self.is_exit, known, strict=True))

    @property
    def middle(self) -> list[float]:
        """One time per spell: the middle of the days of an exit, else the time of censoring."""
        pairs = zip(self.left, self.right, strict=True)
        return [left if isinf(right) else (left + right) / 2 for left, right in pairs]


QUERY = """
    select family, is_synthetic, unit_kind, sector_code as sector, programme_codes as programme, exit_group,
           is_provisional, listed_years as listed, listed_years_latest as listed_latest,
           listed_years_missed as missed, (entry_age_earliest + entry_age_latest) / 2 as entry_age
    from marts.fct_cluster_spell
    order by family, is_synthetic, cluster_id
"""


def read_spells(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, bool], list[Spell]]:
    """All spells by family and origin; synthetic and real ones are never together."""
    found: dict[tuple[str, bool], list[Spell]] = {}
    for row in fetch_rows(connection, QUERY):
        found.setdefault((row["family"], row["is_synthetic"]), []).append(Spell(**row))
    return found


def times_on(spells: Sequence[Spell], clock: str, exit_kind: str, *, unknown_gone: bool = False) -> Times:
    """The spells that were followed for some time on a clock; those of unknown founding are left out of its clock.

    With ``unknown_gone`` a cluster of which nothing is known counts as gone between its last sign of life and the
    edition that missed it, else as censored at the former.
    """
    exits = EXITS[exit_kind][1]
    kept: list[tuple[float, float, float, Spell]] = []
    for spell in spells:
        start = 0.0 if clock == "since_listing" else spell.entry_age
        if start is None:
            continue
        end = inf
        if spell.exit_group in exits and spell.listed_latest is not None:
            end = spell.listed_latest
        elif unknown_gone and spell.missed is not None:
            end = spell.missed
        if not isinf(end) or spell.listed > 0:
            kept.append((start, start + spell.listed, start + end, spell))
    return Times(
        left=[left for _, left, _, _ in kept],
        right=[right for _, _, right, _ in kept],
        entry=[start for start, *_ in kept] if clock == "since_founding" else None,
        spells=[spell for *_, spell in kept],
    )


def count_unknown(spells: Sequence[Spell]) -> int:
    """Clusters of which nothing is known after their last sign of life."""
    return sum(spell.exit_group == "unknown" for spell in spells)


def kind_words(spells: Sequence[Spell]) -> str:
    """The kinds of unit in words, for the base of a number."""
    return " and ".join(KINDS.get(kind, kind) for kind in sorted({spell.unit_kind for spell in spells}))
