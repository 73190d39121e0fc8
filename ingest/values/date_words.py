"""Words that stand for a number in a date: months, seasons, quarters, weekdays (``date_word.csv``), kanji numbers.

Belongs here: looking a word up. Does not belong here: what a date made of them means (``date_forms``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ingest.values.kanji_numeral import read_kanji_numeral
from ingest.values.tables import read_values_table

# Only where the text goes on as a date does: 三重 and 四国 hold no number.
KANJI_NUMBER = re.compile(r"[〇一二三四五六七八九十百千]+(?=年|月|日|四半期|$|[~(])")
FIRST_YEAR = re.compile(r"(?:(?<=[明大昭平令][治正和成])\s*|(?<=[MTSHR明大昭平令]))元(?!\d)")


@cache
def words(kind: str) -> Mapping[str, int]:
    """The number of each word of a kind (month, season, quarter, half, third, weekday), in small letters."""
    return {row["word"]: int(row["number"]) for row in read_values_table("date_word") if row["kind"] == kind}


def word_pattern(kind: str) -> str:
    """A pattern for any word of the kind, the longest first."""
    return "|".join(map(re.escape, sorted(words(kind), key=len, reverse=True)))


def word_number(kind: str, word: str) -> int:
    """The number that a word of the kind stands for."""
    return words(kind)[word.casefold()]


def numbers_for_kanji(text: str) -> str:
    """The text with kanji numbers of years, months and days as digits: 二十五年 and 二五年 as 25年, 元年 as 1年."""
    return KANJI_NUMBER.sub(_figures, FIRST_YEAR.sub("1", text))


def _figures(found: re.Match[str]) -> str:
    number = read_kanji_numeral(found[0], lambda _: None)
    return found[0] if number is None else str(number)
