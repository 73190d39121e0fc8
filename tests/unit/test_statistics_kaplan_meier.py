"""Kaplan-Meier against R, against curves worked by hand, and against what must hold for every set of spells."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics.kaplan_meier import SurvivalCurve, kaplan_meier

GOLDEN = Path(__file__).parents[1] / "golden" / "survival"


def golden(file: str) -> dict[str, list[dict[str, str]]]:
    cases: dict[str, list[dict[str, str]]] = {}
    with (GOLDEN / file).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            cases.setdefault(row["case"], []).append(row)
    return cases


def numbers(rows: list[dict[str, str]], column: str) -> np.ndarray:
    return np.array([float(row[column]) if row[column] else np.nan for row in rows])


DATA, CURVES = golden("kaplan_meier_data.csv"), golden("kaplan_meier_curve.csv")
QUANTILES = golden("kaplan_meier_quantile.csv")


def curve_of(case: str) -> SurvivalCurve:
    rows = DATA[case]
    entry = numbers(rows, "entry")
    late = None if np.isnan(entry).all() else entry
    return kaplan_meier(numbers(rows, "time"), numbers(rows, "event") == 1, late)


def test_all_the_cases_are_there() -> None:
    assert set(DATA) == set(CURVES) == set(QUANTILES)
    assert {"aml_maintained", "lung", "left_truncated", "heavy_ties", "all_censored", "one_event"} <= set(DATA)
    assert len(DATA["lung"]) == 228


@pytest.mark.parametrize("case", CURVES)
def test_counts_and_curve_equal_r(case: str) -> None:
    ours, theirs = curve_of(case), CURVES[case]
    for name in ("n_risk", "n_event", "n_censored"):
        assert getattr(ours, name).tolist() == numbers(theirs, name).astype(int).tolist()
    for name in ("time", "survival", "std_error"):
        np.testing.assert_allclose(getattr(ours, name), numbers(theirs, name), rtol=1e-12, atol=0)


@pytest.mark.parametrize("case", CURVES)
def test_intervals_equal_r_and_have_width(case: str) -> None:
    """R gives [1, 1] for the plain and log interval while S = 1; there ours is undefined."""
    ours, theirs = curve_of(case), CURVES[case]
    pairs = {
        "loglog": (ours.lower, ours.upper),
        "log": (ours.log_lower, ours.log_upper),
        "plain": (ours.plain_lower, ours.plain_upper),
    }
    certain = ours.survival == 1
    for name, (lower, upper) in pairs.items():
        for end, bound in (("lower", lower), ("upper", upper)):
            expected = numbers(theirs, f"{name}_{end}")
            assert np.isnan(bound[certain]).all()
            assert (np.isnan(expected[certain]) if name == "loglog" else expected[certain] == 1).all()
            # Where a plain lower bound comes out within rounding of zero no relative error can be asked for.
            np.testing.assert_allclose(bound[~certain], expected[~certain], rtol=1e-12, atol=1e-15)
        assert not (lower == upper).any()


@pytest.mark.parametrize("case", QUANTILES)
def test_quantiles_and_their_intervals_equal_r(case: str) -> None:
    """Where a bound rises again (two or three at risk) R may skip its first crossing; see the test below."""
    ours = curve_of(case)
    names = {"loglog": "log-log", "log": "log", "plain": "plain"}
    for row in QUANTILES[case]:
        if case == "entry_on_event_time" and row["interval"] == "loglog":
            continue
        found = ours.quantile(float(row["share"]), names[row["interval"]])
        expected = [float(row[name]) if row[name] else None for name in ("value", "lower", "upper")]
        assert [found.value, found.lower, found.upper] == pytest.approx(expected), row
        assert (found.reason is None) == (None not in expected)


def test_a_bound_that_rises_again_is_read_at_its_first_crossing() -> None:
    """Lower log-log bounds 0.054 at 2 and 0.058 at 3: both below 0.75, so the quarter may have left by 2. R says 3."""
    curve = curve_of("entry_on_event_time")
    assert np.round(curve.lower[:2], 3).tolist() == [0.054, 0.058]
    assert curve.quantile(0.25).lower == 2


def test_six_clusters_by_hand() -> None:
    """Ends 1, 2+, 3, 3, 5+, 6 years (+ = still there).

    S(1) = 5/6; at 3 four are at risk and two leave: S(3) = 5/6 * 2/4 = 5/12; at 6 the last leaves: S = 0.
    Greenwood at 3: S^2 * (1/(6*5) + 2/(4*2)) = 25/144 * 17/60.
    """
    curve = kaplan_meier([1, 2, 3, 3, 5, 6], [1, 0, 1, 1, 0, 1])
    np.testing.assert_allclose(curve.survival, [5 / 6, 5 / 6, 5 / 12, 5 / 12, 0])
    assert curve.n_risk.tolist() == [6, 5, 4, 2, 1]
    assert curve.std_error[2] == pytest.approx((25 / 144 * 17 / 60) ** 0.5)
    assert np.isnan(curve.std_error[-1])
    assert curve.median().value == 3
    assert curve.at(0.5).survival == 1
    assert curve.at(4).survival == pytest.approx(5 / 12)
    assert curve.at(9).survival == 0
    assert curve.at(9).reason == "nobody is left, so there is no interval"


def test_delayed_entry_by_hand() -> None:
    """Spells (0, 2] exit, (1, 4] exit, (3, 5] still there: at 2 two are at risk, at 4 two: S = 1/2, then 1/4.

    The third unit must not count as a survivor of the time before it came under observation: ignoring entry gives
    S(2) = 2/3.
    """
    curve = kaplan_meier([2, 4, 5], [1, 1, 0], entry=[0, 1, 3])
    assert curve.n_risk.tolist() == [2, 2, 1]
    assert curve.n_entered.tolist() == [2, 1, 0]
    assert curve.survival.tolist() == [0.5, 0.25, 0.25]
    assert curve.reason is None


def test_a_curve_that_starts_late_says_so() -> None:
    curve = kaplan_meier([4, 6], [1, 0], entry=[2, 3])
    assert curve.reason == "conditional on reaching 2: nobody was under observation before"
    assert curve.at(1).survival is None
    assert curve.at(1).reason == "nobody was under observation before 2"


def test_an_emptied_risk_set_is_reported() -> None:
    curve = curve_of("left_truncated_emptied")
    assert curve.reason == (
        "nobody was under observation just after 2; "
        "all at risk had left at 2, so the curve stays at 0 although units entered later"
    )
    assert curve_of("left_truncated_gap").reason == "nobody was under observation just after 3"


def test_after_the_last_time_the_curve_is_unknown() -> None:
    point = kaplan_meier([1, 2], [1, 0]).at(2.5)
    assert point.survival is None
    assert point.reason == "nobody was under observation after 2"


@pytest.mark.parametrize(
    ("time", "event", "entry", "message"),
    [
        ([], [], None, "at least one spell"),
        ([1, 2], [1], None, "lists of one length"),
        ([1, 2], [1, 2], None, "event must be true or false"),
        ([1, np.nan], [1, 0], None, "row 2: a time is missing"),
        ([1, 3], [1, 0], [0, 3], "row 2: the entry 3 must lie before the end 3"),
    ],
)
def test_what_is_no_spell_is_refused(time: list[float], event: list[int], entry: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kaplan_meier(time, event, entry)


spells = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None)
@given(spells)
def test_without_censoring_the_curve_is_the_share_still_there(rows: list[tuple[int, bool]]) -> None:
    times = [time for time, _ in rows]
    curve = kaplan_meier(times, [True] * len(times))
    share = [sum(time > t for time in times) / len(times) for t in curve.time]
    np.testing.assert_allclose(curve.survival, share, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(spells, st.floats(0.25, 40), st.randoms())
def test_unit_of_time_and_order_of_rows_do_not_matter(
    rows: list[tuple[int, bool]], unit: float, random: object
) -> None:
    first = kaplan_meier([time for time, _ in rows], [event for _, event in rows])
    random.shuffle(rows)  # type: ignore[attr-defined]
    second = kaplan_meier([time * unit for time, _ in rows], [event for _, event in rows])
    np.testing.assert_array_equal(first.survival, second.survival)
    np.testing.assert_array_equal(first.lower, second.lower)
    np.testing.assert_allclose(first.time * unit, second.time)


@settings(max_examples=60, deadline=None)
@given(spells)
def test_entry_at_the_origin_changes_nothing(rows: list[tuple[int, bool]]) -> None:
    times, events = [time for time, _ in rows], [event for _, event in rows]
    plain, late = kaplan_meier(times, events), kaplan_meier(times, events, [0] * len(times))
    np.testing.assert_array_equal(plain.survival, late.survival)
    assert plain.n_risk.tolist() == late.n_risk.tolist()
