"""How numbers are written on a page. Rules: no percentage on a base under 10, no decimals on a base under 200."""

from __future__ import annotations

import csv
from functools import cache
from math import floor
from pathlib import Path

NO_NUMBER = "–"
SMALL_BASE = 10
WHOLE_PERCENT_BASE = 200


def whole_number(value: int | float | None) -> str:
    """A count with thousands separated, or a dash."""
    return NO_NUMBER if value is None else f"{value:,.0f}"


def count_of(numerator: int | None, base: int | None) -> str:
    """``38 of 45``; the count alone when the base is not known."""
    if numerator is None or base is None:
        return whole_number(numerator)
    return f"{whole_number(numerator)} of {whole_number(base)}"


def percent(value: float | None, base: int | None) -> str:
    """A share as percentage with the decimals its base carries; ``base < 10`` where counts have to do."""
    if value is None:
        return NO_NUMBER
    if base is not None and base < SMALL_BASE:
        return f"base < {SMALL_BASE}"
    return f"{_percentage(value, base)} %"


def percent_range(lower: float | None, upper: float | None, base: int | None) -> str:
    """``84–89 %``, or a dash when there is no interval."""
    if lower is None or upper is None or (base is not None and base < SMALL_BASE):
        return NO_NUMBER
    return f"{_percentage(lower, base)}–{_percentage(upper, base)} %"


def number_range(lower: float | None, upper: float | None) -> str:
    """``0–45`` for counts; ``at least 7`` when only the lower end exists."""
    if lower is None and upper is None:
        return NO_NUMBER
    if upper is None:
        return f"at least {whole_number(lower)}"
    if lower is None:
        return f"at most {whole_number(upper)}"
    return f"{whole_number(lower)}–{whole_number(upper)}"


def words(code: object) -> str:
    """A code as words: its label in ``labels.csv``, else the code with blanks; a missing code is a dash."""
    return NO_NUMBER if code is None else _labels().get(str(code), str(code).replace("_", " "))


@cache
def _labels() -> dict[str, str]:
    with Path(__file__).with_name("labels.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["label"] for row in csv.DictReader(file)}


def _percentage(share: float, base: int | None) -> str:
    """Rounded half up, as readers do it by hand; the 1e-9 keeps 12.5 from falling below the half in binary."""
    decimals = 0 if base is None or base < WHOLE_PERCENT_BASE else 1
    scale: int = 10**decimals
    return f"{floor(100 * share * scale + 0.5 + 1e-9) / scale:.{decimals}f}"
