"""The numbers in rows of `survey_estimate` as cells: as they are, and as a reader finds them.

Belongs here: which counts and amounts the rows of one wave hold. Does not belong here: whom a row is about (``place``),
which numbers are too small (``disclosure``), what is shown (``shown``), counts of the codebook (``codebook``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.estimate import Row
from analytics.survey_publication.numbers import amount, contributors, is_amount, squares_cell
from analytics.survey_publication.place import missing_counts, missing_told, place_of, states
from analytics.survey_publication.rankings import place_counts, told_counts
from analytics.survey_statistics.disclosure.publication import COUNT, Cell, CellId, Printed
from analytics.survey_statistics.disclosure.rules import Rules, default_rules
from analytics.survey_statistics.sample.design import SurveyError

TABLE = "stats.survey_estimate"


def cells(rows: Sequence[Row], kinds: Mapping[str, str], rules: Rules | None = None) -> list[Cell]:
    """The numbers of one wave's estimates before anything is hidden, each once."""
    _check_labels(rows, kinds)
    rules = rules or default_rules()
    found: dict[CellId, Cell] = {}
    for row in rows:
        if row["base_n"] is None:
            continue
        place = place_of(row, kinds)
        counts = [(place.base, row["base_n"]), *missing_counts(row, place)]
        counts += [(place.category, row["numerator"])] if place.category else []
        told = [Cell(TABLE, key, int(n)) for key, n in (*counts, *place_counts(row, kinds))]
        if is_amount(row, kinds) and row["value"] is not None:
            largest = tuple(row.get("largest") or ()) or None
            told.append(Cell(TABLE, place.domain, contributors(row, rules), amount(row), place.question, largest))
            squares = squares_cell(row, place, TABLE, rules)
            told += [squares] if squares else []
        for cell in told:
            found.setdefault(cell.id, cell)
    for key, n in told_counts(rows, kinds):
        found.setdefault((COUNT, key), Cell(TABLE, key, n))
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


def printed(rows: Sequence[Row], kinds: Mapping[str, str], release: str | None = None) -> list[Printed]:
    """What a reader finds in the published rows of one wave."""
    name = f"{TABLE} of release {release}" if release else TABLE
    found: dict[Printed, None] = {}
    named = states(rows, kinds)
    for row in rows:
        place = place_of(row | {"numerator": row["numerator"] if row["numerator"] is not None else 0}, kinds)
        if row["base_n"] is not None or row["suppressed"]:
            told = {place.base: row["base_n"]} | missing_told(row, place, named[place.asked])
            found |= {Printed(name, key, n, n, release=release): None for key, n in told.items()}
        if place.category is not None:
            n = row["numerator"]
            found[Printed(name, place.category, n, n, release=release)] = None
            if n is None and row["value"] is not None and row["weights"] == "none":
                share = Printed(name, place.category, share=row["value"], share_base=place.base, release=release)
                found[share] = None
        if is_amount(row, kinds) and (row["base_n"] is not None or row["suppressed"]):
            total = None if row["value"] is None else amount(row)
            found[Printed(name, place.domain, total, total, place.question, release=release)] = None
    found |= {Printed(name, key, n, n, release=release): None for key, n in told_counts(rows, kinds)}
    return list(found)
