"""Faults of text, numbers, kinds of nothing and markup: what one printed cell becomes.

Belongs here: cases of the fault catalogue that a single cell shows. Does not belong here: encodings, dates and places.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from ingest.problem import Outcome, Place, SourceError
from ingest.tables.printed import Hints
from ingest.tables.reader import read_table
from ingest.values.finding import finding
from ingest.values.nothing import folded_token
from ingest.values.numbers import read_number
from ingest.values.reading import Options, Reading, options_of, read_value
from ingest.values.text import clean, display_form, name_key, without_footnote_marks
from tests.faults.told import told

pytestmark = pytest.mark.fault

WHERE = Place("mihon.csv", row=3, cell="B3")


def said(
    kind: str, printed: str, reading: Reading, code: str, outcome: Outcome, english: list[str], japanese: list[str]
) -> None:
    """The one thing that is said of the cell."""
    problem = finding(kind, printed, reading, WHERE)
    assert problem is not None
    told([problem], code, outcome, ["mihon.csv, cell B3", *english], ["mihon.csv、セルB3", *japanese])


@pytest.mark.parametrize(
    ("printed", "twin"),
    [
        ("㈱ミホン", "（株）ミホン"),
        ("ミホン①", "ミホン1"),
        ("髙島ミホン", "高島ミホン"),
        ("ミホン〜サンプル", "ミホン～サンプル"),
        ("ミホン−サンプル", "ミホン－サンプル"),
        ("ﾐﾎﾝｶﾞﾗｽ", "ミホンガラス"),
        ("㍻25年ミホン", "平成25年ミホン"),
        ("Ｍｉｈｏｎ　Ｃｌｕｓｔｅｒ", "MIHON cluster"),
        ("見本國際", "見本国際"),
    ],
)
def test_j05_names_are_shown_as_printed_and_compared_by_their_key(printed: str, twin: str) -> None:
    shown = printed.replace("　", " ")
    assert display_form(printed) == shown
    assert name_key(printed) == name_key(twin) == name_key(name_key(printed))
    assert name_key(printed) == name_key(unicodedata.normalize("NFD", printed))
    assert read_value("name", printed).value == shown


def test_j05_signs_that_look_alike_do_not_make_two_names_one() -> None:
    """The long mark of kana is a letter, and a dash is none."""
    assert name_key("サンプルセンター") != name_key("サンプルセンタ")
    assert name_key("サンプルｾﾝﾀｰ") == name_key("サンプルセンター")
    assert name_key("見本ー例") == name_key("見本-例") == name_key("見本例")
    assert name_key("C++ ミホン") != name_key("D ミホン")


def test_j05_an_old_accent_is_joined_and_said() -> None:
    printed = "Cafe\u0301 Mihon"
    reading = read_value("name", printed)
    assert reading == Reading("given", "Café Mihon", ("letters_composed",))
    said("name", printed, reading, "value_read", Outcome.FIX, ["'Café Mihon'", "(NFC)"], ["「Café Mihon」", "（NFC）"])


@pytest.mark.parametrize(
    ("printed", "shown", "marks"),
    [
        ("Hyogo²", "Hyogo", ("²",)),
        ("兵庫県※1", "兵庫県", ("※1",)),
        ("兵庫県※１）", "兵庫県", ("※１）",)),
        ("兵庫県（注１）", "兵庫県", ("（注１）",)),
        ("兵庫県注2)", "兵庫県", ("注2)",)),
        ("兵庫県 1)", "兵庫県", ("1)",)),
        ("Hyogo [1]", "Hyogo", ("[1]",)),
        ("Hyogo*1, *2", "Hyogo", ("*1", "*2")),
        ("Hyogo†‡", "Hyogo", ("†‡",)),
    ],
)
def test_j06_footnote_marks_are_taken_off_before_folding_and_kept(
    printed: str, shown: str, marks: tuple[str, ...]
) -> None:
    reading = read_value("name", printed)
    assert (reading.value, reading.marks) == (shown, marks)
    assert name_key(printed) == name_key(shown)
    outcome = Outcome.FIX
    said("name", printed, reading, "value_read", outcome, [f"'{marks[0]}' was taken off"], [f"脚注記号「{marks[0]}」"])


@pytest.mark.parametrize(
    "name",
    ["Ω3 Mihon", "Mihon Ω3", "H₂ cluster", "Mihon CO₂", "100 km²", "Mihon R²", "C++", "Mihon (1)", "ミホン受注1",
     "発注", "Sample (Phase 1)", "Mihon2", "A*Mihon", "※1", "*", "見本（注文）"],
)  # fmt: skip
def test_j06_signs_of_a_name_are_no_footnote_marks(name: str) -> None:
    assert without_footnote_marks(name) == (name, ())
    assert read_value("name", name).value == name


@pytest.mark.parametrize("printed", ["Hyogo²", "兵庫県※1", "兵庫（注1）", "Hyōgo [2]"])
def test_j06_the_mark_is_off_before_the_prefecture_is_looked_up(printed: str) -> None:
    reading = read_value("prefecture", printed)
    assert (reading.state, reading.value, len(reading.marks)) == ("given", "JP-28", 1)
    said("prefecture", printed, reading, "value_read", Outcome.FIX, ["read as 'JP-28'"], ["「JP-28」として"])


def test_j06_a_mark_does_not_grow_a_count() -> None:
    reading = read_value("count", "52²")
    assert reading == Reading("given", "52", ("footnote_mark_taken_off:²",), ("²",))
    assert read_value("count", "５２※１").value == "52"
    said("count", "52²", reading, "value_read", Outcome.FIX, ["read as '52'"], ["「52」として読み取りました"])


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("Mihon\u200b Cluster", "invisible_sign_removed:U+200B"),
        ("\ufeffMihon Cluster", "invisible_sign_removed:U+FEFF"),
        ("Mi\u00adhon Cluster", "invisible_sign_removed:U+00AD"),
        ("Mihon\u00a0Cluster", "blank_replaced:U+00A0"),
        ("Mihon　Cluster", "blank_replaced:U+3000"),
        ("Mihon\tCluster", "blank_replaced:U+0009"),
        ("Mihon\nCluster", "blank_replaced:U+000A"),
        (" Mihon  Cluster ", "blanks_trimmed"),
    ],
)
def test_j09_blanks_and_signs_that_nobody_sees_make_no_other_name(printed: str, code: str) -> None:
    reading = read_value("name", printed)
    assert reading.value == "Mihon Cluster"
    assert code in reading.steps
    assert name_key(printed) == "mihoncluster"
    said("name", printed, reading, "value_read", Outcome.FIX, ["'Mihon Cluster'"], ["「Mihon Cluster」"])


def test_j09_a_cell_of_blanks_is_blank_and_joined_scripts_keep_their_joiners() -> None:
    assert read_value("name", "\u3000\u200b\t ").state == "blank"
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert clean(persian).text == persian
    assert clean("Mi\u200chon").text == "Mihon"


@pytest.mark.parametrize(
    ("printed", "shown", "code"),
    [
        ("Mihon \u202egpj.exe", "Mihon gpj.exe", "direction_sign_removed:U+202E"),
        ("Mihon\u2066 A", "Mihon A", "direction_sign_removed:U+2066"),
        ("Mihon\x00 A", "Mihon A", "control_sign_removed:U+0000"),
        ("Mihon\x1b[31m A", "Mihon[31m A", "control_sign_removed:U+001B"),
        ("Mihon\ud800 A", "Mihon\ufffd A", "broken_sign_replaced:U+D800"),
    ],
)
def test_j10_signs_that_turn_or_control_are_out_of_the_name(printed: str, shown: str, code: str) -> None:
    reading = read_value("name", printed)
    assert reading == Reading("given", shown, (code,))
    shown.encode("utf-8")
    said("name", printed, reading, "value_read", Outcome.FIX, ["was ", code[-6:]], [code[-6:]])
    problem = finding("name", printed, reading, WHERE)
    assert problem is not None
    assert (str(problem) + problem.japanese).isprintable()


def test_j10_zero_bytes_in_a_text_file_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "mihon.csv"
    path.write_bytes(b"name,members\nMihon\x00 A,12\n")
    with pytest.raises(SourceError) as refused:
        read_table(path, Hints(), tmp_path / "read")
    assert [each.outcome for each in refused.value.problems] == [Outcome.QUAR]
    assert "mihon.csv" in str(refused.value)
    assert "対処方法：" in refused.value.problems[0].japanese


def test_j11_variation_selectors_and_kanji_beyond_the_first_plane_are_one_letter() -> None:
    printed = "𠮷見\U000e0101本"
    assert len(printed) == 4
    assert printed[:1] == "𠮷"
    assert display_form(printed) == printed
    assert name_key(printed) == name_key("吉見本") == "吉見本"
    assert name_key("葛\U000e0100城") == name_key("葛城")
    assert name_key("渡邉") == name_key("渡邊") == name_key("渡辺")
    assert without_footnote_marks("𠮷²") == ("𠮷²", ())
    assert without_footnote_marks("𠮷野²") == ("𠮷野", ("²",))
    reading = read_value("name", f"{printed}※1")
    said("name", f"{printed}※1", reading, "value_read", Outcome.FIX, ["𠮷見"], ["𠮷見"])


@pytest.mark.parametrize(
    ("printed", "declared", "value"),
    [
        ("１，２３４", {}, "1234"),
        ("1,234.5", {}, "1234.5"),
        ("1.234,5", {"decimal": ","}, "1234.5"),
        ("1.234", {"decimal": ","}, "1234"),
        ("1.234", {}, "1.234"),
        ("1 234,5", {"decimal": ",", "thousands": " "}, "1234.5"),
        ("約50", {}, "50"),
        ("ca. 50", {}, "50"),
        ("~50", {}, "50"),
        (">100", {}, "100"),
        ("50社", {}, "50"),
        ("約５０機関", {}, "50"),
        ("▲3", {}, "-3"),
        ("△１，２３４", {}, "-1234"),
        ("−3", {}, "-3"),
        ("(3)", {"parentheses": "negative"}, "-3"),
        ("二十五", {}, "25"),
        ("二〇一三", {}, "2013"),
        ("1万2千", {}, "12000"),
        ("3億円", {}, "300000000"),
        ("1.5億", {}, "150000000"),
        ("0.1", {}, "0.1"),
        ("12345678901234567.89", {}, "12345678901234567.89"),
        ("０", {}, "0"),
        ("-0", {}, "0"),
    ],
)
def test_j12_numbers_are_read_by_what_is_declared(printed: str, declared: dict[str, str], value: str) -> None:
    reading = read_value("number", printed, options_of(declared))
    assert (reading.state, reading.value) == ("given", value)


def test_j12_what_was_done_to_a_number_is_said() -> None:
    reading = read_value("count", "約５０社")
    assert reading == Reading("given", "50", ("width_folded", "unit_taken_off:社", "about:約"))
    english, japanese = ["read as '50'", "unit '社'", "approximate"], ["「50」として", "単位「社」", "概数"]
    said("count", "約５０社", reading, "value_read", Outcome.FIX, english, japanese)


@pytest.mark.parametrize(
    ("kind", "printed", "reason"),
    [
        ("number", "1.234,5", "not_in_the_declared_form"),
        ("number", "1,23", "not_in_the_declared_form"),
        ("number", "1,2345", "not_in_the_declared_form"),
        ("count", "1.234", "not_a_whole_number"),
        ("count", "10-20", "a_range"),
        ("count", "10～20", "a_range"),
        ("count", "<5", "only_an_upper_bound:<"),
        ("count", "～50", "only_an_upper_bound:〜"),
        ("count", "(3)", "brackets_not_declared"),
        ("count", "①", "figure_is_a_sign"),
        ("count", "1½", "figure_is_a_sign"),
        ("count", "50%", "other_unit:%"),
        ("count", "3億円", "other_unit:円"),
        ("count", "9" * 40, "too_many_digits"),
        ("number", "1e99", "too_many_digits"),
        ("count", "many", "not_a_number"),
        ("percent", "0.5", "percent_not_declared"),
        ("number", "1.5億3万", "not_in_the_declared_form"),
    ],
)
def test_j12_what_no_declaration_allows_is_unreadable(kind: str, printed: str, reason: str) -> None:
    reading = read_value(kind, printed)
    assert (reading.state, reading.value, reading.steps[-1]) == ("unreadable", None, reason)
    said(kind, printed, reading, "value_unreadable", Outcome.WARN, ["cannot be read as"], ["読み取れません"])


def test_j12_percent_is_what_the_card_says() -> None:
    for printed, unit in (("50%", ""), ("50％", "share"), ("0.5", "share"), ("50", "%"), ("5割", "")):
        assert read_value("percent", printed, Options(unit=unit)).value == "50"
    assert read_value("percent", "0.5", Options(unit="%")).value == "0.5"


def test_j12_signs_that_are_no_convention_are_refused_when_the_card_is_read() -> None:
    for declared in ({"decimal": ";"}, {"decimal": ".", "thousands": "."}, {"decimals": ","}, {"parentheses": "plus"}):
        with pytest.raises(ValueError, match=r"convention|declared"):
            options_of(declared)
    with pytest.raises(ValueError, match="did you mean 'suppressed'"):
        options_of({}, {"x": "supressed"})
    with pytest.raises(ValueError, match="no convention"):
        read_number("1", decimal=",", thousands=",")


def test_j14_na_is_a_country_and_a_name_but_no_count() -> None:
    assert read_value("name", "NA").value == "NA"
    assert read_value("text", "N/A").value == "N/A"
    assert read_value("country", "NA") == Reading("given", "NA")
    assert read_value("country", "Namibia").value == "NA"
    counted = read_value("count", "NA")
    assert (counted.state, counted.value) == ("not_applicable", None)
    said("count", "NA", counted, "value_nothing", Outcome.FIX, ["does not arise"], ["該当しない"])
    declared = options_of({}, {"NA": "unknown"})
    assert read_value("name", "NA", declared).state == "unknown"


@pytest.mark.parametrize(
    ("printed", "state"),
    [
        ("－", "none"), ("―", "none"), ("-", "none"), ("ー", "none"), ("なし", "none"), ("無", "none"),
        ("…", "unknown"), ("...", "unknown"), ("不明", "unknown"), ("未回答", "unknown"), (":", "unknown"),
        ("n/a", "not_applicable"), ("N.A.", "not_applicable"), ("ｎ／ａ", "not_applicable"),
        ("該当なし", "not_applicable"), ("非公開", "suppressed"), ("秘匿", "suppressed"), ("TBC", "to_be_confirmed"),
        ("調査中", "to_be_confirmed"), ("未調査", "not_surveyed"), ("", "blank"), ("　", "blank"),
        ("x", "unreadable"), ("*", "unreadable"), ("?", "unreadable"), ("#N/A", "unreadable"), ("ｘ", "unreadable"),
    ],
)  # fmt: skip
def test_j14_the_kinds_of_nothing_are_kept_apart(printed: str, state: str) -> None:
    reading = read_value("count", printed)
    assert (reading.state, reading.value) == (state, None)


def test_j14_a_card_says_what_its_signs_mean() -> None:
    declared = options_of({}, {"x": "suppressed", "*": "suppressed", "0.0": "below_unit", "－": "not_surveyed"})
    read = [read_value("number", printed, declared).state for printed in ("X", "＊", "0.0", "-", "0", "...")]
    assert read == ["suppressed", "suppressed", "below_unit", "not_surveyed", "given", "unknown"]
    assert folded_token("‐") == folded_token("―") == "-"


def test_x24_a_number_kept_as_text_and_as_a_number_is_one_value() -> None:
    readings = [read_value("count", printed) for printed in ("12", "１２", " 12", "12.0", "0012", "12社")]
    assert {reading.value for reading in readings} == {"12"}
    assert readings[0].steps == ()
    said("count", "１２", readings[1], "value_read", Outcome.FIX, ["full-width"], ["全角文字を半角として"])
    assert read_value("text", "0012").value == "0012"


@pytest.mark.parametrize(
    "printed",
    ["<script>alert(1)</script>", "javascript:alert(1)", "<svg onload=alert(1)>", "{{ 7 * 7 }}", "=1+1", "'; --"],
)
def test_q03_markup_in_a_name_stays_text(printed: str) -> None:
    assert read_value("name", printed) == Reading("given", printed)
    assert read_value("text", printed) == Reading("given", printed)


@pytest.mark.parametrize(
    "printed",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\u200bscript:alert(1)", "data:text/html,<b>", "file:///etc",
     "vbscript:x", "//example.org", "https:example.org", "http://a:b@example.org", "http://", "https://<b>.example",
     "http://example.org/\"onclick=x", "ｊavascript:alert(1)", "http://example.org:99999", "http://[::1"],
)  # fmt: skip
def test_q03_only_web_addresses_are_addresses(printed: str) -> None:
    reading = read_value("url", printed)
    assert (reading.state, reading.value) == ("unreadable", None)


def test_q03_a_web_address_is_kept_and_a_bare_one_completed() -> None:
    for address in ("https://example.org/a?b=%E6%97%A5#c", "http://例え.example/", "HTTPS://example.org"):
        assert read_value("url", address) == Reading("given", address)
    reading = read_value("url", "www.example.org")
    assert reading.value == "http://www.example.org"
    said("url", "www.example.org", reading, "value_read", Outcome.FIX, ["without http://"], ["http://を補いました"])
