"""Whole responses: the same respondent twice, too fast or straight through a matrix, weights that cannot be used."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.survey_weights import NO_WEIGHTS, weights_refusal
from ingest.problem import Outcome, SourceError
from ingest.source_card import read_card
from ingest.survey.export import Convention
from ingest.survey.landing import land_wave, read_wave_facts
from ingest.survey.response_report import counted_dispositions, response_problems
from ingest.survey.responses import responses_of
from ingest.survey.wave_card import ResponseRules
from ingest.survey.weights import judge_weights, weights_problem
from tests.faults.told import told
from tests.unit.collected import collected_of
from tests.unit.edition import write_edition

pytestmark = pytest.mark.fault

BY_SUBMISSION = Convention(finished_by="submitted_at")


def day(minute: int, second: int = 0) -> str:
    return f"2020-03-02 10:{minute:02}:{second:02}"


@pytest.mark.parametrize(("keep", "kept"), [("first", 1), ("last", 4)])
def test_s19_the_same_token_twice_counts_once(keep: str, kept: int) -> None:
    """Of the token's three responses the two finished ones stand before the unfinished one; the card says which."""
    collected = collected_of(
        {"token": "t1", "submitted_at": day(5)},
        {"token": "t2", "submitted_at": day(6)},
        {"token": "t1", "submitted_at": "", "n_answered": 3},
        {"token": "t1", "submitted_at": day(9)},
        {"token": "", "submitted_at": day(10)},
        {"token": "", "submitted_at": day(10)},
    )
    rules = ResponseRules(duplicates_by="token", keep=keep)
    found = responses_of(collected, BY_SUBMISSION, rules)
    assert found["response_no"].to_pylist() == [1, 2, 3, 4, 5, 6]
    expected = [number in {2, 5, 6, kept} for number in range(1, 7)]
    assert found["is_counted"].to_pylist() == expected
    assert found["is_duplicate"].to_pylist() == [not each for each in expected]
    assert found["not_counted_reason"].to_pylist().count("duplicate") == 2
    assert counted_dispositions(found) == {
        "complete": 4, "partial": 0, "break_off": 0, "excluded": 0, "duplicate": 2,
    }  # fmt: skip
    problems = response_problems(collected, found, BY_SUBMISSION, rules, "export.csv")
    told(problems, "survey_responses_repeated", Outcome.WARN,
         ["repeated responses: 2 (the same token; the fullest counted", f"of several the {keep}"],
         ["重複した回答 2件", "一件として"])  # fmt: skip


def test_s19_the_same_e_mail_twice_without_a_rule_is_said_and_all_counted() -> None:
    same = "info@" + "mihon.example.org"
    collected = collected_of({"email": same}, {"email": f" {same.upper()} "}, {"email": "anonymous"}, {"email": ""})
    found = responses_of(collected, Convention(), ResponseRules())
    assert found["is_duplicate"].to_pylist() == [False, True, False, False]
    assert found["is_counted"].to_pylist() == [True] * 4
    problems = response_problems(collected, found, Convention(), ResponseRules(), "export.csv")
    problem = told(problems, "survey_responses_repeated_kept", Outcome.WARN,
                   ["repeated responses, counted all the same: 1"], ["重複とみられる回答 1件"])  # fmt: skip
    assert "mihon" not in str(problem).lower()


def test_s19_the_same_answers_within_two_minutes() -> None:
    """120 seconds after the one before are the same respondent, 121 are not; without a time nobody knows."""
    seconds = (day(0), day(2), day(4), day(6, 1), "", "")
    collected = collected_of(*({"content_key": "same", "submitted_at": each} for each in seconds))
    rules = ResponseRules(duplicates_by="content", keep="first")
    found = responses_of(collected, Convention(), rules)
    assert found["is_duplicate"].to_pylist() == [False, True, True, False, False, False]


