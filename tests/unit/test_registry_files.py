"""Rows get into the register's files without touching what is there, in order, and never half."""

from __future__ import annotations

import csv
import fcntl
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.problem import SourceError
from ingest.registry import files
from ingest.registry.files import RegisterChanged, read_register_file, with_rows, write_register_files
from ingest.registry.register import next_ids, read_register
from tests.unit.review_world import CLUSTERS, DECISION_HEADER, DECISIONS

COLUMNS = DECISION_HEADER.split(",")
CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=("Cs",)), max_size=12
) | st.sampled_from(['a "quoted" cell', "two\nlines", "見本クラスター", "=1+1", " blank ", "a,b", "\ufeff"])
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8)


def decision(key: str, cluster: str = "", reason: str = "made up") -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | {"mention_key": key, "cluster_id": cluster, "verdict": "same", "reason": reason}


def as_file(rows: list[dict[str, str]], line_end: str = "\n") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@given(before=ROWS, new=ROWS, line_end=st.sampled_from(["\n", "\r\n"]), is_ended=st.booleans())
def test_rows_are_added_in_order_and_nothing_else_changes(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[tuple[str, str, str]],
    new: list[tuple[str, str, str]],
    line_end: str,
    is_ended: bool,
) -> None:
    folder = tmp_path_factory.mktemp("register")
    old_rows = sorted((decision(*each) for each in before), key=lambda row: (row["mention_key"], row["cluster_id"]))
    content = as_file(old_rows, line_end)
    (folder / "decisions.csv").write_bytes(
        content if is_ended or not before else content.removesuffix(line_end.encode())
    )
    new_rows = [decision(*each) for each in new]

    file = read_register_file(folder, "decision")
    result = with_rows(file, new_rows)

    assert [dict(row.cells) for row in file.rows] == old_rows
    (folder / "decisions.csv").write_bytes(result)
    after = read_register_file(folder, "decision")
    found = [dict(row.cells) for row in after.rows]
    assert sorted(map(repr, found)) == sorted(map(repr, old_rows + new_rows))
    keys = [(row["mention_key"], row["cluster_id"]) for row in found]
    assert keys == sorted(keys)
    # What was there stands in the result as the same bytes in the same order.
    rest = iter(result.splitlines(keepends=True))
    assert all(line in rest for line in content.splitlines(keepends=True))
    assert result.endswith(line_end.encode())


def test_a_row_goes_after_the_last_that_is_not_greater_in_a_file_that_nobody_sorted(tmp_path: Path) -> None:
    (tmp_path / "decisions.csv").write_bytes(as_file([decision(key) for key in "cadb"]))
    result = with_rows(read_register_file(tmp_path, "decision"), [decision("c"), decision("A"), decision("x")])
    assert [line[:1] for line in result.decode().splitlines()[1:]] == ["A", "c", "a", "d", "b", "c", "x"]


def test_a_line_number_is_the_line_on_which_the_row_begins(tmp_path: Path) -> None:
    rows = [decision("a", reason="two\nlines"), decision("b")]
    (tmp_path / "decisions.csv").write_bytes(as_file(rows))
    assert [row.line for row in read_register_file(tmp_path, "decision").rows] == [2, 4]


def test_a_file_that_is_not_there_is_made_with_the_registers_header(tmp_path: Path) -> None:
    folder = tmp_path / "registry"
    file = read_register_file(folder, "decision")
    write_register_files([(file, with_rows(file, [decision("a", "JPC-0001")]))])
    assert (folder / "decisions.csv").read_text() == f"{DECISION_HEADER}\na,JPC-0001,same,made up,,,,,\n"


def test_a_copy_with_a_withdrawal_stands_right_after_its_row(tmp_path: Path) -> None:
    (tmp_path / "decisions.csv").write_text(DECISIONS, encoding="utf-8")
    file = read_register_file(tmp_path, "decision")
    copy = {**file.rows[0].cells, "withdrawn_on": "2026-11-22", "withdrawn_reason": "another body"}
    lines = with_rows(file, [copy]).decode().splitlines()
    assert lines[2] == lines[1].removesuffix(",,") + ",2026-11-22,another body"


def test_nothing_is_written_when_the_file_changed_since_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(DECISIONS, encoding="utf-8")
    (tmp_path / "clusters.csv").write_text(CLUSTERS, encoding="utf-8")
    clusters = read_register_file(tmp_path, "cluster")
    decisions = read_register_file(tmp_path, "decision")
    path.write_text(DECISIONS + "z,,not_a_cluster,by somebody else,,,,,\n", encoding="utf-8")
    changes = [(clusters, with_rows(clusters, [])), (decisions, with_rows(decisions, [decision("y")]))]
    with pytest.raises(RegisterChanged, match=r"decisions\.csv: the file changed on disk since it was read"):
        write_register_files(changes)
    assert "by somebody else" in path.read_text(encoding="utf-8")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["clusters.csv", "decisions.csv"]


def test_two_reviewers_cannot_write_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "decisions.csv").write_text(DECISIONS, encoding="utf-8")
    monkeypatch.setattr(files, "LOCK_SECONDS", 0.0)
    file = read_register_file(tmp_path, "decision")
    other = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(RegisterChanged, match="another reviewer is writing"):
            write_register_files([(file, with_rows(file, [decision("y")]))])
    finally:
        os.close(other)
    write_register_files([(file, with_rows(file, [decision("y")]))])
    assert "\ny,,same,made up" in (tmp_path / "decisions.csv").read_text(encoding="utf-8")


def test_a_write_that_fails_leaves_the_file_and_no_partial_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "decisions.csv").write_text(DECISIONS, encoding="utf-8")
    file = read_register_file(tmp_path, "decision")

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_register_files([(file, with_rows(file, [decision("y")]))])
    assert {each.name: each.read_text(encoding="utf-8") for each in tmp_path.iterdir()} == {"decisions.csv": DECISIONS}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"mention_key,verdict\n", "another header than the register"),
        (f"{DECISION_HEADER}\na,b\n".encode(), "line 2: the row does not fit the header"),
        (f'{DECISION_HEADER}\n"a,b\n'.encode(), "not a complete CSV table"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_register_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "decisions.csv").write_bytes(content)
    with pytest.raises(SourceError, match=sentence):
        read_register_file(tmp_path, "decision")


@given(st.sets(st.integers(1, 12000)), st.integers(0, 5))
def test_an_id_is_the_next_number_and_never_one_that_was_given(numbers: set[int], count: int) -> None:
    taken = {f"JPC-{each:04d}" for each in numbers} | {"EUC-99999", "SMW-0007", "JPC-x"}
    ids = next_ids("JPC", taken, count)
    assert ids == [f"JPC-{max(numbers, default=0) + step:04d}" for step in range(1, count + 1)]
    assert not taken & set(ids)


def test_ids_named_in_decisions_and_events_are_taken_although_no_cluster_row_is_left(tmp_path: Path) -> None:
    (tmp_path / "decisions.csv").write_bytes(as_file([decision("a", "JPC-0300")]))
    (tmp_path / "events.csv").write_text(
        "event_id,event_type,clusters_before,clusters_after,date_earliest,date_latest,evidence_kind,evidence_address,"
        "strength,is_synthetic,recorded_by,recorded_on,note\nEVT-0001,merger,EUC-0008;EUC-0009,EUC-0500,,,,,,,,,\n"
    )
    register = read_register((), tmp_path)
    assert {"JPC-0300", "EUC-0008", "EUC-0009", "EUC-0500"} <= register.named_ids
