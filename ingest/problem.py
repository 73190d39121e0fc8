"""What is wrong with an input, said so that the person who sent it can act.

Belongs here: the shape of a problem and its sentence. Does not belong here: finding problems.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one input: what, where, what was found, what was expected and what to do."""

    what: str
    where: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        """The problem as plain sentences."""
        return f"{self.where}: {self.what}. Found: {self.found}. Expected: {self.expected}. What to do: {self.remedy}."


class SourceError(Exception):
    """Inputs that cannot be read; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems; at least one is needed."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, known: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` for the known word most like this one, or an empty text."""
    folded = {candidate.casefold(): candidate for candidate in known}
    match = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.5)
    return f" (did you mean '{folded[match[0]]}'?)" if match else ""
