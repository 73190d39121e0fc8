"""The summary of a release as text.

Belongs here: putting the facts kept with a release into lines. Does not belong here: counting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FIGURE_WORDS = ("reconciled", "contradicted", "by construction", "derived", "explained")


def _figure_word(status: str) -> str:
    """The word of the summary for the status of a control figure; a status of its own is a gap with its explanation."""
    known = {"pass": "reconciled", "fail": "contradicted", "by construction": "by construction"}
    return known.get(status, "derived" if status.startswith("derived") else "explained")


def summary(facts: Mapping[str, Any], folder: Path, seconds: Mapping[str, float], inbox: str = "") -> str:
    """Lines for the terminal: what was read, placed, checked and reconciled, and where the release is."""
    figures = Counter(_figure_word(status) for status in Counter(facts["figures"]).elements())
    lines = [
        ("release", facts["release_id"]),
        ("sources", f"{facts['sources']} read, of which {facts['synthetic_sources']} synthetic"),
        (
            "rows",
            f"{facts['rows_read']} read = {facts['rows_placed']} placed + {facts['rows_unresolved']} unresolved "
            f"+ {facts['rows_rejected']} rejected",
        ),
        (
            "mentions",
            f"{facts['mentions_undecided']} without a decision, "
            f"{facts['mentions_not_identified']} that nobody could identify",
        ),
        (
            "checks",
            f"{facts['checks_passed']} passed, {facts['checks_warned']} warned, {facts['checks_failed']} failed",
        ),
        ("figures", ", ".join(f"{figures[word]} {word}" for word in FIGURE_WORDS)),
        ("conflicts", f"{facts['source_conflicts']} between sources, each with both claims"),
        ("report", folder / "report" / "index.html"),
        ("database", folder / "observatory.duckdb"),
    ]
    if replaced := facts.get("synthetic_sources_replaced"):
        lines.insert(2, ("replaced", f"{', '.join(replaced)} by a real edition"))
    if inbox:
        lines.append(("inbox", inbox))
    if seconds:
        stages = ", ".join(f"{name} {value:.1f}" for name, value in seconds.items())
        lines.append(("seconds", f"{sum(seconds.values()):.1f} ({stages})"))
    return "\n".join(f"{name:<10} {text}" for name, text in lines)
