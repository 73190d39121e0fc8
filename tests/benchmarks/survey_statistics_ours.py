"""Our side of the benchmark of survey statistics: one child process for one file, so that memory is its own.

Belongs here: what is timed. Does not belong here: data, peers and printing (``survey_statistics_benchmark``).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

QUESTIONS = tuple(f"q{i}" for i in range(1, 31))
REPEATS = 7
PAIRS = (("q1", "q2"), ("q3", "q4"), ("q5", "q6"))


def seconds(task: Callable[[], object], repeats: int = REPEATS) -> float:
    """The best of a few runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return min(times)


def bare_scan(file: Path) -> None:
    """Sums of the same columns by nothing but the engine."""
    import duckdb

    columns = ", ".join(f"sum({name})" for name in (*QUESTIONS, "psu", "stratum", "dom", "w"))
    duckdb.connect().execute(f"select {columns} from read_parquet('{file.as_posix()}')").fetchall()


def estimates(file: Path) -> int:
    """All shares overall and by domain, with standard errors and intervals; how many."""
    import observatory

    survey = observatory.survey(file, weights="w", strata="stratum", units="psu")
    survey.keep(QUESTIONS, by="dom")
    rows = [row for name in QUESTIONS for by in (None, "dom") for row in survey.proportion(name, by)]
    assert all(row.standard_error > 0 for row in rows)
    return len(rows)


def main() -> None:
    """Time what the arguments name and print it as JSON."""
    import observatory

    file, *what = Path(sys.argv[1]), *sys.argv[2:]
    told: dict[str, float] = {}
    if "estimates" in what:
        told["n"] = estimates(file)
        told["estimates"] = seconds(lambda: estimates(file))
    if "scan" in what:
        told["scan"] = seconds(lambda: bare_scan(file))
    if "rao_scott" in what:
        survey = observatory.survey(file, weights="w", strata="stratum", units="psu")
        survey.keep((), by="dom")  # the structure of the sample is read once
        told["rao_scott"] = min(seconds(lambda a=a, b=b: survey.independence_test(a, b), 1) for a, b in PAIRS)
    if "bootstrap" in what:
        told["bootstrap"] = _bootstrap(file)
    told["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told))


def _bootstrap(file: Path) -> float:
    """200 replicates of the 900 estimates, from totals that are kept."""
    import observatory

    survey = observatory.survey(file, weights="w", strata="stratum", units="psu")
    survey.keep(QUESTIONS, by="dom")

    def replicated() -> None:
        made = survey.replicate("bootstrap", replicates=200, seed=1)
        for name in QUESTIONS:
            for by in (None, "dom"):
                made.proportion(name, by)

    return seconds(replicated)


if __name__ == "__main__":
    main()
