"""Printed dates: forms against days worked out by hand, eras against the calendar of every day, refusals."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.message import FOLDER, catalogue
from ingest.values.dates import CALENDARS, date_problem, read_date
from ingest.values.eras import era_text, eras
from ingest.values.reading import options_of, read_value, step_text

FIRST, LAST = date(1868, 10, 23), date(2026, 11, 22)
FORMS = {
    "2013-04-01": ("2013-04-01", "day", "gregorian"),
    "2013-04": ("2013-04", "month", "gregorian"),
    "2013": ("2013", "year", "gregorian"),
    "20130401": ("2013-04-01", "day", "gregorian"),
    "2013-04-01 00:00:00": ("2013-04-01", "day", "gregorian"),
    "2013.4.1": ("2013-04-01", "day", "gregorian"),
    "2013/4": ("2013-04", "month", "gregorian"),
    "1 April 2013": ("2013-04-01", "day", "gregorian"),
    "April 1st, 2013": ("2013-04-01", "day", "gregorian"),
    "1-Apr-2013": ("2013-04-01", "day", "gregorian"),
    "1er mars 2013": ("2013-03-01", "day", "gregorian"),
    "1. März 2013": ("2013-03-01", "day", "gregorian"),
    "Monday, 1 April 2013": ("2013-04-01", "day", "gregorian"),
    "April 2013": ("2013-04", "month", "gregorian"),
    "04/2013": ("2013-04", "month", "gregorian"),
    "2013年4月": ("2013-04", "month", "gregorian"),
    "2013年4月1日現在": ("2013-04-01", "day", "gregorian"),
    "2013年4月1日（月）": ("2013-04-01", "day", "gregorian"),
    "二〇一三年十一月三十日": ("2013-11-30", "day", "gregorian"),
    "2012年2月末": ("2012-02-29", "day", "gregorian"),
    "2013年4月中旬": ("2013-04-11/2013-04-20", "interval", "gregorian"),
    "2012年2月下旬": ("2012-02-21/2012-02-29", "interval", "gregorian"),
    "25/12/2013": ("2013-12-25", "day", "gregorian"),
    "05/05/2013": ("2013-05-05", "day", "gregorian"),
    "Spring 2013": ("2013-03-01/2013-05-31", "season", "gregorian"),
    "2013年秋": ("2013-09-01/2013-11-30", "season", "gregorian"),
    "Winter 2015/16": ("2015-12-01/2016-02-29", "season", "gregorian"),
    "Q1 2013": ("2013-01-01/2013-03-31", "quarter", "gregorian"),
    "2013年第4四半期": ("2013-10-01/2013-12-31", "quarter", "gregorian"),
    "平成25年度第4四半期": ("2014-01-01/2014-03-31", "quarter", "japanese_fiscal"),
    "H1 2013": ("2013-01-01/2013-06-30", "half", "gregorian"),
    "2013年度下半期": ("2013-10-01/2014-03-31", "half", "japanese_fiscal"),
    "FY2013": ("2013-04-01/2014-03-31", "fiscal_year", "japanese_fiscal"),
    "FY2013/14": ("2013-04-01/2014-03-31", "fiscal_year", "japanese_fiscal"),
    "2013年度": ("2013-04-01/2014-03-31", "fiscal_year", "japanese_fiscal"),
    "平成25年度末": ("2014-03-31", "day", "japanese_fiscal"),
    "平成25年4月1日": ("2013-04-01", "day", "japanese_era"),
    "平成二十五年四月一日": ("2013-04-01", "day", "japanese_era"),
    "平成二五年四月一日": ("2013-04-01", "day", "japanese_era"),
    "平成25.4.1": ("2013-04-01", "day", "japanese_era"),
    "Ｈ２５．４．１": ("2013-04-01", "day", "japanese_era"),
    "H25.4": ("2013-04", "month", "japanese_era"),
    "R2/4/1": ("2020-04-01", "day", "japanese_era"),
    "㍻25年": ("2013", "year", "japanese_era"),
    "㋿2年5月": ("2020-05", "month", "japanese_era"),
    "Reiwa 2": ("2020", "year", "japanese_era"),
    "平成元": ("1989", "year", "japanese_era"),
    "平成25(2013)年4月1日": ("2013-04-01", "day", "japanese_era"),
    "2013年（平成25年）": ("2013", "year", "japanese_era"),
    "平成31年度": ("2019-04-01/2020-03-31", "fiscal_year", "japanese_fiscal"),
    "令和元年度": ("2019-04-01/2020-03-31", "fiscal_year", "japanese_fiscal"),
    "2013-2015": ("2013-01-01/2015-12-31", "interval", "gregorian"),
    "2013 to 2015": ("2013-01-01/2015-12-31", "interval", "gregorian"),
    "平成25年～27年": ("2013-01-01/2015-12-31", "interval", "japanese_era"),
    "平成25〜27年度": ("2013-04-01/2016-03-31", "interval", "japanese_fiscal"),
    "平成30年から令和2年まで": ("2018-01-01/2020-12-31", "interval", "japanese_era"),
    "平成25年4月－26年3月": ("2013-04-01/2014-03-31", "interval", "japanese_era"),
    "2013年4月～9月": ("2013-04-01/2013-09-30", "interval", "gregorian"),
    "April–June 2013": ("2013-04-01/2013-06-30", "interval", "gregorian"),
    "2013-04-01/2014-03-31": ("2013-04-01/2014-03-31", "interval", "gregorian"),
}
REFUSED = {
    "": "date_not_understood",
    "soon": "date_not_understood",
    "2013～": "date_not_understood",
    "2015-2013": "date_not_understood",
    "2013年頃": "date_not_understood",
    "上半期": "date_not_understood",
    "2013-02-29": "date_impossible",
    "2013/14": "date_impossible",
    "平成25年13月1日": "date_impossible",
    "H25": "date_era_undeclared",
    "01/04/2013": "date_order_undeclared",
    "Apr-13": "date_two_digits_undeclared",
    "FY13": "date_two_digits_undeclared",
    "41365": "date_serial_undeclared",
    "-41365": "date_serial_undeclared",
    "2013年4月1日(火)": "date_weekday_differs",
    "Winter 2013": "date_winter",
    "2013.1": "date_lost_zero",
    "平成25(2014)年": "date_two_years_differ",
    "平成0年": "date_not_understood",
    "平成32年": "date_outside_era",
    "昭和64年度": "date_outside_era",
    "平成元年1月7日": "date_outside_era",
    "大正15年12月26日": "date_outside_era",
    "昭和元年12月24日": "date_outside_era",
    "x" * 10_000: "date_not_understood",
}


@pytest.mark.parametrize("text", FORMS)
def test_a_form_is_read_with_its_precision_and_calendar(text: str) -> None:
    reading = read_date(text)
    assert reading is not None
    assert (reading.canonical, reading.precision, reading.calendar) == FORMS[text]
    assert reading.raw == text


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_date_or_could_be_two_is_refused_with_the_reason(text: str) -> None:
    assert read_date(text) is None
    problem = date_problem(text, "list.csv")
    assert problem is not None
    assert problem.code == REFUSED[text]


def test_declarations_of_the_card_decide_what_is_ambiguous() -> None:
    def read(text: str, **declared: object) -> str | None:
        reading = read_date(text, **declared)  # type: ignore[arg-type]
        return reading.canonical if reading else None

    assert read("01/04/2013", calendar="dmy") == "2013-04-01"
    assert read("01/04/2013", calendar="mdy") == "2013-01-04"
    assert read("25/12/2013", calendar="mdy") is None
    assert read("H25", calendar="era") == "2013"
    assert read("H25～H27", calendar="era") == "2013-01-01/2015-12-31"
    assert read("2013", calendar="fiscal") == "2013-04-01/2014-03-31"
    assert read("H25", calendar="era fiscal") == "2013-04-01/2014-03-31"
    assert read("Apr-13", two_digit_years=True) == "2013-04"
    assert read("1/4/69", calendar="dmy", two_digit_years=True) == "1969-04-01"
    assert read("1/4/68", calendar="dmy", two_digit_years=True) == "2068-04-01"
    assert set(CALENDARS) == {"dmy", "mdy", "era", "fiscal"}


@pytest.mark.parametrize(
    ("declared", "part"),
    [
        ({"calendar": "dym"}, "dmy, mdy, era, fiscal"),
        ({"calendar": "dmy mdy"}, "not both"),
        ({"serials": "1905"}, "1904"),
    ],
)
def test_a_declaration_that_no_reader_knows_is_refused_with_the_card(declared: dict[str, str], part: str) -> None:
    with pytest.raises(ValueError, match=part):
        options_of(declared)
    assert options_of({"calendar": "era fiscal", "serials": "1904"}).serials == "1904"


def test_both_eras_hold_the_day_on_which_one_followed_the_other() -> None:
    for texts in (("大正15年12月25日", "昭和元年12月25日"), ("明治45年7月30日", "大正元年7月30日")):
        readings = [read_date(text) for text in texts]
        assert len({reading.canonical for reading in readings if reading}) == 1
        assert None not in readings
    assert era_text(date(1926, 12, 25)) == "昭和元年12月25日"
    assert read_date("平成31年4月30日") is not None
    assert read_date("令和元年4月30日") is None
    with pytest.raises(ValueError, match="1868-10-23"):
        era_text(date(1868, 10, 22))


@pytest.mark.parametrize("letter", [False, True])
def test_every_day_since_the_first_of_meiji_comes_back(letter: bool) -> None:
    wrong = []
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        reading = read_date(era_text(day, letter=letter))
        if reading is None or (reading.date_from, reading.date_to, reading.precision) != (day, day, "day"):
            wrong.append(day)
    assert wrong == []


def test_no_day_is_read_in_an_era_it_is_not_of() -> None:
    """Each era's own counting continued by one day at either end, but for the two days that eras share."""
    for before, after in zip(eras(), eras()[1:], strict=False):
        shared = before.last_day == after.first_day
        assert (after.first_day - before.last_day).days == (0 if shared else 1)
        day = before.last_day + timedelta(days=1)
        late = f"{before.name_ja}{day.year - before.year_one + 1}年{day.month}月{day.day}日"
        day = after.first_day - timedelta(days=1)
        early = f"{after.name_ja}{day.year - after.year_one + 1}年{day.month}月{day.day}日"
        assert [read_date(late), read_date(early)] == [None, None]


