"""A table as text that can be read, mailed and checked.

Belongs here: which numbers are printed and how they are rounded. Does not belong here: the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.survey_statistics.result import Context, Estimate, TestResult
from analytics.survey_statistics.tables.columns import Column
from analytics.survey_statistics.tables.layout import grid

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

# Below this base a percent says less than the counts do; below the other its decimals are noise.
SMALLEST_PERCENT_BASE = 10
SMALLEST_DECIMAL_BASE = 200
NOTHING = "-"


@dataclass(frozen=True)
class Look:
    """How shares are printed. ``letters``: significance letters by (column letter, category)."""

    intervals: bool = False
    letters: dict[tuple[str, str | None], str] | None = None
    decimals: int = 1


def decimals_for(columns: Sequence[Column]) -> int:
    """Decimals of the percentages of a table: none unless every base is large enough for one."""
    return 1 if all(column.n >= SMALLEST_DECIMAL_BASE for column in columns if column.n) else 0


def block(columns: Sequence[Column], look: Look) -> list[str]:
    """The shares of one question in its columns, with the bases below."""
    rows: list[Sequence[str] | None] = []
    if any(column.question for column in columns):
        questions = [column.question or "" for column in columns]
        first = [name if i == 0 or questions[i - 1] != name else "" for i, name in enumerate(questions)]
        rows.append(["", *first])
    rows.append(["", *(column.label for column in columns)])
    if any(column.letter for column in columns):
        rows.append(["", *(column.letter for column in columns)])
    rows.append(None)
    for i, estimate in enumerate(columns[0].estimates):
        rows.append([estimate.category or "", *(_cell(column, i, look) for column in columns)])
        intervals = [_interval(column.estimates[i], look) for column in columns] if look.intervals else []
        if any(intervals):
            rows.append(["", *intervals])
    rows.append(None)
    rows.append(["n", *(str(column.n) for column in columns)])
    weighted = [column.weighted_n for column in columns]
    if any(abs(weight - column.n) > 1e-9 * max(column.n, 1) for weight, column in zip(weighted, columns, strict=True)):
        rows.append(["weighted n", *(f"{weight:.1f}" for weight in weighted)])
    states = sorted({state for column in columns for state in column.missing})
    rows.extend([f"missing: {state}", *(str(column.missing.get(state, 0)) for column in columns)] for state in states)
    return grid(rows)


def _cell(column: Column, row: int, look: Look) -> str:
    estimate = column.estimates[row]
    if estimate.suppressed:
        return "c"
    if estimate.value is None:
        return NOTHING
    if estimate.n < SMALLEST_PERCENT_BASE:
        return f"{estimate.n_category or 0} of {estimate.n}"
    # Room for the letters of the whole column, so that its numbers stand under each other.
    letters = [(look.letters or {}).get((column.letter, other.category), "") for other in column.estimates]
    room = max(map(len, letters), default=0)
    return _percent(estimate.value, look) + (" " + letters[row].ljust(room) if room else "")


def _interval(estimate: Estimate, look: Look) -> str:
    if estimate.lower is None or estimate.upper is None or estimate.n < SMALLEST_PERCENT_BASE or estimate.suppressed:
        return ""
    return f"({_percent(estimate.lower, look)}-{_percent(estimate.upper, look)})"


def _percent(share: float, look: Look) -> str:
    return f"{100 * share:.{look.decimals}f}"


def rounding_notes(columns: Sequence[Column], look: Look, inside: str = "") -> list[str]:
    """What to say where printed shares do not add up to 100; they are never altered to do so."""
    off = []
    for column in columns:
        shares = [estimate.value for estimate in column.estimates]
        printed = [round(100 * share, look.decimals) for share in shares if share is not None]
        total = round(sum(printed), look.decimals)
        if len(printed) == len(shares) and column.n >= SMALLEST_PERCENT_BASE and total != 100:
            name = f"{column.question} = {column.label}" if column.question else column.label
            off.append(f"{name} ({total:.{look.decimals}f})")
    where = f" of {inside}" if inside else ""
    return [f"Shares{where} that do not add up to 100, because each is rounded: {', '.join(off)}."] if off else []


def test_line(result: TestResult) -> str:
    """A test in one sentence."""
    if result.p_value is None:
        return f"{result.subject}: not tested ({result.null_reason})."
    p = result.p_value
    told = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    if result.statistic is None:
        return f"{result.subject}: {told} ({result.method})."
    names = {(True, False): "chi-square", (False, True): "t", (True, True): "F"}
    # A count, a sum of ranks or a standard normal has no degrees of freedom; the method says which it is.
    name = names.get((result.df_numerator is not None, result.df_denominator is not None), "statistic")
    df = ", ".join(f"{df:.4g}" for df in (result.df_numerator, result.df_denominator) if df is not None)
    return f"{result.subject}: {name}{f'({df})' if df else ''} = {result.statistic:.3g}, {told} ({result.method})."


def measure_line(found: Estimate) -> str:
    """A measure in one sentence."""
    name = found.statistic.replace("_", " ")
    if found.value is None:
        return f"{found.question}: {name} not defined ({found.null_reason})."
    between = "no interval" if found.lower is None else f"{found.lower:.3g} to {found.upper:.3g}"
    return f"{found.question}: {name} {found.value:.3g} ({between}; {found.method})."


def source_line(survey: Survey) -> str:
    """Where the numbers come from and how their errors were estimated."""
    return in_words(survey.context)


def in_words(context: Context) -> str:
    """The same of a context, which every row of results has."""
    design = f"weights: {context.weights}; variance: {context.variance}"
    fpc = "with" if context.is_fpc_used else "without"
    lonely = "" if context.lonely_psu == "fail" else f", {context.lonely_psu} for strata with one unit"
    release = f", release {context.release_id}" if context.release_id else ""
    synthetic = " All answers are synthetic." if context.is_synthetic else ""
    return f"{context.survey}{release}; {design}, {fpc} finite population correction{lonely}.{synthetic}"
