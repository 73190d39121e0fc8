"""`observatory explain`: an explanation of the latest release on the terminal or as JSON.

Belongs here: showing. Does not belong here: what an explanation holds (``analytics.explanation``).
"""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import typer

from orchestration.release.compose import connect
from orchestration.release.publish import DATABASE_FILE, latest_release
from orchestration.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from analytics.explanation.explanation import Explanation, Section

ROWS_SHOWN = 12
HASH_SHOWN = 12


def show_explanation(settings: Settings, text: str, *, as_json: bool, every: bool) -> int:
    """Print the explanation of ``text``; returns the exit code."""
    folder = latest_release(settings)
    if folder is None:
        typer.echo(f"There is no release in {settings.home} yet. 'observatory build' makes the first.", err=True)
        return 1
    from analytics.explanation.explain import explain
    from analytics.explanation.subjects import NothingFound

    with connect(folder / DATABASE_FILE, read_only=True) as connection:
        try:
            explanation = explain(connection, text, every_cell=every)
        except NothingFound as nothing:
            typer.echo(str(nothing), err=True)
            return 1
    if as_json:
        typer.echo(json.dumps(explanation.to_json(), ensure_ascii=False, indent=2, default=_plain))
    else:
        _print(explanation, every=every)
    return 0


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date | datetime.datetime) else str(value)


def _print(explanation: Explanation, *, every: bool) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=False)
    subject = explanation.subject
    console.print(f"[bold]{subject.kind} {_escaped(subject.id)}[/]  {_escaped(subject.text)}")
    for note in explanation.notes:
        console.print(f"[bold]{_escaped(note)}[/]")
    for name, value in explanation.facts.items():
        if value is not None and value != "":
            console.print(f"  {name:<24} {_escaped(_shown(value))}", soft_wrap=False)
    for heading, sections in (("RESTS ON", explanation.rests_on), ("USED BY", explanation.used_by)):
        shown = [section for section in sections if section.is_shown]
        if shown:
            console.rule(heading, align="left", characters="─")
        for section in shown:
            _print_section(console, section, every=every)
    console.print(f"\nrelease {explanation.release_id}", style="dim")


def _print_section(console: Console, section: Section, *, every: bool) -> None:
    from rich import box
    from rich.table import Table

    rows = list(section.rows)
    if not rows:
        console.print(f"\n[bold]{section.title}[/]: {section.empty}")
        return
    console.print(f"\n[bold]{section.title}[/] ({len(rows)})")
    names = [
        name for name in rows[0] if name not in section.details and any(row[name] not in (None, "") for row in rows)
    ]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in names:
        table.add_column(name.replace("_", " "), overflow="fold")
    shown = rows if every else rows[:ROWS_SHOWN]
    for row in shown:
        table.add_row(*(_escaped(_shown(row[name], name)) for name in names))
    console.print(table)
    if len(shown) < len(rows):
        console.print(f"... and {len(rows) - len(shown)} more: --all or --json shows them.", style="dim")


def _shown(value: Any, name: str = "") -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, datetime.datetime):
        value = value.date()
    if "sha256" in name:
        return str(value)[:HASH_SHOWN] + "…"
    return str(value)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
