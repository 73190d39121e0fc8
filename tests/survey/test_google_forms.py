"""What the reader of Google Forms makes of the file of a form and of its linked sheet."""

from __future__ import annotations

import re

import pytest

from ingest.problem import Outcome
from ingest.survey.tools import google_forms
from tests.faults.test_survey_forms_faults import export_of, read
from tests.faults.told import told


def test_the_rows_of_a_grid_are_found_and_brackets_of_a_title_are_none() -> None:
    columns = export_of(google_forms, "google_forms/minimal.csv").columns
    assert [(each.text, each.sub_text) for each in columns[3:]] == [
        ("How visible?", "Website"), ("How visible?", "Fairs"), ("Remarks [optional]", ""),
    ]  # fmt: skip


def test_the_file_and_the_sheet_join_options_and_write_times_in_their_own_ways() -> None:
    form = export_of(google_forms, "google_forms/minimal.csv")
    sheet = export_of(google_forms, "google_forms/minimal_sheet.csv")
    assert (form.form, form.convention.separators) == ("file of the form", (";",))
    assert (sheet.form, sheet.convention.separators) == ("linked sheet", (", ",))
    assert form.options["zone"] == "GMT+9"
    assert "%m/%d/%Y %H:%M:%S" in sheet.convention.clock
    assert "%d/%m/%Y %H:%M:%S" not in sheet.convention.clock
    assert not (*form.problems, *sheet.problems)


def test_halves_of_the_day_in_japanese_become_those_that_are_read() -> None:
    export = export_of(google_forms, "google_forms/nasty.csv")
    times = [text for batch in export.batches(frozenset()) for text in batch.column("c1").to_pylist()]
    plain = [re.sub(export.convention.clock_noise, "", text) for text in times]
    assert plain == ["2020/03/02 9:00:00 AM", "2020/03/03 9:56:30 PM", "2020/03/04 12:10:00 PM"]


def test_only_columns_in_front_are_the_forms_own() -> None:
    roles = {each.letters: each.role for each in export_of(google_forms, "google_forms/nasty.csv").columns}
    assert (roles["A"], roles["B"]) == ("submitted_at", "email")
    assert (roles["G"], roles["H"]) == ("answer", "other_meta")


def test_an_edited_question_is_said_to_have_two_columns() -> None:
    told(
        export_of(google_forms, "google_forms/nasty.csv").problems, "survey_forms_edited_question", Outcome.WARN,
        ["規模", "columns D, I"], ["規模", "一つの設問に複数の列"],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["minimal.csv", "minimal_sheet.csv"])
def test_the_words_of_other_keep_their_own_commas(name: str) -> None:
    wave = read(f"google_forms/{name}")
    assert wave.of(1, "fields") == {"life": "selected", "ict": "selected", "other": "selected"}
    assert wave.of(2, "fields") == {"life": "not_selected", "ict": "selected", "other": "not_selected"}
    assert wave.values("fields_other") == ["手漉き和紙, 織物", None, None]
    assert wave.values("visible_1") == ["4", "5", None]


def test_a_question_that_was_edited_is_read_from_both_of_its_columns() -> None:
    wave = read("google_forms/edited.csv")
    assert wave.values("cluster") == ["1", "2", "3"]
