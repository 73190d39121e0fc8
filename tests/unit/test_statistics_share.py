"""The choice of interval for one share, its refusals, and the bounds for what is not known."""

from __future__ import annotations

import pytest

from analytics.estimate import estimate_table
from analytics.statistics.share import (
    Share,
    annual_equivalent,
    bounded_share,
    complete_share,
    overlap_bounds,
    sampled_share,
)


def test_nineteen_of_twenty_three_answered_takes_the_finite_population() -> None:
    share = sampled_share(7, 19, 23)
    assert share == Share(7 / 19, 7 / 23, 11 / 23, "exact hypergeometric (finite population)", 0.95)


def test_unknown_population_takes_wilson() -> None:
    share = sampled_share(28, 52)
    assert share.interval_method == "Wilson score"
    assert (share.lower, share.upper) == pytest.approx((0.405036, 0.666595), abs=1e-6)


def test_everyone_observed_has_no_interval() -> None:
    assert sampled_share(45, 50, 50) == complete_share(45, 50) == Share(0.9, interval_method="none (complete listing)")


@pytest.mark.parametrize(
    ("numerator", "base", "population", "words"),
    [
        (None, 19, 23, "no count"),
        (7, None, 23, "base was not published"),
        (0, 0, 23, "nothing in the base"),
        (20, 19, 23, "does not lie between"),
        (7, 30, 23, "more than the population"),
        (0, 990, 1000, "exact set holds one value"),
    ],
)
def test_an_undefined_interval_is_none_with_a_reason(
    numerator: int | None, base: int | None, population: int, words: str
) -> None:
    share = sampled_share(numerator, base, population)
    assert (share.lower, share.upper) == (None, None)
    assert words in str(share.null_reason)


@pytest.mark.parametrize("share", [sampled_share(0, 12), sampled_share(12, 12), sampled_share(0, 12, 40)])
def test_boundary_shares_keep_a_width(share: Share) -> None:
    assert share.lower is not None
    assert share.upper is not None
    assert share.upper > share.lower


def test_bounds_count_the_unknown_both_ways() -> None:
    assert bounded_share(30, 45, unknown=6) == Share(30 / 45, 30 / 45, 36 / 45, "bounds")
    assert bounded_share(5, 15, unknown=1, total=16) == Share(5 / 15, 5 / 16, 6 / 16, "bounds")


def test_bounds_that_coincide_are_not_an_interval() -> None:
    assert bounded_share(30, 45, unknown=0) == Share(30 / 45, interval_method="none (nothing unknown)")
    assert bounded_share(0, 0, unknown=0).null_reason == "nothing in the base"


def test_more_known_than_the_whole_is_said() -> None:
    assert bounded_share(15, 15, unknown=0, total=14).null_reason == (
        "15 counted and 0 unknown units are more than the whole of 14"
    )


def test_annual_equivalent_for_unequal_gaps() -> None:
    assert annual_equivalent(0.729, 3) == pytest.approx(0.9)
    assert annual_equivalent(0.0, 3) == 0.0
    assert annual_equivalent(None, 3) is None
    assert annual_equivalent(0.5, 0) is None


def test_two_totals_allow_any_overlap_up_to_the_smaller_list() -> None:
    assert overlap_bounds(45, 52) == (0, 45)
    with pytest.raises(ValueError, match="must not be negative"):
        overlap_bounds(-1, 52)


def test_a_topic_without_rows_is_an_empty_table_with_its_columns() -> None:
    table = estimate_table("nothing", "Nothing.", ()).to_arrow([])
    assert table.num_rows == 0
    assert table.column_names[0] == "estimate_id"
