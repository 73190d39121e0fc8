"""Time survey statistics beside the bare scan of the same columns, svy and R survey, in one run: part of `make bench`.

30 questions of 5 categories, overall and by 5 domains, 50 strata, 2,000 primary sampling units, unequal weights: 900
shares with standard errors and intervals, from Parquet, reading included. Prints; asserts nothing.

The peers stand in environments of their own: OBSERVATORY_PEERS_PYTHON names a Python that has svy, and Rscript is taken
from PATH. Both get the data in memory, so that reading is not counted against them; R answers 3 of the 30 questions,
times 10.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = (1_000_000, 10_000_000)
TARGETS = {1_000_000: (6.0, 200), 10_000_000: (3.5, 600)}
ASKED_OF_R = 3
QUESTIONS = 30
SVY = """
import sys, time, polars as pl, svy
data = pl.read_parquet(sys.argv[1]).with_columns(pl.col("^q[0-9]+$").cast(pl.String), pl.col("dom").cast(pl.String))
names = [f"q{i}" for i in range(1, 31)]
start = time.perf_counter()
sample = svy.Sample(data, svy.Design(stratum="stratum", psu="psu", wgt="w"))
for name in names:
    sample.estimation.prop(name, drop_nulls=True)
    sample.estimation.prop(name, by="dom", drop_nulls=True)
print(time.perf_counter() - start)
"""
R = """
suppressMessages(library(survey)); options(survey.lonely.psu = "fail")
arguments <- commandArgs(TRUE); data <- read.csv(arguments[1])
for (name in names(data)) if (substr(name, 1, 1) == "q") data[[name]] <- factor(data[[name]])
start <- proc.time()[["elapsed"]]
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = data)
for (name in grep("^q", names(data), value = TRUE)) {
  asked <- reformulate(name)
  svymean(asked, design, na.rm = TRUE)
  svyby(asked, ~dom, design, svymean, na.rm = TRUE)
}
cat(proc.time()[["elapsed"]] - start)
"""


def write_data(file: Path, rows: int) -> None:
    """Answers from 1 to 5, one in twenty missing."""
    import duckdb

    answers = ", ".join(
        f"case when random() < 0.05 then null else 1 + floor(5 * random() * random()) end::tinyint as q{i}"
        for i in range(1, QUESTIONS + 1)
    )
    connection = duckdb.connect()
    connection.execute("set threads = 1; select setseed(0.3)")
    connection.execute(
        f"copy (select psu::smallint as psu, (psu % 50)::smallint as stratum, dom, w, {answers} from (select "
        "floor(2000 * random())::integer as psu, (1 + floor(5 * random()))::tinyint as dom, 0.5 + 3 * random() as w "
        f"from range({rows}))) to '{file.as_posix()}' (format parquet)"
    )


def ours(file: Path, *what: str) -> dict[str, float]:
    """What a child process measured."""
    command = [sys.executable, "-m", "tests.benchmarks.survey_statistics_ours", str(file), *what]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {name: float(value) for name, value in json.loads(told).items()}


def seconds_of_svy(file: Path) -> float | None:
    """Seconds of svy, None where it is not there."""
    python = os.environ.get("OBSERVATORY_PEERS_PYTHON")
    if not python or subprocess.run([python, "-c", "import svy"], capture_output=True).returncode:
        return None
    return _last_number([python, "-c", SVY, str(file)])


def seconds_of_r(file: Path) -> float | None:
    """Seconds of R survey for all questions, from some of them; None where it is not there."""
    import duckdb

    rscript = shutil.which("Rscript")
    if not rscript or subprocess.run([rscript, "-e", "library(survey)"], capture_output=True).returncode:
        return None
    table, script = file.with_suffix(".csv"), file.with_suffix(".R")
    columns = ", ".join(["psu", "stratum", "dom", "w", *(f"q{i}" for i in range(1, ASKED_OF_R + 1))])
    duckdb.connect().execute(f"copy (select {columns} from '{file.as_posix()}') to '{table.as_posix()}'")
    script.write_text(R, encoding="utf-8")
    found = _last_number([rscript, str(script), str(table)])
    return None if found is None else found * QUESTIONS / ASKED_OF_R


def _last_number(command: list[str]) -> float | None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  {Path(command[0]).name} failed: {done.stderr.strip().splitlines()[-1:]}")
        return None
    return float(done.stdout.split()[-1])


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        for rows in SIZES:
            file = Path(folder) / f"responses_{rows}.parquet"
            write_data(file, rows)
            one, two = ours(file, "estimates", "scan"), ours(file, "rao_scott", "bootstrap")
            ratio, (most, memory) = one["estimates"] / one["scan"], TARGETS[rows]
            print(f"Survey statistics, {rows:,} responses, {int(one['n'])} estimates with standard errors")
            print(
                f"  ours              {one['estimates']:8.2f} s, {ratio:.1f} times the bare scan ({one['scan']:.3f} s; "
                f"target {most:g}), {one['megabytes']:.0f} MB (target {memory})"
            )
            print(f"  Rao-Scott 5 x 5   {two['rao_scott']:8.3f} s{' (target 0.2)' if rows == SIZES[-1] else ''}")
            print(f"  200 replicates    {two['bootstrap']:8.3f} s{' (target 0.4)' if rows == SIZES[0] else ''}")
            if rows == SIZES[0]:
                for name, found, target in (("svy", seconds_of_svy(file), 40), ("R survey", seconds_of_r(file), 150)):
                    told = (
                        "not there"
                        if found is None
                        else (f"{found:8.1f} s, {found / one['estimates']:.0f} times ours (target {target})")
                    )
                    print(f"  {name:17} {told}")
            file.unlink()


if __name__ == "__main__":
    main()
