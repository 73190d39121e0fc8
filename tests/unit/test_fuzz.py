"""The fuzzers: what they found stays right, and each runs for a moment from a fixed seed.

Belongs here: these two. Does not belong here: the checks themselves (``tests.fuzz``).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz import dates, numbers, text
from tests.fuzz.harness import FIXTURES, bytes_of, kept, text_of

ROOT = Path(__file__).resolve().parents[2]
CHECKS: dict[str, Callable[[str], None]] = {"text": text.check, "numbers": numbers.check, "dates": dates.check}


def test_every_file_of_findings_has_its_check() -> None:
    assert {path.stem for path in FIXTURES.glob("*.txt")} == set(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_what_was_found_stays_right(name: str) -> None:
    found = kept(name)
    assert len(found) >= 10
    for each in found:
        assert text_of(bytes_of(each)) == each
        CHECKS[name](each)


@pytest.mark.parametrize(("name", "runs"), [("text", 1500), ("numbers", 400), ("dates", 1500)])
def test_each_fuzzer_runs_from_a_seed_without_a_finding(name: str, runs: int, tmp_path: Path) -> None:
    pytest.importorskip("atheris")
    done = subprocess.run(
        [sys.executable, "-m", f"tests.fuzz.{name}", "-seed=7", f"-runs={runs}"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert f"Done {runs} runs" in done.stderr
