"""Worklists go out as CSV or XLSX and come back; everything is checked before anything is written."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from ingest.problem import SourceError
from orchestration.review.desk import Desk
from orchestration.review.exchange import HEADER, read_worklist, worklist_rows, write_worklist
from tests.unit.review_world import (
    CLUSTERS,
    DECISIONS,
    LIST_2022,
    OFFICE,
    PAGE,
    RIVER,
    TODAY,
    VALLEY,
    added_lines,
    make_desk,
)

BY = "registry editor"
KINDS = ["csv", "xlsx"]
Fill = Callable[[list[dict[str, str]]], None]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def fill_csv(path: Path, fill: Fill) -> None:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    fill(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, HEADER)
        writer.writeheader()
        writer.writerows(rows)


def fill_xlsx(path: Path, fill: Fill) -> None:
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.active
    rows = [dict(zip(HEADER, (cell.value or "" for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    fill(rows)
    for number, row in enumerate(rows, start=2):
        for position, name in enumerate(HEADER, start=1):
            cell = sheet.cell(number, position, row[name])
            cell.data_type = "s"
    workbook.save(path)


def sent_and_filled(desk: Desk, folder: Path, kind: str, fill: Fill) -> Path:
    path = folder / f"worklist.{kind}"
    write_worklist(path, desk.worklist)
    (fill_csv if kind == "csv" else fill_xlsx)(path, fill)
    return path


def decide(row: dict[str, str], verdict: str, reason: str = "its own page", **more: str) -> None:
    row.update(verdict=verdict, reason=reason, **more)


@pytest.mark.parametrize("kind", KINDS)
def test_a_worklist_comes_back_as_decisions(desk: Desk, tmp_path: Path, kind: str) -> None:
    def fill(rows: list[dict[str, str]]) -> None:
        assert [(row["mention_key"].lstrip("'"), row["cluster_id"]) for row in rows] == [
            (RIVER, "JPC-0007"),
            (RIVER, "JPC-0009"),
            (VALLEY, "JPC-0009"),
            (OFFICE, ""),
        ]
        decide(rows[0], "same", "同じ団体, 公式サイト")
        decide(rows[1], "Different", "=other", decided_by="second editor")
        decide(rows[2], "new", new_unit_kind="initiative", evidence_address="D-1")
        decide(rows[3], "not a cluster")

    path = sent_and_filled(desk, tmp_path, kind, fill)
    desk.decide(read_worklist(path, desk, BY))
    assert sorted(added_lines(desk, "decisions.csv", DECISIONS)) == sorted(
        [
            f'{RIVER},JPC-0007,same,"同じ団体, 公式サイト",{PAGE},{BY},{TODAY},,',
            f"{RIVER},JPC-0009,different,=other,{PAGE},second editor,{TODAY},,",
            f"{VALLEY},JPC-0041,same,its own page,D-1,{BY},{TODAY},,",
            f"{OFFICE},,not_a_cluster,its own page,{PAGE},{BY},{TODAY},,",
        ]
    )
    # The seat comes from the printed country or prefecture, the label from the printed name.
    assert added_lines(desk, "clusters.csv", CLUSTERS) == [f"JPC-0041,initiative,=Mihon Valley,JP,true,{TODAY},"]
    assert desk.worklist.open_mentions() == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_worklist_that_comes_back_with_more_rows_filled_adds_those(desk: Desk, tmp_path: Path, kind: str) -> None:
    def fill(rows: list[dict[str, str]]) -> None:
        decide(rows[1], "different")
        decide(rows[2], "new", new_unit_kind="initiative")

    def fill_more(rows: list[dict[str, str]]) -> None:
        fill(rows)
        decide(rows[3], "not a cluster")

    second = tmp_path / "second"
    second.mkdir()
    more = sent_and_filled(desk, second, kind, fill_more)
    desk.decide(read_worklist(sent_and_filled(desk, tmp_path, kind, fill), desk, BY))
    written = [desk.is_written(each) for each in read_worklist(more, desk, BY)]
    assert written == [True, True, False]
    # Said in other words it is another decision, and refused as a contradiction.
    changed = replace(read_worklist(more, desk, BY)[0], reason="another reason")
    assert not desk.is_written(changed)
    with pytest.raises(SourceError, match="--cluster JPC-0009"):
        desk.decide([changed])


def test_a_worklist_holds_what_is_needed_to_decide(desk: Desk) -> None:
    row = worklist_rows(desk.worklist)[0]
    assert row["printed_row"] == "No: 1 | Name: 見本川バイオクラスター | Prefecture: Hyogo"
    assert (row["file"], row["row"], row["blocks_release"]) == ("mihon_2022.csv", "2", "yes")
    assert (row["score"], row["cluster_label"]) == ("0.93", "Mihon River Bio Cluster (sample)")
    assert row["cluster_rows"] == "mihon_list/2019 Mihon River Bio Cluster / 見本川 Hyogo"


def test_no_cell_of_a_csv_worklist_is_a_formula(desk: Desk, tmp_path: Path) -> None:
    write_worklist(tmp_path / "list.csv", desk.worklist)
    content = (tmp_path / "list.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert "'=Mihon Valley" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_workbook_has_text_cells_a_list_of_verdicts_and_a_header_that_stays(desk: Desk, tmp_path: Path) -> None:
    write_worklist(tmp_path / "list.xlsx", desk.worklist)
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert "=Mihon Valley" in [cell.value for cell in sheet[4]]
    lists = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    letter = openpyxl.utils.get_column_letter(HEADER.index("verdict") + 1)
    assert lists[f"{letter}2:{letter}5"] == '"same,different,unsure,new,not_a_cluster,not_identified"'
    assert sheet.freeze_panes == "B2"
    # The Japanese name of eleven letters needs 22 places.
    assert sheet.column_dimensions[openpyxl.utils.get_column_letter(HEADER.index("name_ja") + 1)].width >= 22


@pytest.mark.parametrize("kind", KINDS)
def test_one_wrong_row_keeps_everything_from_being_written(desk: Desk, tmp_path: Path, kind: str) -> None:
    def fill(rows: list[dict[str, str]]) -> None:
        decide(rows[0], "same")
        decide(rows[1], "same")
        decide(rows[2], "same", cluster_id="JPC-9999")
        decide(rows[3], "not_a_cluster", reason="")

    path = sent_and_filled(desk, tmp_path, kind, fill)
    with pytest.raises(SourceError) as error:
        desk.decide(read_worklist(path, desk, BY))
    told = str(error.value)
    assert f"{path}, row 3: two verdicts on {RIVER} cannot both hold" in told
    assert f"in {path}, row 2" in told
    assert f"{path}, row 4: the cluster of the verdict on {LIST_2022}=Mihon Valley is not in the register" in told
    assert f"{path}, row 5: the verdict 'not_a_cluster' on {OFFICE} has no reason" in told
    assert (desk.target / "decisions.csv").read_text(encoding="utf-8") == DECISIONS
    assert (desk.target / "clusters.csv").read_text(encoding="utf-8") == CLUSTERS


def test_a_reason_without_a_verdict_is_asked_about(desk: Desk, tmp_path: Path) -> None:
    path = sent_and_filled(desk, tmp_path, "csv", lambda rows: decide(rows[0], "", "looks right"))
    with pytest.raises(SourceError, match=r"row 2: there is a reason but no verdict"):
        read_worklist(path, desk, BY)


def test_an_empty_worklist_decides_nothing(desk: Desk, tmp_path: Path) -> None:
    assert read_worklist(sent_and_filled(desk, tmp_path, "xlsx", lambda _: None), desk, BY) == []


def test_several_new_ids_follow_neither_the_list_nor_the_names(desk: Desk, tmp_path: Path) -> None:
    def fill(rows: list[dict[str, str]]) -> None:
        for row in (rows[0], rows[2], rows[3]):
            decide(row, "new", new_unit_kind="initiative")

    path = sent_and_filled(desk, tmp_path, "csv", fill)
    written = desk.decide(read_worklist(path, desk, BY))
    assert [each.row["cluster_id"] for each in written] != ["JPC-0041", "JPC-0042", "JPC-0043"]
    assert sorted(each.row["cluster_id"] for each in written) == ["JPC-0041", "JPC-0042", "JPC-0043"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("list.ods", "", "ending|CSV file or an XLSX"),
        ("list.csv", "mention_key;cluster_id;verdict;reason\n", "commas, not semicolons"),
        ("gone.xlsx", None, "the worklist is missing"),
    ],
)
def test_what_is_no_worklist_is_refused(
    desk: Desk, tmp_path: Path, name: str, content: str | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(SourceError, match=sentence):
        read_worklist(tmp_path / name, desk, BY)
