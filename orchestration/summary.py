"""The summary of a release as text.

Belongs here: putting the facts kept with a release into lines. Does not belong here: counting.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def summary(facts: Mapping[str, Any], folder: Path, seconds: Mapping[str, float]) -> str:
    """Lines for the terminal: what was read, placed, checked and reconciled, and where the release is."""
    figures = dict(facts["figures"])
    contradicted = figures.pop("fail", 0)
    reconciled = figures.pop("pass", 0)
    others = ", ".join(f"{count} {status}" for status, count in figures.items())
    lines = [
        ("release", facts["release_id"]),
        ("sources", f"{facts['sources']} read, of which {facts['synthetic_sources']} synthetic"),
        (
            "rows",
            f"{facts['rows_read']} read = {facts['rows_placed']} placed + {facts['rows_unresolved']} unresolved "
            f"+ {facts['rows_rejected']} rejected",
        ),
        ("mentions", f"{facts['mentions_unresolved']} without a decision"),
        (
            "checks",
            f"{facts['checks_passed']} passed, {facts['checks_warned']} warned, {facts['checks_failed']} failed",
        ),
        ("figures", f"{reconciled} reconciled, {contradicted} contradicted" + (f", {others}" if others else "")),
        ("conflicts", f"{facts['source_conflicts']} between sources, each with both claims"),
        ("report", folder / "report" / "index.html"),
        ("database", folder / "observatory.duckdb"),
    ]
    if replaced := facts.get("synthetic_sources_replaced"):
        lines.insert(2, ("replaced", f"{', '.join(replaced)} by a real edition"))
    if seconds:
        stages = ", ".join(f"{name} {value:.1f}" for name, value in seconds.items())
        lines.append(("seconds", f"{sum(seconds.values()):.1f} ({stages})"))
    return "\n".join(f"{name:<10} {text}" for name, text in lines)
