"""Legal but odd columns and uses: factors, codes of 64 bits, dates, infinite numbers, labels of files, threads."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import observatory
import pandas as pd
import pyarrow as pa
import pytest

from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample import engine


def shares(rows: Rows) -> list[tuple[str | None, float | None, int]]:
    return [(row.category, row.value, row.n) for row in rows]


def test_a_factor_keeps_its_order_its_empty_levels_and_its_missing() -> None:
    levels = ["low", "it's mid", "high", "never"]
    frame = pd.DataFrame({"q": pd.Categorical(["low", "high", "it's mid", "low", None], levels), "x": [1, 2, 3, 4, 90]})
    survey = observatory.survey(frame)
    rows = survey.proportion("q")
    # As svymean(~q, na.rm = TRUE) of a factor: the answer that is missing is no level.
    assert shares(rows) == [("low", 0.5, 4), ("it's mid", 0.25, 4), ("high", 0.25, 4), ("never", 0.0, 4)]
    assert rows[0].missing == {"not_answered": 1}
    means = {row.domain: row.value for row in survey.mean("x", by="q")}
    assert {domain: value for domain, value in means.items() if value is not None} == {
        "q = low": 2.5, "q = it's mid": 3.0, "q = high": 2.0,
    }  # fmt: skip


def test_a_factor_with_a_gap_cannot_be_a_stratum() -> None:
    frame = pd.DataFrame({"h": pd.Categorical(["a", "a", None, "b"]), "x": [1.0, 2.0, 3.0, 4.0]})
    with pytest.raises(observatory.SurveyError, match="the design column h is empty in some rows"):
        observatory.survey(frame, strata="h").mean("x")


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (pa.array([2**63 + 5, 2**63 + 6, None, 2**63 + 6], pa.uint64()), [str(2**63 + 5), str(2**63 + 6)]),
        (pa.array([7, 3, None, 3], pa.uint64()), ["3", "7"]),
        (pa.array([-128, 127, None, 127], pa.int8()), ["-128", "127"]),
        ([datetime.date(2020, 1, 1), datetime.date(2020, 1, 2), None, None], ["2020-01-01", "2020-01-02"]),
        ([Decimal("1.10"), Decimal("2.50"), None, None], ["1.1", "2.5"]),
        ([True, False, None, False], ["False", "True"]),
        (["None", "null", None, "null"], ["None", "null"]),
        (['say "x"', "日本\n語; drop", None, None], ['say "x"', "日本\n語; drop"]),
    ],
)
def test_values_of_every_type_are_categories_domains_and_strata(values: Any, labels: list[str]) -> None:
    survey = observatory.survey(pa.table({"q": values, "x": [1.0, 2.0, 3.0, 5.0]}))
    assert [row.category for row in survey.proportion("q")] == labels
    means = survey.mean("x", by="q")
    assert [row.domain for row in means] == [f"q = {label}" for label in labels]
    answered = pa.array(values).is_valid().to_pylist()
    total = sum(x for x, is_known in zip((1.0, 2.0, 3.0, 5.0), answered, strict=True) if is_known)
    assert sum(row.n * row.value for row in means) == pytest.approx(total)


def test_dates_by_domain_have_a_design_effect() -> None:
    days = [datetime.date(2020, 1, 1 + i % 2) for i in range(8)]
    table = pa.table({"d": days, "p": [Decimal("0.1"), Decimal("0.2")] * 4, "x": [1.0, 2, 3, 5, 8, 13, 21, 34]})
    for by in ("d", "p"):
        for row in observatory.survey(table).mean("x", by=by):
            assert row.design_effect == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_dates_of_pandas_read_as_dates_and_points_in_time_do_not(unit: str) -> None:
    days = pd.Series(["2020-01-02", "2020-01-01", "2020-01-02", None]).astype(f"datetime64[{unit}]")
    hours = pd.Series(["2020-01-02T00:00", "2020-01-01T10:30", None, None]).astype(f"datetime64[{unit}]")
    survey = observatory.survey(pd.DataFrame({"d": days, "t": hours, "x": [1.0, 2.0, 4.0, 8.0]}))
    assert shares(survey.proportion("d")) == [("2020-01-01", 1 / 3, 3), ("2020-01-02", 2 / 3, 3)]
    means = [(row.domain, row.value) for row in survey.mean("x", by="d", where="d > '2020-01-01'")]
    assert means == [("d = 2020-01-02", 2.5)]
    assert [row.category for row in survey.proportion("t")] == ["2020-01-01 10:30:00", "2020-01-02 00:00:00"]


def test_a_column_called_response_number_is_no_number_of_units() -> None:
    frame = pd.DataFrame({"response_number": [1, 1, 2, 2], "p": [0.5, 0.5, 0.4, 0.4], "x": [1.0, 2.0, 3.0, 4.0]})
    for named in (frame, frame.rename(columns={"response_number": "other"})):
        # Poisson sampling of four units: the sum of (1 - p) (x / p)^2 (Horvitz and Thompson 1952).
        survey = observatory.survey(named, inclusion={"probability": "p", "method": "poisson"})
        expected = sum((1 - p) * (x / p) ** 2 for p, x in zip(frame.p, frame.x, strict=True)) ** 0.5
        assert survey.total("x")[0].standard_error == pytest.approx(expected, rel=1e-13)
        # Leaving one of four responses out is the variance of the mean.
        made = observatory.survey(named).replicate("JK1").mean("x")[0]
        assert made.standard_error == pytest.approx((5 / 3 / 4) ** 0.5, rel=1e-13)


def test_a_relation_in_another_order_at_each_question_keeps_its_units() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table a as select 0.2 + range % 7 / 10 as p, range % 11 as x from range(25000)")
        relation = connection.sql("select p, x::double as x from a order by random()")
        poisson = {"probability": "p", "method": "poisson"}
        survey = observatory.survey(relation, connection=connection, inclusion=poisson)
        ((expected,),) = connection.execute("select sqrt(sum((1 - p) * (x / p) ** 2)) from a").fetchall()
        assert survey.total("x")[0].standard_error == pytest.approx(expected, rel=1e-9)


def test_answers_that_are_kept_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "KEPT_ANSWERS", 3)
    survey = observatory.survey(pa.table({"x": [1.0, 2.0, 3.0, 4.0]}))
    found = [survey.total("x", where=f"x > {limit}")[0].value for limit in (0, 1, 2, 3, 0)]
    assert found == [10.0, 9.0, 7.0, 4.0, 10.0]
    assert len(survey.responses.answers) == 3


@pytest.mark.parametrize("values", [[[1], [2]], [b"a", b"b"], [{"a": 1}, {"a": 2}]])
def test_values_that_are_no_answers_are_told(values: list[Any]) -> None:
    with pytest.raises(observatory.SurveyError, match=r"q holds .* values, which are no answers to one question"):
        observatory.survey(pa.table({"q": values})).proportion("q")


@pytest.mark.parametrize("values", [[1.0, float("inf")], [1e308, 1e308]])
def test_totals_that_are_not_finite_stop(values: list[float]) -> None:
    with pytest.raises(observatory.SurveyError, match="is not finite, because a value is infinite or the values are"):
        observatory.survey(pa.table({"x": values})).mean("x")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), True])
def test_a_population_that_is_no_number_is_told(number: float) -> None:
    with pytest.raises(observatory.SurveyError, match=r"population is (nan|inf|True); it must be the number"):
        observatory.survey(pa.table({"x": [1.0, 2.0]}), population=number)


def test_strata_with_long_fractions_keep_all_their_responses() -> None:
    table = pa.table({"h": [0.1 + 0.2, 0.1 + 0.2, 1 / 3, 1 / 3], "x": [1.0, 2.0, 3.0, 4.0], "N": [10] * 4})
    (row,) = observatory.survey(table, strata="h", population="N").mean("x")
    assert (row.value, row.n, row.weighted_n) == (2.5, 4, 20.0)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ({"weights": [1, 2]}, r"list \[1, 2\] is no name of a column"),
        ({"units": ["u"], "population": [5]}, "int 5 is no name of a column"),
        ({"strata": 3}, "int 3 is no name of a column"),
        ({"strata": "h"}, "the design column h holds lists"),
    ],
)
def test_a_design_that_names_no_columns_is_told(named: dict[str, Any], told: str) -> None:
    with pytest.raises(observatory.SurveyError, match=told):
        observatory.survey(pa.table({"x": [1.0, 2.0], "u": [1, 2], "h": [[1], [2]]}), **named).mean("x")


def test_labels_of_a_text_file_stay_as_printed(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("q,t,code\nYes,TRUE,01\nNo,FALSE,13\nNA,T,01\n", encoding="utf-8")
    survey = observatory.survey(file)
    assert [row.category for code in ("q", "t", "code") for row in survey.proportion(code)] == [
        "No", "Yes", "FALSE", "T", "TRUE", "01", "13",
    ]  # fmt: skip
    file.write_bytes("q\nはい\n".encode("shift_jis"))
    with pytest.raises(observatory.SurveyError, match="not in UTF-8"):
        observatory.survey(file)


def test_other_designs_of_a_survey_leave_nothing_more_in_the_connection() -> None:
    connection = duckdb.connect()
    table = connection.from_arrow(pa.table({"x": [1.0, 2.0, 3.0, 4.0], "N": [10] * 4, "h": [1, 1, 2, 2]}))
    survey = observatory.survey(table, connection=connection, population="N", strata="h")
    made = connection.execute("select count(*) from duckdb_tables()").fetchall()
    (row,) = survey.with_design(inference="process").mean("x")
    # Strata means 1.5 and 3.5, variances 0.5, two of each: (0.5 / 2 + 0.5 / 2) / 4.
    assert row.standard_error == pytest.approx(0.125**0.5)
    (row,) = survey.with_design(lonely_psu="adjust").mean("x")
    assert row.standard_error == pytest.approx((0.125 * 0.8) ** 0.5)
    assert connection.execute("select count(*) from duckdb_tables()").fetchall() == made
    other = observatory.survey(table, connection=connection, population="N")
    assert (other.mean("x")[0].value, survey.mean("x")[0].value) == (2.5, 2.5)


def test_surveys_of_one_connection_and_of_several_threads_do_not_meet() -> None:
    numbers = np.random.default_rng(1).integers(0, 4, (600, 12))
    connection = duckdb.connect()
    names = [f"q{i}" for i in range(12)]
    tables = [pa.table(dict(zip(names, (numbers + shift).T, strict=True))) for shift in (0, 1)]
    alone = [{name: observatory.survey(table).mean(name)[0].value for name in names} for table in tables]
    shared = [
        observatory.survey(connection.from_arrow(table), connection=connection, population=700 + 100 * i)
        for i, table in enumerate(tables)
    ]

    def asked(task: tuple[int, str]) -> Estimate:
        row: Estimate = shared[task[0]].mean(task[1])[0]
        return row

    tasks = [(which, name) for name in names for which in (0, 1)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(asked, tasks))
    assert [row.value for row in found] == pytest.approx([alone[which][name] for which, name in tasks])


COLUMN_NAMES = ("w", "v", "place", "k0", "k1", "n", "value", "response_number", "weight_from_population", "one")


@pytest.mark.parametrize(
    "design",
    [
        {},
        {"weights": "weight", "strata": "stratum", "units": "unit"},
        {"population": 400},
        {"strata": "stratum", "units": "unit", "inclusion": "chance"},
        {"units": "unit", "strata": "stratum", "population": "units_there"},
    ],
)
def test_a_column_is_never_taken_for_what_the_engine_names_alike(design: dict[str, Any]) -> None:
    numbers = np.arange(96)
    answers = pd.DataFrame(
        {
            "x": (numbers * 37) % 11,
            "group": np.where(numbers % 3, "a", "b"),
            "stratum": np.where(numbers < 48, "south", "north"),
            "unit": numbers // 6,
            "units_there": 40,
            "weight": 1.0 + numbers % 5,
            "chance": 0.1 + (numbers // 6) / 40,
        }
    )
    others = answers.assign(**{name: 1000.0 + (numbers * (i + 7)) % 13 for i, name in enumerate(COLUMN_NAMES)})
    plain, crowded = (observatory.survey(frame, **design) for frame in (answers, others))
    for ask in (
        lambda survey: survey.quantile("x", (0.25, 0.5), by="group"),
        lambda survey: survey.quantile("x", (0.25, 0.5), rule="hf7"),
        lambda survey: survey.mean("x", by="group", design_effect="replace"),
        lambda survey: survey.rank_test("x", "group"),
        lambda survey: survey.effect_size("auc", "x", "group"),
    ):
        assert [row.to_row() for row in ask(plain)] == [row.to_row() for row in ask(crowded)]
