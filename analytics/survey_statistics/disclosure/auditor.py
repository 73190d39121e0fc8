"""The auditor: an intruder with everything that was ever published tries to recover what is hidden.

Belongs here: the attack by linear and integer programming, and its findings in sentences. Does not belong here: any
code of the suppressor; the intruder's equations come from ``attack``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from analytics.survey_statistics.disclosure.attack import Knowledge, add_sums, gather
from analytics.survey_statistics.disclosure.equation import equation
from analytics.survey_statistics.disclosure.intruder import Component, components
from analytics.survey_statistics.disclosure.publication import (
    ANSWERED,
    ANSWERS,
    COUNT,
    MISSING,
    NOT_TICKED,
    OPTION,
    Cell,
    Finding,
    Key,
    Printed,
    in_words,
)
from analytics.survey_statistics.disclosure.revision import revised_releases, revision_findings
from analytics.survey_statistics.disclosure.rules import Rules
from analytics.survey_statistics.disclosure.sensitive import Need, amount_need, count_need


def audit(
    rows: Sequence[Printed],
    rules: Rules,
    truth: Sequence[Cell] = (),
    parents: Mapping[tuple[str, str], str] | None = None,
    answers: frozenset[str] | None = None,
) -> list[Finding]:
    """Everything that a reader can recover; empty where nothing can be.

    ``rows``: all that is and was printed: every table, both languages, all formats, earlier releases (with
    ``release``). ``truth``: the numbers behind, where the house audits itself: then a hidden number that breaks a rule
    must also stay uncertain enough; without it only what an outsider can be sure of is found. ``parents``, ``answers``:
    as in ``Family``.
    """
    revised = revised_releases(rows)
    findings = revision_findings(rows, revised, rules)
    same = [row for row in rows if row.release not in revised]
    for measure in sorted({row.measure for row in same}, key=lambda name: (name != COUNT, name)):
        cells = {cell.key: cell for cell in truth if cell.measure == measure}
        findings += _attack(same, measure, rules, cells, parents or {}, answers)
    return findings


def _attack(
    rows: Sequence[Printed],
    measure: str,
    rules: Rules,
    truth: Mapping[Key, Cell],
    parents: Mapping[tuple[str, str], str],
    answers: frozenset[str] | None,
) -> list[Finding]:
    loose: frozenset[str] | None = frozenset()
    while True:
        known = gather(rows, measure)
        add_sums(known, parents, loose)
        parts = components(known)
        impossible = [part for part in parts if not part.is_possible()]
        if not impossible or loose is None:
            break
        names = frozenset(name for part in impossible for key in part.keys for name, _ in key)
        loose = None if names <= loose else loose | names
    findings = [_contradiction(key, measure, places) for key, places in known.contradictions]
    findings += [_contradiction(part.keys[0], measure, "the tables around it") for part in impossible]
    judge = Judge(known, rules, truth, answers)
    findings += [finding for key in sorted(known.interval) if (finding := judge.printed(key)) is not None]
    for part in parts:
        if part not in impossible:
            findings += [found for key in part.keys if (found := judge.hidden(key, part)) is not None]
    return findings


class Judge:
    """Says of a number whether what can be known of it breaks a rule."""

    def __init__(
        self, known: Knowledge, rules: Rules, truth: Mapping[Key, Cell], answers: frozenset[str] | None
    ) -> None:
        self.known = known
        self.rules = rules
        self.truth = truth
        self.answers = answers
        self.rest_counts = _rest_counts(known, truth) if known.measure == COUNT else {}
        self.of_states = _rests_of_states(known)
        self.bases: dict[Key, list[Key]] = defaultdict(list)
        for whole, parts in known.sums:
            for part in parts:
                if self._tells(part, whole):
                    self.bases[part].append(whole)

    def _is_answer(self, name: str) -> bool:
        return self.answers is None or name.split(OPTION)[0] in self.answers

    def _tells(self, part: Key, whole: Key) -> bool:
        """Whether it would tell something if all of the whole were in the part: then the part is an answer."""
        new = set(part) - set(whole)
        return any(
            self._is_answer(name)
            and category not in (ANSWERED, ANSWERS, NOT_TICKED)
            and not category.startswith(MISSING)
            and not (category == "" and part in self.of_states)
            for name, category in new
        )

    def is_open(self, key: Key) -> bool:
        """Counts that tell no answer: states of missing, ticks, rests of variables that nobody answered, and
        totals that no table names, for they are no smaller than their parts.
        """
        if key not in self.known.places and key not in self.known.rests:
            return True
        if key in self.known.exempt or any(c == ANSWERS or c.startswith(MISSING) for _, c in key):
            return True
        if key and key[-1][1] == "":
            others = any(self._is_answer(name) and category != ANSWERED for name, category in key[:-1])
            is_answer = self._is_answer(key[-1][0]) and key not in self.of_states
            return not others and not is_answer
        return False

    def need(self, key: Key) -> Need | None:
        """What the truth, where it is known, demands."""
        if key in self.rest_counts:
            return count_need(self.rest_counts[key], self._true_base(key), self.rules)
        cell = self.truth.get(key)
        if cell is None or cell.is_exempt:
            return None
        if self.known.measure != COUNT:
            return amount_need(cell.n, cell.amount, cell.contributions, self.rules)
        return count_need(cell.n, self._true_base(key), self.rules)

    def _true_base(self, key: Key) -> int | None:
        """The fewest among whom the number would tell something if it were all of them."""
        return min((self.truth[base].n for base in self.bases.get(key, ()) if base in self.truth), default=None)

    def _known_bases(self, key: Key) -> list[float]:
        """The bases of a number that a reader knows, the smallest first."""
        return sorted(self.known.interval[base][0] for base in self.bases.get(key, ()) if self.known.is_known(base))

    def printed(self, key: Key) -> Finding | None:
        """A number that stands there although it breaks a rule."""
        if not self.known.is_known(key) or self.is_open(key):
            return None
        value = self.known.interval[key][0]
        need = self.need(key)
        if need is None and self.known.measure == COUNT:
            bases = self._known_bases(key)
            need = count_need(round(value), round(bases[0]) if bases else None, self.rules)
        if need is None:
            return None
        where = self.known.places.get(key, "what is printed around it")
        words = in_words(key, self.known.measure)
        return Finding(
            "printed",
            key,
            self.known.measure,
            value,
            value,
            f"{words} is {value:g} and stands in {where}: {need.reason}.",
            f"{words} = {value:g}",
        )

    def hidden(self, key: Key, part: Component) -> Finding | None:
        """A number that is not printed but can be recovered, or comes too near."""
        if self.is_open(key):
            return None
        need = self.need(key)
        threshold = self.rules.threshold
        if need is not None:
            if part.reaches(key, need.upper) and part.reaches(key, need.lower, down=True):
                return None
            return self._found(key, part, need.reason)
        if self.known.measure != COUNT:
            return None
        if key not in self.truth and not part.reaches(key, threshold) and not part.reaches(key, 0, down=True):
            return self._found(key, part, f"fewer than {threshold}")
        return self._all_alike(key, part)

    def _all_alike(self, key: Key, part: Component) -> Finding | None:
        """A small base of which a reader knows that all answered the same."""
        for base in self._known_bases(key):
            if 0 < base < self.rules.group_base and not part.reaches(key, base - 1, down=True):
                return self._found(key, part, f"all of {base:g}")
        return None

    def _found(self, key: Key, part: Component, reason: str) -> Finding | None:
        lower, upper = part.limits(key)
        words = in_words(key, self.known.measure)
        how = equation(part, key)
        if np.isclose(lower, upper, rtol=1e-9, atol=1e-9):
            kind, what = "exact", f"is exactly {lower:g}"
        else:
            kind, what = "narrow", f"lies between {lower:g} and {upper:g}"
        if reason.startswith("all of"):
            kind = "group"
        elif kind == "narrow" and self.known.measure == COUNT and lower > 0 and upper < self.rules.threshold:
            kind = "small"
        return Finding(
            kind,
            key,
            self.known.measure,
            lower,
            upper,
            f"{words} is hidden ({reason}), but a reader finds that it {what}: {how}.",
            how,
        )


def _rest_counts(known: Knowledge, truth: Mapping[Key, Cell]) -> dict[Key, int]:
    """The true counts of what sums have beside their listed parts."""
    counts = {}
    for whole, parts in known.sums:
        listed = [part for part in parts if part not in known.rests]
        if len(listed) < len(parts) and whole in truth and all(part in truth for part in listed):
            counts[parts[-1]] = truth[whole].n - sum(truth[part].n for part in listed)
    return counts


def _rests_of_states(known: Knowledge) -> set[Key]:
    """Rests beside those who answered: states of missing that are not listed."""
    return {
        part
        for _, parts in known.sums
        for part in parts
        if part in known.rests and any((part[-1][0], ANSWERED) in other for other in parts)
    }


def _contradiction(key: Key, measure: str, places: str) -> Finding:
    words = in_words(key, measure)
    return Finding(
        "contradiction",
        key,
        measure,
        float("nan"),
        float("nan"),
        f"{words} is printed with different values in {places}; the same number must be the same everywhere.",
        words,
    )
