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
WORD_SHOWN = 24
COLUMN_GAP = 3


def show_explanation(settings: Settings, text: str, *, as_json: bool, every: bool) -> int:
    """Print the explanation of ``text``; returns the exit code."""
    folder = latest_release(settings)
    if folder is None:
        typer.echo(f"There is no release in {settings.home} yet. 'observatory build' makes the first.", err=True)
        return 1
    import duckdb

    from analytics.explanation.explain import explain
    from analytics.explanation.subjects import NothingFound

    with connect(folder / DATABASE_FILE, read_only=True) as connection:
        try:
            explanation = explain(connection, text, every_cell=every)
        except NothingFound as nothing:
            typer.echo(str(nothing), err=True)
            return 1
        except (duckdb.CatalogException, duckdb.BinderException):
            typer.echo(
                f"The latest release, {folder.name}, was made by an earlier version of the program and lacks tables "
                "that an explanation reads. 'observatory build' makes one that has them.",
                err=True,
            )
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
    from rich.table import Table

    console = Console(highlight=False)
    subject = explanation.subject
    console.print(f"[bold]{subject.kind} {_escaped(subject.id)}[/]  {_escaped(subject.text)}")
    for note in explanation.notes:
        console.print(f"[bold]{_escaped(note)}[/]")
    facts = Table.grid(padding=(0, 2))
    facts.add_column(no_wrap=True)
    facts.add_column(overflow="fold")
    for name, value in explanation.facts.items():
        if value is not None and value != "":
            facts.add_row(f"  {name}", _escaped(_shown(value)))
    console.print(facts)
    for heading, sections in (("RESTS ON", explanation.rests_on), ("USED BY", explanation.used_by)):
        shown = [section for section in sections if section.is_shown]
        if shown:
            console.print()
            console.rule(heading, align="left", characters="─")
        for section in shown:
            _print_section(console, section, every=every)
    console.print(f"\nrelease {explanation.release_id}", style="dim")


def _print_section(console: Console, section: Section, *, every: bool) -> None:
    from rich import box
    from rich.padding import Padding
    from rich.table import Table

    rows = list(section.rows)
    if not rows:
        console.print(f"\n[bold]{section.title}[/]: {section.empty}")
        return
    console.print(f"\n[bold]{section.title}[/] ({len(rows)})")
    shown = rows if every else rows[:ROWS_SHOWN]
    names = [
        name for name in rows[0] if name not in section.details and any(row[name] not in (None, "") for row in rows)
    ]
    texts = [[_shown(row[name], name) for name in names] for row in shown]
    widths = _column_widths(names, texts, console.width)
    if widths:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for name, width in zip(names, widths, strict=True):
            table.add_column(name.replace("_", " "), overflow="fold", width=width)
        for row in texts:
            table.add_row(*(_escaped(text) for text in row))
        console.print(table)
    else:
        for row in texts:
            told = zip(names, row, strict=True)
            line = " · ".join(f"[dim]{name.replace('_', ' ')}[/] {_escaped(text)}" for name, text in told if text)
            console.print(Padding(line, (0, 0, 0, 2)))
    if len(shown) < len(rows):
        console.print(f"... and {len(rows) - len(shown)} more: --all or --json shows them.", style="dim")


def _column_widths(names: list[str], texts: list[list[str]], width: int) -> list[int]:
    """Widths at which a table breaks no word, or at least none but long addresses; empty if there is no room for one.

    What is left after the words goes to the columns by the text that they have to hold.
    """
    from rich.cells import cell_len

    columns = [(name.replace("_", " "), *column) for name, column in zip(names, zip(*texts, strict=True), strict=True)]
    longest = [max(map(cell_len, column)) for column in columns]
    words = [max(cell_len(word) for text in column for word in text.split() or [""]) for column in columns]
    room = width - COLUMN_GAP * (len(columns) - 1)
    if sum(words) > room:
        words = [min(each, WORD_SHOWN) for each in words]
    lack = [whole - word for whole, word in zip(longest, words, strict=True)]
    rest = min(room - sum(words), sum(lack))
    if rest < 0:
        return []
    return [word + rest * each // max(sum(lack), 1) for word, each in zip(words, lack, strict=True)]


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
