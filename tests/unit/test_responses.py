"""Dispositions, times, ids and counts of whole responses; every expected value worked by hand."""

from __future__ import annotations

import datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.problem import Outcome
from ingest.survey.clock_times import durations_of, times_of
from ingest.survey.export import Convention
from ingest.survey.response_report import counted_dispositions, duplicate_rule, partial_rule, response_problems
from ingest.survey.responses import responses_of
from ingest.survey.schema import KEYS, RELATIONS
from ingest.survey.wave_card import ResponseRules
from tests.faults.told import told
from tests.unit.collected import collected_of

BY_SUBMISSION = Convention(finished_by="submitted_at")


def at(*texts: str, convention: Convention | None = None) -> list[datetime.datetime | None]:
    return times_of(pa.array(texts), convention or Convention()).to_pylist()


def test_the_columns_are_those_of_the_relation() -> None:
    table = responses_of(collected_of({"response_id": "7"}), Convention(), ResponseRules())
    assert tuple(table.column_names) == RELATIONS["survey__response"]
    assert not set(KEYS) & set(table.column_names)


def test_unfinished_is_partial_by_the_share_of_the_applicable_questions() -> None:
    """4 of 8 is at least a half, 4 of 10 is not; nothing answered is a break-off whatever the rule."""
    collected = collected_of(
        {"submitted_at": "2020-03-02 10:11:12", "n_answered": 1},
        {"submitted_at": "", "n_answered": 4, "n_applicable": 8},
        {"submitted_at": "", "n_answered": 4, "n_applicable": 10},
        {"submitted_at": "", "n_answered": 0, "n_applicable": 0},
    )
    by_half = responses_of(collected, BY_SUBMISSION, ResponseRules(partial_from=0.5))
    assert by_half["disposition"].to_pylist() == ["complete", "partial", "break_off", "break_off"]
    assert by_half["is_counted"].to_pylist() == [True, True, False, False]
    assert by_half["not_counted_reason"].to_pylist() == [None, None, "break_off", "break_off"]
    by_any = responses_of(collected, BY_SUBMISSION, ResponseRules())
    assert by_any["disposition"].to_pylist() == ["complete", "partial", "partial", "break_off"]


def test_finished_by_a_text_without_case_and_width() -> None:
    convention = Convention(finished_by="finished", finished_texts=("1", "True"))
    collected = collected_of({"finished": "TRUE"}, {"finished": "１"}, {"finished": "0"}, {"finished": ""})
    found = responses_of(collected, convention, ResponseRules())
    assert found["disposition"].to_pylist() == ["complete", "complete", "partial", "partial"]


def test_every_response_is_finished_where_nothing_tells() -> None:
    found = responses_of(collected_of({"n_answered": 1}), Convention(finished_by="finished"), ResponseRules())
    assert found["disposition"].to_pylist() == ["complete"]


@pytest.mark.parametrize("convention", [BY_SUBMISSION, Convention()])
def test_what_was_sent_without_an_answer_is_no_complete_response(convention: Convention) -> None:
    """AAPOR 2.121, logged on and did not complete any items; where no question was for them, it is complete."""
    sent = {"submitted_at": "2020-03-02 10:11:12", "n_answered": 0}
    found = responses_of(collected_of(sent, sent | {"n_applicable": 0}), convention, ResponseRules())
    assert found["disposition"].to_pylist() == ["break_off", "complete"]
    assert found["is_counted"].to_pylist() == [False, True]


def test_previews_are_excluded_for_the_tools_own_reason() -> None:
    convention = Convention(excluded={"1": "preview", "survey test": "test"})
    collected = collected_of({"status": "0"}, {"status": "1"}, {"status": "Survey Test"})
    found = responses_of(collected, convention, ResponseRules())
    assert found["disposition"].to_pylist() == ["complete", "excluded", "excluded"]
    assert found["not_counted_reason"].to_pylist() == [None, "preview", "test"]
    assert counted_dispositions(found) == {
        "complete": 1, "partial": 0, "break_off": 0, "excluded": 2, "duplicate": 0,
    }  # fmt: skip
    problems = response_problems(collected, found, convention, ResponseRules(), "x.csv")
    told(problems, "survey_responses_excluded", Outcome.FIX, ["rows: 2 (preview 1, test 1)"], ["2行（preview 1"])


def test_the_tools_id_where_it_is_one() -> None:
    """EUSurvey writes Anonymous for everybody: the number of the row stands in, and no two responses become one."""
    ids = [{"response_id": "R_1"}, {"response_id": "Anonymous"}, {"response_id": "Anonymous"}, {"response_id": ""}]
    found = responses_of(collected_of(*ids), Convention(), ResponseRules())
    assert found["response_id"].to_pylist() == ["R_1", "r3", "r4", "r5"]
    none = responses_of(collected_of({}, {}), Convention(), ResponseRules())
    assert none["response_id"].to_pylist() == ["r2", "r3"]
    alike = responses_of(collected_of({"response_id": "r3"}, {"response_id": ""}), Convention(), ResponseRules())
    assert alike["response_id"].to_pylist() == ["r2", "r3"]
    counted = responses_of(collected_of({"response_id": "7"}, {"response_id": "8"}), Convention(), ResponseRules())
    assert counted["response_id"].to_pylist() == ["7", "8"]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["", "1", "2", "3", "r2", "r3", "Anonymous", "x"]), min_size=1, max_size=8))
