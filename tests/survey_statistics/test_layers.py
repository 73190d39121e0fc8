"""Tables in layers: what points the same way, what does not, and what is too small; agreement with R is golden."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import comb

import numpy as np
import pyarrow as pa
import pytest

from analytics.survey_statistics.exact.homogeneity import breslow_day, woolf
from analytics.survey_statistics.exact.mantel_haenszel import (
    common_odds_ratio,
    conditional_common_odds_ratio,
    generalised,
    mantel_haenszel,
)
from analytics.survey_statistics.sample.design import Design, Stage, SurveyError
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey

Tables = Sequence[Sequence[Sequence[int]]]


def survey_of(tables: Tables, times: int = 1, design: Design | None = None) -> Survey:
    """Responses ``r``, ``c`` in layers ``k`` with these counts, each ``times`` over in a unit of its own."""
    rows = [
        (k, i, j)
        for k, table in enumerate(tables)
        for i, line in enumerate(table)
        for j, n in enumerate(line)
        for _ in range(n)
    ]
    columns = {
        "k": [f"layer {k}" for k, _, _ in rows for _ in range(times)],
        "r": [("no", "yes", "perhaps")[i] for _, i, _ in rows for _ in range(times)],
        "c": [("a", "b", "c")[j] for _, _, j in rows for _ in range(times)],
        "unit": [u for u in range(len(rows)) for _ in range(times)],
    }
    return Survey(open_table(pa.table(columns), "trial"), design or Design())


SAME = [[[20, 10], [10, 20]], [[30, 15], [12, 24]], [[16, 8], [9, 18]]]
OPPOSITE = [[[24, 8], [8, 24]], [[8, 24], [24, 8]]]


def by_enumeration(tables: Tables) -> float:
    """Two-sided p value by going through all tables with these margins."""
    probability: dict[int, float] = {}
    sides = []
    for (a, b), (c, d) in tables:
        ways = {x: comb(a + b, x) * comb(c + d, a + c - x) for x in range(max(0, a - d), min(a + b, a + c) + 1)}
        sides.append({x: n / sum(ways.values()) for x, n in ways.items()})
    for cells in product(*sides):
        p = float(np.prod([side[x] for side, x in zip(sides, cells, strict=True)]))
        probability[sum(cells)] = probability.get(sum(cells), 0.0) + p
    seen = probability[sum(table[0][0] for table in tables)]
    return sum(p for p in probability.values() if p <= seen * (1 + 1e-7))


@pytest.mark.parametrize("tables", [SAME, OPPOSITE, [[[3, 1], [0, 4]], [[2, 0], [1, 5]], [[1, 2], [2, 3]]]])
def test_the_exact_test_goes_through_every_table(tables: Tables) -> None:
    assert mantel_haenszel(tables).p_value == pytest.approx(by_enumeration(tables), rel=1e-10)


def test_association_in_opposite_directions_is_no_association_in_common() -> None:
    survey = survey_of(OPPOSITE)
    assert survey.independence_test("r", "c", "k")[0].p_value < 1e-6
    assert survey.independence_test("r", "c", "k", kind="CMH")[0].p_value == pytest.approx(1.0)
    table = survey.table("r", "c", "k")
    assert table.homogeneity_test().p_value < 1e-6
    assert table.effect_size("odds_ratio").value == pytest.approx(1.0)
    assert table.effect_size("risk_difference").value == pytest.approx(0.0, abs=1e-12)
    assert survey.exact_test("breslow-day", "r", "c", by="k")[0].p_value < 1e-6
    assert woolf(OPPOSITE).p_value is not None


def test_of_one_layer_the_test_in_common_is_that_of_the_table() -> None:
    one = survey_of(SAME[:1])
    f, common = (one.independence_test("r", "c", kind=kind)[0] for kind in ("F", "CMH"))
    assert common.statistic == pytest.approx(f.statistic, rel=1e-12)
    assert one.effect_size("odds_ratio", "r", "c", layers="k")[0].value == pytest.approx(4.0)
    assert common_odds_ratio(SAME[:1]).value == pytest.approx(4.0)


@pytest.mark.parametrize("kind", ["odds_ratio", "risk_ratio", "risk_difference"])
def test_layers_of_two_questions_are_those_of_one_that_combines_them(kind: str) -> None:
    survey = survey_of(SAME + OPPOSITE, design=Design(stages=(Stage("unit"),)))
    survey = survey.with_columns(
        first="case when k in ('layer 0', 'layer 1') then 'x' else 'y' end",
        second="case when k in ('layer 0', 'layer 2') then 'x' when k = 'layer 3' then 'z' else 'y' end",
    )
    for one in (survey, survey.replicate("JK1")):
        parts, whole = (one.effect_size(kind, "r", "c", layers=layers)[0] for layers in (["first", "second"], "k"))
        assert parts.value == pytest.approx(whole.value, rel=1e-12)
        assert parts.standard_error == pytest.approx(whole.standard_error, rel=1e-9)


def test_responses_that_repeat_in_their_unit_change_nothing() -> None:
    design = Design(stages=(Stage("unit"),))
    once, thrice = survey_of(SAME, design=design), survey_of(SAME, 3, design)
    for kind in ("CMH", "F"):
        tests = [survey.independence_test("r", "c", "k", kind=kind)[0] for survey in (once, thrice)]
        assert tests[0].p_value == pytest.approx(tests[1].p_value, rel=1e-9)
    tests = [survey.table("r", "c", "k").homogeneity_test() for survey in (once, thrice)]
    assert tests[0].p_value == pytest.approx(tests[1].p_value, rel=1e-9)
    sizes = [survey.effect_size("risk_ratio", "r", "c", layers="k")[0] for survey in (once, thrice)]
    assert sizes[0].upper == pytest.approx(sizes[1].upper, rel=1e-9)
    assert sizes[0].statistic == "common_risk_ratio"


def test_replicates_and_linearisation_tell_nearly_the_same_of_what_layers_have_in_common() -> None:
    survey = survey_of(SAME, design=Design(stages=(Stage("unit"),)))
    linear, replicated = (
        one.effect_size("odds_ratio", "r", "c", layers="k")[0] for one in (survey, survey.replicate("JK1"))
    )
    assert replicated.value == linear.value
    assert replicated.standard_error == pytest.approx(linear.standard_error, rel=0.06)
    assert replicated.standard_error != linear.standard_error


def test_a_replicate_without_a_value_is_left_out_and_told() -> None:
    survey = survey_of([[[30, 1], [10, 20]]], design=Design(stages=(Stage("unit"),))).replicate("JK1")
    (row,) = survey.effect_size("odds_ratio", "r", "c")
    assert row.note == "1 of 61 replicates leave it undefined and are left out"
    assert row.lower is not None


@pytest.mark.parametrize("kind", ["auc", "cohens_d"])
def test_a_replicate_without_one_of_the_groups_is_left_out_and_told(kind: str) -> None:
    columns = {"y": [1.0, 3.0, 2.0, 5.0, 4.0, 6.0, 9.0], "g": [*"aaaaaab"], "unit": [1, 1, 2, 2, 3, 3, 4]}
    survey = Survey(open_table(pa.table(columns), "trial"), Design(stages=(Stage("unit"),))).replicate("JK1")
    (row,) = survey.effect_size(kind, "y", "g")
    assert row.note == "1 of 4 replicates leave it undefined and are left out"


def test_simulated_tables_agree_with_the_chi_square_where_layers_are_large() -> None:
    tables = [[[20, 15, 10], [12, 18, 16], [9, 14, 22]], [[14, 12, 10], [11, 15, 13], [8, 9, 17]]]
    drawn, large = generalised(tables, method="Monte Carlo", seed=4), generalised(tables)
    assert large.method == "any association, 4 df, chi-square"
    assert drawn.monte_carlo_error is not None
    assert large.p_value is not None
    assert drawn.p_value == pytest.approx(large.p_value, abs=4 * drawn.monte_carlo_error + 0.003)
    assert generalised(tables, method="Monte Carlo", seed=4).p_value == drawn.p_value


@pytest.mark.fault
def test_r02_layers_that_are_too_small_have_an_exact_test_and_no_rough_p_value() -> None:
    thin = [[[1, 0], [0, 1]], [[1, 1], [0, 1]], [[2, 0], [1, 1]]]
    (rough,) = survey_of(thin).independence_test("r", "c", "k", kind="CMH")
    assert rough.p_value is None
    assert rough.null_reason.endswith("exact_test('mantel-haenszel', 'r', 'c', 'k') is exact")
    exact = survey_of(thin).exact_test("mantel-haenszel", "r", "c", by="k")[0]
    assert exact.p_value == pytest.approx(by_enumeration(thin))
    assert exact.effect_size.statistic == "common odds ratio"
    chi_square = mantel_haenszel(thin, method="chi-square")
    assert chi_square.p_value is None
    assert chi_square.null_reason is not None
    assert "less than 5" in chi_square.null_reason
    assert breslow_day(thin).p_value is None


@pytest.mark.fault
def test_r01_layers_that_tell_nothing_are_counted_and_alone_have_a_reason() -> None:
    silent = [[[5, 7], [0, 0]], [[4, 0], [3, 0]]]
    assert mantel_haenszel([*SAME, *silent]).note == "2 of 5 layers have all answers in one row or one column"
    assert mantel_haenszel([*SAME, *silent]).p_value == mantel_haenszel(SAME).p_value
    for found in (mantel_haenszel(silent), generalised(silent), breslow_day(silent), woolf(silent)):
        assert found.p_value is None
        assert found.null_reason.startswith("in every layer all answers are in one row or one column")
    assert conditional_common_odds_ratio(silent).null_reason == common_odds_ratio(silent).null_reason
    (row,) = survey_of([[[5, 7], [0, 0]], [[0, 0], [4, 3]]]).effect_size("odds_ratio", "r", "c", layers="k")
    assert row.value is None
    assert row.null_reason == "a cell without responses leaves it undefined"
    homogeneity = survey_of([*SAME[:1], *silent]).table("r", "c", "k").homogeneity_test()
    assert homogeneity.null_reason == "fewer than two layers in which every row and column has responses"


@pytest.mark.fault
def test_r14_what_does_not_fit_layers_is_told() -> None:
    survey = survey_of(SAME)
    with pytest.raises(
        SurveyError, match=r"phi is of two questions; choose a layer with where\. Over layers: risk_diff"
    ):
        survey.effect_size("phi", "r", "c", layers="k")
    with pytest.raises(SurveyError, match="auc is not pooled over layers"):
        survey.effect_size("auc", "r", "c", layers="k")
    with pytest.raises(SurveyError, match="has no layers to compare"):
        survey.table("r", "c").homogeneity_test()
    with pytest.raises(SurveyError, match="of the same association it is F, Chisq"):
        survey.table("r", "c", "k").homogeneity_test("Wald")
    weighted = survey_of(SAME, design=Design(stages=(Stage("unit"),)))
    with pytest.raises(SurveyError, match="kind='CMH'"):
        weighted.exact_test("mantel-haenszel", "r", "c", by="k")
    with pytest.raises(SurveyError, match=r"more than 10; use 'chi-square'"):
        mantel_haenszel(SAME, method="exact", limit=10)


def test_the_text_of_a_table_in_layers_says_what_they_have_in_common() -> None:
    lines = survey_of(SAME).table("r", "c", "k").text().splitlines()
    (test,) = [line for line in lines if "Cochran-Mantel-Haenszel" in line]
    assert test.startswith("r by c within k: F(1, 191) = ")
    assert any(line.startswith("r by c within k: common odds ratio 4 (") for line in lines)
    (same,) = [line for line in lines if "homogeneity" in line]
    assert "p = 1.000" in same
