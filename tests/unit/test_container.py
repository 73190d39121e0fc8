"""Limits of a workbook's container, each just kept and just broken; small pieces stand for large files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.problem import SourceError
from ingest.tables import container
from ingest.tables.container import check_container
from ingest.tables.limits import LIMITS, Limits
from tests.faults import hostile_files as hostile


def codes(path: Path, limits: Limits = LIMITS) -> list[str]:
    try:
        return [problem.code for problem in check_container(path, "xlsx", limits)]
    except SourceError as error:
        return [f"refused: {problem.code}" for problem in error.problems]


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return hostile.write_zip(tmp_path / "list.xlsx", hostile.workbook_parts())


def with_sheet(path: Path, cell: str = "", more: dict[str, str] | None = None) -> Path:
    sheet = hostile.sheet_xml().replace("</sheetData>", f"{cell}</sheetData>")
    return hostile.write_zip(path, {**hostile.workbook_parts(sheet), **(more or {})})


def test_a_plain_workbook_has_nothing_to_say(plain: Path) -> None:
    assert codes(plain) == []
    assert check_container(plain, "csv") == []


def test_entries(plain: Path) -> None:
    assert codes(plain, replace(LIMITS, entries=5)) == []
    assert codes(plain, replace(LIMITS, entries=4)) == ["refused: archive_too_many_parts"]


def test_sheets(tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "list.xlsx", more={"xl/worksheets/sheet2.xml": "<a/>"})
    assert codes(path, replace(LIMITS, sheets=2)) == []
    assert codes(path, replace(LIMITS, sheets=1)) == ["refused: too_many_sheets"]


def test_unpacked_bytes(plain: Path) -> None:
    size = sum(len(part) for part in hostile.workbook_parts().values())
    assert codes(plain, replace(LIMITS, unpacked_bytes=size)) == []
    assert codes(plain, replace(LIMITS, unpacked_bytes=size - 1)) == ["refused: unpacked_too_large"]


def test_the_ratio_is_free_below_a_size(tmp_path: Path) -> None:
    path = hostile.write_zip(tmp_path / "list.xlsx", {**hostile.workbook_parts(), "xl/media/a.bmp": bytes(100_000)})
    assert codes(path) == []
    assert codes(path, replace(LIMITS, ratio_free_bytes=99_999)) == ["refused: unpacked_too_large"]


@pytest.mark.parametrize(("cell", "is_wide"), [("XFD1", False), ("XFE1", True), ("AAAA1", True)])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_columns(tmp_path: Path, cell: str, is_wide: bool, quote: str) -> None:
    path = with_sheet(tmp_path / "list.xlsx", f"<row><c r={quote}{cell}{quote}><v>1</v></c></row>")
    assert codes(path) == (["refused: too_many_columns"] if is_wide else [])


def test_cells_far_away_are_refused_by_their_block(tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "list.xlsx", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert codes(path) == ["refused: too_many_cells"]
    assert codes(path, replace(LIMITS, cells=16_384 * 1_048_576)) == []


@pytest.mark.parametrize("length", [1, 99, 100, 101, 250, 1_000])
@pytest.mark.parametrize("piece", [1, 7, 64, 1 << 20])
def test_long_texts_are_found_wherever_pieces_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int, piece: int
) -> None:
    """Runs of 100 and of ``length`` bytes between two tags' beginnings; 100 are allowed here."""
    monkeypatch.setattr(container, "PIECE_BYTES", piece)
    monkeypatch.setattr(container, "PACKED_BYTES", 16)
    body = "<a>" + "x" * 98 + "<b>" + "y" * (length - 2) + "<c>"
    path = hostile.write_zip(tmp_path / "list.xlsx", {"xl/a.xml": body})
    limits = replace(LIMITS, cell_characters=25)
    assert codes(path, limits) == (["refused: cell_too_long"] if length > 100 else [])


def test_encoded_blocks_beside_the_sheets_may_be_long(tmp_path: Path) -> None:
    blob = {"customXml/item1.xml": f"<a>{'x' * 200_000}</a>"}
    assert codes(with_sheet(tmp_path / "list.xlsx", more=blob)) == []


def test_links_of_cells_are_nothing_to_warn_of(tmp_path: Path) -> None:
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    page = hostile.relations(("hyperlink", "https://mihon.example.org", "External"))
    template = hostile.relations(("attachedTemplate", "https://mihon.example.org/a.xltm", "External"))
    assert codes(with_sheet(tmp_path / "a.xlsx", more={rels: page})) == []
    assert codes(with_sheet(tmp_path / "b.xlsx", more={rels: template})) == ["has_external_links"]


def test_merges_that_cover_a_whole_sheet(tmp_path: Path) -> None:
    """A parser that makes a cell of each place of a merge would not come back."""
    sheet = hostile.sheet_xml(more='<mergeCells><mergeCell ref="A2:B4"/><mergeCell ref="A10:XFD1048576"/></mergeCells>')
    path = hostile.write_zip(tmp_path / "list.xlsx", hostile.workbook_parts(sheet))
    assert codes(path) == ["refused: merges_too_large"]
    covered = 6 + 16_384 * (1_048_576 - 9)
    assert codes(path, replace(LIMITS, merged_cells=covered)) == []
    assert codes(path, replace(LIMITS, merged_cells=covered - 1)) == ["refused: merges_too_large"]
