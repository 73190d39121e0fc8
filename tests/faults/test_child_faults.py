"""Faults of the process that parses: it is killed, breaks or is made to do what it may not, and its parent lives on.

Belongs here: how a child ends and what is said of it. Does not belong here: files that are refused before a parser.
"""

from __future__ import annotations

import ast
import json
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError, hardest
from ingest.tables import child
from ingest.tables.child import read_foreign
from ingest.tables.confinement import EXIT_OUTPUT
from ingest.tables.limits import LIMITS
from ingest.tables.printed import Hints
from tests.faults import hostile_files as hostile
from tests.faults.told import told
from tests.rules.project_files import ROOMS, room_modules

pytestmark = pytest.mark.fault

ROOT = Path(__file__).resolve().parents[2]


def stray_cell(path: Path) -> Path:
    """A small table and one cell far away: readers keep the block between them in memory."""
    far = '<row r="1000000"><c r="CU1000000"><v>1</v></c></row></sheetData>'
    return hostile.write_zip(path, hostile.workbook_parts(hostile.sheet_xml().replace("</sheetData>", far)))


def test_p25_a_reader_that_wants_too_much_memory(tmp_path: Path) -> None:
    path = stray_cell(tmp_path / "list.xlsx")
    with pytest.raises(SourceError) as error:
        read_foreign(path, Hints(), tmp_path / "out", replace(LIMITS, memory_bytes=700_000_000))
    told(
        error.value.problems, "parser_memory", Outcome.QUAR,
        ["list.xlsx: reading the file needs too much memory", "stopped at 700000000 bytes"],
        ["必要なメモリーが多すぎます", "700000000バイトで読み取りを中止"],
    )  # fmt: skip
    assert list((tmp_path / "out").iterdir()) == []


def test_p25_a_reader_that_takes_too_long(tmp_path: Path) -> None:
    path = hostile.write_zip(tmp_path / "list.xlsx", hostile.workbook_parts())
    with pytest.raises(SourceError) as error:
        read_foreign(path, Hints(), tmp_path / "out", replace(LIMITS, wall_seconds=0))
    told(
        error.value.problems, "parser_time", Outcome.QUAR,
        ["reading the file takes too long", "after 0 seconds"], ["読み取りに時間がかかりすぎます", "0秒で"],
    )  # fmt: skip
    assert list((tmp_path / "out").iterdir()) == []


ENDS = [
    (-signal.SIGXCPU, "", "parser_time", "after 300 seconds", "300秒"),
    (-signal.SIGKILL, "", "parser_memory", "too much memory", "メモリー"),
    (-signal.SIGABRT, "memory allocation of 99 bytes failed", "parser_memory", "too much memory", "メモリー"),
    (-signal.SIGABRT, "", "parser_crashed", "Found: SIGABRT", "異常終了"),
    (0, "", "parser_crashed", "Found: no answer", "異常終了"),
    (-signal.SIGSEGV, "", "parser_crashed", "Found: SIGSEGV", "異常終了"),
    (EXIT_OUTPUT, "", "parser_output", "more than 4000000000 bytes", "読み取った後の表が大きすぎます"),
]


@pytest.mark.parametrize(("code", "printed", "told_as", "english", "japanese"), ENDS)
def test_p25_each_end_has_its_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, printed: str, told_as: str, english: str, japanese: str
) -> None:
    """The child is replaced by a process that ends just so."""
    script = tmp_path / "end.py"
    end = f"os.kill(os.getpid(), {-code})" if code < 0 else f"os._exit({code})"
    lines = f"import os, sys\nsys.stderr.write({printed!r})\nsys.stderr.flush()\n{end}\n"
    script.write_text(lines, encoding="utf-8")
    monkeypatch.setattr(child, "ENTRY", script)
    with pytest.raises(SourceError) as error:
        read_foreign(tmp_path / "list.csv", Hints(), tmp_path / "out")
    told(error.value.problems, told_as, Outcome.QUAR, [english], [japanese])


def test_p25_what_the_child_leaves_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "end.py"
    script.write_text(
        "import json, os, pathlib\n"
        "pathlib.Path('answer.json').write_text(json.dumps({'problems': []}))\n"
        "pathlib.Path('facts.json').write_text('{}')\n"
        "pathlib.Path('rows.parquet').write_bytes(b'PAR1')\n"
    )
    monkeypatch.setattr(child, "ENTRY", script)
    with pytest.raises(SourceError) as error:
        read_foreign(tmp_path / "list.csv", Hints(), tmp_path / "out")
    told(error.value.problems, "parser_crashed", Outcome.QUAR, ["unreadable answer"], ["異常終了"])


