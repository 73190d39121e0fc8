"""Faults of files that would harm their reader, hide what they are, or carry what must not go on.

Belongs here: what a file really is, its name, links, sizes, and what is left alone in it. Does not belong here: what
cells mean, and where a file stands in the inbox.
"""

from __future__ import annotations

import gzip
import os
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError, hardest
from ingest.tables.child import read_foreign
from ingest.tables.file_kind import file_kind
from ingest.tables.limits import LIMITS
from ingest.tables.printed import Hints
from ingest.tables.reader import read_table
from tests.faults import hostile_files as hostile
from tests.faults.told import told

pytestmark = pytest.mark.fault

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "hostile"
TABLE = "Cluster,Prefecture,Members\nMihon Cluster,Hyogo,12\nSample Network,Nagano,7\nExample Forum,Fukuoka,30\n"


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return hostile.write_zip(tmp_path / "list.xlsx", hostile.workbook_parts())


def test_the_plain_twin_of_all_hostile_files_is_read(plain: Path, tmp_path: Path) -> None:
    printed = read_foreign(plain, Hints(), tmp_path / "out")
    assert printed.facts.header == hostile.HEADER
    assert hostile.rows_of(printed) == list(hostile.ROWS)
    assert printed.facts.problems == ()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_i06_half_a_workbook(plain: Path, tmp_path: Path, share: float) -> None:
    whole = plain.read_bytes()
    plain.write_bytes(whole[: int(share * len(whole))])
    told(
        hostile.refused(plain, tmp_path / "out"), "workbook_incomplete", Outcome.QUAR,
        ["list.xlsx: the file is not a complete workbook", "copy or download the file again"],
        ["list.xlsx：ワークブックが途中で切れています", "もう一度コピーまたはダウンロードし"],
    )  # fmt: skip


def test_i06_a_part_that_was_overwritten(plain: Path, tmp_path: Path) -> None:
    whole = bytearray(plain.read_bytes())
    whole[700:760] = bytes(60)
    plain.write_bytes(whole)
    told(
        hostile.refused(plain, tmp_path / "out"), "workbook_incomplete", Outcome.QUAR,
        ["not a complete workbook", "the part 'xl/"], ["壊れた圧縮データ"],
    )  # fmt: skip


HTML = b"\r\n<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>Mihon</td></tr></table></html>"
OTHER_FORMATS = [
    ("report.xlsx", HTML, "kind_html", "the file is a web page", "ウェブページ（HTML）"),
    ("report.xls", b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "kind_html", "HTML in a file named report.xls", "HTML"),
    ("report.xlsx", HTML.decode().encode("utf-16"), "kind_html", "save it as xlsx", "xlsx形式で保存"),
    ("report.xlsx", TABLE.encode(), "kind_differs_from_name", "plain text (CSV) in a file named", "テキスト（CSV）"),
    ("report.xls", b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook/>", "kind_other_format",
     "an XML spreadsheet of Excel 2003", "Excel 2003のXML"),
    ("report.xlsx", gzip.compress(b"Mihon", mtime=0), "kind_other_format", "a compressed file (gzip)", "展開して"),
    ("report.csv", b"\x89PNG\r\n\x1a\n" + bytes(64), "kind_other_format", "an image", "画像"),
    ("report.csv", b"MZ\x90\0" + bytes(64), "kind_other_format", "do not open it", "実行ファイル"),
    ("report.csv", b"\x7fELF\x02\x01\x01" + bytes(64), "kind_other_format", "a program", "実行ファイル"),
    ("report.csv", b'[{"Cluster": "Mihon"}]', "kind_other_format", "a JSON file", "JSONファイル"),
    ("report.csv", bytes(range(256)) * 9, "kind_other_format", "unknown kind", "種類の分からない"),
    ("report.pdf", b"%PDF-1.7\n%\xe2\xe3", "pdf_is_no_table", "observatory add FILE.pdf", "PDF報告書の表"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "code", "english", "japanese"), OTHER_FORMATS)
def test_i08_a_file_that_is_not_what_its_name_says(
    tmp_path: Path, name: str, content: bytes, code: str, english: str, japanese: str
) -> None:
    (tmp_path / name).write_bytes(content)
    told(hostile.refused(tmp_path / name, tmp_path / "out"), code, Outcome.QUAR, [english], [japanese])


