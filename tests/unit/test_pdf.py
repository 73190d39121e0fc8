"""Tables of PDF reports: rows with page and place, what is refused, and the CSV that stays with its report."""

from __future__ import annotations

import csv
import hashlib
import unicodedata
from pathlib import Path

import pytest
import yaml
from fpdf import FPDF

from ingest.intake.drop_folder import Dropped
from ingest.intake.offers import Hashes, gather
from ingest.landing import land_source
from ingest.problem import Outcome, SourceError
from ingest.source_card import SourceCard
from ingest.tables.pdf_extraction import check_extraction, extract_to_csv
from ingest.tables.pdf_file import page_text_hashes, read_pdf_tables
from ingest.tables.pdf_page import one_line
from tests.faults.told import told
from tests.fixtures.pdf.make_reports import FIRST, FOLDER, LEFT, booktabs, mapping, report, reports, ruled, text

SMALL = Path(__file__).parents[1] / "fixtures" / "small_world" / "2010"
NAMES = ("Name 名称", "Prefecture", "Members / Firms", "Members / Universities")


def written(folder: Path, content: bytes, name: str = "mapping.pdf") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refused(path: Path, pages: str = "all") -> SourceError:
    with pytest.raises(SourceError) as error:
        read_pdf_tables(path, pages)
    return error.value


def test_the_reports_are_those_of_the_script() -> None:
    for name, content in reports().items():
        assert (FOLDER / name).read_bytes() == content


def test_a_table_that_goes_on_over_pages_is_one_and_each_row_has_its_place() -> None:
    found = read_pdf_tables(FOLDER / "mapping.pdf")
    first, other = found.tables
    assert first.names == NAMES
    assert [row.texts for row in first.rows] == [
        ("Mihon Bio Cluster", "兵庫県", "52", "10"),
        ("見本エネルギー協議会", "兵庫県", "12", "3"),
        ("Sample Forum", "東京都", "7", "1"),
        ("見本フォーラム", "大阪府", "31", "4"),
        ("Sample Textile Network", "福井県", "18", "2"),
    ]
    assert [row.page for row in first.rows] == [2, 2, 2, 3, 3]
    # The page is 842 points high and the table begins at 720 from below: two rows of 24 make the header.
    assert [row.position for row in first.rows[:2]] == ["50.0 170.0 460.0 194.0", "50.0 194.0 460.0 218.0"]
    assert (other.names, [row.texts for row in other.rows]) == (("Region", "Count"), [("関西", "3")])
    assert [each.outcome for each in found.problems] == []


def test_pages_can_be_chosen() -> None:
    assert [row.page for row in read_pdf_tables(FOLDER / "mapping.pdf", "3").tables[0].rows] == [3, 3]
    assert len(read_pdf_tables(FOLDER / "mapping.pdf", "1,2-3").page_hashes) == 3
    for pages in ("4", "0", "2-9", "two", "3-2", ""):
        told(refused(FOLDER / "mapping.pdf", pages).problems, "pdf_pages_unknown", Outcome.QUAR,
             ["with 3 pages"], ["全3ページ"])  # fmt: skip


def test_a_table_without_lines_between_its_cells_is_read_with_a_warning() -> None:
    found = read_pdf_tables(FOLDER / "booktabs.pdf")
    assert [(table.names, [row.texts for row in table.rows]) for table in found.tables] == [
        (("Name", "Prefecture", "Firms"), [("Mihon Bio Cluster", "兵庫県", "52"), ("見本フォーラム", "", "12")])
    ]
    told(found.problems, "pdf_columns_guessed", Outcome.WARN, ["booktabs.pdf, page 1", "compare"], ["1ページ", "推定"])