GUARDED = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from ingest.tables.confinement import Forbidden, guard
work = Path(sys.argv[2])
import socket, subprocess, pickle, os, shutil
sys.addaudithook(guard(work / "list.csv", work / "out", Path(sys.argv[1])))
def tried(action):
    try:
        action()
    except Forbidden:
        return "refused"
    except OSError as error:
        return f"asked the system: {error}"
    return "done"
class Call:
    def __reduce__(self):
        return (print, ("run",))
print(json.dumps({
    "socket": tried(lambda: socket.socket()),
    "name": tried(lambda: socket.getaddrinfo("localhost", 80)),
    "process": tried(lambda: subprocess.run(["true"])),
    "system": tried(lambda: os.system("true")),
    "fork": tried(lambda: os.fork()),
    "exec": tried(lambda: os.execv(sys.executable, [sys.executable])),
    "unpickle": tried(lambda: pickle.loads(pickle.dumps(Call()))),
    "write beside": tried(lambda: (work / "evil").write_text("x")),
    "write through a link": tried(lambda: (work / "out" / "link").write_text("x")),
    "remove": tried(lambda: (work / "list.csv").unlink()),
    "read beside": tried(lambda: (work / "secret").read_text()),
    "read the file": tried(lambda: (work / "list.csv").read_text()),
    "write in the folder": tried(lambda: (work / "out" / "rows").write_text("x")),
}))
"""


def test_p25_the_child_may_do_little(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "list.csv").write_text("a,b\n")
    (tmp_path / "secret").write_text("x")
    (tmp_path / "out" / "link").symlink_to(tmp_path / "evil")
    done = subprocess.run(
        [sys.executable, "-I", "-c", GUARDED, str(ROOT), str(tmp_path)], capture_output=True, text=True, check=True
    )
    ends = json.loads(done.stdout)
    allowed = {"read the file": "done", "write in the folder": "done"}
    assert ends == dict.fromkeys(ends, "refused") | allowed
    assert not (tmp_path / "evil").exists()


def test_p25_the_child_gets_no_variable_of_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "end.py"
    script.write_text("import os, sys\nsys.stderr.write(' '.join([*os.environ, *sys.argv]))\nsys.exit(3)\n")
    monkeypatch.setattr(child, "ENTRY", script)
    monkeypatch.setenv("OBSERVATORY_SECRET", "x")
    with pytest.raises(RuntimeError, match="cannot run") as error:
        read_foreign(tmp_path / "list of secrets.csv", Hints(), tmp_path / "out")
    assert "OBSERVATORY" not in str(error.value)
    assert "secrets" not in str(error.value)
    assert "TMPDIR" in str(error.value)


def test_p25_the_parent_lives_when_ten_children_break(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "end.py"
    script.write_text("import os\nos.abort()\n")
    monkeypatch.setattr(child, "ENTRY", script)
    outcomes = []
    for number in range(10):
        with pytest.raises(SourceError) as error:
            read_foreign(tmp_path / f"{number}.csv", Hints(), tmp_path / "out")
        outcomes += [problem.outcome for problem in error.value.problems]
    assert outcomes == [Outcome.QUAR] * 10
    monkeypatch.undo()
    path = hostile.write_zip(tmp_path / "list.xlsx", hostile.workbook_parts())
    assert hostile.rows_of(read_foreign(path, Hints(), tmp_path / "out")) == list(hostile.ROWS)


DANGEROUS_CALLS = {"eval", "exec", "compile", "__import__"}
DANGEROUS_IMPORTS = {"pickle", "shelve", "marshal", "cloudpickle", "dill"}


def test_q14_nothing_that_a_file_says_is_run(tmp_path: Path) -> None:
    """Neither in the code of any room, nor when cells look like code."""
    wrong = []
    for room in ROOMS:
        for path in room_modules(room):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DANGEROUS_CALLS:
                    wrong.append(f"{path}:{node.lineno}")
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                wrong += [f"{path}:{name}" for name in names if name.partition(".")[0] in DANGEROUS_IMPORTS]
    assert wrong == []
    code = ("!!python/object/apply:os.system ['touch evil']", "__import__('os').system('touch evil')", "{{ 7*7 }}")
    path = tmp_path / "list.csv"
    path.write_text("Cluster,Prefecture\n" + "".join(f'"{text}",Hyogo\n' for text in code), encoding="utf-8")
    printed = read_foreign(path, Hints(), tmp_path / "out")
    assert [row[0] for row in hostile.rows_of(printed)] == list(code)
    assert hardest(printed.facts.problems) in {None, Outcome.FIX}
    assert not list(tmp_path.rglob("evil"))
    assert asdict(LIMITS)["memory_bytes"] > 0
