"""What is wrong with an input, said so that the person who sent it can act.

Belongs here: the shape of a problem, its place and its sentence. Does not belong here: finding problems, and the
wording of those that are told in two languages (``message``).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What happens to an input because of a problem, from the mildest to the hardest."""

    FIX = "FIX"  # read in a normal form, and said
    WARN = "WARN"  # read with a flag
    QUAR = "QUAR"  # this file is set aside, the others go on
    STOP = "STOP"  # nothing is built


SEVERITY = tuple(Outcome)


@dataclass(frozen=True)
class Place:
    """Where in an input: a file and, as far as it has them, sheet, cell, row, line, page and byte (all from 1)."""

    file: str
    sheet: str = ""
    cell: str = ""
    row: int = 0
    line: int = 0
    page: int = 0
    byte: int = 0

    def __str__(self) -> str:
        """The place in English."""
        return self._joined(", ", ("sheet {}", "cell {}", "page {}", "row {}", "line {}", "byte {}"))

    @property
    def japanese(self) -> str:
        """The place in Japanese."""
        return self._joined("、", ("シート「{}」", "セル{}", "{}ページ", "{}行", "テキストの{}行目", "{}バイト目"))

    def _joined(self, comma: str, forms: tuple[str, ...]) -> str:
        parts = (self.sheet, self.cell, self.page, self.row, self.line, self.byte)
        return comma.join([self.file, *(form.format(part) for form, part in zip(forms, parts, strict=True) if part)])


@dataclass(frozen=True)
class Wording:
    """A problem in another language than English."""

    what: str
    where: str
    found: str
    expected: str
    remedy: str


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one input: what, where, what was found, what was expected and what to do.

    ``code`` is its row of the message catalogue, empty for what is told in English only; ``outcome`` what follows.
    """

    what: str
    where: str
    found: str
    expected: str
    remedy: str
    code: str = ""
    outcome: Outcome = Outcome.QUAR
    ja: Wording | None = None

    def __str__(self) -> str:
        """The problem as plain sentences."""
        return f"{self.where}: {self.what}. Found: {self.found}. Expected: {self.expected}. What to do: {self.remedy}."

    @property
    def japanese(self) -> str:
        """The problem as plain Japanese sentences; in English where there is no other wording."""
        if self.ja is None:
            return str(self)
        told = self.ja
        parts = {"検出内容": told.found, "期待される内容": told.expected, "対処方法": told.remedy}
        return f"{told.where}：{told.what}。" + "".join(f"{name}：{text}。" for name, text in parts.items())

    def to_plain(self) -> dict[str, Any]:
        """As a JSON object; ``from_plain`` turns it back."""
        return {**vars(self), "ja": vars(self.ja) if self.ja else None}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Problem:
        """A problem that another process told."""
        ja = Wording(**plain["ja"]) if plain["ja"] else None
        return cls(**{**plain, "outcome": Outcome(plain["outcome"]), "ja": ja})


class SourceError(Exception):
    """Inputs that cannot be read; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems; at least one is needed."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def hardest(problems: Iterable[Problem]) -> Outcome | None:
    """The hardest outcome of several problems; None if there is none."""
    return max((problem.outcome for problem in problems), key=SEVERITY.index, default=None)


def nearest(word: str, known: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` for the known word most like this one, or an empty text."""
    match = nearest_word(word, known)
    return f" (did you mean '{match}'?)" if match else ""


def nearest_word(word: str, known: Iterable[str]) -> str:
    """The known word most like this one, or an empty text if none is."""
    folded = {candidate.casefold(): candidate for candidate in known}
    match = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.5)
    return folded[match[0]] if match else ""
