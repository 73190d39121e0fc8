"""Rows of `survey_estimate` as cells, and the rows with what must not be shown taken out.

Belongs here: which responses each number of a row is about. Does not belong here: which numbers are too small
(``disclosure``), counts of the codebook (``codebook``).

A share is shown where its count may be. What is made of several counts (a mean of points, a net, shares of answers,
ranks) is shown only where no count of its question is hidden in any domain, since it would tell what they add up to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analytics.estimate import Row
from analytics.survey_statistics.disclosure.publication import (
    ANSWERED,
    COUNT,
    MISSING,
    OPTION,
    TICKED,
    Cell,
    CellId,
    Key,
    Pattern,
    Printed,
    category_of,
    cell_key,
)
from analytics.survey_statistics.disclosure.rules import Rules
from analytics.survey_statistics.disclosure.small_base import low_base_note, percent_reason
from analytics.survey_statistics.sample.design import SurveyError

TABLE = "stats.survey_estimate"
ALL = "all"
HIDDEN = "c"
RANKED = ", those who ranked "
REFUSED = "not computed: the design or the answers do not allow it; the owner of the answers finds the reason"
# What a suppressed row still says: what it is about, and how it would have been computed.
OF_VALUE = (
    *("value", "standard_error", "lower", "upper", "interval_level", "numerator", "degrees_of_freedom"),
    *("design_effect", "bound_lower", "bound_upper"),
)
OF_SHARE = tuple(name for name in OF_VALUE if name != "numerator")
OF_BASE = ("base_n", "weighted_n", "missing")
# Weighted numbers and errors of strata are further equations over the same counts: two hidden counts of which the sum
# is told follow from a weighted share of both. So beside a hidden count a question has its plain counts only.
OF_WEIGHTS = (*OF_SHARE, "weighted_n")
OF_DESIGN = ("standard_error", "lower", "upper", "interval_level", "design_effect", "degrees_of_freedom")
WEIGHTED = "no weighted number: it would tell the hidden counts of this question"
STRATIFIED = "no error: that of a sample in strata or clusters would tell the hidden counts of this question"
COUNTED_IN_NOTE = re.compile(r"\b\d+ of\b")
# With a hidden count also "shares of respondents add to 131%", which is the number of ticks, and "40% gave no answer".
SUMMED_IN_NOTE = re.compile(r"\b\d+ of\b|\d%")


@dataclass(frozen=True)
class Place:
    """Whom the numbers of a row are about: all who answered in its domain, and those of its category, if it has any.

    ``asked``: the variable that its missing lack, the question or a part of a ranking.
    """

    domain: Key
    question: str
    asked: str
    base: Key
    category: Key | None


def place_of(row: Row, kinds: Mapping[str, str]) -> Place:
    """``kinds``: question to the kind that it is reported as."""
    question, statistic = str(row["question_code"]), str(row["statistic"])
    domain = () if row["domain"] == ALL else cell_key([_pair(str(row["domain"]))])
    pair = _base_pair(row, kinds)
    base = cell_key([*domain, pair])
    category = None
    if row["category"] is not None and row["numerator"] is not None:
        label, kind = str(row["category"]), kinds.get(question, "")
        if statistic == "proportion" and kind in ("choice", "scale"):
            category = cell_key([*domain, (question, category_of(label))])
        elif kind == "multiple":
            category = cell_key([*domain, (question + OPTION + label, TICKED)])
        else:
            category = cell_key([*domain, (f"{question}{OPTION}{statistic}, {label}", TICKED)])
    return Place(domain, question, _asked(row, kinds), base, category)


def _base_pair(row: Row, kinds: Mapping[str, str]) -> tuple[str, str]:
    """Who is in the base; of a ranking some rows are about those alone who ranked an option, or all of them."""
    question, words = str(row["question_code"]), str(row["base"]).replace(f"; {row['domain']}", "")
    part = re.search(rf"{re.escape(RANKED)}.*?(?=$|: \d+ of \d+$)|, all \d+ options ranked$", words)
    if kinds.get(question) != "ranking" or part is None:
        return question, ANSWERED
    return question + OPTION + part[0].removeprefix(", "), TICKED


def _asked(row: Row, kinds: Mapping[str, str]) -> str:
    """Who is missing: those who ranked an option are among all who answered, and so are told with their missing."""
    variable, category = _base_pair(row, kinds)
    return str(row["question_code"]) if category == ANSWERED or RANKED[2:] in variable else variable


def _pair(domain: str) -> tuple[str, str]:
    variable, _, category = domain.partition(" = ")
    return variable, category_of(category)


def missing_counts(row: Row, place: Place) -> Iterator[tuple[Key, int]]:
    """Responses in each state of missing, from the words of a row."""
    for part in filter(None, str(row["missing"] or "").split(", ")):
        state, _, n = part.rpartition(" ")
        yield cell_key([*place.domain, (place.asked, MISSING + state)]), int(n)


def cells(rows: Sequence[Row], kinds: Mapping[str, str]) -> list[Cell]:
    """The numbers of one wave's estimates before anything is hidden, each once."""
    _check_labels(rows, kinds)
    found: dict[CellId, Cell] = {}
    for row in rows:
        if row["base_n"] is None:
            continue
        place = place_of(row, kinds)
        counts = [(place.base, row["base_n"]), *missing_counts(row, place)]
        counts += [(place.category, row["numerator"])] if place.category else []
        told = [Cell(TABLE, key, int(n)) for key, n in counts]
        if _is_amount(row, kinds) and row["value"] is not None:
            amount = _amount(row)
            told.append(
                Cell(
                    TABLE, place.domain, row["base_n"], amount, place.question, tuple(row.get("largest") or ()) or None
                )
            )
        for cell in told:
            found.setdefault(cell.id, cell)
    return [found[each] for each in sorted(found)]


