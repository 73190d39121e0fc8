"""Multiple choices: a table of five people worked by hand, bases in words, and what must not be said."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.survey_statistics.result import Estimate, Rows
from analytics.survey_statistics.sample.design import Design, Stage, SurveyError
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.responses import Responses, open_table
from analytics.survey_statistics.survey import Survey

TICKS = ["funding", "contacts", "language", "law"]
# Five people: ticks 2, 3, 1, 2 and none; nobody ticked law.
FIVE = pd.DataFrame(
    {
        "funding": [1, 1, 0, 1, 0],
        "contacts": [1, 1, 0, 1, 0],
        "language": [0, 1, 1, 0, 0],
        "law": [0, 0, 0, 0, 0],
        "side": ["EU", "EU", "JP", "JP", "JP"],
        "pw": [1.0, 1.0, 2.0, 1.0, 5.0],
    }
)


def survey(frame: pd.DataFrame = FIVE, **design: object) -> Survey:
    return Survey(open_table(frame, "five people"), Design(**design))


def pick(rows: Rows, category: str, domain: str = "all") -> Estimate:
    found = [row for row in rows if row.category == category and row.domain == domain]
    assert len(found) == 1
    return found[0]


def test_five_people_percent_of_respondents() -> None:
    rows = survey().multiple(TICKS)
    assert [row.value for row in rows] == [0.6, 0.6, 0.4, 0.0, pytest.approx(8 / 5)]
    assert [row.n_category for row in rows[:4]] == [3, 3, 2, 0]
    # s2 = p (1 - p) n / (n - 1), se = sqrt(s2 / n)
    assert rows[0].standard_error == pytest.approx((0.6 * 0.4 / 4) ** 0.5, rel=1e-12)
    # ticks 2, 3, 1, 2, 0: mean 1.6, sum of squares 5.2
    assert rows[4].standard_error == pytest.approx((5.2 / 4 / 5) ** 0.5, rel=1e-12)
    assert rows[0].base == ("all responses; responses that answered funding, contacts, language, law; "
                            "percent of respondents")  # fmt: skip


def test_five_people_percent_of_answers() -> None:
    rows = survey().multiple(TICKS, of="answers")
    assert [row.value for row in rows[:4]] == pytest.approx([3 / 8, 3 / 8, 2 / 8, 0.0])
    assert "percent of their 8 answers" in rows[0].base
    assert rows[0].statistic == "share of answers"
    # Ratio of totals: residuals of funding less 3/8 of the ticks, 1/4, -1/8, -3/8, 1/4, 0; n/(n-1) sum e2 / 8^2
    residuals = [0.25, -0.125, -0.375, 0.25, 0.0]
    variance = 5 / 4 * sum(e**2 for e in residuals) / 8**2
    assert rows[0].standard_error == pytest.approx(variance**0.5, rel=1e-12)


def test_five_people_by_side_with_weights() -> None:
    rows = survey(weights="pw").multiple(TICKS, by="side")
    assert pick(rows, "funding", "side = EU").value == 1.0
    assert pick(rows, "funding", "side = JP").value == pytest.approx(1 / 8)
    assert pick(rows, "language", "side = JP").value == pytest.approx(2 / 8)
    assert pick(rows, "language", "side = JP").weighted_n == 8.0
    assert pick(rows, "language", "side = JP").n == 3


def test_option_that_nobody_ticked_is_there_with_an_interval() -> None:
    row = pick(survey().multiple(TICKS), "law")
    assert row.value == 0.0
    assert row.lower == 0.0
    # Wilson, 0 of 5: z2 / (n + z2)
    assert row.upper == pytest.approx(3.841458820694124 / (5 + 3.841458820694124), rel=1e-9)


@pytest.mark.fault
def test_r08_shares_above_100_percent_stand_with_a_note_and_a_base_of_respondents() -> None:
    rows = survey().multiple(TICKS)
    assert sum(row.value for row in rows[:4]) == pytest.approx(1.6)
    assert all("shares of respondents add to 160%" in row.note for row in rows[:4])
    assert all("percent of respondents" in row.base for row in rows[:4])
    answers = survey().multiple(TICKS, of="answers")
    assert sum(row.value for row in answers[:4]) == pytest.approx(1.0)
    assert all("add to" not in (row.note or "") for row in answers[:4])


def test_who_ticked_nothing_is_counted() -> None:
    assert "1 of the base ticked nothing" in survey().multiple(TICKS)[0].note


def test_missing_ticks_leave_the_base_and_are_counted() -> None:
    frame = FIVE.astype({"funding": "Int64"}).copy()
    frame.loc[4, "funding"] = None
    rows = survey(frame).multiple(TICKS)
    assert rows[0].n == 4
    assert rows[0].value == pytest.approx(3 / 4)
    assert rows[0].missing == {"not_answered": 1}
    # All, or none, of the missing could have ticked it.
    assert rows[0].bounds == pytest.approx((3 / 5, 4 / 5))


def test_question_of_a_codebook_keeps_unknown_none_ticked_outside_the_base() -> None:
    opened = open_table(FIVE, "five people")
    none = "funding + contacts + language + law = 0"
    state = f"case when {none} then 'unknown_none_ticked' else 'answered' end"
    parts = {
        code: Question(code, "choice", f"case when not ({none}) then {code} end", state, code.title()) for code in TICKS
    }
    asked = Question("barriers", "multiple", f"case when not ({none}) then 1 end", state, "Barriers", parts=parts)
    responses = Responses(opened.connection, opened.relation, opened.columns, {"barriers": asked}, "five people")
    rows = Survey(responses, Design()).multiple("barriers")
    # As domains its options overlap; whether anything was ticked would pass for a domain.
    with pytest.raises(SurveyError, match=r"several domains: name one option, by='barriers__funding', or put it"):
        Survey(responses, Design()).proportion("side", by="barriers")
    assert [row.category for row in rows[:4]] == ["Funding", "Contacts", "Language", "Law"]
    assert rows[0].value == pytest.approx(3 / 4)
    assert rows[0].missing == {"unknown_none_ticked": 1}
    assert rows[0].question == "barriers"


@pytest.mark.fault
def test_r01_domain_without_cases_has_a_reason() -> None:
    rows = survey().multiple(TICKS, where="side = 'nowhere'")
    assert {row.null_reason for row in rows} == {"no cases"}
    assert {row.value for row in rows} == {None}


def test_answers_of_those_who_ticked_nothing_have_a_reason() -> None:
    row = survey().multiple(TICKS, of="answers", where="pw = 5")[0]
    assert (row.value, row.null_reason) == (None, "nobody in the base ticked anything")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (["side"], "hold numbers"),
        (["pw", "law"], "something else than 0 and 1"),
        ("funding", r"multiple\(\['funding'"),
        ([], "names no column"),
    ],
)
def test_columns_that_are_no_ticks_are_refused(question: str | list[str], told: str) -> None:
    with pytest.raises(SurveyError, match=told):
        survey().multiple(question)


def test_true_and_false_are_ticks() -> None:
    rows = survey(FIVE.astype(dict.fromkeys(TICKS, bool))).multiple(TICKS)
    assert rows[0].value == 0.6


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(1, 9)), min_size=4, max_size=12))
def test_shares_of_answers_add_to_one_and_their_errors_to_nothing(people: list[tuple[int, int, int]]) -> None:
    frame = pd.DataFrame(people, columns=["a", "b", "w"])
    rows = Survey(open_table(frame, "t"), Design(weights="w", stages=(Stage(),))).multiple(["a", "b"], of="answers")
    if frame["a"].sum() + frame["b"].sum() == 0:
        assert rows[0].value is None
        return
    assert rows[0].value + rows[1].value == pytest.approx(1.0)
    # Of two options that add to a whole each varies as much as the other.
    assert rows[0].standard_error == pytest.approx(rows[1].standard_error, rel=1e-9, abs=1e-12)
