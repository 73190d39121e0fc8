"""Totals of cells: what the engine adds up equals what a loop over the rows gives, however it was asked before."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.survey_statistics.sample.cells import cell_totals
from analytics.survey_statistics.sample.design import Design, Replicates, Stage, SurveyError
from analytics.survey_statistics.sample.engine import literal
from analytics.survey_statistics.sample.responses import Responses
from analytics.survey_statistics.sample.structure import structure
from analytics.survey_statistics.survey import Survey

# Every weight and number is a sum of powers of two, so that sums are exact in whatever order.
ROWS = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3]),  # stratum
        st.integers(1, 3),  # unit
        st.sampled_from([0.0, 0.5, 1.0, 2.25]),  # weight
        st.sampled_from([None, 1, 2, -1]),  # question
        st.sampled_from([None, "north", "south"]),  # domain
        st.sampled_from([None, 0.25, 4.0, -3.5]),  # number
    ),
    min_size=1,
    max_size=25,
).filter(lambda rows: any(row[2] for row in rows))
COLUMNS = "h tinyint, u tinyint, w double, q tinyint, d varchar, x double"
CLUSTERED = Design("w", (Stage("u", "h"),), lonely_psu="adjust")
PLAIN = Design("w", (Stage(None, "h"),), lonely_psu="adjust")


class Counting:
    """A connection that counts what it is asked."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection, self.asked = connection, 0

    def execute(self, query: str) -> duckdb.DuckDBPyConnection:
        self.asked += 1
        return self.connection.execute(query)


ENGINE = duckdb.connect(config={"threads": 1})
TABLE = itertools.count()


def survey_of(columns: str, rows: list[tuple[Any, ...]], design: Design) -> Survey:
    name = f"t{next(TABLE)}"
    ENGINE.execute(f"create table {name} ({columns})")
    if rows:
        ENGINE.execute(
            f"insert into {name} values {', '.join('(' + ', '.join(map(literal, row)) + ')' for row in rows)}"
        )
    described = {row[0]: row[1] for row in ENGINE.execute(f"describe {name}").fetchall()}
    return Survey(Responses(ENGINE, name, described, {}, "t"), design)


def totals_of(survey: Survey, keys: list[str], values: tuple[str, ...] = ()) -> Mapping[Any, tuple[Any, ...]]:
    found = cell_totals(survey, keys, values)
    by_cell = found.totals.value.reshape(len(found.cells), -1).tolist() if found.cells else []
    return {cell: (n, *parts) for cell, n, parts in zip(found.cells, found.totals.n.tolist(), by_cell, strict=True)}