def test_s19_an_anonymous_literal_makes_nobody_the_same() -> None:
    collected = collected_of({"token": "Anonymous"}, {"token": "Anonymous"}, {"token": "t1"})
    found = responses_of(collected, Convention(), ResponseRules(duplicates_by="token", keep="first"))
    assert found["is_counted"].to_pylist() == [True, True, True]


def test_s19_two_empty_responses_are_not_the_same_respondent() -> None:
    collected = collected_of(*({"content_key": "nothing", "n_answered": 0, "submitted_at": day(1)} for _ in range(2)))
    found = responses_of(collected, Convention(), ResponseRules(duplicates_by="content"))
    assert found["is_duplicate"].to_pylist() == [False, False]


def test_s20_ten_second_completions_and_straight_liners_are_marked_and_stay() -> None:
    """Median of 10, 90, 300, 310 and 320 seconds: 300; a third of it is 100."""
    seconds = ("10", "90", "300", "310", "320", "")
    collected = collected_of(
        *({"duration": each, "is_straight_lined": number == 2} for number, each in enumerate(seconds))
    )
    found = responses_of(collected, Convention(), ResponseRules())
    assert found["is_fast"].to_pylist() == [True, True, False, False, False, None]
    assert found["is_straight_lined"].to_pylist() == [False, False, True, False, False, False]
    assert found["is_counted"].to_pylist() == [True] * 6
    problems = response_problems(collected, found, Convention(), ResponseRules(), "export.csv")
    told(problems, "survey_responses_fast", Outcome.WARN, ["marked responses: 2", "nothing is deleted"], ["回答 2件"])
    told(problems, "survey_responses_straight_lined", Outcome.WARN, ["marked responses: 1"], ["削除はしていません"])


def test_s20_the_card_says_what_is_fast() -> None:
    collected = collected_of({"duration": "59"}, {"duration": "60"}, {"duration": "5", "n_answered": 1})
    convention = Convention(finished_by="finished")
    found = responses_of(collected, convention, ResponseRules(fast_seconds=60))
    assert found["is_fast"].to_pylist() == [True, False, True]


def test_s20_an_unfinished_response_is_not_fast() -> None:
    collected = collected_of({"duration": "5", "submitted_at": ""}, {"duration": "100", "submitted_at": day(1)})
    assert responses_of(collected, BY_SUBMISSION, ResponseRules())["is_fast"].to_pylist() == [None, False]


@pytest.mark.parametrize(
    ("weights", "english", "japanese"),
    [
        (pa.array([1.0, None, float("nan"), 2.0]), "of 4 weights: 2 missing", "ウェイト 4件のうち 欠損 2件"),
        (pa.array(["1", "", "x", "2,5"]), "of 4 weights: 2 missing", "欠損 2件"),
        (pa.array([1.0, 0.0]), "of 2 weights: 1 zero", "ゼロ 1件"),
        (pa.array([1.0, -0.5]), "of 2 weights: 1 negative", "負の値 1件"),
        # The median of 1, 1 and 51 is 1: 51 is more than 50 times as much, 50 is not.
        (pa.array([1.0, 1.0, 51.0]), "1 not finite or more than 50 times the median", "中央値の50倍超 1件"),
        (pa.array([1.0, float("inf")]), "1 not finite", "無限大"),
        (pa.array([None, -1.0, 0.0, 1.0]), "1 missing, 1 zero, 1 negative", "欠損 1件、ゼロ 1件、負の値 1件"),
        (pa.array([], pa.float64()), "no response has a weight", "ウェイトのある回答がありません"),
    ],
)  # fmt: skip
def test_s26_weights_that_cannot_be_used_stop_the_weighted_tables(
    weights: pa.Array, english: str, japanese: str
) -> None:
    judgement = judge_weights(weights)
    assert not judgement.is_usable
    problem = weights_problem(judgement, "w", "export.csv")
    assert problem is not None
    told([problem], "survey_weights_unusable", Outcome.STOP,
         [english, "weighted tables are stopped, unweighted ones go on"],
         [japanese, "ウェイトなしの集計は続けます"])  # fmt: skip


