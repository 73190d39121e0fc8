"""Adjusted p values: against R p.adjust and by what must hold of every adjustment."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.tables.multiplicity import adjusted_p_values

RAW = [0.01, 0.04, 0.03, 0.2, None, 0.5, 0.03, 0.0005]
# R 4.2.2: p.adjust(c(.01, .04, .03, .2, NA, .5, .03, .0005), method)
FROM_R = {
    "bonferroni": [0.07, 0.28, 0.21, 1, None, 1, 0.21, 0.0035],
    "holm": [0.06, 0.15, 0.15, 0.4, None, 0.5, 0.15, 0.0035],
    "hochberg": [0.06, 0.12, 0.12, 0.4, None, 0.5, 0.12, 0.0035],
    "BH": [0.035, 0.056, 0.0525, 0.23333333333333336, None, 0.5, 0.0525, 0.0035],
    "BY": [0.09075, 0.1452, 0.136125, 0.605, None, 1, 0.136125, 0.009075],
    "none": RAW,
}


@pytest.mark.parametrize("method", FROM_R)
def test_adjusted_p_values_are_those_of_r(method: str) -> None:
    adjusted = adjusted_p_values(RAW, method)
    for ours, theirs in zip(adjusted, FROM_R[method], strict=True):
        assert ours == (None if theirs is None else pytest.approx(theirs, rel=1e-12))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_hochberg_never_exceeds_holm_which_never_exceeds_bonferroni(p: list[float]) -> None:
    def adjusted(method: str) -> list[float]:
        return [value for value in adjusted_p_values(p, method) if value is not None]

    raw, hochberg, holm, bonferroni = p, adjusted("hochberg"), adjusted("holm"), adjusted("bonferroni")
    for row in zip(raw, hochberg, holm, bonferroni, strict=True):
        assert list(row) == sorted(row)


@pytest.mark.fault
def test_r10_forty_pairwise_tests_at_004_leave_nothing_significant() -> None:
    adjusted = adjusted_p_values([0.04] * 40, "holm")
    assert adjusted == [1.0] * 40


def test_an_unknown_adjustment_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(SurveyError, match=r"'tukey'; it must be one of none, bonferroni, holm"):
        adjusted_p_values([0.1], "tukey")
