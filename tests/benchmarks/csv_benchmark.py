"""Time reading a large CSV beside DuckDB's own reader, in one run: part of `make bench`. Prints; asserts nothing.

Timed over the same made-up file: DuckDB counting its rows (no cell is kept), DuckDB reading it into a table in
memory, DuckDB doing the same job as we do (every cell as text into Parquet), and ours. CP932 has no column for DuckDB,
which cannot read it without an extension from the network; it stands beside DuckDB's time for the UTF-8 twin.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.build_benchmark import Measured, measure

ROWS = (1_000_000, 5_000_000)
REPEATS = 3
WORDS = (
    *("兵庫県", "大阪府", "見本", "ライフサイエンス", "ものづくり", "航空宇宙", "北海道"),
    *("Sample cluster", "Mihon network"),
)
DUCKDB = (
    "import duckdb, sys; c = duckdb.connect(); c.execute('set threads=' + sys.argv[3]); "
    "c.execute({query!r}.format(*sys.argv[1:]))"
)
COUNT = "select count(*) from read_csv('{0}', all_varchar=true)"
TABLE = "create table landed as select * from read_csv('{0}', all_varchar=true)"
COPY = "copy (select * from read_csv('{0}', all_varchar=true)) to '{1}' (compression zstd)"
OURS = (
    "import sys; from pathlib import Path; from ingest.tables.csv_file import read_csv; "
    "from ingest.tables.printed import Hints; read_csv(Path(sys.argv[1]), Hints(), Path(sys.argv[2]))"
)
THREADS = "2"


def write_table(path: Path, n_rows: int, encoding: str) -> None:
    """Nine columns of made-up text, half of it Japanese; the same rows whatever the encoding."""
    with path.open("w", encoding=encoding, newline="") as stream:
        stream.write("番号,名称,name,都道府県,sector,year,members,budget,note\r\n")
        for n in range(n_rows):
            one, two, three = WORDS[n % 9], WORDS[n * 7 % 8], WORDS[n * 5 % 7]
            stream.write(
                f"{n},{one}{n * 31 % 99991},{two} {n * 17 % 9973},{three},{two},{2000 + n % 20},"
                f"{n * 13 % 997},{n * 11 % 99989 / 7:.2f},{one}{three}\r\n"
            )


def fastest(code: str, path: Path, target: Path) -> Measured:
    """The run with the least wall time."""
    runs = [measure([sys.executable, "-c", code, str(path), str(target), THREADS], {}) for _ in range(REPEATS)]
    return min(runs, key=lambda run: run.wall)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for n_rows in ROWS:
            files = {encoding: folder / f"{encoding}_{n_rows}.csv" for encoding in ("utf-8", "cp932")}
            for encoding, path in files.items():
                write_table(path, n_rows, encoding)
            count = fastest(DUCKDB.format(query=COUNT), files["utf-8"], folder / "none")
            table = fastest(DUCKDB.format(query=TABLE), files["utf-8"], folder / "none")
            copy = fastest(DUCKDB.format(query=COPY), files["utf-8"], folder / "duckdb.parquet")
            sys.stdout.write(f"{n_rows:,} rows, {files['utf-8'].stat().st_size / 1e6:.0f} MB of UTF-8\n")
            sys.stdout.write("| what | s | s of processor | peak MiB | to a table | to Parquet | to counting |\n")
            sys.stdout.write("|---|---|---|---|---|---|---|\n")
            ours = {f"ours, {encoding}": fastest(OURS, path, folder / "read") for encoding, path in files.items()}
            floors = {"DuckDB, counting": count, "DuckDB, into a table": table, "DuckDB, into Parquet": copy}
            for what, run in {**floors, **ours}.items():
                ratios = " | ".join(f"{run.wall / floor.wall:.2f} x" for floor in (table, copy, count))
                sys.stdout.write(f"| {what} | {run.wall:.2f} | {run.processor:.2f} | {run.peak:.0f} | {ratios} |\n")
            for path in files.values():
                path.unlink()


if __name__ == "__main__":
    main()
