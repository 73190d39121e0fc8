"""Numbers as printed: declared signs for decimals and thousands, kanji numerals, about-signs, units, negative marks.

Belongs here: from a text to an exact decimal, or the reason why it is none. Does not belong here: the kinds of nothing
(``nothing``), footnote marks (``text``) and what a column may hold (``reading``). Never a guess: a text that the
declared convention does not allow is no number. Nothing is rounded.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cache

from ingest.values.kanji_numeral import MULTIPLIERS, read_kanji_numeral
from ingest.values.tables import read_values_table

# More digits than any printed figure has; longer ones are serial numbers or an attack on the arithmetic.
MOST_DIGITS = 30
_EXACT = Context(prec=4 * MOST_DIGITS)
_DASHES = str.maketrans(dict.fromkeys("−‐‑‒–—―﹣－", "-") | {"∼": "~"})
# Before a number the wave of Japanese tables is 'up to' (～50), the tilde of English ones 'about' (~50); NFKC makes
# one of both.
_WAVES = str.maketrans({"～": "〜"})
_NEGATIVE = {"-": "minus", "▲": "triangle", "△": "triangle"}
_RANGE = re.compile(r"\d\s*(?:[-~〜]|\.\.|to|から)\s*\d")
_POWER = re.compile(r"(?P<digits>[0-9]+(?:\.[0-9]+)?)e(?P<power>[+-]?[0-9]{1,2})", re.IGNORECASE)


@dataclass(frozen=True)
class NumberReading:
    """A number, exact and in the unit ``unit`` (empty if none was printed); or why there is none.

    ``value`` is None if the text is no number under the declared convention; ``steps`` then end with the reason.
    """

    value: Decimal | None
    unit: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unit:
    """A unit as printed: ``factor`` of the unit named, before or after the number or both."""

    printed: str
    unit: str
    dimension: str
    factor: Decimal
    place: str


class NotANumber(Exception):
    """The reason why a text is no number, as a step."""


def read_number(
    text: str, *, decimal: str = ".", thousands: str = "", unit: str = "", parentheses: str = "",
    dimensions: frozenset[str] | None = None,
) -> NumberReading:  # fmt: skip
    """Read a clean text (no footnote marks) as a number.

    ``decimal`` is ``.`` or ``,``; ``thousands`` one of ``, . ' _`` or a space, if empty the other of point and comma;
    ``unit`` the one that may be printed (any of ``unit.csv`` if empty); ``parentheses`` is ``negative`` where a number
    in brackets is below zero; ``dimensions`` limits the units of ``unit.csv``.

    Raises:
        ValueError: the declared signs are no convention.
    """
    thousands = thousands or ("," if decimal == "." else ".")
    if decimal not in {".", ","} or thousands == decimal or thousands not in {",", ".", "'", " ", "_"}:
        raise ValueError(f"decimal {decimal!r} and thousands {thousands!r} are no convention for numbers")
    steps: list[str] = []
    try:
        plain = _plain(text, steps)
        plain, sign = _sign(plain, parentheses, steps)
        plain, found = _unit(plain, unit, dimensions, steps)
        plain = _about(plain, steps)
        if not found:
            plain, found = _unit(plain, unit, dimensions, steps)
        if sign > 0:
            plain, sign = _sign(plain, parentheses, steps)
        size = _size(plain, decimal, thousands, steps)
        value = _EXACT.multiply(size, (found.factor if found else Decimal(1)) * sign)
        if sum(figure.isdecimal() for figure in plain_decimal(value)) > MOST_DIGITS:
            raise NotANumber("too_many_digits")
    except NotANumber as reason:
        return NumberReading(None, "", (*steps, str(reason)))
    return NumberReading(value, found.unit if found else "", tuple(steps))


def plain_decimal(value: Decimal) -> str:
    """The number in plain digits, without a sign for zero and without zeros at its end: ``-3``, ``1234.5``, ``0``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _plain(text: str, steps: list[str]) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_WAVES)).translate(_DASHES).strip()
    # A figure in a circle is a label of a list, and "①".isdigit() is true of it; NFKC would make it a number.
    # A lone 〇 is the circle of a yes at least as often as a zero.
    if _holds_a_sign(text) or plain == "〇":
        raise NotANumber("figure_is_a_sign")
    if plain != text.strip() and any(unicodedata.east_asian_width(sign) == "F" for sign in text):
        steps.append("width_folded")
    return plain


def _holds_a_sign(text: str) -> bool:
    """Whether a figure is one sign (①, ½, ²); the power of a unit (km²) is none."""
    return any(
        unicodedata.category(sign) == "No" and not (place and text[place - 1].isascii() and text[place - 1].isalpha())
        for place, sign in enumerate(text)
    )


