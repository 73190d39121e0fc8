"""The command `observatory survey`: what a reader sees of a wave and of a file, and sentences instead of tracebacks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.commands import app
from tests.survey_statistics.small_release import EDITION, write_release

WAVE = """\
trade  Do you trade?
Base: counted responses; responses that answered trade.

       All
       n 5
Yes    3 of 5
No     2 of 5
Maybe  0 of 5

Missing: All: dont know 1, not answered 1, not shown 1.
"""


def run(*arguments: str, home: Path) -> tuple[int, str, str]:
    found = CliRunner().invoke(app, ["survey", *arguments], env={"OBSERVATORY_HOME": str(home), "COLUMNS": "100"})
    return found.exit_code, found.stdout, found.stderr


def test_a_wave_is_shown_with_base_counts_and_what_is_missing(tmp_path: Path) -> None:
    write_release(tmp_path)
    code, text, _ = run(EDITION, "trade", home=tmp_path)
    assert code == 0
    assert text.startswith(WAVE)
    assert "Counts instead of percent where fewer than 10 answered." in text
    assert "SYNTHETIC: all answers were made up." in text
    assert "weights: design__weights; sample: responses in strata design__strata; finite population correction: on" in (
        text
    )


def test_without_questions_all_of_a_wave_are_shown(tmp_path: Path) -> None:
    write_release(tmp_path)
    code, text, _ = run(EDITION, "--by", "trade", home=tmp_path)
    assert code == 0
    heads = [line for line in text.splitlines() if line.split("  ")[0] in {"trade", "goods", "first", "years"}]
    assert heads == ["goods  Goods?", "first  Rank", "years  Years?"]


def test_domains_that_do_not_fit_side_by_side_stand_below(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    rows = [f"{'yes' if i % 3 else 'no'},a domain with a very long name number {i % 4}" for i in range(80)]
    file.write_text("\n".join(["q,place", *rows]), encoding="utf-8")
    code, text, _ = run(str(file), "q", "--by", "place", home=tmp_path)
    assert code == 0
    assert max(map(len, text.split("\n\n95%")[0].splitlines())) <= 100
    assert text.count("\nyes ") == 3
    assert "66% (55 to 76)" in text


def test_json_holds_every_field_of_every_estimate(tmp_path: Path) -> None:
    write_release(tmp_path)
    code, text, _ = run(EDITION, "trade", "--json", home=tmp_path)
    rows = [json.loads(line) for line in text.splitlines()]
    assert code == 0
    assert [(row["category"], row["value"], row["n"], row["weighted_n"]) for row in rows] == [
        ("Yes", 0.5, 5, 16.0), ("No", 0.5, 5, 16.0), ("Maybe", 0.0, 5, 16.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((EDITION, "trde"), "mihon/2020 has no question 'trde'"),
        (("lost.parquet",), "There is no file lost.parquet."),
        ((EDITION, "trade", "--where", "colour = 1"), "could not be added up"),
        ((EDITION, "trade", "--level", "2"), "level is 2.0; it must lie between 0 and 1"),
    ],
)
def test_mistakes_end_with_a_sentence(arguments: tuple[str, ...], told: str, tmp_path: Path) -> None:
    write_release(tmp_path)
    code, _, error = run(*arguments, home=tmp_path)
    assert code == 1
    assert told in error
    assert "Traceback" not in error


def test_a_file_without_a_codebook_lists_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("q,place\nyes,1\n", encoding="utf-8")
    assert run(str(file), home=tmp_path)[1].splitlines()[1:] == ["  q  varchar", "  place  bigint"]


def test_without_anything_the_waves_and_how_to_ask_them_are_listed(tmp_path: Path) -> None:
    write_release(tmp_path)
    code, text, _ = run(home=tmp_path)
    assert code == 0
    listed = next(line for line in text.splitlines() if line.startswith(f"  {EDITION} "))
    assert listed.endswith("8 responses  A model, SYNTHETIC")
    assert f"observatory survey {EDITION} CODE --by CODE" in text
    code, _, told = run(home=tmp_path / "nowhere")
    assert code == 1
    assert "'observatory build' makes one" in told
