"""Rows of results as they are read in a notebook or a console: a line for each number, what they share said once.

Belongs here: which fields are shown and how they are rounded. Does not belong here: tables of categories by domains
(``text_table``), cross tables (``tables``).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import chain

from analytics.survey_statistics.result import Estimate, TestResult
from analytics.survey_statistics.tables.layout import grid
from analytics.survey_statistics.tables.rendering import in_words, test_line
from analytics.survey_statistics.text_table import notes

MOST_ROWS = 60
NOTHING = "-"


def estimates_text(rows: Sequence[Estimate]) -> str:
    """A line for each estimate with standard error, interval and base; below it what they rest on."""
    if not rows:
        return "No rows."
    table = _cells(rows[:MOST_ROWS])
    return "\n".join([_title(rows), "", *grid([table[0], None, *table[1:], None]), *_below(rows)])


def estimates_html(rows: Sequence[Estimate]) -> str:
    """The same for a notebook."""
    if not rows:
        return "<p>No rows.</p>"
    head, *body = _cells(rows[:MOST_ROWS])
    lines = [_line("th", head), *(_line("td", cells) for cells in body)]
    below = "<br>".join(escape(line) for line in _below(rows))
    return f"<table><caption>{escape(_title(rows))}</caption>{''.join(lines)}</table><p>{below}</p>"


def tests_text(rows: Sequence[TestResult]) -> str:
    """A sentence for each test, with its effect size and its warning."""
    lines: list[str] = []
    for row in rows[:MOST_ROWS]:
        lines.append(test_line(row))
        if row.adjusted_p_value is not None and row.adjustment:
            lines.append(f"  adjusted over {row.n_tests} tests ({row.adjustment}): p = {row.adjusted_p_value:.3g}")
        if row.monte_carlo_error is not None:
            lines.append(f"  simulated; standard error of the p value {row.monte_carlo_error:.2g}")
        if row.effect_size is not None and row.effect_size.value is not None:
            lines.append(f"  {_effect(row.effect_size)}")
        if row.note:
            lines.append(f"  Note: {row.note}.")
    lines += _more(len(rows))
    lines += dict.fromkeys(in_words(row.context) for row in rows if row.context is not None)
    return "\n".join(lines) or "No rows."


def _effect(effect: Estimate) -> str:
    limits = f"{effect.level:.0%} interval {_number(effect.lower)} to {_number(effect.upper)}" if effect.level else ""
    return ", ".join(part for part in (f"{effect.statistic} {_number(effect.value)}", limits) if part)


def _cells(rows: Sequence[Estimate]) -> list[list[str]]:
    """Heads and cells. Only what differs between the rows, or exists at all, has a column."""
    shown = {
        "SE": [_number(row.standard_error) for row in rows],
        "lower": [_number(row.lower) for row in rows],
        "upper": [_number(row.upper) for row in rows],
        "n": [str(row.n) for row in rows],
        "deff": [_number(row.design_effect) for row in rows],
        "p": [_number(row.p_value, 3) for row in rows],
        "adjusted p": [_number(row.adjusted_p_value, 3) for row in rows],
    }
    held = {name: cells for name, cells in shown.items() if name == "n" or any(cell != NOTHING for cell in cells)}
    labels = _labels(rows)
    values = ["c" if row.suppressed and row.value is None else _number(row.value) for row in rows]
    return [["", "value", *held], *map(list, zip(labels, values, *held.values(), strict=True))]


def _labels(rows: Sequence[Estimate]) -> list[str]:
    """What tells a row from the others."""
    several = {name: len({getattr(row, name) for row in rows}) > 1 for name in ("question", "statistic")}
    labels = []
    for row in rows:
        parts = [
            row.question if several["question"] else "",
            row.category or "",
            row.statistic if several["statistic"] else "",
            "" if row.domain == "all" else row.domain,
        ]
        labels.append(", ".join(part for part in parts if part) or "all")
    return labels


def _title(rows: Sequence[Estimate]) -> str:
    statistics = list(dict.fromkeys(row.statistic for row in rows))
    questions = list(dict.fromkeys(row.question for row in rows))
    of = f" of {questions[0]}" if len(questions) == 1 else f" of {len(questions)} questions"
    return (statistics[0] if len(statistics) == 1 else "estimates") + of


def _below(rows: Sequence[Estimate]) -> list[str]:
    """What the numbers rest on, and what to keep in mind."""
    return [*_more(len(rows)), *_bases(rows), *notes(rows), in_words(rows[0].context)]


def _bases(rows: Sequence[Estimate]) -> list[str]:
    """The base of each question in words; the domain is in the label of its row."""
    words = {row.question: row.base.removesuffix(f"; {row.domain}") for row in reversed(rows)}
    if len(set(words.values())) == 1:
        return [f"Base: {rows[0].base.removesuffix(f'; {rows[0].domain}')}."]
    return [f"Base of {question}: {base}." for question, base in reversed(words.items())]


def _more(count: int) -> list[str]:
    return [f"... and {count - MOST_ROWS} more rows; to_pandas() has them all."] if count > MOST_ROWS else []


def _number(value: float | None, digits: int = 5) -> str:
    """Significant digits; whole numbers of that many digits and more in full."""
    if value is None:
        return NOTHING
    return f"{value:,.0f}" if 10 ** (digits - 1) <= abs(value) < 1e15 else f"{value:.{digits}g}"


def _line(kind: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(chain.from_iterable((f"<{kind}>", escape(cell), f"</{kind}>") for cell in cells)) + "</tr>"
