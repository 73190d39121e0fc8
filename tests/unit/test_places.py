"""Printed places: 47 prefectures in their spellings, countries and regions, and the tables they are read by."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from ingest.values.place_words import place_key
from ingest.values.places import place_problem, read_country, read_nuts, read_prefecture
from ingest.values.reading import step_text
from ingest.values.tables import read_values_table
from tests.fixtures.places.make_country_names import TABLE, country_names

ROOT = Path(__file__).parents[2]
BUNDLED = ROOT / "ingest" / "sources" / "prefectures_jp" / "2026" / "prefectures_jp_2026.csv"
CODES = ROOT / "dbt_project" / "seeds" / "codes"
# Katakana in half width as older exports print it, by its full-width sign; sounds with marks are two signs.
HALF = dict(
    zip(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンッャュョ",
        "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝｯｬｭｮ",
        strict=True,
    )
)
HALF |= {
    voiced: HALF[plain] + "ﾞ"
    for voiced, plain in zip(
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボ", "カキクケコサシスセソタチツテトハヒフヘホ", strict=True
    )
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_table_of_prefectures_is_the_published_one() -> None:
    published = {
        (row["jis_x0401"], row["iso_3166_2"], row["name_en"], row["name_ja_short"], row["name_ja_full"])
        for row in rows(BUNDLED)
    }
    ours = {
        (row["jis_x0401"], row["iso_3166_2"], row["name_en"], row["name_ja"], row["name_ja"] + row["suffix_ja"])
        for row in read_values_table("prefecture")
    }
    assert ours == published
    assert len(ours) == 47


def test_kana_and_macrons_say_the_same_reading_as_the_names() -> None:
    """A macron stands where the kana have a long vowel, and nowhere else, and without it the English name is left."""
    for row in read_values_table("prefecture"):
        assert place_key(row["name_macron"]) == place_key(row["name_en"])
        has_long_vowel = any(pair in row["kana"] for pair in ("おお", "ょう", "こう", "どう", "とう"))
        assert has_long_vowel == (row["name_macron"] != row["name_en"]), row["name_en"]


@pytest.mark.parametrize("row", read_values_table("prefecture"), ids=lambda row: row["name_en"])
def test_a_prefecture_has_one_code_in_all_its_spellings(row: dict[str, str]) -> None:
    katakana = "".join(chr(ord(sign) + 0x60) for sign in row["kana"])
    name, ending = row["name_en"], row["suffix_en"]
    spellings = {
        row["name_ja"] + row["suffix_ja"], row["name_ja"], row["kana"], katakana,
        "".join(HALF[sign] for sign in katakana), row["kana"] + row["suffix_kana"], name, name.upper(),
        row["name_macron"], f"{name} Prefecture", f"{name.upper()} PREF.", f"Prefecture of {name}",
        f"{name} ({row['name_ja']}{row['suffix_ja']})", row["jis_x0401"], str(int(row["jis_x0401"])),
        row["iso_3166_2"], f"{row['jis_x0401']} {row['name_ja']}{row['suffix_ja']}", f" {name} ",
        *([f"{name}-{ending}", f"{row['name_macron']}-{ending}"] if ending else []),
    }  # fmt: skip
    assert len(spellings) >= 14
    readings = {spelling: read_prefecture(spelling) for spelling in spellings}
    wrong = {text: got for text, got in readings.items() if got is None or got.code != row["iso_3166_2"]}
    assert wrong == {}
    assert all(reading.alias_source for reading in readings.values() if reading)


def test_spellings_that_follow_no_rule_have_a_source() -> None:
    named = {"Gumma": "JP-10", "Ohita": "JP-44", "Ooita": "JP-44", "Kouchi": "JP-39", "Hyougo-ken": "JP-28",
             "Tokyo Metropolis": "JP-13", "Tokyo Metropolitan": "JP-13", "Ohsaka-fu": "JP-27", "Hokkaidou": "JP-01",
             "Siga-ken": "JP-25", "Kyōto-fu": "JP-26"}  # fmt: skip
    assert {text: reading.code if (reading := read_prefecture(text)) else None for text in named} == named
    known = {row["iso_3166_2"] for row in read_values_table("prefecture")}
    for row in read_values_table("prefecture_alias"):
        assert row["iso_3166_2"] in known
        assert row["source"]
    own_names = {place_key(row["name_en"]) for row in read_values_table("prefecture")}
    assert own_names.isdisjoint(place_key(row["alias"]) for row in read_values_table("prefecture_alias"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Osaka City", "place_other_level"), ("大阪市", "place_other_level"), ("Kobe-shi", "place_other_level"),
        ("Kansai", "place_other_level"), ("九州", "place_other_level"), ("Kanto METI bureau", "place_other_level"),
        ("Kitakyushu Region", "place_other_level"), ("全国", "place_other_level"), ("EU", "place_other_level"),
        ("Hyogo, Osaka", "place_several"), ("滋賀県・京都府", "place_several"), ("JP-26;JP-27;JP-29", "place_several"),
        ("Osaka-ken", "place_near"), ("Kyoto-to", "place_near"), ("Hyogp", "place_near"), ("28 大阪府", "place_near"),
        ("Hokkai", "place_near"), ("48", "place_unknown"), ("0", "place_unknown"), ("", "place_unknown"),
        ("x" * 10_000, "place_unknown"), ("Osaka, Nowhere", "place_unknown"),
    ],
)  # fmt: skip
def test_what_is_no_one_prefecture_is_refused_with_the_reason(text: str, code: str) -> None:
    assert read_prefecture(text) is None
    problem = place_problem("prefecture", text, "list.csv")
    assert problem is not None
    assert problem.code in {code, "place_near" if code == "place_unknown" and len(text) > 2 else code}


def test_a_bare_name_is_the_prefecture_because_the_column_says_so() -> None:
    for text in ("Osaka", "京都"):
        reading = read_prefecture(text)
        assert reading is not None
        assert reading.steps == ("place_level_of_column",)
    reading = read_prefecture("大阪府")
    assert reading is not None
    assert reading.steps == ("place_name",)


def test_the_names_of_countries_are_those_of_the_unicode_data() -> None:
    assert TABLE.read_text(encoding="utf-8") == country_names()
    assert {row["country_code"] for row in read_values_table("country_name")} == {
        row["country_code"] for row in rows(CODES / "country.csv")
    }


@pytest.mark.parametrize("row", read_values_table("country_name"), ids=lambda row: row["country_code"])
def test_a_country_is_read_by_both_codes_and_both_names(row: dict[str, str]) -> None:
    for text in (row["country_code"], row["alpha_3"], row["name_en"], row["name_ja"], row["name_en"].upper()):
        reading = read_country(text)
        assert reading is not None, text
        assert (reading.code, reading.level) == (row["country_code"], "country")


def test_an_alias_never_hides_a_code_or_a_name() -> None:
    named = read_values_table("country_name")
    names = {place_key(row[name]): row["country_code"] for row in named for name in ("name_en", "name_ja")}
    codes = {row[name] for row in read_values_table("country_name") for name in ("country_code", "alpha_3")}
    aliases: dict[str, str] = {}
    for row in read_values_table("country_alias"):
        assert row["alias"] not in codes
        assert names.get(place_key(row["alias"]), row["country_code"]) == row["country_code"]
        assert aliases.setdefault(place_key(row["alias"]), row["country_code"]) == row["country_code"]
        assert row["source"]
        reading = read_country(row["alias"])
        assert reading is not None
        assert reading.code == row["country_code"]


def test_the_warehouse_reads_every_alias_of_its_own_as_we_do() -> None:
    """One meaning for each spelling, though SQL joins with a seed and a cell is read by the table beside the reader."""
    for row in rows(CODES / "country_alias.csv"):
        reading = read_country(row["alias"])
        assert reading is not None
        assert reading.code == row["country_code"]


def test_own_names_are_those_of_the_country_itself() -> None:
    """Held against another list: CLDR's name of the territory in a language that is official there."""
    languages = {"AT": "de", "BE": "fr nl de", "BG": "bg", "CY": "el", "CZ": "cs", "DE": "de", "DK": "da", "EE": "et",
                 "GR": "el", "ES": "es", "FI": "fi", "HR": "hr", "HU": "hu", "IE": "ga", "IT": "it", "LT": "lt",
                 "LV": "lv", "NL": "nl", "PL": "pl", "RO": "ro", "SE": "sv", "SI": "sl", "SK": "sk",
                 "CH": "de fr it", "NO": "no", "IS": "is"}  # fmt: skip
    for code, spoken in languages.items():
        for language in spoken.split():
            name = Locale(language).territories[code]
            reading = read_country(name)
            assert reading is not None, (code, name)
            assert reading.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Yugoslavia", "place_historic"), ("YUG", "place_historic"), ("ソ連", "place_historic"),
        ("EU", "place_other_level"), ("欧州", "place_other_level"), ("Germany, France", "place_several"),
        ("Germny", "place_near"), ("no", "place_near"), ("XK", "place_unknown"), ("-", "place_unknown"),
    ],
)  # fmt: skip
def test_what_is_no_country_of_today_is_refused_with_the_reason(text: str, code: str) -> None:
    assert read_country(text) is None
    problem = place_problem("country", text, "list.csv")
    assert problem is not None
    assert problem.code == code


