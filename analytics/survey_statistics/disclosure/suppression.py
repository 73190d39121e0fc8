"""Complementary suppression over a whole family of tables at once.

Belongs here: what to hide beside the numbers that break a rule, so that these cannot be worked out, with as little loss
as possible. Does not belong here: the rules (``sensitive``) and the audit (``auditor``).

The method is the linear-programming heuristic of cell suppression (Fischetti and Salazar 2000, Mathematical Programming
84; "modular" in tau-ARGUS works with the same subproblem), over all linked tables together, followed by taking back
every cell that is not needed. Small families are then solved to the optimum (``optimum``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.survey_statistics.disclosure.protection import Deviation, Tables
from analytics.survey_statistics.disclosure.publication import (
    ANSWERED,
    COUNT,
    MISSING,
    CellId,
    Family,
    Key,
    Pattern,
    Printed,
    cell_key,
    in_words,
)
from analytics.survey_statistics.disclosure.relations import Relations, Steps, relations
from analytics.survey_statistics.disclosure.revision import counts_by_release, differences, revised
from analytics.survey_statistics.disclosure.rules import Rules
from analytics.survey_statistics.disclosure.sensitive import Need, amount_need, count_need

BASE_PRICE = 10.0
CLEANING = 3000
TOGETHER = 150
FEW = 3


@dataclass
class Task:
    """One number that must seem able to move by ``room``, and a table in which it does."""

    place: int
    room: float
    witness: Deviation | None = None

    def is_met(self, deviation: Deviation) -> bool:
        """Whether a table moves the number far enough."""
        moved = deviation.get(self.place, 0.0)
        return moved >= self.room - 1e-9 if self.room > 0 else moved <= self.room + 1e-9


def suppress(family: Family, rules: Rules, earlier: Sequence[Printed] = ()) -> Pattern:
    """What must be hidden, and what cannot be protected any more.

    ``earlier``: what older releases printed of the same responses. It is known for ever, so it is never hidden again,
    and protection is sought in the other cells.
    """
    counts = counts_by_release(earlier)
    counts[None] = {cell.key: float(cell.n) for cell in family.cells if cell.measure == COUNT and not cell.is_exempt}
    others = revised(counts)
    known = {
        cell.id: cell
        for cell in earlier
        if cell.lower is not None and cell.lower == cell.upper and cell.release not in others
    }
    pattern = Pattern()
    measures = sorted({cell.measure for cell in family.cells}, key=lambda name: (name != COUNT, name))
    for measure in measures:
        pattern = _merged(pattern, _measure(family, measure, rules, known, pattern))
    shown = {key: n for key, n in counts[None].items() if not pattern.is_hidden(key)}
    late = tuple(found.sentence for found in differences({**counts, None: shown}, others, rules))
    return replace(pattern, refusals=pattern.refusals + late)


def _merged(one: Pattern, other: Pattern) -> Pattern:
    return Pattern(
        {**one.primary, **other.primary},
        {**one.complementary, **other.complementary},
        one.refusals + other.refusals,
        "optimal" if one.method == other.method == "optimal" else "heuristic",
        one.loss + other.loss,
    )


def needs(found: Relations, measure: str, rules: Rules) -> dict[Key, Need]:
    """Every number that breaks a rule, the rests of totals included. A total that no table prints is no smaller than
    its parts, so it needs nothing of its own.
    """
    wanted: dict[Key, Need] = {}
    for key, value in found.value.items():
        cell = found.cells.get(key)
        if key in found.open or (cell is not None and cell.is_exempt):
            continue
        if cell is None and not (key and key[-1][1] == ""):
            continue
        if measure == COUNT:
            need = count_need(round(value), found.smallest_base(key), rules)
        elif cell is not None:
            need = amount_need(cell.n, cell.amount, cell.contributions, rules)
        else:
            need = None
        if need is not None:
            wanted[key] = need
    return wanted


def _measure(family: Family, measure: str, rules: Rules, known: Mapping[CellId, Printed], before: Pattern) -> Pattern:
    from analytics.survey_statistics.disclosure.optimum import best_hidden

    found = relations(family, measure)
    keys = sorted(found.value)
    place = {key: i for i, key in enumerate(keys)}
    wanted = needs(found, measure, rules)
    steps = Steps(family)
    goes_with = {key for key in found.cells if measure != COUNT and before.is_hidden(key)}
    is_known = {key for key in found.cells if (measure, key) in known and _same(known[measure, key], found.value[key])}
    refusals = [_too_late(measure, key, wanted[key], known[measure, key]) for key in sorted(is_known & set(wanted))]
    primary = {key: need.reason for key, need in wanted.items() if key in found.cells and key not in is_known}
    hidden = {key for key in keys if key not in found.cells} | set(primary) | (goes_with - is_known)
    fixed = {key for key, cell in found.cells.items() if cell.is_exempt} | is_known
    tables = Tables(
        np.array([found.value[key] for key in keys]),
        [(place[total], tuple(place[part] for part in parts)) for total, parts in found.rows],
        np.array([_price(key, found, steps) for key in keys]),
        np.array([key in fixed for key in keys], dtype=bool),
        np.array([key in hidden and key not in fixed for key in keys], dtype=bool),
        measure == COUNT,
    )
    tasks = [
        Task(place[key], room)
        for key, need in sorted(wanted.items())
        if key not in fixed
        for room in (need.upper - found.value[key], need.lower - found.value[key])
        if abs(room) > 0
    ]
    protects, failed = _protect(tables, tasks)
    refusals += [_impossible(measure, keys[task.place], known) for task in failed]
    _take_back(tables, tasks, protects, frozenset())
    goes_along = _with_base(found, steps, {keys[i] for i in np.flatnonzero(tables.hidden)}, fixed)
    tables.hidden[[place[key] for key in goes_along]] = True
    if goes_along:
        _take_back(tables, tasks, protects, frozenset(place[base] for base in goes_along.values()))
    best = best_hidden(tables, tasks, protects) if not failed and not goes_along else None
    is_optimal = best is not None and _take_over(tables, tasks, protects, best)
    complementary = {
        (measure, keys[i]): "protects " + in_words(keys[task.place], measure) for i, task in sorted(protects.items())
    }
    complementary |= {
        (measure, key): "its number of responses is hidden" for key in goes_with - set(primary) - is_known
    }
    complementary |= {(measure, key): "its base is hidden" for key in goes_along}
    return Pattern(
        {(measure, key): reason for key, reason in sorted(primary.items())},
        dict(sorted(complementary.items())),
        tuple(dict.fromkeys(refusals)),
        "optimal" if is_optimal else "heuristic",
        float(sum(abs(found.value[key]) for _, key in complementary)),
    )


def _same(printed: Printed, value: float) -> bool:
    return printed.lower is not None and abs(printed.lower - value) <= 1e-9 * max(1.0, abs(value))


def _price(key: Key, found: Relations, steps: Steps) -> float:
    is_base = any(category == ANSWERED for _, category in key) or not any(steps.is_answer(pair) for pair in key)
    is_state = any(category.startswith(MISSING) for _, category in key)
    return (1.0 + abs(found.value[key])) * (BASE_PRICE if is_base and not is_state else 1.0)


def _protect(tables: Tables, tasks: list[Task]) -> tuple[dict[int, Task], list[Task]]:
    """Hide more numbers until every task has a table in which it is met; which number for which task."""
    protects: dict[int, Task] = {}
    failed = []
    ordered = sorted(tasks, key=lambda task: (-abs(task.room), task.place))
    for number, task in enumerate(ordered):
        if number % TOGETHER == 0:
            _meet_together(tables, ordered[number:])
        if task.witness is not None:
            continue
        deviation = tables.deviation(task.place, task.room)
        if deviation is None:
            failed.append(task)
            continue
        for at in deviation:
            if not tables.hidden[at]:
                tables.hidden[at] = True
                protects[at] = task
        _note(ordered, deviation)
    return protects, failed


def _note(tasks: Sequence[Task], deviation: Deviation) -> int:
    met = [task for task in tasks if task.witness is None and task.is_met(deviation)]
    for task in met:
        task.witness = deviation
    return len(met)


def _meet_together(tables: Tables, tasks: Sequence[Task]) -> None:
    """Find tables in which many tasks are met at once by what is hidden already: far fewer programmes to solve."""
    for sign in (1.0, -1.0):
        while True:
            rooms: dict[int, float] = {}
            used: set[int] = set()
            for task in tasks:
                rows = tables.rows_of[task.place]
                if task.witness is None and task.room * sign > 0 and used.isdisjoint(rows):
                    rooms[task.place] = abs(task.room)
                    used.update(rows)
            deviation = tables.many(rooms, sign) if len(rooms) >= FEW else None
            if deviation is None or _note(tasks, deviation) < FEW:
                break


def _take_back(tables: Tables, tasks: list[Task], protects: dict[int, Task], kept: frozenset[int]) -> None:
    """Show every number again whose hiding turns out not to be needed, the dearest first; not those to be kept."""
    left = CLEANING
    for at in sorted(set(protects) - kept, key=lambda at: (-tables.price[at], at)):
        users = [task for task in tasks if task.witness and at in task.witness]
        users.sort(key=lambda task: task is not protects[at])
        if left < len(users):
            return
        tables.hidden[at] = False
        found: list[tuple[Task, Deviation]] = []
        for task in users:
            if any(task.is_met(deviation) for _, deviation in found):
                found.append((task, next(deviation for _, deviation in found if task.is_met(deviation))))
                continue
            left -= 1
            deviation = tables.deviation(task.place, task.room, only_hidden=True)
            if deviation is None:
                tables.hidden[at] = True
                break
            found.append((task, deviation))
        else:
            del protects[at]
            for task, deviation in found:
                task.witness = deviation


def _take_over(tables: Tables, tasks: Sequence[Task], protects: dict[int, Task], best: set[int]) -> bool:
    """Hide the best pattern instead, if whole numbers fit it too; otherwise leave everything as it is."""
    before = tables.hidden.copy()
    tables.hidden[list(protects)] = False
    tables.hidden[list(best)] = True
    found = [tables.deviation(task.place, task.room, only_hidden=True) for task in tasks]
    if any(deviation is None for deviation in found):
        tables.hidden[:] = before
        return False
    users = {at: task for task, deviation in zip(tasks, found, strict=True) for at in deviation or ()}
    protects.clear()
    protects.update({at: users.get(at, tasks[0]) for at in sorted(best)})
    return True


def _with_base(found: Relations, steps: Steps, hidden: set[Key], fixed: set[Key]) -> dict[Key, Key]:
    """Categories of hidden bases, with the base: a row without its base would have no share to show."""
    added: dict[Key, Key] = {}
    for key in sorted(found.cells):
        for pair in key:
            wider = steps.wider(pair)
            base = cell_key({*(set(key) - {pair}), *([wider] if wider else [])})
            is_base = wider is not None and wider[1] == ANSWERED and base in found.cells
            if is_base and base in hidden and key not in hidden and key not in fixed:
                added[key] = base
    return added


def _too_late(measure: str, key: Key, need: Need, printed: Printed) -> str:
    where = f"release {printed.release} ({printed.place})" if printed.release else printed.place
    return (
        f"{in_words(key, measure)} must be hidden ({need.reason}) but cannot be any more: {where} printed it. Publish "
        "without this table, withdraw that release, or record why the number may be known (exempt, with the reason)."
    )


def _impossible(measure: str, key: Key, known: Mapping[CellId, Printed]) -> str:
    releases = sorted({cell.release for cell in known.values() if cell.release})
    because = f"release{'s' * (len(releases) > 1)} {', '.join(releases)} printed" if releases else "exempt cells show"
    what = "The rest of a total" if key and key[-1][1] == "" else in_words(key, measure)
    return (
        f"{what} ({in_words(key, measure)}) cannot be protected any more: {because} the numbers around it. Leave the "
        "table out, or merge categories."
    )
