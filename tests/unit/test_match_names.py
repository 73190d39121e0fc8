"""How names are read: spellings, scripts, legal forms, words in many languages, acronyms. Facts set by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.match_candidates.columns import country_code, web_domain
from analytics.match_candidates.folding import fold, hepburn, read_column, sound_key, spelling_key
from analytics.match_candidates.names import ACRONYM, INITIALS, forms
from analytics.match_candidates.romanisation import is_chinese, read_japanese


def whole(name: str, **hints: str) -> set[str]:
    return set(forms(name, **hints)[0].tokens)


def of_kind(name: str, kind: str) -> set[str]:
    return {form.tokens[0] for form in forms(name) if form.kind == kind}


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert spelling_key(spelling_key(text)) == spelling_key(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    assert all(form.tokens and all(form.tokens) for form in forms(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＴＯＫＹＯ", "tokyo"),  # full width
        ("髙橋", "高橋"),  # variant kanji
        ("大阪大學", "大阪大学"),  # old kanji
        ("ｶﾅﾀﾞ", "カナダ"),  # half width
        ("STRASSE", "straße"),
        ("İZMİR", "izmir"),
    ],
)
def test_width_case_and_old_kanji_are_folded(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("München", "Muenchen"),
        ("Göteborg", "Goeteborg"),
        ("Kōbe", "Koube"),
        ("Ōsaka", "Oosaka"),
        ("Tōkyō", "Toukyou"),
        ("Łódź", "Lodz"),
        ("Sapporo", "Saporo"),
    ],
)
def test_spellings_of_one_word_have_one_key(one: str, other: str) -> None:
    assert spelling_key(one) == spelling_key(other)


@pytest.mark.parametrize(
    ("kunrei", "usual"), [("huzi", "fuji"), ("tiba", "chiba"), ("syonan", "shonan"), ("matu", "matsu")]
)
def test_kunrei_letters_are_read_as_hepburn_and_other_words_left_alone(kunrei: str, usual: str) -> None:
    assert hepburn(kunrei) == hepburn(usual) == usual
    assert hepburn("fizik") == "fizik"


@pytest.mark.parametrize(
    ("one", "other"), [("Chaykovskiy", "Tchaikovsky"), ("Mokeikawa", "Mokeigawa"), ("Kopernik", "Copernic")]
)
def test_words_that_sound_alike_share_a_sound(one: str, other: str) -> None:
    assert sound_key(spelling_key(one)) == sound_key(spelling_key(other))


@pytest.mark.parametrize(
    ("written", "said"),
    [("神戸", "koube"), ("北海道", "hokkaidou"), ("千里", "senri"), ("フジ", "fuji"), ("新宿", "shinjuku")],
)
def test_japanese_is_read_in_hepburn(written: str, said: str) -> None:
    assert "".join(read_japanese(written)) == said


def test_chinese_is_told_from_japanese_by_hint_or_by_its_characters() -> None:
    assert is_chinese("北京", language="zh")
    assert is_chinese("华中")
    assert not is_chinese("京都", country="JP")
    assert not is_chinese("つくば")


@pytest.mark.parametrize(
    "names",
    [
        (
            "Universität Wien", "University of Vienna", "Université de Vienne", "Università di Vienna",
            "Universidad de Viena", "Universiteit Wenen", "Vídeňská univerzita", "Uniwersytet Wiedeński",
            "ウィーン大学",
        ),
        ("東京大学", "The University of Tokyo", "東京大學"),
        ("Helsingin yliopisto", "Helsingfors universitet", "University of Helsinki", "Helsinki Ülikool"),
        ("서울대학교", "Seoul University"),
        ("北京大学", "Beijing University"),
        ("Московский университет", "Moscow University"),
        ("Πανεπιστήμιο Αθηνών", "University of Athens"),
        ("Budapesti Műszaki Egyetem", "Technical University of Budapest"),
        ("京都商工会議所", "Kyoto Chamber of Commerce and Industry"),
    ],
)  # fmt: skip
def test_one_name_in_many_languages_has_the_same_tokens(names: tuple[str, ...]) -> None:
    assert {name: whole(name) for name in names} == dict.fromkeys(names, whole(names[0]))
    assert len(whole(names[0])) >= 2


def test_a_compound_is_read_by_its_parts() -> None:
    assert whole("Bundesforschungszentrum für Wald") == {"=federal", "=research", "=centre", "=forest"}
    assert whole("Karolinska Universitetssjukhuset") == {"karolinska", "=university", "=hospital"}
    assert whole("Wirtschaftsuniversität Wien") == {"=economics", "=university", "@viena"}


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("BioM Biotech Cluster Development GmbH", "BioM Biotech Cluster Development"),
        ("Silicon Saxony e. V.", "Silicon Saxony"),
        ("Silicon Saxony e.V.", "Silicon Saxony"),
        ("一般財団法人京都高度技術研究所", "京都高度技術研究所"),
        ("Distretto Tecnologico S.c.a r.l.", "Distretto Tecnologico"),
        ("株式会社つくば", "つくば"),
    ],
)
def test_a_legal_form_is_dropped_and_said_so(printed: str, plain: str) -> None:
    assert whole(printed) == whole(plain)
    assert forms(printed)[0].has_legal_form


@pytest.mark.parametrize(
    ("local", "english"),
    [
        ("جامعة القاهرة", "Cairo University"),
        ("جامعة قطر", "Qatar University"),
        ("وزارة الصحة", "Ministry of Health"),
        ("אוניברסיטת תל אביב", "Tel Aviv University"),
        ("אוניברסיטת חיפה", "University of Haifa"),
        ("משרד הבריאות", "Ministry of Health"),
        ("دانشگاه تهران", "University of Tehran"),
        ("Bộ Khoa học và Công nghệ", "Ministry of Science and Technology"),
        ("Беларускі дзяржаўны ўніверсітэт", "Belarus State University"),
        ("Université de Bretagne Ouest", "University of West Brittany"),
        ("大阪市立大学", "Osaka City University"),
    ],
)
def test_the_words_of_a_name_mean_the_same_in_both_languages(local: str, english: str) -> None:
    assert whole(local) == whole(english)


def test_a_word_written_without_vowels_sounds_like_itself_with_them() -> None:
    assert sound_key(spelling_key("ויצמן")) == sound_key(spelling_key("Weizmann"))
    assert sound_key(spelling_key("محمد")) == sound_key(spelling_key("Mohammed"))
    assert spelling_key("الجامعة") == spelling_key("جامعة")


def test_an_acronym_is_found_in_brackets_in_front_and_as_initials() -> None:
    assert "cnr" in of_kind("Consiglio Nazionale delle Ricerche (CNR)", ACRONYM)
    assert "cnr" in of_kind("Consiglio Nazionale delle Ricerche", INITIALS)
    assert "vtt" in of_kind("VTT Technical Research Centre of Finland", ACRONYM)
    assert "mit" in of_kind("M.I.T.", ACRONYM)
    assert "mit" in of_kind("Massachusetts Institute of Technology", INITIALS)


def test_a_place_after_a_comma_may_be_left_out() -> None:
    found = [set(form.tokens) for form in forms("Sabancı Üniversitesi, Istanbul, Turkey")]
    assert {"sabanci", "=university"} in found


def test_countries_and_web_addresses_are_read_however_they_are_printed() -> None:
    assert {country_code(name) for name in ("DE", "Germany", "Deutschland", "Allemagne", "ドイツ", "DEU")} == {"DE"}
    assert country_code("UK") == "GB"
    assert web_domain("https://www.cnr.it/en/home") == "cnr.it"
    assert web_domain("http://www.astem.or.jp") == "astem.or.jp"
    assert web_domain("https://www.facebook.com/somebody") == ""
    assert web_domain("not stated") == ""


def column(file_name: str, name: str) -> list[str]:
    return [value for (value,) in read_column(file_name, name)]


def test_every_concept_that_a_list_speaks_of_has_words() -> None:
    known = {part for concept in column("translation.csv", "concept") for part in concept.split()}
    spoken_of = {
        *column("kind_of_body.csv", "concept"),
        *column("word_weight.csv", "concept"),
        *column("related.csv", "concept"),
        *column("related.csv", "other"),
    }
    assert spoken_of - known == set()


def test_weights_and_likenesses_lie_in_their_range() -> None:
    assert all(0 <= float(factor) <= 1 for factor in column("word_weight.csv", "factor"))
    assert all(0 < float(alike) < 1 for alike in column("related.csv", "alike"))
    assert all(-1 <= float(weight) <= 1 for weight in column("evidence.csv", "weight"))
    assert len(set(column("evidence.csv", "evidence"))) == len(column("evidence.csv", "evidence"))
