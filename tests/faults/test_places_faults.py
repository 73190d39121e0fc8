"""Faults of dates and places: what one printed cell becomes, and what is said of it in English and Japanese.

Belongs here: cases of the fault catalogue about days, prefectures, countries, and who is the same organisation where.
Does not belong here: numbers and text.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analytics.match_candidates import link_mentions, propose
from ingest.problem import Outcome, Place
from ingest.values.dates import date_problem, read_date
from ingest.values.places import place_problem, read_country, read_prefecture
from ingest.values.reading import read_value
from tests.faults.told import told

pytestmark = pytest.mark.fault

WHERE = Place("mihon.csv", row=3, cell="B3")
SPELLINGS = (
    *("兵庫県", "兵庫", "ひょうご", "ﾋｮｳｺﾞ", "Hyogo", "Hyōgo", "Hyougo", "Hyogo-ken", "Hyogo Prefecture", "28", "JP-28"),
    *("HYOGO PREF.", "Hyogo (兵庫県)", "28 兵庫県", "ヒョウゴケン", "２８"),
)


def said(kind: str, text: str, code: str, outcome: Outcome, english: list[str], japanese: list[str]) -> None:
    """The one thing that is said of a cell with a place."""
    problem = place_problem(kind, text, WHERE)
    assert problem is not None
    told([problem], code, outcome, ["mihon.csv, cell B3", *english], ["mihon.csv、セルB3", *japanese])


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("平成元年", (date(1989, 1, 1), date(1989, 12, 31))),
        ("令和1", (date(2019, 1, 1), date(2019, 12, 31))),
        ("平成25年度", (date(2013, 4, 1), date(2014, 3, 31))),
        ("H31.4.30", (date(2019, 4, 30), date(2019, 4, 30))),
        ("昭和64.1.7", (date(1989, 1, 7), date(1989, 1, 7))),
        ("大正15年12月25日", (date(1926, 12, 25), date(1926, 12, 25))),
        ("昭和元年12月25日", (date(1926, 12, 25), date(1926, 12, 25))),
        ("平成25年～27年", (date(2013, 1, 1), date(2015, 12, 31))),
    ],
)
def test_j08_a_date_of_an_era_is_the_right_interval(text: str, days: tuple[date, date]) -> None:
    reading = read_date(text)
    assert reading is not None
    assert (reading.date_from, reading.date_to) == days
    assert reading.raw == text
    problem = date_problem(text, WHERE)
    assert problem is not None
    told([problem], "date_read", Outcome.FIX, [f"'{text}'", reading.canonical], [f"「{text}」", "読み取りました"])


@pytest.mark.parametrize("text", ["H31.5.1", "平成31年5月1日", "昭和64.1.8", "昭和64年1月8日", "明治45年7月31日"])
def test_j08_a_day_outside_its_era_is_unreadable(text: str) -> None:
    assert read_date(text) is None
    problem = date_problem(text, WHERE)
    assert problem is not None
    told(
        [problem], "date_outside_era", Outcome.WARN, ["is not in the era", "to "], ["元号の期間に含まれません", "訂正"]
    )
    assert read_value("date", text).state == "unreadable"


@pytest.mark.parametrize(
    ("text", "declared", "code", "words"),
    [
        ("60", {"serials": "1900"}, "date_serial_impossible", ("29 February 1900", "1900年2月29日")),
        ("1900-02-29", {}, "date_impossible", ("no such day", "存在しない日付")),
        ("-3", {"serials": "1900"}, "date_serial_impossible", ("no day has this serial", "シリアル値")),
        ("-3", {"serials": "1904"}, "date_serial_impossible", ("no day has this serial", "シリアル値")),
        ("41365", {}, "date_serial_undeclared", ("serials: 1900 or 1904", "シリアル値であることの宣言")),
        ("Apr-13", {}, "date_two_digits_undeclared", ("two digits only", "2桁")),
        ("01/04/13", {}, "date_two_digits_undeclared", ("two digits only", "2桁")),
        ("01/04/2013", {}, "date_order_undeclared", ("cannot be told apart", "順序が判別できません")),
        ("spring or so", {}, "date_not_understood", ("cannot be read", "読み取れません")),
    ],
)
def test_x11_only_declared_forms_of_a_date_are_read(
    text: str, declared: dict[str, str], code: str, words: tuple[str, str]
) -> None:
    assert read_date(text, **declared) is None  # type: ignore[arg-type]
    problem = date_problem(text, WHERE, **declared)  # type: ignore[arg-type]
    assert problem is not None
    told([problem], code, Outcome.WARN, [words[0], f"'{text}'"], [words[1], f"「{text}」"])


def test_x11_declared_forms_are_read_to_the_right_day() -> None:
    cases = {
        ("59", "1900"): date(1900, 2, 28), ("61", "1900"): date(1900, 3, 1), ("1", "1900"): date(1900, 1, 1),
        ("41365", "1900"): date(2013, 4, 1), ("39903", "1904"): date(2013, 4, 1), ("0", "1904"): date(1904, 1, 1),
    }  # fmt: skip
    for (text, system), day in cases.items():
        reading = read_date(text, serials=system)
        assert reading is not None
        assert (reading.date_from, reading.calendar) == (day, f"serial_{system}")
    short = read_date("Apr-13", two_digit_years=True)
    assert short is not None
    assert short.canonical == "2013-04"


def test_j07_a_prefecture_is_one_code_in_every_spelling() -> None:
    readings = {text: read_prefecture(text) for text in SPELLINGS}
    assert {reading.code if reading else None for reading in readings.values()} == {"JP-28"}
    said(
        "prefecture",
        "Hyougo",
        "place_read",
        Outcome.FIX,
        ["read as JP-28", "long vowel"],
        ["JP-28として読み取りました"],
    )
    kyoto, tokyo = read_prefecture("Kyoto-fu"), read_prefecture("Tokyo Metropolis")
    assert kyoto is not None
    assert tokyo is not None
    assert (kyoto.code, tokyo.code) == ("JP-26", "JP-13")


def test_j07_an_unknown_spelling_is_for_review_with_the_nearest_one() -> None:
    assert read_prefecture("Hyogoo") is None
    said("prefecture", "Hyogoo", "place_near", Outcome.WARN, ["perhaps Hyogo (兵庫県, JP-28)", "alias table"],
         ["候補：Hyogo (兵庫県, JP-28)", "別表記の表"])  # fmt: skip
    assert read_value("prefecture", "Hyogoo").state == "unreadable"


@pytest.mark.parametrize(("text", "level", "level_ja"), [
    ("Osaka City", "municipality", "市区町村"), ("大阪市", "municipality", "市区町村"), ("Kansai", "region", "地方"),
    ("Kanto METI bureau", "region", "地方"), ("日本", "country", "国"),
])  # fmt: skip
def test_j07_a_city_or_region_is_not_the_prefecture_of_its_name(text: str, level: str, level_ja: str) -> None:
    assert read_prefecture(text) is None
    said(
        "prefecture", text, "place_other_level", Outcome.WARN, [f"this is a {level}"], [f"記入されているのは{level_ja}"]
    )


def test_j07_two_prefectures_in_a_cell_give_no_code() -> None:
    said(
        "prefecture", "滋賀県・京都府", "place_several", Outcome.WARN, ["JP-25, JP-26"], ["複数の地名", "JP-25, JP-26"]
    )


@pytest.mark.parametrize(
    ("text", "mark"), [("Hyogo²", "²"), ("兵庫県※1", "※1"), ("ﾋｮｳｺﾞ*", "*"), ("28 兵庫県 注1)", "注1)")]
)
def test_j06_a_footnote_mark_is_no_part_of_the_prefecture(text: str, mark: str) -> None:
    reading = read_value("prefecture", text)
    assert (reading.state, reading.value, reading.marks) == ("given", "JP-28", (mark,))
    assert f"footnote_mark_taken_off:{mark}" in reading.steps
    said("prefecture", "Hyōgo-ken (兵庫県)", "place_read", Outcome.FIX, ["read as JP-28"], ["JP-28として"])


@pytest.mark.parametrize(("text", "code", "source"), [
    ("SP", "ES", "discussion paper"), ("LIT", "LT", "discussion paper"), ("UK", "GB", "ISO 3166-1"),
    ("EL", "GR", "European Union"), ("Czechia/Czech Rep.", "CZ", "CLDR"), ("Turkey", "TR", "usage"),
    ("DEU", "DE", "ISO 3166-1"), ("英国", "GB", "Ministry of Foreign Affairs"),
])  # fmt: skip
def test_j13_a_country_is_coded_with_the_source_of_its_spelling(text: str, code: str, source: str) -> None:
    reading = read_country(text)
    assert reading is not None
    assert reading.code == code
    assert source in reading.alias_source
    said("country", text, "place_read", Outcome.FIX, [f"read as {code}", source], [f"{code}として読み取りました"])


def test_j13_an_unknown_or_former_country_is_for_review() -> None:
    said("country", "Germny", "place_near", Outcome.WARN, ["perhaps Germany (DE)"], ["候補：Germany (DE)"])
    said(
        "country", "Yugoslavia", "place_historic", Outcome.WARN, ["is no more", "Croatia"], ["存在しない国", "Croatia"]
    )


def test_j14_na_is_namibia() -> None:
    reading = read_country("NA")
    assert reading is not None
    assert (reading.code, reading.steps) == ("NA", ())
    assert place_problem("country", "NA", WHERE) is None
    assert read_value("country", "NA").value == "NA"
    assert read_country("na") is None
    said("country", "NAM", "place_read", Outcome.FIX, ["read as NA"], ["NAとして読み取りました"])


def test_j15_one_name_in_two_prefectures_is_two_and_one_body_in_two_languages_is_one() -> None:
    """An English list of 2013 and a Japanese one of 2016 with the same two bodies, their prefectures as printed."""
    printed = pd.DataFrame(
        [
            ("hyogo-en", "2013", "Mihon Bio Cluster", "Hyougo"), ("osaka-en", "2013", "Mihon Bio Cluster", "Osaka-fu"),
            ("osaka-ja", "2016", "見本バイオクラスター", "大阪府"), ("hyogo-ja", "2016", "見本バイオクラスター", "28"),
        ],
        columns=["id", "edition", "name", "prefecture"],
    )  # fmt: skip
    read = [read_prefecture(text) for text in printed["prefecture"]]
    assert [reading.code if reading else None for reading in read] == ["JP-28", "JP-27", "JP-27", "JP-28"]
    said("prefecture", "Hyougo", "place_read", Outcome.FIX, ["read as JP-28"], ["JP-28として読み取りました"])
    rows = printed.assign(country="JP", region=[reading.code for reading in read if reading]).drop(columns="prefecture")
    group = link_mentions(rows).set_index("mention_key")["group_id"]
    assert group["hyogo-en"] == group["hyogo-ja"] != group["osaka-en"] == group["osaka-ja"]
    clusters = rows[rows["edition"] == "2013"].rename(columns={"id": "cluster_id"}).drop(columns="edition")
    found = propose(rows[rows["edition"] == "2016"], clusters)
    first = found[found["rank"] == 1].set_index("mention_key")
    assert first["cluster_id"].to_dict() == {"hyogo-ja": "hyogo-en", "osaka-ja": "osaka-en"}
    assert set(first["suggestion"]) == {"same"}
    others = found[found["rank"] > 1]
    assert set(others["suggestion"]) == {"review"}
    assert others["reasons"].str.contains("another region").all()