def _check_labels(rows: Sequence[Row], kinds: Mapping[str, str]) -> None:
    """Raises ``SurveyError`` where two rows read alike: the count of one would stand for that of the other."""
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        about = (row["question_code"], row["category"], row["domain"], row["statistic"], row.get("inference"))
        if about in seen and place_of(row, kinds).category is not None:
            raise SurveyError(
                f"Question {row['question_code']}, {row['domain']}: found two options with the label "
                f"{row['category']!r}, expected one, for nobody could tell which of them is meant. Give the options or "
                "the categories of the domain labels of their own in the codebook."
            )
        seen.add(about)


def shown(rows: Sequence[Row], kinds: Mapping[str, str], pattern: Pattern, rules: Rules) -> Iterator[Row]:
    """The rows of one wave as they may be published."""
    touched = touched_questions(pattern)
    for row in rows:
        if row["base_n"] is None:
            # Why a call was refused may be told with numbers of responses.
            yield row | {"null_reason": REFUSED, "note": None}
            continue
        place = place_of(row, kinds)
        kind, is_touched = kinds.get(place.question, ""), place.question in touched
        if pattern.is_hidden(place.base) or not _may_show(row, place, kind, pattern, rules, is_touched=is_touched):
            yield _hidden(row, place, pattern, rules, has_base=not pattern.is_hidden(place.base))
            continue
        kept = _with_states(row, place, pattern)
        kept |= {"note": _without(SUMMED_IN_NOTE if is_touched else COUNTED_IN_NOTE, kept["note"])}
        if kind == "number":
            yield _with_limits(kept, rules)
        else:
            yield _with_enough(_plain_counts(kept) if is_touched else kept, rules)


def touched_questions(pattern: Pattern) -> set[str]:
    """The questions with a hidden count, overall or in any domain, and those that make its domain."""
    hidden = [key for measure, key in (*pattern.primary, *pattern.complementary) if measure == COUNT]
    return {variable.split(OPTION)[0] for key in hidden for variable, _ in key}


def _plain_counts(row: Row) -> Row:
    """A row of a question with a hidden count, without what weights, strata or clusters add to its counts."""
    if row.get("weights", "none") != "none":
        taken, reason = OF_WEIGHTS, WEIGHTED
    elif row.get("is_simple_sample", True):
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