def _sign(text: str, parentheses: str, steps: list[str]) -> tuple[str, int]:
    if text[:1] in _NEGATIVE and text[1:]:
        steps.append(f"negative_sign:{text[0]}")
        return text[1:].lstrip(), -1
    if text.startswith("(") and text.endswith(")"):
        if parentheses != "negative":
            raise NotANumber("brackets_not_declared")
        steps.append("negative_sign:()")
        return text[1:-1].strip(), -1
    if text.startswith("+"):
        return text[1:].lstrip(), 1
    return text, 1


def _about(text: str, steps: list[str]) -> str:
    folded = text.casefold()
    for sign, place, meaning in about_signs():
        is_word = sign[-1].isalpha() and sign.isascii()
        if place == "before" and folded.startswith(sign) and not (is_word and folded[len(sign) :][:1].isalpha()):
            rest, printed = text[len(sign) :], text[: len(sign)]
        elif place == "after" and folded.endswith(sign):
            rest, printed = text[: -len(sign)], text[-len(sign) :]
        else:
            continue
        if meaning == "at_most":
            raise NotANumber(f"only_an_upper_bound:{printed}")
        steps.append(f"{meaning}:{printed}")
        return rest.strip()
    return text


def _unit(text: str, declared: str, dimensions: frozenset[str] | None, steps: list[str]) -> tuple[str, Unit | None]:
    folded = text.casefold()
    for unit in units():
        printed = unit.printed.casefold()
        if unit.place != "before" and folded.endswith(printed):
            rest = text[: len(text) - len(printed)].rstrip()
        elif unit.place != "after" and folded.startswith(printed):
            rest = text[len(printed) :].lstrip()
        else:
            continue
        if not any(sign.isdecimal() or sign in MULTIPLIERS for sign in rest):
            continue
        wanted = declared and declared.casefold() not in {printed, unit.unit.casefold(), unit.dimension}
        if wanted or (dimensions is not None and unit.dimension not in dimensions):
            raise NotANumber(f"other_unit:{unit.printed}")
        steps.append(f"unit_taken_off:{unit.printed}")
        return rest, unit
    return text, None


def _size(text: str, decimal: str, thousands: str, steps: list[str]) -> Decimal:
    """The number without sign, unit and about-sign."""
    if sum(sign.isdecimal() for sign in text) > MOST_DIGITS or len(text) > 2 * MOST_DIGITS:
        raise NotANumber("too_many_digits")
    digits = _ungrouped(text, decimal, thousands)
    if digits is not None:
        if thousands in text:
            steps.append(f"thousands_sign_taken_off:{thousands}")
        return Decimal(digits)
    if decimal == "." and (power := _POWER.fullmatch(text)):
        steps.append("power_of_ten")
        return _EXACT.scaleb(Decimal(power["digits"]), int(power["power"]))
    kanji = read_kanji_numeral(text, lambda part: _ungrouped(part, decimal, thousands))
    if kanji is not None:
        steps.append(f"kanji_numeral:{text}")
        return kanji
    if _RANGE.search(text):
        raise NotANumber("a_range")
    raise NotANumber("not_a_number" if not re.search(r"[0-9]", text) else "not_in_the_declared_form")


def _ungrouped(text: str, decimal: str, thousands: str) -> str | None:
    """Digits with a decimal point, if the text is that under the convention; groups are of three and all or none."""
    match = _number_form(decimal, thousands).fullmatch(text)
    if match is None:
        return None
    whole = match["whole"].replace(thousands, "")
    return f"{whole}.{match['part']}" if match["part"] else whole


@cache
def _number_form(decimal: str, thousands: str) -> re.Pattern[str]:
    group, point = re.escape(thousands), re.escape(decimal)
    return re.compile(rf"(?P<whole>[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)(?:{point}(?P<part>[0-9]+))?")


@cache
def units() -> tuple[Unit, ...]:
    """The units of ``unit.csv``, the longest first, so that 事業所 is not read as 所."""
    rows = read_values_table("unit")
    read = [
        Unit(unicodedata.normalize("NFKC", row["printed"]), row["unit"], row["dimension"],
             Decimal(row["factor"]), row["place"])
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(read, key=lambda unit: -len(unit.printed)))


@cache
def about_signs() -> tuple[tuple[str, str, str], ...]:
    """Sign, place and meaning of ``about_sign.csv``, the longest sign first."""
    rows = read_values_table("about_sign")
    signs = [(unicodedata.normalize("NFKC", row["sign"]).casefold(), row["place"], row["meaning"]) for row in rows]
    return tuple(sorted(signs, key=lambda row: -len(row[0])))
