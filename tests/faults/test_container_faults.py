"""Faults of a workbook's container: names that lead elsewhere, bombs, endless texts, declarations in its XML.

Belongs here: what is found before any parser sees the file. Does not belong here: what the file is, links, the child.
"""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from ingest.tables.child import read_foreign
from ingest.tables.container import check_container
from ingest.tables.printed import Hints
from ingest.tables.reader import read_table
from tests.faults import hostile_files as hostile
from tests.faults.told import told

pytestmark = pytest.mark.fault


ODD_ENTRIES = [
    ("../../evil.txt", 0, "it leads out of the folder", "フォルダーの外を指している"),
    ("xl/../../evil.txt", 0, "it leads out of the folder", "フォルダーの外を指している"),
    ("/evil.txt", 0, "an absolute path", "絶対パス"),
    ("C:/evil.txt", 0, "it names a drive", "ドライブ名"),
    ("..\\evil.txt", 0, "it leads out of the folder", "フォルダーの外"),
    ("xl\\evil.xml", 0, "a backslash in the name", "バックスラッシュ"),
    ("xl/NUL.xml", 0, "the name of a device", "デバイスの名前"),
    ("COM1", 0, "the name of a device", "デバイスの名前"),
    ("evil\0.txt", 0, "a zero byte in the name", "NULバイト"),
    ("xl/link.xml", stat.S_IFLNK | 0o777, "a link to another place", "別の場所へのリンク"),
    ("XL/Workbook.xml", 0, "the name stands twice", "同じ名前が二つある"),
]


@pytest.mark.parametrize(("name", "mode", "english", "japanese"), ODD_ENTRIES)
def test_i10_parts_that_would_leave_the_work_folder(
    tmp_path: Path, name: str, mode: int, english: str, japanese: str
) -> None:
    inbox = tmp_path / "one" / "two"
    inbox.mkdir(parents=True)
    path = hostile.write_zip(inbox / "list.xlsx", hostile.workbook_parts(), [hostile.odd_entry(name, mode)])
    told(
        hostile.refused(path, inbox / "out"), "archive_odd_name", Outcome.QUAR,
        ["a part with an unsafe name", english], ["危険な名前の部品", japanese],
    )  # fmt: skip
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]


def test_i10_the_child_writes_nothing_beside_its_folder(tmp_path: Path) -> None:
    path = hostile.write_zip(
        tmp_path / "list.xlsx", hostile.workbook_parts(), [hostile.odd_entry("../../evil.txt")]
    )  # fmt: skip
    with pytest.raises(SourceError) as error:
        read_foreign(path, Hints(), tmp_path / "deep" / "out")
    assert [problem.outcome for problem in error.value.problems] == [Outcome.QUAR]
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]
    assert list((tmp_path / "deep" / "out").iterdir()) == []


def test_i11_a_bomb(tmp_path: Path) -> None:
    path = hostile.bomb(tmp_path / "bomb.xlsx")
    assert path.stat().st_size < 70_000
    with pytest.raises(SourceError) as error:
        read_foreign(path, Hints(), tmp_path / "out")
    told(
        error.value.problems, "unpacked_too_large", Outcome.QUAR,
        ["larger unpacked than is allowed", "150 times the file"], ["展開後の大きさが上限を超えています", "150倍以下"],
    )  # fmt: skip


def test_i11_a_part_that_is_longer_than_its_list_says(tmp_path: Path) -> None:
    """The list says 10 bytes; a parser that inflates to the end of the stream gets 60 MB all the same."""
    path = hostile.bomb(tmp_path / "bomb.xlsx")
    size = (60_000_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (10).to_bytes(4, "little")))
    told(
        hostile.refused(path, tmp_path / "out"), "unpacked_too_large", Outcome.QUAR, ["unpacked from"], ["展開"]
    )  # fmt: skip


def test_i11_an_archive_in_the_workbook(tmp_path: Path) -> None:
    inner = hostile.write_zip(tmp_path / "inner.zip", {"a": "x"}).read_bytes()
    path = hostile.write_zip(tmp_path / "list.xlsx", {**hostile.workbook_parts(), "xl/media/a.zip": inner})
    told(
        hostile.refused(path, tmp_path / "out"), "archive_nested", Outcome.QUAR,
        ["the part 'xl/media/a.zip' is an archive"], ["部品「xl/media/a.zip」が圧縮ファイルです"],
    )  # fmt: skip


@pytest.mark.parametrize("entries", [10_001, 1_000_000])
def test_i11_a_million_parts(tmp_path: Path, entries: int) -> None:
    path = hostile.endless_list(tmp_path / "list.xlsx", entries)
    told(
        hostile.refused(path, tmp_path / "out"), "archive_too_many_parts", Outcome.QUAR,
        ["too many parts", "at most 10000 parts"], ["部品が多すぎます", "10000個以下"],
    )  # fmt: skip


