"""What is to be said of one cell as it was read, in English and Japanese.

Belongs here: the problem that a Reading makes. Does not belong here: the reading itself, and which of many findings a
report shows.
"""

from __future__ import annotations

from collections.abc import Iterable

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.values.nothing import BLANK, GIVEN, UNREADABLE
from ingest.values.reading import Reading, step_text
from ingest.values.tables import read_values_table


def finding(kind: str, printed: str, reading: Reading, where: Place | str) -> Problem | None:
    """FIX for a cell that was read in another form or as a kind of nothing, WARN for one that was not; else None."""
    if reading.state == BLANK or (reading.state == GIVEN and not reading.steps):
        return None
    if reading.state == GIVEN:
        en, ja = worded(reading.steps)
        return problem("value_read", where, text=printed, value=reading.value, steps=en, steps_ja=ja)
    if reading.state == UNREADABLE:
        en, ja = worded(reading.steps[-1:])
        named = _row("kind", kind)
        return problem(
            "value_unreadable", where, text=printed, kind=named["en"], kind_ja=named["ja"], reason=en, reason_ja=ja
        )
    meaning = _row("state", reading.state)
    return problem(
        "value_nothing", where, text=printed, meaning=meaning["meaning_en"], meaning_ja=meaning["meaning_ja"]
    )  # fmt: skip


def worded(steps: Iterable[str]) -> tuple[str, str]:
    """Steps in English and in Japanese, in their order."""
    steps = tuple(steps)
    return "; ".join(step_text(step, "en") for step in steps), "、".join(step_text(step, "ja") for step in steps)


def _row(table: str, name: str) -> dict[str, str]:
    return next(dict(row) for row in read_values_table(table) if row[table] == name)
