"""`observatory add`: a folder with an unchanged copy and a draft, or a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ingest.catalog import BUNDLED_SOURCES, find_cards
from ingest.intake.offers import DRAFT_NAME
from ingest.tables.pdf_extraction import check_extraction
from orchestration.add_command import run_add
from orchestration.settings import Settings

REPORTS = Path(__file__).parents[1] / "fixtures" / "pdf"
TEXT = "クラスター名,都道府県,会員数\n見本A,兵庫県,3\n見本B,大阪府,4\n"


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home", tmp_path / "inbox", ())


def added(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_with_the_file_unchanged_and_a_draft(
    home: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sample list; $(2022).CSV"
    file.write_bytes(TEXT.encode("cp932"))
    assert run_add(home, file, None, in_japanese=False) == 0
    files = added(home.inbox)
    assert sorted(files) == ["sample_list_2022/sample list; $(2022).csv", f"sample_list_2022/{DRAFT_NAME}"]
    assert files["sample_list_2022/sample list; $(2022).csv"] == TEXT.encode("cp932")
    assert find_cards([home.inbox]) == []
    told = capsys.readouterr().out
    for part in ("クラスター名 = name", "columns: 3, entries below it: 2", "Left for you to fill in: title, publisher"):
        assert part in told


def test_a_report_becomes_a_csv_beside_it_and_a_draft_that_remembers_it(
    home: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_add(home, REPORTS / "mapping.pdf", None, in_japanese=False) == 0
    folder = next(home.inbox.iterdir())
    assert sorted(added(folder)) == ["mapping-table2.csv", "mapping.csv", "mapping.pdf", DRAFT_NAME]
    assert (folder / "mapping.pdf").read_bytes() == (REPORTS / "mapping.pdf").read_bytes()
    draft = yaml.safe_load((folder / DRAFT_NAME).read_text(encoding="utf-8"))
    assert (draft["file"], draft["extracted_from"]["file"]) == ("mapping.csv", "mapping.pdf")
    assert sorted(draft["extracted_from"]["pages"]) == ["2", "3"]
    assert check_extraction(draft, folder) == []
    assert "compare mapping.csv with the pages" in capsys.readouterr().out
    assert run_add(home, REPORTS / "scanned.pdf", None, in_japanese=True) == 1
    assert "文字情報がありません" in capsys.readouterr().err


def test_an_existing_folder_is_never_overwritten(
    home: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, into = tmp_path / "list_2022.csv", tmp_path / "here"
    file.write_text(TEXT, encoding="utf-8")
    into.mkdir()
    assert run_add(home, file, into, in_japanese=True) == 0
    assert "判別した列：クラスター名 = name" in capsys.readouterr().out
    before = added(into)
    assert run_add(home, file, into, in_japanese=True) == 1
    assert added(into) == before
    assert "この版のフォルダーは既にあります" in capsys.readouterr().err
    assert run_add(home, file, into, in_japanese=False) == 1
    assert "list_2022" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("missing.csv", None, "there is no such file"),
        ("empty.csv", b"", "empty"),
        ("report.pdf", b"%PDF-1.7\n%%EOF\n", "PDF"),
    ],
)
def test_a_mistake_is_a_sentence_and_leaves_nothing(
    home: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, part: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert run_add(home, tmp_path / name, None, in_japanese=False) == 1
    told = capsys.readouterr().err
    assert part in told
    assert name in told
    assert added(home.inbox) == {}


def test_a_folder_that_is_not_there_is_not_made_for_a_typing_slip(
    home: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list.csv").write_text(TEXT, encoding="utf-8")
    assert run_add(home, tmp_path / "list.csv", tmp_path / "inbxo", in_japanese=False) == 1
    assert "--into" in capsys.readouterr().err
    assert not (tmp_path / "inbxo").exists()


def test_a_file_that_a_card_speaks_of_is_not_added_again(home: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    file = BUNDLED_SOURCES / "cluster_mapping" / "2016" / "cluster_mapping_2016.csv"
    assert run_add(home, file, None, in_japanese=False) == 1
    assert "has been added before" in capsys.readouterr().err


def test_a_table_that_is_not_recognised_is_left_for_the_officer_to_declare(
    home: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "odd.csv").write_text("foo,bar\nbaz,qux\n", encoding="utf-8")
    assert run_add(home, tmp_path / "odd.csv", None, in_japanese=False) == 0
    draft = (home.inbox / "odd_new" / DRAFT_NAME).read_text(encoding="utf-8")
    assert 'header_row: "?"' in draft
    assert "the header row was not recognised" in capsys.readouterr().out
