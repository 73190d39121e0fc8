"""A drop folder and its accepted store in a test's own folder, without a build."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.catalog import find_cards, read_catalog
from ingest.intake.accepted import Revision, active_revisions
from ingest.intake.decision import Border
from ingest.intake.reception import Folders, Round, World, receive
from ingest.problem import Problem
from ingest.source_card import SourceCard
from orchestration.edition_validation import edition_problems
from tests.unit.edition import ROWS, write_edition

PATTERN = r"mihon_(?P<edition>\d{4})\.(csv|xlsx)"


def nothing_to_say(_card: SourceCard, _landed: Path, _before: SourceCard | None, _raw: Path) -> Sequence[Problem]:
    """A border at which everything looks plausible, for tests of other things."""
    return []


@dataclass
class DropFolder:
    """Rounds through ``<folder>/inbox``; ``<folder>/sources`` holds what is bundled."""

    folder: Path
    border: Border = nothing_to_say
    named: bool = True
    rounds: list[Round] = field(default_factory=list)

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def store(self) -> Path:
        return self.folder / "home" / "accepted"

    @property
    def roots(self) -> tuple[Path, Path]:
        return self.folder / "sources", self.store

    def drop(self, name: str, content: str | bytes, seconds_ago: float = 60) -> Path:
        """Write a file that has lain for a while."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return rested(path, seconds_ago)

    def drop_edition(self, name: str = "list", text: str | bytes = ROWS, **changes: Any) -> Path:
        """Write a card and its file."""
        return write_edition(self.inbox / name, text, **changes)

    def bundle_family(self, **changes: Any) -> Path:
        """A family ``mihon`` of one edition, 2018, whose card knows the names of further ones."""
        names = {"id": "mihon-2018", "family": "mihon", "edition": "2018", "reference_date": "2018-04-01"}
        rows = ROWS.replace("Mihon", "Old")
        return write_edition(self.folder / "sources" / "mihon", rows, **{"file_pattern": PATTERN, **names, **changes})

    def receive(self, **options: Any) -> Round:
        """One round."""
        folders = Folders(self.inbox, self.store, self.folder / "home" / "scratch", self.named)
        told = receive(folders, World(self._paths, self._cards, self.border), **options)
        self.rounds.append(told)
        return told

    def active(self) -> dict[str, Revision]:
        return active_revisions(self.store)

    def quarantine(self) -> list[str]:
        """What lies in quarantine, below it."""
        folder = self.inbox / "quarantine"
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())

    def _paths(self) -> list[Path]:
        return find_cards(self.roots)

    def _cards(self) -> list[SourceCard]:
        catalog = read_catalog(self.roots)
        return [*catalog.cards, *catalog.replaced]


def with_expectations(folder: Path) -> DropFolder:
    """A drop folder with the border that a build has."""
    return DropFolder(folder, edition_problems)


def rested(path: Path, seconds_ago: float = 60) -> Path:
    """Set a file's time back, or ahead if negative."""
    then = time.time() - seconds_ago
    os.utime(path, (then, then))
    return path


def problems_of(told: Round) -> list[Problem]:
    """Everything a round said."""
    aside = [each for _, problems in told.set_aside for each in problems]
    taken = [each for revision in told.accepted for each in revision.problems]
    return [*aside, *taken, *told.waiting, *told.unspoken, *told.notes]
