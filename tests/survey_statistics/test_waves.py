"""Change between waves with units in common: equal to R where R has it, and never surer than the waves allow."""

from __future__ import annotations

import csv
import math
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.survey_statistics.result import Estimate
from analytics.survey_statistics.sample.design import Design, Inclusion, Replicates, Stage, SurveyError
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey
from tests.survey_statistics import golden

Case = dict[str, str]
RESPONDENT = {"school": "school", "organisation": "organisation", "firm": "firm", "pupil": "pupil"}


def cases() -> list[Case]:
    with (golden.FOLDER / "waves.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def wave(design: str, rows: str, *, is_later: bool) -> Survey:
    """A wave of a design of ``designs.json``: the rows of the file, in the later one with other answers."""
    told = golden.designs()[design]
    table = golden.sample(told["data"])
    i = np.arange(1, len(table) + 1)
    columns: dict[str, Any] = {name: table[name] for name in table.column_names} | {"i": i}
    if is_later:
        income = table["income"].to_pylist()
        columns["income"] = [
            None if y is None else y * 1.05 + (k * 37) % 101 / 2 for y, k in zip(income, i.tolist(), strict=True)
        ]
        member = table["member"].to_pylist()
        columns["member"] = [
            {"yes": "no", "no": "yes"}.get(m) if k % 5 == 0 else m for m, k in zip(member, i.tolist(), strict=True)
        ]
    kept = np.array(pa.table(columns)["i"].to_pylist())
    chosen = {"true": kept > 0, "i % 4 <> 0": kept % 4 != 0, "i % 4 <> 1": kept % 4 != 1, "i <= 50": kept <= 50,
              "i > 20": kept > 20, "i <= 40": kept <= 40, "i > 40": kept > 40}[rows]  # fmt: skip
    made = Survey(
        open_table(pa.table(columns).filter(pa.array(chosen)), told["data"]), golden.design_of(told["design"])
    )
    for step, arguments in told.get("steps", ()):
        made = getattr(made, step)(**arguments)
    return made


def changed(case: Case) -> Estimate:
    earlier, later = (
        wave(case["design"], case["earlier"], is_later=False),
        wave(case["design"], case["later"], is_later=True),
    )
    respondent = RESPONDENT.get(golden.designs()[case["design"]]["data"], "unit")
    return earlier.change(later, case["statistic"], case["question"], respondent=respondent)[-1]


@pytest.mark.parametrize("design", sorted({case["design"] for case in cases()}))
def test_agrees_with_r(design: str) -> None:
    wrong = []
    for case in cases():
        if case["design"] == design:
            found = getattr(changed(case), case["field"])
            if not math.isclose(found, float(case["expected"]), rel_tol=1e-8):
                wrong.append(f"{case['case']} {case['statistic']} {case['field']}: {found!r}, R has {case['expected']}")
    assert not wrong, "\n".join(wrong)


def test_units_of_both_waves_count_once_in_the_degrees_of_freedom() -> None:
    case = {
        "design": "school_stratified",
        "earlier": "i % 4 <> 0",
        "later": "i % 4 <> 1",
        "statistic": "mean",
        "question": "income",
    }
    row = changed(case)
    table = golden.sample("school")
    kinds = {
        (kind, i)
        for i, (kind, y) in enumerate(zip(table["kind"].to_pylist(), table["income"].to_pylist(), strict=True), 1)
        if y is not None
    }
    assert row.degrees_of_freedom == len(kinds) - len({kind for kind, _ in kinds})
    assert row.method.startswith("mean, covariance of 65 units in both waves (")
    assert row.context.is_fpc_used


ANSWERS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from("xyz")), min_size=4, max_size=14)


