"""What a failed test of the warehouse found, in sentences that say where and what to do.

Belongs here: reading the rows that break a test and wording them. Does not belong here: the tests themselves
(``dbt_project/tests``) and running them (``warehouse_assets``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.settings import Settings

ROWS_SHOWN = 20
# Rows that are no sentences of their own are an example each; three of them show what is meant.
EXAMPLES_SHOWN = 3
SENTENCE_COLUMNS = {"register_file", "line_number", "problem", "remedy"}


def failing_rows(test: Mapping[str, Any], settings: Settings) -> str:
    """The test's own description and the first rows that break it; ``test`` is its node in the manifest."""
    from orchestration.release.compose import connect

    path = settings.dbt_target / "compiled" / test["package_name"] / test["original_file_path"]
    if test.get("test_metadata"):
        path = path / f"{test['name']}.sql"
    what = " ".join(test["description"].split()) or f"The test {test['name']} does not hold."
    if not path.exists():
        return what
    with connect(settings.database, read_only=True) as connection:
        found = connection.sql(path.read_text(encoding="utf-8"))
        names = found.columns
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    if set(names) >= SENTENCE_COLUMNS:
        return "\n".join([what, *_sentences(rows)])
    if "problem" in names:
        more = len(rows) - ROWS_SHOWN
        told = [f"  {row['problem']}" for row in rows[:ROWS_SHOWN]]
        return "\n".join([what, *told, *([f"  and {more} more"] if more > 0 else [])])
    shown = "; ".join(", ".join(f"{name} {value}" for name, value in row.items()) for row in rows[:EXAMPLES_SHOWN])
    more = len(rows) - EXAMPLES_SHOWN
    return f"{what} Found: {shown}{f'; and {more} more' if more > 0 else ''}."


def _sentences(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line for each row of the register that breaks a rule, in the order of files and lines."""
    lines = sorted(
        (str(row["register_file"] or "the register"), int(row["line_number"] or 0), str(row["problem"]), row["remedy"])
        for row in rows
    )
    told = [
        f"  {file}{f', line {number}' if number else ''}: {problem} What to do: {remedy}."
        for file, number, problem, remedy in lines[:ROWS_SHOWN]
    ]
    more = len(lines) - ROWS_SHOWN
    return [*told, f"  and {more} more"] if more > 0 else told
