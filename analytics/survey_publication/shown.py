"""Rows of `survey_estimate` with what must not be shown taken out.

Belongs here: which columns of a row go once a count is hidden. Does not belong here: which counts are (``disclosure``),
what of a mean or a median is shown once its total may be (``numbers``).

A share is shown where its count may be. What is made of several counts (a mean of points, a net, shares of answers,
ranks) is shown only where no count of its question is hidden in any domain, since it would tell what they add up to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from analytics.estimate import Row
from analytics.survey_publication.numbers import with_shown_spread
from analytics.survey_publication.place import HIDDEN_STATE, Place, missing_counts, place_of
from analytics.survey_statistics.disclosure.publication import Pattern
from analytics.survey_statistics.disclosure.rules import Rules
from analytics.survey_statistics.disclosure.small_base import low_base_note, percent_reason

REFUSED = "not computed: the design or the answers do not allow it; the owner of the answers finds the reason"
# What a suppressed row still says: what it is about, and how it would have been computed.
OF_VALUE = (
    *("value", "standard_error", "lower", "upper", "interval_level", "numerator", "degrees_of_freedom"),
    *("design_effect", "bound_lower", "bound_upper"),
)
OF_SHARE = tuple(name for name in OF_VALUE if name != "numerator")
OF_BASE = ("base_n", "weighted_n", "missing")
# Weighted numbers and errors of strata are further equations over the same counts: two hidden counts of which the sum
# is told follow from a weighted share of both. So beside a hidden count a question has its plain counts only, and so
# has every question by a domain with one: the weight of a domain is that of its hidden parts.
OF_WEIGHTS = (*OF_SHARE, "weighted_n")
OF_DESIGN = ("standard_error", "lower", "upper", "interval_level", "design_effect", "degrees_of_freedom")
WEIGHTED = "no weighted number: it would tell hidden counts of this question or domain"
STRATIFIED = "no error: that of a sample in strata or clusters would tell hidden counts of this question or domain"
COUNTED_IN_NOTE = re.compile(r"\b\d+ of\b")
# With a hidden count also "shares of respondents add to 131%", which is the number of ticks, and "40% gave no answer".
SUMMED_IN_NOTE = re.compile(r"\b\d+ of\b|\d%")


def shown_rows(rows: Sequence[Row], kinds: Mapping[str, str], pattern: Pattern, rules: Rules) -> Iterator[Row]:
    """The rows of one wave as they may be published."""
    touched = pattern.questions
    for row in rows:
        if row["base_n"] is None:
            # Why a call was refused may be told with numbers of responses.
            yield row | {"null_reason": REFUSED, "note": None}
            continue
        place = place_of(row, kinds)
        kind, is_touched = kinds.get(place.question, ""), place.question in touched
        is_beside = is_touched or any(variable in touched for variable, _ in place.domain)
        if pattern.is_hidden(place.base) or not _may_show(row, place, kind, pattern, rules, is_touched=is_touched):
            yield _hidden(row, place, pattern, rules, has_base=not pattern.is_hidden(place.base))
            continue
        kept = _with_states(row, place, pattern)
        kept |= {"note": _without(SUMMED_IN_NOTE if is_touched else COUNTED_IN_NOTE, kept["note"])}
        kept = _plain_counts(kept) if is_beside else kept
        yield with_shown_spread(kept, place, pattern, rules) if kind == "number" else _with_enough(kept, rules)


def _plain_counts(row: Row) -> Row:
    """A row of a question with a hidden count, without what weights, strata or clusters add to its counts."""
    if row.get("weights", "none") != "none":
        taken, reason = OF_WEIGHTS, WEIGHTED
    elif row.get("is_simple_sample"):
        return row
    else:
        taken, reason = OF_DESIGN, STRATIFIED
    return row | dict.fromkeys(taken) | {"null_reason": reason, "interval_method": "none (suppressed)"}


def _hidden(row: Row, place: Place, pattern: Pattern, rules: Rules, *, has_base: bool) -> Row:
    """A row that says only what it is about. Of a median of a scale the category is the value itself."""
    taken: list[str] = [
        *OF_VALUE,
        "note",
        *(() if has_base else OF_BASE),
        *(("weighted_n",) * (row.get("weights", "none") != "none")),
        *(("category",) * (row["statistic"] == "median")),
    ]
    reason = {"suppressed": rules.reason, "null_reason": rules.reason, "interval_method": "none (suppressed)"}
    return (
        _with_states(row, place, pattern)
        | reason
        | dict.fromkeys(taken)
        | {"base": _plain_base(row, has_base=has_base)}
    )


def _with_states(row: Row, place: Place, pattern: Pattern) -> Row:
    """The row with its missing as they may be shown, and without what would tell those that may not."""
    if not any(pattern.is_hidden(key) for key, _ in missing_counts(row, place)):
        return row
    return row | {
        "missing": _shown_missing(row, place, pattern), "bound_lower": None, "bound_upper": None,
        "note": _without(SUMMED_IN_NOTE, row["note"]),
    }  # fmt: skip


def _with_enough(row: Row, rules: Rules) -> Row:
    """The row without its percent where the base is too small for one, or with a warning."""
    reason = percent_reason(row["base_n"], rules)
    if reason:
        return row | dict.fromkeys(OF_SHARE) | {"null_reason": reason, "interval_method": "none (small base)"}
    notes = [row["note"], low_base_note(row["base_n"], rules)]
    return row | {"note": "; ".join(note for note in notes if note) or None}


def _may_show(row: Row, place: Place, kind: str, pattern: Pattern, rules: Rules, *, is_touched: bool) -> bool:
    if place.category is not None and pattern.is_hidden(place.category):
        return False
    if kind == "number":
        beyond = row.get("beyond_value")
        is_even = (
            row["statistic"] != "quantile"
            or min(row["base_n"] / 2, row["base_n"] if beyond is None else beyond) >= rules.quantile_side
        )
        return is_even and not pattern.is_hidden(place.domain, place.question)
    return not is_touched or (row["statistic"] == "proportion" and kind in ("choice", "scale", "multiple"))


def _shown_missing(row: Row, place: Place, pattern: Pattern) -> str:
    """The missing by state, with a mark for a count that is hidden."""
    parts = list(filter(None, str(row["missing"] or "").split(", ")))
    keys = [key for key, _ in missing_counts(row, place)]
    told = [
        f"{part.rpartition(' ')[0]} {HIDDEN_STATE}" if pattern.is_hidden(key) else part
        for part, key in zip(parts, keys, strict=True)
    ]
    return ", ".join(told)


def _without(counted: re.Pattern[str], note: str | None) -> str | None:
    """The note without its parts that tell numbers of responses or of their answers."""
    parts = [part for part in (note or "").split("; ") if part and not counted.search(part)]
    return "; ".join(parts) or None


def _plain_base(row: Row, *, has_base: bool) -> str:
    """The words of a base without numbers of responses or of their answers."""
    parts = str(row["base"]).split("; ")
    return "; ".join(re.sub(r": \d+ of \d+$|\b\d+ (?=answers$)", "", part) for part in parts) if has_base else parts[0]