def test_i11_parts_that_lie_over_each_other(tmp_path: Path) -> None:
    path = hostile.endless_list(tmp_path / "list.xlsx", 2)
    with pytest.raises(SourceError) as error:
        check_container(path, "xlsx")
    told(error.value.problems, "archive_overlap", Outcome.QUAR, ["shares its bytes with another"], ["同じバイト"])


def test_x19_a_cell_of_sixty_million_characters(tmp_path: Path) -> None:
    path = hostile.long_cell(tmp_path / "list.xlsx", 60_000_000)
    assert path.stat().st_size < 70_000
    with pytest.raises(SourceError) as error:
        read_foreign(path, Hints(), tmp_path / "out")
    told(
        error.value.problems, "cell_too_long", Outcome.QUAR,
        ["a cell is longer than a spreadsheet allows", "at most 32767 characters"],
        ["セルの文字数が表計算ソフトの上限を超えています", "32767文字以下"],
    )  # fmt: skip


@pytest.mark.parametrize(("characters", "is_read"), [(32_767, True), (32_768, False), (131_000, False)])
def test_x19_the_longest_cell_is_that_of_a_spreadsheet(tmp_path: Path, characters: int, is_read: bool) -> None:
    path = hostile.long_cell(tmp_path / "list.xlsx", characters)
    if is_read:
        printed = read_table(path, Hints(), tmp_path / "out")
        assert hostile.rows_of(printed)[1][0] == "a" * characters
    else:
        told(
            hostile.refused(path, tmp_path / "out"), "cell_too_long", Outcome.QUAR,
            ["a text of more than 32"] if characters < 100_000 else ["a text of more than"], ["を超える文字列"],
        )  # fmt: skip


def test_x19_a_text_pieced_together_from_short_runs(tmp_path: Path) -> None:
    start, end = hostile.sheet_xml().split("<is><t>Sample Network</t></is>")
    text = f"<is>{'<r><t>abcdefghij</t></r>' * 4_000}</is>"
    path = hostile.write_zip(tmp_path / "list.xlsx", hostile.workbook_parts(f"{start}{text}{end}"))
    told(
        hostile.refused(path, tmp_path / "out"), "cell_too_long", Outcome.QUAR,
        ["sheet List", "more than 39999 characters"], ["シート「List」", "39999文字"],
    )  # fmt: skip


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_x20_entities_in_any_part_and_encoding(tmp_path: Path, part: str, encoding: str) -> None:
    parts = hostile.workbook_parts()
    text = str(parts[part]).replace(hostile.XML, f'<?xml version="1.0" encoding="UTF-16"?>{ENTITIES}')
    parts[part] = text.encode(encoding)
    path = hostile.write_zip(tmp_path / "list.xlsx", parts)
    told(
        hostile.refused(path, tmp_path / "out"), "xml_declares_entities", Outcome.QUAR,
        [f"ENTITY in the part '{part}'"], [f"部品「{part}」のENTITY"],
    )  # fmt: skip


def test_x20_a_declaration_far_into_a_part(tmp_path: Path) -> None:
    """Cut in two by the pieces in which parts are looked at."""
    for shift in (0, 1, 5, 9):
        head = "<a/>" * ((1 << 18) - 2) + "y" * shift
        parts = {**hostile.workbook_parts(), "xl/extra.xml": head + ENTITIES}
        path = hostile.write_zip(tmp_path / "list.xlsx", parts)
        told(
            hostile.refused(path, tmp_path / "out"), "xml_declares_entities", Outcome.QUAR,
            ["xl/extra.xml"], ["実体宣言"],
        )  # fmt: skip


@pytest.mark.parametrize("name", ["docProps/sheet.xml", "xl/worksheets/sheet1.dat", "customXml/item1.xml"])
def test_x20_a_sheet_under_another_name(tmp_path: Path, name: str) -> None:
    parts = {**hostile.workbook_parts(), name: f"{ENTITIES}<a/>"}
    told(
        hostile.refused(hostile.write_zip(tmp_path / "list.xlsx", parts), tmp_path / "out"), "xml_declares_entities",
        Outcome.QUAR, [f"the part '{name}'"], ["実体宣言"],
    )  # fmt: skip


def test_x20_the_words_themselves_are_text_in_a_cell(tmp_path: Path) -> None:
    rows = (hostile.HEADER, ("<!DOCTYPE x> <!ENTITY y>", "Hyogo", "1"))
    path = hostile.write_zip(tmp_path / "list.xlsx", hostile.workbook_parts(hostile.sheet_xml(rows)))
    printed = read_table(path, Hints(), tmp_path / "out")
    assert hostile.rows_of(printed)[0][0] == "<!DOCTYPE x> <!ENTITY y>"
