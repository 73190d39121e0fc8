"""A printed date to the days it stands for, with its precision and calendar.

Belongs here: the way from a cell's text to a date or to the reason why there is none. Does not belong here: the forms
of one date (``date_forms``), the eras (``eras``), and which column holds dates (the card).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.values.date_forms import FormOptions, Span, read_form, without_era
from ingest.values.date_words import numbers_for_kanji, word_number, word_pattern
from ingest.values.unread import UnreadError

# What a card may declare in `calendar`, several with a space between.
CALENDARS = ("dmy", "mdy", "era", "fiscal")
# The day with the number 0, and the least and greatest number of a day: 31 December 2199, the last year that is read.
SERIALS = {"1900": (date(1899, 12, 31), 1, 109_574), "1904": (date(1904, 1, 1), 0, 108_112)}
# 29 February 1900, a day that the 1900 system counts and that never was.
NO_DAY = 60
# No date is printed at such length; a paragraph is not searched for one.
LONGEST_DATE = 80
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─", "-") | dict.fromkeys("〜~∼", "~"))
AS_OF = re.compile(r"\s*(?:現在|時点)$|^(?:as (?:of|at)|on)\s+", re.IGNORECASE)
TIME = re.compile(r"(?<=\d)[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$")
WEEKDAY = re.compile(
    rf"\s*\(({word_pattern('weekday')})(?:曜日?)?\.?\)|\s*([月火水木金土日])曜日?$|^({word_pattern('weekday')})[,.]\s*",
    re.IGNORECASE,
)
SEPARATOR = re.compile(r"\s*~\s*|\s+-\s+|\s+to\s+|\s*から\s*|-|/")


@dataclass(frozen=True)
class DateReading:
    """The days a cell stands for, both ends included.

    ``precision``: day, month, quarter, season, half, year, fiscal_year, interval. ``calendar``: gregorian,
    japanese_era, japanese_fiscal, serial_1900, serial_1904. ``steps``: what was done to read it, each a code of
    ``steps.csv`` with its argument after a colon.
    """

    date_from: date
    date_to: date
    precision: str
    calendar: str
    raw: str
    steps: tuple[str, ...] = ()

    @property
    def canonical(self) -> str:
        """``2013-04-01``, ``2013-04``, ``2013``, or the two days of anything else with ``/`` between them."""
        lengths = {"day": 10, "month": 7, "year": 4}
        if self.precision in lengths:
            return self.date_from.isoformat()[: lengths[self.precision]]
        return f"{self.date_from.isoformat()}/{self.date_to.isoformat()}"


def read_date(text: str, *, calendar: str = "", two_digit_years: bool = False, serials: str = "") -> DateReading | None:
    """The date that a cell prints; None where it is none, or where it could be two (``date_problem`` says why).

    ``calendar`` declares what a column means by a form that could be read in two ways: ``dmy`` or ``mdy`` for
    01/04/2013, ``era`` for H25 without month and day, ``fiscal`` for a bare year that is a Japanese fiscal year (April
    to March). ``two_digit_years`` lets Apr-13 be read, with 69-99 in the last century as POSIX has it. ``serials``
    (1900 or 1904) lets a plain number be the day that a spreadsheet of that system counts.

    A year of an era is the whole western year, as statistics print it; a month or a day must lie in its era. A season
    is three whole months of the weather services of Europe and Japan; a winter needs both its years.
    """
    try:
        return _reading(text, calendar, two_digit_years, serials)
    except UnreadError:
        return None


def check_date_options(calendar: str, serials: str) -> None:
    """Refuse what a card declares of dates and no reader knows.

    Raises:
        ValueError: a word or a system outside of the lists, or both orders of day and month; in one sentence.
    """
    words = calendar.split()
    if wrong := [word for word in words if word not in CALENDARS]:
        raise ValueError(f"'{wrong[0]}' is no calendar of dates; known are {', '.join(CALENDARS)}")
    if {"dmy", "mdy"} <= set(words):
        raise ValueError("a column of dates has its days first (dmy) or its months first (mdy), not both")
    if serials not in {"", *SERIALS}:
        raise ValueError(f"serials count from {' or '.join(SERIALS)}, not from '{serials}'")


def why_no_date(text: str, *, calendar: str = "", two_digit_years: bool = False, serials: str = "") -> str:
    """The step that says why ``read_date`` gives None, a code of ``steps.csv``; empty for a date."""
    try:
        _reading(text, calendar, two_digit_years, serials)
    except UnreadError as unread:
        return unread.code
    return ""


def date_problem(
    text: str, where: Place | str, *, calendar: str = "", two_digit_years: bool = False, serials: str = ""
) -> Problem | None:
    """What is to be said of a cell that should hold a date: FIX how it was read, WARN why not; None for ISO text."""
    try:
        reading = _reading(text, calendar, two_digit_years, serials)
    except UnreadError as unread:
        return problem(unread.code, where, text=text, **unread.values)
    return problem("date_read", where, text=text, date=reading.canonical) if reading.steps else None


@lru_cache(maxsize=4096)
def _reading(text: str, calendar: str, two_digit_years: bool, serials: str) -> DateReading:
    if len(text) > LONGEST_DATE:
        raise UnreadError("date_not_understood")
    plain, steps = _plain(text)
    if serials and (number := re.fullmatch(r"(-?\d+)(?:\.\d+)?", plain)):
        day = _day_of(int(number[1]), serials)
        return DateReading(day, day, "day", f"serial_{serials}", text, (*steps, f"date_serial:{serials}"))
    if re.fullmatch(r"-?\d{5,7}(?:\.\d+)?", plain):
        raise UnreadError("date_serial_undeclared")
    options = FormOptions(frozenset(calendar.split()), two_digit_years)
    try:
        span = _single(plain, options)
    except UnreadError as unread:
        if unread.code != "date_not_understood":
            raise
        span = _interval(plain, options)
    return DateReading(span.first, span.last, span.precision, span.calendar, text, (*steps, *span.steps))


def _plain(text: str) -> tuple[str, tuple[str, ...]]:
    """The text in one width and with one kind of dash, kanji numbers as digits, without what is beside the date."""
    folded = " ".join(unicodedata.normalize("NFKC", text).translate(DASHES).split())
    folded = re.sub(r"(?<=\d)ー(?=\d)", "-", folded)
    steps = ["date_width"] if folded != text.strip() else []
    counted = numbers_for_kanji(folded)
    steps += ["date_kanji_number"] if counted != folded else []
    for sign, step in ((TIME, "date_time_off"), (AS_OF, "date_as_of_off")):
        shorter = sign.sub("", counted)
        steps += [step] if shorter != counted else []
        counted = shorter
    return counted, tuple(steps)


def _day_of(serial: int, system: str) -> date:
    """The day that a spreadsheet counts as this number."""
    if serial == NO_DAY and system == "1900":
        raise UnreadError("date_serial_impossible", system=system)
    if 1600 <= serial < 2200:
        raise UnreadError("date_serial_or_year")
    day_zero, least, greatest = SERIALS[system]
    if not least <= serial <= greatest:
        raise UnreadError("date_serial_impossible", system=system)
    return day_zero + timedelta(days=serial - (system == "1900" and serial > NO_DAY))


def _single(text: str, options: FormOptions) -> Span:
    """One date: the weekday beside it is held against the day, and the era against the days."""
    found = WEEKDAY.search(text)
    plain = WEEKDAY.sub("", text, count=1) if found else text
    era, western = without_era(plain, options)
    span = read_form(western, options)
    if era is not None:
        if not era.holds(span.first, span.last):
            raise UnreadError("date_outside_era", era=era.name_en, era_ja=era.name_ja,
                                  first=era.first_day, last=era.last_day)  # fmt: skip
        calendar = "japanese_era" if span.calendar == "gregorian" else span.calendar
        span = replace(span, calendar=calendar, steps=(f"date_era:{era.name_en}", *span.steps))
    if found:
        word = next(filter(None, found.groups()))
        if span.precision != "day" or span.first.isoweekday() != word_number("weekday", word):
            raise UnreadError("date_weekday_differs", weekday=word)
        span = replace(span, steps=(*span.steps, f"date_weekday_off:{word}"))
    return span


def _interval(text: str, options: FormOptions) -> Span:
    """Two dates of one kind with a sign between them; what one side leaves out is taken from the other."""
    text = re.sub(r"まで$|^from\s+", "", text)
    found: set[Span] = set()
    for sign in SEPARATOR.finditer(text):
        left, right = text[: sign.start()], text[sign.end() :]
        # ISO 8601 writes intervals of whole dates with a slash; anything shorter with a slash could be much else.
        pairs = [(left, right)] if sign[0] == "/" else _completed(left, right)
        steps = () if sign[0] == "/" else ("date_interval",)
        found.update(replace(span, steps=steps) for pair in pairs if (span := _joined(*pair, options)))
    if len(found) != 1:
        raise UnreadError("date_not_understood")
    return found.pop()


def _joined(left: str, right: str, options: FormOptions) -> Span | None:
    try:
        first, last = _single(left, options), _single(right, options)
    except UnreadError:
        return None
    if first.precision != last.precision or first.first >= last.first:
        return None
    calendars = {first.calendar, last.calendar}
    calendar = next((each for each in ("japanese_fiscal", "japanese_era") if each in calendars), "gregorian")
    return Span(first.first, last.last, "interval", calendar)


def _completed(left: str, right: str) -> Iterator[tuple[str, str]]:
    """The two sides as printed or, if that is not enough, as one of them completes the other."""
    start = re.match(r"([^\d\s]*)(\d{1,4}年)?(\d{1,2}月)?", left)
    parts = start.groups("") if start else ("", "", "")
    prefixes = ["", *("".join(parts[:number]) for number in (1, 2, 3) if parts[number - 1])]
    end = re.search(r"(年度|年)$|(\s\d{4})$", right)
    suffixes = ["", *([end[0]] if end and not left.endswith(end[0]) else [])]
    for suffix in suffixes:
        for prefix in prefixes:
            yield left + suffix, prefix + right