def _with_limits(row: Row, rules: Rules) -> Row:
    """A quantile without limits that too few responses lie beyond: they are answers of single ones."""
    beyond = row.get("beyond_limits")
    if row["statistic"] != "quantile" or beyond is None or beyond >= rules.quantile_side:
        return row
    reason = f"no interval: fewer than {rules.quantile_side} responses on one side of it"
    taken = dict.fromkeys(("standard_error", "lower", "upper", "interval_level"))
    return row | taken | {"null_reason": reason, "interval_method": "none (suppressed)"}


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


def _states(rows: Sequence[Row], kinds: Mapping[str, str]) -> Mapping[str, set[str]]:
    """The states of missing that any row of a question, or of a part of a ranking, names."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        parts = filter(None, str(row["missing"] or "").split(", "))
        found[_asked(row, kinds)] |= {part.rpartition(" ")[0] for part in parts}
    return found


def _missing_told(row: Row, place: Place, states: set[str]) -> dict[Key, int | None]:
    """What a row tells of each state: a count, 0 where it lists the others only, None where it is hidden."""
    listed = dict(part.rpartition(" ")[::2] for part in filter(None, str(row["missing"] or "").split(", ")))
    told: dict[Key, int | None] = {}
    for state in states:
        n = listed.get(state, "0" if row["base_n"] is not None else HIDDEN)
        told[cell_key([*place.domain, (place.asked, MISSING + state)])] = None if n == HIDDEN else int(n)
    return told


def _is_amount(row: Row, kinds: Mapping[str, str]) -> bool:
    return row["statistic"] == "mean" and kinds.get(str(row["question_code"])) == "number"


def _shown_missing(row: Row, place: Place, pattern: Pattern) -> str:
    """The missing by state, with a mark for a count that is hidden."""
    parts = list(filter(None, str(row["missing"] or "").split(", ")))
    keys = [key for key, _ in missing_counts(row, place)]
    told = [
        f"{part.rpartition(' ')[0]} {HIDDEN}" if pattern.is_hidden(key) else part
        for part, key in zip(parts, keys, strict=True)
    ]
    return ", ".join(told)


def _amount(row: Row) -> float:
    """The total behind a mean, without the last digits, which the order of adding up decides."""
    return float(f"{row['value'] * row['weighted_n']:.12g}")


def _without(counted: re.Pattern[str], note: str | None) -> str | None:
    """The note without its parts that tell numbers of responses or of their answers."""
    parts = [part for part in (note or "").split("; ") if part and not counted.search(part)]
    return "; ".join(parts) or None


def _plain_base(row: Row, *, has_base: bool) -> str:
    """The words of a base without numbers of responses or of their answers."""
    parts = str(row["base"]).split("; ")
    return "; ".join(re.sub(r": \d+ of \d+$|\b\d+ (?=answers$)", "", part) for part in parts) if has_base else parts[0]


def printed(rows: Sequence[Row], kinds: Mapping[str, str], release: str | None = None) -> list[Printed]:
    """What a reader finds in the published rows of one wave."""
    name = f"{TABLE} of release {release}" if release else TABLE
    found: dict[Printed, None] = {}
    states = _states(rows, kinds)
    for row in rows:
        place = place_of(row | {"numerator": row["numerator"] if row["numerator"] is not None else 0}, kinds)
        if row["base_n"] is not None or row["suppressed"]:
            told = {place.base: row["base_n"]} | _missing_told(row, place, states[place.asked])
            found |= {Printed(name, key, n, n, release=release): None for key, n in told.items()}
        if place.category is not None:
            n = row["numerator"]
            found[Printed(name, place.category, n, n, release=release)] = None
            if n is None and row["value"] is not None and row["weights"] == "none":
                share = Printed(name, place.category, share=row["value"], share_base=place.base, release=release)
                found[share] = None
        if _is_amount(row, kinds) and (row["base_n"] is not None or row["suppressed"]):
            amount = None if row["value"] is None else _amount(row)
            found[Printed(name, place.domain, amount, amount, place.question, release=release)] = None
    return list(found)
