"""Faults of the exports of Microsoft Forms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from ingest.survey.cells import tables_of
from ingest.survey.export import Export
from ingest.survey.tools import microsoft_forms
from tests.faults.told import told
from tests.fixtures.survey.generator.container import xlsx
from tests.survey.answers import ReadWave, answers_of

pytestmark = pytest.mark.fault
FIXTURES = Path(__file__).parents[1] / "fixtures" / "survey" / "microsoft_forms"


def export_of(name: str) -> Export:
    """What the reader finds in a fixture."""
    return microsoft_forms.read(FIXTURES / name, tables_of(FIXTURES / name))


def wave_of(name: str, folder: Path, fields: Sequence[str] = ("Life sciences", "ICT")) -> ReadWave:
    """The answers of a fixture by a codebook of its questions."""
    survey = [
        ["type", "name", "label::English (en)", "personal"], ["select_multiple f", "fields", "Which fields?"],
        ["rank r", "rank", "Rank these"], ["begin_group", "often", "How often?"], ["select_one o", "web", "Website"],
        ["select_one o", "fairs", "Fairs"], ["end_group", "", ""], ["text", "who", "Name", "no"],
        ["text", "town", "Name", "no"],
    ]  # fmt: skip
    lists = {"f": fields, "r": ("Price", "Speed", "Care"), "o": ("Often", "Never")}
    choices = [["list_name", "name", "label::English (en)"]]
    choices += [[name, str(number), each] for name, labels in lists.items() for number, each in enumerate(labels, 1)]
    path = folder / "codebook.xlsx"
    path.write_bytes(xlsx({"survey": survey, "choices": choices}))
    return answers_of(FIXTURES / name, path)


@pytest.mark.parametrize("name", ["minimal.xlsx", "minimal.csv", "german.xlsx"])
def test_s15_the_last_separator_makes_no_option_and_the_order_is_kept(name: str, tmp_path: Path) -> None:
    wave = wave_of(name, tmp_path)
    assert wave.of(1, "fields") == {"1": "selected", "2": "selected"}
    assert wave.of(2, "fields") == {"1": "not_selected", "2": "selected"}
    ranks = {(each.response, each.option): each.value for each in wave.answers if each.question == "rank"}
    assert [ranks[1, option] for option in "123"] == [2, 1, 3]
    assert [ranks[2, option] for option in "123"] == [3, 2, 1]
    assert [ranks[3, option] for option in "123"] == [None, None, None]
    assert "survey_answers_unreadable" not in {each.code for each in wave.problems}


def test_s15_an_option_that_the_codebook_has_not_is_told(tmp_path: Path) -> None:
    wave = wave_of("minimal.xlsx", tmp_path, ("Life sciences",))
    told(
        wave.problems, "survey_answers_unreadable", Outcome.WARN,
        ["'fields'", "ICT"], ["fields", "ICT"],
    )  # fmt: skip


def test_s15_rows_of_a_likert_question_and_repeated_titles_find_their_questions(tmp_path: Path) -> None:
    wave = wave_of("minimal.xlsx", tmp_path)
    assert wave.values("web") == ["1", None, None]
    assert wave.values("fairs") == ["2", "1", None]
    assert wave.values("who") == ["Mihon", "Sample", None]
    assert wave.values("town") == ["Kobe", None, "Hyogo"]


def test_s04_japanese_headers_are_the_same_columns() -> None:
    roles = [each.role for each in export_of("nasty.xlsx").columns]
    assert roles[:8] == [
        *("response_id", "started_at", "submitted_at", "email", "name", "language", "recorded_at", "answer"),
    ]
    assert [each.role for each in export_of("german.xlsx").columns[:3]] == roles[:3]


def test_s03_anonymous_is_no_address() -> None:
    export = export_of("minimal.xlsx")
    assert [each.role for each in export.columns[:5]] == [
        *("response_id", "started_at", "submitted_at", "other_meta", "name"),
    ]
    told(
        export.problems, "microsoft_forms_anonymous", Outcome.FIX,
        ["cell D", "'anonymous' in every cell"], ["セルD", "すべてのセルが「anonymous」"],
    )  # fmt: skip


def test_i22_a_table_without_the_columns_of_the_tool_is_refused() -> None:
    with pytest.raises(SourceError) as caught:
        export_of("wrong.csv")
    told(
        caught.value.problems, "survey_forms_not_this_tool", Outcome.QUAR,
        ["no export of Microsoft Forms", "Start time"], ["Microsoft Forms", "Start time"],
    )  # fmt: skip


def test_j08_times_that_may_begin_with_the_day_are_told() -> None:
    told(
        export_of("day_or_month.csv").problems, "microsoft_forms_day_or_month", Outcome.WARN,
        ["'3/2/20 10:00:05'", "the month is read first"], ["「3/2/20 10:00:05」", "月を先に読みます"],
    )  # fmt: skip
    assert "microsoft_forms_day_or_month" not in {each.code for each in export_of("minimal.csv").problems}