def test_s26_good_weights_are_usable() -> None:
    judgement = judge_weights(pa.array(["0.5", "1", "1,5", "50"]))
    assert (judgement.is_usable, judgement.reason, judgement.reason_ja) == (True, "", "")
    assert weights_problem(judgement, "w", "export.csv") is None


EXPORT = """"Timestamp","Sector","w"
"2020/03/02 10:00:00 AM GMT+9","ICT","1"
"2020/03/02 10:05:00 AM GMT+9","Life sciences","0"
"2020/03/02 10:09:00 AM GMT+9","ICT","2"
"""


def test_s26_a_wave_with_such_weights_lands_and_counts_unweighted(tmp_path: Path) -> None:
    section = {"link": "closed", "design": {"weights": "w"}}
    card = read_card(
        write_edition(
            tmp_path, EXPORT, file="export.csv", kind="survey", table="response", columns=None, survey=section
        )
    )
    responses = land_wave(card, tmp_path / "work" / "raw", "named", is_foreign=False)
    told(read_wave_facts(responses).problems, "survey_weights_unusable", Outcome.STOP,
         ["the weights 'w' cannot be used", "of 3 weights: 1 zero"], ["ゼロ 1件"])  # fmt: skip
    assert pq.read_table(responses)["is_counted"].to_pylist() == [True, True, True]
    design = pq.read_table(tmp_path / "work" / "raw" / "survey__design" / card.source_id / "named.parquet").to_pylist()
    (weights,) = (row for row in design if row["aspect"] == "weights")
    assert (weights["is_documented"], weights["is_usable"]) == (True, False)
    assert weights["reason"] == "of 3 weights: 1 zero"


def test_s26_weighted_numbers_are_refused_with_the_reason() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(
            """
            create table marts.fct_survey_design as
            select * from (values
                ('mihon/1', 'weights', true, false, 'of 3 weights: 1 zero'), ('mihon/2', 'weights', true, true, null),
                ('mihon/3', 'weights', false, null, null)
            ) as t(edition_id, aspect, is_documented, is_usable, reason)
            """
        )
        bad, good, none = (weights_refusal(connection, f"mihon/{wave}") for wave in (1, 2, 3))
    assert (good, none) == (None, NO_WEIGHTS)
    assert bad == "the weights cannot be used (of 3 weights: 1 zero)"


def test_s26_weights_that_the_export_does_not_have_are_told_with_its_headers(tmp_path: Path) -> None:
    section = {"design": {"weights": "weight"}}
    card = read_card(
        write_edition(
            tmp_path, EXPORT, file="export.csv", kind="survey", table="response", columns=None, survey=section
        )
    )
    with pytest.raises(SourceError) as caught:
        land_wave(card, tmp_path / "work" / "raw", "named", is_foreign=False)
    told(caught.value.problems, "survey_design_column_missing", Outcome.QUAR,
         ["'weight' for weights", "Timestamp, Sector, w"], ["weights の「weight」"])  # fmt: skip


def test_s24_a_design_that_names_a_personal_column_is_refused(tmp_path: Path) -> None:
    export = "Timestamp,Email Address,Sector\n2020/03/02 10:00:00 AM GMT+9,a@example.org,ICT\n"
    section = {"design": {"primary_sampling_unit": "Email Address"}}
    card = read_card(
        write_edition(
            tmp_path, export, file="export.csv", kind="survey", table="response", columns=None, survey=section
        )
    )
    with pytest.raises(SourceError) as caught:
        land_wave(card, tmp_path / "work" / "raw", "named", is_foreign=False)
    told(caught.value.problems, "survey_design_column_personal", Outcome.QUAR,
         ["'Email Address' for primary_sampling_unit"], ["「Email Address」"])  # fmt: skip
