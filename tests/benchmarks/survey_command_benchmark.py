"""Processor time of `observatory survey`, cold, beside that of importing what it stands on: part of `make bench`.

45 made-up responses to 14 questions in a CSV file, shown overall and by a domain of four. Each call is a process of its
own with its bytecode compiled; calls take turns with the imports, and the smallest of each counts. Prints only.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.build_benchmark import PROJECT

REPEATS, TARGET = 9, 0.5
QUESTIONS = [f"q{i}" for i in range(1, 15)]
SHOWN = {
    "observatory survey FILE 14 questions --by": ["-m", "orchestration.cli", "survey"],
    "observatory --help": ["-m", "orchestration.cli", "--help"],
    "import numpy, scipy, duckdb, pandas": ["-c", "import numpy, scipy, duckdb, pandas"],
}


def responses() -> str:
    """The file: every third question may be left out."""
    lines = [",".join(["country", *QUESTIONS])]
    for i in range(45):
        choices = [["yes", "no", "dont know", ""] if q % 3 else ["yes", "no"] for q in range(14)]
        answers = [each[(i * i + 5 * i * q + q) % 7 % len(each)] for q, each in enumerate(choices)]
        lines.append(",".join([("DE", "FR", "IT", "JP")[i * 3 % 11 % 4], *answers]))
    return "\n".join(lines) + "\n"


def processor_time(arguments: list[str]) -> float:
    """Seconds of user and system time of one call; a failing one ends the benchmark with its output."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONPATH": str(PROJECT)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=environment, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{run.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Call everything in turns, print the smallest times."""
    best = dict.fromkeys(SHOWN, float("inf"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answers.csv"
        file.write_text(responses(), encoding="utf-8")
        for _ in range(REPEATS):
            for name, arguments in SHOWN.items():
                asked = [*arguments, str(file), *QUESTIONS, "--by", "country"] if name.endswith("--by") else arguments
                best[name] = min(best[name], processor_time(asked))
    for name, seconds in best.items():
        print(f"{name}: {seconds:.2f} s of processor time" + (f" (target {TARGET})" if name.endswith("--by") else ""))


if __name__ == "__main__":
    main()
