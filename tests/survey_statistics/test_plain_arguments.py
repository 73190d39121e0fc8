"""Plain calls of `observatory survey` skip the library of commands; both ways must understand them alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from orchestration import survey_command
from orchestration.commands import app
from orchestration.plain_arguments import plain_arguments
from tests.rules.project_files import ROOT

HEAVY = {"typer", "click", "rich", "pydantic", "pandas", "yaml", "numpy.testing.overrides"}
TEXTS = st.sampled_from(
    ["answers.csv", "q1", "mihon/2020", "none", "", "a = 1", "0.9", "12", "1e3", "nan", "x=y", "-", "日"]
)
NAMES = ["by", "where", "weights", "strata", "units", "population", "inclusion", "lonely-psu", "level", "release"]
OPTIONS = st.one_of(
    st.sampled_from(["--process", "--json", "--ja", "--no-ja", "--help", "-h", "--", "--js", "--level"]),
    st.builds(lambda name, text: f"--{name}={text}", st.sampled_from(NAMES), TEXTS),
)
PAIRS = st.builds(lambda name, text: [f"--{name}", text], st.sampled_from(NAMES), TEXTS)
ARGUMENTS = st.lists(st.one_of(TEXTS.map(lambda text: [text]), OPTIONS.map(lambda text: [text]), PAIRS), max_size=6)


def understood(arguments: list[str]) -> tuple[tuple[str, ...], dict[str, Any]] | None:
    """What the library of commands calls the survey with; None if it ends with help or a mistake."""
    calls: list[tuple[tuple[str, ...], dict[str, Any]]] = []

    def run_survey(*texts: str, **named: Any) -> int:
        calls.append((texts, named))
        return 0

    real = survey_command.run_survey
    survey_command.run_survey = run_survey  # a fixture of pytest would last over all examples of hypothesis
    try:
        CliRunner().invoke(app, ["survey", *arguments])
    finally:
        survey_command.run_survey = real
    return calls[0] if calls else None


@settings(max_examples=40, deadline=None)
@given(ARGUMENTS)
def test_plain_arguments_mean_what_they_mean_to_the_library(parts: list[list[str]]) -> None:
    arguments = [argument for part in parts for argument in part]
    plain = plain_arguments(survey_command.run_survey, arguments)
    if plain is not None:
        texts, named = plain
        defaults = survey_command.run_survey.__kwdefaults__
        assert understood(arguments) == (texts, {**defaults, **named})


@pytest.mark.parametrize(
    "arguments",
    [
        ["answers.csv", "q1", "q2", "--by", "region", "--by=size", "--weights", "w", "--strata", "s", "--units", "u"],
        [
            "--level",
            "0.9",
            "answers.csv",
            "--json",
            "--process",
            "--ja",
            "--population",
            "120",
            "--lonely-psu",
            "remove",
        ],
        ["mihon/2020", "--where", "a = 'b'", "--release", "r0123456789ab"],
    ],
)
def test_every_option_is_plain(arguments: list[str]) -> None:
    texts, named = plain_arguments(survey_command.run_survey, arguments) or ((), {})
    assert texts
    assert understood(arguments) == (texts, {**survey_command.run_survey.__kwdefaults__, **named})


@pytest.mark.parametrize(
    "arguments",
    [[], ["--json"], ["a.csv", "--help"], ["a.csv", "--jsn"], ["a.csv", "--by"], ["a.csv", "--by", "--json"], ["-"],
     ["a.csv", "--level", "high"], ["a.csv", "--json=1"], ["a.csv", "--", "q"]],
)  # fmt: skip
def test_what_is_not_plain_goes_to_the_library(arguments: list[str]) -> None:
    assert plain_arguments(survey_command.run_survey, arguments) is None


def call(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_a_plain_call_of_a_file_loads_and_says_what_it_should(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("q,place\n" + "yes,north\nno,south\n" * 20, encoding="utf-8")
    # What is loaded is told when the command ends itself, which skips everything that runs at exit.
    code = (
        "import os, sys; from orchestration.cli import main; real = os._exit\n"
        "def tell(code): print('loaded', *sys.modules); sys.stdout.flush(); real(code)\n"
        "os._exit = tell; main()"
    )
    done = call(code, "survey", str(file), "q", "--by", "place")
    text, _, loaded = done.stdout.partition("loaded ")
    assert (done.returncode, done.stderr) == (0, "")
    assert "yes  50% (35 to 65)" in text
    assert {name.partition(".")[0] for name in loaded.split()} & HEAVY == set()
    assert "numpy.testing.overrides" not in loaded.split()


def test_a_reader_that_has_gone_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("q\n" + "yes\nno\n" * 20, encoding="utf-8")
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "orchestration.cli", "survey", str(file), "q"],
            cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


def survey_of(
    file: Path, *arguments: str, redirected: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "orchestration.cli", "survey", str(file), *arguments]
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {redirected}', "sh", *command],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_letters_that_the_terminal_has_not_are_shown_by_their_codes(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("q\n" + "caf\u00e9\n\u65e5\u672c\n" * 20, encoding="utf-8")
    table = survey_of(file, "q", PYTHONIOENCODING="ascii")
    assert (table.returncode, table.stderr) == (0, "")
    assert "caf\\xe9" in table.stdout
    lines = survey_of(file, "q", "--json", PYTHONIOENCODING="ascii").stdout.splitlines()
    assert [json.loads(line)["category"] for line in lines] == ["caf\u00e9", "\u65e5\u672c"]


def test_closed_outputs_end_with_a_code_that_is_true(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("q\n" + "yes\nno\n" * 20, encoding="utf-8")
    silent = survey_of(file, "q", redirected=">&-")
    assert (silent.returncode, silent.stderr.count("\n")) == (1, 1)
    assert "standard output is closed" in silent.stderr
    told = survey_of(file, "q", redirected="2>&-")
    assert (told.returncode, "yes  50%" in told.stdout) == (0, True)


def test_ctrl_c_in_the_engine_ends_as_anywhere_else() -> None:
    code = (
        "from orchestration import cli\n"
        "def interrupted(arguments): raise RuntimeError('Query interrupted')\n"
        "cli._run = interrupted; cli.main()"
    )
    assert (call(code).returncode, call(code).stderr) == (130, "")


def test_parts_of_numpy_that_were_put_off_work_when_they_are_used() -> None:
    code = (
        "from analytics.survey_statistics.light_import import import_lightly; import_lightly()\n"
        "import sys, numpy\n"
        "assert 'numpy.random.mtrand' not in sys.modules and 'unittest' not in sys.modules\n"
        "import scipy.stats\n"
        "numpy.testing.assert_allclose(scipy.stats.t.ppf(0.975, 1), 12.706204736174698, rtol=1e-12)\n"
        "print(numpy.random.default_rng(1).integers(100, size=3).shape, numpy.char.upper('a'),\n"
        "      numpy.polynomial.Polynomial([1, 2])(3), scipy.stats.norm.rvs(random_state=1).shape)"
    )
    done = call(code)
    assert (done.stdout.split(), done.stderr) == (["(3,)", "A", "7.0", "()"], "")