@given(st.dates(date(1900, 3, 1), date(2199, 12, 31)))
def test_a_spreadsheet_counts_the_same_day_in_both_systems(day: date) -> None:
    """The published difference of the two systems is 1,462 days; 1 March 1900 is day 61 of the older."""
    serial = 61 + (day - date(1900, 3, 1)).days
    for number, system in ((serial, "1900"), (serial - 1462, "1904")):
        if number >= 2200:
            reading = read_date(str(number), serials=system)
            assert reading is not None
            assert (reading.date_from, reading.precision, reading.calendar) == (day, "day", f"serial_{system}")


@given(st.dates(date(1600, 1, 1), date(2199, 12, 31)), st.dates(date(1600, 1, 1), date(2199, 12, 31)))
def test_what_was_read_is_read_again_unchanged(one: date, other: date) -> None:
    first, last = sorted((one, other))
    texts = [one.isoformat(), one.isoformat()[:7], one.isoformat()[:4]]
    texts += [f"{first.isoformat()}/{last.isoformat()}"] if first < last else []
    for text in texts:
        reading = read_date(text)
        assert reading is not None
        assert (reading.canonical, reading.steps) == (text, ())


@given(st.text(st.sampled_from("0123456789年月日度平成令和元H.-/~～ 春QF一十()土"), max_size=24))
def test_any_text_is_read_or_refused_and_never_fails(text: str) -> None:
    reading = read_date(text)
    assert (reading is None) == ((problem := date_problem(text, "x")) is not None and problem.code != "date_read")
    if reading is not None:
        assert reading.date_from <= reading.date_to
        again = read_date(reading.canonical)
        assert again is not None
        assert (again.date_from, again.date_to) == (reading.date_from, reading.date_to)


def test_a_cell_that_is_no_date_says_why_in_the_words_of_its_problem() -> None:
    for text in ("H25", "平成31年5月1日", "2013-02-29"):
        reading = read_value("date", text)
        assert (reading.state, reading.steps[-1]) == ("unreadable", REFUSED.get(text, "date_outside_era"))
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as stream:
        refusals = [row for row in csv.DictReader(stream) if row["outcome"] == "WARN"]
    for row in refusals:
        assert (step_text(row["code"], "en"), step_text(row["code"], "ja")) == (row["what_en"], row["what_ja"])


def test_steps_and_refusals_are_all_worded() -> None:
    assert set(REFUSED.values()) <= set(catalogue())
    readings = [read_date(text) for text in FORMS] + [read_date("41365", serials="1900")]
    steps = {step for reading in readings if reading for step in reading.steps}
    assert len({step.partition(":")[0] for step in steps}) == 13
    assert not [step for step in steps if step in {step_text(step, "en"), step_text(step, "ja")}]