def test_no_two_responses_share_an_id(ids: list[str]) -> None:
    found = responses_of(collected_of(*({"response_id": each} for each in ids)), Convention(), ResponseRules())
    assert len(set(found["response_id"].to_pylist())) == len(ids)


def test_languages_as_codes() -> None:
    collected = collected_of(*({"language": text} for text in ("EN", "ja", "pt-BR", "日本語", "")))
    found = responses_of(collected, Convention(), ResponseRules())
    assert found["language"].to_pylist() == ["en", "ja", "pt", "日本語", None]


@pytest.mark.parametrize(
    ("text", "convention", "expected"),
    [
        ("2020-03-02 10:11:12", Convention(), (2020, 3, 2, 10, 11, 12)),
        ("03/02/2020 01:39:41 PM", Convention(clock=("%m/%d/%Y %I:%M:%S %p",)), (2020, 3, 2, 13, 39, 41)),
        ("2020-06-15_09-30-00", Convention(clock=("%Y-%m-%d_%H-%M-%S",)), (2020, 6, 15, 9, 30, 0)),
        ("2020-03-02T10:00:00.000+09:00", Convention(clock=("%Y-%m-%dT%H:%M:%S%z",), clock_noise=r"\.[0-9]+"),
         (2020, 3, 2, 10, 0, 0)),
        ("2020/03/02 10:00:00 AM GMT+9", Convention(clock=("%Y/%m/%d %I:%M:%S %p",), clock_noise=r" GMT.*$"),
         (2020, 3, 2, 10, 0, 0)),
        ("15/06/2020", Convention(days=("%d/%m/%Y",)), (2020, 6, 15, 0, 0, 0)),
    ],
)  # fmt: skip
def test_times_by_the_forms_of_the_tool(text: str, convention: Convention, expected: tuple[int, ...]) -> None:
    assert at(text, convention=convention) == [datetime.datetime(*expected)]


@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S"])
def test_days_that_no_month_has_are_not_read(form: str) -> None:
    days = {"%Y-%m-%d %H:%M:%S": "{y}-{m:02}-{d:02} 10:00:00", "%d/%m/%Y %H:%M:%S": "{d:02}/{m:02}/{y} 10:00:00"}
    cases = [(2021, 2, 29, False), (2020, 2, 29, True), (2020, 4, 31, False), (2020, 3, 1, True), (2020, 5, 1, True)]
    found = at(*(days[form].format(y=y, m=m, d=d) for y, m, d, _ in cases), "", convention=Convention(clock=(form,)))
    assert [each is not None for each in found] == [is_real for *_, is_real in cases] + [False]


def test_times_that_no_form_fits_are_said() -> None:
    collected = collected_of({"started_at": "soon"}, {"started_at": "2020-03-02 10:00:00"}, {"started_at": ""})
    found = responses_of(collected, Convention(), ResponseRules())
    assert [each is None for each in found["started_at"].to_pylist()] == [True, False, True]
    problems = response_problems(collected, found, Convention(), ResponseRules(), "x.csv")
    told(problems, "survey_time_unreadable", Outcome.WARN, ["1 times of started_at", "'soon'"], ["1件（例：soon）"])


def test_durations_are_the_tools_own_or_from_start_to_end() -> None:
    started = times_of(pa.array(["2020-03-02 10:00:00"] * 5), Convention())
    ended = times_of(
        pa.array(["2020-03-02 10:05:00", "2020-03-02 09:00:00", "", "2020-03-02 10:05:00", ""]), Convention()
    )
    own = pa.array(["", "", "", "12,5", "1:02:03"])
    assert durations_of(own, started, ended).to_pylist() == [300.0, None, None, 12.5, 3723.0]


def test_rules_in_words() -> None:
    assert partial_rule(ResponseRules(partial_from=0.5)).startswith("partial from 0.5 of the applicable questions")
    assert duplicate_rule(ResponseRules(duplicates_by="none"), collected_of({})) == (
        "duplicates were not looked for, as the card says"
    )
    assert duplicate_rule(ResponseRules(), collected_of({"token": "a"}, {"token": ""})) == (
        "the same token; all counted"
    )


def test_a_year_of_two_figures_is_not_one_of_the_first_century() -> None:
    forms = Convention(clock=("%Y/%m/%d %H:%M:%S", "%m/%d/%y %H:%M:%S"))
    assert at("3/2/20 10:00:05", convention=forms) == [datetime.datetime(2020, 3, 2, 10, 0, 5)]
