"""Unequal probabilities that cannot be, each told in a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import observatory
import pyarrow as pa
import pytest

from analytics.survey_statistics.sample.design import Design, Inclusion, Stage, SurveyError

COLUMNS: dict[str, Any] = {"p": [0.5, 0.25, 0.2], "u": [1, 1, 2], "h": [1, 1, 2], "y": [4.0, 3.0, 2.0]}
JOINT = np.array([[0.5, 0.1, 0.08], [0.1, 0.25, 0.04], [0.08, 0.04, 0.2]])


def told(inclusion: Any, changes: dict[str, Any] | None = None, **design: Any) -> str:
    """The sentence that comes back."""
    with pytest.raises(SurveyError) as caught:
        observatory.survey(pa.table(COLUMNS | (changes or {})), inclusion=inclusion, **design).total("y")
    return str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (1.2, "is 1.2 for 1 of 3 units.*n x / sum of x"),
        (0.0, "is 0 for 1 of 3 units"),
        (-0.5, "is -0.5 for 1 of 3 units"),
        (None, "is missing in some rows"),
        (float("nan"), "is missing in some rows"),
    ],
)
@pytest.mark.fault
def test_what_is_no_probability_is_refused(wrong: float | None, words: str) -> None:
    with pytest.raises(SurveyError, match=rf"inclusion probability in p \(stage 1\) {words}"):
        observatory.survey(pa.table(COLUMNS | {"p": [0.5, 0.25, wrong]}), inclusion="p").total("y")


@pytest.mark.fault
def test_one_unit_has_one_probability() -> None:
    assert "differs inside a unit: from 0.25 to 0.5" in told("p", units="u")


@pytest.mark.fault
def test_probabilities_named_as_a_population_are_recognised() -> None:
    with pytest.raises(SurveyError, match=r"differs inside a stratum.*name these as inclusion instead"):
        observatory.survey(pa.table(COLUMNS), population="p").total("y")


@pytest.mark.parametrize(
    ("inclusion", "words"),
    [
        ({"probability": "p", "method": "sampford"}, "'sampford'; it must be one of brewer, overton"),
        ({"probability": "p", "variance": "SYG"}, "must be HT"),
        ({"probability": "p", "variance": "YG"}, "Brewer's variance is an approximation of its own"),
        ({"probability": "p", "method": "poisson", "variance": "YG"}, "Poisson sampling has none"),
        ({"probability": "p", "method": "joint"}, "needs columns of joint probabilities"),
        ({"probability": "p", "mean_square": 0.2}, "mean_square is for the method hartley_rao"),
        ({"probability": "p", "method": "hartley_rao", "mean_square": 1.5}, "must lie above 0 and be at most 1"),
        ({"p": "p"}, "Its fields are probability"),
        ({"probability": "q"}, "has no column q"),
        (0.5, "it is the name of a column"),
        ({"probability": "p", "method": "joint", "joint": "j*"}, "no columns 'j.' of joint probabilities"),
        ({"probability": "p", "method": "joint", "joint": JOINT[:2, :2]}, "2 x 2 .* must be 3 x 3"),
    ],
)
@pytest.mark.fault
def test_a_declaration_that_makes_no_sense_is_refused(inclusion: Any, words: str) -> None:
    with pytest.raises(SurveyError, match=words):
        observatory.survey(pa.table(COLUMNS), inclusion=inclusion).total("y")


@pytest.mark.fault
def test_a_stage_is_drawn_with_equal_or_with_unequal_probabilities() -> None:
    assert "name one of the two" in told("p", {"n": [9, 9, 9]}, population="n")
    with pytest.raises(SurveyError, match="samples in one stage"):
        Design(stages=(Stage("u", inclusion=Inclusion("p", "joint", joint=("a", "b"))), Stage()))


def changed(i: int, j: int, value: float, *, both: bool = True) -> Any:
    joint = JOINT.copy()
    joint[i, j] = value
    if both:
        joint[j, i] = value
    return {"probability": "p", "method": "joint", "joint": joint}


@pytest.mark.parametrize(
    ("inclusion", "words"),
    [
        (changed(0, 1, float("nan")), "2 of 9 are missing"),
        (changed(0, 1, 0.0), "2 are zero or negative, although both units were drawn"),
        (changed(0, 1, 0.11, both=False), "differs from that of b with a"),
        (changed(2, 2, 0.3), "unit 3 has 0.3 with itself, but its inclusion probability is 0.2"),
        (changed(0, 1, 0.3), "larger than the probability of one of their units"),
    ],
)
@pytest.mark.fault
def test_joint_probabilities_that_cannot_be_are_refused(inclusion: Any, words: str) -> None:
    assert words in told(inclusion)


@pytest.mark.fault
def test_joint_probabilities_fit_the_units() -> None:
    columns = {f"j{k}": JOINT[:, k] for k in range(3)}
    assert "2 columns of joint probabilities for 3 units" in told(
        {"probability": "p", "method": "joint", "joint": ("j0", "j1")}, columns
    )
    assert "differ between rows of one unit" in told(
        {"probability": "p", "method": "joint", "joint": ("j0", "j1")}, columns | {"p": [0.5, 0.5, 0.2]}, units="u"
    )


@pytest.mark.fault
def test_certain_units_beside_others_have_no_approximation_of_hartley_and_rao() -> None:
    words = told({"probability": "p", "method": "hartley_rao"}, {"p": [1.0, 0.25, 0.2]})
    assert "put those taken with certainty into a stratum of their own" in words


@pytest.mark.fault
def test_too_many_units_for_a_matrix_are_told() -> None:
    n = 2_001
    table = pa.table({"p": np.full(n, 0.5), "y": np.zeros(n), "j0": np.full(n, 0.5)})
    inclusion = Inclusion("p", "joint", joint=("j0",))
    with pytest.raises(SurveyError, match=r"2001 units are a matrix.*overton or hartley_rao"):
        observatory.survey(table, inclusion=inclusion).total("y")


@pytest.mark.fault
def test_replicates_are_not_made_of_unequal_probabilities() -> None:
    survey = observatory.survey(pa.table(COLUMNS), inclusion="p")
    with pytest.raises(SurveyError, match='inference="process"'):
        survey.replicate("JK1")
    process = observatory.survey(pa.table(COLUMNS), inclusion="p", inference="process")
    found = process.replicate("JK1").total("y")[0].standard_error
    assert found == pytest.approx(process.total("y")[0].standard_error, rel=1e-12)


@pytest.mark.fault
def test_a_negative_variance_is_no_standard_error() -> None:
    columns = {"p": [0.68, 0.4, 0.23, 0.21, 0.81, 0.88], "y": [7.2, 4.3, 2.1, 1.7, 7.9, 8.8]}
    survey = observatory.survey(pa.table(columns), inclusion={"probability": "p", "method": "overton"})
    row = survey.total("y")[0]
    assert (row.standard_error, row.lower, row.design_effect) == (None, None, None)
    assert "negative" in str(row.null_reason)
    positive = {"probability": "p", "method": "overton", "variance": "YG"}
    assert observatory.survey(pa.table(columns), inclusion=positive).total("y")[0].standard_error > 0


@pytest.mark.fault
def test_one_unit_alone_in_its_stratum_needs_a_rule() -> None:
    assert "lonely_psu = remove" in told("p", strata="h")
