"""One printed cell to a value with its state, each step that was taken, and the marks that were taken off.

Belongs here: the kinds of values, what a card may declare of a column, and the order of the steps. Does not belong
here: how numbers, dates, places and the kinds of nothing are read (the modules beside this one).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

from ingest.problem import nearest
from ingest.values.nothing import BLANK, GIVEN, UNREADABLE, check_declared, state_of_nothing
from ingest.values.numbers import plain_decimal, read_number, units
from ingest.values.tables import read_values_table
from ingest.values.text import clean, without_footnote_marks
from ingest.values.web_address import read_web_address

KINDS = (
    *("text", "name", "count", "number", "percent", "date"),
    *("prefecture", "country", "nuts", "boolean", "url"),
)
# Kinds where a sign such as - or n/a stands for no value; elsewhere it may be the value: NA is Namibia.
_NOTHING_BY_TABLE = frozenset({"count", "number", "percent", "date", "boolean", "url"})
# Free text and addresses keep their end: a mark there cannot be told from what was written.
_WITHOUT_MARKS = frozenset(KINDS) - {"text", "url"}
# ISO/IEC 29500-1, 18.17.3, and what LibreOffice prints.
_ERROR_CELL = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!)|Err:[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell as read: ``value`` is its canonical text where ``state`` is given, else None.

    Canonical: numbers in plain digits (``-1234.5``; percent in per cent), dates ``2013``, ``2013-04``, ``2013-04-01``
    or ``from/to``, prefectures ``JP-28``, countries ISO 3166-1 alpha-2, ``true`` and ``false``, names in display form.
    ``steps`` are codes of ``steps.csv`` with their argument after a colon; of an unreadable cell the last is the
    reason.
    """

    state: str
    value: str | None = None
    steps: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Options:
    """What a card declares of a column; ``options_of`` makes and checks it.

    ``unit`` is the unit that may be printed, and for percent what a number without a sign is: ``%`` or ``share`` (0.5
    is 50 per cent). ``parentheses`` is ``negative`` where they mean below zero, ``footnotes`` is ``kept`` where signs
    at the end belong to the values. ``nothing`` are tokens with their state.
    """

    decimal: str = "."
    thousands: str = ""
    unit: str = ""
    parentheses: str = ""
    footnotes: str = ""
    calendar: str = ""
    two_digit_years: bool = False
    serials: str = ""
    nuts_version: str = ""
    nothing: Mapping[str, str] = field(default_factory=dict)


DEFAULT = Options()
_BLANK = Reading(BLANK)


def options_of(declared: Mapping[str, Any], nothing: Mapping[str, str] | None = None) -> Options:
    """The options of a column from a card's ``reading`` and ``nothing``.

    Raises:
        ValueError: an unknown name, signs that are no convention, or a state outside the list; in one sentence.
    """
    known = {each.name for each in fields(Options)} - {"nothing"}
    for name in declared:
        if name not in known:
            raise ValueError(f"'{name}' is nothing that can be declared for a column{nearest(name, known)}")
    texts = {name: str(value) for name, value in declared.items() if name != "two_digit_years"}
    options = Options(
        **texts,
        two_digit_years=str(declared.get("two_digit_years", "")).casefold() in {"true", "yes"},
        nothing=dict(nothing or {}),
    )
    for name, only in (("parentheses", "negative"), ("footnotes", "kept")):
        if getattr(options, name) not in {"", only}:
            raise ValueError(f"{name} can be declared as '{only}' only, not as {getattr(options, name)!r}")
    from ingest.values.dates import check_date_options

    read_number("0", decimal=options.decimal, thousands=options.thousands)
    check_date_options(options.calendar, options.serials)
    check_declared(options.nothing)
    return options


def read_value(kind: str, printed: str | None, options: Options = DEFAULT) -> Reading:
    """Read one cell as ``kind``; whatever the text, the answer is a Reading.

    Raises:
        ValueError: an unknown kind, or options that ``options_of`` would have refused.
    """
    if kind not in KINDS:
        raise ValueError(f"'{kind}' is no kind of value{nearest(kind, KINDS)}")
    if printed is None or printed == "":
        return _BLANK
    cleaned = clean(printed)
    text, steps = cleaned.text, cleaned.steps
    if not text:
        return Reading(BLANK, None, steps)
    if nothing := _nothing(kind, text, options):
        return Reading(nothing, None, (*steps, f"sign_of_nothing:{text}"))
    if _ERROR_CELL.fullmatch(text):
        return Reading(UNREADABLE, None, (*steps, f"error_cell:{text}"))
    marks: tuple[str, ...] = ()
    if kind in _WITHOUT_MARKS and options.footnotes != "kept":
        text, marks = without_footnote_marks(text)
        steps = (*steps, *(f"footnote_mark_taken_off:{mark}" for mark in marks))
        if marks and (nothing := _nothing(kind, text, options)):
            return Reading(nothing, None, (*steps, f"sign_of_nothing:{text}"), marks)
    read = _READERS[kind](kind, text, options)
    return replace(read, steps=(*steps, *read.steps), marks=marks)


