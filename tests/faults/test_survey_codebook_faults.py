"""Faults between an export and its codebook, and those of files of SPSS."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from ingest.survey.binding import CardWords, bind
from ingest.survey.codebook_check import disagreements
from ingest.survey.codebook_xlsform import read_xlsform
from ingest.survey.opening import open_export
from tests.faults.told import told
from tests.survey.answers import answers_of

pytestmark = pytest.mark.fault
FIXTURES = Path(__file__).parents[1] / "fixtures" / "survey"
STATISTICS, CODEBOOK = FIXTURES / "statistics", FIXTURES / "codebook"
TICKS = [
    {"1": "selected", "2": "not_selected", "3": "not_selected"},
    dict.fromkeys("123", "unknown_none_ticked"),
    {"1": "not_selected", "2": "selected", "3": "not_selected"},
    # Somebody who saw the question has 0 or 1 in it.
    dict.fromkeys("123", "not_answered"),
    dict.fromkeys("123", "selected"),
    # The code 9 is declared missing with the label "not asked".
    dict.fromkeys("123", "not_shown"),
]


@pytest.mark.parametrize("name", ["minimal.sav", "compressed.zsav"])
def test_s18_codes_declared_missing_keep_their_states(name: str) -> None:
    wave = answers_of(STATISTICS / name)
    states = [wave.of(number, "place") for number in range(1, 7)]
    assert states == [
        {"1": "selected"}, {"2": "selected"}, {"97": "refused"}, {"98": "dont_know"},
        {None: "not_answered"}, {None: "not_answered"},
    ]  # fmt: skip
    # 998 has a label; 996 and 999 lie in the range 900 to 1000 that the file declares missing.
    ages = [wave.of(number, "age")[None] for number in range(1, 7)]
    assert ages == ["answered", "dont_know", "answered", "not_answered", "not_answered", "not_answered"]
    assert [each.raw for each in wave.answers if each.question == "age"] == ["41", "998", "17.5", "999", "", "996"]
    told(
        wave.problems, "missing_code_unnamed", Outcome.WARN, ["age: 996, 999"], ["1個の変数", "無回答として数えます"]
    )  # fmt: skip
    assert "missing_code_unnamed" in wave.facts.limits


def test_s18_a_set_of_multiple_responses_that_the_file_declares() -> None:
    wave = answers_of(STATISTICS / "sets.sav")
    assert [wave.of(number, "fields") for number in range(1, 7)] == TICKS
    assert "response_sets_guessed" not in {each.code for each in wave.problems}


def test_s18_a_set_is_found_by_names_where_the_file_declares_none() -> None:
    wave = answers_of(STATISTICS / "minimal.sav")
    assert [wave.of(number, "q2") for number in range(1, 7)] == TICKS
    told(
        wave.problems, "response_sets_guessed", Outcome.WARN, ["1 sets: q2 (q2_1, q2_2, q2_3)"],
        ["1組", "変数名とラベルから判断しました"],
    )  # fmt: skip


def test_s21_answers_outside_of_the_code_list_are_unreadable_and_counted() -> None:
    wave = answers_of(CODEBOOK / "mixed.csv", CODEBOOK / "small.xlsx", tool="plain table")
    ratings = [next(iter(wave.of(number, "rate_web").items())) for number in range(1, 7)]
    assert ratings == [
        ("2", "selected"), ("2", "selected"), (None, "not_answered"), *[(None, "unreadable")] * 3,
    ]  # fmt: skip
    assert [each.raw for each in wave.answers if each.question == "rate_web"][3:] == ["Medium", "Medium", "Extreme"]
    told(
        wave.problems, "survey_answers_unreadable", Outcome.WARN, ["'rate_web'", "3 cells", "Medium, Extreme"],
        ["「rate_web」", "3個のセル"],
    )  # fmt: skip
    told(wave.problems, "survey_values_unreadable", Outcome.WARN, ["'staff'", "1 cells", "many"], ["many"])


def test_s23_a_codebook_that_disagrees_with_the_file_stops_the_survey() -> None:
    with pytest.raises(SourceError) as refused:
        answers_of(CODEBOOK / "disagrees.csv", CODEBOOK / "small.xlsx", tool="plain table")
    problems = refused.value.problems
    told(
        problems, "codebook_option_not_in", Outcome.STOP, ["'fields/silk' (D)", "life (Life sciences; health"],
        ["「fields/silk」（D）", "選択肢の列があります"],
    )  # fmt: skip
    told(problems, "codebook_option_without_column", Outcome.STOP, ["none (None of these"], ["none (None of these"])
    told(
        problems, "codebook_question_not_in_file", Outcome.STOP, ["no column for founded"], ["founded の列がありません"]
    )  # fmt: skip
    assert len(problems) == 3


def test_s23_labels_of_a_file_that_mean_something_else_than_the_codebook() -> None:
    with pytest.raises(SourceError) as refused:
        answers_of(STATISTICS / "minimal.sav", STATISTICS / "disagrees.xlsx")
    problems = refused.value.problems
    told(
        problems, "codebook_code_means_other", Outcome.STOP, ["1 is 'Kobe' of place", "1 (Toyama)"],
        ["place の 1 は「Kobe」", "意味がファイルとコードブックで異なります"],
    )  # fmt: skip
    told(problems, "codebook_code_not_in", Outcome.STOP, ["97 'Refused to say' of place"], ["97「Refused to say」"])
    # The codebook has no code for what the file calls missing among the ages.
    told(
        problems, "codebook_missing_not_in", Outcome.STOP, ["996=not_answered, 998=dont_know, 999=not_answered of age"],
        ["age の 996=not_answered", "回答として読み取られます"],
    )  # fmt: skip
    told(
        problems, "codebook_repeat_not_in_file", Outcome.STOP, ["no table for visits"], ["visits の表がありません"]
    )  # fmt: skip


def test_s23_a_label_that_only_reads_otherwise_is_said_and_the_codebook_followed() -> None:
    export, codebook = open_export(STATISTICS / "minimal.sav"), read_xlsform(STATISTICS / "disagrees.xlsx")
    problems = disagreements(export, codebook, bind(export.columns, codebook, CardWords()), "minimal.sav")
    told(
        problems, "codebook_label_differs", Outcome.WARN, ["98 is 'わからない'", "98 (Not known)"],
        ["98 は「わからない」", "コードブックに従いました"],
    )  # fmt: skip


def test_s25_labels_of_two_languages_in_one_column_are_the_same_codes() -> None:
    wave = answers_of(CODEBOOK / "mixed.csv", CODEBOOK / "small.xlsx", tool="plain table")
    assert wave.values("consent") == ["1", "1", "2", "2", "9", "1"]
    assert wave.of(1, "fields") == wave.of(2, "fields")
    assert {option for option, state in wave.of(2, "fields").items() if state == "selected"} == {"life", "ict"}
    told(
        wave.problems, "codebook_labels_mixed", Outcome.FIX, ["2 questions, such as consent (en: Yes, ja: はい)"],
        ["2個の設問（例：consent (en: Yes, ja: はい)）", "同じコードとして数えます"],
    )  # fmt: skip
