"""Cells that could be read as a wrong answer without a word: each is read right, or said to be unreadable.

Belongs here: one small table for each way to a wrong number. Does not belong here: rows (``test_engine_rows``), any
tool.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from ingest.problem import Outcome
from ingest.survey import decoding
from ingest.survey.binding import CardWords, bind
from ingest.survey.choices import Choices
from ingest.survey.codebook import CHOICE, DATE, INTEGER, MULTIPLE, RANK, TEXT, Codebook, Option, Question
from ingest.survey.decoding import EMPTY, NONE_TICKED, NOT_SHOWN, UNREADABLE
from ingest.survey.export import Convention, SourceColumn
from ingest.survey.ranking import ranks_of
from ingest.survey.routing import Unreadable, read_routing
from ingest.survey.schema import BESIDE_ANSWERS
from ingest.survey.wide_table import WideTable
from ingest.survey.xlsform_writing import write_xlsform
from tests.faults.told import told
from tests.survey.answers import ReadWave, answers_of

YES_NO = (Option("1", {"en": "Yes"}), Option("2", {"en": "No"}))


def read(tmp_path: Path, text: str, *questions: Question, **card: object) -> ReadWave:
    """A plain table with these questions."""
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    write_xlsform(Codebook(questions, "xlsform"), tmp_path / "form.xlsx")
    return answers_of(path, tmp_path / "form.xlsx", tool="plain table", **card)


def states(wave: ReadWave, question: str) -> list[str]:
    return [each.state for each in wave.answers if each.question == question]


def options(*codes: str) -> tuple[Option, ...]:
    return tuple(Option(code, {"en": f"Label {code}"}) for code in codes)


def test_a_list_of_1_and_2_is_not_option_12() -> None:
    """KoboToolbox and ODK join codes with blanks, which no comparison may drop then."""
    choices = Choices(Question("q", MULTIPLE, {}, options(*map(str, range(1, 13)))))
    assert choices.listed("1 2", (" ",)).options == (1, 2)
    assert choices.listed("12 1", (" ",)).options == (12, 1)
    assert choices.listed("label  1 LABEL 2", (" ",)).options == (1, 2)


def test_codes_that_only_case_tells_apart_are_known_by_their_exact_text() -> None:
    """A blank in front must not turn one into the other."""
    choices = Choices(Question("q", CHOICE, {}, (Option("a", {"en": "Small"}), Option("A", {"en": "Large"}))))
    assert [choices.number(text) for text in ("a", "A", " A", "small")] == [1, 2, 0, 1]


def test_labels_that_are_codes_of_others_are_told(tmp_path: Path) -> None:
    """A scale turned round: an export of labels would be read upside down."""
    scale = (Option("1", {"en": "5"}), Option("5", {"en": "1"}))
    wave = read(tmp_path, "q1\n1\n5\n", Question("q1", CHOICE, {"en": "How?"}, scale))
    told(wave.problems, "survey_codes_are_labels", Outcome.WARN, ["'q1'", "1, 5"], ["「q1」"])


def test_questions_that_only_case_tells_apart_keep_their_columns() -> None:
    """What differs from both by case is neither."""
    questions = (Question("q1", CHOICE, {"en": "A?"}, YES_NO), Question("Q1", CHOICE, {"en": "B?"}, YES_NO))
    columns = [SourceColumn(place, name, name=name) for place, name in enumerate(("Q1", "q1", "q1 "))]
    binding = bind(columns, Codebook(questions, "xlsform"), CardWords())
    found = {each.question.code: [column.header for column in each.columns] for each in binding.bound}
    assert found == {"q1": ["q1"], "Q1": ["Q1"]}
    assert [column.header for column in binding.unmatched] == ["q1 "]


def test_two_columns_of_one_question_that_disagree_are_unreadable(tmp_path: Path) -> None:
    """Versions of a question have one answer; where both have one nobody knows which is meant."""
    text = "q1,Q1,t,T\n1,2,x,y\n1,,x,\n,2,,y\n2,2,x,x\n"
    wave = read(tmp_path, text, Question("q1", CHOICE, {"en": "A?"}, YES_NO), Question("t", TEXT, {"en": "B?"}))
    assert states(wave, "q1") == ["unreadable", "selected", "selected", "selected"]
    assert states(wave, "t") == ["unreadable", "answered", "answered", "answered"]
    assert wave.values("t")[1:] == ["x", "y", "x"]
    told(wave.problems, "survey_answers_unreadable", Outcome.WARN, ["1 / 2"], ["1 / 2"])


def test_row_1_of_q1_is_not_question_q11() -> None:
    """Which has a column of its own."""
    columns = [SourceColumn(0, "q1[1]", name="q1", sub_name="1"), SourceColumn(1, "q11", name="q11")]
    binding = bind(columns, Codebook((Question("q11", TEXT, {"en": "B?"}),), "xlsform"), CardWords())
    (bound,) = binding.bound
    assert [column.header for column in bound.values] == ["q11"]
    assert [column.header for column in binding.unmatched] == ["q1[1]"]


def test_two_ticks_of_one_choice_are_unreadable(tmp_path: Path) -> None:
    """The first of them is as wrong as the second."""
    wave = read(tmp_path, "q1/1,q1/2\n1,1\n0,1\n?,0\n0,0\n", Question("q1", CHOICE, {"en": "A?"}, YES_NO),
                columns={"q1/1": "q1/1", "q1/2": "q1/2"})  # fmt: skip
    assert states(wave, "q1") == ["unreadable", "selected", "unreadable", "not_answered"]


def settled(*cells: int) -> list[int]:
    columns = [np.array([cell], dtype=np.int16) for cell in cells]
    decoding.settle_ticks(columns, is_unticked_written=False, has_exclusive=False)
    return [int(column[0]) for column in columns]


def test_an_option_that_was_not_shown_is_not_unselected_beside_a_tick() -> None:
    """Filters show some options only; nobody left the others out."""
    assert settled(1, NOT_SHOWN, EMPTY) == [1, NOT_SHOWN, 0]
    assert settled(UNREADABLE, NOT_SHOWN, 0) == [UNREADABLE, NOT_SHOWN, 0]
    assert settled(NOT_SHOWN, NOT_SHOWN, NOT_SHOWN) == [NOT_SHOWN] * 3
    assert settled(NOT_SHOWN, EMPTY, 0) == [NONE_TICKED] * 3


def placed(columns: list[SourceColumn], *cells: str) -> list[int]:
    """Ranks of options a, b, c by columns of places with one row."""
    question = Question("p", RANK, {}, options("a", "b", "c"))
    (bound,) = bind(columns, Codebook((question,), "xlsform"), CardWords()).bound
    given = {column.place: pa.array([cell]) for column, cell in zip(columns, cells, strict=True)}
    words = decoding.Words(Convention())
    found = ranks_of(bound, lambda column: given[column.place], words, decoding.Unread(), Convention())
    return [int(each[0]) for each in found]


def place(number: int, printed: int) -> SourceColumn:
    return SourceColumn(number, f"p_{printed}", part="position", name="p", sub_name=str(printed))


def test_places_of_a_ranking_count_as_they_are_printed() -> None:
    """In whatever order their columns stand."""
    assert placed([place(0, 3), place(1, 1), place(2, 2)], "a", "b", "c") == [3, 1, 2]


def test_a_place_that_cannot_be_read_leaves_the_other_options_unknown() -> None:
    """The option that stands there was ranked; it is not known which it is."""
    assert placed([place(0, 1), place(1, 2), place(2, 3)], "a", "?", "") == [1, UNREADABLE, UNREADABLE]
    assert placed([place(0, 1), place(1, 2), place(2, 3)], "?", "b", "") == [UNREADABLE, 2, UNREADABLE]
    assert placed([place(0, 1), place(1, 2), place(2, 3)], "", "", "") == [EMPTY] * 3


def test_days_that_do_not_exist_and_forms_not_named_are_no_days(tmp_path: Path) -> None:
    """The C library would make a 2 March of the 31st of February, and a year 20 of 20-01-05."""
    days = ["2020-02-31", "2020-02-29", "20-01-05", "2020年2月30日", "R2.3.2"]
    wave = read(tmp_path, "d\n" + "\n".join(days) + "\n", Question("d", DATE, {"en": "When?"}))
    assert states(wave, "d") == ["unreadable", "answered", *["unreadable"] * 3]


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [("1.5", 1.5, 1.5), ("1,5", None, 1.5), ("1.000", 1.0, None), ("1,000", None, 1.0), ("1.000,5", None, None),
     ("1e999", None, None), ("１２", None, None), ("nan", None, None), ("+5", 5.0, 5.0), ("-.5", -0.5, -0.5)],
)  # fmt: skip
def test_numbers_are_read_where_there_is_one_way_to(text: str, point: float | None, comma: float | None) -> None:
    found = [decoding.numbers_of(pa.array([text]), decimal).to_pylist()[0] for decimal in (".", ",")]
    assert found == [point, comma]


def test_a_weight_with_thousands_is_no_weight_of_one(tmp_path: Path) -> None:
    """1,234 is a thousand and more; as 1.234 it would weigh nothing."""
    wave = read(tmp_path, 'q1,w\n1,"1,234"\n2,0.5\n', Question("q1", CHOICE, {"en": "A?"}, YES_NO),
                design={"weights": "w"})  # fmt: skip
    assert [each["is_counted"] for each in wave.responses] == [True, True]
    assert wave.facts.weights["n_missing"] == 1


AGE = Question("age", INTEGER, {"en": "Age?"}, missing={"99": "refused"})
Q1 = Question("q1", CHOICE, {"en": "A?"}, YES_NO)
MANY = Question("m", MULTIPLE, {"en": "Which?"}, options("a", "b"))
NOTE = Question("note", TEXT, {"en": "Which number?"})


@pytest.mark.parametrize(
    ("rule", "asked", "cells", "expected"),
    [
        # An answer that cannot be known decides nothing.
        ("${q1} = '1'", Q1, ("1", "2", "?"), ("not_answered", "not_shown", "not_answered")),
        ("${age} > 18", AGE, ("20", "3", "99"), ("not_answered", "not_shown", "not_answered")),
        ("${note} != ''", NOTE, ("me@example.org", "x", ""), ("not_answered", "not_answered", "not_shown")),
        # Lists compare as the text of their codes.
        ("${m} != ''", MANY, ("a", "a; b", ""), ("not_answered", "not_answered", "not_shown")),
        ("${m} = 'a'", MANY, ("a", "a; b", "b"), ("not_answered", "not_shown", "not_shown")),
        # Numbers in texts compare as numbers, and a text is no number.
        ("${note} > 5", NOTE, ("10", "5", "ten"), ("not_answered", "not_shown", "not_shown")),
        ("${age} = 'ten'", AGE, ("10", "5", ""), ("not_shown", "not_shown", "not_shown")),
        ("not(selected(${m}, 'a'))", MANY, ("a", "b", ""), ("not_shown", "not_answered", "not_answered")),
    ],
)
def test_routing_hides_what_the_form_hid_and_nothing_else(
    tmp_path: Path, rule: str, asked: Question, cells: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    text = f"id,{asked.code},t\n" + "".join(f"{number},{cell},\n" for number, cell in enumerate(cells))
    target = Question("t", TEXT, {"en": "And?"}, relevant=rule)
    wave = read(tmp_path, text, asked, target, columns={"id": None})
    assert tuple(states(wave, "t")) == expected


def test_routing_by_an_option_that_is_in_no_code_list_is_told(tmp_path: Path) -> None:
    """Nobody can fulfil it, so it would hide the question from everybody."""
    wave = read(tmp_path, "q1,t\n1,\n", Q1, Question("t", TEXT, {"en": "And?"}, relevant="selected(${q1}, '3')"))
    told(wave.problems, "survey_routing_unread", Outcome.WARN, ["'t'", "at '3'"], ["「t」"])
    assert states(wave, "t") == ["not_answered"]


@pytest.mark.parametrize("rule", ["(" * 3000 + "${q} = 1" + ")" * 3000, " or ".join(["${q} = 1"] * 5000)])
def test_routing_without_end_is_unread(rule: str) -> None:
    with pytest.raises(Unreadable):
        read_routing(rule)


@pytest.mark.parametrize("code", ["language", "response_no", "IS_COUNTED", "design__weights", "select", "都道府県"])
def test_no_question_takes_the_name_of_what_is_known_of_a_response(code: str) -> None:
    """In the view of a wave both stand side by side: an answer would be read as the language of the response."""
    question = Question(code, TEXT, {"en": "A?"})
    columns = (SourceColumn(0, code, name=code),)
    table = WideTable(bind(columns, Codebook((question,), "xlsform"), CardWords()), Convention())
    (name,) = [column.name for column in table.columns]
    assert name not in BESIDE_ANSWERS
    assert not name.startswith("design__")


def test_wide_columns_have_names_of_their_own(tmp_path: Path) -> None:
    """Whatever the codes are: long, Japanese, or ending as our own columns do."""
    codes = ["a", "a__state", "a__raw", "b", "B", "設問" * 60, "設問" * 61]
    questions = tuple(Question(code, INTEGER, {"en": f"Label {n}"}) for n, code in enumerate(codes))
    columns = [SourceColumn(place, code, name=code) for place, code in enumerate(codes)]
    table = WideTable(bind(columns, Codebook(questions, "xlsform"), CardWords()), Convention())
    names = [field.name.casefold() for field in table.schema_fields()]
    assert len(names) == len(set(names)) == 3 * len(codes)
