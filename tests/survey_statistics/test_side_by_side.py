"""Several questions are added up side by side, and nobody notices but by the clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import observatory
import pandas as pd
import pytest

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.engine import COPIED_ROWS, arrays_of_each, tuples
from analytics.survey_statistics.survey import Survey

ROWS = COPIED_ROWS + 5_000
QUESTIONS = [f"q{i}" for i in range(6)]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    answers = {name: rng.integers(1, 5, ROWS) for name in QUESTIONS}
    return pd.DataFrame(
        {"psu": np.arange(ROWS) % 60, "stratum": np.arange(ROWS) % 6, "dom": rng.integers(0, 3, ROWS), "one": 1,
         "w": rng.uniform(0.5, 4.0, ROWS), **answers}
    )  # fmt: skip


@pytest.fixture(scope="module")
def files(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("side_by_side")
    frame.to_csv(folder / "answers.csv", index=False)
    frame.to_parquet(folder / "answers.parquet", index=False)
    return folder


def with_processors(survey: Survey, processors: int) -> Survey:
    """The survey on a machine with so many, whatever this one has."""
    return replace(survey, responses=replace(survey.responses, processors=processors), kept={})


def shares(survey: Survey) -> list[tuple[object, ...]]:
    rows = survey.proportion(QUESTIONS, "dom")
    return [(row.category, row.domain, row.value, row.standard_error, row.n) for row in rows]


OPENED: dict[str, Callable[[Path, pd.DataFrame], Survey]] = {
    "parquet": lambda folder, _: observatory.survey(
        folder / "answers.parquet", weights="w", strata="stratum", units="psu"
    ),
    "csv": lambda folder, _: observatory.survey(folder / "answers.csv", weights="w", strata="stratum", units="psu"),
    "frame": lambda _, frame: observatory.survey(frame, weights="w", strata="stratum", units="psu"),
    "responses as units": lambda folder, _: observatory.survey(folder / "answers.parquet", weights="w"),
    "population": lambda folder, _: observatory.survey(folder / "answers.parquet", population=3 * ROWS),
    "columns": lambda folder, _: OPENED["parquet"](folder, _).with_columns(twice='"w" * 2'),
    "raked": lambda folder, _: OPENED["parquet"](folder, _).rake(
        {"q0": {value: float(100 + value) for value in range(1, 5)}}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OPENED)
def test_the_numbers_are_those_of_one_question_after_the_other(name: str, files: Path, frame: pd.DataFrame) -> None:
    opened = OPENED[name](files, frame)
    opened.responses.connection.execute("set threads = 1")
    alone = shares(with_processors(opened, 1))
    assert len(alone) == 6 * 4 * 3
    for processors in (2, 5, 50):
        assert shares(with_processors(opened, processors)) == alone


@pytest.mark.parametrize("threads", [1, 2])
def test_the_engine_has_its_settings_back(threads: int, files: Path, frame: pd.DataFrame) -> None:
    survey = with_processors(OPENED["parquet"](files, frame), 3)
    survey.responses.connection.execute(f"set threads = {threads}")
    survey.keep(QUESTIONS, by="dom")
    assert tuples(survey.responses, "select current_setting('threads')") == [(threads,)]


def test_a_condition_that_fails_is_a_sentence_and_the_survey_goes_on(files: Path, frame: pd.DataFrame) -> None:
    survey = with_processors(OPENED["parquet"](files, frame), 3)
    with pytest.raises(SurveyError, match="could not be added up"):
        survey.proportion(QUESTIONS, "dom", where="error('a condition of the user') > 0")
    assert shares(survey) == shares(with_processors(survey, 1))
    assert tuples(survey.responses, "select current_setting('threads')") == [(1,)]


def test_left_early_nothing_goes_on_running(files: Path, frame: pd.DataFrame) -> None:
    """As by Ctrl-C: what runs is interrupted, what waits is never asked."""
    survey = with_processors(OPENED["parquet"](files, frame), 2)
    endless = "select count(*) from range(1000000000000) t(i) where hash(i) = 7"
    answers = arrays_of_each(survey.responses, ["select 1 as one", *[endless] * 5], ROWS)
    assert next(answers)[0].tolist() == [1]
    begun = time.perf_counter()
    answers.close()
    assert time.perf_counter() - begun < 20
    assert not [thread for thread in threading.enumerate() if "ThreadPoolExecutor" in thread.name]
    assert len(shares(survey)) == 6 * 4 * 3


@pytest.fixture
def connection(frame: pd.DataFrame) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("create table answers as from frame")
        yield opened


def test_an_engine_of_somebody_else_is_left_as_it_is(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("set threads = 2")
    survey = observatory.survey(connection.table("answers"), connection=connection, weights="w", units="psu")
    assert survey.responses.processors == 1
    assert len(shares(survey.with_columns(twice='"w" * 2'))) == 6 * 4 * 3
    shown = (
        "select view_name from duckdb_views() where not internal and not temporary and view_name not like 'survey_r%'"
    )
    assert connection.execute(shown).fetchall() == []
    assert connection.execute("select table_name from duckdb_tables() where not temporary").fetchall() == [("answers",)]
    assert connection.execute("select current_setting('threads')").fetchall() == [(2,)]


def test_threads_may_share_a_survey_while_it_adds_up(files: Path, frame: pd.DataFrame) -> None:
    survey = with_processors(OPENED["parquet"](files, frame), 3)
    alone = shares(with_processors(survey, 1))
    found: list[list[tuple[object, ...]]] = []
    asking = [threading.Thread(target=lambda: found.append(shares(replace(survey, kept={})))) for _ in range(4)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(timeout=60)
    assert found == [alone] * 4
