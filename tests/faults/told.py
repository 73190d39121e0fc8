"""What a fault test asserts: the outcome class, and the sentence in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.problem import Outcome, Problem


def told(
    problems: Iterable[Problem], code: str, outcome: Outcome, english: Iterable[str], japanese: Iterable[str]
) -> Problem:
    """The one problem with this code; its outcome and the parts of both its sentences are asserted."""
    problems = list(problems)
    found = [problem for problem in problems if problem.code == code]
    assert found, f"no problem '{code}' among {[(each.code, str(each)) for each in problems]}"
    problem = found[0]
    assert problem.outcome is outcome
    for part in english:
        assert part in str(problem)
    for part in japanese:
        assert part in problem.japanese
    assert problem.ja is not None
    for sentence, mark in ((str(problem), "What to do: "), (problem.japanese, "対処方法：")):
        assert mark in sentence
        assert "\n" not in sentence
    return problem
