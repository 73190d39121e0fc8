"""What is to be said of one cell as it was read, in English and Japanese.

Belongs here: the problem that a Reading makes. Does not belong here: the reading itself, and which of many findings a
report shows.
"""

from __future__ import annotations

from collections.abc import Iterable

from ingest.message import problem
from ingest.problem import Outcome, Place, Problem
from ingest.values.dates import date_problem
from ingest.values.nothing import BLANK, GIVEN, UNREADABLE
from ingest.values.places import place_problem
from ingest.values.reading import DEFAULT, Options, Reading, step_text
from ingest.values.tables import read_values_table


def finding(kind: str, printed: str, reading: Reading, where: Place | str, n: int = 1) -> Problem | None:
    """FIX for a cell that was read in another form or as a kind of nothing, WARN for one that was not; else None.

    ``n``: how many cells of the column were read so, this one the first.
    """
    if reading.state == BLANK or (reading.state == GIVEN and not reading.steps):
        return None
    if reading.state == GIVEN:
        en, ja = worded(reading.steps)
        return problem("value_read", where, n=n, text=printed, value=reading.value, steps=en, steps_ja=ja)
    if reading.state == UNREADABLE:
        en, ja = why_unread(kind, printed, reading.steps)
        named = _row("kind", kind)
        return problem(
            "value_unreadable", where, text=printed, kind=named["en"], kind_ja=named["ja"], reason=en, reason_ja=ja
        )
    meaning = _row("state", reading.state)
    return problem(
        "value_nothing", where, n=n, text=printed, meaning=meaning["meaning_en"], meaning_ja=meaning["meaning_ja"]
    )  # fmt: skip


def why_unread(kind: str, printed: str, steps: Iterable[str], options: Options = DEFAULT) -> tuple[str, str]:
    """Why a cell could not be read, in English and Japanese; of a date or place with what was expected there."""
    refused = None
    if kind == "date":
        declared = {name: getattr(options, name) for name in ("calendar", "two_digit_years", "serials")}
        refused = date_problem(printed, "", **declared)
    elif kind in {"prefecture", "country", "nuts"}:
        refused = place_problem(kind, printed, "", version=options.nuts_version if kind == "nuts" else "")
    if refused is None or refused.ja is None or refused.outcome is not Outcome.WARN:
        return worded(tuple(steps)[-1:])
    return f"{refused.what}: expected {refused.expected}", f"{refused.ja.what}。期待される内容は、{refused.ja.expected}"


def worded(steps: Iterable[str]) -> tuple[str, str]:
    """Steps in English and in Japanese, in their order."""
    steps = tuple(steps)
    return "; ".join(step_text(step, "en") for step in steps), "、".join(step_text(step, "ja") for step in steps)


def _row(table: str, name: str) -> dict[str, str]:
    return next(dict(row) for row in read_values_table(table) if row[table] == name)
