"""What of a mean or a median of a number is shown: single answers stand in more of them than in their totals.

Belongs here: limits of quantiles, spreads of means, the responses that an amount counts as. Does not belong here: the
rules for amounts (``disclosure.sensitive``), shares (``shown``).

Mean and standard error together are the sum of squares of the answers. Few whole numbers follow from both exactly, and
of many the largest lies within the root of it (Samuelson 1968, JASA 63, 1522-1525); so a spread is shown like an
amount, if nobody gives most of it, and rounded. The bounds of a mean hold the largest and the smallest answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from analytics.estimate import Row
from analytics.survey_publication.place import Place
from analytics.survey_statistics.disclosure.publication import Cell, Pattern
from analytics.survey_statistics.disclosure.rules import Rules
from analytics.survey_statistics.disclosure.sensitive import amount_need

DIGITS = 2
BOUNDS = ("bound_lower", "bound_upper")
SPREAD = ("standard_error", "lower", "upper", "design_effect")
OF_SPREAD = (*SPREAD, "interval_level")
NO_SPREAD = "no error: with the mean it would tell single answers"
ROUNDED = f"error of {DIGITS} digits, limits to its last digit"


def is_amount(row: Row, kinds: Mapping[str, str]) -> bool:
    """Whether a row gives away a total: the mean of a number."""
    return row["statistic"] == "mean" and kinds.get(str(row["question_code"])) == "number"


def amount(row: Row) -> float:
    """The total behind a mean, without the last digits, which the order of adding up decides."""
    return float(f"{row['value'] * row['weighted_n']:.12g}")


def is_too_precise(row: Row, kinds: Mapping[str, str], rules: Rules) -> bool:
    """Whether a published mean of a number says more of single answers than it may."""
    if not is_amount(row, kinds) or row["value"] is None:
        return False
    has_bounds = any(row[name] is not None for name in BOUNDS)
    has_error = row["standard_error"] is not None
    return has_bounds or (has_error and (row["base_n"] < rules.spread_base or not is_rounded(row)))


def contributors(row: Row, rules: Rules) -> int:
    """As how many responses an amount counts: a zero gives nothing to it, and a small base that all answered alike
    tells the answer of each, as if one had given it.
    """
    if row.get("is_alike") and row["base_n"] < rules.group_base:
        return 1
    given = row.get("n_contributing")
    return int(row["base_n"] if given is None else given)


def squares_cell(row: Row, place: Place, table: str, rules: Rules) -> Cell | None:
    """The sum of squares that the error of a mean gives away, as an amount of one response where it may not be shown.

    None where there is no error. Sums of squares add up over domains, so that one that is hidden takes another along.
    """
    if row["standard_error"] is None or not row.get("squares"):
        return None
    total, *largest = row["squares"]
    is_told = row["base_n"] < rules.spread_base or amount_need(row["base_n"], total, tuple(largest), rules) is not None
    return Cell(table, place.domain, 1 if is_told else row["base_n"], row["sum_of_squares"], squares_of(place.question))


def squares_of(question: str) -> str:
    """The name of the measure."""
    return f"{question} (squares)"


def with_shown_spread(row: Row, place: Place, pattern: Pattern, rules: Rules) -> Row:
    """A row of a number as it may be shown once its value may."""
    if row["statistic"] == "quantile":
        return _with_limits(row, rules)
    kept = row | dict.fromkeys(BOUNDS)
    if row["standard_error"] is None:
        return kept
    if pattern.is_hidden(place.domain, squares_of(place.question)):
        return kept | dict.fromkeys(OF_SPREAD) | {"null_reason": NO_SPREAD, "interval_method": "none (suppressed)"}
    return kept | _rounded(row) | {"note": "; ".join(filter(None, (row["note"], ROUNDED)))}


def is_rounded(row: Row) -> bool:
    """Whether a published row has no more digits in its spread than it may."""
    return all(row[name] == value for name, value in _rounded(row).items())


def _rounded(row: Row) -> Row:
    """The spread to two digits, and the limits to the place of the second, away from the mean."""
    error = Decimal(repr(row["standard_error"]))
    place = _place(_to(error, _place(error), ROUND_HALF_EVEN))
    found: Row = {"standard_error": float(_to(error, place, ROUND_HALF_EVEN))}
    for name, away in (("lower", ROUND_FLOOR), ("upper", ROUND_CEILING)):
        if row[name] is not None:
            found[name] = float(_to(Decimal(repr(row[name])), place, away))
    if row["design_effect"]:
        effect = Decimal(repr(row["design_effect"]))
        found["design_effect"] = float(_to(effect, _place(effect), ROUND_HALF_EVEN))
    return found


def _place(value: Decimal) -> int:
    """The power of ten of the last digit that is kept."""
    return value.adjusted() + 1 - DIGITS


def _to(value: Decimal, place: int, rounding: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(place), rounding)


def _with_limits(row: Row, rules: Rules) -> Row:
    """A quantile without limits that too few responses lie beyond: they are answers of single ones."""
    beyond = row.get("beyond_limits")
    if beyond is None or beyond >= rules.quantile_side:
        return row
    reason = f"no interval: fewer than {rules.quantile_side} responses on one side of it"
    taken = dict.fromkeys(("standard_error", "lower", "upper", "interval_level"))
    return row | taken | {"null_reason": reason, "interval_method": "none (suppressed)"}