@pytest.mark.parametrize("name", ["old.xls", "old.xlsx"])
def test_i08_a_workbook_of_the_old_kind_saved_by_libreoffice(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes((FIXTURES / "old_workbook.xls").read_bytes())
    told(
        hostile.refused(tmp_path / name, tmp_path / "out"), "kind_old_workbook", Outcome.QUAR,
        ["a workbook of Excel 97-2003", "save it as xlsx"], ["旧形式（XLS）", "xlsx形式で保存し直してください"],
    )  # fmt: skip


def test_i08_a_workbook_named_csv_and_a_document_named_xlsx(plain: Path, tmp_path: Path) -> None:
    named_csv = plain.rename(tmp_path / "list.csv")
    told(
        hostile.refused(named_csv, tmp_path / "out"), "kind_differs_from_name", Outcome.QUAR,
        ["XLSX in a file named list.csv", "a name that ends .xlsx"], ["「list.csv」という名前のXLSX"],
    )  # fmt: skip
    document = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    hostile.write_zip(tmp_path / "text.xlsx", hostile.workbook_parts(main=document))
    told(
        hostile.refused(tmp_path / "text.xlsx", tmp_path / "out"), "kind_other_format", Outcome.QUAR,
        ["a text document (docx)"], ["文書ファイル（docx）"],
    )  # fmt: skip


def test_i09_a_workbook_with_a_password(tmp_path: Path) -> None:
    protected = tmp_path / "protected.ods"
    protected.write_bytes((FIXTURES / "protected.ods").read_bytes())
    excel = hostile.ole_file(tmp_path / "protected.xlsx", "EncryptionInfo", "EncryptedPackage")
    for path in (protected, excel):
        told(
            hostile.refused(path, tmp_path / "out"), "kind_encrypted", Outcome.QUAR,
            [f"{path.name}: the workbook is protected by a password", "take the password off and save it again"],
            [f"{path.name}：ワークブックがパスワードで保護されています", "保護を解除して保存し直してください"],
        )  # fmt: skip


ODD_NAMES = [
    "-rf list.csv", "list;touch evil.csv", "list $(touch evil) `touch evil`.csv", "it's \"quoted\".csv",
    "クラスター一覧😀.csv",
    unicodedata.normalize("NFD", "ブドウ.csv"), "あ" * 83 + "xx.csv", "a\nb.csv", "list|cat.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD_NAMES)
def test_i12_a_name_with_odd_signs_is_read_and_said(tmp_path: Path, name: str) -> None:
    assert len(os.fsencode(name)) <= 255
    path = tmp_path / name
    path.write_text(TABLE, encoding="utf-8")
    printed = read_foreign(path, Hints(), tmp_path / "out")
    assert hostile.rows_of(printed) == list(hostile.ROWS)
    told(
        printed.facts.problems, "file_name_odd", Outcome.FIX,
        ["kept by the hash of its content"], ["内容のハッシュ値で保管されます"],
    )  # fmt: skip
    assert not list(tmp_path.glob("evil*"))


@pytest.mark.parametrize("name", ["list of clusters 2016.csv", "クラスター一覧.csv", "Übersicht (2016).csv"])
def test_i12_spaces_and_letters_of_any_script_are_nothing_odd(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TABLE, encoding="utf-8")
    printed = read_table(tmp_path / name, Hints(), tmp_path / "out")
    assert hostile.rows_of(printed) == list(hostile.ROWS)
    assert hardest(printed.facts.problems) is not Outcome.FIX


def test_i13_a_link_is_never_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "inbox").mkdir()
    link = tmp_path / "inbox" / "list.csv"
    link.symlink_to(tmp_path / "outside.csv")
    for read in (read_table, read_foreign):
        with pytest.raises(SourceError) as error:
            read(link, Hints(), tmp_path / "out")
        told(
            error.value.problems, "file_is_link", Outcome.QUAR,
            ["list.csv: the file is a symbolic link", "links are never followed"],
            ["list.csv：ファイルがシンボリックリンクです", "リンクはたどりません"],
        )  # fmt: skip


def test_i13_a_pipe_does_not_keep_anybody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "list.csv")
    told(
        hostile.refused(tmp_path / "list.csv", tmp_path / "out"), "file_not_regular", Outcome.QUAR,
        ["a pipe or device"], ["通常のファイルではありません"],
    )  # fmt: skip


