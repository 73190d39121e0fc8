"""`observatory lint`: where a table breaks the rules for machine-readable tables, on the terminal or as JSON.

Belongs here: showing. Does not belong here: the rules (``ingest.lint``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import typer

from ingest.lint.breach import Breach, rules
from ingest.message import harmless
from ingest.problem import Problem, SourceError
from ingest.tables.child import lint_foreign

REMEDY = {"en": "do", "ja": "対処"}


def run_lint(file: Path, *, as_json: bool, in_japanese: bool) -> int:
    """Print the breaches of a file; 0 if it has none, 1 if it has or cannot be read."""
    language = "ja" if in_japanese else "en"
    try:
        found = [Breach.from_plain(plain) for plain in lint_foreign(file)]
    except SourceError as error:
        _refused(file, error.problems, language, as_json=as_json)
        return 1
    if as_json:
        _json(file, [_plain(breach, file.name) for breach in found])
    else:
        _print(file, found, language)
    return 1 if found else 0


def _print(file: Path, found: Sequence[Breach], language: str) -> None:
    name = harmless(file.name)
    if not found:
        kept = {"en": f"{name}: every rule is kept ({len(rules())} looked at).",
                "ja": f"{name}：すべての規則を満たしています（{len(rules())}項目を確認）。"}  # fmt: skip
        typer.echo(kept[language])
        return
    broken = len({breach.rule for breach in found})
    head = {"en": f"{name}: {broken} of {len(rules())} rules broken",
            "ja": f"{name}：{len(rules())}項目中{broken}項目に違反があります"}  # fmt: skip
    typer.echo(head[language])
    for rule, breaches in groupby(found, key=lambda breach: breach.rule):
        _print_rule(rule, list(breaches), file.name, language)


def _print_rule(rule: str, breaches: Sequence[Breach], file: str, language: str) -> None:
    row = rules()[rule]
    typer.echo(f"\n{row.item or '-':<5}{row.ja if language == 'ja' else row.en}")
    told = [breach.problem(file) for breach in breaches]
    for breach, problem in zip(breaches, told, strict=True):
        where = " ".join(part for part in (harmless(breach.sheet), breach.cells) if part)
        typer.echo(f"     {where + ': ' if where else ''}{_found(problem, language)}")
    remedy = told[0].ja.remedy if language == "ja" and told[0].ja else told[0].remedy
    typer.echo(f"     {REMEDY[language]}: {remedy}")


def _found(problem: Problem, language: str) -> str:
    return problem.ja.found if language == "ja" and problem.ja else problem.found


def _refused(file: Path, problems: Sequence[Problem], language: str, *, as_json: bool) -> None:
    if as_json:
        _json(file, [], [problem.to_plain() for problem in problems])
        return
    for problem in problems:
        typer.echo(problem.japanese if language == "ja" else str(problem), err=True)


def _plain(breach: Breach, file: str) -> dict[str, Any]:
    row, problem = rules()[breach.rule], breach.problem(file)
    titles = {"item": row.item, "title": row.en, "title_ja": row.ja}
    return {**asdict(breach), **titles, "message": str(problem), "message_ja": problem.japanese}


def _json(file: Path, breaches: list[dict[str, Any]], refused: list[dict[str, Any]] | None = None) -> None:
    answer = {"file": file.name, "rules": list(rules()), "breaches": breaches, "refused": refused or []}
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
