"""Outcome rates against counts worked by hand, the example of an independent package, and their order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.statistics.outcome_rates import (
    RATES,
    Dispositions,
    Rate,
    casro_share,
    check_order,
    needs_share,
    outcome_rates,
)


def values(counts: Dispositions) -> dict[str, float | None]:
    return {name: rate.value for name, rate in outcome_rates(counts).items()}


def test_the_example_of_the_outcomerate_package() -> None:
    """I 4, P 2, R 1, NC 1, O 1, unknown 2, not eligible 1, from the documentation of rOpenSci outcomerate.

    Of 10 units whose eligibility is known 9 are eligible, so e = 0.9 and e U = 1.8.
    """
    share = casro_share(9, 1)
    assert share == pytest.approx(0.9)
    assert values(Dispositions(4, 2, 1, 1, 1, 2, share)) == pytest.approx(
        {
            "RR1": 4 / 11, "RR2": 6 / 11, "RR3": 4 / 10.8, "RR4": 6 / 10.8, "RR5": 4 / 9, "RR6": 6 / 9,
            "COOP1": 4 / 8, "COOP2": 6 / 8, "COOP3": 4 / 7, "COOP4": 6 / 7,
            "REF1": 1 / 11, "REF2": 1 / 10.8, "REF3": 1 / 9, "CON1": 8 / 11, "CON2": 8 / 10.8, "CON3": 8 / 9,
        }
    )  # fmt: skip


def test_a_table_worked_by_hand() -> None:
    """600 + 50 interviews, 200 refusals, 100 not reached, 50 others make 1000; 500 unknown, half of them eligible."""
    assert values(Dispositions(600, 50, 200, 100, 50, 500, 0.5)) == pytest.approx(
        {
            "RR1": 0.4, "RR2": 0.43333333333333335, "RR3": 0.48, "RR4": 0.52, "RR5": 0.6, "RR6": 0.65,
            "COOP1": 2 / 3, "COOP2": 0.7222222222222222, "COOP3": 0.7058823529411765, "COOP4": 0.7647058823529411,
            "REF1": 0.13333333333333333, "REF2": 0.16, "REF3": 0.2, "CON1": 0.6, "CON2": 0.72, "CON3": 0.9,
        }
    )  # fmt: skip


def test_without_a_share_there_are_no_rates_that_need_it() -> None:
    found = values(Dispositions(4, 2, 1, 1, 1, 2))
    assert set(RATES) - set(found) == {"RR3", "RR4", "REF2", "CON2"} == {name for name in RATES if needs_share(name)}


def test_nothing_below_the_line_is_no_rate() -> None:
    assert set(values(Dispositions(0, 0, 0, 0, 0, 0, 1.0)).values()) == {None}
    assert values(Dispositions(0, 0, 0, 3, 0, 0))["COOP1"] is None
    assert casro_share(0, 0) is None


@pytest.mark.parametrize("counts", [Dispositions(-1, 0, 0, 0, 0, 0), Dispositions(1, 0, 0, 0, 0, 1, 1.5)])
def test_no_disposition_table_is_refused(counts: Dispositions) -> None:
    with pytest.raises(ValueError, match="no disposition table"):
        outcome_rates(counts)


def test_rates_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match=r"RR1 = 0\.5 is larger than RR3"):
        check_order({"RR1": Rate(1, 2), "RR3": Rate(1, 3)})


COUNTS = st.integers(0, 10**6)


@given(st.builds(Dispositions, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, st.floats(0, 1)))
def test_rates_stand_in_their_order_and_complement_each_other(counts: Dispositions) -> None:
    found = values(counts)
    for lower, higher in (("RR1", "RR3"), ("RR3", "RR5"), ("RR2", "RR4"), ("RR4", "RR6"), ("CON1", "CON3")):
        small, large = found[lower], found[higher]
        assert small is None or large is None or small <= large + 1e-12
    if (rate := found["COOP4"]) is not None and counts.other == 0 and found["RR6"] is not None and found["CON3"]:
        # Response is contact times cooperation.
        assert found["RR6"] == pytest.approx(found["CON3"] * rate)
