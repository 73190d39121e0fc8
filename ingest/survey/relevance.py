"""Conditions of survey tools as XLSForm's ``relevant``: comparisons of answers with constants, joined by and, or, not.

Belongs here: the grammar that ExpressionScript (LimeSurvey) and REDCap's branching logic share, and the words that
XLSForm has for it (docs.getodk.org, form logic). Does not belong here: how a tool names its questions
(``codebook_lss``, ``codebook_redcap``). Whatever is no such comparison is refused, so that nobody relies on a condition
half translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

# LimeSurvey's words for the signs.
SIGNS: Mapping[str, str] = {
    "==": "=", "=": "=", "eq": "=", "!=": "!=", "<>": "!=", "ne": "!=", "<": "<", "lt": "<", "<=": "<=", "le": "<=",
    ">": ">", "gt": ">", ">=": ">=", "ge": ">=",
}  # fmt: skip
JOINS = {"and": "and", "&&": "and", "or": "or", "||": "or"}
NOT = {"not", "!"}
TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))|(?P<name>\[[^\]]+\](?:\[[^\]]+\])*|\w[\w.]*)"""
    r"""|(?P<sign><=|>=|==|!=|<>|&&|\|\||[()<>=!,]))"""
)
TICKED, UNTICKED = {"Y", "1"}, {"", "0", "N"}
MOST_CHARACTERS = 4_000
MOST_DEPTH = 40
# Before anything else a bracket binds, then not, then a comparison, then and, then or.
LOOSEST, TIGHTER = "or", "and"


class NotSimpleError(Exception):
    """A condition that is more than comparisons of answers with constants."""


@dataclass(frozen=True)
class Answer:
    """What a name in a condition stands for: a question, or with ``option`` the tick of one of its options.

    ``shown`` is the condition under which the question itself is shown, where the tool takes an answer that was not
    shown for false.
    """

    question: str
    option: str = ""
    shown: str = ""


def relevant_of(condition: str, answer: Callable[[str], Answer | None]) -> str:
    """A tool's condition in the words of XLSForm; empty for one that always holds.

    >>> relevant_of('Q1.NAOK == "A2" && !(Q2 == "")', lambda name: Answer(name.partition(".")[0]))
    "${Q1} = 'A2' and not(${Q2} = '')"

    Raises:
        NotSimpleError: functions, arithmetic, names that are no question, or no condition at all.
    """
    if condition.strip() in {"", "1"}:
        return ""
    if len(condition) > MOST_CHARACTERS:
        raise NotSimpleError(condition)
    return _Parser(_tokens(condition), answer).parsed()


def both(*conditions: str) -> str:
    """Conditions of XLSForm that must hold together; those that are empty or the same are left out."""
    parts = list(dict.fromkeys(each for each in conditions if each))
    return parts[0] if len(parts) == 1 else " and ".join(_wrapped(each) for each in parts)


def _wrapped(condition: str) -> str:
    return f"({condition})" if f" {LOOSEST} " in condition else condition


def _tokens(condition: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while place < len(condition.rstrip()):
        match = TOKEN.match(condition, place)
        if not match:
            raise NotSimpleError(condition)
        found.append((str(match.lastgroup), match[match.lastgroup or 0]))
        place = match.end()
    return [*found, ("end", "")]


class _Parser:
    """Recursive descent over the tokens; each method returns text in XLSForm's words."""

    def __init__(self, tokens: list[tuple[str, str]], answer: Callable[[str], Answer | None]) -> None:
        self.tokens, self.answer, self.place, self.depth = tokens, answer, 0, 0
        self.shown: list[str] = []

    def parsed(self) -> str:
        text = self._joined("or")
        if self.tokens[self.place][0] != "end":
            raise NotSimpleError(self._next)
        return both(*self.shown, text)

    @property
    def _next(self) -> str:
        return self.tokens[self.place][1]

    def _take(self) -> tuple[str, str]:
        token = self.tokens[self.place]
        self.place += token[0] != "end"
        return token

    def _joined(self, join: str) -> str:
        parts = [self._part(join)]
        while JOINS.get(self._next.lower()) == join and self.tokens[self.place][0] in {"name", "sign"}:
            self._take()
            parts.append(self._part(join))
        return f" {join} ".join(parts)

    def _part(self, join: str) -> str:
        return self._joined(TIGHTER) if join == LOOSEST else self._negated()

    def _negated(self) -> str:
        if self._next.lower() in NOT:
            self._take()
            return f"not({self._bare(self._negated())})"
        return self._single()

    def _single(self) -> str:
        if self._next == "(":
            return self._bracket()
        if self._next == "is_empty":
            return self._is_empty()
        left = self._operand()
        sign = SIGNS.get(self._take()[1].lower())
        if not sign:
            raise NotSimpleError(self._next)
        return _compared(left, sign, self._operand())

    def _bracket(self) -> str:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise NotSimpleError("(")
        self._take()
        inner = self._joined("or")
        if self._take()[1] != ")":
            raise NotSimpleError(inner)
        self.depth -= 1
        return _wrapped(self._bare(inner))

    def _is_empty(self) -> str:
        self._take()
        if self._take()[1] != "(":
            raise NotSimpleError("is_empty")
        operand = self._operand()
        if self._take()[1] != ")":
            raise NotSimpleError("is_empty")
        return _compared(operand, "=", "")

    def _operand(self) -> Answer | str:
        kind, text = self._take()
        if kind == "text":
            return text[1:-1]
        if kind == "number":
            return text
        found = self.answer(text) if kind == "name" else None
        if found is None:
            raise NotSimpleError(text)
        self.shown.append(found.shown)
        return found

    @staticmethod
    def _bare(text: str) -> str:
        """The text without the bracket around it: ``not`` brings its own."""
        inner = text[1:-1]
        is_whole = text.startswith("(") and text.endswith(")") and "(" not in inner and ")" not in inner
        return inner if is_whole else text


TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _compared(left: Answer | str, sign: str, right: Answer | str) -> str:
    if isinstance(left, str):
        if isinstance(right, str):
            raise NotSimpleError(left)
        left, sign, right = right, TURNED.get(sign, sign), left
    if not isinstance(right, str) or "'" in right:
        raise NotSimpleError(left.question)
    if not left.option:
        is_number = sign in TURNED and re.fullmatch(r"-?\d+(\.\d+)?", right)
        return f"${{{left.question}}} {sign} {right if is_number else _quoted(right)}"
    if sign not in {"=", "!="} or right not in TICKED | UNTICKED:
        raise NotSimpleError(left.question)
    ticked = f"selected(${{{left.question}}}, {_quoted(left.option)})"
    return ticked if (right in TICKED) == (sign == "=") else f"not({ticked})"


def _quoted(text: str) -> str:
    """A constant text in XLSForm's quotes."""
    return f"'{text}'"
