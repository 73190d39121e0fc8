"""Time landing a large survey beside DuckDB's own readers, in one run: part of `make bench`. Prints; asserts nothing.

A LimeSurvey export of 1 million responses and 60 columns beside DuckDB's bare `read_csv` of the same file, and 10
million responses of 30 typed columns in Parquet beside DuckDB copying that file. Ours ends with everything landed: the
wide file of decoded answers with their states and raw cells, the responses, the identities kept apart.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from ingest.survey.codebook import CHOICE, INTEGER, MULTIPLE, TEXT, Codebook, Option, Question
from ingest.survey.xlsform_writing import write_xlsform
from tests.benchmarks.build_benchmark import Measured, measure

CSV_ROWS, PARQUET_ROWS, REPEATS, CHUNK = 1_000_000, 10_000_000, 3, 500_000
SCALE = ("A1", "A2", "A3", "A4", "A5")
THREADS = "2"
DUCKDB = (
    "import duckdb, sys; c = duckdb.connect(); c.execute('set threads=' + sys.argv[3]); "
    "c.execute({query!r}.format(*sys.argv[1:]))"
)
TABLE = "create table landed as select * from read_csv('{0}')"
COUNT = "select count(*) from read_csv('{0}')"
COPY = "copy (select * from read_parquet('{0}')) to '{1}' (compression zstd)"
OURS = (
    "import sys; from pathlib import Path; from ingest.survey.wave import read_wave; "
    "from ingest.survey.wave_facts import WaveJob; folder = Path(sys.argv[2]); folder.mkdir(exist_ok=True); "
    "facts = read_wave(Path(sys.argv[1]), folder, WaveJob(codebook=sys.argv[4])); "
    "assert facts.n_rows == {n_rows} and not facts.n_unreadable"
)


def codebook_of(n_choices: int, n_ticks: int) -> Codebook:
    """A questionnaire of scales, one multiple choice, a number and a text."""
    options = tuple(Option(code, {"en": f"Answer {code}"}) for code in SCALE)
    ticks = tuple(Option(f"SQ{number:03d}", {"en": f"Option {number}"}) for number in range(n_ticks))
    return Codebook(
        (
            *(Question(f"Q{number}", CHOICE, {"en": f"Question {number}"}, options) for number in range(n_choices)),
            Question("M", MULTIPLE, {"en": "Which of these"}, ticks),
            Question("N1", INTEGER, {"en": "How many"}),
            Question("T1", TEXT, {"en": "Anything else"}),
        ),
        "xlsform",
    )


def write_csv(path: Path, n_rows: int) -> None:
    """A LimeSurvey export of 60 columns: codes as headings and answers, quoted, with a byte order mark."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv as csv

    numbers = np.random.default_rng(1)
    start = np.datetime64("2020-03-02T10:00:00")
    options = csv.WriteOptions(delimiter=";", quoting_style="all_valid", include_header=False)
    with path.open("wb") as stream:
        for first in range(0, n_rows, CHUNK):
            n = min(CHUNK, n_rows - first)
            when = start + numbers.integers(0, 3_000_000, n).astype("timedelta64[s]")
            clock = np.char.replace(when.astype(str), "T", " ")
            columns: dict[str, Any] = {
                "id": np.arange(first + 1, first + n + 1).astype(str), "submitdate": clock, "lastpage": ["4"] * n,
                "startlanguage": numbers.choice(["en", "ja"], n), "seed": numbers.integers(1, 2**30, n).astype(str),
                "startdate": clock, "datestamp": clock,
            }  # fmt: skip
            columns |= {f"Q{number}": numbers.choice([*SCALE, ""], n) for number in range(26)}
            columns |= {f"M[SQ{number:03d}]": numbers.choice(["Y", ""], n) for number in range(25)}
            columns["N1"] = numbers.integers(0, 5000, n).astype(str)
            columns["T1"] = np.char.add("free text ", numbers.integers(0, 10**6, n).astype(str))
            table = pa.table({name: pa.array(list(values), pa.string()) for name, values in columns.items()})
            if not first:
                stream.write(b"\xef\xbb\xbf" + ";".join(f'"{name}"' for name in columns).encode() + b"\n")
            csv.write_csv(table, stream, options)


def write_parquet(path: Path, n_rows: int) -> None:
    """Responses of 30 columns, coded as small numbers and ticks."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers = np.random.default_rng(2)
    codes = pa.array(SCALE)
    writer = None
    for first in range(0, n_rows, CHUNK):
        n = min(CHUNK, n_rows - first)
        columns: dict[str, Any] = {"response_id": pa.array(np.arange(first + 1, first + n + 1))}
        for number in range(20):
            indices = pa.array(numbers.integers(0, 5, n, dtype=np.int8))
            columns[f"Q{number}"] = pa.DictionaryArray.from_arrays(indices, codes)
        columns |= {f"M_SQ{number:03d}": pa.array(numbers.integers(0, 2, n, dtype=np.int8)) for number in range(8)}
        columns["N1"] = pa.array(numbers.integers(0, 5000, n, dtype=np.int32))
        columns["T1"] = pa.nulls(n, pa.string())
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def fastest(code: str, path: Path, target: Path, codebook: Path) -> Measured:
    """The run with the least wall time."""
    command = [sys.executable, "-c", code, str(path), str(target), THREADS, str(codebook)]
    return min((measure(command, {}) for _ in range(REPEATS)), key=lambda run: run.wall)


def show(runs: dict[str, Measured], floor: Measured) -> None:
    """The table of one file."""
    sys.stdout.write("| what | s | s of processor | peak MiB | to the floor |\n|---|---|---|---|---|\n")
    for what, run in runs.items():
        ratio = run.wall / floor.wall
        sys.stdout.write(f"| {what} | {run.wall:.2f} | {run.processor:.2f} | {run.peak:.0f} | {ratio:.2f} x |\n")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        codebook, path = folder / "codebook.xlsx", folder / "export.csv"
        write_xlsform(codebook_of(26, 25), codebook)
        write_csv(path, CSV_ROWS)
        sys.stdout.write(f"LimeSurvey CSV: {CSV_ROWS:,} x 60, {path.stat().st_size / 1e6:.0f} MB\n")
        table = fastest(DUCKDB.format(query=TABLE), path, folder / "none", codebook)
        count = fastest(DUCKDB.format(query=COUNT), path, folder / "none", codebook)
        ours = fastest(OURS.format(n_rows=CSV_ROWS), path, folder / "landed", codebook)
        show({"DuckDB read_csv, into a table": table, "DuckDB read_csv, counting": count, "ours, landed": ours}, table)
        path.unlink()
        path = folder / "responses.parquet"
        write_xlsform(codebook_of(20, 8), codebook)
        write_parquet(path, PARQUET_ROWS)
        sys.stdout.write(f"\nParquet: {PARQUET_ROWS:,} x 31, {path.stat().st_size / 1e6:.0f} MB\n")
        copy = fastest(DUCKDB.format(query=COPY), path, folder / "copy.parquet", codebook)
        ours = fastest(OURS.format(n_rows=PARQUET_ROWS), path, folder / "landed", codebook)
        show({"DuckDB, Parquet copied": copy, "ours, landed": ours}, copy)


if __name__ == "__main__":
    main()
