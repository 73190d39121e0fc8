"""Rankings, complete and partial, worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.design import Design, SurveyError
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey

RANKS = ["money", "time", "trust"]
# Six people: three complete rankings, one of two options, one of one, one of none.
SIX = pd.DataFrame(
    {
        "money": [1, 1, 2, 1, None, None],
        "time": [2, 3, 1, 2, None, None],
        "trust": [3, 2, 3, None, 1, None],
        "side": ["EU", "EU", "JP", "JP", "JP", "JP"],
    },
    dtype=object,
).astype(dict.fromkeys(RANKS, "Int64"))


def survey(frame: pd.DataFrame = SIX) -> Survey:
    return Survey(open_table(frame, "six"), Design())


def one(rows: Rows, statistic: str, category: str | None = None, domain: str = "all") -> Estimate:
    found = [r for r in rows if (r.statistic, r.category, r.domain) == (statistic, category, domain)]
    assert len(found) == 1
    return found[0]


def test_shares_scores_and_their_bases() -> None:
    rows = survey().ranking(RANKS)
    assert one(rows, "first place", "money").value == pytest.approx(3 / 5)
    assert one(rows, "among the first 2", "trust").value == pytest.approx(2 / 5)
    # Points 3, 2, 1 for places 1, 2, 3: money 3 3 2 3 0
    assert one(rows, "Borda score", "money").value == pytest.approx(11 / 5)
    assert one(rows, "first place", "money").missing == {"not_answered": 1}
    assert one(rows, "first place", "money").base.endswith("at least one option ranked")


def test_mean_rank_has_its_own_base() -> None:
    row = one(survey().ranking(RANKS), "mean rank", "trust")
    assert row.value == pytest.approx(9 / 4)
    assert (row.n, row.weighted_n, row.degrees_of_freedom) == (4, 4.0, 3.0)
    assert row.base.endswith("those who ranked trust: 4 of 5")


def test_kendall_w_of_complete_rankings() -> None:
    row = one(survey().ranking(RANKS), "Kendall W")
    # Rank sums 4, 6, 8 of three people: S = 8, W = 12 x 8 / (9 x 24)
    assert row.value == pytest.approx(4 / 9, rel=1e-12)
    assert row.n == 3
    assert 0 <= row.lower < row.value < row.upper <= 1
    assert row.base.endswith("all 3 options ranked")


def test_ties_are_counted_and_corrected_for() -> None:
    frame = pd.DataFrame({"money": [1, 1, 2], "time": [1, 2, 1], "trust": [3, 3, 3]})
    row = one(survey(frame).ranking(RANKS), "Kendall W")
    # Mid-ranks 1.5 1.5 3: sums 4.5, 4.5, 9; spread 13.5 of 3 (1.5 + 2 + 2)
    assert row.value == pytest.approx(13.5 / (3 * 5.5), rel=1e-12)
    assert "1 of 3 rankings have ties" in row.note


def test_domains_and_first_places() -> None:
    rows = survey().ranking(RANKS, by="side", first=1)
    assert one(rows, "first place", "money", "side = EU").value == 1.0
    assert one(rows, "first place", "money", "side = JP").value == pytest.approx(1 / 3)
    assert one(rows, "among the first 1", "money", "side = JP").value == pytest.approx(1 / 3)


def test_option_that_nobody_ranked() -> None:
    rows = survey(SIX.assign(trust=pd.array([None] * 6, dtype="Int64"))).ranking(RANKS)
    row = one(rows, "mean rank", "trust")
    assert (row.value, row.null_reason) == (None, "nobody in the base ranked trust")
    assert one(rows, "first place", "trust").value == 0.0
    assert one(rows, "Kendall W").null_reason == "no cases"


@pytest.mark.fault
def test_r01_ranking_of_nobody_has_a_reason() -> None:
    rows = survey().ranking(RANKS, where="side = 'none'")
    assert {(row.value, row.null_reason) for row in rows} == {(None, "no cases")}


@pytest.mark.parametrize(
    ("frame", "first", "told"),
    [
        (SIX.assign(money=[0, 1, 2, 1, 1, 1]), 2, "1 responses hold ranks outside of 1 to 3"),
        (SIX.assign(money=[9, 1, 2, 99, 1, 1]), 2, "2 responses hold ranks outside of 1 to 3"),
        (SIX, 4, "between 1 and the 3 options"),
    ],
)
def test_what_is_no_ranking_is_refused(frame: pd.DataFrame, first: int, told: str) -> None:
    with pytest.raises(SurveyError, match=told):
        survey(frame).ranking(RANKS, first=first)
