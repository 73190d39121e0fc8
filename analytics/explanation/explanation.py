"""The shape of an explanation: its subject, what it rests on, what uses it; and the same as plain JSON values.

Belongs here: the three classes. Does not belong here: any query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics.estimate import Row


@dataclass(frozen=True)
class Section:
    """Rows under a heading; ``details`` are columns that JSON carries and a terminal leaves out.

    ``empty`` says in words what it means that there are no rows; without it an empty section is left out.
    """

    title: str
    rows: Sequence[Row]
    details: frozenset[str] = frozenset()
    empty: str | None = None

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.rows) or self.empty is not None


@dataclass(frozen=True)
class Subject:
    """What is explained: its kind (``cluster``, ``estimate``, ``figure`` ...), its id and a line in words."""

    kind: str
    id: str
    text: str


@dataclass(frozen=True)
class Explanation:
    """A subject with its facts, the sections it rests on and those of what uses it, in one release."""

    subject: Subject
    facts: Row
    rests_on: Sequence[Section]
    used_by: Sequence[Section]
    release_id: str
    notes: Sequence[str] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """The whole explanation as plain values; dates stay dates."""
        return {
            "release_id": self.release_id,
            "subject": {"kind": self.subject.kind, "id": self.subject.id, "text": self.subject.text},
            "facts": dict(self.facts),
            "notes": list(self.notes),
            "rests_on": {section.title: list(section.rows) for section in self.rests_on if section.is_shown},
            "used_by": {section.title: list(section.rows) for section in self.used_by if section.is_shown},
        }
