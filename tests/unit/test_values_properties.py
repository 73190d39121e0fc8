"""What must hold for every text that a cell can hold, whatever it is.

Belongs here: properties. Does not belong here: single cases (the tests of each module and of the faults).
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.values.nothing import states
from ingest.values.numbers import plain_decimal, read_number
from ingest.values.reading import KINDS, Options, read_column, read_value, step_text
from ingest.values.text import clean, display_form, name_key, without_footnote_marks

SIGNS = (
    "0123456789０１２５.,，．'-－−ー〜～~▲△()（）%％ 　\t\n約余社名円億万千百十〇一二三四①²³※*†注[]…xX/:;"
    "aAzZｱｶﾞがカ゛゜髙國𠮷㈱㍻\u200b\u202e\ufeff\u00a0\u00ad\u0301\U000e0100\x00éİßﬃ"
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=SIGNS, max_size=24),
    st.text(alphabet=st.characters(categories=("Cs", "Cf", "Cc", "Mn", "No", "Lm")), max_size=12),
    st.sampled_from(["", "*", "**", "※1", "x", "①", "１．２３４，５", "約１万２千社", "1e99", "9" * 40, "Ω³"]),
    st.sampled_from(["平成25年度", "H25.4.1", "兵庫県※1", "Hyogo²", "EL30", "NA", "Winter 2013/14"]),
)
# How a canonical value is read again: its percentages are in per cent.
CANONICAL = Options(unit="%")
quick = settings(max_examples=150, deadline=None)


@pytest.mark.parametrize("kind", KINDS)
@quick
@given(text=TEXTS)
def test_every_text_gets_a_reading_and_its_value_reads_the_same_again(kind: str, text: str) -> None:
    options = CANONICAL if kind == "percent" else Options()
    reading = read_value(kind, text, options)
    assert reading.state in states()
    assert (reading.value is not None) == (reading.state == "given")
    for step in reading.steps:
        assert step_text(step, "en") != step
        assert step_text(step, "ja") != step
    if reading.value is not None:
        again = read_value(kind, reading.value, options)
        assert (again.state, again.value) == ("given", reading.value)
        reading.value.encode()


@quick
@given(text=TEXTS)
def test_a_key_is_stable_and_the_same_for_what_is_shown(text: str) -> None:
    key = name_key(text)
    assert name_key(key) == key
    assert name_key(display_form(text)) == key
    assert name_key(unicodedata.normalize("NFD", text)) == key
    assert not {unicodedata.category(sign)[0] for sign in key if sign not in "+#."} & set("PSZ")


@quick
@given(text=TEXTS)
def test_what_is_shown_holds_nothing_unseen_and_is_shown_the_same_again(text: str) -> None:
    shown = display_form(text)
    assert display_form(shown) == shown
    assert shown == shown.strip()
    assert clean(shown).steps == ()
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cs", "Zl", "Zp"}


@quick
@given(text=TEXTS)
def test_marks_and_the_rest_are_the_text(text: str) -> None:
    rest, marks = without_footnote_marks(text)
    assert text.startswith(rest)
    place = len(rest)
    for mark in marks:
        place = text.index(mark, place) + len(mark)
    assert not text[place:].strip(" ,、，・")


@quick
@given(value=st.decimals(min_value=-(10**12), max_value=10**12, places=4), comma=st.booleans())
def test_a_number_printed_in_a_declared_form_is_read_exactly(value: Decimal, comma: bool) -> None:
    printed = f"{value:,.4f}"
    if comma:
        printed = printed.translate(str.maketrans(",.", ".,"))
    read = read_number(printed, decimal="," if comma else ".")
    assert read.value == value
    assert Decimal(plain_decimal(value)) == value


@quick
@given(texts=st.lists(st.sampled_from(["12", "１２", "x", "", "-", "12社"]), max_size=30))
def test_a_column_is_read_as_its_cells_are(texts: list[str]) -> None:
    assert read_column("count", texts) == [read_value("count", text) for text in texts]