@settings(max_examples=12, deadline=None)
@given(rows=ANSWERS, extra=st.integers(0, 40), by_strata=st.booleans())
def test_a_change_never_has_a_negative_variance_and_nobody_in_common_adds_the_variances(
    rows: list[tuple[int, int, str]], extra: int, by_strata: bool
) -> None:
    waves = []
    for place in (0, 1):
        there = [(k, row) for k, row in enumerate(rows) if row[2] in ("xy", "yz")[place]]
        if len(there) < 2:
            return
        columns = {
            "id": [k for k, _ in there],
            "y": [float(row[place]) for _, row in there],
            "h": ["odd" if k % 2 else "even" for k, _ in there],
            "size": [float(len(rows) + extra)] * len(there),
        }
        stage = Stage(strata="h" if by_strata else None, population="size")
        waves.append(Survey(open_table(pa.table(columns), "wave"), Design(stages=(stage,), lonely_psu="adjust")))
    for statistic in ("mean", "total"):
        (row,) = waves[0].change(waves[1], statistic, "y", respondent="id")
        each = [getattr(wave, statistic)("y")[0].standard_error for wave in waves]
        if row.standard_error is None or None in each:
            continue
        most = each[0] + each[1]
        assert abs(each[0] - each[1]) - 1e-9 * most <= row.standard_error <= most * (1 + 1e-9)
        if "0 units in both" in row.method:
            assert row.standard_error == pytest.approx(math.hypot(*each))


def test_replicates_that_were_made_of_each_wave_are_not_taken_for_those_of_the_other() -> None:
    earlier, later = golden.survey("household_clusters"), golden.survey("household_later")
    linear = earlier.change(later, "mean", "hours", respondent="person")[0]
    made = earlier.replicate("JKn").change(later.replicate("JKn"), "mean", "hours", respondent="person")[0]
    assert made.standard_error == linear.standard_error


def test_units_drawn_with_unequal_probabilities_change_as_the_differences_of_the_same_units() -> None:
    chances = [0.1, 0.25, 0.4, 0.55, 0.3, 0.2, 0.35]
    before, after = [3.0, 5.0, 2.0, 8.0, 6.0, 4.0, 7.0], [4.0, 5.0, 4.0, 7.0, 9.0, 4.0, 6.5]
    stage = Stage(inclusion=Inclusion("chance", method="brewer"))

    def drawn(values: list[float], places: list[int]) -> Survey:
        columns = {"id": places, "y": [values[i] for i in places], "chance": [chances[i] for i in places]}
        columns["w"] = [1 / chances[i] for i in places]
        return Survey(open_table(pa.table(columns), "drawn"), Design(weights="w", stages=(stage,)))

    every, turned = [0, 1, 2, 3, 4, 5, 6], [6, 2, 0, 5, 1, 4, 3]
    (row,) = drawn(before, every).change(drawn(after, turned), "total", "y", respondent="id")
    apart = drawn([b - a for a, b in zip(before, after, strict=True)], every).total("y")[0]
    assert row.standard_error == pytest.approx(apart.standard_error, rel=1e-12)


def test_who_answered_by_one_column_is_not_kept_for_another() -> None:
    stage = Stage(inclusion=Inclusion("chance", method="brewer"))

    def drawn(values: list[float], forms: list[int]) -> Survey:
        columns = {"y": values, "chance": [0.1, 0.25, 0.4, 0.55], "person": [1, 2, 3, 4], "form": forms}
        columns["w"] = [1 / p for p in columns["chance"]]
        return Survey(open_table(pa.table(columns), "drawn"), Design(weights="w", stages=(stage,)))

    def waves() -> tuple[Survey, Survey]:
        return drawn([3.0, 5.0, 2.0, 8.0], [1, 2, 3, 4]), drawn([4.0, 5.0, 4.0, 7.0], [3, 1, 4, 2])

    (earlier, later), (same, again) = waves(), waves()
    by_person = earlier.change(later, "total", "y", respondent="person")[0]
    by_form = earlier.change(later, "total", "y", respondent="form")[0]
    assert by_form.standard_error == same.change(again, "total", "y", respondent="form")[0].standard_error
    assert by_form.standard_error != pytest.approx(by_person.standard_error, rel=1e-2)


def test_replicates_of_another_method_are_not_of_the_same_units() -> None:
    columns = {"y": [1.0, 2.0, 4.0, 7.0], "id": [1, 2, 3, 4], "r1": [2.0, 0.0, 2.0, 0.0], "r2": [0.0, 2.0, 2.0, 0.0]}
    table = open_table(pa.table(columns), "replicated")
    one, other = (
        Survey(table, Design(replicates=Replicates(columns=("r1", "r2"), method=method, rho=rho)))
        for method, rho in (("BRR", None), ("Fay", 0.3))
    )
    assert one.change(one, "mean", "y", respondent="id")[0].value == 0
    with pytest.raises(SurveyError, match="or different scales"):
        one.change(other, "mean", "y", respondent="id")
