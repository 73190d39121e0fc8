"""What a new revision changes beside the one before: entries added, gone and changed, as a page in both languages.

Belongs here: comparing two landed revisions of one edition. Does not belong here: comparing editions (``drift``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.intake.why_report import inert
from ingest.source_card import SourceCard

SHOWN = 20


@dataclass(frozen=True)
class RevisionDiff:
    """Keys of the entries added, gone and changed, in order; changed: key and our columns that differ."""

    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        """In one line."""
        return f"{len(self.added)} entries added, {len(self.gone)} gone, {len(self.changed)} changed"

    @property
    def japanese(self) -> str:
        """The same in Japanese."""
        return f"追加{len(self.added)}件、削除{len(self.gone)}件、変更{len(self.changed)}件"

    @property
    def pages(self) -> tuple[str, str]:
        """The lists in English and in Japanese, at most ``SHOWN`` of each."""
        changed = [f"{key} ({', '.join(columns)})" for key, columns in self.changed]
        english = [str(self), *_list("added", self.added), *_list("gone", self.gone), *_list("changed", changed)]
        japanese = [self.japanese, *_list("追加", self.added), *_list("削除", self.gone), *_list("変更", changed)]
        return "\n".join(english), "\n".join(japanese)


def compare_revisions(card: SourceCard, before: Path, after: Path) -> RevisionDiff:
    """Compare two landed files of one edition by the keys of their entries."""
    old, new = _entries(card, before), _entries(card, after)
    both = [(key, _differing(old[key], new[key])) for key in new if key in old]
    return RevisionDiff(
        tuple(key for key in new if key not in old),
        tuple(key for key in old if key not in new),
        tuple((key, columns) for key, columns in both if columns),
    )


def _entries(card: SourceCard, landed: Path) -> dict[str, dict[str, str | None]]:
    import pyarrow.parquet as pq

    names = ["entry_key", "rejected_reason", *card.layout.columns]
    rows = pq.read_table(landed, columns=names).to_pylist()
    return {
        row["entry_key"] or f"row without a key {number}": {name: row[name] for name in card.layout.columns}
        for number, row in enumerate(rows, start=1)
        if row["rejected_reason"] is None
    }


def _differing(old: dict[str, str | None], new: dict[str, str | None]) -> tuple[str, ...]:
    return tuple(name for name in new if old[name] != new[name])


def _list(title: str, keys: Iterable[str]) -> list[str]:
    keys = list(keys)
    more = [f"- … ({len(keys)})"] if len(keys) > SHOWN else []
    return [f"\n{title}:\n", *(f"- {inert(key)}" for key in keys[:SHOWN]), *more] if keys else []
