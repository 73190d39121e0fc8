"""Faults of a child that was taken over: it stops itself, burns time, or leaves an answer made to harm its parent.

Belongs here: a stand-in for the child that does each of these for real. Does not belong here: how a child that only
breaks is told (``test_child_faults``).
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from ingest.tables import child
from ingest.tables.child import read_foreign
from ingest.tables.limits import LIMITS
from ingest.tables.printed import Facts, Hints, batch_of, write_printed
from tests.faults import hostile_files as hostile
from tests.faults.told import told

pytestmark = pytest.mark.fault

ROOT = Path(__file__).resolve().parents[2]
FACTS = Facts("csv", ("Name", "Region"), (1, 2), (1,), n_rows=1).to_plain()
GOOD_ANSWER = "pathlib.Path('answer.json').write_text('{\"problems\": []}')\n"


def ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, **limits: int) -> SourceError:
    """How reading ends when the child does this."""
    script = tmp_path / "child.py"
    script.write_text(f"import json, os, pathlib, signal, sys\n{lines}", encoding="utf-8")
    monkeypatch.setattr(child, "ENTRY", script)
    with pytest.raises(SourceError) as error:
        read_foreign(tmp_path / "list.csv", Hints(), tmp_path / "out", replace(LIMITS, **limits))
    return error.value


def test_p25_a_child_that_stops_itself_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = tmp_path / "pid"
    lines = f"pathlib.Path({str(pid)!r}).write_text(str(os.getpid()))\nos.kill(os.getpid(), signal.SIGSTOP)\n"
    error = ended(tmp_path, monkeypatch, lines, wall_seconds=2)
    told(error.problems, "parser_time", Outcome.QUAR, ["after 2 seconds"], ["2秒で"])
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert list((tmp_path / "out").iterdir()) == []


def test_p25_processor_time_is_limited_by_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"processor_seconds": 1, "memory_bytes": 1 << 30, "unpacked_bytes": 1 << 20}
    lines = (
        f"sys.path.insert(0, {str(ROOT)!r})\nfrom ingest.tables.confinement import set_limits\n"
        f"set_limits({limits!r})\nwhile True:\n    pass\n"
    )
    error = ended(tmp_path, monkeypatch, lines, processor_seconds=1, wall_seconds=60)
    told(error.problems, "parser_time", Outcome.QUAR, ["after 1 seconds"], ["1秒で"])


@pytest.mark.parametrize(
    ("left", "reason"),
    [
        ("pathlib.Path('answer.json').write_text('[' * 1_000_000)", "unreadable answer"),
        ("pathlib.Path('answer.json').write_text('not JSON')", "unreadable answer"),
        ("pathlib.Path('answer.json').write_text('[]')", "unreadable answer"),
        ("pathlib.Path('answer.json').write_text('{\"problems\": [{\"code\": 1}]}')", "unreadable answer"),
        ("os.mkfifo('answer.json')", "no answer"),
        ("os.symlink('/dev/zero', 'answer.json')", "no answer"),
        (f"{GOOD_ANSWER}os.mkfifo('facts.json')", "no answer"),
        (f"{GOOD_ANSWER}os.symlink('/dev/zero', 'facts.json')", "no answer"),
        (f"{GOOD_ANSWER}pathlib.Path('rows.parquet').touch()\npathlib.Path('facts.json').write_text('[' * 1_000_000)",
         "unreadable answer"),
    ],
)  # fmt: skip
def test_p25_an_answer_that_leads_elsewhere_or_never_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str, reason: str
) -> None:
    error = ended(tmp_path, monkeypatch, left)
    told(error.problems, "parser_crashed", Outcome.QUAR, [reason], ["異常終了"])
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"header": ["Name", 5]}, {"columns": ["1", 2]}, {"columns": [-1, 2]}, {"sheet": {"a": 1}},
        {"marks": [{"row": "1", "column": 1, "kind": "link", "text": "x"}]}, {"header_rows": [True]},
        {"notes": [{"row": 1, "text": ["x"], "kind": "note"}]}, {"file_kind": "../x"}, {"n_rows": 2},
    ],
)  # fmt: skip
def test_p25_facts_of_another_type_are_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, object]
) -> None:
    rows = write_printed(tmp_path / "rows", Facts("csv", ("Name", "Region"), (1, 2), (1,)), [
        batch_of([2], [None], [["Mihon", "Hyogo"]])]).folder / "rows.parquet"  # fmt: skip
    facts = json.dumps({**FACTS, **wrong})
    lines = (
        f"{GOOD_ANSWER}pathlib.Path('rows.parquet').write_bytes(pathlib.Path({str(rows)!r}).read_bytes())\n"
        f"pathlib.Path('facts.json').write_text({facts!r})\n"
    )
    error = ended(tmp_path, monkeypatch, lines)
    told(error.problems, "parser_crashed", Outcome.QUAR, ["do not agree"], ["異常終了"])


def test_x20_a_declaration_behind_blanks_in_a_part_with_another_name(tmp_path: Path) -> None:
    plain = hostile.sheet_xml().split("?>", 1)[1].replace("Sample Network", "&e;")
    parts = hostile.workbook_parts() | {
        "xl/worksheets/sheet.dat": " " * 40 + "<!DOCTYPE x [<!ENTITY e 'boo'>]>" + plain,
        "xl/_rels/workbook.xml.rels": hostile.relations(("worksheet", "worksheets/sheet.dat", "")),
    }
    problems = hostile.refused(hostile.write_zip(tmp_path / "list.xlsx", parts), tmp_path / "out")
    told(problems, "xml_declares_entities", Outcome.QUAR, ["ENTITY in the part 'xl/worksheets/sheet.dat'"], ["ENTITY"])