def read_column(kind: str, texts: Iterable[str | None], options: Options = DEFAULT) -> list[Reading]:
    """Every cell of a column read; equal texts are read once and share their Reading."""
    known: dict[str | None, Reading] = {}
    readings = []
    for text in texts:
        reading = known.get(text)
        if reading is None:
            reading = known[text] = read_value(kind, text, options)
        readings.append(reading)
    return readings


def step_text(step: str, language: str = "en") -> str:
    """A step as a sentence part, ``language`` en or ja; a code that the table lacks is shown as it is."""
    code, _, argument = step.partition(":")
    row = _wordings().get(code)
    return row[language].replace("{}", argument) if row else step


@cache
def _wordings() -> Mapping[str, Mapping[str, str]]:
    return {row["step"]: row for row in read_values_table("steps")}


def _nothing(kind: str, text: str, options: Options) -> str | None:
    if kind == "boolean" and state_of_nothing(text, options.nothing, by_table=False) is None and _boolean_word(text):
        return None
    return state_of_nothing(text, options.nothing, by_table=kind in _NOTHING_BY_TABLE)


def _given(value: str, steps: Sequence[str] = ()) -> Reading:
    return Reading(GIVEN, value, tuple(steps))


def _unreadable(*steps: str) -> Reading:
    return Reading(UNREADABLE, None, steps)


def _text(_kind: str, text: str, _options: Options) -> Reading:
    return _given(text)


def _number(kind: str, text: str, options: Options) -> Reading:
    if text.isascii() and text.isdecimal() and len(text) <= 15 and kind != "percent":
        return _given(text.lstrip("0") or "0")
    # The unit of a percentage says what a bare number is, and is no unit that must be printed.
    unit = "share" if kind == "percent" else options.unit
    read = read_number(
        text, decimal=options.decimal, thousands=options.thousands, unit=unit,
        parentheses=options.parentheses, dimensions=_dimensions(kind, unit),
    )  # fmt: skip
    if read.value is None:
        return _unreadable(*read.steps)
    value, steps = read.value, read.steps
    if kind == "count" and value != value.to_integral_value():
        return _unreadable(*steps, "not_a_whole_number")
    if kind == "percent" and not read.unit and value:
        if options.unit == "share":
            value, steps = value.scaleb(2), (*steps, "share_times_100")
        elif options.unit not in {"%", "percent"}:
            return _unreadable(*steps, "percent_not_declared")
    return _given(plain_decimal(value), steps)


@cache
def _dimensions(kind: str, unit: str) -> frozenset[str] | None:
    if unit:
        return None
    return frozenset({"counter"}) if kind == "count" else frozenset(each.dimension for each in units()) - {"share"}


def _date(_kind: str, text: str, options: Options) -> Reading:
    from ingest.values.dates import read_date, why_no_date

    declared: dict[str, Any] = {
        "calendar": options.calendar, "two_digit_years": options.two_digit_years, "serials": options.serials
    }  # fmt: skip
    read = read_date(text, **declared)
    if read is None:
        return _unreadable(why_no_date(text, **declared))
    return _given(read.canonical, read.steps)


def _place(kind: str, text: str, options: Options) -> Reading:
    from ingest.values import places

    if kind == "prefecture":
        read = places.read_prefecture(text)
    elif kind == "country":
        read = places.read_country(text)
    else:
        read = places.read_nuts(text, version=options.nuts_version)
    if read is None:
        return _unreadable(places.why_no_place(kind, text, options.nuts_version if kind == "nuts" else ""))
    return _given(read.code, read.steps)


def _boolean(_kind: str, text: str, _options: Options) -> Reading:
    value = _boolean_word(text)
    return _given(value) if value else _unreadable("not_yes_or_no")


def _boolean_word(text: str) -> str:
    import unicodedata

    return _boolean_words().get(unicodedata.normalize("NFKC", text).casefold().strip(), "")


@cache
def _boolean_words() -> Mapping[str, str]:
    return {row["word"]: row["value"] for row in read_values_table("boolean_word")}


def _url(_kind: str, text: str, _options: Options) -> Reading:
    address, steps = read_web_address(text)
    return _given(address, steps) if address else _unreadable(*steps)


_READERS = {
    "text": _text, "name": _text, "count": _number, "number": _number, "percent": _number, "date": _date,
    "prefecture": _place, "country": _place, "nuts": _place, "boolean": _boolean, "url": _url,
}  # fmt: skip
