"""What a file is, told by its bytes: each accepted kind by hand-made bytes, and texts that only look like others."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.problem import SourceError
from ingest.tables.archive import ODD_NAMES
from ingest.tables.file_kind import ENDINGS, MAGIC, MARKUP, OLE_STREAMS, file_kind, other_formats
from tests.faults import hostile_files as hostile

TABLE = "Cluster,Members\nMihon,12\n"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", TABLE.encode(), "csv"),
        ("a.CSV", TABLE.encode("utf-8-sig"), "csv"),
        ("a.csv", TABLE.encode("utf-16"), "csv"),
        ("a.csv", TABLE.encode("utf-16-le"), "csv"),
        ("a.csv", "名前,備考\nみほん,さんぷる\n".encode("utf-16-be"), "csv"),
        ("a.csv", "名前,備考\nみほん,さんぷる\n".encode("cp932"), "csv"),
        ("a.tsv", TABLE.replace(",", "\t").encode(), "tsv"),
        ("a.csv", TABLE.replace(",", "\t").encode(), "tsv"),
        ("a.txt", TABLE.encode(), "csv"),
        ("a", TABLE.encode(), "csv"),
        ("a.csv", b"BMI,PAR1,MZ\n1,2,3\n", "csv"),
        ("a.csv", b"MZ,name\n1,2\n", "csv"),
        ("a.csv", b"<name>,n\nMihon,1\n", "csv"),
        ("a.csv", b"[1],name\nx,y\n", "csv"),
        ("a.csv", b"name\nMihon\0x\n" * 50, "csv"),
        ("a.pdf", b"%PDF-1.4\n%\xe2\xe3", "pdf"),
    ],
)
def test_texts_and_reports(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert file_kind(tmp_path / name) == kind


def test_workbooks(tmp_path: Path) -> None:
    assert file_kind(hostile.write_zip(tmp_path / "a.xlsx", hostile.workbook_parts())) == "xlsx"
    macros = hostile.workbook_parts(main=hostile.MACRO)
    assert file_kind(hostile.write_zip(tmp_path / "a.xlsm", macros)) == "xlsm"
    assert file_kind(hostile.write_zip(tmp_path / "b.xlsx", macros)) == "xlsm"
    assert file_kind(hostile.write_zip(tmp_path / "a.ods", {"mimetype": ODS, "content.xml": "<a/>"})) == "ods"
    no_type = hostile.workbook_parts(main="application/xml")
    assert file_kind(hostile.write_zip(tmp_path / "c.xlsx", no_type)) == "xlsx"


def test_a_workbook_in_the_64_bit_form_of_the_archive(tmp_path: Path) -> None:
    """As programs write it that stream large workbooks."""
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in hostile.workbook_parts().items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(content.encode() if isinstance(content, str) else content)
    assert file_kind(path) == "xlsx"


@pytest.mark.parametrize(
    ("main", "words"),
    [
        ("application/vnd.ms-excel.sheet.binary.macroEnabled.main", "xlsb"),
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", "slides"),
    ],
)
def test_other_office_files_are_named(tmp_path: Path, main: str, words: str) -> None:
    path = hostile.write_zip(tmp_path / "a.xlsx", hostile.workbook_parts(main=main))
    with pytest.raises(SourceError, match=words):
        file_kind(path)


def test_every_format_that_may_be_found_has_its_words() -> None:
    found = {kind for _, kind in MARKUP} | {kind for _, _, kind in MAGIC} | {*OLE_STREAMS.values(), "doc", "unknown"}
    assert found - set(other_formats()) == set()
    assert not set(ENDINGS) & set(other_formats())
    for row in other_formats().values():
        assert (row["remedy_ja"] and row["kind_ja"]) or row["code"] != "kind_other_format"


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "docProps/app.xml", "[Content_Types].xml", "console.xml"])
def test_usual_names_of_parts_are_not_odd(name: str) -> None:
    assert not [reason for pattern, reason, _ in ODD_NAMES if pattern.search(name)]