@pytest.mark.parametrize(
    ("row", "torn"),
    [
        (("Mihon Cluster of Sample Technologies East", "東京都", "7", "1"), "Technologie東s"),
        (("Sample Forum", "東京都", "7", "Approximately 1,234,567"), "1,234,567"),
        (("Sample Forum", "東京都", "7", "見本の長い長い長い注記"), "見本の長い長い長い注記"),
    ],
)
def test_text_that_runs_over_the_edge_of_its_cell_is_said(tmp_path: Path, row: tuple[str, ...], torn: str) -> None:
    found = read_pdf_tables(written(tmp_path, report([ruled((*FIRST, row), 700)])))
    told(
        found.problems, "pdf_text_over_edge", Outcome.WARN, ["page 1", f"words: 1, the first '{torn}'"], [f"「{torn}」"]
    )
    fitting = read_pdf_tables(written(tmp_path, report([ruled(FIRST, 700)]), "fitting.pdf"))
    assert fitting.problems == ()


def test_both_kinds_of_tables_on_one_page_are_found(tmp_path: Path) -> None:
    page = [*ruled(FIRST, 500.0), *booktabs([("Mihon", "奈良県", "5"), ("Sample", "滋賀県", "6")], 780.0)]
    found = read_pdf_tables(written(tmp_path, report([page])))
    assert [(table.names[0], len(table.rows), table.is_guessed) for table in found.tables] == [
        ("Name", 2, True),
        ("Name 名称", 3, False),
    ]


def test_a_scan_and_a_page_of_words_are_refused_with_a_remedy() -> None:
    told(refused(FOLDER / "scanned.pdf").problems, "pdf_scanned", Outcome.QUAR,
         ["hold no text", "ask the publisher"], ["文字情報がありません", "発行元"])  # fmt: skip
    told(refused(FOLDER / "words.pdf").problems, "pdf_no_table", Outcome.QUAR, ["no table"], ["表が見つかりません"])


def test_a_page_without_text_among_others_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, report([["50 50 m 90 50 l S"], ruled(FIRST, 700.0)]))
    told(read_pdf_tables(path).problems, "pdf_pages_without_text", Outcome.WARN, ["page 1"], ["1ページ"])