def test_a_region_is_coded_in_the_version_that_is_asked_for() -> None:
    def code(text: str, version: str = "") -> str | None:
        reading = read_nuts(text, version)
        return reading.code if reading else None

    assert [code("FR42", version) for version in ("", "2010", "2013", "2016", "2024")] == [
        "FR42", "FR42", "FR42", "FRF1", "FRF1",
    ]  # fmt: skip
    assert [code("FRF1", version) for version in ("2013", "2016")] == ["FR42", "FRF1"]
    assert [code("FR91", version) for version in ("2010", "2013", "2016")] == ["FR91", "FRA1", "FRY1"]
    assert [code("GR11", version) for version in ("2010", "2021")] == ["EL11", "EL51"]
    assert [code("PL12", version) for version in ("2013", "2016")] == ["PL12", None]
    assert [code("PL91", version) for version in ("2013", "2016")] == [None, "PL91"]
    assert [code("UKM", version) for version in ("2021", "2024")] == ["UKM", None]
    assert [code("GBM"), code("de 13"), code("JP12"), code("France"), code("DE13", "2019")] == [
        "UKM", "DE13", None, None, None,
    ]  # fmt: skip
    reading = read_nuts("FR71", "2021")
    assert reading is not None
    assert (reading.level, reading.versions, reading.alias_source) == (
        "nuts2", ("2016", "2021", "2024"), "Commission Regulation (EU) 2016/2066",
    )  # fmt: skip


