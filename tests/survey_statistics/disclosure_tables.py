"""Tables for the tests of disclosure control: from a matrix of counts, or from invented respondents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from analytics.survey_statistics.disclosure.publication import (
    ANSWERED,
    MISSING,
    OPTION,
    TICKED,
    Cell,
    Family,
    Key,
    cell_key,
)

Counts = Sequence[Sequence[int]]


def row(i: int) -> tuple[str, str]:
    return "row", str(i)


def column(j: int) -> tuple[str, str]:
    return "column", str(j)


def inner(i: int, j: int) -> Key:
    return cell_key([row(i), column(j)])


def cross(counts: Counts, table: str = "cross") -> list[Cell]:
    """A table of counts with all its margins."""
    width = range(len(counts[0]))
    cells = [Cell(table, inner(i, j), n) for i, line in enumerate(counts) for j, n in enumerate(line)]
    cells += [Cell(table, (row(i),), sum(line)) for i, line in enumerate(counts)]
    cells += [Cell(table, (column(j),), sum(line[j] for line in counts)) for j in width]
    return [*cells, Cell(table, (), sum(map(sum, counts)))]


def amounts(values: Sequence[Sequence[float]], n: int, largest: Mapping[Key, tuple[float, ...]]) -> list[Cell]:
    """A table of amounts with its margins; every inner cell has ``n`` contributors."""
    width = range(len(values[0]))
    cells = [
        Cell("turnover", inner(i, j), n, value, "turnover", largest.get(inner(i, j)))
        for i, line in enumerate(values)
        for j, value in enumerate(line)
    ]
    cells += [Cell("turnover", (row(i),), 3 * n, sum(line), "turnover") for i, line in enumerate(values)]
    cells += [Cell("turnover", (column(j),), 3 * n, sum(line[j] for line in values), "turnover") for j in width]
    return [*cells, Cell("turnover", (), 9 * n, sum(map(sum, values)), "turnover")]


def survey(responses: Sequence[Mapping[str, str | frozenset[str]]], domain: str) -> Family:
    """All cells of a survey: every question overall and by a domain. A set is a multiple choice with options a to c."""
    levels = sorted({str(response[domain]) for response in responses})
    questions = sorted({name for response in responses for name in response} - {domain})
    cells = []
    for level, question in product([None, *levels], questions):
        inside = [r for r in responses if level is None or r[domain] == level]
        at = [] if level is None else [(domain, level)]
        answers = [r[question] for r in inside]
        given = [a for a in answers if isinstance(a, frozenset) or not a.startswith(MISSING)]
        cells += [
            Cell(question, cell_key(at), len(inside)),
            Cell(question, cell_key([*at, (question, ANSWERED)]), len(given)),
            Cell(question, cell_key([*at, (question, MISSING + "refused")]), len(answers) - len(given)),
        ]
        if any(isinstance(r[question], frozenset) for r in responses):
            options = {o: (question + OPTION + o, TICKED) for o in "abc"}
            cells += [Cell(question, cell_key([*at, p]), sum(o in a for a in given)) for o, p in options.items()]
        else:
            named = sorted({str(r[question]) for r in responses if not str(r[question]).startswith(MISSING)})
            cells += [Cell(question, cell_key([*at, (question, c)]), given.count(c)) for c in named]
    return Family(cells, answers=frozenset(questions))
