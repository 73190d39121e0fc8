"""Cells worked out by hand, by the practice of Japanese and European statistics, and two grammars by slow oracles.

Belongs here: one text, what its column declares, and the value that a person reads (None: no person may be sure).
Does not belong here: what is said of a cell (the fault tests).
"""

from __future__ import annotations

import csv
import itertools
import re
from pathlib import Path

import pytest

from ingest.values.numbers import read_number
from ingest.values.reading import options_of, read_value
from ingest.values.text import name_key, without_footnote_marks

CASES = Path(__file__).parents[1] / "fixtures" / "values" / "worked_by_hand.csv"


def worked_by_hand() -> list[dict[str, str]]:
    """Kind, text, what the card declares (``name=value`` with semicolons), and the value; empty where none is sure."""
    with CASES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", worked_by_hand(), ids=lambda case: f"{case['kind']} {case['text']} {case['declared']}")
def test_a_cell_is_what_a_person_reads(case: dict[str, str]) -> None:
    declared = dict(each.split("=") for each in case["declared"].split(";") if each)
    reading = read_value(case["kind"], case["text"], options_of(declared))
    assert (reading.state, reading.value or "") == ("given" if case["value"] else "unreadable", case["value"])


@pytest.mark.parametrize(
    "text", ["CO₂", "Ω3", "3rd", "(1)ミホン", "ミホン(1)", "(注)", "備注1", "特注1", "受注", "R²", "Sample (2013)"]
)
def test_a_sign_that_is_no_footnote_mark_stays(text: str) -> None:
    assert without_footnote_marks(text) == (text, ())


@pytest.mark.parametrize(
    ("text", "rest"), [("ミホン脚注1", "ミホン"), ("ミホン（脚注１）", "ミホン"), ("株式会社※", "株式会社")]
)
def test_a_footnote_mark_is_taken_off(text: str, rest: str) -> None:
    assert without_footnote_marks(text)[0] == rest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *[
            ("斎藤", "斉藤"),
            ("齋藤", "齊藤"),
            ("霞ヶ関", "霞が関"),
            ("カー", "カ一"),
            ("センター", "センタ"),
            ("ハ", "八"),
            ("ロ", "口"),
        ],
        *[
            ("ヒ", "ひ"),
            ("C", "C++"),
            ("C", "C#"),
            ("Food", "Food+"),
            ("1.5", "15"),
            ("2-1", "21"),
            ("10½", "1012"),
            ("é", "e"),
        ],
    ],
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("髙橋", "高橋"), ("齋藤", "斎藤"), ("濱", "浜"), ("Ｃ＋＋", "C++"), ("2013-14", "2013/14"), ("A-1", "A1")],
)
def test_one_name_in_two_spellings_has_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


ONES, TENS = {"一": 1, "二": 2, "5": 5}, {"千": 1000, "百": 100, "十": 10}


def below_ten_thousand() -> dict[str, int]:
    """Every way to write a number of these signs: digits before 千, 百 and 十 in this order, and the rest."""
    found: dict[str, int] = {}
    before = [None, "", *ONES]
    for *parts, last in itertools.product(before, before, before, ["", *ONES, "55", "555"]):
        text, value, room = "", 0, 0
        for digit, (sign, size) in zip(parts, TENS.items(), strict=True):
            if digit is not None:
                text, value, room = text + digit + sign, value + (ONES[digit] if digit else 1) * size, size
        if len(last) < 2 or int(last) < room:
            found[text + last] = value + (ONES.get(last) or int(last or 0))
    del found[""]
    return found


def by_the_oracle(text: str, sections: dict[str, int]) -> int | None:
    """The one value of a text: sections around 万, a row of digits, or figures before one sign of size."""
    if rows := re.fullmatch("([一二]+|5+)(万?)(.*)", text):
        row = int("".join(str(ONES[digit]) for digit in rows[1]))
        if not rows[2] and not rows[3]:
            return row
        if rows[2] and re.fullmatch("5*", rows[3]):
            return row * 10_000 + int(rows[3] or 0)
        if rows[2] and rows[3] in sections:
            return row * 10_000 + sections[rows[3]]
    if figures := re.fullmatch("(5+)([百千])(万?)", text):
        return int(figures[1]) * TENS[figures[2]] * (10_000 if figures[3] else 1)
    high, sign, low = text.partition("万")
    if not sign:
        return sections.get(text)
    rest = int(low or 0) if re.fullmatch("5*", low) else sections.get(low)
    return sections[high] * 10_000 + rest if high in sections and rest is not None else None


def test_every_short_text_of_numerals_is_the_number_of_the_oracle_or_none() -> None:
    sections = below_ten_thousand()
    read = 0
    for length in range(1, 6):
        for signs in itertools.product("一二5十百千万", repeat=length):
            text = "".join(signs)
            value = read_number(text).value
            assert value is None or value == by_the_oracle(text, sections), text
            read += value is not None
    assert read > 1000
