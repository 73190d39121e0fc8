"""Deciding an encoding: right or ambiguous on every twin, wrong on none, and no reading of a foreign encoding."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from ingest.problem import SourceError
from ingest.tables.encoding import check_to_the_end, decide_encoding
from ingest.tables.encoding_names import encoding_called, known_encodings
from ingest.tables.printed import Hints
from ingest.tables.reading_weight import weigh
from tests.faults.twins import Twin, foreign_twins, twins

JAPANESE = "名称,所在地\n見本ものづくり機構,兵庫県神戸市\nサンプル産業クラスター,大阪府\n"


def decided(folder: Path, data: bytes, hints: Hints | None = None) -> tuple[str, str]:
    """The name decided and the text read; the code of the problem and no text when there is none."""
    path = folder / "sample.csv"
    path.write_bytes(data)
    try:
        encoding = decide_encoding(path, hints or Hints())
    except SourceError as error:
        return error.problems[0].code, ""
    return encoding.name, data[encoding.mark_bytes :].decode(encoding.name)


def verdict(folder: Path, twin: Twin) -> str:
    name, text = decided(folder, twin.data)
    return ("right" if text == twin.text else "wrong") if text else name


def test_no_twin_is_read_wrongly(tmp_path: Path) -> None:
    counts = Counter(verdict(tmp_path, twin) for twin in twins())
    sys.stdout.write(f"twins: {dict(counts)}\n")
    assert counts.total() >= 200
    assert counts["wrong"] == 0
    assert set(counts) <= {"right", "encoding_ambiguous"}
    assert counts["encoding_ambiguous"] <= counts.total() * 0.03


def test_a_twin_of_two_lines_or_more_with_full_width_text_is_never_ambiguous(tmp_path: Path) -> None:
    for codec in ("cp932", "euc_jp", "iso2022_jp", "utf-8", "utf-8-sig", "utf-16"):
        assert decided(tmp_path, JAPANESE.encode(codec))[1] == JAPANESE


def test_a_text_in_an_encoding_that_must_be_declared_is_never_read(tmp_path: Path) -> None:
    counts = Counter(verdict(tmp_path, twin) for twin in foreign_twins())
    assert counts.total() >= 100
    assert set(counts) <= {"encoding_ambiguous", "encoding_unknown", "encoding_mixed"}


def test_ascii_alone_is_never_ambiguous(tmp_path: Path) -> None:
    assert decided(tmp_path, b"name,n\nMihon,1\n") == ("utf-8", "name,n\nMihon,1\n")
    assert decided(tmp_path, b"x") == ("utf-8", "x")


@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
def test_an_expected_header_word_decides_what_reads_as_words_twice(tmp_path: Path, codec: str) -> None:
    """Half-width kana of CP932 are kanji of EUC-JP and the other way round."""
    text = {"cp932": "ﾓﾉﾂﾞｸﾘ\n", "euc_jp": "県名\n"}[codec]
    assert decided(tmp_path, text.encode(codec))[0] in {"encoding_ambiguous", "encoding_unknown"}
    assert decided(tmp_path, text.encode(codec), Hints(headers=(text.strip(),))) == (codec, text)
    assert decided(tmp_path, text.encode(codec), Hints(words=(text.strip(),))) == (codec, text)


def test_a_declared_encoding_is_used_and_held_to_its_word(tmp_path: Path) -> None:
    western = "name,city\nPole Mihon,Besançon\n"
    assert decided(tmp_path, western.encode("cp1252"))[0] == "encoding_unknown"
    assert decided(tmp_path, western.encode("cp1252"), Hints(encoding="windows-1252")) == ("cp1252", western)
    assert decided(tmp_path, JAPANESE.encode("cp932"), Hints(encoding="Shift_JIS")) == ("cp932", JAPANESE)
    assert decided(tmp_path, JAPANESE.encode("cp932"), Hints(encoding="utf-8"))[0] == "encoding_declared_wrong"
    assert decided(tmp_path, JAPANESE.encode("utf-8"), Hints(encoding="latin-1"))[0] == "encoding_declared_odd"
    assert decided(tmp_path, JAPANESE.encode("utf-8"), Hints(encoding="ebcdic"))[0] == "encoding_not_known"
    assert decided(tmp_path, JAPANESE.encode("utf-16"), Hints(encoding="cp932"))[0] == "encoding_mark_against_card"


def test_utf_16_without_its_mark_is_known_by_its_zero_bytes(tmp_path: Path) -> None:
    for codec in ("utf-16-le", "utf-16-be"):
        assert decided(tmp_path, JAPANESE.encode(codec)) == (codec, JAPANESE)


def test_cp932_holds_what_shift_jis_does_not(tmp_path: Path) -> None:
    """81 60 is the full-width tilde U+FF5E in CP932 and the wave dash U+301C in Shift_JIS."""
    data = "名称\n".encode("cp932") + b"\x81\x60\x81\x7c" + "見本クラスター㈱①髙\n".encode("cp932")
    assert decided(tmp_path, data) == ("cp932", "名称\n～－見本クラスター㈱①髙\n")


def test_the_table_of_encodings_names_codecs_of_python() -> None:
    for name, known in known_encodings().items():
        assert "".encode(name) in {b"", b"\xff\xfe", b"\xfe\xff"}
        assert encoding_called(name) == known
    assert encoding_called("SJIS") == encoding_called("windows-31j") == known_encodings()["cp932"]


@pytest.mark.parametrize(
    ("text", "family", "is_plausible"),
    [
        ("見本クラスター", "japanese", True),
        ("cluster痴 name", "japanese", False),
        ("Besan輟n", "japanese", False),
        ("JR西日本", "japanese", True),
        ("eラーニング", "japanese", True),
        ("ITﾍﾞﾝﾁｬｰ", "japanese", True),
        ("ﾞﾊ", "japanese", False),
        ("Cafﾃｩ", "japanese", False),
        ("譁蟄怜喧縺", "japanese", False),
        ("Île-de-France", "unicode", True),
        ("CafÃ©", "unicode", False),
        ("産业", "unicode", True),
        ("аbв", "unicode", False),
        ("x\ue000", "unicode", False),
    ],
)
def test_words_that_nobody_writes(text: str, family: str, is_plausible: bool) -> None:
    assert weigh(text, family).is_plausible is is_plausible


def test_a_broken_byte_far_behind_the_sample_is_found_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    good = "見本機構,兵庫県\n".encode()
    path.write_bytes(good * 20_000 + b"\x83\x65,x\n" + good)
    with pytest.raises(SourceError) as caught:
        decide_encoding(path, Hints())
    assert caught.value.problems[0].code == "encoding_mixed"
    assert f"line 20001, byte {len(good) * 20_000 + 1}" in caught.value.problems[0].where


def test_decoding_to_the_end_takes_a_character_cut_by_a_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.tables.encoding.BLOCK_BYTES", 5)
    path = tmp_path / "cut.csv"
    for codec in ("utf-8", "cp932", "euc_jp"):
        path.write_bytes(JAPANESE.encode(codec))
        check_to_the_end(path, decide_encoding(path, Hints()))
    path.write_bytes(JAPANESE.encode("utf-8")[:-2])
    with pytest.raises(SourceError):
        decide_encoding(path, Hints())
