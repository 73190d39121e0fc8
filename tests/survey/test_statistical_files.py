"""What the readers of SPSS and Stata files make of values, labels, sets and missing codes."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from ingest.survey.state import State
from ingest.survey.tools import spss, stata
from ingest.survey.tools.multiple_response import guessed_sets
from ingest.survey.tools.statistical_file import Variable, state_of_label
from tests.faults.told import told
from tests.survey.answers import answers_of

FIXTURES = Path(__file__).parents[1] / "fixtures" / "survey" / "statistics"


def test_labels_with_separators_quotes_and_japanese_are_options_whole() -> None:
    own = spss.read(FIXTURES / "minimal.sav", ()).own
    assert own is not None
    fields = own.by_code["q2"]
    assert fields.labels == {"en": "Which fields?"}
    assert [each.labels["en"] for each in fields.options] == [
        "Life sciences; health", "ICT, software", 'Said "paper": 和紙',
    ]  # fmt: skip
    assert own.title == {"en": "Sample of partners"}
    assert [(each.code, each.kind) for each in own.questions if each.code in {"age", "day", "words"}] == [
        ("age", "decimal"), ("day", "date"), ("words", "text"),
    ]  # fmt: skip


def test_the_number_of_a_response_is_its_id_and_days_are_days() -> None:
    export = spss.read(FIXTURES / "minimal.sav", ())
    assert {each.header: each.role for each in export.columns}["id"] == "response_id"
    wave = answers_of(FIXTURES / "minimal.sav")
    assert wave.values("day") == [datetime.date(2020, 3, 2)] * 6
    assert wave.values("words")[1:3] == ["改行\nあり", 'a "b"; c']


def test_sets_of_another_counted_code_and_of_categories() -> None:
    wave = answers_of(FIXTURES / "nasty.sav")
    # The code 2 is counted: the first response ticked the price, the second neither, the third the delivery.
    assert wave.of(1, "sat") == {"a1": "selected", "a2": "not_selected"}
    assert wave.of(2, "sat") == {"a1": "unknown_none_ticked", "a2": "unknown_none_ticked"}
    assert wave.of(3, "sat") == {"a1": "not_selected", "a2": "selected"}
    assert wave.of(1, "top") == {"1": "selected", "2": "not_selected", "3": "selected"}
    assert set(wave.of(3, "top").values()) == {"unknown_none_ticked"}
    told(
        wave.problems, "response_set_unknown_names", Outcome.WARN, ["no_such, q9_9"], ["no_such, q9_9", "個別の設問"]
    )  # fmt: skip


def test_labels_at_the_ends_of_a_scale_or_on_one_value_of_a_count() -> None:
    own = spss.read(FIXTURES / "nasty.sav", ()).own
    assert own is not None
    scale, count = own.by_code["scale"], own.by_code["count"]
    assert [each.code for each in scale.options] == ["1", "2", "3", "4", "5"]
    assert scale.options[0].labels == {"ja": "全く"}
    assert count.kind == "decimal"
    assert own.by_code["code"].missing == {"-": "not_answered"}
    # Ratings from 1 to 3 side by side are no ticks.
    assert {"q7_1", "q7_2"} <= set(own.by_code)


def test_extended_missing_values_of_stata_are_states_of_their_own() -> None:
    wave = answers_of(FIXTURES / "minimal.dta")
    assert [next(iter(wave.of(number, "place").items())) for number in range(1, 6)] == [
        ("1", "selected"), ("2", "selected"), (".d", "dont_know"), (".r", "refused"), (None, "not_answered"),
    ]  # fmt: skip
    assert [wave.of(number, "size")[None] for number in range(1, 6)] == [
        "answered", "not_applicable", "answered", "not_answered", "answered",
    ]  # fmt: skip
    assert wave.values("size")[2] == 250
    assert wave.values("born")[0] == datetime.date(1999, 12, 31)
    told(wave.problems, "missing_code_unnamed", Outcome.WARN, ["place: .z", "size: .k"], [".z"])


def test_an_old_file_of_stata_in_japanese() -> None:
    export = stata.read(FIXTURES / "old.dta", ())
    assert [each.text for each in export.columns] == ["", "ことば"]
    told(export.problems, "dta_encoding_read", Outcome.FIX, ["CP932"], ["CP932として読み取りました"])


@pytest.mark.parametrize(
    ("name", "code", "part"),
    [
        ("wrong.sav", "statistical_file_other", "SPSS"),
        ("wrong.dta", "statistical_file_other", "Stata"),
        ("cut.sav", "statistical_file_unreadable", "cut.sav"),
    ],
)
def test_a_file_of_another_program_or_a_cut_one_is_refused(name: str, code: str, part: str) -> None:
    reader = stata if name.endswith("dta") else spss
    with pytest.raises(SourceError) as refused:
        for _ in reader.read(FIXTURES / name, ()).batches(frozenset()):
            pass
    told(refused.value.problems, code, Outcome.QUAR, [part], [part])


def test_parts_of_a_file_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.survey.tools.statistical_file.MOST_ROWS", 4)
    batches = list(spss.read(FIXTURES / "minimal.sav", ()).batches(frozenset({1})))
    assert [each.num_rows for each in batches] == [4, 2]
    assert [row for each in batches for row in each["row_number"].to_pylist()] == [1, 2, 3, 4, 5, 6]
    assert [text for each in batches for text in each["c2"].to_pylist()] == ["1", "2", "97", "98", "99", ""]


@pytest.mark.parametrize(
    ("label", "state"),
    [
        ("Don’t know / no opinion", State.DONT_KNOW),
        ("REFUSED", State.REFUSED), ("INAP. (no 1 in v12)", "not_applicable"),
        ("keine Angabe", State.NOT_ANSWERED), ("無回答", State.NOT_ANSWERED), ("わからない", State.DONT_KNOW),
        ("非該当", State.NOT_APPLICABLE), ("Filter", State.NOT_SHOWN), ("Dkk", None), ("", None),
    ],
)  # fmt: skip
def test_states_by_the_words_of_a_label(label: str, state: State | None) -> None:
    assert state_of_label(label) == state


def test_neighbours_with_other_labels_are_no_set() -> None:
    variables = [
        Variable("sex_1", "Sex"),
        Variable("sex_2", "Is a member"),
        Variable("a_1", "[x] Q"),
        Variable("a_2", "[y] Q"),
    ]
    first = {each.name: ["0", "1", ""] for each in variables}
    (found,) = guessed_sets(variables, first)
    assert (found.code, found.label, found.labels) == ("a", "Q", ("x", "y"))
