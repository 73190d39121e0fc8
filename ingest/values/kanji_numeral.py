"""Numbers written with kanji numerals, alone or with figures: 二十五, 二〇一三, 1万2千, 3億, 1.5億.

Belongs here: the grammar of these numerals. Does not belong here: units, signs and conventions (``numbers``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

# The signs of JIS X 0208, with those of contracts (大字): 壱弐参拾.
_NUMERALS = ("〇零", "一壱", "二弐", "三参", "四", "五", "六", "七", "八", "九")
DIGITS = {sign: value for value, signs in enumerate(_NUMERALS) for sign in signs}
SMALL = {"千": 1000, "百": 100, "十": 10, "拾": 10}
LARGE = {"兆": 10**12, "億": 10**8, "万": 10**4, "萬": 10**4}
MULTIPLIERS = frozenset({*DIGITS, *SMALL, *LARGE})
_SIGNS = re.compile(rf"[0-9.,' _{''.join(MULTIPLIERS)}]+")


def read_kanji_numeral(text: str, figures: Callable[[str], str | None]) -> Decimal | None:
    """The number, or None if the text is no such numeral; ``figures`` reads a part that is written in figures.

    A part in figures may have decimals only where nothing follows its multiplier (1.5億, but not 1.5億3万).
    """
    if not _SIGNS.fullmatch(text) or not MULTIPLIERS & set(text):
        return None
    total, rest, last = Decimal(0), text, 10**16
    while rest:
        section, multiplier, rest = _section(rest)
        if multiplier >= last or not section:
            return None
        size = _below_ten_thousand(section, figures, is_first=not total, is_only=not total and not rest)
        if size is None or (total and multiplier < last and size >= last // multiplier):
            return None
        total, last = total + size * multiplier, multiplier
    return total


def _section(text: str) -> tuple[str, int, str]:
    """The part before the next large multiplier, that multiplier (1 at the end), and the rest."""
    for place, sign in enumerate(text):
        if sign in LARGE:
            return text[:place], LARGE[sign], text[place + 1 :]
    return text, 1, ""


def _below_ten_thousand(
    text: str, figures: Callable[[str], str | None], *, is_first: bool, is_only: bool
) -> Decimal | None:
    """A section: figures, a row of kanji digits, or digits with 千, 百 and 十 in falling order."""
    plain = figures(text)
    if plain is not None:
        return Decimal(plain) if is_only or "." not in plain else None
    # A row after a multiplier mixes two ways of writing: 一万二一 may be 10021, or 1万 and 21 of something.
    if all(sign in DIGITS for sign in text) and (is_first or len(text) == 1):
        return Decimal(int("".join(str(DIGITS[sign]) for sign in text)))
    # Official accounts count in 千円 and 百万円: 3,000千, 1.5百.
    if is_only and text[-1] in "千百" and (plain := figures(text[:-1])) is not None:
        return Decimal(plain) * SMALL[text[-1]]
    total, digits, last = 0, "", 10**4
    for sign in text:
        if sign in SMALL:
            one = _one(digits) if len(digits) < 2 else None
            if SMALL[sign] >= last or one is None:
                return None
            total, digits, last = total + one * SMALL[sign], "", SMALL[sign]
        else:
            digits += sign
    if not digits:
        return Decimal(total)
    one = _one(digits)
    return None if one is None or one >= last else Decimal(total + one)


def _one(digits: str) -> int | None:
    """The digits before a small multiplier: none is one (百), else figures or one kanji."""
    if not digits:
        return 1
    if digits in DIGITS:
        return DIGITS[digits]
    return int(digits) if re.fullmatch("[0-9]{1,4}", digits) else None
