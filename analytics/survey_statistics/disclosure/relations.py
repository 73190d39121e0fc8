"""The sums that hold in a family of tables, with the numbers that no table prints but that follow from them.

Belongs here: the linear relations that the suppressor works with. Does not belong here: the auditor's, which are built
by its own code so that a mistake here is found there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analytics.survey_statistics.disclosure.publication import (
    ANSWERED,
    ANSWERS,
    COUNT,
    MISSING,
    NOT_TICKED,
    OPTION,
    TICKED,
    Cell,
    Family,
    Key,
    cell_key,
    in_words,
)
from analytics.survey_statistics.sample.design import SurveyError

Pair = tuple[str, str]
TOLERANCE = 1e-7


@dataclass
class Relations:
    """Numbers of one measure and the sums between them.

    ``value`` has the truth of every number; ``cells`` those that are printed. A row is (total, parts). What no table
    prints but follows (a margin, or the rest of a total whose parts are not all printed) is a number as well, hidden by
    nature; a rest has the variable with an empty category in its key. ``base``: all among whom a category would tell
    something if it were the answer of all, of which a cross of two questions has two. ``open``: counts that tell no
    answer, such as states of missing.
    """

    value: dict[Key, float] = field(default_factory=dict)
    cells: dict[Key, Cell] = field(default_factory=dict)
    rows: list[tuple[Key, tuple[Key, ...]]] = field(default_factory=list)
    base: dict[Key, list[Key]] = field(default_factory=lambda: defaultdict(list))
    open: set[Key] = field(default_factory=set)

    def smallest_base(self, key: Key) -> int | None:
        """The count of the fewest among whom a category would tell something; None where it would tell nothing."""
        return min((round(self.value[base]) for base in self.base.get(key, ()) if base in self.value), default=None)


class Steps:
    """How a pair widens: category to wider category, to those who answered, to everyone."""

    def __init__(self, family: Family) -> None:
        self.parents = family.parents
        self.answers = family.answers
        self.answered = {variable for cell in family.cells for variable, category in cell.key if category == ANSWERED}

    def wider(self, pair: Pair) -> Pair | None:
        """The pair that this one is part of; None for everyone."""
        variable = pair[0]
        if pair in self.parents:
            return variable, self.parents[pair]
        if self.is_state(pair):
            return None
        if OPTION in variable:
            return variable.split(OPTION)[0], ANSWERED
        return (variable, ANSWERED) if variable in self.answered else None

    def depth(self, key: Key) -> int:
        """Steps from a key to everyone."""
        steps = 0
        for pair in key:
            at: Pair | None = pair
            while at is not None:
                at = self.wider(at)
                steps += 1
        return steps

    def is_state(self, pair: Pair) -> bool:
        """Whether it says that, or why not, somebody answered."""
        return pair[1] in (ANSWERED, ANSWERS) or pair[1].startswith(MISSING)

    def is_answer(self, pair: Pair) -> bool:
        """Whether "all the same" in this category would tell something of respondents."""
        if self.is_state(pair):
            return False
        variable = pair[0]
        return self.answers is None or variable.split(OPTION)[0] in self.answers


def relations(family: Family, measure: str = COUNT) -> Relations:
    """All sums between the numbers of one measure. Raises SurveyError where printed numbers contradict each other."""
    steps = Steps(family)
    found = Relations()
    for cell in family.cells:
        if cell.measure == measure:
            _take(found, cell)
    sums: dict[tuple[Key, str], list[Key]] = defaultdict(list)
    by_depth: dict[int, set[Key]] = defaultdict(set)
    for key in found.cells:
        by_depth[steps.depth(key)].add(key)
    for depth in range(max(by_depth, default=0), 0, -1):
        for key in sorted(by_depth[depth]):
            for pair in key:
                wider = steps.wider(pair)
                others = [other for other in key if other != pair]
                total = cell_key([*others, *([wider] if wider else [])])
                if pair[1] == ANSWERS:
                    found.open.add(key)
                    continue
                sums[total, pair[0]].append(key)
                by_depth[depth - 1].add(total)
                if steps.is_answer(pair) and pair[1] != NOT_TICKED:
                    found.base[key].append(total)
                if steps.is_state(pair) and pair[1] != ANSWERED:
                    found.open.add(key)
        _complete(found, {place: parts for place, parts in sums.items() if steps.depth(place[0]) == depth - 1}, steps)
    _add_answers(found, family)
    return found


def _take(found: Relations, cell: Cell) -> None:
    if cell.key != cell_key(cell.key):
        raise SurveyError(f"Table {cell.table}: the key {cell.key!r} is not in order; make it with cell_key().")
    if cell.is_exempt and not cell.exempt_reason:
        raise SurveyError(
            f"Table {cell.table}, {in_words(cell.key)}: exempt from disclosure control without a reason; state one."
        )
    if cell.n < 0:
        raise SurveyError(f"Table {cell.table}, {in_words(cell.key)}: found {cell.n} responses, expected 0 or more.")
    before = found.cells.get(cell.key)
    if before is not None and abs(before.amount - cell.amount) > TOLERANCE * max(1.0, abs(cell.amount)):
        raise SurveyError(
            f"{in_words(cell.key, cell.measure)}: table {before.table} has {before.amount:g}, table {cell.table} has "
            f"{cell.amount:g}; the same number must be the same everywhere."
        )
    if before is None or cell.is_exempt:
        found.cells[cell.key] = cell
        found.value[cell.key] = cell.amount


def _complete(found: Relations, sums: Mapping[tuple[Key, str], Sequence[Key]], steps: Steps) -> None:
    unknown: dict[Key, float] = {}
    for (total, _), parts in sums.items():
        if total not in found.cells:
            unknown[total] = max(unknown.get(total, 0.0), sum(found.value[part] for part in parts))
    found.value.update(unknown)
    for (total, variable), parts in sorted(sums.items()):
        rest = found.value[total] - sum(found.value[part] for part in parts)
        slack = TOLERANCE * max(1.0, abs(found.value[total]))
        signed = any(found.value[part] < 0 for part in parts) or found.value[total] < 0
        if rest < -slack and not signed:
            raise SurveyError(
                f"The categories of {variable} add up to more than {in_words(total)}: {found.value[total] - rest:g} "
                f"against {found.value[total]:g}. Options that overlap must be variables of their own "
                f"({variable}{OPTION}option)."
            )
        others: tuple[Key, ...] = ()
        if abs(rest) > slack:
            other = (*total, (variable, ""))
            others = (other,)
            found.value[other] = rest
            states = any(
                pair[0] == variable and steps.wider(pair) is None and steps.is_state(pair) for pair in parts[0]
            )
            is_answer = steps.is_answer((variable, "")) and not states
            if is_answer and OPTION not in variable:
                found.base[other].append(total)
            if not is_answer and not any(steps.is_answer(pair) for pair in total):
                found.open.add(other)
        found.rows.append((total, (*parts, *others)))


def _add_answers(found: Relations, family: Family) -> None:
    for key in sorted(found.cells):
        for variable, category in key:
            if category != ANSWERS:
                continue
            others = {pair for pair in key if pair != (variable, ANSWERS)}
            parts = tuple(
                sorted(
                    other
                    for other in found.cells
                    if others < set(other)
                    and len(other) == len(key)
                    and any(name.startswith(variable + OPTION) and sort == TICKED for name, sort in set(other) - others)
                )
            )
            if abs(found.value[key] - sum(found.value[part] for part in parts)) <= TOLERANCE * max(1, found.value[key]):
                found.rows.append((key, parts))
