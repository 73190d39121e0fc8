"""The counts of `rpt_survey_codebook` as cells, and its rows with what must not be shown taken out.

Belongs here: which responses a count of the codebook is about. Does not belong here: which counts are too small.

A count in a state of missing tells no answer and is shown; the base of a choice holds "don't know" and the like, which
the base of an estimate does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from analytics.estimate import Row
from analytics.survey_statistics.disclosure.publication import (
    ANSWERED,
    MISSING,
    NOT_TICKED,
    OPTION,
    TICKED,
    Cell,
    Key,
    Pattern,
    Printed,
    category_of,
    cell_key,
)

TABLE = "reports.rpt_survey_codebook"
BY_OPTION = ("select_multiple", "rank")
ANSWER_STATES = ("selected", "not_selected", "answered", "redacted")
EVERYONE = "how many responses were counted is published with the file"
COUNTS, SHARES, BASES = ("n", "weighted_n"), ("share", "weighted_share"), ("base_n", "weighted_base_n")
OF_WEIGHTS = ("weighted_n", "weighted_share", "weighted_base_n")


def row_keys(rows: Sequence[Row]) -> list[Key]:
    """Whom the count of each row is about; the rows are those of one wave."""
    labels = [(row["question_code"], row["option_en"] or row["option_ja"] or row["option_code"]) for row in rows]
    codes: dict[tuple[object, object], set[object]] = defaultdict(set)
    for row, place in zip(rows, labels, strict=True):
        codes[place].add(row["option_code"])
    # Where a tick stands for "don't know", the base here holds those whom an estimate leaves out: other numbers.
    others = {row["question_code"] for row in rows if _is_state_ticked(row)}
    return [
        _row_key(
            row,
            f"{question} (codebook)" if question in others else question,
            f"{label} ({row['option_code']})" if len(codes[question, label]) > 1 else str(label),
        )
        for row, (question, label) in zip(rows, labels, strict=True)
    ]


def _is_state_ticked(row: Row) -> bool:
    return row["question_kind"] in BY_OPTION and row["is_in_base"] and row["state"] not in ANSWER_STATES


def _row_key(row: Row, question: str, label: str) -> Key:
    state = str(row["state"])
    if state not in ANSWER_STATES:
        return cell_key([(question, MISSING + state)])
    if row["option_code"] is None:
        return cell_key([(question, ANSWERED)])
    if row["question_kind"] in BY_OPTION:
        return cell_key([(question + OPTION + label, NOT_TICKED if state == "not_selected" else TICKED)])
    return cell_key([(question, category_of(label))])


def _base_of(key: Key) -> Key:
    return cell_key([(key[0][0].split(OPTION)[0], ANSWERED)])


def counts(rows: Sequence[Row]) -> dict[Key, int]:
    """The count behind each key, those of the bases included.

    Of a multiple choice the options repeat the states of the question; where they differ from option to option the
    question as a whole has no such count.
    """
    options: dict[Key, set[int]] = defaultdict(set)
    added: dict[Key, int] = defaultdict(int)
    for row, key in zip(rows, row_keys(rows), strict=True):
        base = _base_of(key)
        if row["question_kind"] in BY_OPTION:
            options[key].add(row["n"])
            if row["is_in_base"]:
                options[base].add(row["base_n"])
            continue
        added[key] += row["n"]
        if row["option_code"] is not None and row["state"] in ANSWER_STATES:
            added[base] += row["n"]
    return dict(added) | {key: found.pop() for key, found in options.items() if len(found) == 1}


def cells(rows: Sequence[Row], n_counted: int) -> list[Cell]:
    """The numbers of one wave's codebook before anything is hidden."""
    found = [Cell(TABLE, key, n) for key, n in sorted(counts(rows).items())]
    return [Cell(TABLE, (), n_counted, is_exempt=True, exempt_reason=EVERYONE), *found]


def shown(rows: Sequence[Row], pattern: Pattern, reason: str) -> Iterator[Row]:
    """The rows of one wave as they may be published; ``reason`` stands in ``suppressed`` where a number was taken."""
    keys = row_keys(rows)
    in_base = _base_keys(rows, keys)
    touched = pattern.questions
    for row, key in zip(rows, keys, strict=True):
        is_hidden = pattern.is_hidden(key)
        has_base = not any(pattern.is_hidden(part) for part in in_base[row["question_code"]])
        taken = [*(COUNTS if is_hidden else ()), *(() if has_base else BASES)]
        taken += SHARES if taken else ()
        # Weighted numbers are further equations over the same counts.
        taken += OF_WEIGHTS if row["question_code"] in touched and row["weighted_n"] is not None else ()
        yield row | dict.fromkeys(taken) | {"suppressed": reason if taken else None}


def _base_keys(rows: Sequence[Row], keys: Sequence[Key]) -> Mapping[object, set[Key]]:
    """Question to the counts that its base is made of: those who answered, and "don't know" and the like."""
    found: dict[object, set[Key]] = defaultdict(set)
    for row, key in zip(rows, keys, strict=True):
        found[row["question_code"]].add(_base_of(key))
        if row["is_in_base"] and row["state"] not in ANSWER_STATES:
            found[row["question_code"]].add(key)
    return found


def printed(rows: Sequence[Row], n_counted: int, release: str | None = None) -> list[Printed]:
    """What a reader finds in the published rows of one wave, the bases of the shares included."""
    place = f"{TABLE} of release {release}" if release else TABLE
    keys = row_keys(rows)
    known = {(): n_counted} | {key: row["n"] for row, key in zip(rows, keys, strict=True)}
    for row, key in zip(rows, keys, strict=True):
        known[key] = None if known[key] is None or row["n"] is None else known[key]
    in_base = _base_keys(rows, keys)
    for row, key in zip(rows, keys, strict=True):
        answered = _base_of(key)
        others = [known.get(part) for part in in_base[row["question_code"]] - {answered}]
        if row["is_in_base"] and row["base_n"] is not None and None not in others:
            known[answered] = row["base_n"] - sum(n for n in others if n is not None)
    # Everyone is exempt, but another number of them in another release tells that responses came or went.
    everyone = Printed(place, (), n_counted, n_counted, release=release, is_exempt=True)
    return [everyone, *(Printed(place, key, n, n, release=release) for key, n in sorted(known.items()))]