def test_i14_a_file_that_went_away(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        read_foreign(tmp_path / "list.csv", Hints(), tmp_path / "out")
    told(
        error.value.problems, "file_vanished", Outcome.QUAR,
        ["list.csv: the file is gone", "taken up at the next run"], ["ファイルがなくなっています", "次回の実行時"],
    )  # fmt: skip


def test_i14_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused by a stand-in for the system: a test may run as the one user who may read everything."""
    path = tmp_path / "list.csv"
    path.write_text(TABLE, encoding="utf-8")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(SourceError) as error:
        file_kind(path)
    told(
        error.value.problems, "file_unreadable", Outcome.QUAR,
        ["list.csv: the file cannot be opened", "Permission denied", "correct the permissions"],
        ["ファイルを開けません", "アクセス権を直してください"],
    )  # fmt: skip


def test_i15_a_file_beyond_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(TABLE, encoding="utf-8")
    with pytest.raises(SourceError) as error:
        read_foreign(path, Hints(), tmp_path / "out", replace(LIMITS, file_bytes=50))
    told(
        error.value.problems, "file_too_large", Outcome.QUAR,
        [f"{path.stat().st_size} bytes", "at most 50 bytes"], ["ファイルが大きすぎます", "50バイト以下"],
    )  # fmt: skip


def test_i20_databases_are_not_taken_from_the_drop_folder(tmp_path: Path) -> None:
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    duckdb.connect(str(tmp_path / "list.duckdb")).close()
    pq.write_table(pa.table({"Cluster": ["Mihon"]}), tmp_path / "list.parquet")
    for name, english in (("list.duckdb", "a DuckDB database"), ("list.parquet", "a Parquet file")):
        disguised = tmp_path / "list.csv"
        disguised.write_bytes((tmp_path / name).read_bytes())
        for path in (tmp_path / name, disguised):
            told(
                hostile.refused(path, tmp_path / "out"), "kind_database", Outcome.QUAR,
                ["this format is not accepted from the drop folder", english, "export the table as CSV"],
                ["この形式は受付フォルダーでは受け付けていません", "CSVに書き出して"],
            )  # fmt: skip


def test_i20_the_ending_of_a_database_is_refused_whatever_is_inside(tmp_path: Path) -> None:
    (tmp_path / "list.parquet").write_text(TABLE, encoding="utf-8")
    told(
        hostile.refused(tmp_path / "list.parquet", tmp_path / "out"), "kind_database", Outcome.QUAR,
        ["not accepted"], ["受け付けていません"],
    )  # fmt: skip


def test_i21_macros_links_and_objects_are_left_alone(tmp_path: Path) -> None:
    inner = hostile.write_zip(tmp_path / "inner.docx", {"a": "x"}).read_bytes()
    parts = {
        **hostile.workbook_parts(main=hostile.MACRO),
        "xl/vbaProject.bin": b"Sub Auto_Open()",
        "xl/externalLinks/externalLink1.xml": "<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": hostile.relations(
            ("externalLinkPath", "http://127.0.0.1:9/book.xlsx", "External")
        ),
        "xl/connections.xml": "<connections/>",
        "xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0",
        "xl/embeddings/document.docx": inner,
    }
    # The child's hook refuses every process and every socket, so a reader that ran or fetched would break.
    printed = read_foreign(hostile.write_zip(tmp_path / "list.xlsm", parts), Hints(), tmp_path / "out")
    assert printed.facts.file_kind == "xlsm"
    assert hostile.rows_of(printed) == list(hostile.ROWS)
    problems = printed.facts.problems
    told(problems, "has_macros", Outcome.WARN, ["xl/vbaProject.bin", "nothing was run"], ["マクロは実行せず"])
    told(
        problems, "has_external_links", Outcome.WARN, ["xl/connections.xml", "nothing was fetched"], ["何も取得せず"]
    )  # fmt: skip
    told(
        problems, "has_embedded_objects", Outcome.WARN, ["oleObject1.bin", "were not opened"], ["開いていません"]
    )  # fmt: skip
