"""Time the reading of a large workbook beside python-calamine alone: `make bench`. Prints a table; asserts nothing.

The workbook is made up: 100,000 rows of 30 columns, half of them texts, the rest whole numbers, decimals and days, with
shared strings as Excel writes them. Each reading runs in a process of its own; the fastest of a few counts.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ROWS, COLUMNS, STRINGS = 100_000, 30, 100_000
REPEATS = 3
TARGET = 2.0
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {"worksheet": "sheet.xml", "sharedStrings": "sharedStrings.xml", "styles": "styles.xml"}
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts><fills><fill><patternFill/></fill></fills>'
    "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>"
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0"/>'
    "</cellXfs></styleSheet>"
)
READINGS = {
    "python-calamine alone": (
        "from python_calamine import CalamineWorkbook as W; began = now();"
        "W.from_path(path).get_sheet_by_index(0).to_python()"
    ),
    "read_grids": (
        "from ingest.tables.workbook import read_grids; from ingest.tables.printed import Hints; began = now();"
        "read_grids(path, 'xlsx', Hints())"
    ),
    "read_table, in this process": (
        "from ingest.tables.reader import read_table; from ingest.tables.printed import Hints; began = now();"
        "read_table(path, Hints(), path.parent / 'printed')"
    ),
    "read_foreign, in a child process": (
        "from ingest.tables.child import read_foreign; from ingest.tables.printed import Hints; began = now();"
        "read_foreign(path, Hints(), path.parent / 'printed')"
    ),
}


@dataclass(frozen=True)
class Measured:
    """Wall seconds of the reading without imports; processor seconds and peak MiB of its process and children."""

    wall: float
    processor: float
    peak: float


def rows_xml() -> Iterator[str]:
    """The rows of the sheet, a header first."""
    draw = random.Random(1)  # noqa: S311 - no secret, the same workbook every time
    letters = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *(f"A{letter}" for letter in "ABCD")]
    header = "".join(f'<c r="{letter}1" t="s"><v>{place}</v></c>' for place, letter in enumerate(letters))
    yield f'<row r="1">{header}</row>'
    for row in range(2, ROWS + 2):
        cells = []
        for place, letter in enumerate(letters):
            match place % 6:
                case 0 | 1 | 2:
                    cells.append(f'<c r="{letter}{row}" t="s"><v>{draw.randrange(STRINGS)}</v></c>')
                case 3:
                    cells.append(f'<c r="{letter}{row}"><v>{draw.randrange(10_000)}</v></c>')
                case 4:
                    cells.append(f'<c r="{letter}{row}"><v>{draw.random() * 1000:.3f}</v></c>')
                case _:
                    cells.append(f'<c r="{letter}{row}" s="1"><v>{draw.randrange(36_000, 45_000)}</v></c>')
        yield f'<row r="{row}" spans="1:{COLUMNS}">{"".join(cells)}</row>'


def write_workbook(path: Path) -> None:
    """The made-up workbook, written by hand: a library would take minutes."""
    names = [f"Mihon cluster {n}" if n % 2 else f"見本クラスター{n}" for n in range(STRINGS)]
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{kind}" Target="{part}"/>'
        for n, (kind, part) in enumerate(PARTS.items(), start=1)
    )
    types = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{KIND}.{kind}+xml"/>' for kind, part in PARTS.items()
    )
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="List" sheetId="1" '
        'r:id="rId1"/></sheets></workbook>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{name}</t></si>" for name in names)}</sst>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
        with archive.open("xl/sheet.xml", "w") as stream:
            stream.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for row in rows_xml():
                stream.write(row.encode())
            stream.write(b"</sheetData></worksheet>")


def measure(code: str, path: Path) -> Measured | None:
    """One reading in a process of its own; None where it fails, with its last line on the screen."""
    script = (
        "import sys; from pathlib import Path; from time import perf_counter as now; path = Path(sys.argv[1]);"
        f"{code}; print(now() - began)"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with tempfile.TemporaryFile("w+") as output:
        child = subprocess.Popen(
            [sys.executable, "-c", script, str(path)], cwd=PROJECT, env=environment, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(child.pid, 0)
        output.seek(0)
        last = (output.read().splitlines() or [""])[-1]
    if status:
        print(last)
        return None
    return Measured(float(last), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    """Measure and print; readings take turns, so that a busy moment of the machine harms all alike."""
    runs: dict[str, list[Measured]] = {name: [] for name in READINGS}
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        path = Path(folder) / "made.xlsx"
        write_workbook(path)
        made = time.perf_counter() - began
        print(f"made {ROWS:,} rows x {COLUMNS} columns, {path.stat().st_size / 1e6:.0f} MB, in {made:.0f} s\n")
        for _ in range(REPEATS):
            for name, code in READINGS.items():
                if measured := measure(code, path):
                    runs[name].append(measured)
    best = {name: min(each, key=lambda run: run.wall) for name, each in runs.items() if each}
    floor = best["python-calamine alone"].wall
    print(f"{'':<36}{'wall s':>8}{'cpu s':>8}{'MiB':>7}{'ratio':>7}")
    for name, run in best.items():
        print(f"{name:<36}{run.wall:>8.2f}{run.processor:>8.2f}{run.peak:>7.0f}{run.wall / floor:>7.2f}")
    print(f"target: at most {TARGET:.1f} x python-calamine alone")


if __name__ == "__main__":
    main()