def test_a_password_and_a_broken_file_are_told_apart(tmp_path: Path) -> None:
    locked = FPDF()
    locked.add_page()
    locked.set_encryption(owner_password="owner", user_password="reader")
    locked.output(str(tmp_path / "locked.pdf"))
    told(refused(tmp_path / "locked.pdf").problems, "pdf_encrypted", Outcome.QUAR,
         ["without a password"], ["パスワード"])  # fmt: skip
    whole = mapping()
    told(refused(written(tmp_path, whole[: len(whole) // 8], "half.pdf")).problems, "pdf_broken", Outcome.QUAR,
         ["cannot be read"], ["読み取れません"])  # fmt: skip


def test_the_hash_of_a_page_is_that_of_its_signs_without_blanks(tmp_path: Path) -> None:
    path = written(tmp_path, report([[text(LEFT, 700, "Ｍihon  １２ 見本"), text(LEFT, 650, "兵庫県")]]))
    signs = "".join(unicodedata.normalize("NFKC", "Ｍihon  １２ 見本 兵庫県").split())
    assert page_text_hashes(path) == {1: hashlib.sha256(signs.encode()).hexdigest()}


def test_wrapped_cells_become_one_line_in_either_script() -> None:
    assert one_line("Sample Textile\nNetwork") == "Sample Textile Network"
    assert one_line("見本エネルギー\n協議会") == "見本エネルギー協議会"
    assert one_line("Euro-\nJapan\n") == "Euro-Japan"
    assert one_line(" \n") == ""


def test_a_report_becomes_a_csv_for_review_and_stays_with_it(tmp_path: Path) -> None:
    pdf = written(tmp_path, mapping())
    path, kept, problems = extract_to_csv(pdf, tmp_path)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert path == tmp_path / "mapping.csv"
    assert rows[0] == [*NAMES, "page", "position"]
    assert rows[2] == ["見本エネルギー協議会", "兵庫県", "12", "3", "2", "50.0 194.0 460.0 218.0"]
    assert len(rows) == 6
    assert kept["file"] == "mapping.pdf"
    assert kept["sha256"] == hashlib.sha256(mapping()).hexdigest()
    assert list(kept["pages"]) == ["2", "3"]
    told(problems, "pdf_extracted", Outcome.FIX, ["5 rows on page 2, 3"], ["2, 3ページの5行"])
    told(problems, "pdf_more_tables", Outcome.WARN, ["mapping-table2.csv"], ["複数の表"])
    assert (tmp_path / "mapping-table2.csv").read_text(encoding="utf-8").startswith("Region,Count,page,position\n")
    with pytest.raises(SourceError) as error:
        extract_to_csv(pdf, tmp_path)
    told(error.value.problems, "pdf_csv_exists", Outcome.QUAR, ["mapping.csv"], ["上書き"])
    card = {"file": "mapping.csv", "extracted_from": kept}
    assert check_extraction(card, tmp_path) == []
    written(tmp_path, mapping(producer="second"))
    told(check_extraction(card, tmp_path), "pdf_saved_again", Outcome.WARN, ["same text"], ["文字は同じ"])
    changed = (("Mihon Bio Cluster", "兵庫県", "53", "10"), *FIRST[1:])
    written(tmp_path, mapping(changed))
    told(check_extraction(card, tmp_path), "pdf_text_changed", Outcome.QUAR, ["on page 2."], ["2ページの文字"])
    pdf.unlink()
    assert check_extraction(card, tmp_path) == []
    assert check_extraction({"file": "mapping.csv"}, tmp_path) == []


@pytest.mark.parametrize("name", ["../mapping.pdf", "/etc/hosts", "", ".."])
def test_a_card_cannot_name_a_report_outside_of_its_folder(name: str, tmp_path: Path) -> None:
    card = {"file": "mapping.csv", "extracted_from": {"file": name, "sha256": "", "pages": {}}}
    told(check_extraction(card, tmp_path), "pdf_outside", Outcome.QUAR, ["outside of its folder"], ["フォルダーの外"])


def test_a_table_that_has_a_column_of_that_name_keeps_it(tmp_path: Path) -> None:
    table = booktabs([("Mihon", "12", "5"), ("Sample", "14", "6")], 780.0, header=("Name", "Page", "Firms"))
    path, _, _ = extract_to_csv(written(tmp_path, report([table]), "small.pdf"), tmp_path)
    assert path.read_text(encoding="utf-8").splitlines()[:2] == [
        "Name,Page,Firms,pdf page,position",
        # The words are 10 points high and 16 apart; a row begins half way between two lines of them.
        "Mihon,12,5,1,50.0 77.0 420.0 93.0",
    ]


def test_a_source_is_not_landed_beside_another_report(tmp_path: Path) -> None:
    path, kept, _ = extract_to_csv(written(tmp_path, mapping()), tmp_path)
    content = {
        "id": "mihon-2013", "kind": "organisation_list", "table": "organisation", "family": "mihon", "edition": "2013",
        "file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "extracted_from": kept,
    }  # fmt: skip
    written(tmp_path, mapping(FIRST[1:]))
    with pytest.raises(SourceError) as error:
        land_source(SourceCard(tmp_path / "source.yml", content), tmp_path / "raw")
    told(error.value.problems, "pdf_text_changed", Outcome.QUAR, ["mapping.pdf", "page 2"], ["2ページ"])


def test_a_report_in_the_drop_folder_belongs_to_its_card(tmp_path: Path) -> None:
    pdf = written(tmp_path, mapping())
    table, kept, _ = extract_to_csv(pdf, tmp_path, pages="2")
    card = yaml.safe_load((SMALL / "source.yml").read_text(encoding="utf-8"))
    content = {**card, "file": table.name, "extracted_from": kept}
    (tmp_path / "source.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    dropped = Dropped((tmp_path / "source.yml",), (table, pdf), {}, {}, frozenset())
    found = gather(tmp_path, dropped, (), Hashes({}))
    assert (found.unspoken, found.refused, found.offers[0].problems) == ({}, {}, ())
    written(tmp_path, mapping(FIRST[1:]))
    found = gather(tmp_path, dropped, (), Hashes({}))
    told(found.offers[0].problems, "pdf_text_changed", Outcome.QUAR, ["mapping.pdf", "page 2"], ["2ページ"])
    pdf.unlink()
    pdf.symlink_to(FOLDER / "mapping.pdf")
    assert [each.code for each in check_extraction(content, tmp_path)] == ["file_is_link"]
