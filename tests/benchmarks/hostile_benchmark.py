"""What safety costs: a bomb refused, a child started, a large workbook looked at. Prints; asserts nothing.

The yardsticks: a bomb of 64 KB is refused in less than a second and 100 MB by parent and child, and looking at a
workbook of 100,000 rows and 30 columns takes a small part of what its fastest parser, python-calamine, needs alone.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from ingest.tables.container import check_container
from ingest.tables.file_kind import file_kind
from ingest.tables.grid import column_letters
from tests.faults import hostile_files as hostile

ROWS, COLUMNS = 100_000, 30
REPEATS = 3
# A process of its own, so that nothing that the benchmark itself holds is counted.
REFUSED = """
import json, resource, sys, time
from pathlib import Path
from ingest.problem import SourceError
from ingest.tables.child import read_foreign
from ingest.tables.printed import Hints
started = time.perf_counter()
try:
    read_foreign(Path(sys.argv[1]), Hints(), Path(sys.argv[2]))
    codes = []
except SourceError as error:
    codes = [problem.code for problem in error.problems]
wall = time.perf_counter() - started
status = Path("/proc/self/status")
# What getrusage says of a process itself begins with the size of the one that started it.
lines = status.read_text().splitlines() if status.exists() else []
own = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
print(json.dumps([codes, wall, own / 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]))
"""


def main() -> None:
    """Print the three figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("                                     seconds  parent MiB  child MiB  told")
        _refused("a bomb of 64 KB (60 MB of zeros)", hostile.bomb(folder / "bomb.xlsx"), folder)
        _refused("a cell of 60 million characters", hostile.long_cell(folder / "cell.xlsx", 60_000_000), folder)
        _refused("a list of a million parts", hostile.endless_list(folder / "parts.xlsx", 1_000_000), folder)
        _refused("a child for nothing (no such file)", folder / "none.csv", folder)
        _looked_at(_large(folder / "large.xlsx"))


def _refused(what: str, path: Path, folder: Path) -> None:
    runs = []
    for _ in range(REPEATS):
        command = [sys.executable, "-c", REFUSED, str(path), str(folder / "out")]
        runs.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    codes, wall, parent, child = min(runs, key=lambda run: run[1])
    print(f"{what:36} {wall:7.2f}  {parent:10.0f}  {child:9.0f}  {', '.join(codes)}")


def _looked_at(path: Path) -> None:
    import python_calamine

    def parse() -> None:
        python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()

    def look() -> None:
        check_container(path, file_kind(path))

    seconds = {}
    for name, work in (("calamine", parse), ("look", look)):
        runs = []
        for _ in range(REPEATS):
            started = time.perf_counter()
            work()
            runs.append(time.perf_counter() - started)
        seconds[name] = min(runs)
    share = seconds["look"] / seconds["calamine"]
    print(f"\n{ROWS:,} rows x {COLUMNS} columns, {path.stat().st_size / 1e6:.0f} MB")
    print(f"python-calamine alone        {seconds['calamine']:7.2f} s")
    print(f"kind and container looked at {seconds['look']:7.2f} s, {share:.2f} x")


def _large(path: Path) -> Path:
    """A workbook of made-up numbers and names."""
    signs = random.Random(1)  # noqa: S311 - figures for a benchmark
    letters = [column_letters(place) for place in range(1, COLUMNS + 1)]
    head, tail = hostile.sheet_xml(()).split("</sheetData>")
    parts = {**hostile.workbook_parts(), "xl/worksheets/sheet1.xml": b""}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content:
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(head.encode())
            for row in range(1, ROWS + 1):
                cells = [
                    f'<c r="{letter}{row}"><v>{signs.randrange(10**6) / 100}</v></c>' if row > 1 and place % 3 else
                    f'<c r="{letter}{row}" t="inlineStr"><is><t>Mihon {letter} {signs.randrange(5000)}</t></is></c>'
                    for place, letter in enumerate(letters)
                ]  # fmt: skip
                sheet.write(f'<row r="{row}">{"".join(cells)}</row>'.encode())
            sheet.write(f"</sheetData>{tail}".encode())
    return path


if __name__ == "__main__":
    main()
