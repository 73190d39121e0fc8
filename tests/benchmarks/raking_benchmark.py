"""Time raking three margins to 1e-10 beside R survey and svy, in one run: part of `make bench`. Prints only.

Ours at 1 and 10 million responses in Parquet, from the file to the weights written as a table, reading included; the
peers at 1 million, R from a frame in memory since it cannot read Parquet by itself. All processes are their own.
`OBSERVATORY_PEERS_PYTHON` names the interpreter of an environment with svy; Rscript is looked up on the path. What is
not there is said and left out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.build_benchmark import PROJECT

SIZES, REPEATS, TARGET = (1_000_000, 10_000_000), 5, 0.5
SHARES = {
    "region": {"north": 0.1, "south": 0.2, "east": 0.3, "west": 0.25, "centre": 0.15},
    "size": {"large": 0.4, "medium": 0.3, "small": 0.2, "micro": 0.1},
    "sector": {1: 0.1, 2: 0.1, 3: 0.2, 4: 0.2, 5: 0.2, 6: 0.1, 7: 0.1},
}
DATA = """copy (select (['north','south','east','west','centre'])[1 + (random() * 4.999)::int % 5] as region,
    (['large','medium','small','micro'])[1 + (random() * random() * 4)::int % 4] as size,
    1 + (random() * 6)::int as sector, 0.5 + random() * 3 as w from range({rows})) to '{path}' (compression zstd)"""
OURS = """
import json, resource, sys, time
from pathlib import Path
import duckdb
from analytics.survey_statistics.sample.design import Design, Stage
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey
path, margins, repeats = Path(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3])
margins["sector"] = {int(k): v for k, v in margins["sector"].items()}
best = {"total": 9e9}
for _ in range(repeats):
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    connection.execute("select sum(w), count(sector), count(region), count(size) from read_parquet(?)", [str(path)])
    started = time.perf_counter()
    bare = "select sum(w), sum(sector), max(region), max(size) from read_parquet(?)"
    connection.execute(bare, [str(path)]).fetchall()
    scan = time.perf_counter() - started
    started = time.perf_counter()
    survey = Survey(open_table(path, "responses", connection), Design(weights="w", stages=(Stage(),)))
    raked = survey.rake(margins)
    fitted = time.perf_counter() - started
    connection.execute(f"create temp table written as select {raked.weight} as weight from {raked.responses.relation}")
    total = time.perf_counter() - started
    if total < best["total"]:
        report = raked.weighting
        best = {"total": total, "rake": fitted, "write": total - fitted, "scan": scan, "gap": report.largest_gap,
                "iterations": report.iterations, "effective_n": report.effective_n}
best["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(best))
"""
SVY = """
import json, sys, time
import polars, svy
margins = json.loads(sys.argv[2])
margins["sector"] = {int(k): v for k, v in margins["sector"].items()}
started = time.perf_counter()
sample = svy.Sample(polars.read_parquet(sys.argv[1]), svy.Design(wgt="w"))
raked = sample.weighting.rake(controls=margins, tol=1e-10, wgt_name="raked")
total = time.perf_counter() - started
w = raked.data["raked"].to_numpy()
print(json.dumps({"total": total, "effective_n": float(w.sum() ** 2 / (w * w).sum())}))
"""
R = """
suppressPackageStartupMessages(library(survey))
given <- commandArgs(TRUE)
d <- read.csv(given[1])
margins <- eval(parse(text = given[2]))
started <- proc.time()[["elapsed"]]
s <- svydesign(~1, weights = ~w, data = d)
r <- rake(s, list(~region, ~size, ~sector), margins, control = list(maxit = 100, epsilon = 1e-10))
w <- weights(r)
total <- proc.time()[["elapsed"]] - started
cat(sprintf('{"total": %.6f, "effective_n": %.17g}', total, sum(w)^2 / sum(w^2)))
"""


def margins(rows: int) -> dict[str, dict[str | int, float]]:
    """Populations of the categories, about twice the sample."""
    return {name: {level: 4 * rows * share for level, share in side.items()} for name, side in SHARES.items()}


def told(command: list[str]) -> dict[str, Any]:
    """What a process prints, as JSON; a failing one ends the benchmark with its output."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    run = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, env=environment, check=False)
    if run.returncode:
        sys.exit(f"{command[0]} failed:\n{run.stderr}")
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def in_r(wanted: dict[str, dict[str | int, float]]) -> str:
    """The margins as R reads them."""
    frames = []
    for name, side in wanted.items():
        levels = ", ".join(json.dumps(level) for level in side)
        counts = ", ".join(map(str, side.values()))
        frames.append(f"data.frame({name} = c({levels}), Freq = c({counts}))")
    return f"list({', '.join(frames)})"


def main() -> None:
    """Make the data, run everybody, print."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        found: dict[int, dict[str, Any]] = {}
        for rows in SIZES:
            path = Path(folder) / f"{rows}.parquet"
            connection = duckdb.connect()
            connection.execute("set threads = 1")
            connection.execute("select setseed(0.3)")
            connection.execute(DATA.format(rows=rows, path=path))
            ours = found[rows] = told([sys.executable, "-c", OURS, str(path), json.dumps(margins(rows)), str(REPEATS)])
            print(
                f"ours, {rows:,} rows: {ours['total']:.3f} s (rake and check {ours['rake']:.3f}, weights written "
                f"{ours['write']:.3f}; bare scan of the columns {ours['scan']:.3f}), gap {ours['gap']:.1e} in "
                f"{ours['iterations']} rounds, peak {ours['peak']:.0f} MiB, effective n {ours['effective_n']:.10g}"
            )
        print(f"target at {SIZES[1]:,} rows: at most {TARGET} s on two cores with nothing else to do")
        peers(Path(folder), found[SIZES[0]])


def peers(folder: Path, ours: dict[str, Any]) -> None:
    """R and svy at the smaller size."""
    import duckdb

    parquet, rows = folder / f"{SIZES[0]}.parquet", SIZES[0]
    text = folder / "responses.csv"
    duckdb.connect().execute(f"copy (from read_parquet('{parquet}')) to '{text}'")
    svy, r = os.environ.get("OBSERVATORY_PEERS_PYTHON"), shutil.which("Rscript")
    script = folder / "rake.R"
    script.write_text(R, encoding="utf-8")
    commands = {
        "svy": [svy, "-c", SVY, str(parquet), json.dumps(margins(rows))] if svy else None,
        "R survey": [r, str(script), str(text), in_r(margins(rows))] if r else None,
    }
    for name, command in commands.items():
        if command is None:
            print(f"{name}: not there")
            continue
        peer = told(command)
        print(
            f"{name}, {rows:,} rows: {peer['total']:.2f} s, {peer['total'] / ours['total']:.0f} times ours, "
            f"effective n {peer['effective_n']:.10g}"
        )


if __name__ == "__main__":
    main()
