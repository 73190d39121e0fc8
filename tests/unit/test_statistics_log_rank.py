"""Log-rank tests against R (survdiff, score test of coxph, coin), against a table worked by hand, and properties."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics.log_rank import LogRank, PermutationTest, log_rank, log_rank_permutation

GOLDEN = Path(__file__).parents[1] / "golden" / "survival"


def golden(file: str) -> list[dict[str, str]]:
    with (GOLDEN / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


DATA, TESTS = golden("log_rank_data.csv"), golden("log_rank_test.csv")
GROUPS, VARIANCES = golden("log_rank_group.csv"), golden("log_rank_variance.csv")
LARGE = [row for row in TESTS if row["source"] != "permutation"]
PERMUTED = [row for row in TESTS if row["source"] == "permutation"]


def arguments(case: str) -> dict[str, object]:
    rows = [row for row in DATA if row["case"] == case]
    late = rows[0]["entry"] != ""
    return {
        "time": [float(row["time"]) for row in rows],
        "event": [int(row["event"]) for row in rows],
        "group": [row["group"] for row in rows],
        "strata": [row["stratum"] for row in rows],
        "entry": [float(row["entry"]) for row in rows] if late else None,
    }


def large_sample(case: str) -> LogRank:
    return log_rank(**arguments(case))  # type: ignore[arg-type]


def by_permutation(case: str, **settings: int) -> PermutationTest:
    return log_rank_permutation(**arguments(case), **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("row", LARGE, ids=lambda row: f"{row['case']} {row['source']}")
def test_statistic_equals_r(row: dict[str, str]) -> None:
    """survdiff without, and coxph with delayed entry; breslow where no two exits tie."""
    result = large_sample(row["case"])
    assert result.statistic == pytest.approx(float(row["statistic"]), rel=1e-11)
    assert result.df == int(row["df"])
    assert result.p_value == pytest.approx(float(row["p_value"]), rel=1e-11)


@pytest.mark.parametrize("case", sorted({row["case"] for row in GROUPS}))
def test_observed_expected_and_variance_equal_r(case: str) -> None:
    result = large_sample(case)
    rows = [row for row in GROUPS if row["case"] == case]
    assert result.groups == tuple(row["group"] for row in rows)
    np.testing.assert_array_equal(result.observed, [float(row["observed"]) for row in rows])
    np.testing.assert_allclose(result.expected, [float(row["expected"]) for row in rows], rtol=1e-12)
    matrix = np.zeros((len(rows), len(rows)))
    for row in VARIANCES:
        if row["case"] == case:
            matrix[int(row["row"]) - 1, int(row["column"]) - 1] = float(row["value"])
    np.testing.assert_allclose(result.variance, matrix, rtol=1e-11)


def test_four_clusters_by_hand() -> None:
    """Group a leaves at 1 and 2, group b at 3 and is still there at 4.

    At 1: 2 of a among 4, E = 1/2, V = 1/4; at 2: 1 of a among 3, E = 1/3, V = 2/9; at 3: none of a.
    O - E = 2 - 5/6 = 7/6, V = 17/36, statistic = (49/36) / (17/36) = 49/17.
    """
    result = log_rank([1, 2, 3, 4], [1, 1, 1, 0], ["a", "a", "b", "b"])
    assert result.statistic == pytest.approx(49 / 17)
    assert result.expected.tolist() == pytest.approx([5 / 6, 13 / 6])
    assert result.variance[0].tolist() == pytest.approx([17 / 36, -17 / 36])


def test_the_same_four_by_permutation_by_hand() -> None:
    """Scores 1 - 1/4, 1 - 7/12, 1 - 13/12, 0 - 13/12 = 9/12, 5/12, -1/12, -13/12.

    Of the six pairs that may be called a, only {1, 2} and {3, 4} have a sum of 14/12 either way: p = 2/6. Their sum
    of squares is 276/144, so the variance of a sum of two is 276/144 / 3 * (2 - 4/4) = 92/144, and the statistic
    with one degree of freedom is (14/12)^2 / (92/144) = 196/92.
    """
    result = log_rank_permutation([1, 2, 3, 4], [1, 1, 1, 0], ["a", "a", "b", "b"])
    assert result.p_value == pytest.approx(2 / 6)
    assert result.statistic == pytest.approx(196 / 92)
    assert (result.method, result.n_outcomes, result.standard_error) == ("exact", 6, None)


@pytest.mark.parametrize("row", [row for row in PERMUTED if row["case"] != "aml"], ids=lambda row: row["case"])
def test_permutation_test_equals_r(row: dict[str, str]) -> None:
    result = by_permutation(row["case"])
    assert result.method == "exact"
    assert result.statistic == pytest.approx(float(row["statistic"]))
    assert result.p_value == pytest.approx(float(row["p_value"]), rel=1e-9)


def test_too_many_labellings_are_drawn_with_their_error() -> None:
    """C(23, 11) = 1,352,078 labellings; R lists them all."""
    exact = next(row for row in PERMUTED if row["case"] == "aml")
    result = by_permutation("aml")
    assert (result.method, result.n_outcomes) == ("Monte Carlo", 20_000)
    assert result.statistic == pytest.approx(float(exact["statistic"]))
    assert result.p_value is not None
    assert result.standard_error == pytest.approx((0.065 * 0.935 / 20_000) ** 0.5, rel=0.05)
    assert abs(result.p_value - float(exact["p_value"])) < 4 * result.standard_error
    assert by_permutation("aml") == result
    assert by_permutation("aml", seed=1).p_value != result.p_value


def test_labels_are_dealt_within_strata_only() -> None:
    """Two strata of two, one exit each at different times: 2 x 2 labellings, all equally far or at zero.

    Within each stratum the first to leave has the score 1 - 1/2, the other 1 - 3/2 = -1/2 when both leave. Group a
    leaves first in both: sums 1, 0, 0, -1, so p = 2/4; without strata there would be six labellings.
    """
    result = log_rank_permutation([1, 2, 1, 2], [1, 1, 1, 1], ["a", "b", "a", "b"], strata=["s", "s", "t", "t"])
    assert (result.n_outcomes, result.p_value) == (4, 0.5)


def test_delayed_entry_enters_the_scores_by_hand() -> None:
    """Spells (0, 2] and (1, 4] end in an exit, (3, 5] is censored; the hazard is 1/2 at 2 and 1/2 at 4.

    Scores 1 - 1/2, 1 - 1 and 0 - 1/2 (the third entered after 2). Group a is the first: its sum is 1/2, and of the
    three labellings two are as far from zero. Variance 1/4 * (1 - 1/3) = 1/6, statistic 1/4 * 6 = 3/2.
    """
    result = log_rank_permutation([2, 4, 5], [1, 1, 0], ["a", "b", "b"], entry=[0, 1, 3])
    assert result.p_value == pytest.approx(2 / 3)
    assert result.statistic == pytest.approx(3 / 2)


@pytest.mark.parametrize(
    ("time", "event", "group", "entry", "reason"),
    [
        ([1, 2], [1, 1], ["a", "a"], None, "fewer than two groups"),
        ([1, 2], [0, 0], ["a", "b"], None, "fewer than two groups"),
        ([1, 2, 5, 6], [1, 1, 1, 1], ["a", "a", "b", "b"], [0, 0, 4, 4], "never at risk together"),
    ],
)
def test_undefined_tests_have_a_reason(
    time: list[float], event: list[int], group: list[str], entry: list[float] | None, reason: str
) -> None:
    result = log_rank(time, event, group, entry=entry)
    assert (result.statistic, result.df, result.p_value) == (None, None, None)
    assert reason in str(result.reason)


def test_one_group_has_no_permutation_test() -> None:
    result = log_rank_permutation([1, 2], [1, 1], ["a", "a"])
    assert (result.statistic, result.p_value, result.method) == (None, None, None)
    assert result.reason == "no labelling differs from another: one group or no exits"


def test_lists_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="group and strata must be as long as time: found 1 and 2 for 2"):
        log_rank([1, 2], [1, 1], ["a"])


rows = st.lists(st.tuples(st.integers(1, 8), st.booleans(), st.sampled_from("ab")), min_size=4, max_size=10)


@settings(max_examples=50, deadline=None)
@given(rows, st.floats(0.5, 30))
def test_names_and_unit_of_time_do_not_matter(spells: list[tuple[int, bool, str]], unit: float) -> None:
    time, event, group = zip(*spells, strict=True)
    first = log_rank(time, event, group)
    second = log_rank([each * unit for each in time], event, ["z" if each == "a" else "b" for each in group])
    assert (first.statistic is None) == (second.statistic is None)
    if first.statistic is not None:
        assert second.statistic == pytest.approx(first.statistic, abs=1e-9)
    assert first.observed.sum() == pytest.approx(first.expected.sum())


@settings(max_examples=50, deadline=None)
@given(rows)
def test_a_permutation_p_value_counts_the_data_themselves(spells: list[tuple[int, bool, str]]) -> None:
    result = log_rank_permutation(*zip(*spells, strict=True))
    if result.p_value is not None:
        assert 1 / result.n_outcomes <= result.p_value <= 1
