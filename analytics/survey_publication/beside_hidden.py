"""What the auditor looks for beside hidden counts: numbers that are no counts, but further equations over them.

Belongs here: weighted numbers and tests, read from published rows alone. Does not belong here: the attack on counts
(``survey_statistics.disclosure.auditor``), what is taken out (``shown``, ``tables``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analytics.estimate import Row
from analytics.survey_publication.place import EVERYONE, HIDDEN_STATE

ESTIMATES, TESTS = "stats.survey_estimate", "stats.survey_test"
# Kinds with a proportion for each count.
COUNTED = ("choice", "multiple")


def hidden_tables(rows: Sequence[Row], kinds: Mapping[str, str]) -> set[frozenset[str]]:
    """The question, or the question and its domain, of every count that the rows of one wave do not show."""
    found: set[frozenset[str]] = set()
    for row in rows:
        is_share = row["statistic"] == "proportion" and kinds.get(str(row["question_code"])) in COUNTED
        has_state = any(part.endswith(f" {HIDDEN_STATE}") for part in str(row["missing"] or "").split(", "))
        if has_state or (row["suppressed"] and (row["base_n"] is None or (is_share and row["numerator"] is None))):
            found.add(frozenset(_variables(row)))
    return found


def weighted_beside_hidden(rows: Sequence[Row], kinds: Mapping[str, str]) -> Iterator[str]:
    """Weighted numbers of a question, or by a domain, with a hidden count: two hidden counts whose sum is told follow
    from them.
    """
    touched: set[str] = set().union(*hidden_tables(rows, kinds))
    left: dict[str, list[str]] = {}
    for row in rows:
        is_told = row["weights"] != "none" and (row["value"] is not None or row["weighted_n"] is not None)
        if is_told and not touched.isdisjoint(_variables(row)):
            left.setdefault(str(row["question_code"]), []).append(str(row["estimate_id"]))
    for question, told in sorted(left.items()):
        yield (
            f"{ESTIMATES} prints weighted numbers of {question} beside a hidden count ({told[0]} and {len(told) - 1} "
            "others); two hidden counts with a known sum follow from a weighted share of both. Expected none of them; "
            "take them out."
        )


def compared_beside_hidden(tests: Sequence[Row], rows: Sequence[Row], kinds: Mapping[str, str]) -> Iterator[str]:
    """Tests of a table with a hidden count, and weighted ones of a question or domain that has any elsewhere."""
    tables = hidden_tables(rows, kinds)
    touched: set[str] = set().union(*tables)
    for row in tests:
        asked = {str(row["question_code"]), str(row["domain_question"])}
        is_beside = any(each <= asked for each in tables) or (
            row["weights"] != "none" and not touched.isdisjoint(asked)
        )
        if is_beside and any(row[name] is not None for name in ("statistic", "p_value", "base_n")):
            yield (
                f"{TESTS} prints {row['test_id']} beside a hidden count, which with the others of its table follows "
                "from the test. Expected neither statistic nor p value nor base; take them out."
            )


def _variables(row: Row) -> list[str]:
    domain = [] if row["domain"] == EVERYONE else [str(row["domain"]).partition(" = ")[0]]
    return [str(row["question_code"]), *domain]
