"""Results of a question as text for a terminal: categories in the rows, domains side by side.

Belongs here: layout and rounding. Does not belong here: asking a survey (``questions``), cross tables with their tests
(``tables``).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from analytics.survey_statistics.result import Estimate

# Percentages of fewer responses are shown without decimals, of fewer than PERCENT_BASE not at all.
DECIMAL_BASE, PERCENT_BASE = 200, 10
SHARES = ("proportion", "share of answers", "first place")
MOST_LABEL = 40


def text_table(rows: Sequence[Estimate], width: int) -> list[str]:
    """Lines of a table, in blocks of domains where the terminal of ``width`` columns does not hold them all."""
    domains = list(dict.fromkeys(row.domain for row in rows))
    labels = list(dict.fromkeys(_label(row) for row in rows))
    cells = {(_label(row), row.domain): _cell(row) for row in rows}
    bases = {row.domain: row.n for row in reversed(rows)}
    first = [_cut(label, MOST_LABEL) for label in labels]
    left = max(map(columns, first), default=0) + 2
    blocks: list[list[str]] = []
    used = width
    for domain in domains:
        texts = [_head(domain), f"n {bases[domain]}", *(cells.get((label, domain), "") for label in labels)]
        size = max(map(columns, texts)) + 2
        if used + size > width:
            used = left
            blocks.append(["".ljust(left), "".ljust(left), *(pad(label, left) for label in first)])
        used += size
        blocks[-1] = [line + pad(text, size) for line, text in zip(blocks[-1], texts, strict=True)]
    lines: list[str] = []
    for block in blocks:
        lines += [*([""] if lines else []), *(line.rstrip() for line in block)]
    return lines


def notes(rows: Sequence[Estimate]) -> list[str]:
    """What must stand under the table: missing by state, method, reasons of blanks, warnings; each said once."""
    lines: list[str] = []
    missing: dict[str, str] = {}
    for row in rows:
        if any(row.missing.values()):
            counts = ", ".join(f"{state.replace('_', ' ')} {n}" for state, n in sorted(row.missing.items()) if n)
            missing.setdefault(row.domain, counts)
    if missing:
        lines.append("Missing: " + "; ".join(f"{_head(domain)}: {counts}" for domain, counts in missing.items()) + ".")
    methods = dict.fromkeys(_method(row.interval_method) for row in rows if row.lower is not None)
    levels = dict.fromkeys(row.level for row in rows if row.level is not None)
    if methods:
        lines.append(f"{'/'.join(f'{level:.0%}' for level in levels)} intervals: {', '.join(methods)}.")
    reasons = dict.fromkeys(row.null_reason for row in rows if row.null_reason)
    lines += [f"No interval (-): {reason}." for reason in reasons]
    told: dict[str, list[str]] = {}
    for row in rows:
        if row.note:
            told.setdefault(row.note, []).append(_head(row.domain))
    for note, domains in told.items():
        named = ", ".join(dict.fromkeys(domains))
        lines.append(f"Note: {note}{'' if named == 'All' else f' ({named})'}.")
    if any(_is_share(row) and row.n < PERCENT_BASE for row in rows):
        lines.append(f"Counts instead of percent where fewer than {PERCENT_BASE} answered.")
    return lines


def _method(text: str) -> str:
    """The method without the numbers that differ from row to row."""
    return ", ".join(part for part in text.split(", ") if not any(sign.isdigit() for sign in part))


def _label(row: Estimate) -> str:
    words = {"proportion": "", "share of answers": ""}.get(row.statistic, row.statistic)
    if row.statistic == "median":
        return words
    return ", ".join(part for part in (row.category, words) if part)


def _head(domain: str) -> str:
    if domain == "all":
        return "All"
    compared = domain.split(" minus ")
    return " minus ".join(", ".join(part.partition(" = ")[2] or part for part in one.split(", ")) for one in compared)


def _is_share(row: Estimate) -> bool:
    return row.statistic in SHARES or row.statistic.startswith("among the first")


def _cell(row: Estimate) -> str:
    if row.suppressed:
        return "c"
    if row.value is None:
        return "-"
    if not _is_share(row):
        interval = "-" if row.lower is None or row.upper is None else f"{_number(row.lower)} to {_number(row.upper)}"
        return f"{_number(row.value)} ({interval})"
    if row.n < PERCENT_BASE:
        return f"{row.n_category} of {row.n}" if row.n_category is not None else f"of {row.n}"
    digits = 0 if row.n < DECIMAL_BASE else 1
    value = f"{100 * row.value:.{digits}f}%"
    if row.lower is None or row.upper is None:
        return f"{value} (-)"
    return f"{value} ({100 * row.lower:.{digits}f} to {100 * row.upper:.{digits}f})"


def _number(value: float) -> str:
    """Three digits at least, never an exponent for what people write in full."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value else "0"


def columns(text: str) -> int:
    """Columns of a terminal that a text takes; a Japanese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def pad(text: str, size: int) -> str:
    """The text with spaces up to a number of columns."""
    return text + " " * max(size - columns(text), 0)


def _cut(text: str, most: int) -> str:
    if columns(text) <= most:
        return text
    kept = ""
    for sign in text:
        if columns(kept + sign) > most - 1:
            break
        kept += sign
    return kept.rstrip() + "…"
