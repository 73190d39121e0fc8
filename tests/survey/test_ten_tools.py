"""The same responses from ten tools: every export gives the same answers, but for what its format cannot hold.

The truth and the exports are made by ``tests/fixtures/survey/generator``, from the tools' own sources and public
samples and without a look at the readers.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from ingest.survey.state import State
from tests.fixtures.survey.generator.coarsening import FORMATS, Format
from tests.fixtures.survey.generator.formats import STUDY
from tests.fixtures.survey.generator.responses import BROKE_OFF, FAST, PREVIEW, STRAIGHT, TWICE, responses
from tests.survey.answers import ReadWave, answers_of

CODEBOOK = STUDY / "study_codebook.xlsx"
Found = dict[tuple[int, str, str | None], tuple[str, object]]
# States that say of an answer that is not there why it is not: what formats keep apart more or less well.
WITHOUT_ANSWER = {State.NOT_ANSWERED, State.NOT_SHOWN, State.UNKNOWN_NONE_TICKED}
# What a tool calls the option that the codebook calls 96.
OWN_CODES = {"-oth-": "96"}
every_format = pytest.mark.parametrize("given", FORMATS, ids=lambda given: given.file)


@cache
def read(file: str) -> ReadWave:
    card = next(given.card for given in FORMATS if given.file == file)
    return answers_of(STUDY / file, CODEBOOK, **card)


def found_in(given: Format) -> Found:
    """By the number of the response in the truth. What a covered text says is nobody's business here."""
    numbers = [response.number for response in given.responses()]
    return {
        (numbers[each.response - 1], each.question, each.option): (
            each.state,
            each.value if each.state in {State.ANSWERED, State.SELECTED} else None,
        )
        for each in read(given.file).answers
    }


@every_format
def test_an_export_gives_what_its_format_can_hold(given: Format) -> None:
    numbers = [response.number for response in given.responses()]
    expected = {
        (numbers[number - 1], question, option): (state, value)
        for number, question, option, state, value in given.readable()
    }
    found = found_in(given)
    wrong = [
        (key, found.get(key), expected.get(key)) for key in {*found, *expected} if found.get(key) != expected.get(key)
    ]
    assert not wrong, "\n".join(["response, question, option; found; expected", *map(str, sorted(wrong, key=str)[:20])])


def test_all_exports_give_the_same_answers() -> None:
    """Without the generator's word on what a format can hold: an answer in one is the same answer in all."""
    reference = found_in(FORMATS[0])
    whole = {response.number for response in FORMATS[0].responses()}
    for given in FORMATS[1:]:
        found = {key: answer for key, answer in found_in(given).items() if key[0] in whole}
        assert found.keys() == reference.keys(), given.file
        for key, answer in found.items():
            is_none = {answer[0], reference[key][0]} <= WITHOUT_ANSWER
            assert is_none or answer == reference[key], (given.file, key)


@pytest.mark.parametrize(
    ("file", "codebook"),
    [
        ("limesurvey_codes.csv", "limesurvey.lss"),
        ("limesurvey_full_text.csv", "limesurvey.lss"),
        ("limesurvey.lsa", ""),
        ("redcap_raw.csv", "redcap_data_dictionary.csv"),
        ("redcap_labels.csv", "redcap_data_dictionary.csv"),
        ("eusurvey.xml", ""),
    ],
)
def test_the_codebook_of_a_tool_gives_the_same_answers(file: str, codebook: str) -> None:
    """But for what it does not know: that an option stands for "don't know", and that four fields are one ranking."""
    given = next(each for each in FORMATS if each.file == file)
    own = answers_of(STUDY / file, STUDY / codebook if codebook else None)
    numbers = [response.number for response in given.responses()]
    found = {
        (numbers[each.response - 1], each.question.removeprefix("matter_"), OWN_CODES.get(each.option, each.option)): (
            each.state
        )
        for each in own.answers
        if not each.question.startswith("prio_")
    }
    has_ranking = any(question == "prio" for _, question, _ in found)
    expected = {
        key: "selected" if state in {"dont_know", "not_applicable"} else state
        for key, (state, _) in found_in(given).items()
        if has_ranking or key[1] != "prio"
    }
    assert found.keys() == expected.keys()
    for key, state in found.items():
        assert state == expected[key] or {state, expected[key]} <= WITHOUT_ANSWER, key


@every_format
def test_responses_are_in_their_order_and_those_of_the_author_do_not_count(given: Format) -> None:
    expected = given.responses()
    found = read(given.file).responses
    assert len(found) == len(expected)
    is_counted = [bool(each["is_counted"]) for each in found]
    previews = [response.is_preview for response in expected]
    assert [not counted for counted, preview in zip(is_counted, previews, strict=True) if preview] == [True] * sum(
        previews
    )


@every_format
def test_who_broke_off_is_no_complete_response(given: Format) -> None:
    """Where the tool says who finished; the others count everybody."""
    is_complete = [each["disposition"] == "complete" for each in read(given.file).responses]
    expected = [
        not response.is_preview and (not given.says_finished or response.number not in BROKE_OFF)
        for response in given.responses()
    ]
    assert is_complete == expected


def test_the_truth_has_what_a_survey_has() -> None:
    """Counted by hand from the description at the head of the generator."""
    given = responses()
    sides = Counter(response.code("side") for response in given if not response.is_preview)
    assert sides == {"1": 80, "2": 40}
    assert [response.number for response in given if response.submitted is None] == [7, 31, 58, 77, 93, 110]
    assert [response.number for response in given if response.is_preview] == [PREVIEW]
    assert given[TWICE - 1].token == given[TWICE - 2].token
    assert given[FAST - 1].seconds == 41
    matrix = {given[STRAIGHT - 1].code(row) for row in ("mlang", "mtrust", "mfund", "mstaff", "mlaw")}
    assert matrix == {"4"}
    states = Counter(reply.state for response in given for reply in response.replies.values())
    assert set(states) == {
        State.SELECTED, State.ANSWERED, State.NOT_ANSWERED, State.NOT_SHOWN, State.UNKNOWN_NONE_TICKED,
    }  # fmt: skip
