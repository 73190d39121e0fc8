"""Conditions of LimeSurvey and REDCap in the words of XLSForm: meaning, not only form."""

from __future__ import annotations

import doctest

import pytest

from ingest.survey import relevance
from ingest.survey.relevance import Answer, NotSimpleError, both, relevant_of
from ingest.survey.routing import read_routing

TICKS = {"M_a": ("M", "a"), "M_b": ("M", "b"), "[m(a)]": ("M", "a")}


def answer(name: str) -> Answer | None:
    if name in TICKS:
        return Answer(*TICKS[name])
    plain = name.strip("[]").partition(".")[0]
    if plain == "H":
        return Answer("H", shown="${Q1} = 'x'")
    return Answer(plain) if plain in {"Q1", "Q2", "n"} else None


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", ""),
        ("1", ""),
        ('((Q1.NAOK == "A2"))', "${Q1} = 'A2'"),
        ("Q1 eq 'A' and Q2 ne 'B'", "${Q1} = 'A' and ${Q2} != 'B'"),
        ('Q1 == "A" && (Q2 == "B" || Q2 == "C")', "${Q1} = 'A' and (${Q2} = 'B' or ${Q2} = 'C')"),
        ("[Q1] <> '2' or [n] >= 10", "${Q1} != '2' or ${n} >= 10"),
        ("3 < n", "${n} > 3"),
        ("n >= -2.5", "${n} >= -2.5"),
        ("is_empty(Q1)", "${Q1} = ''"),
        ("!is_empty(Q1)", "not(${Q1} = '')"),
        ('M_a == "Y"', "selected(${M}, 'a')"),
        ('M_a != "Y" and M_b == ""', "not(selected(${M}, 'a')) and not(selected(${M}, 'b'))"),
        ("[m(a)] = '1'", "selected(${M}, 'a')"),
        ("[m(a)] = '0'", "not(selected(${M}, 'a'))"),
        ("not (Q1 == 'A' or Q2 == 'B')", "not(${Q1} = 'A' or ${Q2} = 'B')"),
        # Without NAOK an answer that was not shown makes the whole condition false.
        ('H != "b"', "${Q1} = 'x' and ${H} != 'b'"),
    ],
)
def test_simple_conditions(condition: str, expected: str) -> None:
    assert relevant_of(condition, answer) == expected
    if expected:
        read_routing(expected)


@pytest.mark.parametrize(
    "condition",
    [
        *("count(Q1, Q2) > 2", "Q1 + 1 > 3", "Q1", "Q1 ==", "(Q1 == 1", "Q1 == 1)", "Q1 == Q2", "1 == 1", "Q9 == 1"),
        *('Q1 == "it\'s"', "[event_1][Q1] = '1'", 'regexMatch("/a/", Q1)', "M_a == 'maybe'", "M_a > 1", "and", "!"),
        *("Q1 == 1 Q2 == 2", "Q1 == 1 and", "(" * 60 + "Q1 == 1" + ")" * 60, "Q1 == 1 or " * 500 + "Q1 == 1", "¥"),
    ],
)
def test_anything_more_is_refused(condition: str) -> None:
    with pytest.raises(NotSimpleError):
        relevant_of(condition, answer)


def test_conditions_that_hold_together() -> None:
    assert both("", "") == ""
    assert both("a = 1", "", "a = 1") == "a = 1"
    assert both("a or b", "c") == "(a or b) and c"


def test_examples() -> None:
    assert doctest.testmod(relevance).failed == 0
