"""The words of disclosure control: cells, what is printed of them, the pattern of what is hidden, and findings.

Belongs here: the shapes that suppressor, auditor and release share. Does not belong here: any decision.

A *key* says which responses a number is about: pairs of (variable, category), all of which hold; ``()`` is everyone.
Numbers with the same key are the same number, in whatever table, language, file or release they stand. Special
categories make the sums of a survey visible in the keys alone:

- ``(q, ANSWERED)``: all who answered q, the base of its shares; its categories add up to it;
- ``(q, MISSING + state)``: those in a state of missing; together with ANSWERED they are all who were in the survey;
- ``(q + OPTION + o, TICKED)``: those who ticked option o of a multiple choice; ``NOT_TICKED`` the others who answered;
- ``(q, ANSWERS)``: the number of ticks of a multiple choice, the sum over its options.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Key = tuple[tuple[str, str], ...]
CellId = tuple[str, Key]

COUNT = "count"
ANSWERED = "(answered)"
ANSWERS = "(answers)"
MISSING = "(missing) "
OPTION = " / "
TICKED = "(ticked)"
NOT_TICKED = "(not ticked)"


def cell_key(pairs: Iterable[tuple[str, str]]) -> Key:
    """Pairs of (variable, category) as a key: in order, each once."""
    return tuple(sorted(set(pairs)))


def category_of(label: str) -> str:
    """A label of a codebook as a category; one that reads like a special category is put in quotation marks."""
    is_special = label in ("", ANSWERED, ANSWERS, TICKED, NOT_TICKED) or label.startswith(MISSING)
    return f'"{label}"' if is_special else label


def in_words(key: Key, measure: str = COUNT) -> str:
    """A key as a reader would say it."""
    text = ", ".join(f"{variable} = {category}" for variable, category in key) or "all"
    return text if measure == COUNT else f"{measure} of {text}"


@dataclass(frozen=True)
class Cell:
    """One number as it is, before anything is hidden.

    ``n``: responses that contribute. ``value``: the amount of a measure other than ``COUNT`` (a mean counts as its
    total, mean times weighted n). ``contributions``: the largest shares of single responses in ``value``, largest first
    (two are enough). ``exempt_reason``: the number is a public fact or may be shown for another reason, which is
    required where ``is_exempt``; the intruder is taken to know it.
    """

    table: str
    key: Key
    n: int
    value: float | None = None
    measure: str = COUNT
    contributions: tuple[float, ...] | None = None
    is_exempt: bool = False
    exempt_reason: str | None = None

    @property
    def id(self) -> CellId:
        """Measure and key: what makes it the same number elsewhere."""
        return self.measure, self.key

    @property
    def amount(self) -> float:
        """The number itself."""
        return float(self.n) if self.value is None or self.measure == COUNT else self.value


@dataclass(frozen=True)
class Printed:
    """One number as a reader finds it; everything None where it is hidden.

    ``lower`` and ``upper`` enclose the number (equal where it is printed exactly). ``share`` with ``share_base`` and
    ``digits`` is a fraction of another cell, printed with so many digits after the point of the fraction (None: all of
    them); it holds for unweighted shares, or where all weights are equal. ``place`` says where, for the sentence.
    """

    place: str
    key: Key
    lower: float | None = None
    upper: float | None = None
    measure: str = COUNT
    share: float | None = None
    share_base: Key | None = None
    digits: int | None = None
    release: str | None = None
    is_exempt: bool = False

    @property
    def id(self) -> CellId:
        """Measure and key."""
        return self.measure, self.key


@dataclass(frozen=True)
class Family:
    """All numbers that hang together by sums: every table of a survey, in all languages and formats.

    ``parents``: (variable, category) to the wider category that it is part of, for hierarchies. ``answers``: the
    variables that respondents answered, for which "all the same" tells something (None: every variable).
    """

    cells: Sequence[Cell]
    parents: Mapping[tuple[str, str], str] = field(default_factory=dict)
    answers: frozenset[str] | None = None


@dataclass(frozen=True)
class Pattern:
    """What is hidden and why. ``refusals``: what cannot be protected any more; then nothing may be published.

    ``primary``: the rule that a cell breaks. ``complementary``: the cells that it protects, in words. ``method``:
    ``optimal`` or ``heuristic`` (irredundant, not proven to lose least).
    """

    primary: Mapping[CellId, str] = field(default_factory=dict)
    complementary: Mapping[CellId, str] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    method: str = "optimal"
    loss: float = 0.0

    def is_hidden(self, key: Key, measure: str = COUNT) -> bool:
        """Whether a number must not be shown."""
        return (measure, key) in self.primary or (measure, key) in self.complementary

    @property
    def questions(self) -> set[str]:
        """The variables with a hidden count, overall or in any domain, and those that make its domain."""
        hidden = [key for measure, key in (*self.primary, *self.complementary) if measure == COUNT]
        return {variable.split(OPTION)[0] for key in hidden for variable, _ in key}

    def without(self, hidden: CellId) -> Pattern:
        """The pattern with one complementary cell shown again (to see whether the auditor notices)."""
        return Pattern(
            self.primary,
            {k: v for k, v in self.complementary.items() if k != hidden},
            self.refusals,
            self.method,
            self.loss,
        )


@dataclass(frozen=True)
class Finding:
    """A number that a reader can recover: between ``lower`` and ``upper``, by ``equation``. ``kind``: exact, narrow,
    small, group, printed, revision, contradiction.
    """

    kind: str
    key: Key
    measure: str
    lower: float
    upper: float
    sentence: str
    equation: str


def printed(family: Family, pattern: Pattern, release: str | None = None) -> list[Printed]:
    """What readers see of a family once the pattern is applied."""
    rows = []
    for cell in family.cells:
        shown = None if pattern.is_hidden(cell.key, cell.measure) else cell.amount
        rows.append(
            Printed(cell.table, cell.key, shown, shown, cell.measure, release=release, is_exempt=cell.is_exempt)
        )
    return rows
