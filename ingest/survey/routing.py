"""The routing of a codebook: under which answers a question is shown.

Belongs here: reading the expressions of XLSForm's ``relevant`` that surveys use, and asking them of a batch of answers.
Does not belong here: the states that follow (``decoding``).

Read are comparisons of ``${question}`` with a text or a number (=, !=, <, <=, >, >=), ``selected(${question}, 'x')``,
``and``, ``or``, ``not(...)``, ``true()``, ``false()`` and brackets (https://docs.getodk.org/form-logic/). A question
that was not answered compares as the empty text, as it does in a form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from ingest.survey.codebook import WITH_OPTIONS, Question

if TYPE_CHECKING:
    import numpy as np

    Mask = np.ndarray[Any, np.dtype[np.bool_]]

TOKEN = re.compile(
    r"\s*(?:(?P<question>\$\{[^}]+\})|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<word>[a-z][a-z-]*)|(?P<sign><=|>=|!=|=|<|>|\(|\)|,))"
)
SHOWN = 60
# Conditions are asked one inside the other; more than any questionnaire has.
MOST_TOKENS = 1000
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Answers(Protocol):
    """The answers of a batch, as the routing asks for them."""

    def is_chosen(self, question: str, option: str) -> Mask:
        """Which responses chose or ticked an option."""
        ...

    def compares(self, question: str, sign: str, value: str) -> Mask:
        """Which responses' answer stands in this relation to a text or number."""
        ...

    def everyone(self, *, is_true: bool) -> Mask:
        """The same for all responses."""
        ...


Rule = Callable[[Answers], "Mask"]


class Unreadable(ValueError):
    """An expression that is not one of those read here."""


@dataclass(frozen=True)
class Routing:
    """A read expression: what it asks, of which questions, and which of their options it names."""

    rule: Rule
    questions: frozenset[str]
    options: frozenset[tuple[str, str]] = frozenset()

    def strange_options(self, questions: Mapping[str, Question]) -> list[str]:
        """Options that are in no code list: a condition that nobody can fulfil was not meant."""
        return sorted(
            option
            for code, option in self.options
            if code in questions
            and questions[code].kind in WITH_OPTIONS
            and option not in {each.code for each in questions[code].options}
        )


@cache
def read_routing(expression: str) -> Routing:
    """The routing that an expression states.

    Raises:
        Unreadable: with the part that could not be read.
    """
    reader = _Reader(list(_tokens(expression)))
    if len(reader.tokens) > MOST_TOKENS:
        raise Unreadable(expression[:SHOWN])
    try:
        rule = reader.either()
    except RecursionError:
        raise Unreadable(expression[:SHOWN]) from None
    if reader.at < len(reader.tokens):
        raise Unreadable(reader.tokens[reader.at][1])
    return Routing(rule, frozenset(reader.questions), frozenset(reader.options))


def questions_of(questions: Iterable[Question]) -> dict[str, str]:
    """By question the reason why its routing cannot be read."""
    known = {question.code: question for question in questions}
    unread = {}
    for code, question in known.items():
        if not question.relevant:
            continue
        try:
            strange = read_routing(question.relevant).strange_options(known)
        except Unreadable as error:
            unread[code] = str(error)
        else:
            if strange:
                unread[code] = ", ".join(strange)
    return unread


def _tokens(expression: str) -> Iterator[tuple[str, str]]:
    at = 0
    while expression[at:].strip():
        found = TOKEN.match(expression, at)
        if not found or not found.lastgroup:
            raise Unreadable(expression[at:].strip())
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


class _Reader:
    """Descends through an expression: or, and, one condition."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at = tokens, 0
        self.questions: set[str] = set()
        self.options: set[tuple[str, str]] = set()

    def either(self) -> Rule:
        rule = self.both()
        while self._is_next("or"):
            rule = _joined(rule, self.both(), is_and=False)
        return rule

    def both(self) -> Rule:
        rule = self.condition()
        while self._is_next("and"):
            rule = _joined(rule, self.condition(), is_and=True)
        return rule

    def condition(self) -> Rule:
        kind, text = self._next()
        if text == "(":
            rule = self.either()
            self._expect(")")
            return rule
        if kind == "word" and text in {"true", "false"}:
            self._expect("(")
            self._expect(")")
            return lambda answers: answers.everyone(is_true=text == "true")
        if text == "not":
            self._expect("(")
            inner = self.either()
            self._expect(")")
            return lambda answers: ~inner(answers)
        if text == "selected":
            return self._selected()
        return self._comparison(kind, text)

    def _selected(self) -> Rule:
        self._expect("(")
        question = self._question(*self._next())
        self._expect(",")
        kind, option = self._next()
        if kind != "text":
            raise Unreadable(option)
        self._expect(")")
        self.options.add((question, option[1:-1]))
        return lambda answers: answers.is_chosen(question, option[1:-1])

    def _comparison(self, kind: str, text: str) -> Rule:
        _, sign = self._next()
        if sign not in COMPARISONS:
            raise Unreadable(sign)
        other_kind, other = self._next()
        if kind != "question":
            kind, text, other_kind, other, sign = other_kind, other, kind, text, MIRRORED.get(sign, sign)
        question = self._question(kind, text)
        if other_kind not in {"text", "number"}:
            raise Unreadable(other)
        value = other[1:-1] if other_kind == "text" else other
        if value and sign in {"=", "!="}:
            self.options.add((question, value))
        return lambda answers: answers.compares(question, sign, value)

    def _question(self, kind: str, text: str) -> str:
        if kind != "question":
            raise Unreadable(text)
        name = text[2:-1].strip()
        self.questions.add(name)
        return name

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise Unreadable("an end in the middle of a condition")
        self.at += 1
        return self.tokens[self.at - 1]

    def _expect(self, sign: str) -> None:
        _, text = self._next()
        if text != sign:
            raise Unreadable(text)

    def _is_next(self, word: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at][1] == word:
            self.at += 1
            return True
        return False


def _joined(left: Rule, right: Rule, *, is_and: bool) -> Rule:
    if is_and:
        return lambda answers: left(answers) & right(answers)
    return lambda answers: left(answers) | right(answers)
