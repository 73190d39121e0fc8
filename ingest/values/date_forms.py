"""The forms in which one date is printed, western years throughout; an era's year is made a western one first.

Belongs here: a pattern and what it means, one row each in ``FORMS``. Does not belong here: intervals, serial numbers,
weekdays (``dates``).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from ingest.values.date_words import word_number, word_pattern
from ingest.values.eras import Era, era_named, eras
from ingest.values.unread import UnreadError

FIRST_MONTH_OF_FISCAL_YEAR = 4
WINTER = 12
ERA_WORDS = "|".join([era.name_ja for era in eras()] + [era.name_en for era in eras()])
ERA_LETTERS = "".join(era.letter for era in eras())
# 平25.4.1 as forms print it. Year and month must follow: 大3年 is a student in the third year of a university.
ERA_SHORT = rf"[{''.join(era.name_ja[0] for era in eras())}](?=\d{{1,2}}[./年-]\d)"
ERA = re.compile(
    rf"(?i:({ERA_WORDS}))\s*(\d{{1,2}})(?!\d)(.*)|([{ERA_LETTERS}]|{ERA_SHORT})\.?\s?(\d{{1,2}})(?=[./年-])(.*)"
)
BARE_LETTER = re.compile(rf"([{ERA_LETTERS}])\.?\s?(\d{{1,2}})")
# The ministry asks for both years side by side: 平成25(2013)年, 平成25年(2013年)4月, 2013年(平成25年).
BOTH = re.compile(rf"({ERA_WORDS})(\d{{1,2}})(年度?)?\((\d{{4}})(年度?)?\)(年度?)?(.*)")
BOTH_TURNED = re.compile(rf"(\d{{4}})(年度?)?\(({ERA_WORDS})(\d{{1,2}})(年度?)?\)(年度?)?(.*)")

# The year in which an era ended has two names: 平成31年度(令和元年度), 平成31(令和元)年度, 平成31年・令和元年.
TWO_ERAS = re.compile(rf"({ERA_WORDS})(\d{{1,2}})(年度?)?[(・/]({ERA_WORDS})(\d{{1,2}})(年度?)?\)?(年度?)?")


@dataclass(frozen=True)
class FormOptions:
    """What a card declares: ``calendar`` of dmy, mdy, era, fiscal; whether a year of two digits may be read."""

    calendar: frozenset[str] = frozenset()
    two_digit_years: bool = False


@dataclass(frozen=True)
class Span:
    """The days of one printed date, both ends included, and how it was read."""

    first: date
    last: date
    precision: str
    calendar: str = "gregorian"
    steps: tuple[str, ...] = ()


def without_era(text: str, options: FormOptions) -> tuple[Era | None, str]:
    """The era of a text, if it names one, and the text with the western year in its place."""
    if printed_twice := _two_years(text):
        return printed_twice
    if not (found := ERA.fullmatch(text)):
        if not (bare := BARE_LETTER.fullmatch(text)):
            return None, text
        if "era" not in options.calendar:
            raise UnreadError("date_era_undeclared", letter=bare[1])
        return _western(bare[1], int(bare[2]), "")
    if found[1]:
        return _western(found[1], int(found[2]), found[3])
    return _western(found[4], int(found[5]), found[6])


def _two_years(text: str) -> tuple[Era | None, str] | None:
    """The same of a year that is printed in two ways."""
    if both := BOTH.fullmatch(text):
        return _both(both[1], int(both[2]), int(both[4]), both.group(3, 5, 6), both[7])
    if both := BOTH_TURNED.fullmatch(text):
        return _both(both[3], int(both[4]), int(both[1]), both.group(2, 5, 6), both[7])
    if both := TWO_ERAS.fullmatch(text):
        _, western = _western(both[4], int(both[5]), "")
        return _both(both[1], int(both[2]), int(western), both.group(3, 6, 7), "")
    return None


def _western(name: str, year: int, rest: str) -> tuple[Era | None, str]:
    era = era_named(name)
    if era is None or year == 0:
        raise UnreadError("date_not_understood")
    # Text keeps its zeros: H2.1 is January, as 2.10 would be October.
    return era, f"{era.year_one + year - 1}{'.01' if rest == '.1' else rest}"


def _both(name: str, year: int, western_year: int, units: tuple[str | None, ...], rest: str) -> tuple[Era | None, str]:
    """A year printed twice; ``units`` as printed after the first, within the brackets, and behind them."""
    first, inner, behind = (unit or "" for unit in units)
    unit = "年度" if "年度" in (first, inner, behind) else "年"
    if unit == "年度" and "年" in (first, behind):
        raise UnreadError("date_not_understood")  # 平成25年(2013年度): a year and a fiscal year
    era, western = _western(name, year, unit + rest)
    if not western.startswith(str(western_year)):
        raise UnreadError("date_two_years_differ", western=western_year, era_year=f"{name}{year}")
    return era, western


def read_form(text: str, options: FormOptions) -> Span:
    """The days of a date without era, weekday and interval.

    Raises:
        UnreadError: no form fits, the day does not exist, or what the form needs is not declared.
    """
    for pattern, build in FORMS:
        if found := pattern.fullmatch(text):
            try:
                return build(found, options)
            except ValueError as error:  # a month 13, a 30 February
                raise UnreadError("date_impossible") from error
    raise UnreadError("date_not_understood")


def _day(found: re.Match[str], options: FormOptions) -> Span:
    day = date(int(found["y"]), _month_of(found["m"]), int(found["d"]))
    return Span(day, day, "day", steps=_steps(found))


def _short_day(found: re.Match[str], options: FormOptions) -> Span:
    """01/04/2013: which number is the day is declared, or one of the two cannot be a month, or both are the same."""
    one, two, year = int(found["a"]), int(found["b"]), _year(found["y"], options)
    declared = options.calendar & {"dmy", "mdy"}
    if not declared and one <= 12 and two <= 12 and one != two:
        raise UnreadError("date_order_undeclared", one=one, two=two)
    is_day_first = "dmy" in declared or (not declared and (one > 12 or one == two))
    day = date(year, two, one) if is_day_first else date(year, one, two)
    return Span(day, day, "day", steps=(f"date_order:{'dmy' if is_day_first else 'mdy'}",))


def _month(found: re.Match[str], options: FormOptions) -> Span:
    span = months(_year(found["y"], options), _month_of(found["m"]), 1, "month")
    if "end" in found.groupdict() and found["end"]:
        return Span(span.last, span.last, "day", steps=("date_end_of:month",))
    return replace(span, steps=_steps(found))


def _third(found: re.Match[str], options: FormOptions) -> Span:
    month = months(int(found["y"]), int(found["m"]), 1, "month")
    third = word_number("third", found["third"])
    last = month.last if third == 3 else month.first.replace(day=third * 10)
    return Span(month.first.replace(day=third * 10 - 9), last, "interval", steps=(f"date_part:{found['third']}",))


def _whole_year(found: re.Match[str], options: FormOptions) -> Span:
    if "fiscal" in options.calendar and not found["end"]:
        return fiscal_year(int(found["y"]))
    span = months(int(found["y"]), 1, 12, "year")
    return Span(span.last, span.last, "day", steps=("date_end_of:year",)) if found["end"] else span


def _fiscal(found: re.Match[str], options: FormOptions) -> Span:
    year, span = _year(found["y"], options), fiscal_year(_year(found["y"], options))
    groups = found.groupdict()
    if groups.get("next") and int(found["next"]) not in (year + 1, (year + 1) % 100):
        raise UnreadError("date_not_understood")
    if groups.get("end"):
        return Span(span.last, span.last, "day", "japanese_fiscal", (*span.steps, "date_end_of:fiscal_year"))
    return span


def _part(found: re.Match[str], options: FormOptions) -> Span:
    """A quarter or a half of a year, or of a fiscal year where the text says so."""
    kind, length = ("quarter", 3) if found["quarter"] else ("half", 6)
    word = found["quarter"] or found["half"]
    is_fiscal = bool(found["fy"]) or "度" in (found.groupdict().get("unit") or "")
    start = (FIRST_MONTH_OF_FISCAL_YEAR if is_fiscal else 1) + (word_number(kind, word) - 1) * length
    year, month = divmod(start - 1, 12)
    span = months(int(found["y"]) + year, month + 1, length, kind)
    named = "japanese_fiscal" if is_fiscal else "gregorian"
    return Span(span.first, span.last, kind, named, (f"date_part:{word}",))


def _season(found: re.Match[str], options: FormOptions) -> Span:
    first, following = word_number("season", found["season"]), found.groupdict().get("next")
    year = int(found["y"])
    if following and (first != WINTER or int(following) not in (year + 1, (year + 1) % 100)):
        raise UnreadError("date_not_understood")
    if first == WINTER and not following:
        raise UnreadError("date_winter", year=year, before=year - 1, after=year + 1)
    return replace(months(year, first, 3, "season"), steps=(f"date_part:{found['season']}",))


def _lost_zero(found: re.Match[str], options: FormOptions) -> Span:
    raise UnreadError("date_lost_zero")


def _year(printed: str, options: FormOptions) -> int:
    if len(printed) == 4:
        return int(printed)
    if not options.two_digit_years:
        raise UnreadError("date_two_digits_undeclared", year=printed)
    return int(printed) + (1900 if int(printed) >= 69 else 2000)


def _month_of(printed: str) -> int:
    return int(printed) if printed.isdecimal() else word_number("month", printed)


def _steps(found: re.Match[str]) -> tuple[str, ...]:
    return () if found["m"].isdecimal() and len(found["m"]) == 2 and found.groupdict().get("iso") else ("date_form",)


def months(year: int, month: int, length: int, precision: str) -> Span:
    """Whole months from the first of one of them."""
    end_year, end_month = divmod(year * 12 + month - 1 + length - 1, 12)
    last_day = calendar.monthrange(end_year, end_month + 1)[1]
    return Span(date(year, month, 1), date(end_year, end_month + 1, last_day), precision)


def fiscal_year(year: int) -> Span:
    """April of the year to March of the next, as the Japanese state counts."""
    span = months(year, FIRST_MONTH_OF_FISCAL_YEAR, 12, "fiscal_year")
    return replace(span, calendar="japanese_fiscal", steps=(f"date_fiscal_year:{year}",))


YEARS = r"1[6-9]\d\d|2[01]\d\d"
Y = rf"(?P<y>{YEARS})"
YY = rf"'?(?P<y>{YEARS}|\d\d)"
MONTH = rf"(?P<m>{word_pattern('month')})\.?"
SEASON = rf"(?P<season>{word_pattern('season')})"
PART = rf"(?:(?P<quarter>{word_pattern('quarter')})|(?P<half>{word_pattern('half')}))"
FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], FormOptions], Span]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), build)
    for pattern, build in (
        (rf"{Y}年\s?(?P<m>\d{{1,2}})月\s?(?P<d>\d{{1,2}})日", _day),
        (rf"{Y}(?P<s>[./])\s?(?P<m>\d{{1,2}})(?P=s)\s?(?P<d>\d{{1,2}})\.?", _day),
        (rf"{Y}(?P<iso>-)(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})", _day),
        (rf"{Y}(?P<m>\d\d)(?P<d>\d\d)", _day),
        (rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[ -](?:of |de )?{MONTH}(?:,? |-)(?:de )?{Y}", _day),
        (rf"{MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? {Y}", _day),
        (rf"(?P<a>\d{{1,2}})(?P<s>[./-])(?P<b>\d{{1,2}})(?P=s){YY}", _short_day),
        (rf"{Y}年\s?(?P<m>\d{{1,2}})月(?P<end>末日?)?", _month),
        (rf"{Y}年?\.1", _lost_zero),
        (rf"{Y}(?:/|\.)(?P<m>\d{{1,2}})", _month),
        (rf"{Y}(?P<iso>-)(?P<m>\d{{1,2}})", _month),
        (rf"(?P<m>\d{{1,2}})/{Y}", _month),
        (rf"{MONTH}(?:,? |-)(?:de |of )?{YY}", _month),
        (rf"{Y}[ -]{MONTH}", _month),
        (rf"{Y}年\s?(?P<m>\d{{1,2}})月の?(?P<third>{word_pattern('third')})", _third),
        (rf"{Y}(?:年(?P<end>末)?)?", _whole_year),
        (rf"{Y}年度(?P<end>末)?", _fiscal),
        (rf"(?:FY|fiscal year) ?{YY}(?:[/-](?P<next>\d{{4}}|\d\d))?", _fiscal),
        (rf"{Y} ?FY", _fiscal),
        (rf"(?P<fy>FY ?)?{Y}(?P<unit>年度?)?[の /-]?{PART}", _part),
        (rf"{PART}(?: of)?[ ,/-]?(?P<fy>FY ?)?{Y}", _part),
        (rf"{SEASON}(?: of)? {Y}(?:[/-](?P<next>\d{{4}}|\d\d))?", _season),
        (rf"{Y}(?:年の?| )?{SEASON}", _season),
    )
)
