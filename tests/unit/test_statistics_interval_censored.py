"""Interval-censored curves against R, algebra by hand, a blind maximisation, closed forms and Kaplan-Meier."""

from __future__ import annotations

import csv
from math import inf, log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from analytics.statistics.interval_censored import Npmle, interval_censored_npmle
from analytics.statistics.kaplan_meier import kaplan_meier

GOLDEN = Path(__file__).parents[1] / "golden" / "survival"


def golden(file: str, case: str = "") -> list[dict[str, str]]:
    with (GOLDEN / file).open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if case in ("", row["case"])]


CASES = [row["case"] for row in golden("interval_censored_fit.csv")]


def fitted(case: str) -> Npmle:
    rows = golden("interval_censored_data.csv", case)
    return interval_censored_npmle([float(row["left"]) for row in rows], [float(row["right"]) for row in rows])


def masses(result: Npmle) -> dict[tuple[float, float], float]:
    ends = zip(result.lower_ends.tolist(), result.upper_ends.tolist(), strict=True)
    return dict(zip(ends, result.mass.tolist(), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_masses_equal_npsurv(case: str) -> None:
    result, fit = fitted(case), golden("interval_censored_fit.csv", case)[0]
    theirs = {
        (float(row["lower"]), float(row["upper"])): float(row["mass"])
        for row in golden("interval_censored_mass.csv", case)
    }
    ours = masses(result)
    assert set(theirs) <= set(ours)
    for ends, mass in ours.items():
        assert mass == pytest.approx(theirs.get(ends, 0.0), abs=1e-8)
    assert result.log_likelihood == pytest.approx(float(fit["log_likelihood"]), rel=1e-12)
    assert result.converged
    assert result.gap < 1e-10


@pytest.mark.parametrize("case", CASES)
def test_curve_agrees_with_the_turnbull_curve_of_survfit(case: str) -> None:
    """R stops when no value moves by 5e-5, short of the maximum where the likelihood is flat; read after intervals."""
    result = fitted(case)
    rows = golden("interval_censored_turnbull.csv", case)
    times = np.array([float(row["time"]) for row in rows])
    values = np.array([float(row["survival"]) for row in rows])
    compared = 0
    for upper in result.upper_ends[np.isfinite(result.upper_ends)]:
        low, high = result.survival_at(float(upper))
        place = int(np.searchsorted(times, upper, side="right")) - 1
        if low == pytest.approx(high) and place >= 0:
            assert low == pytest.approx(values[place], abs=0.001)
            compared += 1
    assert compared >= 3


@pytest.mark.parametrize("case", ["left_truncated", "aml_maintained", "lung", "heavy_ties", "all_events"])
def test_exact_times_give_the_kaplan_meier_curve_of_r(case: str) -> None:
    rows = golden("kaplan_meier_data.csv", case)
    time = np.array([float(row["time"]) for row in rows])
    entry = [float(row["entry"]) for row in rows] if rows[0]["entry"] else None
    right = np.where([row["event"] == "1" for row in rows], time, inf)
    result = interval_censored_npmle(time, right, entry)
    assert result.converged
    for row in golden("kaplan_meier_curve.csv", case):
        if row["n_event"] != "0":
            low, high = result.survival_at(float(row["time"]))
            assert low == high == pytest.approx(float(row["survival"]), rel=1e-9, abs=1e-12)


def test_life_table_with_delayed_entry_by_hand() -> None:
    """Looked at in years 2 and 4; two units from 0, two that came under observation at 2.

    L = p1 * p2 * p2 / (p2 + p3) * p3 / (p2 + p3), in hazards h1 * (1 - h1) * h2^2 * (1 - h2): one of two leaves, then
    two of three: h1 = 1/2, h2 = 2/3, so p = 1/2, 1/2 * 2/3, 1/2 * 1/3.
    """
    result = interval_censored_npmle([0, 2, 2, 4], [2, 4, 4, inf], [0, 0, 2, 2])
    assert masses(result) == pytest.approx({(0, 2): 1 / 2, (2, 4): 1 / 3, (4, inf): 1 / 6})
    assert result.log_likelihood == pytest.approx(log(1 / 2 * 1 / 2 * (2 / 3) ** 2 * 1 / 3))
    assert result.survival_at(2) == pytest.approx((1 / 2, 1 / 2))
    assert result.survival_at(3) == pytest.approx((1 / 6, 1 / 2))
    assert result.survival_at(0) == (1, 1)
    assert (
        result.reason == "when exits happened is unknown within 0 to 2, 2 to 4: there the curve lies between two values"
    )


def test_truncation_adds_an_interval_by_hand() -> None:
    """(0, 2] and (1, 3] from 0; three entered at 1 and are still there at 3.

    Turnbull's intervals are (1, 2] and (3, inf) only; Frydman's addition is (0, 1], which ends at an entry. With a and
    b the chance to survive (0, 1] and (1, 2], L = (1 - ab) * a(1 - b) * b^3. d/da: ab = 1/2. d/db, with a/(1 - ab) = 2a
    = 1/b: -1/b - 1/(1 - b) + 3/b = 0, so b = 2/3, a = 3/4 and p = 1/4, 3/4 * 1/3, 3/4 * 2/3. L = 1/2 * 1/4 * 8/27,
    that is 1/27; without the addition a = 1, b = 3/5 and L = 4/25 * 27/125 is smaller.
    """
    result = interval_censored_npmle([0, 1, 3, 3, 3], [2, 3, inf, inf, inf], [0, 0, 1, 1, 1])
    assert masses(result) == pytest.approx({(0, 1): 1 / 4, (1, 2): 1 / 4, (3, inf): 1 / 2})
    assert result.log_likelihood == pytest.approx(log(1 / 27))
    assert 4 / 25 * 27 / 125 < 1 / 27


def test_masses_that_are_not_unique_by_hand() -> None:
    """Gone in (0, 2]; still there at 1; entered at 1, still there at 4; still there at 3.

    With a and b the chance to survive (0, 1] and (1, 2], L = (1 - ab) * a * b * ab = (1 - s) s^2 with s = ab: only
    s = 2/3 is determined, and S(1) = a may be anything from 2/3 to 1.
    """
    result = interval_censored_npmle([0, 1, 4, 3], [2, inf, inf, inf], [0, 0, 1, 0])
    assert not result.is_unique
    assert not result.is_identified
    assert result.survival_at(1) == pytest.approx((2 / 3, 1))
    assert result.survival_at(2) == pytest.approx((2 / 3, 2 / 3))
    assert "other masses are as likely" in str(result.reason)


def test_a_risk_set_that_runs_empty_by_hand() -> None:
    """Two units are gone by 2; three enter at 3, of which one leaves in (3, 5] and two stay.

    The hazard up to 2 grows without limit, so no masses for all five exist. The curve of the three: S(5) = 2/3, given
    that 3 was reached.
    """
    result = interval_censored_npmle([0, 1, 3, 5, 5], [2, 2, 5, inf, inf], [0, 0, 3, 3, 3])
    assert (result.emptied_at, result.conditional_on, result.n_used) == ((2.0,), 3.0, 3)
    assert masses(result) == pytest.approx({(3, 5): 1 / 3, (5, inf): 2 / 3})
    assert np.isnan(result.survival_at(2)).all()
    assert result.survival_at(3) == (1, 1)
    assert result.reason == (
        "conditional on reaching 3: nobody was under observation before; "
        "nobody was under observation just after 2, so what came before and after cannot be joined: "
        "the curve is that of 3 of 5 units; "
        "when exits happened is unknown within 3 to 5: there the curve lies between two values"
    )


def test_a_gap_in_observation_ends_the_curve() -> None:
    """Exit at 2, two last seen at 3; two others from 4 on. What happened between 3 and 4 nobody saw."""
    result = interval_censored_npmle([2, 3, 3, 6, 7], [2, inf, inf, 6, inf], [0, 0, 0, 4, 4])
    assert (result.emptied_at, result.n_used) == ((3.0,), 3)
    assert masses(result) == pytest.approx({(2, 2): 1 / 3, (3, inf): 2 / 3})
    assert result.survival_at(3) == pytest.approx((2 / 3, 2 / 3))
    assert np.isnan(result.survival_at(3.5)).all()


def test_the_median_lies_in_the_interval_where_half_are_crossed() -> None:
    """Cosmesis, radiotherapy: masses up to (33, 34] sum to 0.41 and with (38, 40] to 0.53. Four exits 1, 2, 3, 4: 2."""
    assert fitted("cosmesis_rt").median() == (38, 40)
    assert interval_censored_npmle([1, 2, 3, 4], [1, 2, 3, 4]).median() == (2, 2)
    assert interval_censored_npmle([1, 2, 3], [1, inf, inf]).median() == (3, inf)


def test_nobody_is_observed_before_the_first_entry() -> None:
    result = interval_censored_npmle([2, 3], [2, 3], [1, 1])
    assert np.isnan(result.survival_at(0.5)).all()
    assert result.reason == "conditional on reaching 1: nobody was under observation before"


def test_exact_exits_seen_from_the_origin_are_identified() -> None:
    result = interval_censored_npmle([1, 2, 3], [1, 2, inf], [0, 0, 0])
    assert (result.is_identified, result.reason) == (True, None)
    assert result.survival_at(2.5) == pytest.approx((1 / 3, 1 / 3))
    assert result.survival_at(3.5) == pytest.approx((0, 1 / 3))


def test_an_unfinished_search_says_so() -> None:
    rows = golden("interval_censored_data.csv", "cosmesis_rct")
    left, right = ([float(row[name]) for row in rows] for name in ("left", "right"))
    result = interval_censored_npmle(left, right, tolerance=1e-30)
    assert not result.converged
    assert "exceeds 1e-30 per unit" in str(result.reason)


@pytest.mark.parametrize(
    ("left", "right", "entry", "message"),
    [
        ([], [], None, "at least one row"),
        ([3], [2], None, "row 1: left must not lie after right: found left 3, right 2"),
        ([1, 1], [2, 2], [0, 1.5], "row 2: left must not lie before truncated_at"),
        ([2], [2], [2], "row 1: an exact time must lie after truncated_at"),
        ([np.nan], [2], None, "row 1: a time is missing"),
        ([1, 2], [2], None, "lists of one length"),
    ],
)
def test_what_is_no_interval_is_refused(left: list[float], right: list[float], entry: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        interval_censored_npmle(left, right, entry)  # type: ignore[arg-type]


def blind_maximum(left: np.ndarray, right: np.ndarray, entry: np.ndarray) -> float:
    """Largest log-likelihood found by SLSQP over *every* point and gap of a whole-number axis, from several starts.

    It knows nothing of innermost intervals or hazards; mass beyond the last number is one gap.
    """
    top = int(max(left.max(), right[np.isfinite(right)].max(initial=0))) + 1
    exact = left == right
    point, gap = np.arange(1, top + 1), np.arange(top + 1)
    end = np.where(gap == top, inf, gap + 1)
    in_point = (point > left[:, None]) & (point <= right[:, None]) | exact[:, None] & (point == left[:, None])
    in_gap = ~exact[:, None] & (gap >= left[:, None]) & (end <= right[:, None])
    exits = np.hstack([in_point, in_gap]).astype(float)
    entries = np.hstack([point > entry[:, None], gap >= entry[:, None]]).astype(float)

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        seen, entered = np.maximum(exits @ p, 1e-300), np.maximum(entries @ p, 1e-300)
        return float(-np.log(seen / entered).sum()), -(exits.T @ (1 / seen) - entries.T @ (1 / entered))

    random, size = np.random.default_rng(7), exits.shape[1]
    found = [
        minimize(
            loss,
            random.dirichlet(np.ones(size)),
            jac=True,
            method="SLSQP",
            bounds=[(1e-9, 1)] * size,
            constraints={"type": "eq", "fun": lambda p: p.sum() - 1, "jac": np.ones_like},
            options={"maxiter": 300, "ftol": 1e-12},
        ).fun
        for _ in range(3)
    ]
    return -min(found)


@pytest.mark.parametrize("seed", range(12))
def test_no_other_masses_are_more_likely(seed: int) -> None:
    random = np.random.default_rng(seed)
    while True:
        entry = random.integers(0, 3, 6).astype(float)
        left = entry + random.integers(0, 3, 6)
        right = np.where(random.random(6) < 0.3, inf, left + random.integers(0, 3, 6))
        right = np.where(right <= entry, entry + 1, right)
        ours = interval_censored_npmle(left, right, entry)
        if not ours.emptied_at:
            break
    assert ours.converged
    assert ours.log_likelihood == pytest.approx(blind_maximum(left, right, entry), abs=1e-4)


rows = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 4), st.booleans()), min_size=1, max_size=15
)