@settings(max_examples=25, deadline=None)
@given(rows=ROWS, design=st.sampled_from([CLUSTERED, PLAIN]))
def test_totals_are_those_of_a_loop_whatever_was_asked_before(rows: list[tuple[Any, ...]], design: Design) -> None:
    survey = survey_of(COLUMNS, rows, design)
    wanted: dict[Any, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
    alone: dict[Any, list[float]] = defaultdict(lambda: [0, 0.0])
    for _, _, weight, question, domain, number in rows:
        if question is not None and domain is not None and number is not None:
            cell = wanted[domain, question]
            cell[0] += weight > 0
            cell[1] += weight
            cell[2] += weight * number
        if question is not None:
            alone[(question,)][0] += weight > 0
            alone[(question,)][1] += weight
    assert totals_of(survey, ['"d"', '"q"'], ('"x"',)) == {key: tuple(cell) for key, cell in wanted.items()}
    cell_totals(survey, ['"d"', '"q"'])
    assert totals_of(survey, ['"q"']) == {key: tuple(cell) for key, cell in alone.items()}
    fresh = survey_of(COLUMNS, rows, design)
    assert totals_of(survey, ['"q"']) == totals_of(fresh, ['"q"'])


@settings(max_examples=12, deadline=None)
@given(rows=ROWS, design=st.sampled_from([CLUSTERED, PLAIN]))
def test_variances_from_sums_of_finer_cells_are_those_of_the_cells(rows: list[tuple[Any, ...]], design: Design) -> None:
    coarse, fine = survey_of(COLUMNS, rows, design), survey_of(COLUMNS, rows, design)
    fine.keep(["q"], by="d")
    one, other = (cell_totals(each, ['"q"']).totals for each in (coarse, fine))
    gradient = np.eye(len(one.value))
    assert other.spread.covariance(gradient) == pytest.approx(one.spread.covariance(gradient), abs=1e-9)


def test_one_reading_answers_overall_by_domain_and_by_state() -> None:
    survey = survey_of(COLUMNS, [(1, i % 4, 1.0, (i % 5) or None, "ab"[i % 2], 1.0) for i in range(40)], CLUSTERED)
    survey.keep(["q"], by="d")
    counting = Counting(ENGINE)
    object.__setattr__(survey.responses, "connection", counting)
    assert totals_of(survey, ['"q"'])[(1,)] == (8, 8.0)
    assert totals_of(survey, ['"d"', '"q"'])["b", 1] == (4, 4.0)
    assert totals_of(survey, ['"d"'])[("a",)] == (20, 20.0)
    assert counting.asked == 0
    assert totals_of(survey, ["case when \"q\" is null then 'none' when \"q\" > 3 then 'high' end"]) == {
        ("high",): (8, 8.0), ("none",): (8, 8.0),
    }  # fmt: skip
    assert counting.asked == 1  # the recoding of six numbers, no respondent


def test_stages_below_the_first_are_nested_and_counted() -> None:
    """District 1: 2 of 10 schools, in each 2 of 4 and 1 of 5 classes; district 2: 1 of 3 schools with 2 of 2."""
    rows = [
        (1, "a", 1, 10, 4), (1, "a", 1, 10, 4), (1, "a", 2, 10, 4), (1, "b", 1, 10, 5), (2, "a", 1, 3, 2),
        (2, "a", 2, 3, 2),
    ]  # fmt: skip
    design = Design(None, (Stage("school", "district", "schools"), Stage("class", None, "classes")))
    survey = survey_of("district int, school varchar, class int, schools int, classes int", rows, design)
    first, second = structure(survey).frame.units
    assert first.stratum.tolist() == [0, 0, 1]
    assert first.sampled.tolist() == [2, 1]
    assert first.population.tolist() == [10, 3]
    assert second.parent.tolist() == [0, 0, 1, 2, 2]
    assert second.sampled.tolist() == [2, 1, 2]
    assert second.population.tolist() == [4, 5, 2]
    # Weights: 10/2 * 4/2 three times, 10/2 * 5/1, 3/1 * 2/2 twice.
    assert cell_totals(survey, []).totals.value.tolist() == [3 * 10 + 25 + 2 * 3]


def test_shares_are_populations_too_and_process_knows_none() -> None:
    rows = [(1, 0.25), (1, 0.25), (2, 0.5)]
    survey = survey_of("h int, share double", rows, Design(None, (Stage(None, "h", "share"),), lonely_psu="remove"))
    last = structure(survey).frame.responses
    assert last is not None
    assert last.population.tolist() == [8, 2]
    assert cell_totals(survey, []).totals.value.tolist() == [10]
    process = survey.with_design(inference="process")
    endless = structure(process).frame.responses
    assert endless is not None
    assert np.isinf(endless.population).all()
    assert cell_totals(process, []).totals.value.tolist() == [10]


def test_weights_of_zero_stay_in_the_frame_and_in_nothing_else() -> None:
    rows = [(1, 1, 1.0, 1), (1, 2, 0.0, 1), (1, 2, 0.0, 2), (1, 3, 2.0, 1)]
    survey = survey_of("h int, u int, w double, q tinyint", rows, Design("w", (Stage("u", "h"),)))
    (stage,) = structure(survey).frame.units
    assert stage.sampled.tolist() == [3]
    assert stage.is_weighted is not None
    assert stage.is_weighted.tolist() == [True, False, True]
    found = cell_totals(survey, ['"q"']).totals
    assert found.n.tolist() == [2, 0]
    assert found.value.tolist() == [3, 0]


def test_replicate_weights_are_added_up_one_by_one() -> None:
    rows = [(2.0, 0.0, 4.0, 1, 3.0), (2.0, 4.0, 0.0, 2, 5.0), (1.0, 1.0, 1.0, 1, None)]
    columns = "w double, r1 double, r2 double, q tinyint, x double"
    combined = Replicates(("r1", "r2"), "BRR")
    found = cell_totals(survey_of(columns, rows, Design("w", replicates=combined)), ['"q"'], ('"x"',)).totals
    assert found.replicates is not None
    assert found.value.tolist() == [2, 6, 2, 10]
    assert found.replicates.tolist() == [[0, 0, 4, 20], [4, 12, 0, 0]]
    factors = Replicates(("r1", "r2"), "BRR", combined=False)
    found = cell_totals(survey_of(columns, rows, Design("w", replicates=factors)), ['"q"']).totals
    assert found.replicates is not None
    assert found.replicates.tolist() == [[1, 8], [9, 0]]


def test_the_same_sums_are_the_same_bytes() -> None:
    rows = [(i % 3, i % 7, 0.1 + i / 7, i % 4, None, math.sqrt(i)) for i in range(500)]
    first, second = (
        cell_totals(survey_of(COLUMNS, rows, CLUSTERED), ['"q"'], ('"x"',)).totals.value.tobytes() for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize(
    ("weight", "told"),
    [(None, "1 missing of 3"), (-1.0, "1 negative of 3"), (math.inf, "1 infinite of 3"), (math.nan, "1 missing of 3")],
)
def test_weights_that_cannot_be_used_stop_with_what_was_found(weight: float | None, told: str) -> None:
    survey = survey_of("w double, q int", [(1.0, 1), (weight, 1), (0.0, 2)], Design("w"))
    with pytest.raises(SurveyError, match=rf"the weights in w cannot be used: {told}.*weights\.$"):
        cell_totals(survey, ['"q"'])


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(1, 1.0), (1, 1.0), (1, 1.0)], None),
        ([(1, 2.0), (1, 2.0), (1, 2.0)], "is 2 in a stratum where 3 were sampled"),
        ([(1, 5.0), (1, 6.0), (2, 5.0)], "differs inside a stratum: from 5 to 6"),
        ([(1, 5.0), (1, None), (2, 5.0)], "is missing in some rows"),
        ([(1, 0.0), (1, 0.0), (2, 5.0)], "is zero or negative"),
        ([(1, 5.0), (None, 5.0), (2, 5.0)], "the design column h is empty in some rows"),
    ],
)
def test_strata_and_populations_that_contradict_the_sample_stop(rows: list[Any], told: str | None) -> None:
    design = Design(None, (Stage(None, "h", "n"),), lonely_psu="remove")
    if told is None:
        assert cell_totals(survey_of("h int, n double", rows, design), []).totals.value.tolist() == [3]
        return
    with pytest.raises(SurveyError, match=told):
        cell_totals(survey_of("h int, n double", rows, design), [])


def test_a_mistyped_condition_comes_back_as_a_sentence() -> None:
    survey = survey_of("q int", [(1,)], Design())
    with pytest.raises(SurveyError, match=r'could not be added up .*"colour".*over the columns of the survey: q\.$'):
        cell_totals(survey, ['"q"'], where="colour = 1")


def test_r01_a_survey_without_responses_has_no_cells() -> None:
    found = cell_totals(survey_of(COLUMNS, [], PLAIN), ['"q"'])
    assert found.cells == ()
    assert found.totals.n.tolist() == []
