"""One share with the interval that fits what is known of its population, or with the reason why there is none.

Belongs here: the choice between formulas and the refusal of undefined ones. An undefined interval is ``None`` with a
reason; it is never an interval of zero width, which would show certainty where there is no information.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Share:
    """A share (0-1), its interval, and the name of the method; ``null_reason`` says why a part is ``None``."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    interval_method: str = "none"
    interval_level: float | None = None
    null_reason: str | None = None


COMPLETE = "none (complete listing)"
NOTHING_UNKNOWN = "none (nothing unknown)"
BOUNDS = "bounds"
LEVEL = 0.95


def complete_share(numerator: int, base: int) -> Share:
    """A share of a full listing: every unit was seen, so there is no sampling error to put around it."""
    undefined = undefined_reason(numerator, base)
    if undefined:
        return Share(None, null_reason=undefined)
    return Share(numerator / base, interval_method=COMPLETE)


def sampled_share(
    numerator: int | None, base: int | None, population: int | None = None, level: float = LEVEL
) -> Share:
    """A share of those observed, for a population of ``population`` units or of unknown size (``None``).

    Known size: exact hypergeometric, which treats the observed units as a random draw. Unknown size: Wilson.
    """
    # Here, not above: only published samples need the arrays, and the list of topics is read by every command.
    from analytics.statistics import proportions

    undefined = undefined_reason(numerator, base)
    if undefined or numerator is None or base is None:
        return Share(None, null_reason=undefined)
    share = Share(numerator / base, interval_level=level)
    if population is None:
        lower, upper = proportions.wilson(numerator, base, level)
        return replace(share, lower=float(lower), upper=float(upper), interval_method="Wilson score")
    if base > population:
        reason = f"{base} observed units are more than the population of {population}"
        return replace(share, interval_level=None, null_reason=reason)
    if base == population:
        return complete_share(numerator, base)
    low, high = proportions.hypergeometric(numerator, base, population, level)
    if low == high:
        reason = f"the exact set holds one value although {population - base} units were not observed"
        return replace(share, interval_level=None, null_reason=reason)
    method = "exact hypergeometric (finite population)"
    return replace(share, lower=float(low) / population, upper=float(high) / population, interval_method=method)


def bounded_share(numerator: int, base: int, unknown: int, total: int | None = None) -> Share:
    """A share with ``unknown`` units counted against it (lower) and for it (upper).

    ``total`` is the size of the whole group when rows are missing from the base; it defaults to the base. These are
    worst-case bounds (Manski, C. F. (1989), Journal of Human Resources 24, 343-360), not a confidence interval.
    """
    undefined = undefined_reason(numerator, base)
    if undefined:
        return Share(None, null_reason=undefined)
    whole = base if total is None else total
    if numerator + unknown > whole:
        reason = f"{numerator} counted and {unknown} unknown units are more than the whole of {whole}"
        return Share(numerator / base, null_reason=reason)
    if unknown == 0:
        return Share(numerator / base, interval_method=NOTHING_UNKNOWN)
    return Share(numerator / base, numerator / whole, (numerator + unknown) / whole, BOUNDS)


def undefined_reason(numerator: int | None, base: int | None) -> str | None:
    """Why a share cannot be formed from these counts; ``None`` when it can."""
    if numerator is None:
        return "no count was published"
    if base is None:
        return "the base was not published"
    if base <= 0:
        return "nothing in the base"
    if not 0 <= numerator <= base:
        return f"the count {numerator} does not lie between 0 and the base {base}"
    return None


def annual_equivalent(share: float | None, years: float | None) -> float | None:
    """Constant yearly share that gives ``share`` after ``years`` years: S^(1/years). ``None`` when undefined."""
    if share is None or years is None or years <= 0:
        return None
    return float(share ** (1 / years))


def overlap_bounds(before: int, after: int) -> tuple[int, int]:
    """Fewest and most units that two lists of these sizes can share when nothing else is known (Frechet bounds)."""
    if before < 0 or after < 0:
        raise ValueError(f"list sizes must not be negative: found {before} and {after}")
    return 0, min(before, after)