def intervals_of(drawn: list[tuple[int, int, int, bool]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    entry, ahead, width, gone = (np.array(each, dtype=float) for each in zip(*drawn, strict=True))
    left = entry + ahead
    right = np.where(gone == 1, np.maximum(left + width, entry + 1), inf)
    return left, right, entry


@settings(max_examples=80, deadline=None)
@given(rows)
def test_every_estimate_is_a_maximum_with_its_proof(drawn: list[tuple[int, int, int, bool]]) -> None:
    result = interval_censored_npmle(*intervals_of(drawn))
    assert result.converged
    assert result.mass.sum() == pytest.approx(1)
    assert (result.mass >= 0).all()
    bounds = [result.survival_at(t) for t in np.linspace(result.conditional_on or 0, 12, 30)]
    known = np.array([each for each in bounds if not np.isnan(each).any()])
    assert (known[:, 0] <= known[:, 1] + 1e-12).all()
    assert (np.diff(known, axis=0) <= 1e-12).all()


@settings(max_examples=50, deadline=None)
@given(rows, st.floats(0.1, 50), st.randoms())
def test_unit_of_time_and_order_of_rows_do_not_matter(drawn: list, unit: float, random: object) -> None:
    first = interval_censored_npmle(*intervals_of(drawn))
    random.shuffle(drawn)  # type: ignore[attr-defined]
    second = interval_censored_npmle(*(each * unit for each in intervals_of(drawn)))
    np.testing.assert_allclose(second.survival_low, first.survival_low, atol=1e-7)
    np.testing.assert_allclose(second.survival_high, first.survival_high, atol=1e-7)
    np.testing.assert_allclose(second.upper_ends, first.upper_ends * unit)
    assert second.n_used == first.n_used


@settings(max_examples=60, deadline=None)
@given(rows)
def test_exact_times_reduce_to_kaplan_meier(drawn: list[tuple[int, int, int, bool]]) -> None:
    left, _, entry = intervals_of(drawn)
    time, event = left + 1, np.array([each[3] for each in drawn])
    result = interval_censored_npmle(time, np.where(event, time, inf), entry)
    assume(not result.emptied_at)
    curve = kaplan_meier(time, event, entry)
    for t, survival in zip(curve.time, curve.survival, strict=True):
        assert result.survival_at(t) == pytest.approx((survival, survival), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=6))
def test_common_editions_give_the_life_table(table: list[tuple[int, int]]) -> None:
    """Everybody is looked at in years 1, 2, ...; ``left`` leave and ``enter`` come new in each year.

    The hazard of a year is those who left over those who were under observation at its start.
    """
    low, high, entry, under, expected, survival = [], [], [], 0, [], 1.0
    for year, (leave, enter) in enumerate(table):
        under += leave + enter
        entry += [year] * (leave + enter)
        survival *= 1 - leave / under
        expected.append(survival)
        # The newest leave; those before them stay under observation.
        low, high = [*low, *[year] * leave], [*high, *[year + 1] * leave]
        under -= leave
        low, high = [*low, *[len(table)] * enter], [*high, *[inf] * enter]
    result = interval_censored_npmle(low, high, entry)
    found = [result.survival_at(year + 1) for year in range(len(table))]
    np.testing.assert_allclose(found, [(each, each) for each in expected], rtol=1e-8)