def test_the_recodings_agree_with_the_regions_that_the_sources_name() -> None:
    bundled = ROOT / "ingest" / "sources" / "nuts_regions" / "2021-2024" / "nuts_regions_2021_2024.csv"
    named = {row["nuts_code"]: row["nuts_version"] for row in rows(bundled)}
    for code, version in named.items():
        reading = read_nuts(code, "" if code.startswith("UK") else version)
        assert reading is not None
        assert reading.code == code
    recoded = [row for row in read_values_table("nuts_recoding") if row["change"] == "recoded"]
    assert len({row["before"] for row in recoded}) == len({row["after"] for row in recoded}) == len(recoded)
    assert sum(row["before"].startswith("FR") and row["changed_in"] == "2016" for row in recoded) == 26


def test_every_step_is_worded_in_both_languages() -> None:
    read = [read_prefecture(text) for text in ("Hyogo-ken", "Hyogo", "Gumma", "28", "28 兵庫県", "Hyogo (兵庫県)")]
    read += [read_country(text) for text in ("DEU", "Germany", "SP")]
    read += [read_nuts(text, "2016") for text in ("fr42", "GR11")]
    steps = [step for reading in read if reading for step in reading.steps]
    assert len({step.partition(":")[0] for step in steps}) == 9
    for step in steps:
        assert step not in {step_text(step, "en"), step_text(step, "ja")}
        assert step_text(step, "en") != step_text(step, "ja")


@given(st.text(max_size=30), st.sampled_from(["prefecture", "country", "nuts"]))
def test_any_text_is_read_or_refused_and_never_fails(text: str, kind: str) -> None:
    read = {"prefecture": read_prefecture, "country": read_country, "nuts": read_nuts}[kind]
    problem = place_problem(kind, text, "list.csv")
    assert read(text) is not None or (problem is not None and problem.outcome.value == "WARN")
